// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The pageblocks of a zone. Close up each takes two columns, its type's letter
 * and a shade for how much of it is in use; further out a column stands for
 * one, two, four … of them. A small letter marks a block in which another
 * mobility than its own has pages.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "mapwin.h"
#include "view.h"

#define SHADE_LEVELS 3       /* between all free and all in use */
#define MAX_BLOCKS   65536UL /* pageblocks read for one frame */

/* What a cell of the map stands for, summed up. */
struct block_cell {
	unsigned long present, free, pcp, of_type[MIGRATE_TYPES]; /* free: in page sets, too */
	bool mixed;
};

struct block_scale {
	int columns;      /* cells of a row */
	int width;        /* columns a cell takes */
	unsigned long nr; /* pageblocks a cell stands for */
	unsigned long row_pages;
};

/* zoom 0: two columns a block; n: a column for 1 << (n - 1) of them. */
static struct block_scale block_scale(const struct screen *sc, int width)
{
	struct block_scale s;
	int columns = map_columns(sc->mm, width), zoom = sc->blocks.zoom;

	s.width = zoom > 0 || columns < 2 ? 1 : 2;
	s.columns = columns / s.width;
	s.nr = zoom > 1 ? 1UL << (zoom - 1) : 1;
	s.row_pages = ((unsigned long)s.columns * s.nr) << sc->mm->pageblock_order;
	return s;
}

static void blocks_want(const struct screen *sc, int width, int *min, int *max)
{
	struct block_scale s = block_scale(sc, width);
	struct map_rows rows;

	map_rows_init(&rows, sc->mm, screen_zone(sc), s.row_pages);
	*min = rows.total < 2 ? 2 : 3;
	*max = rows.total < 512 ? (int)rows.total + 1 : 513;
}

/* Pages in use by a mobility that the block is not meant for. */
static bool is_mixed(const struct pageblock *pb)
{
	int mt, own = pb->migratetype == MIGRATE_CMA ? MIGRATE_MOVABLE : pb->migratetype;

	if (own >= MIGRATE_PCPTYPES)
		return false;
	for (mt = 0; mt < MIGRATE_PCPTYPES; mt++)
		if (pb->nr_used[mt] && mt != own)
			return true;
	return false;
}

/* Has a pageblock pages of the zone? Rows are aligned, so a zone shares its first and last with others. */
static bool in_zone(const struct mm *mm, const struct zone *zone, unsigned long block)
{
	const struct pageblock *pb = &mm->pageblocks[block];
	unsigned long first = block << mm->pageblock_order, end = (block + 1) << mm->pageblock_order;

	if (pb->flags & PB_TWO_ZONES)
		return first < zone_end_pfn(zone) && end > zone->zone_start_pfn;
	return pb->zone == zone->id;
}

static void sum_blocks(const struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned long nr,
		       struct block_cell *cell)
{
	unsigned long i, n = pfn >> mm->pageblock_order;
	unsigned long end = nr_pageblocks(mm);

	*cell = (struct block_cell){ 0 };
	for (i = n; i < n + nr && i < end; i++) {
		const struct pageblock *pb = &mm->pageblocks[i];

		if (!pb->nr_present || !in_zone(mm, zone, i))
			continue;
		cell->present += pb->nr_present;
		cell->free += (unsigned long)pb->nr_free + pb->nr_pcp;
		cell->pcp += pb->nr_pcp;
		cell->of_type[pb->migratetype] += pb->nr_present;
		cell->mixed |= is_mixed(pb);
	}
}

static int main_type(const struct block_cell *cell)
{
	int mt, best = 0;

	for (mt = 1; mt < MIGRATE_TYPES; mt++)
		if (cell->of_type[mt] > cell->of_type[best])
			best = mt;
	return best;
}

static enum glyph shade(const struct block_cell *cell)
{
	unsigned long used = cell->present - cell->free;

	if (cell->free >= cell->present)
		return cell->pcp ? GLYPH_PCP : GLYPH_SHADE0;
	if (!cell->free)
		return GLYPH_SHADE4;
	return (enum glyph)(GLYPH_SHADE1 + used * SHADE_LEVELS / cell->present);
}

static bool within(unsigned long pfn, unsigned long nr, unsigned long at)
{
	return at >= pfn && at - pfn < nr;
}

/* The scanner that stands in a cell: its arrow takes the letter's place. NR_GLYPHS: none does. */
static enum glyph scanner(const struct screen *sc, const struct block_scale *s, unsigned long pfn)
{
	const struct watch_scan *scan = watch_scan(&sc->watch, screen_zone(sc));
	unsigned long pages = s->nr << sc->mm->pageblock_order;
	bool migrate, free;

	if (!scan)
		return NR_GLYPHS;
	migrate = within(pfn, pages, scan->migrate_pfn);
	free = within(pfn, pages, scan->free_pfn);
	if (migrate && free)
		return GLYPH_SCAN_BOTH;
	return migrate ? GLYPH_SCAN_UP : free ? GLYPH_SCAN_DOWN : NR_GLYPHS;
}

/* The letter of a cell: its type's, small if mobilities are mixed; or the scanner that stands there. */
static void draw_letter(const struct screen *sc, const struct area *area, int y, int x,
			const struct block_cell *cell, enum overlay over, enum glyph scanner)
{
	int mt = main_type(cell);
	char letter[2] = "";
	bool running;

	letter[0] = migratetype_letter(mt);
	if (cell->mixed)
		letter[0] = (char)tolower((unsigned char)letter[0]);
	if (scanner == NR_GLYPHS) {
		draw_over(area, y, x, theme_migratetype(mt), over, letter);
		return;
	}
	running = watch_scan(&sc->watch, screen_zone(sc))->running;
	draw_glyph(area, y, x, running ? STYLE_WARN : STYLE_KEY, running ? OVERLAY_LIT : over, scanner);
}

static void draw_block(const struct screen *sc, const struct area *area, int y, int x,
		       const struct block_scale *s, unsigned long pfn)
{
	unsigned long pages = s->nr << sc->mm->pageblock_order;
	enum overlay over = OVERLAY_NONE;
	struct block_cell cell;

	if (pfn >= sc->mm->end_pfn)
		return;
	sum_blocks(sc->mm, screen_zone(sc), pfn, s->nr, &cell);
	if (sc->cursor >= pfn && sc->cursor - pfn < pages)
		over = OVERLAY_CURSOR;
	else if (cell.present && watch_lit(&sc->watch, pfn, pages))
		over = OVERLAY_LIT;
	if (!cell.present) {
		draw_glyph(area, y, x, STYLE_DIM, over, over == OVERLAY_CURSOR ? GLYPH_HOLE : GLYPH_DOT);
		return;
	}
	draw_letter(sc, area, y, x, &cell, over, scanner(sc, s, pfn));
	if (s->width > 1)
		draw_glyph(area, y, x + 1, theme_migratetype(main_type(&cell)), OVERLAY_NONE, shade(&cell));
}

/* What the signs mean, in as many words as there is room for. */
static void draw_legend(const struct screen *sc, const struct area *area, int x)
{
	static const char *const legends[][2] = {
		{ "► ◄ scanners  use ░ ▒ ▓ █  u m e mixed", "> < scanners  use . : % #  u m e mixed" },
		{ "► ◄ scanners  use ░▒▓█ u m e mixed", "> < scanners  use .:%# u m e mixed" },
		{ "► ◄  use ░▒▓█", "> <  use .:%#" },
		{ "use ░ ▒ ▓ █  u m e mixed", "use . : % #  u m e mixed" },
		{ "use ░▒▓█ u m e mixed", "use .:%# u m e mixed" },
		{ "use ░▒▓█ u mix", "use .:%# u mix" },
		{ "use ░▒▓█", "use .:%#" },
	};
	size_t i = watch_scan(&sc->watch, screen_zone(sc)) ? 0 : 3;

	for (; i < sizeof(legends) / sizeof(legends[0]); i++) {
		const char *legend = legends[i][sc->theme.ascii];
		int spare = area->w - x - 1 - text_columns(legend);

		if (spare < 0)
			continue;
		draw_right(area, 0, area->w - (spare > 0), STYLE_HEADER_NOTE, legend);
		return;
	}
}

static void blocks_header(const struct screen *sc, const struct area *area, const struct block_scale *s)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long block = 1UL << sc->mm->pageblock_order;
	char note[96];
	int n;

	n = snprintf(note, sizeof(note), "%lu × %lu pages", (zone->present_pages + block - 1) / block, block);
	if (s->nr > 1)
		snprintf(note + n, sizeof(note) - (size_t)n, ", 1 cell = %lu", s->nr);
	draw_legend(sc, area, panel_header(sc, area, PANEL_BLOCKS, note));
}

static void blocks_draw(struct screen *sc, const struct area *area)
{
	struct block_scale s = block_scale(sc, area->w);
	struct map_rows rows;
	int y, x;

	map_rows_init(&rows, sc->mm, screen_zone(sc), s.row_pages);
	mapwin_place(&sc->blocks, &rows, sc, area->h - 1, 1UL << sc->mm->pageblock_order);
	blocks_header(sc, area, &s);
	for (y = 1; y < area->h && sc->blocks.top + (unsigned long)y - 1 < rows.total; y++) {
		unsigned long row = sc->blocks.top + (unsigned long)y - 1, pfn = map_row_pfn(&rows, row);

		map_address(sc, area, y, &rows, row);
		for (x = 0; x < s.columns; x++)
			draw_block(sc, area, y, map_gutter(sc->mm) + x * s.width, &s,
				   pfn + (((unsigned long)x * s.nr) << sc->mm->pageblock_order));
	}
}

/* Further out only as long as a frame of the widest rows stays cheap to sum up. */
static void zoom_out(struct screen *sc)
{
	if ((2048UL << sc->blocks.zoom) < MAX_BLOCKS &&
	    (1UL << sc->blocks.zoom << sc->mm->pageblock_order) < screen_zone(sc)->spanned_pages)
		sc->blocks.zoom++;
}

static bool blocks_key(struct screen *sc, enum action action)
{
	unsigned long cell = 1UL << sc->mm->pageblock_order;

	switch (action) {
	case ACTION_ZOOM_OUT:
		zoom_out(sc);
		return true;
	case ACTION_ZOOM_IN:
		sc->blocks.zoom -= sc->blocks.zoom > 0;
		return true;
	default:
		if (sc->blocks.zoom > 1)
			cell <<= sc->blocks.zoom - 1;
		return map_move(sc, action, cell, sc->blocks.row_pages ? sc->blocks.row_pages : cell);
	}
}

static void blocks_inspect(const struct screen *sc, char *buf, size_t size)
{
	unsigned long pfn = sc->cursor >> sc->mm->pageblock_order << sc->mm->pageblock_order;
	const struct pageblock *pb = pfn_to_pageblock(sc->mm, pfn);
	bool any = false;
	size_t n;
	int mt;

	if (pfn >= sc->mm->end_pfn || !pb->nr_present) {
		snprintf(buf, size, "pageblock 0x%lx: no memory", pfn);
		return;
	}
	n = (size_t)snprintf(buf, size, "pageblock 0x%lx %s%s%s: %u of %u pages free", pfn,
			     migratetype_name(pb->migratetype), is_mixed(pb) ? " (mixed)" : "",
			     pb->flags & PB_SKIP ? " (skip bit)" : "", pb->nr_free, pb->nr_present);
	if (pb->nr_pcp && n < size)
		n += (size_t)snprintf(buf + n, size - n, ", %u pcp", pb->nr_pcp);
	for (mt = 0; mt < MIGRATE_PCPTYPES && n < size; mt++) {
		if (!pb->nr_used[mt])
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s %u %c", any ? "" : ", used", pb->nr_used[mt],
				      migratetype_letter(mt));
		any = true;
	}
}

const struct panel blocks_panel = { "PAGEBLOCKS", blocks_want, blocks_draw, blocks_key, blocks_inspect };
