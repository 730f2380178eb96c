/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen without a terminal: for tests, which compare what is drawn, and
 * for the bench, which measures it.
 */
#ifndef BUDDYVIZ_TUI_HEADLESS_H
#define BUDDYVIZ_TUI_HEADLESS_H

#include <stdbool.h>
#include <stdio.h>

struct screen;
struct layout;

/* A screen of lines x cols on a terminal of type term, with a session on layout (taken over), or NULL. */
struct screen *headless_new(struct layout *layout, const char *term, int lines, int cols, bool ascii,
			    bool color);
void headless_free(struct screen *sc);

/* Another size, as after a resize of the terminal. */
void headless_resize(int lines, int cols);

/* Draw one frame and send it nowhere. */
void headless_draw(struct screen *sc);

/* What the frame shows: the text, then for each row the styles by columns, "TITLE 0-9". */
void headless_dump(const struct screen *sc, FILE *out);

#endif
