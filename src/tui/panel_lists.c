// SPDX-License-Identifier: GPL-3.0-or-later
/* The free lists of a zone: blocks by order and migratetype; what just changed is lit and signed. */
#include "config.h"

#include <stdio.h>

#include "buddyviz/plural.h"
#include "view.h"

#define LABEL_COLUMNS 12 /* " Reclaimable" */
#define PAGES_COLUMNS 9
#define SIGNED_CELL   5 /* from here on a sign and a blank fit beside a count */
#define EVEN_CELL     6 /* wider cells are all alike */
#define MOST_CELL     9
#define TALL_LINES    34 /* from here on there is room for the types that do not matter just now */

struct list_columns {
	int label, cell, pages; /* widths; pages 0: left out */
	int spare;              /* columns left over: some orders are given one more */
	int top;                /* the highest order */
};

static struct list_columns list_columns(const struct mm *mm, int width)
{
	struct list_columns c = { .label = LABEL_COLUMNS, .top = (int)mm->max_order };
	int n = c.top + 1;

	if (width - c.label < n * 4)
		c.label = 2;
	c.cell = (width - c.label - PAGES_COLUMNS) / n;
	c.pages = PAGES_COLUMNS;
	if (c.cell < 5) {
		c.pages = 0;
		c.cell = (width - c.label - 1) / n;
	}
	c.spare = width - c.label - (c.pages ? c.pages : 1) - c.cell * n;
	if (c.cell > MOST_CELL)
		c.cell = MOST_CELL;
	if (c.cell > EVEN_CELL)
		c.spare = 0;
	return c;
}

/* Long lists are those of the highest order in an empty machine, of order 0 in a shredded one. */
static bool wider(const struct list_columns *c, int order)
{
	return order ? c->top - order + (order < c->top) < c->spare : c->spare > 1;
}

static int cell_width(const struct list_columns *c, int order)
{
	return c->cell + wider(c, order);
}

/* Where an order's cell begins, after those of the orders below. */
static int cell_x(const struct list_columns *c, int order)
{
	int x = c->label + order * c->cell, o;

	for (o = 0; o < order; o++)
		x += wider(c, o);
	return x;
}

static unsigned int zone_slot(const struct screen *sc)
{
	return (unsigned int)sc->zone % sizeof(sc->types_shown);
}

/* HighAtomic, CMA and Isolate take a row once they mattered; the others always do. */
static bool type_matters(const struct screen *sc, const struct zone *zone, int mt)
{
	unsigned int order;
	bool touched;

	if (mt < MIGRATE_PCPTYPES || (sc->types_shown[zone_slot(sc)] >> mt & 1) ||
	    (mt == MIGRATE_CMA && zone->cma_pages) ||
	    (mt == MIGRATE_HIGHATOMIC && zone->nr_reserved_highatomic))
		return true;
	for (order = 0; order <= sc->mm->max_order; order++) {
		watch_list(&sc->watch, zone, order, mt, &touched);
		if (touched || zone->free_area[order].free_list[mt].nr)
			return true;
	}
	return false;
}

/* What had a row keeps it: panels below must not jump up and down. */
static bool remember_type(struct screen *sc, int mt)
{
	bool matters = type_matters(sc, screen_zone(sc), mt);

	if (matters)
		sc->types_shown[zone_slot(sc)] |= (unsigned char)(1 << mt);
	return matters;
}

static int nr_types(const struct screen *sc)
{
	int mt, n = 0;

	for (mt = 0; mt < MIGRATE_TYPES; mt++)
		n += type_matters(sc, screen_zone(sc), mt);
	return n;
}

static void lists_want(const struct screen *sc, int width, int *min, int *max)
{
	(void)width;
	*min = 1 + nr_types(sc);
	*max = LINES >= TALL_LINES ? 1 + MIGRATE_TYPES : *min;
}

/* Digits of a list's length. */
static int digits(const struct screen *sc, int order, int mt)
{
	return snprintf(NULL, 0, "%u", (unsigned int)screen_zone(sc)->free_area[order].free_list[mt].nr);
}

/* A sign closes a cell, up to the next one. Narrow cells leave it out where the next needs the room. */
static bool has_sign(const struct screen *sc, const struct list_columns *c, int order, int mt)
{
	bool touched;

	watch_list(&sc->watch, screen_zone(sc), (unsigned int)order, mt, &touched);
	if (!touched || c->cell >= SIGNED_CELL || order == c->top)
		return touched;
	return digits(sc, order + 1, mt) <= cell_width(c, order + 1) - 2;
}

static void draw_cell(const struct screen *sc, const struct area *area, int y, const struct list_columns *c,
		      unsigned int order, int mt)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long nr = zone->free_area[order].free_list[mt].nr;
	bool touched, here = sc->focus == PANEL_LISTS && order == sc->list_order && mt == sc->list_type;
	bool sign = has_sign(sc, c, (int)order, mt), close = !order || has_sign(sc, c, (int)order - 1, mt);
	int x = cell_x(c, (int)order), width = cell_width(c, (int)order);
	long delta = watch_list(&sc->watch, zone, order, mt, &touched);
	enum overlay over = here ? OVERLAY_CURSOR : touched ? OVERLAY_LIT : OVERLAY_NONE;
	enum glyph glyph = delta > 0 ? GLYPH_UP : delta < 0 ? GLYPH_DOWN : GLYPH_TOUCHED;
	char count[24], text[48];

	if (!nr && over == OVERLAY_NONE) {
		draw_glyph(area, y, x + width - 2, STYLE_DIM, over, GLYPH_DOT);
		return;
	}
	text_count(nr, width - 1 - close, count, sizeof(count));
	snprintf(text, sizeof(text), "%s%s", count, sign ? theme_glyph(&sc->theme, glyph) : "");
	draw_over(area, y, x + width - 1 - text_columns(count), theme_migratetype(mt), over, text);
}

static void draw_type(const struct screen *sc, const struct area *area, int y, const struct list_columns *c,
		      int mt)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long pages = 0;
	unsigned int order;
	char buf[32];

	if (c->label > 2)
		draw_text(area, y, 1, theme_migratetype(mt), migratetype_name(mt));
	else
		draw_textf(area, y, 1, theme_migratetype(mt), "%c", migratetype_letter(mt));
	for (order = 0; order <= sc->mm->max_order; order++) {
		draw_cell(sc, area, y, c, order, mt);
		pages += (unsigned long)zone->free_area[order].free_list[mt].nr << order;
	}
	if (c->pages)
		draw_right(area, y, cell_x(c, c->top + 1) + c->pages - 1, pages ? STYLE_TEXT : STYLE_DIM,
			   text_count(pages, 8, buf, sizeof(buf)));
}

static void lists_draw(struct screen *sc, const struct area *area)
{
	struct list_columns c = list_columns(sc->mm, area->w);
	bool all = area->h > MIGRATE_TYPES;
	unsigned int order;
	char buf[16];
	int mt, y = 1;

	panel_header(sc, area, PANEL_LISTS, "");
	if (c.label < LABEL_COLUMNS)
		draw_blank(area, 0, sc->focus == PANEL_LISTS ? STYLE_FOCUS : STYLE_HEADER_NOTE);
	for (order = 0; order <= sc->mm->max_order; order++) {
		snprintf(buf, sizeof(buf), "%u", order);
		draw_right(area, 0, cell_x(&c, (int)order + 1) - 1, STYLE_HEADER_NOTE, buf);
	}
	if (c.pages)
		draw_right(area, 0, cell_x(&c, c.top + 1) + c.pages - 1, STYLE_HEADER_NOTE, "pages");
	for (mt = 0; mt < MIGRATE_TYPES && y < area->h; mt++)
		if (remember_type(sc, mt) || all)
			draw_type(sc, area, y++, &c, mt);
}

static bool lists_key(struct screen *sc, enum action action)
{
	int step = action == ACTION_UP ? -1 : 1, mt = sc->list_type;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		do
			mt += step;
		while (mt >= 0 && mt < MIGRATE_TYPES && !type_matters(sc, screen_zone(sc), mt));
		if (mt >= 0 && mt < MIGRATE_TYPES)
			sc->list_type = mt;
		return true;
	case ACTION_LEFT:
		sc->list_order -= sc->list_order > 0;
		return true;
	case ACTION_RIGHT:
		sc->list_order += sc->list_order < sc->mm->max_order;
		return true;
	case ACTION_FIRST:
		sc->list_order = 0;
		return true;
	case ACTION_LAST:
		sc->list_order = sc->mm->max_order;
		return true;
	default:
		return false;
	}
}

/* The head of the list, and what follows it. */
static void lists_inspect(const struct screen *sc, char *buf, size_t size)
{
	const struct zone *zone = screen_zone(sc);
	const struct page *list = &zone->free_area[sc->list_order].free_list[sc->list_type];
	uint32_t n = list->head;
	int len, i;

	len = snprintf(buf, size, "free_area[%u].free_list[%s]: %u block%s", sc->list_order,
		       migratetype_name(sc->list_type), list->nr, plural(list->nr));
	for (i = 0; i < 16 && n != free_list_end(sc->mm, list) && (size_t)len + 32 < size; i++) {
		len += snprintf(buf + len, size - (size_t)len, "%s0x%lx", i ? " " : ": ",
				entry_pfn(sc->mm, sc->list_order, n));
		n = entry_page(sc->mm, n)->next;
	}
	if (n != free_list_end(sc->mm, list) && i)
		snprintf(buf + len, size - (size_t)len, " …");
}

const struct panel lists_panel = { "FREE LISTS", lists_want, lists_draw, lists_key, lists_inspect };
