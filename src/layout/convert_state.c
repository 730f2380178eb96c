/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the `state` of a file to struct mm_state. What needs the other blocks
 * to be judged is in verify_state.c; what only a machine can tell,
 * state_apply_where() finds.
 */
#include <config.h>

#include "state.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------- lists of blocks --- */

/* Read "0x1234" or, if suffix is not NULL, "0x1234/X"; *suffix is what stands behind the slash, or "". */
static bool read_pfn(struct state_conversion *s, size_t mark, const char *text, const char **suffix,
		     uint64_t *pfn)
{
	const char *slash = suffix ? strchr(text, '/') : NULL;
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char number[32] = "";
	enum number_status status;

	/* what is longer is no number of a page, whatever it says */
	memcpy(number, text, len < sizeof(number) ? len : 0);
	status = number_parse_integer(number, pfn);
	if (status == NUMBER_OK && *pfn > UINT32_MAX)
		status = NUMBER_OVERFLOW;
	if (suffix)
		*suffix = slash ? slash + 1 : "";
	if (status == NUMBER_OVERFLOW)
		diag_error(s->d, mark, "page frame number '%s' is past 2^32", number);
	else if (status != NUMBER_OK)
		number_complain(s->d, mark, "pfn", text, "page frame number", status);
	return status == NUMBER_OK;
}

static int letter_type(char letter)
{
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_letter(mt) == letter)
			return mt;
	return -1;
}

/* The type a page of a page set remembers: its list's, unless a letter says otherwise. */
static void read_type(struct state_conversion *s, size_t mark, const char *letter, uint8_t *type)
{
	int mt = letter_type(letter[0]);

	if (mt >= 0 && !letter[1])
		*type = (uint8_t)mt;
	else if (*letter)
		diag_error(s->d, mark, "'%.8s' behind the slash is none of U, M, E, H, C, I", letter);
}

/* Entries of a list; blocks of a page set have types. */
static void read_blocks(struct state_conversion *s, const struct node *at, const struct raw_blocks *raw,
			int node, bool pcp, struct state_list *to)
{
	const struct node *pfns = index_key(at, "pfns"), *entry;
	const char *suffix = "";
	size_t next = 0;
	uint64_t pfn;

	to->pfns = layout_alloc(raw->pfns_count, sizeof(*to->pfns));
	to->types = pcp ? layout_alloc(raw->pfns_count, sizeof(*to->types)) : NULL;
	while (to->nr < raw->pfns_count && (entry = index_next(pfns, &next))) {
		if (!read_pfn(s, entry->mark, raw->pfns[to->nr], pcp ? &suffix : NULL, &pfn))
			pfn = 0;
		else
			state_add_block(s,
					(struct located){ .pfn = pfn,
							  .end = pfn + (1ull << to->order),
							  .mark = entry->mark },
					to->order, node);
		if (pcp) {
			to->types[to->nr] = (uint8_t)to->migratetype;
			read_type(s, entry->mark, suffix, &to->types[to->nr]);
		}
		to->pfns[to->nr++] = pfn;
	}
}

static bool read_order(struct state_conversion *s, const struct node *at, uint64_t order, unsigned int *out)
{
	const struct layout *l = s->c->layout;

	if (!at)
		return false;
	if (order > l->max_order) {
		diag_error(s->d, at->mark, "order must be 0 to max_order, which is %u, not %ju", l->max_order,
			   (uintmax_t)order);
		return false;
	}
	*out = (unsigned int)order;
	return true;
}

static bool read_cpu(struct state_conversion *s, const struct node *at, uint64_t cpu, unsigned int *out)
{
	if (!at)
		return false;
	if (cpu >= s->c->layout->cpus) {
		diag_error(s->d, at->mark, "cpu %ju is none of the machine's, which has %u", (uintmax_t)cpu,
			   s->c->layout->cpus);
		return false;
	}
	*out = (unsigned int)cpu;
	return true;
}

/* The list of the same place that came before, if any; page sets of the highest order are told apart by
 * Movable only. */
static bool same_list(const struct state_list *a, const struct state_list *b)
{
	return a->order == b->order && a->migratetype == b->migratetype && a->cpu == b->cpu;
}

static void report_second_list(struct state_conversion *s, const struct node *at,
			       const struct state_list *lists, unsigned int nr)
{
	for (unsigned int i = 0; i < nr && index_key(at, "migratetype"); i++) {
		if (!same_list(&lists[i], &lists[nr]))
			continue;
		diag_error(s->d, at->mark, "a second list of order %u and migratetype %c", lists[nr].order,
			   migratetype_letter(lists[nr].migratetype));
		return;
	}
}

static void read_free_lists(struct state_conversion *s, const struct node *at,
			    const struct raw_zone_state *raw, struct zone_state *to, int node)
{
	const struct node *lists = index_key(at, "free"), *entry;
	size_t next = 0;

	to->free = layout_alloc(raw->free_count, sizeof(*to->free));
	while (to->nr_free < raw->free_count && (entry = index_next(lists, &next))) {
		const struct raw_blocks *blocks = &raw->free[to->nr_free];
		struct state_list *list = &to->free[to->nr_free];

		list->migratetype = blocks->migratetype;
		if (read_order(s, index_key(entry, "order"), blocks->order, &list->order)) {
			report_second_list(s, entry, to->free, to->nr_free);
			read_blocks(s, entry, blocks, node, false, list);
		}
		to->nr_free++;
	}
}

static bool check_pcp_order(struct state_conversion *s, const struct node *entry,
			    const struct state_list *list)
{
	const struct layout *l = s->c->layout;

	if (list->order <= PAGE_ALLOC_COSTLY_ORDER || list->order == l->pageblock_order)
		return true;
	diag_error(s->d, index_key(entry, "order")->mark,
		   "page sets hold orders 0 to %d and pageblock_order, which is %u, not %u",
		   PAGE_ALLOC_COSTLY_ORDER, l->pageblock_order, list->order);
	return false;
}

static void read_page_sets(struct state_conversion *s, const struct node *at,
			   const struct raw_zone_state *raw, struct zone_state *to, int node)
{
	const struct node *lists = index_key(at, "pcp"), *entry;
	size_t next = 0;

	to->pcp = layout_alloc(raw->pcp_count, sizeof(*to->pcp));
	while (to->nr_pcp < raw->pcp_count && (entry = index_next(lists, &next))) {
		const struct raw_blocks *blocks = &raw->pcp[to->nr_pcp];
		struct state_list *list = &to->pcp[to->nr_pcp];

		list->migratetype = blocks->migratetype;
		if (read_order(s, index_key(entry, "order"), blocks->order, &list->order) &&
		    check_pcp_order(s, entry, list) &&
		    read_cpu(s, index_key(entry, "cpu"), blocks->cpu, &list->cpu)) {
			report_second_list(s, entry, to->pcp, to->nr_pcp);
			read_blocks(s, entry, blocks, node, true, list);
		}
		to->nr_pcp++;
	}
}

/* -------------------------------------------------------------- zones --- */

static void read_cpus(struct state_conversion *s, const struct node *at, const struct raw_zone_state *raw,
		      struct zone_state *to)
{
	const struct node *cpus = index_key(at, "cpus"), *entry;
	size_t next = 0;
	unsigned int cpu;

	to->nr_cpus = s->c->layout->cpus;
	to->cpus = layout_alloc(to->nr_cpus, sizeof(*to->cpus));
	for (uint32_t i = 0; i < raw->cpus_count && (entry = index_next(cpus, &next)); i++) {
		const struct raw_cpu_state *from = &raw->cpus[i];

		if (!read_cpu(s, index_key(entry, "cpu"), from->cpu, &cpu))
			continue;
		state_rules_read(s->d, entry, from, &to->cpus[cpu], &cpu_rules);
		for (int item = 0; from->vm_stat_diff && item < NR_VM_ZONE_STAT_ITEMS; item++)
			if (from->vm_stat_diff->item[item])
				to->cpus[cpu].vm_stat_diff[item] = (int)*from->vm_stat_diff->item[item];
	}
}

/* Where a letter of a quoted scalar on one line stands. */
static size_t letter_mark(struct state_conversion *s, const struct node *at, size_t nth)
{
	char first = *diag_rest(s->d, at->mark);

	return at->mark + (first == '"' || first == '\'') + nth;
}

static void read_pageblocks(struct state_conversion *s, const struct node *at, const char *letters,
			    struct zone_state *to)
{
	if (!at || !letters)
		return;
	for (size_t i = 0; letters[i]; i++) {
		if (letters[i] == '.' || letter_type(letters[i] & ~0x20) >= 0)
			continue;
		diag_error(s->d, letter_mark(s, at, i),
			   "pageblocks: '%c' is none of U, M, E, H, C, I, their lower case, and '.'",
			   letters[i]);
		break;
	}
	to->pageblocks = layout_strdup(letters);
}

static void read_limits(struct state_conversion *s, const struct node *at, const struct raw_limits *raw,
			struct zone_state *to)
{
	const struct node *protection = index_key(at, "protection");
	unsigned int nr_types = 0;

	if (!at || !raw)
		return;
	to->limits = layout_alloc(1, sizeof(*to->limits));
	state_rules_read(s->d, at, raw, to->limits, &limits_rules);
	for (enum zone_type type = 0; type < NR_ZONE_TYPES; type++)
		nr_types += state_zone_index(s->c->layout, type) >= 0;
	if (protection && raw->protection_count != nr_types)
		diag_error(s->d, protection->mark, "protection must have %u numbers, one a zone type, not %u",
			   nr_types, raw->protection_count);
	for (uint32_t i = 0; i < raw->protection_count && i < NR_ZONE_TYPES; i++)
		to->limits->lowmem_reserve[i] = (long)(raw->protection[i] & LONG_MAX);
}

/* Index of the node of that id; -1, reported: none. */
static int read_node(struct state_conversion *s, const struct node *at, uint64_t id)
{
	const struct layout *l = s->c->layout;

	for (unsigned int n = 0; n < l->nr_nodes; n++)
		if ((uint64_t)l->nodes[n].id == id)
			return (int)n;
	if (at)
		diag_error(s->d, at->mark, "there is no node %ju", (uintmax_t)id);
	return -1;
}

static void report_second_zone(struct state_conversion *s, const struct node *entry,
			       const struct zone_state *zones, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (zones[i].node == zones[nr].node && zones[i].zone == zones[nr].zone)
			diag_error(s->d, index_first_key(entry), "zone %s of node %d is described twice",
				   zone_type_name(zones[nr].zone), zones[nr].node);
}

static void read_zone(struct state_conversion *s, const struct node *entry, const struct raw_zone_state *raw,
		      struct zone_state *to)
{
	const struct node *scanners = index_key(entry, "compaction"), *zone = index_key(entry, "zone");
	int node = read_node(s, index_key(entry, "node"), raw->node);

	to->node = (int)raw->node;
	to->zone = (enum zone_type)raw->zone;
	if (zone && s->c->zones_known && state_zone_index(s->c->layout, to->zone) < 0)
		diag_error(s->d, zone->mark, "the layout has no zone %s", zone_type_name(to->zone));
	read_pageblocks(s, index_key(entry, "pageblocks"), raw->pageblocks, to);
	state_rules_read(s->d, entry, raw, to, &zone_rules);
	read_limits(s, index_key(entry, "limits"), raw->limits, to);
	to->compaction_as_booted = !scanners;
	if (scanners)
		state_rules_read(s->d, scanners, raw->compaction, to, &scanner_rules);
	read_cpus(s, entry, raw, to);
	read_free_lists(s, entry, raw, to, node);
	read_page_sets(s, entry, raw, to, node);
}

static void read_zones(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *zones = index_key(at, "zones"), *entry;
	struct mm_state *to = s->state;
	size_t next = 0;

	to->zones = layout_alloc(raw->zones_count, sizeof(*to->zones));
	while (to->nr_zones < raw->zones_count && (entry = index_next(zones, &next))) {
		read_zone(s, entry, &raw->zones[to->nr_zones], &to->zones[to->nr_zones]);
		report_second_zone(s, entry, to->zones, to->nr_zones);
		to->nr_zones++;
	}
}

/* -------------------------------------------------------------- nodes --- */

static void read_lru_flags(struct state_conversion *s, size_t mark, const char *letters, uint8_t *flags)
{
	static const char known[] = "ywr"; /* in the order of enum lru_flags */

	for (; *letters; letters++) {
		const char *found = strchr(known, *letters);

		if (!found) {
			diag_error(s->d, mark,
				   "'%c' behind the slash is none of y (young), w (workingset), r (reclaim)",
				   *letters);
			return;
		}
		*flags |= (uint8_t)(1u << (found - known));
	}
}

static void read_lru(struct state_conversion *s, const struct node *at, const struct raw_lru *raw,
		     struct state_list *to)
{
	const struct node *pfns = index_key(at, "pfns"), *entry;
	const char *suffix;
	size_t next = 0;
	uint64_t pfn;

	if (!index_key(at, "list"))
		return;
	if (to->pfns) {
		diag_error(s->d, at->mark, "a second list of that name");
		return;
	}
	to->pfns = layout_alloc(raw->pfns_count, sizeof(*to->pfns));
	to->types = layout_alloc(raw->pfns_count, sizeof(*to->types));
	while (to->nr < raw->pfns_count && (entry = index_next(pfns, &next))) {
		if (read_pfn(s, entry->mark, raw->pfns[to->nr], &suffix, &pfn)) {
			read_lru_flags(s, entry->mark, suffix, &to->types[to->nr]);
			to->pfns[to->nr] = pfn;
		}
		to->nr++;
	}
}

static void read_node_state(struct state_conversion *s, const struct node *entry,
			    const struct raw_node_state *raw, struct node_state *to)
{
	const struct node *lists = index_key(entry, "lru"), *list;
	int nr_types = state_zone_index(s->c->layout, ZONE_MOVABLE) + 1;
	size_t next = 0;

	read_node(s, index_key(entry, "node"), raw->node);
	to->node = (int)raw->node;
	/* as boot leaves them */
	to->kswapd_highest_zoneidx = nr_types + (state_zone_index(s->c->layout, ZONE_DEVICE) >= 0);
	to->kswapd_prev_zoneidx = to->kcompactd_highest_zoneidx = to->kswapd_highest_zoneidx - 1;
	state_rules_read(s->d, entry, raw, to, &node_rules);
	state_rules_read(s->d, index_key(entry, "kswapd"), raw->kswapd, to, &kswapd_rules);
	state_rules_read(s->d, index_key(entry, "kcompactd"), raw->kcompactd, to, &kcompactd_rules);
	for (int item = 0; raw->counters && item < NR_VM_NODE_STAT_ITEMS; item++)
		if (raw->counters->item[item])
			to->vm_stat[item] = (long)*raw->counters->item[item];
	for (uint32_t i = 0; i < raw->lru_count && (list = index_next(lists, &next)); i++)
		read_lru(s, list, &raw->lru[i], &to->lru[raw->lru[i].list]);
}

static void read_nodes(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *nodes = index_key(at, "nodes"), *entry;
	struct mm_state *to = s->state;
	size_t next = 0;

	to->nodes = layout_alloc(raw->nodes_count, sizeof(*to->nodes));
	while (to->nr_nodes < raw->nodes_count && (entry = index_next(nodes, &next))) {
		read_node_state(s, entry, &raw->nodes[to->nr_nodes], &to->nodes[to->nr_nodes]);
		to->nr_nodes++;
	}
}

/* -------------------------------------------------------- allocations --- */

static void read_gfp(struct state_conversion *s, const struct node *at, const char *text, gfp_t *gfp)
{
	const char *bad;
	size_t len;
	char *quoted;

	*gfp = GFP_KERNEL;
	if (!at || !text || gfp_parse(text, gfp, &bad, &len) == 0)
		return;
	quoted = text_quote(bad, len);
	diag_error(s->d, at->mark, "gfp: unknown name %s", quoted);
	free(quoted);
}

static char *read_name(struct state_conversion *s, const struct node *at, const char *text)
{
	if (!at || !text)
		return NULL;
	if (!*text || text_has_control(text, strlen(text)))
		diag_error(s->d, at->mark,
			   *text ? "name: only printable characters are allowed" : "name must not be empty");
	return layout_strdup(text);
}

static void read_flags(const struct node *entry, const struct raw_allocation *raw,
		       struct state_allocation *to)
{
	to->flags = state_default_flags(to->gfp);
	/* an empty list says something, too: libcyaml loads it as NULL */
	if (index_key(entry, "flags")) {
		to->flags &= STATE_MOBILITY_MASK;
		for (uint32_t i = 0; i < raw->flags_count; i++)
			to->flags |= (uint16_t)raw->flags[i];
	}
	if (raw->migratetype)
		to->flags = (uint16_t)((to->flags & ~STATE_MOBILITY_MASK) | (unsigned int)*raw->migratetype
										    << PG_MT_SHIFT);
}

/* Where its block is; an entry without one is a handle that was freed. */
static void read_place(struct state_conversion *s, const struct node *entry, const struct raw_allocation *raw,
		       struct state_allocation *to)
{
	const struct node *pfn = index_key(entry, "pfn"), *order = index_key(entry, "order");
	struct located block = { .allocation = to };

	to->pfn = PFN_NONE;
	to->count = raw->count ? *raw->count : 0;
	if (to->gone) {
		if (pfn)
			diag_error(s->d, pfn->mark, "what is gone has no pfn");
		if (raw->order)
			read_order(s, order, *raw->order, &to->order);
		return;
	}
	if (!pfn && !order && !raw->gfp)
		return;
	if (!pfn || !order) {
		diag_error(s->d, index_first_key(entry), "key '%s' is missing in an entry of allocations",
			   pfn ? "order" : "pfn");
		return;
	}
	if (!raw->order || !read_order(s, order, *raw->order, &to->order) ||
	    !read_pfn(s, pfn->mark, raw->pfn, NULL, &block.pfn))
		return;
	to->pfn = block.pfn;
	block.mark = pfn->mark;
	block.end = block.pfn + ((to->count ? to->count & UINT32_MAX : 1) << to->order);
	state_add_block(s, block, to->order, -1);
}

static void read_allocations(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *allocations = index_key(at, "allocations"), *entry;
	struct mm_state *state = s->state;
	size_t next = 0;

	state->allocations = layout_alloc(raw->allocations_count, sizeof(*state->allocations));
	while (state->nr_allocations < raw->allocations_count && (entry = index_next(allocations, &next))) {
		const struct raw_allocation *from = &raw->allocations[state->nr_allocations];
		struct state_allocation *to = &state->allocations[state->nr_allocations++];

		to->name = read_name(s, index_key(entry, "name"), from->name);
		to->owner = from->owner ? layout_strdup(from->owner) : NULL;
		to->kind = from->kind ? (unsigned int)*from->kind : 0;
		to->refused = from->refused && *from->refused;
		to->lru = from->lru ? (unsigned int)*from->lru : 0;
		to->gone = from->gone ? (unsigned int)*from->gone : 0;
		to->shadow = from->shadow ? *from->shadow : 0;
		read_gfp(s, index_key(entry, "gfp"), from->gfp, &to->gfp);
		read_flags(entry, from, to);
		read_place(s, entry, from, to);
	}
}

/* ------------------------------------------- CMA, session and counters --- */

static void read_runs(struct state_conversion *s, const struct node *at, const struct raw_cma_state *raw,
		      struct cma_state *to)
{
	const struct node *pages = index_key(at, "pages"), *entry;
	struct extent run;
	size_t next = 0;

	to->runs = layout_alloc(raw->pages_count, sizeof(*to->runs));
	while (to->nr_runs < raw->pages_count && (entry = index_next(pages, &next))) {
		enum number_status status = number_parse_range(raw->pages[to->nr_runs], &run);

		if (status == NUMBER_OK && run.last <= UINT32_MAX) {
			to->runs[to->nr_runs].pfn = run.start;
			to->runs[to->nr_runs].count = run.last - run.start + 1;
		} else {
			number_complain(s->d, entry->mark, "pages", raw->pages[to->nr_runs],
					"range of page frames",
					status == NUMBER_OK ? NUMBER_OVERFLOW : status);
		}
		to->nr_runs++;
	}
}

static void read_cma(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *areas = index_key(at, "cma"), *entry;
	struct mm_state *to = s->state;
	size_t next = 0;

	to->cma = layout_alloc(raw->cma_count, sizeof(*to->cma));
	while (to->nr_cma < raw->cma_count && (entry = index_next(areas, &next))) {
		to->cma[to->nr_cma].name =
			layout_strdup(raw->cma[to->nr_cma].name ? raw->cma[to->nr_cma].name : "");
		read_runs(s, entry, &raw->cma[to->nr_cma], &to->cma[to->nr_cma]);
		to->nr_cma++;
	}
}

/* Owner numbers, each at most once; what they stand for is held or, spare, is not. */
static uint32_t *read_owners(struct state_conversion *s, const struct node *at, const uint64_t *raw,
			     uint32_t nr, bool spare, bool *seen)
{
	const struct mm_state *state = s->state;
	uint32_t *to = layout_alloc(nr, sizeof(*to));
	const struct node *entry;
	size_t next = 0;

	for (uint32_t i = 0; i < nr && (entry = index_next(at, &next)); i++) {
		if (raw[i] < 1 || raw[i] > state->nr_allocations)
			diag_error(s->d, entry->mark, "there is no allocation number %ju, they are 1 to %lu",
				   (uintmax_t)raw[i], state->nr_allocations);
		else if (seen[raw[i] - 1])
			diag_error(s->d, entry->mark, "allocation number %ju is named twice",
				   (uintmax_t)raw[i]);
		else if ((state->allocations[raw[i] - 1].pfn == PFN_NONE) != spare)
			diag_error(s->d, entry->mark, "allocation number %ju %s", (uintmax_t)raw[i],
				   spare ? "has a pfn, so it is not spare" : "has no pfn, so it is not live");
		else
			seen[raw[i] - 1] = true;
		to[i] = (uint32_t)raw[i];
	}
	return to;
}

static void read_session(struct state_conversion *s, const struct node *at, const struct raw_session *raw)
{
	struct session_state *to = &s->state->session;
	bool *seen;

	if (!at || !raw)
		return;
	seen = layout_alloc(s->state->nr_allocations, sizeof(*seen));
	state_rules_read(s->d, at, raw, to, &session_rules);
	to->live = read_owners(s, index_key(at, "live"), raw->live, raw->live_count, false, seen);
	to->nr_live = raw->live_count;
	to->spare = read_owners(s, index_key(at, "spare"), raw->spare, raw->spare_count, true, seen);
	to->nr_spare = raw->spare_count;
	free(seen);
}

static void read_events(const struct layout *l, const struct raw_state *raw, struct mm_state *to)
{
	for (int item = 0; raw->events && item < NR_VM_EVENT_ITEMS; item++)
		if (raw->events->item[item])
			to->vm_events[item] = *raw->events->item[item];
	for (int item = 0; raw->zone_events && item < NR_VM_ZONE_EVENT_ITEMS; item++) {
		const struct raw_by_zone *by_zone = raw->zone_events->item[item];

		for (enum zone_type type = 0; by_zone && type < NR_ZONE_TYPES; type++) {
			int index = state_zone_index(l, type);

			if (by_zone->type[type] && index >= 0)
				to->vm_zone_events[item][index] = *by_zone->type[type];
		}
	}
}

static void read_machine(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *min_free = index_key(at, "min_free_kbytes"), *cpu = index_key(at, "cpu");
	unsigned int which;

	state_rules_read(s->d, at, raw, s->state, &machine_rules);
	if (cpu)
		read_cpu(s, cpu, raw->cpu, &which);
	if (!min_free || !raw->min_free_kbytes)
		return;
	if (*raw->min_free_kbytes > INT_MAX)
		diag_error(s->d, min_free->mark, "min_free_kbytes must be 0 to %d, not %ju", INT_MAX,
			   (uintmax_t)*raw->min_free_kbytes);
	s->state->has_totals = true;
	s->state->min_free_kbytes = (long)*raw->min_free_kbytes;
}

void convert_state(struct conversion *c)
{
	const struct node *at = index_key(c->root, "state");
	const struct raw_state *raw = c->raw->state;
	struct state_conversion s = { .c = c, .d = c->d };

	if (!at || !raw || !c->geometry_known || !c->cpus_known)
		return;
	s.state = c->layout->state = layout_alloc(1, sizeof(*s.state));
	state_memory_init(&s);
	read_machine(&s, at, raw);
	read_zones(&s, at, raw);
	read_nodes(&s, at, raw);
	read_allocations(&s, at, raw);
	read_cma(&s, at, raw);
	read_session(&s, index_key(at, "session"), raw->session);
	read_events(c->layout, raw, s.state);
	verify_blocks(&s);
	verify_lru(&s, index_key(at, "nodes"));
	state_memory_free(&s);
}
