/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pageblock types: whose blocks are taken when a type's lists are empty, and
 * with how much of their pageblock. The expected lists follow from
 * __rmqueue_fallback() and steal_suitable_fallback() of Linux 6.1, by hand.
 */
#include "config.h"

#include "core.h"

/* Four pageblocks of 32 pages, and the first three free with one type each: U, M, E. */
static struct mm *one_block_of_each(struct test_layout *t)
{
	struct mm *mm;

	tiny_layout(t, 128, 5);
	mm = test_boot(t);
	assert_int_equal(take(mm, GFP_KERNEL, 5), 0);
	assert_int_equal(take(mm, MOVABLE, 5), 32);
	assert_int_equal(take(mm, RECLAIMABLE, 5), 64);
	assert_int_equal(take(mm, MOVABLE, 5), 96);
	give(mm, 0, 5);
	give(mm, 32, 5);
	give(mm, 64, 5);
	assert_pageblocks(mm, "UMEM");
	assert_free_lists(mm, normal_zone(mm), "5U:0 5M:32 5E:64");
	return mm;
}

/* Where requests of one type take their pageblocks from, one after the other. */
static void check_fallback_order(gfp_t gfp, const unsigned long pfns[3])
{
	struct test_layout t;
	struct mm *mm = one_block_of_each(&t);

	for (int i = 0; i < 3; i++)
		assert_int_equal(take(mm, gfp, 5), pfns[i]);
	assert_int_equal(take(mm, gfp, 5), PFN_NONE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* fallbacks[][]: Unmovable asks Reclaimable, then Movable; Movable R, U; Reclaimable U, M. The own type comes
 * first. */
static void types_have_a_fallback_order(void **state)
{
	(void)state;
	check_fallback_order(GFP_KERNEL, (const unsigned long[]){ 0, 64, 32 });
	check_fallback_order(MOVABLE, (const unsigned long[]){ 32, 64, 0 });
	check_fallback_order(RECLAIMABLE, (const unsigned long[]){ 64, 0, 32 });
}

/* From the pageblock order up, the pageblocks change their type, and nothing else in them. */
static void whole_pageblocks_are_retyped(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	assert_int_equal(take(mm, GFP_KERNEL, 0), 0);
	assert_pageblocks(mm, "UUUUMMMM");
	assert_free_lists(mm, normal_zone(mm), "0U:1 1U:2 2U:4 3U:8 4U:16 5M:32");
	mm_free(mm);
}

/*
 * The Movable lists have a block of order 1 in one pageblock and of order 3 in
 * another. An Unmovable request takes from the larger: that pageblock is
 * likely the emptier one.
 */
static void the_largest_block_is_stolen(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 5);
	mm = test_boot(&t);
	take_all(mm, MOVABLE, 0);
	give(mm, 0, 0);
	give(mm, 1, 0);
	for (unsigned long pfn = 40; pfn < 48; pfn++)
		give(mm, pfn, 0);
	assert_free_lists(mm, normal_zone(mm), "1M:0 3M:40");
	assert_int_equal(take(mm, GFP_KERNEL, 0), 40);
	/* 8 free pages and 24 that are not known to be movable: the pageblock is claimed */
	assert_free_lists(mm, normal_zone(mm), "0U:41 1U:42 1M:0 2U:44");
	assert_pageblocks(mm, "MU");
	mm_free(mm);
}

/*
 * pageblock_order is 5, so a Movable request may take a pageblock along from
 * order 2 up only. With Unmovable blocks of orders 0 and 1 it takes the
 * smaller one, alone, and no pageblock changes.
 */
static void a_small_movable_request_takes_the_smallest(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 5);
	mm = test_boot(&t);
	take_all(mm, GFP_KERNEL, 0);
	assert_pageblocks(mm, "UU");
	give(mm, 2, 0);
	give(mm, 3, 0);
	give(mm, 9, 0);
	give(mm, 33, 0);
	give(mm, 5, 0);
	assert_free_lists(mm, normal_zone(mm), "0U:5,33,9 1U:2");
	assert_int_equal(take(mm, MOVABLE, 0), 5);
	assert_free_lists(mm, normal_zone(mm), "0U:33,9 1U:2");
	assert_pageblocks(mm, "UU");
	mm_free(mm);
}

/* The same request steals a pageblock where the largest block has at least half its order. */
static void a_movable_request_claims_from_half_the_order(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 5);
	mm = test_boot(&t);
	take_all(mm, GFP_KERNEL, 0);
	give(mm, 33, 0);
	for (unsigned long pfn = 0; pfn < 16; pfn++)
		give(mm, pfn, 0);
	assert_free_lists(mm, normal_zone(mm), "0U:33 4U:0");
	assert_int_equal(take(mm, MOVABLE, 0), 0);
	assert_free_lists(mm, normal_zone(mm), "0U:33 0M:1 1M:2 2M:4 3M:8");
	assert_pageblocks(mm, "MU");
	mm_free(mm);
}

/*
 * One Movable pageblock of 32 pages, nr_free of them free, the others held:
 * nr_migratable of them by owners that let them be migrated. Then one Unmovable
 * request; all free blocks change lists, the pageblock's type only if it is claimed.
 */
static bool claims(unsigned int nr_free, unsigned int nr_migratable)
{
	struct test_layout t;
	struct mm *mm;
	bool claimed;

	tiny_layout(&t, 64, 5);
	mm = test_boot(&t);
	for (unsigned long pfn = 0; pfn < 64; pfn++)
		assert_int_equal(pfn < nr_migratable ? take_migratable(mm, MOVABLE, 0) : take(mm, MOVABLE, 0),
				 pfn);
	for (unsigned long pfn = 32 - nr_free; pfn < 32; pfn++)
		give(mm, pfn, 0);
	assert_true(take(mm, GFP_KERNEL, 0) < 32);
	for (unsigned int order = 0; order <= mm->max_order; order++)
		assert_int_equal(normal_zone(mm)->free_area[order].free_list[MIGRATE_MOVABLE].nr, 0);
	claimed = pfn_to_pageblock(mm, 0)->migratetype == MIGRATE_UNMOVABLE;
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
	return claimed;
}

/* Half of the pageblock, 16 pages, must be free or alike; pages that cannot be migrated are like Unmovable
 * ones. */
static void half_a_pageblock_is_claimed(void **state)
{
	(void)state;
	assert_true(claims(16, 16));
	assert_false(claims(15, 17));
	assert_true(claims(8, 16));
	assert_false(claims(8, 17));
	assert_true(claims(2, 0));
}

/*
 * Unmovable and Reclaimable pages cannot be told apart, so only free ones
 * count between them: 16 of 32 are enough, 15 are not.
 */
static void between_unmovable_and_reclaimable_only_free_pages_count(void **state)
{
	(void)state;
	for (unsigned long nr_free = 15; nr_free <= 16; nr_free++) {
		struct test_layout t;
		struct mm *mm;

		tiny_layout(&t, 32, 5);
		mm = test_boot(&t);
		take_all(mm, RECLAIMABLE, 0);
		for (unsigned long pfn = 0; pfn < nr_free; pfn++)
			give(mm, pfn, 0);
		assert_true(take(mm, GFP_KERNEL, 0) < 16);
		assert_pageblocks(mm, nr_free == 16 ? "U" : "E");
		mm_free(mm);
	}
}

/* A Movable request counts what can be migrated in an Unmovable pageblock. */
static void a_movable_request_counts_movable_pages(void **state)
{
	(void)state;
	for (unsigned long movable = 11; movable <= 12; movable++) {
		struct test_layout t;
		struct mm *mm;

		tiny_layout(&t, 32, 5);
		mm = test_boot(&t);
		for (unsigned long pfn = 0; pfn < 32; pfn++)
			assert_int_equal(pfn < movable ? take_migratable(mm, GFP_KERNEL, 0)
						       : take(mm, GFP_KERNEL, 0),
					 pfn);
		for (unsigned long pfn = 16; pfn < 20; pfn++)
			give(mm, pfn, 0);
		assert_free_lists(mm, normal_zone(mm), "2U:16");
		assert_int_equal(take(mm, MOVABLE, 0), 16);
		assert_pageblocks(mm, movable == 12 ? "M" : "U");
		mm_free(mm);
	}
}

/* Blocks of a stolen pageblock go to the tails of their new lists, so the page found need not be the page
 * given. */
static void stolen_blocks_go_to_the_tail(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 5);
	mm = test_boot(&t);
	take_all(mm, MOVABLE, 0);
	for (unsigned long pfn = 8; pfn < 12; pfn++)
		give(mm, pfn, 0);
	give(mm, 1, 0);
	give(mm, 3, 0);
	give(mm, 20, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:20,3,1 2M:8");
	/* the order-2 block leads to its pageblock; then the lowest order's head serves: 1, the lowest page
	 * moved first */
	assert_int_equal(take(mm, GFP_KERNEL, 0), 1);
	assert_free_lists(mm, normal_zone(mm), "0U:3,20 2U:8");
	assert_pageblocks(mm, "UM");
	mm_free(mm);
}

/* The boot makes pageblocks Movable before it decides not to group; every request is Unmovable then. */
static void without_grouping_requests_are_unmovable(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.features.group_by_mobility = SWITCH_OFF;
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "5M:0,32");
	assert_int_equal(take(mm, MOVABLE, 5), 0);
	assert_int_equal(take(mm, RECLAIMABLE, 0), 32);
	assert_int_equal(take(mm, GFP_KERNEL, 0), 33);
	assert_pageblocks(mm, "UUUUUUUU");
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_a_fallback_order),
		cmocka_unit_test(whole_pageblocks_are_retyped),
		cmocka_unit_test(the_largest_block_is_stolen),
		cmocka_unit_test(a_small_movable_request_takes_the_smallest),
		cmocka_unit_test(a_movable_request_claims_from_half_the_order),
		cmocka_unit_test(half_a_pageblock_is_claimed),
		cmocka_unit_test(between_unmovable_and_reclaimable_only_free_pages_count),
		cmocka_unit_test(a_movable_request_counts_movable_pages),
		cmocka_unit_test(stolen_blocks_go_to_the_tail),
		cmocka_unit_test(without_grouping_requests_are_unmovable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
