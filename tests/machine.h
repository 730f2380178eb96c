/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small layouts built in C, for tests that want a machine without a file.
 */
#ifndef BUDDYVIZ_TESTS_MACHINE_H
#define BUDDYVIZ_TESTS_MACHINE_H

#include <assert.h>
#include <string.h>

#include "buddyviz/layout.h"
#include "buddyviz/mm.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)

/* The frame of an address, with 4 KiB pages. */
#define PFN(address) ((unsigned long)((address) >> 12))

/* A layout with room for its parts; nothing to free. */
struct test_layout {
	struct layout layout;
	struct layout_zone zones[NR_ZONE_TYPES];
	struct layout_node nodes[8];
	struct layout_range memory[8][32];
	unsigned int distance[8][8];
	unsigned int cpus[8][16];
	struct layout_reserved reserved[64];
	struct layout_cma cma[8];
};

/* 4 KiB pages, max_order 10, pageblock_order 9, one CPU, the kernel's sysctls; no zones and no memory yet. */
static inline void test_layout_init(struct test_layout *t)
{
	static const unsigned int ratio[NR_ZONE_TYPES] = {
		[ZONE_DMA] = 256,
		[ZONE_DMA32] = 256,
		[ZONE_NORMAL] = 32,
	};

	memset(t, 0, sizeof(*t));
	t->layout.name = "test";
	t->layout.page_shift = 12;
	t->layout.max_order = 10;
	t->layout.pageblock_order = 9;
	t->layout.cpus = 1;
	t->layout.section_shift = 27;
	t->layout.zones = t->zones;
	t->layout.nodes = t->nodes;
	t->layout.reserved = t->reserved;
	t->layout.cma = t->cma;
	t->layout.sysctl.min_free_kbytes = -1;
	t->layout.sysctl.watermark_scale_factor = 10;
	t->layout.sysctl.watermark_boost_factor = 15000;
	t->layout.sysctl.extfrag_threshold = 500;
	memcpy(t->layout.sysctl.lowmem_reserve_ratio, ratio, sizeof(ratio));
	t->layout.features.pcp = true;
	t->layout.features.cma = true;
	t->layout.features.group_by_mobility = SWITCH_AUTO;
}

/* end 0: as far as memory goes */
static inline void test_zone(struct test_layout *t, enum zone_type type, uint64_t end)
{
	t->zones[t->layout.nr_zones++] =
		(struct layout_zone){ .type = type, .has_end = end != 0, .end = end };
}

/* Memory of node nid (nodes begin with their first memory, ids ascending). */
static inline void test_memory(struct test_layout *t, unsigned int nid, uint64_t start, uint64_t size)
{
	struct layout_node *node = &t->nodes[nid];

	assert(nid < 8 && node->nr_memory < 32);
	if (nid >= t->layout.nr_nodes)
		t->layout.nr_nodes = nid + 1;
	node->id = (int)nid;
	node->memory = t->memory[nid];
	t->memory[nid][node->nr_memory++] = (struct layout_range){ start, start + size };
}

/* One Normal zone and size bytes of memory from 0. */
static inline void test_one_zone(struct test_layout *t, uint64_t size)
{
	test_layout_init(t);
	test_zone(t, ZONE_NORMAL, 0);
	test_memory(t, 0, 0, size);
}

static inline struct layout_reserved *test_reserve(struct test_layout *t, char *name, uint64_t start,
						   uint64_t size)
{
	struct layout_reserved *r = &t->reserved[t->layout.nr_reserved++];

	*r = (struct layout_reserved){ .name = name, .range = { start, start + size } };
	return r;
}

static inline void test_cma(struct test_layout *t, char *name, uint64_t start, uint64_t size)
{
	t->cma[t->layout.nr_cma++] = (struct layout_cma){ .name = name, .range = { start, start + size } };
}

/* One row of the distance matrix; nr_nodes numbers. */
static inline void test_distance(struct test_layout *t, unsigned int nid, const unsigned int *row)
{
	memcpy(t->distance[nid], row, t->layout.nr_nodes * sizeof(*row));
	t->nodes[nid].distance = t->distance[nid];
}

static inline struct mm *test_boot(struct test_layout *t)
{
	struct mm *mm = mm_new(&t->layout);

	assert(mm);
	mm_boot(mm);
	return mm;
}

/* The zone of a type on a node; the test fails if there is none. */
static inline struct zone *test_find_zone(const struct mm *mm, unsigned int nid, enum zone_type type)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (mm->zone_types[i] == type)
			return &mm->nodes[nid].node_zones[i];
	assert(!"no such zone");
	return NULL;
}

/* PFNs of one free list in order, at most max; returns how many it has. */
static inline unsigned long test_list(const struct mm *mm, const struct zone *zone, unsigned int order,
				      int mt, unsigned long *pfns, unsigned long max)
{
	const struct page *list = &zone->free_area[order].free_list[mt];
	unsigned long i = 0;

	for_each_free_block (mm, list, n) {
		if (i < max)
			pfns[i] = entry_pfn(mm, order, n);
		i++;
	}
	return i;
}

#endif
