/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The nodes of a layout: their memory, their CPUs, their distances.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define LOCAL_DISTANCE 10
#define MAX_DISTANCE   255 /* the kernel keeps a byte */

/* Whole pages of an extent, rounded inwards as memblock does; an empty range if there are none. */
static struct layout_range whole_pages(const struct conversion *c, const struct extent *extent)
{
	uint64_t page = convert_page_size(c);
	uint64_t start = (extent->start + page - 1) & ~(page - 1), end = (extent->last + 1) & ~(page - 1);

	return (struct layout_range){ start, end > start ? end : start };
}

static void add_memory(struct conversion *c, const struct node *at, unsigned int node,
		       const struct extent *extent)
{
	struct layout_node *n = &c->layout->nodes[node];
	struct layout_range range;

	c->memory = layout_grow(c->memory, &c->max_memory, c->nr_memory, sizeof(*c->memory));
	c->memory[c->nr_memory++] = (struct span){ .extent = *extent, .mark = at->mark, .node = node };
	if (!c->page_size_known)
		return;
	range = whole_pages(c, extent);
	if (range.start == range.end)
		diag_warning(c->d, at->mark, "memory: '%s' holds no whole page, it is left out", at->value);
	else if (range.start != extent->start || range.end != extent->last + 1)
		diag_warning(c->d, at->mark,
			     "memory: '%s' is not a multiple of the page size, rounded to 0x%jx-0x%jx",
			     at->value, (uintmax_t)range.start, (uintmax_t)range.end - 1);
	if (range.start < range.end)
		n->memory[n->nr_memory++] = range;
}

static void convert_memory(struct conversion *c, const struct node *node, uint32_t i, unsigned int nid)
{
	const struct raw_node *raw = &c->raw->nodes[i];
	struct extent extent;

	c->memory_known &= !index_damaged(index_find(node, "memory"));
	c->layout->nodes[nid].memory = layout_alloc(raw->memory_count, sizeof(struct layout_range));
	if (!index_find(node, "memory"))
		return;
	for (uint32_t j = 0; j < raw->memory_count; j++) {
		const struct node *at = index_find(node, "memory[%u]", j);

		if (convert_range(c, at, "memory", raw->memory[j], &extent))
			add_memory(c, at, nid, &extent);
		else
			c->memory_known = false;
	}
}

static void convert_cpus(struct conversion *c, const struct node *node, uint32_t i, unsigned int nid,
			 size_t *seen)
{
	const struct raw_node *raw = &c->raw->nodes[i];
	struct layout_node *n = &c->layout->nodes[nid];

	if (!index_find(node, "cpus"))
		return;
	n->cpus = layout_alloc(raw->cpus_count, sizeof(*n->cpus));
	for (uint32_t j = 0; j < raw->cpus_count; j++) {
		const struct node *at = index_find(node, "cpus[%u]", j);
		uint64_t cpu = raw->cpus[j];

		if (cpu >= LAYOUT_MAX_CPUS || (c->cpus_known && cpu >= c->layout->cpus)) {
			diag_error(c->d, at->mark, "cpu %ju does not exist: cpus is %u, they count from 0",
				   (uintmax_t)cpu, c->layout->cpus);
		} else if (seen[cpu]) {
			diag_error(c->d, at->mark, "cpu %ju is listed twice, already in line %lu",
				   (uintmax_t)cpu, diag_line(c->d, seen[cpu] - 1));
		} else {
			seen[cpu] = at->mark + 1;
			n->cpus[n->nr_cpus++] = (unsigned int)cpu;
		}
	}
}

/* The row of a node, checked as numa_set_distance does. */
static void convert_distance(struct conversion *c, const struct node *node, uint32_t i, unsigned int nid)
{
	const struct raw_node *raw = &c->raw->nodes[i];
	const struct node *row = index_find(node, "distance"), *nodes = index_find(c->root, "nodes");
	struct layout_node *n = &c->layout->nodes[nid];

	if (!row)
		return;
	if (row->nr != nodes->nr)
		diag_error(c->d, row->mark, "distance has %zu entries, but there are %zu nodes", row->nr,
			   nodes->nr);
	n->distance = layout_alloc(nodes->nr > row->nr ? nodes->nr : row->nr, sizeof(*n->distance));
	for (uint32_t j = 0; j < raw->distance_count; j++) {
		const struct node *at = index_find(row, "[%u]", j);
		bool local = j < nodes->nr && at == row->child[j] && nodes->child[j] == node;

		if (raw->distance[j] < LOCAL_DISTANCE || raw->distance[j] > MAX_DISTANCE)
			diag_error(c->d, at->mark, "distance must be %d to %d, not %ju", LOCAL_DISTANCE,
				   MAX_DISTANCE, (uintmax_t)raw->distance[j]);
		else if (local && raw->distance[j] != LOCAL_DISTANCE)
			diag_error(c->d, at->mark, "the distance of a node to itself is %d, not %ju",
				   LOCAL_DISTANCE, (uintmax_t)raw->distance[j]);
		else
			n->distance[j] = (unsigned int)raw->distance[j];
	}
}

static void convert_id(struct conversion *c, const struct node *node, uint32_t i, unsigned int nid)
{
	const struct node *at = index_find(node, "id");
	uint64_t id = c->raw->nodes[i].id;

	c->layout->nodes[nid].id = -1;
	if (!at)
		return;
	if (id > LAYOUT_MAX_NODE_ID) {
		diag_error(c->d, at->mark, "id must be 0 to %d, not %ju", LAYOUT_MAX_NODE_ID, (uintmax_t)id);
		return;
	}
	for (unsigned int j = 0; j < nid; j++)
		if (c->layout->nodes[j].id == (int)id)
			diag_error(c->d, at->mark, "node %ju is listed twice", (uintmax_t)id);
	c->layout->nodes[nid].id = (int)id;
}

/* Every CPU belongs to a node; if no node lists any, all to the first. */
static void place_cpus(struct conversion *c, const struct node *nodes, const size_t *seen)
{
	struct layout_node *first = &c->layout->nodes[0];
	const struct node *cpus = index_find(c->root, "cpus");
	bool listed = false;

	for (uint32_t i = 0; i < c->raw->nodes_count; i++)
		listed |= index_find(nodes, "[%u].cpus", i) != NULL;
	if (!listed && c->layout->nr_nodes) {
		first->cpus = layout_alloc(c->layout->cpus, sizeof(*first->cpus));
		for (unsigned int cpu = 0; cpu < c->layout->cpus; cpu++)
			first->cpus[first->nr_cpus++] = cpu;
		return;
	}
	for (unsigned int cpu = 0; cpu < c->layout->cpus; cpu++)
		if (!seen[cpu])
			diag_error(c->d, cpus ? cpus->mark : nodes->key_mark, "cpu %u is on no node", cpu);
}

void convert_nodes(struct conversion *c)
{
	const struct node *nodes = index_find(c->root, "nodes");
	size_t seen[LAYOUT_MAX_CPUS] = { 0 }; /* place + 1 of each CPU listed */

	if (!nodes)
		return;
	c->memory_known = !nodes->nr_bad && !nodes->cut;
	c->layout->nodes = layout_alloc(c->raw->nodes_count, sizeof(*c->layout->nodes));
	for (uint32_t i = 0; i < c->raw->nodes_count; i++) {
		const struct node *node = index_find(nodes, "[%u]", i);
		unsigned int nid = c->layout->nr_nodes++;

		convert_id(c, node, i, nid);
		convert_memory(c, node, i, nid);
		convert_cpus(c, node, i, nid, seen);
		convert_distance(c, node, i, nid);
	}
	if (c->cpus_known && !nodes->nr_bad && nodes->nr)
		place_cpus(c, nodes, seen);
}
