/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a machine's state that reclaim goes by: LRU lists, kswapd, swap. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "buddyviz/state.h"
#include "reclaim.h"
#include "state_lru.h"

/* ---------------------------------------------------------------- apply --- */

static void forget_node(struct mm *mm, struct pglist_data *node)
{
	node->lruvec = (struct lruvec){ 0 };
	for (int lru = 0; lru < NR_LRU_LISTS; lru++)
		page_list_init(&node->lruvec.lists[lru]);
	memset(node->vm_stat, 0, sizeof(node->vm_stat));
	node->kswapd_order = node->kswapd_failures = 0;
	node->kswapd_highest_zoneidx = (int)mm->nr_zone_types;
	node->kswapd_prev_zoneidx = (int)mm->nr_zone_types - 1;
	node->kswapd_awake = node->dirty = false;
}

void state_forget_lru(struct mm *mm)
{
	madvise(mm->lru_flags, ((mm->end_pfn >> mm->max_order) + 1) << mm->max_order, MADV_DONTNEED);
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		forget_node(mm, &mm->nodes[n]);
	mm->nr_swap_pages = mm->total_swap_pages;
	memset(mm->vm_events, 0, sizeof(mm->vm_events));
	memset(mm->vm_zone_events, 0, sizeof(mm->vm_zone_events));
}

/* A block enters the list its flags name; counted in full, whatever parts of counters CPUs keep. */
static void put_on_list(struct mm *mm, unsigned long pfn, bool tail)
{
	struct page *page = pfn_to_page(mm, pfn);
	struct zone *zone = mm->zones[page->zone];
	struct pglist_data *node = &mm->nodes[zone->node];
	enum lru_list lru = page_lru(page);
	long nr = (long)page_nr(page);

	page->flags |= PG_LRU;
	if (tail)
		page_list_add_tail(mm->memmap, &node->lruvec.lists[lru], (uint32_t)pfn);
	else
		page_list_add(mm->memmap, &node->lruvec.lists[lru], (uint32_t)pfn);
	node->vm_stat[NR_LRU_BASE + lru] += nr;
	zone->vm_stat[NR_ZONE_LRU_BASE + lru] += nr;
	if (!(page->flags & PG_DIRTY))
		return;
	node->vm_stat[NR_FILE_DIRTY] += nr;
	zone->vm_stat[NR_ZONE_WRITE_PENDING] += nr;
}

static const char *apply_list(struct mm *mm, const struct pglist_data *node, enum lru_list lru,
			      const struct state_list *list)
{
	for (unsigned long i = 0; i < list->nr; i++) {
		unsigned long pfn = list->pfns[i];
		const struct page *page = pfn_to_page(mm, pfn);

		if (pfn >= mm->end_pfn || (page->flags & (PG_USED | PG_LRU)) != PG_USED ||
		    page_lru(page) != lru || page_pgdat(mm, page) != node)
			return "a page on an LRU list that is not allocated, or of another kind or node";
		mm->lru_flags[pfn] = list->types ? list->types[i] : 0;
		put_on_list(mm, pfn, true);
	}
	return NULL;
}

/* Counters that follow from the lists are left alone. */
static void apply_node(struct pglist_data *node, const struct node_state *state)
{
	for (int item = WORKINGSET_REFAULT_BASE; item < NR_VM_NODE_STAT_ITEMS; item++)
		if (item != NR_FILE_DIRTY)
			node->vm_stat[item] = state->vm_stat[item];
	node->lruvec.anon_cost = state->anon_cost;
	node->lruvec.file_cost = state->file_cost;
	node->lruvec.nonresident_age = state->nonresident_age;
	memcpy(node->lruvec.refaults, state->refaults, sizeof(state->refaults));
	node->kswapd_order = state->kswapd_order;
	node->kswapd_highest_zoneidx = state->kswapd_highest_zoneidx;
	node->kswapd_prev_zoneidx = state->kswapd_prev_zoneidx;
	node->kswapd_failures = state->kswapd_failures;
	node->kswapd_wakeups = state->kswapd_wakeups;
	node->kswapd_awake = state->kswapd_awake;
	node->dirty = state->dirty;
}

static struct pglist_data *find_node(const struct mm *mm, int id)
{
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		if (mm->nodes[n].node_id == id)
			return &mm->nodes[n];
	return NULL;
}

static const char *apply_nodes(struct mm *mm, const struct mm_state *state)
{
	const char *error = NULL;

	for (unsigned int n = 0; n < state->nr_nodes && !error; n++) {
		struct pglist_data *node = find_node(mm, state->nodes[n].node);

		if (!node)
			return "a node that the layout has not";
		for (enum lru_list lru = 0; lru < NR_LRU_LISTS && !error; lru++)
			error = apply_list(mm, node, lru, &state->nodes[n].lru[lru]);
		apply_node(node, &state->nodes[n]);
	}
	return error;
}

const char *state_apply_lru(struct mm *mm, const struct mm_state *state)
{
	const char *error;

	if (state->swap_used > mm->total_swap_pages)
		return "more swap in use than there is";
	for (unsigned long i = 0; i < state->nr_allocations; i++)
		if (state->allocations[i].pfn != PFN_NONE)
			pfn_to_page(mm, state->allocations[i].pfn)->flags &=
				(uint16_t) ~(PG_LRU | PG_ISOLATED);
	error = apply_nodes(mm, state);
	/* those whose place nobody remembers are the oldest */
	for (unsigned long i = 0; i < state->nr_allocations && !error; i++)
		if (state->allocations[i].pfn != PFN_NONE && state->allocations[i].flags & PG_LRU &&
		    !(pfn_to_page(mm, state->allocations[i].pfn)->flags & PG_LRU))
			put_on_list(mm, state->allocations[i].pfn, true);
	mm->nr_swap_pages -= state->swap_used;
	memcpy(mm->vm_events, state->vm_events, sizeof(mm->vm_events));
	memcpy(mm->vm_zone_events, state->vm_zone_events, sizeof(mm->vm_zone_events));
	return error;
}

/* -------------------------------------------------------------- capture --- */

static bool capture_list(const struct mm *mm, const struct page_list *list, struct state_list *to)
{
	uint32_t n = list->head;

	to->pfns = calloc(list->nr, sizeof(*to->pfns));
	to->types = calloc(list->nr, sizeof(*to->types));
	if (list->nr && (!to->pfns || !to->types))
		return false;
	to->nr = list->nr;
	for (unsigned long i = 0; i < list->nr; i++, n = mm->memmap[n].next) {
		to->pfns[i] = n;
		to->types[i] = mm->lru_flags[n];
	}
	return true;
}

static bool capture_node(const struct mm *mm, const struct pglist_data *node, struct node_state *to)
{
	to->node = node->node_id;
	memcpy(to->vm_stat, node->vm_stat, sizeof(to->vm_stat));
	to->anon_cost = node->lruvec.anon_cost;
	to->file_cost = node->lruvec.file_cost;
	to->nonresident_age = node->lruvec.nonresident_age;
	memcpy(to->refaults, node->lruvec.refaults, sizeof(to->refaults));
	to->kswapd_order = node->kswapd_order;
	to->kswapd_highest_zoneidx = node->kswapd_highest_zoneidx;
	to->kswapd_prev_zoneidx = node->kswapd_prev_zoneidx;
	to->kswapd_failures = node->kswapd_failures;
	to->kswapd_wakeups = node->kswapd_wakeups;
	to->kswapd_awake = node->kswapd_awake;
	to->dirty = node->dirty;
	for (int lru = 0; lru < NR_LRU_LISTS; lru++)
		if (!capture_list(mm, &node->lruvec.lists[lru], &to->lru[lru]))
			return false;
	return true;
}

bool state_capture_lru(const struct mm *mm, struct mm_state *to)
{
	to->nodes = calloc(mm->nr_nodes, sizeof(*to->nodes));
	if (!to->nodes)
		return false;
	to->nr_nodes = mm->nr_nodes;
	to->swap_used = mm->total_swap_pages - mm->nr_swap_pages;
	memcpy(to->vm_events, mm->vm_events, sizeof(to->vm_events));
	memcpy(to->vm_zone_events, mm->vm_zone_events, sizeof(to->vm_zone_events));
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		if (!capture_node(mm, &mm->nodes[n], &to->nodes[n]))
			return false;
	return true;
}

void state_free_lru(struct mm_state *state)
{
	for (unsigned int n = 0; n < state->nr_nodes; n++) {
		for (int lru = 0; lru < NR_LRU_LISTS; lru++) {
			free(state->nodes[n].lru[lru].pfns);
			free(state->nodes[n].lru[lru].types);
		}
	}
	free(state->nodes);
}
