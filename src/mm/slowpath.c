/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slow path of a request: the first walk of the zonelist found nothing
 * above the low watermarks. Wake kswapd, go down to the min watermark and
 * into whatever reserves the GFP word opens, then compact and reclaim
 * directly, and at last ask the OOM killer.
 */
#include "config.h"

#include "internal.h"

#define MAX_COMPACT_RETRIES 16

/* Where one request stands on its slow way. */
struct slowpath {
	struct mm *mm;
	const struct alloc_request *req;
	const struct alloc_context *ac;
	unsigned int alloc_flags;
	unsigned long progress; /* pages the last reclaim got back */
	enum compact_priority priority;
	enum compact_result compact;
	int compaction_retries, no_progress_loops;
};

unsigned int gfp_to_alloc_flags(const struct mm *mm, gfp_t gfp, unsigned int order)
{
	unsigned int flags = WMARK_MIN | (gfp & (__GFP_HIGH | __GFP_KSWAPD_RECLAIM));

	if (!(gfp & __GFP_DIRECT_RECLAIM) && !(gfp & __GFP_NOMEMALLOC)) {
		flags |= ALLOC_NON_BLOCK;
		if (order > 0 && (flags & ALLOC_MIN_RESERVE))
			flags |= ALLOC_HIGHATOMIC;
	}
	if (gfp_migratetype(mm, gfp) == MIGRATE_MOVABLE)
		flags |= ALLOC_CMA;
	return flags;
}

unsigned int gfp_pfmemalloc_flags(gfp_t gfp)
{
	if (gfp & __GFP_NOMEMALLOC)
		return 0;
	return gfp & __GFP_MEMALLOC ? ALLOC_NO_WATERMARKS : 0;
}

/* Wake kswapd once for each node that the request may use (wake_all_kswapds). */
static void wake_all_kswapds(const struct slowpath *s)
{
	int last = -1;

	for (const int *z = s->ac->preferred; *z >= 0; z++) {
		struct zone *zone = s->mm->zones[*z];

		if (zone->index > s->ac->highest_zoneidx || !zone->managed_pages || zone->node == last)
			continue;
		wakeup_kswapd(s->mm, zone, s->req->gfp, s->req->order, s->ac->highest_zoneidx);
		last = zone->node;
	}
}

/* The zonelist once more, with these flags. */
static unsigned long try_flags(const struct slowpath *s, unsigned int alloc_flags)
{
	return get_page_from_freelist(s->mm, s->req, alloc_flags, s->ac);
}

/* The zonelist once more, with the slow path's flags. */
static unsigned long try_lists(const struct slowpath *s)
{
	return try_flags(s, s->alloc_flags);
}

static void announce(const struct slowpath *s, const char *step)
{
	trace(s->mm, SLOWPATH, .order = (int)s->req->order, .gfp = s->req->gfp, .text = step);
}

/* __alloc_pages_direct_compact */
static unsigned long direct_compact(struct slowpath *s, enum compact_priority priority)
{
	unsigned long pfn = PFN_NONE;

	if (!s->req->order)
		return PFN_NONE;
	announce(s, "direct compaction");
	s->compact = try_to_compact_pages(s->mm, s->req, s->alloc_flags, s->ac, priority, &pfn);
	if (s->compact == COMPACT_SKIPPED)
		return PFN_NONE;
	s->mm->vm_events[COMPACTSTALL]++;
	if (pfn == PFN_NONE)
		pfn = try_lists(s);
	if (pfn != PFN_NONE) {
		struct zone *zone = s->mm->zones[pfn_to_page(s->mm, pfn)->zone];

		zone->compact_blockskip_flush = false;
		compaction_defer_reset(s->mm, zone, (int)s->req->order, true);
	}
	s->mm->vm_events[pfn == PFN_NONE ? COMPACTFAIL : COMPACTSUCCESS]++;
	return pfn;
}

/* __alloc_pages_direct_reclaim */
static unsigned long direct_reclaim(struct slowpath *s)
{
	unsigned long pfn;

	announce(s, "direct reclaim");
	s->progress = try_to_free_pages(s->mm, s->req, s->ac);
	if (!s->progress)
		return PFN_NONE;
	pfn = try_lists(s);
	if (pfn != PFN_NONE)
		return pfn;
	unreserve_highatomic_pageblock(s->mm, s->ac, false);
	drain_pages(s->mm, -1, NULL);
	return try_lists(s);
}

/* Would the request succeed if everything reclaimable were reclaimed? (should_reclaim_retry) */
static bool should_reclaim_retry(struct slowpath *s)
{
	struct mm *mm = s->mm;

	if (s->progress && s->req->order <= PAGE_ALLOC_COSTLY_ORDER)
		s->no_progress_loops = 0;
	else
		s->no_progress_loops++;

	for (const int *z = s->ac->preferred; *z >= 0 && s->no_progress_loops <= MAX_RECLAIM_RETRIES; z++) {
		const struct zone *zone = mm->zones[*z];
		long available;

		if (zone->index > s->ac->highest_zoneidx)
			continue;
		available = (long)zone_reclaimable_pages(mm, zone) +
			    zone_page_state_snapshot(zone, mm, NR_FREE_PAGES);
		if (__zone_watermark_ok(mm, zone, s->req->order, wmark_pages(zone, WMARK_MIN),
					s->ac->highest_zoneidx, s->alloc_flags, available))
			return true;
	}
	return unreserve_highatomic_pageblock(mm, s->ac, true);
}

/* should_compact_retry */
static bool should_compact_retry(struct slowpath *s)
{
	bool costly = s->req->order > PAGE_ALLOC_COSTLY_ORDER;
	enum compact_priority least = costly ? MIN_COMPACT_COSTLY_PRIORITY : MIN_COMPACT_PRIORITY;

	if (!s->req->order)
		return false;
	if (s->compact == COMPACT_SUCCESS)
		s->compaction_retries++;
	if (compaction_needs_reclaim(s->compact))
		return compaction_zonelist_suitable(s->mm, s->ac, s->req->order, s->alloc_flags);
	if (!compaction_failed(s->compact) && !compaction_withdrawn(s->compact) &&
	    s->compaction_retries <= (costly ? MAX_COMPACT_RETRIES / 4 : MAX_COMPACT_RETRIES))
		return true;
	if (s->priority <= least)
		return false;
	s->priority--;
	s->compaction_retries = 0;
	return true;
}

/* __alloc_pages_may_oom */
static unsigned long may_oom(struct slowpath *s)
{
	struct alloc_request calm = *s->req;
	struct mm *mm = s->mm;
	unsigned long pfn;

	s->progress = 0;
	calm.gfp = (calm.gfp | __GFP_HARDWALL) & ~(gfp_t)__GFP_DIRECT_RECLAIM;
	pfn = get_page_from_freelist(mm, &calm, WMARK_HIGH, s->ac);
	if (pfn != PFN_NONE)
		return pfn;
	if (s->req->order > PAGE_ALLOC_COSTLY_ORDER || (s->req->gfp & (__GFP_RETRY_MAYFAIL | __GFP_THISNODE)))
		return PFN_NONE;
	if (s->ac->highest_zoneidx < mm->gfp_zone_table[0])
		return PFN_NONE; /* nobody is killed for a zone below Normal */
	announce(s, "out of memory");
	s->progress = out_of_memory(mm, s->req, s->ac);
	if (s->req->gfp & __GFP_NOFAIL)
		pfn = try_flags(s, ALLOC_NO_WATERMARKS);
	return pfn;
}

/*
 * Costly and unmovable requests compact before they reclaim. Returns false if
 * a __GFP_NORETRY request has to give up here; *pfn is the block, if any.
 */
static bool compact_first(struct slowpath *s, unsigned long *pfn)
{
	bool costly = s->req->order > PAGE_ALLOC_COSTLY_ORDER;
	gfp_t gfp = s->req->gfp;

	if (!(gfp & __GFP_DIRECT_RECLAIM) || !(gfp & __GFP_IO) || gfp_pfmemalloc_flags(gfp))
		return true;
	if (!costly && (!s->req->order || s->ac->migratetype == MIGRATE_MOVABLE))
		return true;
	*pfn = direct_compact(s, INIT_COMPACT_PRIORITY);
	if (*pfn != PFN_NONE || !costly || !(gfp & __GFP_NORETRY))
		return true;
	if (s->compact == COMPACT_SKIPPED || s->compact == COMPACT_DEFERRED || (gfp & __GFP_THISNODE))
		return false;
	s->priority = INIT_COMPACT_PRIORITY;
	return true;
}

/* One round of the loop: lists, reclaim, compaction, OOM. *again: progress was made, go on. */
static unsigned long one_round(struct slowpath *s, bool *again)
{
	bool costly = s->req->order > PAGE_ALLOC_COSTLY_ORDER, can_compact = s->req->gfp & __GFP_IO;
	unsigned int reserve_flags = gfp_pfmemalloc_flags(s->req->gfp);
	unsigned long pfn;

	*again = false;
	if (s->alloc_flags & ALLOC_KSWAPD)
		wake_all_kswapds(s);
	if (reserve_flags) {
		s->alloc_flags = reserve_flags | (s->alloc_flags & ALLOC_KSWAPD);
		if (s->ac->migratetype == MIGRATE_MOVABLE)
			s->alloc_flags |= ALLOC_CMA;
	}
	pfn = try_lists(s);
	if (pfn != PFN_NONE || !(s->req->gfp & __GFP_DIRECT_RECLAIM))
		return pfn;
	pfn = direct_reclaim(s);
	if (pfn == PFN_NONE)
		pfn = direct_compact(s, s->priority);
	if (pfn != PFN_NONE || (s->req->gfp & __GFP_NORETRY))
		return pfn;
	if (interrupted(s->mm))
		return PFN_NONE;
	if (costly && (!can_compact || !(s->req->gfp & __GFP_RETRY_MAYFAIL)))
		return PFN_NONE;
	if (should_reclaim_retry(s) || (s->progress && can_compact && should_compact_retry(s))) {
		*again = true;
		return PFN_NONE;
	}
	pfn = may_oom(s);
	if (pfn == PFN_NONE && s->progress) {
		s->no_progress_loops = 0;
		*again = true;
	}
	return pfn;
}

/* Round after round, as long as each brings something (the loop of __alloc_pages_slowpath). */
static unsigned long all_rounds(struct slowpath *s)
{
	unsigned long pfn = PFN_NONE;
	bool again = true;

	while (pfn == PFN_NONE && again)
		pfn = one_round(s, &again);
	return pfn;
}

/* What a round may have changed: pages reclaimed and migrated, processes killed. */
static unsigned long work_done(const struct mm *mm)
{
	return mm->vm_events[PGSTEAL_DIRECT] + mm->vm_events[PGSTEAL_KSWAPD] +
	       mm->vm_events[PGMIGRATE_SUCCESS] + mm->vm_events[OOM_KILL];
}

/*
 * Rounds in vain until compaction, put off for ever longer, was tried again
 * and began anew: 1 + 2 + … + 64 of them, and 64 more (compaction_deferred,
 * compaction_restarting).
 */
#define IDLE_ROUNDS 256

/*
 * The rounds of a request that must not fail: where another would give up it
 * gets part of the reserves and goes on, here until so many rounds change
 * nothing that none will; the kernel would never stop.
 */
static unsigned long rounds_without_fail(struct slowpath *s)
{
	unsigned int most = s->req->order ? IDLE_ROUNDS : 1;
	unsigned long pfn = PFN_NONE;

	for (unsigned int idle = 0; pfn == PFN_NONE && idle < most && !interrupted(s->mm);) {
		unsigned long before = work_done(s->mm);

		if (!idle)
			announce(s, "__GFP_NOFAIL: with half of the min reserve");
		pfn = try_flags(s, ALLOC_MIN_RESERVE);
		if (pfn == PFN_NONE)
			pfn = all_rounds(s);
		idle = work_done(s->mm) == before ? idle + 1 : 0;
	}
	if (pfn == PFN_NONE)
		announce(s, "__GFP_NOFAIL: the kernel would try for ever here");
	return pfn;
}

/* The first look with the slow path's flags, then compaction for those who begin with it, then the rounds. */
static unsigned long slow_tries(struct slowpath *s)
{
	unsigned long pfn;

	if (s->alloc_flags & ALLOC_KSWAPD)
		wake_all_kswapds(s);
	pfn = try_lists(s);
	if (pfn != PFN_NONE || !compact_first(s, &pfn) || pfn != PFN_NONE)
		return pfn;
	return all_rounds(s);
}

unsigned long alloc_pages_slowpath(struct mm *mm, const struct alloc_request *req,
				   const struct alloc_context *ac)
{
	struct alloc_request sane = *req;
	struct slowpath s = { .mm = mm,
			      .req = &sane,
			      .ac = ac,
			      .priority = DEF_COMPACT_PRIORITY,
			      .compact = COMPACT_SKIPPED,
			      .alloc_flags = gfp_to_alloc_flags(mm, req->gfp, req->order) };
	unsigned long pfn = PFN_NONE;

	/* who may sleep is not atomic, whatever the GFP word says */
	if (req->gfp & __GFP_DIRECT_RECLAIM)
		sane.gfp &= ~(gfp_t)__GFP_ATOMIC;
	if (ac->zone) {
		announce(&s, "no zone serves it above the low watermark: down to min");
		pfn = slow_tries(&s);
	} else {
		announce(&s, "no zone may serve it");
	}
	if (pfn == PFN_NONE && (req->gfp & __GFP_NOFAIL) && (req->gfp & __GFP_DIRECT_RECLAIM))
		pfn = rounds_without_fail(&s);
	if (pfn == PFN_NONE)
		trace(mm, ALLOC_FAILED, .order = (int)req->order, .gfp = req->gfp);
	return pfn;
}
