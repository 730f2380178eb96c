/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine's invariants. Independent of the code that keeps them: counters
 * are counted again, lists are walked both ways, blocks are found by walking
 * the memmap wherever it can hold anything.
 */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>

#include "check.h"

void violation(struct checker *c, const char *format, ...)
{
	va_list args;

	c->violations++;
	if (!c->out)
		return;
	va_start(args, format);
	vfprintf(c->out, format, args);
	va_end(args);
	fputc('\n', c->out);
}

/* A block at home where it stands: aligned, in its zone, marked as what its list says. */
static void check_block(struct checker *c, const struct zone *zone, const struct page *page,
			unsigned long pfn, unsigned int order, enum page_flags kind, int migratetype)
{
	if (pfn & ((1UL << order) - 1))
		violation(c, "block 0x%lx of order %u is not aligned", pfn, order);
	if (page->flags != (kind | order) || page->zone != zone->id)
		violation(c, "block 0x%lx on a list of zone %s order %u is marked 0x%x of zone %u", pfn,
			  zone->name, order, page->flags, page->zone);
	if (kind == PG_BUDDY && page->private != free_list_number(zone, order, migratetype))
		violation(c, "block 0x%lx of order %u is on the %s list but remembers list %u", pfn, order,
			  migratetype_name(migratetype), page->private);
	if (pfn < zone->zone_start_pfn || pfn + (1UL << order) > zone_end_pfn(zone))
		violation(c, "block 0x%lx of order %u is outside zone %s", pfn, order, zone->name);
}

/* A list to be walked: its ends, its count, and the number that ends it. */
struct walk {
	uint32_t head, tail, end;
	unsigned long nr;
};

/* Walk a list; returns its length, or stops where it is broken. */
static unsigned long check_list(struct checker *c, const struct zone *zone, struct walk list,
				unsigned int order, enum page_flags kind, int migratetype)
{
	const struct page *memmap = c->mm->memmap;
	uint32_t prev = list.end, n = list.head;
	unsigned long nr = 0;

	for (; n != list.end; prev = n, n = memmap[n].next) {
		unsigned long pfn = kind == PG_BUDDY ? entry_pfn(c->mm, order, n) : n;

		if (pfn >= c->mm->end_pfn || nr >= list.nr || memmap[n].prev != prev) {
			violation(c, "zone %s order %u %s list is broken at 0x%lx, entry %lu of %lu",
				  zone->name, order, migratetype_name(migratetype), pfn, nr, list.nr);
			return nr;
		}
		check_block(c, zone, &memmap[n], pfn, order, kind, migratetype);
		c->listed += n < c->mm->max_block_base;
		nr++;
	}
	if (nr != list.nr || list.tail != prev)
		violation(c, "zone %s order %u %s list has %lu blocks, counted as %lu", zone->name, order,
			  migratetype_name(migratetype), nr, list.nr);
	return nr;
}

/* Free lists of a zone; returns its free pages, those of CMA lists in *cma, isolated ones in *isolated. */
static unsigned long check_free_lists(struct checker *c, const struct zone *zone, unsigned long *cma,
				      unsigned long *isolated)
{
	unsigned long pages = 0;

	*cma = *isolated = 0;
	for (unsigned int order = 0; order <= c->mm->max_order; order++) {
		const struct free_area *area = &zone->free_area[order];
		unsigned long blocks = 0;

		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &area->free_list[mt];
			struct walk walk = { list->head, list->tail, free_list_end(c->mm, list), list->nr };
			unsigned long nr = check_list(c, zone, walk, order, PG_BUDDY, mt);

			blocks += nr;
			if (mt == MIGRATE_CMA)
				*cma += nr << order;
			if (mt == MIGRATE_ISOLATE)
				*isolated += nr << order;
		}
		pages += blocks << order;
	}
	return pages;
}

static void check_page_sets(struct checker *c, const struct zone *zone)
{
	for (unsigned int cpu = 0; cpu < c->mm->nr_cpus; cpu++) {
		const struct per_cpu_pages *pcp = &zone->pcp[cpu];
		unsigned long pages = 0;

		for (unsigned int i = 0; i < NR_PCP_LISTS; i++) {
			unsigned int order = pindex_to_order(c->mm, i);

			struct walk walk = { pcp->lists[i].head, pcp->lists[i].tail, PFN_NIL,
					     pcp->lists[i].nr };

			pages += check_list(c, zone, walk, order, PG_PCP, pindex_to_migratetype(i)) << order;
		}
		if (pages != (unsigned long)pcp->count)
			violation(c, "zone %s cpu %u: page set holds %lu pages, count is %d", zone->name, cpu,
				  pages, pcp->count);
	}
}

void check_counter(struct checker *c, const struct zone *zone, enum zone_stat_item item, const char *name,
		   unsigned long is)
{
	long x = zone->vm_stat[item];

	for (unsigned int cpu = 0; cpu < c->mm->nr_cpus; cpu++)
		x += zone->pcp[cpu].vm_stat_diff[item];
	if (x != (long)is)
		violation(c, "zone %s: %s counts %ld, there are %lu", zone->name, name, x, is);
}

static void check_zone(struct checker *c, const struct zone *zone)
{
	unsigned long cma, isolated, free = check_free_lists(c, zone, &cma, &isolated);

	check_page_sets(c, zone);
	check_counter(c, zone, NR_FREE_PAGES, "nr_free_pages", free - isolated);
	check_counter(c, zone, NR_FREE_CMA_PAGES, "nr_free_cma", cma);
	if (zone->managed_pages > zone->present_pages || zone->present_pages > zone->spanned_pages)
		violation(c, "zone %s: spanned %lu, present %lu, managed %lu pages", zone->name,
			  zone->spanned_pages, zone->present_pages, zone->managed_pages);
}

/*
 * Two free halves of equal order that should have merged. From the pageblock
 * order up they may stay apart: their pageblocks were of types that do not
 * merge, and who gives a pageblock another type merges nothing.
 */
static void check_unmerged(struct checker *c, unsigned long pfn, unsigned int order)
{
	const struct mm *mm = c->mm;
	unsigned long buddy = pfn ^ (1UL << order);

	if (order < mm->pageblock_order && pfn_to_page(mm, buddy)->identity == pfn_to_page(mm, pfn)->identity)
		violation(c, "0x%lx and its buddy 0x%lx, both free with order %u, are not merged", pfn, buddy,
			  order);
}

/* Counts of the pageblocks of one max-order block, from PFN first on. */
struct tally {
	unsigned long first;
	struct pageblock *counts;
};

/* Add a block's pages to the counts of the pageblocks it covers. */
static void count_block(const struct mm *mm, struct tally *tally, const struct page *page, unsigned long pfn,
			unsigned int order)
{
	unsigned long step = 1UL << (order < mm->pageblock_order ? order : mm->pageblock_order);

	for (unsigned long p = pfn; p < pfn + (1UL << order); p += step) {
		struct pageblock *pb = &tally->counts[(p - tally->first) >> mm->pageblock_order];

		if (page->flags & PG_BUDDY)
			pb->nr_free += (uint16_t)step;
		else if (page->flags & PG_USED)
			pb->nr_used[page->flags >> PG_MT_SHIFT] += (uint16_t)step;
		else if (page->flags & PG_PCP)
			pb->nr_pcp += (uint16_t)step;
	}
}

/* Walk the frames of one max-order block, heads to heads. Returns the listed blocks met. */
static unsigned long walk_frames(struct checker *c, struct tally *tally)
{
	const struct mm *mm = c->mm;
	unsigned long listed = 0, pfn = tally->first, end = pfn + (1UL << mm->max_order);

	while (pfn < end) {
		const struct page *page = pfn_to_page(mm, pfn);
		unsigned int order = page_order(page);

		if (!page->flags) {
			pfn++;
			continue;
		}
		if (!(page->flags & PG_USED) && (page->flags & (PG_BUDDY | PG_PCP)))
			listed++;
		if ((page->flags & (PG_USED | PG_LRU)) == (PG_USED | PG_LRU))
			c->lru++;
		if (page->flags & PG_BUDDY)
			check_unmerged(c, pfn, order);
		if (page->flags & PG_ISOLATED)
			violation(c, "0x%lx of order %u is still isolated", pfn, order);
		if (pfn & ((1UL << order) - 1) || page->zone >= mm->nr_zones)
			violation(c, "descriptor of 0x%lx is damaged: flags 0x%x zone %u", pfn, page->flags,
				  page->zone);
		count_block(mm, tally, page, pfn, order);
		for (unsigned long tail = pfn + 1; tail < pfn + (1UL << order) && tail < end; tail++)
			if (pfn_to_page(mm, tail)->flags)
				violation(c, "0x%lx lies in the block at 0x%lx of order %u and heads another",
					  tail, pfn, order);
		pfn += 1UL << order;
	}
	return listed;
}

static bool same_counts(const struct pageblock *a, const struct pageblock *b)
{
	bool same = a->nr_free == b->nr_free && a->nr_pcp == b->nr_pcp;

	for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
		same = same && a->nr_used[mt] == b->nr_used[mt];
	return same;
}

/* One max-order block: its blocks, and its pageblocks' counts. Returns the listed blocks met in it. */
static unsigned long check_max_block(struct checker *c, unsigned long m, struct pageblock *counts)
{
	const struct mm *mm = c->mm;
	unsigned long first = m << mm->max_order, pb = first >> mm->pageblock_order, listed = 0;
	unsigned long blocks = 1UL << (mm->max_order - mm->pageblock_order);
	struct tally tally = { first, counts };

	for (unsigned long i = 0; i < blocks; i++)
		counts[i] = (struct pageblock){ 0 };
	if (mm->max_blocks[m].flags & PG_BUDDY)
		count_block(mm, &tally, &mm->max_blocks[m], first, mm->max_order);
	else
		listed = walk_frames(c, &tally);
	for (unsigned long i = 0; i < blocks && pb + i < nr_pageblocks(mm); i++)
		if (!same_counts(&counts[i], &mm->pageblocks[pb + i]))
			violation(c, "pageblock 0x%lx: counters say free %u pcp %u, there are %u and %u",
				  (pb + i) << mm->pageblock_order, mm->pageblocks[pb + i].nr_free,
				  mm->pageblocks[pb + i].nr_pcp, counts[i].nr_free, counts[i].nr_pcp);
	return listed;
}

/* All max-order blocks that have memory, in order, each once. */
static void check_max_blocks(struct checker *c)
{
	const struct mm *mm = c->mm;
	const struct memblock_type *memory = &mm->memblock.memory;
	unsigned int shift = mm->page_shift + mm->max_order;
	unsigned long m = 0, listed = 0;
	struct pageblock *counts = calloc(1UL << (mm->max_order - mm->pageblock_order), sizeof(*counts));

	if (!counts) {
		violation(c, "out of memory while checking");
		return;
	}
	for (unsigned int i = 0; i < memory->cnt; i++) {
		const struct memblock_region *region = &memory->regions[i];

		if (m < region->base >> shift)
			m = region->base >> shift;
		for (; m <= (region->base + region->size - 1) >> shift && m < nr_max_blocks(mm); m++)
			listed += check_max_block(c, m, counts);
	}
	if (listed != c->listed)
		violation(c, "%lu blocks are marked as listed, the lists hold %lu", listed, c->listed);
	free(counts);
}

unsigned long mm_check(const struct mm *mm, FILE *out)
{
	struct checker c = { .mm = mm, .out = out };

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (populated_zone(mm->zones[i]))
			check_zone(&c, mm->zones[i]);
	check_max_blocks(&c);
	check_lru(&c);
	check_isolation(&c);
	return c.violations;
}
