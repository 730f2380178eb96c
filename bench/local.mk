# SPDX-License-Identifier: GPL-3.0-or-later
# make bench: medians of time; make bench-instructions: counts, with valgrind
EXTRA_PROGRAMS += bench/bench
bench_bench_SOURCES = bench/bench.c
bench_bench_LDADD = $(buddyviz_LDADD)
EXTRA_DIST += bench/instructions.sh
CLEANFILES += bench/bench

.PHONY: bench bench-instructions
bench: bench/bench
	bench/bench

bench-instructions: bench/bench
	$(srcdir)/bench/instructions.sh bench/bench
