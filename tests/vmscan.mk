# SPDX-License-Identifier: GPL-3.0-or-later
# tests of LRU lists and reclaim
if HAVE_CMOCKA
check_PROGRAMS += tests/vmscan_test
TESTS += tests/vmscan_test
tests_vmscan_test_SOURCES = tests/vmscan_test.c tests/machine.h
tests_vmscan_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_vmscan_test_LDADD = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
endif
