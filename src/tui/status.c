// SPDX-License-Identifier: GPL-3.0-or-later
/* The line between view and prompt: what there is to say just now, and where more is to be had. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "view.h"

#define GAP 2 /* columns between text and keys */

/* What stands at the right end of the line. */
struct status_keys {
	const char *way; /* of the last request; NULL: no request, or it is in sight */
	const char *rest;
	bool must; /* the first of them is named, whatever the text may be */
};

const struct journey *screen_journey(const struct screen *sc)
{
	return sc->watch.worst.any && !sc->path_last ? &sc->watch.worst : &sc->watch.journey;
}

static const char *way_key(const struct journey *j)
{
	switch (journey_pain(j)) {
	case 3:
		return "F10 why it failed";
	case 2:
		return "F10 why it killed";
	default:
		return "F10 its way";
	}
}

static struct status_keys status_keys(const struct screen *sc)
{
	const struct journey *j = screen_journey(sc);
	struct status_keys keys = { .rest = "F1 help" };

	if (sc->view == &log_view) {
		keys.rest = "F3 back  F1 help";
	} else if (sc->view == &help_view) {
		keys.rest = "F1 back";
		keys.must = true;
	} else if (j->any && sc->view != &path_view) {
		keys.way = sc->watch.asked ? way_key(j) : "F10 last request";
		keys.must = sc->watch.asked && !sc->hint && !*sc->line.text;
	}
	return keys;
}

/* "alloc ORDER [GFP] [count=N]" as "alloc ORDER [GFP count=N]". */
static void condense(char *usage)
{
	char *at = usage;

	while ((at = strstr(at, "] ["))) {
		memmove(at, at + 2, strlen(at + 2) + 1);
		*at = ' ';
	}
}

/* One of: what the prompt has to say; the usage of what is typed; what the cursor stands on. */
static void status_text(const struct screen *sc, char *buf, size_t size)
{
	const char *usage = *sc->line.text ? session_usage(sc->line.text) : NULL;

	*buf = '\0';
	if (sc->hint || usage)
		snprintf(buf, size, "%s", sc->hint ? sc->hint : usage);
	else if (sc->view->inspect)
		sc->view->inspect(sc, buf, size);
	if (!sc->hint && usage && text_columns(buf) > COLS)
		condense(buf);
}

static bool parts(const char *text, size_t at)
{
	return text[at] == ' ' && (text[at - 1] == ';' || text[at - 1] == ',');
}

/* Bytes of a text that is too long: whole clauses, else whole words, if they are most of what would fit. */
static size_t cut_bytes(const char *text, int width)
{
	size_t n = text_fit(text, width, NULL), cut;

	for (cut = n; cut > n * 2 / 3; cut--)
		if (parts(text, cut))
			return cut - 1;
	for (cut = n; cut > n / 2; cut--)
		if (text[cut] == ' ')
			return cut;
	return n;
}

/* Text in so many columns, with a sign if it is not all of it. */
static void draw_cut(const struct area *area, int y, int width, const char *text)
{
	size_t n;
	int x;

	if (text_columns(text) <= width) {
		draw_text(area, y, 0, STYLE_DIM, text);
		return;
	}
	if (width < 3)
		return;
	n = cut_bytes(text, width - 2);
	x = draw_textf(area, y, 0, STYLE_DIM, "%.*s", (int)n, text);
	draw_glyph(area, y, x + 1, STYLE_KEY, OVERLAY_NONE, GLYPH_MORE);
}

/* Keys give way to text, but for one that must be known now. */
static void choose_keys(const struct status_keys *keys, int room, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", keys->way ? keys->way : "", keys->way ? "  " : "", keys->rest);
	if (text_columns(buf) <= room)
		return;
	snprintf(buf, size, "%s", keys->must && keys->way ? keys->way : keys->rest);
	if (text_columns(buf) > room && !keys->must)
		*buf = '\0';
}

void status_draw(const struct screen *sc, const struct area *area, int y)
{
	struct status_keys keys = status_keys(sc);
	char text[1024], right[64];
	int width, columns, taken;

	status_text(sc, text, sizeof(text));
	columns = text_columns(text);
	choose_keys(&keys, area->w - GAP - columns, right, sizeof(right));
	taken = *right ? text_columns(right) + GAP : 0;
	width = area->w - taken;
	draw_cut(area, y, width, text);
	/* a column of margin, if there is one to spare */
	draw_right(area, y, area->w - (columns < width), STYLE_DIM, right);
}
