/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a request would fail: a verdict for each zone, without a change anywhere.
 */
#include "config.h"

#include "core.h"
#include "../src/mm/internal.h"

static const struct zone_verdict *verdict_of(const struct alloc_explanation *ex, enum zone_type type)
{
	for (unsigned int i = 0; i < ex->nr; i++)
		if (ex->zones[i].zone->type == type)
			return &ex->zones[i];
	fail_msg("no verdict on zone %s", zone_type_name(type));
	return NULL;
}

static struct alloc_explanation explain(const struct mm *mm, gfp_t gfp, unsigned int order)
{
	struct alloc_request req = { .gfp = gfp, .order = order };
	struct alloc_explanation ex;

	alloc_explain(mm, &req, &ex);
	return ex;
}

/* DMA 0..15, Normal 16..63; min is 8 in all, 2 of it DMA's: 16 / 64. */
static struct mm *two_zones(struct test_layout *t)
{
	tiny_layout(t, 64, 3);
	t->layout.sysctl.min_free_kbytes = 32;
	t->layout.sysctl.lowmem_reserve_ratio[ZONE_DMA] = 12;
	t->layout.nr_zones = 0;
	test_zone(t, ZONE_DMA, 16 * 4 * KIB);
	test_zone(t, ZONE_NORMAL, 0);
	return test_boot(t);
}

/* The preferred zone comes first; a zone above the one asked for is named as such. */
static void each_zone_has_a_verdict(void **state)
{
	struct alloc_explanation ex;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t);
	ex = explain(mm, GFP_KERNEL, 0);
	assert_int_equal(ex.nr, 2);
	assert_int_equal(ex.zones[0].zone->type, ZONE_NORMAL);
	assert_int_equal(ex.zones[0].verdict, VERDICT_OK);
	assert_int_equal(ex.zones[1].verdict, VERDICT_OK);
	assert_int_equal(ex.zones[0].mark, 6);
	assert_int_equal(ex.zones[0].reserve, 0);
	/* Normal's 48 pages / 12 are kept in DMA */
	assert_int_equal(ex.zones[1].mark, 2);
	assert_int_equal(ex.zones[1].reserve, 4);
	assert_int_equal(ex.largest_order, 5);
	assert_int_equal(ex.largest_zone->type, ZONE_NORMAL);
	assert_int_equal(ex.fragindex, -1000);

	ex = explain(mm, GFP_KERNEL | __GFP_DMA, 4);
	assert_int_equal(verdict_of(&ex, ZONE_NORMAL)->verdict, VERDICT_ZONE_TOO_HIGH);
	/* 16 pages, and the request would leave none above min */
	assert_int_equal(verdict_of(&ex, ZONE_DMA)->verdict, VERDICT_WATERMARK);
	assert_int_equal(ex.largest_order, 4);
	ex = explain(mm, GFP_KERNEL | __GFP_DMA | __GFP_MEMALLOC, 4);
	assert_int_equal(verdict_of(&ex, ZONE_DMA)->verdict, VERDICT_OK);
	mm_free(mm);
}

/* Every second page of Normal is free: 24 single pages; none of two together. */
static void pages_without_a_block_are_told(void **state)
{
	struct alloc_explanation ex;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t);
	assert_int_equal(take_all(mm, GFP_KERNEL | __GFP_MEMALLOC, 0), 64);
	for (unsigned long pfn = 16; pfn < 64; pfn += 2)
		give(mm, pfn, 0);
	ex = explain(mm, GFP_KERNEL, 1);
	assert_int_equal(verdict_of(&ex, ZONE_NORMAL)->verdict, VERDICT_NO_BLOCK);
	assert_int_equal(verdict_of(&ex, ZONE_NORMAL)->largest, 0);
	assert_int_equal(verdict_of(&ex, ZONE_NORMAL)->free, 24);
	assert_int_equal(verdict_of(&ex, ZONE_DMA)->verdict, VERDICT_WATERMARK);
	assert_int_equal(verdict_of(&ex, ZONE_DMA)->largest, -1);
	assert_int_equal(ex.largest_order, 0);
	/* 1000 - (1000 + 24 * 1000 / 2) / 24 = 1000 - 541: half way to fragmented */
	assert_int_equal(ex.fragindex, 459);
	ex = explain(mm, GFP_KERNEL, 0);
	assert_int_equal(verdict_of(&ex, ZONE_NORMAL)->verdict, VERDICT_OK);
	mm_free(mm);
}

/* What the request may not have does not count as usable: CMA's pages. */
static void usable_is_less_than_free(void **state)
{
	struct alloc_explanation ex;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_cma(&t, "area", 0, 32 * 4 * KIB);
	mm = test_boot(&t);
	assert_int_equal(take(mm, GFP_KERNEL, 4), 32);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 4), 48);
	ex = explain(mm, GFP_KERNEL, 0);
	assert_int_equal(ex.zones[0].free, 32);
	assert_int_equal(ex.zones[0].usable, 0);
	assert_int_equal(ex.zones[0].verdict, VERDICT_WATERMARK);
	ex = explain(mm, MOVABLE, 0);
	assert_int_equal(ex.zones[0].usable, 32);
	assert_int_equal(ex.zones[0].verdict, VERDICT_OK);
	assert_int_equal(ex.zones[0].largest, 5);
	mm_free(mm);
}

/* Who cannot sleep may have HIGHATOMIC blocks for single pages alone; only high-order atomic requests have
 * more. */
static void highatomic_is_for_single_pages(void **state)
{
	struct alloc_explanation ex;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	set_pageblock_migratetype(mm, 0, MIGRATE_HIGHATOMIC);
	assert_int_equal(move_freepages_block(mm, normal_zone(mm), 0, MIGRATE_HIGHATOMIC, NULL), 32);
	assert_int_equal(take(mm, MOVABLE, 5), 32);
	ex = explain(mm, GFP_NOWAIT, 0);
	assert_int_equal(ex.zones[0].verdict, VERDICT_OK);
	ex = explain(mm, GFP_NOWAIT, 2);
	assert_int_equal(ex.zones[0].largest, -1);
	assert_int_equal(ex.zones[0].verdict, VERDICT_NO_BLOCK);
	ex = explain(mm, GFP_ATOMIC, 2);
	assert_int_equal(ex.zones[0].largest, 5);
	mm_free(mm);
}

/* Asking changes nothing, and the answer is what the request then meets. */
static void asking_changes_nothing(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t);
	for (unsigned int order = 0; order <= 5; order++)
		explain(mm, GFP_ATOMIC, order);
	assert_free_lists(mm, normal_zone(mm), "4M:16 5M:32");
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 0);
	for (int n = 0; n < 64; n++) {
		struct alloc_explanation ex = explain(mm, GFP_NOWAIT, 0);
		bool ok = verdict_of(&ex, ZONE_NORMAL)->verdict == VERDICT_OK ||
			  verdict_of(&ex, ZONE_DMA)->verdict == VERDICT_OK;

		assert_int_equal(ok, take(mm, GFP_NOWAIT, 0) != PFN_NONE);
	}
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_zone_has_a_verdict),  cmocka_unit_test(pages_without_a_block_are_told),
		cmocka_unit_test(usable_is_less_than_free), cmocka_unit_test(highatomic_is_for_single_pages),
		cmocka_unit_test(asking_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
