/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Per-CPU page sets: how large they are, how they are filled, which pages they
 * give first, and which type a page remembers. Expected values follow from
 * rmqueue_bulk() and free_unref_page_commit() of Linux 6.1.
 */
#include "config.h"

#include "pcp.h"

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
		cmocka_unit_test(cma_pages_are_on_the_movable_lists),
		cmocka_unit_test(cma_is_used_first_only_past_half),
		cmocka_unit_test(a_page_goes_back_to_the_type_it_remembers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
