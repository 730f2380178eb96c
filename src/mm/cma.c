/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CMA: areas that contiguous memory can be had from; until then movable pages
 * live there. Follows mm/cma.c and init_cma_reserved_pageblock().
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "boot.h"

/*
 * A pageblock of an area goes to the buddy, to the head of the lists. The
 * kernel frees it through a page set, whose limit is then four batches, which
 * is less than a pageblock of any 6.1 kernel with huge pages: it goes on at
 * once. What that leaves behind in the set's free_factor is gone after the
 * next few requests, of which booting has many.
 */
static void init_cma_reserved_pageblock(struct mm *mm, struct zone *zone, unsigned long pfn)
{
	unsigned long pages = pageblock_nr_pages(mm);

	set_pageblock_migratetype(mm, pfn, MIGRATE_CMA);
	zone->managed_pages += pages;
	mm->managed_pages += pages;
	zone->cma_pages += pages;
	count_vm_events(mm, PGFREE, pages);
	free_one_page(mm, zone, pfn, mm->pageblock_order, MIGRATE_CMA, FPI_NONE);
}

/* Whether all of an area is memory of one zone; borders may lie within pageblocks. */
static bool in_one_zone(const struct mm *mm, const struct cma_area *cma, const struct zone *zone)
{
	for (unsigned long pfn = cma->base_pfn; pfn < cma->base_pfn + cma->count;
	     pfn += pageblock_nr_pages(mm))
		if (page_zone(mm, pfn) != zone || page_zone(mm, pfn + pageblock_nr_pages(mm) - 1) != zone)
			return false;
	return true;
}

/*
 * One area goes live, its pageblocks ascending. One that lies across two zones
 * is of no use: its pages become ordinary memory, one by one.
 */
static void cma_activate_area(struct mm *mm, struct cma_area *cma)
{
	struct zone *zone = page_zone(mm, cma->base_pfn);
	unsigned long end = cma->base_pfn + cma->count, pfn;

	cma->zone = zone->id;
	if (!in_one_zone(mm, cma, zone)) {
		for (pfn = cma->base_pfn; pfn < end; pfn++)
			free_reserved_page(mm, page_zone(mm, pfn), pfn);
		cma->count = 0;
	}
	for (pfn = cma->base_pfn; pfn < cma->base_pfn + cma->count; pfn += pageblock_nr_pages(mm))
		init_cma_reserved_pageblock(mm, zone, pfn);
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
		cma->bitmap = calloc(cma->count / BITS_PER_LONG + 1, sizeof(unsigned long));
		if (!cma->bitmap)
			abort();
		cma_activate_area(mm, cma);
	}
}
