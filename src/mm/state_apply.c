/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting a machine into a state. */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "free_list.h"
#include "state_parts.h"

const char *state_error_at(struct state_place *place, const char *error, const char *format, ...)
{
	va_list args;

	if (!place)
		return error;
	va_start(args, format);
	vsnprintf(place->path, sizeof(place->path), format, args);
	va_end(args);
	return error;
}

/* ----------------------------------------------------------- overlaps --- */

/* A block of the state and which one it is: lists are numbered through, free ones first, then page sets. */
struct placed {
	unsigned long pfn, end;
	unsigned int zone, list; /* zone nr_zones: an allocation */
	unsigned long entry;
};

static int by_pfn(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return x->pfn != y->pfn ? (x->pfn < y->pfn ? -1 : 1) : 0;
}

static const struct state_list *nth_list(const struct zone_state *zone, unsigned int n)
{
	return n < zone->nr_free ? &zone->free[n] : &zone->pcp[n - zone->nr_free];
}

static unsigned long count_blocks(const struct mm_state *state)
{
	unsigned long nr = state->nr_allocations;

	for (unsigned int z = 0; z < state->nr_zones; z++)
		for (unsigned int l = 0; l < state->zones[z].nr_free + state->zones[z].nr_pcp; l++)
			nr += nth_list(&state->zones[z], l)->nr;
	return nr;
}

static unsigned long allocation_end(const struct state_allocation *a)
{
	return a->pfn + ((a->count ? a->count : 1) << a->order);
}

static unsigned long place_blocks(const struct mm_state *state, struct placed *blocks)
{
	unsigned long nr = 0;

	for (unsigned int z = 0; z < state->nr_zones; z++) {
		for (unsigned int l = 0; l < state->zones[z].nr_free + state->zones[z].nr_pcp; l++) {
			const struct state_list *list = nth_list(&state->zones[z], l);

			for (unsigned long i = 0; i < list->nr; i++)
				blocks[nr++] =
					(struct placed){ list->pfns[i], list->pfns[i] + (1UL << list->order),
							 z, l, i };
		}
	}
	for (unsigned long i = 0; i < state->nr_allocations; i++)
		if (state->allocations[i].pfn != PFN_NONE)
			blocks[nr++] = (struct placed){ state->allocations[i].pfn,
							allocation_end(&state->allocations[i]),
							state->nr_zones, 0, i };
	return nr;
}

/* The later of two blocks in the order of the state is the one at fault. */
static const char *report_overlap(const struct mm_state *state, const struct placed *a,
				  const struct placed *b, struct state_place *place)
{
	const struct placed *late = a->zone != b->zone    ? (a->zone > b->zone ? a : b)
				    : a->list != b->list  ? (a->list > b->list ? a : b)
				    : a->entry > b->entry ? a
							  : b;
	const struct zone_state *zone = &state->zones[late->zone];

	if (late->zone == state->nr_zones)
		return state_error_at(place, "an allocation on pages that belong to another block",
				      "allocations[%lu].pfn", late->entry);
	if (late->list < zone->nr_free)
		return state_error_at(place, "a free block on pages that belong to another block",
				      "zones[%u].free[%u].pfns[%lu]", late->zone, late->list, late->entry);
	return state_error_at(place, "a page set's block on pages that belong to another block",
			      "zones[%u].pcp[%u].pfns[%lu]", late->zone, late->list - zone->nr_free,
			      late->entry);
}

static const char *check_overlaps(const struct mm_state *state, struct state_place *place)
{
	unsigned long nr = count_blocks(state);
	struct placed *blocks = calloc(nr + 1, sizeof(*blocks));
	const char *error = NULL;

	if (!blocks)
		return state_error_at(place, "not enough memory for its blocks", "zones");
	nr = place_blocks(state, blocks);
	qsort(blocks, nr, sizeof(*blocks), by_pfn);
	for (unsigned long i = 1; i < nr && !error; i++)
		if (blocks[i].pfn < blocks[i - 1].end)
			error = report_overlap(state, &blocks[i - 1], &blocks[i], place);
	free(blocks);
	return error;
}

/* ------------------------------------------------------------- forget --- */

static void forget_zone(struct mm *mm, struct zone *zone)
{
	for (unsigned int c = 0; c < mm->nr_cpus; c++) {
		zone->pcp[c].count = zone->pcp[c].free_factor = zone->pcp[c].expire = 0;
		memset(zone->pcp[c].vm_stat_diff, 0, sizeof(zone->pcp[c].vm_stat_diff));
		for (unsigned int l = 0; l < NR_PCP_LISTS; l++)
			page_list_init(&zone->pcp[c].lists[l]);
	}
	memset(zone->vm_stat, 0, sizeof(zone->vm_stat));
}

/* Every list empty, every descriptor clear, the counters of pageblocks at zero. */
static void forget_everything(struct mm *mm)
{
	unsigned long blocks = ((mm->end_pfn >> mm->max_order) + 1) << (mm->max_order - mm->pageblock_order);

	madvise(mm->memmap, mm->memmap_bytes, MADV_DONTNEED);
	free_lists_init(mm);
	state_forget_lru(mm);
	state_forget_rest(mm);
	for (unsigned long i = 0; i < blocks; i++) {
		mm->pageblocks[i].nr_free = mm->pageblocks[i].nr_pcp = 0;
		memset(mm->pageblocks[i].nr_used, 0, sizeof(mm->pageblocks[i].nr_used));
	}
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		forget_zone(mm, mm->zones[i]);
}

/* -------------------------------------------------------------- zones --- */

static int letter_type(char letter)
{
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_letter(mt) == (letter & ~0x20))
			return mt;
	return -1;
}

/* A zone's pageblocks by letter; a lower-case one has the skip bit, '.' no memory. */
static const char *apply_pageblocks(struct mm *mm, struct zone *zone, const char *letters)
{
	unsigned long block = zone->zone_start_pfn >> mm->pageblock_order;

	zone->nr_isolate_pageblock = 0;
	for (; *letters; letters++, block++) {
		struct pageblock *pb = &mm->pageblocks[block];
		int mt = letter_type(*letters);

		if (block << mm->pageblock_order >= zone_end_pfn(zone))
			return "more pageblock letters than the zone has pageblocks";
		pb->flags &= (uint8_t)~PB_SKIP;
		if (*letters == '.')
			continue;
		if (mt < 0)
			return "a pageblock letter that is none of U M E H C I";
		pb->migratetype = (uint8_t)mt;
		if (*letters & 0x20)
			pb->flags |= PB_SKIP;
		if (mt == MIGRATE_ISOLATE)
			zone->nr_isolate_pageblock++;
	}
	if (block << mm->pageblock_order < zone_end_pfn(zone))
		return "fewer pageblock letters than the zone has pageblocks";
	return NULL;
}

/* Whether a block may be put at pfn: aligned, inside the zone, and the zone's at both ends. */
static bool block_fits(const struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
{
	if (order > mm->max_order || pfn & ((1UL << order) - 1))
		return false;
	if (pfn < zone->zone_start_pfn || pfn + (1UL << order) > zone_end_pfn(zone))
		return false;
	return page_zone(mm, pfn) == zone && page_zone(mm, pfn + (1UL << order) - 1) == zone;
}

static const char *apply_free_list(struct mm *mm, struct zone *zone, const struct state_list *list,
				   unsigned long *entry)
{
	for (unsigned long i = *entry = 0; i < list->nr; *entry = ++i) {
		if (!block_fits(mm, zone, list->pfns[i], list->order))
			return "a free block that does not fit where it is put";
		add_to_free_list(mm, zone, list->pfns[i], list->order, list->migratetype, true);
		account_pageblocks(mm, list->pfns[i], list->order, nr_free, +=);
	}
	if (list->migratetype != MIGRATE_ISOLATE)
		zone->vm_stat[NR_FREE_PAGES] += (long)(list->nr << list->order);
	if (list->migratetype == MIGRATE_CMA)
		zone->vm_stat[NR_FREE_CMA_PAGES] += (long)(list->nr << list->order);
	return NULL;
}

static const char *apply_page_set(struct mm *mm, struct zone *zone, const struct state_list *list,
				  unsigned long *entry)
{
	unsigned int pindex = order_to_pindex(list->migratetype, list->order);

	*entry = 0;
	if (list->cpu >= mm->nr_cpus || !pcp_allowed_order(mm, list->order) ||
	    list->migratetype >= MIGRATE_PCPTYPES)
		return "a page set of a CPU, order or type that there is none of";
	for (unsigned long i = 0; i < list->nr; *entry = ++i) {
		struct page *page = pfn_to_page(mm, list->pfns[i]);

		if (!block_fits(mm, zone, list->pfns[i], list->order))
			return "a page set's block that does not fit where it is put";
		page->identity = (uint32_t)(PG_PCP | list->order) | (uint32_t)zone->id << 16;
		page->private = list->types ? list->types[i] : (uint32_t)list->migratetype;
		page_list_add_tail(mm->memmap, &zone->pcp[list->cpu].lists[pindex], (uint32_t)list->pfns[i]);
		account_pageblocks(mm, list->pfns[i], list->order, nr_pcp, +=);
		zone->pcp[list->cpu].count += 1 << list->order;
	}
	return NULL;
}

static struct zone *find_zone(const struct mm *mm, const struct zone_state *state)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];

		if (zone->type == state->zone && mm->nodes[zone->node].node_id == state->node)
			return zone;
	}
	return NULL;
}

static const char *apply_zone(struct mm *mm, const struct mm_state *all, unsigned int z,
			      struct state_place *place)
{
	const struct zone_state *state = &all->zones[z];
	struct zone *zone = find_zone(mm, state);
	const char *error = NULL;
	unsigned long entry;

	if (!zone || !populated_zone(zone))
		return state_error_at(place, "a zone that the layout has not, or without pages",
				      "zones[%u].zone", z);
	if (state->pageblocks)
		error = apply_pageblocks(mm, zone, state->pageblocks);
	if (error)
		return state_error_at(place, error, "zones[%u].pageblocks", z);
	for (unsigned int i = 0; i < state->nr_free; i++) {
		error = apply_free_list(mm, zone, &state->free[i], &entry);
		if (error)
			return state_error_at(place, error, "zones[%u].free[%u].pfns[%lu]", z, i, entry);
	}
	for (unsigned int i = 0; i < state->nr_pcp; i++) {
		error = apply_page_set(mm, zone, &state->pcp[i], &entry);
		if (error)
			return state_error_at(place, error, "zones[%u].pcp[%u].pfns[%lu]", z, i, entry);
	}
	state_apply_zone_rest(mm, zone, state);
	return NULL;
}

/* -------------------------------------------------------- allocations --- */

static void apply_block(struct mm *mm, struct zone *zone, const struct state_allocation *a, unsigned long pfn,
			uint32_t owner)
{
	struct page *page = pfn_to_page(mm, pfn);

	page->identity = (uint32_t)(PG_USED | a->order | a->flags) | (uint32_t)zone->id << 16;
	page->private = owner;
	account_pageblocks(mm, pfn, a->order, nr_used[page->flags >> PG_MT_SHIFT], +=);
}

static const char *apply_allocation(struct mm *mm, const struct state_allocation *a, uint32_t owner)
{
	unsigned long pfn = a->pfn;

	if (pfn == PFN_NONE)
		return NULL;
	for (unsigned long i = 0; i < (a->count ? a->count : 1); i++, pfn += 1UL << a->order) {
		struct zone *zone = page_zone(mm, pfn);

		if (!zone || !block_fits(mm, zone, pfn, a->order))
			return "an allocation that does not fit where it is put";
		apply_block(mm, zone, a, pfn, owner);
	}
	return NULL;
}

const char *state_apply_where(struct mm *mm, const struct mm_state *state, struct state_place *place)
{
	const char *error = check_overlaps(state, place);

	if (error)
		return error;
	forget_everything(mm);
	for (unsigned int i = 0; i < state->nr_zones && !error; i++)
		error = apply_zone(mm, state, i, place);
	for (unsigned long i = 0; i < state->nr_allocations && !error; i++) {
		error = apply_allocation(mm, &state->allocations[i], (uint32_t)(i + 1));
		if (error)
			state_error_at(place, error, "allocations[%lu].pfn", i);
	}
	if (error)
		return error;
	error = state_apply_lru(mm, state);
	if (error)
		return state_error_at(place, error, "nodes");
	return state_apply_rest(mm, state, place);
}

const char *state_apply(struct mm *mm, const struct mm_state *state)
{
	return state_apply_where(mm, state, NULL);
}
