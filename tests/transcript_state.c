/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the machine of a transcript stands: the dump it begins with, as a
 * state to be put into it.
 */
#include "config.h"

#include "transcript.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/state.h"
#include "../src/mm/internal.h"

static int type_of_letter(char letter)
{
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_letter(mt) == letter)
			return mt;
	return MIGRATE_UNMOVABLE;
}

/* The PFNs after the colon of a list line, with "/T" the types remembered. */
static void read_list(struct state_list *list, const char *line)
{
	const char *p = strchr(line, ':');
	size_t room = strlen(line) / 3 + 1;

	list->pfns = calloc(room, sizeof(*list->pfns));
	list->types = calloc(room, sizeof(*list->types));
	while (p && (p = strstr(p, "0x"))) {
		char *end;

		list->pfns[list->nr] = strtoul(p, &end, 16);
		if (*end == '/')
			list->types[list->nr] = (uint8_t)type_of_letter(end[1]);
		list->nr++;
		p = end;
	}
}

static void read_free_list(struct zone_state *zone, const char *line)
{
	struct state_list *list = &zone->free[zone->nr_free++];
	char letter[4];

	list->order = (unsigned int)field_number(line, "order", 0);
	list->migratetype = type_of_letter(field_text(line, "mt", letter, sizeof(letter))[0]);
	read_list(list, line);
}

static void read_pcp_list(const struct mm *mm, struct zone_state *zone, const char *line)
{
	struct state_list *list = &zone->pcp[zone->nr_pcp++];
	unsigned int pindex = (unsigned int)field_number(line, "pindex", 0);

	list->cpu = (unsigned int)field_number(line, "cpu", 0);
	list->order = pindex_to_order(mm, pindex);
	list->migratetype = pindex < NR_LOWORDER_PCP_LISTS ? (int)(pindex % MIGRATE_PCPTYPES)
							   : (int)(pindex - NR_LOWORDER_PCP_LISTS);
	read_list(list, line);
}

static void read_blocks(struct zone_state *zone, const char *line)
{
	const char *p = strchr(line, ':');
	char *to = zone->pageblocks = calloc(strlen(line) + 1, 1);

	for (p = p ? p + 1 : ""; *p; p++)
		if (*p != ' ')
			*to++ = *p;
}

/* Pages of others that count as movable when stealing: order-0 pages with an owner nobody asks for. */
static void read_movable(struct mm_state *state, const char *line)
{
	const char *p = strchr(line, ':');

	while (p && (p = strstr(p, "0x"))) {
		unsigned long first, last;

		if (sscanf(p, "0x%lx-0x%lx", &first, &last) != 2)
			break;
		p += strcspn(p, " ");
		state->allocations = realloc(state->allocations, (state->nr_allocations + last - first + 1) *
									 sizeof(*state->allocations));
		for (unsigned long pfn = first; pfn <= last; pfn++)
			state->allocations[state->nr_allocations++] = (struct state_allocation){
				.pfn = pfn, .flags = PG_MIGRATABLE | MIGRATE_MOVABLE << PG_MT_SHIFT
			};
	}
}

static void read_compact(struct zone_state *zone, const char *line)
{
	char both[64];

	zone->compact_cached_free_pfn = field_number(line, "cached_free", 0);
	sscanf(field_text(line, "cached_migrate", both, sizeof(both)), "0x%lx,0x%lx",
	       &zone->compact_cached_migrate_pfn[0], &zone->compact_cached_migrate_pfn[1]);
	zone->compact_init_migrate_pfn = field_number(line, "init_migrate", 0);
	zone->compact_init_free_pfn = field_number(line, "init_free", 0);
	zone->compact_considered = (unsigned int)field_number(line, "considered", 0);
	zone->compact_defer_shift = (unsigned int)field_number(line, "defer_shift", 0);
	zone->compact_order_failed = (int)field_number(line, "order_failed", 0);
	zone->compact_blockskip_flush = field_number(line, "flush", 0);
}

static struct zone_state *new_zone_state(const struct mm *mm, struct mm_state *state, const char *line)
{
	const struct zone *zone = zone_of_line(mm, line);
	struct zone_state *z = &state->zones[state->nr_zones++];

	z->node = zone->node;
	z->zone = zone->type;
	z->free = calloc(MAX_ORDERS * MIGRATE_TYPES, sizeof(*z->free));
	z->pcp = calloc((size_t)mm->nr_cpus * NR_PCP_LISTS, sizeof(*z->pcp));
	z->cpus = calloc(mm->nr_cpus, sizeof(*z->cpus));
	z->nr_cpus = mm->nr_cpus;
	return z;
}

const char *replay_set_state(struct mm *mm, const struct transcript *t, size_t dump, size_t *after)
{
	struct mm_state *state = calloc(1, sizeof(*state));
	struct zone_state *z = NULL;
	const char *error;
	size_t i;

	state->zones = calloc(NR_ZONE_TYPES, sizeof(*state->zones));
	for (i = dump; i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		const char *line = t->lines[i];

		if (starts_with(line, "< zone "))
			z = new_zone_state(mm, state, line);
		else if (starts_with(line, "< wmark ")) {
			z->watermark_boost = field_number(line, "boost", 0);
			z->nr_reserved_highatomic = field_number(line, "nr_reserved_highatomic", 0);
		} else if (starts_with(line, "< stat "))
			z->cpus[0].vm_stat_diff[NR_FREE_PAGES] = (int)field_number(line, "diff", 0);
		else if (starts_with(line, "< cma "))
			z->cpus[0].vm_stat_diff[NR_FREE_CMA_PAGES] = (int)field_number(line, "diff", 0);
		else if (starts_with(line, "< compact "))
			read_compact(z, line);
		else if (starts_with(line, "< pcp "))
			z->cpus[field_number(line, "cpu", 0)].free_factor =
				(int)field_number(line, "free_factor", 0);
		else if (starts_with(line, "< pcplist "))
			read_pcp_list(mm, z, line);
		else if (starts_with(line, "< free order"))
			read_free_list(z, line);
		else if (starts_with(line, "< movable "))
			read_movable(state, line);
		else if (starts_with(line, "< blocks "))
			read_blocks(z, line);
	}
	*after = i;
	error = state_apply(mm, state);
	for (unsigned long a = 0; a < state->nr_allocations && !error; a++) {
		pfn_to_page(mm, state->allocations[a].pfn)->private = 0;
		lru_cache_add(mm, state->allocations[a].pfn, false);
	}
	state_free(state);
	return error;
}
