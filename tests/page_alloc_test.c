/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request's way through zones and watermarks: how deep each GFP word may go
 * into the reserves, which zones it tries, and when types may be mixed.
 */
#include "config.h"

#include "core.h"

/* --------------------------------------------------- flags and floors --- */

/* gfp_to_alloc_flags() of Linux 6.1 for the words that differ in it. */
static void gfp_words_open_reserves(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order, flags;
	} known[] = {
		{ GFP_KERNEL, 0, ALLOC_KSWAPD },
		{ GFP_KERNEL | __GFP_HIGH, 3, ALLOC_KSWAPD | ALLOC_MIN_RESERVE },
		{ GFP_ATOMIC, 0, ALLOC_KSWAPD | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK },
		{ GFP_ATOMIC, 1, ALLOC_KSWAPD | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK | ALLOC_HIGHATOMIC },
		{ GFP_ATOMIC | __GFP_NOMEMALLOC, 1, ALLOC_KSWAPD | ALLOC_MIN_RESERVE },
		{ GFP_NOWAIT, 1, ALLOC_KSWAPD | ALLOC_NON_BLOCK },
		{ GFP_NOIO & ~__GFP_KSWAPD_RECLAIM, 0, 0 },
		{ GFP_HIGHUSER_MOVABLE, 0, ALLOC_KSWAPD | ALLOC_CMA },
		{ 0, 0, ALLOC_NON_BLOCK },
	};
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(gfp_to_alloc_flags(mm, known[i].gfp, known[i].order), known[i].flags);
	assert_int_equal(gfp_pfmemalloc_flags(GFP_KERNEL), 0);
	assert_int_equal(gfp_pfmemalloc_flags(GFP_KERNEL | __GFP_MEMALLOC), ALLOC_NO_WATERMARKS);
	assert_int_equal(gfp_pfmemalloc_flags(GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOMEMALLOC), 0);
	mm_free(mm);
}

/* Half for __GFP_HIGH, a quarter less of that if it cannot sleep either, half of all for the OOM killer's
 * victim. */
static void floors_are_parts_of_the_watermark(void **state)
{
	(void)state;
	assert_int_equal(watermark_floor(100, 0), 100);
	assert_int_equal(watermark_floor(100, ALLOC_CMA | ALLOC_KSWAPD), 100);
	assert_int_equal(watermark_floor(100, ALLOC_MIN_RESERVE), 50);
	assert_int_equal(watermark_floor(100, ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK), 38); /* 50 - 12 */
	assert_int_equal(watermark_floor(100, ALLOC_NON_BLOCK), 100);
	assert_int_equal(watermark_floor(100, ALLOC_OOM), 50);
	assert_int_equal(watermark_floor(100, ALLOC_OOM | ALLOC_MIN_RESERVE), 25);
	assert_int_equal(watermark_floor(101, ALLOC_MIN_RESERVE), 51);
}

/* 16 MiB, no page sets, min 100, low 125, high 150. */
static void reserve_layout(struct test_layout *t)
{
	test_one_zone(t, 16 * MIB);
	t->layout.features.pcp = false;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 400;
	t->layout.sysctl.watermark_boost_factor = 0;
}

static unsigned long left_after(gfp_t gfp)
{
	struct test_layout t;
	unsigned long left;
	struct mm *mm;

	reserve_layout(&t);
	mm = test_boot(&t);
	take_all(mm, gfp, 0);
	left = (unsigned long)zone_page_state_snapshot(normal_zone(mm), mm, NR_FREE_PAGES);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
	return left;
}

/*
 * How many of 4096 pages each kind of request leaves: the counter goes down in
 * steps of 3 (see vmstat_test.c), 4096, 4093 …, and the last request is
 * refused when it is no longer above the floor. So it is the largest number
 * of the form 3n + 1 up to 100, 50, 38.
 */
static void each_gfp_word_has_its_depth(void **state)
{
	(void)state;
	assert_int_equal(left_after(GFP_KERNEL), 100);
	assert_int_equal(left_after(GFP_NOWAIT), 100);
	assert_int_equal(left_after(GFP_KERNEL | __GFP_HIGH), 49);
	assert_int_equal(left_after(GFP_ATOMIC), 37);
	assert_int_equal(left_after(GFP_ATOMIC | __GFP_NOMEMALLOC), 49);
	assert_int_equal(left_after(GFP_KERNEL | __GFP_MEMALLOC), 0);
}

/* kswapd is woken when a request finds low not met, before it goes down to min; not by one that forbids it.
 */
static void kswapd_is_woken_below_low(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	reserve_layout(&t);
	mm = test_boot(&t);
	/* the counter goes 4096, 4093 … 127, 124: 4096 - 124 = 3972 requests find it above 125 */
	for (int i = 0; i < 3972; i++)
		assert_true(take(mm, GFP_KERNEL, 0) != PFN_NONE);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 0);
	assert_true(take(mm, GFP_KERNEL & ~__GFP_KSWAPD_RECLAIM, 0) != PFN_NONE);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 0);
	assert_true(take(mm, GFP_KERNEL, 0) != PFN_NONE);
	assert_int_equal(mm->nodes[0].kswapd_wakeups, 1);
	mm_free(mm);
}

/* What is to be left must be left after the request: 16 of 80 free pages above a mark of 64 serve order 4
 * only beyond. */
static void a_large_request_counts_itself(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 96, 3);
	t.layout.sysctl.min_free_kbytes = 256;
	mm = test_boot(&t);
	assert_int_equal(normal_zone(mm)->watermark[WMARK_MIN], 64);
	assert_int_equal(take(mm, MOVABLE | __GFP_NORETRY, 4), 0);
	/* 80 - 15 = 65 is above 64; 64 would not be */
	assert_int_equal(take(mm, MOVABLE | __GFP_NORETRY, 4), 16);
	assert_int_equal(take(mm, MOVABLE | __GFP_NORETRY, 0), PFN_NONE);
	mm_free(mm);
}

/* Enough pages, but none together: an order-1 request needs a block. */
static void a_large_request_needs_a_block(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	take_all(mm, GFP_KERNEL, 0);
	for (unsigned long pfn = 0; pfn < 64; pfn += 2)
		give(mm, pfn, 0);
	assert_int_equal(take(mm, GFP_KERNEL, 1), PFN_NONE);
	give(mm, 33, 0);
	assert_int_equal(take(mm, GFP_KERNEL, 1), 32);
	mm_free(mm);
}

/* The boost counts for ordinary requests; an atomic one of order 0 is measured by min alone. */
static void the_boost_spares_atomic_pages(void **state)
{
	struct test_layout t;
	struct zone *zone;
	struct mm *mm;

	(void)state;
	reserve_layout(&t);
	mm = test_boot(&t);
	zone = normal_zone(mm);
	for (int i = 0; i < 3796; i++)
		take(mm, GFP_KERNEL, 0);
	/* 300 pages are free, the counter is 301 */
	zone->watermark_boost = 512;
	/* nobody here may reclaim: kswapd would end the boost. 100 + 512, and half of that = 306 */
	assert_int_equal(take(mm, GFP_NOWAIT, 0), PFN_NONE);
	assert_int_equal(take(mm, __GFP_HIGH | __GFP_NOMEMALLOC, 0), PFN_NONE);
	assert_true(take(mm, GFP_ATOMIC | __GFP_NOMEMALLOC, 0) != PFN_NONE);
	assert_true(take(mm, GFP_ATOMIC, 0) != PFN_NONE);
	/* (100 + 512) / 2 - a quarter = 230 */
	assert_true(take(mm, GFP_ATOMIC, 1) != PFN_NONE);
	zone->watermark_boost = 1024;
	assert_int_equal(take(mm, GFP_ATOMIC, 1), PFN_NONE);
	mm_free(mm);
}

/* ---------------------------------------------------------------- zones --- */

/* DMA to 4 MiB, Normal to 16 MiB; no watermarks, and ratio as lowmem_reserve_ratio of DMA. */
static struct mm *two_zones(struct test_layout *t, unsigned int ratio)
{
	reserve_layout(t);
	t->layout.sysctl.min_free_kbytes = 0;
	t->layout.sysctl.watermark_scale_factor = 0;
	t->layout.sysctl.lowmem_reserve_ratio[ZONE_DMA] = ratio;
	t->layout.nr_zones = 0;
	test_zone(t, ZONE_DMA, 4 * MIB);
	test_zone(t, ZONE_NORMAL, 0);
	return test_boot(t);
}

static unsigned long serve_from(struct mm *mm, gfp_t gfp, enum zone_type type)
{
	unsigned long n = 0, pfn;

	while ((pfn = take(mm, gfp | __GFP_NORETRY, 0)) != PFN_NONE && page_zone(mm, pfn)->type == type)
		n++;
	if (pfn != PFN_NONE)
		give(mm, pfn, 0);
	return n;
}

/* A request for Normal uses all of it, then goes down to DMA; one for DMA has nowhere else to go. */
static void zones_are_tried_from_the_top(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t, 0);
	assert_int_equal(take(mm, GFP_KERNEL | GFP_DMA, 0), 0);
	assert_int_equal(serve_from(mm, GFP_KERNEL, ZONE_NORMAL), 3072);
	assert_int_equal(serve_from(mm, GFP_KERNEL, ZONE_DMA), 1023);
	assert_int_equal(take(mm, GFP_KERNEL | GFP_DMA, 0), PFN_NONE);
	mm_free(mm);

	mm = two_zones(&t, 0);
	assert_int_equal(serve_from(mm, GFP_KERNEL | GFP_DMA, ZONE_DMA), 1024);
	assert_int_equal(take(mm, GFP_KERNEL | GFP_DMA, 0), PFN_NONE);
	mm_free(mm);
}

/*
 * lowmem_reserve: DMA keeps Normal's 3072 pages / 16 = 192 from requests that
 * could have had Normal memory; its own go on. 1024 - 3n = 190, the first not above 192.
 */
static void low_memory_is_reserved_for_those_who_need_it(void **state)
{
	struct test_layout t;
	struct zone *dma;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t, 16);
	dma = test_find_zone(mm, 0, ZONE_DMA);
	assert_int_equal(dma->lowmem_reserve[1], 192);
	serve_from(mm, GFP_KERNEL, ZONE_NORMAL);
	serve_from(mm, GFP_KERNEL, ZONE_DMA);
	assert_int_equal(zone_page_state_snapshot(dma, mm, NR_FREE_PAGES), 190);
	/* no word goes into this reserve */
	assert_int_equal(take(mm, GFP_ATOMIC, 0), PFN_NONE);
	assert_int_equal(take_all(mm, GFP_KERNEL | GFP_DMA | __GFP_NORETRY, 0), 190);
	mm_free(mm);
}

/* Two nodes of 16 MiB, each with one zone. */
static struct mm *two_nodes(struct test_layout *t)
{
	reserve_layout(t);
	t->layout.sysctl.min_free_kbytes = 0;
	t->layout.sysctl.watermark_scale_factor = 0;
	test_memory(t, 1, 16 * MIB, 16 * MIB);
	return test_boot(t);
}

/* A node's request goes to the other node when its own has nothing, unless __GFP_THISNODE binds it. */
static void nodes_help_each_other(void **state)
{
	struct alloc_request req = { .gfp = GFP_KERNEL | __GFP_THISNODE | __GFP_NORETRY,
				     .node = 1,
				     .order = 10 };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_nodes(&t);
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(alloc_pages(mm, &req), 4096 + (i << 10));
	assert_int_equal(alloc_pages(mm, &req), PFN_NONE);
	req.gfp = GFP_KERNEL;
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(alloc_pages(mm, &req), i << 10);
	assert_int_equal(alloc_pages(mm, &req), PFN_NONE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* --------------------------------------------------------- NOFRAGMENT --- */

/*
 * DMA32 to 8 MiB, Normal above. Normal has Movable blocks of half a pageblock
 * only. An Unmovable request could take one, and would mix types; DMA32
 * has whole pageblocks, so it goes there first.
 */
static void mixing_types_is_put_off(void **state)
{
	struct test_layout t;
	unsigned long pfn;
	struct mm *mm;

	(void)state;
	reserve_layout(&t);
	t.layout.nr_zones = 0;
	t.layout.sysctl.min_free_kbytes = 0;
	t.layout.sysctl.watermark_scale_factor = 0;
	t.layout.sysctl.lowmem_reserve_ratio[ZONE_DMA32] = 0;
	test_zone(&t, ZONE_DMA32, 8 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	mm = test_boot(&t);
	for (unsigned long i = 0; i < 8; i++)
		assert_int_equal(take(mm, MOVABLE, 8), 2048 + (i << 8));
	for (unsigned long i = 0; i < 8; i += 2)
		give(mm, 2048 + (i << 8), 8);
	assert_free_lists(mm, normal_zone(mm), "8M:3584,3072,2560,2048");
	assert_int_equal(take(mm, GFP_KERNEL, 8), 0);
	/* once DMA32 has none either, types are mixed in the zone that was preferred */
	while ((pfn = take(mm, GFP_KERNEL, 8)) < 2048)
		;
	assert_int_equal(pfn, 3584);
	mm_free(mm);
}

/* Without a DMA32 below it Normal is not spared: the kernel's rule is for that pair. */
static void without_dma32_types_are_mixed_at_once(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = two_zones(&t, 0);
	for (unsigned long i = 0; i < 12; i++)
		assert_int_equal(take(mm, MOVABLE, 8), 1024 + (i << 8));
	give(mm, 1024, 8);
	assert_int_equal(take(mm, GFP_KERNEL, 0), 1024);
	mm_free(mm);
}

/* With two nodes: the other node is no reason to put mixing off, being near counts more. */
static void mixing_types_is_better_than_another_node(void **state)
{
	struct alloc_request req = { .gfp = MOVABLE, .order = 8, .node = 1 };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	reserve_layout(&t);
	t.layout.nr_zones = 0;
	t.layout.sysctl.min_free_kbytes = 0;
	t.layout.sysctl.watermark_scale_factor = 0;
	t.layout.sysctl.lowmem_reserve_ratio[ZONE_DMA32] = 0;
	test_zone(&t, ZONE_DMA32, 20 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 1, 16 * MIB, 8 * MIB);
	mm = test_boot(&t);
	/* node 1: DMA32 4096..5119, Normal 5120..6143; all taken but half a pageblock each, in the order of
	 * the zonelist */
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(alloc_pages(mm, &req), 5120 + (i << 8));
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(alloc_pages(mm, &req), 4096 + (i << 8));
	give(mm, 5120, 8);
	give(mm, 4096, 8);
	req.gfp = GFP_KERNEL;
	assert_int_equal(alloc_pages(mm, &req), 5120);
	mm_free(mm);
}

/* ----------------------------------------------------------------- CMA --- */

/* Pages of an area do not count for requests that may not have them. */
static void cma_pages_count_for_movable_requests_only(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	test_cma(&t, "area", 0, 32 * 4 * KIB);
	mm = test_boot(&t);
	assert_int_equal(take_all(mm, GFP_KERNEL, 3), 4);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_MEMALLOC, 0), PFN_NONE);
	assert_int_equal(take_all(mm, MOVABLE, 3), 4);
	mm_free(mm);
}

/* ------------------------------------------------------ bad requests --- */

static void unsound_requests_are_named(void **state)
{
	struct alloc_request req = { .gfp = GFP_KERNEL, .order = 5 };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	assert_null(alloc_request_error(mm, &req));
	req.order = 6;
	assert_non_null(strstr(alloc_request_error(mm, &req), "max_order"));
	req.order = 0;
	req.node = 1;
	assert_non_null(strstr(alloc_request_error(mm, &req), "node"));
	req.node = -1;
	assert_non_null(strstr(alloc_request_error(mm, &req), "node"));
	req.node = 0;
	req.cpu = 1;
	assert_non_null(strstr(alloc_request_error(mm, &req), "CPU"));
	req.cpu = 0;
	req.gfp = __GFP_DMA | __GFP_HIGHMEM;
	assert_non_null(strstr(alloc_request_error(mm, &req), "GFP_ZONE_BAD"));
	req.gfp = __GFP_MOVABLE | __GFP_RECLAIMABLE;
	assert_non_null(strstr(alloc_request_error(mm, &req), "exclude each other"));
	mm_free(mm);
}

/* __GFP_NOFAIL never loops for ever here: it takes the last page and then says no. */
static void nofail_is_answered_honestly(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	t.layout.sysctl.min_free_kbytes = 32;
	mm = test_boot(&t);
	assert_int_equal(take_all(mm, GFP_KERNEL | __GFP_NOFAIL, 0), 64);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_NOFAIL, 0), PFN_NONE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* Nor when memory is in pieces and reclaim says that compaction could go on, which finds nothing to move. */
static void nofail_ends_when_nothing_changes(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 4 * MIB);
	t.layout.max_order = 6;
	t.layout.pageblock_order = 5;
	t.layout.features.pcp = false;
	t.layout.sysctl.min_free_kbytes = 8;
	mm = test_boot(&t);
	while (take(mm, GFP_KERNEL | __GFP_NORETRY, 0) != PFN_NONE)
		;
	for (unsigned long pfn = 0; pfn < 1000; pfn += 2)
		give(mm, pfn, 0);
	assert_int_equal(take(mm, GFP_KERNEL | __GFP_NOFAIL, 4), PFN_NONE);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* The owner, the mobility asked for and what compaction may do are kept with the block. */
static void a_block_remembers_its_request(void **state)
{
	struct alloc_request req = {
		.gfp = RECLAIMABLE | __GFP_COMP, .order = 2, .migratable = true, .owner = 77
	};
	struct test_layout t;
	const struct page *page;
	unsigned long pfn;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	pfn = alloc_pages(mm, &req);
	page = pfn_to_page(mm, pfn);
	assert_int_equal(page->private, 77);
	assert_int_equal(page->flags,
			 PG_USED | 2 | PG_COMPOUND | PG_MIGRATABLE | MIGRATE_RECLAIMABLE << PG_MT_SHIFT);
	give(mm, pfn, 2);
	assert_int_equal(page->flags & PG_USED, 0);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gfp_words_open_reserves),
		cmocka_unit_test(floors_are_parts_of_the_watermark),
		cmocka_unit_test(each_gfp_word_has_its_depth),
		cmocka_unit_test(kswapd_is_woken_below_low),
		cmocka_unit_test(a_large_request_counts_itself),
		cmocka_unit_test(a_large_request_needs_a_block),
		cmocka_unit_test(the_boost_spares_atomic_pages),
		cmocka_unit_test(zones_are_tried_from_the_top),
		cmocka_unit_test(low_memory_is_reserved_for_those_who_need_it),
		cmocka_unit_test(nodes_help_each_other),
		cmocka_unit_test(mixing_types_is_put_off),
		cmocka_unit_test(without_dma32_types_are_mixed_at_once),
		cmocka_unit_test(mixing_types_is_better_than_another_node),
		cmocka_unit_test(cma_pages_count_for_movable_requests_only),
		cmocka_unit_test(unsound_requests_are_named),
		cmocka_unit_test(nofail_is_answered_honestly),
		cmocka_unit_test(nofail_ends_when_nothing_changes),
		cmocka_unit_test(a_block_remembers_its_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
