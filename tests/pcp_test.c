/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Per-CPU page sets: how large they are, how they are filled, which pages they
 * give first and which they free first. Expected values follow from
 * rmqueue_bulk(), free_unref_page_commit() and free_pcppages_bulk() of Linux 6.1.
 */
#include "config.h"

#include "core.h"

/*
 * 128 MiB on cpus CPUs: batch is 32768 pages / 1024 / 4 = 8, and half as much
 * again, rounded down to 2^n - 1: 7. high is 28, four batches, as no watermark asks for more.
 */
static void pcp_layout(struct test_layout *t, unsigned int cpus)
{
	test_one_zone(t, 128 * MIB);
	t->layout.cpus = cpus;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 0;
	t->layout.sysctl.watermark_scale_factor = 0;
	t->layout.sysctl.watermark_boost_factor = 0;
}

static struct mm *pcp_machine(struct test_layout *t, unsigned int cpus)
{
	pcp_layout(t, cpus);
	return test_boot(t);
}

static unsigned long take_cold(struct mm *mm, gfp_t gfp, unsigned int order)
{
	struct alloc_request req = { .gfp = gfp, .order = order, .cold = true };

	return alloc_pages(mm, &req);
}

/* --------------------------------------------------------------- sizes --- */

/* min 100, and 32768 * 10 / 10000 = 32 more make low 132: the CPUs share that, four batches at least each. */
static void high_is_a_share_of_the_low_watermark(void **state)
{
	static const struct {
		unsigned int cpus;
		int high;
	} sizes[] = { { 1, 132 }, { 2, 66 }, { 4, 33 }, { 5, 28 }, { 16, 28 } };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct test_layout t;
		struct mm *mm;

		pcp_layout(&t, sizes[i].cpus);
		t.layout.sysctl.min_free_kbytes = 400;
		t.layout.sysctl.watermark_scale_factor = 10;
		mm = test_boot(&t);
		assert_int_equal(normal_zone(mm)->watermark[WMARK_LOW], 132);
		for (unsigned int cpu = 0; cpu < sizes[i].cpus; cpu++) {
			assert_int_equal(normal_zone(mm)->pcp[cpu].high, sizes[i].high);
			assert_int_equal(normal_zone(mm)->pcp[cpu].batch, 7);
		}
		mm_free(mm);
	}
}

/* ------------------------------------------------------------- filling --- */

/* A refill takes max(batch >> order, 2) blocks, in the order in which the lists give them. */
static void a_refill_takes_a_batch(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	assert_page_set(mm, normal_zone(mm), 0, "0M:1,2,3,4,5,6");
	assert_int_equal(take(mm, MOVABLE, 1), 8);
	assert_page_set(mm, normal_zone(mm), 0, "0M:1,2,3,4,5,6 1M:10,12");
	assert_int_equal(take(mm, MOVABLE, 2), 16);
	assert_int_equal(take(mm, MOVABLE, 3), 24);
	assert_int_equal(take(mm, MOVABLE, 9), 512);
	assert_page_set(mm, normal_zone(mm), 0, "0M:1,2,3,4,5,6 1M:10,12 2M:20 3M:32 9M:1024");
	assert_int_equal(normal_zone(mm)->pcp[0].count, 6 + 4 + 4 + 8 + 512);
	/* orders between are not kept */
	assert_int_equal(take(mm, MOVABLE, 4), 48);
	assert_int_equal(normal_zone(mm)->pcp[0].count, 534);
	mm_free(mm);
}

/* A zone of 16 MiB has a batch of one: refills take what is asked for, no more. */
static void a_batch_of_one_keeps_nothing(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	t.memory[0][0].end = 16 * MIB;
	mm = test_boot(&t);
	assert_int_equal(normal_zone(mm)->pcp[0].batch, 1);
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	assert_int_equal(take(mm, MOVABLE, 2), 4);
	assert_page_set(mm, normal_zone(mm), 0, "");
	mm_free(mm);
}

/* A list for each mobility; those of the pageblock order: one for Movable, one for the others. */
static void each_mobility_has_its_lists(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	take(mm, GFP_KERNEL, 0);
	take(mm, RECLAIMABLE, 3);
	/* the order-10 block at 0 became Unmovable, the one at 1024 Reclaimable */
	assert_page_set(mm, normal_zone(mm), 0, "0U:1,2,3,4,5,6 3E:1032");
	/* the refill takes a second block; its list serves the Reclaimable request as well */
	assert_int_equal(take(mm, GFP_KERNEL, 9), 512);
	assert_page_set(mm, normal_zone(mm), 0, "0U:1,2,3,4,5,6 3E:1032 9U:2048");
	assert_int_equal(take(mm, RECLAIMABLE, 9), 2048);
	mm_free(mm);
}

/* Switched off, every page goes straight to the free lists and back. */
static void page_sets_can_be_off(void **state)
{
	struct free_result result;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	t.layout.features.pcp = false;
	mm = test_boot(&t);
	take(mm, MOVABLE, 0);
	assert_page_set(mm, normal_zone(mm), 0, "");
	free_pages(mm, 0, 0, 0, false, &result);
	assert_int_equal(result.merged, 10);
	assert_int_equal(result.cpu, -1);
	mm_free(mm);
}

/* ------------------------------------------------------- hot and cold --- */

/* The page freed last is the next to be given. */
static void the_head_is_hot(void **state)
{
	struct free_result result;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	take(mm, MOVABLE, 0);
	take(mm, MOVABLE, 0);
	assert_int_equal(free_pages(mm, 0, 0, 0, false, &result), 0);
	assert_int_equal(result.merged, 0);
	assert_int_equal(result.cpu, 0);
	assert_page_set(mm, normal_zone(mm), 0, "0M:0,2,3,4,5,6");
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	mm_free(mm);
}

/* Cold pages are put and taken at the tail. */
static void the_tail_is_cold(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = pcp_machine(&t, 1);
	take(mm, MOVABLE, 0);
	assert_int_equal(take_cold(mm, MOVABLE, 0), 6);
	assert_int_equal(free_pages(mm, 0, 0, 0, true, NULL), 0);
	assert_page_set(mm, normal_zone(mm), 0, "0M:1,2,3,4,5,0");
	assert_int_equal(take(mm, MOVABLE, 0), 1);
	assert_int_equal(take_cold(mm, MOVABLE, 0), 0);
	mm_free(mm);
}

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

/* --------------------------------------------------- remembered types --- */

/* Pages of a CMA area wait among the movable ones and go back to the area's lists. */
static void cma_pages_are_on_the_movable_lists(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	test_cma(&t, "area", 32 * MIB, 80 * MIB);
	mm = test_boot(&t);
	zone = normal_zone(mm);
	assert_int_equal(zone->vm_stat[NR_FREE_CMA_PAGES], 20480);
	/* over half of what is free is the area's: movable requests go there first */
	assert_int_equal(take(mm, MOVABLE, 0), 27648);
	assert_page_set(mm, zone, 0, "0M:27649/C,27650/C,27651/C,27652/C,27653/C,27654/C");
	assert_int_equal(zone_page_state_snapshot(zone, mm, NR_FREE_CMA_PAGES), 20480 - 7);
	give(mm, 27648, 0);
	drain_pages(mm, -1, NULL);
	assert_page_set(mm, zone, 0, "");
	assert_int_equal(zone_page_state_snapshot(zone, mm, NR_FREE_CMA_PAGES), 20480);
	mm_free(mm);
}

/* CMA memory that is half of what is free, not more, is kept: the ordinary lists serve first. */
static void cma_is_used_first_only_past_half(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	pcp_layout(&t, 1);
	test_cma(&t, "area", 64 * MIB, 64 * MIB);
	mm = test_boot(&t);
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	assert_page_set(mm, normal_zone(mm), 0, "0M:1,2,3,4,5,6");
	/* requests that may not be moved never go there */
	assert_true(take(mm, GFP_KERNEL, 10) < 16384);
	mm_free(mm);
}

/*
 * Page 1 waits in the set as a Movable one while its pageblock is stolen. It
 * goes back to the list of the type it remembers.
 */
static void a_page_goes_back_to_the_type_it_remembers(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 5);
	t.layout.features.pcp = true;
	mm = test_boot(&t);
	assert_int_equal(take_all(mm, MOVABLE, 0), 64);
	give(mm, 8, 0);
	give(mm, 9, 0);
	drain_pages(mm, -1, NULL);
	give(mm, 1, 0);
	assert_free_lists(mm, normal_zone(mm), "1M:8");
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 0), 8);
	assert_pageblocks(mm, "UM");
	assert_page_set(mm, normal_zone(mm), 0, "0M:1");
	drain_pages(mm, -1, NULL);
	assert_free_lists(mm, normal_zone(mm), "0U:9 0M:1");
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
		cmocka_unit_test(high_is_a_share_of_the_low_watermark),
		cmocka_unit_test(a_refill_takes_a_batch),
		cmocka_unit_test(a_batch_of_one_keeps_nothing),
		cmocka_unit_test(each_mobility_has_its_lists),
		cmocka_unit_test(page_sets_can_be_off),
		cmocka_unit_test(the_head_is_hot),
		cmocka_unit_test(the_tail_is_cold),
		cmocka_unit_test(a_full_set_frees_more_each_time),
		cmocka_unit_test(a_batch_stays),
		cmocka_unit_test(a_high_order_empties_a_set_that_only_frees),
		cmocka_unit_test(a_high_order_joins_its_list_otherwise),
		cmocka_unit_test(reclaim_keeps_sets_short),
		cmocka_unit_test(bulk_freeing_goes_round),
		cmocka_unit_test(cma_pages_are_on_the_movable_lists),
		cmocka_unit_test(cma_is_used_first_only_past_half),
		cmocka_unit_test(a_page_goes_back_to_the_type_it_remembers),
		cmocka_unit_test(each_cpu_has_its_own),
		cmocka_unit_test(one_zone_can_be_drained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
