// SPDX-License-Identifier: GPL-3.0-or-later
/* The zones: how full each is, and how near its watermarks. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/page_alloc.h"
#include "view.h"

#define NAME_COLUMNS   11	/* "▶0 Movable " */
#define COUNT_COLUMNS  17	/* "  287494/287941  " */
#define MARKS_COLUMNS  22	/* "  8391  10488  12585" */
#define INDEX_COLUMNS  7
#define PCP_COLUMNS    7
#define STATE_COLUMNS  7
#define LEAST_BAR      6
#define MOST_BAR       64

/* Where the columns begin in so many; 0: left out. */
struct zone_columns {
	int bar, bar_width, count, marks, index, pcp, state;
};

/* width columns of what is to spare, or none. */
static int take(int *spare, int width)
{
	if (*spare < width)
		return 0;
	*spare -= width;
	return width;
}

/* Where something of that width begins, after what was placed before; 0 if it was not taken. */
static int place(int *x, int width)
{
	*x += width;
	return width ? *x - width : 0;
}

static struct zone_columns zone_columns(int width)
{
	struct zone_columns c = { .bar = NAME_COLUMNS };
	int spare = width - NAME_COLUMNS - COUNT_COLUMNS - LEAST_BAR, x;
	int marks = take(&spare, MARKS_COLUMNS), index = take(&spare, INDEX_COLUMNS);
	int pcp = take(&spare, PCP_COLUMNS), state = take(&spare, STATE_COLUMNS);

	c.bar_width = spare + LEAST_BAR;
	if (c.bar_width < 0)
		c.bar_width = 0;
	if (c.bar_width > MOST_BAR)
		c.bar_width = MOST_BAR;
	c.count = c.bar + c.bar_width;
	x = c.count + COUNT_COLUMNS;
	c.marks = place(&x, marks);
	c.index = place(&x, index);
	c.pcp = place(&x, pcp);
	c.state = place(&x, state);
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

static void zones_want(const struct screen *sc, int width, int *min, int *max)
{
	int n = populated_zones(sc->mm);

	(void)width;
	*min = 1 + (n < 2 ? n : 2);
	*max = 1 + n;
}

static long pcp_pages(const struct mm *mm, const struct zone *zone)
{
	unsigned int cpu;
	long n = 0;

	for (cpu = 0; zone->pcp && cpu < mm->nr_cpus; cpu++)
		n += zone->pcp[cpu].count;
	return n;
}

/* How far down a zone has come, in a word and a colour. */
static const char *zone_state(const struct zone *zone, long nr_free, enum style *style)
{
	static const char *const words[] = { "<min", "<low", "<high" };
	int mark;

	for (mark = WMARK_MIN; mark <= WMARK_HIGH; mark++) {
		if (nr_free >= (long)(zone->watermark[mark] + zone->watermark_boost))
			continue;
		*style = mark == WMARK_MIN ? STYLE_ERROR : STYLE_WARN;
		return words[mark];
	}
	*style = STYLE_OK;
	return "ok";
}

static void draw_bar(const struct area *area, int y, const struct zone_columns *c, const struct zone *zone,
		     long nr_free, enum style style)
{
	unsigned long all = zone->managed_pages ? zone->managed_pages : 1;
	unsigned long mark_pages;
	int full, mark, width = c->bar_width - 1;

	if (width < 4)
		return;
	full = nr_free <= 0 ? 0 : (int)(((unsigned long)nr_free * (unsigned long)width + all - 1) / all);
	full = full > width ? width : full;
	draw_run(area, y, c->bar, style, GLYPH_BAR, full);
	draw_run(area, y, c->bar + full, STYLE_DIM, GLYPH_TRACK, width - full);
	for (mark = WMARK_MIN; mark <= WMARK_HIGH; mark++) {
		mark_pages = zone->watermark[mark] + zone->watermark_boost;
		if (mark_pages && mark_pages < all)
			draw_glyph(area, y, c->bar + (int)(mark_pages * (unsigned long)width / all),
				   STYLE_WARN, OVERLAY_NONE, GLYPH_MARK);
	}
}

/* The index says which kind of failure the pageblock order would meet: 0 lack of memory, 1 fragmentation. */
static void draw_index(const struct screen *sc, const struct area *area, int y, int right,
		       const struct zone *zone)
{
	int index = fragmentation_index(sc->mm, zone, sc->mm->pageblock_order);
	char buf[16];

	if (index < 0) {
		draw_right(area, y, right, STYLE_DIM, "-");
		return;
	}
	snprintf(buf, sizeof(buf), "%d.%02d", index / 1000, index % 1000 / 10);
	draw_right(area, y, right, STYLE_TEXT, buf);
}

static void draw_zone(const struct screen *sc, const struct area *area, int y, const struct zone_columns *c,
		      const struct zone *zone)
{
	long nr_free = zone_page_state_snapshot(zone, sc->mm, NR_FREE_PAGES);
	bool here = zone->id == sc->zone;
	enum style style;
	const char *state = zone_state(zone, nr_free, &style);
	char buf[64];
	int i, x;

	if (here)
		draw_glyph(area, y, 0, STYLE_KEY, OVERLAY_NONE, GLYPH_POINTER);
	draw_textf(area, y, 1, here ? STYLE_KEY : STYLE_TEXT, "%d %s", sc->mm->nodes[zone->node].node_id,
		   zone->name);
	draw_bar(area, y, c, zone, nr_free, style);
	text_count(nr_free < 0 ? 0 : (unsigned long)nr_free, 7, buf, sizeof(buf));
	draw_right(area, y, c->count + 8, style, buf);
	draw_textf(area, y, c->count + 8, STYLE_DIM, "/%s",
		   text_count(zone->managed_pages, 7, buf, sizeof(buf)));
	for (i = WMARK_MIN; c->marks && i <= WMARK_HIGH; i++) {
		x = c->marks + 6 + i * 7;
		draw_right(area, y, x, STYLE_TEXT,
			   text_count(zone->watermark[i] + zone->watermark_boost, 6, buf, sizeof(buf)));
	}
	if (c->index)
		draw_index(sc, area, y, c->index + 4, zone);
	snprintf(buf, sizeof(buf), "%ld", pcp_pages(sc->mm, zone));
	if (c->pcp)
		draw_right(area, y, c->pcp + 5, STYLE_TEXT, buf);
	if (c->state)
		draw_text(area, y, c->state, style, state);
}

static void zones_header(const struct screen *sc, const struct area *area, const struct zone_columns *c)
{
	char buf[16];

	panel_header(sc, area, PANEL_ZONES, "");
	if (populated_zones(sc->mm) > area->h - 1)
		draw_textf(area, 0, c->bar, STYLE_HEADER_NOTE, "%d of %d", area->h - 1,
			   populated_zones(sc->mm));
	else if (c->bar_width >= 20)
		draw_text(area, 0, c->bar, STYLE_HEADER_NOTE, "free, watermarks");
	draw_text(area, 0, c->count + 4, STYLE_HEADER_NOTE, "free/managed");
	if (c->marks) {
		draw_right(area, 0, c->marks + 6, STYLE_HEADER_NOTE, "min");
		draw_right(area, 0, c->marks + 13, STYLE_HEADER_NOTE, "low");
		draw_right(area, 0, c->marks + 20, STYLE_HEADER_NOTE, "high");
	}
	snprintf(buf, sizeof(buf), "frag%u", sc->mm->pageblock_order);
	if (c->index)
		draw_right(area, 0, c->index + 4, STYLE_HEADER_NOTE, buf);
	if (c->pcp)
		draw_right(area, 0, c->pcp + 5, STYLE_HEADER_NOTE, "pcp");
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
	struct zone_columns c = zone_columns(area->w);
	int skip = first_row(sc, area->h - 1), y = 1;
	unsigned int i;

	zones_header(sc, area, &c);
	for (i = 0; i < sc->mm->nr_zones && y < area->h; i++) {
		if (!populated_zone(sc->mm->zones[i]) || skip-- > 0)
			continue;
		draw_zone(sc, area, y++, &c, sc->mm->zones[i]);
	}
}

static bool zones_key(struct screen *sc, enum action action)
{
	if (action != ACTION_UP && action != ACTION_DOWN)
		return false;
	screen_step_zone(sc, action == ACTION_UP ? -1 : 1);
	return true;
}

static void zones_inspect(const struct screen *sc, char *buf, size_t size)
{
	const struct zone *z = screen_zone(sc);

	snprintf(buf, size, "0x%lx-0x%lx spanned %lu present %lu managed %lu cma %lu boost %lu",
		 z->zone_start_pfn, zone_end_pfn(z) - 1, z->spanned_pages,
		 z->present_pages, z->managed_pages, z->cma_pages, z->watermark_boost);
}

const struct panel zones_panel = { "ZONES", zones_want, zones_draw, zones_key, zones_inspect };
