// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The dashboard: who gets how many rows. Narrow screens stack the panels; with
 * more columns the two maps stand side by side, and on wide ones they stand
 * beside everything else.
 */
#include "config.h"

#include "mapwin.h"
#include "view.h"

#define SIDE_COLUMNS 110 /* from here on the maps share rows */
#define WIDE_COLUMNS 150 /* from here on they have a column of their own */
#define ZONE_ROWS    5   /* zones are shown up to so many before others get more than their least */
#define MAP_CELLS    64  /* of a map that stands beside something */

static const struct panel *const panels[NR_PANELS] = {
	[PANEL_ZONES] = &zones_panel, [PANEL_LISTS] = &lists_panel, [PANEL_BLOCKS] = &blocks_panel,
	[PANEL_PFN] = &pfn_panel,     [PANEL_LOG] = &log_panel,
};

/* A column of panels, top to bottom, with the rows each gets. */
struct stack {
	int nr;
	enum panel_id panel[NR_PANELS];
	int min[NR_PANELS], max[NR_PANELS], rows[NR_PANELS];
};

/* Who gets its least rows first where there are too few, and who rows to spare first. */
static const enum panel_id by_need[NR_PANELS] = {
	PANEL_LOG, PANEL_LISTS, PANEL_ZONES, PANEL_PFN, PANEL_BLOCKS,
};

static void stack_add(struct stack *s, const struct screen *sc, enum panel_id id, int width)
{
	int i = s->nr++;

	s->panel[i] = id;
	panels[id]->want(sc, width, &s->min[i], &s->max[i]);
	if (s->max[i] < s->min[i])
		s->max[i] = s->min[i];
	s->rows[i] = 0;
}

static int stack_find(const struct stack *s, enum panel_id id)
{
	int i;

	for (i = 0; i < s->nr; i++)
		if (s->panel[i] == id)
			return i;
	return -1;
}

/* Least rows in order of need; a panel that cannot have two rows is left out. */
static int give_least(struct stack *s, int rows)
{
	int n, i, give;

	for (n = 0; n < NR_PANELS; n++) {
		i = stack_find(s, by_need[n]);
		if (i < 0)
			continue;
		give = s->min[i] < rows ? s->min[i] : rows;
		if (by_need[n] == PANEL_LOG && give > 3 && rows < 18)
			give = rows < 12 ? 3 : 4;
		if (give < 2)
			continue;
		s->rows[i] = give;
		rows -= give;
	}
	return rows;
}

/* Zones come first, up to ZONE_ROWS, once the others have their least. */
static int give_zones(struct stack *s, int rows)
{
	int i = stack_find(s, PANEL_ZONES), most, give;

	if (i < 0 || !s->rows[i])
		return rows;
	most = s->max[i] < 1 + ZONE_ROWS ? s->max[i] : 1 + ZONE_ROWS;
	give = most - s->rows[i] < rows ? most - s->rows[i] : rows;
	if (give <= 0)
		return rows;
	s->rows[i] += give;
	return rows - give;
}

/* What is left goes round by shares until nobody has use for more. */
static void give_rest(struct stack *s, int rows)
{
	static const int share[NR_PANELS] = {
		[PANEL_ZONES] = 1, [PANEL_LISTS] = 1, [PANEL_BLOCKS] = 1, [PANEL_PFN] = 2, [PANEL_LOG] = 2
	};
	bool given = true;
	int n, i, give;

	while (rows > 0 && given) {
		given = false;
		for (n = 0; n < NR_PANELS && rows > 0; n++) {
			i = stack_find(s, by_need[n]);
			if (i < 0 || !s->rows[i] || s->rows[i] >= s->max[i])
				continue;
			give = share[by_need[n]] < rows ? share[by_need[n]] : rows;
			if (give > s->max[i] - s->rows[i])
				give = s->max[i] - s->rows[i];
			s->rows[i] += give;
			rows -= give;
			given = true;
		}
	}
}

static void stack_draw(struct stack *s, struct screen *sc, const struct area *area)
{
	int i, y = 0;

	give_rest(s, give_zones(s, give_least(s, area->h)));
	for (i = 0; i < s->nr; i++) {
		struct area part = area_part(area, y, 0, s->rows[i], area->w);

		if (s->rows[i])
			panels[s->panel[i]]->draw(sc, &part);
		y += s->rows[i];
	}
}

static void draw_wide(struct screen *sc, const struct area *area)
{
	int cells = area->w >= 3 * WIDE_COLUMNS / 2 + MAP_CELLS ? 2 * MAP_CELLS : MAP_CELLS;
	int maps = map_gutter(sc->mm) + cells + 2;
	struct area left = area_part(area, 0, 0, area->h, area->w - maps - 1);
	struct area right = area_part(area, 0, area->w - maps, area->h, maps);
	struct stack l = { 0 }, r = { 0 };

	stack_add(&l, sc, PANEL_ZONES, left.w);
	stack_add(&l, sc, PANEL_LISTS, left.w);
	stack_add(&l, sc, PANEL_LOG, left.w);
	stack_draw(&l, sc, &left);
	stack_add(&r, sc, PANEL_BLOCKS, right.w);
	stack_add(&r, sc, PANEL_PFN, right.w);
	r.max[r.nr - 1] = right.h; /* nobody else has use for the rows below it */
	stack_draw(&r, sc, &right);
}

/* Rows that panels together have use for, as far as they are not too many. */
static int rows_of(const struct stack *s, int limit)
{
	int i, rows = 0;

	for (i = 0; i < s->nr; i++)
		rows += s->max[i];
	return rows < limit ? rows : limit;
}

/* The two maps beside each other in at most so many rows. Returns how many they took. */
static int draw_maps(struct screen *sc, const struct area *area, int y, int most)
{
	int gutter = map_gutter(sc->mm), left = area->w - gutter - MAP_CELLS - 2, least, blocks, pfns;
	struct area part;

	if (left < gutter + MAP_CELLS / 2)
		left = area->w / 2;
	blocks_panel.want(sc, left, &least, &blocks);
	pfn_panel.want(sc, area->w - left - 1, &least, &pfns);
	if (blocks < pfns)
		blocks = pfns;
	if (blocks < most)
		most = blocks;
	part = area_part(area, y, 0, most, left);
	blocks_panel.draw(sc, &part);
	part = area_part(area, y, left + 1, most, area->w - left - 1);
	pfn_panel.draw(sc, &part);
	return most;
}

/* Zones and lists above, then the two maps in rows of their own, then the log. */
static void draw_side(struct screen *sc, const struct area *area)
{
	struct stack top = { 0 };
	struct area part;
	int y;

	stack_add(&top, sc, PANEL_ZONES, area->w);
	stack_add(&top, sc, PANEL_LISTS, area->w);
	y = rows_of(&top, area->h / 2);
	part = area_part(area, 0, 0, y, area->w);
	stack_draw(&top, sc, &part);
	y += draw_maps(sc, area, y, (area->h - y) * 3 / 7);
	part = area_part(area, y, 0, area->h - y, area->w);
	log_panel.draw(sc, &part);
}

static void draw_stacked(struct screen *sc, const struct area *area)
{
	struct stack s = { 0 };
	int id;

	for (id = 0; id < NR_PANELS; id++)
		stack_add(&s, sc, (enum panel_id)id, area->w);
	stack_draw(&s, sc, area);
}

static void dashboard_draw(struct screen *sc, const struct area *area)
{
	if (area->w >= WIDE_COLUMNS && area->h >= 20)
		draw_wide(sc, area);
	else if (area->w >= SIDE_COLUMNS - 4 && area->h >= 26)
		draw_side(sc, area);
	else
		draw_stacked(sc, area);
}

static bool dashboard_key(struct screen *sc, enum action action)
{
	if (action == ACTION_NEXT_PANEL) {
		sc->focus = (sc->focus + 1) % NR_PANELS;
		return true;
	}
	if (panels[sc->focus]->key(sc, action))
		return true;
	if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN)
		return log_panel.key(sc, action);
	if (action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT)
		return pfn_panel.key(sc, action);
	return false;
}

static void dashboard_inspect(const struct screen *sc, char *buf, size_t size)
{
	if (panels[sc->focus]->inspect)
		panels[sc->focus]->inspect(sc, buf, size);
	else
		pfn_panel.inspect(sc, buf, size);
}

int panel_header(const struct screen *sc, const struct area *area, enum panel_id id, const char *note)
{
	bool focus = sc->focus == id;
	int x;

	draw_blank(area, 0, STYLE_HEADER_NOTE);
	x = draw_textf(area, 0, 0, focus ? STYLE_FOCUS : STYLE_HEADER, focus ? "[%s]" : " %s ",
		       panels[id]->name);
	return draw_text(area, 0, x + 1, STYLE_HEADER_NOTE, note);
}

const struct view dashboard_view = { "dashboard",    false,         NULL,
				     dashboard_draw, dashboard_key, dashboard_inspect };
