/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing into a rectangle of the screen: nothing ever leaves it, and text is
 * cut at a column, not at a byte.
 */
#ifndef BUDDYVIZ_TUI_DRAW_H
#define BUDDYVIZ_TUI_DRAW_H

#include <stddef.h>

#include "theme.h"

struct area {
	const struct theme *theme;
	int y, x, h, w;
};

/* What lies over a style, whatever it is. */
enum overlay { OVERLAY_NONE, OVERLAY_LIT, OVERLAY_CURSOR };

/* A part of an area: h rows from row y on, w columns from column x on, cut to what there is. */
struct area area_part(const struct area *area, int y, int x, int h, int w);

/* Write text at row y, column x of the area. Returns the column after it. */
int draw_text(const struct area *area, int y, int x, enum style style, const char *text);
int draw_over(const struct area *area, int y, int x, enum style style, enum overlay over, const char *text);
int draw_textf(const struct area *area, int y, int x, enum style style, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The same, ending at column right. */
void draw_right(const struct area *area, int y, int right, enum style style, const char *text);

/* One glyph, and n of them. */
int draw_glyph(const struct area *area, int y, int x, enum style style, enum overlay over, enum glyph glyph);
void draw_run(const struct area *area, int y, int x, enum style style, enum glyph glyph, int n);

/* Fill row y with blanks of a style. */
void draw_blank(const struct area *area, int y, enum style style);

/* Columns that text takes; bytes of it that fit in max columns (and in *columns, if not NULL, what they
 * take). */
int text_columns(const char *text);
size_t text_fit(const char *text, int max, int *columns);

/* A count in at most width characters: 287941, then 288k, 1.2M …, + signs if nothing fits. Returns buf. */
char *text_count(unsigned long n, int width, char *buf, size_t size);

/* A size in binary units: "3.2 GiB". Returns buf. */
char *text_size(unsigned long long bytes, char *buf, size_t size);

#endif
