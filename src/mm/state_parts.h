/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that put a machine's state back and take it down need of each other. */
#ifndef BUDDYVIZ_MM_STATE_PARTS_H
#define BUDDYVIZ_MM_STATE_PARTS_H

#include "buddyviz/state.h"
#include "state_lru.h"

/* ----------------------------------------------------- state_rest.c --- */

/* A zone's counters, limits and compaction scanners. */
void state_apply_zone_rest(struct mm *mm, struct zone *zone, const struct zone_state *state);
/* false: out of memory, as the others that capture. */
bool state_capture_zone_rest(const struct zone *zone, struct zone_state *to);

/* CMA areas have handed nothing out. */
void state_forget_rest(struct mm *mm);
/* What is the whole machine's, CMA areas and kcompactd; NULL, or what does not fit and where. */
const char *state_apply_rest(struct mm *mm, const struct mm_state *state, struct state_place *place);
bool state_capture_rest(const struct mm *mm, struct mm_state *to);
void state_free_rest(struct mm_state *state);

/* ---------------------------------------------------- state_apply.c --- */

/* Note where a mistake is; place may be NULL. Returns error. */
const char *state_error_at(struct state_place *place, const char *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
