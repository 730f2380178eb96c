/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The buddy algorithm on a machine of 64 or 128 pages: split, merge, and which
 * end of its list a block goes to. Page sets are off, so every request and
 * every freed block meets the lists at once.
 */
#include "config.h"

#include "core.h"
#include "buddyviz/compaction.h"

/* Boot hands memory over in the largest aligned blocks; one page splits the first of them five times. */
static void a_request_splits_the_first_block(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "5M:0,32");
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	assert_free_lists(mm, normal_zone(mm), "0M:1 1M:2 2M:4 3M:8 4M:16 5M:32");
	mm_free(mm);
}

/* The smallest sufficient block serves, and of its order the first. */
static void the_smallest_sufficient_block_serves(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	take(mm, MOVABLE, 0);
	assert_int_equal(take(mm, MOVABLE, 2), 4);
	assert_int_equal(take(mm, MOVABLE, 2), 8);
	assert_int_equal(take(mm, MOVABLE, 1), 2);
	assert_int_equal(take(mm, MOVABLE, 1), 12);
	assert_free_lists(mm, normal_zone(mm), "0M:1 1M:14 4M:16 5M:32");
	mm_free(mm);
}

/* What is freed in the reverse order merges back to what boot left. */
static void freeing_merges_all_the_way(void **state)
{
	struct free_result result;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	take(mm, MOVABLE, 0);
	assert_int_equal(free_pages(mm, 0, 0, 0, false, &result), 0);
	assert_int_equal(result.merged, 5);
	assert_int_equal(result.cpu, -1);
	assert_free_lists(mm, normal_zone(mm), "5M:0,32");
	mm_free(mm);
}

/*
 * All 64 pages are in use. 1 and 3 come free and stay alone: each to the head.
 * So does the pair 4,5. Now 7: were 6 free, the two would merge with 4,5 at
 * once, so 7 goes to the tail, and 6 in fact completes 4..7.
 */
static void a_likely_merge_goes_to_the_tail(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	assert_int_equal(take_all(mm, MOVABLE, 0), 64);
	give(mm, 1, 0);
	give(mm, 3, 0);
	give(mm, 4, 0);
	give(mm, 5, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:3,1 1M:4");
	give(mm, 7, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:3,1,7 1M:4");
	give(mm, 6, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:3,1 2M:4");
	mm_free(mm);
}

/* The lower half looks up in the same way: 8, whose buddy is in use, while 10,11 are free. */
static void a_lower_half_goes_to_the_tail_too(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	take_all(mm, MOVABLE, 0);
	give(mm, 1, 0);
	give(mm, 10, 0);
	give(mm, 11, 0);
	give(mm, 8, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:1,8 1M:10");
	mm_free(mm);
}

/*
 * The look up is for orders below max_order - 1: an order-3 block (its pair
 * would be order 4, that one's buddy is free) goes to the tail. One of order
 * 4 does not, though the order-5 block beside its pair is free.
 */
static void the_highest_orders_go_to_the_head(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 256, 3);
	mm = test_boot(&t);
	for (unsigned long pfn = 0; pfn < 256; pfn += 8)
		assert_int_equal(take(mm, MOVABLE, 3), pfn);
	give(mm, 192, 3);
	give(mm, 16, 3);
	give(mm, 24, 3);
	give(mm, 0, 3);
	assert_free_lists(mm, normal_zone(mm), "3M:192,0 4M:16");
	mm_free(mm);

	mm = test_boot(&t);
	for (unsigned long pfn = 0; pfn < 256; pfn += 16)
		assert_int_equal(take(mm, MOVABLE, 4), pfn);
	give(mm, 128, 4);
	give(mm, 32, 4);
	give(mm, 48, 4);
	give(mm, 0, 4);
	assert_free_lists(mm, normal_zone(mm), "4M:0,128 5M:32");
	mm_free(mm);
}

/* Blocks of the highest order have no buddy; they come back to the head. */
static void the_highest_order_never_merges(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 128, 3);
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "5M:0,32,64,96");
	assert_int_equal(take(mm, MOVABLE, 5), 0);
	assert_int_equal(take(mm, MOVABLE, 5), 32);
	give(mm, 0, 5);
	give(mm, 32, 5);
	assert_free_lists(mm, normal_zone(mm), "5M:32,0,64,96");
	mm_free(mm);
}

/*
 * Memory ends at 56: the last blocks are 32 (order 4) and 48 (order 3), and 48
 * has no buddy. In use and free again, the second goes to the head all the same.
 */
static void memory_ends_where_a_buddy_would_be(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 56, 3);
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "3M:48 4M:32 5M:0");
	assert_int_equal(take(mm, MOVABLE, 3), 48);
	give(mm, 48, 3);
	assert_free_lists(mm, normal_zone(mm), "3M:48 4M:32 5M:0");
	mm_free(mm);
}

/* Two neighbouring halves that belong to different zones stay apart, at any order. */
static void zones_do_not_merge(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.nr_zones = 0;
	test_zone(&t, ZONE_DMA, 16 * 4 * KIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_reserve(&t, "kernel", 12 * 4 * KIB, 8 * 4 * KIB)->freed_after_boot = true;
	mm = test_boot(&t);
	assert_free_lists(mm, test_find_zone(mm, 0, ZONE_DMA), "4M:0");
	assert_free_lists(mm, normal_zone(mm), "4M:16 5M:32");
	assert_int_equal(take(mm, __GFP_DMA | __GFP_MOVABLE, 3), 0);
	give(mm, 0, 3);
	assert_free_lists(mm, test_find_zone(mm, 0, ZONE_DMA), "4M:0");
	mm_free(mm);
}

/*
 * A CMA area of one pageblock, 32..39, beside a free pageblock of the same
 * size: below the pageblock order all merge, from it up only equal or
 * ordinary types do.
 */
static void cma_pageblocks_keep_their_border(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_cma(&t, "area", 32 * 4 * KIB, 8 * 4 * KIB);
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "3M:40 3C:32 4M:48 5M:0");
	assert_int_equal(take(mm, MOVABLE, 1), 40);
	give(mm, 40, 1);
	assert_free_lists(mm, normal_zone(mm), "3M:40 3C:32 4M:48 5M:0");
	mm_free(mm);
}

/* Two pageblocks of one area do merge. */
static void cma_merges_with_cma(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_cma(&t, "area", 32 * 4 * KIB, 16 * 4 * KIB);
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "4M:48 4C:32 5M:0");
	mm_free(mm);
}

/* Ordinary types merge across pageblocks; the block joins the list of the page freed last. */
static void ordinary_types_merge(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 32, 3);
	mm = test_boot(&t);
	assert_int_equal(take(mm, GFP_KERNEL, 4), 0);
	assert_pageblocks(mm, "UUUU");
	assert_int_equal(take(mm, MOVABLE, 4), 16);
	/* the upper half was an Unmovable block of two pageblocks: they were retyped */
	assert_pageblocks(mm, "UUMM");
	give(mm, 0, 4);
	assert_free_lists(mm, normal_zone(mm), "4U:0");
	give(mm, 16, 4);
	assert_free_lists(mm, normal_zone(mm), "5M:0");
	mm_free(mm);
}

/* An isolated pageblock stays alone while it is isolated, and merges when it comes back. */
static void isolated_pageblocks_keep_their_border(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	for (unsigned long pfn = 0; pfn < 64; pfn += 8)
		assert_int_equal(take(mm, MOVABLE, 3), pfn);
	give(mm, 8, 3);
	assert_null(isolate_page_range(mm, 8, 16, NULL));
	give(mm, 0, 3);
	assert_free_lists(mm, normal_zone(mm), "3M:0 3I:8");
	assert_int_equal(unisolate_page_range(mm, 8, 16), 1);
	assert_free_lists(mm, normal_zone(mm), "4M:0");
	mm_free(mm);
}

/* What is not allocated as such is refused, and nothing changes. */
static void wrong_frees_are_refused(void **state)
{
	static const struct {
		unsigned long pfn;
		unsigned int order;
	} wrong[] = {
		{ 8, 2 },                   /* allocated, with another order */
		{ 8, 4 },        { 10, 0 }, /* inside a block */
		{ 0, 3 },                   /* free */
		{ 32, 5 },                  /* free, of the highest order */
		{ 64, 0 },                  /* past memory */
		{ PFN_NONE, 0 },
	};
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	assert_int_equal(take(mm, MOVABLE, 3), 0);
	assert_int_equal(take(mm, MOVABLE, 3), 8);
	give(mm, 0, 3);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(free_pages(mm, 0, wrong[i].pfn, wrong[i].order, false, NULL), -1);
	assert_free_lists(mm, normal_zone(mm), "3M:0 4M:16 5M:32");
	give(mm, 8, 3);
	assert_free_lists(mm, normal_zone(mm), "5M:0,32");
	mm_free(mm);
}

/*
 * Node 0 has pages 0..26, node 1 29..63. 29 could merge to a block at 28, a hole
 * that the memmap counts to the memory after it, so that block's buddy 30 is of
 * the same zone and free: 29 goes to the tail, behind 33 (init_unavailable_range).
 */
static void a_hole_belongs_to_the_memory_after_it(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 27, 3);
	test_memory(&t, 1, 29 * 4 * KIB, 35 * 4 * KIB);
	mm = test_boot(&t);
	zone = test_find_zone(mm, 1, ZONE_NORMAL);
	for (unsigned long pfn = 29; pfn <= 32; pfn++) {
		struct alloc_request req = { .gfp = MOVABLE | __GFP_THISNODE, .node = 1 };

		assert_int_equal(alloc_pages(mm, &req), pfn);
	}
	give(mm, 30, 0);
	give(mm, 31, 0);
	assert_free_lists(mm, zone, "0M:33 1M:30,34 2M:36 3M:40 4M:48");
	give(mm, 29, 0);
	assert_free_lists(mm, zone, "0M:33,29 1M:30,34 2M:36 3M:40 4M:48");
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_splits_the_first_block),
		cmocka_unit_test(the_smallest_sufficient_block_serves),
		cmocka_unit_test(freeing_merges_all_the_way),
		cmocka_unit_test(a_likely_merge_goes_to_the_tail),
		cmocka_unit_test(a_lower_half_goes_to_the_tail_too),
		cmocka_unit_test(the_highest_orders_go_to_the_head),
		cmocka_unit_test(the_highest_order_never_merges),
		cmocka_unit_test(memory_ends_where_a_buddy_would_be),
		cmocka_unit_test(zones_do_not_merge),
		cmocka_unit_test(a_hole_belongs_to_the_memory_after_it),
		cmocka_unit_test(cma_pageblocks_keep_their_border),
		cmocka_unit_test(cma_merges_with_cma),
		cmocka_unit_test(ordinary_types_merge),
		cmocka_unit_test(isolated_pageblocks_keep_their_border),
		cmocka_unit_test(wrong_frees_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
