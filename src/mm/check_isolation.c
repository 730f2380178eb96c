/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invariants of what moves pages: nothing half done, isolated pageblocks counted, CMA bitmaps true. */
#include "config.h"

#include <limits.h>

#include "check.h"
#include "compaction.h"

static void check_isolated_blocks(struct checker *c, const struct zone *zone)
{
	const struct mm *mm = c->mm;
	unsigned long isolated = 0, pfn = pageblock_start_pfn(mm, zone->zone_start_pfn);

	for (; pfn < zone_end_pfn(zone); pfn += pageblock_nr_pages(mm))
		if (get_pageblock_migratetype(mm, pfn) == MIGRATE_ISOLATE && memmap_zone(mm, pfn) == zone)
			isolated++;
	if (isolated != zone->nr_isolate_pageblock)
		violation(c, "zone %s: nr_isolate_pageblock counts %lu, there are %lu", zone->name,
			  zone->nr_isolate_pageblock, isolated);
}

/* A page that the bitmap says was handed out: allocated, on its own. */
static void check_handed_out(struct checker *c, const struct cma_area *cma, unsigned long pfn)
{
	const struct page *page = pfn_to_page(c->mm, pfn);

	if ((page->flags & (PG_USED | PG_ORDER_MASK)) != PG_USED)
		violation(c, "CMA area %s: 0x%lx was handed out and is marked 0x%x", cma->name, pfn,
			  page->flags);
}

static void check_cma(struct checker *c, const struct cma_area *cma)
{
	unsigned long used = 0;

	for (unsigned long i = 0; i < cma->count; i++) {
		unsigned long bit = i >> cma->order_per_bit;

		if (!cma_bit_set(cma, bit))
			continue;
		used++;
		if (!cma->order_per_bit)
			check_handed_out(c, cma, cma->base_pfn + i);
	}
	if (!cma->order_per_bit && used != cma->nr_used)
		violation(c, "CMA area %s: nr_used is %lu, the bitmap has %lu", cma->name, cma->nr_used,
			  used);
}

void check_isolation(struct checker *c)
{
	for (unsigned int i = 0; i < c->mm->nr_zones; i++)
		if (populated_zone(c->mm->zones[i]))
			check_isolated_blocks(c, c->mm->zones[i]);
	for (unsigned int i = 0; i < c->mm->nr_cma; i++)
		check_cma(c, &c->mm->cma[i]);
	if (c->mm->capture)
		violation(c, "a direct compaction is still under way");
}
