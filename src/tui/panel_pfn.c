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

#define MAX_LOOKUPS 65536UL	/* frames looked up for one frame of the screen, at most */

/* What is found in a cell that no block fills. */
struct pfn_cell {
	unsigned int seen[NR_PAGE_STATES];	/* pages by state */
	unsigned int used[MIGRATE_PCPTYPES];	/* allocated pages by mobility */
	int free_type;		/* of the last free block */
	int free_order;		/* largest free block, -1 none */
};

/* A row being drawn. */
struct pfn_row {
	const struct screen *sc;
	const struct area *area;
	int y, x;		/* of its first cell */
	int columns;
	unsigned int shift;	/* a cell is 1 << shift pages */
	unsigned long pfn;	/* of its first cell */
};

/* log2 of the pages of a cell: a block of the highest order fills the map, and the user's zoom on top. */
static unsigned int pfn_shift(const struct screen *sc, int width, int h)
{
	unsigned long cells = (unsigned long)map_columns(sc->mm, width) * (h > 0 ? (unsigned long)h : 1);
	int shift = 0, most = 0;

	while (cells << shift < 1UL << sc->mm->max_order)
		shift++;
	while ((cells << (most + 1)) <= MAX_LOOKUPS && most < (int)sc->mm->max_order)
		most++;
	if (shift + sc->pfns.zoom < 0)
		return 0;
	return (unsigned int)(shift + sc->pfns.zoom > most ? most : shift + sc->pfns.zoom);
}

static void pfn_want(const struct screen *sc, int width, int *min, int *max)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long columns = (unsigned long)map_columns(sc->mm, width), pages = zone->spanned_pages;
	unsigned long rows;

	/* at one page a cell: a few blocks of the highest order, or the zone */
	if (pages > 2UL << sc->mm->max_order)
		pages = 2UL << sc->mm->max_order;
	rows = (pages + columns - 1) / columns;
	*min = rows < 2 ? 2 : 3;
	*max = rows < 2 ? 2 : (int)rows + 1;
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
	enum overlay over = overlay_at(r, r->pfn + ((unsigned long)cell << r->shift), memory);

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
	bool head = r->pfn + ((unsigned long)first << r->shift) == info->head;
	bool tail = r->pfn + ((unsigned long)(last + 1) << r->shift) == info->head + (1UL << info->order);
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
	int i;

	letter[0] = migratetype_letter(info->migratetype);
	for (i = first; i <= last; i++) {
		bool head = r->pfn + ((unsigned long)i << r->shift) == info->head;

		put_cell(r, i, style, true, head ? letter : theme_glyph(&r->sc->theme, GLYPH_USED));
	}
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
	unsigned long pfn = r->pfn + ((unsigned long)cell << r->shift), end = pfn + (1UL << r->shift), next;
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
	unsigned long end = (info->head + (1UL << info->order) - r->pfn) >> r->shift;

	return end > (unsigned long)r->columns ? r->columns - 1 : (int)end - 1;
}

static void draw_row(const struct pfn_row *r)
{
	struct page_info info;
	int cell = 0, last;

	while (cell < r->columns) {
		page_lookup(r->sc->mm, r->pfn + ((unsigned long)cell << r->shift), &info);
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

static void pfn_header(const struct screen *sc, const struct area *area, unsigned int shift)
{
	const char *legend = sc->theme.ascii ? "[3] free  U= M= E= used  p pcp  x reserved" :
					       "[3] free  U▒ M▒ E▒ used  ○ pcp  ░ reserved";
	char note[64];
	int x;

	snprintf(note, sizeof(note), "1 cell = %lu page%s", 1UL << shift, shift ? "s" : "");
	x = panel_header(sc, area, PANEL_PFN, note);
	if (area->w - x > text_columns(legend) + 2)
		draw_right(area, 0, area->w - 1, STYLE_HEADER_NOTE, legend);
}

static void pfn_draw(struct screen *sc, const struct area *area)
{
	struct pfn_row r = { .sc = sc, .area = area, .x = map_gutter(sc->mm) };
	struct map_rows rows;

	r.columns = map_columns(sc->mm, area->w);
	r.shift = pfn_shift(sc, area->w, area->h - 1);
	map_rows_init(&rows, sc->mm, screen_zone(sc), (unsigned long)r.columns << r.shift);
	mapwin_place(&sc->pfns, &rows, sc, area->h - 1, 1UL << sc->mm->max_order);
	sc->pfns.cell_pages = 1UL << r.shift;
	pfn_header(sc, area, r.shift);
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

	if (action == ACTION_ZOOM_OUT)
		sc->pfns.zoom += sc->pfns.zoom < (int)sc->mm->max_order;
	if (action == ACTION_ZOOM_IN)
		sc->pfns.zoom -= sc->pfns.cell_pages > 1;
	if (action == ACTION_ZOOM_OUT || action == ACTION_ZOOM_IN)
		return true;
	return map_move(sc, action, sc->pfns.cell_pages ? sc->pfns.cell_pages : 1, row);
}

static void pfn_inspect(const struct screen *sc, char *buf, size_t size)
{
	inspect_pfn(sc, sc->cursor, buf, size);
}

const struct panel pfn_panel = { "PFN MAP", pfn_want, pfn_draw, pfn_key, pfn_inspect };
