# SPDX-License-Identifier: GPL-3.0-or-later
# tests of src/shell and of the program in batch mode
if HAVE_CMOCKA
check_PROGRAMS += tests/shell_test
TESTS += tests/shell_test
tests_shell_test_SOURCES = tests/shell_test.c tests/shell.h
tests_shell_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_shell_test_LDADD = libshell.a liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
endif

SHELL_TESTS = tests/shell_golden_test.sh tests/shell_exit_test.sh tests/shell_waits_test.sh
dist_check_SCRIPTS += $(SHELL_TESTS)
TESTS += $(SHELL_TESTS)
EXTRA_DIST += \
	tests/shell/buddy.bv tests/shell/buddy.out \
	tests/shell/errors.bv tests/shell/errors.out tests/shell/errors.err \
	tests/shell/grammar.bv tests/shell/grammar.out \
	tests/shell/handles.bv tests/shell/handles.out \
	tests/shell/lesson.bv tests/shell/lesson.out \
	tests/shell/looks.bv tests/shell/looks.out \
	tests/shell/move.bv tests/shell/move.out tests/shell/move.err \
	tests/shell/numa.bv tests/shell/numa.out \
	tests/shell/quit.bv tests/shell/quit.out tests/shell/sourced.txt \
	tests/shell/reclaim.bv tests/shell/reclaim.out tests/shell/reclaim.yaml \
	tests/shell/refuse.bv tests/shell/refuse.out \
	tests/shell/stop.bv tests/shell/stop.out tests/shell/stop.err \
	tests/shell/undo.bv tests/shell/undo.out
