// SPDX-License-Identifier: GPL-3.0-or-later
/* The log: newest at the bottom, long lines wrapped, scrolled by rows. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/plural.h"
#include "view.h"

#define WRAP_INDENT 4 /* of what is wrapped */

static const struct {
	enum style style;
	const char *lead;
} looks[] = {
	[LOG_COMMAND] = { STYLE_COMMAND, "> " }, [LOG_EVENT] = { STYLE_EVENT, "  " },
	[LOG_ANSWER] = { STYLE_ANSWER, "" },     [LOG_ERROR] = { STYLE_ERROR, "" },
	[LOG_NOTE] = { STYLE_DIM, "" },
};

static void log_want(const struct screen *sc, int width, int *min, int *max)
{
	(void)sc;
	(void)width;
	*min = 6;
	*max = 1 << 14;
}

/* Bytes of text for one row: cut at the last blank if that leaves most of the row. */
static size_t row_bytes(const char *text, int width)
{
	size_t n = text_fit(text, width, NULL), cut = n;

	if (!text[n])
		return n;
	while (cut && text[cut] != ' ' && text[cut - 1] != '|') /* words, and flags of a GFP word */
		cut--;
	if (cut > n / 2)
		return cut;
	return n ? n : strlen(text);
}

static int line_width(const struct log_line *line, int width, bool first)
{
	int w = width - 1 - (int)strlen(looks[line->kind].lead) - (first ? 0 : WRAP_INDENT);

	return w > 8 ? w : 8;
}

static int line_rows(const struct log_line *line, int width)
{
	const char *text = line->text;
	int rows = 1;

	text += row_bytes(text, line_width(line, width, true));
	for (; *text; rows++) {
		while (*text == ' ')
			text++;
		text += row_bytes(text, line_width(line, width, false));
	}
	return rows;
}

/* Draw a line whose last row stands on row y; rows above the area are left out. */
static void draw_line(const struct area *area, int y, const struct log_line *line, int rows)
{
	const char *text = line->text;
	int lead = (int)strlen(looks[line->kind].lead), row;
	size_t n;

	for (row = 0; row < rows; row++) {
		n = row_bytes(text, line_width(line, area->w, row == 0));
		if (y - rows + 1 + row >= 0) {
			if (row == 0)
				draw_text(area, y - rows + 1, 0, looks[line->kind].style,
					  looks[line->kind].lead);
			draw_textf(area, y - rows + 1 + row, lead + (row ? WRAP_INDENT : 0),
				   looks[line->kind].style, "%.*s", (int)n, text);
		}
		text += n;
		while (*text == ' ')
			text++;
	}
}

static unsigned long all_rows(const struct log *log, int width)
{
	unsigned long i, rows = 0;

	for (i = 0; i < log_count(log); i++)
		rows += (unsigned long)line_rows(log_nth(log, i), width);
	return rows;
}

/* Not further up than the oldest line at the top; costs a walk only while scrolled. */
static void limit_scroll(struct screen *sc, int width)
{
	unsigned long rows, h = (unsigned long)sc->log_rows;

	if (!sc->log_scroll)
		return;
	rows = all_rows(&sc->log, width);
	if (sc->log_scroll + h > rows)
		sc->log_scroll = rows > h ? rows - h : 0;
}

/* Rows of the last command; *look: it answered a question and nothing happened. */
static unsigned long command_rows(const struct screen *sc, int width, bool *look)
{
	unsigned long n, rows = 0, lines = sc->log.nr - sc->log_from;

	*look = true;
	for (n = 0; n < lines && n < log_count(&sc->log); n++) {
		const struct log_line *line = log_nth(&sc->log, n);

		rows += (unsigned long)line_rows(line, width);
		*look &= line->kind != LOG_EVENT;
	}
	return rows;
}

/* A long answer is read from its beginning, of what happened the end is seen first. */
static unsigned long place(struct screen *sc, int width)
{
	unsigned long rows, h = (unsigned long)sc->log_rows;
	bool look;

	limit_scroll(sc, width);
	rows = command_rows(sc, width, &look);
	if (sc->log_auto)
		sc->log_scroll = look && sc->log_from && rows > h ? rows - h : 0;
	return rows > h + sc->log_scroll && sc->log_from ? rows - h - sc->log_scroll : 0;
}

static void draw_header(const struct screen *sc, const struct area *area, unsigned long above)
{
	const char *more = theme_glyph(&sc->theme, GLYPH_MORE);
	const char *keys = sc->view == &log_view ? "F3 back  PgUp PgDn" : "F3 whole screen  PgUp PgDn";
	char note[96] = "";
	int n = 0, x;

	if (above)
		n = snprintf(note, sizeof(note), "%s %lu row%s above, PgUp  ", more, above, plural(above));
	if (sc->log_scroll)
		snprintf(note + n, sizeof(note) - (size_t)n, "%s %lu row%s below, PgDn", more, sc->log_scroll,
			 plural(sc->log_scroll));
	x = panel_header(sc, area, PANEL_LOG, note);
	if (area->w - x > text_columns(keys) + 2)
		draw_right(area, 0, area->w - 1, STYLE_HEADER_NOTE, keys);
	else if (area->w - x > 9)
		draw_right(area, 0, area->w - 1, STYLE_HEADER_NOTE, sc->view == &log_view ? "F3 back" : "F3");
}

static void log_draw(struct screen *sc, const struct area *area)
{
	struct area body = area_part(area, 1, 0, area->h - 1, area->w);
	unsigned long n;
	long y;

	sc->log_rows = body.h;
	draw_header(sc, area, place(sc, area->w));
	y = (long)body.h - 1 + (long)sc->log_scroll;
	if (!sc->log_scroll && log_count(&sc->log) < (unsigned long)body.h)
		y = (long)all_rows(&sc->log, area->w) - 1 < y ? (long)all_rows(&sc->log, area->w) - 1 : y;
	for (n = 0; n < log_count(&sc->log) && y >= 0; n++) {
		const struct log_line *line = log_nth(&sc->log, n);
		int rows = line_rows(line, area->w);

		if (y - rows + 1 < body.h)
			draw_line(&body, (int)y, line, rows);
		y -= rows;
	}
}

static void scroll_by(struct screen *sc, long rows)
{
	if (rows < 0 && sc->log_scroll < (unsigned long)-rows)
		sc->log_scroll = 0;
	else
		sc->log_scroll += (unsigned long)rows;
}

static bool moves(enum action action)
{
	return action == ACTION_UP || action == ACTION_DOWN || action == ACTION_PAGE_UP ||
	       action == ACTION_PAGE_DOWN || action == ACTION_FIRST || action == ACTION_LAST;
}

static bool log_key(struct screen *sc, enum action action)
{
	int page = sc->log_rows > 2 ? sc->log_rows - 1 : 1;

	sc->log_auto &= !moves(action);
	switch (action) {
	case ACTION_UP:
		scroll_by(sc, 1);
		return true;
	case ACTION_DOWN:
		scroll_by(sc, -1);
		return true;
	case ACTION_PAGE_UP:
		scroll_by(sc, page);
		return true;
	case ACTION_PAGE_DOWN:
		scroll_by(sc, -page);
		return true;
	case ACTION_FIRST:
		scroll_by(sc, LOG_LINES * 8L);
		return true;
	case ACTION_LAST:
		sc->log_scroll = 0;
		return true;
	default:
		return false;
	}
}

/* The log alone, with the keys it has when it is in focus. */
const struct view log_view = { "log", true, NULL, log_draw, log_key, NULL };

const struct panel log_panel = { "LOG", log_want, log_draw, log_key, NULL };
