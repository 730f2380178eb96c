/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HIGHATOMIC reserve: which requests make it, who may use it, and when it
 * is given back. The expected lists follow from reserve_highatomic_pageblock()
 * and unreserve_highatomic_pageblock() of Linux 6.1, by hand.
 */
#include "config.h"

#include "core.h"

/*
 * 16 MiB and min_free_kbytes 8000: min 2000, low 2500. Three Movable
 * pageblocks are in use, 2560 pages free: below low for an order-9 request,
 * so an atomic one goes down to min - min/2 - min/8 = 750 on its slow way.
 */
static struct mm *highatomic_machine(struct test_layout *t)
{
	struct mm *mm;

	test_one_zone(t, 16 * MIB);
	t->layout.features.pcp = false;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 8000;
	t->layout.sysctl.watermark_boost_factor = 0;
	mm = test_boot(t);
	for (unsigned long i = 0; i < 3; i++)
		assert_int_equal(take(mm, MOVABLE, 9), i << 9);
	assert_free_lists(mm, normal_zone(mm), "9M:1536 10M:2048,3072");
	return mm;
}

/* The reserve may grow while it is below 1% of the zone and a pageblock, 40 + 512 pages: twice. */
static void atomic_requests_reserve_pageblocks(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	mm = highatomic_machine(&t);
	zone = normal_zone(mm);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 2048);
	assert_pageblocks(mm, "MMMMHUMM");
	assert_int_equal(zone->nr_reserved_highatomic, 512);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 2560);
	assert_int_equal(zone->nr_reserved_highatomic, 1024);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 3072);
	assert_pageblocks(mm, "MMMMHHUU");
	assert_int_equal(zone->nr_reserved_highatomic, 1024);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), PFN_NONE);
	mm_free(mm);
}

/* What is free in the pageblock goes with it, and serves the next atomic request. */
static void a_reserved_pageblock_takes_its_free_pages_along(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = highatomic_machine(&t);
	assert_int_equal(take(mm, MOVABLE, 5), 1536);
	assert_int_equal(take(mm, MOVABLE, 5), 1568);
	/* 2496 pages are free: low is not met any more */
	assert_int_equal(take(mm, GFP_ATOMIC, 8), 2048);
	assert_pageblocks(mm, "MMMMHUMM");
	assert_free_lists(mm, normal_zone(mm), "6M:1600 7M:1664 8M:1792 8H:2304 9U:2560 10M:3072");
	assert_int_equal(take(mm, GFP_ATOMIC, 1), 2304);
	/* an order-0 request has the Unmovable lists first */
	assert_int_equal(take(mm, GFP_ATOMIC, 0), 2560);
	assert_int_equal(normal_zone(mm)->nr_reserved_highatomic, 512);
	mm_free(mm);
}

/* A HIGHATOMIC pageblock does not merge with the ordinary one beside it, nor serve ordinary requests. */
static void a_reserved_pageblock_keeps_its_border(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = highatomic_machine(&t);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 2048);
	give(mm, 2048, 9);
	assert_free_lists(mm, normal_zone(mm), "9U:2560 9M:1536 9H:2048 10M:3072");
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 9), 2560);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 9), 3072);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 9), 3584);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 9), 1536);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY, 9), PFN_NONE);
	assert_free_lists(mm, normal_zone(mm), "9H:2048");
	mm_free(mm);
}

/*
 * The reserve does not count as free for others: of 2560 pages 512 are held
 * back, so an order-0 request that may go down to 2000 is refused at 2512. Before
 * that is final, reclaim having nothing, the pageblock is given back to the type that asks.
 */
static void a_reserve_is_given_back_before_failing(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	mm = highatomic_machine(&t);
	zone = normal_zone(mm);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 2048);
	give(mm, 2048, 9);
	while (take(mm, GFP_KERNEL | __GFP_NORETRY, 0) != PFN_NONE)
		;
	/* the counter's threshold is 2, so it goes down in steps of 3: 2560, 2557 … 2515, 2512 */
	assert_int_equal(zone->vm_stat[NR_FREE_PAGES], 2512);
	assert_int_equal(zone->nr_reserved_highatomic, 512);
	assert_true(take(mm, RECLAIMABLE, 0) != PFN_NONE);
	assert_int_equal(zone->nr_reserved_highatomic, 0);
	assert_int_equal(pfn_to_pageblock(mm, 2048)->migratetype, MIGRATE_RECLAIMABLE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/*
 * Giving a reserve back merges nothing: the two halves of 2048's order-10 block stay apart on one list. An
 * order-10 request finds 2560 - 1023 usable pages, too few above 2000, so the reserve goes back in vain.
 */
static void a_reserve_given_back_stays_apart(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = highatomic_machine(&t);
	assert_int_equal(take(mm, GFP_ATOMIC, 9), 2048);
	give(mm, 2048, 9);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_RETRY_MAYFAIL, 10), PFN_NONE);
	assert_int_equal(normal_zone(mm)->nr_reserved_highatomic, 0);
	assert_free_lists(mm, normal_zone(mm), "9U:2560,2048 9M:1536 10M:3072");
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(atomic_requests_reserve_pageblocks),
		cmocka_unit_test(a_reserved_pageblock_takes_its_free_pages_along),
		cmocka_unit_test(a_reserved_pageblock_keeps_its_border),
		cmocka_unit_test(a_reserve_is_given_back_before_failing),
		cmocka_unit_test(a_reserve_given_back_stays_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
