/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kswapd: each node's thread that gets pages back in the background, from the
 * moment a request found a zone below its low watermark until some zone is
 * above its high one. It runs when the machine's user lets it, between
 * requests, or when a request has to sleep for it. Follows mm/vmscan.c.
 */
#include "config.h"

#include "compaction.h"
#include "reclaim.h"

/* ------------------------------------------------------------- balance --- */

/* Whether some zone up to highest_zoneidx is above its high watermark (pgdat_balanced). */
static bool pgdat_balanced(const struct mm *mm, const struct pglist_data *node, unsigned int order,
			   int highest_zoneidx)
{
	bool any = false;

	for (int i = 0; i <= highest_zoneidx; i++) {
		const struct zone *zone = &node->node_zones[i];

		if (!zone->managed_pages)
			continue;
		any = true;
		if (zone_watermark_ok_safe(mm, zone, order, wmark_pages(zone, WMARK_HIGH), highest_zoneidx))
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

/* Page sets are kept short while pages are being reclaimed (update_reclaim_active). */
static void set_reclaim_active(struct pglist_data *node, int highest_zoneidx, bool active)
{
	for (int i = 0; i <= highest_zoneidx; i++)
		if (node->node_zones[i].managed_pages)
			node->node_zones[i].reclaim_active = active;
}

/* How much to reclaim grows with the zones; true: enough was scanned for that (kswapd_shrink_node). */
static bool kswapd_shrink_node(struct mm *mm, struct pglist_data *node, struct scan_control *sc)
{
	sc->nr_to_reclaim = 0;
	for (int i = 0; i <= sc->reclaim_idx; i++) {
		const struct zone *zone = &node->node_zones[i];
		unsigned long high = wmark_pages(zone, WMARK_HIGH);

		if (zone->managed_pages)
			sc->nr_to_reclaim += high > SWAP_CLUSTER_MAX ? high : SWAP_CLUSTER_MAX;
	}
	shrink_node(mm, node, sc);
	/* twice the block's pages came back: what is missing now is for compaction to bring together */
	if (sc->order && sc->nr_reclaimed >= compact_gap(sc->order))
		sc->order = 0;
	return sc->nr_scanned >= sc->nr_to_reclaim;
}

/* One balancing: where its watermark boosts stood at the start, and what is left of them to reclaim. */
struct balance {
	unsigned long zone_boosts[NR_ZONE_TYPES];
	unsigned long nr_boost_reclaim;
	int highest_zoneidx;
	bool boosted;
};

/* A pass at one priority; false: that is enough of it. */
static bool balance_pass(struct mm *mm, struct pglist_data *node, struct scan_control *sc, struct balance *b)
{
	unsigned long nr_reclaimed = sc->nr_reclaimed;
	bool raise_priority = !(b->nr_boost_reclaim && sc->priority == DEF_PRIORITY - 2);

	/* for a boost no page is written or swapped */
	sc->may_writepage = sc->may_swap = !b->nr_boost_reclaim;
	if (sc->priority < DEF_PRIORITY - 2)
		sc->may_writepage = true;
	if (can_age_anon_pages(mm) && inactive_is_low(mm, node, LRU_INACTIVE_ANON))
		shrink_active_list(mm, node, sc, LRU_ACTIVE_ANON, SWAP_CLUSTER_MAX);
	sc->nr_scanned = 0;
	if (kswapd_shrink_node(mm, node, sc))
		raise_priority = false;
	nr_reclaimed = sc->nr_reclaimed - nr_reclaimed;
	b->nr_boost_reclaim -= b->nr_boost_reclaim < nr_reclaimed ? b->nr_boost_reclaim : nr_reclaimed;
	if ((b->nr_boost_reclaim && !nr_reclaimed) || interrupted(mm))
		return false;
	if (raise_priority || !nr_reclaimed)
		sc->priority--;
	return true;
}

/* Passes until the node is balanced (the loop of balance_pgdat); false: the priority ran out. */
static bool balance_passes(struct mm *mm, struct pglist_data *node, struct scan_control *sc,
			   struct balance *b)
{
	set_reclaim_active(node, b->highest_zoneidx, true);
	for (sc->priority = DEF_PRIORITY; sc->priority >= 1;) {
		bool balanced = pgdat_balanced(mm, node, sc->order, b->highest_zoneidx);

		if (!balanced && b->nr_boost_reclaim) {
			/* first things first: the boosts can wait */
			b->nr_boost_reclaim = 0;
			sc->priority = DEF_PRIORITY;
			continue;
		}
		if (balanced && !b->nr_boost_reclaim)
			return true;
		if (!balance_pass(mm, node, sc, b))
			break;
	}
	return false;
}

/* The boosts that this balancing was for are over, and kcompactd is to use what they brought. */
static void drop_boosts(struct mm *mm, struct pglist_data *node, const struct balance *b)
{
	for (int i = 0; i <= b->highest_zoneidx; i++) {
		struct zone *zone = &node->node_zones[i];
		unsigned long boost = b->zone_boosts[i];

		zone->watermark_boost -= zone->watermark_boost < boost ? zone->watermark_boost : boost;
	}
	wakeup_kcompactd(mm, node, mm->pageblock_order, b->highest_zoneidx);
}

/*
 * Reclaim until some zone is above its high watermark; the order it was balanced for
 * at last (balance_pgdat).
 */
static unsigned int balance_pgdat(struct mm *mm, struct pglist_data *node, unsigned int order,
				  int highest_zoneidx)
{
	struct scan_control sc = {
		.gfp = GFP_KERNEL, .order = order, .reclaim_idx = highest_zoneidx, .kswapd = true
	};
	struct balance b = { .highest_zoneidx = highest_zoneidx };

	count_vm_events(mm, PAGEOUTRUN, 1);
	for (int i = 0; i <= highest_zoneidx; i++) {
		if (!node->node_zones[i].managed_pages)
			continue;
		b.zone_boosts[i] = node->node_zones[i].watermark_boost;
		b.nr_boost_reclaim += b.zone_boosts[i];
	}
	b.boosted = b.nr_boost_reclaim;
	if (!balance_passes(mm, node, &sc, &b) && !sc.nr_reclaimed)
		node->kswapd_failures++;
	set_reclaim_active(node, highest_zoneidx, false);
	if (b.boosted)
		drop_boosts(mm, node, &b);
	snapshot_refaults(node);
	return sc.order;
}

/* ---------------------------------------------------------- the thread --- */

/* prepare_kswapd_sleep */
static bool may_sleep(const struct mm *mm, struct pglist_data *node, unsigned int order, int highest_zoneidx)
{
	if (node->kswapd_failures >= MAX_RECLAIM_RETRIES || interrupted(mm))
		return true;
	if (!pgdat_balanced(mm, node, order, highest_zoneidx))
		return false;
	node->dirty = false;
	return true;
}

/*
 * While kswapd is awake counters are folded in sooner, so that the watermarks hold
 * (calculate_pressure_threshold).
 */
static void set_pressure_threshold(const struct mm *mm, struct pglist_data *node, unsigned int saved[])
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		struct zone *zone = &node->node_zones[i];
		unsigned long threshold =
			(zone->watermark[WMARK_LOW] - zone->watermark[WMARK_MIN]) / mm->nr_cpus;

		saved[i] = zone->stat_threshold;
		if (!zone->percpu_drift_mark)
			continue;
		threshold = threshold < MAX_THRESHOLD ? threshold : MAX_THRESHOLD;
		zone->stat_threshold = threshold ? (unsigned int)threshold : 1;
	}
}

static void restore_threshold(const struct mm *mm, struct pglist_data *node, const unsigned int saved[])
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		node->node_zones[i].stat_threshold = saved[i];
}

/* What it was woken for, and no longer is: the next wake-up starts afresh. */
static unsigned int take_orders(const struct mm *mm, struct pglist_data *node)
{
	unsigned int order = (unsigned int)node->kswapd_order;

	if (node->kswapd_highest_zoneidx < (int)mm->nr_zone_types)
		node->kswapd_prev_zoneidx = node->kswapd_highest_zoneidx;
	node->kswapd_order = 0;
	node->kswapd_highest_zoneidx = (int)mm->nr_zone_types;
	return order;
}

void kswapd(struct mm *mm, struct pglist_data *node)
{
	unsigned int saved[NR_ZONE_TYPES], was = mm->cpu, alloc_order, reclaim_order;
	const struct layout_node *at = &mm->layout->nodes[node - mm->nodes];
	int zoneidx;

	if (!node->kswapd_awake)
		return;
	set_cpu(mm, at->nr_cpus ? at->cpus[0] : 0);
	set_pressure_threshold(mm, node, saved);
	do {
		alloc_order = take_orders(mm, node);
		zoneidx = node->kswapd_prev_zoneidx;
		trace(mm, KSWAPD_WAKE, .order = (int)alloc_order, .a = zoneidx, .c = node->node_id);
		reclaim_order = balance_pgdat(mm, node, alloc_order, zoneidx);
		/* balanced for less than was asked: sleep on that, and let kcompactd see to the rest */
		if (reclaim_order >= alloc_order)
			alloc_order = reclaim_order = (unsigned int)node->kswapd_order;
		if (may_sleep(mm, node, reclaim_order, zoneidx))
			break;
		count_vm_events(mm, KSWAPD_HIGH_WMARK_HIT_QUICKLY, 1);
	} while (true);
	reset_isolation_suitable(mm, node);
	wakeup_kcompactd(mm, node, alloc_order, zoneidx);
	node->kswapd_awake = false;
	trace(mm, KSWAPD_SLEEP, .c = node->node_id);
	restore_threshold(mm, node, saved);
	set_cpu(mm, was);
}

void kswapd_run(struct mm *mm)
{
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		kswapd(mm, &mm->nodes[n]);
}

void wakeup_kswapd(struct mm *mm, struct zone *zone, gfp_t gfp, unsigned int order, int highest_zoneidx)
{
	struct pglist_data *node = &mm->nodes[zone->node];

	if (!zone->managed_pages)
		return;
	if (node->kswapd_highest_zoneidx == (int)mm->nr_zone_types ||
	    node->kswapd_highest_zoneidx < highest_zoneidx)
		node->kswapd_highest_zoneidx = highest_zoneidx;
	if (node->kswapd_order < (int)order)
		node->kswapd_order = (int)order;
	if (node->kswapd_awake)
		return;
	if (node->kswapd_failures >= MAX_RECLAIM_RETRIES ||
	    (pgdat_balanced(mm, node, order, highest_zoneidx) &&
	     !pgdat_watermark_boosted(node, highest_zoneidx))) {
		/*
		 * enough pages, or none to be had: it may be fragmentation, which a request that
		 * can wait sees to itself
		 */
		if (!(gfp & __GFP_DIRECT_RECLAIM))
			wakeup_kcompactd(mm, node, order, highest_zoneidx);
		return;
	}
	node->kswapd_awake = true;
	node->kswapd_wakeups++;
	trace(mm, WAKEUP_KSWAPD, .zone = zone, .order = (int)order, .gfp = gfp);
}
