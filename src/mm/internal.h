/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/mm need of each other and nobody else may use.
 */
#ifndef BUDDYVIZ_MM_INTERNAL_H
#define BUDDYVIZ_MM_INTERNAL_H

#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* ------------------------------------------------------ free_area.c --- */

/* Which end of a list a freed block goes to, and what else to leave out (fpi_t). */
enum fpi_flags {
	FPI_NONE = 0,
	FPI_SKIP_REPORT_NOTIFY = 1,
	FPI_TO_TAIL = 2,
};

/*
 * Put 1 << order pages at pfn on the zone's free lists, merging as far as it
 * goes (__free_one_page). migratetype is the list's. The pages' descriptors
 * must be clear. Returns the order of the resulting block.
 */
unsigned int free_one_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order, int migratetype,
			   enum fpi_flags flags);

/* A page descriptor of boot memory is handed to the buddy (__free_pages_core): adds to managed pages. */
void free_pages_core(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order);

/* ------------------------------------------------------ migratetype.c --- */

/* The type of the pageblock pfn lies in (get_pfnblock_migratetype). */
static inline int get_pageblock_migratetype(const struct mm *mm, unsigned long pfn)
{
	return pfn_to_pageblock(mm, pfn)->migratetype;
}

/*
 * Set it, with the tracepoint; types below MIGRATE_PCPTYPES become Unmovable
 * while grouping by mobility is off (set_pageblock_migratetype).
 */
void set_pageblock_migratetype(struct mm *mm, unsigned long pfn, int migratetype);

/* ---------------------------------------------------------- vmstat.c --- */

/* Change a zone counter by way of cpu's unfolded part (__mod_zone_page_state). */
void mod_zone_page_state(struct mm *mm, struct zone *zone, unsigned int cpu, enum zone_stat_item item, long delta);

/* Thresholds of all zones from CPUs and managed pages (refresh_zone_stat_thresholds). */
void refresh_zone_stat_thresholds(struct mm *mm);

/* ----------------------------------------------------- boot: mm_init.c, memblock.c, page_alloc's set-up --- */

/* memblock: add, reserve and mark ranges, merged and cut as mm/memblock.c does. */
void memblock_add_node(struct mm *mm, uint64_t base, uint64_t size, int nid);
void memblock_reserve(struct mm *mm, uint64_t base, uint64_t size, const char *name);
void memblock_mark_nomap(struct mm *mm, uint64_t base, uint64_t size, const char *name);
/* Hand all free memory to the buddy, __free_memory_core's way, lowest first. */
void memblock_free_all(struct mm *mm);
/* The memory region pfn lies in, or NULL; and the reserved one. */
const struct memblock_region *memblock_search_memory(const struct mm *mm, unsigned long pfn);
const struct memblock_region *memblock_search_reserved(const struct mm *mm, unsigned long pfn);

/* Watermarks and lowmem_reserve of all zones from the sysctls (setup_per_zone_wmarks, setup_per_zone_lowmem_reserve). */
void setup_per_zone_wmarks(struct mm *mm);
void setup_per_zone_lowmem_reserve(struct mm *mm);
/* init_per_zone_wmark_min: computes min_free_kbytes if the sysctl leaves it to the kernel. */
void init_per_zone_wmark_min(struct mm *mm);
/* zone_batchsize, zone_highsize for every zone and CPU (setup_per_cpu_pageset, zone_pcp_update). */
void setup_per_cpu_pageset(struct mm *mm);
void build_all_zonelists(struct mm *mm);
/* CMA areas go live (cma_init_reserved_areas), in layout order. */
void cma_init_reserved_areas(struct mm *mm);

#endif
