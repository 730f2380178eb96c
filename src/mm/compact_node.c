/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compaction that no request waits for: by command, by kcompactd when it was
 * woken, and ahead of need by a node's fragmentation score. Follows
 * mm/compaction.c.
 */
#include "config.h"

#include "compaction.h"

const char *compact_result_name(enum compact_result result)
{
	static const char *const names[] = {
		[COMPACT_NOT_SUITABLE_ZONE] = "not_suitable_zone",
		[COMPACT_SKIPPED] = "skipped",
		[COMPACT_DEFERRED] = "deferred",
		[COMPACT_NO_SUITABLE_PAGE] = "no_suitable_page",
		[COMPACT_CONTINUE] = "continue",
		[COMPACT_COMPLETE] = "complete",
		[COMPACT_PARTIAL_SKIPPED] = "partial_skipped",
		[COMPACT_CONTENDED] = "contended",
		[COMPACT_SUCCESS] = "success",
	};

	return names[result];
}

static void add_report(struct compact_report *report, const struct compact_control *cc,
		       enum compact_result result)
{
	report->result = result;
	report->migrate_scanned += cc->total_migrate_scanned;
	report->free_scanned += cc->total_free_scanned;
	report->migrated += cc->total_migrated;
	report->unmovable += cc->total_unmovable;
}

/* One zone by command: all of it, or until a block of the order is free, as kcompactd does. */
static enum compact_result compact_one(struct mm *mm, struct zone *zone, const struct compact_request *req,
				       struct compact_report *report)
{
	bool all = req->order < 0;
	struct compact_control cc = {
		.mm = mm,
		.zone = zone,
		.order = all ? -1 : req->order,
		.search_order = req->order,
		.highest_zoneidx = all ? 0 : zone->index,
		.mode = req->mode,
		.ignore_skip_hint = all,
		.whole_zone = all,
		.gfp = GFP_KERNEL,
	};
	enum compact_result result = compact_zone(&cc);

	add_report(report, &cc, result);
	return result;
}

enum compact_result compact_memory(struct mm *mm, const struct compact_request *req,
				   struct compact_report *report)
{
	struct pglist_data *node = &mm->nodes[req->zone < 0 ? req->node : mm->zones[req->zone]->node];
	struct compact_report own;

	if (!report)
		report = &own;
	*report = (struct compact_report){ .result = COMPACT_SKIPPED };
	set_cpu(mm, req->cpu);
	for (unsigned int i = 0; i < mm->nr_zone_types && !interrupted(mm); i++) {
		struct zone *zone = &node->node_zones[i];

		if (populated_zone(zone) && (req->zone < 0 || req->zone == zone->id))
			compact_one(mm, zone, req, report);
	}
	return report->result;
}

/* --------------------------------------------------------- score --- */

/* extfrag_for_order, for blocks of the pageblock order */
unsigned int fragmentation_score_zone(const struct mm *mm, const struct zone *zone)
{
	unsigned long free = 0, suitable = 0;

	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long pages = free_area_nr(&zone->free_area[order]) << order;

		free += pages;
		suitable += order >= mm->pageblock_order ? pages : 0;
	}
	return free ? (unsigned int)((free - suitable) * 100 / free) : 0;
}

unsigned int fragmentation_score_wmark(const struct mm *mm, bool low)
{
	unsigned int proactiveness = mm->sysctl.compaction_proactiveness;
	unsigned int wmark_low = proactiveness < 95 ? 100 - proactiveness : 5;

	if (low)
		return wmark_low;
	return wmark_low + 10 < 100 ? wmark_low + 10 : 100;
}

unsigned int fragmentation_score_high(const struct mm *mm)
{
	return fragmentation_score_wmark(mm, false);
}

unsigned int fragmentation_score_node(const struct mm *mm, const struct pglist_data *node)
{
	unsigned int score = 0;

	/* weighted by size: a small zone in pieces is no reason to work */
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		const struct zone *zone = &node->node_zones[i];

		score += (unsigned int)(zone->present_pages * fragmentation_score_zone(mm, zone) /
					(node->node_present_pages + 1));
	}
	return score;
}

static void proactive_compact_node(struct mm *mm, struct pglist_data *node)
{
	struct compact_control cc = {
		.mm = mm,
		.order = -1,
		.mode = MIGRATE_SYNC_LIGHT,
		.ignore_skip_hint = true,
		.whole_zone = true,
		.gfp = GFP_KERNEL,
		.proactive_compaction = true,
	};

	for (unsigned int i = 0; i < mm->nr_zone_types && !interrupted(mm); i++) {
		cc.zone = &node->node_zones[i];
		if (populated_zone(cc.zone))
			compact_zone(&cc);
	}
}

unsigned int proactive_compact(struct mm *mm)
{
	unsigned int done = 0;

	if (!mm->sysctl.compaction_proactiveness)
		return 0;
	for (unsigned int n = 0; n < mm->nr_nodes && !interrupted(mm); n++) {
		if (fragmentation_score_node(mm, &mm->nodes[n]) <= fragmentation_score_high(mm))
			continue;
		proactive_compact_node(mm, &mm->nodes[n]);
		done++;
	}
	return done;
}

/* ----------------------------------------------------- kcompactd --- */

/* Whether compaction could do something in one of the zones asked for (kcompactd_node_suitable). */
static bool kcompactd_node_suitable(struct mm *mm, struct pglist_data *node)
{
	for (int i = 0; i <= node->kcompactd_highest_zoneidx; i++) {
		struct zone *zone = &node->node_zones[i];

		if (populated_zone(zone) &&
		    compaction_suitable(mm, zone, node->kcompactd_max_order, 0,
					node->kcompactd_highest_zoneidx) == COMPACT_CONTINUE)
			return true;
	}
	return false;
}

void wakeup_kcompactd(struct mm *mm, struct pglist_data *node, unsigned int order, int highest_zoneidx)
{
	if (!order)
		return;
	/* order 0 means that nothing was asked for yet, of any zone */
	if (!node->kcompactd_max_order || node->kcompactd_highest_zoneidx > highest_zoneidx)
		node->kcompactd_highest_zoneidx = highest_zoneidx;
	if (node->kcompactd_max_order < (int)order)
		node->kcompactd_max_order = (int)order;
	if (!kcompactd_node_suitable(mm, node))
		return;
	node->kcompactd_woken = true;
	trace(mm, MM_COMPACTION_KCOMPACTD_WAKE, .order = (int)order, .a = highest_zoneidx,
	      .c = node->node_id);
}

/* One zone of kcompactd's work. */
static void kcompactd_zone(struct compact_control *cc)
{
	struct mm *mm = cc->mm;
	struct zone *zone = cc->zone;
	enum compact_result status;

	if (!populated_zone(zone) || compaction_deferred(mm, zone, cc->order))
		return;
	if (compaction_suitable(mm, zone, cc->order, 0, zone->index) != COMPACT_CONTINUE)
		return;
	status = compact_zone(cc);
	if (status == COMPACT_SUCCESS) {
		compaction_defer_reset(mm, zone, cc->order, false);
	} else if (status == COMPACT_PARTIAL_SKIPPED || status == COMPACT_COMPLETE) {
		drain_pages(mm, -1, zone);
		defer_compaction(mm, zone, cc->order);
	}
	mm->vm_events[KCOMPACTD_MIGRATE_SCANNED] += cc->total_migrate_scanned;
	mm->vm_events[KCOMPACTD_FREE_SCANNED] += cc->total_free_scanned;
}

static void kcompactd_do_work(struct mm *mm, struct pglist_data *node)
{
	struct compact_control cc = {
		.mm = mm,
		.order = node->kcompactd_max_order,
		.search_order = node->kcompactd_max_order,
		.highest_zoneidx = node->kcompactd_highest_zoneidx,
		.mode = MIGRATE_SYNC_LIGHT,
		.gfp = GFP_KERNEL,
	};

	mm->vm_events[KCOMPACTD_WAKE]++;
	for (int i = 0; i <= cc.highest_zoneidx && !interrupted(mm); i++) {
		cc.zone = &node->node_zones[i];
		kcompactd_zone(&cc);
	}
	node->kcompactd_woken = false;
	node->kcompactd_max_order = 0;
}

unsigned int kcompactd_run(struct mm *mm)
{
	unsigned int ran = 0;

	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		if (!mm->nodes[n].kcompactd_woken)
			continue;
		kcompactd_do_work(mm, &mm->nodes[n]);
		ran++;
	}
	return ran;
}
