/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen's ear: hears a command's events, remembers what they changed so
 * that panels can light it, and tells the log what happened.
 */
#ifndef BUDDYVIZ_TUI_WATCH_H
#define BUDDYVIZ_TUI_WATCH_H

#include <stdbool.h>

#include "buddyviz/mm.h"
#include "buddyviz/trace.h"
#include "log.h"

#define WATCH_RANGES 512	/* changed blocks kept: the latest */
#define WATCH_LINES  1000	/* event lines a command may add to the log; the rest is counted */
#define WATCH_RUN    16		/* splits or merges told in one line */
#define WATCH_GROUP  5		/* lines of a refill or a drain before the rest is counted */

struct watch_range {
	unsigned long pfn;
	unsigned int order;
};

struct watch {
	struct trace_listener listener;
	struct log *log;
	bool fresh; /* the command has changed nothing yet: what the one before lit is still there */

	struct watch_range ranges[WATCH_RANGES];
	unsigned long nr_ranges;	/* ever; range n is ranges[n % WATCH_RANGES] */
	unsigned long *before;	/* blocks per zone, order and type when the command began */
	uint8_t *touched;	/* lists that events named */
	unsigned int nr_zones;
	unsigned long focus;	/* first block handed out or given back, PFN_NONE: none */

	unsigned long nr_lines, nr_untold;	/* of the command's events */
	struct trace_event run[WATCH_RUN];	/* splits or merges that belong to one line */
	int nr_run;
	int group;		/* events that tell the same again and again: which, */
	unsigned long nr_group;	/* and how many in a row */
};

/* log stays the caller's. The listener hears nothing until it is attached. */
void watch_init(struct watch *watch, struct log *log);
void watch_free(struct watch *watch);

/* A command begins on mm. */
void watch_begin(struct watch *watch, const struct mm *mm);

/*
 * It has ended: what was left out is told in one line. A command without events
 * puts out what the one before it lit, unless it took that one back (undone).
 */
void watch_end(struct watch *watch, bool undone);

/* How a list changed with the last command: blocks more or less; *touched: it was used at all. */
long watch_list(const struct watch *watch, const struct zone *zone, unsigned int order, int migratetype,
		bool *touched);

/* Did the last command change a page of [pfn, pfn + nr)? */
bool watch_lit(const struct watch *watch, unsigned long pfn, unsigned long nr);

#endif
