/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of reclaim: a machine, who holds what of it and who lost it,
 * and the processes that the OOM killer may choose from.
 */
#ifndef BUDDYVIZ_TESTS_VMSCAN_WORLD_H
#define BUDDYVIZ_TESTS_VMSCAN_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buddyviz/vmscan.h"
#include "machine.h"

#define MAX_OWNERS 20000

enum holding { NOTHING, RESIDENT, SWAPPED, DROPPED };

struct owner {
	enum holding holding;
	unsigned long pfn, shadow;
	unsigned int order;
	enum lru_use lru;
	int process;
};

/* A machine and who holds what of it, as a session would keep it. */
struct world {
	struct test_layout t;
	struct mm *mm;
	struct owner owners[MAX_OWNERS + 1];
	uint32_t nr_owners;
	uint32_t lost[MAX_OWNERS]; /* owners in the order in which they lost their page */
	size_t nr_lost;
	long adj[4]; /* oom_score_adj of processes 0..3 */
	int killed;  /* the last process that was, -1: none */
};

static inline void page_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct world *w = arg;
	struct owner *o = &w->owners[page->owner];

	assert_int_equal(o->holding, RESIDENT);
	assert_int_equal(o->pfn, page->pfn);
	assert_int_equal(o->order, page->order);
	assert_int_equal(page->how, o->lru == LRU_ANON ? RECLAIM_SWAPPED : RECLAIM_DROPPED);
	o->holding = page->how == RECLAIM_SWAPPED ? SWAPPED : DROPPED;
	o->shadow = page->shadow;
	o->pfn = PFN_NONE;
	if (w->nr_lost < MAX_OWNERS)
		w->lost[w->nr_lost++] = page->owner;
}

static inline void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;

	assert_int_equal(w->owners[owner].pfn, from);
	w->owners[owner].pfn = to;
}

static inline void give_back(struct world *w, uint32_t owner)
{
	struct owner *o = &w->owners[owner];

	if (o->holding == RESIDENT)
		assert_int_equal(free_pages(w->mm, 0, o->pfn, o->order, false, NULL), 0);
	else if (o->holding == SWAPPED)
		swap_free(w->mm, o->order);
	o->holding = NOTHING;
}

/* Processes 1..3 may be killed. */
static inline bool oom_candidate(void *arg, size_t i, struct oom_candidate *c)
{
	static const char *const names[] = { "one", "two", "three" };
	struct world *w = arg;

	if (i >= 3)
		return false;
	*c = (struct oom_candidate){ .name = names[i], .adj = w->adj[i + 1] };
	for (uint32_t n = 1; n <= w->nr_owners; n++) {
		const struct owner *o = &w->owners[n];

		if (o->process != (int)i + 1)
			continue;
		if (o->holding == RESIDENT)
			c->rss += 1UL << o->order;
		else if (o->holding == SWAPPED)
			c->swap += 1UL << o->order;
	}
	if (!c->rss && !c->swap)
		c->adj = -1000;
	return true;
}

static inline void oom_kill(void *arg, size_t i)
{
	struct world *w = arg;

	w->killed = (int)i + 1;
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		if (w->owners[n].process == w->killed)
			give_back(w, n);
}

/* One Normal zone of mib MiB with swap MiB of swap, without page sets. */
static inline struct world *world_new(uint64_t mib, uint64_t swap)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	test_layout_init(&w->t);
	test_zone(&w->t, ZONE_NORMAL, 0);
	test_memory(&w->t, 0, GIB, mib * MIB);
	w->t.layout.swap = swap * MIB;
	w->t.layout.features.pcp = false;
	w->t.layout.sysctl.watermark_boost_factor = 0;
	w->killed = -1;
	return w;
}

static inline void world_boot(struct world *w)
{
	w->mm = test_boot(&w->t);
	w->mm->page_reclaimed = page_reclaimed;
	w->mm->page_reclaimed_arg = w;
	w->mm->page_moved = page_moved;
	w->mm->page_moved_arg = w;
	w->mm->oom_candidate = oom_candidate;
	w->mm->oom_kill = oom_kill;
	w->mm->oom_arg = w;
}

static inline void world_free(struct world *w)
{
	assert_int_equal(mm_check(w->mm, stderr), 0);
	mm_free(w->mm);
	free(w);
}

static inline struct zone *normal(struct world *w)
{
	return test_find_zone(w->mm, 0, ZONE_NORMAL);
}

static inline long nr_free(struct world *w)
{
	return zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES);
}

/* A new owner asks for a block; 0 if it gets none. */
static inline uint32_t ask(struct world *w, unsigned int order, gfp_t gfp, enum lru_use lru)
{
	struct alloc_request req = { .gfp = gfp,
				     .order = order,
				     .lru = lru,
				     .migratable = lru != LRU_NONE,
				     .owner = w->nr_owners + 1 };
	unsigned long pfn = alloc_pages(w->mm, &req);

	if (pfn == PFN_NONE)
		return 0;
	assert_true(w->nr_owners < MAX_OWNERS);
	w->owners[++w->nr_owners] =
		(struct owner){ .holding = RESIDENT, .pfn = pfn, .order = order, .lru = lru };
	return w->nr_owners;
}

static inline uint32_t ask_file(struct world *w)
{
	return ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_FILE);
}

static inline uint32_t ask_anon(struct world *w)
{
	return ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_ANON);
}

static inline const struct page *page_of(struct world *w, uint32_t owner)
{
	return pfn_to_page(w->mm, w->owners[owner].pfn);
}

#endif
