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
 *
 * Split and merge stand here, in a header, because requests are made of
 * little else: page_alloc.c has them in line. All others call free_one_page()
 * and rmqueue_smallest() of free_area.c.
 */
#ifndef BUDDYVIZ_MM_FREE_AREA_H
#define BUDDYVIZ_MM_FREE_AREA_H

#include "free_list.h"

/* What seldom happens, out of the way in free_area.c. */
bool buddy_merge_likely_below(const struct mm *mm, unsigned long higher_pfn, unsigned int order);
bool types_keep_apart(const struct mm *mm, unsigned long buddy_pfn, int migratetype);
bool compaction_capture(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			int migratetype);
/* Tells of a merge into the block of order at pfn; true: the direct compactor took that block. */
bool merge_watched(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned long buddy_pfn,
		   unsigned int order, int migratetype) __attribute__((cold));
void announce_freed(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    int migratetype, long tail) __attribute__((cold));
void announce_split(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    int migratetype) __attribute__((cold));
void announce_found(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    unsigned int found, int migratetype) __attribute__((cold));

/*
 * A block of order is about to be listed: would it merge further as soon as
 * its own buddy is freed? Then the tail is the better place (buddy_merge_likely).
 */
static inline bool buddy_merge_likely(const struct mm *mm, const struct zone *zone, unsigned long pfn,
				      unsigned int order)
{
	unsigned long higher_pfn = pfn & ~(1UL << order);

	if (order + 1 >= mm->max_order)
		return false;
	if (higher_pfn != pfn)
		return buddy_merge_likely_below(mm, higher_pfn, order);
	return pfn_to_page(mm, pfn ^ (2UL << order))->identity == buddy_identity(zone, order + 1);
}

/*
 * Put 1 << order pages at pfn on the free lists, merging as far as it goes
 * (__free_one_page). Counters are the caller's. Returns the order of the
 * resulting block.
 */
static inline __attribute__((always_inline)) unsigned int __free_one_page(struct mm *mm, struct zone *zone,
									  unsigned long pfn,
									  unsigned int order, int migratetype,
									  enum fpi_flags flags)
{
	struct page *const memmap = mm->memmap;
	const uint32_t last = buddy_identity(zone, mm->max_order),
		       keeping = buddy_identity(zone, mm->pageblock_order);
	const bool watched = mm->trace_mask || mm->capture;
	struct free_area *area = &zone->free_area[order];
	uint32_t identity = buddy_identity(zone, order); /* its low bits are the order */
	unsigned long size = 1UL << order;
	struct page *page;
	bool to_tail;

	if (unlikely(watched) && compaction_capture(mm, zone, pfn, order, migratetype))
		return order;
	while (identity != last) {
		unsigned long buddy_pfn = pfn ^ size;
		struct page *buddy = &memmap[buddy_pfn];

		if (buddy->identity != identity)
			break;
		if (unlikely(identity >= keeping) && types_keep_apart(mm, buddy_pfn, migratetype))
			break;
		free_list_unlink(memmap, buddy);
		buddy->identity = 0;
		area->free_list[buddy->private].nr--;
		pfn &= buddy_pfn;
		identity++, area++, size <<= 1;
		if (unlikely(watched) &&
		    merge_watched(mm, zone, pfn, buddy_pfn, identity & PG_ORDER_MASK, migratetype))
			return identity & PG_ORDER_MASK;
	}
	order = identity & PG_ORDER_MASK;
	to_tail = (flags & FPI_TO_TAIL) || buddy_merge_likely(mm, zone, pfn, order);
	page = unlikely(identity == last) ? &mm->max_blocks[pfn >> order] : &memmap[pfn];
	list_block(memmap, page, identity, &area->free_list[migratetype], migratetype, to_tail);
	if (unlikely(watched))
		announce_freed(mm, zone, pfn, order, migratetype, to_tail ? 1 + (flags & FPI_TO_TAIL) : 0);
	return order;
}

/*
 * Split a block of order high, already off its list, down to low: each upper
 * half goes to the head of its order's list, the lowest part stays out
 * (expand). list is where the block was, end that list's number.
 */
static inline __attribute__((always_inline)) void expand(struct mm *mm, struct zone *zone, unsigned long pfn,
							 unsigned int low, unsigned int high,
							 struct page *list, uint32_t end, int migratetype)
{
	struct page *const memmap = mm->memmap;
	const uint32_t lowest = buddy_identity(zone, low);
	const bool traced = mm->trace_mask;
	uint32_t identity = buddy_identity(zone, high);
	unsigned long size = 1UL << high;

	while (identity != lowest) {
		uint32_t half;

		identity--, list -= FREE_AREA_STRIDE, end -= FREE_AREA_STRIDE, size >>= 1;
		half = (uint32_t)(pfn + size);
		memmap[half].identity = identity;
		memmap[half].private = (uint32_t)migratetype;
		free_list_insert(memmap, half, end, list->head);
		list->nr++;
		if (unlikely(traced))
			announce_split(mm, zone, half, identity & PG_ORDER_MASK, migratetype);
	}
}

/*
 * Take the first block of the smallest sufficient order off migratetype's
 * lists and split it down to order (__rmqueue_smallest). PFN_NONE: there is none.
 */
static inline __attribute__((always_inline)) unsigned long
__rmqueue_smallest(struct mm *mm, struct zone *zone, unsigned int order, int migratetype)
{
	struct page *list = &zone->free_area[order].free_list[migratetype], *page;
	unsigned int found = order;
	unsigned long pfn;

	while (!list->nr) { /* past the highest order stands an area whose lists only look filled */
		found++;
		list += FREE_AREA_STRIDE;
	}
	if (unlikely(found > mm->max_order)) {
		trace_block(mm, RMQUEUE_SMALLEST, zone, PFN_NONE, order, migratetype, -1);
		return PFN_NONE;
	}
	page = &mm->memmap[list->head];
	pfn = entry_pfn(mm, found, list->head);
	list->head = page->next; /* it leaves its list from the head */
	mm->memmap[page->next].prev = page->prev;
	page->identity = 0;
	list->nr--;
	if (unlikely(mm->trace_mask))
		announce_found(mm, zone, pfn, order, found, migratetype);
	expand(mm, zone, pfn, order, found, list, page->prev, migratetype);
	trace_block(mm, MM_PAGE_ALLOC_ZONE_LOCKED, zone, pfn, order, migratetype,
		    pcp_allowed_order(mm, order) && migratetype < MIGRATE_PCPTYPES);
	return pfn;
}

#endif
