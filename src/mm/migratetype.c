/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pageblock types, and what happens when a type's lists are empty: blocks are
 * taken from another type, if it pays with their whole pageblock, so that
 * later requests do not spoil still more pageblocks.
 */
#include "config.h"

#include "free_list.h"

static const struct {
	const char *name;
	char letter;
} migratetypes[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = { "Unmovable", 'U' },
	[MIGRATE_MOVABLE] = { "Movable", 'M' },
	[MIGRATE_RECLAIMABLE] = { "Reclaimable", 'E' },
	[MIGRATE_HIGHATOMIC] = { "HighAtomic", 'H' },
	[MIGRATE_CMA] = { "CMA", 'C' },
	[MIGRATE_ISOLATE] = { "Isolate", 'I' },
};

const char *migratetype_name(int migratetype)
{
	return migratetypes[migratetype].name;
}

char migratetype_letter(int migratetype)
{
	return migratetypes[migratetype].letter;
}

/* Whose lists are tried when a type's own are empty, in this order (fallbacks[][]). */
#define NR_FALLBACKS 2
static const uint8_t fallbacks[MIGRATE_PCPTYPES][NR_FALLBACKS] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

void set_pageblock_migratetype(struct mm *mm, unsigned long pfn, int migratetype)
{
	struct pageblock *block = pfn_to_pageblock(mm, pfn);
	int old = block->migratetype;

	if (unlikely(mm->page_group_by_mobility_disabled) && migratetype < MIGRATE_PCPTYPES)
		migratetype = MIGRATE_UNMOVABLE;
	block->migratetype = (uint8_t)migratetype;
	if (old != migratetype)
		trace(mm, PAGEBLOCK_TYPE, .zone = mm->zones[block->zone],
		      .pfn = pfn & ~((1UL << mm->pageblock_order) - 1), .mt = old, .mt2 = migratetype);
}

/*
 * Move the free blocks in [start, end) to the tails of migratetype's lists and
 * count the allocated pages that could be migrated (move_freepages).
 */
static long move_freepages(struct mm *mm, struct zone *zone, unsigned long start, unsigned long end,
			   int migratetype, long *num_movable)
{
	long moved = 0;

	for (unsigned long pfn = start; pfn < end;) {
		const struct page *page = pfn_to_page(mm, pfn);
		int order = free_block_order(mm, pfn);

		if (order >= 0) {
			move_to_free_list(mm, zone, pfn, (unsigned int)order, migratetype);
			pfn += 1UL << order;
			moved += 1L << order;
			continue;
		}
		if (!(page->flags & PG_USED)) {
			pfn++;
			continue;
		}
		if (num_movable && (page->flags & (PG_LRU | PG_MIGRATABLE)))
			*num_movable += 1L << page_order(page);
		pfn += 1UL << page_order(page);
	}
	return moved;
}

long move_freepages_block(struct mm *mm, struct zone *zone, unsigned long pfn, int migratetype,
			  long *num_movable)
{
	unsigned long start = pfn & ~((1UL << mm->pageblock_order) - 1);
	unsigned long end = start + (1UL << mm->pageblock_order);

	if (num_movable)
		*num_movable = 0;
	/* a pageblock across a zone's border is moved from here on, or not at all */
	if (!zone_spans_pfn(zone, start))
		start = pfn;
	if (!zone_spans_pfn(zone, end - 1))
		return 0;
	return move_freepages(mm, zone, start, end, migratetype, num_movable);
}

bool can_steal_fallback(const struct mm *mm, unsigned int order, int migratetype)
{
	return order >= mm->pageblock_order || order >= mm->pageblock_order / 2 ||
	       migratetype == MIGRATE_RECLAIMABLE || migratetype == MIGRATE_UNMOVABLE ||
	       mm->page_group_by_mobility_disabled;
}

int find_suitable_fallback(const struct mm *mm, const struct zone *zone, unsigned int order, int migratetype,
			   bool only_stealable, bool *can_steal)
{
	const struct free_area *area = &zone->free_area[order];

	if (!free_area_nr(area))
		return -1;
	*can_steal = false;
	for (int i = 0; i < NR_FALLBACKS; i++) {
		int fallback = fallbacks[migratetype][i];

		if (!area->free_list[fallback].nr)
			continue;
		if (can_steal_fallback(mm, order, migratetype))
			*can_steal = true;
		if (!only_stealable || *can_steal)
			return fallback;
	}
	return -1;
}

/*
 * Types are about to be mixed: raise the watermarks by a pageblock, so that
 * kswapd frees memory in time for the next one (boost_watermark).
 */
static bool boost_watermark(struct mm *mm, struct zone *zone)
{
	unsigned long block = 1UL << mm->pageblock_order, factor = mm->sysctl.watermark_boost_factor;
	unsigned long high = zone->watermark[WMARK_HIGH], max_boost;

	if (!factor || block * 4 > zone->managed_pages)
		return false;
	max_boost = high / 10000 * factor + high % 10000 * factor / 10000;
	if (!max_boost)
		return false;
	if (max_boost < block)
		max_boost = block;
	zone->watermark_boost += block;
	if (zone->watermark_boost > max_boost)
		zone->watermark_boost = max_boost;
	trace(mm, WATERMARK_BOOST, .zone = zone, .a = (long)zone->watermark_boost, .b = (long)max_boost);
	return true;
}

/* Allocated pages of a pageblock that go well with type: as far as can be told (steal_suitable_fallback). */
static long alike_pages(const struct mm *mm, int type, int old_type, long free, long movable)
{
	if (type == MIGRATE_MOVABLE)
		return movable;
	if (old_type == MIGRATE_MOVABLE)
		return (1L << mm->pageblock_order) - (free + movable);
	return 0; /* unmovable and reclaimable pages cannot be told apart */
}

static void change_pageblock_range(struct mm *mm, unsigned long pfn, unsigned int order, int migratetype)
{
	for (unsigned long p = pfn; p < pfn + (1UL << order); p += 1UL << mm->pageblock_order)
		set_pageblock_migratetype(mm, p, migratetype);
}

/*
 * Bring the free block at pfn to type's lists: alone, with the free blocks of
 * its pageblock, or with the pageblock's type as well (steal_suitable_fallback).
 */
static void steal_suitable_fallback(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
				    unsigned int alloc_flags, int type, bool whole_block)
{
	int old_type = get_pageblock_migratetype(mm, pfn);
	long free = 0, movable = 0, alike = 0;
	const char *why;
	bool claim;

	if (old_type == MIGRATE_HIGHATOMIC) {
		why = "HIGHATOMIC block: the page alone";
		goto single_page;
	}
	if (order >= mm->pageblock_order) {
		change_pageblock_range(mm, pfn, order, type);
		why = "whole pageblocks: retyped";
		goto single_page;
	}
	if (boost_watermark(mm, zone) && (alloc_flags & ALLOC_KSWAPD))
		zone->boosted = true;
	if (!whole_block) {
		why = "a small movable request: the page alone";
		goto single_page;
	}
	free = move_freepages_block(mm, zone, pfn, type, &movable);
	if (!free) {
		why = "pageblock crosses the zone's border: the page alone";
		goto single_page;
	}
	alike = alike_pages(mm, type, old_type, free, movable);
	claim = free + alike >= 1L << (mm->pageblock_order - 1) || mm->page_group_by_mobility_disabled;
	if (claim)
		set_pageblock_migratetype(mm, pfn, type);
	trace(mm, STEAL, .zone = zone, .pfn = pfn, .order = (int)order, .mt = type, .mt2 = old_type,
	      .a = free, .b = alike, .c = claim,
	      .text = claim ? "half or more is free or alike: claimed"
			    : "less than half is free or alike: not claimed");
	return;

single_page:
	move_to_free_list(mm, zone, pfn, order, type);
	trace(mm, STEAL, .zone = zone, .pfn = pfn, .order = (int)order, .mt = type, .mt2 = old_type,
	      .c = order >= mm->pageblock_order, .text = why);
}

/*
 * The order to steal from, and its type in *fallback: the largest block there
 * is; but a small movable request that cannot take the pageblock along takes
 * the smallest sufficient one, -1 if there is none (__rmqueue_fallback).
 */
static int fallback_order(const struct mm *mm, const struct zone *zone, unsigned int order,
			  unsigned int min_order, int migratetype, int *fallback, bool *can_steal)
{
	int current;

	for (current = (int)mm->max_order; current >= (int)min_order; current--) {
		*fallback = find_suitable_fallback(mm, zone, (unsigned int)current, migratetype, false,
						   can_steal);
		if (*fallback >= 0)
			break;
	}
	if (current < (int)min_order)
		return -1;
	if (*can_steal || migratetype != MIGRATE_MOVABLE || current == (int)order)
		return current;
	for (current = (int)order; current <= (int)mm->max_order; current++) {
		*fallback = find_suitable_fallback(mm, zone, (unsigned int)current, migratetype, false,
						   can_steal);
		if (*fallback >= 0)
			return current;
	}
	return -1;
}

bool rmqueue_fallback(struct mm *mm, struct zone *zone, unsigned int order, int migratetype,
		      unsigned int alloc_flags)
{
	unsigned int min_order = order;
	bool can_steal = false;
	int fallback = -1, current;
	unsigned long pfn;

	if (order < mm->pageblock_order && (alloc_flags & ALLOC_NOFRAGMENT))
		min_order = mm->pageblock_order;
	current = fallback_order(mm, zone, order, min_order, migratetype, &fallback, &can_steal);
	if (current < 0)
		return false;
	pfn = first_block(mm, &zone->free_area[current].free_list[fallback], (unsigned int)current);
	steal_suitable_fallback(mm, zone, pfn, (unsigned int)current, alloc_flags, migratetype, can_steal);
	trace(mm, MM_PAGE_ALLOC_EXTFRAG, .zone = zone, .pfn = pfn, .order = (int)order, .order2 = current,
	      .mt = migratetype, .mt2 = fallback, .a = get_pageblock_migratetype(mm, pfn) == migratetype);
	return true;
}

void reserve_highatomic_pageblock(struct mm *mm, struct zone *zone, unsigned long pfn)
{
	unsigned long block = 1UL << mm->pageblock_order;
	long moved;

	/* one pageblock, or about 1% of the zone */
	if (zone->nr_reserved_highatomic >= zone->managed_pages / 100 + block)
		return;
	if (!migratetype_is_mergeable(get_pageblock_migratetype(mm, pfn)))
		return;
	zone->nr_reserved_highatomic += block;
	set_pageblock_migratetype(mm, pfn, MIGRATE_HIGHATOMIC);
	moved = move_freepages_block(mm, zone, pfn, MIGRATE_HIGHATOMIC, NULL);
	trace(mm, HIGHATOMIC_RESERVE, .zone = zone, .pfn = pfn, .a = moved,
	      .b = (long)zone->nr_reserved_highatomic);
}

/* Give one HIGHATOMIC pageblock of zone to migratetype; false: nothing free in any. */
static bool unreserve_in_zone(struct mm *mm, struct zone *zone, int migratetype)
{
	unsigned long block = 1UL << mm->pageblock_order;

	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long pfn =
			first_block(mm, &zone->free_area[order].free_list[MIGRATE_HIGHATOMIC], order);
		long moved;

		if (pfn == PFN_NONE)
			continue;
		if (get_pageblock_migratetype(mm, pfn) == MIGRATE_HIGHATOMIC)
			zone->nr_reserved_highatomic -=
				block < zone->nr_reserved_highatomic ? block : zone->nr_reserved_highatomic;
		set_pageblock_migratetype(mm, pfn, migratetype);
		moved = move_freepages_block(mm, zone, pfn, migratetype, NULL);
		trace(mm, HIGHATOMIC_UNRESERVE, .zone = zone, .pfn = pfn, .mt = migratetype, .a = moved,
		      .b = (long)zone->nr_reserved_highatomic);
		if (moved)
			return true;
	}
	return false;
}

bool unreserve_highatomic_pageblock(struct mm *mm, const struct alloc_context *ac, bool force)
{
	for (const int *z = ac->preferred; *z >= 0; z++) {
		struct zone *zone = mm->zones[*z];

		if (zone->index > ac->highest_zoneidx)
			continue;
		if (!force && zone->nr_reserved_highatomic <= 1UL << mm->pageblock_order)
			continue;
		if (unreserve_in_zone(mm, zone, ac->migratetype))
			return true;
	}
	return false;
}
