/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that boot the machine share: page-frame arithmetic on byte
 * addresses, walks over memblock, and the limits of the architecture's zones.
 */
#ifndef BUDDYVIZ_MM_BOOT_H
#define BUDDYVIZ_MM_BOOT_H

#include "internal.h"

static inline unsigned long min_ul(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

static inline unsigned long max_ul(unsigned long a, unsigned long b)
{
	return a > b ? a : b;
}

static inline unsigned long clamp_ul(unsigned long x, unsigned long low, unsigned long high)
{
	return min_ul(max_ul(x, low), high);
}

/* First frame that begins at or after addr, and the frame addr lies in (PFN_UP, PFN_DOWN). */
static inline unsigned long pfn_up(const struct mm *mm, uint64_t addr)
{
	return (unsigned long)((addr >> mm->page_shift) +
			       ((addr & ((UINT64_C(1) << mm->page_shift) - 1)) != 0));
}

static inline unsigned long pfn_down(const struct mm *mm, uint64_t addr)
{
	return (unsigned long)(addr >> mm->page_shift);
}

/* ------------------------------------------------------- memblock.c --- */

/* Whole frames of a run of memory, no-map memory included. */
struct mem_pfn_range {
	unsigned long start, end;
	int nid; /* node index */
	bool nomap;
};

/*
 * The next run of whole frames of node nid (-1: of any), from region *i on;
 * *i moves past it. false: no more (__next_mem_pfn_range).
 */
bool next_mem_pfn_range(const struct mm *mm, unsigned int *i, int nid, struct mem_pfn_range *range);

#define for_each_mem_pfn_range(mm, i, nid, range)                                                            \
	for (unsigned int i = 0; next_mem_pfn_range(mm, &i, nid, range);)

/* A cursor over memory that is mapped and not reserved, and the run it found, in bytes. */
struct free_mem_range {
	unsigned int mem, res; /* where to go on; begin with 0 */
	uint64_t pos;
	uint64_t start, end;
	int nid;
};

/* The next free run, ascending (for_each_free_mem_range). false: no more. */
bool next_free_mem_range(const struct mm *mm, struct free_mem_range *range);

/* The layout's name for what holds a frame, also where regions were merged; NULL: nothing does. Borrowed. */
const char *memblock_name(const struct mm *mm, unsigned long pfn);

/* memblock_start_of_DRAM(), memblock_end_of_DRAM(), in bytes; 0 without memory. */
uint64_t memblock_start_of_dram(const struct mm *mm);
uint64_t memblock_end_of_dram(const struct mm *mm);

/* ------------------------------------------------------ zone_init.c --- */

/* arch_zone_lowest_possible_pfn, arch_zone_highest_possible_pfn, by zone index. */
struct zone_limits {
	unsigned long low[NR_ZONE_TYPES], high[NR_ZONE_TYPES];
	int movable_zone; /* index of the zone that ZONE_MOVABLE is cut from */
};

void arch_zone_limits(const struct mm *mm, struct zone_limits *limits);

/* First and last + 1 frame of a node; 0, 0 if it has no memory (get_pfn_range_for_nid). */
void get_pfn_range_for_nid(const struct mm *mm, int nid, unsigned long *start, unsigned long *end);

/* Whole frames of memory in [start, end) of node nid, -1: of any. */
unsigned long mem_pages_in_range(const struct mm *mm, int nid, unsigned long start, unsigned long end);

/* Start of each node's Movable zone, 0: has none; zone_movable_pfn has room for nr_nodes. */
void find_zone_movable_pfns_for_nodes(const struct mm *mm, const struct zone_limits *limits,
				      unsigned long *zone_movable_pfn);

/* Spanned, present and start of all zones of all nodes, their first managed pages (free_area_init). */
void free_area_init(struct mm *mm);

/* Whether the kernel reaches a zone's pages through kmap only (is_highmem). */
bool is_highmem(const struct mm *mm, const struct zone *zone);

/* A 32-bit machine: flat memmap with small descriptors, no NUMA, HighMem. */
bool is_32bit(const struct mm *mm);

/* Pages of a zone that its own page descriptors take, 0 for HighMem. */
unsigned long zone_memmap_pages(const struct mm *mm, const struct zone *zone);

/* What free_area_init_core reckons is left of a zone: all but its memmap and, in the lowest, dma_reserve. */
unsigned long zone_pages_past_memmap(const struct mm *mm, const struct zone *zone);

/* "Total pages" of build_all_zonelists: nr_free_zone_pages() before memblock_free_all. */
unsigned long boot_total_pages(const struct mm *mm);

/*
 * A page that was reserved becomes managed memory and is freed as any other,
 * through the boot CPU's page set if there is one. In mm_init.c.
 */
void free_reserved_page(struct mm *mm, struct zone *zone, unsigned long pfn);

/* ---------------------------------------------------- memmap_init.c --- */

/* Pageblock types and presence (memmap_init), for all memory. */
void memmap_init(struct mm *mm);

/*
 * Whether the memmap has a descriptor for a frame (pfn_valid: by section), and
 * whether there is memory near it (pfn_to_online_page: by 2 MiB of a section).
 */
bool pfn_valid(const struct mm *mm, unsigned long pfn);
bool pfn_online(const struct mm *mm, unsigned long pfn);

/* The first frame of [pfn, end) that is online, PFN_NONE: none (__first_valid_page). */
unsigned long first_online_pfn(const struct mm *mm, unsigned long pfn, unsigned long end);

/* Whether [start, end) of one pageblock begins and ends in zone and can be scanned (__pageblock_pfn_to_page).
 */
bool pageblock_pfn_in_zone(const struct mm *mm, const struct zone *zone, unsigned long start,
			   unsigned long end);

/* A zone without holes, as far as pageblocks show it (set_zone_contiguous). */
void set_zone_contiguous(struct mm *mm, struct zone *zone);

/* The zone the memmap names for a frame, holes in memory sections included; NULL: no memmap (page_zone). */
const struct zone *memmap_zone(const struct mm *mm, unsigned long pfn);

/* ------------------------------------------------------- zonelist.c --- */

/* Index of the node that takes its turn after node id `after` when nodes go by id; -1: none
 * (next_online_pgdat). */
int next_node_by_id(const struct mm *mm, int after);

#define for_each_node_by_id(mm, n)                                                                           \
	for (int n = next_node_by_id(mm, -1); n >= 0; n = next_node_by_id(mm, (mm)->nodes[n].node_id))

/* ------------------------------------------------------ watermark.c --- */

/* hugepage_init: on machines of 512 MiB and more, min_free_kbytes and the watermarks once more. */
void hugepage_init(struct mm *mm);

#endif
