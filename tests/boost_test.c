/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The watermark boost: when types are mixed in a pageblock, how much is held
 * back for it, and whom it wakes. Expected values follow from
 * boost_watermark() and steal_suitable_fallback() of Linux 6.1, by hand.
 */
#include "config.h"

#include "core.h"

/*
 * 16 MiB, 8 pageblocks of 512 pages, min_free_kbytes 2000: min 500, and the
 * distance to low and high max(4096 * 10 / 10000, 500 / 4) = 125; high 750.
 */
static struct mm *boost_machine(struct test_layout *t, unsigned int factor)
{
	test_one_zone(t, 16 * MIB);
	t->layout.features.pcp = false;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 2000;
	t->layout.sysctl.watermark_boost_factor = factor;
	return test_boot(t);
}

/*
 * 13 Movable blocks of order 8, then six of them free again: Movable memory is
 * the whole pageblock 7 and seven halves of pageblocks.
 */
static void halve_pageblocks(struct mm *mm)
{
	for (unsigned long i = 0; i < 13; i++)
		assert_int_equal(take(mm, MOVABLE, 8), i << 8);
	for (unsigned long i = 0; i < 12; i += 2)
		give(mm, i << 8, 8);
	assert_free_lists(mm, normal_zone(mm), "8M:2560,2048,1536,1024,512,0,3328 9M:3584");
}

/* Each time types are mixed, the boost grows by a pageblock, up to high * factor / 10000: 750 * 1.5 = 1125.
 */
static void mixing_types_boosts_the_watermarks(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	mm = boost_machine(&t, 15000);
	zone = normal_zone(mm);
	assert_int_equal(zone->watermark[WMARK_HIGH], 750);
	halve_pageblocks(mm);
	/* a whole pageblock is retyped, not mixed; its other half serves the second request */
	assert_int_equal(take(mm, GFP_KERNEL, 8), 3584);
	assert_int_equal(take(mm, GFP_KERNEL, 8), 3840);
	assert_int_equal(zone->watermark_boost, 0);
	assert_int_equal(take(mm, GFP_KERNEL, 8), 2560);
	assert_int_equal(zone->watermark_boost, 512);
	assert_int_equal(take(mm, GFP_KERNEL, 8), 2048);
	assert_int_equal(zone->watermark_boost, 1024);
	/* 1280 pages are free: above min, but not above min + boost = 1524 */
	assert_int_equal(take(mm, GFP_NOWAIT, 8), PFN_NONE);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 8), 1536);
	assert_int_equal(zone->watermark_boost, 1125);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* Memory is still plenty; kswapd is woken because of the boost, for order 0. */
static void a_boost_wakes_kswapd(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = boost_machine(&t, 15000);
	halve_pageblocks(mm);
	take(mm, GFP_KERNEL, 8);
	take(mm, GFP_KERNEL, 8);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 0);
	/* not a request that must leave kswapd alone */
	take(mm, GFP_KERNEL & ~__GFP_KSWAPD_RECLAIM, 8);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 0);
	take(mm, GFP_KERNEL, 8);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 1);
	mm_free(mm);
}

/* The most is a pageblock at least, also where high * factor / 10000 is less: 750 * 0.1. */
static void a_boost_is_a_pageblock_at_least(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = boost_machine(&t, 1000);
	halve_pageblocks(mm);
	for (int i = 0; i < 4; i++)
		assert_true(take(mm, GFP_KERNEL, 8) != PFN_NONE);
	assert_int_equal(normal_zone(mm)->watermark_boost, 512);
	mm_free(mm);
}

static void no_boost_when_switched_off(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = boost_machine(&t, 0);
	halve_pageblocks(mm);
	for (int i = 0; i < 4; i++)
		assert_true(take(mm, GFP_KERNEL, 8) != PFN_NONE);
	assert_int_equal(normal_zone(mm)->watermark_boost, 0);
	mm_free(mm);
}

/* The pageblock need not be claimed for a boost, nor even touched: a page taken alone is enough. */
static void a_page_taken_alone_boosts(void **state)
{
	struct test_layout t;
	struct mm *mm;
	unsigned long pfn;

	(void)state;
	mm = boost_machine(&t, 15000);
	while ((pfn = take(mm, GFP_KERNEL | __GFP_NORETRY, 0)) != PFN_NONE)
		;
	give(mm, 1, 0);
	give(mm, 3, 0);
	give(mm, 5, 0);
	assert_int_equal(normal_zone(mm)->watermark_boost, 0);
	/* the blocks that the reserve holds are Unmovable, those of order 4 and more could be claimed: take
	 * them */
	for (unsigned int order = 10; order >= 4; order--)
		while (take(mm, GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY, order) != PFN_NONE)
			;
	pfn = take(mm, MOVABLE | __GFP_MEMALLOC, 0);
	assert_int_equal(normal_zone(mm)->watermark_boost, 512);
	assert_int_equal(pfn_to_pageblock(mm, pfn)->migratetype, MIGRATE_UNMOVABLE);
	mm_free(mm);
}

/* Zones of less than four pageblocks are left alone: a boost could starve them. */
static void small_zones_are_not_boosted(void **state)
{
	(void)state;
	for (unsigned long blocks = 3; blocks <= 4; blocks++) {
		struct test_layout t;
		struct mm *mm;

		tiny_layout(&t, blocks * 32, 5);
		t.layout.sysctl.min_free_kbytes = 16;
		t.layout.sysctl.watermark_boost_factor = 15000;
		mm = test_boot(&t);
		/* min 4, low 5, high 6: all but the reserve is in use, then a few pages come back */
		while (take(mm, MOVABLE | __GFP_NORETRY, 0) != PFN_NONE)
			;
		for (unsigned long pfn = 0; pfn < 16; pfn++)
			give(mm, pfn, 0);
		assert_int_equal(take(mm, GFP_KERNEL, 0), 0);
		assert_int_equal(normal_zone(mm)->watermark_boost, blocks == 4 ? 32 : 0);
		mm_free(mm);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mixing_types_boosts_the_watermarks),
		cmocka_unit_test(a_boost_wakes_kswapd),
		cmocka_unit_test(a_boost_is_a_pageblock_at_least),
		cmocka_unit_test(no_boost_when_switched_off),
		cmocka_unit_test(a_page_taken_alone_boosts),
		cmocka_unit_test(small_zones_are_not_boosted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
