/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine of a transcript: its zones from the dump, its holes from the
 * map, its settings from the info lines.
 */
#include "config.h"

#include "transcript.h"

#include <stdlib.h>
#include <string.h>

#include "../src/mm/internal.h"

/* ------------------------------------------------------- finding lines --- */

/* The line after command, from line `from` on; nr_lines if there is none. */
static size_t find_command(const struct transcript *t, size_t from, const char *command)
{
	for (size_t i = from; i < t->nr_lines; i++)
		if (starts_with(t->lines[i], "> ") && starts_with(t->lines[i] + 2, command))
			return i + 1;
	return t->nr_lines;
}

static const char *find_line(const struct transcript *t, const char *start, const char *having)
{
	for (size_t i = 0; i < t->nr_lines; i++)
		if (starts_with(t->lines[i], start) && strstr(t->lines[i], having))
			return t->lines[i];
	return "";
}

static enum zone_type zone_type_of(const char *name)
{
	enum zone_type type = ZONE_DMA;

	while (type < NR_ZONE_TYPES && strcmp(zone_type_name(type), name))
		type++;
	return type;
}

/* -------------------------------------------------------------- layout --- */

static void set_zones(struct layout *layout, const char *names)
{
	layout->zones = calloc(NR_ZONE_TYPES, sizeof(*layout->zones));
	while (*names) {
		char name[16];
		size_t len = strcspn(names, ",");

		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		if (zone_type_of(name) != ZONE_MOVABLE)
			layout->zones[layout->nr_zones++].type = zone_type_of(name);
		names += len + (names[len] == ',');
	}
}

/* Memory of a node as one range around its zones; the holes come from the map. */
static void set_memory(struct layout *layout, int nid, const struct transcript *t, size_t dump)
{
	struct layout_range *range = calloc(1, sizeof(*range));

	range->start = UINT64_MAX;
	for (size_t i = dump; i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		uint64_t start = field_number(t->lines[i], "start", 0) << layout->page_shift;
		uint64_t size = field_number(t->lines[i], "spanned", 0) << layout->page_shift;

		if (!starts_with(t->lines[i], "< zone "))
			continue;
		if (start < range->start)
			range->start = start;
		if (start + size > range->end)
			range->end = start + size;
	}
	layout->nodes[nid].memory = range;
	layout->nodes[nid].nr_memory = 1;
}

static void set_layout(struct layout *layout, const struct transcript *t)
{
	const char *release = find_line(t, "< info release ", "");
	const char *settings = find_line(t, "< info nodes=", "");
	char zones[128];

	layout->page_shift = 12;
	layout->max_order = (unsigned int)field_number(release, "MAX_ORDER", 11) - 1;
	layout->pageblock_order = (unsigned int)field_number(release, "pageblock_order", 9);
	layout->cpus = (unsigned int)field_number(release, "online_cpus", 1);
	layout->section_shift = 27;
	layout->features =
		(struct layout_features){ .pcp = true, .cma = true, .group_by_mobility = SWITCH_ON };
	layout->sysctl.watermark_boost_factor =
		(unsigned int)field_number(settings, "watermark_boost_factor", 15000);
	layout->sysctl.extfrag_threshold = 500;
	set_zones(layout, field_text(settings, "zones", zones, sizeof(zones)));
	layout->nr_nodes = (unsigned int)field_number(settings, "nodes", 1);
	layout->nodes = calloc(layout->nr_nodes, sizeof(*layout->nodes));
	for (unsigned int n = 0; n < layout->nr_nodes; n++)
		layout->nodes[n].id = (int)n;
}

/* --------------------------------------------------------------- zones --- */

static void set_zone_numbers(struct zone *zone, char *const *lines)
{
	char reserve[256], *p = reserve;

	zone->zone_start_pfn = field_number(lines[0], "start", 0);
	zone->spanned_pages = field_number(lines[0], "spanned", 0);
	zone->present_pages = field_number(lines[0], "present", 0);
	zone->managed_pages = field_number(lines[0], "managed", 0);
	zone->watermark[WMARK_MIN] = field_number(lines[1], "min", 0);
	zone->watermark[WMARK_LOW] = field_number(lines[1], "low", 0);
	zone->watermark[WMARK_HIGH] = field_number(lines[1], "high", 0);
	zone->watermark[WMARK_PROMO] = field_number(lines[1], "promo", 0);
	field_text(lines[1], "lowmem_reserve", reserve, sizeof(reserve));
	for (int i = 0; i < NR_ZONE_TYPES && *p; i++) {
		zone->lowmem_reserve[i] = strtol(p, &p, 10);
		p += *p == ',';
	}
	zone->stat_threshold = (unsigned int)field_number(lines[2], "threshold", 0);
	zone->percpu_drift_mark = field_number(lines[2], "drift_mark", 0);
	zone->contiguous = field_number(lines[2], "contiguous", 0);
}

/* A stretch of the zone's memory: known to memblock, present in its pageblocks. */
static void add_memory(struct mm *mm, const struct zone *zone, unsigned long first, unsigned long last)
{
	unsigned long block = 1UL << mm->pageblock_order;

	memblock_add_node(mm, (uint64_t)first << mm->page_shift,
			  (uint64_t)(last - first + 1) << mm->page_shift, zone->node);
	for (unsigned long pfn = first; pfn <= last;) {
		struct pageblock *pb = pfn_to_pageblock(mm, pfn);
		unsigned long end = (pfn & ~(block - 1)) + block;

		if (end > last + 1)
			end = last + 1;
		if (!pb->nr_present)
			pb->zone = (uint16_t)zone->id;
		else if (pb->zone != zone->id)
			pb->flags |= PB_TWO_ZONES;
		pb->nr_present = (uint16_t)(pb->nr_present + end - pfn);
		pfn = end;
	}
}

/* Frames in the zone's span that have another zone in the memmap: memory of it, or holes before it. */
static void add_other_zone(struct mm *mm, unsigned long first, unsigned long last)
{
	struct pageblock *pb = pfn_to_pageblock(mm, first);

	for (; pb <= pfn_to_pageblock(mm, last); pb++)
		pb->flags |= PB_TWO_ZONES;
}

/* The zone's memory: all runs of its map but 'x' (none) and 'o' (another zone's). */
static void set_zone_memory(struct mm *mm, const struct zone *zone, const struct transcript *t)
{
	bool inside = false, found = false;

	for (size_t i = find_command(t, 0, "map "); i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		const char *line = t->lines[i];
		unsigned long first, last;
		char name[16], state;

		if (starts_with(line, "< map "))
			inside = !strcmp(field_text(line, "name", name, sizeof(name)), zone->name) &&
				 (int)field_number(line, "nid", 0) == zone->node;
		if (!inside || sscanf(line, "< run %c 0x%lx-0x%lx", &state, &first, &last) != 3)
			continue;
		found = true;
		if (state == 'o')
			add_other_zone(mm, first, last);
		else if (state != 'x')
			add_memory(mm, zone, first, last);
	}
	if (!found)
		add_memory(mm, zone, zone->zone_start_pfn, zone_end_pfn(zone) - 1);
}

static void set_pcp_limits(struct zone *zone, const char *line)
{
	struct per_cpu_pages *pcp = &zone->pcp[field_number(line, "cpu", 0)];

	pcp->high = zone->pageset_high = (int)field_number(line, "high", 0);
	pcp->batch = zone->pageset_batch = (int)field_number(line, "batch", 1);
}

struct zone *zone_of_line(const struct mm *mm, const char *line)
{
	char name[16];
	int nid = (int)field_number(line, "nid", 0);

	field_text(line, "name", name, sizeof(name));
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->zones[i]->node == nid && !strcmp(mm->zones[i]->name, name))
			return mm->zones[i];
	return NULL;
}

static const char *set_machine(struct mm *mm, const struct transcript *t, size_t dump)
{
	struct zone *zone = NULL;

	for (size_t i = dump; i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		if (starts_with(t->lines[i], "< zone ")) {
			zone = zone_of_line(mm, t->lines[i]);
			if (!zone)
				return "dumps a zone that its info line does not name";
			set_zone_numbers(zone, &t->lines[i]);
			set_zone_memory(mm, zone, t);
		}
		if (zone && starts_with(t->lines[i], "< pcp "))
			set_pcp_limits(zone, t->lines[i]);
		if (zone && starts_with(t->lines[i], "< cma "))
			zone->cma_pages = field_number(t->lines[i], "cma_pages", 0);
	}
	return zone ? NULL : "has a dump without zones";
}

/* The areas that `cmaareas` lists, nothing handed out of them yet. */
static void set_cma_areas(struct mm *mm, const struct transcript *t)
{
	mm->cma = calloc(t->nr_lines, sizeof(*mm->cma));
	for (size_t i = find_command(t, 0, "cmaareas"); i < t->nr_lines && !starts_with(t->lines[i], "> ");
	     i++) {
		struct cma_area *cma = &mm->cma[mm->nr_cma];
		char name[64];

		if (!starts_with(t->lines[i], "< cma area "))
			continue;
		mm->nr_cma++;
		cma->name = strdup(field_text(t->lines[i], "name", name, sizeof(name)));
		cma->base_pfn = field_number(t->lines[i], "base", 0) >> mm->page_shift;
		cma->count = field_number(t->lines[i], "size", 0) >> mm->page_shift;
		/* another node's memory is not in this machine: nothing is asked of an area there */
		if (cma->base_pfn < mm->end_pfn && cma->count <= mm->end_pfn - cma->base_pfn)
			cma->bitmap = calloc(cma->count / 64 + 1, sizeof(*cma->bitmap));
	}
}

/* -------------------------------------------------------- pageblocks --- */

/* Where a section has memory, its pageblocks exist, holes or not. */
static void set_present_blocks(struct mm *mm)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		const struct zone *zone = mm->zones[i];

		struct pageblock *pb = pfn_to_pageblock(mm, zone->zone_start_pfn);

		if (!populated_zone(zone))
			continue;
		for (; pb <= pfn_to_pageblock(mm, zone_end_pfn(zone) - 1); pb++)
			pb->flags |= PB_PRESENT;
	}
}

/* Whether the map calls all of [first, last] reserved. */
static bool all_reserved(const struct transcript *t, unsigned long first, unsigned long last)
{
	for (size_t i = find_command(t, 0, "map "); i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		unsigned long from, to;

		if (sscanf(t->lines[i], "< run R 0x%lx-0x%lx", &from, &to) == 2 && from <= first &&
		    to >= last)
			return true;
	}
	return false;
}

/*
 * A pageblock that is reserved as a whole is a hole if it never became
 * Movable, as the boot makes each that begins with memory.
 */
static void set_hole(struct mm *mm, const struct transcript *t, struct pageblock *pb)
{
	unsigned long first = (unsigned long)(pb - mm->pageblocks) << mm->pageblock_order;

	if (all_reserved(t, first, first + (1UL << mm->pageblock_order) - 1))
		pb->nr_present = 0;
}

static void set_absent_blocks(struct mm *mm, const struct transcript *t, size_t dump)
{
	const struct zone *zone = NULL;

	for (size_t i = dump; i < t->nr_lines && !starts_with(t->lines[i], "> "); i++) {
		struct pageblock *pb;

		if (starts_with(t->lines[i], "< zone "))
			zone = zone_of_line(mm, t->lines[i]);
		if (!zone || !starts_with(t->lines[i], "< blocks "))
			continue;
		pb = pfn_to_pageblock(mm, zone->zone_start_pfn);
		for (const char *p = strchr(t->lines[i], ':'); *p; p++) {
			if (*p == '.')
				pb->flags &= (uint8_t)~PB_PRESENT;
			if (*p == 'U')
				set_hole(mm, t, pb);
			pb += *p != ' ' && *p != ':';
		}
	}
}

const char *replay_setup(struct replay *r, const struct transcript *t)
{
	size_t drain = find_command(t, 0, "drain"), dump = find_command(t, drain, "dump ");
	const char *error;

	*r = (struct replay){ 0 };
	if (dump >= t->nr_lines)
		return "has no dump after a drain to start from";
	error = transcript_check(t, find_line(t, "< info release ", ""), find_line(t, "< info nodes=", ""),
				 dump);
	if (error)
		return error;
	set_layout(&r->layout, t);
	r->node = atoi(t->lines[dump - 1] + strlen("> dump "));
	if (r->node < 0 || (unsigned int)r->node >= r->layout.nr_nodes || !r->layout.nr_zones)
		return "has no info lines that fit its dumps";
	set_memory(&r->layout, r->node, t, dump);
	r->mm = mm_new(&r->layout);
	if (!r->mm)
		return "needs more memory than there is";
	r->mm->config_cma = field_number(find_line(t, "< info nodes=", ""), "cma", 1);
	error = set_machine(r->mm, t, dump);
	if (error)
		return error;
	set_present_blocks(r->mm);
	set_absent_blocks(r->mm, t, dump);
	build_all_zonelists(r->mm);
	set_cma_areas(r->mm, t);
	return replay_set_state(r->mm, t, dump, &r->start);
}

void replay_free(struct replay *r)
{
	for (unsigned int i = 0; r->mm && i < r->mm->nr_cma; i++)
		free((char *)r->mm->cma[i].name);
	mm_free(r->mm);
	for (unsigned int n = 0; n < r->layout.nr_nodes; n++)
		free(r->layout.nodes[n].memory);
	free(r->layout.nodes);
	free(r->layout.zones);
}
