/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages that were evicted and are wanted again. Each node counts evictions and
 * activations; an evicted page leaves the count behind as its shadow. If fewer
 * pages passed since than the active list holds, the page would have stayed
 * resident had it been active: it comes back active. Follows mm/workingset.c.
 */
#include "config.h"

#include "reclaim.h"

/* A shadow: the node's age, the node, and whether the page was active once. */
#define SHADOW_NODE_BITS 10
#define SHADOW_BITS      (SHADOW_NODE_BITS + 1)

void workingset_age_nonresident(struct pglist_data *node, unsigned long nr_pages)
{
	node->lruvec.nonresident_age += nr_pages;
}

unsigned long workingset_eviction(struct mm *mm, unsigned long pfn)
{
	const struct page *page = pfn_to_page(mm, pfn);
	struct pglist_data *node = page_pgdat(mm, page);
	unsigned long shadow = node->lruvec.nonresident_age << SHADOW_BITS | (unsigned long)(node - mm->nodes)
										     << 1;

	workingset_age_nonresident(node, page_nr(page));
	return shadow | !!(mm->lru_flags[pfn] & LRU_WORKINGSET);
}

/* Pages that compete with the refaulting one for memory. */
static unsigned long workingset_size(const struct mm *mm, const struct pglist_data *node, bool file)
{
	long size = node->vm_stat[NR_ACTIVE_FILE];

	if (!file)
		size += node->vm_stat[NR_INACTIVE_FILE];
	if (mm->nr_swap_pages) {
		size += node->vm_stat[NR_ACTIVE_ANON];
		if (file)
			size += node->vm_stat[NR_INACTIVE_ANON];
	}
	return (unsigned long)size;
}

void workingset_refault(struct mm *mm, unsigned long pfn, unsigned long shadow)
{
	struct page *page = pfn_to_page(mm, pfn);
	struct pglist_data *node = page_pgdat(mm, page);
	struct pglist_data *evicted = &mm->nodes[shadow >> 1 & ((1UL << SHADOW_NODE_BITS) - 1)];
	unsigned long age_mask = ~0UL >> SHADOW_BITS;
	unsigned long distance = (evicted->lruvec.nonresident_age - (shadow >> SHADOW_BITS)) & age_mask;
	bool file = page_is_file_lru(page);
	unsigned long nr = page_nr(page);

	node->vm_stat[WORKINGSET_REFAULT_BASE + file] += (long)nr;
	if (distance > workingset_size(mm, evicted, file))
		return;
	page->flags |= PG_ACTIVE;
	workingset_age_nonresident(node, nr);
	node->vm_stat[WORKINGSET_ACTIVATE_BASE + file] += (long)nr;
	if (!(shadow & 1))
		return;
	mm->lru_flags[pfn] |= LRU_WORKINGSET;
	lru_note_cost(node, file, nr);
	node->vm_stat[WORKINGSET_RESTORE_BASE + file] += (long)nr;
}

void snapshot_refaults(struct pglist_data *node)
{
	node->lruvec.refaults[0] = (unsigned long)node->vm_stat[WORKINGSET_ACTIVATE_ANON];
	node->lruvec.refaults[1] = (unsigned long)node->vm_stat[WORKINGSET_ACTIVATE_FILE];
}

void swap_free(struct mm *mm, unsigned int order)
{
	mm->nr_swap_pages += 1UL << order;
}

unsigned long fault_in(struct mm *mm, const struct alloc_request *req, unsigned long shadow)
{
	struct alloc_request unlisted = *req;
	unsigned long nr = 1UL << req->order, pfn;
	bool file = req->lru == LRU_FILE;

	unlisted.lru = LRU_NONE;
	pfn = alloc_pages(mm, &unlisted);
	if (pfn == PFN_NONE)
		return pfn;
	if (!file) {
		pfn_to_page(mm, pfn)->flags |= PG_ANON;
		count_vm_events(mm, PSWPIN, nr);
		count_vm_events(mm, PGPGIN, nr << (mm->page_shift - 10));
		count_vm_events(mm, PGMAJFAULT, 1);
	}
	mm->lru_flags[pfn] = 0;
	workingset_refault(mm, pfn, shadow);
	lru_cache_add(mm, pfn, file);
	return pfn;
}
