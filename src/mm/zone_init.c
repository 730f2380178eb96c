/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From memory to zones: where each zone of each node begins, what it spans,
 * what of that is memory, and what Movable takes from the zone below it.
 * Follows free_area_init() and its helpers in mm/page_alloc.c.
 */
#include "config.h"

#include <stdlib.h>

#include "boot.h"

static bool has_zone_type(const struct mm *mm, enum zone_type type)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (mm->zone_types[i] == type)
			return true;
	return false;
}

bool is_32bit(const struct mm *mm)
{
	return mm->layout->virtual.high_memory || has_zone_type(mm, ZONE_HIGHMEM);
}

/* The first frame past a zone of type as the architecture has it, memory's end at most. */
static unsigned long max_zone_pfn(const struct mm *mm, enum zone_type type, unsigned long max_pfn)
{
	for (unsigned int i = 0; i < mm->layout->nr_zones; i++) {
		const struct layout_zone *zone = &mm->layout->zones[i];

		if (zone->type != type || type == ZONE_DEVICE)
			continue;
		return zone->has_end ? min_ul(pfn_down(mm, zone->end), max_pfn) : max_pfn;
	}
	return 0;
}

void arch_zone_limits(const struct mm *mm, struct zone_limits *limits)
{
	unsigned long max_pfn = pfn_down(mm, memblock_end_of_dram(mm));
	unsigned long start = pfn_down(mm, memblock_start_of_dram(mm));

	limits->movable_zone = -1;
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		limits->low[i] = limits->high[i] = 0;
		if (mm->zone_types[i] == ZONE_MOVABLE)
			continue;
		limits->low[i] = start;
		limits->high[i] = start = max_ul(max_zone_pfn(mm, mm->zone_types[i], max_pfn), start);
		if (limits->high[i] > limits->low[i])
			limits->movable_zone = (int)i;
	}
}

bool is_highmem(const struct mm *mm, const struct zone *zone)
{
	struct zone_limits limits;

	if (zone->type != ZONE_MOVABLE)
		return zone->type == ZONE_HIGHMEM;
	arch_zone_limits(mm, &limits);
	return limits.movable_zone >= 0 && mm->zone_types[limits.movable_zone] == ZONE_HIGHMEM;
}

void get_pfn_range_for_nid(const struct mm *mm, int nid, unsigned long *start, unsigned long *end)
{
	struct mem_pfn_range range;

	*start = *end = 0;
	for_each_mem_pfn_range (mm, i, nid, &range) {
		if (!*end)
			*start = range.start;
		*end = range.end;
	}
}

unsigned long mem_pages_in_range(const struct mm *mm, int nid, unsigned long start, unsigned long end)
{
	struct mem_pfn_range range;
	unsigned long pages = 0;

	for_each_mem_pfn_range (mm, i, nid, &range)
		pages += clamp_ul(range.end, start, end) - clamp_ul(range.start, start, end);
	return pages;
}

/* ------------------------------------------------- kernelcore, movablecore --- */

/* The pages that must stay with the kernel, 0: no Movable zone is asked for. */
static unsigned long required_kernelcore_pages(const struct mm *mm, unsigned long totalpages)
{
	unsigned long kernelcore = pfn_down(mm, mm->layout->kernelcore);
	unsigned long movablecore = pfn_down(mm, mm->layout->movablecore);
	unsigned long block = 1UL << mm->max_order;

	if (movablecore) {
		movablecore = min_ul((movablecore + block - 1) & ~(block - 1), totalpages);
		kernelcore = max_ul(kernelcore, totalpages - movablecore);
	}
	return kernelcore >= totalpages ? 0 : kernelcore;
}

/*
 * Walk a node from where its Movable zone would begin so far, counting what
 * the kernel gets, until that is share pages. Returns how many it got now.
 */
static unsigned long spread_kernelcore(const struct mm *mm, int nid, unsigned long usable_start,
				       unsigned long share, unsigned long *movable_pfn)
{
	struct mem_pfn_range range;
	unsigned long got = 0;

	for_each_mem_pfn_range (mm, i, nid, &range) {
		unsigned long start = max_ul(range.start, *movable_pfn), pages, left;

		if (start >= range.end)
			continue;
		if (start < usable_start) { /* lower zones can only be the kernel's */
			got += min_ul(range.end, usable_start) - start;
			if (range.end <= usable_start) {
				*movable_pfn = range.end;
				continue;
			}
			start = usable_start;
		}
		left = share > got ? share - got : 0;
		pages = min_ul(range.end - start, left);
		*movable_pfn = start + pages;
		got += pages;
		if (got >= share)
			break;
	}
	return got;
}

/* Movable begins on a boundary of the highest order; a node with nothing left there has none. */
static void align_movable_pfn(const struct mm *mm, int nid, unsigned long *movable_pfn)
{
	unsigned long block = 1UL << mm->max_order, start, end;

	get_pfn_range_for_nid(mm, nid, &start, &end);
	*movable_pfn = (*movable_pfn + block - 1) & ~(block - 1);
	if (*movable_pfn >= end)
		*movable_pfn = 0;
}

void find_zone_movable_pfns_for_nodes(const struct mm *mm, const struct zone_limits *limits,
				      unsigned long *zone_movable_pfn)
{
	unsigned long totalpages = mem_pages_in_range(mm, -1, 0, ~0UL);
	unsigned long required = required_kernelcore_pages(mm, totalpages);
	int usable_nodes = 0;

	for (unsigned int nid = 0; nid < mm->nr_nodes; nid++) {
		zone_movable_pfn[nid] = 0;
		usable_nodes += mem_pages_in_range(mm, (int)nid, 0, ~0UL) != 0;
	}
	if (!required || limits->movable_zone < 0)
		return;

	/* each pass gives the kernel an equal share of every node; what small nodes lack the others bear */
	do {
		unsigned long share = required / (unsigned long)usable_nodes;

		for (unsigned int nid = 0; nid < mm->nr_nodes; nid++) {
			if (!mem_pages_in_range(mm, (int)nid, 0, ~0UL))
				continue;
			if (required < share)
				share = required / (unsigned long)usable_nodes;
			required -= min_ul(required,
					   spread_kernelcore(mm, (int)nid, limits->low[limits->movable_zone],
							     share, &zone_movable_pfn[nid]));
		}
		usable_nodes--;
	} while (usable_nodes && required > (unsigned long)usable_nodes);

	for (unsigned int nid = 0; nid < mm->nr_nodes; nid++)
		align_movable_pfn(mm, (int)nid, &zone_movable_pfn[nid]);
}

/* ------------------------------------------------------------ the zones --- */

/* Movable gets its range, the zone it is cut from ends where it begins. */
static void adjust_zone_range_for_zone_movable(const struct zone_limits *limits, const struct zone *zone,
					       unsigned long movable_pfn, unsigned long node_end,
					       unsigned long *start, unsigned long *end)
{
	if (!movable_pfn)
		return;
	if (zone->type == ZONE_MOVABLE) {
		*start = movable_pfn;
		*end = min_ul(node_end, limits->high[limits->movable_zone]);
	} else if (movable_pfn > *start && movable_pfn < *end) {
		*end = movable_pfn;
	} else if (*start >= movable_pfn) {
		*start = *end;
	}
}

/* zone_spanned_pages_in_node, zone_absent_pages_in_node: one zone's range and what of it is memory. */
static void init_zone_range(struct mm *mm, struct zone *zone, const struct zone_limits *limits,
			    unsigned long movable_pfn)
{
	unsigned long node_start, node_end, start, end;

	get_pfn_range_for_nid(mm, zone->node, &node_start, &node_end);
	start = clamp_ul(node_start, limits->low[zone->index], limits->high[zone->index]);
	end = clamp_ul(node_end, limits->low[zone->index], limits->high[zone->index]);
	adjust_zone_range_for_zone_movable(limits, zone, movable_pfn, node_end, &start, &end);

	zone->zone_start_pfn = zone->spanned_pages = zone->present_pages = 0;
	if (!node_end || end < node_start || start > node_end)
		return;
	end = min_ul(end, node_end);
	start = max_ul(start, node_start);
	if (start >= end)
		return;
	zone->zone_start_pfn = start;
	zone->spanned_pages = end - start;
	zone->present_pages = mem_pages_in_range(mm, zone->node, start, end);
}

/* calc_memmap_size: what the kernel's own page descriptors take; a sparse zone pays for its memory only. */
static unsigned long calc_memmap_pages(const struct mm *mm, const struct zone *zone)
{
	unsigned long descriptor = is_32bit(mm) ? 40 : 64; /* sizeof(struct page) */
	unsigned long pages = zone->spanned_pages;

	if (!is_32bit(mm) && pages > zone->present_pages + (zone->present_pages >> 4))
		pages = zone->present_pages;
	return pfn_up(mm, (uint64_t)pages * descriptor);
}

/* memblock_find_dma_reserve: what is taken of the lowest zone. x86-64 alone (it has Device) asks. */
static unsigned long dma_reserve_pages(const struct mm *mm)
{
	struct free_mem_range range = { 0 };
	struct zone_limits limits;
	unsigned long pages;

	if (!has_zone_type(mm, ZONE_DEVICE))
		return 0;
	arch_zone_limits(mm, &limits);
	pages = mem_pages_in_range(mm, -1, limits.low[0], limits.high[0]);
	while (next_free_mem_range(mm, &range)) {
		unsigned long start = clamp_ul(pfn_up(mm, range.start), limits.low[0], limits.high[0]);
		unsigned long end = clamp_ul(pfn_down(mm, range.end), limits.low[0], limits.high[0]);

		if (start < end)
			pages -= end - start;
	}
	return pages;
}

unsigned long zone_memmap_pages(const struct mm *mm, const struct zone *zone)
{
	unsigned long memmap = calc_memmap_pages(mm, zone);

	return is_highmem(mm, zone) || memmap > zone->present_pages ? 0 : memmap;
}

unsigned long zone_pages_past_memmap(const struct mm *mm, const struct zone *zone)
{
	unsigned long pages = zone->present_pages - zone_memmap_pages(mm, zone);
	unsigned long dma_reserve = zone->index ? 0 : dma_reserve_pages(mm);

	return pages > dma_reserve ? pages - dma_reserve : pages;
}

/*
 * calculate_node_totalpages and free_area_init_core for one node. managed is
 * a first guess, for the decision on grouping; memblock_free_all counts anew.
 */
static void free_area_init_node(struct mm *mm, int nid, const struct zone_limits *limits,
				unsigned long movable_pfn)
{
	struct pglist_data *pgdat = &mm->nodes[nid];
	unsigned long node_end;

	get_pfn_range_for_nid(mm, nid, &pgdat->node_start_pfn, &node_end);
	pgdat->node_present_pages = pgdat->node_spanned_pages = 0;
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		struct zone *zone = &pgdat->node_zones[i];

		init_zone_range(mm, zone, limits, movable_pfn);
		zone->managed_pages = zone_pages_past_memmap(mm, zone);
		pgdat->node_present_pages += zone->present_pages;
		pgdat->node_spanned_pages += zone->spanned_pages;
		trace(mm, ZONE_INIT, .zone = zone, .pfn = zone->zone_start_pfn,
		      .a = (long)zone->spanned_pages, .b = (long)zone->present_pages,
		      .c = (long)zone->managed_pages);
	}
}

void free_area_init(struct mm *mm)
{
	unsigned long *zone_movable_pfn = calloc(mm->nr_nodes, sizeof(*zone_movable_pfn));
	struct zone_limits limits;

	if (!zone_movable_pfn)
		abort();
	arch_zone_limits(mm, &limits);
	find_zone_movable_pfns_for_nodes(mm, &limits, zone_movable_pfn);
	for (unsigned int nid = 0; nid < mm->nr_nodes; nid++)
		free_area_init_node(mm, (int)nid, &limits, zone_movable_pfn[nid]);
	free(zone_movable_pfn);
}
