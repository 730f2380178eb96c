/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a request, kept from its own events: nothing is run again
 * to show it. Events that tell the same are one step, and of a request that
 * went round for long the first and the last steps are kept.
 */
#ifndef BUDDYVIZ_TUI_JOURNEY_H
#define BUDDYVIZ_TUI_JOURNEY_H

#include <stdbool.h>

#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/trace.h"

#define JOURNEY_HEAD 96 /* steps kept of the beginning, */
#define JOURNEY_TAIL 64 /* and of the end */
#define JOURNEY_TEXT 128

/* An event, and what those after it that belong to it add up to. */
struct journey_step {
	struct trace_event e; /* its zone and text are not valid any more: */
	int zone;             /* index in mm->zones, -1: none */
	char text[JOURNEY_TEXT];
	long reserve;                            /* watermark: lowmem_reserve in e.b */
	long held_back;                          /* watermark: free pages that this request may not count */
	unsigned long nr;                        /* events in it */
	unsigned long halves;                    /* list: upper halves put back, */
	int first_half, last_half;               /* their orders from the first block's split */
	unsigned long moved, skipped, reclaimed; /* compaction, reclaim */
	bool done;                               /* compaction, reclaim: its end was heard */
};

struct journey {
	bool any; /* there was a request */
	bool under_way;
	bool slow;   /* the slow path was entered */
	bool killed; /* a process was killed for it */
	bool undone; /* what it belonged to was taken back */
	gfp_t gfp;
	int order, node, mt, zone; /* zone: the preferred one's index, -1 none */
	unsigned long pfn;         /* the answer, once it is not under way; PFN_NONE: it failed */
	int pfn_zone;
	struct journey_step steps[JOURNEY_HEAD + JOURNEY_TAIL];
	unsigned long nr; /* steps ever; see journey_step_at() */
	struct alloc_explanation
		why;      /* if it failed: how each zone stood then; its zone pointers are void, */
	int why_zone[64]; /* these are the zones' indexes */
	int why_largest;  /* zone with the largest block, -1: none */
};

/* An event was heard. */
void journey_event(struct journey *j, const struct mm *mm, const struct trace_event *e);

/* How much it hurt: 0 served at once, 1 by the slow path, 2 a process was killed, 3 failed. */
int journey_pain(const struct journey *j);

/* Steps that are kept, and the ith of them; *left_out (may be NULL): steps missing before it. */
unsigned int journey_steps(const struct journey *j);
const struct journey_step *journey_step_at(const struct journey *j, unsigned int i, unsigned long *left_out);

#endif
