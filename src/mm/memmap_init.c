/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memmap's beginning: which pageblocks have memory, in which zone, and
 * the type each one starts with. Page descriptors begin as zeroes and are not
 * touched. Follows memmap_init() and set_zone_contiguous() in mm/page_alloc.c.
 */
#include "config.h"

#include "boot.h"

/* pfn_valid() for pageblocks: all of a section is, if any of it is memory; all of a flat memmap is. */
static void init_section_presence(struct mm *mm)
{
	unsigned int shift = mm->layout->section_shift - mm->page_shift;
	struct mem_pfn_range range;

	if (is_32bit(mm)) {
		for (unsigned long block = 0; block < nr_pageblocks(mm); block++)
			mm->pageblocks[block].flags |= PB_PRESENT;
		return;
	}
	for_each_mem_pfn_range (mm, i, -1, &range) {
		unsigned long first = range.start >> shift << shift;
		unsigned long last = (((range.end - 1) >> shift) + 1) << shift;

		last = min_ul((last + pageblock_nr_pages(mm) - 1) >> mm->pageblock_order, nr_pageblocks(mm));
		for (unsigned long block = first >> mm->pageblock_order; block < last; block++)
			mm->pageblocks[block].flags |= PB_PRESENT;
	}
}

/*
 * init_unavailable_range: a hole belongs to the zone of the memory after it.
 * Its pageblocks do; one that begins with memory has pages of two zones then.
 */
static void init_unavailable_range(struct mm *mm, const struct zone *zone, unsigned long start,
				   unsigned long end)
{
	unsigned long block = (start + pageblock_nr_pages(mm) - 1) >> mm->pageblock_order;
	struct pageblock *first = pfn_to_pageblock(mm, start);

	if (start < end && first->nr_present && first->zone != zone->id)
		first->flags |= PB_TWO_ZONES;
	for (; (block + 1) << mm->pageblock_order <= end && block < nr_pageblocks(mm); block++)
		mm->pageblocks[block].zone = (uint16_t)zone->id;
}

/*
 * memmap_init_range: only memory is visited, and a pageblock becomes Movable
 * when its first page is; one that begins with a hole, or before its zone,
 * stays Unmovable.
 */
static void memmap_init_range(struct mm *mm, const struct zone *zone, unsigned long start, unsigned long end)
{
	for (unsigned long pfn = start; pfn < end;) {
		unsigned long next = min_ul(((pfn >> mm->pageblock_order) + 1) << mm->pageblock_order, end);
		struct pageblock *pb = pfn_to_pageblock(mm, pfn);

		if (!pb->nr_present)
			pb->zone = (uint16_t)zone->id;
		else if (pb->zone != zone->id)
			pb->flags |= PB_TWO_ZONES;
		if (!(pfn & (pageblock_nr_pages(mm) - 1)))
			pb->migratetype = MIGRATE_MOVABLE;
		pb->nr_present += (uint16_t)(next - pfn);
		pfn = next;
	}
}

void memmap_init(struct mm *mm)
{
	const struct zone *last = NULL;
	struct mem_pfn_range range;
	unsigned long hole_pfn = 0;

	init_section_presence(mm);
	for_each_mem_pfn_range (mm, i, -1, &range) {
		for (unsigned int j = 0; j < mm->nr_zone_types; j++) {
			const struct zone *zone = &mm->nodes[range.nid].node_zones[j];
			unsigned long start, end;

			if (!populated_zone(zone))
				continue;
			last = zone;
			start = clamp_ul(range.start, zone->zone_start_pfn, zone_end_pfn(zone));
			end = clamp_ul(range.end, zone->zone_start_pfn, zone_end_pfn(zone));
			if (start >= end)
				continue;
			memmap_init_range(mm, zone, start, end);
			init_unavailable_range(mm, zone, hole_pfn, start);
			hole_pfn = end;
		}
	}
	if (last)
		init_unavailable_range(mm, last, hole_pfn, nr_pageblocks(mm) << mm->pageblock_order);
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (populated_zone(mm->zones[i]))
			trace(mm, MEMMAP_INIT, .zone = mm->zones[i], .pfn = mm->zones[i]->zone_start_pfn,
			      .a = (long)mm->zones[i]->spanned_pages);
}

/* The zone of a frame in a pageblock of two zones: its own, or that of the memory after it. */
static const struct zone *zone_at_or_after(const struct mm *mm, unsigned long pfn)
{
	struct mem_pfn_range range;

	for_each_mem_pfn_range (mm, i, -1, &range) {
		if (range.end <= pfn)
			continue;
		for (unsigned int j = 0; j < mm->nr_zone_types; j++) {
			const struct zone *zone = &mm->nodes[range.nid].node_zones[j];

			if (populated_zone(zone) && zone_spans_pfn(zone, max_ul(pfn, range.start)))
				return zone;
		}
	}
	return NULL;
}

const struct zone *memmap_zone(const struct mm *mm, unsigned long pfn)
{
	const struct pageblock *pb;
	const struct zone *zone;

	if (pfn >= mm->end_pfn)
		return NULL;
	pb = pfn_to_pageblock(mm, pfn);
	if (!(pb->flags & PB_PRESENT))
		return NULL;
	if (!(pb->flags & PB_TWO_ZONES))
		return mm->zones[pb->zone];
	zone = zone_at_or_after(mm, pfn);
	return zone ? zone : mm->zones[pb->zone];
}

bool pfn_valid(const struct mm *mm, unsigned long pfn)
{
	return pfn < mm->end_pfn && (pfn_to_pageblock(mm, pfn)->flags & PB_PRESENT);
}

#define SUBSECTION_SHIFT 21

bool pfn_online(const struct mm *mm, unsigned long pfn)
{
	unsigned long nr = 1UL << (SUBSECTION_SHIFT - mm->page_shift), start = pfn & ~(nr - 1);

	if (!pfn_valid(mm, pfn))
		return false;
	if (is_32bit(mm))
		return true; /* a flat memmap has no subsections */
	if (nr == pageblock_nr_pages(mm))
		return pfn_to_pageblock(mm, pfn)->nr_present;
	return mem_pages_in_range(mm, -1, start, start + nr);
}

unsigned long first_online_pfn(const struct mm *mm, unsigned long pfn, unsigned long end)
{
	unsigned long step = min_ul(1UL << (SUBSECTION_SHIFT - mm->page_shift), pageblock_nr_pages(mm));

	while (pfn < end) {
		if (pfn_online(mm, pfn))
			return pfn;
		pfn = (pfn | (step - 1)) + 1;
	}
	return PFN_NONE;
}

bool pageblock_pfn_in_zone(const struct mm *mm, const struct zone *zone, unsigned long start,
			   unsigned long end)
{
	return pfn_online(mm, start) && pfn_valid(mm, end - 1) && memmap_zone(mm, start) == zone &&
	       memmap_zone(mm, end - 1) == zone;
}

void set_zone_contiguous(struct mm *mm, struct zone *zone)
{
	unsigned long start = zone->zone_start_pfn, end;

	zone->contiguous = false;
	for (; start < zone_end_pfn(zone); start = end) {
		end = min_ul(((start >> mm->pageblock_order) + 1) << mm->pageblock_order, zone_end_pfn(zone));
		if (!pageblock_pfn_in_zone(mm, zone, start, end))
			return;
	}
	zone->contiguous = true;
}
