/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moves pages: compaction, contiguous allocation, isolation. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buddyviz/compaction.h"
#include "buddyviz/vmscan.h"
#include "machine.h"
#include "../src/mm/internal.h"

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
	unsigned long moves, upward,
		reclaimed;             /* pages moved, those of them to a higher PFN, pages dropped */
	unsigned long polls, patience; /* interrupted() was asked, and says so after patience times */
};

static void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;
	struct owner *o = &w->owners[owner];

	assert_int_equal(o->pfn, from);
	assert_false(o->pinned);
	o->pfn = to;
	w->moves += 1UL << o->order;
	w->upward += to > from;
}

static void page_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct world *w = arg;

	assert_int_equal(w->owners[page->owner].pfn, page->pfn);
	w->owners[page->owner].pfn = PFN_NONE;
	w->reclaimed++;
}

static bool out_of_patience(void *arg)
{
	struct world *w = arg;

	return w->polls++ >= w->patience;
}

/* One Normal zone of mib MiB from 1 GiB on, perhaps with a CMA area of its upper cma MiB. */
static struct world *world_new(uint64_t mib, uint64_t cma, bool pcp)
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

static struct zone *normal(struct world *w)
{
	return test_find_zone(w->mm, 0, ZONE_NORMAL);
}

/* Every owner's block is where he thinks it is, and nobody else's. */
static void check_owners(struct world *w)
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

static void check_world(struct world *w)
{
	assert_int_equal(mm_check(w->mm, stderr), 0);
	check_owners(w);
}

static void world_free(struct world *w)
{
	check_world(w);
	mm_free(w->mm);
	free(w);
}

/* Free pages, those in page sets too: nothing else may change them than requests and frees. */
static unsigned long nr_free(struct world *w)
{
	unsigned long pages = 0;

	for (unsigned int order = 0; order <= w->mm->max_order; order++)
		pages += free_area_nr(&normal(w)->free_area[order]) << order;
	for (unsigned int cpu = 0; cpu < w->mm->nr_cpus; cpu++)
		pages += (unsigned long)normal(w)->pcp[cpu].count;
	return pages;
}

/* A new owner asks; 0 if he gets nothing. */
static uint32_t ask_as(struct world *w, const struct alloc_request *as)
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

static uint32_t ask(struct world *w, unsigned int order, gfp_t gfp, bool migratable)
{
	return ask_as(w, &(struct alloc_request){ .gfp = gfp, .order = order, .migratable = migratable });
}

static void give_back(struct world *w, uint32_t owner)
{
	if (w->owners[owner].pfn == PFN_NONE)
		return;
	assert_int_equal(free_pages(w->mm, 0, w->owners[owner].pfn, w->owners[owner].order, false, NULL), 0);
	w->owners[owner].pfn = PFN_NONE;
}

/* All memory in single movable pages, then every step-th is kept, with what is pinned, and the rest freed. */
static void fragment(struct world *w, uint32_t step)
{
	while (ask(w, 0, NO_RECLAIM | __GFP_MEMALLOC, true))
		;
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		if (n % step && !w->owners[n].pinned)
			give_back(w, n);
	drain_pages(w->mm, -1, NULL);
}

static enum compact_result compact(struct world *w, int order, enum migrate_mode mode,
				   struct compact_report *report)
{
	struct compact_request req = { .zone = -1, .order = order, .mode = mode };

	return compact_memory(w->mm, &req, report);
}

/* ---------------------------------------------------------- compaction --- */

static void compaction_makes_large_blocks_of_fragments(void **state)
{
	struct world *w = world_new(32, 0, true);
	struct compact_report report;
	unsigned long before;

	(void)state;
	fragment(w, 2);
	before = nr_free(w);
	assert_int_equal(ask(w, 1, NO_RECLAIM, true), 0);
	assert_int_equal(compact(w, -1, MIGRATE_SYNC, &report), COMPACT_COMPLETE);
	check_world(w);
	assert_int_equal(nr_free(w), before);
	assert_true(report.migrated > 0);
	assert_int_equal(report.migrated, w->moves);
	assert_int_equal(w->upward, w->moves); /* the migrate scanner stays below the free scanner */
	assert_int_not_equal(ask(w, 9, NO_RECLAIM, true), 0);
	world_free(w);
}

/* The second run has nothing to do: what was compacted stays where it is. */
static void compacting_twice_moves_nothing_more(void **state)
{
	struct world *w = world_new(32, 0, false);
	struct compact_report report;

	(void)state;
	fragment(w, 2);
	compact(w, -1, MIGRATE_SYNC, NULL);
	compact(w, -1, MIGRATE_SYNC, NULL);
	compact(w, -1, MIGRATE_SYNC, &report);
	assert_in_range(report.migrated, 0, 512);
	world_free(w);
}

static void a_pinned_page_stays_and_spoils_its_block(void **state)
{
	struct world *w = world_new(32, 0, false);
	struct compact_report report;
	uint32_t owner = ask(w, 0, NO_RECLAIM, false);
	unsigned long pinned = w->owners[owner].pfn;

	(void)state;
	fragment(w, 2);
	compact(w, -1, MIGRATE_SYNC, &report);
	assert_int_equal(w->owners[owner].pfn, pinned);
	/* all its neighbours left, and still the pageblock is not free as a whole */
	assert_int_equal(pfn_to_pageblock(w->mm, pinned)->nr_free, 511);
	assert_true(report.unmovable > 0);
	world_free(w);
}

/* With an order, compaction ends as soon as such a block is free. */
static void an_order_is_enough(void **state)
{
	struct world *all = world_new(32, 0, false), *some = world_new(32, 0, false);

	(void)state;
	fragment(all, 3);
	fragment(some, 3);
	compact(all, -1, MIGRATE_SYNC, NULL);
	assert_int_equal(compact(some, 6, MIGRATE_SYNC_LIGHT, NULL), COMPACT_SUCCESS);
	assert_true(some->moves > 0);
	assert_true(some->moves < all->moves);
	assert_int_not_equal(ask(some, 6, NO_RECLAIM, true), 0);
	world_free(all);
	world_free(some);
}

static void compaction_of_a_whole_machine_is_needless(void **state)
{
	struct world *w = world_new(32, 0, false);

	(void)state;
	assert_int_equal(compact(w, 9, MIGRATE_SYNC_LIGHT, NULL), COMPACT_SUCCESS);
	assert_int_equal(w->moves, 0);
	world_free(w);
}

static void an_interrupt_leaves_the_machine_whole(void **state)
{
	struct world *w = world_new(32, 0, true);
	unsigned long moves = 0;

	(void)state;
	fragment(w, 2);
	w->mm->interrupted = out_of_patience;
	w->mm->interrupted_arg = w;
	for (w->patience = 1; w->patience < 200; w->patience += 7) {
		w->polls = 0;
		if (compact(w, -1, MIGRATE_SYNC, NULL) != COMPACT_CONTENDED)
			break;
		check_world(w);
	}
	moves = w->moves;
	assert_true(moves > 0);
	w->mm->interrupted = NULL;
	assert_int_equal(compact(w, -1, MIGRATE_SYNC, NULL), COMPACT_COMPLETE);
	world_free(w);
}

/* A request that may wait compacts for itself; one that may not fails. */
static void a_request_compacts_for_itself(void **state)
{
	struct world *w = world_new(32, 0, true);

	(void)state;
	fragment(w, 2);
	assert_int_equal(ask(w, 5, __GFP_NOWARN, false), 0);
	assert_int_equal(ask(w, 5, (gfp_t)(DIRECT & ~__GFP_IO), false), 0);
	assert_int_equal(w->moves, 0);
	assert_int_not_equal(ask(w, 5, (gfp_t)DIRECT | __GFP_MOVABLE | __GFP_HIGHMEM, true), 0);
	assert_true(w->moves > 0);
	assert_int_equal(normal(w)->compact_considered, 0);
	world_free(w);
}

/* Compaction that fails is put off for twice as many requests each time, and at most 64. */
static void failure_defers(void **state)
{
	struct world *w = world_new(32, 0, false);
	struct zone *zone = normal(w);

	(void)state;
	while (ask(w, 0, NO_RECLAIM | __GFP_MEMALLOC, false))
		;
	for (uint32_t n = 1; n <= w->nr_owners; n += 2)
		give_back(w, n);
	for (int i = 0; i < 600; i++)
		assert_int_equal(ask(w, 2, (gfp_t)DIRECT, false), 0);
	assert_int_equal(zone->compact_defer_shift, 6);
	assert_int_equal(zone->compact_order_failed, 0);
	assert_int_equal(w->moves, 0);
	compaction_defer_reset(w->mm, zone, 2, true);
	assert_int_equal(zone->compact_defer_shift, 0);
	assert_int_equal(zone->compact_order_failed, 3);
	world_free(w);
}

static void lru_pages_move_with_their_state(void **state)
{
	struct world *w = world_new(32, 0, false);
	struct alloc_request req = { .gfp = NO_RECLAIM, .migratable = true };
	const struct pglist_data *node = &w->mm->nodes[0];
	long anon, file;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		req.lru = i % 3 ? LRU_ANON : LRU_FILE;
		assert_int_not_equal(ask_as(w, &req), 0);
	}
	for (uint32_t n = 1; n <= w->nr_owners; n += 2)
		give_back(w, n);
	anon = node->vm_stat[NR_INACTIVE_ANON];
	file = node->vm_stat[NR_INACTIVE_FILE];
	compact(w, -1, MIGRATE_SYNC, NULL);
	assert_true(w->moves > 0);
	assert_int_equal(node->vm_stat[NR_INACTIVE_ANON], anon);
	assert_int_equal(node->vm_stat[NR_INACTIVE_FILE], file);
	assert_int_equal(node->vm_stat[NR_ISOLATED_ANON] + node->vm_stat[NR_ISOLATED_FILE], 0);
	world_free(w);
}

/* ------------------------------------------------------ kcompactd, score --- */

static void kcompactd_works_when_it_is_woken(void **state)
{
	struct world *w = world_new(32, 0, false);
	struct pglist_data *node = &w->mm->nodes[0];

	(void)state;
	wakeup_kcompactd(w->mm, node, 0, 0);
	assert_int_equal(kcompactd_run(w->mm), 0);
	fragment(w, 2);
	wakeup_kcompactd(w->mm, node, 4, normal(w)->index);
	assert_true(node->kcompactd_woken);
	assert_int_equal(kcompactd_run(w->mm), 1);
	assert_false(node->kcompactd_woken);
	assert_int_not_equal(ask(w, 4, NO_RECLAIM, true), 0);
	assert_int_equal(kcompactd_run(w->mm), 0);
	world_free(w);
}

static void the_score_says_when_to_compact_ahead(void **state)
{
	struct world *w = world_new(64, 0, false);
	struct pglist_data *node = &w->mm->nodes[0];

	(void)state;
	assert_in_range(fragmentation_score_node(w->mm, node), 0, 10);
	assert_int_equal(fragmentation_score_high(w->mm), 90);
	assert_int_equal(proactive_compact(w->mm), 0);
	fragment(w, 4);
	assert_in_range(fragmentation_score_node(w->mm, node), 95, 100);
	w->mm->sysctl.compaction_proactiveness = 0;
	assert_int_equal(proactive_compact(w->mm), 0);
	assert_int_equal(w->moves, 0);
	w->mm->sysctl.compaction_proactiveness = 20;
	assert_int_equal(proactive_compact(w->mm), 1);
	assert_in_range(fragmentation_score_node(w->mm, node), 0, 80);
	world_free(w);
}

/* ------------------------------------------------------------------ CMA --- */

static void cma_alloc_pushes_movable_pages_out(void **state)
{
	struct world *w = world_new(64, 16, true);
	struct cma_area *cma = &w->mm->cma[0];
	struct cma_report report;
	unsigned long pfn, before;

	(void)state;
	fragment(w, 4);
	before = nr_free(w);
	pfn = cma_alloc(w->mm, cma, 1000, 8, MAX_OWNERS + 1, &report);
	assert_int_not_equal(pfn, PFN_NONE);
	assert_int_equal(pfn % 256, 0);
	assert_null(report.error);
	assert_int_equal(report.tries, 1);
	assert_true(w->moves > 0);
	assert_int_equal(cma->nr_used, 1000);
	assert_int_equal(nr_free(w), before - 1000);
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_false(w->owners[n].pfn >= pfn && w->owners[n].pfn < pfn + 1000);
	check_world(w);

	assert_false(cma_release(w->mm, cma, pfn + 1, 1000));
	assert_false(cma_release(w->mm, cma, cma->base_pfn - 1, 1));
	assert_true(cma_release(w->mm, cma, pfn, 1000));
	assert_false(cma_release(w->mm, cma, pfn, 1000));
	assert_int_equal(cma->nr_used, 0);
	assert_int_equal(nr_free(w), before);
	assert_int_equal(get_pageblock_migratetype(w->mm, pfn), MIGRATE_CMA);
	world_free(w);
}

static void cma_alloc_goes_round_what_does_not_move(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct cma_area *cma = &w->mm->cma[0];
	struct cma_report report;
	unsigned long pfn;
	uint32_t pinned;

	(void)state;
	/* more than half of what is free lies in the area: movable requests begin there */
	while ((pinned = ask(w, 0, NO_RECLAIM, false)) && w->owners[pinned].pfn < cma->base_pfn)
		;
	assert_int_not_equal(pinned, 0);
	pfn = cma_alloc(w->mm, cma, 512, 9, MAX_OWNERS + 1, &report);
	assert_int_not_equal(pfn, PFN_NONE);
	assert_true(w->owners[pinned].pfn < pfn || w->owners[pinned].pfn >= pfn + 512);
	assert_int_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_non_null(report.error);
	assert_int_equal(cma_alloc(w->mm, cma, cma->count + 1, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_int_equal(cma_alloc(w->mm, cma, 0, 0, MAX_OWNERS + 1, &report), PFN_NONE);
	assert_int_equal(cma->nr_used, 512);
	world_free(w);
}

/* The whole area, then nothing more; page by page and back, it is as it was. */
static void an_area_can_be_used_up(void **state)
{
	struct world *w = world_new(64, 16, true);
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long before = nr_free(w), pfns[64];

	(void)state;
	for (int i = 0; i < 64; i++) {
		pfns[i] = cma_alloc(w->mm, cma, cma->count / 64, 0, MAX_OWNERS + 1, NULL);
		assert_int_not_equal(pfns[i], PFN_NONE);
	}
	assert_int_equal(cma_alloc(w->mm, cma, 1, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	check_world(w);
	for (int i = 63; i >= 0; i--)
		assert_true(cma_release(w->mm, cma, pfns[i], cma->count / 64));
	drain_pages(w->mm, -1, NULL);
	assert_int_equal(nr_free(w), before);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	world_free(w);
}

static void cma_alloc_drops_clean_file_pages_and_moves_dirty_ones(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct alloc_request req = { .gfp = NO_RECLAIM, .migratable = true, .lru = LRU_FILE };
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long clean = 0, dirty = 0;
	uint32_t n;

	(void)state;
	for (int i = 0; i < 12000 && (n = ask_as(w, &req)); i++) {
		bool inside =
			w->owners[n].pfn >= cma->base_pfn && w->owners[n].pfn < cma->base_pfn + cma->count;

		if (i % 3 == 0)
			page_set_dirty(w->mm, w->owners[n].pfn);
		clean += inside && i % 3;
		dirty += inside && i % 3 == 0;
	}
	assert_true(clean && dirty);
	for (n = 1; n <= w->nr_owners; n++)
		if (w->owners[n].pfn < cma->base_pfn)
			give_back(w, n);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	assert_int_equal(w->reclaimed, clean);
	assert_int_equal(w->moves, dirty);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], (long)dirty);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 0);
	world_free(w);
}

/* Large movable blocks are left alone by compaction, and moved out of a contiguous range. */
static void large_blocks_move_for_contiguous_ranges_only(void **state)
{
	struct world *w = world_new(64, 16, false);
	struct cma_area *cma = &w->mm->cma[0];
	unsigned long inside = 0;

	(void)state;
	while (ask(w, 6, NO_RECLAIM | __GFP_COMP, true))
		;
	for (uint32_t n = 1; n <= w->nr_owners; n++) {
		if (w->owners[n].pfn < cma->base_pfn)
			give_back(w, n);
		else
			inside += 64;
	}
	assert_true(inside > 0);
	compact(w, -1, MIGRATE_SYNC, NULL);
	assert_int_equal(w->moves, 0);
	assert_int_not_equal(cma_alloc(w->mm, cma, cma->count, 0, MAX_OWNERS + 1, NULL), PFN_NONE);
	assert_true(w->moves >= inside);
	world_free(w);
}

/* ------------------------------------------------------------ isolation --- */

static void an_isolated_range_is_out_of_reach(void **state)
{
	struct world *w = world_new(32, 0, true);
	unsigned long start = PFN(GIB + 8 * MIB), end = PFN(GIB + 16 * MIB), busy, before;
	long counted;

	(void)state;
	fragment(w, 4);
	before = nr_free(w);
	counted = zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES);
	assert_null(isolate_page_range(w->mm, start, end, &busy));
	check_world(w);
	assert_int_equal(nr_free(w), before);
	assert_true(zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES) < counted);
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_false(w->owners[n].pfn >= start && w->owners[n].pfn < end);
	for (uint32_t n; (n = ask(w, 0, NO_RECLAIM, true));)
		assert_false(w->owners[n].pfn >= start && w->owners[n].pfn < end);
	assert_non_null(isolate_page_range(w->mm, start, end, &busy));

	assert_int_equal(unisolate_page_range(w->mm, start, end), 4);
	assert_int_equal(unisolate_page_range(w->mm, start, end), 0);
	assert_int_equal(normal(w)->nr_isolate_pageblock, 0);
	assert_int_not_equal(ask(w, 9, NO_RECLAIM, true), 0);
	world_free(w);
}

static void isolation_of_an_unmovable_page_is_refused(void **state)
{
	struct world *w = world_new(32, 8, false);
	uint32_t n = ask(w, 0, GFP_KERNEL, false);
	unsigned long start = w->owners[n].pfn & ~511UL, busy, before = nr_free(w);

	(void)state;
	assert_non_null(isolate_page_range(w->mm, start, start + 512, &busy));
	assert_non_null(isolate_page_range(w->mm, start + 1, start + 512, &busy));
	assert_non_null(isolate_page_range(w->mm, start, start, &busy));
	assert_non_null(isolate_page_range(w->mm, 0, 512, &busy));
	assert_non_null(
		isolate_page_range(w->mm, w->mm->cma[0].base_pfn, w->mm->cma[0].base_pfn + 512, &busy));
	assert_int_equal(normal(w)->nr_isolate_pageblock, 0);
	assert_int_equal(nr_free(w), before);
	world_free(w);
}

/* Whole free blocks of two pageblocks are cut where the range begins and ends, and grow together afterwards.
 */
static void isolation_cuts_free_blocks_at_its_borders(void **state)
{
	struct world *w = world_new(32, 0, false);
	unsigned long start = PFN(GIB + 10 * MIB),
		      largest = normal(w)->free_area[10].free_list[MIGRATE_MOVABLE].nr;

	(void)state;
	assert_null(isolate_page_range(w->mm, start, start + 1024, NULL));
	check_world(w);
	assert_int_equal(unisolate_page_range(w->mm, start, start + 1024), 2);
	assert_int_equal(normal(w)->free_area[10].free_list[MIGRATE_MOVABLE].nr, largest);
	world_free(w);
}

/* Offlining sends pages to another node, if there is one. */
static void isolation_empties_to_another_node(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	const struct zone *other;

	(void)state;
	assert_non_null(w);
	test_layout_init(&w->t);
	test_zone(&w->t, ZONE_NORMAL, 0);
	test_memory(&w->t, 0, GIB, 32 * MIB);
	test_memory(&w->t, 1, GIB + 32 * MIB, 32 * MIB);
	w->t.layout.features.group_by_mobility = SWITCH_ON;
	w->mm = test_boot(&w->t);
	w->mm->page_moved = page_moved;
	w->mm->page_moved_arg = w;
	other = test_find_zone(w->mm, 1, ZONE_NORMAL);
	for (int i = 0; i < 300; i++)
		assert_int_not_equal(ask(w, 0, NO_RECLAIM | __GFP_THISNODE, true), 0);
	assert_null(isolate_page_range(w->mm, PFN(GIB), PFN(GIB + 32 * MIB), NULL));
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		assert_ptr_equal(page_zone(w->mm, w->owners[n].pfn), other);
	assert_int_equal(unisolate_page_range(w->mm, PFN(GIB), PFN(GIB + 32 * MIB)), 16);
	world_free(w);
}

/* --------------------------------------------------------------- property --- */

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
		cmocka_unit_test(compaction_makes_large_blocks_of_fragments),
		cmocka_unit_test(compacting_twice_moves_nothing_more),
		cmocka_unit_test(a_pinned_page_stays_and_spoils_its_block),
		cmocka_unit_test(an_order_is_enough),
		cmocka_unit_test(compaction_of_a_whole_machine_is_needless),
		cmocka_unit_test(an_interrupt_leaves_the_machine_whole),
		cmocka_unit_test(a_request_compacts_for_itself),
		cmocka_unit_test(failure_defers),
		cmocka_unit_test(lru_pages_move_with_their_state),
		cmocka_unit_test(kcompactd_works_when_it_is_woken),
		cmocka_unit_test(the_score_says_when_to_compact_ahead),
		cmocka_unit_test(cma_alloc_pushes_movable_pages_out),
		cmocka_unit_test(cma_alloc_goes_round_what_does_not_move),
		cmocka_unit_test(an_area_can_be_used_up),
		cmocka_unit_test(cma_alloc_drops_clean_file_pages_and_moves_dirty_ones),
		cmocka_unit_test(large_blocks_move_for_contiguous_ranges_only),
		cmocka_unit_test(an_isolated_range_is_out_of_reach),
		cmocka_unit_test(isolation_of_an_unmovable_page_is_refused),
		cmocka_unit_test(isolation_cuts_free_blocks_at_its_borders),
		cmocka_unit_test(isolation_empties_to_another_node),
		cmocka_unit_test(random_sessions_lose_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
