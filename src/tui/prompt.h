/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The prompt: readline, fed key by key, drawn by us. One per process, as
 * readline is.
 */
#ifndef BUDDYVIZ_TUI_PROMPT_H
#define BUDDYVIZ_TUI_PROMPT_H

#include <stdbool.h>

struct screen;

/* Set readline up; before curses starts, since both look for the terminal's description. */
void prompt_init(void);

/*
 * Begin to edit lines for sc. accept gets each line, NULL for an end of file;
 * the line is the prompt's. What is typed is in sc->line from now on.
 */
void prompt_start(struct screen *sc, void (*accept)(void *arg, const char *line), void *arg);

/* A byte that was typed. */
void prompt_feed(int byte);

/* Is nothing typed, and no search or argument begun? */
bool prompt_idle(void);

/* Throw the line away (Ctrl-C). */
void prompt_clear(void);

/* Stop editing. */
void prompt_end(void);

#endif
