// SPDX-License-Identifier: GPL-3.0-or-later
/* The zones: how full each is, and how near its watermarks. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/compaction.h"
#include "buddyviz/page_alloc.h"
#include "view.h"

#define NAME_COLUMNS  11 /* "▶0 Movable " */
#define COUNT_COLUMNS 17 /* "  287494/287941  " */
#define LEAST_BAR     6
#define MARKED_BAR    20 /* from here on it shows the watermarks */
#define WISH_BAR      18 /* what the rest of the columns leave of it */
#define MOST_BAR      64

/* What may stand beside a zone's bar and count, as far as there is room. */
enum zone_column {
	COLUMN_MARKS,
	COLUMN_FRAG,
	COLUMN_PCP,
	COLUMN_STATE,
	COLUMN_UNUSABLE,
	COLUMN_SCORE,
	COLUMN_HUGE,
	COLUMN_ANON,
	COLUMN_FILE,
	NR_COLUMNS
};

static const int column_width[NR_COLUMNS] = {
	[COLUMN_MARKS] = 22, [COLUMN_FRAG] = 7, [COLUMN_PCP] = 7,   [COLUMN_STATE] = 7, [COLUMN_UNUSABLE] = 7,
	[COLUMN_SCORE] = 6,  [COLUMN_HUGE] = 6, [COLUMN_ANON] = 13, [COLUMN_FILE] = 13,
};

/* Where the columns begin; 0: left out. */
struct zone_columns {
	int bar, bar_width, count, at[NR_COLUMNS];
};

static bool has_lru(const struct mm *mm)
{
	unsigned int i, lru;

	for (i = 0; i < mm->nr_zones; i++)
		for (lru = 0; lru < NR_LRU_LISTS; lru++)
			if (mm->zones[i]->vm_stat[NR_ZONE_LRU_BASE + lru])
				return true;
	return false;
}

/* Who gets room first: what is always wanted; or, with the panel in focus, what there is else to know. */
static bool wanted(const struct screen *sc, enum zone_column column, bool first)
{
	bool about_lru = column == COLUMN_ANON || column == COLUMN_FILE;

	if (about_lru && !has_lru(sc->mm))
		return false;
	return (sc->focus == PANEL_ZONES) == first ? column == COLUMN_FRAG || column >= COLUMN_UNUSABLE
						   : column < COLUMN_UNUSABLE;
}

static struct zone_columns zone_columns(const struct screen *sc, int width)
{
	struct zone_columns c = { .bar = NAME_COLUMNS };
	int spare = width - NAME_COLUMNS - COUNT_COLUMNS - LEAST_BAR, i, x, turn;

	for (turn = 0; turn < 2; turn++) {
		for (i = 0; i < NR_COLUMNS; i++) {
			if (c.at[i] || !wanted(sc, (enum zone_column)i, turn == 0) ||
			    spare < column_width[i] + turn * (WISH_BAR - LEAST_BAR))
				continue;
			c.at[i] = 1;
			spare -= column_width[i];
		}
	}
	c.bar_width = spare + LEAST_BAR < 0 ? 0 : spare + LEAST_BAR > MOST_BAR ? MOST_BAR : spare + LEAST_BAR;
	c.count = c.bar + c.bar_width;
	x = c.count + COUNT_COLUMNS;
	for (i = 0; i < NR_COLUMNS; i++) {
		if (!c.at[i])
			continue;
		c.at[i] = x;
		x += column_width[i];
	}
	return c;
}

static int populated_zones(const struct mm *mm)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < mm->nr_zones; i++)
		n += populated_zone(mm->zones[i]);
	return n;
}

/* In focus, what the columns have no room for takes a second row below the selected zone. */
static bool has_detail(const struct screen *sc, int width)
{
	struct zone_columns c = zone_columns(sc, width);
	bool lru = has_lru(sc->mm);

	return sc->focus == PANEL_ZONES &&
	       (!c.at[COLUMN_MARKS] || (lru && (!c.at[COLUMN_ANON] || !c.at[COLUMN_FILE])));
}

static void zones_want(const struct screen *sc, int width, int *min, int *max)
{
	int n = populated_zones(sc->mm), detail = has_detail(sc, width);

	*min = 1 + (n < 2 ? n : 2) + detail;
	*max = 1 + n + detail;
}

static long pcp_pages(const struct mm *mm, const struct zone *zone)
{
	unsigned int cpu;
	long n = 0;

	for (cpu = 0; zone->pcp && cpu < mm->nr_cpus; cpu++)
		n += zone->pcp[cpu].count;
	return n;
}

/* How far down a zone has come, in a word and a colour: a mark is kept by what is above it, as
 * __zone_watermark_ok() has it. */
static const char *zone_state(const struct zone *zone, long nr_free, enum style *style)
{
	static const char *const words[] = { "≤min", "≤low", "≤high" };
	int mark;

	for (mark = WMARK_MIN; mark <= WMARK_HIGH; mark++) {
		if (nr_free > (long)(zone->watermark[mark] + zone->watermark_boost))
			continue;
		*style = mark == WMARK_MIN ? STYLE_ERROR : STYLE_WARN;
		return words[mark];
	}
	*style = STYLE_OK;
	return "ok";
}

/* Small marks fall on the same cell, which they share. */
static void draw_mark(const struct area *area, int y, int bar, int width, unsigned long pages,
		      unsigned long all)
{
	unsigned long at = pages * (unsigned long)width / all;

	if (at < (unsigned long)width)
		draw_glyph(area, y, bar + (int)at, STYLE_WARN, OVERLAY_NONE, GLYPH_MARK);
}

static void draw_bar(const struct area *area, int y, const struct zone_columns *c, const struct zone *zone,
		     long nr_free, enum style style)
{
	unsigned long all = zone->managed_pages ? zone->managed_pages : 1;
	int full, mark, width = c->bar_width - 1;

	if (width < 4)
		return;
	full = nr_free <= 0 ? 0 : (int)(((unsigned long)nr_free * (unsigned long)width + all - 1) / all);
	full = full > width ? width : full;
	draw_run(area, y, c->bar, style, GLYPH_BAR, full);
	draw_run(area, y, c->bar + full, STYLE_DIM, GLYPH_TRACK, width - full);
	for (mark = WMARK_MIN; c->bar_width >= MARKED_BAR && mark <= WMARK_HIGH; mark++)
		draw_mark(area, y, c->bar, width, zone->watermark[mark] + zone->watermark_boost, all);
}

/* An index, times 1000 as the kernel has it, ending at column right; below 0 there is none. */
static void draw_index(const struct area *area, int y, int right, int index)
{
	char buf[16];

	if (index == FRAGINDEX_BLOCK_FREE) {
		draw_right(area, y, right, STYLE_DIM, "-");
		return;
	}
	snprintf(buf, sizeof(buf), "%s%d.%02d", index < 0 ? "-" : "", abs(index) / 1000,
		 abs(index) % 1000 / 10);
	draw_right(area, y, right, STYLE_TEXT, buf);
}

/* Share of the free pages that is in free blocks of a pageblock or more, per cent. */
static int huge_share(const struct mm *mm, const struct zone *zone)
{
	unsigned long blocks = 0, pages = 0;
	unsigned int order;

	for (order = 0; order <= mm->max_order; order++) {
		unsigned long nr = free_area_nr(&zone->free_area[order]);

		pages += nr << order;
		if (order >= mm->pageblock_order)
			blocks += nr << (order - mm->pageblock_order);
	}
	pages >>= mm->pageblock_order;
	return pages ? (int)(100 * blocks / pages) : 0;
}

static void draw_marks(const struct area *area, int y, int x, const struct zone *zone)
{
	char buf[32];
	int i;

	for (i = WMARK_MIN; i <= WMARK_HIGH; i++)
		draw_right(area, y, x + 6 + i * 7, zone->watermark_boost ? STYLE_WARN : STYLE_TEXT,
			   text_count(zone->watermark[i] + zone->watermark_boost, 6, buf, sizeof(buf)));
}

/* "12/340": pages on the active and on the inactive list. */
static void draw_lru(const struct screen *sc, const struct area *area, int y, int right,
		     const struct zone *zone, enum zone_stat_item active, enum zone_stat_item inactive)
{
	long nr_active = zone_page_state_snapshot(zone, sc->mm, active);
	long nr_inactive = zone_page_state_snapshot(zone, sc->mm, inactive);
	char a[16], i[16], buf[40];

	snprintf(buf, sizeof(buf), "%s/%s",
		 text_count(nr_active < 0 ? 0 : (unsigned long)nr_active, 5, a, sizeof(a)),
		 text_count(nr_inactive < 0 ? 0 : (unsigned long)nr_inactive, 5, i, sizeof(i)));
	draw_right(area, y, right, nr_active + nr_inactive ? STYLE_TEXT : STYLE_DIM, buf);
}

static void draw_number(const struct area *area, int y, int right, long number)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%ld", number);
	draw_right(area, y, right, STYLE_TEXT, buf);
}

static void draw_columns(const struct screen *sc, const struct area *area, int y,
			 const struct zone_columns *c, const struct zone *zone)
{
	const int *at = c->at;

	if (at[COLUMN_MARKS])
		draw_marks(area, y, at[COLUMN_MARKS], zone);
	if (at[COLUMN_FRAG])
		draw_index(area, y, at[COLUMN_FRAG] + 5, fragmentation_index(sc->mm, zone, sc->index_order));
	if (at[COLUMN_PCP])
		draw_number(area, y, at[COLUMN_PCP] + 5, pcp_pages(sc->mm, zone));
	if (at[COLUMN_UNUSABLE])
		draw_index(area, y, at[COLUMN_UNUSABLE] + 5,
			   unusable_free_index(sc->mm, zone, sc->index_order));
	if (at[COLUMN_SCORE])
		draw_number(area, y, at[COLUMN_SCORE] + 5, (long)fragmentation_score_zone(sc->mm, zone));
	if (at[COLUMN_HUGE])
		draw_number(area, y, at[COLUMN_HUGE] + 5, huge_share(sc->mm, zone));
	if (at[COLUMN_ANON])
		draw_lru(sc, area, y, at[COLUMN_ANON] + 12, zone, NR_ZONE_ACTIVE_ANON, NR_ZONE_INACTIVE_ANON);
	if (at[COLUMN_FILE])
		draw_lru(sc, area, y, at[COLUMN_FILE] + 12, zone, NR_ZONE_ACTIVE_FILE, NR_ZONE_INACTIVE_FILE);
}

static void draw_zone(const struct screen *sc, const struct area *area, int y, const struct zone_columns *c,
		      const struct zone *zone)
{
	long nr_free = zone_page_state_snapshot(zone, sc->mm, NR_FREE_PAGES);
	bool here = zone->id == sc->zone;
	enum style style;
	const char *state = zone_state(zone, nr_free, &style);
	char buf[64];

	if (here)
		draw_glyph(area, y, 0, STYLE_KEY, OVERLAY_NONE, GLYPH_POINTER);
	draw_textf(area, y, 1, here ? STYLE_KEY : STYLE_TEXT, "%d %s", sc->mm->nodes[zone->node].node_id,
		   zone->name);
	draw_bar(area, y, c, zone, nr_free, style);
	text_count(nr_free < 0 ? 0 : (unsigned long)nr_free, 7, buf, sizeof(buf));
	draw_right(area, y, c->count + 8, style, buf);
	draw_textf(area, y, c->count + 8, STYLE_DIM, "/%s",
		   text_count(zone->managed_pages, 7, buf, sizeof(buf)));
	draw_columns(sc, area, y, c, zone);
	if (c->at[COLUMN_STATE])
		draw_text(area, y, c->at[COLUMN_STATE], style, state);
}

/* "watermarks min 64 low 80 high 96   LRU active/inactive: anon 0/40, file 0/0" */
static void draw_detail(const struct screen *sc, const struct area *area, int y, const struct zone *zone)
{
	unsigned long boost = zone->watermark_boost;
	const struct mm *mm = sc->mm;
	int x;

	x = draw_textf(area, y, 3, STYLE_TEXT, "min %lu  low %lu  high %lu",
		       zone->watermark[WMARK_MIN] + boost, zone->watermark[WMARK_LOW] + boost,
		       zone->watermark[WMARK_HIGH] + boost);
	draw_textf(area, y, x + 3, STYLE_TEXT, "LRU active/inactive: anon %ld/%ld  file %ld/%ld",
		   zone_page_state_snapshot(zone, mm, NR_ZONE_ACTIVE_ANON),
		   zone_page_state_snapshot(zone, mm, NR_ZONE_INACTIVE_ANON),
		   zone_page_state_snapshot(zone, mm, NR_ZONE_ACTIVE_FILE),
		   zone_page_state_snapshot(zone, mm, NR_ZONE_INACTIVE_FILE));
}

static void header_columns(const struct screen *sc, const struct area *area, const struct zone_columns *c)
{
	static const struct {
		int offset; /* of the column after the word */
		const char *word;
	} words[NR_COLUMNS] = {
		[COLUMN_PCP] = { 5, "pcp" },        [COLUMN_SCORE] = { 5, "score" },
		[COLUMN_HUGE] = { 5, "huge%" },     [COLUMN_ANON] = { 12, "anon a/i" },
		[COLUMN_FILE] = { 12, "file a/i" },
	};
	int marks = c->at[COLUMN_MARKS], i;
	char buf[16];

	for (i = 0; i < NR_COLUMNS; i++)
		if (c->at[i] && words[i].word)
			draw_right(area, 0, c->at[i] + words[i].offset, STYLE_HEADER_NOTE, words[i].word);
	if (marks) {
		draw_right(area, 0, marks + 6, STYLE_HEADER_NOTE, "min");
		draw_right(area, 0, marks + 13, STYLE_HEADER_NOTE, "low");
		draw_right(area, 0, marks + 20, STYLE_HEADER_NOTE, "high");
	}
	snprintf(buf, sizeof(buf), sc->index_order < 10 ? "frag%u" : "frg%u", sc->index_order);
	if (c->at[COLUMN_FRAG])
		draw_right(area, 0, c->at[COLUMN_FRAG] + 5, STYLE_HEADER_NOTE, buf);
	snprintf(buf, sizeof(buf), sc->index_order < 10 ? "unus%u" : "uns%u", sc->index_order);
	if (c->at[COLUMN_UNUSABLE])
		draw_right(area, 0, c->at[COLUMN_UNUSABLE] + 5, STYLE_HEADER_NOTE, buf);
}

static void zones_header(const struct screen *sc, const struct area *area, const struct zone_columns *c,
			 int rows)
{
	panel_header(sc, area, PANEL_ZONES, "");
	if (populated_zones(sc->mm) > rows)
		draw_textf(area, 0, c->bar, STYLE_HEADER_NOTE, "%d of %d", rows, populated_zones(sc->mm));
	else if (c->bar_width >= MARKED_BAR)
		draw_text(area, 0, c->bar, STYLE_HEADER_NOTE, "free, watermarks");
	draw_text(area, 0, c->count + 4, STYLE_HEADER_NOTE, "free/managed");
	header_columns(sc, area, c);
}

/* The first populated zone to show, so that the selected one is among n rows. */
static int first_row(const struct screen *sc, int n)
{
	int i, row = 0, total = populated_zones(sc->mm);

	for (i = 0; i < sc->zone; i++)
		row += populated_zone(sc->mm->zones[i]);
	if (row < n)
		return 0;
	return row - n + 1 < total - n ? row - n + 1 : total - n;
}

static void zones_draw(struct screen *sc, const struct area *area)
{
	struct zone_columns c = zone_columns(sc, area->w);
	bool detail = has_detail(sc, area->w) && area->h > 2;
	int skip = first_row(sc, area->h - 1 - detail), y = 1;
	unsigned int i;

	zones_header(sc, area, &c, area->h - 1 - detail);
	for (i = 0; i < sc->mm->nr_zones && y < area->h; i++) {
		if (!populated_zone(sc->mm->zones[i]) || skip-- > 0)
			continue;
		draw_zone(sc, area, y++, &c, sc->mm->zones[i]);
		if (detail && (int)i == sc->zone)
			draw_detail(sc, area, y++, sc->mm->zones[i]);
	}
}

/* Up and down choose the zone, left and right the order of the indexes. */
static bool zones_key(struct screen *sc, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		screen_step_zone(sc, action == ACTION_UP ? -1 : 1);
		return true;
	case ACTION_LEFT:
		sc->index_order -= sc->index_order > 0;
		sc->index_chosen = true;
		return true;
	case ACTION_RIGHT:
		sc->index_order += sc->index_order < sc->mm->max_order;
		sc->index_chosen = true;
		return true;
	default:
		return false;
	}
}

static void zones_inspect(const struct screen *sc, char *buf, size_t size)
{
	const struct zone *z = screen_zone(sc);

	const struct {
		const char *name;
		unsigned long pages;
	} rest[] = { { "cma", z->cma_pages },
		     { "boost", z->watermark_boost },
		     { "highatomic", z->nr_reserved_highatomic } };
	size_t i, n;

	n = (size_t)snprintf(buf, size, "0x%lx-0x%lx spanned/present/managed %lu/%lu/%lu", z->zone_start_pfn,
			     zone_end_pfn(z) - 1, z->spanned_pages, z->present_pages, z->managed_pages);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]) && n < size; i++)
		if (rest[i].pages)
			n += (size_t)snprintf(buf + n, size - n, " %s %lu", rest[i].name, rest[i].pages);
}

const struct panel zones_panel = { "ZONES", zones_want, zones_draw, zones_key, zones_inspect };
