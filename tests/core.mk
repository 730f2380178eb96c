# SPDX-License-Identifier: GPL-3.0-or-later
# tests of the allocator's core
CORE_LIBS = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)
CORE_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
if HAVE_CMOCKA
CORE_TESTS = \
	tests/boost_test tests/check_test tests/explain_test tests/free_area_test tests/gfp_test \
	tests/highatomic_test tests/migratetype_test tests/mm_test tests/page_alloc_test \
	tests/pcp_free_test tests/pcp_test tests/random_test tests/trace_test tests/vmstat_test
check_PROGRAMS += $(CORE_TESTS)
TESTS += $(CORE_TESTS)

tests_boost_test_SOURCES = tests/boost_test.c tests/core.h tests/machine.h
tests_boost_test_CFLAGS = $(CORE_CFLAGS)
tests_boost_test_LDADD = $(CORE_LIBS)
tests_check_test_SOURCES = tests/check_test.c tests/core.h tests/machine.h
tests_check_test_CFLAGS = $(CORE_CFLAGS)
tests_check_test_LDADD = $(CORE_LIBS)
tests_explain_test_SOURCES = tests/explain_test.c tests/core.h tests/machine.h
tests_explain_test_CFLAGS = $(CORE_CFLAGS)
tests_explain_test_LDADD = $(CORE_LIBS)
tests_free_area_test_SOURCES = tests/free_area_test.c tests/core.h tests/machine.h
tests_free_area_test_CFLAGS = $(CORE_CFLAGS)
tests_free_area_test_LDADD = $(CORE_LIBS)
tests_gfp_test_SOURCES = tests/gfp_test.c tests/core.h tests/machine.h
tests_gfp_test_CFLAGS = $(CORE_CFLAGS)
tests_gfp_test_LDADD = $(CORE_LIBS)
tests_highatomic_test_SOURCES = tests/highatomic_test.c tests/core.h tests/machine.h
tests_highatomic_test_CFLAGS = $(CORE_CFLAGS)
tests_highatomic_test_LDADD = $(CORE_LIBS)
tests_migratetype_test_SOURCES = tests/migratetype_test.c tests/core.h tests/machine.h
tests_migratetype_test_CFLAGS = $(CORE_CFLAGS)
tests_migratetype_test_LDADD = $(CORE_LIBS)
tests_mm_test_SOURCES = tests/mm_test.c tests/core.h tests/machine.h
tests_mm_test_CFLAGS = $(CORE_CFLAGS)
tests_mm_test_LDADD = $(CORE_LIBS)
tests_page_alloc_test_SOURCES = tests/page_alloc_test.c tests/core.h tests/machine.h
tests_page_alloc_test_CFLAGS = $(CORE_CFLAGS)
tests_page_alloc_test_LDADD = $(CORE_LIBS)
tests_pcp_free_test_SOURCES = tests/pcp_free_test.c tests/core.h tests/machine.h tests/pcp.h
tests_pcp_free_test_CFLAGS = $(CORE_CFLAGS)
tests_pcp_free_test_LDADD = $(CORE_LIBS)
tests_pcp_test_SOURCES = tests/pcp_test.c tests/core.h tests/machine.h tests/pcp.h
tests_pcp_test_CFLAGS = $(CORE_CFLAGS)
tests_pcp_test_LDADD = $(CORE_LIBS)
tests_random_test_SOURCES = tests/random_test.c tests/core.h tests/machine.h
tests_random_test_CFLAGS = $(CORE_CFLAGS)
tests_random_test_LDADD = $(CORE_LIBS)
tests_trace_test_SOURCES = tests/trace_test.c tests/core.h tests/machine.h
tests_trace_test_CFLAGS = $(CORE_CFLAGS)
tests_trace_test_LDADD = $(CORE_LIBS)
tests_vmstat_test_SOURCES = tests/vmstat_test.c tests/core.h tests/machine.h
tests_vmstat_test_CFLAGS = $(CORE_CFLAGS)
tests_vmstat_test_LDADD = $(CORE_LIBS)
endif

# what a real kernel answered: see tests/transcript.c
dist_check_SCRIPTS += tests/transcripts_test.sh
TESTS += tests/transcripts_test.sh
EXTRA_DIST += \
	tests/transcripts/a64.board.board_mix1.trace.xz \
	tests/transcripts/a64.cma1.all_nr1.trace.xz \
	tests/transcripts/a64.cma1.basic.trace.xz \
	tests/transcripts/a64.cma1.big_nr1.trace.xz \
	tests/transcripts/a64.cma1.cma_small1.trace.xz \
	tests/transcripts/a64.cma1.compact_full.trace.xz \
	tests/transcripts/a64.cma1.dcomp2.trace.xz \
	tests/transcripts/a64.cma1.exh_pcp2.trace.xz \
	tests/transcripts/a64.cma1.gfpmix3.trace.xz \
	tests/transcripts/a64.cma1.mvmix2.trace.xz \
	tests/transcripts/a64.cma1.pcp_full1.trace.xz \
	tests/transcripts/a64.holes.basic.trace.xz \
	tests/transcripts/a64.holes.mvcomp3.trace.xz \
	tests/transcripts/a64.span.gfpmix1.trace.xz \
	tests/transcripts/all_comp1.trace.xz \
	tests/transcripts/all_nr1.trace.xz \
	tests/transcripts/atomic.trace.xz \
	tests/transcripts/basic.trace.xz \
	tests/transcripts/big_nowait1.trace.xz \
	tests/transcripts/big_nr1.trace.xz \
	tests/transcripts/compact_alt.trace.xz \
	tests/transcripts/compact_holes.trace.xz \
	tests/transcripts/i386.board_mix2.trace.xz \
	tests/transcripts/pcp_full1.trace.xz \
	tests/transcripts/pcp_nr1.trace.xz \
	tests/transcripts/thp1.trace.xz \
	tests/transcripts/x86mov.compact_rand.trace.xz \
	tests/transcripts/x86span.basic.trace.xz \
	tests/transcripts/x86span.exh_pcp6.trace.xz
