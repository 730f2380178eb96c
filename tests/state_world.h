/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of save and load: a machine on which operations of every kind
 * happen at random, and the same again from the same seed.
 */
#ifndef BUDDYVIZ_TESTS_STATE_WORLD_H
#define BUDDYVIZ_TESTS_STATE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buddyviz/compaction.h"
#include "buddyviz/layout.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/sysctl.h"
#include "buddyviz/vmscan.h"

#define NR_SLOTS 3000

/* A machine, what is held of it, and the generator of what happens next. */
struct world {
	struct layout *layout;
	struct mm *mm;
	uint64_t random;
	uint32_t nr_slots; /* in use */
	struct slot {
		unsigned long pfn, count;
		unsigned int order;
		gfp_t gfp;
		enum lru_use lru;
		int cma; /* area, -1: pages */
		unsigned long shadow;
		bool swapped;
	} slots[NR_SLOTS];
};

/* xorshift64*: any will do that is the same everywhere */
static inline uint32_t below(struct world *w, uint32_t n)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (uint32_t)((w->random * 0x2545f4914f6cdd1dull >> 33) % n);
}

static inline void on_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;

	if (owner && w->slots[owner - 1].pfn == from)
		w->slots[owner - 1].pfn = to;
}

static inline void on_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct slot *slot = &((struct world *)arg)->slots[page->owner - 1];

	slot->pfn = PFN_NONE;
	slot->shadow = page->shadow;
	slot->swapped = page->how == RECLAIM_SWAPPED;
}

static inline void hear(struct world *w)
{
	w->mm->page_moved = on_moved;
	w->mm->page_reclaimed = on_reclaimed;
	w->mm->page_moved_arg = w->mm->page_reclaimed_arg = w;
}

/* A booted machine of the layout, which it owns, with nothing held of it. */
static inline struct world *world_new(struct layout *layout, uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_non_null(layout);
	w->layout = layout;
	w->nr_slots = NR_SLOTS;
	w->random = seed * 0x9e3779b97f4a7c15ull + 1;
	w->mm = mm_new(layout);
	assert_non_null(w->mm);
	assert_null(mm_boot(w->mm));
	hear(w);
	for (int i = 0; i < NR_SLOTS; i++)
		w->slots[i].pfn = PFN_NONE;
	return w;
}

static inline void world_free(struct world *w)
{
	mm_free(w->mm);
	layout_free(w->layout);
	free(w);
}

static inline unsigned int small_order(struct world *w)
{
	unsigned int order = 0;

	while (order < w->mm->max_order && below(w, 5) < 2)
		order++;
	return order;
}

static inline unsigned long take(struct world *w, uint32_t n)
{
	static const gfp_t words[] = {
		GFP_KERNEL,
		GFP_KERNEL,
		GFP_HIGHUSER_MOVABLE,
		GFP_HIGHUSER_MOVABLE,
		GFP_HIGHUSER,
		GFP_NOWAIT,
		GFP_ATOMIC,
		GFP_KERNEL | __GFP_RECLAIMABLE,
		GFP_DMA32,
		GFP_ATOMIC,
		GFP_KERNEL | __GFP_THISNODE,
		GFP_KERNEL | __GFP_COMP,
		GFP_TRANSHUGE,
		GFP_NOFS | __GFP_NORETRY,
	};
	struct slot *slot = &w->slots[n];
	struct alloc_request req = { .gfp = words[below(w, sizeof(words) / sizeof(*words))],
				     .order = small_order(w),
				     .node = (int)below(w, w->mm->nr_nodes),
				     .cpu = below(w, w->mm->nr_cpus),
				     .cold = below(w, 8) == 0,
				     .owner = n + 1 };

	req.migratable = req.gfp & __GFP_MOVABLE && below(w, 4);
	if (req.migratable && below(w, 2)) {
		req.lru = 1 + below(w, 2);
		req.order = below(w, 3);
	}
	if (alloc_request_error(w->mm, &req))
		return PFN_NONE;
	*slot = (struct slot){
		.order = req.order, .gfp = req.gfp, .lru = req.lru, .cma = -1, .pfn = PFN_NONE
	};
	return slot->pfn = alloc_pages(w->mm, &req);
}

static inline unsigned long take_cma(struct world *w, uint32_t n)
{
	struct slot *slot = &w->slots[n];

	if (!w->mm->nr_cma)
		return PFN_NONE;
	*slot = (struct slot){ .count = 1 + below(w, 40),
			       .cma = (int)below(w, w->mm->nr_cma),
			       .gfp = GFP_KERNEL };
	return slot->pfn = cma_alloc(w->mm, &w->mm->cma[slot->cma], slot->count, 0, n + 1, NULL);
}

static inline unsigned long give(struct world *w, uint32_t n)
{
	struct slot *slot = &w->slots[n];
	struct free_result result = { 0 };

	if (slot->cma >= 0)
		assert_true(cma_release(w->mm, &w->mm->cma[slot->cma], slot->pfn, slot->count));
	else
		assert_int_equal(free_pages(w->mm, below(w, w->mm->nr_cpus), slot->pfn, slot->order,
					    below(w, 8) == 0, &result),
				 0);
	slot->pfn = PFN_NONE;
	return result.merged;
}

static inline void settings(struct world *w)
{
	static const struct {
		const char *name;
		unsigned long value[2];
	} some[] = { { "min_free_kbytes", { 500, 2000 } },
		     { "watermark_scale_factor", { 10, 60 } },
		     { "lowmem_reserve_ratio.DMA32", { 256, 32 } },
		     { "lowmem_reserve_ratio.Normal", { 32, 8 } },
		     { "percpu_pagelist_high_fraction", { 0, 64 } },
		     { "watermark_boost_factor", { 15000, 0 } },
		     { "extfrag_threshold", { 500, 200 } },
		     { "pcp", { 1, 0 } },
		     { "group_by_mobility", { 1, 0 } } };
	uint32_t which = below(w, sizeof(some) / sizeof(*some));

	assert_null(sysctl_set(w->mm, sysctl_find(some[which].name), some[which].value[below(w, 4) == 0]));
}

/* What happens now and then. */
static inline void seldom(struct world *w)
{
	struct compact_request req = {
		.node = (int)below(w, w->mm->nr_nodes), .zone = -1, .order = -1, .mode = MIGRATE_SYNC
	};

	switch (below(w, 5)) {
	case 0:
		drain_pages(w->mm, (int)below(w, w->mm->nr_cpus + 1) - 1, NULL);
		break;
	case 1:
		settings(w);
		break;
	case 2:
		compact_memory(w->mm, &req, NULL);
		break;
	case 3:
		reclaim_pages(w->mm, -1, 1 + below(w, 64));
		break;
	default:
		kcompactd_run(w->mm);
	}
}

/* One operation; returns its answer. */
static inline unsigned long step(struct world *w)
{
	uint32_t n = below(w, w->nr_slots), what = below(w, 1000);
	unsigned long answer = PFN_NONE;

	if (what < 8)
		seldom(w);
	else if (what < 100 && w->slots[n].pfn != PFN_NONE && w->slots[n].lru)
		(what & 1 ? page_touch : page_set_dirty)(w->mm, w->slots[n].pfn);
	else if (w->slots[n].pfn != PFN_NONE)
		answer = give(w, n);
	else if (w->slots[n].swapped)
		w->slots[n].swapped = false, swap_free(w->mm, w->slots[n].order);
	else
		answer = what < 120 ? take_cma(w, n) : take(w, n);
	kswapd_run(w->mm);
	return answer;
}

#endif
