/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The LRU lists. Each node has four: anonymous and file pages, of each the
 * inactive ones, which reclaim takes from the tail, and the active ones, which
 * it does not touch before they were made inactive. A page enters inactive,
 * at the head, and has to be used once more on its way to the tail. Follows
 * mm/swap.c and include/linux/mm_inline.h.
 */
#include "config.h"

#include "reclaim.h"

static const char *const lru_names[NR_LRU_LISTS] = {
	[LRU_INACTIVE_ANON] = "inactive_anon",
	[LRU_ACTIVE_ANON] = "active_anon",
	[LRU_INACTIVE_FILE] = "inactive_file",
	[LRU_ACTIVE_FILE] = "active_file",
};

const char *lru_list_name(enum lru_list lru)
{
	return lru_names[lru];
}

void update_lru_size(struct mm *mm, struct zone *zone, enum lru_list lru, long pages)
{
	mm->nodes[zone->node].vm_stat[NR_LRU_BASE + lru] += pages;
	mod_zone_page_state(zone, (enum zone_stat_item)(NR_ZONE_LRU_BASE + lru), pages);
}

unsigned long lruvec_lru_size(const struct mm *mm, const struct pglist_data *node, enum lru_list lru,
			      int highest_zoneidx)
{
	unsigned long size = 0;

	for (int i = 0; i <= highest_zoneidx; i++)
		if (node->node_zones[i].managed_pages)
			size += (unsigned long)zone_page_state_snapshot(
				&node->node_zones[i], mm, (enum zone_stat_item)(NR_ZONE_LRU_BASE + lru));
	return size;
}

void lruvec_add_page(struct mm *mm, unsigned long pfn, bool tail)
{
	struct page *page = pfn_to_page(mm, pfn);
	enum lru_list lru = page_lru(page);
	struct page_list *list = &page_pgdat(mm, page)->lruvec.lists[lru];

	page->flags = (uint16_t)((page->flags & ~PG_ISOLATED) | PG_LRU);
	update_lru_size(mm, mm->zones[page->zone], lru, (long)page_nr(page));
	if (tail)
		page_list_add_tail(mm->memmap, list, (uint32_t)pfn);
	else
		page_list_add(mm->memmap, list, (uint32_t)pfn);
}

/* A block leaves its list (lruvec_del_folio). */
static void lruvec_del_page(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);
	enum lru_list lru = page_lru(page);

	page_list_del(mm->memmap, &page_pgdat(mm, page)->lruvec.lists[lru], (uint32_t)pfn);
	update_lru_size(mm, mm->zones[page->zone], lru, -(long)page_nr(page));
	page->flags &= (uint16_t)~PG_LRU;
}

static void announce(struct mm *mm, unsigned long pfn, const char *text)
{
	const struct page *page = pfn_to_page(mm, pfn);

	trace(mm, LRU_FOLIO, .zone = mm->zones[page->zone], .pfn = pfn, .order = (int)page_order(page),
	      .text = text);
}

void lru_cache_add(struct mm *mm, unsigned long pfn, bool file)
{
	static const char *const added[NR_LRU_LISTS] = {
		"added to inactive_anon",
		"added to active_anon",
		"added to inactive_file",
		"added to active_file",
	};
	struct page *page = pfn_to_page(mm, pfn);

	/*
	 * the fault that wants an anonymous page sets its accessed bit; the read that wants a
	 * file page marks it
	 */
	page->flags |= file ? PG_REFERENCED : PG_ANON;
	mm->lru_flags[pfn] = (uint8_t)((mm->lru_flags[pfn] & LRU_WORKINGSET) | (file ? 0 : LRU_YOUNG));
	if (file)
		count_vm_events(mm, PGPGIN, page_nr(page) << (mm->page_shift - 10));
	else
		count_vm_events(mm, PGFAULT, 1);
	lruvec_add_page(mm, pfn, false);
	announce(mm, pfn, added[page_lru(page)]);
}

/* ----------------------------------------------------------- isolation --- */

/* Pages on no list for a while, by kind, are counted with the node. */
static void mod_isolated(struct mm *mm, const struct page *page, long sign)
{
	page_pgdat(mm, page)->vm_stat[NR_ISOLATED_ANON + page_is_file_lru(page)] +=
		sign * (long)page_nr(page);
}

bool lru_isolate(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	if (!(page->flags & PG_LRU))
		return false;
	lruvec_del_page(mm, pfn);
	page->flags |= PG_ISOLATED;
	mod_isolated(mm, page, 1);
	return true;
}

void lru_putback(struct mm *mm, unsigned long pfn)
{
	mod_isolated(mm, pfn_to_page(mm, pfn), -1);
	lruvec_add_page(mm, pfn, false);
}

/* A dirty file page is to be written, or no more (sign 1, -1): counted with the node and the zone. */
static void account_dirty(struct mm *mm, const struct page *page, long sign)
{
	long nr = sign * (long)page_nr(page);

	page_pgdat(mm, page)->vm_stat[NR_FILE_DIRTY] += nr;
	mod_zone_page_state(mm->zones[page->zone], NR_ZONE_WRITE_PENDING, nr);
}

void lru_migrate(struct mm *mm, unsigned long from, unsigned long to)
{
	const uint16_t state = PG_ACTIVE | PG_REFERENCED | PG_DIRTY | PG_ANON | PG_ISOLATED;
	struct page *old = pfn_to_page(mm, from), *new = pfn_to_page(mm, to);

	new->flags |= (old->flags & state);
	mod_isolated(mm, old, -1);
	mod_isolated(mm, new, 1);
	if (old->flags & PG_DIRTY) {
		account_dirty(mm, old, -1);
		account_dirty(mm, new, 1);
	}
	mm->lru_flags[to] = mm->lru_flags[from];
	mm->lru_flags[from] = 0;
	old->flags &= (uint16_t)~state;
}

void lru_release(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	if (page->flags & PG_LRU)
		lruvec_del_page(mm, pfn);
	if (page->flags & PG_DIRTY)
		page_clear_dirty(mm, pfn);
	page->flags &= (uint16_t) ~(PG_ACTIVE | PG_REFERENCED | PG_ANON | PG_ISOLATED);
	mm->lru_flags[pfn] = 0;
}

/* ----------------------------------------------------------------- use --- */

/* folio_activate, workingset_activation */
static void activate_page(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	lruvec_del_page(mm, pfn);
	page->flags = (uint16_t)((page->flags & ~PG_REFERENCED) | PG_ACTIVE);
	lruvec_add_page(mm, pfn, false);
	count_vm_events(mm, PGACTIVATE, page_nr(page));
	workingset_age_nonresident(page_pgdat(mm, page), page_nr(page));
	announce(mm, pfn, "used twice: active");
}

void page_touch(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	if (!(page->flags & PG_LRU))
		return;
	if (page->flags & PG_ANON) {
		mm->lru_flags[pfn] |= LRU_YOUNG;
		announce(mm, pfn, "touched: the page table's accessed bit is set");
	} else if (!(page->flags & PG_REFERENCED)) {
		page->flags |= PG_REFERENCED;
		announce(mm, pfn, "read: marked referenced");
	} else if (!(page->flags & PG_ACTIVE)) {
		activate_page(mm, pfn);
	}
}

void page_set_dirty(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	if (page->flags & PG_ANON) {
		page_touch(mm, pfn);
		return;
	}
	if (!(page->flags & PG_LRU) || page->flags & PG_DIRTY)
		return;
	page->flags |= PG_DIRTY;
	page_pgdat(mm, page)->vm_stat[NR_DIRTIED] += (long)page_nr(page);
	account_dirty(mm, page, 1);
	announce(mm, pfn, "written to: dirty");
}

void page_clear_dirty(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);

	page->flags &= (uint16_t)~PG_DIRTY;
	account_dirty(mm, page, -1);
}

/* ----------------------------------------------------------- writeback --- */

/* A dirty page is written; if reclaim waits for it, it becomes the next to be freed. */
static unsigned long write_page(struct mm *mm, unsigned long pfn)
{
	struct page *page = pfn_to_page(mm, pfn);
	unsigned long nr = page_nr(page);

	page_clear_dirty(mm, pfn);
	page_pgdat(mm, page)->vm_stat[NR_WRITTEN] += (long)nr;
	count_vm_events(mm, PGPGOUT, nr << (mm->page_shift - 10));
	if (mm->lru_flags[pfn] & LRU_RECLAIM) {
		mm->lru_flags[pfn] &= (uint8_t)~LRU_RECLAIM;
		lruvec_del_page(mm, pfn);
		page->flags &= (uint16_t)~PG_ACTIVE;
		lruvec_add_page(mm, pfn, true);
		count_vm_events(mm, PGROTATED, nr);
	}
	announce(mm, pfn, "written by the flusher: clean");
	return nr;
}

unsigned long flush_dirty_pages(struct mm *mm)
{
	unsigned long written = 0;

	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		struct pglist_data *node = &mm->nodes[n];

		for (enum lru_list lru = LRU_INACTIVE_FILE; lru <= LRU_ACTIVE_FILE; lru++) {
			uint32_t prev, pfn = node->lruvec.lists[lru].tail;

			for (; pfn != PFN_NIL && node->vm_stat[NR_FILE_DIRTY]; pfn = prev) {
				prev = mm->memmap[pfn].prev;
				if (mm->memmap[pfn].flags & PG_DIRTY)
					written += write_page(mm, pfn);
			}
		}
	}
	return written;
}

/* ---------------------------------------------------------------- cost --- */

void lru_note_cost(struct pglist_data *node, bool file, unsigned long nr_pages)
{
	struct lruvec *lruvec = &node->lruvec;
	long size = 0;

	if (file)
		lruvec->file_cost += nr_pages;
	else
		lruvec->anon_cost += nr_pages;
	for (int lru = 0; lru < NR_LRU_LISTS; lru++)
		size += node->vm_stat[NR_LRU_BASE + lru];
	if (lruvec->file_cost + lruvec->anon_cost > (unsigned long)size / 4) {
		lruvec->file_cost /= 2;
		lruvec->anon_cost /= 2;
	}
}
