/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench [WORKLOAD...] : what the machine costs. Without arguments everything;
 * W1..W4 run on a 1 GiB zone. Times are medians of several runs.
 * bench --once WORKLOAD runs one workload once, for an instruction counter,
 * and prints how many operations it was.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/tui.h"

#define RUNS 7

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* splitmix64: the same sequence everywhere */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A machine of one zone; watermarks of a page, so that a workload can use all of it. */
static struct layout *zone_layout(const char *size, bool pcp)
{
	char text[512];
	int len =
		snprintf(text, sizeof(text),
			 "name: bench\nzones:\n  - { type: Normal }\nnodes:\n  - id: 0\n    memory: [ %s ]\n"
			 "sysctl: { min_free_kbytes: 4 }\nfeatures: { pcp: %s, group_by_mobility: true }\n",
			 size, pcp ? "true" : "false");
	struct layout *layout = layout_parse("bench", text, (size_t)len, stderr);

	if (!layout)
		exit(EXIT_FAILURE);
	return layout;
}

#define GIB_1  "0x100000000-0x13fffffff"
#define GIB_64 "0x100000000-0x10ffffffff"
#define TIB_1  "0x100000000-0x100ffffffff"

/* ----------------------------------------------------------- workloads --- */

/* One run of a workload; returns its operations. */
typedef unsigned long workload_fn(struct mm *mm, unsigned long *pfns, uint64_t seed);

static const struct alloc_request page_request = { .gfp = GFP_KERNEL | __GFP_MEMALLOC };

static unsigned long fill(struct mm *mm, unsigned long *pfns)
{
	unsigned long n = 0;

	while (n < mm->managed_pages && (pfns[n] = alloc_pages(mm, &page_request)) != PFN_NONE)
		n++;
	return n;
}

static unsigned long run_w1(struct mm *mm, unsigned long *pfns, uint64_t seed)
{
	unsigned long n = fill(mm, pfns);

	(void)seed;
	for (unsigned long i = 0; i < n; i++)
		free_pages(mm, 0, pfns[i], 0, false, NULL);
	return 2 * n;
}

static unsigned long run_w2(struct mm *mm, unsigned long *pfns, uint64_t seed)
{
	unsigned long n = fill(mm, pfns);

	for (unsigned long i = n; i > 1; i--) {
		unsigned long j = next_random(&seed) % i, swap = pfns[j];

		pfns[j] = pfns[i - 1];
		pfns[i - 1] = swap;
	}
	for (unsigned long i = 0; i < n; i++)
		free_pages(mm, 0, pfns[i], 0, false, NULL);
	return 2 * n;
}

#define W3_OPERATIONS 5000000UL

/* Orders 0..9, each half as likely as the one below; the zone kept about 70 % full. */
static unsigned long run_w3(struct mm *mm, unsigned long *pfns, uint64_t seed)
{
	unsigned long n = 0, used = 0, full = mm->managed_pages / 10 * 7;
	unsigned long ops = getenv("BENCH_W3") ? strtoul(getenv("BENCH_W3"), NULL, 0) : W3_OPERATIONS;

	for (unsigned long op = 0; op < ops; op++) {
		uint64_t r = next_random(&seed);

		if (!n || (used < full && (r & 1)) || (used < full / 8 * 7)) {
			struct alloc_request req = page_request;

			req.order = (unsigned int)__builtin_ctzll((r >> 8) | 1 << 9);
			pfns[n] = alloc_pages(mm, &req);
			if (pfns[n] == PFN_NONE)
				continue;
			pfns[n] |= (unsigned long)req.order << 48;
			used += 1UL << req.order;
			n++;
		} else {
			unsigned long i = (r >> 8) % n, order = pfns[i] >> 48;

			free_pages(mm, 0, pfns[i] & ((1UL << 48) - 1), (unsigned int)order, false, NULL);
			used -= 1UL << order;
			pfns[i] = pfns[--n];
		}
	}
	for (unsigned long i = 0; i < n; i++)
		free_pages(mm, 0, pfns[i] & ((1UL << 48) - 1), (unsigned int)(pfns[i] >> 48), false, NULL);
	return ops + n;
}

#define W4_PAIRS 1000000UL

static unsigned long run_w4(struct mm *mm, unsigned long *pfns, uint64_t seed)
{
	unsigned long pairs = getenv("BENCH_W4") ? strtoul(getenv("BENCH_W4"), NULL, 0) : W4_PAIRS;

	(void)pfns;
	(void)seed;
	for (unsigned long i = 0; i < pairs; i++)
		free_pages(mm, 0, alloc_pages(mm, &page_request), 0, false, NULL);
	return 2 * pairs;
}

static const struct workload {
	const char *name, *what;
	workload_fn *run;
} workloads[] = {
	{ "W1", "order 0: a whole 1 GiB zone, freed in the same order", run_w1 },
	{ "W2", "the same, freed in random order", run_w2 },
	{ "W3", "5 million mixed operations, orders 0..9, 70 % full", run_w3 },
	{ "W4", "order-0 alloc and free in turn, the zone fully merged in between", run_w4 },
};

#define NR_WORKLOADS (sizeof(workloads) / sizeof(workloads[0]))

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare_doubles);
	return values[n / 2];
}

static void count_event(void *arg, const struct mm *mm, const struct trace_event *event)
{
	(void)mm;
	(void)event;
	++*(unsigned long *)arg;
}

struct variant {
	const char *name;
	bool pcp, listener;
};

/* Median ns per operation of a workload on a machine of this variant. */
static double measure(const struct workload *w, const struct variant *v)
{
	struct layout *layout = zone_layout(GIB_1, v->pcp);
	struct mm *mm = mm_new(layout);
	unsigned long *pfns, events = 0;
	struct trace_listener listener = { .fn = count_event, .arg = &events, .mask = TRACE_ALL };
	double ns[RUNS];

	mm_boot(mm);
	pfns = malloc(mm->managed_pages * sizeof(*pfns));
	if (v->listener)
		trace_attach(mm, &listener);
	w->run(mm, pfns, 1); /* warm: every page touched once */
	for (int i = 0; i < RUNS; i++) {
		double start = now_ns();
		unsigned long ops = w->run(mm, pfns, (uint64_t)i + 2);

		ns[i] = (now_ns() - start) / (double)ops;
	}
	if (mm_check(mm, stderr))
		exit(EXIT_FAILURE);
	free(pfns);
	mm_free(mm);
	layout_free(layout);
	return median(ns, RUNS);
}

static void bench_workload(const struct workload *w)
{
	static const struct variant variants[] = {
		{ "buddy", false, false },
		{ "page sets", true, false },
		{ "buddy, one listener", false, true },
	};

	printf("%s  %s\n", w->name, w->what);
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		printf("    %-22s %7.1f ns\n", variants[i].name, measure(w, &variants[i]));
	fflush(stdout);
}

/* ---------------------------------------------------------------- boot --- */

static long resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* Boot time and peak resident memory, in a process of its own. */
static void bench_boot(const char *name, const char *range)
{
	fflush(stdout);
	if (fork() == 0) {
		struct layout *layout = zone_layout(range, true);
		long before = resident_kib();
		double start = now_ns();
		struct mm *mm = mm_new(layout);

		mm_boot(mm);
		printf("boot  %-7s %9.2f ms %8.1f MiB resident\n", name, (now_ns() - start) / 1e6,
		       (double)(resident_kib() - before) / 1024);
		mm_free(mm);
		layout_free(layout);
		exit(EXIT_SUCCESS);
	}
	wait(NULL);
}

static void bench_frame(const char *name, const char *range)
{
	long ns = tui_bench(zone_layout(range, true), 60, 200, 200, "alloc 0 movable; free all");

	if (ns < 0)
		printf("frame %-7s no terminal description\n", name);
	else
		printf("frame %-7s %9.2f ms at 200x60\n", name, (double)ns / 1e6);
}

static int run_once(const char *name)
{
	for (size_t i = 0; i < NR_WORKLOADS; i++) {
		struct layout *layout;
		struct mm *mm;
		unsigned long *pfns;

		if (strcmp(workloads[i].name, name))
			continue;
		layout = zone_layout(GIB_1, getenv("BENCH_PCP"));
		mm = mm_new(layout);
		mm_boot(mm);
		pfns = malloc(mm->managed_pages * sizeof(*pfns));
		printf("%lu\n", workloads[i].run(mm, pfns, 1));
		free(pfns);
		mm_free(mm);
		layout_free(layout);
		return EXIT_SUCCESS;
	}
	return EXIT_FAILURE;
}

static bool wanted(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--once"))
		return run_once(argv[2]);
	for (size_t i = 0; i < NR_WORKLOADS; i++)
		if (wanted(argc, argv, workloads[i].name))
			bench_workload(&workloads[i]);
	if (wanted(argc, argv, "boot")) {
		bench_boot("1 GiB", GIB_1);
		bench_boot("64 GiB", GIB_64);
		bench_boot("1 TiB", TIB_1);
		printf("bytes per page: %zu\n", sizeof(struct page));
	}
	if (wanted(argc, argv, "frame")) {
		bench_frame("1 GiB", GIB_1);
		bench_frame("1 TiB", TIB_1);
	}
	return EXIT_SUCCESS;
}
