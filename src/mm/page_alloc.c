/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request's way: GFP word to zone and migratetype, the walk of the
 * zonelist with its watermarks, page sets or free lists, and back again.
 */
#include "config.h"

#include "free_area.h"

/*
 * The check of the fast path (zone_watermark_fast). The quick look may say yes
 * only where the whole check would: own, the first list of the request's type
 * from its order upwards that is not empty, shows that there is a block.
 */
static inline bool zone_watermark_fast(const struct mm *mm, const struct zone *zone,
				       const struct alloc_request *req, unsigned int alloc_flags,
				       const struct alloc_context *ac, struct filled_list own)
{
	unsigned long mark = wmark_pages(zone, alloc_flags & ALLOC_WMARK_MASK);
	long needed = (long)mark + zone->lowmem_reserve[ac->highest_zoneidx] +
		      unusable_free(zone, req->order, alloc_flags);

	if (likely(zone->vm_stat[NR_FREE_PAGES] > needed) && !(alloc_flags & ALLOC_RESERVES) &&
	    likely(own.order <= mm->max_order))
		return true;
	return zone_watermark_slow(mm, zone, req, mark, alloc_flags, ac->highest_zoneidx);
}

/* The type's own lists are empty: CMA's, if the request may, or blocks taken from another type. */
static __attribute__((noinline)) unsigned long rmqueue_elsewhere(struct mm *mm, struct zone *zone,
								 unsigned int order, unsigned int alloc_flags,
								 int *migratetype)
{
	unsigned long pfn = PFN_NONE;

	while (pfn == PFN_NONE) {
		if (alloc_flags & ALLOC_CMA) {
			pfn = rmqueue_smallest(mm, zone, order, MIGRATE_CMA);
			if (pfn != PFN_NONE) {
				*migratetype = MIGRATE_CMA;
				return pfn;
			}
		}
		if (!rmqueue_fallback(mm, zone, order, *migratetype, alloc_flags))
			return PFN_NONE;
		pfn = rmqueue_smallest(mm, zone, order, *migratetype);
	}
	return pfn;
}

/* Movable requests use CMA pageblocks first once those hold over half of the zone's free memory. */
static inline bool cma_first(const struct zone *zone, unsigned int alloc_flags)
{
	return (alloc_flags & ALLOC_CMA) &&
	       zone_page_state(zone, NR_FREE_CMA_PAGES) > zone_page_state(zone, NR_FREE_PAGES) / 2;
}

unsigned long rmqueue(struct mm *mm, struct zone *zone, unsigned int order, unsigned int alloc_flags,
		      int *migratetype)
{
	unsigned long pfn;

	if (cma_first(zone, alloc_flags)) {
		pfn = rmqueue_smallest(mm, zone, order, MIGRATE_CMA);
		if (pfn != PFN_NONE) {
			*migratetype = MIGRATE_CMA;
			return pfn;
		}
	}
	pfn = rmqueue_smallest(mm, zone, order, *migratetype);
	return likely(pfn != PFN_NONE) ? pfn : rmqueue_elsewhere(mm, zone, order, alloc_flags, migratetype);
}

/* For a request that may use CMA or reserves: HIGHATOMIC lists before or after the others. */
static __attribute__((noinline)) unsigned long rmqueue_reserves(struct mm *mm, struct zone *zone,
								unsigned int order, unsigned int alloc_flags,
								int migratetype)
{
	unsigned long pfn = PFN_NONE;

	if (alloc_flags & ALLOC_HIGHATOMIC)
		pfn = rmqueue_smallest(mm, zone, order, MIGRATE_HIGHATOMIC);
	if (pfn == PFN_NONE) {
		pfn = rmqueue(mm, zone, order, alloc_flags, &migratetype);
		if (pfn == PFN_NONE && (alloc_flags & (ALLOC_OOM | ALLOC_NON_BLOCK))) {
			pfn = rmqueue_smallest(mm, zone, order, MIGRATE_HIGHATOMIC);
			migratetype = MIGRATE_HIGHATOMIC;
		}
	}
	if (pfn != PFN_NONE)
		mod_zone_freepage_state(zone, -(1L << order), migratetype);
	return pfn;
}

/* The type's own lists are empty: a block of another's, the zone's counters included. */
static __attribute__((noinline)) unsigned long rmqueue_stolen(struct mm *mm, struct zone *zone,
							      unsigned int order, unsigned int alloc_flags,
							      int migratetype)
{
	unsigned long pfn = rmqueue_elsewhere(mm, zone, order, alloc_flags, &migratetype);

	if (pfn != PFN_NONE)
		mod_zone_freepage_state(zone, -(1L << order), migratetype);
	return pfn;
}

/* A block straight off the free lists, the zone's counters included (rmqueue_buddy). */
static inline __attribute__((always_inline)) unsigned long
rmqueue_buddy(struct mm *mm, struct zone *zone, unsigned int order, unsigned int alloc_flags, int migratetype,
	      struct filled_list own)
{
	unsigned long pfn;

	if (unlikely(alloc_flags & (ALLOC_CMA | ALLOC_RESERVES)))
		return rmqueue_reserves(mm, zone, order, alloc_flags, migratetype);
	pfn = take_first_block(mm, zone, order, own, migratetype);
	if (unlikely(pfn == PFN_NONE))
		return rmqueue_stolen(mm, zone, order, alloc_flags, migratetype);
	mod_zone_page_state(zone, NR_FREE_PAGES, -(long)(1U << order));
	return pfn;
}

/* kswapd is due since types were mixed (the end of the kernel's rmqueue()). */
static __attribute__((noinline)) void wake_boosted(struct mm *mm, struct zone *zone)
{
	zone->boosted = false;
	wakeup_kswapd(mm, zone, 0, 0, zone->index);
}

/* Whether page sets serve the request (the start of the kernel's rmqueue()). */
static inline bool from_page_set(const struct mm *mm, unsigned int order, unsigned int alloc_flags,
				 int migratetype)
{
	return !mm->pcp_disabled && pcp_allowed_order(mm, order) &&
	       (!mm->config_cma || (alloc_flags & ALLOC_CMA) || migratetype != MIGRATE_MOVABLE);
}

/* A block from one zone: page set first where the order allows it (rmqueue). */
static inline __attribute__((always_inline)) unsigned long
take_from_zone(struct mm *mm, struct zone *zone, const struct alloc_request *req, unsigned int alloc_flags,
	       int migratetype, struct filled_list own)
{
	unsigned long pfn = PFN_NONE;

	if (from_page_set(mm, req->order, alloc_flags, migratetype)) {
		pfn = rmqueue_pcplist(mm, zone, req->order, migratetype, alloc_flags, req->cold);
		if (pfn == PFN_NONE) /* the refill may have changed the lists */
			own = first_filled_list(zone, req->order, migratetype);
	}
	if (pfn == PFN_NONE)
		pfn = rmqueue_buddy(mm, zone, req->order, alloc_flags, migratetype, own);
	if (unlikely(zone->boosted))
		wake_boosted(mm, zone);
	return pfn;
}

/* A block that left its free list becomes the request's. */
static inline void make_used(struct mm *mm, unsigned long pfn, const struct alloc_request *req,
			     uint32_t identity)
{
	struct page *page = pfn_to_page(mm, pfn);
	uint32_t compound = req->gfp & __GFP_COMP ? PG_COMPOUND : 0;

	page->private = req->owner;
	page->identity = identity | req->order | compound | (uint32_t)req->migratable * PG_MIGRATABLE;
}

void prep_new_page(struct mm *mm, struct zone *zone, unsigned long pfn, const struct alloc_request *req,
		   int migratetype)
{
	make_used(mm, pfn, req, used_identity(zone, migratetype));
	account_pageblocks(mm, pfn, req->order, nr_used[migratetype], +=);
}

static inline void make_unused(struct mm *mm, unsigned long pfn, struct page *page, unsigned int order)
{
	int migratetype = page->flags >> PG_MT_SHIFT;

	page->identity = 0;
	account_pageblocks(mm, pfn, order, nr_used[migratetype], -=);
}

void retire_page(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	make_unused(mm, pfn, page, page_order(page));
}

static const char *const wmark_names[NR_WMARK] = { "min", "low", "high", "promo" };

static __attribute__((cold, noinline)) void announce_watermark(struct mm *mm, const struct zone *zone,
							       const struct alloc_request *req,
							       unsigned int alloc_flags, int highest_zoneidx,
							       bool ok)
{
	unsigned long mark = wmark_pages(zone, alloc_flags & ALLOC_WMARK_MASK);

	bool pages = ok || __zone_watermark_ok(mm, zone, 0, mark, highest_zoneidx, alloc_flags,
					       zone_page_state(zone, NR_FREE_PAGES) - (1L << req->order) + 1);

	trace(mm, WATERMARK_CHECK, .zone = zone, .order = (int)req->order, .order2 = pages,
	      .d = zone_page_state_snapshot(zone, mm, NR_FREE_PAGES),
	      .a = zone_page_state(zone, NR_FREE_PAGES),
	      .b = watermark_floor((long)mark, alloc_flags) + zone->lowmem_reserve[highest_zoneidx], .c = ok,
	      .text = alloc_flags & ALLOC_NO_WATERMARKS ? "none"
							: wmark_names[alloc_flags & ALLOC_WMARK_MASK]);
}

static __attribute__((cold, noinline)) void announce_remote(struct mm *mm, const struct zone *zone,
							    const struct alloc_request *req)
{
	trace(mm, ZONE_SKIP, .zone = zone, .order = (int)req->order,
	      .text = "another node: rather mix pageblock types here first");
}

/* Where the request was served, and for whom (zone_statistics). */
static inline void zone_statistics(struct zone *preferred, struct zone *zone)
{
	if (likely(zone == preferred || zone->node == preferred->node)) {
		zone->vm_numa_event[NUMA_HIT]++;
	} else {
		zone->vm_numa_event[NUMA_MISS]++;
		preferred->vm_numa_event[NUMA_FOREIGN]++;
	}
	zone->vm_numa_event[zone->local_stat]++;
}

/* Try one zone: its watermark, then its lists. PFN_NONE: it does not serve the request. */
static inline __attribute__((always_inline)) unsigned long
try_zone(struct mm *mm, struct zone *preferred, struct zone *zone, const struct alloc_request *req,
	 unsigned int alloc_flags, const struct alloc_context *ac)
{
	struct filled_list own = first_filled_list(zone, req->order, ac->migratetype);
	bool ok = zone_watermark_fast(mm, zone, req, alloc_flags, ac, own);
	unsigned long pfn;

	if (unlikely(mm->trace_mask))
		announce_watermark(mm, zone, req, alloc_flags, ac->highest_zoneidx, ok);
	if (unlikely(!ok) && !(alloc_flags & ALLOC_NO_WATERMARKS))
		return PFN_NONE;
	pfn = take_from_zone(mm, zone, req, alloc_flags, ac->migratetype, own);
	if (unlikely(pfn == PFN_NONE))
		return PFN_NONE;
	make_used(mm, pfn, req, zone == preferred ? ac->identity : used_identity(zone, ac->migratetype));
	mm->vm_zone_events[PGALLOC][zone->index] += 1U << req->order;
	zone_statistics(preferred, zone);
	account_transfer(mm, pfn, req->order, nr_free, nr_used[ac->migratetype]);
	if (unlikely(alloc_flags & ALLOC_HIGHATOMIC))
		reserve_highatomic_pageblock(mm, zone, pfn);
	return pfn;
}

/*
 * Walk the zonelist from z on. A first pass that must not mix pageblock types
 * ends before it would go to another node.
 */
static unsigned long walk_zonelist(struct mm *mm, const int *z, const struct alloc_request *req,
				   unsigned int alloc_flags, const struct alloc_context *ac)
{
	for (; *z >= 0; z++) {
		struct zone *zone = mm->zones[*z];
		unsigned long pfn;

		if (zone->index > ac->highest_zoneidx)
			continue;
		if ((alloc_flags & ALLOC_NOFRAGMENT) && zone->node != mm->zones[*ac->preferred]->node) {
			announce_remote(mm, zone, req);
			return PFN_NONE;
		}
		pfn = try_zone(mm, ac->zone, zone, req, alloc_flags, ac);
		if (pfn != PFN_NONE)
			return pfn;
	}
	return PFN_NONE;
}

unsigned long get_page_from_freelist(struct mm *mm, const struct alloc_request *req, unsigned int alloc_flags,
				     const struct alloc_context *ac)
{
	unsigned long pfn = walk_zonelist(mm, ac->preferred, req, alloc_flags, ac);

	if (pfn == PFN_NONE && unlikely(alloc_flags & ALLOC_NOFRAGMENT))
		pfn = walk_zonelist(mm, ac->preferred, req, alloc_flags & ~(unsigned int)ALLOC_NOFRAGMENT,
				    ac);
	return pfn;
}

/* The request as it begins (pfn is 0) and as it ended (the block's, or PFN_NONE). */
static __attribute__((cold, noinline)) void announce_request(struct mm *mm, enum trace_id id,
							     const struct alloc_request *req,
							     const struct alloc_context *ac,
							     unsigned long pfn)
{
	const struct zone *preferred = *ac->preferred < 0 ? NULL : mm->zones[*ac->preferred];
	struct trace_event event = {
		.id = id, .order = (int)req->order, .gfp = req->gfp, .mt = ac->migratetype
	};

	if (id == TRACE_ALLOC_PAGES) {
		event.zone = preferred;
		event.c = req->node;
	} else {
		event.pfn = pfn;
		event.zone = pfn == PFN_NONE ? NULL : mm->zones[pfn_to_page(mm, pfn)->zone];
	}
	trace_emit(mm, &event);
}

/* The preferred zone did not serve the request: the other zones, types mixed, and then the slow way. */
static __attribute__((noinline)) unsigned long alloc_elsewhere(struct mm *mm, const struct alloc_request *req,
							       unsigned int alloc_flags,
							       const struct alloc_context *ac)
{
	unsigned long pfn = PFN_NONE;

	if (*ac->preferred >= 0)
		pfn = walk_zonelist(mm, ac->preferred + 1, req, alloc_flags, ac);
	if (pfn == PFN_NONE && (alloc_flags & ALLOC_NOFRAGMENT))
		pfn = get_page_from_freelist(mm, req, alloc_flags & ~(unsigned int)ALLOC_NOFRAGMENT, ac);
	return pfn != PFN_NONE ? pfn : alloc_pages_slowpath(mm, req, ac);
}

unsigned long alloc_pages(struct mm *mm, const struct alloc_request *req)
{
	const struct alloc_context *ac = find_alloc_context(mm, req);
	/* no reserves on the fast path, said so that the compiler knows it too */
	unsigned int alloc_flags = WMARK_LOW | (ac->alloc_flags & (ALLOC_CMA | ALLOC_NOFRAGMENT)) |
				   (req->gfp & __GFP_KSWAPD_RECLAIM);
	struct zone *const zone = ac->zone;
	unsigned long pfn = PFN_NONE;

	set_cpu(mm, req->cpu);
	if (unlikely(mm->trace_mask))
		announce_request(mm, TRACE_ALLOC_PAGES, req, ac, 0);
	if (likely(zone))
		pfn = try_zone(mm, zone, zone, req, alloc_flags, ac);
	if (unlikely(pfn == PFN_NONE))
		pfn = alloc_elsewhere(mm, req, alloc_flags, ac);
	if (unlikely(req->lru) && pfn != PFN_NONE)
		lru_cache_add(mm, pfn, req->lru == LRU_FILE);
	if (unlikely(mm->trace_mask))
		announce_request(mm, TRACE_MM_PAGE_ALLOC, req, ac, pfn);
	return pfn;
}

const char *alloc_request_error(const struct mm *mm, const struct alloc_request *req)
{
	if (req->order > mm->max_order)
		return "order is above max_order";
	if (req->node < 0 || (unsigned int)req->node >= mm->nr_nodes)
		return "no such node";
	if (req->cpu >= mm->nr_cpus)
		return "no such CPU";
	if (gfp_zone(mm, req->gfp) < 0)
		return "zone flags that exclude each other (GFP_ZONE_BAD)";
	if ((req->gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK)
		return "__GFP_MOVABLE and __GFP_RECLAIMABLE exclude each other";
	return NULL;
}

static __attribute__((noinline)) int free_to_page_set(struct mm *mm, unsigned long pfn, unsigned int order,
						      bool cold, struct free_result *result)
{
	struct page *page = pfn_to_page(mm, pfn);
	struct zone *zone = mm->zones[page->zone];
	unsigned int merged;
	bool to_pcp;

	make_unused(mm, pfn, page, order);
	trace_block(mm, MM_PAGE_FREE, zone, pfn, order, 0, 0);
	merged = free_unref_page(mm, zone, pfn, order, cold, &to_pcp);
	if (result)
		*result = (struct free_result){ .merged = merged, .cpu = to_pcp ? (int)mm->cpu : -1 };
	return 0;
}

static inline __attribute__((always_inline)) int free_to_buddy(struct mm *mm, unsigned long pfn,
							       struct page *page, unsigned int order,
							       struct free_result *result)
{
	const uint32_t identity = page->identity;
	struct zone *zone = mm->zones[identity_zone(identity)];
	unsigned int merged, asked = identity_mobility(identity);
	int migratetype = get_pageblock_migratetype(mm, pfn);

	page->identity = 0;
	count_vm_events(mm, PGFREE, 1U << order);
	account_transfer(mm, pfn, order, nr_used[asked], nr_free);
	trace_block(mm, MM_PAGE_FREE, zone, pfn, order, 0, 0);
	mod_zone_freepage_state(zone, (long)(1U << order), migratetype);
	merged = __free_one_page(mm, zone, pfn, order, migratetype, FPI_NONE);
	if (result)
		*result = (struct free_result){ .merged = merged, .cpu = -1 };
	return 0;
}

/* Whether an allocated block of exactly this order begins here: one compare, false for orders past 15. */
static inline bool heads_used_block(const struct page *page, unsigned int order)
{
	return ((page->identity ^ PG_USED) & (PG_USED | PG_ORDER_MASK)) == order;
}

int free_pages(struct mm *mm, unsigned int cpu, unsigned long pfn, unsigned int order, bool cold,
	       struct free_result *result)
{
	struct page *page;

	if (pfn >= mm->end_pfn)
		return -1;
	page = pfn_to_page(mm, pfn);
	if (!heads_used_block(page, order))
		return -1;
	set_cpu(mm, cpu);
	if (unlikely(page->identity & (PG_LRU | PG_DIRTY)))
		lru_release(mm, pfn);
	if (!mm->pcp_disabled && pcp_allowed_order(mm, order))
		return free_to_page_set(mm, pfn, order, cold, result);
	return free_to_buddy(mm, pfn, page, order, result);
}
