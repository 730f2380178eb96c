// SPDX-License-Identifier: GPL-3.0-or-later
/* What a command changed, gathered from its events. */
#include "config.h"

#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "narrate.h"

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

static void touch_range(struct watch *w, unsigned long pfn, int order)
{
	struct watch_range *r;

	if (pfn == PFN_NONE || order < 0)
		return;
	r = &w->ranges[w->nr_ranges++ % WATCH_RANGES];
	*r = (struct watch_range){ pfn, (unsigned int)order };
}

static void focus_on(struct watch *w, unsigned long pfn)
{
	if (w->focus == PFN_NONE)
		w->focus = pfn;
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

static void forget(struct watch *w)
{
	w->nr_ranges = 0;
	w->focus = PFN_NONE;
	w->fresh = false;
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
	case TRACE_PAGEBLOCK_TYPE:
		touch_range(w, e->pfn, (int)mm->pageblock_order);
		break;
	case TRACE_BOOT_DONE:
		forget(w);	/* another machine: not all of it is news */
		count_lists(w, mm);
		break;
	default:
		break;
	}
}

static void hear(void *arg, const struct mm *mm, const struct trace_event *event)
{
	struct watch *w = arg;

	if (w->fresh)
		forget(w);
	if (w->before)
		remember(w, mm, event);
	narrate_event(w, mm, event);
}

void watch_init(struct watch *w, struct log *log)
{
	memset(w, 0, sizeof(*w));
	w->listener = (struct trace_listener){ .fn = hear, .arg = w, .mask = TRACE_ALL };
	w->log = log;
	w->focus = PFN_NONE;
}

void watch_free(struct watch *w)
{
	free(w->before);
	free(w->touched);
	w->before = NULL;
	w->touched = NULL;
}

static bool make_room(struct watch *w, const struct mm *mm)
{
	size_t slots = (size_t)mm->nr_zones * MAX_ORDERS * MIGRATE_TYPES;

	if (w->before && w->nr_zones == mm->nr_zones)
		return true;
	watch_free(w);
	w->before = calloc(slots, sizeof(*w->before));
	w->touched = calloc(slots, sizeof(*w->touched));
	w->nr_zones = mm->nr_zones;
	if (w->before && w->touched)
		return true;
	watch_free(w);
	return false;
}

void watch_begin(struct watch *w, const struct mm *mm)
{
	w->fresh = true;
	w->nr_lines = w->nr_untold = 0;
	w->nr_run = w->group = 0;
	w->nr_group = 0;
	if (make_room(w, mm))
		count_lists(w, mm);
}

void watch_end(struct watch *w, bool undone)
{
	narrate_end(w);
	if (w->fresh && !undone)
		forget(w);
	w->fresh = false;
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

bool watch_lit(const struct watch *w, unsigned long pfn, unsigned long nr)
{
	unsigned long i, n = w->nr_ranges < WATCH_RANGES ? w->nr_ranges : WATCH_RANGES;

	for (i = 0; i < n; i++)
		if (w->ranges[i].pfn < pfn + nr && pfn < w->ranges[i].pfn + (1UL << w->ranges[i].order))
			return true;
	return false;
}
