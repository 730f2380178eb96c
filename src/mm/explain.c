/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a request would fail, zone by zone: the same checks as the allocation
 * path, without changing anything.
 */
#include "config.h"

#include "free_list.h"

#define MAX_EXPLAINED (sizeof(((struct alloc_explanation *)0)->zones) / sizeof(struct zone_verdict))

/* The largest order with a block this request could be given; -1: none. HIGHATOMIC ones are there for those
 * who cannot sleep, too, but only for single pages. */
static int largest_usable(const struct mm *mm, const struct zone *zone, unsigned int wanted, int migratetype,
			  unsigned int alloc_flags)
{
	unsigned int highatomic = ALLOC_HIGHATOMIC | ALLOC_OOM | (wanted ? 0 : ALLOC_NON_BLOCK);

	for (int order = (int)mm->max_order; order >= 0; order--) {
		const struct free_area *area = &zone->free_area[order];

		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
			if (area->free_list[mt].nr)
				return order;
		if (migratetype == MIGRATE_MOVABLE && area->free_list[MIGRATE_CMA].nr)
			return order;
		if ((alloc_flags & highatomic) && area->free_list[MIGRATE_HIGHATOMIC].nr)
			return order;
	}
	return -1;
}

/* How one zone stands to the request, by the flags of the slow path. */
static void judge(const struct mm *mm, const struct alloc_request *req, const struct alloc_context *ac,
		  unsigned int alloc_flags, struct zone_verdict *v)
{
	const struct zone *zone = v->zone;

	v->free = zone_page_state(
		zone, NR_FREE_PAGES); /* what the check reads, the CPUs' unfolded parts left out */
	v->largest = largest_usable(mm, zone, req->order, ac->migratetype, alloc_flags);
	v->mark = wmark_pages(zone, WMARK_MIN);
	v->lowered = watermark_floor((long)v->mark, alloc_flags);
	v->really = zone_page_state_snapshot(zone, mm, NR_FREE_PAGES);
	v->reserve = ac->highest_zoneidx < 0 ? 0 : zone->lowmem_reserve[ac->highest_zoneidx];
	v->usable = v->free;
	if (!(alloc_flags & ALLOC_RESERVES))
		v->usable -= (long)zone->nr_reserved_highatomic;
	if (!(alloc_flags & ALLOC_CMA))
		v->usable -= zone_page_state(zone, NR_FREE_CMA_PAGES);
	if (zone->index > ac->highest_zoneidx)
		v->verdict = VERDICT_ZONE_TOO_HIGH;
	else if (!zone->managed_pages)
		v->verdict = VERDICT_EMPTY;
	else if (!(alloc_flags & ALLOC_NO_WATERMARKS) &&
		 !__zone_watermark_ok(mm, zone, 0, v->mark, ac->highest_zoneidx, alloc_flags,
				      zone_page_state(zone, NR_FREE_PAGES) - (1L << req->order) + 1))
		v->verdict = VERDICT_WATERMARK;
	else if (v->largest < (int)req->order)
		v->verdict = VERDICT_NO_BLOCK;
	else
		v->verdict = VERDICT_OK;
}

void alloc_explain(const struct mm *mm, const struct alloc_request *req, struct alloc_explanation *ex)
{
	unsigned int alloc_flags =
		gfp_to_alloc_flags(mm, req->gfp, req->order) | gfp_pfmemalloc_flags(req->gfp);
	const struct alloc_context *ac = find_alloc_context(mm, req);

	*ex = (struct alloc_explanation){ .largest_order = -1, .fragindex = FRAGINDEX_BLOCK_FREE };
	for (const int *z = ac->zonelist; *z >= 0 && ex->nr < MAX_EXPLAINED; z++) {
		struct zone_verdict *v = &ex->zones[ex->nr++];

		v->zone = mm->zones[*z];
		judge(mm, req, ac, alloc_flags, v);
		if (v->verdict != VERDICT_ZONE_TOO_HIGH && v->largest > ex->largest_order) {
			ex->largest_order = v->largest;
			ex->largest_zone = v->zone;
		}
	}
	if (!ac->zone)
		return;
	ex->fragindex = fragmentation_index(mm, ac->zone, req->order);
	ex->compaction_failed =
		ac->zone->compact_defer_shift && (int)req->order >= ac->zone->compact_order_failed;
}
