/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The buddy algorithm as the rest of src/mm calls it, and what of it seldom
 * happens. The algorithm itself, with its explanation, is in free_area.h.
 */
#include "config.h"

#include "boot.h"
#include "free_area.h"

/* Whether the higher block's lower half, where it would begin, is of the same zone as the buddy. */
bool higher_half_in_zone(const struct mm *mm, const struct page *buddy, unsigned long higher_pfn)
{
	const struct zone *zone = memmap_zone(mm, higher_pfn);

	return zone && zone->id == buddy->zone;
}

/*
 * From the pageblock order up, blocks merge only if their types are equal or
 * both ordinary: a CMA, HIGHATOMIC or isolated pageblock keeps its borders.
 */
bool types_keep_apart(const struct mm *mm, unsigned long buddy_pfn, int migratetype)
{
	int buddy_type = get_pageblock_migratetype(mm, buddy_pfn);

	return migratetype != buddy_type &&
	       (!migratetype_is_mergeable(migratetype) || !migratetype_is_mergeable(buddy_type));
}

/* Whether the direct compactor under way takes this block for itself (compaction_capture). */
static bool compaction_capture(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			       int migratetype)
{
	struct capture_control *capture = mm->capture;

	if (!capture || order == mm->max_order || capture->pfn != PFN_NONE || capture->zone != zone ||
	    order != capture->order)
		return false;
	if (migratetype == MIGRATE_CMA || migratetype == MIGRATE_ISOLATE)
		return false;
	/* a small request must not pollute a movable pageblock */
	if (order < mm->pageblock_order && migratetype == MIGRATE_MOVABLE)
		return false;
	capture->pfn = pfn;
	mod_zone_freepage_state(zone, -(1L << order), migratetype);
	account_pageblocks(mm, pfn, order, nr_free, -=);
	return true;
}

bool merge_watched(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned long buddy_pfn,
		   uint32_t identity, int migratetype)
{
	unsigned int order = identity & PG_ORDER_MASK, halves = order - 1;

	if (buddy_pfn != PFN_NONE) {
		trace_block(mm, FREE_LIST_DEL, zone, buddy_pfn, halves,
			    free_block_migratetype(mm, pfn_to_page(mm, buddy_pfn)), 0);
		trace_block(mm, MERGE, zone, buddy_pfn ^ (1UL << halves), halves, migratetype,
			    (long)buddy_pfn);
	}
	return compaction_capture(mm, zone, pfn, order, migratetype);
}

void announce_freed(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    int migratetype, bool to_tail, enum fpi_flags flags)
{
	trace_block(mm, FREE_LIST_ADD, zone, pfn, order, migratetype, to_tail);
	trace_block(mm, FREE_DONE, zone, pfn, order, migratetype, to_tail ? 1 + (flags & FPI_TO_TAIL) : 0);
}

void announce_split(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
{
	int migratetype = free_block_migratetype(mm, pfn_to_page(mm, pfn));

	trace_block(mm, FREE_LIST_ADD, zone, pfn, order, migratetype, 0);
	trace_block(mm, EXPAND, zone, pfn, order, migratetype, 0);
}

void announce_found(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
		    unsigned int found, int migratetype)
{
	trace_block(mm, RMQUEUE_SMALLEST, zone, pfn, order, migratetype, (long)found);
	trace_block(mm, FREE_LIST_DEL, zone, pfn, found, migratetype, 0);
}

unsigned int free_one_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			   int migratetype, enum fpi_flags flags)
{
	mod_zone_freepage_state(zone, 1L << order, migratetype);
	account_pageblocks(mm, pfn, order, nr_free, +=);
	return __free_one_page(mm, zone, pfn, order, migratetype, flags);
}

unsigned long rmqueue_smallest(struct mm *mm, struct zone *zone, unsigned int order, int migratetype)
{
	return take_first_block(mm, zone, order, first_filled_list(zone, order, migratetype), migratetype);
}

void free_pages_core(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order)
{
	zone->managed_pages += 1UL << order;
	mm->managed_pages += 1UL << order;
	count_vm_events(mm, PGFREE, 1UL << order);
	free_one_page(mm, zone, pfn, order, get_pageblock_migratetype(mm, pfn), FPI_TO_TAIL);
}
