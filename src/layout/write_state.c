/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A state written out: turned back into what libcyaml loads. */
#include <config.h>

#include "state.h"

#include <stdlib.h>
#include <string.h>

/* A number to be written, NULL for 0, which is left out. */
static int64_t *signed_or_null(int64_t value)
{
	int64_t *copy = value ? layout_alloc(1, sizeof(*copy)) : NULL;

	if (copy)
		*copy = value;
	return copy;
}

static uint64_t *unsigned_or_null(uint64_t value)
{
	return (uint64_t *)signed_or_null((int64_t)value);
}

static uint64_t *a_number(uint64_t value)
{
	uint64_t *copy = layout_alloc(1, sizeof(*copy));

	*copy = value;
	return copy;
}

static int *a_word(int value)
{
	int *copy = layout_alloc(1, sizeof(*copy));

	*copy = value;
	return copy;
}

/* -------------------------------------------------------------- zones --- */

static void put_blocks(const struct state_list *from, struct raw_blocks *raw)
{
	raw->cpu = from->cpu;
	raw->order = from->order;
	raw->migratetype = from->migratetype;
	raw->pfns = layout_alloc(from->nr, sizeof(*raw->pfns));
	raw->pfns_count = (uint32_t)from->nr;
	for (unsigned long i = 0; i < from->nr; i++) {
		if (from->types && from->types[i] != from->migratetype)
			raw->pfns[i] = layout_asprintf("0x%lx/%c", from->pfns[i],
						       migratetype_letter(from->types[i]));
		else
			raw->pfns[i] = layout_asprintf("0x%lx", from->pfns[i]);
	}
}

/* Free lists remember nothing beyond their type. */
static void put_free_list(const struct state_list *from, struct raw_blocks *raw)
{
	struct state_list plain = *from;

	plain.types = NULL;
	put_blocks(&plain, raw);
}

static void put_limits(const struct layout *l, const struct state_limits *from, struct raw_zone_state *raw)
{
	if (!from)
		return;
	raw->limits = layout_alloc(1, sizeof(*raw->limits));
	state_rules_write(from, raw->limits, &limits_rules);
	raw->limits->protection = layout_alloc(NR_ZONE_TYPES, sizeof(*raw->limits->protection));
	for (enum zone_type type = 0; type < NR_ZONE_TYPES; type++) {
		int index = state_zone_index(l, type);

		if (index < 0)
			continue;
		raw->limits->protection[index] = (uint64_t)from->lowmem_reserve[index];
		raw->limits->protection_count++;
	}
}

static struct raw_diffs *diffs(const struct state_cpu *from)
{
	struct raw_diffs *raw = NULL;

	for (int item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++) {
		if (!from->vm_stat_diff[item])
			continue;
		raw = raw ? raw : layout_alloc(1, sizeof(*raw));
		raw->item[item] = signed_or_null(from->vm_stat_diff[item]);
	}
	return raw;
}

/* CPUs of which there is something to say. */
static void put_cpus(const struct zone_state *from, struct raw_zone_state *raw)
{
	raw->cpus = layout_alloc(from->nr_cpus, sizeof(*raw->cpus));
	for (unsigned int cpu = 0; from->cpus && cpu < from->nr_cpus; cpu++) {
		struct raw_cpu_state *to = &raw->cpus[raw->cpus_count];

		state_rules_write(&from->cpus[cpu], to, &cpu_rules);
		to->cpu = cpu;
		to->vm_stat_diff = diffs(&from->cpus[cpu]);
		if (to->free_factor || to->expire || to->vm_stat_diff)
			raw->cpus_count++;
	}
}

static void put_zone(const struct layout *l, const struct zone_state *from, struct raw_zone_state *raw)
{
	raw->node = (uint64_t)from->node;
	raw->zone = from->zone;
	raw->pageblocks = from->pageblocks ? layout_strdup(from->pageblocks) : NULL;
	state_rules_write(from, raw, &zone_rules);
	put_limits(l, from->limits, raw);
	if (!from->compaction_as_booted) {
		raw->compaction = layout_alloc(1, sizeof(*raw->compaction));
		state_rules_write(from, raw->compaction, &scanner_rules);
	}
	put_cpus(from, raw);
	raw->free = layout_alloc(from->nr_free, sizeof(*raw->free));
	raw->free_count = from->nr_free;
	for (unsigned int i = 0; i < from->nr_free; i++)
		put_free_list(&from->free[i], &raw->free[i]);
	raw->pcp = layout_alloc(from->nr_pcp, sizeof(*raw->pcp));
	raw->pcp_count = from->nr_pcp;
	for (unsigned int i = 0; i < from->nr_pcp; i++)
		put_blocks(&from->pcp[i], &raw->pcp[i]);
}

/* -------------------------------------------------------------- nodes --- */

static char *lru_page(unsigned long pfn, uint8_t flags)
{
	return layout_asprintf("0x%lx%s%s%s%s", pfn, flags ? "/" : "", flags & LRU_YOUNG ? "y" : "",
			       flags & LRU_WORKINGSET ? "w" : "", flags & LRU_RECLAIM ? "r" : "");
}

static void put_lru(const struct state_list *from, int lru, struct raw_node_state *raw)
{
	struct raw_lru *to = &raw->lru[raw->lru_count];

	if (!from->nr)
		return;
	raw->lru_count++;
	to->list = lru;
	to->pfns = layout_alloc(from->nr, sizeof(*to->pfns));
	to->pfns_count = (uint32_t)from->nr;
	for (unsigned long i = 0; i < from->nr; i++)
		to->pfns[i] = lru_page(from->pfns[i], from->types ? from->types[i] : 0);
}

/* Sizes of lists and dirty pages follow from the lists. */
static bool is_counted(int item)
{
	return item >= NR_LRU_BASE + NR_LRU_LISTS && item != NR_FILE_DIRTY;
}

static void put_node(const struct node_state *from, struct raw_node_state *raw)
{
	raw->node = (uint64_t)from->node;
	state_rules_write(from, raw, &node_rules);
	raw->kswapd = layout_alloc(1, sizeof(*raw->kswapd));
	state_rules_write(from, raw->kswapd, &kswapd_rules);
	raw->kcompactd = layout_alloc(1, sizeof(*raw->kcompactd));
	state_rules_write(from, raw->kcompactd, &kcompactd_rules);
	raw->lru = layout_alloc(NR_LRU_LISTS, sizeof(*raw->lru));
	for (int lru = 0; lru < NR_LRU_LISTS; lru++)
		put_lru(&from->lru[lru], lru, raw);
	for (int item = 0; item < NR_VM_NODE_STAT_ITEMS; item++) {
		if (!is_counted(item) || !from->vm_stat[item])
			continue;
		raw->counters = raw->counters ? raw->counters : layout_alloc(1, sizeof(*raw->counters));
		raw->counters->item[item] = signed_or_null(from->vm_stat[item]);
	}
}

/* -------------------------------------------------------- allocations --- */

static void put_flags(const struct state_allocation *from, struct raw_allocation *raw)
{
	static const uint16_t all[] = { PG_MIGRATABLE, PG_COMPOUND, PG_LRU,  PG_ACTIVE,
					PG_REFERENCED, PG_DIRTY,    PG_ANON, PG_ISOLATED };
	uint16_t usual = state_default_flags(from->gfp), other = from->flags ^ usual;

	if (other & STATE_MOBILITY_MASK)
		raw->migratetype = a_word(from->flags >> PG_MT_SHIFT);
	if (!(other & ~STATE_MOBILITY_MASK))
		return;
	raw->flags = layout_alloc(CYAML_ARRAY_LEN(all), sizeof(*raw->flags));
	for (size_t i = 0; i < CYAML_ARRAY_LEN(all); i++)
		if (from->flags & all[i])
			raw->flags[raw->flags_count++] = all[i];
}

static void put_allocation(const struct state_allocation *from, struct raw_allocation *raw)
{
	char gfp[512];

	raw->name = from->name ? layout_strdup(from->name) : NULL;
	raw->owner = from->owner ? layout_strdup(from->owner) : NULL;
	raw->refused = from->refused ? a_word(1) : NULL;
	raw->gone = from->gone ? a_word((int)from->gone) : NULL;
	raw->shadow = from->shadow ? a_number(from->shadow) : NULL;
	if (from->pfn == PFN_NONE && !from->gone)
		return;
	raw->lru = from->lru ? a_word((int)from->lru) : NULL;
	raw->pfn = from->gone ? NULL : layout_asprintf("0x%lx", from->pfn);
	raw->order = a_number(from->order);
	raw->count = from->count > 1 ? a_number(from->count) : NULL;
	raw->gfp = layout_strdup(gfp_format(from->gfp, gfp, sizeof(gfp)));
	raw->kind = from->kind ? a_word((int)from->kind) : NULL;
	put_flags(from, raw);
}

/* ------------------------------------------- CMA, session and counters --- */

static void put_cma(const struct cma_state *from, struct raw_cma_state *raw)
{
	raw->name = layout_strdup(from->name);
	raw->pages = layout_alloc(from->nr_runs, sizeof(*raw->pages));
	raw->pages_count = (uint32_t)from->nr_runs;
	for (unsigned long i = 0; i < from->nr_runs; i++)
		raw->pages[i] = layout_asprintf("0x%lx-0x%lx", from->runs[i].pfn,
						from->runs[i].pfn + from->runs[i].count - 1);
}

static uint64_t *owners(const uint32_t *from, unsigned long nr)
{
	uint64_t *copy = layout_alloc(nr, sizeof(*copy));

	for (unsigned long i = 0; i < nr; i++)
		copy[i] = from[i];
	return copy;
}

static struct raw_session *session(const struct session_state *from)
{
	struct raw_session *raw = layout_alloc(1, sizeof(*raw));

	state_rules_write(from, raw, &session_rules);
	raw->live = owners(from->live, from->nr_live);
	raw->live_count = (uint32_t)from->nr_live;
	raw->spare = owners(from->spare, from->nr_spare);
	raw->spare_count = (uint32_t)from->nr_spare;
	return raw;
}

static struct raw_by_zone *by_zone(const struct layout *l, const unsigned long *from)
{
	struct raw_by_zone *raw = NULL;

	for (enum zone_type type = 0; type < NR_ZONE_TYPES; type++) {
		int index = state_zone_index(l, type);

		if (index < 0 || !from[index])
			continue;
		raw = raw ? raw : layout_alloc(1, sizeof(*raw));
		raw->type[type] = unsigned_or_null(from[index]);
	}
	return raw;
}

static void put_events(const struct layout *l, const struct mm_state *from, struct raw_state *raw)
{
	raw->events = layout_alloc(1, sizeof(*raw->events));
	for (int item = 0; item < NR_VM_EVENT_ITEMS; item++)
		raw->events->item[item] = unsigned_or_null(from->vm_events[item]);
	raw->zone_events = layout_alloc(1, sizeof(*raw->zone_events));
	for (int item = 0; item < NR_VM_ZONE_EVENT_ITEMS; item++)
		raw->zone_events->item[item] = by_zone(l, from->vm_zone_events[item]);
}

struct raw_state *state_to_raw(const struct layout *l)
{
	const struct mm_state *from = l->state;
	struct raw_state *raw = layout_alloc(1, sizeof(*raw));

	state_rules_write(from, raw, &machine_rules);
	raw->min_free_kbytes = from->has_totals ? a_number((uint64_t)from->min_free_kbytes) : NULL;
	raw->zones = layout_alloc(from->nr_zones, sizeof(*raw->zones));
	raw->zones_count = from->nr_zones;
	for (unsigned int i = 0; i < from->nr_zones; i++)
		put_zone(l, &from->zones[i], &raw->zones[i]);
	raw->nodes = layout_alloc(from->nr_nodes, sizeof(*raw->nodes));
	raw->nodes_count = from->nr_nodes;
	for (unsigned int i = 0; i < from->nr_nodes; i++)
		put_node(&from->nodes[i], &raw->nodes[i]);
	raw->allocations = layout_alloc(from->nr_allocations, sizeof(*raw->allocations));
	raw->allocations_count = (uint32_t)from->nr_allocations;
	for (unsigned long i = 0; i < from->nr_allocations; i++)
		put_allocation(&from->allocations[i], &raw->allocations[i]);
	raw->cma = layout_alloc(from->nr_cma, sizeof(*raw->cma));
	raw->cma_count = from->nr_cma;
	for (unsigned int i = 0; i < from->nr_cma; i++)
		put_cma(&from->cma[i], &raw->cma[i]);
	raw->session = session(&from->session);
	put_events(l, from, raw);
	return raw;
}
