// SPDX-License-Identifier: GPL-3.0-or-later
/* What a command changed, gathered from its events. */
#include "config.h"

#include "watch.h"

#include <stdlib.h>
#include <string.h>

static size_t list_slot(unsigned int zone, unsigned int order, int migratetype)
{
	return ((size_t)zone * MAX_ORDERS + order) * MIGRATE_TYPES + (size_t)migratetype;
}

static bool valid_list(const struct watch *w, const struct zone *zone, int order, int mt)
{
	return zone && (unsigned int)zone->id < w->nr_zones && order >= 0 && order < MAX_ORDERS && mt >= 0 &&
	       mt < MIGRATE_TYPES;
}

static void touch_list(struct watch *w, const struct zone *zone, int order, int mt)
{
	if (valid_list(w, zone, order, mt))
		w->touched[list_slot((unsigned int)zone->id, (unsigned int)order, mt)] = 1;
}

/* Every pageblock that a range has pages in. */
static void touch_blocks(struct watch *w, unsigned long pfn, int order)
{
	unsigned long block = pfn >> w->block_order, last = (pfn + (1UL << order) - 1) >> w->block_order;

	for (; block <= last && block < w->nr_blocks; block++)
		w->blocks[block / 64] |= UINT64_C(1) << block % 64;
}

static void touch_range(struct watch *w, unsigned long pfn, int order)
{
	struct watch_range *r;

	if (pfn == PFN_NONE || order < 0)
		return;
	touch_blocks(w, pfn, order);
	r = &w->ranges[w->nr_ranges++ % WATCH_RANGES];
	*r = (struct watch_range){ pfn, (unsigned int)order };
}

static void focus_on(struct watch *w, unsigned long pfn)
{
	if (w->focus == PFN_NONE || w->refocus)
		w->focus = pfn;
	w->refocus = false;
}

static void count_lists(struct watch *w, const struct mm *mm)
{
	unsigned int zone, order;
	int mt;

	for (zone = 0; zone < mm->nr_zones; zone++)
		for (order = 0; order <= mm->max_order; order++)
			for (mt = 0; mt < MIGRATE_TYPES; mt++)
				w->before[list_slot(zone, order, mt)] =
					mm->zones[zone]->free_area[order].free_list[mt].nr;
	memset(w->touched, 0, (size_t)mm->nr_zones * MAX_ORDERS * MIGRATE_TYPES);
}

static void forget_scans(struct watch *w)
{
	if (w->scans)
		memset(w->scans, 0, w->nr_zones * sizeof(*w->scans));
}

/* What is lit goes out; where scanners stand stays until the machine changes. */
static void forget(struct watch *w)
{
	w->nr_ranges = 0;
	if (w->blocks)
		memset(w->blocks, 0, (w->nr_blocks + 63) / 64 * sizeof(*w->blocks));
	w->focus = PFN_NONE;
	w->fresh = false;
}

/* A range that is no block is lit by the aligned blocks it is made of. */
static void touch_pages(struct watch *w, const struct mm *mm, unsigned long pfn, unsigned long nr)
{
	while (nr) {
		int order = 0;

		while ((unsigned int)order < mm->pageblock_order && !(pfn >> order & 1) && 2UL << order <= nr)
			order++;
		touch_range(w, pfn, order);
		pfn += 1UL << order;
		nr -= 1UL << order;
	}
}

/* What an event says was changed. */
static void remember(struct watch *w, const struct mm *mm, const struct trace_event *e)
{
	switch (e->id) {
	case TRACE_FREE_LIST_ADD:
	case TRACE_FREE_LIST_DEL:
		touch_range(w, e->pfn, e->order);
		touch_list(w, e->zone, e->order, e->mt);
		break;
	case TRACE_FREE_LIST_MOVE:
		touch_range(w, e->pfn, e->order);
		touch_list(w, e->zone, e->order, e->mt);
		touch_list(w, e->zone, e->order, e->mt2);
		break;
	case TRACE_MM_PAGE_ALLOC:
	case TRACE_MM_PAGE_FREE:
		touch_range(w, e->pfn, e->order);
		if (e->pfn != PFN_NONE)
			focus_on(w, e->pfn);
		break;
	case TRACE_PCP_ALLOC:
	case TRACE_PCP_FREE:
		touch_range(w, e->pfn, e->order);
		break;
	case TRACE_MIGRATE_PAGE:
		touch_range(w, e->pfn, e->order);
		touch_range(w, e->pfn2, e->order);
		focus_on(w, e->pfn2);
		break;
	case TRACE_CMA_ALLOC_FINISH:
		if (e->pfn == PFN_NONE)
			break;
		touch_pages(w, mm, e->pfn, (unsigned long)e->a);
		w->focus = e->pfn; /* not where the last page in the way went */
		break;
	case TRACE_TEST_PAGES_ISOLATED:
		w->focus = e->pfn; /* the range that was emptied */
		break;
	case TRACE_PAGEBLOCK_TYPE:
		touch_range(w, e->pfn, (int)mm->pageblock_order);
		break;
	case TRACE_BOOT_DONE:
		forget(w); /* another machine: not all of it is news */
		forget_scans(w);
		count_lists(w, mm);
		break;
	default:
		break;
	}
}

/* Follow the scanners: one upwards, one downwards. */
static void follow_scan(struct watch *w, const struct trace_event *e)
{
	bool begins = e->id == TRACE_MM_COMPACTION_BEGIN, ends = e->id == TRACE_MM_COMPACTION_END;
	struct watch_scan *scan;

	if (begins || ends)
		w->scanned = e->zone->id;
	if ((unsigned int)w->scanned >= w->nr_zones)
		return;
	scan = &w->scans[w->scanned];
	switch (e->id) {
	case TRACE_MM_COMPACTION_BEGIN:
	case TRACE_MM_COMPACTION_END:
		*scan = (struct watch_scan){
			.any = true, .running = begins, .migrate_pfn = e->pfn, .free_pfn = e->pfn2
		};
		break;
	case TRACE_MM_COMPACTION_ISOLATE_MIGRATEPAGES:
		scan->migrate_pfn = e->pfn;
		break;
	case TRACE_MM_COMPACTION_ISOLATE_FREEPAGES:
		scan->free_pfn = e->pfn;
		break;
	case TRACE_COMPACT_SKIP_BLOCK:
		if (e->c == 0)
			scan->migrate_pfn = e->pfn;
		else if (e->c == 1)
			scan->free_pfn = e->pfn;
		break;
	default:
		break;
	}
}

static bool divert(void *arg, enum log_kind kind, const char *line)
{
	struct watch *w = arg;

	return narrate_answer(&w->narrator, kind, line);
}

/* Of a command of many requests, the first of those that hurt most is kept besides the last. */
static void follow_request(struct watch *w, const struct mm *mm, const struct trace_event *e)
{
	struct journey *j = &w->journey;
	bool under_way = j->under_way;

	journey_event(j, mm, e);
	if (!under_way && j->under_way) {
		if (!w->asked) {
			w->nr_requests = 0;
			w->worst.any = false;
		}
		w->asked = true;
		w->nr_requests++;
	}
	if (!under_way || j->under_way || !journey_pain(j))
		return;
	if (w->worst.any && journey_pain(j) <= journey_pain(&w->worst))
		return;
	w->worst = *j;
	w->nr_worst = w->nr_requests;
}

static void hear(void *arg, const struct mm *mm, const struct trace_event *event)
{
	struct watch *w = arg;

	if (w->fresh) {
		forget(w);
		forget_scans(w);
	}
	if (w->before) {
		remember(w, mm, event);
		follow_scan(w, event);
	}
	follow_request(w, mm, event);
	narrate_event(&w->narrator, mm, event);
}

void watch_init(struct watch *w, struct log *log)
{
	memset(w, 0, sizeof(*w));
	w->listener = (struct trace_listener){ .fn = hear, .arg = w, .mask = TRACE_ALL };
	w->log = log;
	log->divert_arg = w;
	w->focus = PFN_NONE;
	narrate_begin(&w->narrator, log);
}

void watch_free(struct watch *w)
{
	free(w->before);
	free(w->touched);
	free(w->blocks);
	free(w->scans);
	w->before = NULL;
	w->scans = NULL;
	w->blocks = NULL;
	w->nr_blocks = 0;
	w->touched = NULL;
}

static bool make_room(struct watch *w, const struct mm *mm)
{
	size_t slots = (size_t)mm->nr_zones * MAX_ORDERS * MIGRATE_TYPES;
	unsigned long nr_blocks = (mm->end_pfn >> mm->pageblock_order) + 1;

	if (w->before && w->nr_zones == mm->nr_zones && w->nr_blocks == nr_blocks)
		return true;
	watch_free(w);
	w->before = calloc(slots, sizeof(*w->before));
	w->touched = calloc(slots, sizeof(*w->touched));
	w->blocks = calloc(nr_blocks / 64 + 1, sizeof(*w->blocks));
	w->scans = calloc(mm->nr_zones, sizeof(*w->scans));
	w->nr_zones = mm->nr_zones;
	w->nr_blocks = nr_blocks;
	w->block_order = mm->pageblock_order;
	if (w->before && w->touched && w->blocks && w->scans)
		return true;
	watch_free(w);
	return false;
}

void watch_begin(struct watch *w, const struct mm *mm)
{
	w->fresh = true;
	w->begun_on = mm;
	w->asked = w->refocus = false;
	narrate_begin(&w->narrator, w->log);
	w->log->divert = divert;
	if (make_room(w, mm))
		count_lists(w, mm);
}

void watch_line(struct watch *w, const struct mm *mm)
{
	w->log->divert = NULL;
	narrate_end(&w->narrator, mm);
	narrate_begin(&w->narrator, w->log);
	w->log->divert = divert;
	w->refocus = true;
}

/* What was interrupted does not run on. */
static void end_scans(struct watch *w)
{
	unsigned int i;

	for (i = 0; w->scans && i < w->nr_zones; i++)
		w->scans[i].running = false;
}

void watch_end(struct watch *w, const struct mm *mm, bool undone)
{
	bool replaced = mm != w->begun_on;

	w->log->divert = NULL;
	narrate_end(&w->narrator, mm);
	end_scans(w);
	if (undone || (replaced && w->fresh))
		forget_scans(w);
	if (!undone && w->fresh)
		forget(w);
	if (!undone && replaced && !w->asked)
		w->journey.any = w->worst.any = false;
	w->fresh = false;
}

void watch_position(struct watch *w, unsigned long position, bool redone)
{
	bool undone = w->journey.undone;

	if (w->asked) {
		w->position = position;
		undone = false;
	} else if (position < w->position) {
		undone = true;
	} else if (redone) {
		undone = false;
	}
	w->journey.undone = w->worst.undone = undone;
}

long watch_list(const struct watch *w, const struct zone *zone, unsigned int order, int mt, bool *touched)
{
	size_t slot = list_slot((unsigned int)zone->id, order, mt);
	long delta;

	*touched = false;
	if (!w->before || !valid_list(w, zone, (int)order, mt))
		return 0;
	delta = (long)(zone->free_area[order].free_list[mt].nr - w->before[slot]);
	*touched = w->touched[slot] || delta;
	return delta;
}

const struct watch_scan *watch_scan(const struct watch *w, const struct zone *zone)
{
	if (!w->scans || (unsigned int)zone->id >= w->nr_zones || !w->scans[zone->id].any)
		return NULL;
	return &w->scans[zone->id];
}

/* Was a pageblock of [pfn, pfn + nr) changed? Both are multiples of its size. */
static bool blocks_lit(const struct watch *w, unsigned long pfn, unsigned long nr)
{
	unsigned long block = pfn >> w->block_order, end = block + (nr >> w->block_order);

	while (block < end && block < w->nr_blocks) {
		uint64_t word = w->blocks[block / 64] >> block % 64;

		if (word && (unsigned long)__builtin_ctzll(word) < end - block)
			return true;
		block = (block / 64 + 1) * 64;
	}
	return false;
}

bool watch_lit(const struct watch *w, unsigned long pfn, unsigned long nr)
{
	unsigned long in_block = (1UL << w->block_order) - 1;
	unsigned long i, n = w->nr_ranges < WATCH_RANGES ? w->nr_ranges : WATCH_RANGES;

	if (w->blocks && !((pfn | nr) & in_block))
		return blocks_lit(w, pfn, nr);
	for (i = 0; i < n; i++)
		if (w->ranges[i].pfn < pfn + nr && pfn < w->ranges[i].pfn + (1UL << w->ranges[i].order))
			return true;
	return false;
}
