/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The free lists' primitives, inline because every split and merge is made of
 * them. They follow add_to_free_list() and its neighbours in mm/page_alloc.c;
 * the links are numbers (see struct page), so a list works the same in every
 * copy of a machine.
 */
#ifndef BUDDYVIZ_MM_FREE_LIST_H
#define BUDDYVIZ_MM_FREE_LIST_H

#include "internal.h"

/* ----------------------------------- lists that end: page sets, LRUs --- */

static inline void page_list_init(struct page_list *list)
{
	list->head = list->tail = PFN_NIL;
	list->nr = 0;
}

/* base[n] goes to the head of list. */
static inline void page_list_add(struct page *base, struct page_list *list, uint32_t n)
{
	uint32_t next = list->head;

	base[n].prev = PFN_NIL;
	base[n].next = next;
	if (next == PFN_NIL)
		list->tail = n;
	else
		base[next].prev = n;
	list->head = n;
	list->nr++;
}

/* base[n] goes to the tail of list. */
static inline void page_list_add_tail(struct page *base, struct page_list *list, uint32_t n)
{
	uint32_t prev = list->tail;

	base[n].prev = prev;
	base[n].next = PFN_NIL;
	if (prev == PFN_NIL)
		list->head = n;
	else
		base[prev].next = n;
	list->tail = n;
	list->nr++;
}

/* base[n] leaves list; its own links are left as they were. */
static inline void page_list_del(struct page *base, struct page_list *list, uint32_t n)
{
	uint32_t next = base[n].next, prev = base[n].prev;

	if (prev == PFN_NIL)
		list->head = next;
	else
		base[prev].next = next;
	if (next == PFN_NIL)
		list->tail = prev;
	else
		base[next].prev = prev;
	list->nr--;
}

/* ----------------------------------------- rings through a list head --- */

static inline void free_list_init(const struct mm *mm, struct page *list)
{
	list->next = list->prev = free_list_end(mm, list);
	list->nr = 0;
}

/* The number of a free list, which is that of its head. */
static inline uint32_t free_list_number(const struct zone *zone, unsigned int order, int migratetype)
{
	return zone->free_lists + order * NR_FREE_AREA_LISTS + (uint32_t)migratetype;
}

/* memmap[n] goes between its neighbours to be (__list_add). */
static inline void free_list_insert(struct page *memmap, uint32_t n, uint32_t prev, uint32_t next)
{
	memmap[n].next = next;
	memmap[next].prev = n;
	memmap[n].prev = prev;
	memmap[prev].next = n;
}

/* memmap[n] leaves its ring; its own links are left as they were (__list_del). */
static inline void free_list_unlink(struct page *memmap, const struct page *page)
{
	uint32_t next = page->next, prev = page->prev;

	memmap[prev].next = next;
	memmap[next].prev = prev;
}

/* Block n gets its mark and goes on the list of this number, whose head is memmap[list]. */
static inline void __add_to_free_list(struct page *memmap, uint32_t n, uint32_t identity, uint32_t list,
				      bool tail)
{
	struct page *page = &memmap[n], *head = &memmap[list];

	page->identity = identity;
	if (tail)
		free_list_insert(memmap, n, head->tail, list);
	else
		free_list_insert(memmap, n, list, head->head);
	page->private = list;
	head->nr++;
}

/* The same to the head of the list, for expand(), which has the head at hand: that is a tenth of a split. */
static inline void __add_to_free_list_head(struct page *memmap, uint32_t n, uint32_t identity,
					   struct page *head, uint32_t list)
{
	struct page *page = &memmap[n];
	uint32_t next = head->head;

	page->identity = identity;
	page->next = next;
	memmap[next].prev = n;
	page->prev = list;
	head->head = n;
	page->private = list;
	head->nr++;
}

/* A block leaves its list and loses its mark. */
static inline void __del_page_from_free_list(struct page *memmap, struct page *page)
{
	free_list_unlink(memmap, page);
	page->identity = 0;
	memmap[page->private].nr--;
}

/* The same for the first of a list, which is known without asking the page; returns the list's number. */
static inline uint32_t __del_first_from_free_list(struct page *memmap, struct page *head)
{
	struct page *page = &memmap[head->head];
	uint32_t next = page->next, list = page->prev;

	head->head = next;
	memmap[next].prev = list;
	page->identity = 0;
	head->nr--;
	return list;
}

/* The number of the free block of order at pfn. */
static inline uint32_t block_number(const struct mm *mm, unsigned int order, unsigned long pfn)
{
	return (uint32_t)(order == mm->max_order ? mm->max_block_base + (pfn >> order) : pfn);
}

/* struct page.identity of a free block's head. */
static inline uint32_t buddy_identity(const struct zone *zone, unsigned int order)
{
	return zone->buddy_identity | order;
}

/* PFN of the first block on a list of order, PFN_NONE if it is empty. */
static inline unsigned long first_block(const struct mm *mm, const struct page *list, unsigned int order)
{
	return list->nr ? entry_pfn(mm, order, list->head) : PFN_NONE;
}

/* The order of the free block that starts at pfn, or -1 (PageBuddy, buddy_order). */
static inline int free_block_order(const struct mm *mm, unsigned long pfn)
{
	const struct page *page = pfn_to_page(mm, pfn);

	if (page->flags & PG_BUDDY)
		return (int)page_order(page);
	if (!(pfn & ((1UL << mm->max_order) - 1)) && (mm->max_blocks[pfn >> mm->max_order].flags & PG_BUDDY))
		return (int)mm->max_order;
	return -1;
}

/* A block that is on no list becomes free: set_buddy_order() and add_to_free_list(_tail)(). */
static inline void add_to_free_list(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
				    int migratetype, bool tail)
{
	__add_to_free_list(mm->memmap, block_number(mm, order, pfn), buddy_identity(zone, order),
			   free_list_number(zone, order, migratetype), tail);
	trace_block(mm, FREE_LIST_ADD, zone, pfn, order, migratetype, tail);
}

/* A free block leaves its list and stops being free (del_page_from_free_list). */
static inline void del_page_from_free_list(struct mm *mm, struct zone *zone, unsigned long pfn,
					   unsigned int order)
{
	struct page *page = &mm->memmap[block_number(mm, order, pfn)];

	__del_page_from_free_list(mm->memmap, page);
	trace_block(mm, FREE_LIST_DEL, zone, pfn, order, free_block_migratetype(mm, page), 0);
}

/* A free block goes to the tail of another type's list (move_to_free_list). */
static inline void move_to_free_list(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
				     int migratetype)
{
	uint32_t n = block_number(mm, order, pfn);
	int old = free_block_migratetype(mm, &mm->memmap[n]);

	__del_page_from_free_list(mm->memmap, &mm->memmap[n]);
	__add_to_free_list(mm->memmap, n, buddy_identity(zone, order),
			   free_list_number(zone, order, migratetype), true);
	trace(mm, FREE_LIST_MOVE, .zone = zone, .pfn = pfn, .order = (int)order, .mt = old,
	      .mt2 = migratetype);
}

/* ----------------------------------------------------------- counters --- */

/* Add to a counter of the pageblocks that a block covers. */
#define account_pageblocks(mm, pfn_, order_, field, op)                                                      \
	do {                                                                                                 \
		struct pageblock *pb_ = pfn_to_pageblock(mm, pfn_);                                          \
		if (likely((order_) <= (mm)->pageblock_order)) {                                             \
			pb_->field op(uint16_t)(1U << (order_));                                             \
		} else {                                                                                     \
			struct pageblock *end_ = pb_ + (1UL << ((order_) - (mm)->pageblock_order));          \
			for (; pb_ < end_; pb_++)                                                            \
				pb_->field op(uint16_t)(1U << (mm)->pageblock_order);                        \
		}                                                                                            \
	} while (0)

/* Pages of the pageblocks that a block covers pass from one count to another. */
#define account_transfer(mm, pfn_, order_, from, to)                                                         \
	do {                                                                                                 \
		if (likely((order_) <= (mm)->pageblock_order)) {                                             \
			struct pageblock *both_ = pfn_to_pageblock(mm, pfn_);                                \
			both_->from -= (uint16_t)(1U << (order_));                                           \
			both_->to += (uint16_t)(1U << (order_));                                             \
		} else {                                                                                     \
			account_pageblocks(mm, pfn_, order_, from, -=);                                      \
			account_pageblocks(mm, pfn_, order_, to, +=);                                        \
		}                                                                                            \
	} while (0)

/* Change a zone counter by way of the current CPU's unfolded part (__mod_zone_page_state). */
static inline void mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)
{
	int *diff = &zone->this_cpu->vm_stat_diff[item];
	int x = *diff + (int)delta;
	unsigned int threshold = zone->stat_threshold;

	if ((unsigned int)x + threshold > 2 * threshold) { /* |x| > threshold */
		zone->vm_stat[item] += x;
		x = 0;
	}
	*diff = x;
}

/* __mod_zone_freepage_state; pages of isolated pageblocks do not count as free */
static inline void mod_zone_freepage_state(struct zone *zone, long pages, int migratetype)
{
	if (unlikely(migratetype >= MIGRATE_CMA)) {
		if (migratetype == MIGRATE_ISOLATE)
			return;
		mod_zone_page_state(zone, NR_FREE_CMA_PAGES, pages);
	}
	mod_zone_page_state(zone, NR_FREE_PAGES, pages);
}

#endif
