// SPDX-License-Identifier: GPL-3.0-or-later
/* Curses on /dev/null, and what it would have shown. */
#include "config.h"

#include "headless.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "buddyviz/tui.h"
#include "view.h"

/* newterm()'s screen and files go with the one headless screen there can be. */
static struct {
	SCREEN *screen;
	FILE *in, *out;
} headless;

static bool open_screen(const char *term, int lines, int cols)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", lines);
	setenv("LINES", number, 1);
	snprintf(number, sizeof(number), "%d", cols);
	setenv("COLUMNS", number, 1);
	headless.in = fopen("/dev/null", "r");
	headless.out = fopen("/dev/null", "w");
	if (headless.in && headless.out)
		headless.screen = newterm(term, headless.out, headless.in);
	return headless.screen != NULL;
}

static void close_screen(void)
{
	if (headless.screen) {
		endwin();
		delscreen(headless.screen);
	}
	if (headless.in)
		fclose(headless.in);
	if (headless.out)
		fclose(headless.out);
	memset(&headless, 0, sizeof(headless));
}

struct screen *headless_new(struct layout *layout, const char *term, int lines, int cols, bool ascii,
			    bool color)
{
	struct screen *sc = calloc(1, sizeof(*sc));
	struct session_options options = { .seed = 1,
					   .script_line = screen_script_line,
					   .script_line_arg = sc };
	struct session *session;

	if (!sc || !open_screen(term, lines, cols)) {
		layout_free(layout);
		close_screen();
		free(sc);
		return NULL;
	}
	log_init(&sc->log);
	watch_init(&sc->watch, &sc->log);
	session = session_new(layout, &options, &sc->watch.listener);
	if (!session) {
		close_screen();
		screen_free(sc);
		free(sc);
		return NULL;
	}
	theme_init(&sc->theme, ascii, color);
	screen_init(sc, session, session_mm(session)->layout);
	return sc;
}

void headless_free(struct screen *sc)
{
	if (!sc)
		return;
	session_free(sc->session);
	screen_free(sc);
	free(sc);
	close_screen();
}

void headless_resize(int lines, int cols)
{
	resizeterm(lines, cols);
}

void headless_draw(struct screen *sc)
{
	screen_draw(sc);
	doupdate();
}

/* -------------------------------------------------------------- dump --- */

static void dump_text(int y, FILE *out)
{
	wchar_t text[CCHARW_MAX + 1], line[4096];
	size_t n = 0;
	int x;

	for (x = 0; x < COLS && n < 4000; x++) {
		cchar_t cell;
		attr_t attr;
		short pair;

		if (mvin_wch(y, x, &cell) == ERR || getcchar(&cell, text, &attr, &pair, NULL) == ERR)
			continue;
		line[n++] = text[0] ? text[0] : L' ';
	}
	while (n && line[n - 1] == L' ')
		n--;
	line[n] = L'\0';
	fprintf(out, "|%ls\n", line);
}

/* With colours the pair tells the style; without, the attributes must. */
static void dump_style(const struct screen *sc, attr_t attr, short pair, FILE *out)
{
	if (sc->theme.colors && pair > 0 && pair <= NR_STYLES)
		fprintf(out, "%s", theme_style_name((enum style)(pair - 1)));
	else
		fprintf(out, "plain");
	fprintf(out, "%s%s%s%s", attr & A_REVERSE ? "+rev" : "", attr & A_BOLD ? "+bold" : "",
		attr & A_DIM ? "+dim" : "", attr & A_UNDERLINE ? "+under" : "");
}

static void dump_styles(const struct screen *sc, int y, FILE *out)
{
	attr_t attr, last_attr = 0;
	short pair, last_pair = 0;
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cell;
	int x, start = 0;

	fprintf(out, "%d:", y);
	for (x = 0; x <= COLS; x++) {
		attr = 0;
		pair = -1;
		if (x < COLS && mvin_wch(y, x, &cell) != ERR)
			getcchar(&cell, text, &attr, &pair, NULL);
		attr &= A_REVERSE | A_BOLD | A_DIM | A_UNDERLINE;
		if (x && (attr != last_attr || pair != last_pair)) {
			fprintf(out, " %d-%d ", start, x - 1);
			dump_style(sc, last_attr, last_pair, out);
			start = x;
		}
		last_attr = attr;
		last_pair = pair;
	}
	fputc('\n', out);
}

void headless_dump(const struct screen *sc, FILE *out)
{
	int y;

	fprintf(out, "%dx%d cursor %d,%d\n", COLS, LINES, sc->cursor_y, sc->cursor_x);
	for (y = 0; y < LINES; y++)
		dump_text(y, out);
	for (y = 0; y < LINES; y++)
		dump_styles(sc, y, out);
}

/* ------------------------------------------------------------- bench --- */

static int by_value(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static long frame_ns(struct screen *sc)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	clearok(stdscr, TRUE);
	headless_draw(sc);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec - from.tv_nsec;
}

long tui_bench(struct layout *layout, int lines, int cols, unsigned int frames, const char *command)
{
	struct screen *sc = headless_new(layout, "xterm-256color", lines, cols, false, true);
	long *ns = frames ? calloc(frames, sizeof(*ns)) : NULL, median = -1;
	unsigned int i;

	for (i = 0; sc && ns && i < frames; i++) {
		if (command)
			screen_execute(sc, command);
		ns[i] = frame_ns(sc);
	}
	if (sc && ns) {
		qsort(ns, frames, sizeof(*ns), by_value);
		median = ns[frames / 2];
	}
	free(ns);
	headless_free(sc);
	return median;
}
