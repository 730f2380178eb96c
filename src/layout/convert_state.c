/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the `state` of a file to struct mm_state: the order in which its parts
 * are read, and those that are the whole machine's: its numbers, CMA areas,
 * session and event counters. The other parts are in convert_state_*.c. What
 * needs the other blocks to be judged is in verify_state.c; what only a
 * machine can tell, state_apply_where() finds.
 */
#include <config.h>

#include "convert_state.h"

#include <limits.h>
#include <stdlib.h>

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
		state_read_cpu(s, cpu, raw->cpu, &which);
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
	state_read_zones(&s, at, raw);
	state_read_nodes(&s, at, raw);
	state_read_allocations(&s, at, raw);
	read_cma(&s, at, raw);
	read_session(&s, index_key(at, "session"), raw->session);
	read_events(c->layout, raw, s.state);
	verify_blocks(&s);
	verify_lru(&s, index_key(at, "nodes"));
	state_memory_free(&s);
}
