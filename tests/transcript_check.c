/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a transcript tells of a machine that can be made: everything that
 * the replay takes for granted is looked at before.
 */
#include "config.h"

#include "transcript.h"

#include <string.h>

#define MAX_NODES 1024
#define MAX_CPUS  256
#define MAX_PFN   (UINT64_C(1) << 32)

static bool is_zone_name(const char *name, size_t len)
{
	for (int type = 0; type < NR_ZONE_TYPES; type++)
		if (strlen(zone_type_name(type)) == len && !strncmp(zone_type_name(type), name, len))
			return true;
	return false;
}

/* "DMA,DMA32,Normal,…": known names, each once at most. */
static bool zones_ok(const char *names)
{
	const char *const first = names;

	while (*names) {
		size_t len = strcspn(names, ",");

		if (!is_zone_name(names, len))
			return false;
		for (const char *other = first; other < names; other += strcspn(other, ",") + 1)
			if (strcspn(other, ",") == len && !strncmp(other, names, len))
				return false;
		names += len + (names[len] == ',');
	}
	return names > first;
}

static const char *check_info(const char *release, const char *settings)
{
	unsigned long max_order = field_number(release, "MAX_ORDER", 11) - 1;
	unsigned long pageblock_order = field_number(release, "pageblock_order", 9);
	unsigned long cpus = field_number(release, "online_cpus", 1),
		      nodes = field_number(settings, "nodes", 1);
	char zones[128];

	if (max_order < 1 || max_order >= MAX_ORDERS || !pageblock_order || pageblock_order > max_order)
		return "has an info line with orders that do not go together";
	if (!cpus || cpus > MAX_CPUS)
		return "has an info line with a number of CPUs that cannot be";
	if (!nodes || nodes > MAX_NODES)
		return "has an info line with a number of nodes that cannot be";
	if (!zones_ok(field_text(settings, "zones", zones, sizeof(zones))))
		return "has no info line that names its zones, each once, as the kernel does";
	return NULL;
}

/* What of a dump has been seen so far. */
struct dump_check {
	unsigned long max_order, cpus;
	uint64_t start, end; /* of the zone, in pages */
	unsigned int nr_zones;
	bool pcp[MAX_CPUS][NR_PCP_LISTS], free[MAX_ORDERS][128]; /* lists of this zone */
	const char *zones[NR_ZONE_TYPES];
};

/* A zone begins; its watermarks and counters follow at once. */
static const char *check_zone_line(struct dump_check *c, char *const *lines, size_t nr_lines)
{
	memset(c->pcp, 0, sizeof(c->pcp));
	memset(c->free, 0, sizeof(c->free));
	c->start = field_number(lines[0], "start", 0);
	c->end = c->start + field_number(lines[0], "spanned", 0);
	if (c->nr_zones == NR_ZONE_TYPES)
		return "dumps more zones than there are";
	for (unsigned int i = 0; i < c->nr_zones; i++)
		if (!strcmp(c->zones[i], lines[0]))
			return "dumps a zone twice";
	c->zones[c->nr_zones++] = lines[0];
	if (c->start >= MAX_PFN || c->end <= c->start || c->end > MAX_PFN)
		return "dumps a zone of a size that cannot be";
	if (nr_lines < 3 || !starts_with(lines[1], "< wmark ") || !starts_with(lines[2], "< stat "))
		return "dumps a zone without its watermarks and counters";
	return NULL;
}

static const char *check_pcp_list(struct dump_check *c, const char *line)
{
	unsigned long cpu = field_number(line, "cpu", 0), pindex = field_number(line, "pindex", NR_PCP_LISTS);

	if (cpu >= c->cpus || pindex >= NR_PCP_LISTS || c->pcp[cpu][pindex])
		return "dumps a page set's list that cannot be, or twice";
	c->pcp[cpu][pindex] = true;
	return NULL;
}

static const char *check_free_list(struct dump_check *c, const char *line)
{
	unsigned long order = field_number(line, "order", MAX_ORDERS);
	char type[4];
	unsigned char letter = (unsigned char)field_text(line, "mt", type, sizeof(type))[0];

	if (order > c->max_order || !letter || !strchr("UMEHCI", letter) || c->free[order][letter])
		return "dumps a free list that cannot be, or twice";
	c->free[order][letter] = true;
	return NULL;
}

/* Runs of pages of the zone. */
static const char *check_movable(const struct dump_check *c, const char *line)
{
	for (const char *p = strstr(line, "0x"); p; p = strstr(p, "0x")) {
		unsigned long first, last;

		if (sscanf(p, "0x%lx-0x%lx", &first, &last) != 2 || first > last || first < c->start ||
		    last >= c->end)
			return "dumps movable pages that are not the zone's";
		p += strcspn(p, " ");
	}
	return NULL;
}

/* A letter for each pageblock. */
static const char *check_blocks(const struct dump_check *c, const char *line, unsigned long pageblock_order)
{
	const char *p = strchr(line, ':');
	uint64_t letters = 0, blocks = ((c->end - 1) >> pageblock_order) - (c->start >> pageblock_order) + 1;

	for (p = p ? p + 1 : ""; *p; p++) {
		letters += *p != ' ';
		if (!strchr(" UMEHCIumehci.", *p))
			return "dumps a pageblock of no known type";
	}
	return letters == blocks ? NULL : "dumps more or fewer pageblocks than the zone has";
}

static const char *check_line(struct dump_check *c, char *const *lines, size_t nr_lines,
			      unsigned long pageblock_order)
{
	const char *line = lines[0];

	if (starts_with(line, "< zone "))
		return check_zone_line(c, lines, nr_lines);
	if (!starts_with(line, "< "))
		return NULL;
	if (!c->nr_zones)
		return "dumps something before the first zone";
	if (starts_with(line, "< pcp "))
		return field_number(line, "cpu", 0) < c->cpus
			       ? NULL
			       : "dumps the page set of a CPU that is not there";
	if (starts_with(line, "< pcplist "))
		return check_pcp_list(c, line);
	if (starts_with(line, "< free order"))
		return check_free_list(c, line);
	if (starts_with(line, "< movable "))
		return check_movable(c, line);
	if (starts_with(line, "< blocks "))
		return check_blocks(c, line, pageblock_order);
	return NULL;
}

const char *transcript_check(const struct transcript *t, const char *release, const char *settings,
			     size_t dump)
{
	struct dump_check c = { .max_order = field_number(release, "MAX_ORDER", 11) - 1,
				.cpus = field_number(release, "online_cpus", 1) };
	const char *error = check_info(release, settings);

	for (size_t i = dump; i < t->nr_lines && !starts_with(t->lines[i], "> ") && !error; i++)
		error = check_line(&c, &t->lines[i], t->nr_lines - i,
				   field_number(release, "pageblock_order", 9));
	return error;
}
