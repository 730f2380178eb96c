/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events as lines of the log: what the screen shows otherwise is left out,
 * splits and merges that belong together are one line, what a scan or a
 * reclaim does again and again is counted, and of a command of thousands of
 * events the log gets the beginning and the end, and what went wrong between:
 * requests that failed, entered the slow path, or had a process killed.
 */
#ifndef BUDDYVIZ_TUI_NARRATE_H
#define BUDDYVIZ_TUI_NARRATE_H

#include <stdbool.h>

#include "buddyviz/mm.h"
#include "buddyviz/trace.h"
#include "fold.h"
#include "log.h"

#define NARRATE_HEAD  100 /* event lines a command adds to the log as they come, */
#define NARRATE_TAIL  120 /* events kept after those: the latest */
#define NARRATE_RUN   16  /* splits or merges told in one line */
#define NARRATE_GROUP 5   /* lines of a refill or a drain before the rest is counted */
#define NARRATE_KINDS 24  /* reasons counted in one scan */
#define NARRATE_TOLD  3   /* events of a scan told one by one before they are counted */
#define NARRATE_TEXT  128
#define NARRATE_VITAL 60 /* events of what went wrong that are kept between beginning and end */
#define NARRATE_KILLS 3  /* kills said again at the end, the latest, */
#define NARRATE_FAR   6  /* if so many lines came after them */

/* An event kept for the end, or a line that came in between. */
struct narrate_item {
	struct trace_event e;
	int zone;
	char text[NARRATE_TEXT]; /* the event's */
	char *line;              /* NULL: an event */
	enum log_kind kind;      /* of the line */
	bool of_look;            /* an answer, and no event since the one before */
	bool vital;              /* never left out */
};

/* How often a scan told the same. */
struct narrate_count {
	enum trace_id id;
	long scanner;
	char text[NARRATE_TEXT];
	unsigned long nr;
};

struct narrator {
	struct log *log;
	unsigned long nr_lines;                  /* event lines of the command */
	unsigned long nr_vital;                  /* lines of the middle that went to the log */
	char kills[NARRATE_KILLS][NARRATE_TEXT]; /* the latest at nr_kills - 1 */
	unsigned long nr_kills, since_kill;      /* lines since the last */
	bool slow;                               /* the request's slow path was announced */
	bool booting;
	struct fold fold;
	bool ending;                         /* what was kept for the end is told now */
	unsigned long nr_items;              /* ever kept for the end: item n is items[n % NARRATE_TAIL] */
	unsigned long nr_events, nr_answers; /* of those, what the log never got */
	struct narrate_item items[NARRATE_TAIL];

	struct trace_event run[NARRATE_RUN]; /* splits or merges that belong to one line */
	int nr_run;
	struct trace_event retyped; /* a row of pageblocks that change type together, */
	unsigned long nr_retyped;   /* and how many of them */
	int group;                  /* events that tell the same again and again: which, */
	unsigned long nr_group;     /* and how many in a row */
	bool scanning;              /* a compaction, a reclaim or the like is under way */
	struct narrate_count counts[NARRATE_KINDS];
	unsigned int nr_counts;
};

/* A command begins. */
void narrate_begin(struct narrator *n, struct log *log);

/* An event of the running command. */
void narrate_event(struct narrator *n, const struct mm *mm, const struct trace_event *event);

/* A line that the running command answered; false: the log can have it at once. */
bool narrate_answer(struct narrator *n, enum log_kind kind, const char *line);

/* The command has ended, and mm is the machine now: tell the end. */
void narrate_end(struct narrator *n, const struct mm *mm);

/* A line about events, within the running command. */
void narrate_say(struct narrator *n, const char *text);

/* ---------------------------------------------------- narrate_count.c --- */

/* Count an event of a scan by what it says; returns how many of its id there were before. */
unsigned long narrate_count(struct narrator *n, const struct trace_event *event);

/* A scan has ended: sum up what was not told one by one. */
void narrate_counted(struct narrator *n);

#endif
