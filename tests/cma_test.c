/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contiguous memory: what leaves an area for it, what stays, and what comes back. */
#include "config.h"

#include "compaction_world.h"
#include "../src/mm/internal.h"

static void cma_alloc_pushes_movable_pages_out(void **state)
{
	struct world *w = world_new(64, 16, true);
	struct cma_area *cma = &w->mm->cma[0];
	struct cma_report report;
	unsigned long pfn, before;

	(void)state;
	fragment(w, 4);
	before = nr_free(w);
	pfn = cma_alloc(w->mm, cma, 1000, 8, MAX_OWNERS + 1, &report);
	assert_int_not_equal(pfn, PFN_NONE);
	assert_int_equal(pfn % 256, 0);
	assert_null(report.error);
	assert_int_equal(report.tries, 1);
	assert_true(w->moves > 0);
	assert_int_equal(cma->nr_used, 1000);
	assert_int_equal(nr_free(w), before - 1000);
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_false(w->owners[n].pfn >= pfn && w->owners[n].pfn < pfn + 1000);
	check_world(w);

	assert_false(cma_release(w->mm, cma, pfn + 1, 1000));
	assert_false(cma_release(w->mm, cma, cma->base_pfn - 1, 1));
	assert_true(cma_release(w->mm, cma, pfn, 1000));
	assert_false(cma_release(w->mm, cma, pfn, 1000));
	assert_int_equal(cma->nr_used, 0);
	assert_int_equal(nr_free(w), before);
	assert_int_equal(get_pageblock_migratetype(w->mm, pfn), MIGRATE_CMA);
	world_free(w);
}

static void cma_alloc_goes_round_what_does_not_move(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct cma_area *cma = &w->mm->cma[0];
	struct cma_report report;
	unsigned long pfn;
	uint32_t pinned;

	(void)state;
	/* more than half of what is free lies in the area: movable requests begin there */
	while ((pinned = ask(w, 0, NO_RECLAIM, false)) && w->owners[pinned].pfn < cma->base_pfn)
		;
	assert_int_not_equal(pinned, 0);
	pfn = cma_alloc(w->mm, cma, 512, 9, MAX_OWNERS + 1, &report);
	assert_int_not_equal(pfn, PFN_NONE);
	assert_true(w->owners[pinned].pfn < pfn || w->owners[pinned].pfn >= pfn + 512);
	assert_int_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_non_null(report.error);
	assert_int_equal(cma_alloc(w->mm, cma, cma->count + 1, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_int_equal(cma_alloc(w->mm, cma, 0, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_int_equal(cma->nr_used, 512);
	world_free(w);
}

/* The whole area, then nothing more; page by page and back, it is as it was. */
static void an_area_can_be_used_up(void **state)
{
	struct world *w = world_new(64, 16, true);
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long before = nr_free(w), pfns[64];

	(void)state;
	for (int i = 0; i < 64; i++) {
		pfns[i] = cma_alloc(w->mm, cma, cma->count / 64, 0, MAX_OWNERS + 1, NULL);
		assert_int_not_equal(pfns[i], PFN_NONE);
	}
	assert_int_equal(cma_alloc(w->mm, cma, 1, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	check_world(w);
	for (int i = 63; i >= 0; i--)
		assert_true(cma_release(w->mm, cma, pfns[i], cma->count / 64));
	drain_pages(w->mm, -1, NULL);
	assert_int_equal(nr_free(w), before);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	world_free(w);
}

static void cma_alloc_drops_clean_file_pages_and_moves_dirty_ones(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct alloc_request req = { .gfp = NO_RECLAIM, .migratable = true, .lru = LRU_FILE };
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long clean = 0, dirty = 0;
	uint32_t n;

	(void)state;
	for (int i = 0; i < 12000 && (n = ask_as(w, &req)); i++) {
		bool inside =
			w->owners[n].pfn >= cma->base_pfn && w->owners[n].pfn < cma->base_pfn + cma->count;

		if (i % 3 == 0)
			page_set_dirty(w->mm, w->owners[n].pfn);
		clean += inside && i % 3;
		dirty += inside && i % 3 == 0;
	}
	assert_true(clean && dirty);
	for (n = 1; n <= w->nr_owners; n++)
		if (w->owners[n].pfn < cma->base_pfn)
			give_back(w, n);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	assert_int_equal(w->reclaimed, clean);
	assert_int_equal(w->moves, dirty);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], (long)dirty);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 0);
	world_free(w);
}

/* Large movable blocks are left alone by compaction, and moved out of a contiguous range. */
static void large_blocks_move_for_contiguous_ranges_only(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long inside = 0;

	(void)state;
	while (ask(w, 6, NO_RECLAIM | __GFP_COMP, true))
		;
	for (uint32_t n = 1; n <= w->nr_owners; n++) {
		if (w->owners[n].pfn < cma->base_pfn)
			give_back(w, n);
		else
			inside += 64;
	}
	assert_true(inside > 0);
	compact(w, -1, MIGRATE_SYNC, NULL);
	assert_int_equal(w->moves, 0);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	assert_true(w->moves >= inside);
	world_free(w);
}

/* movablecore takes the upper 64 of 128 MiB: an area across that border is ordinary memory of both zones. */
static void an_area_across_zones_is_no_area(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	t.layout.movablecore = 64 * MIB;
	test_cma(&t, "area", 56 * MIB, 16 * MIB);
	mm = test_boot(&t);
	assert_int_equal(mm->cma[0].count, 0);
	assert_int_equal(test_find_zone(mm, 0, ZONE_NORMAL)->managed_pages, PFN(64 * MIB));
	assert_int_equal(test_find_zone(mm, 0, ZONE_MOVABLE)->managed_pages, PFN(64 * MIB));
	assert_int_equal(test_find_zone(mm, 0, ZONE_NORMAL)->cma_pages, 0);
	assert_int_equal(get_pageblock_migratetype(mm, PFN(60 * MIB)), MIGRATE_MOVABLE);
	assert_int_equal(cma_alloc(mm, &mm->cma[0], 1, 0, 1, NULL), PFN_NONE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cma_alloc_pushes_movable_pages_out),
		cmocka_unit_test(cma_alloc_goes_round_what_does_not_move),
		cmocka_unit_test(an_area_can_be_used_up),
		cmocka_unit_test(cma_alloc_drops_clean_file_pages_and_moves_dirty_ones),
		cmocka_unit_test(large_blocks_move_for_contiguous_ranges_only),
		cmocka_unit_test(an_area_across_zones_is_no_area),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
