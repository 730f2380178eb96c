/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OOM killer: who is killed, and when nobody is. */
#include "config.h"

#include "vmscan_world.h"

/* Everything is in use: the process with the most pages dies, and the request is served. */
static void the_largest_process_is_killed(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t n;

	(void)state;
	world_boot(w);
	while ((n = ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_RECLAIM, LRU_ANON)))
		w->owners[n].process = n % 10 == 0 ? 0 : n % 10 < 3 ? 1 : n % 10 < 7 ? 2 : 3;
	assert_int_not_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_int_equal(w->killed, 2);
	assert_int_equal(w->mm->vm_events[OOM_KILL], 1);
	world_free(w);
}

static void oom_score_adj_decides(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t n;

	(void)state;
	world_boot(w);
	w->adj[2] = -1000;
	w->adj[1] = 900;
	while ((n = ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_RECLAIM, LRU_ANON)))
		w->owners[n].process = n % 10 < 2 ? 1 : n % 10 < 7 ? 2 : 3;
	assert_int_not_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_int_equal(w->killed, 1);
	world_free(w);
}

static void nobody_is_killed_where_it_would_not_help(void **state)
{
	struct world *w = world_new(32, 0);

	(void)state;
	world_boot(w);
	while (ask(w, 0, GFP_KERNEL & ~(gfp_t)__GFP_RECLAIM, LRU_NONE))
		;
	assert_int_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_int_equal(ask(w, 0, GFP_NOFS, LRU_NONE), 0);
	assert_int_equal(ask(w, 4, GFP_KERNEL, LRU_NONE), 0);
	assert_int_equal(w->killed, -1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_process_is_killed),
		cmocka_unit_test(oom_score_adj_decides),
		cmocka_unit_test(nobody_is_killed_where_it_would_not_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
