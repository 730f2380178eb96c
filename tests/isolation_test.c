/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Isolation of pageblocks: nobody gets a page of them, what moves leaves, and borders cut free blocks. */
#include "config.h"

#include "compaction_world.h"

static void an_isolated_range_is_out_of_reach(void **state)
{
	struct world *w = world_new(32, 0, true);
	unsigned long start = PFN(GIB + 8 * MIB), end = PFN(GIB + 16 * MIB), busy, before;
	long counted;

	(void)state;
	fragment(w, 4);
	before = nr_free(w);
	counted = zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES);
	assert_null(isolate_page_range(w->mm, start, end, &busy));
	check_world(w);
	assert_int_equal(nr_free(w), before);
	assert_true(zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES) < counted);
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_false(w->owners[n].pfn >= start && w->owners[n].pfn < end);
	for (uint32_t n; (n = ask(w, 0, NO_RECLAIM, true));)
		assert_false(w->owners[n].pfn >= start && w->owners[n].pfn < end);
	assert_non_null(isolate_page_range(w->mm, start, end, &busy));

	assert_int_equal(unisolate_page_range(w->mm, start, end), 4);
	assert_int_equal(unisolate_page_range(w->mm, start, end), 0);
	assert_int_equal(normal(w)->nr_isolate_pageblock, 0);
	assert_int_not_equal(ask(w, 9, NO_RECLAIM, true), 0);
	world_free(w);
}

static void isolation_of_an_unmovable_page_is_refused(void **state)
{
	struct world *w = world_new(32, 8, false);
	uint32_t n = ask(w, 0, GFP_KERNEL, false);
	unsigned long start = w->owners[n].pfn & ~511UL, busy, before = nr_free(w);

	(void)state;
	assert_non_null(isolate_page_range(w->mm, start, start + 512, &busy));
	assert_non_null(isolate_page_range(w->mm, start + 1, start + 512, &busy));
	assert_non_null(isolate_page_range(w->mm, start, start, &busy));
	assert_non_null(isolate_page_range(w->mm, 0, 512, &busy));
	assert_non_null(
		isolate_page_range(w->mm, w->mm->cma[0].base_pfn, w->mm->cma[0].base_pfn + 512, &busy));
	assert_int_equal(normal(w)->nr_isolate_pageblock, 0);
	assert_int_equal(nr_free(w), before);
	world_free(w);
}

/* Whole free blocks of two pageblocks are cut where the range begins and ends, and grow together afterwards.
 */
static void isolation_cuts_free_blocks_at_its_borders(void **state)
{
	struct world *w = world_new(32, 0, false);
	unsigned long start = PFN(GIB + 10 * MIB),
		      largest = normal(w)->free_area[10].free_list[MIGRATE_MOVABLE].nr;

	(void)state;
	assert_null(isolate_page_range(w->mm, start, start + 1024, NULL));
	check_world(w);
	assert_int_equal(unisolate_page_range(w->mm, start, start + 1024), 2);
	assert_int_equal(normal(w)->free_area[10].free_list[MIGRATE_MOVABLE].nr, largest);
	world_free(w);
}

/* Offlining sends pages to another node, if there is one. */
static void isolation_empties_to_another_node(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	const struct zone *other;

	(void)state;
	assert_non_null(w);
	test_layout_init(&w->t);
	test_zone(&w->t, ZONE_NORMAL, 0);
	test_memory(&w->t, 0, GIB, 32 * MIB);
	test_memory(&w->t, 1, GIB + 32 * MIB, 32 * MIB);
	w->t.layout.features.group_by_mobility = SWITCH_ON;
	w->mm = test_boot(&w->t);
	w->mm->page_moved = page_moved;
	w->mm->page_moved_arg = w;
	other = test_find_zone(w->mm, 1, ZONE_NORMAL);
	for (int i = 0; i < 300; i++)
		assert_int_not_equal(ask(w, 0, NO_RECLAIM | __GFP_THISNODE, true), 0);
	assert_null(isolate_page_range(w->mm, PFN(GIB), PFN(GIB + 32 * MIB), NULL));
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_ptr_equal(page_zone(w->mm, w->owners[n].pfn), other);
	assert_int_equal(unisolate_page_range(w->mm, PFN(GIB), PFN(GIB + 32 * MIB)), 16);
	world_free(w);
}

/* Pageblocks of 4 MiB, of which one begins with 2 MiB of hole, isolated with the one behind it, which has a
 * neighbour to look at. */
static void a_pageblock_may_begin_with_a_hole(void **state)
{
	struct test_layout t;
	unsigned long busy;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	t.layout.max_order = 11;
	t.layout.pageblock_order = 10;
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 8 * MIB);
	test_memory(&t, 0, 10 * MIB, 22 * MIB);
	mm = test_boot(&t);
	assert_null(isolate_page_range(mm, PFN(12 * MIB), PFN(16 * MIB), &busy));
	assert_int_equal(mm_check(mm, stderr), 0);
	assert_int_equal(unisolate_page_range(mm, PFN(12 * MIB), PFN(16 * MIB)), 1);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_isolated_range_is_out_of_reach),
		cmocka_unit_test(isolation_of_an_unmovable_page_is_refused),
		cmocka_unit_test(isolation_cuts_free_blocks_at_its_borders),
		cmocka_unit_test(isolation_empties_to_another_node),
		cmocka_unit_test(a_pageblock_may_begin_with_a_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
