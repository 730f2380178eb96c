/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compaction: its scanners, when it is put off, what it does with LRU pages, kcompactd and the score. */
#include "config.h"

#include "compaction_world.h"
#include "../src/mm/internal.h"

static bool out_of_patience(void *arg)
{
	struct world *w = arg;

	return w->polls++ >= w->patience;
}

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

/* Free pages that compaction holds are on no list; who looks them up gets their pageblock's type. */
static void look_at_isolated_pages(void *arg, const struct mm *mm, const struct trace_event *event)
{
	unsigned long *seen = arg;

	for (unsigned long pfn = event->zone->zone_start_pfn; pfn < zone_end_pfn(event->zone); pfn++) {
		struct page_info info;

		if ((pfn_to_page(mm, pfn)->flags & (PG_ISOLATED | PG_USED)) != PG_ISOLATED)
			continue;
		page_lookup(mm, pfn, &info);
		assert_int_equal(info.state, PAGE_FREE);
		assert_int_equal(info.migratetype, pfn_to_pageblock(mm, pfn)->migratetype);
		++*seen;
	}
}

static void isolated_pages_can_be_looked_up(void **state)
{
	struct world *w = world_new(32, 0, false);
	unsigned long seen = 0;
	struct trace_listener listener = { .fn = look_at_isolated_pages,
					   .arg = &seen,
					   .mask = TRACE_BIT(TRACE_MM_COMPACTION_ISOLATE_FREEPAGES) |
						   TRACE_BIT(TRACE_MIGRATE_PAGE) };

	(void)state;
	fragment(w, 4);
	trace_attach(w->mm, &listener);
	compact(w, 6, MIGRATE_SYNC, NULL);
	trace_detach(w->mm, &listener);
	assert_true(seen > 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compaction_makes_large_blocks_of_fragments),
		cmocka_unit_test(compacting_twice_moves_nothing_more),
		cmocka_unit_test(a_pinned_page_stays_and_spoils_its_block),
		cmocka_unit_test(isolated_pages_can_be_looked_up),
		cmocka_unit_test(an_order_is_enough),
		cmocka_unit_test(compaction_of_a_whole_machine_is_needless),
		cmocka_unit_test(an_interrupt_leaves_the_machine_whole),
		cmocka_unit_test(a_request_compacts_for_itself),
		cmocka_unit_test(failure_defers),
		cmocka_unit_test(lru_pages_move_with_their_state),
		cmocka_unit_test(kcompactd_works_when_it_is_woken),
		cmocka_unit_test(the_score_says_when_to_compact_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
