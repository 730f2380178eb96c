/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zonelists: the order in which a node's requests try the zones. The node's
 * own zones first, the highest first, then those of the other nodes, nearest
 * first. Follows build_all_zonelists() in mm/page_alloc.c.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "boot.h"

#define LOCAL_DISTANCE  10
#define REMOTE_DISTANCE 20
#define MAX_NUMNODES    1024

/* Each node's row of the layout's distance matrix, or the default one. */
static void init_node_distances(struct mm *mm)
{
	for (unsigned int from = 0; from < mm->nr_nodes; from++) {
		const unsigned int *row = mm->layout->nodes[from].distance;

		for (unsigned int to = 0; to < mm->nr_nodes; to++) {
			unsigned int distance = from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;

			mm->nodes[from].distance[to] = row ? row[to] : distance;
		}
	}
}

/*
 * The nearest node not used yet, the local one first; -1: all are used. Nodes
 * below the local one are a little further away, and so are those that are
 * already another's first choice. (The kernel's penalty for nodes with CPUs
 * plays no part: it builds these lists before any CPU has joined its node.)
 */
static int find_next_best_node(const struct mm *mm, int node, const unsigned int *node_load, bool *used)
{
	long min_val = LONG_MAX;
	int best = -1;

	if (!used[node]) {
		used[node] = true;
		return node;
	}
	for (int n = 0; n < (int)mm->nr_nodes; n++) {
		long val;

		if (used[n] || !mm->nodes[n].node_present_pages)
			continue;
		val = mm->nodes[node].distance[n] + (mm->nodes[n].node_id < mm->nodes[node].node_id);
		val = val * MAX_NUMNODES + node_load[n];
		if (val < min_val || (val == min_val && mm->nodes[n].node_id < mm->nodes[best].node_id)) {
			min_val = val;
			best = n;
		}
	}
	if (best >= 0)
		used[best] = true;
	return best;
}

/* Append a node's populated zones, highest first, and the end mark. Returns how many there are. */
static int build_zonerefs_node(const struct mm *mm, int node, int *zonerefs)
{
	int nr = 0;

	for (int i = (int)mm->nr_zone_types - 1; i >= 0; i--)
		if (populated_zone(&mm->nodes[node].node_zones[i]))
			zonerefs[nr++] = mm->nodes[node].node_zones[i].id;
	zonerefs[nr] = -1;
	return nr;
}

/* "0:Normal 0:DMA " as mminit_verify_zonelist prints a list. */
static void format_zonelist(const struct mm *mm, const int *zonelist, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (; *zonelist >= 0 && len < size; zonelist++) {
		const struct zone *zone = mm->zones[*zonelist];

		len += (size_t)snprintf(buf + len, size - len, "%d:%s ", mm->nodes[zone->node].node_id,
					zone->name);
	}
}

static void build_zonelists(struct mm *mm, int local, unsigned int *node_load, bool *used)
{
	struct pglist_data *pgdat = &mm->nodes[local];
	int node, prev = local, *zonerefs = pgdat->zonelist;
	char order[256];

	memset(used, 0, mm->nr_nodes * sizeof(*used));
	while ((node = find_next_best_node(mm, local, node_load, used)) >= 0) {
		/* the first node of each distance is another's first choice as well, sooner or later: spread
		 * them */
		if (pgdat->distance[node] != pgdat->distance[prev])
			node_load[node]++;
		zonerefs += build_zonerefs_node(mm, node, zonerefs);
		prev = node;
	}
	build_zonerefs_node(mm, local, pgdat->zonelist_thisnode);
	format_zonelist(mm, pgdat->zonelist, order, sizeof(order));
	trace(mm, ZONELIST_BUILD, .c = pgdat->node_id, .text = order);
}

int next_node_by_id(const struct mm *mm, int after)
{
	int best = -1;

	for (int n = 0; n < (int)mm->nr_nodes; n++)
		if (mm->nodes[n].node_id > after &&
		    (best < 0 || mm->nodes[n].node_id < mm->nodes[best].node_id))
			best = n;
	return best;
}

unsigned long boot_total_pages(const struct mm *mm)
{
	unsigned long pages = 0;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (populated_zone(mm->zones[i]))
			pages += zone_pages_past_memmap(mm, mm->zones[i]);
	return pages;
}

/* On a machine with too few pageblocks, grouping them by mobility would do more harm than good. */
static bool too_small_to_group(const struct mm *mm)
{
	unsigned long types = MIGRATE_TYPES - !mm->config_cma;

	return boot_total_pages(mm) < types << mm->pageblock_order;
}

void build_all_zonelists(struct mm *mm)
{
	unsigned int *node_load = calloc(mm->nr_nodes, sizeof(*node_load));
	bool *used = calloc(mm->nr_nodes, sizeof(*used));

	if (!node_load || !used)
		abort();
	init_node_distances(mm);
	for_each_node_by_id (mm, node)
		build_zonelists(mm, node, node_load, used);
	free(node_load);
	free(used);

	if (mm->layout->features.group_by_mobility == SWITCH_AUTO)
		mm->page_group_by_mobility_disabled = too_small_to_group(mm);
	else
		mm->page_group_by_mobility_disabled = mm->layout->features.group_by_mobility == SWITCH_OFF;
	build_alloc_contexts(mm);
}
