/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine as a value: made from a layout, looked into, given back.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "boot.h"
#include "free_list.h"

static unsigned long layout_end_pfn(const struct layout *layout)
{
	uint64_t end = 0;

	for (unsigned int n = 0; n < layout->nr_nodes; n++)
		for (unsigned int i = 0; i < layout->nodes[n].nr_memory; i++)
			if (layout->nodes[n].memory[i].end > end)
				end = layout->nodes[n].memory[i].end;
	return end >> layout->page_shift;
}

/* The machine's zone types, lowest first; Movable always, after the architecture's, Device last. */
static void set_zone_types(struct mm *mm)
{
	const struct layout *layout = mm->layout;
	bool device = false;

	for (unsigned int i = 0; i < layout->nr_zones; i++) {
		if (layout->zones[i].type == ZONE_DEVICE)
			device = true;
		else
			mm->zone_types[mm->nr_zone_types++] = layout->zones[i].type;
	}
	mm->zone_types[mm->nr_zone_types++] = ZONE_MOVABLE;
	if (device)
		mm->zone_types[mm->nr_zone_types++] = ZONE_DEVICE;
}

/* Index of a zone type; Normal's where the machine has no such zone (OPT_ZONE_DMA and its like). */
static int8_t zone_type_index(const struct mm *mm, enum zone_type type)
{
	int8_t normal = 0;

	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		if (mm->zone_types[i] == type)
			return (int8_t)i;
		if (mm->zone_types[i] == ZONE_NORMAL)
			normal = (int8_t)i;
	}
	return normal;
}

/* GFP_ZONE_TABLE and GFP_ZONE_BAD */
static void set_gfp_zone_table(struct mm *mm)
{
	for (gfp_t bits = 0; bits < 16; bits++) {
		enum zone_type type = ZONE_NORMAL;
		gfp_t which = bits & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);

		if (which & (which - 1)) {
			mm->gfp_zone_table[bits] = -1;
			continue;
		}
		if (which == __GFP_DMA)
			type = ZONE_DMA;
		else if (which == __GFP_DMA32)
			type = ZONE_DMA32;
		else if (which == __GFP_HIGHMEM)
			type = bits & __GFP_MOVABLE ? ZONE_MOVABLE : ZONE_HIGHMEM;
		mm->gfp_zone_table[bits] = zone_type_index(mm, type);
	}
}

void change_cpu(struct mm *mm, unsigned int cpu)
{
	mm->cpu = cpu;
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];

		zone->this_cpu = &zone->pcp[cpu];
		zone->local_stat = zone->node == mm->cpu_node[cpu] ? NUMA_LOCAL : NUMA_OTHER;
	}
}

static bool zone_new(struct mm *mm, int node, int index)
{
	struct zone *zone = &mm->nodes[node].node_zones[index];

	zone->type = mm->zone_types[index];
	zone->name = zone_type_name(zone->type);
	zone->node = node;
	zone->index = index;
	zone->id = node * (int)mm->nr_zone_types + index;
	zone->buddy_identity = (uint32_t)zone->id << 16 | PG_BUDDY;
	mm->zones[zone->id] = zone;
	zone->pcp = calloc(mm->nr_cpus, sizeof(*zone->pcp));
	if (!zone->pcp)
		return false;
	for (unsigned int c = 0; c < mm->nr_cpus; c++) {
		zone->pcp[c].batch = 1; /* the boot pageset: keeps nothing */
		for (unsigned int i = 0; i < NR_PCP_LISTS; i++)
			page_list_init(&zone->pcp[c].lists[i]);
	}
	return true;
}

/* Which node each CPU is on; CPUs that no node names are on the first. */
static bool cpus_new(struct mm *mm)
{
	mm->cpu_node = calloc(mm->nr_cpus, sizeof(*mm->cpu_node));
	for (unsigned int n = 0; mm->cpu_node && n < mm->nr_nodes; n++) {
		const struct layout_node *node = &mm->layout->nodes[n];

		for (unsigned int i = 0; i < node->nr_cpus; i++)
			mm->cpu_node[node->cpus[i]] = (int)n;
	}
	return mm->cpu_node;
}

static bool nodes_new(struct mm *mm)
{
	mm->nr_nodes = mm->layout->nr_nodes;
	mm->nr_zones = mm->nr_nodes * mm->nr_zone_types;
	mm->nodes = calloc(mm->nr_nodes, sizeof(*mm->nodes));
	mm->zones = calloc(mm->nr_zones, sizeof(struct zone *));
	mm->contexts = calloc((size_t)mm->nr_nodes * NR_ALLOC_CONTEXTS, sizeof(*mm->contexts));
	if (!mm->nodes || !mm->zones || !mm->contexts)
		return false;
	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		struct pglist_data *node = &mm->nodes[n];

		node->node_id = mm->layout->nodes[n].id;
		node->kswapd_highest_zoneidx = (int)mm->nr_zone_types;
		node->kswapd_prev_zoneidx = (int)mm->nr_zone_types - 1;
		for (int lru = 0; lru < NR_LRU_LISTS; lru++)
			page_list_init(&node->lruvec.lists[lru]);
		node->zonelist = malloc((mm->nr_zones + 1) * sizeof(int));
		node->zonelist_thisnode = malloc((mm->nr_zone_types + 1) * sizeof(int));
		node->distance = calloc(mm->nr_nodes, sizeof(unsigned int));
		if (!node->zonelist || !node->zonelist_thisnode || !node->distance)
			return false;
		node->zonelist[0] = node->zonelist_thisnode[0] = -1;
		for (unsigned int i = 0; i < mm->nr_zone_types; i++)
			if (!zone_new(mm, (int)n, (int)i))
				return false;
	}
	return true;
}

/* Address space that costs nothing until it is touched; NULL if there is none. */
static void *map_lazily(size_t bytes)
{
	void *p =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Descriptors of all frames, of the blocks of the highest order, and the heads of the free lists, with an end
 * mark. */
static size_t memmap_size(const struct mm *mm)
{
	return ((nr_max_blocks(mm) << mm->max_order) + nr_max_blocks(mm)) * sizeof(struct page) +
	       (size_t)mm->nr_zones * (mm->max_order + 2) * sizeof(struct free_area);
}

static size_t pageblocks_size(const struct mm *mm)
{
	return (nr_max_blocks(mm) << (mm->max_order - mm->pageblock_order)) * sizeof(struct pageblock);
}

static size_t lru_flags_size(const struct mm *mm)
{
	return nr_max_blocks(mm) << mm->max_order;
}

void free_lists_init(struct mm *mm)
{
	struct free_area *area = (struct free_area *)(mm->max_blocks + nr_max_blocks(mm));

	mm->free_list_base = free_list_end(mm, area->free_list);
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		mm->zones[i]->free_area = area;
		mm->zones[i]->free_lists = free_list_end(mm, area->free_list);
		for (unsigned int order = 0; order <= mm->max_order; order++, area++)
			for (int mt = 0; mt < MIGRATE_TYPES; mt++)
				free_list_init(mm, &area->free_list[mt]);
		for (int mt = 0; mt < MIGRATE_TYPES; mt++)
			area->free_list[mt].nr = 1; /* ends the search of first_filled_list() */
		area++;
	}
}

static bool maps_new(struct mm *mm)
{
	mm->memmap_bytes = memmap_size(mm);
	mm->memmap = map_lazily(mm->memmap_bytes);
	mm->pageblocks = map_lazily(pageblocks_size(mm));
	mm->lru_flags = map_lazily(lru_flags_size(mm));
	if (!mm->memmap || !mm->pageblocks || !mm->lru_flags ||
	    mm->memmap_bytes / sizeof(struct page) > PFN_NIL)
		return false;
	mm->max_block_base = nr_max_blocks(mm) << mm->max_order;
	mm->max_blocks = mm->memmap + mm->max_block_base;
	free_lists_init(mm);
	return true;
}

struct mm *mm_new(const struct layout *layout)
{
	struct mm *mm = calloc(1, sizeof(*mm));

	if (!mm)
		return NULL;
	mm->layout = layout;
	mm->page_shift = layout->page_shift;
	mm->max_order = layout->max_order;
	mm->pageblock_order = layout->pageblock_order;
	mm->nr_cpus = layout->cpus;
	mm->end_pfn = layout_end_pfn(layout);
	mm->sysctl = layout->sysctl;
	mm->min_free_kbytes = layout->sysctl.min_free_kbytes;
	mm->pcp_disabled = !layout->features.pcp;
	mm->total_swap_pages = mm->nr_swap_pages = (unsigned long)(layout->swap >> layout->page_shift);
	mm->config_cma = layout->features.cma;
	set_zone_types(mm);
	set_gfp_zone_table(mm);
	if (!nodes_new(mm) || !cpus_new(mm) || !maps_new(mm)) {
		mm_free(mm);
		return NULL;
	}
	change_cpu(mm, 0);
	return mm;
}

void mm_free(struct mm *mm)
{
	if (!mm)
		return;
	if (mm->memmap)
		munmap(mm->memmap, mm->memmap_bytes);
	if (mm->lru_flags)
		munmap(mm->lru_flags, lru_flags_size(mm));
	if (mm->pageblocks)
		munmap(mm->pageblocks, pageblocks_size(mm));
	for (unsigned int i = 0; mm->zones && i < mm->nr_zones; i++)
		free(mm->zones[i] ? mm->zones[i]->pcp : NULL);
	for (unsigned int n = 0; mm->nodes && n < mm->nr_nodes; n++) {
		free(mm->nodes[n].zonelist);
		free(mm->nodes[n].zonelist_thisnode);
		free(mm->nodes[n].distance);
	}
	for (unsigned int i = 0; i < mm->nr_cma; i++)
		free(mm->cma[i].bitmap);
	free(mm->cma);
	free(mm->memblock.memory.regions);
	free(mm->memblock.reserved.regions);
	free(mm->zones);
	free(mm->contexts);
	free(mm->cpu_node);
	free(mm->nodes);
	free(mm);
}

struct zone *page_zone(const struct mm *mm, unsigned long pfn)
{
	const struct memblock_region *region;
	const struct pageblock *block;

	if (pfn >= mm->end_pfn)
		return NULL;
	block = pfn_to_pageblock(mm, pfn);
	if (!block->nr_present)
		return NULL;
	if (block->nr_present == 1U << mm->pageblock_order && !(block->flags & PB_TWO_ZONES))
		return mm->zones[block->zone];
	region = memblock_search_memory(mm, pfn);
	if (!region)
		return NULL;
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		struct zone *zone = &mm->nodes[region->nid].node_zones[i];

		if (pfn - zone->zone_start_pfn < zone->spanned_pages)
			return zone;
	}
	return NULL;
}

/* The descriptor of the block pfn is in, and its first page in *head; NULL: in none. */
static const struct page *find_block(const struct mm *mm, unsigned long pfn, unsigned long *head)
{
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long first = pfn & ~((1UL << order) - 1);
		const struct page *page = pfn_to_page(mm, first);

		*head = first;
		if (page->flags && page_order(page) >= order)
			return page;
	}
	if (mm->max_blocks[pfn >> mm->max_order].flags & PG_BUDDY)
		return &mm->max_blocks[pfn >> mm->max_order];
	*head = pfn;
	return NULL;
}

static enum page_state state_outside_blocks(const struct mm *mm, unsigned long pfn, const char **name)
{
	const struct memblock_region *region = memblock_search_memory(mm, pfn), *reserved;

	if (!region)
		return PAGE_HOLE;
	reserved = memblock_search_reserved(mm, pfn);
	*name = memblock_name(mm, pfn);
	if (region->nomap)
		return PAGE_NOMAP;
	return reserved ? PAGE_RESERVED : PAGE_BOOT;
}

void page_lookup(const struct mm *mm, unsigned long pfn, struct page_info *info)
{
	*info = (struct page_info){ .state = PAGE_HOLE, .head = pfn };
	if (pfn >= mm->end_pfn)
		return;
	info->migratetype = get_pageblock_migratetype(mm, pfn);
	info->page = find_block(mm, pfn, &info->head);
	if (!info->page) {
		info->state = state_outside_blocks(mm, pfn, &info->name);
		info->zone = page_zone(mm, pfn);
		return;
	}
	info->order = page_order(info->page);
	info->zone = mm->zones[info->page->zone];
	if (info->page->flags & PG_USED) {
		info->state = PAGE_USED;
		info->migratetype = info->page->flags >> PG_MT_SHIFT;
	} else if (info->page->flags & PG_PCP) {
		info->state = PAGE_PCP;
		info->migratetype = (int)info->page->private;
	} else {
		info->state = PAGE_FREE;
		if (info->page->flags & PG_BUDDY) /* else compaction holds it, on no list */
			info->migratetype = free_block_migratetype(mm, info->page);
	}
}
