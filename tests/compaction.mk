# SPDX-License-Identifier: GPL-3.0-or-later
# tests of compaction, contiguous allocation and isolation
if HAVE_CMOCKA
check_PROGRAMS += tests/compaction_test
TESTS += tests/compaction_test
tests_compaction_test_SOURCES = tests/compaction_test.c tests/machine.h
tests_compaction_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_compaction_test_LDADD = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
endif
