# SPDX-License-Identifier: GPL-3.0-or-later
# tests of the allocator's core
CORE_LIBS = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
CORE_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
if HAVE_CMOCKA
CORE_TESTS = \
	tests/free_area_test
check_PROGRAMS += $(CORE_TESTS)
TESTS += $(CORE_TESTS)

tests_free_area_test_SOURCES = tests/free_area_test.c tests/core.h tests/machine.h
tests_free_area_test_CFLAGS = $(CORE_CFLAGS)
tests_free_area_test_LDADD = $(CORE_LIBS)
endif
