/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boot: from a layout to a machine with all its memory on the free lists,
 * in the order of start_kernel() and the initcalls after it.
 */
#include "config.h"

#include "boot.h"
#include "buddyviz/state.h"

/* The firmware's map, what is taken of it, what is not even mapped (arm64_memblock_init). */
static void setup_memblock(struct mm *mm)
{
	const struct layout *layout = mm->layout;

	for (unsigned int n = 0; n < layout->nr_nodes; n++)
		for (unsigned int i = 0; i < layout->nodes[n].nr_memory; i++) {
			const struct layout_range *range = &layout->nodes[n].memory[i];

			memblock_add_node(mm, range->start, range->end - range->start, (int)n);
		}
	for (unsigned int i = 0; i < layout->nr_reserved; i++) {
		const struct layout_reserved *r = &layout->reserved[i];
		uint64_t size = r->range.end - r->range.start;

		if (r->no_map)
			memblock_mark_nomap(mm, r->range.start, size, r->name);
		else
			memblock_reserve(mm, r->range.start, size, r->name);
	}
	for (unsigned int i = 0; i < layout->nr_cma; i++) {
		const struct layout_range *range = &layout->cma[i].range;

		memblock_reserve(mm, range->start, range->end - range->start, layout->cma[i].name);
	}
}

/* ---------------------------------------------------- memblock_free_all --- */

static struct zone *find_zone(struct mm *mm, int nid, unsigned long pfn)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (zone_spans_pfn(&mm->nodes[nid].node_zones[i], pfn))
			return &mm->nodes[nid].node_zones[i];
	return NULL;
}

/* The largest order, max at most, that pfn is aligned to and that ends by end. */
static unsigned int largest_order(unsigned long pfn, unsigned long end, unsigned int max)
{
	unsigned int order = max;

	while (order && (pfn & ((1UL << order) - 1) || end - pfn < 1UL << order))
		order--;
	return order;
}

/* __free_pages_memory: one run of lowmem in the largest aligned blocks, ascending, to the tail. */
static void free_lowmem(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = largest_order(pfn, end, mm->max_order);

		free_pages_core(mm, zone, pfn, order);
		trace(mm, MEMBLOCK_FREE_PAGES, .zone = zone, .pfn = pfn, .order = (int)order);
		pfn += 1UL << order;
	}
}

/*
 * A flat memmap keeps pageblock types by zone: of a pageblock that begins in
 * the zone below, HighMem's part has its own type, never set at boot. The
 * machine keeps one type a pageblock, so only the list shows it.
 */
static int highmem_migratetype(const struct mm *mm, const struct zone *zone, unsigned long pfn)
{
	if (pfn >> mm->pageblock_order << mm->pageblock_order < zone->zone_start_pfn)
		return MIGRATE_UNMOVABLE;
	return get_pageblock_migratetype(mm, pfn);
}

/*
 * add_highpages_with_active_regions: the kernel frees HighMem page by page to
 * the head. What its merging leaves of an aligned run is what freeing the run
 * at once leaves, as long as the run has one pageblock type: chunks of up to a
 * pageblock.
 */
static void free_highmem(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = largest_order(pfn, end, mm->pageblock_order);

		free_one_page(mm, zone, pfn, order, highmem_migratetype(mm, zone, pfn), FPI_NONE);
		zone->managed_pages += 1UL << order;
		mm->managed_pages += 1UL << order;
		trace(mm, MEMBLOCK_FREE_PAGES, .zone = zone, .pfn = pfn, .order = (int)order);
		pfn += 1UL << order;
	}
}

/* One run that memblock has free, zone by zone, the HighMem zones or the others. */
static void free_range(struct mm *mm, const struct free_mem_range *range, bool highmem)
{
	unsigned long pfn = pfn_up(mm, range->start), end = pfn_down(mm, range->end);

	while (pfn < end) {
		struct zone *zone = find_zone(mm, range->nid, pfn);
		unsigned long stop = zone ? min_ul(end, zone_end_pfn(zone)) : pfn + 1;

		if (zone && is_highmem(mm, zone) == highmem)
			(highmem ? free_highmem : free_lowmem)(mm, zone, pfn, stop);
		pfn = stop;
	}
}

void memblock_free_all(struct mm *mm)
{
	struct free_mem_range high = { 0 }, low = { 0 };

	mm->managed_pages = 0;
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		mm->zones[i]->managed_pages = 0;
	/* set_highmem_pages_init() comes first in mem_init() */
	while (is_32bit(mm) && next_free_mem_range(mm, &high))
		free_range(mm, &high, true);
	while (next_free_mem_range(mm, &low))
		free_range(mm, &low, false);
}

/* ---------------------------------------------------- freed_after_boot --- */

/*
 * Where the reserved memory that pfn lies in ends, pfn itself if it lies in
 * none; *next: where the next reserved range begins. The freed range self and
 * those whose turn comes after it do not count.
 */
static unsigned long reserved_until(const struct mm *mm, unsigned int self, unsigned long pfn,
				    unsigned long *next)
{
	const struct layout_reserved *reserved = mm->layout->reserved;
	unsigned long until = pfn;

	*next = ~0UL;
	for (unsigned int i = 0; i < mm->layout->nr_reserved; i++) {
		unsigned long first = pfn_down(mm, reserved[i].range.start);
		unsigned long past = pfn_up(mm, reserved[i].range.end);

		if (i == self || (reserved[i].freed_after_boot && i > self))
			continue;
		if (first > pfn)
			*next = min_ul(*next, first);
		else
			until = max_ul(until, past);
	}
	return until;
}

void free_reserved_page(struct mm *mm, struct zone *zone, unsigned long pfn)
{
	bool to_pcp;

	zone->managed_pages++;
	mm->managed_pages++;
	if (!mm->pcp_disabled) {
		free_unref_page(mm, zone, pfn, 0, false, &to_pcp);
		return;
	}
	count_vm_events(mm, PGFREE, 1);
	free_one_page(mm, zone, pfn, 0, get_pageblock_migratetype(mm, pfn), FPI_NONE);
}

static unsigned long free_reserved_run(struct mm *mm, unsigned long pfn, unsigned long end)
{
	unsigned long pages = 0;

	for (; pfn < end; pfn++) {
		const struct memblock_region *region = memblock_search_memory(mm, pfn);

		if (!region || region->nomap)
			continue;
		free_reserved_page(mm, find_zone(mm, region->nid, pfn), pfn);
		pages++;
	}
	return pages;
}

/* free_reserved_area: what only the boot needed comes back, unless something else holds it. */
static void free_reserved_area(struct mm *mm, unsigned int idx)
{
	const struct layout_reserved *r = &mm->layout->reserved[idx];
	unsigned long pfn = pfn_up(mm, r->range.start), end = pfn_down(mm, r->range.end), next, pages = 0;
	unsigned long first = pfn;

	while (pfn < end) {
		unsigned long until = reserved_until(mm, idx, pfn, &next);

		if (until == pfn) {
			until = min_ul(next, end);
			pages += free_reserved_run(mm, pfn, until);
		}
		pfn = until;
	}
	trace(mm, FREE_RESERVED, .pfn = first, .a = (long)pages, .text = r->name);
}

static unsigned long present_pages(const struct mm *mm)
{
	unsigned long pages = 0;

	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		pages += mm->nodes[n].node_present_pages;
	return pages;
}

/* The state of the layout, quietly: its blocks are put where they were, not freed. */
static const char *restore_state(struct mm *mm)
{
	const char *error = NULL;

	trace_mute(mm);
	if (mm->layout->state)
		error = state_apply(mm, mm->layout->state);
	trace_update(mm);
	return error;
}

const char *mm_boot(struct mm *mm)
{
	const char *error;

	/* setup_arch() */
	setup_memblock(mm);
	free_area_init(mm);
	memmap_init(mm);
	/* start_kernel() */
	build_all_zonelists(mm);
	memblock_free_all(mm);
	setup_per_cpu_pageset(mm);
	/* the initcalls, in their order */
	cma_init_reserved_areas(mm);
	init_per_zone_wmark_min(mm);
	hugepage_init(mm);
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (populated_zone(mm->zones[i]))
			set_zone_contiguous(mm, mm->zones[i]);
	/* free_initmem() and the initrd */
	for (unsigned int i = 0; i < mm->layout->nr_reserved; i++)
		if (mm->layout->reserved[i].freed_after_boot && !mm->layout->reserved[i].no_map)
			free_reserved_area(mm, i);
	error = restore_state(mm);
	trace(mm, BOOT_DONE, .a = (long)present_pages(mm), .b = (long)mm->managed_pages);
	return error;
}
