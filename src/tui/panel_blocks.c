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
	unsigned long present, free, of_type[MIGRATE_TYPES];
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

static void sum_blocks(const struct mm *mm, unsigned long pfn, unsigned long nr, struct block_cell *cell)
{
	unsigned long i, n = pfn >> mm->pageblock_order;
	unsigned long end = (mm->end_pfn + (1UL << mm->pageblock_order) - 1) >> mm->pageblock_order;

	*cell = (struct block_cell){ 0 };
	for (i = n; i < n + nr && i < end; i++) {
		const struct pageblock *pb = &mm->pageblocks[i];

		if (!pb->nr_present)
			continue;
		cell->present += pb->nr_present;
		cell->free += (unsigned long)pb->nr_free + pb->nr_pcp;
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
		return GLYPH_SHADE0;
	if (!cell->free)
		return GLYPH_SHADE4;
	return (enum glyph)(GLYPH_SHADE1 + used * SHADE_LEVELS / cell->present);
}

/*
 * Where the scanners of compaction are: of the last command's run, else where
 * the zone's next one would go on, if there was any that left a mark.
 */
static bool scanners(const struct screen *sc, struct watch_scan *scan)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long last = (zone_end_pfn(zone) - 1) >> sc->mm->pageblock_order << sc->mm->pageblock_order;

	*scan = sc->watch.scan;
	if (scan->zone == zone->id)
		return true;
	*scan = (struct watch_scan){ .zone = zone->id,
				     .migrate_pfn = zone->compact_cached_migrate_pfn[0],
				     .free_pfn = zone->compact_cached_free_pfn };
	if (scan->free_pfn < zone->zone_start_pfn || !scan->free_pfn)
		return false; /* nothing was compacted yet */
	return scan->migrate_pfn > zone->zone_start_pfn || scan->free_pfn < last;
}

static bool within(unsigned long pfn, unsigned long nr, unsigned long at)
{
	return at >= pfn && at - pfn < nr;
}

/* A scanner's arrow: beside the letter of its pageblock, or in its place. */
static void draw_scanner(const struct screen *sc, const struct area *area, int y, int x,
			 const struct block_scale *s, unsigned long pfn)
{
	unsigned long pages = s->nr << sc->mm->pageblock_order;
	bool migrate, free;
	struct watch_scan scan;

	if (!scanners(sc, &scan))
		return;
	migrate = within(pfn, pages, scan.migrate_pfn);
	free = within(pfn, pages, scan.free_pfn);
	if (migrate || free)
		draw_glyph(area, y, x + s->width - 1, scan.running ? STYLE_WARN : STYLE_KEY,
			   scan.running ? OVERLAY_LIT : OVERLAY_NONE,
			   migrate && free ? GLYPH_SCAN_BOTH
			   : migrate       ? GLYPH_SCAN_UP
					   : GLYPH_SCAN_DOWN);
}

static void draw_block(const struct screen *sc, const struct area *area, int y, int x,
		       const struct block_scale *s, unsigned long pfn)
{
	unsigned long pages = s->nr << sc->mm->pageblock_order;
	enum overlay over = OVERLAY_NONE;
	struct block_cell cell;
	char letter[2] = "";
	int mt;

	if (pfn >= sc->mm->end_pfn)
		return;
	sum_blocks(sc->mm, pfn, s->nr, &cell);
	if (sc->cursor >= pfn && sc->cursor - pfn < pages)
		over = OVERLAY_CURSOR;
	else if (cell.present && watch_lit(&sc->watch, pfn, pages))
		over = OVERLAY_LIT;
	if (!cell.present) {
		draw_glyph(area, y, x, STYLE_DIM, over, over == OVERLAY_CURSOR ? GLYPH_HOLE : GLYPH_DOT);
		return;
	}
	mt = main_type(&cell);
	letter[0] = migratetype_letter(mt);
	if (cell.mixed)
		letter[0] = (char)tolower((unsigned char)letter[0]);
	draw_over(area, y, x, theme_migratetype(mt), over, letter);
	if (s->width > 1)
		draw_glyph(area, y, x + 1, theme_migratetype(mt), OVERLAY_NONE, shade(&cell));
	draw_scanner(sc, area, y, x, s, pfn);
}

static void blocks_header(const struct screen *sc, const struct area *area, const struct block_scale *s)
{
	const struct zone *zone = screen_zone(sc);
	unsigned long total =
		(zone->present_pages + (1UL << sc->mm->pageblock_order) - 1) >> sc->mm->pageblock_order;
	const char *legend = sc->theme.ascii ? "use . : % #  u m e mixed" : "use ░ ▒ ▓ █  u m e mixed";
	struct watch_scan scan;
	char note[96];
	int x;

	if (scanners(sc, &scan))
		legend = sc->theme.ascii ? "> migrate  < free scanner" : "► migrate  ◄ free scanner";
	snprintf(note, sizeof(note), "%lu of %lu pages, 1 cell = %lu", total, 1UL << sc->mm->pageblock_order,
		 s->nr);
	if (s->nr == 1)
		snprintf(note, sizeof(note), "%lu, %lu pages each", total, 1UL << sc->mm->pageblock_order);
	x = panel_header(sc, area, PANEL_BLOCKS, note);
	if (area->w - x >= 34)
		draw_right(area, 0, area->w - 1, STYLE_HEADER_NOTE, legend);
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

	if (pfn >= sc->mm->end_pfn || !pb->nr_present) {
		snprintf(buf, size, "pageblock 0x%lx: no memory", pfn);
		return;
	}
	snprintf(buf, size,
		 "pageblock 0x%lx %s%s%s: %u of %u pages free, %u pcp; used %u unmovable %u movable %u "
		 "reclaimable",
		 pfn, migratetype_name(pb->migratetype), is_mixed(pb) ? " (mixed)" : "",
		 pb->flags & PB_SKIP ? " (skip bit)" : "", pb->nr_free, pb->nr_present, pb->nr_pcp,
		 pb->nr_used[MIGRATE_UNMOVABLE], pb->nr_used[MIGRATE_MOVABLE],
		 pb->nr_used[MIGRATE_RECLAIMABLE]);
}

const struct panel blocks_panel = { "PAGEBLOCKS", blocks_want, blocks_draw, blocks_key, blocks_inspect };
