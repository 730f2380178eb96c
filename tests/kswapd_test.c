/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kswapd: when it is woken, how much it reclaims, when it gives up, and what ends a boost. */
#include "config.h"

#include "vmscan_world.h"

/* Pages without direct reclaim until free is left, of a kind. */
static void fill(struct world *w, enum lru_use lru, long free)
{
	while (nr_free(w) > free)
		assert_int_not_equal(ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_DIRECT_RECLAIM, lru), 0);
}

static void kswapd_keeps_the_watermarks(void **state)
{
	struct world *w = world_new(32, 0);
	struct zone *zone;
	struct pglist_data *node;

	(void)state;
	world_boot(w);
	zone = normal(w);
	node = &w->mm->nodes[0];
	fill(w, LRU_FILE, (long)zone->watermark[WMARK_LOW] + 5);
	assert_false(node->kswapd_awake);
	fill(w, LRU_FILE, (long)zone->watermark[WMARK_LOW] - 8);
	assert_true(node->kswapd_awake);
	assert_int_equal(w->nr_lost, 0);
	kswapd_run(w->mm);
	assert_false(node->kswapd_awake);
	assert_true(nr_free(w) > (long)zone->watermark[WMARK_HIGH]);
	/* it stops as soon as it may: no more than a batch of each list further */
	assert_true(nr_free(w) <= (long)zone->watermark[WMARK_HIGH] * 2 + 64);
	assert_int_equal(w->mm->vm_events[PGSTEAL_KSWAPD], w->nr_lost);
	assert_int_equal(w->mm->vm_events[PGSTEAL_DIRECT], 0);
	assert_int_equal(w->mm->vm_events[PAGEOUTRUN], 1);
	world_free(w);
}

/* With nothing to reclaim it gives up after 16 runs, and is not woken again. */
static void kswapd_gives_up(void **state)
{
	struct world *w = world_new(32, 0);
	struct pglist_data *node;

	(void)state;
	world_boot(w);
	node = &w->mm->nodes[0];
	fill(w, LRU_NONE, (long)normal(w)->watermark[WMARK_LOW] - 8);
	assert_true(node->kswapd_awake);
	kswapd_run(w->mm);
	assert_int_equal(node->kswapd_failures, 16);
	assert_false(node->kswapd_awake);
	assert_int_not_equal(ask(w, 0, GFP_NOWAIT, LRU_NONE), 0);
	assert_false(node->kswapd_awake);
	world_free(w);
}

/* A request that may start no I/O cannot swap. It tries again while kswapd does. */
static void kswapd_works_for_those_who_must_not(void **state)
{
	struct world *w = world_new(32, 8);
	gfp_t past_all = (GFP_HIGHUSER_MOVABLE | __GFP_MEMALLOC) & ~(gfp_t)__GFP_RECLAIM;

	(void)state;
	world_boot(w);
	while (nr_free(w) > (long)normal(w)->watermark[WMARK_MIN] - 8)
		assert_int_not_equal(ask(w, 0, past_all, LRU_ANON), 0);
	assert_int_equal(w->mm->vm_events[PGSTEAL_KSWAPD], 0);
	assert_int_not_equal(ask(w, 0, GFP_NOIO, LRU_NONE), 0);
	assert_true(w->mm->vm_events[PGSTEAL_KSWAPD] > 0);
	assert_int_equal(w->mm->vm_events[PGSTEAL_DIRECT], 0);
	assert_int_equal(w->mm->vm_events[OOM_KILL], 0);
	world_free(w);
}

/* A boosted watermark sends kswapd, which takes the boost away and writes nothing for it. */
static void kswapd_ends_a_boost(void **state)
{
	struct world *w = world_new(64, 4);
	struct zone *zone;

	(void)state;
	world_boot(w);
	zone = normal(w);
	for (int i = 0; i < 200; i++)
		ask_anon(w);
	for (int i = 0; i < 5000; i++)
		ask_file(w);
	zone->watermark_boost = 100;
	zone->boosted = true;
	assert_int_not_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_true(w->mm->nodes[0].kswapd_awake);
	kswapd_run(w->mm);
	assert_int_equal(zone->watermark_boost, 0);
	assert_int_equal(w->mm->vm_events[PSWPOUT], 0);
	assert_true(w->nr_lost >= 100);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kswapd_keeps_the_watermarks),
		cmocka_unit_test(kswapd_gives_up),
		cmocka_unit_test(kswapd_works_for_those_who_must_not),
		cmocka_unit_test(kswapd_ends_a_boost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
