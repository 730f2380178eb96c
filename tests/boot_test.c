/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boot on machines small enough to reckon by hand: zones, pageblock types,
 * the order of the free lists, and the board's figures.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "machine.h"
#include "../src/mm/boot.h"

/* --------------------------------------------------------------- zones --- */

static void zones_span_holes_and_count_nomap_as_present(void **state)
{
	struct test_layout t;
	struct zone *dma, *normal;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 16 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 640 * KIB);
	test_memory(&t, 0, MIB, 63 * MIB);
	test_memory(&t, 0, 96 * MIB, 32 * MIB);
	test_reserve(&t, "kernel", 32 * MIB, 4 * MIB);
	test_reserve(&t, "firmware", 40 * MIB, 8 * MIB)->no_map = true;
	mm = test_boot(&t);
	dma = test_find_zone(mm, 0, ZONE_DMA);
	normal = test_find_zone(mm, 0, ZONE_NORMAL);
	assert_int_equal(dma->zone_start_pfn, 0);
	assert_int_equal(dma->spanned_pages, PFN(16 * MIB));
	assert_int_equal(dma->present_pages, PFN(16 * MIB - 384 * KIB));
	assert_int_equal(dma->managed_pages, dma->present_pages);
	assert_int_equal(normal->zone_start_pfn, PFN(16 * MIB));
	assert_int_equal(normal->spanned_pages, PFN(112 * MIB));
	assert_int_equal(normal->present_pages, PFN(80 * MIB));
	assert_int_equal(normal->managed_pages, PFN(68 * MIB));
	assert_int_equal(mm->managed_pages, dma->managed_pages + normal->managed_pages);
	assert_int_equal(normal->vm_stat[NR_FREE_PAGES], normal->managed_pages);
	assert_false(populated_zone(test_find_zone(mm, 0, ZONE_MOVABLE)));
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* Each node gives half of what must stay with the kernel. */
static void movablecore_is_shared_out_over_nodes(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, GIB);
	test_memory(&t, 1, GIB, GIB);
	t.layout.movablecore = 512 * MIB;
	mm = test_boot(&t);
	for (unsigned int nid = 0; nid < 2; nid++) {
		struct zone *normal = test_find_zone(mm, nid, ZONE_NORMAL);
		struct zone *movable = test_find_zone(mm, nid, ZONE_MOVABLE);

		assert_int_equal(normal->present_pages, PFN(768 * MIB));
		assert_int_equal(movable->zone_start_pfn, PFN(nid * GIB + 768 * MIB));
		assert_int_equal(movable->present_pages, PFN(256 * MIB));
	}
	mm_free(mm);
}

/* What a small node cannot give the other one bears; Movable begins at a block of the highest order. */
static void kernelcore_is_rebalanced_and_aligned(void **state)
{
	struct zone *movable;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 256 * MIB);
	test_memory(&t, 1, GIB, 2 * GIB);
	t.layout.kernelcore = GIB + 4096;
	mm = test_boot(&t);
	assert_false(populated_zone(test_find_zone(mm, 0, ZONE_MOVABLE)));
	movable = test_find_zone(mm, 1, ZONE_MOVABLE);
	assert_int_equal(movable->zone_start_pfn, PFN(GIB + 772 * MIB));
	assert_int_equal(zone_end_pfn(movable), PFN(3 * GIB));
	mm_free(mm);
}

/* Memory below the highest zone counts as the kernel's, Movable is cut from the highest zone only. */
static void movable_comes_from_the_highest_zone(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 256 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, GIB);
	t.layout.kernelcore = 128 * MIB;
	mm = test_boot(&t);
	assert_int_equal(test_find_zone(mm, 0, ZONE_DMA)->present_pages, PFN(256 * MIB));
	assert_int_equal(test_find_zone(mm, 0, ZONE_NORMAL)->present_pages, 0);
	assert_int_equal(test_find_zone(mm, 0, ZONE_MOVABLE)->present_pages, PFN(768 * MIB));
	mm_free(mm);
}

/* Once the kernel has its share, all that follows on the node is Movable's, holes or not. */
static void kernelcore_ends_within_the_first_range(void **state)
{
	struct zone *movable;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 512 * MIB);
	test_memory(&t, 0, GIB, 512 * MIB);
	t.layout.kernelcore = 256 * MIB;
	mm = test_boot(&t);
	movable = test_find_zone(mm, 0, ZONE_MOVABLE);
	assert_int_equal(test_find_zone(mm, 0, ZONE_NORMAL)->present_pages, PFN(256 * MIB));
	assert_int_equal(movable->zone_start_pfn, PFN(256 * MIB));
	assert_int_equal(movable->present_pages, PFN(768 * MIB));
	mm_free(mm);
}

/* More kernelcore than there is memory: no Movable zone at all. */
static void kernelcore_beyond_memory_leaves_no_movable(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	t.layout.kernelcore = GIB;
	mm = test_boot(&t);
	assert_int_equal(test_find_zone(mm, 0, ZONE_NORMAL)->present_pages, PFN(128 * MIB));
	assert_false(populated_zone(test_find_zone(mm, 0, ZONE_MOVABLE)));
	mm_free(mm);
}

/* ---------------------------------------------------------- pageblocks --- */

static void pageblocks_are_movable_if_their_first_page_is_memory(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0x1000, 6 * MIB - 0x1000); /* frame 0 is missing */
	test_memory(&t, 0, 8 * MIB, MIB);             /* the second half of a block is */
	test_memory(&t, 0, 11 * MIB, MIB);            /* the first half is */
	test_memory(&t, 0, 256 * MIB, 2 * MIB);       /* past a whole empty section */
	mm = test_boot(&t);
	assert_int_equal(mm->pageblocks[0].migratetype, MIGRATE_UNMOVABLE);
	assert_int_equal(mm->pageblocks[0].nr_present, 511);
	assert_int_equal(mm->pageblocks[1].migratetype, MIGRATE_MOVABLE);
	assert_int_equal(mm->pageblocks[3].migratetype, MIGRATE_UNMOVABLE); /* all hole */
	assert_int_equal(mm->pageblocks[3].nr_present, 0);
	assert_true(mm->pageblocks[3].flags & PB_PRESENT);
	assert_int_equal(mm->pageblocks[4].migratetype, MIGRATE_MOVABLE);
	assert_int_equal(mm->pageblocks[4].nr_present, 256);
	assert_int_equal(mm->pageblocks[5].migratetype, MIGRATE_UNMOVABLE);
	assert_true(mm->pageblocks[63].flags & PB_PRESENT);
	assert_false(mm->pageblocks[64].flags & PB_PRESENT);
	assert_true(mm->pageblocks[128].flags & PB_PRESENT);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

static void a_pageblock_may_have_two_zones(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 5 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 16 * MIB);
	mm = test_boot(&t);
	assert_true(mm->pageblocks[2].flags & PB_TWO_ZONES);
	assert_int_equal(mm->pageblocks[2].zone, test_find_zone(mm, 0, ZONE_DMA)->id);
	assert_false(mm->pageblocks[1].flags & PB_TWO_ZONES);
	assert_ptr_equal(page_zone(mm, PFN(5 * MIB) - 1), test_find_zone(mm, 0, ZONE_DMA));
	assert_ptr_equal(page_zone(mm, PFN(5 * MIB)), test_find_zone(mm, 0, ZONE_NORMAL));
	assert_ptr_equal(memmap_zone(mm, PFN(5 * MIB)), test_find_zone(mm, 0, ZONE_NORMAL));
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

static void a_zone_with_a_hole_of_a_subsection_is_not_contiguous(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	mm = test_boot(&t);
	assert_true(mm->zones[0]->contiguous);
	mm_free(mm);

	test_one_zone(&t, 17 * MIB);
	test_memory(&t, 0, 18 * MIB, 110 * MIB); /* a hole of 1 MiB: its 2 MiB are online */
	mm = test_boot(&t);
	assert_true(mm->zones[0]->contiguous);
	mm_free(mm);

	test_one_zone(&t, 16 * MIB);
	test_memory(&t, 0, 64 * MIB, 64 * MIB); /* a hole: its frames have descriptors, but are not online */
	mm = test_boot(&t);
	assert_false(mm->zones[0]->contiguous);
	mm_free(mm);

	test_one_zone(&t, 128 * MIB);
	test_memory(&t, 0, 256 * MIB, 128 * MIB); /* a section without any */
	mm = test_boot(&t);
	assert_false(mm->zones[0]->contiguous);
	mm_free(mm);
}

/* ---------------------------------------------------------- list order --- */

static void check_free_list(const struct mm *mm, const struct zone *zone, unsigned int order, int mt,
			    const unsigned long *want, unsigned long nr)
{
	unsigned long got[16];

	assert_true(nr <= 16);
	assert_int_equal(test_list(mm, zone, order, mt, got, 16), nr);
	for (unsigned long i = 0; i < nr; i++)
		assert_int_equal(got[i], want[i]);
}

static void memory_is_freed_in_largest_aligned_blocks_ascending(void **state)
{
	static const unsigned long order10[] = { 0x400, 0x800 }, order9[] = { 0x200, 0xc00 },
				   order0[] = { 0x1ff };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 16 * MIB);
	test_reserve(&t, "low", 0, 0x1ff000);
	test_reserve(&t, "high", 14 * MIB, 2 * MIB);
	mm = test_boot(&t);
	check_free_list(mm, mm->zones[0], 10, MIGRATE_MOVABLE, order10, 2);
	check_free_list(mm, mm->zones[0], 9, MIGRATE_MOVABLE, order9, 2);
	check_free_list(mm, mm->zones[0], 0, MIGRATE_MOVABLE, order0, 1);
	mm_free(mm);
}

static void highmem_is_freed_to_the_head(void **state)
{
	static const unsigned long low[] = { 0, 0x400 }, high[] = { 0xc00, 0x800 };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 8 * MIB);
	test_zone(&t, ZONE_HIGHMEM, 0);
	test_memory(&t, 0, 0, 16 * MIB);
	mm = test_boot(&t);
	check_free_list(mm, test_find_zone(mm, 0, ZONE_NORMAL), 10, MIGRATE_MOVABLE, low, 2);
	check_free_list(mm, test_find_zone(mm, 0, ZONE_HIGHMEM), 10, MIGRATE_MOVABLE, high, 2);
	assert_int_equal(test_find_zone(mm, 0, ZONE_HIGHMEM)->managed_pages, PFN(8 * MIB));
	mm_free(mm);
}

static void cma_areas_go_live_at_the_head(void **state)
{
	/* the second area of the layout is the last to be freed, so it comes first; each one's blocks descend
	 */
	static const unsigned long cma[] = { 0x800, 0x1c00, 0x1800 };
	struct zone *zone;
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 32 * MIB);
	test_cma(&t, "camera", 24 * MIB, 8 * MIB);
	test_cma(&t, "default", 8 * MIB, 4 * MIB);
	mm = test_boot(&t);
	zone = mm->zones[0];
	check_free_list(mm, zone, 10, MIGRATE_CMA, cma, 3);
	assert_int_equal(zone->cma_pages, PFN(12 * MIB));
	assert_int_equal(zone->vm_stat[NR_FREE_CMA_PAGES], PFN(12 * MIB));
	assert_int_equal(zone->managed_pages, PFN(32 * MIB));
	assert_int_equal(mm->pageblocks[4].migratetype, MIGRATE_CMA);
	assert_int_equal(mm->pageblocks[6].migratetype, MIGRATE_MOVABLE);
	assert_int_equal(mm->nr_cma, 2);
	assert_int_equal(mm->cma[1].base_pfn, 0x800);
	assert_int_equal(mm->cma[1].count, 0x400);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

/* ----------------------------------------------------- freed_after_boot --- */

static void boot_memory_comes_back_after_the_watermarks(void **state)
{
	struct test_layout t, never;
	struct mm *mm, *without;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	test_reserve(&t, "init", 16 * MIB, MIB)->freed_after_boot = true;
	test_reserve(&t, "tables", 16 * MIB + 512 * KIB, 4 * KIB); /* lies in it and stays */
	mm = test_boot(&t);
	never = t;
	never.layout.reserved = never.reserved;
	never.layout.zones = never.zones;
	never.layout.nodes = never.nodes;
	never.reserved[0].freed_after_boot = false;
	without = test_boot(&never);
	assert_int_equal(without->managed_pages, PFN(127 * MIB));
	assert_int_equal(mm->managed_pages, PFN(128 * MIB) - 1);
	assert_int_equal(mm->zones[0]->managed_pages, mm->managed_pages);
	assert_int_equal(mm->zones[0]->watermark[WMARK_MIN], without->zones[0]->watermark[WMARK_MIN]);
	assert_int_equal(mm->zones[0]->watermark[WMARK_HIGH], without->zones[0]->watermark[WMARK_HIGH]);
	/* page by page through the boot CPU's page set, which is large enough to keep them */
	assert_int_equal(mm->zones[0]->pcp[0].count, 255);
	assert_int_equal(mm->zones[0]->pcp[0].lists[MIGRATE_MOVABLE].head, PFN(17 * MIB) - 1);
	assert_int_equal(mm->zones[0]->vm_stat[NR_FREE_PAGES], PFN(127 * MIB));
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
	mm_free(without);
}

static void without_page_sets_boot_memory_merges_at_once(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	test_reserve(&t, "init", 16 * MIB, MIB)->freed_after_boot = true;
	t.layout.features.pcp = false;
	mm = test_boot(&t);
	assert_int_equal(free_area_nr(&mm->zones[0]->free_area[10]), 32);
	assert_int_equal(zone_page_state_snapshot(mm->zones[0], mm, NR_FREE_PAGES), PFN(128 * MIB));
	mm_free(mm);
}

/* ----------------------------------------------------- events, size, bst --- */

static void remember_first(void *arg, const struct mm *mm, const struct trace_event *event)
{
	int *first = arg;

	(void)mm;
	if (!first[event->id])
		first[event->id] = ++first[NR_TRACE_EVENTS];
}

static void every_stage_announces_itself_in_order(void **state)
{
	static const enum trace_id stages[] = {
		TRACE_MEMBLOCK_ADD,   TRACE_MEMBLOCK_RESERVE,   TRACE_ZONE_INIT,           TRACE_MEMMAP_INIT,
		TRACE_ZONELIST_BUILD, TRACE_FREE_LIST_ADD,      TRACE_MEMBLOCK_FREE_PAGES, TRACE_CMA_INIT,
		TRACE_WATERMARK_SET,  TRACE_LOWMEM_RESERVE_SET, TRACE_FREE_RESERVED,       TRACE_BOOT_DONE,
	};
	int first[NR_TRACE_EVENTS + 1] = { 0 }, last = 0;
	struct trace_listener listener = { .fn = remember_first, .arg = first, .mask = TRACE_ALL };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 64 * MIB);
	test_reserve(&t, "init", 0, 2 * MIB)->freed_after_boot = true;
	test_cma(&t, "default", 32 * MIB, 4 * MIB);
	mm = mm_new(&t.layout);
	trace_attach(mm, &listener);
	mm_boot(mm);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		assert_true(first[stages[i]] > last);
		last = first[stages[i]];
	}
	trace_detach(mm, &listener);
	mm_free(mm);
}

static long resident_mib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, resident = 0;

	if (!f || fscanf(f, "%ld %ld", &size, &resident) != 2)
		fail();
	fclose(f);
	return resident * sysconf(_SC_PAGESIZE) >> 20;
}

/* A record a block, not a descriptor a page. */
static void a_tebibyte_boots_in_little_memory(void **state)
{
	long before = resident_mib();
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 1024 * GIB);
	mm = test_boot(&t);
	assert_int_equal(mm->managed_pages, PFN(1024 * GIB));
	assert_int_equal(free_area_nr(&mm->zones[0]->free_area[10]), 262144);
	assert_true(resident_mib() - before < 64);
	mm_free(mm);
}

/* What the running board printed. */
static void the_board_boots_to_its_figures(void **state)
{
	const char *dir = getenv("top_srcdir");
	struct zone *dma32, *normal;
	struct layout *layout;
	char path[512];
	struct mm *mm;

	(void)state;
	snprintf(path, sizeof(path), "%s/layouts/bst.yaml", dir ? dir : ".");
	layout = layout_load(path, stderr);
	assert_non_null(layout);
	mm = mm_new(layout);
	mm_boot(mm);
	dma32 = test_find_zone(mm, 0, ZONE_DMA32);
	assert_int_equal(dma32->watermark[WMARK_MIN], 8391);
	assert_int_equal(dma32->watermark[WMARK_LOW], 10488);
	assert_int_equal(dma32->watermark[WMARK_HIGH], 12585);
	assert_int_equal(dma32->spanned_pages, 950272);
	assert_int_equal(dma32->present_pages, 459008);
	assert_int_equal(dma32->managed_pages, 287941);
	assert_int_equal(dma32->cma_pages, 258048);
	assert_int_equal(dma32->lowmem_reserve[2], 1343);
	assert_int_equal(dma32->lowmem_reserve[3], 1343);
	assert_int_equal(dma32->zone_start_pfn, 98304);
	normal = test_find_zone(mm, 0, ZONE_NORMAL);
	assert_int_equal(normal->watermark[WMARK_MIN], 10040);
	assert_int_equal(normal->watermark[WMARK_LOW], 12550);
	assert_int_equal(normal->watermark[WMARK_HIGH], 15060);
	assert_int_equal(normal->spanned_pages, 983040);
	assert_int_equal(normal->present_pages, 360448);
	assert_int_equal(normal->managed_pages, 343886);
	assert_int_equal(normal->cma_pages, 0);
	assert_int_equal(normal->zone_start_pfn, 1048576);
	assert_int_equal(mm->nodes[0].node_present_pages, 819456);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
	layout_free(layout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_span_holes_and_count_nomap_as_present),
		cmocka_unit_test(movablecore_is_shared_out_over_nodes),
		cmocka_unit_test(kernelcore_is_rebalanced_and_aligned),
		cmocka_unit_test(movable_comes_from_the_highest_zone),
		cmocka_unit_test(kernelcore_ends_within_the_first_range),
		cmocka_unit_test(kernelcore_beyond_memory_leaves_no_movable),
		cmocka_unit_test(pageblocks_are_movable_if_their_first_page_is_memory),
		cmocka_unit_test(a_pageblock_may_have_two_zones),
		cmocka_unit_test(a_zone_with_a_hole_of_a_subsection_is_not_contiguous),
		cmocka_unit_test(memory_is_freed_in_largest_aligned_blocks_ascending),
		cmocka_unit_test(highmem_is_freed_to_the_head),
		cmocka_unit_test(cma_areas_go_live_at_the_head),
		cmocka_unit_test(boot_memory_comes_back_after_the_watermarks),
		cmocka_unit_test(without_page_sets_boot_memory_merges_at_once),
		cmocka_unit_test(every_stage_announces_itself_in_order),
		cmocka_unit_test(a_tebibyte_boots_in_little_memory),
		cmocka_unit_test(the_board_boots_to_its_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
