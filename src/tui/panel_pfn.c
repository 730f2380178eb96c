// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The pfn map: free blocks as boxes that name their order, allocated blocks
 * as the letter of the mobility asked for and a body, and what else a frame
 * can be. A cell that holds several small blocks says what there is of them.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "mapwin.h"
#include "view.h"

#define MAX_SPREAD  2       /* four columns a page, at most */
#define MAX_LOOKUPS 65536UL /* frames looked up for one frame of the screen, at most */

/* What is found in a cell that no block fills. */
struct pfn_cell {
	unsigned int seen[NR_PAGE_STATES];   /* pages by state */
	unsigned int used[MIGRATE_PCPTYPES]; /* allocated pages by mobility */
	int free_type;                       /* of the last free block */
	int free_order;                      /* largest free block, -1 none */
};

/* A row being drawn. */
struct pfn_row {
	const struct screen *sc;
	const struct area *area;
	int y, x; /* of its first cell */
	int columns;
	unsigned int shift;  /* a column is 1 << shift pages, */
	unsigned int spread; /* or a page 1 << spread columns */
	unsigned long pfn;   /* of its first cell */
};

/* The columns of a map in h rows. */
static unsigned long map_area(const struct screen *sc, int width, int h)
{
	return (unsigned long)map_columns(sc->mm, width) * (unsigned long)(h > 0 ? h : 1);
}

/* Columns for a page, as a power of two: more than one where the whole zone has room for it. */
static int widest(const struct screen *sc, unsigned long columns)
{
	const struct zone *zone = screen_zone(sc);
	int spread = 0;

	while (spread < MAX_SPREAD && zone->spanned_pages << (spread + 1) <= columns)
		spread++;
	return spread;
}

/*
 * The scale: log2 of the pages of a column, negative for several columns a
 * page. Unless the user zoomed, a block of the highest order fills the map.
 */
static int fitting_scale(const struct screen *sc, unsigned long columns)
{
	int scale = 0;

	while (columns << scale < 1UL << sc->mm->max_order)
		scale++;
	return scale ? scale : -widest(sc, columns);
}

/* The scale with the user's zoom, which is kept to what makes a difference. */
static int zoomed_scale(struct screen *sc, int width, int h)
{
	unsigned long columns = map_area(sc, width, h);
	int fitting = fitting_scale(sc, columns), scale = fitting + sc->pfns.zoom, most = 0;

	while ((columns << (most + 1)) <= MAX_LOOKUPS && most < (int)sc->mm->max_order)
		most++;
	if (scale > most)
		scale = most;
	if (scale < -MAX_SPREAD)
		scale = -MAX_SPREAD;
	sc->pfns.zoom = scale - fitting;
	return scale;
}

static void pfn_want(const struct screen *sc, int width, int *min, int *max)
{
	unsigned long columns = (unsigned long)map_columns(sc->mm, width);
	unsigned long pages = screen_zone(sc)->spanned_pages, rows;
	bool small = pages <= columns;

	/* the whole zone as wide as can be, or a few blocks of the highest order */
	if (pages <= 2UL << sc->mm->max_order)
		pages <<= MAX_SPREAD;
	else
		pages = 2UL << sc->mm->max_order;
	rows = (pages + columns - 1) / columns;
	*max = 1 + (int)rows;
	*min = small && rows <= 4 ? *max : 3;
}

/* The frame that a column of the row stands for, or the first of them. */
static unsigned long column_pfn(const struct pfn_row *r, int column)
{
	return r->pfn + (((unsigned long)column << r->shift) >> r->spread);
}

static enum overlay overlay_at(const struct pfn_row *r, unsigned long pfn, bool any_memory)
{
	unsigned long pages = 1UL << r->shift;

	if (r->sc->cursor >= pfn && r->sc->cursor - pfn < pages)
		return OVERLAY_CURSOR;
	return any_memory && watch_lit(&r->sc->watch, pfn, pages) ? OVERLAY_LIT : OVERLAY_NONE;
}

static void put_cell(const struct pfn_row *r, int cell, enum style style, bool memory, const char *text)
{
	enum overlay over = overlay_at(r, column_pfn(r, cell), memory);

	draw_over(r->area, r->y, r->x + cell, style, over, text);
}

/* What the box of a free block shows in its cell i of n in this row. */
static const char *box_glyph(const struct pfn_row *r, bool head, bool tail, int i, int n)
{
	if (i == 0 && head)
		return "[";
	if (i == n - 1 && tail)
		return "]";
	if ((i == 0 && !head) || (i == n - 1 && !tail))
		return theme_glyph(&r->sc->theme, GLYPH_SIDE);
	return " ";
}

/*
 * A free block over cells first..last of this row: "[   9M   ]". One that goes
 * on over several rows has sides and is named in the first of them in sight.
 */
static void draw_free(const struct pfn_row *r, const struct page_info *info, int first, int last)
{
	int n = last - first + 1, i, len = 0, at;
	bool head = column_pfn(r, first) == info->head;
	bool tail = column_pfn(r, last + 1) == info->head + (1UL << info->order);
	char label[16], digit[2] = "";

	if (head || r->y == 1)
		len = snprintf(label, sizeof(label), n >= 6 ? "%u%c" : "%u", info->order,
			       migratetype_letter(info->migratetype));
	at = n > len + 1 ? (n - len) / 2 : 0;
	for (i = 0; i < n; i++) {
		bool named = i >= at && i < at + len;

		if (named)
			digit[0] = label[i - at];
		put_cell(r, first + i, theme_migratetype(info->migratetype), true,
			 named ? digit : box_glyph(r, head, tail, i, n));
	}
}

static void draw_used(const struct pfn_row *r, const struct page_info *info, int first, int last)
{
	enum style style = theme_migratetype(info->migratetype);
	char letter[2] = "";
	bool head = column_pfn(r, first) == info->head;
	int i;

	letter[0] = migratetype_letter(info->migratetype);
	for (i = first; i <= last; i++)
		put_cell(r, i, style, true,
			 head && i == first ? letter : theme_glyph(&r->sc->theme, GLYPH_USED));
}

static void draw_pcp(const struct pfn_row *r, int first, int last)
{
	for (; first <= last; first++)
		put_cell(r, first, STYLE_PCP, true, theme_glyph(&r->sc->theme, GLYPH_PCP));
}

/* Small allocated blocks: their mobility's letter, small if there is anything else in the cell. */
static void draw_small_used(const struct pfn_row *r, int cell, const struct pfn_cell *c)
{
	int mt, best = 0, kinds = 0;
	char letter[2] = "";

	for (mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
		kinds += c->used[mt] != 0;
		if (c->used[mt] > c->used[best])
			best = mt;
	}
	letter[0] = kinds > 1 ? '*' : migratetype_letter(best);
	if (c->seen[PAGE_USED] < 1U << r->shift)
		letter[0] = (char)tolower((unsigned char)letter[0]);
	put_cell(r, cell, theme_migratetype(best), true, letter);
}

static void draw_mixed(const struct pfn_row *r, int cell, const struct pfn_cell *c)
{
	static const struct {
		enum page_state state;
		enum glyph glyph;
		enum style style;
	} rest[] = {
		{ PAGE_PCP, GLYPH_PCP, STYLE_PCP },
		{ PAGE_BOOT, GLYPH_BOOT, STYLE_RESERVED },
		{ PAGE_RESERVED, GLYPH_RESERVED, STYLE_RESERVED },
		{ PAGE_NOMAP, GLYPH_NOMAP, STYLE_RESERVED },
	};
	size_t i;

	if (c->seen[PAGE_USED]) {
		draw_small_used(r, cell, c);
		return;
	}
	if (c->seen[PAGE_FREE] && !c->seen[PAGE_PCP]) {
		put_cell(r, cell, theme_migratetype(c->free_type), true,
			 theme_glyph(&r->sc->theme, GLYPH_FREE_SMALL));
		return;
	}
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		if (!c->seen[rest[i].state])
			continue;
		put_cell(r, cell, rest[i].style, true, theme_glyph(&r->sc->theme, rest[i].glyph));
		return;
	}
	put_cell(r, cell, STYLE_DIM, false, theme_glyph(&r->sc->theme, GLYPH_HOLE));
}

/* The frames after pfn that are no memory either, as far as whole pageblocks tell. */
static unsigned long hole_end(const struct mm *mm, unsigned long pfn)
{
	unsigned long block = 1UL << mm->pageblock_order;

	if (pfn < mm->end_pfn && pfn_to_pageblock(mm, pfn)->nr_present)
		return pfn + 1;
	return (pfn / block + 1) * block;
}

static unsigned long frame_end(const struct mm *mm, unsigned long pfn, const struct page_info *info)
{
	if (info->state == PAGE_FREE || info->state == PAGE_PCP || info->state == PAGE_USED)
		return info->head + (1UL << info->order);
	if (info->state == PAGE_HOLE)
		return hole_end(mm, pfn);
	return pfn + 1;
}

/* Look into one cell, frame by frame and block by block. */
static void draw_cell(const struct pfn_row *r, int cell)
{
	unsigned long pfn = column_pfn(r, cell), end = pfn + (1UL << r->shift), next;
	struct pfn_cell c = { .free_order = -1 };
	struct page_info info;

	for (; pfn < end; pfn = next) {
		page_lookup(r->sc->mm, pfn, &info);
		next = frame_end(r->sc->mm, pfn, &info);
		if (next > end)
			next = end;
		c.seen[info.state] += (unsigned int)(next - pfn);
		if (info.state == PAGE_USED && info.migratetype < MIGRATE_PCPTYPES)
			c.used[info.migratetype] += (unsigned int)(next - pfn);
		if (info.state == PAGE_FREE && (int)info.order > c.free_order) {
			c.free_order = (int)info.order;
			c.free_type = info.migratetype;
		}
	}
	draw_mixed(r, cell, &c);
}

/* The last cell of this row that the block of info fills. */
static int last_cell(const struct pfn_row *r, const struct page_info *info)
{
	unsigned long end = ((info->head + (1UL << info->order) - r->pfn) << r->spread) >> r->shift;

	return end > (unsigned long)r->columns ? r->columns - 1 : (int)end - 1;
}

static void draw_row(const struct pfn_row *r)
{
	struct page_info info;
	int cell = 0, last;

	while (cell < r->columns) {
		page_lookup(r->sc->mm, column_pfn(r, cell), &info);
		if (info.order < r->shift ||
		    (info.state != PAGE_FREE && info.state != PAGE_USED && info.state != PAGE_PCP)) {
			draw_cell(r, cell++);
			continue;
		}
		last = last_cell(r, &info);
		if (info.state == PAGE_FREE)
			draw_free(r, &info, cell, last);
		else if (info.state == PAGE_USED)
			draw_used(r, &info, cell, last);
		else
			draw_pcp(r, cell, last);
		cell = last + 1;
	}
}

static void pfn_header(const struct screen *sc, const struct area *area, int scale)
{
	const char *legend = sc->theme.ascii ? "[3] free  U= M= E= used  p pcp  x reserved"
					     : "[3] free  U▒ M▒ E▒ used  ○ pcp  ╱ reserved";
	char note[64];
	int x;

	if (scale < 0)
		snprintf(note, sizeof(note), "1 page = %d cells", 1 << -scale);
	else
		snprintf(note, sizeof(note), "1 cell = %lu page%s", 1UL << scale, scale ? "s" : "");
	x = panel_header(sc, area, PANEL_PFN, note);
	if (area->w - x > text_columns(legend) + 2)
		draw_right(area, 0, area->w - 1, STYLE_HEADER_NOTE, legend);
}

static void pfn_draw(struct screen *sc, const struct area *area)
{
	struct pfn_row r = { .sc = sc, .area = area, .x = map_gutter(sc->mm) };
	int scale = zoomed_scale(sc, area->w, area->h - 1);
	struct map_rows rows;

	r.columns = map_columns(sc->mm, area->w);
	r.shift = scale > 0 ? (unsigned int)scale : 0;
	r.spread = scale < 0 ? (unsigned int)-scale : 0;
	while (r.columns >> r.spread == 0)
		r.spread--;
	map_rows_init(&rows, sc->mm, screen_zone(sc), ((unsigned long)r.columns << r.shift) >> r.spread);
	mapwin_place(&sc->pfns, &rows, sc, area->h - 1, 1UL << sc->mm->max_order);
	sc->pfns.cell_pages = 1UL << r.shift;
	pfn_header(sc, area, r.spread ? -(int)r.spread : scale);
	for (r.y = 1; r.y < area->h; r.y++) {
		unsigned long n = sc->pfns.top + (unsigned long)r.y - 1;

		if (n >= rows.total)
			break;
		r.pfn = map_row_pfn(&rows, n);
		map_address(sc, area, r.y, &rows, n);
		draw_row(&r);
	}
}

static bool pfn_key(struct screen *sc, enum action action)
{
	unsigned long row = sc->pfns.row_pages ? sc->pfns.row_pages : 1;

	if (action == ACTION_ZOOM_OUT || action == ACTION_ZOOM_IN) {
		sc->pfns.zoom += action == ACTION_ZOOM_OUT ? 1 : -1;
		return true;
	}
	return map_move(sc, action, sc->pfns.cell_pages ? sc->pfns.cell_pages : 1, row);
}

static void pfn_inspect(const struct screen *sc, char *buf, size_t size)
{
	inspect_pfn(sc, sc->cursor, buf, size);
}

const struct panel pfn_panel = { "PFN MAP", pfn_want, pfn_draw, pfn_key, pfn_inspect };
