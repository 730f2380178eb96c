/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Getting pages back: LRU lists, reclaim, kswapd, the OOM killer. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buddyviz/compaction.h"
#include "buddyviz/state.h"
#include "buddyviz/vmscan.h"
#include "machine.h"
#include "../src/mm/internal.h"

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
	long adj[4];                  /* oom_score_adj of processes 0..3 */
	int killed;                   /* the last process that was, -1: none */
	unsigned long inactive_scans; /* events heard */
};

static void page_reclaimed(void *arg, const struct reclaimed_page *page)
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

static void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;

	assert_int_equal(w->owners[owner].pfn, from);
	w->owners[owner].pfn = to;
}

static void give_back(struct world *w, uint32_t owner)
{
	struct owner *o = &w->owners[owner];

	if (o->holding == RESIDENT)
		assert_int_equal(free_pages(w->mm, 0, o->pfn, o->order, false, NULL), 0);
	else if (o->holding == SWAPPED)
		swap_free(w->mm, o->order);
	o->holding = NOTHING;
}

/* Processes 1..3 may be killed. */
static bool oom_candidate(void *arg, size_t i, struct oom_candidate *c)
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

static void oom_kill(void *arg, size_t i)
{
	struct world *w = arg;

	w->killed = (int)i + 1;
	for (uint32_t n = 1; n <= w->nr_owners; n++)
		if (w->owners[n].process == w->killed)
			give_back(w, n);
}

/* One Normal zone of mib MiB with swap MiB of swap, without page sets. */
static struct world *world_new(uint64_t mib, uint64_t swap)
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

static void world_boot(struct world *w)
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

static void world_free(struct world *w)
{
	assert_int_equal(mm_check(w->mm, stderr), 0);
	mm_free(w->mm);
	free(w);
}

static struct zone *normal(struct world *w)
{
	return test_find_zone(w->mm, 0, ZONE_NORMAL);
}

static long nr_free(struct world *w)
{
	return zone_page_state_snapshot(normal(w), w->mm, NR_FREE_PAGES);
}

/* A new owner asks for a block; 0 if it gets none. */
static uint32_t ask(struct world *w, unsigned int order, gfp_t gfp, enum lru_use lru)
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

static uint32_t ask_file(struct world *w)
{
	return ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_FILE);
}

static uint32_t ask_anon(struct world *w)
{
	return ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_ANON);
}

static const struct page *page_of(struct world *w, uint32_t owner)
{
	return pfn_to_page(w->mm, w->owners[owner].pfn);
}

/* Pages without direct reclaim until free is left, of a kind. */
static void fill(struct world *w, enum lru_use lru, long free)
{
	while (nr_free(w) > free)
		assert_int_not_equal(ask(w, 0, GFP_HIGHUSER_MOVABLE & ~(gfp_t)__GFP_DIRECT_RECLAIM, lru), 0);
}

/* Nth owner from the head of a list. */
static uint32_t nth(struct world *w, enum lru_list lru, unsigned int n)
{
	uint32_t pfn = w->mm->nodes[0].lruvec.lists[lru].head;

	while (n--)
		pfn = w->mm->memmap[pfn].next;
	return w->mm->memmap[pfn].private;
}

/* -------------------------------------------------------------- lists --- */

static void new_pages_are_inactive(void **state)
{
	struct world *w = world_new(32, 4);
	uint32_t a, b, f, big;

	(void)state;
	world_boot(w);
	a = ask_anon(w);
	b = ask_anon(w);
	f = ask_file(w);
	big = ask(w, 3, GFP_HIGHUSER_MOVABLE, LRU_FILE);
	ask(w, 0, GFP_KERNEL, LRU_NONE);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 0), b);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 1), a);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), big);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 1), f);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_ANON], 2);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_FILE], 9);
	assert_int_equal(zone_page_state_snapshot(normal(w), w->mm, NR_ZONE_INACTIVE_FILE), 9);
	give_back(w, a);
	give_back(w, big);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 0), b);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_FILE], 1);
	world_free(w);
}

/* inactive,referenced -> active,unreferenced -> active,referenced (folio_mark_accessed) */
static void a_file_page_read_twice_is_active(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_REFERENCED);
	page_touch(w->mm, w->owners[f].pfn);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_ACTIVE);
	page_touch(w->mm, w->owners[f].pfn);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_ACTIVE | PG_REFERENCED);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ACTIVE_FILE], 1);
	assert_int_equal(w->mm->vm_events[PGACTIVATE], 1);
	world_free(w);
}

static void isolated_pages_come_back(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f, g;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	g = ask_file(w);
	assert_true(lru_isolate(w->mm, w->owners[f].pfn));
	assert_false(lru_isolate(w->mm, w->owners[f].pfn));
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), g);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 1);
	lru_putback(w->mm, w->owners[f].pfn);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), f);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 0);
	world_free(w);
}

/* What compaction does with a page: its state goes along, and the dirty count stays right. */
static void migration_takes_the_state_along(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f, to;
	unsigned long from;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	to = ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_NONE);
	from = w->owners[f].pfn;
	page_set_dirty(w->mm, from);
	page_touch(w->mm, from);
	assert_true(lru_isolate(w->mm, from));
	lru_migrate(w->mm, from, w->owners[to].pfn);
	lru_putback(w->mm, w->owners[to].pfn);
	assert_int_equal(free_pages(w->mm, 0, from, 0, false, NULL), 0);
	assert_int_equal(page_of(w, to)->flags & (PG_LRU | PG_ACTIVE | PG_DIRTY),
			 PG_LRU | PG_ACTIVE | PG_DIRTY);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], 1);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_DIRTIED], 1);
	world_free(w);
}

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

/* -------------------------------------------------------------- kswapd --- */

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

/* ------------------------------------------------------------------ OOM --- */

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

/* ------------------------------------------------------------- property --- */

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
		cmocka_unit_test(new_pages_are_inactive),
		cmocka_unit_test(a_file_page_read_twice_is_active),
		cmocka_unit_test(isolated_pages_come_back),
		cmocka_unit_test(migration_takes_the_state_along),
		cmocka_unit_test(clean_file_pages_are_dropped_oldest_first),
		cmocka_unit_test(anonymous_pages_need_swap),
		cmocka_unit_test(swap_takes_as_much_as_it_holds),
		cmocka_unit_test(a_touch_is_a_second_chance),
		cmocka_unit_test(dirty_pages_are_written_first),
		cmocka_unit_test(pinned_pages_stay),
		cmocka_unit_test(file_pages_go_before_anonymous_ones),
		cmocka_unit_test(lower_requests_spare_higher_zones),
		cmocka_unit_test(kswapd_keeps_the_watermarks),
		cmocka_unit_test(kswapd_gives_up),
		cmocka_unit_test(kswapd_ends_a_boost),
		cmocka_unit_test(requests_reclaim_for_themselves),
		cmocka_unit_test(larger_orders_are_reclaimed_for),
		cmocka_unit_test(the_largest_process_is_killed),
		cmocka_unit_test(oom_score_adj_decides),
		cmocka_unit_test(nobody_is_killed_where_it_would_not_help),
		cmocka_unit_test(random_worlds_stay_whole),
		cmocka_unit_test(state_holds_the_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
