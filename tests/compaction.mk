# SPDX-License-Identifier: GPL-3.0-or-later
# tests of compaction, contiguous allocation and isolation
if HAVE_CMOCKA
COMPACTION_TESTS = tests/cma_test tests/compaction_random_test tests/compaction_test tests/isolation_test
check_PROGRAMS += $(COMPACTION_TESTS)
TESTS += $(COMPACTION_TESTS)

tests_cma_test_SOURCES = tests/cma_test.c tests/compaction_world.h tests/machine.h
tests_cma_test_CFLAGS = $(CORE_CFLAGS)
tests_cma_test_LDADD = $(CORE_LIBS)
tests_compaction_random_test_SOURCES = tests/compaction_random_test.c tests/compaction_world.h tests/machine.h
tests_compaction_random_test_CFLAGS = $(CORE_CFLAGS)
tests_compaction_random_test_LDADD = $(CORE_LIBS)
tests_compaction_test_SOURCES = tests/compaction_test.c tests/compaction_world.h tests/machine.h
tests_compaction_test_CFLAGS = $(CORE_CFLAGS)
tests_compaction_test_LDADD = $(CORE_LIBS)
tests_isolation_test_SOURCES = tests/isolation_test.c tests/compaction_world.h tests/machine.h
tests_isolation_test_CFLAGS = $(CORE_CFLAGS)
tests_isolation_test_LDADD = $(CORE_LIBS)
endif
