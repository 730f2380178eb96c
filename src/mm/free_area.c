/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The buddy algorithm itself.
 *
 * Free memory is kept in blocks of 1 << order pages, each aligned to its size,
 * on one list per order and migratetype. The buddy of a block is the other
 * half of the block twice as large: its PFN differs in the one bit that the
 * order names. A request takes the first block of the smallest sufficient
 * order and splits it: the upper half goes back on the list below, the lower
 * half is split again. A freed block looks at its buddy; if that is free as a
 * whole, both leave the lists as one block of the next order, and so on up.
 *
 * List order is part of the algorithm: split halves go to the head, so that
 * memory just touched is used next; a freed block goes to the tail when the
 * next merge is likely, so that it is left in peace.
 */
#include "config.h"

#include "free_list.h"

/* Whether the buddy of a block, one order up from here, is free already (find_buddy_page_pfn). */
static bool buddy_is_free(const struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
{
	return pfn_to_page(mm, pfn ^ (1UL << order))->identity == buddy_identity(zone, order);
}

/*
 * A block of order is about to be listed: would it merge further as soon as
 * its own buddy is freed? Then the tail is the better place (buddy_merge_likely).
 */
static inline bool buddy_merge_likely(const struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
{
	unsigned long higher_pfn = pfn & ~(1UL << order);
	const struct pageblock *block;

	if (order + 1 >= mm->max_order)
		return false;
	if (likely(higher_pfn == pfn))
		return buddy_is_free(mm, zone, higher_pfn, order + 1);
	/* the lower half may belong to another zone, and then its buddy counts there */
	block = pfn_to_pageblock(mm, higher_pfn);
	if (unlikely(block->flags & PB_TWO_ZONES)) {
		zone = page_zone(mm, higher_pfn);
		return zone && buddy_is_free(mm, zone, higher_pfn, order + 1);
	}
	return buddy_is_free(mm, mm->zones[block->zone], higher_pfn, order + 1);
}

/*
 * From the pageblock order up, blocks merge only if their types are equal or
 * both ordinary: a CMA, HIGHATOMIC or isolated pageblock keeps its borders.
 */
static __attribute__((noinline)) bool types_keep_apart(const struct mm *mm, unsigned long buddy_pfn, int migratetype)
{
	int buddy_type = get_pageblock_migratetype(mm, buddy_pfn);

	return migratetype != buddy_type &&
	       (!migratetype_is_mergeable(migratetype) || !migratetype_is_mergeable(buddy_type));
}

/* Whether the direct compactor under way takes this block for itself (compaction_capture). */
static __attribute__((noinline)) bool compaction_capture(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			       int migratetype)
{
	struct capture_control *capture = mm->capture;

	if (capture->pfn != PFN_NONE || capture->zone != zone || order != capture->order)
		return false;
	if (migratetype == MIGRATE_CMA || migratetype == MIGRATE_ISOLATE)
		return false;
	/* a small request must not pollute a movable pageblock */
	if (order < mm->pageblock_order && migratetype == MIGRATE_MOVABLE)
		return false;
	capture->pfn = pfn;
	mod_zone_freepage_state(mm, zone, -(1L << order), migratetype);
	account_pageblocks(mm, pfn, order, nr_free, -=);
	return true;
}

/* The events of one merge and of one split, out of the loops' way. */
static __attribute__((cold, noinline)) void announce_merge(struct mm *mm, const struct zone *zone, unsigned long pfn,
							    unsigned int order, int migratetype, int buddy_type)
{
	unsigned long buddy_pfn = pfn ^ (1UL << order);

	trace_block(mm, FREE_LIST_DEL, zone, buddy_pfn, order, buddy_type, 0);
	trace_block(mm, MERGE, zone, pfn, order, migratetype, (long)buddy_pfn);
}

static __attribute__((cold, noinline)) void announce_split(struct mm *mm, const struct zone *zone, unsigned long pfn,
							    unsigned int order, int migratetype)
{
	trace_block(mm, FREE_LIST_ADD, zone, pfn, order, migratetype, 0);
	trace_block(mm, EXPAND, zone, pfn, order, migratetype, 0);
}

unsigned int free_one_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order, int migratetype,
			   enum fpi_flags flags)
{
	struct page *const memmap = mm->memmap;
	struct free_area *area = &zone->free_area[order];
	const unsigned int max_order = mm->max_order, pageblock_order = mm->pageblock_order;
	const bool capturing = mm->capture;
	uint32_t identity = buddy_identity(zone, order);
	unsigned long size = 1UL << order;
	bool to_tail;

	if (likely(migratetype != MIGRATE_ISOLATE))
		mod_zone_freepage_state(mm, zone, (long)size, migratetype);
	account_pageblocks(mm, pfn, order, nr_free, +=);

	for (; order < max_order; order++, area++, identity++, size <<= 1) {
		unsigned long buddy_pfn = pfn ^ size;
		struct page *buddy = &memmap[buddy_pfn];

		if (unlikely(capturing) && compaction_capture(mm, zone, pfn, order, migratetype))
			return order;
		if (buddy->identity != identity)
			break;
		if (unlikely(order >= pageblock_order) && types_keep_apart(mm, buddy_pfn, migratetype))
			break;
		free_list_unlink(memmap, (uint32_t)buddy_pfn);
		buddy->identity = 0;
		area->free_list[buddy->private].nr--;
		if (unlikely(mm->trace_mask))
			announce_merge(mm, zone, pfn, order, migratetype, (int)buddy->private);
		pfn &= buddy_pfn;
	}
	to_tail = (flags & FPI_TO_TAIL) || buddy_merge_likely(mm, zone, pfn, order);
	add_to_free_list(mm, zone, pfn, order, migratetype, to_tail);
	trace_block(mm, FREE_DONE, zone, pfn, order, migratetype, to_tail);
	return order;
}

/*
 * Split a block of order high, already off its list, down to low: each upper
 * half goes to the head of its order's list, the lowest part stays out (expand).
 */
static inline void expand(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int low, unsigned int high,
			  int migratetype)
{
	struct page *const memmap = mm->memmap;
	struct free_area *area = &zone->free_area[high];
	uint32_t end = free_list_end(mm, &area->free_list[migratetype]);
	uint32_t identity = buddy_identity(zone, high);
	unsigned long size = 1UL << high;

	while (high > low) {
		high--, area--, identity--, size >>= 1, end -= FREE_AREA_STRIDE;
		uint32_t half = (uint32_t)(pfn + size);

		memmap[half].identity = identity;
		memmap[half].private = (uint32_t)migratetype;
		free_list_insert(memmap, half, end, area->free_list[migratetype].head);
		area->free_list[migratetype].nr++;
		if (unlikely(mm->trace_mask))
			announce_split(mm, zone, half, high, migratetype);
	}
}

unsigned long rmqueue_smallest(struct mm *mm, struct zone *zone, unsigned int order, int migratetype)
{
	unsigned int found = order;
	unsigned long pfn;

	while (!zone->free_area[found].free_list[migratetype].nr) {
		if (found++ < mm->max_order)
			continue;
		trace_block(mm, RMQUEUE_SMALLEST, zone, PFN_NONE, order, migratetype, -1);
		return PFN_NONE;
	}
	pfn = entry_pfn(mm, found, zone->free_area[found].free_list[migratetype].head);
	trace_block(mm, RMQUEUE_SMALLEST, zone, pfn, order, migratetype, (long)found);
	del_page_from_free_list(mm, zone, pfn, found);
	expand(mm, zone, pfn, order, found, migratetype);
	trace_block(mm, MM_PAGE_ALLOC_ZONE_LOCKED, zone, pfn, order, migratetype,
		    pcp_allowed_order(mm, order) && migratetype < MIGRATE_PCPTYPES);
	return pfn;
}

void free_pages_core(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order)
{
	zone->managed_pages += 1UL << order;
	mm->managed_pages += 1UL << order;
	free_one_page(mm, zone, pfn, order, get_pageblock_migratetype(mm, pfn), FPI_TO_TAIL);
}
