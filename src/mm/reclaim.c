/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much to reclaim of which list, and direct reclaim. A pass looks at
 * 1/2^priority of each list of a node; while too little comes of it, the
 * priority falls from 12 towards 0, where the whole lists are looked at.
 * Follows mm/vmscan.c.
 */
#include "config.h"

#include <string.h>

#include "compaction.h"
#include "reclaim.h"

#define SWAPPINESS 60 /* vm.swappiness: what I/O to swap costs, 200 being swap and files together */

static unsigned long node_stat(const struct pglist_data *node, enum node_stat_item item)
{
	return node->vm_stat[item] > 0 ? (unsigned long)node->vm_stat[item] : 0;
}

unsigned long zone_reclaimable_pages(const struct mm *mm, const struct zone *zone)
{
	long nr = zone_page_state_snapshot(zone, mm, NR_ZONE_INACTIVE_FILE) +
		  zone_page_state_snapshot(zone, mm, NR_ZONE_ACTIVE_FILE);

	if (can_reclaim_anon_pages(mm))
		nr += zone_page_state_snapshot(zone, mm, NR_ZONE_INACTIVE_ANON) +
		      zone_page_state_snapshot(zone, mm, NR_ZONE_ACTIVE_ANON);
	/* a zone without any is not passed over as long as it has free pages */
	return (unsigned long)(nr ? nr : zone_page_state_snapshot(zone, mm, NR_FREE_PAGES));
}

/* ------------------------------------------------- how much of which list --- */

bool inactive_is_low(const struct mm *mm, const struct pglist_data *node, enum lru_list inactive)
{
	unsigned long inactive_pages = node_stat(node, (enum node_stat_item)(NR_LRU_BASE + inactive));
	unsigned long active_pages = node_stat(node, (enum node_stat_item)(NR_LRU_BASE + inactive + 1));
	unsigned long gb = (inactive_pages + active_pages) >> (30 - mm->page_shift);

	return inactive_pages * (gb ? int_sqrt(10 * gb) : 1) < active_pages;
}

/* Is the inactive list short, or the working set changing? Then active pages are to be made inactive. */
static bool may_deactivate(const struct mm *mm, const struct pglist_data *node, const struct scan_control *sc,
			   int file)
{
	unsigned long activated = node_stat(node, (enum node_stat_item)(WORKINGSET_ACTIVATE_BASE + file));

	return sc->force_deactivate || activated != node->lruvec.refaults[file] ||
	       inactive_is_low(mm, node, file ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON);
}

/* Free and file pages together are less than the high watermarks, and there are anonymous ones to take. */
static bool file_is_tiny(const struct pglist_data *node, const struct scan_control *sc,
			 unsigned int nr_zone_types)
{
	unsigned long file = node_stat(node, NR_ACTIVE_FILE) + node_stat(node, NR_INACTIVE_FILE);
	unsigned long high = 0;

	for (unsigned int i = 0; i < nr_zone_types; i++) {
		const struct zone *zone = &node->node_zones[i];

		if (!zone->managed_pages)
			continue;
		file += (unsigned long)zone_page_state(zone, NR_FREE_PAGES);
		high += wmark_pages(zone, WMARK_HIGH);
	}
	return file <= high && !sc->may_deactivate[0] && node_stat(node, NR_INACTIVE_ANON) >> sc->priority;
}

/* prepare_scan_count */
static void prepare_scan_count(const struct mm *mm, const struct pglist_data *node, struct scan_control *sc)
{
	sc->anon_cost = node->lruvec.anon_cost;
	sc->file_cost = node->lruvec.file_cost;
	sc->may_deactivate[0] = may_deactivate(mm, node, sc, 0);
	sc->may_deactivate[1] = may_deactivate(mm, node, sc, 1);
	sc->cache_trim_mode = node_stat(node, NR_INACTIVE_FILE) >> sc->priority && !sc->may_deactivate[1];
	sc->file_is_tiny = file_is_tiny(node, sc, mm->nr_zone_types);
}

/*
 * Shares of anonymous and file pages in what is scanned: 0 leaves a kind out, equal
 * shares scan all of both.
 */
static void scan_balance(const struct mm *mm, const struct scan_control *sc, uint64_t fraction[2],
			 uint64_t *denominator)
{
	uint64_t total = sc->anon_cost + sc->file_cost;
	uint64_t anon_cost = total + sc->anon_cost, file_cost = total + sc->file_cost;

	*denominator = fraction[0] = fraction[1] = 1;
	if (!sc->may_swap || !can_reclaim_anon_pages(mm)) {
		fraction[0] = 0;
	} else if (!sc->priority) {
		return;
	} else if (sc->file_is_tiny) {
		fraction[1] = 0;
	} else if (sc->cache_trim_mode) {
		fraction[0] = 0;
	} else {
		/*
		 * the dearer a kind was to reclaim of late, the less of it; two thirds at most are
		 * due to that
		 */
		total = anon_cost + file_cost;
		fraction[0] = SWAPPINESS * (total + 1) / (anon_cost + 1);
		fraction[1] = (200 - SWAPPINESS) * (total + 1) / (file_cost + 1);
		*denominator = fraction[0] + fraction[1];
	}
}

/* Pages to scan of each list (get_scan_count). */
static void get_scan_count(const struct mm *mm, const struct pglist_data *node, const struct scan_control *sc,
			   unsigned long nr[NR_LRU_LISTS])
{
	uint64_t fraction[2], denominator;

	scan_balance(mm, sc, fraction, &denominator);
	for (enum lru_list lru = 0; lru < NR_LRU_LISTS; lru++) {
		uint64_t scan = lruvec_lru_size(mm, node, lru, sc->reclaim_idx) >> sc->priority;

		nr[lru] = (unsigned long)(scan * fraction[is_file_lru(lru)] / denominator);
	}
}

/* ------------------------------------------------------------ one node --- */

static unsigned long shrink_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc,
				 enum lru_list lru, unsigned long nr_to_scan)
{
	if (!is_active_lru(lru))
		return shrink_inactive_list(mm, node, sc, lru, nr_to_scan);
	if (sc->may_deactivate[is_file_lru(lru)])
		shrink_active_list(mm, node, sc, lru, nr_to_scan);
	else
		sc->skipped_deactivate = true;
	return 0;
}

/* What is left to scan of a list once the share percentage was given up. */
static unsigned long scale_rest(unsigned long target, unsigned long rest, unsigned long percentage)
{
	unsigned long scanned = target - rest;

	rest = target * (100 - percentage) / 100;
	return rest - (rest < scanned ? rest : scanned);
}

/*
 * Enough pages came back: drop the kind with less left to scan, and scan of
 * the other only as large a part as of the one. false: one has nothing left.
 */
static bool rescale(const unsigned long targets[NR_LRU_LISTS], unsigned long nr[NR_LRU_LISTS])
{
	unsigned long nr_anon = nr[LRU_INACTIVE_ANON] + nr[LRU_ACTIVE_ANON];
	unsigned long nr_file = nr[LRU_INACTIVE_FILE] + nr[LRU_ACTIVE_FILE];
	int drop = nr_file > nr_anon ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE;
	int other = drop == LRU_INACTIVE_ANON ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
	unsigned long percentage;

	if (!nr_file || !nr_anon)
		return false;
	percentage = (nr_file > nr_anon ? nr_anon : nr_file) * 100 / (targets[drop] + targets[drop + 1] + 1);
	nr[drop] = nr[drop + 1] = 0;
	nr[other] = scale_rest(targets[other], nr[other], percentage);
	nr[other + 1] = scale_rest(targets[other + 1], nr[other + 1], percentage);
	return true;
}

/* shrink_lruvec */
static void shrink_lruvec(struct mm *mm, struct pglist_data *node, struct scan_control *sc)
{
	unsigned long nr[NR_LRU_LISTS], targets[NR_LRU_LISTS], nr_reclaimed = 0;
	/* a request that has to reclaim at all does a whole batch of work: kswapd does not keep up */
	bool whole = !sc->kswapd && sc->priority == DEF_PRIORITY;

	get_scan_count(mm, node, sc, nr);
	memcpy(targets, nr, sizeof(nr));
	while (nr[LRU_INACTIVE_ANON] || nr[LRU_ACTIVE_FILE] || nr[LRU_INACTIVE_FILE]) {
		for (enum lru_list lru = 0; lru < NR_LRU_LISTS; lru++) {
			unsigned long batch = nr[lru] < SWAP_CLUSTER_MAX ? nr[lru] : SWAP_CLUSTER_MAX;

			if (!batch)
				continue;
			nr[lru] -= batch;
			nr_reclaimed += shrink_list(mm, node, sc, lru, batch);
		}
		if (interrupted(mm))
			break;
		if (nr_reclaimed < sc->nr_to_reclaim || whole)
			continue;
		if (!rescale(targets, nr))
			break;
	}
	sc->nr_reclaimed += nr_reclaimed;
	if (can_age_anon_pages(mm) && inactive_is_low(mm, node, LRU_INACTIVE_ANON))
		shrink_active_list(mm, node, sc, LRU_ACTIVE_ANON, SWAP_CLUSTER_MAX);
}

/* Reclaim makes room for compaction: for costly orders, and for the others when it is getting hard. */
static bool in_reclaim_compaction(const struct scan_control *sc)
{
	return sc->gfp & __GFP_IO && sc->order &&
	       (sc->order > PAGE_ALLOC_COSTLY_ORDER || sc->priority < DEF_PRIORITY - 2);
}

/* Go on with the node until compaction has the free pages it needs (should_continue_reclaim). */
static bool should_continue_reclaim(struct mm *mm, struct pglist_data *node, const struct scan_control *sc,
				    unsigned long nr_reclaimed)
{
	unsigned long inactive = node_stat(node, NR_INACTIVE_FILE);

	if (!in_reclaim_compaction(sc) || !nr_reclaimed)
		return false;
	for (int i = 0; i <= sc->reclaim_idx; i++) {
		struct zone *zone = &node->node_zones[i];
		enum compact_result suitable;

		if (!zone->managed_pages)
			continue;
		suitable = compaction_suitable(mm, zone, (int)sc->order, 0, sc->reclaim_idx);
		if (suitable == COMPACT_SUCCESS || suitable == COMPACT_CONTINUE)
			return false;
	}
	if (can_reclaim_anon_pages(mm))
		inactive += node_stat(node, NR_INACTIVE_ANON);
	return inactive > compact_gap(sc->order);
}

void shrink_node(struct mm *mm, struct pglist_data *node, struct scan_control *sc)
{
	unsigned long before, start = sc->nr_reclaimed;

	do {
		before = sc->nr_reclaimed;
		memset(&sc->nr, 0, sizeof(sc->nr));
		prepare_scan_count(mm, node, sc);
		shrink_lruvec(mm, node, sc);
		/* all file pages at the tail are dirty: from now on kswapd writes them itself */
		if (sc->kswapd && sc->nr.unqueued_dirty == sc->nr.file_taken)
			node->dirty = true;
	} while (should_continue_reclaim(mm, node, sc, sc->nr_reclaimed - before) && !interrupted(mm));
	if (sc->nr_reclaimed != start)
		node->kswapd_failures = 0;
}

/* ------------------------------------------------------- direct reclaim --- */

/* Whether compaction should go ahead instead, or the request would succeed already (compaction_ready). */
static bool compaction_ready(struct mm *mm, struct zone *zone, const struct scan_control *sc)
{
	unsigned long mark = wmark_pages(zone, WMARK_HIGH) + compact_gap(sc->order);
	enum compact_result suitable;

	if (!(sc->gfp & __GFP_IO))
		return false;
	suitable = compaction_suitable(mm, zone, (int)sc->order, 0, sc->reclaim_idx);
	if (suitable == COMPACT_SUCCESS)
		return true;
	if (suitable == COMPACT_SKIPPED)
		return false;
	return zone_watermark_ok_safe(mm, zone, 0, mark, sc->reclaim_idx);
}

/* One pass over the nodes that have zones for the request (shrink_zones). */
static void shrink_zones(struct mm *mm, const int *zonelist, struct scan_control *sc)
{
	int last = -1;

	for (const int *z = zonelist; *z >= 0; z++) {
		struct zone *zone = mm->zones[*z];

		if (zone->index > sc->reclaim_idx || !zone->managed_pages)
			continue;
		if (sc->order > PAGE_ALLOC_COSTLY_ORDER && compaction_ready(mm, zone, sc)) {
			sc->compaction_ready = true;
			continue;
		}
		if (zone->node == last)
			continue;
		last = zone->node;
		shrink_node(mm, &mm->nodes[last], sc);
	}
}

/* Pass after pass, each looking at twice as much (the loop of do_try_to_free_pages). */
static void reclaim_passes(struct mm *mm, const int *zonelist, struct scan_control *sc)
{
	mm->vm_zone_events[ALLOCSTALL][sc->reclaim_idx]++;
	for (sc->priority = DEF_PRIORITY; sc->priority >= 0; sc->priority--) {
		sc->nr_scanned = 0;
		shrink_zones(mm, zonelist, sc);
		if (sc->nr_reclaimed >= sc->nr_to_reclaim || sc->compaction_ready || interrupted(mm))
			break;
	}
	for (const int *z = zonelist; *z >= 0; z++)
		if (mm->zones[*z]->index <= sc->reclaim_idx)
			snapshot_refaults(&mm->nodes[mm->zones[*z]->node]);
}

static unsigned long do_try_to_free_pages(struct mm *mm, const int *zonelist, struct scan_control *sc)
{
	reclaim_passes(mm, zonelist, sc);
	if (sc->nr_reclaimed)
		return sc->nr_reclaimed;
	if (sc->compaction_ready)
		return 1;
	if (!sc->skipped_deactivate)
		return 0;
	/* nothing found, and active lists were spared: not again */
	sc->force_deactivate = true;
	sc->skipped_deactivate = false;
	reclaim_passes(mm, zonelist, sc);
	return sc->nr_reclaimed ? sc->nr_reclaimed : sc->compaction_ready;
}

/* Whether enough of the reserves is left for requests to reclaim by themselves (allow_direct_reclaim). */
static bool allow_direct_reclaim(const struct mm *mm, const struct pglist_data *node)
{
	long reserve = 0, free = 0;

	if (node->kswapd_failures >= MAX_RECLAIM_RETRIES)
		return true;
	for (int i = 0; i <= mm->gfp_zone_table[0]; i++) {
		const struct zone *zone = &node->node_zones[i];

		if (!zone->managed_pages || !zone_reclaimable_pages(mm, zone))
			continue;
		reserve += (long)(wmark_pages(zone, WMARK_MIN));
		free += zone_page_state(zone, NR_FREE_PAGES);
	}
	return !reserve || free > reserve / 2;
}

/*
 * Half of the reserves is gone: the request sleeps until kswapd has brought
 * some back, so kswapd gets the CPU here (throttle_direct_reclaim).
 */
static void throttle_direct_reclaim(struct mm *mm, const struct alloc_context *ac)
{
	for (const int *z = ac->zonelist; *z >= 0; z++) {
		const struct zone *zone = mm->zones[*z];
		struct pglist_data *node = &mm->nodes[zone->node];

		if (zone->index > ac->highest_zoneidx || zone->index > mm->gfp_zone_table[0])
			continue;
		if (allow_direct_reclaim(mm, node))
			return;
		count_vm_events(mm, PGSCAN_DIRECT_THROTTLE, 1);
		if (!node->kswapd_awake && node->kswapd_highest_zoneidx > mm->gfp_zone_table[0])
			node->kswapd_highest_zoneidx = mm->gfp_zone_table[0];
		node->kswapd_awake = true;
		kswapd(mm, node);
		return;
	}
}

unsigned long try_to_free_pages(struct mm *mm, const struct alloc_request *req,
				const struct alloc_context *ac)
{
	struct scan_control sc = {
		.nr_to_reclaim = SWAP_CLUSTER_MAX,
		.gfp = req->gfp,
		.order = req->order,
		.reclaim_idx = ac->highest_zoneidx,
		.may_writepage = true,
		.may_swap = true,
	};
	unsigned long nr_reclaimed;

	throttle_direct_reclaim(mm, ac);
	trace(mm, DIRECT_RECLAIM_BEGIN, .order = (int)req->order, .gfp = req->gfp);
	nr_reclaimed = do_try_to_free_pages(mm, ac->zonelist, &sc);
	trace(mm, DIRECT_RECLAIM_END, .a = (long)nr_reclaimed, .b = sc.priority);
	return nr_reclaimed;
}

unsigned long reclaim_pages(struct mm *mm, int node, unsigned long nr_pages)
{
	struct scan_control sc = {
		.nr_to_reclaim = nr_pages > SWAP_CLUSTER_MAX ? nr_pages : SWAP_CLUSTER_MAX,
		.gfp = GFP_HIGHUSER_MOVABLE,
		.reclaim_idx = (int)mm->nr_zone_types - 1,
		.may_writepage = true,
		.may_swap = true,
	};

	set_cpu(mm, 0);
	trace(mm, DIRECT_RECLAIM_BEGIN, .gfp = sc.gfp);
	do_try_to_free_pages(mm, node < 0 ? mm->nodes[0].zonelist : mm->nodes[node].zonelist_thisnode, &sc);
	trace(mm, DIRECT_RECLAIM_END, .a = (long)sc.nr_reclaimed, .b = sc.priority);
	return sc.nr_reclaimed;
}
