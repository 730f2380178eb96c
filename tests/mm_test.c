/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine as a value: what page_lookup() and page_zone() say of a frame in
 * every state there is.
 */
#include "config.h"

#include "core.h"

static void assert_page(const struct mm *mm, unsigned long pfn, enum page_state state, unsigned long head,
			unsigned int order, int migratetype)
{
	struct page_info info;

	page_lookup(mm, pfn, &info);
	assert_int_equal(info.state, state);
	assert_int_equal(info.head, head);
	assert_int_equal(info.order, order);
	assert_int_equal(info.migratetype, migratetype);
	assert_ptr_equal(info.zone, page_zone(mm, pfn));
	assert_int_equal(info.page != NULL, state >= PAGE_FREE);
}

static void assert_name(const struct mm *mm, unsigned long pfn, const char *name)
{
	struct page_info info;

	page_lookup(mm, pfn, &info);
	assert_string_equal(info.name, name);
}

/* Memory 0..63 and 96..127, of which 8..15 is reserved, 16..23 not mapped. */
static void each_state_is_told(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.features.pcp = true;
	test_memory(&t, 0, 96 * 4 * KIB, 32 * 4 * KIB);
	test_reserve(&t, "kernel", 8 * 4 * KIB, 8 * 4 * KIB);
	test_reserve(&t, "firmware", 16 * 4 * KIB, 8 * 4 * KIB)->no_map = true;
	mm = test_boot(&t);
	assert_free_lists(mm, normal_zone(mm), "3M:0,24 5M:32,96");
	assert_int_equal(take(mm, RECLAIMABLE, 2), 32);
	assert_int_equal(take(mm, MOVABLE, 1), 0);
	give(mm, 0, 1);

	assert_page(mm, 0, PAGE_PCP, 0, 1, MIGRATE_MOVABLE);
	assert_page(mm, 1, PAGE_PCP, 0, 1, MIGRATE_MOVABLE);
	assert_page(mm, 2, PAGE_FREE, 2, 1, MIGRATE_MOVABLE);
	assert_page(mm, 7, PAGE_FREE, 4, 2, MIGRATE_MOVABLE);
	assert_page(mm, 9, PAGE_RESERVED, 9, 0, MIGRATE_MOVABLE);
	assert_name(mm, 9, "kernel");
	assert_page(mm, 20, PAGE_NOMAP, 20, 0, MIGRATE_MOVABLE);
	assert_name(mm, 20, "firmware");
	assert_page(mm, 35, PAGE_USED, 32, 2, MIGRATE_RECLAIMABLE);
	assert_page(mm, 36, PAGE_FREE, 36, 2, MIGRATE_RECLAIMABLE);
	assert_page(mm, 127, PAGE_FREE, 96, 5, MIGRATE_MOVABLE);
	mm_free(mm);
}

/* Where there is no memory there is no zone, whatever is asked. */
static void no_memory_is_a_hole(void **state)
{
	static const unsigned long holes[] = { 64, 95, 128, 1UL << 40, PFN_NONE };
	struct test_layout t;
	struct page_info info;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_memory(&t, 0, 96 * 4 * KIB, 32 * 4 * KIB);
	mm = test_boot(&t);
	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
		page_lookup(mm, holes[i], &info);
		assert_int_equal(info.state, PAGE_HOLE);
		assert_int_equal(info.head, holes[i]);
		assert_null(info.zone);
		assert_null(info.page);
		assert_null(page_zone(mm, holes[i]));
	}
	mm_free(mm);
}

/* Zones that meet inside a pageblock: each frame has its own. */
static void a_pageblock_can_have_two_zones(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.nr_zones = 0;
	test_zone(&t, ZONE_DMA, 20 * 4 * KIB);
	test_zone(&t, ZONE_NORMAL, 0);
	mm = test_boot(&t);
	assert_int_equal(page_zone(mm, 19)->type, ZONE_DMA);
	assert_int_equal(page_zone(mm, 20)->type, ZONE_NORMAL);
	assert_true(pfn_to_pageblock(mm, 19)->flags & PB_TWO_ZONES);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* Nothing is shared: what is done to one machine does not show in another of the same layout. */
static void machines_live_side_by_side(void **state)
{
	struct test_layout t;
	struct mm *a, *b;

	(void)state;
	tiny_layout(&t, 64, 3);
	a = test_boot(&t);
	b = test_boot(&t);
	take_all(a, MOVABLE, 0);
	assert_free_lists(b, normal_zone(b), "5M:0,32");
	mm_free(a);
	assert_int_equal(take(b, MOVABLE, 5), 0);
	mm_free(b);
	mm_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_is_told),
		cmocka_unit_test(no_memory_is_a_hole),
		cmocka_unit_test(a_pageblock_can_have_two_zones),
		cmocka_unit_test(machines_live_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
