# SPDX-License-Identifier: GPL-3.0-or-later
# tests of src/layout
layout_test_libs = liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS)

check_PROGRAMS += tests/layout_golden_test tests/layout_fuzz_test
tests_layout_golden_test_SOURCES = tests/layout_golden_test.c tests/layout_test.h
tests_layout_golden_test_LDADD = $(layout_test_libs)
tests_layout_fuzz_test_SOURCES = tests/layout_fuzz_test.c tests/layout_test.h
tests_layout_fuzz_test_LDADD = $(layout_test_libs)
TESTS += tests/layout_golden_test tests/layout_fuzz_test

if HAVE_CMOCKA
check_PROGRAMS += tests/layout_test
tests_layout_test_SOURCES = tests/layout_test.c tests/layout_test.h
tests_layout_test_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_layout_test_LDADD = $(layout_test_libs) $(CMOCKA_LIBS)
TESTS += tests/layout_test
endif

# the whole folder: broken layouts and what must be said of them
EXTRA_DIST += tests/layout
