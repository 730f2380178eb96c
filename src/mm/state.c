/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting a machine into a state, and taking its state down.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "buddyviz/state.h"
#include "free_list.h"
#include "state_lru.h"

/* ------------------------------------------------------------ apply --- */

/* Every list empty, every descriptor clear, the counters of pageblocks at zero. */
static void forget_everything(struct mm *mm)
{
	unsigned long blocks = ((mm->end_pfn >> mm->max_order) + 1) << (mm->max_order - mm->pageblock_order);

	madvise(mm->memmap, mm->memmap_bytes, MADV_DONTNEED);
	state_forget_lru(mm);
	free_lists_init(mm);
	for (unsigned long i = 0; i < blocks; i++) {
		mm->pageblocks[i].nr_free = mm->pageblocks[i].nr_pcp = 0;
		memset(mm->pageblocks[i].nr_used, 0, sizeof(mm->pageblocks[i].nr_used));
	}
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];

		for (unsigned int c = 0; c < mm->nr_cpus; c++) {
			zone->pcp[c].count = zone->pcp[c].free_factor = zone->pcp[c].expire = 0;
			memset(zone->pcp[c].vm_stat_diff, 0, sizeof(zone->pcp[c].vm_stat_diff));
			for (unsigned int l = 0; l < NR_PCP_LISTS; l++)
				page_list_init(&zone->pcp[c].lists[l]);
		}
		memset(zone->vm_stat, 0, sizeof(zone->vm_stat));
	}
}

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

/* Whether a block may be put at pfn: inside the zone, aligned, nothing there yet. */
static bool block_fits(const struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order)
{
	struct page_info info;

	if (order > mm->max_order || pfn & ((1UL << order) - 1))
		return false;
	if (pfn < zone->zone_start_pfn || pfn + (1UL << order) > zone_end_pfn(zone))
		return false;
	page_lookup(mm, pfn, &info);
	return info.state != PAGE_FREE && info.state != PAGE_PCP && info.state != PAGE_USED;
}

static const char *apply_free_list(struct mm *mm, struct zone *zone, const struct state_list *list)
{
	for (unsigned long i = 0; i < list->nr; i++) {
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

static const char *apply_page_set(struct mm *mm, struct zone *zone, const struct state_list *list)
{
	unsigned int pindex = order_to_pindex(list->migratetype, list->order);

	if (list->cpu >= mm->nr_cpus || !pcp_allowed_order(mm, list->order) || list->migratetype >= MIGRATE_PCPTYPES)
		return "a page set of a CPU, order or type that there is none of";
	for (unsigned long i = 0; i < list->nr; i++) {
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

static void apply_counters(struct mm *mm, struct zone *zone, const struct zone_state *state)
{
	zone->watermark_boost = state->watermark_boost;
	zone->nr_reserved_highatomic = state->nr_reserved_highatomic;
	zone->boosted = state->boosted;
	zone->compact_cached_free_pfn = state->compact_cached_free_pfn;
	memcpy(zone->compact_cached_migrate_pfn, state->compact_cached_migrate_pfn,
	       sizeof(zone->compact_cached_migrate_pfn));
	zone->compact_init_migrate_pfn = state->compact_init_migrate_pfn;
	zone->compact_init_free_pfn = state->compact_init_free_pfn;
	zone->compact_considered = state->compact_considered;
	zone->compact_defer_shift = state->compact_defer_shift;
	zone->compact_order_failed = state->compact_order_failed;
	zone->compact_blockskip_flush = state->compact_blockskip_flush;
	for (unsigned int c = 0; state->cpus && c < state->nr_cpus && c < mm->nr_cpus; c++) {
		zone->pcp[c].free_factor = state->cpus[c].free_factor;
		zone->pcp[c].expire = state->cpus[c].expire;
		for (int item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++) {
			zone->pcp[c].vm_stat_diff[item] = state->cpus[c].vm_stat_diff[item];
			zone->vm_stat[item] -= state->cpus[c].vm_stat_diff[item];
		}
	}
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

static const char *apply_zone(struct mm *mm, const struct zone_state *state)
{
	struct zone *zone = find_zone(mm, state);
	const char *error = NULL;

	if (!zone)
		return "a zone that the layout has not";
	if (state->pageblocks)
		error = apply_pageblocks(mm, zone, state->pageblocks);
	for (unsigned int i = 0; i < state->nr_free && !error; i++)
		error = apply_free_list(mm, zone, &state->free[i]);
	for (unsigned int i = 0; i < state->nr_pcp && !error; i++)
		error = apply_page_set(mm, zone, &state->pcp[i]);
	if (!error)
		apply_counters(mm, zone, state);
	return error;
}

static const char *apply_allocation(struct mm *mm, const struct state_allocation *a, uint32_t owner)
{
	struct zone *zone = page_zone(mm, a->pfn);
	struct page *page;

	if (!zone || !block_fits(mm, zone, a->pfn, a->order))
		return "an allocation that does not fit where it is put";
	page = pfn_to_page(mm, a->pfn);
	page->identity = (uint32_t)(PG_USED | a->order | a->flags) | (uint32_t)zone->id << 16;
	page->private = owner;
	account_pageblocks(mm, a->pfn, a->order, nr_used[page->flags >> PG_MT_SHIFT], +=);
	return NULL;
}

const char *state_apply(struct mm *mm, const struct mm_state *state)
{
	const char *error = NULL;

	forget_everything(mm);
	for (unsigned int i = 0; i < state->nr_zones && !error; i++)
		error = apply_zone(mm, &state->zones[i]);
	for (unsigned long i = 0; i < state->nr_allocations && !error; i++)
		error = apply_allocation(mm, &state->allocations[i], (uint32_t)(i + 1));
	return error ? error : state_apply_lru(mm, state);
}

/* ---------------------------------------------------------- capture --- */

static bool room_for_list(struct state_list *to, unsigned long nr)
{
	to->pfns = calloc(nr, sizeof(*to->pfns));
	to->types = calloc(nr, sizeof(*to->types));
	return to->pfns && to->types;
}

static bool capture_pcp_list(const struct mm *mm, const struct page_list *list, struct state_list *to)
{
	if (!room_for_list(to, list->nr))
		return false;
	for (uint32_t n = list->head; n != PFN_NIL; n = mm->memmap[n].next) {
		to->pfns[to->nr] = n;
		to->types[to->nr++] = (uint8_t)mm->memmap[n].private;
	}
	return true;
}

static bool capture_free_list(const struct mm *mm, const struct page *list, struct state_list *to)
{
	if (!room_for_list(to, list->nr))
		return false;
	for_each_free_block(mm, list, n)
		to->pfns[to->nr++] = entry_pfn(mm, to->order, n);
	return true;
}

static bool capture_free_lists(const struct mm *mm, const struct zone *zone, struct zone_state *to)
{
	to->free = calloc((mm->max_order + 1) * MIGRATE_TYPES, sizeof(*to->free));
	if (!to->free)
		return false;
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			struct state_list *list = &to->free[to->nr_free];

			if (!zone->free_area[order].free_list[mt].nr)
				continue;
			to->nr_free++;
			list->order = order;
			list->migratetype = mt;
			if (!capture_free_list(mm, &zone->free_area[order].free_list[mt], list))
				return false;
		}
	}
	return true;
}

static bool capture_page_sets(const struct mm *mm, const struct zone *zone, struct zone_state *to)
{
	to->pcp = calloc((size_t)mm->nr_cpus * NR_PCP_LISTS, sizeof(*to->pcp));
	to->cpus = calloc(mm->nr_cpus, sizeof(*to->cpus));
	to->nr_cpus = mm->nr_cpus;
	if (!to->pcp || !to->cpus)
		return false;
	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++) {
		const struct per_cpu_pages *pcp = &zone->pcp[cpu];

		to->cpus[cpu].free_factor = pcp->free_factor;
		to->cpus[cpu].expire = pcp->expire;
		memcpy(to->cpus[cpu].vm_stat_diff, pcp->vm_stat_diff, sizeof(pcp->vm_stat_diff));
		for (unsigned int i = 0; i < NR_PCP_LISTS; i++) {
			struct state_list *list = &to->pcp[to->nr_pcp];

			if (!pcp->lists[i].nr)
				continue;
			to->nr_pcp++;
			list->cpu = cpu;
			list->order = pindex_to_order(mm, i);
			list->migratetype = i < NR_LOWORDER_PCP_LISTS ? (int)(i % MIGRATE_PCPTYPES)
					    : i > NR_LOWORDER_PCP_LISTS	 ? MIGRATE_MOVABLE
									 : MIGRATE_UNMOVABLE;
			if (!capture_pcp_list(mm, &pcp->lists[i], list))
				return false;
		}
	}
	return true;
}

static bool capture_pageblocks(const struct mm *mm, const struct zone *zone, struct zone_state *to)
{
	unsigned long first = zone->zone_start_pfn >> mm->pageblock_order;
	unsigned long last = (zone_end_pfn(zone) - 1) >> mm->pageblock_order;

	to->pageblocks = calloc(last - first + 2, 1);
	if (!to->pageblocks)
		return false;
	for (unsigned long b = first; b <= last; b++) {
		const struct pageblock *pb = &mm->pageblocks[b];
		char letter = pb->flags & PB_PRESENT ? migratetype_letter(pb->migratetype) : '.';

		to->pageblocks[b - first] = (char)(letter != '.' && (pb->flags & PB_SKIP) ? letter | 0x20 : letter);
	}
	return true;
}

static bool capture_zone(const struct mm *mm, const struct zone *zone, struct zone_state *to)
{
	to->node = mm->nodes[zone->node].node_id;
	to->zone = zone->type;
	to->watermark_boost = zone->watermark_boost;
	to->nr_reserved_highatomic = zone->nr_reserved_highatomic;
	to->boosted = zone->boosted;
	to->compact_cached_free_pfn = zone->compact_cached_free_pfn;
	memcpy(to->compact_cached_migrate_pfn, zone->compact_cached_migrate_pfn,
	       sizeof(to->compact_cached_migrate_pfn));
	to->compact_init_migrate_pfn = zone->compact_init_migrate_pfn;
	to->compact_init_free_pfn = zone->compact_init_free_pfn;
	to->compact_considered = zone->compact_considered;
	to->compact_defer_shift = zone->compact_defer_shift;
	to->compact_order_failed = zone->compact_order_failed;
	to->compact_blockskip_flush = zone->compact_blockskip_flush;
	return capture_free_lists(mm, zone, to) && capture_page_sets(mm, zone, to) &&
	       capture_pageblocks(mm, zone, to);
}

struct mm_state *state_capture(const struct mm *mm)
{
	struct mm_state *state = calloc(1, sizeof(*state));

	if (!state)
		return NULL;
	state->zones = calloc(mm->nr_zones, sizeof(*state->zones));
	for (unsigned int i = 0; state->zones && i < mm->nr_zones; i++) {
		if (!populated_zone(mm->zones[i]))
			continue;
		if (!capture_zone(mm, mm->zones[i], &state->zones[state->nr_zones++])) {
			state_free(state);
			return NULL;
		}
	}
	if (!state->zones || !state_capture_lru(mm, state)) {
		state_free(state);
		return NULL;
	}
	return state;
}

static void free_lists(struct state_list *lists, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		free(lists[i].pfns);
		free(lists[i].types);
	}
	free(lists);
}

void state_free(struct mm_state *state)
{
	if (!state)
		return;
	for (unsigned int i = 0; i < state->nr_zones; i++) {
		free_lists(state->zones[i].free, state->zones[i].nr_free);
		free_lists(state->zones[i].pcp, state->zones[i].nr_pcp);
		free(state->zones[i].pageblocks);
		free(state->zones[i].cpus);
	}
	for (unsigned long i = 0; i < state->nr_allocations; i++) {
		free(state->allocations[i].name);
		free(state->allocations[i].owner);
	}
	state_free_lru(state);
	free(state->zones);
	free(state->allocations);
	free(state);
}
