// SPDX-License-Identifier: GPL-3.0-or-later
/* From events to lines. */
#include "config.h"

#include "buddyviz/plural.h"
#include "narrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The lists panel shows the first three, the answer line the next two. */
#define SILENT                                                                                               \
	(TRACE_BIT(TRACE_FREE_LIST_ADD) | TRACE_BIT(TRACE_FREE_LIST_DEL) | TRACE_BIT(TRACE_FREE_LIST_MOVE) | \
	 TRACE_BIT(TRACE_MM_PAGE_ALLOC_ZONE_LOCKED) | TRACE_BIT(TRACE_MM_PAGE_ALLOC))

/* What a scan, a migration or a reclaim says about block after block. */
#define SCAN                                                                                                 \
	(TRACE_BIT(TRACE_COMPACT_SKIP_BLOCK) | TRACE_BIT(TRACE_MIGRATE_PAGE) |                               \
	 TRACE_BIT(TRACE_MM_COMPACTION_ISOLATE_MIGRATEPAGES) |                                               \
	 TRACE_BIT(TRACE_MM_COMPACTION_ISOLATE_FREEPAGES) | TRACE_BIT(TRACE_MM_COMPACTION_MIGRATEPAGES) |    \
	 TRACE_BIT(TRACE_LRU_FOLIO) | TRACE_BIT(TRACE_LRU_SHRINK_INACTIVE) |                                 \
	 TRACE_BIT(TRACE_LRU_SHRINK_ACTIVE))

/* Where such a scan begins, */
#define SCAN_BEGIN                                                                                           \
	(TRACE_BIT(TRACE_MM_COMPACTION_BEGIN) | TRACE_BIT(TRACE_DIRECT_RECLAIM_BEGIN) |                      \
	 TRACE_BIT(TRACE_KSWAPD_WAKE) | TRACE_BIT(TRACE_CMA_ALLOC_START) |                                   \
	 TRACE_BIT(TRACE_LRU_SHRINK_INACTIVE))

/* what goes back to the lists meanwhile, */
#define SCAN_FREES                                                                                           \
	(TRACE_BIT(TRACE_MM_PAGE_FREE) | TRACE_BIT(TRACE_PCP_FREE) | TRACE_BIT(TRACE_MERGE) |                \
	 TRACE_BIT(TRACE_FREE_DONE) | TRACE_BIT(TRACE_MM_PAGE_PCPU_DRAIN))

/* and where it ends and is summed up. */
#define SCAN_END                                                                                             \
	(TRACE_BIT(TRACE_MM_COMPACTION_END) | TRACE_BIT(TRACE_DIRECT_RECLAIM_END) |                          \
	 TRACE_BIT(TRACE_KSWAPD_SLEEP) | TRACE_BIT(TRACE_CMA_ALLOC_FINISH) |                                 \
	 TRACE_BIT(TRACE_TEST_PAGES_ISOLATED))

static bool in(uint64_t set, enum trace_id id)
{
	return set & TRACE_BIT(id);
}

static bool runs(enum trace_id id)
{
	return id == TRACE_EXPAND || id == TRACE_MERGE;
}

/* --------------------------------------------------- beginning and end --- */

void narrate_begin(struct narrator *n, struct log *log)
{
	n->log = log;
	n->nr_lines = n->nr_items = n->nr_events = n->nr_answers = n->nr_group = n->nr_retyped = 0;
	n->nr_run = n->group = 0;
	n->nr_counts = 0;
	n->nr_vital = n->nr_kills = n->since_kill = 0;
	n->ending = n->scanning = n->slow = n->booting = false;
	n->fold = (struct fold){ .kind = FOLD_NONE };
}

/* Is the log given lines as they come? */
static bool at_head(const struct narrator *n)
{
	return n->ending || (n->nr_lines < NARRATE_HEAD && !n->nr_items);
}

/* Say what is missing up to here. */
static void say_gap(struct narrator *n)
{
	char events[48] = "", answers[48] = "";

	if (n->nr_events)
		snprintf(events, sizeof(events), "%lu event%s", n->nr_events, plural(n->nr_events));
	if (n->nr_answers)
		snprintf(answers, sizeof(answers), "%s%lu answer%s", n->nr_events ? " and " : "",
			 n->nr_answers, plural(n->nr_answers));
	if (n->nr_events + n->nr_answers)
		log_addf(n->log, LOG_NOTE, "… %s%s %s not shown here …", events, answers,
			 n->nr_events + n->nr_answers == 1 ? "is" : "are");
	n->nr_events = n->nr_answers = 0;
}

/* A look's answer is what was asked for, and what went wrong is what has to be seen. */
static bool must_stay(struct narrator *n, const struct narrate_item *item)
{
	if (!item->line)
		return false;
	if (item->of_look || item->kind == LOG_ERROR)
		return true;
	return item->vital && (item->kind == LOG_ANSWER || n->nr_vital++ < NARRATE_VITAL);
}

/* Room for another item of the end. What has to go is counted. */
static struct narrate_item *next_item(struct narrator *n)
{
	struct narrate_item *item = &n->items[n->nr_items++ % NARRATE_TAIL];

	if (n->nr_items <= NARRATE_TAIL)
		return item;
	if (must_stay(n, item)) {
		say_gap(n);
		log_add(n->log, item->kind, item->line);
	} else if (item->line && item->kind == LOG_ANSWER) {
		n->nr_answers++;
	} else {
		n->nr_events++;
	}
	free(item->line);
	item->line = NULL;
	return item;
}

static void keep_event(struct narrator *n, const struct trace_event *e)
{
	struct narrate_item *item = next_item(n);

	item->e = *e;
	item->zone = e->zone ? e->zone->id : -1;
	item->e.zone = NULL;
	item->e.text = NULL;
	item->text[0] = '\0';
	if (e->text)
		snprintf(item->text, sizeof(item->text), "%s", e->text);
	item->line = NULL;
}

static void keep_line(struct narrator *n, enum log_kind kind, const char *line, bool of_look, bool vital)
{
	char *copy = strdup(line);
	struct narrate_item *item;

	if (!copy)
		return;
	item = next_item(n);
	item->line = copy;
	item->kind = kind;
	item->of_look = of_look;
	item->vital = vital;
}

static bool tells_kill(const char *line)
{
	return strstr(line, "Out of memory: killed ") != NULL;
}

/* A line said; kills are said again at the end if they are far from it. */
static void note_kill(struct narrator *n, const char *line)
{
	n->since_kill++;
	if (!tells_kill(line))
		return;
	snprintf(n->kills[n->nr_kills++ % NARRATE_KILLS], NARRATE_TEXT, "%s", line);
	n->since_kill = 0;
}

static void say_as(struct narrator *n, const char *text, bool vital)
{
	n->since_kill++;
	if (!at_head(n)) {
		keep_line(n, LOG_EVENT, text, false, vital);
		return;
	}
	log_add(n->log, LOG_EVENT, text);
	n->nr_lines++;
}

void narrate_say(struct narrator *n, const char *text)
{
	say_as(n, text, false);
}

/* --------------------------------------------------- splits and merges --- */

/* "expand: 0x100600 → [9], 0x100500 → [8], … 0x100408 → [3] Movable" */
static void say_split(struct narrator *n)
{
	char buf[640];
	int i, len = snprintf(buf, sizeof(buf), "expand: halves");

	for (i = 0; i < n->nr_run && len < (int)sizeof(buf) - 48; i++)
		len += snprintf(buf + len, sizeof(buf) - (size_t)len, "%s 0x%lx → [%d]", i ? "," : "",
				n->run[i].pfn, n->run[i].order);
	snprintf(buf + len, sizeof(buf) - (size_t)len, " %s", migratetype_name(n->run[0].mt));
	narrate_say(n, buf);
}

/* "merge: 0x80400+0x80408 → [4], +0x80410 → [5], … +0x80600 → [10]" */
static void say_merge(struct narrator *n)
{
	char buf[640];
	int i, len = snprintf(buf, sizeof(buf), "merge: 0x%lx", n->run[0].pfn);

	for (i = 0; i < n->nr_run && len < (int)sizeof(buf) - 48; i++)
		len += snprintf(buf + len, sizeof(buf) - (size_t)len, "%s+ buddy 0x%lx → [%d]",
				i ? ", " : " ", n->run[i].pfn2, n->run[i].order + 1);
	narrate_say(n, buf);
}

/* "set_pageblock_migratetype: 2 pageblocks from 0x198400: Movable → Unmovable" */
static void say_retyped(struct narrator *n)
{
	char buf[160], count[48] = "pageblock";

	if (n->nr_retyped > 1)
		snprintf(count, sizeof(count), "%lu pageblocks from", n->nr_retyped);
	snprintf(buf, sizeof(buf), "%s: %s 0x%lx: %s → %s", trace_name(TRACE_PAGEBLOCK_TYPE), count,
		 n->retyped.pfn, migratetype_name(n->retyped.mt), migratetype_name(n->retyped.mt2));
	narrate_say(n, buf);
	n->nr_retyped = 0;
}

static void flush(struct narrator *n)
{
	if (n->nr_retyped)
		say_retyped(n);
	if (!n->nr_run)
		return;
	if (n->run[0].id == TRACE_EXPAND)
		say_split(n);
	else
		say_merge(n);
	n->nr_run = 0;
}

static void add_run(struct narrator *n, const struct trace_event *e)
{
	if (n->nr_retyped || n->nr_run == NARRATE_RUN || (n->nr_run && n->run[0].id != e->id))
		flush(n);
	n->run[n->nr_run++] = *e;
}

static void add_retyped(struct narrator *n, const struct mm *mm, const struct trace_event *e)
{
	bool next = n->nr_retyped && e->mt == n->retyped.mt && e->mt2 == n->retyped.mt2 &&
		    e->pfn == n->retyped.pfn + (n->nr_retyped << mm->pageblock_order);

	if (!next)
		flush(n);
	if (!n->nr_retyped++)
		n->retyped = *e;
}

static void tell(struct narrator *n, const struct mm *mm, const struct trace_event *e)
{
	char buf[640];

	if (runs(e->id)) {
		add_run(n, e);
		return;
	}
	if (e->id == TRACE_PAGEBLOCK_TYPE) {
		add_retyped(n, mm, e);
		return;
	}
	flush(n);
	narrate_say(n, trace_format(mm, e, buf, sizeof(buf)));
}

/* ------------------------------------------------------ told and counted --- */

/* Events that come over and over while a page set is filled or emptied; 0: none of them. */
static int group_of(const struct narrator *n, enum trace_id id)
{
	switch (id) {
	case TRACE_PCP_FREE:
		return n->booting ? 4 : 0;
	case TRACE_MEMBLOCK_FREE_PAGES:
	case TRACE_PAGEBLOCK_TYPE:
		return n->booting ? 3 : 0;
	case TRACE_RMQUEUE_SMALLEST:
	case TRACE_EXPAND:
		return 1;
	case TRACE_MM_PAGE_PCPU_DRAIN:
	case TRACE_MERGE:
	case TRACE_FREE_DONE:
		return n->booting ? 3 : 2;
	default:
		return 0;
	}
}

/* Lines before the rest is counted. */
static unsigned long group_told(int group)
{
	return group == 4 ? 1 : NARRATE_GROUP;
}

static void end_group(struct narrator *n)
{
	static const char *const words[][2] = { { "", "" },
						{ "block", "taken and split" },
						{ "block", "merged and put back" },
						{ "block", "to the free lists" },
						{ "page", "to the page sets, their counts rising" } };
	unsigned long more = n->nr_group - group_told(n->group);
	char buf[80];

	flush(n);
	if (n->nr_group > group_told(n->group)) {
		snprintf(buf, sizeof(buf), "… %lu more %s%s %s", more, words[n->group][0], plural(more),
			 words[n->group][1]);
		narrate_say(n, buf);
	}
	n->nr_group = 0;
	n->group = 0;
}

/* True: the event belongs to a group of which enough was told. */
static bool folded(struct narrator *n, enum trace_id id)
{
	int group = group_of(n, id);

	if (group != n->group)
		end_group(n);
	n->group = group;
	/* a split or a merge goes with the block that it is part of */
	if (group && !runs(id) && id != TRACE_MEMBLOCK_FREE_PAGES && id != TRACE_PAGEBLOCK_TYPE)
		n->nr_group++;
	return n->nr_group > group_told(group);
}

/* ------------------------------------------------------ what went wrong --- */

/* What must not be left out: a slow path's beginning, a kill, a failure. */
static bool vital(struct narrator *n, const struct trace_event *e)
{
	bool first;

	if (e->id == TRACE_ALLOC_PAGES)
		n->slow = false;
	if (e->id == TRACE_MARK_VICTIM)
		return e->mt == 1;
	if (e->id != TRACE_SLOWPATH)
		return e->id == TRACE_ALLOC_FAILED;
	first = !n->slow;
	n->slow = true;
	return first || (e->text && strstr(e->text, "ut of memory"));
}

static void end_fold(struct narrator *n)
{
	char buf[320];

	if (!fold_end(&n->fold, buf, sizeof(buf)))
		return;
	flush(n);
	narrate_say(n, buf);
}

bool narrate_answer(struct narrator *n, enum log_kind kind, const char *line)
{
	const struct narrate_item *before;
	bool of_look;

	end_fold(n);
	end_group(n);
	note_kill(n, line);
	if (at_head(n))
		return false;
	before = n->nr_items ? &n->items[(n->nr_items - 1) % NARRATE_TAIL] : NULL;
	of_look = kind == LOG_ANSWER && before && before->line && before->kind == LOG_ANSWER;
	keep_line(n, kind, line, of_look, tells_kill(line) || strstr(line, " failed "));
	return true;
}

/* An event that is told, now or at the end. */
static void pass_on(struct narrator *n, const struct mm *mm, const struct trace_event *e)
{
	bool stays = vital(n, e);
	char buf[640];

	if (at_head(n))
		tell(n, mm, e);
	else if (stays)
		say_as(n, trace_format(mm, e, buf, sizeof(buf)), true);
	else
		keep_event(n, e);
	fold_begin(&n->fold, e);
}

/* A zone without memory has no watermarks worth a line. */
static bool says_nothing(const struct trace_event *e)
{
	return in(SILENT, e->id) || (e->id == TRACE_WATERMARK_SET && e->zone && !populated_zone(e->zone));
}

void narrate_event(struct narrator *n, const struct mm *mm, const struct trace_event *e)
{
	if (e->id == TRACE_MM_PAGE_ALLOC)
		end_group(n); /* the answer comes next */
	if (says_nothing(e))
		return;
	if (fold_ends(&n->fold, e))
		end_fold(n);
	if (fold_event(&n->fold, e))
		return;
	n->booting = e->id != TRACE_BOOT_DONE && (n->booting || e->id == TRACE_MEMBLOCK_ADD);
	n->scanning |= in(SCAN_BEGIN, e->id);
	if (in(SCAN, e->id) || (n->scanning && in(SCAN_FREES, e->id))) {
		end_group(n);
		if (narrate_count(n, e) >= NARRATE_TOLD)
			return;
	} else if (folded(n, e->id)) {
		return;
	}
	if (in(SCAN_END, e->id)) {
		flush(n);
		narrate_counted(n);
		n->scanning = false;
	}
	pass_on(n, mm, e);
}

/* A process that was killed is what remains of the command. */
static void say_kills(struct narrator *n)
{
	unsigned long i = n->nr_kills > NARRATE_KILLS ? n->nr_kills - NARRATE_KILLS : 0;

	if (!n->nr_kills || n->since_kill < NARRATE_FAR)
		return;
	if (i)
		log_addf(n->log, LOG_ERROR,
			 "in this command %lu processes were killed, the last:", n->nr_kills);
	for (; i < n->nr_kills; i++)
		log_addf(n->log, LOG_ERROR, "in this command: %s", n->kills[i % NARRATE_KILLS]);
}

static void tell_item(struct narrator *n, const struct mm *mm, struct narrate_item *item)
{
	if (item->line) {
		flush(n);
		log_add(n->log, item->kind, item->line);
		free(item->line);
		item->line = NULL;
		return;
	}
	item->e.zone =
		item->zone >= 0 && (unsigned int)item->zone < mm->nr_zones ? mm->zones[item->zone] : NULL;
	item->e.text = item->text;
	tell(n, mm, &item->e);
}

void narrate_end(struct narrator *n, const struct mm *mm)
{
	unsigned long i;

	end_fold(n);
	end_group(n);
	narrate_counted(n);
	n->ending = true;
	say_gap(n);
	for (i = n->nr_items < NARRATE_TAIL ? 0 : n->nr_items - NARRATE_TAIL; i < n->nr_items; i++)
		tell_item(n, mm, &n->items[i % NARRATE_TAIL]);
	flush(n);
	say_kills(n);
	n->nr_items = 0;
}
