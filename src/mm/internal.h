/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/mm need of each other and nobody else may use.
 */
#ifndef BUDDYVIZ_MM_INTERNAL_H
#define BUDDYVIZ_MM_INTERNAL_H

#include <limits.h>

#include "buddyviz/compaction.h"
#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define SWAP_CLUSTER_MAX    32UL /* pages reclaim takes at a time */
#define MAX_RECLAIM_RETRIES 16   /* rounds without progress until a node counts as hopeless */

#define BITS_PER_LONG (sizeof(unsigned long) * CHAR_BIT)
#define MAX_THRESHOLD 125 /* of a zone's counters per CPU, in pages */

/* Blocks of the highest order that memory may reach into. */
static inline unsigned long nr_max_blocks(const struct mm *mm)
{
	return (mm->end_pfn >> mm->max_order) + 1;
}

static inline bool zone_spans_pfn(const struct zone *zone, unsigned long pfn)
{
	return pfn - zone->zone_start_pfn < zone->spanned_pages;
}

static inline void count_vm_events(struct mm *mm, enum vm_event_item item, unsigned long delta)
{
	mm->vm_events[item] += delta;
}

/* Whether the user wants a long run to end; polled where the machine is whole. */
static inline bool interrupted(const struct mm *mm)
{
	return mm->interrupted && mm->interrupted(mm->interrupted_arg);
}

/* The largest integer whose square is at most x, in watermark.c. */
unsigned long int_sqrt(unsigned long x);

/* ------------------------------------------------------ free_area.c --- */

/* Which end of a list a freed block goes to, and what else to leave out (fpi_t). */
enum fpi_flags {
	FPI_NONE = 0,
	FPI_SKIP_REPORT_NOTIFY = 1,
	FPI_TO_TAIL = 2,
};

/*
 * Put 1 << order pages at pfn on the zone's free lists, merging as far as it
 * goes (__free_one_page). migratetype is the list's. The pages' descriptors
 * must be clear. Returns the order of the resulting block.
 */
unsigned int free_one_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			   int migratetype, enum fpi_flags flags);

/*
 * Take the first block of the smallest sufficient order off migratetype's
 * lists and split it down to order (__rmqueue_smallest). The caller accounts
 * the zone's counters and the pageblocks'. Returns its PFN, or PFN_NONE.
 */
unsigned long rmqueue_smallest(struct mm *mm, struct zone *zone, unsigned int order, int migratetype);

/* The machine works on another CPU's behalf from now on, in mm.c. */
void change_cpu(struct mm *mm, unsigned int cpu);

static inline void set_cpu(struct mm *mm, unsigned int cpu)
{
	if (unlikely(mm->cpu != cpu))
		change_cpu(mm, cpu);
}

/* What the listeners ask for, and whether a compactor waits, has changed; nobody is told for a while. In
 * trace.c. */
void trace_update(struct mm *mm);
void trace_mute(struct mm *mm);

/* Empty free lists for all zones, in mm.c. */
void free_lists_init(struct mm *mm);

/* A block of boot memory is handed to the buddy (__free_pages_core): adds to managed pages. */
void free_pages_core(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order);

/* ------------------------------------------------------ migratetype.c --- */

/* Whether blocks of a type may merge with other types' (migratetype_is_mergeable). */
static inline bool migratetype_is_mergeable(int migratetype)
{
	return migratetype < MIGRATE_PCPTYPES;
}

/* The type of the pageblock pfn lies in (get_pfnblock_migratetype). */
static inline int get_pageblock_migratetype(const struct mm *mm, unsigned long pfn)
{
	return pfn_to_pageblock(mm, pfn)->migratetype;
}

/*
 * Set it, with the tracepoint; types below MIGRATE_PCPTYPES become Unmovable
 * while grouping by mobility is off (set_pageblock_migratetype).
 */
void set_pageblock_migratetype(struct mm *mm, unsigned long pfn, int migratetype);

/*
 * Move the free blocks of pfn's pageblock to migratetype's lists
 * (move_freepages_block). Returns the pages moved; *num_movable (or NULL)
 * counts allocated pages that can be migrated.
 */
long move_freepages_block(struct mm *mm, struct zone *zone, unsigned long pfn, int migratetype,
			  long *num_movable);

/* Whether another type's blocks may be taken with all their pageblock (can_steal_fallback). */
bool can_steal_fallback(const struct mm *mm, unsigned int order, int migratetype);

/*
 * The type whose list of order would serve migratetype, -1 if none
 * (find_suitable_fallback).
 */
int find_suitable_fallback(const struct mm *mm, const struct zone *zone, unsigned int order, int migratetype,
			   bool only_stealable, bool *can_steal);

/* Bring a block of another type to migratetype's lists (__rmqueue_fallback); false: there is none. */
bool rmqueue_fallback(struct mm *mm, struct zone *zone, unsigned int order, int migratetype,
		      unsigned int alloc_flags);

/* After a high-order atomic allocation, perhaps reserve its pageblock (reserve_highatomic_pageblock). */
void reserve_highatomic_pageblock(struct mm *mm, struct zone *zone, unsigned long pfn);

/* --------------------------------------------------------------- pcp.c --- */

/* Orders that page sets hold (pcp_allowed_order). */
static inline bool pcp_allowed_order(const struct mm *mm, unsigned int order)
{
	return order <= PAGE_ALLOC_COSTLY_ORDER || order == mm->pageblock_order;
}

/* One block from the current CPU's page set, refilled if need be (rmqueue_pcplist). PFN_NONE: nothing to fill
 * it. */
unsigned long rmqueue_pcplist(struct mm *mm, struct zone *zone, unsigned int order, int migratetype,
			      unsigned int alloc_flags, bool cold);

/* Free a block through the current CPU's page set (free_unref_page). Returns the order it ended with. */
unsigned int free_unref_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			     bool cold, bool *to_pcp);

/*
 * Which list of a page set holds blocks of a type and order, and the order and
 * type of the blocks on list pindex.
 */
unsigned int order_to_pindex(int migratetype, unsigned int order);
unsigned int pindex_to_order(const struct mm *mm, unsigned int pindex);
int pindex_to_migratetype(unsigned int pindex);

/* ---------------------------------------------------------- page_alloc.c --- */

/*
 * What a request looks through and how. It follows from the node, the zone
 * and mobility bits and __GFP_THISNODE alone, so all kinds there are stand in a
 * table for each node.
 */
struct alloc_context {
	const int *zonelist;  /* zone ids in order of preference, -1 ends it */
	const int *preferred; /* the first of them that the request may use */
	int highest_zoneidx;
	int migratetype;
	struct zone *zone;        /* *preferred, NULL if there is none */
	unsigned int alloc_flags; /* of the fast path: ALLOC_CMA, ALLOC_NOFRAGMENT */
	uint32_t identity;        /* of the blocks it uses in zone, but for what the request adds */
	uint32_t pad[5];          /* 64 bytes: an entry is found by a shift */
};

/*
 * One block off the free lists, by the CMA balance and fallback rules
 * (__rmqueue). *migratetype is the type asked for, and comes back as that of
 * the list the block was on.
 */
unsigned long rmqueue(struct mm *mm, struct zone *zone, unsigned int order, unsigned int alloc_flags,
		      int *migratetype);

/* Whether free_pages would leave a zone above mark (__zone_watermark_ok). */
bool __zone_watermark_ok(const struct mm *mm, const struct zone *zone, unsigned int order, unsigned long mark,
			 int highest_zoneidx, unsigned int alloc_flags, long free_pages);

static inline bool zone_watermark_ok(const struct mm *mm, const struct zone *zone, unsigned int order,
				     unsigned long mark, int highest_zoneidx, unsigned int alloc_flags)
{
	return __zone_watermark_ok(mm, zone, order, mark, highest_zoneidx, alloc_flags,
				   zone_page_state(zone, NR_FREE_PAGES));
}

/* The same with the CPUs' unfolded parts where those could hide that the watermark is breached
 * (zone_watermark_ok_safe). */
bool zone_watermark_ok_safe(const struct mm *mm, const struct zone *zone, unsigned int order,
			    unsigned long mark, int highest_zoneidx);

/* Pages of a zone that this request may not count as free (__zone_watermark_unusable_free). */
static inline long unusable_free(const struct zone *zone, unsigned int order, unsigned int alloc_flags)
{
	long pages = (1L << order) - 1;

	if (likely(!(alloc_flags & ALLOC_RESERVES)))
		pages += (long)zone->nr_reserved_highatomic;
	if (!(alloc_flags & ALLOC_CMA))
		pages += zone_page_state(zone, NR_FREE_CMA_PAGES);
	return pages;
}

/* The rest of the fast path's check, once its quick look at an order-0 request did not do
 * (zone_watermark_fast). */
bool zone_watermark_slow(const struct mm *mm, const struct zone *zone, const struct alloc_request *req,
			 unsigned long mark, unsigned int alloc_flags, int highest_zoneidx);

/* struct page.identity of blocks of this zone that a request of this mobility uses; the request adds to it.
 */
static inline uint32_t used_identity(const struct zone *zone, int migratetype)
{
	return PG_USED | (uint32_t)migratetype << PG_MT_SHIFT | (uint32_t)zone->id << 16;
}

static inline unsigned int identity_mobility(uint32_t identity)
{
	return identity >> PG_MT_SHIFT & 3;
}

static inline unsigned int identity_zone(uint32_t identity)
{
	return identity >> 16;
}

/* Walk the zonelist (get_page_from_freelist). */
unsigned long get_page_from_freelist(struct mm *mm, const struct alloc_request *req, unsigned int alloc_flags,
				     const struct alloc_context *ac);

/* The number of a request's kind within its node: its zone and mobility bits, and __GFP_THISNODE above. */
#define ALLOC_CONTEXT_GFP      (GFP_ZONEMASK | GFP_MOVABLE_MASK)
#define ALLOC_CONTEXT_THISNODE (ALLOC_CONTEXT_GFP + 1)
#define NR_ALLOC_CONTEXTS      (2 * ALLOC_CONTEXT_THISNODE)

/* Fill the nodes' tables; zonelists must stand, and a change of page_group_by_mobility_disabled needs it
 * again. */
void build_alloc_contexts(struct mm *mm);

/* The request's entry (prepare_alloc_pages). */
static inline const struct alloc_context *find_alloc_context(const struct mm *mm,
							     const struct alloc_request *req)
{
	unsigned int i = (unsigned int)req->node * NR_ALLOC_CONTEXTS + (req->gfp & ALLOC_CONTEXT_GFP);

	if (unlikely(req->gfp & __GFP_THISNODE))
		i += ALLOC_CONTEXT_THISNODE;
	return &mm->contexts[i];
}

/* A block that left the lists becomes the request's (prep_new_page). */
void prep_new_page(struct mm *mm, struct zone *zone, unsigned long pfn, const struct alloc_request *req,
		   int migratetype);

/* A used block stops being one: counters and descriptor; the caller frees its pages. */
void retire_page(struct mm *mm, unsigned long pfn);

/* What happens when the first walk failed (__alloc_pages_slowpath), in slowpath.c. */
unsigned long alloc_pages_slowpath(struct mm *mm, const struct alloc_request *req,
				   const struct alloc_context *ac);

/* Give a reserved pageblock back before giving up (unreserve_highatomic_pageblock). */
bool unreserve_highatomic_pageblock(struct mm *mm, const struct alloc_context *ac, bool force);

/* --------------------------------------------------------------- cma.c --- */

/* Whether the pages of a bit of an area's bitmap are handed out. */
static inline bool cma_bit_set(const struct cma_area *cma, unsigned long bit)
{
	return cma->bitmap[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG) & 1;
}

/* ------------------------------------------------------ compaction.c --- */

/* How hard direct compaction tries: the lower, the harder. */
enum compact_priority {
	COMPACT_PRIO_SYNC_FULL,
	MIN_COMPACT_PRIORITY = COMPACT_PRIO_SYNC_FULL,
	COMPACT_PRIO_SYNC_LIGHT,
	MIN_COMPACT_COSTLY_PRIORITY = COMPACT_PRIO_SYNC_LIGHT,
	DEF_COMPACT_PRIORITY = COMPACT_PRIO_SYNC_LIGHT,
	COMPACT_PRIO_ASYNC,
	INIT_COMPACT_PRIORITY = COMPACT_PRIO_ASYNC
};

/* Free pages wanted above a watermark before compaction for order has a chance (compact_gap). */
static inline unsigned long compact_gap(unsigned int order)
{
	return 2UL << order;
}

/*
 * Direct compaction for a request, zone by zone. *pfn is set to the block
 * caught on the way, made the request's, or left PFN_NONE.
 */
enum compact_result try_to_compact_pages(struct mm *mm, const struct alloc_request *req,
					 unsigned int alloc_flags, const struct alloc_context *ac,
					 enum compact_priority priority, unsigned long *pfn);
/* Whether compaction could help once pages were reclaimed (compaction_zonelist_suitable). */
bool compaction_zonelist_suitable(struct mm *mm, const struct alloc_context *ac, unsigned int order,
				  unsigned int alloc_flags);
void compaction_defer_reset(struct mm *mm, struct zone *zone, int order, bool alloc_success);

static inline bool compaction_failed(enum compact_result result)
{
	return result == COMPACT_COMPLETE;
}

static inline bool compaction_needs_reclaim(enum compact_result result)
{
	return result == COMPACT_SKIPPED;
}

static inline bool compaction_withdrawn(enum compact_result result)
{
	return result == COMPACT_DEFERRED || result == COMPACT_CONTENDED || result == COMPACT_PARTIAL_SKIPPED;
}

/* -------------------------------------------------------- vmscan.c, oom.c --- */

/* Note that kswapd of zone's node has work, unless the node is balanced (wakeup_kswapd). */
void wakeup_kswapd(struct mm *mm, struct zone *zone, gfp_t gfp, unsigned int order, int highest_zoneidx);
/* Direct reclaim for a request; returns the pages reclaimed (try_to_free_pages). */
unsigned long try_to_free_pages(struct mm *mm, const struct alloc_request *req,
				const struct alloc_context *ac);
/* Pages on the zone's LRU lists that reclaim could take (zone_reclaimable_pages). */
unsigned long zone_reclaimable_pages(const struct mm *mm, const struct zone *zone);
/* Kill the owner that holds most; false: nobody to kill, the kernel would panic (out_of_memory). */
bool out_of_memory(struct mm *mm, const struct alloc_request *req, const struct alloc_context *ac);

/* ----------------------------------------------------------- lru.c --- */

/* A new block enters its list: inactive, an anonymous one just touched by its fault (folio_add_lru). */
void lru_cache_add(struct mm *mm, unsigned long pfn, bool file);
/*
 * Take a block off its list for a while; false: it is on none. Its flags stay,
 * PG_ISOLATED instead of PG_LRU (folio_isolate_lru). lru_putback() puts it at
 * the head of the list it belongs on (folio_putback_lru).
 */
bool lru_isolate(struct mm *mm, unsigned long pfn);
void lru_putback(struct mm *mm, unsigned long pfn);
/*
 * The block from, isolated, was copied to the block to, prepared by
 * prep_new_page(): to has its LRU flags now and is isolated instead of it
 * (folio_migrate_flags). The caller puts to back and frees from.
 */
void lru_migrate(struct mm *mm, unsigned long from, unsigned long to);
/* A used block that was on the LRU is about to be freed (__page_cache_release). */
void lru_release(struct mm *mm, unsigned long pfn);

/* ---------------------------------------------------------- vmstat.c --- */

/* Thresholds of all zones from CPUs and managed pages (refresh_zone_stat_thresholds). */
void refresh_zone_stat_thresholds(struct mm *mm);

/* ----------------------------------------------------- boot: mm_init.c, memblock.c, page_alloc's set-up ---
 */

/* memblock: add, reserve and mark ranges, merged and cut as mm/memblock.c does. */
void memblock_add_node(struct mm *mm, uint64_t base, uint64_t size, int nid);
void memblock_reserve(struct mm *mm, uint64_t base, uint64_t size, const char *name);
void memblock_mark_nomap(struct mm *mm, uint64_t base, uint64_t size, const char *name);
/* Hand all free memory to the buddy, __free_memory_core's way, lowest first. */
void memblock_free_all(struct mm *mm);
/* The memory region pfn lies in, or NULL; and the reserved one. */
const struct memblock_region *memblock_search_memory(const struct mm *mm, unsigned long pfn);
const struct memblock_region *memblock_search_reserved(const struct mm *mm, unsigned long pfn);

/* Watermarks and lowmem_reserve of all zones from the sysctls (setup_per_zone_wmarks,
 * setup_per_zone_lowmem_reserve). */
void setup_per_zone_wmarks(struct mm *mm);
void setup_per_zone_lowmem_reserve(struct mm *mm);
/* init_per_zone_wmark_min: computes min_free_kbytes if the sysctl leaves it to the kernel. */
void init_per_zone_wmark_min(struct mm *mm);
/* zone_batchsize, zone_highsize for every zone and CPU (setup_per_cpu_pageset, zone_pcp_update). */
void setup_per_cpu_pageset(struct mm *mm);
void build_all_zonelists(struct mm *mm);
/* CMA areas go live (cma_init_reserved_areas), in layout order. */
void cma_init_reserved_areas(struct mm *mm);

#endif
