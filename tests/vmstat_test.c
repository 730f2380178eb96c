/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone counters and the CPUs' unfolded parts of them: a counter that lags
 * behind decides which requests pass a watermark.
 */
#include "config.h"

#include "core.h"

/* 2 * fls(cpus) * (1 + fls(managed / 128 MiB)), at most 125 (calculate_normal_threshold). */
static void thresholds_follow_cpus_and_memory(void **state)
{
	static const struct {
		uint64_t memory;
		unsigned int cpus, threshold;
	} known[] = {
		{ 64 * MIB, 1, 2 },    /* 2 * 1 * (1 + 0) */
		{ 128 * MIB, 1, 4 },   /* 2 * 1 * (1 + 1) */
		{ 128 * MIB, 2, 8 },   /* 2 * 2 * (1 + 1) */
		{ GIB, 4, 30 },        /* 2 * 3 * (1 + 4) */
		{ 64 * GIB, 8, 88 },   /* 2 * 4 * (1 + 10) */
		{ 64 * GIB, 64, 125 }, /* 2 * 7 * 11 = 154 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct test_layout t;
		struct mm *mm;

		test_one_zone(&t, known[i].memory);
		t.layout.cpus = known[i].cpus;
		mm = test_boot(&t);
		assert_int_equal(normal_zone(mm)->stat_threshold, known[i].threshold);
		mm_free(mm);
	}
}

/* A CPU keeps up to the threshold, 2, to itself; the third page passes it. */
static void a_cpu_folds_past_the_threshold(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	zone = normal_zone(mm);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 64);
	take(mm, MOVABLE, 0);
	take(mm, MOVABLE, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 64);
	assert_int_equal(zone->pcp[0].vm_stat_diff[NR_FREE_PAGES], -2);
	assert_int_equal(zone_page_state_snapshot(zone, mm, NR_FREE_PAGES), 62);
	take(mm, MOVABLE, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 61);
	assert_int_equal(zone->pcp[0].vm_stat_diff[NR_FREE_PAGES], 0);
	give(mm, 0, 0);
	give(mm, 1, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 61);
	give(mm, 2, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 64);
	/* more than the threshold at once leaves nothing behind */
	take(mm, MOVABLE, 0);
	take(mm, MOVABLE, 3);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 55);
	assert_int_equal(zone->pcp[0].vm_stat_diff[NR_FREE_PAGES], 0);
	mm_free(mm);
}

/* Each CPU has a part of its own; all of them together are the truth. */
static void cpus_fold_on_their_own(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.cpus = 3;
	mm = test_boot(&t);
	zone = normal_zone(mm);
	assert_int_equal(zone->stat_threshold, 4);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		for (int i = 0; i < 4; i++)
			take_on(mm, cpu, MOVABLE, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 64);
	assert_int_equal(zone_page_state_snapshot(zone, mm, NR_FREE_PAGES), 52);
	take_on(mm, 1, MOVABLE, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 59);
	assert_int_equal(zone_page_state_snapshot(zone, mm, NR_FREE_PAGES), 51);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/*
 * min 8 (64 pages, of which the counter is 64, 61, 58 … 10): the request that
 * finds 10 is served, and so are the next two, down to 7 pages, as the counter still says 10.
 */
static void a_watermark_reads_the_lagging_counter(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.sysctl.min_free_kbytes = 32;
	mm = test_boot(&t);
	zone = normal_zone(mm);
	assert_int_equal(zone->watermark[WMARK_MIN], 8);
	assert_int_equal(take_all(mm, GFP_KERNEL | __GFP_NORETRY, 0), 64 - 7);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 7);
	/* nine pages are free after two came back, but not yet for the watermark; the third folds */
	give(mm, 0, 0);
	give(mm, 1, 0);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_NORETRY, 0), PFN_NONE);
	give(mm, 2, 0);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 10);
	assert_true(take(mm, GFP_KERNEL | __GFP_NORETRY, 0) != PFN_NONE);
	mm_free(mm);
}

/* Pages of CMA lists count twice, as free and as CMA's. */
static void cma_pages_have_a_counter_of_their_own(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_cma(&t, "area", 0, 40 * 4 * KIB);
	mm = test_boot(&t);
	zone = normal_zone(mm);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 64);
	assert_int_equal(zone->vm_stat[NR_FREE_CMA_PAGES], 40);
	assert_true(take(mm, MOVABLE, 2) < 40);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 60);
	assert_int_equal(zone->vm_stat[NR_FREE_CMA_PAGES], 36);
	assert_true(take(mm, GFP_KERNEL, 2) >= 40);
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 56);
	assert_int_equal(zone->vm_stat[NR_FREE_CMA_PAGES], 36);
	mm_free(mm);
}

/* Where the CPUs' parts together could hide the distance from min to low, there is a mark to look closer
 * below. */
static void the_drift_mark_is_set_where_drift_matters(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 64 * MIB);
	t.layout.sysctl.min_free_kbytes = 400;
	mm = test_boot(&t);
	/* drift 1 * 2, low - min = 25 */
	assert_int_equal(normal_zone(mm)->percpu_drift_mark, 0);
	mm_free(mm);

	t.layout.cpus = 8;
	mm = test_boot(&t);
	/* drift 8 * 8 = 64 (2 * fls(8) * 1), above 25; high is 100 + 2 * 25 */
	assert_int_equal(normal_zone(mm)->percpu_drift_mark, 150 + 64);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thresholds_follow_cpus_and_memory),
		cmocka_unit_test(a_cpu_folds_past_the_threshold),
		cmocka_unit_test(cpus_fold_on_their_own),
		cmocka_unit_test(a_watermark_reads_the_lagging_counter),
		cmocka_unit_test(cma_pages_have_a_counter_of_their_own),
		cmocka_unit_test(the_drift_mark_is_set_where_drift_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
