/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Getting pages back: the LRU lists, reclaim, kswapd, and what an owner hears
 * of it. Follows mm/vmscan.c, mm/swap.c, mm/workingset.c and mm/oom_kill.c
 * (the classic lists, not the multi-generational ones).
 *
 * Two kinds of pages are on the lists. Anonymous ones are mapped by a process;
 * a touch sets the accessed bit of its page table, and they can go to swap
 * only. File pages are page cache that read() and write() go through; a touch
 * is folio_mark_accessed(), and they can be dropped once they are clean.
 *
 * What a real machine leaves to chance is settled: pages enter their list at
 * once (no per-CPU batches); a write to swap or by reclaim is done when it
 * returns, as on a ramdisk; the flusher threads write everything that is dirty
 * the moment they are woken; a block of several pages is swapped as a whole or
 * not at all, because its owner holds it as one.
 */
#ifndef BUDDYVIZ_VMSCAN_H
#define BUDDYVIZ_VMSCAN_H

#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"

/* "inactive_anon" … as /proc/vmstat calls it after "nr_". */
const char *lru_list_name(enum lru_list lru);

/* The list a page belongs on, by its flags (folio_lru_list). */
static inline enum lru_list page_lru(const struct page *page)
{
	return (page->flags & PG_ANON ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE) +
	       (page->flags & PG_ACTIVE ? 1 : 0);
}

/*
 * The owner of the block at pfn uses it: second chance, or activation
 * (folio_mark_accessed, the PTE's accessed bit).
 */
void page_touch(struct mm *mm, unsigned long pfn);

/*
 * The owner writes to it (folio_mark_dirty); anonymous pages count as touched only: to
 * swap they are always dirty.
 */
void page_set_dirty(struct mm *mm, unsigned long pfn);

/* What became of a page that was taken from its owner. */
enum reclaim_how {
	RECLAIM_SWAPPED, /* anonymous: its contents are in swap, in as many slots as it has pages */
	RECLAIM_DROPPED, /* file: can be read again */
};

/* What the page_reclaimed hook is told, after the page was unmapped and before it is freed. */
struct reclaimed_page {
	uint32_t owner;
	unsigned long pfn;
	unsigned int order;
	enum reclaim_how how;
	unsigned long shadow; /* when it was evicted: to be kept for fault_in() */
};

/*
 * Bring reclaimed contents back into a new block, as a fault or a read does:
 * alloc_pages(req), on the list that the refault distance says. req->lru says
 * what kind of page it is. Returns its PFN or PFN_NONE; the swap slots are
 * still the owner's, for swap_free().
 */
unsigned long fault_in(struct mm *mm, const struct alloc_request *req, unsigned long shadow);

/* The owner of swapped contents has no more use for them: 1 << order slots are free again. */
void swap_free(struct mm *mm, unsigned int order);

/*
 * Reclaim about nr_pages pages from node (index; -1: each that has any) as a
 * request that may do anything would. Returns the pages reclaimed.
 */
unsigned long reclaim_pages(struct mm *mm, int node, unsigned long nr_pages);

/*
 * The kernel threads get the CPU: kswapd runs on each node where it was woken,
 * until it can sleep again. Never called while a request is under way.
 */
void kswapd_run(struct mm *mm);

/* A process the OOM killer may choose, in pages. */
struct oom_candidate {
	const char *name;
	unsigned long rss;  /* resident: what its death would free */
	unsigned long swap; /* in swap */
	long adj;           /* oom_score_adj, -1000 (never) to 1000 */
};

#endif
