/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The migrate scanner: walks up from the zone's start and isolates pages that
 * can be migrated. Follows mm/compaction.c.
 */
#include "config.h"

#include "compaction.h"

#include <limits.h>

/* One pageblock being scanned. */
struct block_scan {
	unsigned long pfn, end;
	unsigned long scanned, isolated;
	bool checked;                /* the skip bit was looked at, at the block's first page */
	unsigned long first_pfn;     /* where it was */
	bool skip_updated;           /* the skip bit was set at the first LRU page */
	bool skip_on_failure;        /* a page that cannot move spoils the rest of its order-aligned block */
	unsigned long next_skip_pfn; /* end of that block */
	bool aborted;
};

/* Whether more than half of the node's LRU pages are isolated (too_many_isolated). */
static bool too_many_isolated(const struct compact_control *cc)
{
	const long *stat = cc->mm->nodes[cc->zone->node].vm_stat;
	long active = stat[NR_ACTIVE_FILE] + stat[NR_ACTIVE_ANON];
	long inactive = stat[NR_INACTIVE_FILE] + stat[NR_INACTIVE_ANON];

	return stat[NR_ISOLATED_FILE] + stat[NR_ISOLATED_ANON] > (inactive + active) / 2;
}

/* A page that stays where it is; in front of a request, what else its block gave goes back, too. */
static void isolate_fail(struct compact_control *cc, struct block_scan *s)
{
	if (!s->skip_on_failure)
		return;
	if (s->isolated) {
		putback_movable_pages(cc->mm, &cc->migratepages);
		cc->nr_migratepages = 0;
		s->isolated = 0;
	}
	if (s->pfn < s->next_skip_pfn) {
		s->pfn = s->next_skip_pfn - 1;
		s->next_skip_pfn += 1UL << cc->order;
	}
}

/* Take the block of order at s->pfn; true: that makes a cluster. */
static bool isolate_success(struct compact_control *cc, struct block_scan *s, unsigned int order)
{
	unsigned long pages = 1UL << order;

	isolate_used_page(cc->mm, s->pfn);
	page_list_add(cc->mm->memmap, &cc->migratepages, (uint32_t)s->pfn);
	cc->nr_migratepages += pages;
	s->isolated += pages;
	s->scanned += pages - 1;
	s->pfn += pages - 1;
	if (cc->nr_migratepages < COMPACT_CLUSTER_MAX || cc->rescan || cc->contended)
		return false;
	s->pfn++;
	return true;
}

/*
 * Whether an LRU page may be isolated: it is not pinned, and for a request
 * that must not enter file systems it is an anonymous one.
 */
static bool lru_page_suitable(const struct compact_control *cc, const struct page *page)
{
	return (page->flags & PG_MIGRATABLE) && ((cc->gfp & __GFP_FS) || (page->flags & PG_ANON));
}

/* Only blocks of owners: what else was scanned in vain is the kernel's, or the inside of a large free block.
 */
static void count_unmovable(struct compact_control *cc, const struct page *page)
{
	if (page->flags & PG_USED)
		cc->total_unmovable += 1UL << page_order(page);
}

/* Look at the page at s->pfn, which is not free. true: the scan of this block ends here. */
static bool scan_page(struct compact_control *cc, struct block_scan *s)
{
	const struct page *page = pfn_to_page(cc->mm, s->pfn);
	bool compound = page_compound(page);

	if (compound && !cc->alloc_contig) {
		s->pfn += (1UL << page_order(page)) - 1;
		count_unmovable(cc, page);
		isolate_fail(cc, s);
		return false;
	}
	if (page_movable(page))
		return isolate_success(cc, s, page_order(page));
	if ((page->flags & (PG_USED | PG_LRU)) != (PG_USED | PG_LRU) || !lru_page_suitable(cc, page)) {
		count_unmovable(cc, page);
		isolate_fail(cc, s);
		return false;
	}
	if (!s->skip_updated) {
		s->skip_updated = true;
		s->aborted = test_and_set_skip(cc, s->pfn);
		if (s->aborted)
			return true;
	}
	return isolate_success(cc, s, page_order(page));
}

/* A new order-aligned part of the block begins; true: the last one gave pages, which should be migrated now.
 */
static bool next_part(const struct compact_control *cc, struct block_scan *s)
{
	if (!s->skip_on_failure || s->pfn < s->next_skip_pfn)
		return false;
	if (s->isolated)
		return true;
	s->next_skip_pfn = block_end_pfn(s->pfn, (unsigned int)cc->order);
	return false;
}

/* The skip bit says not to scan the block: only asked at its first page. */
static bool block_skipped(const struct compact_control *cc, struct block_scan *s)
{
	if (s->checked || !pageblock_aligned(cc->mm, s->pfn))
		return false;
	if (!isolation_suitable(cc, s->pfn))
		return true;
	s->checked = true;
	s->first_pfn = s->pfn;
	return false;
}

static void scan_block(struct compact_control *cc, struct block_scan *s)
{
	for (; s->pfn < s->end; s->pfn++) {
		int order;

		if (next_part(cc, s))
			break;
		s->scanned++;
		if (block_skipped(cc, s)) {
			s->pfn = s->end;
			s->aborted = true;
			return;
		}
		order = free_block_order(cc->mm, s->pfn);
		if (order >= 0)
			s->pfn += (1UL << order) - 1;
		else if (scan_page(cc, s))
			break;
	}
	if (!s->aborted)
		s->pfn = min_ul(s->pfn, s->end);
}

/*
 * Isolate what can be migrated in [pfn, end) of one pageblock, up to a
 * cluster; cc->migrate_pfn tells how far it got. 0, or ERR_AGAIN: too many LRU
 * pages are isolated already (isolate_migratepages_block).
 */
static int isolate_migratepages_block(struct compact_control *cc, unsigned long pfn, unsigned long end)
{
	struct block_scan s = { .pfn = pfn, .end = end };

	cc->migrate_pfn = pfn;
	if (too_many_isolated(cc) && (cc->nr_migratepages || cc->mode == MIGRATE_ASYNC))
		return ERR_AGAIN;
	if (cc->direct_compaction && cc->mode == MIGRATE_ASYNC) {
		s.skip_on_failure = true;
		s.next_skip_pfn = block_end_pfn(pfn, (unsigned int)cc->order);
	}
	scan_block(cc, &s);
	if (s.pfn == end && (!s.isolated || cc->rescan)) {
		if (s.checked && !s.skip_updated)
			set_pageblock_skip(cc->mm, s.first_pfn);
		update_cached_migrate(cc, s.pfn);
	}
	trace(cc->mm, MM_COMPACTION_ISOLATE_MIGRATEPAGES, .zone = cc->zone, .pfn = pfn, .pfn2 = s.pfn,
	      .a = (long)s.scanned, .b = (long)s.isolated);
	cc->total_migrate_scanned += s.scanned;
	cc->mm->vm_events[COMPACTISOLATED] += s.isolated;
	cc->migrate_pfn = s.pfn;
	return 0;
}

int isolate_migratepages_range(struct compact_control *cc, unsigned long start, unsigned long end)
{
	struct mm *mm = cc->mm;
	unsigned long pfn = start,
		      block_start = max_ul(pageblock_start_pfn(mm, pfn), cc->zone->zone_start_pfn);
	unsigned long block_end = pageblock_end_pfn(mm, pfn);
	int ret = 0;

	for (; pfn < end; pfn = block_end, block_start = block_end, block_end += pageblock_nr_pages(mm)) {
		block_end = min_ul(block_end, end);
		if (!pageblock_in_zone(mm, cc->zone, block_start, block_end))
			continue;
		ret = isolate_migratepages_block(cc, pfn, block_end);
		if (ret || cc->nr_migratepages >= COMPACT_CLUSTER_MAX)
			break;
	}
	return ret;
}

/* ------------------------------------------------------ fast search --- */

unsigned int freelist_scan_limit(const struct compact_control *cc)
{
	unsigned int shift = cc->fast_search_fail < 31 ? cc->fast_search_fail : 31;

	return (unsigned int)(COMPACT_CLUSTER_MAX >> shift) + 1;
}

/* Turn the list so that it ends with entry n: the next search begins after it (move_freelist_tail). */
static void move_freelist_tail(struct mm *mm, struct page *list, uint32_t n)
{
	uint32_t end = free_list_end(mm, list);

	if (list->tail == n)
		return;
	free_list_unlink(mm->memmap, &mm->memmap[end]);
	free_list_insert(mm->memmap, end, n, mm->memmap[n].next);
}

static void update_fast_start_pfn(struct compact_control *cc, unsigned long pfn)
{
	if (cc->fast_start_pfn == ULONG_MAX)
		return;
	if (!cc->fast_start_pfn || pfn < cc->fast_start_pfn)
		cc->fast_start_pfn = pfn;
}

/* Where to scan on after the fast search gave up: the lowest block it had found (reinit_migrate_pfn). */
static unsigned long reinit_migrate_pfn(struct compact_control *cc)
{
	if (!cc->fast_start_pfn || cc->fast_start_pfn == ULONG_MAX)
		return cc->migrate_pfn;
	cc->migrate_pfn = cc->fast_start_pfn;
	cc->fast_start_pfn = ULONG_MAX;
	return cc->migrate_pfn;
}

/* Search one order's list from its head for a block below high_pfn; PFN_NONE: none within the limit. */
static unsigned long search_order(struct compact_control *cc, unsigned int order, unsigned long high_pfn,
				  unsigned int *scanned, unsigned int limit)
{
	struct mm *mm = cc->mm;
	struct page *list = &cc->zone->free_area[order].free_list[MIGRATE_MOVABLE];

	for_each_free_block (mm, list, n) {
		unsigned long pfn = entry_pfn(mm, order, n);

		if ((*scanned)++ >= limit) {
			move_freelist_tail(mm, list, n);
			break;
		}
		if (pfn >= high_pfn || get_pageblock_skip(mm, pfn))
			continue;
		move_freelist_tail(mm, list, n);
		return pfn;
	}
	return PFN_NONE;
}

/* Whether the fast search is for this run at this point. */
static bool fast_search_allowed(const struct compact_control *cc)
{
	unsigned long pfn = cc->migrate_pfn;

	if (cc->ignore_skip_hint)
		return false;
	/* inside a block: a scan that was interrupted by a full cluster goes on */
	if (pfn != cc->zone->zone_start_pfn && pfn != pageblock_start_pfn(cc->mm, pfn))
		return false;
	if (cc->order <= PAGE_ALLOC_COSTLY_ORDER)
		return false;
	return !cc->direct_compaction || cc->migratetype == MIGRATE_MOVABLE;
}

/* A block that has free pages already, so that few must move; else where the scanner stands
 * (fast_find_migrateblock). */
static unsigned long fast_find_migrateblock(struct compact_control *cc)
{
	struct mm *mm = cc->mm;
	unsigned int limit = freelist_scan_limit(cc), scanned = 0;
	unsigned long distance = (cc->free_pfn - cc->migrate_pfn) >> 1, found = PFN_NONE, high_pfn;

	if (!fast_search_allowed(cc))
		return cc->migrate_pfn;
	if (cc->migrate_pfn != cc->zone->zone_start_pfn)
		distance >>= 2;
	high_pfn = pageblock_start_pfn(mm, cc->migrate_pfn + distance);
	for (int order = cc->order - 1;
	     order >= PAGE_ALLOC_COSTLY_ORDER && found == PFN_NONE && scanned < limit; order--)
		if (free_area_nr(&cc->zone->free_area[order]))
			found = search_order(cc, (unsigned int)order, high_pfn, &scanned, limit);
	cc->total_migrate_scanned += scanned;
	if (found == PFN_NONE) {
		cc->fast_search_fail++;
		return reinit_migrate_pfn(cc);
	}
	update_fast_start_pfn(cc, found);
	cc->fast_search_fail = 0;
	set_pageblock_skip(mm, found);
	return max_ul(pageblock_start_pfn(mm, found), cc->zone->zone_start_pfn);
}

/* ------------------------------------------------------ linear scan --- */

/* Asynchronously, a request only compacts blocks of its own type (suitable_migration_source). */
static bool suitable_migration_source(const struct compact_control *cc, unsigned long pfn)
{
	int type;

	if (pageblock_skip_persistent(cc->mm, pfn))
		return false;
	if (cc->mode != MIGRATE_ASYNC || !cc->direct_compaction)
		return true;
	type = get_pageblock_migratetype(cc->mm, pfn);
	return cc->migratetype == MIGRATE_MOVABLE ? is_migrate_movable(type) : type == cc->migratetype;
}

/* Why the block from start is no source; NULL: it is one. */
static const char *unsuitable_source(struct compact_control *cc, unsigned long start, unsigned long end,
				     unsigned long low_pfn, bool fast_found)
{
	if (!pageblock_in_zone(cc->mm, cc->zone, start, end))
		return "no memory of this zone";
	if (pageblock_aligned(cc->mm, low_pfn) && !fast_found && !isolation_suitable(cc, start))
		return "skip bit: it had nothing to migrate lately";
	if (suitable_migration_source(cc, start))
		return NULL;
	update_cached_migrate(cc, end);
	return "of another type than the request, or one large page";
}

enum isolate_migrate isolate_migratepages(struct compact_control *cc)
{
	struct mm *mm = cc->mm;
	unsigned long low_pfn = fast_find_migrateblock(cc);
	unsigned long start = max_ul(pageblock_start_pfn(mm, low_pfn), cc->zone->zone_start_pfn);
	unsigned long end = pageblock_end_pfn(mm, low_pfn);
	/* the fast search sets the skip bit of what it finds */
	bool fast_found = low_pfn != cc->migrate_pfn && !cc->fast_search_fail;

	for (; end <= cc->free_pfn && !interrupted(mm); end += pageblock_nr_pages(mm)) {
		const char *why = unsuitable_source(cc, start, end, low_pfn, fast_found);

		if (!why) {
			if (isolate_migratepages_block(cc, low_pfn, end))
				return ISOLATE_ABORT;
			break;
		}
		trace(mm, COMPACT_SKIP_BLOCK, .zone = cc->zone, .pfn = start, .text = why);
		fast_found = false;
		cc->migrate_pfn = low_pfn = start = end;
	}
	return cc->nr_migratepages ? ISOLATE_SUCCESS : ISOLATE_NONE;
}
