/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layout: what a machine is made of, as read from a YAML file. Plain data;
 * addresses and sizes are bytes, ranges are [start, end) with end exclusive.
 */
#ifndef BUDDYVIZ_LAYOUT_H
#define BUDDYVIZ_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct mm_state;

enum zone_type { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONE_HIGHMEM, ZONE_MOVABLE, ZONE_DEVICE, NR_ZONE_TYPES };

/* The zone's name as the kernel prints it: "DMA", … "Device". */
const char *zone_type_name(enum zone_type type);

struct layout_range {
	uint64_t start, end;
};

struct layout_zone {
	enum zone_type type; /* never ZONE_MOVABLE: that zone always exists */
	bool has_end;        /* false: as far as memory goes */
	uint64_t end;
};

struct layout_node {
	int id;
	struct layout_range *memory;
	unsigned int nr_memory;
	unsigned int *cpus;
	unsigned int nr_cpus;
	unsigned int *distance; /* one per node in order of appearance; NULL: 10 local, 20 remote */
};

struct layout_reserved {
	char *name;
	struct layout_range range;
	bool no_map;           /* memblock keeps it as memory, the kernel never maps it */
	bool freed_after_boot; /* given back once the watermarks are set */
};

struct layout_cma {
	char *name;
	struct layout_range range;
};

struct layout_sysctl {
	int64_t min_free_kbytes; /* -1: as the kernel computes it */
	unsigned int watermark_scale_factor;
	unsigned int watermark_boost_factor;
	unsigned int lowmem_reserve_ratio[NR_ZONE_TYPES];
	unsigned int percpu_pagelist_high_fraction;
	unsigned int extfrag_threshold;
	unsigned int compaction_proactiveness;
};

enum layout_switch { SWITCH_AUTO = -1, SWITCH_OFF = 0, SWITCH_ON = 1 };

struct layout_features {
	bool pcp;
	bool cma;                             /* the kernel was built with CONFIG_CMA */
	enum layout_switch group_by_mobility; /* AUTO: off on machines too small for it */
};

struct layout_virtual {
	uint64_t page_offset;
	uint64_t high_memory; /* 32-bit machines: end of the linear map; 0: no such end */
	uint64_t vmalloc_start, vmalloc_end;
	uint64_t pkmap_base, last_pkmap, fixaddr_start;
};

struct layout {
	char *name;
	char *description; /* NULL if not given */
	unsigned int page_shift;
	unsigned int max_order;
	unsigned int pageblock_order;
	unsigned int cpus;
	struct layout_zone *zones;
	unsigned int nr_zones;
	uint64_t kernelcore, movablecore; /* 0: not given */
	unsigned int section_shift;
	unsigned int kmalloc_minalign;
	struct layout_node *nodes;
	unsigned int nr_nodes;
	struct layout_reserved *reserved;
	unsigned int nr_reserved;
	struct layout_cma *cma;
	unsigned int nr_cma;
	uint64_t swap;
	struct layout_sysctl sysctl;
	struct layout_features features;
	struct layout_virtual virtual;
	struct mm_state *state;     /* NULL: the state right after boot */
	char *source_name, *source; /* with a state: the file it was read from, for layout_report() */
	size_t source_len;
};

/*
 * Read the layout in FILE path ("-" is not special). Every mistake is written
 * to err as "FILE:LINE:COL: error: …" with the line and a caret below it, and
 * warnings likewise. Returns the layout, owned by the caller
 * (layout_free()), or NULL if there was an error.
 */
struct layout *layout_load(const char *path, FILE *err);

/* The same from memory; name stands for the file in messages. */
struct layout *layout_parse(const char *name, const char *text, size_t len, FILE *err);

/*
 * Report a mistake in a layout's state that only a machine can find, as
 * layout_load() reports the others. path says where in the state, as
 * state_apply_where() does.
 */
void layout_report(const struct layout *layout, const char *path, const char *message, FILE *err);

/* Free a layout and all it owns; NULL is allowed. */
void layout_free(struct layout *layout);

/* Write layout as a YAML document that loads back to the same layout. */
int layout_write(const struct layout *layout, FILE *out);

/* The built-in copy of layouts/bst.yaml, NUL-terminated. */
extern const char layout_builtin[];
extern const char layout_builtin_name[];

#endif
