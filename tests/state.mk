# SPDX-License-Identifier: GPL-3.0-or-later
# tests of save, load and set
if HAVE_CMOCKA
check_PROGRAMS += tests/state_test
tests_state_test_SOURCES = tests/state_test.c tests/layout_test.h
tests_state_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_state_test_LDADD = liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
TESTS += tests/state_test
endif

dist_check_SCRIPTS += tests/save_test.sh
TESTS += tests/save_test.sh
