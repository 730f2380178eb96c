/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Emptying a range of memory as if it were to be unplugged. Follows the first
 * half of offline_pages() in mm/memory_hotplug.c.
 */
#include "config.h"

#include "compaction.h"

/* Page sets of a zone keep nothing for a while (zone_pcp_disable), and then as much as before
 * (zone_pcp_enable). */
static void zone_pcp_set(struct mm *mm, struct zone *zone, int high, int batch)
{
	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++) {
		zone->pcp[cpu].high = high;
		zone->pcp[cpu].batch = batch;
	}
}

/*
 * A place on another node, the nearest first, without reclaim if one has room;
 * on this one only if it is the only one.
 */
static unsigned long offline_target(void *arg, unsigned long src)
{
	struct compact_control *cc = arg;
	struct mm *mm = cc->mm;
	const struct zone *zone = cc->zone;
	const int *zonelist = mm->nodes[zone->node].zonelist;
	unsigned long pfn;
	bool alone = true;

	for (int pass = 0; pass < 2; pass++) {
		int last = zone->node;

		for (const int *z = zonelist; *z >= 0; z++) {
			int node = mm->zones[*z]->node;

			if (node == zone->node || node == last)
				continue;
			alone = false;
			last = node;
			pfn = alloc_migration_target(mm, src, node, __GFP_THISNODE, pass ? 0 : __GFP_RECLAIM);
			if (pfn != PFN_NONE)
				return pfn;
		}
	}
	return alone ? alloc_migration_target(mm, src, zone->node, 0, 0) : PFN_NONE;
}

/* Isolate all blocks of [start, end) that can move, the lowest first in the list. */
static void isolate_movable(struct compact_control *cc, unsigned long start, unsigned long end)
{
	struct mm *mm = cc->mm;

	for (unsigned long pfn = start; pfn < end; pfn++) {
		const struct page *page = pfn_to_page(mm, pfn);
		bool lru = page->flags & PG_LRU;

		if (!(page->flags & PG_USED) || (lru ? !(page->flags & PG_MIGRATABLE) : !page_movable(page)))
			continue;
		isolate_used_page(mm, pfn);
		page_list_add_tail(mm->memmap, &cc->migratepages, (uint32_t)pfn);
		pfn += (1UL << page_order(page)) - 1;
	}
}

/* Migrate what can move out of the isolated range (do_migrate_range). Returns why it stopped, NULL: it is
 * empty. */
static const char *empty_range(struct compact_control *cc, unsigned long start, unsigned long end,
			       unsigned long *busy_pfn)
{
	unsigned long moved;
	int ret;

	if (interrupted(cc->mm))
		return "interrupted";
	isolate_movable(cc, start, end);
	ret = migrate_pages(cc->mm, &cc->migratepages, offline_target, cc, &moved);
	if (ret) {
		*busy_pfn = cc->migratepages.head;
		putback_movable_pages(cc->mm, &cc->migratepages);
		return "there is no room elsewhere for what is in it";
	}
	return test_pages_isolated(cc->mm, start, end, busy_pfn) ? "something in it does not move" : NULL;
}

/* Whether [start, end) is online memory of one zone. */
static bool in_one_zone(const struct mm *mm, unsigned long start, unsigned long end)
{
	const struct zone *zone = memmap_zone(mm, start);

	if (!zone)
		return false;
	for (unsigned long pfn = start; pfn < end; pfn += pageblock_nr_pages(mm))
		if (!pageblock_pfn_in_zone(mm, zone, pfn, pfn + pageblock_nr_pages(mm)))
			return false;
	return true;
}

const char *isolate_page_range(struct mm *mm, unsigned long start, unsigned long end, unsigned long *busy_pfn)
{
	struct compact_control cc;
	const char *error;
	unsigned long busy;

	busy_pfn = busy_pfn ? busy_pfn : &busy;
	*busy_pfn = PFN_NONE;
	if (start >= end || !pageblock_aligned(mm, start) || !pageblock_aligned(mm, end))
		return "the range must begin and end with pageblocks";
	if (!in_one_zone(mm, start, end))
		return "the range must be memory of one zone";
	contig_control(mm, start, &cc);
	zone_pcp_set(mm, cc.zone, 0, 1);
	drain_pages(mm, -1, cc.zone);
	if (start_isolate_page_range(mm, start, end, MIGRATE_MOVABLE)) {
		error = "there is an unmovable page in it, or a CMA or isolated pageblock";
	} else {
		error = empty_range(&cc, start, end, busy_pfn);
		if (error)
			undo_isolate_page_range(mm, start, end, MIGRATE_MOVABLE);
	}
	zone_pcp_set(mm, cc.zone, cc.zone->pageset_high, cc.zone->pageset_batch);
	return error;
}

unsigned long unisolate_page_range(struct mm *mm, unsigned long start, unsigned long end)
{
	unsigned long isolated = 0;

	end = min_ul(end, mm->end_pfn);
	for (unsigned long pfn = pageblock_start_pfn(mm, start); pfn < end; pfn += pageblock_nr_pages(mm))
		isolated += get_pageblock_migratetype(mm, pfn) == MIGRATE_ISOLATE;
	undo_isolate_page_range(mm, start, end, MIGRATE_MOVABLE);
	return isolated;
}
