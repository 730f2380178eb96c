/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is done page by page, added up to a sentence: how a range was emptied
 * for contiguous memory, and how pages were given back one by one.
 */
#ifndef BUDDYVIZ_TUI_FOLD_H
#define BUDDYVIZ_TUI_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "buddyviz/mm.h"
#include "buddyviz/trace.h"

#define FOLD_FREES 3 /* pages freed one after the other that are told before the rest is added up */

enum fold_kind { FOLD_NONE, FOLD_CMA_ALLOC, FOLD_FREES_RUN };

struct fold {
	enum fold_kind kind;
	unsigned long first, last;                     /* the range that was worked on last, PFNs */
	unsigned long isolated, moved, ranges;         /* pageblocks, pages, ranges tried */
	unsigned int run;                              /* blocks freed with nothing in between */
	unsigned long freed, to_pcp, to_lists, merges; /* pages, but the last */
	long cpu, held;                                /* whose page set it was, and what is in it */
};

/* An event was told: something to be added up may begin with it. */
void fold_begin(struct fold *fold, const struct trace_event *event);

/* Does this event end what is being added up? */
bool fold_ends(const struct fold *fold, const struct trace_event *event);

/* Add an event up; false: it is to be told all the same. */
bool fold_event(struct fold *fold, const struct trace_event *event);

/* End it: the sentence into buf. False: there is nothing to say. */
bool fold_end(struct fold *fold, char *buf, size_t size);

#endif
