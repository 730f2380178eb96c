/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that get pages back need of each other: lru.c (the lists),
 * workingset.c (what was evicted and came back), vmscan.c (one batch of one
 * list), reclaim.c (how much of which list), kswapd.c.
 */
#ifndef BUDDYVIZ_MM_RECLAIM_H
#define BUDDYVIZ_MM_RECLAIM_H

#include "buddyviz/vmscan.h"
#include "free_list.h"

#define DEF_PRIORITY 12

/* What one reclaim wants, may do and has done (struct scan_control). Pages. */
struct scan_control {
	unsigned long nr_to_reclaim;
	unsigned long nr_scanned, nr_reclaimed;
	unsigned long anon_cost, file_cost;
	gfp_t gfp;
	unsigned int order; /* of the request it is done for */
	int priority;       /* scan 1/2^priority of each list */
	int reclaim_idx;    /* highest zone index whose pages help */
	bool kswapd;        /* it is kswapd's, not a request's */
	bool may_writepage, may_swap;
	bool may_deactivate[2]; /* anon, file: the inactive list is to be filled from the active one */
	bool force_deactivate, skipped_deactivate;
	bool cache_trim_mode;  /* plenty of inactive file pages: leave the anonymous ones alone */
	bool file_is_tiny;     /* hardly any file pages: take anonymous ones */
	bool compaction_ready; /* a zone needs no reclaim, compaction can go ahead */
	struct {
		unsigned long unqueued_dirty, file_taken;
	} nr; /* of the node being shrunk */
};

static inline bool is_file_lru(enum lru_list lru)
{
	return lru >= LRU_INACTIVE_FILE;
}

static inline bool is_active_lru(enum lru_list lru)
{
	return lru == LRU_ACTIVE_ANON || lru == LRU_ACTIVE_FILE;
}

static inline bool page_is_file_lru(const struct page *page)
{
	return !(page->flags & PG_ANON);
}

static inline unsigned long page_nr(const struct page *page)
{
	return 1UL << page_order(page);
}

static inline struct pglist_data *page_pgdat(const struct mm *mm, const struct page *page)
{
	return &mm->nodes[mm->zones[page->zone]->node];
}

/* ----------------------------------------------------------- lru.c --- */

/* Pages came to a list (pages > 0) or left it: the node's counter and the zone's (update_lru_size). */
void update_lru_size(struct mm *mm, struct zone *zone, enum lru_list lru, long pages);
/*
 * A used block that is on no list enters the one it belongs on, at the head or at the
 * tail (lruvec_add_folio).
 */
void lruvec_add_page(struct mm *mm, unsigned long pfn, bool tail);
/* A file page is clean from now on: written, or gone. */
void page_clear_dirty(struct mm *mm, unsigned long pfn);
/* Pages of a node's list in zones up to highest_zoneidx (lruvec_lru_size). */
unsigned long lruvec_lru_size(const struct mm *mm, const struct pglist_data *node, enum lru_list lru,
			      int highest_zoneidx);
/* Reclaiming a kind of page cost this much; old costs fade (lru_note_cost). */
void lru_note_cost(struct pglist_data *node, bool file, unsigned long nr_pages);
/*
 * The flusher threads write every dirty file page; what was marked to be freed
 * then goes to the tail of its inactive list (wakeup_flusher_threads,
 * folio_rotate_reclaimable). Returns the pages written.
 */
unsigned long flush_dirty_pages(struct mm *mm);

/* ---------------------------------------------------- workingset.c --- */

/* A page of the node was activated (workingset_age_nonresident). */
void workingset_age_nonresident(struct pglist_data *node, unsigned long nr_pages);
/* The shadow of a page that is evicted now: what workingset_refault() needs to know of it. */
unsigned long workingset_eviction(struct mm *mm, unsigned long pfn);
/*
 * A new page, on no list yet, has the contents of an evicted one: perhaps it is to be
 * active (workingset_refault).
 */
void workingset_refault(struct mm *mm, unsigned long pfn, unsigned long shadow);
/*
 * Reclaim of the node ends: activations from here on mean that the working set changes
 * (snapshot_refaults).
 */
void snapshot_refaults(struct pglist_data *node);

/* -------------------------------------------------------- vmscan.c --- */

/*
 * Try to free up to nr_to_scan pages from the tail of an inactive list; how many were
 * (shrink_inactive_list).
 */
unsigned long shrink_inactive_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc,
				   enum lru_list lru, unsigned long nr_to_scan);
/*
 * Drop the clean file pages among the isolated blocks of a list, used or not;
 * the rest stays on it (reclaim_clean_pages_from_list). Returns the pages freed.
 */
unsigned long reclaim_clean_pages_from_list(struct mm *mm, struct page_list *list);
/* Move up to nr_to_scan pages from the tail of an active list to the inactive one (shrink_active_list). */
void shrink_active_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc, enum lru_list lru,
			unsigned long nr_to_scan);

/* ------------------------------------------------------- reclaim.c --- */

/*
 * Whether anonymous pages have somewhere to go (can_reclaim_anon_pages), and whether
 * they may have (can_age_anon_pages).
 */
static inline bool can_reclaim_anon_pages(const struct mm *mm)
{
	return mm->nr_swap_pages > 0;
}

static inline bool can_age_anon_pages(const struct mm *mm)
{
	return mm->total_swap_pages > 0;
}

/* Whether an inactive list is short for its active one (inactive_is_low). */
bool inactive_is_low(const struct mm *mm, const struct pglist_data *node, enum lru_list inactive);
/* One go at a node's lists (shrink_node). */
void shrink_node(struct mm *mm, struct pglist_data *node, struct scan_control *sc);

/* -------------------------------------------------------- kswapd.c --- */

/* Let a node's kswapd run until it sleeps, if it was woken. */
void kswapd(struct mm *mm, struct pglist_data *node);

#endif
