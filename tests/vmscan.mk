# SPDX-License-Identifier: GPL-3.0-or-later
# tests of LRU lists and reclaim, and of sessions in which pages are reclaimed
if HAVE_CMOCKA
VMSCAN_TESTS = tests/vmscan_test tests/shell_lru_test
check_PROGRAMS += $(VMSCAN_TESTS)
TESTS += $(VMSCAN_TESTS)
tests_vmscan_test_SOURCES = tests/vmscan_test.c tests/machine.h
tests_vmscan_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_vmscan_test_LDADD = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
tests_shell_lru_test_SOURCES = tests/shell_lru_test.c
tests_shell_lru_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_shell_lru_test_LDADD = libshell.a liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
endif
