/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page isolation: pageblocks are taken out of the allocator's sight, so that
 * what is freed in them stays free. Follows mm/page_isolation.c.
 */
#include "config.h"

#include "compaction.h"

/* Whether a frame can neither be freed nor migrated; *step: the pages that this answer is for. */
static bool page_unmovable(const struct mm *mm, const struct zone *zone, unsigned long pfn,
			   unsigned long *step)
{
	struct page_info info;

	page_lookup(mm, pfn, &info);
	*step = 1;
	switch (info.state) {
	case PAGE_FREE:
		*step = info.head + (1UL << info.order) - pfn;
		return false;
	case PAGE_PCP:
		return false;
	case PAGE_USED:
		if (page_compound(info.page))
			*step = info.head + (1UL << info.order) - pfn;
		return zone->type != ZONE_MOVABLE && !(info.page->flags & (PG_LRU | PG_MIGRATABLE));
	case PAGE_BOOT:
		return zone->type != ZONE_MOVABLE;
	default:
		return true; /* no memory, or reserved */
	}
}

/* The first page of [start, end) of one pageblock that rules isolation out, PFN_NONE (has_unmovable_pages).
 */
static unsigned long has_unmovable_pages(const struct mm *mm, unsigned long start, unsigned long end,
					 int migratetype)
{
	const struct zone *zone = memmap_zone(mm, start);
	unsigned long step;

	/* CMA pageblocks are for cma_alloc() alone, and it takes what it can get */
	if (get_pageblock_migratetype(mm, start) == MIGRATE_CMA)
		return migratetype == MIGRATE_CMA ? PFN_NONE : start;
	for (unsigned long pfn = start; pfn < end; pfn += step)
		if (page_unmovable(mm, zone, pfn, &step))
			return pfn;
	return PFN_NONE;
}

static void trace_refused(struct mm *mm, const struct zone *zone, unsigned long pfn, const char *why)
{
	trace(mm, COMPACT_SKIP_BLOCK, .zone = zone, .pfn = pfn, .c = 2, .text = why);
}

/* Isolate pfn's pageblock, unless there are unmovable pages in its part of [start, end)
 * (set_migratetype_isolate). */
static int set_migratetype_isolate(struct mm *mm, unsigned long pfn, int migratetype, unsigned long start,
				   unsigned long end)
{
	struct zone *zone = mm->zones[memmap_zone(mm, pfn)->id];
	int old = get_pageblock_migratetype(mm, pfn);
	unsigned long unmovable;
	long pages;

	if (old == MIGRATE_ISOLATE) {
		trace_refused(mm, zone, pfn, "isolated already");
		return ERR_BUSY;
	}
	unmovable = has_unmovable_pages(mm, max_ul(pfn, start), min_ul(pageblock_end_pfn(mm, pfn), end),
					migratetype);
	if (unmovable != PFN_NONE) {
		trace_refused(mm, zone, unmovable, "an unmovable page");
		return ERR_BUSY;
	}
	set_pageblock_migratetype(mm, pfn, MIGRATE_ISOLATE);
	zone->nr_isolate_pageblock++;
	pages = move_freepages_block(mm, zone, pfn, MIGRATE_ISOLATE, NULL);
	mod_zone_freepage_state(zone, -pages, old);
	return 0;
}

/*
 * Whether the free block at pfn, of a pageblock or more, could merge with a
 * neighbour once it is not isolated any more. Its order, or -1.
 */
static int mergeable_block_order(const struct mm *mm, const struct zone *zone, unsigned long pfn)
{
	int order = free_block_order(mm, pfn);
	unsigned long buddy;

	if (order < (int)mm->pageblock_order || order >= (int)mm->max_order)
		return -1;
	buddy = pfn ^ (1UL << order);
	if (pfn_to_page(mm, buddy)->identity != buddy_identity(zone, (unsigned int)order) ||
	    get_pageblock_migratetype(mm, buddy) == MIGRATE_ISOLATE)
		return -1;
	return order;
}

/* Isolation kept the block at pfn from merging: take it out and free it again, at the tail. */
static void merge_again(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			int migratetype)
{
	isolate_free_page(mm, zone, pfn, order);
	pfn_to_page(mm, pfn)->identity = 0;
	set_pageblock_migratetype(mm, pfn, migratetype);
	free_one_page(mm, zone, pfn, order, migratetype, FPI_SKIP_REPORT_NOTIFY | FPI_TO_TAIL);
}

/* unset_migratetype_isolate */
static void unset_migratetype_isolate(struct mm *mm, unsigned long pfn, int migratetype)
{
	struct zone *zone = mm->zones[memmap_zone(mm, pfn)->id];
	int order;

	if (get_pageblock_migratetype(mm, pfn) != MIGRATE_ISOLATE)
		return;
	order = mergeable_block_order(mm, zone, pfn);
	if (order >= 0) {
		merge_again(mm, zone, pfn, (unsigned int)order, migratetype);
	} else {
		long pages = move_freepages_block(mm, zone, pfn, migratetype, NULL);

		mod_zone_freepage_state(zone, pages, migratetype);
		set_pageblock_migratetype(mm, pfn, migratetype);
	}
	zone->nr_isolate_pageblock--;
}

/*
 * A free block of order reaches across pfn + offset, where isolation begins or
 * ends: free it again as parts that do not (split_free_page).
 */
static void split_free_page(struct mm *mm, struct zone *zone, unsigned long start, unsigned int order,
			    unsigned long offset)
{
	int migratetype = get_pageblock_migratetype(mm, start);
	unsigned long end = start + (1UL << order);

	if (migratetype != MIGRATE_ISOLATE)
		mod_zone_freepage_state(zone, -(1L << order), migratetype);
	del_page_from_free_list(mm, zone, start, order);
	account_pageblocks(mm, start, order, nr_free, -=);
	for (unsigned long pfn = start; pfn < end;) {
		unsigned int part = 63 - (unsigned int)__builtin_clzl(offset);

		if (pfn && (unsigned int)__builtin_ctzl(pfn) < part)
			part = (unsigned int)__builtin_ctzl(pfn);
		/* where blocks are four pageblocks and more, the part with the border's pageblock must not
		 * hold others */
		if (part > mm->pageblock_order)
			part = mm->pageblock_order;
		free_one_page(mm, zone, pfn, part, get_pageblock_migratetype(mm, pfn), FPI_NONE);
		pfn += 1UL << part;
		offset -= 1UL << part;
		if (!offset)
			offset = end - pfn;
	}
}

/*
 * Migrate the large page at head, which reaches across the border of the range
 * to be isolated. 0, or ERR_BUSY.
 */
static int migrate_across(struct mm *mm, unsigned long head, unsigned int order, unsigned long pfn)
{
	int migratetype = get_pageblock_migratetype(mm, pfn);
	bool isolate = migratetype != MIGRATE_ISOLATE;
	struct compact_control cc;
	int ret;

	if (isolate && set_migratetype_isolate(mm, pfn, migratetype, head, head + (1UL << order)))
		return ERR_BUSY;
	contig_control(mm, head, &cc);
	ret = alloc_contig_migrate_range(&cc, head, head + (1UL << order));
	if (isolate)
		unset_migratetype_isolate(mm, pfn, migratetype);
	return ret ? ERR_BUSY : 0;
}

/*
 * No free or used block may be isolated in part: split, or migrate, what lies
 * across the border between start and the range. *pfn is where the walk
 * stands and goes on. 0, or ERR_BUSY.
 */
static int clear_border(struct mm *mm, struct zone *zone, unsigned long *pfn, unsigned long border)
{
	struct page_info info;

	page_lookup(mm, *pfn, &info);
	if (info.state == PAGE_FREE && info.head == *pfn) {
		if (*pfn + (1UL << info.order) > border)
			split_free_page(mm, zone, *pfn, info.order, border - *pfn);
		*pfn += 1UL << info.order;
		return 0;
	}
	if (info.state != PAGE_USED || !page_compound(info.page)) {
		(*pfn)++;
		return 0;
	}
	if (info.head + (1UL << info.order) <= border) {
		*pfn = info.head + (1UL << info.order);
		return 0;
	}
	if (!(info.page->flags & (PG_LRU | PG_MIGRATABLE)) || migrate_across(mm, info.head, info.order, *pfn))
		return ERR_BUSY;
	page_lookup(mm, *pfn, &info);
	*pfn = info.head;
	return info.state == PAGE_FREE ? 0 : ERR_BUSY;
}

/*
 * Isolate the pageblock before or after border, the range's end or start, and
 * see that no block reaches across it (isolate_single_pageblock). skip: it is
 * isolated already.
 */
static int isolate_single_pageblock(struct mm *mm, unsigned long border, bool before, bool skip,
				    int migratetype)
{
	unsigned long block = before ? border - pageblock_nr_pages(mm) : border, pfn;
	struct zone *zone = mm->zones[memmap_zone(mm, block)->id];

	if (!skip && set_migratetype_isolate(mm, block, migratetype, block, block + pageblock_nr_pages(mm)))
		return ERR_BUSY;
	if (!pfn_online(mm, before ? border : border - 1))
		return 0;
	pfn = max_ul(block_start_pfn(block, mm->max_order), zone->zone_start_pfn);
	while ((pfn = first_online_pfn(mm, pfn, border)) < border) {
		if (clear_border(mm, zone, &pfn, border)) {
			if (!skip)
				unset_migratetype_isolate(mm, block, migratetype);
			return ERR_BUSY;
		}
	}
	return 0;
}

int start_isolate_page_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype)
{
	unsigned long nr = pageblock_nr_pages(mm), first = pageblock_start_pfn(mm, start);
	unsigned long last = pageblock_end_pfn(mm, end - 1) - nr;

	if (isolate_single_pageblock(mm, first, false, false, migratetype))
		return ERR_BUSY;
	if (isolate_single_pageblock(mm, last + nr, true, first == last, migratetype)) {
		unset_migratetype_isolate(mm, first, migratetype);
		return ERR_BUSY;
	}
	for (unsigned long pfn = first + nr; pfn < last; pfn += nr) {
		unsigned long valid = first_online_pfn(mm, pfn, pfn + nr);

		if (valid == PFN_NONE || !set_migratetype_isolate(mm, valid, migratetype, start, end))
			continue;
		undo_isolate_page_range(mm, first, pfn, migratetype);
		unset_migratetype_isolate(mm, last, migratetype);
		return ERR_BUSY;
	}
	return 0;
}

/*
 * Isolated pageblocks merge with isolated neighbours, whoever isolated them.
 * Where only those of [start, end) are given back, the free block across
 * border is freed again pageblock by pageblock, each with its own type.
 */
static void unmerge_at(struct mm *mm, unsigned long border, unsigned long start, unsigned long end,
		       int migratetype)
{
	struct page_info info;
	unsigned long block_end;
	struct zone *zone;

	page_lookup(mm, border, &info);
	if (info.state != PAGE_FREE || info.head == border || info.migratetype != MIGRATE_ISOLATE ||
	    info.order <= mm->pageblock_order)
		return;
	block_end = info.head + (1UL << info.order);
	zone = mm->zones[info.zone->id];
	del_page_from_free_list(mm, zone, info.head, info.order);
	account_pageblocks(mm, info.head, info.order, nr_free, -=);
	for (unsigned long pfn = max_ul(info.head, start); pfn < min_ul(block_end, end);
	     pfn += pageblock_nr_pages(mm)) {
		set_pageblock_migratetype(mm, pfn, migratetype);
		zone->nr_isolate_pageblock--;
	}
	for (unsigned long pfn = info.head; pfn < block_end; pfn += pageblock_nr_pages(mm))
		free_one_page(mm, zone, pfn, mm->pageblock_order, get_pageblock_migratetype(mm, pfn),
			      FPI_NONE);
}

void undo_isolate_page_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype)
{
	unsigned long nr = pageblock_nr_pages(mm);
	unsigned long first = pageblock_start_pfn(mm, start), last = pageblock_end_pfn(mm, end - 1);

	unmerge_at(mm, first, first, last, migratetype);
	unmerge_at(mm, last, first, last, migratetype);

	for (unsigned long pfn = pageblock_start_pfn(mm, start); pfn < end; pfn += nr) {
		unsigned long valid = first_online_pfn(mm, pfn, pfn + nr);

		if (valid != PFN_NONE)
			unset_migratetype_isolate(mm, valid, migratetype);
	}
}

/* The first frame of [start, end) that is not free, or end (__test_page_isolated_in_pageblock). */
static unsigned long first_used_pfn(const struct mm *mm, unsigned long start, unsigned long end)
{
	unsigned long pfn = start;

	while (pfn < end) {
		int order = free_block_order(mm, pfn);

		if (order < 0)
			break;
		pfn += 1UL << order;
	}
	return pfn;
}

int test_pages_isolated(struct mm *mm, unsigned long start, unsigned long end, unsigned long *busy_pfn)
{
	unsigned long nr = pageblock_nr_pages(mm), pfn;

	for (pfn = start; pfn < end; pfn += nr)
		if (first_online_pfn(mm, pfn, pfn + nr) != PFN_NONE &&
		    get_pageblock_migratetype(mm, pfn) != MIGRATE_ISOLATE)
			break;
	if (pfn >= end)
		pfn = first_used_pfn(mm, start, end);
	trace(mm, TEST_PAGES_ISOLATED, .pfn = start, .pfn2 = end, .a = (long)pfn);
	*busy_pfn = pfn < end ? pfn : PFN_NONE;
	return pfn < end ? ERR_BUSY : 0;
}
