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
bool higher_half_in_zone(const struct mm *mm, const struct page *buddy, unsigned long higher_pfn);
bool types_keep_apart(const struct mm *mm, unsigned long buddy_pfn, int migratetype);
/*
 * Looks at the block at pfn before it merges further, and tells of the merge that
 * made it, if one did (PFN_NONE: none); true: the direct compactor took it.
 */
bool merge_watched(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned long buddy_pfn,
		   uint32_t identity, int migratetype) __attribute__((cold));
void announce_freed(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    int migratetype, bool to_tail, enum fpi_flags flags) __attribute__((cold));
void announce_split(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
	__attribute__((cold));
void announce_found(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    unsigned int found, int migratetype) __attribute__((cold));

/*
 * A block of order is about to be listed: would it merge further as soon as
 * its own buddy is freed? Then the tail is the better place (buddy_merge_likely).
 * Where the merged block begins in another zone, its buddy counts there.
 */
static inline bool buddy_merge_likely(const struct mm *mm, unsigned long pfn, unsigned int order)
{
	unsigned long higher_pfn = pfn & ~(1UL << order);
	const struct page *buddy;

	if (order + 1 >= mm->max_order)
		return false;
	buddy = pfn_to_page(mm, higher_pfn ^ (2UL << order));
	return buddy->flags == (PG_BUDDY | (order + 1)) && higher_half_in_zone(mm, buddy, higher_pfn);
}

/*
 * Put 1 << order pages at pfn on the free lists, merging as far as it goes
 * (__free_one_page). Counters are the caller's. Returns the order of the
 * resulting block. The descriptor of the buddy is compared as a whole: zone,
 * mark and order at once (page_is_buddy).
 */
static inline __attribute__((always_inline)) unsigned int __free_one_page(struct mm *mm, struct zone *zone,
									  unsigned long pfn,
									  unsigned int order, int migratetype,
									  enum fpi_flags flags)
{
	struct page *const memmap = mm->memmap;
	const uint32_t max_identity = buddy_identity(zone, mm->max_order),
		       pageblock_identity = buddy_identity(zone, mm->pageblock_order),
		       check_from =
			       mm->watched ? 0 : pageblock_identity; /* the first order that is asked more */
	uint32_t identity = buddy_identity(zone, order);             /* its low bits are the order */
	unsigned long size = 1UL << order, buddy_pfn = PFN_NONE;
	bool to_tail;

	for (;;) {
		struct page *buddy;

		if (unlikely(identity >= check_from)) {
			if (mm->watched && merge_watched(mm, zone, pfn, buddy_pfn, identity, migratetype))
				return identity & PG_ORDER_MASK;
			if (identity == max_identity)
				break;
			if (identity >= pageblock_identity && types_keep_apart(mm, pfn ^ size, migratetype))
				break;
		}
		buddy_pfn = pfn ^ size;
		buddy = &memmap[buddy_pfn];
		if (buddy->identity != identity)
			break;
		__del_page_from_free_list(memmap, buddy);
		pfn &= buddy_pfn;
		identity++, size <<= 1;
	}
	order = identity & PG_ORDER_MASK;
	to_tail = (flags & FPI_TO_TAIL) || buddy_merge_likely(mm, pfn, order);
	__add_to_free_list(memmap, block_number(mm, order, pfn), identity,
			   free_list_number(zone, order, migratetype), to_tail);
	if (unlikely(mm->watched))
		announce_freed(mm, zone, pfn, order, migratetype, to_tail, flags);
	return order;
}

/*
 * Split a block of order high, already off its list, down to low: each upper
 * half goes to the head of its order's list, the lowest part stays out
 * (expand). head is that of the list the block was on, list its number.
 */
static inline __attribute__((always_inline)) void expand(struct mm *mm, struct zone *zone, unsigned long pfn,
							 unsigned int low, unsigned int high,
							 struct page *head, uint32_t list)
{
	struct page *const memmap = mm->memmap;
	const bool traced = mm->trace_mask;
	uint32_t identity = buddy_identity(zone, high);
	const uint32_t lowest = identity - high + low;
	unsigned long size = 1UL << high;

	while (identity != lowest) {
		identity--, head -= NR_FREE_AREA_LISTS, list -= NR_FREE_AREA_LISTS, size >>= 1;
		__add_to_free_list_head(memmap, (uint32_t)(pfn + size), identity, head, list);
		if (unlikely(traced))
			announce_split(mm, zone, pfn + size, identity & PG_ORDER_MASK);
	}
}

/* Where a search for blocks ended: the smallest order with one, and the head of its list. */
struct filled_list {
	struct page *head;
	unsigned int order; /* above the highest: there is none */
};

/* The first of migratetype's lists, from order upwards, that is not empty. */
static inline struct filled_list first_filled_list(const struct zone *zone, unsigned int order,
						   int migratetype)
{
	struct filled_list list = { &zone->free_area[order].free_list[migratetype], order };

	while (!list.head->nr) { /* past the highest order stands an area whose lists only look filled */
		list.order++;
		list.head += NR_FREE_AREA_LISTS;
	}
	return list;
}

/*
 * Take the first block of the list that the search found and split it down to
 * order (the rest of __rmqueue_smallest). PFN_NONE: there is none.
 */
static inline __attribute__((always_inline)) unsigned long take_first_block(struct mm *mm, struct zone *zone,
									    unsigned int order,
									    struct filled_list list,
									    int migratetype)
{
	unsigned long pfn = list.head->head;
	uint32_t number;

	if (unlikely(list.order >= mm->max_order)) {
		if (list.order > mm->max_order) {
			trace_block(mm, RMQUEUE_SMALLEST, zone, PFN_NONE, order, migratetype, -1);
			return PFN_NONE;
		}
		pfn = entry_pfn(mm, list.order, list.head->head);
	}
	number = __del_first_from_free_list(mm->memmap, list.head);
	if (unlikely(mm->trace_mask))
		announce_found(mm, zone, pfn, order, list.order, migratetype);
	expand(mm, zone, pfn, order, list.order, list.head, number);
	trace_block(mm, MM_PAGE_ALLOC_ZONE_LOCKED, zone, pfn, order, migratetype,
		    pcp_allowed_order(mm, order) && migratetype < MIGRATE_PCPTYPES);
	return pfn;
}

#endif
