/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The zones of a state: limits, types of pageblocks, compaction scanners and
 * CPUs. Their lists are read in convert_state_lists.c.
 */
#include <config.h>

#include "convert_state.h"

#include <limits.h>

static void read_cpus(struct state_conversion *s, const struct node *at, const struct raw_zone_state *raw,
		      struct zone_state *to)
{
	const struct node *cpus = index_key(at, "cpus"), *entry;
	size_t next = 0;
	unsigned int cpu;

	to->nr_cpus = s->c->layout->cpus;
	to->cpus = layout_alloc(to->nr_cpus, sizeof(*to->cpus));
	for (uint32_t i = 0; i < raw->cpus_count && (entry = index_next(cpus, &next)); i++) {
		const struct raw_cpu_state *from = &raw->cpus[i];

		if (!state_read_cpu(s, index_key(entry, "cpu"), from->cpu, &cpu))
			continue;
		state_rules_read(s->d, entry, from, &to->cpus[cpu], &cpu_rules);
		for (int item = 0; from->vm_stat_diff && item < NR_VM_ZONE_STAT_ITEMS; item++)
			if (from->vm_stat_diff->item[item])
				to->cpus[cpu].vm_stat_diff[item] = (int)*from->vm_stat_diff->item[item];
	}
}

/* Where a letter of a quoted scalar on one line stands. */
static size_t letter_mark(struct state_conversion *s, const struct node *at, size_t nth)
{
	char first = *diag_rest(s->d, at->mark);

	return at->mark + (first == '"' || first == '\'') + nth;
}

static void read_pageblocks(struct state_conversion *s, const struct node *at, const char *letters,
			    struct zone_state *to)
{
	if (!at || !letters)
		return;
	for (size_t i = 0; letters[i]; i++) {
		if (letters[i] == '.' || state_letter_type(letters[i] & ~0x20) >= 0)
			continue;
		diag_error(s->d, letter_mark(s, at, i),
			   "pageblocks: '%c' is none of U, M, E, H, C, I, their lower case, and '.'",
			   letters[i]);
		break;
	}
	to->pageblocks = layout_strdup(letters);
}

static void read_limits(struct state_conversion *s, const struct node *at, const struct raw_limits *raw,
			struct zone_state *to)
{
	const struct node *protection = index_key(at, "protection");
	unsigned int nr_types = 0;

	if (!at || !raw)
		return;
	to->limits = layout_alloc(1, sizeof(*to->limits));
	state_rules_read(s->d, at, raw, to->limits, &limits_rules);
	for (enum zone_type type = 0; type < NR_ZONE_TYPES; type++)
		nr_types += state_zone_index(s->c->layout, type) >= 0;
	if (protection && raw->protection_count != nr_types)
		diag_error(s->d, protection->mark, "protection must have %u numbers, one a zone type, not %u",
			   nr_types, raw->protection_count);
	for (uint32_t i = 0; i < raw->protection_count && i < NR_ZONE_TYPES; i++)
		to->limits->lowmem_reserve[i] = (long)(raw->protection[i] & LONG_MAX);
}

static void report_second_zone(struct state_conversion *s, const struct node *entry,
			       const struct zone_state *zones, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (zones[i].node == zones[nr].node && zones[i].zone == zones[nr].zone)
			diag_error(s->d, index_first_key(entry), "zone %s of node %d is described twice",
				   zone_type_name(zones[nr].zone), zones[nr].node);
}

static void read_zone(struct state_conversion *s, const struct node *entry, const struct raw_zone_state *raw,
		      struct zone_state *to)
{
	const struct node *scanners = index_key(entry, "compaction"), *zone = index_key(entry, "zone");
	int node = state_read_node(s, index_key(entry, "node"), raw->node);

	to->node = (int)raw->node;
	to->zone = (enum zone_type)raw->zone;
	if (zone && s->c->zones_known && state_zone_index(s->c->layout, to->zone) < 0)
		diag_error(s->d, zone->mark, "the layout has no zone %s", zone_type_name(to->zone));
	read_pageblocks(s, index_key(entry, "pageblocks"), raw->pageblocks, to);
	state_rules_read(s->d, entry, raw, to, &zone_rules);
	read_limits(s, index_key(entry, "limits"), raw->limits, to);
	to->compaction_as_booted = !scanners;
	if (scanners)
		state_rules_read(s->d, scanners, raw->compaction, to, &scanner_rules);
	read_cpus(s, entry, raw, to);
	state_read_free_lists(s, entry, raw, to, node);
	state_read_page_sets(s, entry, raw, to, node);
}

void state_read_zones(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *zones = index_key(at, "zones"), *entry;
	struct mm_state *to = s->state;
	size_t next = 0;

	to->zones = layout_alloc(raw->zones_count, sizeof(*to->zones));
	while (to->nr_zones < raw->zones_count && (entry = index_next(zones, &next))) {
		read_zone(s, entry, &raw->zones[to->nr_zones], &to->zones[to->nr_zones]);
		report_second_zone(s, entry, to->zones, to->nr_zones);
		to->nr_zones++;
	}
}
