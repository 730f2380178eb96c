// SPDX-License-Identifier: GPL-3.0-or-later
/* The frame around the view, and commands on their way to the session. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/plural.h"
#include "view.h"

#define LEAST_COLUMNS 40
#define LEAST_LINES   12
#define SOURCE        "prompt" /* what errors of typed lines name as their file */

static char *make_title(const struct mm *mm, const struct layout *layout)
{
	unsigned long present = 0;
	unsigned int i, zones = 0;
	char size[32], *title;

	for (i = 0; i < mm->nr_zones; i++) {
		present += mm->zones[i]->present_pages;
		zones += populated_zone(mm->zones[i]);
	}
	text_size((unsigned long long)present << mm->page_shift, size, sizeof(size));
	if (asprintf(&title, "%s: %s, %u node%s, %u zone%s", layout->name, size, mm->nr_nodes,
		     plural(mm->nr_nodes), zones, plural(zones)) < 0)
		return NULL;
	return title;
}

void screen_init(struct screen *sc, struct session *session, const struct layout *layout)
{
	sc->session = session;
	sc->mm = session_mm(session);
	sc->title = make_title(sc->mm, layout);
	sc->view = &dashboard_view;
	sc->focus = PANEL_PFN;
	sc->follow = true;
	sc->zone = -1;
	sc->index_order = sc->mm->pageblock_order;
	watch_end(&sc->watch, sc->mm, false); /* the boot */
	sc->line = (struct prompt_line){ .prompt = "buddyviz> ", .text = "" };
	log_addf(&sc->log, LOG_NOTE, "%s", layout->description ? layout->description : layout->name);
	log_add(&sc->log, LOG_NOTE,
		"Type a command: alloc 3, free a1. Tab completes, F1 helps, quit leaves.");
	screen_settle(sc);
}

void screen_free(struct screen *sc)
{
	free(sc->title);
	free(sc->hint);
	sc->title = sc->hint = NULL;
	watch_free(&sc->watch);
	log_free(&sc->log);
}

void screen_show(struct screen *sc, const struct view *view)
{
	sc->view = view;
	if (view->init)
		view->init(sc);
}

void screen_hint(struct screen *sc, const char *text)
{
	free(sc->hint);
	sc->hint = text ? strdup(text) : NULL;
}

/* ------------------------------------------------------------- draw --- */

static void draw_title(const struct screen *sc, const struct area *area)
{
	const struct zone *zone = screen_zone(sc);
	struct area left;
	char right[96];
	int x;

	snprintf(right, sizeof(right), "  %sNode %d %s  #%lu ", sc->follow ? "" : "(no follow) ",
		 sc->mm->nodes[zone->node].node_id, zone->name, session_position(sc->session));
	left = area_part(area, 0, 0, 1, area->w - text_columns(right));
	draw_blank(area, 0, STYLE_TITLE_NOTE);
	x = draw_text(&left, 0, 1, STYLE_TITLE, "buddyviz");
	draw_text(&left, 0, x + 2, STYLE_TITLE_NOTE, sc->title ? sc->title : "");
	draw_right(area, 0, area->w, STYLE_TITLE_NOTE, right);
}

/* The line with its cursor in sight: what does not fit leaves on the left. */
static void draw_prompt(struct screen *sc, const struct area *area, int y)
{
	const struct prompt_line *line = &sc->line;
	const char *text = line->text;
	int x = draw_text(area, y, 0, STYLE_KEY, line->prompt), room = area->w - x - 1, before;
	char *head = strndup(line->text, line->point);

	before = head ? text_columns(head) : 0;
	if (before > room) {
		int columns;
		size_t skip = text_fit(text, before - room + 1, &columns);

		draw_glyph(area, y, x - 1, STYLE_DIM, OVERLAY_NONE, GLYPH_MORE);
		text += skip;
		before -= columns;
	}
	draw_text(area, y, x, STYLE_TEXT, text);
	sc->cursor_y = area->y + y;
	sc->cursor_x = area->x + x + before;
	free(head);
}

static void draw_too_small(struct screen *sc, const struct area *area)
{
	draw_textf(area, 0, 0, STYLE_WARN, "buddyviz needs %dx%d,", LEAST_COLUMNS, LEAST_LINES);
	draw_textf(area, 1, 0, STYLE_WARN, "this is %dx%d", area->w, area->h);
	if (area->h > 2)
		draw_prompt(sc, area, area->h - 1);
}

void screen_draw(struct screen *sc)
{
	struct area all = { &sc->theme, 0, 0, LINES, COLS };
	struct area view = area_part(&all, 1, 0, LINES - 3, COLS);

	sc->mm = session_mm(sc->session);
	erase();
	if (LINES < LEAST_LINES || COLS < LEAST_COLUMNS) {
		sc->cursor_y = sc->cursor_x = 0;
		draw_too_small(sc, &all);
	} else {
		draw_title(sc, &all);
		sc->view->draw(sc, &view);
		status_draw(sc, &all, LINES - 2);
		draw_prompt(sc, &all, LINES - 1);
	}
	move(sc->cursor_y < LINES ? sc->cursor_y : LINES - 1, sc->cursor_x < COLS ? sc->cursor_x : COLS - 1);
	wnoutrefresh(stdscr);
}

/* -------------------------------------------------------------- keys --- */

bool scroll_key(int *scroll, int page, enum action action)
{
	switch (action) {
	case ACTION_UP:
		*scroll -= *scroll > 0;
		return true;
	case ACTION_DOWN:
		++*scroll;
		return true;
	case ACTION_PAGE_UP:
		*scroll = *scroll > page ? *scroll - page : 0;
		return true;
	case ACTION_PAGE_DOWN:
		*scroll += page;
		return true;
	case ACTION_FIRST:
		*scroll = 0;
		return true;
	case ACTION_LAST:
		*scroll = 10000;
		return true;
	default:
		return false;
	}
}

bool screen_key(struct screen *sc, enum action action)
{
	sc->mm = session_mm(sc->session);
	if (sc->view->key(sc, action))
		return true;
	switch (action) {
	case ACTION_HELP:
		screen_show(sc, sc->view == &help_view ? &dashboard_view : &help_view);
		return true;
	case ACTION_LOG:
		screen_show(sc, sc->view == &log_view ? &dashboard_view : &log_view);
		return true;
	case ACTION_PATH:
		screen_show(sc, sc->view == &path_view ? &dashboard_view : &path_view);
		return true;
	case ACTION_BACK:
	case ACTION_DASHBOARD:
		screen_show(sc, &dashboard_view);
		return true;
	case ACTION_NEXT_CHANGE:
		screen_next_change(sc);
		return true;
	case ACTION_PREV_ZONE:
	case ACTION_NEXT_ZONE:
		screen_step_zone(sc, action == ACTION_PREV_ZONE ? -1 : 1);
		return true;
	case ACTION_FOLLOW:
		sc->follow = !sc->follow;
		return true;
	case ACTION_REDRAW:
		clearok(stdscr, TRUE);
		return true;
	default:
		return false;
	}
}

/* ---------------------------------------------------------- commands --- */

struct run {
	FILE *out, *err;
	unsigned long position;
	bool redone;
};

static bool run_begin(struct screen *sc, struct run *run)
{
	run->redone = false;
	run->out = log_stream(&sc->log, LOG_ANSWER, NULL);
	run->err = log_stream(&sc->log, LOG_ERROR, SOURCE ":1: ");
	run->position = session_position(sc->session);
	if (run->out && run->err) {
		watch_begin(&sc->watch, session_mm(sc->session));
		return true;
	}
	if (run->out)
		fclose(run->out);
	if (run->err)
		fclose(run->err);
	log_add(&sc->log, LOG_ERROR, "out of memory");
	return false;
}

static void run_end(struct screen *sc, struct run *run, enum session_status status)
{
	fclose(run->out);
	fclose(run->err);
	watch_end(&sc->watch, session_mm(sc->session), session_position(sc->session) < run->position);
	if (status == SESSION_INTERRUPTED)
		log_add(&sc->log, LOG_NOTE, "interrupted: what was done until then stays");
	sc->mm = session_mm(sc->session);
	watch_position(&sc->watch, session_position(sc->session), run->redone);
	sc->log_scroll = 0;
	sc->log_auto = true;
	sc->path_scroll = 0;
	sc->path_last = false;
	screen_settle(sc);
}

enum session_status screen_execute(struct screen *sc, const char *line)
{
	enum session_status status;
	struct run run;

	sc->log_from = sc->log.nr;
	log_add(&sc->log, LOG_COMMAND, line);
	if (!run_begin(sc, &run))
		return SESSION_ERROR;
	run.redone = strstr(line, "redo") != NULL;
	status = session_execute(sc->session, line, SOURCE, 1, run.out, run.err);
	run_end(sc, &run, status);
	return status;
}

void screen_script_line(void *arg, const char *line, bool comment)
{
	struct screen *sc = arg;

	if (sc->session)
		watch_line(&sc->watch, session_mm(sc->session));
	log_add(&sc->log, comment ? LOG_ANSWER : LOG_COMMAND, line);
}

enum session_status screen_script(struct screen *sc, const char *path)
{
	enum session_status status = SESSION_ERROR;
	FILE *in = fopen(path, "r");
	struct run run;

	sc->log_from = sc->log.nr;
	log_addf(&sc->log, LOG_COMMAND, "source %s", path);
	if (!in) {
		log_addf(&sc->log, LOG_ERROR, "%s: %s", path, strerror(errno));
		return SESSION_ERROR;
	}
	if (run_begin(sc, &run)) {
		status = session_script(sc->session, in, path, run.out, run.err);
		run_end(sc, &run, status);
	}
	fclose(in);
	return status;
}
