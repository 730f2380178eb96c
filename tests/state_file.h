/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of save and load: a machine of state_world.h as the text of a
 * file, and layouts to begin with.
 */
#ifndef BUDDYVIZ_TESTS_STATE_FILE_H
#define BUDDYVIZ_TESTS_STATE_FILE_H

#include "buddyviz/state.h"
#include "layout_test.h"
#include "state_world.h"

/* The state of the machine, and what its slots hold as the allocations; the caller frees it. */
static inline struct mm_state *capture(const struct world *w)
{
	struct mm_state *state = state_capture(w->mm);

	assert_non_null(state);
	state->allocations = calloc(NR_SLOTS, sizeof(*state->allocations));
	assert_non_null(state->allocations);
	for (uint32_t i = 0; i < w->nr_slots; i++) {
		const struct slot *slot = &w->slots[i];
		struct state_allocation *a = &state->allocations[state->nr_allocations++];

		*a = (struct state_allocation){
			.pfn = slot->pfn, .order = slot->order, .gfp = slot->gfp, .count = slot->count
		};
		if (slot->pfn != PFN_NONE)
			a->flags =
				pfn_to_page(w->mm, slot->pfn)->flags & (uint16_t) ~(PG_USED | PG_ORDER_MASK);
	}
	return state;
}

/* The machine as a file; the caller frees the text. */
static inline char *save(const struct world *w, size_t *len)
{
	struct layout layout = *w->layout;
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	assert_non_null(out);
	layout.sysctl = w->mm->sysctl;
	layout.features.pcp = !w->mm->pcp_disabled;
	layout.features.group_by_mobility = w->mm->page_group_by_mobility_disabled ? SWITCH_OFF : SWITCH_ON;
	layout.state = capture(w);
	assert_int_equal(layout_write(&layout, out), 0);
	assert_int_equal(fclose(out), 0);
	state_free(layout.state);
	return text;
}

/* A saved text as a layout; the test fails if anything is said of it. */
static inline struct layout *load(const char *text, size_t len)
{
	char *messages;
	struct layout *layout = parse("saved.yaml", text, len, &messages);

	if (!layout || *messages)
		fail_msg("%s", messages);
	free(messages);
	return layout;
}

/* One of the layouts in layouts/. */
static inline struct layout *shipped_layout(const char *name)
{
	char *path = source_path("layouts/%s.yaml", name);
	struct layout *layout = layout_load(path, stderr);

	free(path);
	assert_non_null(layout);
	return layout;
}

#endif
