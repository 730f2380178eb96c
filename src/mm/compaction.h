/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of compaction, isolation and contiguous allocation need of
 * each other. Two scanners work towards each other: one walks up from the
 * zone's start and takes pages that can be migrated, the other walks down
 * from its end and takes free ones to put them in.
 */
#ifndef BUDDYVIZ_MM_COMPACTION_H
#define BUDDYVIZ_MM_COMPACTION_H

#include "buddyviz/compaction.h"
#include "boot.h"
#include "free_list.h"

#define COMPACT_CLUSTER_MAX 32UL /* pages isolated before they are migrated */

#define ERR_BUSY  (-1)
#define ERR_NOMEM (-2)
#define ERR_INTR  (-3)
#define ERR_AGAIN (-4)

/* One run of compaction over one zone (struct compact_control). */
struct compact_control {
	struct mm *mm;
	struct zone *zone;
	struct page_list freepages;    /* isolated free blocks, by PFN; their order is in the descriptor */
	struct page_list migratepages; /* isolated used blocks, by PFN */
	unsigned long nr_freepages, nr_migratepages; /* pages on the two lists */
	unsigned long free_pfn, migrate_pfn;         /* where the scanners are */
	unsigned long fast_start_pfn; /* lowest block the fast search gave; ULONG_MAX: used up */
	unsigned long total_migrate_scanned, total_free_scanned;
	unsigned long total_migrated, total_unmovable;
	unsigned int fast_search_fail; /* fast searches in a row that found nothing */
	int search_order;              /* where the fast search for free pages begins */
	int order;                     /* what is wanted; -1: compact everything */
	gfp_t gfp;
	int migratetype;
	unsigned int alloc_flags;
	int highest_zoneidx;
	enum migrate_mode mode;
	bool ignore_skip_hint; /* scan blocks that are marked to be skipped, too */
	bool no_set_skip_hint;
	bool ignore_block_suitable; /* any block may take migrated pages */
	bool direct_compaction;     /* on behalf of a request */
	bool proactive_compaction;  /* kcompactd, by score */
	bool whole_zone;            /* from end to end, not from the cached positions */
	bool rescan;                /* the block is scanned a second time: take all of it at once */
	bool alloc_contig;          /* for a contiguous range: large pages move, too */
	bool contended;             /* interrupted */
};

/* ------------------------------------------------------- pageblocks --- */

static inline unsigned long block_start_pfn(unsigned long pfn, unsigned int order)
{
	return pfn & ~((1UL << order) - 1);
}

/* The first PFN past the block of order that pfn is in. */
static inline unsigned long block_end_pfn(unsigned long pfn, unsigned int order)
{
	return block_start_pfn(pfn, order) + (1UL << order);
}

static inline unsigned long pageblock_start_pfn(const struct mm *mm, unsigned long pfn)
{
	return block_start_pfn(pfn, mm->pageblock_order);
}

static inline unsigned long pageblock_end_pfn(const struct mm *mm, unsigned long pfn)
{
	return block_end_pfn(pfn, mm->pageblock_order);
}

static inline bool pageblock_aligned(const struct mm *mm, unsigned long pfn)
{
	return !(pfn & (pageblock_nr_pages(mm) - 1));
}

static inline bool get_pageblock_skip(const struct mm *mm, unsigned long pfn)
{
	return pfn_to_pageblock(mm, pfn)->flags & PB_SKIP;
}

static inline void set_pageblock_skip(struct mm *mm, unsigned long pfn)
{
	pfn_to_pageblock(mm, pfn)->flags |= PB_SKIP;
}

static inline void clear_pageblock_skip(struct mm *mm, unsigned long pfn)
{
	pfn_to_pageblock(mm, pfn)->flags &= (uint8_t)~PB_SKIP;
}

/* Whether [start, end) of one pageblock lies in zone and can be scanned (pageblock_pfn_to_page). */
static inline bool pageblock_in_zone(const struct mm *mm, const struct zone *zone, unsigned long start,
				     unsigned long end)
{
	return zone->contiguous || pageblock_pfn_in_zone(mm, zone, start, end);
}

static inline bool is_migrate_movable(int migratetype)
{
	return migratetype == MIGRATE_CMA || migratetype == MIGRATE_MOVABLE;
}

/* --------------------------------------------------------- used pages --- */

/* Whether an allocated block of more than one page is one large page to scanners (PageCompound, at its head).
 */
static inline bool page_compound(const struct page *page)
{
	return (page->flags & PG_USED) && (page->flags & PG_ORDER_MASK) &&
	       (page->flags & (PG_COMPOUND | PG_LRU | PG_MIGRATABLE));
}

/* Whether its owner lets the block move without its being on the LRU (__PageMovable, and not PageIsolated).
 */
static inline bool page_movable(const struct page *page)
{
	return (page->flags & (PG_USED | PG_MIGRATABLE | PG_LRU | PG_ISOLATED)) == (PG_USED | PG_MIGRATABLE);
}

/* ------------------------------------------------- compact_skip.c --- */

bool isolation_suitable(const struct compact_control *cc, unsigned long pfn);
bool test_and_set_skip(struct compact_control *cc, unsigned long pfn);
void update_cached_migrate(struct compact_control *cc, unsigned long pfn);
void update_pageblock_skip(struct compact_control *cc, unsigned long pfn);
void reset_cached_positions(const struct mm *mm, struct zone *zone);
/* Clear what scanners remembered, where a sample of the block gives hope (__reset_isolation_suitable). */
void reset_isolation_suitable_zone(struct mm *mm, struct zone *zone);
/* A block filled by one large page cannot be compacted until that is freed. */
bool pageblock_skip_persistent(const struct mm *mm, unsigned long pfn);

/* ---------------------------------------------- compact_migrate.c --- */

enum isolate_migrate {
	ISOLATE_ABORT,
	ISOLATE_NONE,
	ISOLATE_SUCCESS,
};

/* Pages of the next suitable block go to cc->migratepages (isolate_migratepages). */
enum isolate_migrate isolate_migratepages(struct compact_control *cc);
/* The same for a range, whatever its blocks are, up to a cluster (isolate_migratepages_range). */
int isolate_migratepages_range(struct compact_control *cc, unsigned long start, unsigned long end);
/* How many entries a fast search looks at: fewer after each failure (freelist_scan_limit). */
unsigned int freelist_scan_limit(const struct compact_control *cc);

/* ------------------------------------------------- compact_free.c --- */

/* Take the free block at pfn off its list for this run; false: the watermark forbids it
 * (__isolate_free_page). */
bool isolate_free_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order);
/* A target for one page, PFN_NONE: there is none left (compaction_alloc). */
unsigned long compaction_alloc(void *cc, unsigned long src);
/* Take all of [start, end), which must be free; the end of what was taken, 0: nothing
 * (isolate_freepages_range). */
unsigned long isolate_freepages_range(struct compact_control *cc, unsigned long start, unsigned long end);
/* Free the isolated targets that were not needed; the highest PFN of them (release_freepages). */
unsigned long release_freepages(struct compact_control *cc);

/* ------------------------------------------------------ migrate.c --- */

/* Free one page that is on no list and used by nobody through the page set (__free_page). */
void free_isolated_page(struct mm *mm, struct zone *zone, unsigned long pfn);
/* Take a used block for migration: off its LRU list, if it is on one (isolate_movable_page,
 * folio_isolate_lru). */
void isolate_used_page(struct mm *mm, unsigned long pfn);
/* Give isolated blocks back to where they came from (putback_movable_pages); the list is empty afterwards. */
void putback_movable_pages(struct mm *mm, struct page_list *list);
/*
 * Migrate the blocks of a list to targets that get_new_page gives (migrate_pages).
 * Returns 0, or ERR_NOMEM when it gave none; what did not move stays on the list.
 */
int migrate_pages(struct mm *mm, struct page_list *list,
		  unsigned long (*get_new_page)(void *arg, unsigned long src), void *arg,
		  unsigned long *nr_succeeded);

/* ------------------------------------------------ page_isolation.c --- */

/* Make [start, end)'s pageblocks MIGRATE_ISOLATE (start_isolate_page_range): 0 or ERR_BUSY. */
int start_isolate_page_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype);
/* And back to migratetype (undo_isolate_page_range). */
void undo_isolate_page_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype);
/* Whether all of [start, end) is isolated and free: 0, or ERR_BUSY and which page is not
 * (test_pages_isolated). */
int test_pages_isolated(struct mm *mm, unsigned long start, unsigned long end, unsigned long *busy_pfn);

/* -------------------------------------------------------- contig.c --- */

/*
 * A new place for the block at src from the allocator, as for any movable
 * request to node, with GFP flags added or removed; PFN_NONE: there is none
 * (alloc_migration_target).
 */
unsigned long alloc_migration_target(struct mm *mm, unsigned long src, int node, gfp_t add, gfp_t remove);
/* Migrate what is in [start, end) of one zone to elsewhere (__alloc_contig_migrate_range). */
int alloc_contig_migrate_range(struct compact_control *cc, unsigned long start, unsigned long end);
/* A run's settings for a contiguous range. */
void contig_control(struct mm *mm, unsigned long start, struct compact_control *cc);
/*
 * Take [start, end) for owner, page by page (alloc_contig_range). migratetype is that of all its
 * pageblocks. 0, ERR_BUSY (*busy_pfn does not move, if it is not PFN_NONE), ERR_NOMEM or ERR_INTR.
 */
int alloc_contig_range(struct mm *mm, unsigned long start, unsigned long end, int migratetype, uint32_t owner,
		       unsigned long *busy_pfn);

/* ---------------------------------------------------- compaction.c --- */

/* A run failed: put off the next ones, twice as many each time (defer_compaction). */
void defer_compaction(struct mm *mm, struct zone *zone, int order);
/* Whether this run is put off (compaction_deferred). */
bool compaction_deferred(struct mm *mm, struct zone *zone, int order);

/* Whether compaction for order should run, is needless or hopeless (compaction_suitable). */
enum compact_result compaction_suitable(struct mm *mm, struct zone *zone, int order, unsigned int alloc_flags,
					int highest_zoneidx);
/* Compact cc->zone (compact_zone). */
enum compact_result compact_zone(struct compact_control *cc);

/* ------------------------------------------------- compact_node.c --- */

/* The score up to which (low) or from which (high) proactive compaction works (fragmentation_score_wmark). */
unsigned int fragmentation_score_wmark(const struct mm *mm, bool low);

#endif
