/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What compaction remembers from one run to the next: a skip bit for each
 * pageblock that gave nothing, and the positions from which the scanners go
 * on. Follows the functions of these names in mm/compaction.c.
 */
#include "config.h"

#include "compaction.h"

bool isolation_suitable(const struct compact_control *cc, unsigned long pfn)
{
	return cc->ignore_skip_hint || !get_pageblock_skip(cc->mm, pfn);
}

bool test_and_set_skip(struct compact_control *cc, unsigned long pfn)
{
	bool skip;

	if (cc->ignore_skip_hint || !pageblock_aligned(cc->mm, pfn))
		return false;
	skip = get_pageblock_skip(cc->mm, pfn);
	if (!skip && !cc->no_set_skip_hint)
		set_pageblock_skip(cc->mm, pfn);
	return skip;
}

void update_cached_migrate(struct compact_control *cc, unsigned long pfn)
{
	struct zone *zone = cc->zone;

	pfn = pageblock_end_pfn(cc->mm, pfn);
	if (cc->no_set_skip_hint)
		return;
	if (pfn > zone->compact_cached_migrate_pfn[0])
		zone->compact_cached_migrate_pfn[0] = pfn;
	if (cc->mode != MIGRATE_ASYNC && pfn > zone->compact_cached_migrate_pfn[1])
		zone->compact_cached_migrate_pfn[1] = pfn;
}

void update_pageblock_skip(struct compact_control *cc, unsigned long pfn)
{
	if (cc->no_set_skip_hint)
		return;
	set_pageblock_skip(cc->mm, pfn);
	if (pfn < cc->zone->compact_cached_free_pfn)
		cc->zone->compact_cached_free_pfn = pfn;
}

void reset_cached_positions(const struct mm *mm, struct zone *zone)
{
	zone->compact_cached_migrate_pfn[0] = zone->zone_start_pfn;
	zone->compact_cached_migrate_pfn[1] = zone->zone_start_pfn;
	zone->compact_cached_free_pfn = pageblock_start_pfn(mm, zone_end_pfn(zone) - 1);
}

bool pageblock_skip_persistent(const struct mm *mm, unsigned long pfn)
{
	struct page_info info;

	page_lookup(mm, pfn, &info);
	return info.state == PAGE_USED && info.order >= mm->pageblock_order && page_compound(info.page);
}

/* Whether a sample of [pfn, last] has a page for the scanner: an LRU page to migrate, a free one to fill. */
static bool sample_has_candidate(const struct mm *mm, unsigned long pfn, unsigned long last, bool source,
				 bool target)
{
	for (; pfn <= last; pfn += 1UL << PAGE_ALLOC_COSTLY_ORDER)
		if ((source && (pfn_to_page(mm, pfn)->flags & PG_LRU)) ||
		    (target && free_block_order(mm, pfn) >= 0))
			return true;
	return false;
}

/* __reset_isolation_pfn: whether pfn's pageblock is one to start from; its skip bit is cleared then. */
static bool reset_isolation_pfn(struct mm *mm, const struct zone *zone, unsigned long pfn, bool source,
				bool target)
{
	unsigned long start = pageblock_start_pfn(mm, pfn), last;

	if (!pfn_online(mm, pfn) || memmap_zone(mm, pfn) != zone || pageblock_skip_persistent(mm, pfn))
		return false;
	if (source && target && !get_pageblock_skip(mm, pfn))
		return true;
	if (!source && target && get_pageblock_migratetype(mm, pfn) != MIGRATE_MOVABLE)
		return false;
	start = max_ul(start, zone->zone_start_pfn);
	if (pfn_online(mm, start))
		pfn = start;
	last = min_ul(pageblock_end_pfn(mm, pfn) - 1, zone_end_pfn(zone) - 1);
	if (!pfn_online(mm, last) || !sample_has_candidate(mm, pfn, last, source, target))
		return false;
	clear_pageblock_skip(mm, pfn);
	return true;
}

void reset_isolation_suitable_zone(struct mm *mm, struct zone *zone)
{
	unsigned long migrate_pfn = zone->zone_start_pfn, free_pfn = zone_end_pfn(zone) - 1;
	unsigned long reset_migrate = free_pfn, reset_free = migrate_pfn;
	bool source_set = false, free_set = false;

	if (!zone->compact_blockskip_flush)
		return;
	zone->compact_blockskip_flush = false;

	/* the second condition: in a zone at PFN 0 the last step back would wrap, and the loop would never
	 * end */
	for (; migrate_pfn < free_pfn && free_pfn <= zone_end_pfn(zone);
	     migrate_pfn += pageblock_nr_pages(mm), free_pfn -= pageblock_nr_pages(mm)) {
		if (reset_isolation_pfn(mm, zone, migrate_pfn, true, source_set) &&
		    migrate_pfn < reset_migrate) {
			source_set = true;
			reset_migrate = migrate_pfn;
			zone->compact_init_migrate_pfn = reset_migrate;
			zone->compact_cached_migrate_pfn[0] = reset_migrate;
			zone->compact_cached_migrate_pfn[1] = reset_migrate;
		}
		if (reset_isolation_pfn(mm, zone, free_pfn, free_set, true) && free_pfn > reset_free) {
			free_set = true;
			reset_free = free_pfn;
			zone->compact_init_free_pfn = reset_free;
			zone->compact_cached_free_pfn = reset_free;
		}
	}
	/* no suitable block: leave the scanners no distance */
	if (reset_migrate >= reset_free) {
		zone->compact_cached_migrate_pfn[0] = migrate_pfn;
		zone->compact_cached_migrate_pfn[1] = migrate_pfn;
		zone->compact_cached_free_pfn = free_pfn;
	}
}

void reset_isolation_suitable(struct mm *mm, struct pglist_data *node)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (populated_zone(&node->node_zones[i]))
			reset_isolation_suitable_zone(mm, &node->node_zones[i]);
}
