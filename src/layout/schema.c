/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of a layout and their types, for libcyaml and for check.c: the one
 * list of them. Sizes, addresses and ranges are strings here, because
 * libcyaml would read "16k" as 16; booleans are words, because it would read
 * "flase" as true.
 */
#include <config.h>

#include "state.h"

#define OPT    CYAML_FLAG_OPTIONAL
#define QUOTED CYAML_FLAG_SCALAR_QUOTE_DOUBLE
#define NOCASE CYAML_FLAG_CASE_INSENSITIVE

#define ENUM(key, flags, type, member, words)                                                                \
	CYAML_FIELD_ENUM(key, (flags) | CYAML_FLAG_STRICT, type, member, words, CYAML_ARRAY_LEN(words))
#define STRING(key, flags, type, member) CYAML_FIELD_STRING_PTR(key, flags, type, member, 0, CYAML_UNLIMITED)

const struct cyaml_strval layout_zone_words[NR_ZONE_TYPES] = {
	{ "DMA", ZONE_DMA },         { "DMA32", ZONE_DMA32 },     { "Normal", ZONE_NORMAL },
	{ "HighMem", ZONE_HIGHMEM }, { "Movable", ZONE_MOVABLE }, { "Device", ZONE_DEVICE },
};

/* When a layout is written, the first word of a value is taken. */
const struct cyaml_strval layout_bool_words[6] = {
	{ "true", 1 }, { "false", 0 }, { "yes", 1 }, { "no", 0 }, { "on", 1 }, { "off", 0 },
};

static const struct cyaml_schema_value string_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

static const struct cyaml_schema_value integer_entry = {
	CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint64_t),
};

static const struct cyaml_schema_field zone_fields[] = {
	ENUM("type", CYAML_FLAG_DEFAULT, struct raw_zone, type, layout_zone_words),
	STRING("end", OPT, struct raw_zone, end),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value zone_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_FLOW, struct raw_zone, zone_fields),
};

static const struct cyaml_schema_field node_fields[] = {
	CYAML_FIELD_UINT("id", CYAML_FLAG_DEFAULT, struct raw_node, id),
	CYAML_FIELD_SEQUENCE("memory", CYAML_FLAG_POINTER, struct raw_node, memory, &string_entry, 0,
			     CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("cpus", CYAML_FLAG_POINTER | CYAML_FLAG_FLOW | OPT, struct raw_node, cpus,
			     &integer_entry, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("distance", CYAML_FLAG_POINTER | CYAML_FLAG_FLOW | OPT, struct raw_node,
			     distance, &integer_entry, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value node_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_node, node_fields),
};

static const struct cyaml_schema_field reserved_fields[] = {
	STRING("name", QUOTED, struct raw_reserved, name),
	STRING("range", OPT, struct raw_reserved, range),
	STRING("base", OPT, struct raw_reserved, base),
	STRING("size", OPT, struct raw_reserved, size),
	ENUM("no_map", OPT | NOCASE, struct raw_reserved, no_map, layout_bool_words),
	ENUM("freed_after_boot", OPT | NOCASE, struct raw_reserved, freed_after_boot, layout_bool_words),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value reserved_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_FLOW, struct raw_reserved, reserved_fields),
};

static const struct cyaml_schema_field cma_fields[] = {
	STRING("name", QUOTED, struct raw_cma, name),
	STRING("range", OPT, struct raw_cma, range),
	STRING("base", OPT, struct raw_cma, base),
	STRING("size", OPT, struct raw_cma, size),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_value cma_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_FLOW, struct raw_cma, cma_fields),
};

#define RATIO(key, type) CYAML_FIELD_UINT(key, OPT, struct raw_ratio, by_type[type])

static const struct cyaml_schema_field ratio_fields[] = {
	RATIO("DMA", ZONE_DMA),         RATIO("DMA32", ZONE_DMA32),     RATIO("Normal", ZONE_NORMAL),
	RATIO("HighMem", ZONE_HIGHMEM), RATIO("Movable", ZONE_MOVABLE), CYAML_FIELD_END,
};

static const struct cyaml_schema_field sysctl_fields[] = {
	CYAML_FIELD_UINT_PTR("min_free_kbytes", OPT, struct raw_sysctl, min_free_kbytes),
	CYAML_FIELD_UINT("watermark_scale_factor", OPT, struct raw_sysctl, watermark_scale_factor),
	CYAML_FIELD_UINT("watermark_boost_factor", OPT, struct raw_sysctl, watermark_boost_factor),
	CYAML_FIELD_MAPPING("lowmem_reserve_ratio", OPT, struct raw_sysctl, lowmem_reserve_ratio,
			    ratio_fields),
	CYAML_FIELD_UINT("percpu_pagelist_high_fraction", OPT, struct raw_sysctl,
			 percpu_pagelist_high_fraction),
	CYAML_FIELD_UINT("extfrag_threshold", OPT, struct raw_sysctl, extfrag_threshold),
	CYAML_FIELD_UINT("compaction_proactiveness", OPT, struct raw_sysctl, compaction_proactiveness),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field features_fields[] = {
	ENUM("pcp", OPT | NOCASE, struct raw_features, pcp, layout_bool_words),
	CYAML_FIELD_ENUM_PTR("group_by_mobility", OPT | CYAML_FLAG_STRICT | NOCASE, struct raw_features,
			     group_by_mobility, layout_bool_words, CYAML_ARRAY_LEN(layout_bool_words)),
	CYAML_FIELD_ENUM_PTR("cma", OPT | CYAML_FLAG_STRICT | NOCASE, struct raw_features, cma,
			     layout_bool_words, CYAML_ARRAY_LEN(layout_bool_words)),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field virtual_fields[] = {
	STRING("page_offset", OPT, struct raw_virtual, page_offset),
	STRING("high_memory", OPT, struct raw_virtual, high_memory),
	STRING("vmalloc_start", OPT, struct raw_virtual, vmalloc_start),
	STRING("vmalloc_end", OPT, struct raw_virtual, vmalloc_end),
	STRING("pkmap_base", OPT, struct raw_virtual, pkmap_base),
	CYAML_FIELD_UINT("last_pkmap", OPT, struct raw_virtual, last_pkmap),
	STRING("fixaddr_start", OPT, struct raw_virtual, fixaddr_start),
	CYAML_FIELD_END,
};

static const struct cyaml_schema_field layout_fields[] = {
	STRING("name", QUOTED, struct raw_layout, name),
	STRING("description", OPT | QUOTED, struct raw_layout, description),
	CYAML_FIELD_UINT("page_shift", OPT, struct raw_layout, page_shift),
	CYAML_FIELD_UINT("max_order", OPT, struct raw_layout, max_order),
	CYAML_FIELD_UINT("pageblock_order", OPT, struct raw_layout, pageblock_order),
	CYAML_FIELD_UINT("cpus", OPT, struct raw_layout, cpus),
	CYAML_FIELD_SEQUENCE("zones", CYAML_FLAG_POINTER, struct raw_layout, zones, &zone_entry, 0,
			     CYAML_UNLIMITED),
	STRING("kernelcore", OPT, struct raw_layout, kernelcore),
	STRING("movablecore", OPT, struct raw_layout, movablecore),
	CYAML_FIELD_UINT("section_shift", OPT, struct raw_layout, section_shift),
	CYAML_FIELD_UINT("kmalloc_minalign", OPT, struct raw_layout, kmalloc_minalign),
	CYAML_FIELD_SEQUENCE("nodes", CYAML_FLAG_POINTER, struct raw_layout, nodes, &node_entry, 0,
			     LAYOUT_MAX_NODES),
	CYAML_FIELD_SEQUENCE("reserved", CYAML_FLAG_POINTER | OPT, struct raw_layout, reserved,
			     &reserved_entry, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("cma", CYAML_FLAG_POINTER | OPT, struct raw_layout, cma, &cma_entry, 0,
			     CYAML_UNLIMITED),
	STRING("swap", OPT, struct raw_layout, swap),
	CYAML_FIELD_MAPPING("sysctl", OPT, struct raw_layout, sysctl, sysctl_fields),
	CYAML_FIELD_MAPPING("features", OPT, struct raw_layout, features, features_fields),
	CYAML_FIELD_MAPPING("virtual", OPT, struct raw_layout, virtual, virtual_fields),
	CYAML_FIELD_MAPPING_PTR("state", OPT, struct raw_layout, state, state_fields),
	CYAML_FIELD_END,
};

const struct cyaml_schema_value layout_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_layout, layout_fields),
};

/* Its messages would be about its own insides: check.c has said all by then. */
const struct cyaml_config layout_cyaml_config = {
	.log_fn = NULL,
	.mem_fn = cyaml_mem,
	.log_level = CYAML_LOG_ERROR,
	.flags = CYAML_CFG_STYLE_BLOCK | CYAML_CFG_NO_ALIAS,
};
