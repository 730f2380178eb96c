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
#include "journey.h"
#include "log.h"
#include "narrate.h"

#define WATCH_RANGES 512 /* changed blocks kept: the latest */

struct watch_range {
	unsigned long pfn;
	unsigned int order;
};

/* Where compaction's scanners are in a zone, or were when it ended. */
struct watch_scan {
	bool any; /* the last command that changed the machine ran it there */
	bool running;
	unsigned long migrate_pfn, free_pfn;
};

struct watch {
	struct trace_listener listener;
	struct log *log;
	bool fresh; /* the command has changed nothing yet: what the one before lit is still there */

	struct watch_range ranges[WATCH_RANGES];
	unsigned long nr_ranges; /* ever; range n is ranges[n % WATCH_RANGES] */
	uint64_t *blocks;        /* changed pageblocks, all of them: a bit each */
	unsigned long nr_blocks;
	unsigned int block_order;
	unsigned long *before; /* blocks per zone, order and type when the command began */
	uint8_t *touched;      /* lists that events named */
	unsigned int nr_zones;
	unsigned long focus; /* first block handed out or given back, PFN_NONE: none */
	bool refocus; /* a line of a script begins: its first block is looked at, not the line before's */

	struct watch_scan *scans;  /* by zone */
	int scanned;               /* the zone it ran in last */
	struct journey journey;    /* the last request's way, */
	struct journey worst;      /* and that of the one that hurt most in a command; any: there is one */
	unsigned long nr_requests; /* of the last command that made any, */
	unsigned long nr_worst;    /* and which of them it is, from 1 */
	unsigned long position;    /* of the session after that command */
	bool asked;                /* the running command has made a request */

	const struct mm *begun_on; /* the machine that the running command began on */
	struct narrator narrator;
};

/* log stays the caller's. The listener hears nothing until it is attached. */
void watch_init(struct watch *watch, struct log *log);
void watch_free(struct watch *watch);

/* A command begins on mm. */
void watch_begin(struct watch *watch, const struct mm *mm);

/* A script's next line begins, and mm is the machine now: what was left of the line before is told. */
void watch_line(struct watch *watch, const struct mm *mm);

/*
 * It has ended, and mm is the machine now: the end of its events is told. A command without events
 * puts out what the one before it lit, unless it took that one back (undone). If mm is another machine
 * than the command began on, the last requests are forgotten: they know nothing of it.
 */
void watch_end(struct watch *watch, const struct mm *mm, bool undone);

/* The session stands at position now, after that command: are the last requests still part of it? */
void watch_position(struct watch *watch, unsigned long position, bool redone);

/* How a list changed with the last command: blocks more or less; *touched: it was used at all. */
long watch_list(const struct watch *watch, const struct zone *zone, unsigned int order, int migratetype,
		bool *touched);

/* Compaction in zone, of the last command that changed the machine; NULL: there was none. */
const struct watch_scan *watch_scan(const struct watch *watch, const struct zone *zone);

/* Did the last command change a page of [pfn, pfn + nr)? */
bool watch_lit(const struct watch *watch, unsigned long pfn, unsigned long nr);

#endif
