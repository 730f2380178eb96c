/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of what moves pages: a machine, who holds what of it, and
 * whether everybody still has what is his.
 */
#ifndef BUDDYVIZ_TESTS_COMPACTION_WORLD_H
#define BUDDYVIZ_TESTS_COMPACTION_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buddyviz/compaction.h"
#include "buddyviz/vmscan.h"
#include "machine.h"

#define MAX_OWNERS 40000
#define NO_RECLAIM (GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_RECLAIM)
#define DIRECT     (__GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_NORETRY)

struct owner {
	unsigned long pfn; /* PFN_NONE: holds nothing */
	unsigned int order;
	bool pinned;
};

/* A machine and who holds what of it, as a session would keep it. */
struct world {
	struct test_layout t;
	struct mm *mm;
	struct owner owners[MAX_OWNERS + 1];
	uint32_t nr_owners;
	unsigned long moves, upward;   /* pages moved, those of them to a higher PFN */
	unsigned long reclaimed;       /* pages dropped */
	unsigned long polls, patience; /* interrupted() was asked, and says so after patience times */
};

static inline void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;
	struct owner *o = &w->owners[owner];

	assert_int_equal(o->pfn, from);
	assert_false(o->pinned);
	o->pfn = to;
	w->moves += 1UL << o->order;
	w->upward += to > from;
}

static inline void page_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct world *w = arg;

	assert_int_equal(w->owners[page->owner].pfn, page->pfn);
	w->owners[page->owner].pfn = PFN_NONE;
	w->reclaimed++;
}

/* One Normal zone of mib MiB from 1 GiB on, perhaps with a CMA area of its upper cma MiB. */
static inline struct world *world_new(uint64_t mib, uint64_t cma, bool pcp)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	test_layout_init(&w->t);
	test_zone(&w->t, ZONE_NORMAL, 0);
	test_memory(&w->t, 0, GIB, mib * MIB);
	if (cma)
		test_cma(&w->t, "area", GIB + (mib - cma) * MIB, cma * MIB);
	w->t.layout.features.pcp = pcp;
	w->t.layout.features.group_by_mobility = SWITCH_ON;
	w->t.layout.sysctl.compaction_proactiveness = 20;
	w->mm = test_boot(&w->t);
	w->mm->page_moved = page_moved;
	w->mm->page_moved_arg = w;
	w->mm->page_reclaimed = page_reclaimed;
	w->mm->page_reclaimed_arg = w;
	return w;
}

static inline struct zone *normal(struct world *w)
{
	return test_find_zone(w->mm, 0, ZONE_NORMAL);
}

/* Every owner's block is where he thinks it is, and nobody else's. */
static inline void check_owners(struct world *w)
{
	for (uint32_t n = 1; n <= w->nr_owners; n++) {
		const struct owner *o = &w->owners[n];
		struct page_info info;

		if (o->pfn == PFN_NONE)
			continue;
		page_lookup(w->mm, o->pfn, &info);
		assert_int_equal(info.state, PAGE_USED);
		assert_int_equal(info.head, o->pfn);
		assert_int_equal(info.order, o->order);
		assert_int_equal(info.page->private, n);
	}
}

static inline void check_world(struct world *w)
{
	assert_int_equal(mm_check(w->mm, stderr), 0);
	check_owners(w);
}

static inline void world_free(struct world *w)
{
	check_world(w);
	mm_free(w->mm);
	free(w);
}

/* Free pages, those in page sets too: nothing else may change them than requests and frees. */
static inline unsigned long nr_free(struct world *w)
{
	unsigned long pages = 0;

	for (unsigned int order = 0; order <= w->mm->max_order; order++)
		pages += free_area_nr(&normal(w)->free_area[order]) << order;
	for (unsigned int cpu = 0; cpu < w->mm->nr_cpus; cpu++)
		pages += (unsigned long)normal(w)->pcp[cpu].count;
	return pages;
}

/* A new owner asks; 0 if he gets nothing. */
static inline uint32_t ask_as(struct world *w, const struct alloc_request *as)
{
	struct alloc_request req = *as;
	unsigned long pfn;

	assert_true(w->nr_owners < MAX_OWNERS);
	req.owner = w->nr_owners + 1;
	pfn = alloc_pages(w->mm, &req);
	if (pfn == PFN_NONE)
		return 0;
	w->owners[++w->nr_owners] = (struct owner){ pfn, req.order, !req.migratable };
	return w->nr_owners;
}

static inline uint32_t ask(struct world *w, unsigned int order, gfp_t gfp, bool migratable)
{
	return ask_as(w, &(struct alloc_request){ .gfp = gfp, .order = order, .migratable = migratable });
}

static inline void give_back(struct world *w, uint32_t owner)
{
	if (w->owners[owner].pfn == PFN_NONE)
		return;
	assert_int_equal(free_pages(w->mm, 0, w->owners[owner].pfn, w->owners[owner].order, false, NULL), 0);
	w->owners[owner].pfn = PFN_NONE;
}

/* All memory in single movable pages, then every step-th is kept, with what is pinned, and the rest freed. */
static inline void fragment(struct world *w, uint32_t step)
{
	while (ask(w, 0, NO_RECLAIM | __GFP_MEMALLOC, true))
		;
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		if (n % step && !w->owners[n].pinned)
			give_back(w, n);
	drain_pages(w->mm, -1, NULL);
}

static inline enum compact_result compact(struct world *w, int order, enum migrate_mode mode,
					  struct compact_report *report)
{
	struct compact_request req = { .zone = -1, .order = order, .mode = mode };

	return compact_memory(w->mm, &req, report);
}

#endif
