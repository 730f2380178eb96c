/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal and the signals: taken, given back on every way out, and waited
 * for. One per process.
 */
#ifndef BUDDYVIZ_TUI_TERMINAL_H
#define BUDDYVIZ_TUI_TERMINAL_H

#include <stdbool.h>

/* Start curses on the terminal and catch signals. False: there is none fit for it, said on standard error. */
bool term_start(void);

/* Give the terminal back as it was. */
void term_end(void);

/* What term_wait() woke up for; several at once are possible. */
enum term_wake {
	TERM_INPUT = 1, /* keys can be read */
	TERM_RESIZE = 2,
	TERM_INT = 4,   /* Ctrl-C */
	TERM_STOP = 8,  /* Ctrl-Z: call term_suspend() */
	TERM_LOST = 16, /* hang-up, SIGTERM, or the terminal is gone */
};

/* Sleep until something happens. */
unsigned int term_wait(void);

/* Look for signals without waiting; what is found is not reported by term_wait() again. */
unsigned int term_poll(void);

/* Take the terminal's present size. */
void term_resize(void);

/* Stop as Ctrl-Z asks, with the terminal given back, and take it again on the way back. */
void term_suspend(void);

#endif
