/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What leaves the per-CPU page sets: how many pages a full set frees, which
 * ones, and whose sets are drained. Expected values follow from
 * free_unref_page_commit() and free_pcppages_bulk() of Linux 6.1.
 */
#include "config.h"

#include "pcp.h"

/* ------------------------------------------------------------- freeing --- */

/* 40 pages in use, 0..39; the sixth refill left two in the set. */
static struct mm *forty_in_use(struct test_layout *t)
{
	struct mm *mm = pcp_machine(t, 1);

	for (unsigned long pfn = 0; pfn < 40; pfn++)
		assert_int_equal(take(mm, MOVABLE, 0), pfn);
	assert_page_set(mm, normal_zone(mm), 0, "0M:40,41");
	return mm;
}

/*
 * At 28 pages the set frees a batch, its oldest pages: those at the tail. The
 * next time, nothing having been allocated, it frees twice as many, then four
 * times as many, but it keeps a batch. An allocation halves the factor.
 */
static void a_full_set_frees_more_each_time(void **state)
{
	struct per_cpu_pages *pcp;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = forty_in_use(&t);
	pcp = &normal_zone(mm)->pcp[0];
	for (unsigned long pfn = 0; pfn < 25; pfn++)
		give(mm, pfn, 0);
	assert_int_equal(pcp->count, 27);
	assert_int_equal(pcp->free_factor, 0);
	give(mm, 25, 0);
	/* 41, 40 and 0..4 are gone */
	assert_page_set(mm, normal_zone(mm), 0,
			"0M:25,24,23,22,21,20,19,18,17,16,15,14,13,12,11,10,9,8,7,6,5");
	assert_int_equal(pcp->free_factor, 1);
	for (unsigned long pfn = 26; pfn <= 32; pfn++)
		give(mm, pfn, 0);
	assert_page_set(mm, normal_zone(mm), 0, "0M:32,31,30,29,28,27,26,25,24,23,22,21,20,19");
	assert_int_equal(pcp->free_factor, 2);
	assert_int_equal(take(mm, MOVABLE, 0), 32);
	assert_int_equal(pcp->free_factor, 1);
	assert_int_equal(take(mm, MOVABLE, 0), 31);
	assert_int_equal(pcp->free_factor, 0);
	mm_free(mm);
}

/* Four batches would be all 28 pages: 21 go, a batch stays, and the factor stays too. */
static void a_batch_stays(void **state)
{
	unsigned long pfns[60];
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	for (int i = 0; i < 56; i++)
		pfns[i] = take(mm, MOVABLE, 0);
	assert_int_equal(normal_zone(mm)->pcp[0].count, 0);
	/* 28: -7 = 21; 28: -14 = 14; 28: -21 = 7 */
	for (int i = 0; i < 28 + 7 + 14; i++)
		give(mm, pfns[i], 0);
	assert_int_equal(normal_zone(mm)->pcp[0].count, 7);
	assert_int_equal(normal_zone(mm)->pcp[0].free_factor, 2);
	assert_page_set(mm, normal_zone(mm), 0, "0M:48,47,46,45,44,43,42");
	mm_free(mm);
}

/* With the factor above 0, a page of order 1..3 is a sign of many: the whole set goes. */
static void a_high_order_empties_a_set_that_only_frees(void **state)
{
	struct test_layout t;
	unsigned long pfn;
	struct mm *mm;

	(void)state;
	mm = forty_in_use(&t);
	pfn = take(mm, MOVABLE, 2);
	for (unsigned long i = 0; i < 25; i++)
		give(mm, i, 0);
	/* 27 pages and the order-2 block that the refill left are past 28: a batch is gone already, the
	 * factor is 1 */
	assert_int_equal(normal_zone(mm)->pcp[0].free_factor, 1);
	give(mm, pfn, 2);
	assert_page_set(mm, normal_zone(mm), 0, "");
	assert_int_equal(normal_zone(mm)->pcp[0].count, 0);
	mm_free(mm);
}

/* After an allocation the same block just joins its list. */
static void a_high_order_joins_its_list_otherwise(void **state)
{
	struct test_layout t;
	unsigned long pfn;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	pfn = take(mm, MOVABLE, 2);
	give(mm, pfn, 2);
	assert_page_set(mm, normal_zone(mm), 0, "2M:0,4");
	mm_free(mm);
}

/* While reclaim is at work on the zone, four batches are the most that a set keeps. */
static void reclaim_keeps_sets_short(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	t.layout.sysctl.min_free_kbytes = 400;
	mm = test_boot(&t);
	assert_true(normal_zone(mm)->pcp[0].high > 28);
	for (unsigned long pfn = 0; pfn < 35; pfn++)
		take(mm, MOVABLE, 0);
	for (unsigned long pfn = 0; pfn < 30; pfn++)
		give(mm, pfn, 0);
	assert_int_equal(normal_zone(mm)->pcp[0].count, 30);
	normal_zone(mm)->reclaim_active = true;
	give(mm, 30, 0);
	assert_int_equal(normal_zone(mm)->pcp[0].count, 31 - 7);
	mm_free(mm);
}

struct drained {
	unsigned long pfns[64];
	unsigned int nr;
};

static void note_drained(void *arg, const struct mm *mm, const struct trace_event *event)
{
	struct drained *drained = arg;

	(void)mm;
	assert_true(drained->nr < 64);
	drained->pfns[drained->nr++] = event->pfn;
}

/*
 * 23 Unmovable, 2 Reclaimable and 3 Movable pages make the set full. Seven go:
 * first the list that was freed to, oldest first and to its end, then the
 * next lists in turn, and after the last the first: 3 M, 2 E, 2 U.
 */
static void bulk_freeing_goes_round(void **state)
{
	unsigned long u[28], e[7], m[7];
	struct drained drained = { .nr = 0 };
	struct trace_listener listener = { .fn = note_drained,
					   .arg = &drained,
					   .mask = TRACE_BIT(TRACE_MM_PAGE_PCPU_DRAIN) };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	for (int i = 0; i < 28; i++)
		u[i] = take(mm, GFP_KERNEL, 0);
	for (int i = 0; i < 7; i++) {
		e[i] = take(mm, RECLAIMABLE, 0);
		m[i] = take(mm, MOVABLE, 0);
	}
	assert_int_equal(normal_zone(mm)->pcp[0].count, 0);
	trace_attach(mm, &listener);
	for (int i = 0; i < 23; i++)
		give(mm, u[i], 0);
	give(mm, e[0], 0);
	give(mm, e[1], 0);
	for (int i = 0; i < 3; i++)
		give(mm, m[i], 0);
	assert_int_equal(drained.nr, 7);
	assert_memory_equal(drained.pfns, ((unsigned long[]){ m[0], m[1], m[2], e[0], e[1], u[0], u[1] }),
			    7 * sizeof(unsigned long));
	trace_detach(mm, &listener);
	mm_free(mm);
}

/* ---------------------------------------------------------------- CPUs --- */

/* Each CPU fills, empties and drains its own set. */
static void each_cpu_has_its_own(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 2);
	zone = normal_zone(mm);
	assert_int_equal(take_on(mm, 0, MOVABLE, 0), 0);
	assert_int_equal(take_on(mm, 1, MOVABLE, 0), 7);
	assert_page_set(mm, zone, 0, "0M:1,2,3,4,5,6");
	assert_page_set(mm, zone, 1, "0M:8,9,10,11,12,13");
	give_on(mm, 1, 0, 0);
	assert_page_set(mm, zone, 1, "0M:0,8,9,10,11,12,13");
	drain_pages(mm, 1, NULL);
	assert_page_set(mm, zone, 0, "0M:1,2,3,4,5,6");
	assert_page_set(mm, zone, 1, "");
	drain_pages(mm, -1, NULL);
	assert_page_set(mm, zone, 0, "");
	give_on(mm, 0, 7, 0);
	drain_pages(mm, -1, zone);
	assert_int_equal(zone->free_area[10].free_list[MIGRATE_MOVABLE].nr, 32);
	mm_free(mm);
}

/* Draining one zone leaves the others' sets alone. */
static void one_zone_can_be_drained(void **state)
{
	struct test_layout t;
	struct zone *dma;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	t.layout.nr_zones = 0;
	test_zone(&t, ZONE_DMA, 64 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	mm = test_boot(&t);
	dma = test_find_zone(mm, 0, ZONE_DMA);
	take(mm, GFP_KERNEL, 0);
	take(mm, GFP_KERNEL | GFP_DMA, 0);
	assert_true(dma->pcp[0].count && normal_zone(mm)->pcp[0].count);
	drain_pages(mm, -1, dma);
	assert_int_equal(dma->pcp[0].count, 0);
	assert_true(normal_zone(mm)->pcp[0].count);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_set_frees_more_each_time),
		cmocka_unit_test(a_batch_stays),
		cmocka_unit_test(a_high_order_empties_a_set_that_only_frees),
		cmocka_unit_test(a_high_order_joins_its_list_otherwise),
		cmocka_unit_test(reclaim_keeps_sets_short),
		cmocka_unit_test(bulk_freeing_goes_round),
		cmocka_unit_test(each_cpu_has_its_own),
		cmocka_unit_test(one_zone_can_be_drained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
