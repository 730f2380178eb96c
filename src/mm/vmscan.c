/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One batch of one LRU list. Pages leave the tail of an inactive list and are
 * looked at one by one: used since, they go back or become active; else they
 * are written if they must be, taken from their owner and freed. An active
 * list's tail becomes inactive and gets a chance to be used there. Follows
 * mm/vmscan.c.
 */
#include "config.h"

#include "reclaim.h"

/* What became of the pages of a batch (struct reclaim_stat). */
struct reclaim_stat {
	unsigned long nr_unqueued_dirty, nr_pageout, nr_ref_keep;
	unsigned long nr_activate[2]; /* anon, file */
};

/* ---------------------------------------------------------- isolation --- */

/* All of from goes before the head of list. */
static void page_list_splice(struct page *base, struct page_list *from, struct page_list *list)
{
	if (from->head == PFN_NIL)
		return;
	base[from->tail].next = list->head;
	if (list->head == PFN_NIL)
		list->tail = from->tail;
	else
		base[list->head].prev = from->tail;
	list->head = from->head;
	list->nr += from->nr;
}

/*
 * Take blocks with about nr_to_scan pages off the tail of a list
 * (isolate_lru_folios). Those of zones too high for the request do not count
 * and go to the list's head, so that the next batch does not meet them again.
 * Returns the pages taken, to be dealt with from the tail of taken on.
 */
static unsigned long isolate_lru_pages(struct mm *mm, struct pglist_data *node, const struct scan_control *sc,
				       enum lru_list lru, unsigned long nr_to_scan, struct page_list *taken,
				       unsigned long *nr_scanned)
{
	struct page_list *src = &node->lruvec.lists[lru], skipped;
	unsigned long nr_zone_taken[NR_ZONE_TYPES] = { 0 }, nr_taken = 0, scan = 0;

	page_list_init(taken);
	page_list_init(&skipped);
	*nr_scanned = 0;
	while (scan < nr_to_scan && src->tail != PFN_NIL) {
		uint32_t pfn = src->tail;
		struct page *page = pfn_to_page(mm, pfn);
		int zone = mm->zones[page->zone]->index;
		unsigned long nr = page_nr(page);

		page_list_del(mm->memmap, src, pfn);
		*nr_scanned += nr;
		if (zone > sc->reclaim_idx) {
			page_list_add(mm->memmap, &skipped, pfn);
			mm->vm_zone_events[PGSCAN_SKIP][zone] += nr;
			continue;
		}
		scan += nr;
		page->flags = (uint16_t)((page->flags & ~PG_LRU) | PG_ISOLATED);
		page_list_add(mm->memmap, taken, pfn);
		nr_zone_taken[zone] += nr;
		nr_taken += nr;
	}
	page_list_splice(mm->memmap, &skipped, src);
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (nr_zone_taken[i])
			update_lru_size(mm, &node->node_zones[i], lru, -(long)nr_zone_taken[i]);
	node->vm_stat[NR_ISOLATED_ANON + is_file_lru(lru)] += (long)nr_taken;
	return nr_taken;
}

/* The last entry of a list of isolated pages, off the list; PFN_NIL: none left. */
static uint32_t pop_tail(struct mm *mm, struct page_list *list)
{
	uint32_t pfn = list->tail;

	if (pfn != PFN_NIL)
		page_list_del(mm->memmap, list, pfn);
	return pfn;
}

static void announce(struct mm *mm, unsigned long pfn, const char *text)
{
	const struct page *page = pfn_to_page(mm, pfn);

	trace(mm, LRU_FOLIO, .zone = mm->zones[page->zone], .pfn = pfn, .order = (int)page_order(page),
	      .text = text);
}

/* ------------------------------------------------------ one page's fate --- */

enum fate { FATE_FREE, FATE_KEEP, FATE_ACTIVATE };

/* Was it used? (folio_check_references) FATE_FREE: not enough to stay; *clean_only: but a dirty one may. */
static enum fate check_references(struct mm *mm, unsigned long pfn, struct reclaim_stat *stat,
				  bool *clean_only, const char **why)
{
	struct page *page = pfn_to_page(mm, pfn);
	bool young = mm->lru_flags[pfn] & LRU_YOUNG, referenced = page->flags & PG_REFERENCED;

	mm->lru_flags[pfn] &= (uint8_t)~LRU_YOUNG;
	page->flags &= (uint16_t)~PG_REFERENCED;
	*clean_only = referenced && page_is_file_lru(page);
	if (!young)
		return FATE_FREE;
	page->flags |= PG_REFERENCED;
	if (referenced) {
		*why = "touched again: active";
		return FATE_ACTIVATE;
	}
	*why = "touched: one more round";
	stat->nr_ref_keep += page_nr(page);
	return FATE_KEEP;
}

/* An anonymous page goes to swap, if there is room; the write is done at once (add_to_swap, pageout). */
static enum fate swap_out(struct mm *mm, const struct scan_control *sc, const struct page *page,
			  struct reclaim_stat *stat, const char **why)
{
	unsigned long nr = page_nr(page);

	*why = "kept: this request may not do I/O";
	if (!(sc->gfp & __GFP_IO) || !sc->may_writepage)
		return FATE_KEEP;
	*why = "kept: pinned";
	if (!(page->flags & PG_MIGRATABLE))
		return FATE_KEEP;
	*why = "no room in swap: active";
	if (mm->nr_swap_pages < nr)
		return FATE_ACTIVATE;
	mm->nr_swap_pages -= nr;
	count_vm_events(mm, PSWPOUT, nr);
	count_vm_events(mm, PGPGOUT, nr << (mm->page_shift - 10));
	page_pgdat(mm, page)->vm_stat[NR_VMSCAN_WRITE] += (long)nr;
	stat->nr_pageout += nr;
	*why = "to swap, and freed";
	return FATE_FREE;
}

/*
 * A dirty file page is left to the flusher, out of the way on the active list;
 * only kswapd writes one itself, when it comes round again and the list's tail
 * was all dirty (pageout).
 */
static enum fate write_out(struct mm *mm, struct pglist_data *node, const struct scan_control *sc,
			   unsigned long pfn, bool clean_only, struct reclaim_stat *stat, const char **why)
{
	long nr = (long)page_nr(pfn_to_page(mm, pfn));

	if (!sc->kswapd || !(mm->lru_flags[pfn] & LRU_RECLAIM) || !node->dirty) {
		node->vm_stat[NR_VMSCAN_IMMEDIATE] += nr;
		mm->lru_flags[pfn] |= LRU_RECLAIM;
		*why = "dirty: set aside until the flusher has written it";
		return FATE_ACTIVATE;
	}
	*why = "kept: dirty, and used";
	if (clean_only || !sc->may_writepage)
		return FATE_KEEP;
	page_clear_dirty(mm, pfn);
	node->vm_stat[NR_VMSCAN_WRITE] += nr;
	node->vm_stat[NR_WRITTEN] += nr;
	count_vm_events(mm, PGPGOUT, (unsigned long)nr << (mm->page_shift - 10));
	stat->nr_pageout += (unsigned long)nr;
	*why = "written by kswapd, and freed";
	return FATE_FREE;
}

static enum fate judge_page(struct mm *mm, struct pglist_data *node, const struct scan_control *sc,
			    unsigned long pfn, struct reclaim_stat *stat, const char **why)
{
	const struct page *page = pfn_to_page(mm, pfn);
	bool clean_only;
	enum fate fate;

	if (page->flags & PG_DIRTY)
		stat->nr_unqueued_dirty += page_nr(page);
	fate = check_references(mm, pfn, stat, &clean_only, why);
	if (fate != FATE_FREE)
		return fate;
	if (!page_is_file_lru(page))
		return swap_out(mm, sc, page, stat, why);
	*why = "pinned: active";
	if (!(page->flags & PG_MIGRATABLE))
		return FATE_ACTIVATE;
	*why = "clean: dropped";
	return page->flags & PG_DIRTY ? write_out(mm, node, sc, pfn, clean_only, stat, why) : FATE_FREE;
}

/* The owner loses the page (__remove_mapping); it stays allocated until the caller frees it. */
static void take_from_owner(struct mm *mm, unsigned long pfn)
{
	const struct page *page = pfn_to_page(mm, pfn);
	struct reclaimed_page told = {
		.owner = page->private,
		.pfn = pfn,
		.order = page_order(page),
		.how = page_is_file_lru(page) ? RECLAIM_DROPPED : RECLAIM_SWAPPED,
		.shadow = workingset_eviction(mm, pfn),
	};

	lru_release(mm, pfn);
	if (mm->page_reclaimed)
		mm->page_reclaimed(mm->page_reclaimed_arg, &told);
}

/* -------------------------------------------------------------- batches --- */

/*
 * Decide on every page of a list; those that stay are on it afterwards. Large
 * blocks are freed at once, single pages together at the end, the last first
 * (shrink_folio_list, free_unref_page_list). Returns the pages freed.
 */
static unsigned long shrink_page_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc,
				      struct page_list *list, struct reclaim_stat *stat)
{
	struct page_list kept, to_free;
	unsigned long nr_reclaimed = 0;
	uint32_t pfn, next;

	page_list_init(&kept);
	page_list_init(&to_free);
	while ((pfn = pop_tail(mm, list)) != PFN_NIL) {
		struct page *page = pfn_to_page(mm, pfn);
		unsigned long nr = page_nr(page);
		const char *why = "";
		enum fate fate = judge_page(mm, node, sc, pfn, stat, &why);

		sc->nr_scanned += nr;
		announce(mm, pfn, why);
		if (fate == FATE_ACTIVATE) {
			page->flags |= PG_ACTIVE;
			stat->nr_activate[page_is_file_lru(page)] += nr;
		}
		if (fate != FATE_FREE) {
			page_list_add(mm->memmap, &kept, pfn);
			continue;
		}
		nr_reclaimed += nr;
		take_from_owner(mm, pfn);
		if (page_order(page))
			free_pages(mm, mm->cpu, pfn, page_order(page), false, NULL);
		else
			page_list_add(mm->memmap, &to_free, pfn);
	}
	for (pfn = to_free.head; pfn != PFN_NIL; pfn = next) {
		next = mm->memmap[pfn].next;
		free_pages(mm, mm->cpu, pfn, 0, false, NULL);
	}
	count_vm_events(mm, PGACTIVATE, stat->nr_activate[0] + stat->nr_activate[1]);
	*list = kept;
	return nr_reclaimed;
}

/* Isolated pages go back to the heads of the lists their flags name (move_folios_to_lru). */
static void move_pages_to_lru(struct mm *mm, struct pglist_data *node, struct page_list *list)
{
	uint32_t pfn;

	while ((pfn = pop_tail(mm, list)) != PFN_NIL) {
		const struct page *page = pfn_to_page(mm, pfn);

		lruvec_add_page(mm, pfn, false);
		if (page->flags & PG_ACTIVE)
			workingset_age_nonresident(node, page_nr(page));
	}
}

static void count_scan(struct mm *mm, const struct scan_control *sc, bool file, unsigned long scanned,
		       unsigned long reclaimed)
{
	count_vm_events(mm, sc->kswapd ? PGSCAN_KSWAPD : PGSCAN_DIRECT, scanned);
	count_vm_events(mm, file ? PGSCAN_FILE : PGSCAN_ANON, scanned);
	count_vm_events(mm, sc->kswapd ? PGSTEAL_KSWAPD : PGSTEAL_DIRECT, reclaimed);
	count_vm_events(mm, file ? PGSTEAL_FILE : PGSTEAL_ANON, reclaimed);
}

/* The batch in the kernel's words. */
static void announce_batch(struct mm *mm, const struct pglist_data *node, const struct scan_control *sc,
			   bool file, unsigned long scanned, unsigned long reclaimed,
			   const struct reclaim_stat *stat)
{
	char text[160];

	if (!(mm->trace_mask & TRACE_BIT(TRACE_LRU_SHRINK_INACTIVE)))
		return;
	snprintf(text, sizeof(text), "nr_dirty=%lu nr_activate_anon=%lu nr_activate_file=%lu nr_ref_keep=%lu",
		 stat->nr_unqueued_dirty, stat->nr_activate[0], stat->nr_activate[1], stat->nr_ref_keep);
	trace(mm, LRU_SHRINK_INACTIVE, .order = sc->priority, .mt = file, .a = (long)scanned,
	      .b = (long)reclaimed, .c = node->node_id, .text = text);
}

/*
 * Whether so many pages are off a node's lists that a request should not take
 * more: an eighth of the inactive ones for those who may write and wait for
 * file systems, so that others are never kept from theirs (too_many_isolated).
 */
static bool too_many_isolated(const struct pglist_data *node, bool file, const struct scan_control *sc)
{
	const gfp_t all = __GFP_IO | __GFP_FS;
	long inactive = node->vm_stat[NR_INACTIVE_ANON + 2 * file];

	if (sc->kswapd)
		return false;
	return node->vm_stat[NR_ISOLATED_ANON + file] > ((sc->gfp & all) == all ? inactive >> 3 : inactive);
}

/* A request waits for the pages to come back, and kswapd works on meanwhile; false: they do not
 * (reclaim_throttle). */
static bool wait_for_isolated(struct mm *mm, struct pglist_data *node, bool file,
			      const struct scan_control *sc)
{
	if (!too_many_isolated(node, file, sc))
		return true;
	kswapd(mm, node);
	return !too_many_isolated(node, file, sc);
}

unsigned long shrink_inactive_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc,
				   enum lru_list lru, unsigned long nr_to_scan)
{
	struct reclaim_stat stat = { 0 };
	bool file = is_file_lru(lru);
	unsigned long nr_scanned, nr_reclaimed, nr_taken;
	struct page_list list;

	if (!wait_for_isolated(mm, node, file, sc))
		return 0;
	nr_taken = isolate_lru_pages(mm, node, sc, lru, nr_to_scan, &list, &nr_scanned);
	if (!nr_taken) {
		count_scan(mm, sc, file, nr_scanned, 0);
		return 0;
	}
	nr_reclaimed = shrink_page_list(mm, node, sc, &list, &stat);
	move_pages_to_lru(mm, node, &list);
	node->vm_stat[NR_ISOLATED_ANON + file] -= (long)nr_taken;
	count_scan(mm, sc, file, nr_scanned, nr_reclaimed);
	lru_note_cost(node, file, stat.nr_pageout);

	sc->nr.unqueued_dirty += stat.nr_unqueued_dirty;
	if (file)
		sc->nr.file_taken += nr_taken;
	announce_batch(mm, node, sc, file, nr_scanned, nr_reclaimed, &stat);
	/* nothing but dirty pages: the flusher threads are behind */
	if (stat.nr_unqueued_dirty == nr_taken)
		flush_dirty_pages(mm);
	return nr_reclaimed;
}

unsigned long reclaim_clean_pages_from_list(struct mm *mm, struct page_list *list)
{
	unsigned long nr_reclaimed = 0;
	struct page_list to_free;
	uint32_t pfn, next;

	page_list_init(&to_free);
	for (pfn = list->head; pfn != PFN_NIL; pfn = next) {
		const struct page *page = pfn_to_page(mm, pfn);

		next = page->next;
		if (!(page->flags & PG_ISOLATED) || !page_is_file_lru(page) || (page->flags & PG_DIRTY))
			continue;
		page_list_del(mm->memmap, list, pfn);
		announce(mm, pfn, "clean, and its place is wanted: dropped");
		page_pgdat(mm, page)->vm_stat[NR_ISOLATED_FILE] -= (long)page_nr(page);
		nr_reclaimed += page_nr(page);
		take_from_owner(mm, pfn);
		if (page_order(page))
			free_pages(mm, mm->cpu, pfn, page_order(page), false, NULL);
		else
			page_list_add(mm->memmap, &to_free, pfn);
	}
	for (pfn = to_free.head; pfn != PFN_NIL; pfn = next) {
		next = mm->memmap[pfn].next;
		free_pages(mm, mm->cpu, pfn, 0, false, NULL);
	}
	return nr_reclaimed;
}

void shrink_active_list(struct mm *mm, struct pglist_data *node, struct scan_control *sc, enum lru_list lru,
			unsigned long nr_to_scan)
{
	unsigned long nr_scanned, nr_taken;
	struct page_list list;
	uint32_t pfn;

	nr_taken = isolate_lru_pages(mm, node, sc, lru, nr_to_scan, &list, &nr_scanned);
	count_vm_events(mm, PGREFILL, nr_scanned);
	while ((pfn = pop_tail(mm, &list)) != PFN_NIL) {
		mm->lru_flags[pfn] = (uint8_t)((mm->lru_flags[pfn] & ~LRU_YOUNG) | LRU_WORKINGSET);
		pfn_to_page(mm, pfn)->flags &= (uint16_t)~PG_ACTIVE;
		lruvec_add_page(mm, pfn, false);
		announce(mm, pfn, "made inactive");
	}
	count_vm_events(mm, PGDEACTIVATE, nr_taken);
	node->vm_stat[NR_ISOLATED_ANON + is_file_lru(lru)] -= (long)nr_taken;
	trace(mm, LRU_SHRINK_ACTIVE, .order = sc->priority, .mt = is_file_lru(lru), .a = (long)nr_taken,
	      .b = (long)nr_taken, .c = node->node_id);
}
