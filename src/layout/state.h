/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files about `state` share: the state as libcyaml loads it, and the
 * tables that say which of its numbers goes where, both ways.
 */
#ifndef BUDDYVIZ_LAYOUT_STATE_H
#define BUDDYVIZ_LAYOUT_STATE_H

#include "buddyviz/state.h"
#include "internal.h"

/* ------------------------------------------------- state_schema.c --- */

struct raw_blocks {
	uint64_t cpu, order; /* cpu: page sets only */
	int migratetype;
	char **pfns;
	uint32_t pfns_count;
};

struct raw_diffs {
	int64_t *item[NR_VM_ZONE_STAT_ITEMS];
};

struct raw_cpu_state {
	uint64_t cpu, free_factor, expire;
	struct raw_diffs *vm_stat_diff;
};

struct raw_limits {
	uint64_t watermark[NR_WMARK], percpu_drift_mark, pageset_high, pageset_batch;
	uint64_t *protection;
	uint32_t protection_count;
};

struct raw_scanners {
	char *cached_free, *cached_migrate[2], *init_migrate, *init_free;
	uint64_t considered, defer_shift, order_failed;
	int blockskip_flush;
};

struct raw_zone_state {
	uint64_t node;
	int zone;
	char *pageblocks;
	uint64_t watermark_boost, nr_reserved_highatomic;
	uint64_t numa[NR_VM_NUMA_EVENT_ITEMS];
	int boosted, reclaim_active;
	struct raw_limits *limits;
	struct raw_scanners *compaction;
	struct raw_cpu_state *cpus;
	struct raw_blocks *free, *pcp;
	uint32_t cpus_count, free_count, pcp_count;
};

struct raw_lru {
	int list;
	char **pfns;
	uint32_t pfns_count;
};

struct raw_kswapd {
	uint64_t order, highest_zoneidx, prev_zoneidx, failures, wakeups;
	int awake, dirty;
};

struct raw_kcompactd {
	uint64_t max_order, highest_zoneidx;
	int woken;
};

struct raw_node_counters {
	int64_t *item[NR_VM_NODE_STAT_ITEMS];
};

struct raw_node_state {
	uint64_t node, anon_cost, file_cost, nonresident_age, refaults[2];
	struct raw_lru *lru;
	uint32_t lru_count;
	struct raw_kswapd *kswapd;
	struct raw_kcompactd *kcompactd;
	struct raw_node_counters *counters;
};

struct raw_allocation {
	char *name, *owner, *pfn, *gfp;
	uint64_t *order, *count, *shadow;
	int *migratetype, *kind, *refused, *lru, *gone;
	int *flags;
	uint32_t flags_count;
};

struct raw_cma_state {
	char *name;
	char **pages;
	uint32_t pages_count;
};

struct raw_session {
	uint64_t autos, randoms, workloads;
	uint64_t *live, *spare;
	uint32_t live_count, spare_count;
};

struct raw_events {
	uint64_t *item[NR_VM_EVENT_ITEMS];
};

struct raw_by_zone {
	uint64_t *type[NR_ZONE_TYPES];
};

struct raw_zone_events {
	struct raw_by_zone *item[NR_VM_ZONE_EVENT_ITEMS];
};

struct raw_state {
	struct raw_zone_state *zones;
	struct raw_node_state *nodes;
	struct raw_allocation *allocations;
	struct raw_cma_state *cma;
	uint32_t zones_count, nodes_count, allocations_count, cma_count;
	uint64_t cpu, *min_free_kbytes, totalreserve_pages, swap_used;
	struct raw_session *session;
	struct raw_events *events;
	struct raw_zone_events *zone_events;
};

extern const struct cyaml_schema_field state_fields[];

/* ------------------------------------------------- state_rules.c --- */

/* How a number stands in the state; in the raw one it is a uint64_t, a bool an int, a PFN a string. */
enum state_type { STATE_ULONG, STATE_LONG, STATE_UINT, STATE_INT, STATE_BOOL, STATE_PFN };

/* A number: its key, its place in the raw mapping and in the state. */
struct state_rule {
	const char *key;
	size_t raw, out;
	enum state_type type;
};

struct state_rules {
	const struct state_rule *rule;
	size_t nr;
};

/* raw_zone_state to zone_state, raw_limits to state_limits, and so on, as they are named. */
extern const struct state_rules zone_rules, limits_rules, scanner_rules, cpu_rules, node_rules, kswapd_rules,
	kcompactd_rules, session_rules, machine_rules;

/* Read the numbers of a mapping into out; those that do not fit are reported. raw NULL: nothing given. */
void state_rules_read(struct diag *d, const struct node *at, const void *raw, void *out,
		      const struct state_rules *rules);
/* And back. */
void state_rules_write(const void *from, void *raw, const struct state_rules *rules);

/* What follows from an allocation's GFP word where nothing else is said. */
uint16_t state_default_flags(gfp_t gfp);
#define STATE_MOBILITY_MASK (3u << PG_MT_SHIFT)

/* Index of a zone type among a machine's zones, Movable and Device included; -1: it has none. */
int state_zone_index(const struct layout *l, enum zone_type type);

/* ---------------------------------------- convert_state.c, write_state.c --- */

/* The state of the file, read and checked as far as that is possible without a machine. */
void convert_state(struct conversion *c);
struct raw_state *state_to_raw(const struct layout *l);

#endif
