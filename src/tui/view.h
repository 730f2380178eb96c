/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen as one value, and what it is put together from: views (what fills
 * the screen between title and prompt) and panels (what the dashboard is made
 * of). Each is an x_init / x_draw / x_key triple behind one struct.
 */
#ifndef BUDDYVIZ_TUI_VIEW_H
#define BUDDYVIZ_TUI_VIEW_H

#include <stdbool.h>

#include "buddyviz/mm.h"
#include "buddyviz/session.h"
#include "draw.h"
#include "keys.h"
#include "log.h"
#include "watch.h"

enum panel_id { PANEL_ZONES, PANEL_LISTS, PANEL_BLOCKS, PANEL_PFN, PANEL_LOG, NR_PANELS };

/* A window of rows over the memory of a zone: pageblocks and pfn map have one each. */
struct mapwin {
	int zoom;                            /* steps the user zoomed out (in, if negative) from what fits */
	unsigned long top;                   /* first row shown */
	unsigned long shown;                 /* cursor it was last placed for, */
	unsigned long row_pages, cell_pages; /* as last drawn */
	int zone;
};

/* The line being typed, as the prompt last saw it. */
struct prompt_line {
	const char *prompt, *text;
	size_t point; /* byte offset of the cursor in text */
};

struct view;

struct screen {
	struct session *session;
	struct mm *mm; /* the session's, fetched anew for each frame and key */
	struct theme theme;
	struct log log;
	struct watch watch;
	char *title; /* the layout's name and size */

	const struct view *view;
	enum panel_id focus;
	bool follow;                    /* zone and cursor go where a command changed something */
	int zone;                       /* index in mm->zones */
	unsigned long cursor;           /* the PFN that the maps' cursors stand on */
	unsigned long changed;          /* the range last jumped to, see screen_next_change() */
	unsigned char types_shown[256]; /* by zone: migratetypes that had a row, as bits */
	unsigned int list_order;
	int list_type;
	struct mapwin blocks, pfns;
	unsigned long log_scroll; /* rows up from the newest */
	int log_rows;             /* rows the log panel had, for paging */
	unsigned long log_from;   /* the line that the last command begins with, as log.nr counts */
	bool log_auto;            /* nobody has scrolled since */
	int help_scroll, path_scroll;
	bool path_last;           /* the last request's way, whichever hurt most */
	unsigned int index_order; /* of the fragmentation indexes: the last request's, */
	bool index_chosen;        /* unless the user chose one */

	struct prompt_line line;
	char *hint;             /* what the prompt has to say (completions); NULL: nothing */
	int cursor_y, cursor_x; /* where the terminal's cursor belongs */
};

/* What fills the screen between title and prompt. */
struct view {
	const char *name;
	bool scrolls;                    /* while the prompt is empty, plain arrow keys move in it too */
	void (*init)(struct screen *sc); /* it comes up; may be NULL */
	void (*draw)(struct screen *sc, const struct area *area);
	bool (*key)(struct screen *sc, enum action action); /* false: not mine */
	/* what the thing under its cursor is; may be NULL */
	void (*inspect)(const struct screen *sc, char *buf, size_t size);
};

extern const struct view dashboard_view, log_view, help_view, path_view;

/* One part of the dashboard. */
struct panel {
	const char *name;
	/* rows, header included, that it needs at least and has use for at most in width columns */
	void (*want)(const struct screen *sc, int width, int *min, int *max);
	void (*draw)(struct screen *sc, const struct area *area);
	bool (*key)(struct screen *sc, enum action action);
	/* what the thing under its cursor is */
	void (*inspect)(const struct screen *sc, char *buf, size_t size);
};

extern const struct panel zones_panel, lists_panel, blocks_panel, pfn_panel, log_panel;

/* The panel's header line: name, then note; focus is seen on it. Returns the column after it. */
int panel_header(const struct screen *sc, const struct area *area, enum panel_id id, const char *note);

/* ------------------------------------------------------------ screen.c --- */

/* Take a booted session; theme must be set up by then. */
void screen_init(struct screen *sc, struct session *session, const struct layout *layout);
void screen_free(struct screen *sc);

/* Draw one whole frame on stdscr, up to wnoutrefresh(). */
void screen_draw(struct screen *sc);

/* Carry out a key's action. False: it means nothing here. */
bool screen_key(struct screen *sc, enum action action);

/* Run a command line; its events and answers go to the log. */
enum session_status screen_execute(struct screen *sc, const char *line);
/* Run a script file, the same way. */
enum session_status screen_script(struct screen *sc, const char *path);

/* A script's line comes into the log, behind all that the line before it did: session_options.script_line. */
void screen_script_line(void *sc, const char *line, bool comment);

/* Show another view. */
void screen_show(struct screen *sc, const struct view *view);

/* Scroll the rows of a view; false: the action does not. The view itself knows how far it goes. */
bool scroll_key(int *scroll, int page, enum action action);

/* Say something in the hint line until the next key; NULL: nothing any more. */
void screen_hint(struct screen *sc, const char *text);

/* ----------------------------------------------------------- status.c --- */

/* Draw the line between view and prompt in row y. */
void status_draw(const struct screen *sc, const struct area *area, int y);

/* The request whose way is shown: the one that hurt most, or the last. */
const struct journey *screen_journey(const struct screen *sc);

/* --------------------------------------------------------- navigate.c --- */

/* The zone shown, never NULL. */
struct zone *screen_zone(const struct screen *sc);

/* Show another zone; the cursor goes to its first memory if it stands outside. */
void screen_select_zone(struct screen *sc, int zone);

/* The next zone with memory in direction step (1, -1), round and round. */
void screen_step_zone(struct screen *sc, int step);

/* Put the cursor on pfn, zone included, if there is memory of a zone. */
void screen_goto(struct screen *sc, unsigned long pfn);

/* Put the cursor on the next block that the last command changed. */
void screen_next_change(struct screen *sc);

/* After a command or another machine: everything that was pointed at is there, and shows what changed. */
void screen_settle(struct screen *sc);

/* Write what stands at pfn into buf: state, order, type, owner, buddy. */
void inspect_pfn(const struct screen *sc, unsigned long pfn, char *buf, size_t size);

#endif
