/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The free scanner: finds free pages near the end of the zone for the
 * migrate scanner's pages to go to. Follows mm/compaction.c.
 */
#include "config.h"

#include "compaction.h"

/* From half a pageblock up, blocks that are split for targets become Movable, if they are ordinary ones. */
static void claim_pageblocks(struct mm *mm, unsigned long pfn, unsigned int order)
{
	unsigned long last = pfn + (1UL << order) - 1;

	if (order + 1 < mm->pageblock_order)
		return;
	for (; pfn < last; pfn += pageblock_nr_pages(mm))
		if (migratetype_is_mergeable(get_pageblock_migratetype(mm, pfn)))
			set_pageblock_migratetype(mm, pfn, MIGRATE_MOVABLE);
}

bool isolate_free_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order)
{
	int migratetype = get_pageblock_migratetype(mm, pfn);
	unsigned long pages = 1UL << order;

	if (migratetype != MIGRATE_ISOLATE) {
		/* as if the block were allocated, but without a look at the lists: it is there */
		if (!zone_watermark_ok(mm, zone, 0, zone->watermark[WMARK_MIN] + pages, 0, ALLOC_CMA))
			return false;
		mod_zone_freepage_state(zone, -(long)pages, migratetype);
	}
	del_page_from_free_list(mm, zone, pfn, order);
	account_pageblocks(mm, pfn, order, nr_free, -=);
	pfn_to_page(mm, pfn)->identity = (PG_ISOLATED | order) | (uint32_t)zone->id << 16;
	claim_pageblocks(mm, pfn, order);
	return true;
}

/*
 * The blocks on the list become single pages, the highest first
 * (split_map_pages).
 */
static void split_map_pages(struct mm *mm, struct page_list *list)
{
	struct page_list single;

	page_list_init(&single);
	while (list->nr) {
		uint32_t pfn = list->head;
		struct page head = *pfn_to_page(mm, pfn);

		page_list_del(mm->memmap, list, pfn);
		for (uint32_t i = 0; i < 1U << page_order(&head); i++) {
			struct page *page = pfn_to_page(mm, pfn + i);

			page->identity = head.identity & ~(uint32_t)PG_ORDER_MASK;
			page_list_add(mm->memmap, &single, pfn + i);
		}
	}
	*list = single;
}

/*
 * Isolate the free blocks of [*start_pfn, end_pfn), stride pages apart, onto
 * list, until there are targets enough; strict: all pages must be free.
 * *start_pfn tells how far it got. Returns the pages isolated
 * (isolate_freepages_block).
 */
static unsigned long isolate_freepages_block(struct compact_control *cc, unsigned long *start_pfn,
					     unsigned long end_pfn, struct page_list *list,
					     unsigned int stride, bool strict)
{
	struct mm *mm = cc->mm;
	unsigned long pfn = *start_pfn, scanned = 0, isolated = 0;

	if (strict)
		stride = 1;
	for (; pfn < end_pfn; pfn += stride) {
		const struct page *page = pfn_to_page(mm, pfn);
		int order = -1;

		scanned++;
		if (page_compound(page))
			pfn += (1UL << page_order(page)) - 1;
		else
			order = free_block_order(mm, pfn);
		if (order < 0 && strict)
			break;
		if (order < 0)
			continue;
		if (!isolate_free_page(mm, cc->zone, pfn, (unsigned int)order))
			break;
		page_list_add_tail(mm->memmap, list, (uint32_t)pfn);
		scanned += (1UL << order) - 1;
		isolated += 1UL << order;
		cc->nr_freepages += 1UL << order;
		if (!strict && cc->nr_migratepages <= cc->nr_freepages) {
			pfn += 1UL << order;
			break;
		}
		pfn += (1UL << order) - 1;
	}
	pfn = min_ul(pfn, end_pfn);
	trace(mm, MM_COMPACTION_ISOLATE_FREEPAGES, .zone = cc->zone, .pfn = *start_pfn, .pfn2 = pfn,
	      .a = (long)scanned, .b = (long)isolated);
	*start_pfn = pfn;
	cc->total_free_scanned += scanned;
	mm->vm_events[COMPACTISOLATED] += isolated;
	return strict && pfn < end_pfn ? 0 : isolated;
}

unsigned long release_freepages(struct compact_control *cc)
{
	unsigned long high_pfn = 0;

	while (cc->freepages.nr) {
		uint32_t pfn = cc->freepages.head;

		page_list_del(cc->mm->memmap, &cc->freepages, pfn);
		free_isolated_page(cc->mm, cc->zone, pfn);
		high_pfn = max_ul(high_pfn, pfn);
	}
	cc->nr_freepages = 0;
	return high_pfn;
}

unsigned long isolate_freepages_range(struct compact_control *cc, unsigned long start, unsigned long end)
{
	struct mm *mm = cc->mm;
	unsigned long pfn = start, isolated;
	unsigned long block_start = max_ul(pageblock_start_pfn(mm, pfn), cc->zone->zone_start_pfn);
	unsigned long block_end = pageblock_end_pfn(mm, pfn);

	for (; pfn < end; pfn += isolated, block_start = block_end, block_end += pageblock_nr_pages(mm)) {
		unsigned long isolate_start = pfn;

		block_end = min_ul(block_end, end);
		/* a free block may have reached past this pageblock */
		if (pfn >= block_end) {
			block_start = pageblock_start_pfn(mm, pfn);
			block_end = min_ul(pageblock_end_pfn(mm, pfn), end);
		}
		if (!pageblock_in_zone(mm, cc->zone, block_start, block_end))
			break;
		isolated = isolate_freepages_block(cc, &isolate_start, block_end, &cc->freepages, 0, true);
		if (!isolated)
			break;
	}
	split_map_pages(mm, &cc->freepages);
	if (pfn < end) {
		release_freepages(cc);
		return 0;
	}
	return pfn;
}

/* ------------------------------------------------------ fast search --- */

/* The rest of a list's pageblock is taken along, unless there is enough (fast_isolate_around). */
static void fast_isolate_around(struct compact_control *cc, unsigned long pfn)
{
	struct mm *mm = cc->mm;
	unsigned long start, end, from;

	if (cc->nr_freepages >= cc->nr_migratepages)
		return;
	if (cc->direct_compaction && cc->mode == MIGRATE_ASYNC)
		return;
	start = from = max_ul(pageblock_start_pfn(mm, pfn), cc->zone->zone_start_pfn);
	end = min_ul(pageblock_end_pfn(mm, pfn), zone_end_pfn(cc->zone));
	if (!pageblock_in_zone(mm, cc->zone, start, end))
		return;
	isolate_freepages_block(cc, &from, end, &cc->freepages, 1, false);
	if (cc->nr_freepages < cc->nr_migratepages)
		set_pageblock_skip(mm, start);
}

/* The next order to search, round robin; -1: all were (next_search_order). */
static int next_search_order(struct compact_control *cc, int order)
{
	if (--order < 0)
		order = cc->order - 1;
	if (order != cc->search_order)
		return order;
	if (--cc->search_order < 0)
		cc->search_order = cc->order - 1;
	return -1;
}

/* Turn the list so that it begins with entry n: the next search sees what this one did not
 * (move_freelist_head). */
static void move_freelist_head(struct mm *mm, struct page *list, uint32_t n)
{
	uint32_t end = free_list_end(mm, list);

	if (list->head == n)
		return;
	free_list_unlink(mm->memmap, &mm->memmap[end]);
	free_list_insert(mm->memmap, end, mm->memmap[n].prev, n);
}

/* What a fast search goes by and has come to. */
struct fast_search {
	unsigned long low_pfn, min_pfn; /* preferred from low on, acceptable from min on */
	unsigned long highest;          /* start of the highest pageblock seen */
	unsigned int limit;             /* entries to look at per order */
	unsigned int scanned;           /* in the order at hand */
	unsigned long total;
};

/* Search one order's list from its tail; the block found, else PFN_NONE. The list is turned to go on there.
 */
static unsigned long search_order(struct compact_control *cc, struct fast_search *s, int order)
{
	struct mm *mm = cc->mm;
	struct page *list = &cc->zone->free_area[order].free_list[MIGRATE_MOVABLE];
	unsigned long found = PFN_NONE, high_pfn = 0;
	uint32_t n, end = free_list_end(mm, list);

	s->scanned = 0;
	for (n = list->tail; n != end; n = mm->memmap[n].prev) {
		unsigned long pfn = entry_pfn(mm, (unsigned int)order, n);

		s->scanned++;
		s->total++;
		if (pfn >= s->highest)
			s->highest = max_ul(pageblock_start_pfn(mm, pfn), cc->zone->zone_start_pfn);
		if (pfn >= s->low_pfn) {
			cc->fast_search_fail = 0;
			cc->search_order = order;
			found = pfn;
			break;
		}
		if (pfn >= s->min_pfn && pfn > high_pfn) {
			high_pfn = pfn;
			s->limit >>= 1;
		}
		if (s->scanned >= s->limit)
			break;
	}
	if (found == PFN_NONE && high_pfn) {
		found = high_pfn;
		n = block_number(mm, (unsigned int)order, found);
	}
	if (n != end)
		move_freelist_head(mm, list, n);
	return found;
}

/* Search the orders below the one wanted; *aborted: a block was found but the watermark keeps it. */
static unsigned long search_orders(struct compact_control *cc, struct fast_search *s)
{
	unsigned long found = PFN_NONE;

	if (cc->search_order < 0 || cc->search_order > cc->order - 1)
		cc->search_order = cc->order - 1;
	for (int order = cc->search_order; found == PFN_NONE && order >= 0;
	     order = next_search_order(cc, order)) {
		if (!free_area_nr(&cc->zone->free_area[order]))
			continue;
		found = search_order(cc, s, order);
		if (found != PFN_NONE && isolate_free_page(cc->mm, cc->zone, found, (unsigned int)order)) {
			s->total += (1UL << order) - 1;
			cc->nr_freepages += 1UL << order;
			cc->mm->vm_events[COMPACTISOLATED] += 1UL << order;
			page_list_add_tail(cc->mm->memmap, &cc->freepages, (uint32_t)found);
		} else if (found != PFN_NONE) {
			order = cc->search_order + 1;
			found = PFN_NONE;
		}
		if (s->scanned >= s->limit)
			s->limit = s->limit >> 1 ? s->limit >> 1 : 1;
	}
	return found;
}

/* Where the linear scan should begin if the very first search found nothing, PFN_NONE: where it stands. */
static unsigned long pessimistic_start(struct compact_control *cc, const struct fast_search *s)
{
	struct mm *mm = cc->mm;
	unsigned long end = min_ul(pageblock_end_pfn(mm, s->min_pfn), zone_end_pfn(cc->zone));

	if (s->highest >= s->min_pfn) {
		cc->free_pfn = s->highest;
		return s->highest;
	}
	if (!cc->direct_compaction || !pfn_valid(mm, s->min_pfn))
		return PFN_NONE;
	cc->free_pfn = s->min_pfn;
	return pageblock_in_zone(mm, cc->zone, s->min_pfn, end) ? s->min_pfn : PFN_NONE;
}

/* A small search of the free lists for targets in the upper part of what is left to scan
 * (fast_isolate_freepages). */
static void fast_isolate_freepages(struct compact_control *cc)
{
	struct mm *mm = cc->mm;
	struct zone *zone = cc->zone;
	unsigned int limit = freelist_scan_limit(cc) >> 1;
	struct fast_search s = { .limit = limit ? limit : 1 };
	unsigned long distance = cc->free_pfn - cc->migrate_pfn, found;
	bool scan_start = cc->free_pfn >= zone->compact_init_free_pfn;

	if (cc->order <= 0)
		return;
	if (scan_start)
		s.limit = (unsigned int)(pageblock_nr_pages(mm) >> 1);
	s.low_pfn = pageblock_start_pfn(mm, cc->free_pfn - (distance >> 2));
	s.min_pfn = pageblock_start_pfn(mm, cc->free_pfn - (distance >> 1));
	if (s.min_pfn > s.low_pfn)
		s.low_pfn = s.min_pfn;

	found = search_orders(cc, &s);
	if (found == PFN_NONE) {
		cc->fast_search_fail++;
		if (scan_start)
			found = pessimistic_start(cc, &s);
	}
	if (s.highest && s.highest >= zone->compact_cached_free_pfn)
		zone->compact_cached_free_pfn = s.highest - pageblock_nr_pages(mm);
	cc->total_free_scanned += s.total;
	if (found != PFN_NONE)
		fast_isolate_around(cc, found);
}

/* ------------------------------------------------------ linear scan --- */

/* Why a pageblock is no target; NULL: it is one (suitable_migration_target, isolation_suitable). */
static const char *unsuitable_target(const struct compact_control *cc, unsigned long pfn)
{
	if (free_block_order(cc->mm, pfn) >= (int)cc->mm->pageblock_order)
		return "free as a whole: it is kept";
	if (!cc->ignore_block_suitable && !is_migrate_movable(get_pageblock_migratetype(cc->mm, pfn)))
		return "not for movable pages";
	return isolation_suitable(cc, pfn) ? NULL : "skip bit: it had no free pages lately";
}

static void skip_block(const struct compact_control *cc, unsigned long pfn, const char *why)
{
	trace(cc->mm, COMPACT_SKIP_BLOCK, .zone = cc->zone, .pfn = pfn, .c = 1, .text = why);
}

/* Scan down from cc->free_pfn until there are targets enough or the scanners meet (isolate_freepages). */
static void scan_for_targets(struct compact_control *cc)
{
	struct mm *mm = cc->mm;
	unsigned long isolate_start = cc->free_pfn, block_start = pageblock_start_pfn(mm, isolate_start);
	unsigned long block_end = min_ul(block_start + pageblock_nr_pages(mm), zone_end_pfn(cc->zone));
	unsigned long low_pfn = pageblock_end_pfn(mm, cc->migrate_pfn), isolated;
	unsigned int stride = cc->mode == MIGRATE_ASYNC ? COMPACT_CLUSTER_MAX : 1;

	for (; block_start >= low_pfn;
	     block_end = block_start, block_start -= pageblock_nr_pages(mm), isolate_start = block_start) {
		const char *why = "no memory of this zone";

		if (pageblock_in_zone(mm, cc->zone, block_start, block_end))
			why = unsuitable_target(cc, block_start);
		if (why) {
			skip_block(cc, block_start, why);
			continue;
		}
		isolated =
			isolate_freepages_block(cc, &isolate_start, block_end, &cc->freepages, stride, false);
		if (isolate_start == block_end)
			update_pageblock_skip(cc, block_start);
		if (cc->nr_freepages >= cc->nr_migratepages) {
			if (isolate_start >= block_end)
				isolate_start = block_start - pageblock_nr_pages(mm);
			break;
		}
		if (isolate_start < block_end)
			break; /* the watermark stopped it */
		stride = isolated ? 1 : (unsigned int)min_ul(COMPACT_CLUSTER_MAX, stride << 1);
	}
	cc->free_pfn = isolate_start;
}

unsigned long compaction_alloc(void *arg, unsigned long src)
{
	struct compact_control *cc = arg;
	uint32_t pfn;

	(void)src;
	if (!cc->freepages.nr) {
		fast_isolate_freepages(cc);
		if (!cc->nr_freepages)
			scan_for_targets(cc);
		split_map_pages(cc->mm, &cc->freepages);
	}
	if (!cc->freepages.nr)
		return PFN_NONE;
	pfn = cc->freepages.head;
	page_list_del(cc->mm->memmap, &cc->freepages, pfn);
	cc->nr_freepages--;
	return pfn;
}
