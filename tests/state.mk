# SPDX-License-Identifier: GPL-3.0-or-later
# tests of save, load and set
if HAVE_CMOCKA
STATE_TESTS = tests/state_errors_test tests/state_test
STATE_TESTS_LIBS = liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += $(STATE_TESTS)
TESTS += $(STATE_TESTS)

tests_state_errors_test_SOURCES = tests/state_errors_test.c tests/layout_test.h tests/state_file.h tests/state_world.h
tests_state_errors_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_state_errors_test_LDADD = $(STATE_TESTS_LIBS)
tests_state_test_SOURCES = tests/state_test.c tests/layout_test.h tests/state_file.h tests/state_world.h
tests_state_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_state_test_LDADD = $(STATE_TESTS_LIBS)
endif

dist_check_SCRIPTS += tests/save_test.sh
TESTS += tests/save_test.sh
