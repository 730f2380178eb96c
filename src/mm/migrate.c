/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Migration: a used block's contents go to another place, its owner is told,
 * and the old place is freed. Follows mm/migrate.c. Nothing can hold a
 * page of ours so that its migration would have to be tried again.
 */
#include "config.h"

#include "compaction.h"

void free_isolated_page(struct mm *mm, struct zone *zone, unsigned long pfn)
{
	bool to_pcp;

	pfn_to_page(mm, pfn)->identity = 0;
	trace(mm, MM_PAGE_FREE, .zone = zone, .pfn = pfn);
	if (mm->pcp_disabled)
		free_one_page(mm, zone, pfn, 0, get_pageblock_migratetype(mm, pfn), FPI_NONE);
	else
		free_unref_page(mm, zone, pfn, 0, false, &to_pcp);
}

/* PG_ISOLATED is the mark of blocks that were on the LRU; what has movable operations only is on no list
 * anyway. */
void isolate_used_page(struct mm *mm, unsigned long pfn)
{
	lru_isolate(mm, pfn);
}

static void putback_page(struct mm *mm, unsigned long pfn)
{
	if (pfn_to_page(mm, pfn)->flags & PG_ISOLATED)
		lru_putback(mm, pfn);
}

void putback_movable_pages(struct mm *mm, struct page_list *list)
{
	while (list->nr) {
		uint32_t pfn = list->head;

		page_list_del(mm->memmap, list, pfn);
		putback_page(mm, pfn);
	}
}

/* Free what a block that moved away was in: through the page set, as its last reference is dropped
 * (folio_put). */
static void free_source(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order)
{
	bool to_pcp;

	if (!order) {
		free_isolated_page(mm, zone, pfn);
		return;
	}
	trace(mm, MM_PAGE_FREE, .zone = zone, .pfn = pfn, .order = (int)order);
	if (mm->pcp_disabled || !pcp_allowed_order(mm, order))
		free_one_page(mm, zone, pfn, order, get_pageblock_migratetype(mm, pfn), FPI_NONE);
	else
		free_unref_page(mm, zone, pfn, order, false, &to_pcp);
}

/* Move the block at src to dst, whose descriptor is nobody's (move_to_new_folio). */
static void move_to_new_page(struct mm *mm, unsigned long dst, unsigned long src)
{
	struct page *from = pfn_to_page(mm, src), *to = pfn_to_page(mm, dst);
	unsigned int order = page_order(from), mobility = from->flags >> PG_MT_SHIFT;
	uint16_t zone = to->zone;
	uint32_t owner = from->private;

	account_pageblocks(mm, dst, order, nr_used[mobility], +=);
	to->identity = PG_USED | order | (from->flags & (PG_MIGRATABLE | PG_COMPOUND)) |
		       mobility << PG_MT_SHIFT | (uint32_t)zone << 16;
	to->private = owner;
	if (from->flags & PG_ISOLATED)
		lru_migrate(mm, src, dst);
	retire_page(mm, src);
	putback_page(mm, dst);
	trace(mm, MIGRATE_PAGE, .zone = mm->zones[zone], .pfn = src, .pfn2 = dst, .order = (int)order,
	      .c = owner);
	if (mm->page_moved)
		mm->page_moved(mm->page_moved_arg, owner, src, dst);
}

int migrate_pages(struct mm *mm, struct page_list *list,
		  unsigned long (*get_new_page)(void *arg, unsigned long src), void *arg,
		  unsigned long *nr_succeeded)
{
	*nr_succeeded = 0;
	while (list->nr) {
		unsigned long src = list->head, dst = get_new_page(arg, src);
		struct zone *zone = mm->zones[pfn_to_page(mm, src)->zone];
		unsigned int order = page_order(pfn_to_page(mm, src));

		if (dst == PFN_NONE) {
			mm->vm_events[PGMIGRATE_FAIL] += 1UL << order;
			return ERR_NOMEM;
		}
		page_list_del(mm->memmap, list, (uint32_t)src);
		move_to_new_page(mm, dst, src);
		free_source(mm, zone, src, order);
		*nr_succeeded += 1UL << order;
		mm->vm_events[PGMIGRATE_SUCCESS] += 1UL << order;
	}
	return 0;
}
