/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking a machine's state down: its lists, zone by zone. What is outside them
 * is in state_rest.c and state_lru.c, putting it back in state_apply.c.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "free_list.h"
#include "state_parts.h"

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
	for_each_free_block (mm, list, n)
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
			list->migratetype = pindex_to_migratetype(i);
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

		to->pageblocks[b - first] =
			(char)(letter != '.' && (pb->flags & PB_SKIP) ? letter | 0x20 : letter);
	}
	return true;
}

static bool capture_zone(const struct mm *mm, const struct zone *zone, struct zone_state *to)
{
	to->node = mm->nodes[zone->node].node_id;
	to->zone = zone->type;
	return capture_free_lists(mm, zone, to) && capture_page_sets(mm, zone, to) &&
	       capture_pageblocks(mm, zone, to) && state_capture_zone_rest(zone, to);
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
	if (!state->zones || !state_capture_lru(mm, state) || !state_capture_rest(mm, state)) {
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
		free(state->zones[i].limits);
	}
	for (unsigned long i = 0; i < state->nr_allocations; i++) {
		free(state->allocations[i].name);
		free(state->allocations[i].owner);
	}
	state_free_lru(state);
	state_free_rest(state);
	free(state->zones);
	free(state->allocations);
	free(state);
}
