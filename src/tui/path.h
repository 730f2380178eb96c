/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Within the view of a request's way: what its rows are written with, and the
 * steps that come from events.
 */
#ifndef BUDDYVIZ_TUI_PATH_H
#define BUDDYVIZ_TUI_PATH_H

#include "view.h"

enum stage {
	STAGE_REQUEST,
	STAGE_ZONE,
	STAGE_LISTS,
	STAGE_ZONELIST,
	STAGE_WATERMARK,
	STAGE_PCP,
	STAGE_LIST,
	STAGE_FALLBACK,
	STAGE_HIGHATOMIC,
	STAGE_SLOWPATH,
	STAGE_RESULT,
	NR_STAGES
};

/* What a verdict means to the request. */
enum mood { MOOD_NONE, MOOD_GOOD, MOOD_BAD, MOOD_NOTE };

/* Rows go by; the ones in sight are drawn. */
struct path_page {
	const struct screen *sc;
	const struct journey *j;
	const struct area *area;
	int row, scroll;
	enum stage stage;  /* of the row before */
	unsigned int seen; /* stages that were drawn, as bits */
};

/* One row, or more if the text is long: what was looked at, and what came of it. */
void path_say(struct path_page *p, enum stage stage, enum mood mood, const char *verdict, const char *format,
	      ...) __attribute__((format(printf, 5, 6)));

/* "Normal", with the node where there are several; zone is an index. Returns buf. */
const char *path_zone(const struct path_page *p, int zone, char *buf, size_t size);

/* The rows of one step. */
void path_step(struct path_page *p, const struct journey_step *s);

#endif
