/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One run of compaction over a zone: whether it is worth it, migration in
 * clusters until a block of the order wanted is free or the scanners meet,
 * and compaction on behalf of a request. Follows mm/compaction.c.
 */
#include "config.h"

#include "compaction.h"

/* ------------------------------------------------------- deferral --- */

#define COMPACT_MAX_DEFER_SHIFT 6 /* skip at most this power of two of runs */

static void trace_defer(struct mm *mm, const struct zone *zone, int order, const char *what)
{
	trace(mm, MM_COMPACTION_DEFER, .zone = zone, .order = order, .a = (long)zone->compact_considered,
	      .b = (long)zone->compact_defer_shift, .text = what);
}

void defer_compaction(struct mm *mm, struct zone *zone, int order)
{
	zone->compact_considered = 0;
	if (zone->compact_defer_shift < COMPACT_MAX_DEFER_SHIFT)
		zone->compact_defer_shift++;
	if (order < zone->compact_order_failed)
		zone->compact_order_failed = order;
	trace_defer(mm, zone, order, "it failed: the next ones are put off");
}

bool compaction_deferred(struct mm *mm, struct zone *zone, int order)
{
	unsigned int limit = 1U << zone->compact_defer_shift;

	if (order < zone->compact_order_failed)
		return false;
	if (++zone->compact_considered >= limit) {
		zone->compact_considered = limit;
		return false;
	}
	trace_defer(mm, zone, order, "put off: it failed lately");
	return true;
}

void compaction_defer_reset(struct mm *mm, struct zone *zone, int order, bool alloc_success)
{
	if (alloc_success) {
		zone->compact_considered = 0;
		zone->compact_defer_shift = 0;
	}
	if (order >= zone->compact_order_failed)
		zone->compact_order_failed = order + 1;
	trace_defer(mm, zone, order,
		    alloc_success ? "the request got its block" : "a block should be free now");
}

/* Whether this run is the first after as many were put off as can be (compaction_restarting). */
static bool compaction_restarting(const struct zone *zone, int order)
{
	return order >= zone->compact_order_failed && zone->compact_defer_shift == COMPACT_MAX_DEFER_SHIFT &&
	       zone->compact_considered >= 1U << zone->compact_defer_shift;
}

/* ---------------------------------------------------- suitability --- */

static bool is_via_compact_memory(int order)
{
	return order == -1;
}

/* __compaction_suitable, with free pages as wmark_target */
static enum compact_result order_suitable(const struct mm *mm, const struct zone *zone, int order,
					  unsigned int alloc_flags, int highest_zoneidx, long wmark_target)
{
	unsigned long watermark = wmark_pages(zone, alloc_flags & ALLOC_WMARK_MASK);

	if (is_via_compact_memory(order))
		return COMPACT_CONTINUE;
	if (zone_watermark_ok(mm, zone, (unsigned int)order, watermark, highest_zoneidx, alloc_flags))
		return COMPACT_SUCCESS;
	/* there must be pages enough to isolate as targets */
	watermark = zone->watermark[order > PAGE_ALLOC_COSTLY_ORDER ? WMARK_LOW : WMARK_MIN] +
		    zone->watermark_boost + compact_gap((unsigned int)order);
	if (!__zone_watermark_ok(mm, zone, 0, watermark, highest_zoneidx, ALLOC_CMA, wmark_target))
		return COMPACT_SKIPPED;
	return COMPACT_CONTINUE;
}

enum compact_result compaction_suitable(struct mm *mm, struct zone *zone, int order, unsigned int alloc_flags,
					int highest_zoneidx)
{
	enum compact_result result = order_suitable(mm, zone, order, alloc_flags, highest_zoneidx,
						    zone_page_state(zone, NR_FREE_PAGES));

	if (result == COMPACT_CONTINUE && order > PAGE_ALLOC_COSTLY_ORDER) {
		int index = fragmentation_index(mm, zone, (unsigned int)order);

		/* a request would fail for lack of memory rather than for its being in pieces */
		if (index >= 0 && index <= (int)mm->sysctl.extfrag_threshold)
			result = COMPACT_NOT_SUITABLE_ZONE;
	}
	trace(mm, MM_COMPACTION_SUITABLE, .zone = zone, .order = order, .c = result);
	return result == COMPACT_NOT_SUITABLE_ZONE ? COMPACT_SKIPPED : result;
}

bool compaction_zonelist_suitable(struct mm *mm, const struct alloc_context *ac, unsigned int order,
				  unsigned int alloc_flags)
{
	for (const int *z = ac->preferred; *z >= 0; z++) {
		const struct zone *zone = mm->zones[*z];
		long available;

		if (zone->index > ac->highest_zoneidx)
			continue;
		available = (long)(zone_reclaimable_pages(mm, zone) / order);
		available += zone_page_state_snapshot(zone, mm, NR_FREE_PAGES);
		if (order_suitable(mm, zone, (int)order, alloc_flags, ac->highest_zoneidx, available) ==
		    COMPACT_CONTINUE)
			return true;
	}
	return false;
}

/* ------------------------------------------------------- one zone --- */

static bool compact_scanners_met(const struct compact_control *cc)
{
	return cc->free_pfn >> cc->mm->pageblock_order <= cc->migrate_pfn >> cc->mm->pageblock_order;
}

/* Whether a block of the order wanted could be had now, perhaps with its pageblock. */
static bool suitable_block_free(const struct compact_control *cc)
{
	for (unsigned int order = (unsigned int)cc->order; order <= cc->mm->max_order; order++) {
		const struct free_area *area = &cc->zone->free_area[order];
		bool can_steal;

		if (area->free_list[cc->migratetype].nr)
			return true;
		if (cc->migratetype == MIGRATE_MOVABLE && area->free_list[MIGRATE_CMA].nr)
			return true;
		if (find_suitable_fallback(cc->mm, cc->zone, order, cc->migratetype, true, &can_steal) != -1)
			return true;
	}
	return false;
}

/* __compact_finished, once the scanners have not met */
static enum compact_result goal_reached(const struct compact_control *cc)
{
	if (cc->proactive_compaction)
		return fragmentation_score_zone(cc->mm, cc->zone) > fragmentation_score_wmark(cc->mm, true)
			       ? COMPACT_CONTINUE
			       : COMPACT_SUCCESS;
	/* a pageblock that was begun is finished, so that it is as free as can be */
	if (is_via_compact_memory(cc->order) || !pageblock_aligned(cc->mm, cc->migrate_pfn))
		return COMPACT_CONTINUE;
	return suitable_block_free(cc) ? COMPACT_SUCCESS : COMPACT_CONTINUE;
}

static enum compact_result compact_finished(struct compact_control *cc)
{
	enum compact_result result;

	if (compact_scanners_met(cc)) {
		reset_cached_positions(cc->mm, cc->zone);
		if (cc->direct_compaction)
			cc->zone->compact_blockskip_flush = true;
		return cc->whole_zone ? COMPACT_COMPLETE : COMPACT_PARTIAL_SKIPPED;
	}
	result = goal_reached(cc);
	if (result == COMPACT_CONTINUE && interrupted(cc->mm))
		return COMPACT_CONTENDED;
	return result;
}

/* Where the scanners begin: at the zone's ends, or where they were left if that is inside the zone. */
static void place_scanners(struct compact_control *cc)
{
	struct zone *zone = cc->zone;
	unsigned long start = zone->zone_start_pfn, end = zone_end_pfn(zone);
	bool sync = cc->mode != MIGRATE_ASYNC;

	cc->fast_start_pfn = 0;
	if (cc->whole_zone) {
		cc->migrate_pfn = start;
		cc->free_pfn = pageblock_start_pfn(cc->mm, end - 1);
		return;
	}
	cc->migrate_pfn = zone->compact_cached_migrate_pfn[sync];
	cc->free_pfn = zone->compact_cached_free_pfn;
	if (cc->free_pfn < start || cc->free_pfn >= end) {
		cc->free_pfn = pageblock_start_pfn(cc->mm, end - 1);
		zone->compact_cached_free_pfn = cc->free_pfn;
	}
	if (cc->migrate_pfn < start || cc->migrate_pfn >= end) {
		cc->migrate_pfn = start;
		zone->compact_cached_migrate_pfn[0] = cc->migrate_pfn;
		zone->compact_cached_migrate_pfn[1] = cc->migrate_pfn;
	}
	if (cc->migrate_pfn <= zone->compact_init_migrate_pfn)
		cc->whole_zone = true;
}

/*
 * Migrate the isolated cluster. false: there is no target although the
 * scanners have not met, so the run ends. *last_migrated is where the pages
 * came from, 0: there is nothing to flush.
 */
static bool migrate_cluster(struct compact_control *cc, unsigned long *last_migrated)
{
	unsigned long isolated = cc->nr_migratepages, moved;
	int err = migrate_pages(cc->mm, &cc->migratepages, compaction_alloc, cc, &moved);

	cc->total_migrated += moved;
	trace(cc->mm, MM_COMPACTION_MIGRATEPAGES, .zone = cc->zone, .a = (long)moved,
	      .b = (long)(isolated - moved));
	cc->nr_migratepages = 0;
	if (!err)
		return true;
	putback_movable_pages(cc->mm, &cc->migratepages);
	if (!compact_scanners_met(cc))
		return false;
	if (cc->direct_compaction && cc->mode == MIGRATE_ASYNC) {
		cc->migrate_pfn = block_end_pfn(cc->migrate_pfn - 1, (unsigned int)cc->order);
		*last_migrated = 0;
	}
	return true;
}

/*
 * The scanner left the order-aligned block that pages were migrated from:
 * free what waits in the page set, so that it can merge.
 */
static void drain_if_moved_on(struct compact_control *cc, unsigned long *last_migrated)
{
	if (cc->order <= 0 || !*last_migrated ||
	    *last_migrated >= block_start_pfn(cc->migrate_pfn, (unsigned int)cc->order))
		return;
	drain_pages(cc->mm, (int)cc->mm->cpu, cc->zone);
	*last_migrated = 0;
}

/* Clusters of pages, one after the other, until it is finished. */
static enum compact_result compact_clusters(struct compact_control *cc)
{
	struct zone *zone = cc->zone;
	unsigned long last_migrated = 0;
	/* asynchronous and synchronous runs go on at different places, as long as those have not parted
	 * together */
	bool update_cached = cc->mode == MIGRATE_ASYNC &&
			     zone->compact_cached_migrate_pfn[0] == zone->compact_cached_migrate_pfn[1];
	enum compact_result result;

	while ((result = compact_finished(cc)) == COMPACT_CONTINUE) {
		unsigned long iteration_start = cc->migrate_pfn;

		cc->rescan = pageblock_start_pfn(cc->mm, last_migrated) ==
			     pageblock_start_pfn(cc->mm, iteration_start);
		switch (isolate_migratepages(cc)) {
		case ISOLATE_ABORT:
			putback_movable_pages(cc->mm, &cc->migratepages);
			cc->nr_migratepages = 0;
			return COMPACT_CONTENDED;
		case ISOLATE_NONE:
			if (update_cached)
				zone->compact_cached_migrate_pfn[1] = zone->compact_cached_migrate_pfn[0];
			break;
		case ISOLATE_SUCCESS:
			update_cached = false;
			last_migrated = iteration_start;
			if (!migrate_cluster(cc, &last_migrated))
				return COMPACT_CONTENDED;
		}
		drain_if_moved_on(cc, &last_migrated);
		if (cc->mm->capture && cc->mm->capture->pfn != PFN_NONE)
			return COMPACT_SUCCESS;
	}
	return result;
}

static void count_events(struct compact_control *cc)
{
	cc->mm->vm_events[COMPACTMIGRATE_SCANNED] += cc->total_migrate_scanned;
	cc->mm->vm_events[COMPACTFREE_SCANNED] += cc->total_free_scanned;
}

enum compact_result compact_zone(struct compact_control *cc)
{
	struct zone *zone = cc->zone;
	enum compact_result result;

	cc->total_migrate_scanned = cc->total_free_scanned = 0;
	cc->nr_migratepages = cc->nr_freepages = 0;
	page_list_init(&cc->freepages);
	page_list_init(&cc->migratepages);
	cc->migratetype = gfp_migratetype(cc->mm, cc->gfp);
	result = compaction_suitable(cc->mm, zone, cc->order, cc->alloc_flags, cc->highest_zoneidx);
	if (result == COMPACT_SUCCESS || result == COMPACT_SKIPPED)
		return result;
	if (compaction_restarting(zone, cc->order))
		reset_isolation_suitable_zone(cc->mm, zone);
	place_scanners(cc);
	trace(cc->mm, MM_COMPACTION_BEGIN, .zone = zone, .order = cc->order, .pfn = cc->migrate_pfn,
	      .pfn2 = cc->free_pfn, .a = cc->mode);
	result = compact_clusters(cc);

	if (cc->nr_freepages) {
		unsigned long free_pfn = pageblock_start_pfn(cc->mm, release_freepages(cc));

		/* only back: the position may have been reset to the zone's end */
		zone->compact_cached_free_pfn = max_ul(zone->compact_cached_free_pfn, free_pfn);
	}
	count_events(cc);
	trace(cc->mm, MM_COMPACTION_END, .zone = zone, .order = cc->order, .pfn = cc->migrate_pfn,
	      .pfn2 = cc->free_pfn, .a = cc->mode, .b = (long)cc->total_migrated, .c = result);
	return result;
}

/* ---------------------------------------------- direct compaction --- */

/* A direct compactor begins to wait for a block; NULL: no longer. */
static void set_capture(struct mm *mm, struct capture_control *capture)
{
	mm->capture = capture;
	trace_update(mm);
}

/* One zone for a request; *pfn: the block that was caught when it was freed, else PFN_NONE
 * (compact_zone_order). */
static enum compact_result compact_zone_order(struct mm *mm, struct zone *zone,
					      const struct alloc_request *req, enum compact_priority priority,
					      unsigned int alloc_flags, int highest_zoneidx,
					      unsigned long *pfn)
{
	struct compact_control cc = {
		.mm = mm,
		.zone = zone,
		.order = (int)req->order,
		.search_order = (int)req->order,
		.gfp = req->gfp,
		.mode = priority == COMPACT_PRIO_ASYNC ? MIGRATE_ASYNC : MIGRATE_SYNC_LIGHT,
		.alloc_flags = alloc_flags,
		.highest_zoneidx = highest_zoneidx,
		.direct_compaction = true,
		.whole_zone = priority == MIN_COMPACT_PRIORITY,
		.ignore_skip_hint = priority == MIN_COMPACT_PRIORITY,
		.ignore_block_suitable = priority == MIN_COMPACT_PRIORITY,
	};
	struct capture_control capture = { .zone = zone, .order = req->order, .pfn = PFN_NONE };
	enum compact_result result;

	set_capture(mm, &capture);
	result = compact_zone(&cc);
	set_capture(mm, NULL);
	*pfn = capture.pfn;
	return capture.pfn == PFN_NONE ? result : COMPACT_SUCCESS;
}

enum compact_result try_to_compact_pages(struct mm *mm, const struct alloc_request *req,
					 unsigned int alloc_flags, const struct alloc_context *ac,
					 enum compact_priority priority, unsigned long *pfn)
{
	enum compact_result best = COMPACT_SKIPPED;

	*pfn = PFN_NONE;
	if (!(req->gfp & __GFP_IO))
		return COMPACT_SKIPPED;
	for (const int *z = ac->preferred; *z >= 0; z++) {
		struct zone *zone = mm->zones[*z];
		enum compact_result status;

		if (zone->index > ac->highest_zoneidx)
			continue;
		if (priority > MIN_COMPACT_PRIORITY && compaction_deferred(mm, zone, (int)req->order)) {
			best = best > COMPACT_DEFERRED ? best : COMPACT_DEFERRED;
			continue;
		}
		status = compact_zone_order(mm, zone, req, priority, alloc_flags, ac->highest_zoneidx, pfn);
		best = best > status ? best : status;
		if (status == COMPACT_SUCCESS) {
			compaction_defer_reset(mm, zone, (int)req->order, false);
			break;
		}
		if (priority != COMPACT_PRIO_ASYNC &&
		    (status == COMPACT_COMPLETE || status == COMPACT_PARTIAL_SKIPPED))
			defer_compaction(mm, zone, (int)req->order);
		if (interrupted(mm))
			break;
	}
	if (*pfn != PFN_NONE)
		prep_new_page(mm, page_zone(mm, *pfn), *pfn, req, ac->migratetype);
	return best;
}
