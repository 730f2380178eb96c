/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A zone's memory laid out in rows of equal size, aligned to it, without the
 * rows that hold no memory: what the two maps scroll over. Costs as much as
 * there are memory ranges, never as there are pages.
 */
#ifndef BUDDYVIZ_TUI_MAPWIN_H
#define BUDDYVIZ_TUI_MAPWIN_H

#include "view.h"

#define MAP_RUNS 128

struct map_rows {
	unsigned long row_pages;
	unsigned long total; /* rows in all */
	unsigned int nr_runs;
	struct {
		unsigned long first, last; /* row numbers counted from PFN 0 */
		unsigned long index;       /* rows of the runs before */
	} runs[MAP_RUNS];
};

/* The rows of zone, row_pages (a power of two) each. */
void map_rows_init(struct map_rows *rows, const struct mm *mm, const struct zone *zone,
		   unsigned long row_pages);

/* First PFN of the nth row; n < total. */
unsigned long map_row_pfn(const struct map_rows *rows, unsigned long n);

/* The row that pfn is in, or the nearest one. */
unsigned long map_row_find(const struct map_rows *rows, unsigned long pfn);

/* Does memory leave rows out between row n - 1 and row n? */
bool map_row_gap(const struct map_rows *rows, unsigned long n);

/*
 * Scroll win so that the cursor is in one of its h rows, moving it no more than
 * it must; a cursor that jumped is put where a block of `context` pages around it shows whole.
 */
void mapwin_place(struct mapwin *win, const struct map_rows *rows, const struct screen *sc, int h,
		  unsigned long context);

/* Largest power of two columns that fit beside the addresses, and what those take. */
int map_columns(const struct mm *mm, int width);
int map_gutter(const struct mm *mm);

/* Write the address at the start of a row; the cursor's row is marked. */
void map_address(const struct screen *sc, const struct area *area, int y, const struct map_rows *rows,
		 unsigned long n);

/* Move the cursor by cells (of cell_pages) or rows along the zone's memory. False: not a movement. */
bool map_move(struct screen *sc, enum action action, unsigned long cell_pages, unsigned long row_pages);

#endif
