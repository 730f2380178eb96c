/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * States that no machine can be in: they are refused, with the place of what
 * is wrong, and a damaged file does no harm.
 */
#include "config.h"

#include "state_file.h"

/* One zone of 64 pages, everything free in two blocks, and what a test makes of it. */
static const char *apply(struct mm_state *state, struct state_place *place)
{
	static const char text[] =
		"name: x\nmax_order: 5\npageblock_order: 3\nzones: [{type: DMA, end: 0x20000}, "
		"{type: Normal}]\nnodes: [{id: 0, memory: [0x0-0x3ffff]}]\n";
	struct layout *layout = load(text, sizeof(text) - 1);
	struct mm *mm = mm_new(layout);
	const char *error;

	assert_null(mm_boot(mm));
	error = state_apply_where(mm, state, place);
	mm_free(mm);
	layout_free(layout);
	return error;
}

static void overlaps_are_rejected(void **arg)
{
	unsigned long whole[] = { 0x20 }, inside[] = { 0x24, 0x3f };
	struct state_list lists[] = {
		{ .order = 4, .migratetype = MIGRATE_MOVABLE, .nr = 1, .pfns = whole },
		{ .order = 0, .migratetype = MIGRATE_MOVABLE, .nr = 2, .pfns = inside }
	};
	struct zone_state zone = {
		.zone = ZONE_NORMAL, .free = lists, .nr_free = 2, .compaction_as_booted = true
	};
	struct state_allocation allocation = { .pfn = 0x28, .order = 1, .gfp = GFP_KERNEL };
	struct mm_state state = { .zones = &zone, .nr_zones = 1 };
	struct state_place place;

	(void)arg;
	/* a small block inside a large one that comes first: its own first page is nobody's head */
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[1].pfns[0]");
	inside[0] = 0x30;
	assert_null(apply(&state, &place));
	/* the other way round */
	inside[0] = 0x2f;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[1].pfns[0]");
	inside[0] = 0x30;
	state.allocations = &allocation;
	state.nr_allocations = 1;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "allocations[0].pfn");
	allocation.pfn = 0x32;
	assert_null(apply(&state, &place));
}

static void misfits_are_found(void **arg)
{
	unsigned long pfns[] = { 0x30, 0x18 };
	struct state_list list = { .order = 3, .migratetype = MIGRATE_MOVABLE, .nr = 2, .pfns = pfns };
	struct zone_state zone = {
		.zone = ZONE_NORMAL, .free = &list, .nr_free = 1, .compaction_as_booted = true
	};
	struct mm_state state = { .zones = &zone, .nr_zones = 1 };
	struct state_place place;

	(void)arg;
	/* 0x18 is in DMA, which ends at 0x20 */
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[0].pfns[1]");
	list.nr = 1;
	zone.pageblocks = "UUU";
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].pageblocks");
	zone.pageblocks = "UUUU";
	assert_null(apply(&state, &place));
	zone.zone = ZONE_HIGHMEM;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].zone");
	zone.zone = ZONE_NORMAL;
	state.swap_used = 1;
	assert_non_null(apply(&state, &place));
	state.swap_used = 0;
	state.cpu = 1;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "cpu");
}

/* Put a scrap into the text, or over some of it, between begin and end; the caller frees the result. */
static char *damage(struct world *w, const char *text, const char *begin, const char *end)
{
	static const char *const scraps[] = { "0x1f", "0xffffffff", "-1", "U",  "/C", "9",
					      "[",    "pfns: []",   "0",  "15", ", " };
	const char *scrap = scraps[below(w, sizeof(scraps) / sizeof(*scraps))];
	const char *at = begin + below(w, (uint32_t)(end - begin)), *rest = at;
	char *damaged;

	if (below(w, 2))
		rest += strlen(scrap);
	if (asprintf(&damaged, "%.*s%s%s", (int)(at - text), text, scrap, rest) < 0)
		abort();
	return damaged;
}

/* Whether a machine can be made of it; what is made is looked at. */
static bool is_accepted(const char *text)
{
	char *messages;
	struct layout *layout = parse("damaged.yaml", text, strlen(text), &messages);
	struct mm *mm = layout ? mm_new(layout) : NULL;
	bool accepted = mm && !mm_boot(mm);

	if (accepted)
		mm_check(mm, NULL);
	assert_int_equal(layout == NULL, strstr(messages, ": error: ") != NULL);
	mm_free(mm);
	layout_free(layout);
	free(messages);
	return accepted;
}

/* A saved machine, damaged: it is refused, or makes a machine; it never crashes. */
static void damaged_states_do_no_harm(void **arg)
{
	struct world *w = world_new(shipped_layout("tiny"), 5);
	unsigned int accepted = 0;
	size_t len;
	char *text;

	(void)arg;
	w->nr_slots = 50; /* libcyaml makes room entry by entry, which the sanitizers make dear */
	for (int i = 0; i < 500; i++)
		step(w);
	text = save(w, &len);
	assert_true(is_accepted(text));
	for (int i = 0; i < 400; i++) {
		char *damaged = damage(w, text, strstr(text, "state:"), strstr(text, "allocations:"));

		accepted += is_accepted(damaged);
		free(damaged);
	}
	assert_in_range(accepted, 1, 399);
	free(text);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlaps_are_rejected),
		cmocka_unit_test(misfits_are_found),
		cmocka_unit_test(damaged_states_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
