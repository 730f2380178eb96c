/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CMA: areas that contiguous memory can be had from; until then movable pages
 * live there. Follows mm/cma.c and init_cma_reserved_pageblock().
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "boot.h"

static size_t bitmap_longs(unsigned long bits)
{
	size_t per_long = sizeof(unsigned long) * CHAR_BIT;

	return (bits + per_long - 1) / per_long;
}

/*
 * A pageblock of an area goes to the buddy, to the head of the lists. The
 * kernel frees it through a page set that is too small to keep it at that
 * time, which comes to the same.
 */
static void init_cma_reserved_pageblock(struct mm *mm, struct zone *zone, unsigned long pfn)
{
	unsigned long pages = 1UL << mm->pageblock_order;

	set_pageblock_migratetype(mm, pfn, MIGRATE_CMA);
	free_one_page(mm, zone, pfn, mm->pageblock_order, MIGRATE_CMA, FPI_NONE);
	zone->managed_pages += pages;
	mm->managed_pages += pages;
	zone->cma_pages += pages;
}

/* One area goes live, its pageblocks ascending. */
static void cma_activate_area(struct mm *mm, struct cma_area *cma)
{
	struct zone *zone = page_zone(mm, cma->base_pfn);

	cma->zone = zone->id;
	for (unsigned long done = 0; done < cma->count; done += 1UL << mm->pageblock_order)
		init_cma_reserved_pageblock(mm, zone, cma->base_pfn + done);
	trace(mm, CMA_INIT, .zone = zone, .pfn = cma->base_pfn, .a = (long)cma->count, .text = cma->name);
}

void cma_init_reserved_areas(struct mm *mm)
{
	const struct layout *layout = mm->layout;

	if (!layout->nr_cma)
		return;
	mm->cma = calloc(layout->nr_cma, sizeof(*mm->cma));
	if (!mm->cma)
		abort();
	for (unsigned int i = 0; i < layout->nr_cma; i++) {
		struct cma_area *cma = &mm->cma[mm->nr_cma++];

		cma->name = layout->cma[i].name;
		cma->base_pfn = pfn_down(mm, layout->cma[i].range.start);
		cma->count = pfn_down(mm, layout->cma[i].range.end) - cma->base_pfn;
		cma->bitmap = calloc(bitmap_longs(cma->count), sizeof(unsigned long));
		if (!cma->bitmap)
			abort();
		cma_activate_area(mm, cma);
	}
}
