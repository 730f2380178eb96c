/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compaction, contiguous allocation and page isolation: what moves pages.
 */
#ifndef BUDDYVIZ_COMPACTION_H
#define BUDDYVIZ_COMPACTION_H

#include "buddyviz/mm.h"

/* How patient migration is. */
enum migrate_mode {
	MIGRATE_ASYNC,      /* pages that would have to be waited for are left */
	MIGRATE_SYNC_LIGHT, /* waits, but not for writeback */
	MIGRATE_SYNC,
};

/* How a compaction ended, from the least done to the most. */
enum compact_result {
	COMPACT_NOT_SUITABLE_ZONE,
	COMPACT_SKIPPED,  /* too few free pages, or nothing to gain */
	COMPACT_DEFERRED, /* it failed lately */
	COMPACT_NO_SUITABLE_PAGE,
	COMPACT_CONTINUE,
	COMPACT_COMPLETE,        /* the scanners met, after all of the zone */
	COMPACT_PARTIAL_SKIPPED, /* the scanners met, after a part of the zone */
	COMPACT_CONTENDED,       /* stopped: no targets left, or interrupted */
	COMPACT_SUCCESS,         /* a block of the order is free */
};

/* "complete", "success" …, the kernel's words in its traces. */
const char *compact_result_name(enum compact_result result);

struct compact_request {
	int node;  /* index in mm->nodes */
	int zone;  /* id in mm->zones, -1: all of the node */
	int order; /* stop when a block of it is free; -1: compact all, as writing to the compact file does */
	enum migrate_mode mode;
	unsigned int cpu;
};

/* What compaction did. Pages; the result is the last zone's. */
struct compact_report {
	enum compact_result result;
	unsigned long migrate_scanned, free_scanned;
	unsigned long migrated;
	unsigned long unmovable; /* scanned, of an owner, and not fit to be moved */
};

/*
 * Compact a node or one of its zones (compact_node, kcompactd_do_work's way
 * with an order). report may be NULL. Returns the last zone's result.
 */
enum compact_result compact_memory(struct mm *mm, const struct compact_request *req,
				   struct compact_report *report);

/* ------------------------------------------------------- kcompactd --- */

/* Tell a node's kcompactd that blocks of order are missing (wakeup_kcompactd). It works in kcompactd_run().
 */
void wakeup_kcompactd(struct mm *mm, struct pglist_data *node, unsigned int order, int highest_zoneidx);
/* Let every kcompactd that was woken do its work; how many did (kcompactd_do_work). */
unsigned int kcompactd_run(struct mm *mm);
/* The share of a zone's free pages that is not in huge-page blocks, 0..100 (fragmentation_score_zone). */
unsigned int fragmentation_score_zone(const struct mm *mm, const struct zone *zone);
/* A node's fragmentation score, 0..100, and the score from which kcompactd compacts without being asked. */
unsigned int fragmentation_score_node(const struct mm *mm, const struct pglist_data *node);
unsigned int fragmentation_score_high(const struct mm *mm);
/* kcompactd's timer: compact the nodes whose score is too high; how many were (proactive_compact_node). */
unsigned int proactive_compact(struct mm *mm);
/* Forget skip bits of zones that were compacted end to end in vain; kswapd does so before it sleeps
 * (reset_isolation_suitable). */
void reset_isolation_suitable(struct mm *mm, struct pglist_data *node);

/* ------------------------------------------------------------- CMA --- */

/* How many areas a request of count pages was tried in before it succeeded or failed, and why. */
struct cma_report {
	unsigned int tries;     /* ranges that were tried */
	unsigned long busy_pfn; /* the page the last failure was due to, PFN_NONE: none */
	const char *error;      /* a static sentence; NULL: it succeeded */
};

/*
 * count contiguous pages, aligned to 1 << align pages, out of an area, for
 * owner; pages in the way are migrated (cma_alloc). Each page is an
 * allocated block of order 0 afterwards. report may be NULL. Returns the
 * first PFN or PFN_NONE.
 */
unsigned long cma_alloc(struct mm *mm, struct cma_area *cma, unsigned long count, unsigned int align,
			uint32_t owner, struct cma_report *report);
/* Give count pages at pfn back (cma_release); false: they were not handed out by the area as a whole. */
bool cma_release(struct mm *mm, struct cma_area *cma, unsigned long pfn, unsigned long count);

/* ------------------------------------------------- page isolation --- */

/*
 * Isolate the pageblocks of [start, end) and migrate what is in them, as
 * memory offlining begins. start and end must be aligned to pageblocks and in
 * one zone. Returns NULL, or why not, a static sentence; *busy_pfn (may be
 * NULL) is the page it was due to; nothing stays isolated then.
 */
const char *isolate_page_range(struct mm *mm, unsigned long start, unsigned long end,
			       unsigned long *busy_pfn);
/* Make isolated pageblocks of [start, end) Movable again; how many there were (undo_isolate_page_range). */
unsigned long unisolate_page_range(struct mm *mm, unsigned long start, unsigned long end);

#endif
