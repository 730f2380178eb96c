/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memblock: what is memory and what of it is taken, before there is a page
 * allocator. Two sorted lists of regions, in bytes; neighbours of equal node
 * and flags are one region. When the boot is done with it, everything that is
 * memory, mapped and not reserved goes to the buddy. Follows mm/memblock.c.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "boot.h"

#define INIT_MEMBLOCK_REGIONS 128

static uint64_t region_end(const struct memblock_region *r)
{
	return r->base + r->size;
}

/* memblock_double_array: the lists grow as ranges come; without room a boot ends, the kernel's too. */
static void memblock_double_array(struct memblock_type *type)
{
	unsigned int max = type->max ? type->max * 2 : INIT_MEMBLOCK_REGIONS;
	struct memblock_region *regions = realloc(type->regions, max * sizeof(*regions));

	if (!regions) {
		fputs("memblock: out of memory\n", stderr);
		abort();
	}
	type->regions = regions;
	type->max = max;
}

static void memblock_insert_region(struct memblock_type *type, unsigned int idx,
				   const struct memblock_region *r)
{
	if (type->cnt == type->max)
		memblock_double_array(type);
	memmove(&type->regions[idx + 1], &type->regions[idx], (type->cnt - idx) * sizeof(*r));
	type->regions[idx] = *r;
	type->cnt++;
}

/* Neighbours of one node and equal flags become one region; a name survives if both have it. */
static void memblock_merge_regions(struct memblock_type *type)
{
	unsigned int to = 0;

	for (unsigned int from = 1; from < type->cnt; from++) {
		struct memblock_region *this = &type->regions[to], *next = &type->regions[from];

		if (region_end(this) != next->base || this->nid != next->nid || this->nomap != next->nomap) {
			type->regions[++to] = *next;
			continue;
		}
		if (this->name != next->name &&
		    (!this->name || !next->name || strcmp(this->name, next->name)))
			this->name = NULL;
		this->size += next->size;
	}
	if (type->cnt)
		type->cnt = to + 1;
}

/* Add those parts of a range that no region covers yet (memblock_add_range). */
static void memblock_add_range(struct memblock_type *type, struct memblock_region range)
{
	uint64_t base = range.base, end = region_end(&range);
	unsigned int idx;

	for (idx = 0; idx < type->cnt; idx++) {
		struct memblock_region r = type->regions[idx];

		if (r.base >= end)
			break;
		if (region_end(&r) <= base)
			continue;
		if (r.base > base) {
			range.base = base;
			range.size = r.base - base;
			memblock_insert_region(type, idx++, &range);
		}
		base = region_end(&r) < end ? region_end(&r) : end;
	}
	if (base < end) {
		range.base = base;
		range.size = end - base;
		memblock_insert_region(type, idx, &range);
	}
	memblock_merge_regions(type);
}

/* Cut region idx at addr in two. */
static void memblock_split_region(struct memblock_type *type, unsigned int idx, uint64_t addr)
{
	struct memblock_region below = type->regions[idx];
	struct memblock_region *above = &type->regions[idx];

	above->size = region_end(above) - addr;
	above->base = addr;
	below.size = addr - below.base;
	memblock_insert_region(type, idx, &below);
}

/* Cut regions at both ends of a range; the regions inside it are [*first, *last) (memblock_isolate_range). */
static void memblock_isolate_range(struct memblock_type *type, uint64_t base, uint64_t end,
				   unsigned int *first, unsigned int *last)
{
	*first = *last = 0;
	for (unsigned int idx = 0; idx < type->cnt; idx++) {
		const struct memblock_region *r = &type->regions[idx];

		if (r->base >= end)
			break;
		if (region_end(r) <= base)
			continue;
		if (r->base < base) {
			memblock_split_region(type, idx, base);
			continue; /* the part inside comes next */
		}
		if (region_end(r) > end)
			memblock_split_region(type, idx, end);
		if (!*last)
			*first = idx;
		*last = idx + 1;
	}
}

void memblock_add_node(struct mm *mm, uint64_t base, uint64_t size, int nid)
{
	memblock_add_range(&mm->memblock.memory,
			   (struct memblock_region){ .base = base, .size = size, .nid = nid });
	trace(mm, MEMBLOCK_ADD, .a = (long)base, .b = (long)size, .c = nid);
}

void memblock_reserve(struct mm *mm, uint64_t base, uint64_t size, const char *name)
{
	memblock_add_range(&mm->memblock.reserved,
			   (struct memblock_region){ .base = base, .size = size, .nid = -1, .name = name });
	trace(mm, MEMBLOCK_RESERVE, .a = (long)base, .b = (long)size, .text = name);
}

void memblock_mark_nomap(struct mm *mm, uint64_t base, uint64_t size, const char *name)
{
	struct memblock_type *type = &mm->memblock.memory;
	unsigned int first, last;

	memblock_isolate_range(type, base, base + size, &first, &last);
	for (unsigned int idx = first; idx < last; idx++) {
		type->regions[idx].nomap = true;
		type->regions[idx].name = name;
	}
	memblock_merge_regions(type);
	trace(mm, MEMBLOCK_MARK_NOMAP, .a = (long)base, .b = (long)size, .text = name);
}

/* Index of the last region that begins at or below addr, -1: none does. */
static int memblock_search(const struct memblock_type *type, uint64_t addr)
{
	unsigned int low = 0, high = type->cnt;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (type->regions[mid].base <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return (int)low - 1;
}

const struct memblock_region *memblock_search_memory(const struct mm *mm, unsigned long pfn)
{
	const struct memblock_type *type = &mm->memblock.memory;
	int idx = memblock_search(type, (uint64_t)pfn << mm->page_shift);

	/* a frame that is only partly memory is none */
	if (idx < 0 || pfn >= pfn_down(mm, region_end(&type->regions[idx])))
		return NULL;
	return &type->regions[idx];
}

const struct memblock_region *memblock_search_reserved(const struct mm *mm, unsigned long pfn)
{
	const struct memblock_type *type = &mm->memblock.reserved;
	int idx = memblock_search(type, (((uint64_t)pfn + 1) << mm->page_shift) - 1);

	/* a frame that is only partly reserved is reserved */
	if (idx < 0 || pfn >= pfn_up(mm, region_end(&type->regions[idx])))
		return NULL;
	return &type->regions[idx];
}

static bool range_has_pfn(const struct mm *mm, const struct layout_range *range, unsigned long pfn)
{
	return pfn >= pfn_down(mm, range->start) && pfn < pfn_up(mm, range->end);
}

const char *memblock_name(const struct mm *mm, unsigned long pfn)
{
	for (unsigned int i = 0; i < mm->layout->nr_reserved; i++)
		if (range_has_pfn(mm, &mm->layout->reserved[i].range, pfn))
			return mm->layout->reserved[i].name;
	for (unsigned int i = 0; i < mm->layout->nr_cma; i++)
		if (range_has_pfn(mm, &mm->layout->cma[i].range, pfn))
			return mm->layout->cma[i].name;
	return NULL;
}

uint64_t memblock_start_of_dram(const struct mm *mm)
{
	const struct memblock_type *type = &mm->memblock.memory;

	return type->cnt ? type->regions[0].base : 0;
}

uint64_t memblock_end_of_dram(const struct mm *mm)
{
	const struct memblock_type *type = &mm->memblock.memory;

	return type->cnt ? region_end(&type->regions[type->cnt - 1]) : 0;
}

bool next_mem_pfn_range(const struct mm *mm, unsigned int *i, int nid, struct mem_pfn_range *range)
{
	const struct memblock_type *type = &mm->memblock.memory;

	while (*i < type->cnt) {
		const struct memblock_region *r = &type->regions[(*i)++];

		range->start = pfn_up(mm, r->base);
		range->end = pfn_down(mm, region_end(r));
		range->nid = r->nid;
		range->nomap = r->nomap;
		if (range->start < range->end && (nid < 0 || nid == r->nid))
			return true;
	}
	return false;
}

bool next_free_mem_range(const struct mm *mm, struct free_mem_range *range)
{
	const struct memblock_type *memory = &mm->memblock.memory, *reserved = &mm->memblock.reserved;

	for (; range->mem < memory->cnt; range->mem++) {
		const struct memblock_region *m = &memory->regions[range->mem];

		range->start = range->pos > m->base ? range->pos : m->base;
		while (!m->nomap && range->start < region_end(m)) {
			const struct memblock_region *r = &reserved->regions[range->res];
			bool last = range->res >= reserved->cnt;

			if (!last && r->base <= range->start) {
				if (region_end(r) > range->start)
					range->start = region_end(r);
				range->res++;
				continue;
			}
			range->end = last || r->base > region_end(m) ? region_end(m) : r->base;
			range->pos = range->end;
			range->nid = m->nid;
			return true;
		}
		/* the reserved range just left behind may reach into the regions that follow */
		if (range->start > range->pos && !m->nomap)
			range->pos = range->start;
	}
	return false;
}
