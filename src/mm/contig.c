/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A contiguous range by force: its pageblocks are isolated, what is in the way
 * is migrated, and then it is taken off the free lists. Follows
 * alloc_contig_range() in mm/page_alloc.c.
 */
#include "config.h"

#include "compaction.h"
#include "reclaim.h"

#define MAX_TRIES 5

void contig_control(struct mm *mm, unsigned long start, struct compact_control *cc)
{
	*cc = (struct compact_control){
		.mm = mm,
		.zone = mm->zones[memmap_zone(mm, start)->id],
		.order = -1,
		.mode = MIGRATE_SYNC,
		.ignore_skip_hint = true,
		.no_set_skip_hint = true,
		.gfp = GFP_KERNEL,
		.alloc_contig = true,
	};
	page_list_init(&cc->freepages);
	page_list_init(&cc->migratepages);
}

unsigned long alloc_migration_target(struct mm *mm, unsigned long src, int node, gfp_t add, gfp_t remove)
{
	const struct page *page = pfn_to_page(mm, src);
	const struct zone *zone = mm->zones[page->zone];
	struct alloc_request req = {
		.gfp = GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL,
		.order = page_order(page),
		.node = node,
		.cpu = mm->cpu,
	};
	unsigned long pfn;
	uint32_t zone_bits;

	if (req.order)
		req.gfp = (req.gfp & ~(gfp_t)__GFP_RECLAIM) | GFP_TRANSHUGE;
	if (zone->type == ZONE_MOVABLE || is_highmem(mm, zone))
		req.gfp |= __GFP_HIGHMEM;
	req.gfp = (req.gfp | add) & ~remove;
	pfn = alloc_pages(mm, &req);
	if (pfn == PFN_NONE)
		return PFN_NONE;
	/* nobody's until the block has moved in */
	zone_bits = pfn_to_page(mm, pfn)->identity & ~UINT32_C(0xffff);
	retire_page(mm, pfn);
	pfn_to_page(mm, pfn)->identity = zone_bits | PG_ISOLATED | req.order;
	return pfn;
}

/* Anywhere, but rather on the zone's own node. */
static unsigned long contig_target(void *arg, unsigned long src)
{
	struct compact_control *cc = arg;

	return alloc_migration_target(cc->mm, src, cc->zone->node, 0, 0);
}

int alloc_contig_migrate_range(struct compact_control *cc, unsigned long start, unsigned long end)
{
	unsigned long pfn = start, moved;
	unsigned int tries = 0;
	int ret = 0;

	while (pfn < end || cc->migratepages.nr) {
		if (interrupted(cc->mm)) {
			ret = ERR_INTR;
			break;
		}
		if (!cc->migratepages.nr) {
			cc->nr_migratepages = 0;
			isolate_migratepages_range(cc, pfn, end);
			pfn = cc->migrate_pfn;
			tries = 0;
		} else if (++tries == MAX_TRIES) {
			ret = ERR_BUSY;
			break;
		}
		reclaim_clean_pages_from_list(cc->mm, &cc->migratepages);
		ret = migrate_pages(cc->mm, &cc->migratepages, contig_target, cc, &moved);
		cc->total_migrated += moved;
		if (ret == ERR_NOMEM)
			break;
	}
	putback_movable_pages(cc->mm, &cc->migratepages);
	return ret;
}

/* Free isolated single pages, ascending (free_contig_range). */
static void free_contig_range(struct compact_control *cc, unsigned long start, unsigned long end)
{
	for (unsigned long pfn = start; pfn < end; pfn++)
		free_isolated_page(cc->mm, cc->zone, pfn);
}

/* Isolated single pages become the owner's. */
static void hand_out(struct compact_control *cc, unsigned long start, unsigned long end, uint32_t owner)
{
	struct alloc_request req = { .gfp = GFP_KERNEL, .owner = owner };

	for (unsigned long pfn = start; pfn < end; pfn++)
		prep_new_page(cc->mm, cc->zone, pfn, &req, MIGRATE_UNMOVABLE);
}

/* The first page of the free block that start is in; start itself if it is in none. */
static unsigned long outer_start_pfn(const struct mm *mm, unsigned long start)
{
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long outer = block_start_pfn(start, order);
		int found = free_block_order(mm, outer);

		if (found >= 0)
			return outer + (1UL << found) > start ? outer : start;
	}
	return start;
}

/* Take [start, end), isolated and free, off the lists; what its outer blocks have more is freed again. */
static int grab_range(struct compact_control *cc, unsigned long start, unsigned long end, uint32_t owner,
		      unsigned long *busy_pfn)
{
	unsigned long outer_start = outer_start_pfn(cc->mm, start), outer_end;

	if (test_pages_isolated(cc->mm, outer_start, end, busy_pfn))
		return ERR_BUSY;
	outer_end = isolate_freepages_range(cc, outer_start, end);
	if (!outer_end)
		return ERR_BUSY;
	page_list_init(&cc->freepages);
	hand_out(cc, start, end, owner);
	free_contig_range(cc, outer_start, start);
	free_contig_range(cc, end, outer_end);
	return 0;
}

int alloc_contig_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype, uint32_t owner,
		       unsigned long *busy_pfn)
{
	struct compact_control cc;
	int ret;

	*busy_pfn = PFN_NONE;
	contig_control(mm, start, &cc);
	ret = start_isolate_page_range(mm, start, end, migratetype);
	if (!ret) {
		drain_pages(mm, -1, cc.zone);
		/* what is busy shows when the range is tested */
		ret = alloc_contig_migrate_range(&cc, start, end);
		if (!ret || ret == ERR_BUSY)
			ret = grab_range(&cc, start, end, owner, busy_pfn);
	}
	undo_isolate_page_range(mm, start, end, migratetype);
	return ret;
}
