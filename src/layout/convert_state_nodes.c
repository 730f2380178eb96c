/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes of a state: kswapd, kcompactd, counters and LRU lists. */
#include <config.h>

#include "convert_state.h"

#include <string.h>

int state_read_node(struct state_conversion *s, const struct node *at, uint64_t id)
{
	const struct layout *l = s->c->layout;

	for (unsigned int n = 0; n < l->nr_nodes; n++)
		if ((uint64_t)l->nodes[n].id == id)
			return (int)n;
	if (at)
		diag_error(s->d, at->mark, "there is no node %ju", (uintmax_t)id);
	return -1;
}

static void read_lru_flags(struct state_conversion *s, size_t mark, const char *letters, uint8_t *flags)
{
	static const char known[] = "ywr"; /* in the order of enum lru_flags */

	for (; *letters; letters++) {
		const char *found = strchr(known, *letters);

		if (!found) {
			diag_error(s->d, mark,
				   "'%c' behind the slash is none of y (young), w (workingset), r (reclaim)",
				   *letters);
			return;
		}
		*flags |= (uint8_t)(1u << (found - known));
	}
}

static void read_lru(struct state_conversion *s, const struct node *at, const struct raw_lru *raw,
		     struct state_list *to)
{
	const struct node *pfns = index_key(at, "pfns"), *entry;
	const char *suffix;
	size_t next = 0;
	uint64_t pfn;

	if (!index_key(at, "list"))
		return;
	if (to->pfns) {
		diag_error(s->d, at->mark, "a second list of that name");
		return;
	}
	to->pfns = layout_alloc(raw->pfns_count, sizeof(*to->pfns));
	to->types = layout_alloc(raw->pfns_count, sizeof(*to->types));
	while (to->nr < raw->pfns_count && (entry = index_next(pfns, &next))) {
		if (state_read_pfn(s, entry->mark, raw->pfns[to->nr], &suffix, &pfn)) {
			read_lru_flags(s, entry->mark, suffix, &to->types[to->nr]);
			to->pfns[to->nr] = pfn;
		}
		to->nr++;
	}
}

static void read_node_state(struct state_conversion *s, const struct node *entry,
			    const struct raw_node_state *raw, struct node_state *to)
{
	const struct node *lists = index_key(entry, "lru"), *list;
	int nr_types = state_zone_index(s->c->layout, ZONE_MOVABLE) + 1;
	size_t next = 0;

	state_read_node(s, index_key(entry, "node"), raw->node);
	to->node = (int)raw->node;
	/* as boot leaves them */
	to->kswapd_highest_zoneidx = nr_types + (state_zone_index(s->c->layout, ZONE_DEVICE) >= 0);
	to->kswapd_prev_zoneidx = to->kcompactd_highest_zoneidx = to->kswapd_highest_zoneidx - 1;
	state_rules_read(s->d, entry, raw, to, &node_rules);
	state_rules_read(s->d, index_key(entry, "kswapd"), raw->kswapd, to, &kswapd_rules);
	state_rules_read(s->d, index_key(entry, "kcompactd"), raw->kcompactd, to, &kcompactd_rules);
	for (int item = 0; raw->counters && item < NR_VM_NODE_STAT_ITEMS; item++)
		if (raw->counters->item[item])
			to->vm_stat[item] = (long)*raw->counters->item[item];
	for (uint32_t i = 0; i < raw->lru_count && (list = index_next(lists, &next)); i++)
		read_lru(s, list, &raw->lru[i], &to->lru[raw->lru[i].list]);
}

void state_read_nodes(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *nodes = index_key(at, "nodes"), *entry;
	struct mm_state *to = s->state;
	size_t next = 0;

	to->nodes = layout_alloc(raw->nodes_count, sizeof(*to->nodes));
	while (to->nr_nodes < raw->nodes_count && (entry = index_next(nodes, &next))) {
		read_node_state(s, entry, &raw->nodes[to->nr_nodes], &to->nodes[to->nr_nodes]);
		to->nr_nodes++;
	}
}
