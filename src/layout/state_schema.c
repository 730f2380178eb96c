/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of `state`. Page frames are strings, because they are written in
 * hexadecimal and some carry a letter; what is left out is a pointer here, so
 * that a state is written without what has nothing to say.
 */
#include <config.h>

#include "buddyviz/page_alloc.h"
#include "state.h"

#define OPT    CYAML_FLAG_OPTIONAL
#define NEEDED CYAML_FLAG_DEFAULT
#define FLOW   CYAML_FLAG_FLOW
#define WORD   (CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL)

#define STRING(key, flags, type, member) CYAML_FIELD_STRING_PTR(key, flags, type, member, 0, CYAML_UNLIMITED)
#define UINT(key, type, member)          CYAML_FIELD_UINT(key, OPT, type, member)
#define BOOL(key, type, member)                                                                              \
	CYAML_FIELD_ENUM(key, WORD | CYAML_FLAG_CASE_INSENSITIVE, type, member, layout_bool_words,           \
			 CYAML_ARRAY_LEN(layout_bool_words))
#define LIST(key, flags, type, member, entry)                                                                \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | (flags), type, member, entry, 0, CYAML_UNLIMITED)
#define MAPPING(key, flags, type, member, fields)                                                            \
	CYAML_FIELD_MAPPING_PTR(key, (flags) | OPT, type, member, fields)

static const struct cyaml_strval letter_words[] = {
	{ "U", MIGRATE_UNMOVABLE },  { "M", MIGRATE_MOVABLE }, { "E", MIGRATE_RECLAIMABLE },
	{ "H", MIGRATE_HIGHATOMIC }, { "C", MIGRATE_CMA },     { "I", MIGRATE_ISOLATE },
};

static const struct cyaml_strval lru_words[] = {
	{ "inactive_anon", LRU_INACTIVE_ANON },
	{ "active_anon", LRU_ACTIVE_ANON },
	{ "inactive_file", LRU_INACTIVE_FILE },
	{ "active_file", LRU_ACTIVE_FILE },
};

static const struct cyaml_strval flag_words[] = {
	{ "migratable", PG_MIGRATABLE },
	{ "compound", PG_COMPOUND },
	{ "lru", PG_LRU },
	{ "active", PG_ACTIVE },
	{ "referenced", PG_REFERENCED },
	{ "dirty", PG_DIRTY },
	{ "anon", PG_ANON },
	{ "isolated", PG_ISOLATED },
};

static const struct cyaml_strval use_words[] = {
	{ "anon", LRU_ANON },
	{ "file", LRU_FILE },
};

/* The numbers are enum handle_gone's and enum handle_kind's. */
static const struct cyaml_strval gone_words[] = {
	{ "swapped", 1 },
	{ "dropped", 2 },
	{ "killed", 3 },
};

static const struct cyaml_strval kind_words[] = {
	{ "pages", 0 },
	{ "free_pages", 1 },
	{ "cma", 2 },
	{ "cma", 2 },
};

static const struct cyaml_schema_value pfn_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

static const struct cyaml_schema_value number_entry = {
	CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint64_t),
};

static const struct cyaml_schema_value flag_entry = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, int, flag_words, CYAML_ARRAY_LEN(flag_words)),
};

/* -------------------------------------------------------------- zones --- */

#define UINT_NEEDED(key, type, member) CYAML_FIELD_UINT(key, NEEDED, type, member)

static const struct cyaml_schema_field free_fields[] = {
	UINT_NEEDED("order", struct raw_blocks, order),
	CYAML_FIELD_ENUM("migratetype", CYAML_FLAG_STRICT, struct raw_blocks, migratetype, letter_words,
			 CYAML_ARRAY_LEN(letter_words)),
	LIST("pfns", FLOW, struct raw_blocks, pfns, &pfn_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value free_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_blocks, free_fields),
};

static const struct cyaml_schema_field pcp_fields[] = {
	UINT_NEEDED("cpu", struct raw_blocks, cpu),
	UINT_NEEDED("order", struct raw_blocks, order),
	CYAML_FIELD_ENUM("migratetype", CYAML_FLAG_STRICT, struct raw_blocks, migratetype, letter_words,
			 MIGRATE_PCPTYPES),
	LIST("pfns", FLOW, struct raw_blocks, pfns, &pfn_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value pcp_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_blocks, pcp_fields),
};

#define DIFF(key, id) CYAML_FIELD_INT_PTR(key, OPT, struct raw_diffs, item[id])

static const struct cyaml_schema_field diff_fields[] = {
	DIFF("nr_free_pages", NR_FREE_PAGES),
	DIFF("nr_zone_inactive_anon", NR_ZONE_INACTIVE_ANON),
	DIFF("nr_zone_active_anon", NR_ZONE_ACTIVE_ANON),
	DIFF("nr_zone_inactive_file", NR_ZONE_INACTIVE_FILE),
	DIFF("nr_zone_active_file", NR_ZONE_ACTIVE_FILE),
	DIFF("nr_zone_unevictable", NR_ZONE_UNEVICTABLE),
	DIFF("nr_zone_write_pending", NR_ZONE_WRITE_PENDING),
	DIFF("nr_mlock", NR_MLOCK),
	DIFF("nr_bounce", NR_BOUNCE),
	DIFF("nr_zspages", NR_ZSPAGES),
	DIFF("nr_free_cma", NR_FREE_CMA_PAGES),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field cpu_fields[] = {
	UINT_NEEDED("cpu", struct raw_cpu_state, cpu),
	UINT("free_factor", struct raw_cpu_state, free_factor),
	UINT("expire", struct raw_cpu_state, expire),
	MAPPING("vm_stat_diff", FLOW, struct raw_cpu_state, vm_stat_diff, diff_fields),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value cpu_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_cpu_state, cpu_fields),
};

static const struct cyaml_schema_field limits_fields[] = {
	UINT_NEEDED("min", struct raw_limits, watermark[WMARK_MIN]),
	UINT_NEEDED("low", struct raw_limits, watermark[WMARK_LOW]),
	UINT_NEEDED("high", struct raw_limits, watermark[WMARK_HIGH]),
	UINT_NEEDED("promo", struct raw_limits, watermark[WMARK_PROMO]),
	LIST("protection", FLOW, struct raw_limits, protection, &number_entry),
	UINT_NEEDED("percpu_drift_mark", struct raw_limits, percpu_drift_mark),
	UINT_NEEDED("pageset_high", struct raw_limits, pageset_high),
	UINT_NEEDED("pageset_batch", struct raw_limits, pageset_batch),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field scanner_fields[] = {
	STRING("cached_free", NEEDED, struct raw_scanners, cached_free),
	STRING("cached_migrate_async", NEEDED, struct raw_scanners, cached_migrate[0]),
	STRING("cached_migrate_sync", NEEDED, struct raw_scanners, cached_migrate[1]),
	STRING("init_migrate", NEEDED, struct raw_scanners, init_migrate),
	STRING("init_free", NEEDED, struct raw_scanners, init_free),
	UINT("considered", struct raw_scanners, considered),
	UINT("defer_shift", struct raw_scanners, defer_shift),
	UINT("order_failed", struct raw_scanners, order_failed),
	BOOL("blockskip_flush", struct raw_scanners, blockskip_flush),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field zone_fields[] = {
	UINT_NEEDED("node", struct raw_zone_state, node),
	CYAML_FIELD_ENUM("zone", CYAML_FLAG_STRICT, struct raw_zone_state, zone, layout_zone_words,
			 NR_ZONE_TYPES),
	STRING("pageblocks", OPT | CYAML_FLAG_SCALAR_QUOTE_DOUBLE, struct raw_zone_state, pageblocks),
	MAPPING("limits", FLOW, struct raw_zone_state, limits, limits_fields),
	UINT("watermark_boost", struct raw_zone_state, watermark_boost),
	BOOL("boosted", struct raw_zone_state, boosted),
	BOOL("reclaim_active", struct raw_zone_state, reclaim_active),
	UINT("nr_reserved_highatomic", struct raw_zone_state, nr_reserved_highatomic),
	UINT("numa_hit", struct raw_zone_state, numa[NUMA_HIT]),
	UINT("numa_miss", struct raw_zone_state, numa[NUMA_MISS]),
	UINT("numa_foreign", struct raw_zone_state, numa[NUMA_FOREIGN]),
	UINT("numa_local", struct raw_zone_state, numa[NUMA_LOCAL]),
	UINT("numa_other", struct raw_zone_state, numa[NUMA_OTHER]),
	MAPPING("compaction", FLOW, struct raw_zone_state, compaction, scanner_fields),
	LIST("cpus", OPT, struct raw_zone_state, cpus, &cpu_entry),
	LIST("free", OPT, struct raw_zone_state, free, &free_entry),
	LIST("pcp", OPT, struct raw_zone_state, pcp, &pcp_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value zone_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_zone_state, zone_fields),
};

/* -------------------------------------------------------------- nodes --- */

static const struct cyaml_schema_field lru_fields[] = {
	CYAML_FIELD_ENUM("list", CYAML_FLAG_STRICT, struct raw_lru, list, lru_words,
			 CYAML_ARRAY_LEN(lru_words)),
	LIST("pfns", FLOW, struct raw_lru, pfns, &pfn_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value lru_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_lru, lru_fields),
};

static const struct cyaml_schema_field kswapd_fields[] = {
	UINT("order", struct raw_kswapd, order),
	UINT("highest_zoneidx", struct raw_kswapd, highest_zoneidx),
	UINT("prev_zoneidx", struct raw_kswapd, prev_zoneidx),
	UINT("failures", struct raw_kswapd, failures),
	UINT("wakeups", struct raw_kswapd, wakeups),
	BOOL("awake", struct raw_kswapd, awake),
	BOOL("dirty", struct raw_kswapd, dirty),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field kcompactd_fields[] = {
	UINT("max_order", struct raw_kcompactd, max_order),
	UINT("highest_zoneidx", struct raw_kcompactd, highest_zoneidx),
	BOOL("woken", struct raw_kcompactd, woken),
	CYAML_FIELD_END,
};

#define COUNTER(key, id) CYAML_FIELD_INT_PTR(key, OPT, struct raw_node_counters, item[id])

static const struct cyaml_schema_field counter_fields[] = {
	COUNTER("nr_isolated_anon", NR_ISOLATED_ANON),
	COUNTER("nr_isolated_file", NR_ISOLATED_FILE),
	COUNTER("workingset_refault_anon", WORKINGSET_REFAULT_ANON),
	COUNTER("workingset_refault_file", WORKINGSET_REFAULT_FILE),
	COUNTER("workingset_activate_anon", WORKINGSET_ACTIVATE_ANON),
	COUNTER("workingset_activate_file", WORKINGSET_ACTIVATE_FILE),
	COUNTER("workingset_restore_anon", WORKINGSET_RESTORE_ANON),
	COUNTER("workingset_restore_file", WORKINGSET_RESTORE_FILE),
	COUNTER("nr_vmscan_write", NR_VMSCAN_WRITE),
	COUNTER("nr_vmscan_immediate_reclaim", NR_VMSCAN_IMMEDIATE),
	COUNTER("nr_dirtied", NR_DIRTIED),
	COUNTER("nr_written", NR_WRITTEN),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field node_fields[] = {
	UINT_NEEDED("node", struct raw_node_state, node),
	UINT("anon_cost", struct raw_node_state, anon_cost),
	UINT("file_cost", struct raw_node_state, file_cost),
	UINT("nonresident_age", struct raw_node_state, nonresident_age),
	UINT("refaults_anon", struct raw_node_state, refaults[0]),
	UINT("refaults_file", struct raw_node_state, refaults[1]),
	MAPPING("kswapd", FLOW, struct raw_node_state, kswapd, kswapd_fields),
	MAPPING("kcompactd", FLOW, struct raw_node_state, kcompactd, kcompactd_fields),
	MAPPING("counters", FLOW, struct raw_node_state, counters, counter_fields),
	LIST("lru", OPT, struct raw_node_state, lru, &lru_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value node_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_node_state, node_fields),
};

/* -------------------------------------------------- the whole machine --- */

static const struct cyaml_schema_field allocation_fields[] = {
	STRING("name", OPT | CYAML_FLAG_SCALAR_QUOTE_DOUBLE, struct raw_allocation, name),
	STRING("pfn", OPT, struct raw_allocation, pfn),
	CYAML_FIELD_UINT_PTR("order", OPT, struct raw_allocation, order),
	CYAML_FIELD_UINT_PTR("count", OPT, struct raw_allocation, count),
	STRING("gfp", OPT, struct raw_allocation, gfp),
	STRING("owner", OPT | CYAML_FLAG_SCALAR_QUOTE_DOUBLE, struct raw_allocation, owner),
	CYAML_FIELD_ENUM_PTR("migratetype", WORD, struct raw_allocation, migratetype, letter_words,
			     MIGRATE_PCPTYPES),
	LIST("flags", OPT | FLOW, struct raw_allocation, flags, &flag_entry),
	CYAML_FIELD_ENUM_PTR("kind", WORD, struct raw_allocation, kind, kind_words,
			     CYAML_ARRAY_LEN(kind_words)),
	CYAML_FIELD_ENUM_PTR("lru", WORD, struct raw_allocation, lru, use_words, CYAML_ARRAY_LEN(use_words)),
	CYAML_FIELD_ENUM_PTR("gone", WORD, struct raw_allocation, gone, gone_words,
			     CYAML_ARRAY_LEN(gone_words)),
	CYAML_FIELD_UINT_PTR("shadow", OPT, struct raw_allocation, shadow),
	CYAML_FIELD_ENUM_PTR("refused", WORD | CYAML_FLAG_CASE_INSENSITIVE, struct raw_allocation, refused,
			     layout_bool_words, CYAML_ARRAY_LEN(layout_bool_words)),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value allocation_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_allocation, allocation_fields),
};

static const struct cyaml_schema_field cma_fields[] = {
	STRING("name", CYAML_FLAG_SCALAR_QUOTE_DOUBLE, struct raw_cma_state, name),
	LIST("pages", FLOW, struct raw_cma_state, pages, &pfn_entry),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value cma_entry = {
	CYAML_VALUE_MAPPING(FLOW, struct raw_cma_state, cma_fields),
};

static const struct cyaml_schema_field session_fields[] = {
	UINT("autos", struct raw_session, autos),
	UINT("randoms", struct raw_session, randoms),
	UINT("workloads", struct raw_session, workloads),
	LIST("live", OPT | FLOW, struct raw_session, live, &number_entry),
	LIST("spare", OPT | FLOW, struct raw_session, spare, &number_entry),
	CYAML_FIELD_END,
};

#define X(id, name) CYAML_FIELD_UINT_PTR(#name, OPT, struct raw_events, item[id]),
static const struct cyaml_schema_field event_fields[] = {
	VM_EVENT_TABLE_IO(X) VM_EVENT_TABLE(X) CYAML_FIELD_END,
};
#undef X

#define BY_ZONE(key, id) CYAML_FIELD_UINT_PTR(key, OPT, struct raw_by_zone, type[id])

static const struct cyaml_schema_field by_zone_fields[] = {
	BY_ZONE("DMA", ZONE_DMA),
	BY_ZONE("DMA32", ZONE_DMA32),
	BY_ZONE("Normal", ZONE_NORMAL),
	BY_ZONE("HighMem", ZONE_HIGHMEM),
	BY_ZONE("Movable", ZONE_MOVABLE),
	BY_ZONE("Device", ZONE_DEVICE),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field zone_event_fields[] = {
	MAPPING("pgalloc", FLOW, struct raw_zone_events, item[PGALLOC], by_zone_fields),
	MAPPING("allocstall", FLOW, struct raw_zone_events, item[ALLOCSTALL], by_zone_fields),
	MAPPING("pgskip", FLOW, struct raw_zone_events, item[PGSCAN_SKIP], by_zone_fields),
	CYAML_FIELD_END,
};

const struct cyaml_schema_field state_fields[] = {
	UINT("cpu", struct raw_state, cpu),
	CYAML_FIELD_UINT_PTR("min_free_kbytes", OPT, struct raw_state, min_free_kbytes),
	UINT("totalreserve_pages", struct raw_state, totalreserve_pages),
	UINT("swap_used", struct raw_state, swap_used),
	LIST("zones", OPT, struct raw_state, zones, &zone_entry),
	LIST("nodes", OPT, struct raw_state, nodes, &node_entry),
	LIST("cma", OPT, struct raw_state, cma, &cma_entry),
	LIST("allocations", OPT, struct raw_state, allocations, &allocation_entry),
	MAPPING("session", CYAML_FLAG_DEFAULT, struct raw_state, session, session_fields),
	MAPPING("events", FLOW, struct raw_state, events, event_fields),
	MAPPING("zone_events", FLOW, struct raw_state, zone_events, zone_event_fields),
	CYAML_FIELD_END,
};
