# SPDX-License-Identifier: GPL-3.0-or-later
# tests of LRU lists and reclaim, and of sessions in which pages are reclaimed
if HAVE_CMOCKA
VMSCAN_TESTS = \
	tests/kswapd_test tests/lru_test tests/oom_test tests/shell_lru_test tests/vmscan_random_test \
	tests/vmscan_test
check_PROGRAMS += $(VMSCAN_TESTS)
TESTS += $(VMSCAN_TESTS)

tests_kswapd_test_SOURCES = tests/kswapd_test.c tests/machine.h tests/vmscan_world.h
tests_kswapd_test_CFLAGS = $(CORE_CFLAGS)
tests_kswapd_test_LDADD = $(CORE_LIBS)
tests_lru_test_SOURCES = tests/lru_test.c tests/machine.h tests/vmscan_world.h
tests_lru_test_CFLAGS = $(CORE_CFLAGS)
tests_lru_test_LDADD = $(CORE_LIBS)
tests_oom_test_SOURCES = tests/oom_test.c tests/machine.h tests/vmscan_world.h
tests_oom_test_CFLAGS = $(CORE_CFLAGS)
tests_oom_test_LDADD = $(CORE_LIBS)
tests_vmscan_random_test_SOURCES = tests/vmscan_random_test.c tests/machine.h tests/vmscan_world.h
tests_vmscan_random_test_CFLAGS = $(CORE_CFLAGS)
tests_vmscan_random_test_LDADD = $(CORE_LIBS)
tests_vmscan_test_SOURCES = tests/vmscan_test.c tests/machine.h tests/vmscan_world.h
tests_vmscan_test_CFLAGS = $(CORE_CFLAGS)
tests_vmscan_test_LDADD = $(CORE_LIBS)
tests_shell_lru_test_SOURCES = tests/shell_lru_test.c tests/shell.h
tests_shell_lru_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_shell_lru_test_LDADD = libshell.a liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
endif
