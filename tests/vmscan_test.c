/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reclaim: which pages go, in which order, which stay, and requests that reclaim for themselves. */
#include "config.h"

#include "vmscan_world.h"

/* ------------------------------------------------------------- reclaim --- */

static void clean_file_pages_are_dropped_oldest_first(void **state)
{
	struct world *w = world_new(32, 0);
	unsigned long reclaimed;
	long before;

	(void)state;
	world_boot(w);
	before = nr_free(w);
	for (int i = 0; i < 100; i++)
		ask_file(w);
	reclaimed = reclaim_pages(w->mm, 0, 40);
	assert_int_equal(reclaimed, w->nr_lost);
	assert_in_range(w->nr_lost, 40, 63);
	for (size_t i = 0; i < w->nr_lost; i++)
		assert_int_equal(w->lost[i], i + 1);
	assert_int_equal(nr_free(w), before - 100 + (long)w->nr_lost);
	world_free(w);
}

/* Without swap anonymous memory cannot be reclaimed, whatever is asked. */
static void anonymous_pages_need_swap(void **state)
{
	struct world *w = world_new(32, 0);

	(void)state;
	world_boot(w);
	for (int i = 0; i < 100; i++)
		ask_anon(w);
	assert_int_equal(reclaim_pages(w->mm, -1, 100), 0);
	assert_int_equal(w->nr_lost, 0);
	world_free(w);
}

/*
 * The fault that made it counts as a use: the first time round every page is
 * kept, the second time it goes; swap of 64 pages takes 64 of 100.
 */
static void swap_takes_as_much_as_it_holds(void **state)
{
	struct world *w = world_new(32, 0);
	struct alloc_request again = {
		.gfp = GFP_HIGHUSER_MOVABLE, .lru = LRU_ANON, .migratable = true, .owner = 1
	};

	(void)state;
	w->t.layout.swap = 64 * 4 * KIB;
	world_boot(w);
	for (int i = 0; i < 100; i++)
		ask_anon(w);
	reclaim_pages(w->mm, 0, 1000);
	reclaim_pages(w->mm, 0, 1000);
	assert_int_equal(w->nr_lost, 64);
	assert_int_equal(w->mm->nr_swap_pages, 0);
	assert_int_equal(w->mm->vm_events[PSWPOUT], 64);
	assert_int_equal(w->owners[1].holding, SWAPPED);

	w->owners[1].pfn = fault_in(w->mm, &again, w->owners[1].shadow);
	assert_int_not_equal(w->owners[1].pfn, PFN_NONE);
	w->owners[1].holding = RESIDENT;
	swap_free(w->mm, 0);
	assert_int_equal(w->mm->nr_swap_pages, 1);
	assert_int_equal(w->mm->vm_events[PSWPIN], 1);
	assert_int_equal(w->mm->nodes[0].vm_stat[WORKINGSET_REFAULT_ANON], 1);
	assert_true(page_of(w, 1)->flags & PG_LRU && page_of(w, 1)->flags & PG_ANON);
	for (uint32_t n = 1; n <= 100; n++)
		give_back(w, n);
	assert_int_equal(w->mm->nr_swap_pages, 64);
	world_free(w);
}

/* A page touched on its way down the inactive list becomes active; the others go. */
static void a_touch_is_a_second_chance(void **state)
{
	struct world *w = world_new(32, 4);

	(void)state;
	world_boot(w);
	for (int i = 0; i < 32; i++)
		ask_anon(w);
	/* the first look at priority 5 or below meets them all: everybody was touched by the fault */
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_ANON], 32);
	reclaim_pages(w->mm, 0, 1);
	assert_int_not_equal(w->nr_lost, 0);
	for (uint32_t n = 1; n <= 32; n++)
		if (w->owners[n].holding == RESIDENT)
			page_touch(w->mm, w->owners[n].pfn);
	w->nr_lost = 0;
	reclaim_pages(w->mm, 0, 1);
	for (uint32_t n = 1; n <= 32; n++)
		if (w->owners[n].holding == RESIDENT)
			assert_true(page_of(w, n)->flags & (PG_ACTIVE | PG_REFERENCED));
	world_free(w);
}

/* Dirty file pages are set aside, written by the flusher, and the first to go after that. */
static void dirty_pages_are_written_first(void **state)
{
	struct world *w = world_new(32, 0);

	(void)state;
	world_boot(w);
	for (int i = 0; i < 16; i++)
		page_set_dirty(w->mm, w->owners[ask_file(w)].pfn);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], 16);
	assert_int_equal(reclaim_pages(w->mm, 0, 16), 16);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_WRITTEN], 16);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_VMSCAN_WRITE], 0);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], 0);
	assert_true(w->mm->vm_events[PGROTATED] > 0);
	world_free(w);
}

static void pinned_pages_stay(void **state)
{
	struct world *w = world_new(32, 4);
	struct alloc_request req = { .gfp = GFP_HIGHUSER_MOVABLE, .owner = 1 };

	(void)state;
	world_boot(w);
	w->nr_owners = 2;
	for (uint32_t n = 1; n <= 2; n++) {
		req.owner = n;
		req.lru = n == 1 ? LRU_ANON : LRU_FILE;
		w->owners[n] = (struct owner){ .holding = RESIDENT,
					       .pfn = alloc_pages(w->mm, &req),
					       .lru = req.lru };
	}
	assert_int_equal(reclaim_pages(w->mm, 0, 100), 0);
	assert_int_equal(w->nr_lost, 0);
	world_free(w);
}

/* Plenty of inactive file pages: anonymous ones are left alone (cache_trim_mode). */
static void file_pages_go_before_anonymous_ones(void **state)
{
	struct world *w = world_new(64, 16);

	(void)state;
	world_boot(w);
	for (int i = 0; i < 2000; i++)
		ask_anon(w);
	for (int i = 0; i < 8192; i++)
		ask_file(w);
	assert_true(reclaim_pages(w->mm, 0, 200) >= 200);
	assert_int_equal(w->mm->vm_events[PSWPOUT], 0);
	assert_int_equal(w->mm->vm_events[PGSCAN_ANON], 0);
	world_free(w);
}

/* A request that cannot use HighMem does not reclaim there; the pages it passes go to the list's head. */
static void lower_requests_spare_higher_zones(void **state)
{
	struct world *w = world_new(0, 0);
	struct zone *high;
	uint32_t in_normal, in_high;

	(void)state;
	w->t.layout.nr_zones = 0;
	w->t.nodes[0].nr_memory = 0;
	test_zone(&w->t, ZONE_NORMAL, 32 * MIB);
	test_zone(&w->t, ZONE_HIGHMEM, 0);
	test_memory(&w->t, 0, 0, 64 * MIB);
	world_boot(w);
	high = test_find_zone(w->mm, 0, ZONE_HIGHMEM);
	in_high = ask_file(w);
	assert_int_equal(page_of(w, in_high)->zone, high->id);
	while ((in_normal = ask(w, 0, GFP_KERNEL & ~(gfp_t)__GFP_DIRECT_RECLAIM, LRU_FILE)) &&
	       nr_free(w) > 20)
		;
	w->nr_lost = 0;
	/* goes through direct reclaim: nobody ran kswapd */
	for (int i = 0; i < 50; i++)
		assert_int_not_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_true(w->nr_lost > 0);
	assert_int_equal(w->owners[in_high].holding, RESIDENT);
	assert_true(w->mm->vm_zone_events[PGSCAN_SKIP][high->index] > 0);
	world_free(w);
}

/* ------------------------------------------------------- direct reclaim --- */

/* A request that may wait gets its page out of the page cache; one that may not is refused in the end. */
static void requests_reclaim_for_themselves(void **state)
{
	struct world *w = world_new(32, 0);

	(void)state;
	world_boot(w);
	while (ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_RECLAIM, LRU_FILE))
		;
	assert_int_equal(ask(w, 0, GFP_NOWAIT & ~(gfp_t)__GFP_KSWAPD_RECLAIM, LRU_NONE), 0);
	assert_int_equal(w->nr_lost, 0);
	assert_int_not_equal(ask(w, 0, GFP_KERNEL, LRU_NONE), 0);
	assert_true(w->nr_lost > 0);
	world_free(w);
}

/* Reclaim frees single pages in the order it took them: a block of order 2 may need several passes. */
static void larger_orders_are_reclaimed_for(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t block;

	(void)state;
	world_boot(w);
	while (ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_RECLAIM, LRU_FILE))
		;
	block = ask(w, 2, GFP_HIGHUSER_MOVABLE, LRU_ANON);
	assert_int_not_equal(block, 0);
	assert_int_equal(w->owners[block].pfn & 3, 0);
	world_free(w);
}

/* While more than an eighth of the inactive pages are held by others, a request takes none of the rest. */
static void reclaim_leaves_pages_to_those_who_hold_many(void **state)
{
	struct world *w = world_new(32, 0);
	long *isolated;

	(void)state;
	world_boot(w);
	isolated = &w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE];
	for (int i = 0; i < 100; i++)
		assert_int_not_equal(ask_file(w), 0);
	*isolated = 100 / 8 + 1;
	assert_int_equal(reclaim_pages(w->mm, -1, 32), 0);
	*isolated = 100 / 8;
	assert_true(reclaim_pages(w->mm, -1, 32) > 0);
	*isolated = 0;
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reclaim_leaves_pages_to_those_who_hold_many),
		cmocka_unit_test(clean_file_pages_are_dropped_oldest_first),
		cmocka_unit_test(anonymous_pages_need_swap),
		cmocka_unit_test(swap_takes_as_much_as_it_holds),
		cmocka_unit_test(a_touch_is_a_second_chance),
		cmocka_unit_test(dirty_pages_are_written_first),
		cmocka_unit_test(pinned_pages_stay),
		cmocka_unit_test(file_pages_go_before_anonymous_ones),
		cmocka_unit_test(lower_requests_spare_higher_zones),
		cmocka_unit_test(requests_reclaim_for_themselves),
		cmocka_unit_test(larger_orders_are_reclaimed_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
