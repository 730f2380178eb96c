/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of a layout held against each other: what overlaps, what lies
 * outside memory, what crosses a border. A conflict is reported at the entry
 * that comes later in the file.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

static int by_start(const void *a, const void *b)
{
	const struct span *s = *(const struct span *const *)a, *t = *(const struct span *const *)b;

	if (s->extent.start != t->extent.start)
		return s->extent.start < t->extent.start ? -1 : 1;
	return s->mark < t->mark ? -1 : s->mark > t->mark;
}

/* Pointers to the spans in order of address; the caller frees the array. */
static struct span **sort_spans(struct span *spans, size_t nr)
{
	struct span **sorted = layout_alloc(nr, sizeof(*sorted));

	for (size_t i = 0; i < nr; i++)
		sorted[i] = &spans[i];
	if (nr)
		qsort(sorted, nr, sizeof(*sorted), by_start);
	return sorted;
}

static char *describe(const struct span *span)
{
	char *quoted, *text;

	if (!span->name)
		return layout_asprintf("memory 0x%jx-0x%jx", (uintmax_t)span->extent.start,
				       (uintmax_t)span->extent.last);
	quoted = *span->name ? text_quote(span->name, strlen(span->name)) : layout_strdup("without name");
	text = layout_asprintf("%s %s 0x%jx-0x%jx", span->cma ? "CMA area" : "reserved range", quoted,
			       (uintmax_t)span->extent.start, (uintmax_t)span->extent.last);
	free(quoted);
	return text;
}

/* Only between two reserved ranges is an overlap harmless. */
static bool is_harmless(const struct span *a, const struct span *b)
{
	return a->name && b->name && !a->cma && !b->cma;
}

/* Report that two spans overlap, once for the later and each severity. */
static void report_overlap(struct conversion *c, struct span *a, struct span *b)
{
	struct span *later = a->mark > b->mark ? a : b, *earlier = later == a ? b : a;
	bool harmless = is_harmless(a, b);
	unsigned long line;
	char *what, *other;

	if (later->told[harmless])
		return;
	later->told[harmless] = true;
	what = describe(later);
	other = describe(earlier);
	line = diag_line(c->d, earlier->mark);
	if (harmless)
		diag_warning(c->d, later->mark, "%s overlaps %s in line %lu", what, other, line);
	else
		diag_error(c->d, later->mark, "%s overlaps %s in line %lu", what, other, line);
	free(what);
	free(other);
}

/* Compare each span, by address, with those that begin before it ends. */
static void check_overlaps(struct conversion *c, struct span *spans, size_t nr)
{
	struct span **sorted = sort_spans(spans, nr);

	for (size_t i = 0; i < nr; i++)
		for (size_t j = i + 1; j < nr && sorted[j]->extent.start <= sorted[i]->extent.last; j++)
			report_overlap(c, sorted[i], sorted[j]);
	free(sorted);
}

/* How far memory goes without a hole from address on; address itself if it is in none. */
static uint64_t memory_reach(struct span *const *memory, size_t nr, uint64_t address)
{
	uint64_t reach = address;

	for (size_t i = 0; i < nr && memory[i]->extent.start <= reach; i++)
		if (memory[i]->extent.last >= reach)
			reach = memory[i]->extent.last + 1;
	return reach;
}

static void check_in_memory(struct conversion *c)
{
	struct span **memory = sort_spans(c->memory, c->nr_memory);

	for (size_t i = 0; i < c->nr_claims; i++) {
		const struct span *claim = &c->claims[i];
		uint64_t reach = memory_reach(memory, c->nr_memory, claim->extent.start);
		char *what;

		if (reach > claim->extent.last)
			continue;
		what = describe(claim);
		if (reach == claim->extent.start)
			diag_error(c->d, claim->mark, "%s begins outside memory", what);
		else
			diag_error(c->d, claim->mark,
				   "%s goes beyond memory, which has a hole or its end at 0x%jx", what,
				   (uintmax_t)reach);
		free(what);
	}
	free(memory);
}

/* Index of the node that address belongs to; -1: none. */
static int node_of(const struct conversion *c, uint64_t address)
{
	for (size_t i = 0; i < c->nr_memory; i++)
		if (c->memory[i].extent.start <= address && address <= c->memory[i].extent.last)
			return (int)c->memory[i].node;
	return -1;
}

static void check_area_borders(struct conversion *c, const struct span *area)
{
	const struct layout *l = c->layout;
	int first = node_of(c, area->extent.start), last = node_of(c, area->extent.last);
	char *what = describe(area);

	for (unsigned int i = 0; c->zones_known && i < l->nr_zones; i++)
		if (l->zones[i].has_end && area->extent.start < l->zones[i].end &&
		    area->extent.last >= l->zones[i].end) {
			diag_error(c->d, area->mark, "%s lies across two zones: %s ends at 0x%jx", what,
				   zone_type_name(l->zones[i].type), (uintmax_t)l->zones[i].end);
			break;
		}
	if (c->memory_known && first >= 0 && last >= 0 && first != last)
		diag_error(c->d, area->mark, "%s lies across two nodes", what);
	free(what);
}

/* Memory above the last zone belongs to nobody. */
static void check_above_zones(struct conversion *c)
{
	const struct layout_zone *last = NULL;

	for (unsigned int i = 0; i < c->layout->nr_zones; i++)
		if (c->layout->zones[i].type != ZONE_DEVICE)
			last = &c->layout->zones[i];
	if (!c->zones_known || !last || !last->has_end)
		return;
	for (size_t i = 0; i < c->nr_memory; i++)
		if (c->memory[i].extent.last >= last->end)
			diag_error(c->d, c->memory[i].mark,
				   "memory 0x%jx-0x%jx goes past the last zone: %s ends at 0x%jx",
				   (uintmax_t)c->memory[i].extent.start, (uintmax_t)c->memory[i].extent.last,
				   zone_type_name(last->type), (uintmax_t)last->end);
}

static void check_some_memory(struct conversion *c)
{
	const struct node *nodes = index_find(c->root, "nodes");

	if (!nodes || !c->memory_known || !c->page_size_known)
		return;
	for (unsigned int i = 0; i < c->layout->nr_nodes; i++)
		if (c->layout->nodes[i].nr_memory)
			return;
	diag_error(c->d, nodes->key_mark, "the machine has no memory, not one page");
}

/* End of all memory, in whole pages. */
static uint64_t memory_end(const struct layout *l)
{
	uint64_t end = 0;

	for (unsigned int i = 0; i < l->nr_nodes; i++)
		for (unsigned int j = 0; j < l->nodes[i].nr_memory; j++)
			if (l->nodes[i].memory[j].end > end)
				end = l->nodes[i].memory[j].end;
	return end;
}

/*
 * Every kernel has a zone Normal: put an empty one in its place if the list
 * has none. The zone below it then needs an end, where memory ends.
 */
static void add_normal(struct layout *l)
{
	struct layout_zone normal = { .type = ZONE_NORMAL };
	unsigned int at = 0;

	while (at < l->nr_zones && l->zones[at].type < ZONE_NORMAL)
		at++;
	if (at < l->nr_zones && l->zones[at].type == ZONE_NORMAL)
		return;
	if (at && !l->zones[at - 1].has_end) {
		l->zones[at - 1].has_end = true;
		l->zones[at - 1].end = memory_end(l);
	}
	normal.has_end = at < l->nr_zones && l->zones[at].type != ZONE_DEVICE;
	normal.end = normal.has_end && at ? l->zones[at - 1].end : 0;
	memmove(&l->zones[at + 1], &l->zones[at], (l->nr_zones - at) * sizeof(*l->zones));
	l->zones[at] = normal;
	l->nr_zones++;
}

void verify_layout(struct conversion *c)
{
	check_overlaps(c, c->memory, c->nr_memory);
	check_overlaps(c, c->claims, c->nr_claims);
	if (c->memory_known)
		check_in_memory(c);
	for (size_t i = 0; i < c->nr_claims; i++)
		if (c->claims[i].cma)
			check_area_borders(c, &c->claims[i]);
	check_above_zones(c);
	check_some_memory(c);
	if (!c->d->errors)
		add_normal(c->layout);
}
