/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random requests between compaction, contiguous allocations and isolation: no page is lost or held twice. */
#include "config.h"

#include "compaction_world.h"

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Contiguous ranges that are held, by area. */
struct held {
	unsigned long pfn, count;
};

static void random_step(struct world *w, uint32_t *seed, struct held *held)
{
	static const gfp_t gfps[] = { NO_RECLAIM, NO_RECLAIM | __GFP_COMP, GFP_KERNEL & ~(gfp_t)__GFP_RECLAIM,
				      (gfp_t)DIRECT | __GFP_MOVABLE, (gfp_t)DIRECT };
	uint32_t what = next_random(seed) % 100, which = next_random(seed);
	struct held *h = &held[which % 8];
	unsigned long start = PFN(GIB) + which % 16 * 512;

	if (what < 50) {
		ask(w, next_random(seed) % 4 ? 0 : which % 8, gfps[which % 5],
		    which % 5 < 2 || which % 5 == 3);
	} else if (what < 90) {
		for (int i = 0; i < 8 && w->nr_owners; i++)
			give_back(w, next_random(seed) % w->nr_owners + 1);
	} else if (what < 93) {
		compact(w, which % 2 ? -1 : (int)(which % 9), (enum migrate_mode)(which % 3), NULL);
	} else if (what < 97) {
		if (h->count)
			assert_true(cma_release(w->mm, &w->mm->cma[0], h->pfn, h->count));
		h->count = h->count ? 0 : which % 700 + 1;
		h->pfn = h->count
				 ? cma_alloc(w->mm, &w->mm->cma[0], h->count, which % 6, MAX_OWNERS + 1, NULL)
				 : 0;
		if (h->pfn == PFN_NONE)
			h->count = 0;
	} else if (!isolate_page_range(w->mm, start, start + 512, NULL)) {
		ask(w, 9, NO_RECLAIM, true);
		assert_int_equal(unisolate_page_range(w->mm, start, start + 512), 1);
	}
}

static void random_sessions_lose_no_page(void **state)
{
	(void)state;
	for (uint32_t session = 0; session < 6; session++) {
		struct world *w = world_new(32, 8, session % 2);
		struct held held[8] = { 0 };
		uint32_t seed = 77 + session;
		unsigned long all = nr_free(w), used = 0;

		for (int i = 0; i < 1500; i++) {
			random_step(w, &seed, held);
			assert_int_equal(mm_check(w->mm, stderr), 0);
		}
		check_owners(w);
		for (uint32_t n = 1; n <= w->nr_owners; n++)
			used += w->owners[n].pfn == PFN_NONE ? 0 : 1UL << w->owners[n].order;
		for (int i = 0; i < 8; i++)
			used += held[i].count;
		assert_int_equal(nr_free(w) + used, all);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sessions_lose_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
