/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reclaim. For now there are no LRU pages: kswapd's wake-ups are noted, and
 * direct reclaim finds nothing.
 */
#include "config.h"

#include "internal.h"

/* Whether some zone up to highest_zoneidx is above its high watermark (pgdat_balanced). */
static bool pgdat_balanced(const struct mm *mm, const struct pglist_data *node, unsigned int order,
			   int highest_zoneidx)
{
	bool any = false;

	for (int i = 0; i <= highest_zoneidx; i++) {
		const struct zone *zone = &node->node_zones[i];
		long free = zone->vm_stat[NR_FREE_PAGES];

		if (!zone->managed_pages)
			continue;
		any = true;
		if (zone->percpu_drift_mark && free < (long)zone->percpu_drift_mark)
			free = zone_page_state_snapshot(zone, mm, NR_FREE_PAGES);
		if (__zone_watermark_ok(mm, zone, order, zone->watermark[WMARK_HIGH] + zone->watermark_boost,
					highest_zoneidx, 0, free))
			return true;
	}
	return !any;
}

static bool pgdat_watermark_boosted(const struct pglist_data *node, int highest_zoneidx)
{
	for (int i = highest_zoneidx; i >= 0; i--)
		if (node->node_zones[i].managed_pages && node->node_zones[i].watermark_boost)
			return true;
	return false;
}

void wakeup_kswapd(struct mm *mm, struct zone *zone, gfp_t gfp, unsigned int order, int highest_zoneidx)
{
	struct pglist_data *node = &mm->nodes[zone->node];

	if (!zone->managed_pages)
		return;
	if (node->kswapd_highest_zoneidx == (int)mm->nr_zone_types || node->kswapd_highest_zoneidx < highest_zoneidx)
		node->kswapd_highest_zoneidx = highest_zoneidx;
	if (node->kswapd_order < (int)order)
		node->kswapd_order = (int)order;
	if (pgdat_balanced(mm, node, order, highest_zoneidx) && !pgdat_watermark_boosted(node, highest_zoneidx))
		return;
	node->kswapd_wakeups++;
	trace(mm, WAKEUP_KSWAPD, .zone = zone, .order = (int)order, .gfp = gfp);
}

unsigned long zone_reclaimable_pages(const struct mm *mm, const struct zone *zone)
{
	return (unsigned long)(zone_page_state_snapshot(zone, mm, NR_ZONE_INACTIVE_FILE) +
			       zone_page_state_snapshot(zone, mm, NR_ZONE_ACTIVE_FILE));
}

unsigned long try_to_free_pages(struct mm *mm, const struct alloc_request *req, const struct alloc_context *ac)
{
	(void)mm;
	(void)req;
	(void)ac;
	return 0;
}

bool out_of_memory(struct mm *mm, const struct alloc_request *req, const struct alloc_context *ac)
{
	(void)mm;
	(void)req;
	(void)ac;
	return false;
}
