// SPDX-License-Identifier: GPL-3.0-or-later
/* From events to lines. */
#include "config.h"

#include "narrate.h"

#include <stdio.h>
#include <string.h>

#include "watch.h"

/* The lists panel shows the first three, the answer line the next two. */
#define SILENT                                                                                                     \
	(TRACE_BIT(TRACE_FREE_LIST_ADD) | TRACE_BIT(TRACE_FREE_LIST_DEL) | TRACE_BIT(TRACE_FREE_LIST_MOVE) |       \
	 TRACE_BIT(TRACE_MM_PAGE_ALLOC_ZONE_LOCKED) | TRACE_BIT(TRACE_MM_PAGE_ALLOC))

static bool silent(const struct trace_event *e)
{
	return SILENT & TRACE_BIT(e->id);
}

static bool runs(enum trace_id id)
{
	return id == TRACE_EXPAND || id == TRACE_MERGE;
}

static void say(struct watch *w, const char *text)
{
	log_add(w->log, LOG_EVENT, text);
	w->nr_lines++;
}

/* "expand: 0x100600 → [9], 0x100500 → [8], … 0x100408 → [3] Movable" */
static void say_split(struct watch *w)
{
	char buf[640];
	int i, n = snprintf(buf, sizeof(buf), "expand: halves");

	for (i = 0; i < w->nr_run && n < (int)sizeof(buf) - 48; i++)
		n += snprintf(buf + n, sizeof(buf) - (size_t)n, "%s 0x%lx → [%d]", i ? "," : "",
			      w->run[i].pfn, w->run[i].order);
	snprintf(buf + n, sizeof(buf) - (size_t)n, " %s", migratetype_name(w->run[0].mt));
	say(w, buf);
}

/* "merge: 0x80400+0x80408 → [4], +0x80410 → [5], … +0x80600 → [10]" */
static void say_merge(struct watch *w)
{
	char buf[640];
	int i, n = snprintf(buf, sizeof(buf), "merge: 0x%lx", w->run[0].pfn);

	for (i = 0; i < w->nr_run && n < (int)sizeof(buf) - 48; i++)
		n += snprintf(buf + n, sizeof(buf) - (size_t)n, "%s+ buddy 0x%lx → [%d]", i ? ", " : " ",
			      w->run[i].pfn2, w->run[i].order + 1);
	say(w, buf);
}

static void flush(struct watch *w)
{
	if (!w->nr_run)
		return;
	if (w->run[0].id == TRACE_EXPAND)
		say_split(w);
	else
		say_merge(w);
	w->nr_run = 0;
}

static void tell(struct watch *w, const struct mm *mm, const struct trace_event *e)
{
	char buf[640];

	if (!runs(e->id)) {
		flush(w);
		say(w, trace_format(mm, e, buf, sizeof(buf)));
		return;
	}
	if (w->nr_run == WATCH_RUN || (w->nr_run && w->run[0].id != e->id))
		flush(w);
	w->run[w->nr_run++] = *e;
}

/* Events that come over and over while a page set is filled or emptied; 0: none of them. */
static int group_of(enum trace_id id)
{
	switch (id) {
	case TRACE_RMQUEUE_SMALLEST:
	case TRACE_EXPAND:
		return 1;
	case TRACE_MM_PAGE_PCPU_DRAIN:
	case TRACE_MERGE:
	case TRACE_FREE_DONE:
		return 2;
	default:
		return 0;
	}
}

static void end_group(struct watch *w)
{
	static const char *const words[] = { "", "blocks taken and split", "blocks merged and put back" };

	flush(w);
	if (w->nr_group > WATCH_GROUP && w->nr_lines < WATCH_LINES) {
		log_addf(w->log, LOG_EVENT, "… %lu more %s", w->nr_group - WATCH_GROUP, words[w->group]);
		w->nr_lines++;
	}
	w->nr_group = 0;
	w->group = 0;
}

/* True: the event belongs to a group of which enough was told. */
static bool folded(struct watch *w, enum trace_id id)
{
	int group = group_of(id);

	if (group != w->group)
		end_group(w);
	w->group = group;
	/* a split or a merge goes with the block that it is part of */
	if (group && !runs(id))
		w->nr_group++;
	return w->nr_group > WATCH_GROUP;
}

void narrate_event(struct watch *w, const struct mm *mm, const struct trace_event *e)
{
	if (e->id == TRACE_MM_PAGE_ALLOC)
		end_group(w);	/* the answer comes next */
	if (silent(e) || folded(w, e->id))
		return;
	if (w->nr_lines < WATCH_LINES)
		tell(w, mm, e);
	else
		w->nr_untold++;
}

void narrate_end(struct watch *w)
{
	end_group(w);
	if (w->nr_untold)
		log_addf(w->log, LOG_NOTE, "… and %lu more events, not listed", w->nr_untold);
}
