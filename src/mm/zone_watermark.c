/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a request may take from a zone: the free pages it may count, held
 * against a watermark and the zone's lowmem_reserve.
 */
#include "config.h"

#include "internal.h"

long watermark_floor(long mark, unsigned int alloc_flags)
{
	if (!(alloc_flags & ALLOC_RESERVES))
		return mark;
	if (alloc_flags & ALLOC_MIN_RESERVE) {
		mark -= mark / 2;
		if (alloc_flags & ALLOC_NON_BLOCK)
			mark -= mark / 4;
	}
	if (alloc_flags & ALLOC_OOM)
		mark -= mark / 2;
	return mark;
}

/* Whether a block of order or more is on a list that the request may use. */
static bool usable_block_free(const struct mm *mm, const struct zone *zone, unsigned int order,
			      unsigned int alloc_flags)
{
	for (unsigned int o = order; o <= mm->max_order; o++) {
		const struct free_area *area = &zone->free_area[o];

		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
			if (area->free_list[mt].nr)
				return true;
		if ((alloc_flags & ALLOC_CMA) && area->free_list[MIGRATE_CMA].nr)
			return true;
		if ((alloc_flags & (ALLOC_HIGHATOMIC | ALLOC_OOM)) && area->free_list[MIGRATE_HIGHATOMIC].nr)
			return true;
	}
	return false;
}

bool __zone_watermark_ok(const struct mm *mm, const struct zone *zone, unsigned int order, unsigned long mark,
			 int highest_zoneidx, unsigned int alloc_flags, long free_pages)
{
	long min = watermark_floor((long)mark, alloc_flags);

	free_pages -= unusable_free(zone, order, alloc_flags);
	if (free_pages <= min + zone->lowmem_reserve[highest_zoneidx])
		return false;
	return !order || usable_block_free(mm, zone, order, alloc_flags);
}

bool zone_watermark_ok_safe(const struct mm *mm, const struct zone *zone, unsigned int order,
			    unsigned long mark, int highest_zoneidx)
{
	long free = zone_page_state(zone, NR_FREE_PAGES);

	if (zone->percpu_drift_mark && free < (long)zone->percpu_drift_mark)
		free = zone_page_state_snapshot(zone, mm, NR_FREE_PAGES);
	return __zone_watermark_ok(mm, zone, order, mark, highest_zoneidx, 0, free);
}

bool zone_watermark_slow(const struct mm *mm, const struct zone *zone, const struct alloc_request *req,
			 unsigned long mark, unsigned int alloc_flags, int highest_zoneidx)
{
	long free = zone_page_state(zone, NR_FREE_PAGES);

	if (__zone_watermark_ok(mm, zone, req->order, mark, highest_zoneidx, alloc_flags, free))
		return true;
	/* an atomic order-0 request is not held against the boost */
	if (req->order || !(req->gfp & __GFP_ATOMIC) || !zone->watermark_boost ||
	    (alloc_flags & ALLOC_WMARK_MASK) != WMARK_MIN)
		return false;
	return __zone_watermark_ok(mm, zone, 0, zone->watermark[WMARK_MIN], highest_zoneidx, alloc_flags,
				   free);
}
