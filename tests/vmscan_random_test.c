/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random requests under reclaim: every page stays somewhere and its owner knows
 * where, and a machine put into the state of another has its LRU lists.
 */
#include "config.h"

#include "buddyviz/state.h"
#include "vmscan_world.h"

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* One random thing; owners that lost their page fault it in again when touched. */
static void random_step(struct world *w, uint64_t *seed)
{
	static const enum lru_use uses[] = { LRU_NONE, LRU_ANON, LRU_FILE, LRU_FILE };
	uint32_t r = next_random(seed) % 100, n = w->nr_owners ? 1 + next_random(seed) % w->nr_owners : 0;
	struct owner *o = &w->owners[n];

	if (r < 45 || !n) {
		enum lru_use lru = uses[next_random(seed) % 4];
		uint32_t got;

		got = ask(w, next_random(seed) % 8 ? 0 : next_random(seed) % 4,
			  lru == LRU_NONE ? GFP_KERNEL : GFP_HIGHUSER_MOVABLE, lru);
		if (got)
			w->owners[got].process = 1 + (int)(next_random(seed) % 3);
	} else if (r < 60) {
		give_back(w, n);
	} else if (r < 85 && o->holding == RESIDENT) {
		page_touch(w->mm, o->pfn);
	} else if (r < 85 && (o->holding == SWAPPED || o->holding == DROPPED)) {
		struct alloc_request req = { .gfp = GFP_HIGHUSER_MOVABLE,
					     .order = o->order,
					     .lru = o->lru,
					     .migratable = true,
					     .owner = n };
		unsigned long pfn = fault_in(w->mm, &req, o->shadow);

		if (pfn != PFN_NONE && o->holding == NOTHING) {
			free_pages(w->mm, 0, pfn, o->order, false, NULL); /* its process was killed for it */
		} else if (pfn != PFN_NONE) {
			if (o->holding == SWAPPED)
				swap_free(w->mm, o->order);
			*o = (struct owner){ .holding = RESIDENT,
					     .pfn = pfn,
					     .order = o->order,
					     .lru = o->lru,
					     .process = o->process };
		}
	} else if (r < 93 && o->holding == RESIDENT) {
		page_set_dirty(w->mm, o->pfn);
	} else if (r < 97) {
		kswapd_run(w->mm);
	} else if (r < 98) {
		reclaim_pages(w->mm, -1, next_random(seed) % 200);
	} else {
		drain_pages(w->mm, -1, NULL);
	}
}

/* Every page is somewhere, and its owner knows where. */
static void check_world(struct world *w)
{
	long held = 0, swapped = 0, idle = 0;
	const struct zone *zone = normal(w);

	assert_int_equal(mm_check(w->mm, stderr), 0);
	for (uint32_t n = 1; n <= w->nr_owners; n++) {
		const struct owner *o = &w->owners[n];

		if (o->holding == SWAPPED)
			swapped += 1L << o->order;
		if (o->holding != RESIDENT)
			continue;
		held += 1L << o->order;
		assert_int_equal(page_of(w, n)->private, n);
		assert_int_equal(page_of(w, n)->flags & (PG_USED | PG_ORDER_MASK), PG_USED | o->order);
	}
	for (unsigned int cpu = 0; cpu < w->mm->nr_cpus; cpu++)
		idle += zone->pcp[cpu].count;
	assert_int_equal(held + idle + zone_page_state_snapshot(zone, w->mm, NR_FREE_PAGES),
			 zone->managed_pages);
	assert_int_equal(swapped + (long)w->mm->nr_swap_pages, w->mm->total_swap_pages);
}

static void random_worlds_stay_whole(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 6; round++) {
		struct world *w = world_new(16, round % 3 * 4);
		uint64_t seed = round;

		w->t.layout.features.pcp = round & 1;
		w->t.layout.cpus = 1 + round % 2;
		world_boot(w);
		for (int i = 0; i < 12000; i++) {
			random_step(w, &seed);
			if (i % 64 == 0)
				check_world(w);
		}
		check_world(w);
		assert_true(w->mm->vm_events[PGSTEAL_DIRECT] + w->mm->vm_events[PGSTEAL_KSWAPD] > 0);
		world_free(w);
	}
}

static bool same_lists(const struct mm *a, const struct mm *b)
{
	for (int lru = 0; lru < NR_LRU_LISTS; lru++) {
		uint32_t m = a->nodes[0].lruvec.lists[lru].head, n = b->nodes[0].lruvec.lists[lru].head;

		for (; m == n && m != PFN_NIL; m = a->memmap[m].next, n = b->memmap[n].next)
			if (a->lru_flags[m] != b->lru_flags[n] ||
			    a->memmap[m].identity != b->memmap[n].identity)
				return false;
		if (m != n)
			return false;
	}
	return true;
}

/* A machine put into the state of another has its lists, and goes on as it would have. */
static void state_holds_the_lists(void **arg)
{
	struct world *w = world_new(16, 8), *copy = world_new(16, 8);
	struct mm_state *state;
	uint64_t seed = 5, seed2;

	(void)arg;
	world_boot(w);
	world_boot(copy);
	for (int i = 0; i < 8000; i++)
		random_step(w, &seed);
	state = state_capture(w->mm);
	assert_non_null(state);
	state->allocations = calloc(w->nr_owners, sizeof(*state->allocations));
	state->nr_allocations = 0;
	memcpy(copy->owners, w->owners, sizeof(w->owners));
	copy->nr_owners = w->nr_owners;
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		if (w->owners[n].holding == RESIDENT)
			state->allocations[state->nr_allocations++] = (struct state_allocation){
				.pfn = w->owners[n].pfn,
				.order = w->owners[n].order,
				.flags = page_of(w, n)->flags,
			};
	assert_null(state_apply(copy->mm, state));
	state_free(state);
	for (uint32_t n = 1; n <= w->nr_owners; n++) /* owners keep their numbers */
		if (w->owners[n].holding == RESIDENT)
			pfn_to_page(copy->mm, w->owners[n].pfn)->private = n;
	assert_int_equal(mm_check(copy->mm, stderr), 0);
	assert_true(same_lists(w->mm, copy->mm));
	seed2 = seed;
	for (int i = 0; i < 4000; i++) {
		random_step(w, &seed);
		random_step(copy, &seed2);
	}
	assert_true(same_lists(w->mm, copy->mm));
	assert_memory_equal(w->owners, copy->owners, sizeof(w->owners));
	assert_memory_equal(w->mm->vm_events, copy->mm->vm_events, sizeof(w->mm->vm_events));
	world_free(copy);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_worlds_stay_whole),
		cmocka_unit_test(state_holds_the_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
