// SPDX-License-Identifier: GPL-3.0-or-later
/* Rows of memory. */
#include "config.h"

#include "mapwin.h"

#include <stdio.h>

static void add_run(struct map_rows *rows, unsigned long first, unsigned long last)
{
	unsigned int n = rows->nr_runs;

	if (n && (first <= rows->runs[n - 1].last + 1 || n == MAP_RUNS)) {
		if (last > rows->runs[n - 1].last)
			rows->runs[n - 1].last = last;
		return;
	}
	rows->runs[n].first = first;
	rows->runs[n].last = last;
	rows->nr_runs++;
}

void map_rows_init(struct map_rows *rows, const struct mm *mm, const struct zone *zone,
		   unsigned long row_pages)
{
	const struct memblock_type *memory = &mm->memblock.memory;
	unsigned long zone_end = zone_end_pfn(zone);
	unsigned int i;

	*rows = (struct map_rows){ .row_pages = row_pages };
	for (i = 0; i < memory->cnt; i++) {
		const struct memblock_region *r = &memory->regions[i];
		unsigned long start = r->base >> mm->page_shift, end = (r->base + r->size) >> mm->page_shift;

		if (start < zone->zone_start_pfn)
			start = zone->zone_start_pfn;
		if (end > zone_end)
			end = zone_end;
		if (r->nid == zone->node && start < end)
			add_run(rows, start / row_pages, (end - 1) / row_pages);
	}
	if (!rows->nr_runs)
		add_run(rows, zone->zone_start_pfn / row_pages, zone->zone_start_pfn / row_pages);
	for (i = 0; i < rows->nr_runs; i++) {
		rows->runs[i].index = rows->total;
		rows->total += rows->runs[i].last - rows->runs[i].first + 1;
	}
}

static unsigned int run_of_row(const struct map_rows *rows, unsigned long n)
{
	unsigned int i = 0;

	while (i + 1 < rows->nr_runs && rows->runs[i + 1].index <= n)
		i++;
	return i;
}

unsigned long map_row_pfn(const struct map_rows *rows, unsigned long n)
{
	unsigned int i = run_of_row(rows, n);

	return (rows->runs[i].first + n - rows->runs[i].index) * rows->row_pages;
}

unsigned long map_row_find(const struct map_rows *rows, unsigned long pfn)
{
	unsigned long row = pfn / rows->row_pages;
	unsigned int i = 0;

	while (i + 1 < rows->nr_runs && rows->runs[i + 1].first <= row)
		i++;
	if (row < rows->runs[i].first)
		row = rows->runs[i].first;
	if (row > rows->runs[i].last)
		row = rows->runs[i].last;
	return rows->runs[i].index + row - rows->runs[i].first;
}

bool map_row_gap(const struct map_rows *rows, unsigned long n)
{
	unsigned int i = run_of_row(rows, n);

	return n && rows->runs[i].index == n;
}

/* A window that must be placed anew: the whole block around the cursor, if it fits, else the cursor. */
static unsigned long place_top(const struct map_rows *rows, unsigned long cursor, unsigned long h,
			       unsigned long context)
{
	unsigned long top = map_row_find(rows, cursor / context * context);
	unsigned long row = map_row_find(rows, cursor);

	if (row - top < h)
		return top;
	return row > h / 3 ? row - h / 3 : 0;
}

void mapwin_place(struct mapwin *win, const struct map_rows *rows, const struct screen *sc, int height,
		  unsigned long context)
{
	unsigned long h = height > 0 ? (unsigned long)height : 1;
	unsigned long row = map_row_find(rows, sc->cursor);
	bool same = win->zone == sc->zone && win->row_pages == rows->row_pages;

	if (!same) {
		win->top = place_top(rows, sc->cursor, h, context);
	} else if (win->shown != sc->cursor) {
		if (row + 1 == win->top)
			win->top = row;
		else if (row == win->top + h)
			win->top = row + 1 - h;
		else if (row < win->top || row >= win->top + h)
			win->top = place_top(rows, sc->cursor, h, context);
	}
	win->zone = sc->zone;
	win->row_pages = rows->row_pages;
	win->shown = sc->cursor;
	if (row >= win->top + h)
		win->top = row + 1 - h;
	if (win->top + h > rows->total)
		win->top = rows->total > h ? rows->total - h : 0;
}

int map_gutter(const struct mm *mm)
{
	char buf[32];

	return snprintf(buf, sizeof(buf), "0x%lx", mm->end_pfn ? mm->end_pfn - 1 : 0) + 3;
}

int map_columns(const struct mm *mm, int width)
{
	int columns = 1;

	while (columns * 2 <= width - map_gutter(mm))
		columns *= 2;
	return columns;
}

void map_address(const struct screen *sc, const struct area *area, int y, const struct map_rows *rows,
		 unsigned long n)
{
	unsigned long pfn = map_row_pfn(rows, n);
	bool here = sc->cursor >= pfn && sc->cursor - pfn < rows->row_pages;
	char buf[32];

	if (here)
		draw_glyph(area, y, 0, STYLE_KEY, OVERLAY_NONE, GLYPH_POINTER);
	else if (map_row_gap(rows, n))
		draw_glyph(area, y, 0, STYLE_DIM, OVERLAY_NONE, GLYPH_GAP);
	snprintf(buf, sizeof(buf), "0x%lx", pfn);
	draw_right(area, y, map_gutter(sc->mm) - 1, here ? STYLE_TEXT : STYLE_DIM, buf);
}

/* A row up or down keeps the column; holes between rows are stepped over. */
static unsigned long step_row(const struct map_rows *rows, unsigned long cursor, long step)
{
	unsigned long row = map_row_find(rows, cursor), column = cursor % rows->row_pages;

	if (step < 0)
		row = row < (unsigned long)-step ? 0 : row - (unsigned long)-step;
	else
		row += (unsigned long)step;
	if (row >= rows->total)
		row = rows->total - 1;
	return map_row_pfn(rows, row) + column;
}

/* A cell left or right; past the end of a row the next one follows, not the hole between. */
static unsigned long step_cell(const struct map_rows *rows, unsigned long cursor, unsigned long cell,
			       bool right)
{
	unsigned long row = map_row_find(rows, cursor);
	unsigned long column = cursor % rows->row_pages / cell, columns = rows->row_pages / cell;

	if (right && column + 1 < columns)
		return map_row_pfn(rows, row) + (column + 1) * cell;
	if (right)
		return row + 1 < rows->total ? map_row_pfn(rows, row + 1) : cursor;
	if (column)
		return map_row_pfn(rows, row) + (column - 1) * cell;
	return row ? map_row_pfn(rows, row - 1) + (columns - 1) * cell : cursor;
}

bool map_move(struct screen *sc, enum action action, unsigned long cell_pages, unsigned long row_pages)
{
	const struct zone *zone = screen_zone(sc);
	struct map_rows rows;
	unsigned long to = sc->cursor;

	map_rows_init(&rows, sc->mm, zone, row_pages);
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		to = step_row(&rows, to, action == ACTION_UP ? -1 : 1);
		break;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		to = step_cell(&rows, to, cell_pages, action == ACTION_RIGHT);
		break;
	case ACTION_FIRST:
		to = map_row_pfn(&rows, 0);
		break;
	case ACTION_LAST:
		to = map_row_pfn(&rows, rows.total - 1) + row_pages - cell_pages;
		break;
	default:
		return false;
	}
	/* a row may begin before the zone and end after it */
	if (to < zone->zone_start_pfn)
		to = zone->zone_start_pfn;
	if (to >= zone_end_pfn(zone))
		to = zone_end_pfn(zone) - 1;
	sc->cursor = to;
	return true;
}
