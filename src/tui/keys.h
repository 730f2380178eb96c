/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key table: which key does what. Dispatcher and help come from it; every
 * key that is not in it belongs to the prompt.
 */
#ifndef BUDDYVIZ_TUI_KEYS_H
#define BUDDYVIZ_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* X(ACTION, keys as the help names them, what it does) */
/* clang-format off */
#define ACTION_TABLE(X)                                                                                            \
	X(HELP,         "F1",                    "this help, and back")                                            \
	X(DASHBOARD,    "F2",                    "the dashboard")                                                  \
	X(LOG,          "F3",                    "the log on the whole screen, and back")                          \
	X(NEXT_CHANGE,  "F4",                    "cursor to the next block the last command changed")              \
	X(PREV_ZONE,    "F5",                    "the zone before")                                                \
	X(NEXT_ZONE,    "F6",                    "the next zone")                                                  \
	X(ZOOM_OUT,     "F7",                    "map in focus: more pages a cell")                                \
	X(ZOOM_IN,      "F8",                    "map in focus: fewer pages a cell")                               \
	X(FOLLOW,       "F9",                    "follow what commands change, or stay")                           \
	X(PATH,         "F10",                   "the way of the request that hurt most or came last")                    \
	X(BACK,         "Esc",                   "back to the dashboard")                                          \
	X(NEXT_PANEL,   "Shift-Tab",             "next panel; the arrow keys below move in it")                    \
	X(UP,           "Shift- or Alt-Up",      "up: zone, list, row of a map, line of the log")                  \
	X(DOWN,         "Shift- or Alt-Down",    "down")                                                           \
	X(LEFT,         "Shift- or Alt-Left",    "left: order of lists and indexes, cell of a map")                \
	X(RIGHT,        "Shift- or Alt-Right",   "right")                                                          \
	X(FIRST,        "Shift- or Alt-Home",    "first: start of the zone, oldest line of the log")               \
	X(LAST,         "Shift- or Alt-End",     "last: end of the zone, newest line of the log")                  \
	X(PAGE_UP,      "PageUp",                "a page up in the log, the path or the help")                     \
	X(PAGE_DOWN,    "PageDown",              "a page down")                                                    \
	X(REDRAW,       "Ctrl-L",                "draw the screen anew")
/* clang-format on */

#define X(id, keys, help) ACTION_##id,
enum action { ACTION_NONE, ACTION_TABLE(X) NR_ACTIONS };
#undef X

struct action_help {
	const char *keys, *help;
};

/* One entry per action, ACTION_NONE's empty. */
extern const struct action_help action_help[NR_ACTIONS];

/* Teach curses the key sequences its terminal description may lack. */
void keys_init(void);

/* The action of a code that getch() returned, ACTION_NONE: the prompt's. */
enum action keys_action(int code);

/* What it means where nothing is typed and a page can be scrolled: cursor keys without a modifier. */
enum action keys_plain_action(int code);

/* The bytes that a KEY_ code stands for at the prompt (arrows, Home …), or NULL. */
const char *keys_sequence(int code);

#endif
