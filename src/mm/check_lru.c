/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invariants of the LRU lists: links, flags, and the counters of zones and nodes. */
#include "config.h"

#include "check.h"
#include "reclaim.h"

/* An entry at home on its list: allocated, of that kind, of that node. */
static void check_entry(struct checker *c, const struct pglist_data *node, enum lru_list lru, uint32_t pfn)
{
	const struct page *page = pfn_to_page(c->mm, pfn);

	if ((page->flags & (PG_USED | PG_LRU | PG_ISOLATED)) != (PG_USED | PG_LRU) || page_lru(page) != lru)
		violation(c, "page 0x%x on the %s list of node %d is marked 0x%x", pfn, lru_list_name(lru),
			  node->node_id, page->flags);
	if (page->flags & PG_ANON && page->flags & PG_DIRTY)
		violation(c, "page 0x%x is anonymous and marked dirty", pfn);
	if (page_pgdat(c->mm, page) != node)
		violation(c, "page 0x%x on the %s list of node %d is of another node", pfn,
			  lru_list_name(lru), node->node_id);
}

/* Walk a list, adding up pages by zone index and dirty pages. */
static void check_lru_list(struct checker *c, const struct pglist_data *node, enum lru_list lru,
			   unsigned long pages[NR_ZONE_TYPES], unsigned long dirty[NR_ZONE_TYPES])
{
	const struct page_list *list = &node->lruvec.lists[lru];
	uint32_t prev = PFN_NIL, n = list->head;
	unsigned long nr = 0;

	for (; n != PFN_NIL; prev = n, n = c->mm->memmap[n].next, nr++) {
		const struct page *page = &c->mm->memmap[n];

		if (n >= c->mm->end_pfn || nr >= list->nr || page->prev != prev ||
		    page->zone >= c->mm->nr_zones) {
			violation(c, "node %d %s list is broken at 0x%x, entry %lu of %lu", node->node_id,
				  lru_list_name(lru), n, nr, list->nr);
			return;
		}
		check_entry(c, node, lru, n);
		pages[c->mm->zones[page->zone]->index] += page_nr(page);
		if (page->flags & PG_DIRTY)
			dirty[c->mm->zones[page->zone]->index] += page_nr(page);
	}
	if (nr != list->nr || prev != list->tail)
		violation(c, "node %d %s list: %lu blocks, it says %lu, tail 0x%x", node->node_id,
			  lru_list_name(lru), nr, list->nr, list->tail);
	c->lru -= nr;
}

static void check_node_stat(struct checker *c, const struct pglist_data *node, enum node_stat_item item,
			    const char *name, unsigned long is)
{
	if (node->vm_stat[item] != (long)is)
		violation(c, "node %d: nr_%s counts %ld, there are %lu", node->node_id, name,
			  node->vm_stat[item], is);
}

static void check_node(struct checker *c, const struct pglist_data *node)
{
	unsigned long dirty[NR_ZONE_TYPES] = { 0 }, all_dirty = 0;

	for (enum lru_list lru = 0; lru < NR_LRU_LISTS; lru++) {
		unsigned long pages[NR_ZONE_TYPES] = { 0 }, all = 0;

		check_lru_list(c, node, lru, pages, dirty);
		for (unsigned int i = 0; i < c->mm->nr_zone_types; i++) {
			all += pages[i];
			if (populated_zone(&node->node_zones[i]))
				check_counter(c, &node->node_zones[i],
					      (enum zone_stat_item)(NR_ZONE_LRU_BASE + lru),
					      lru_list_name(lru), pages[i]);
		}
		check_node_stat(c, node, (enum node_stat_item)(NR_LRU_BASE + lru), lru_list_name(lru), all);
	}
	for (unsigned int i = 0; i < c->mm->nr_zone_types; i++) {
		all_dirty += dirty[i];
		if (populated_zone(&node->node_zones[i]))
			check_counter(c, &node->node_zones[i], NR_ZONE_WRITE_PENDING, "nr_zone_write_pending",
				      dirty[i]);
	}
	check_node_stat(c, node, NR_FILE_DIRTY, "dirty", all_dirty);
	check_node_stat(c, node, NR_ISOLATED_ANON, "isolated_anon", 0);
	check_node_stat(c, node, NR_ISOLATED_FILE, "isolated_file", 0);
}

void check_lru(struct checker *c)
{
	for (unsigned int n = 0; n < c->mm->nr_nodes; n++)
		check_node(c, &c->mm->nodes[n]);
	if (c->lru)
		violation(c, "%ld blocks more are marked as on an LRU list than the lists hold",
			  (long)c->lru);
	if (c->mm->nr_swap_pages > c->mm->total_swap_pages)
		violation(c, "%lu swap slots are free, there are %lu", c->mm->nr_swap_pages,
			  c->mm->total_swap_pages);
}
