/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random requests on small machines of all shapes: the machine is whole after
 * each of them, and two machines that are given the same do the same.
 */
#include "config.h"

#include <stdlib.h>

#include "core.h"
#include "buddyviz/compaction.h"
#include "buddyviz/vmscan.h"

#define MAX_HELD 4096

/* What a run holds of a machine. */
struct held {
	unsigned long pfn, count; /* PFN_NONE: nothing; count: pages of a CMA range, 0: a block */
	unsigned int order;
	struct cma_area *cma;
};

struct run {
	struct mm *mm;
	uint64_t seed;
	unsigned int wave; /* operations until filling turns into emptying */
	struct held held[MAX_HELD];
	unsigned long served, refused, moved, reclaimed;
};

/* xorshift64: any seed but 0 */
static unsigned int draw(struct run *run, unsigned int below)
{
	run->seed ^= run->seed << 13;
	run->seed ^= run->seed >> 7;
	run->seed ^= run->seed << 17;
	return (unsigned int)((run->seed >> 20) % below);
}

static void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct run *run = arg;

	assert_int_equal(run->held[owner - 1].pfn, from);
	run->held[owner - 1].pfn = to;
	run->moved++;
}

static void page_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct run *run = arg;

	assert_int_equal(run->held[page->owner - 1].pfn, page->pfn);
	run->held[page->owner - 1].pfn = PFN_NONE;
	run->reclaimed++;
}

static void run_init(struct run *run, const struct layout *layout, uint64_t seed, unsigned int wave)
{
	run->mm = mm_new(layout);
	assert_non_null(run->mm);
	mm_boot(run->mm);
	run->mm->page_moved = page_moved;
	run->mm->page_reclaimed = page_reclaimed;
	run->mm->page_moved_arg = run->mm->page_reclaimed_arg = run;
	run->seed = seed;
	run->wave = wave;
	run->served = run->refused = run->moved = run->reclaimed = 0;
	for (size_t i = 0; i < MAX_HELD; i++)
		run->held[i] = (struct held){ .pfn = PFN_NONE };
}

static gfp_t draw_gfp(struct run *run)
{
	static const gfp_t words[] = {
		GFP_KERNEL,
		GFP_KERNEL | __GFP_NORETRY,
		GFP_KERNEL | __GFP_COMP,
		GFP_KERNEL | __GFP_RECLAIMABLE,
		GFP_HIGHUSER_MOVABLE,
		GFP_HIGHUSER_MOVABLE | __GFP_NORETRY,
		GFP_USER | __GFP_MOVABLE | __GFP_THISNODE,
		GFP_ATOMIC,
		GFP_ATOMIC | __GFP_NOWARN,
		GFP_NOWAIT,
		GFP_KERNEL | __GFP_DMA,
		GFP_KERNEL | __GFP_DMA32,
		GFP_KERNEL | __GFP_MEMALLOC,
		GFP_KERNEL | __GFP_HIGH,
		GFP_TRANSHUGE_LIGHT,
	};

	return words[draw(run, sizeof(words) / sizeof(words[0]))];
}

static unsigned int draw_order(struct run *run)
{
	unsigned int order = 0, roll = draw(run, 100);

	if (roll >= 55)
		order = 1 + draw(run, 3);
	if (roll >= 85)
		order = draw(run, run->mm->max_order + 1);
	return order <= run->mm->max_order ? order : run->mm->max_order;
}

static void do_alloc(struct run *run, unsigned int slot)
{
	struct held *held = &run->held[slot];
	struct alloc_request req = {
		.gfp = draw_gfp(run),
		.order = draw_order(run),
		.node = (int)draw(run, run->mm->nr_nodes),
		.cpu = draw(run, run->mm->nr_cpus),
		.cold = draw(run, 8) == 0,
		.owner = slot + 1,
	};

	if (req.gfp & __GFP_MOVABLE) {
		req.migratable = draw(run, 4) != 0;
		req.lru = req.migratable && draw(run, 3) == 0 ? LRU_ANON + draw(run, 2) : LRU_NONE;
	}
	assert_null(alloc_request_error(run->mm, &req));
	*held = (struct held){ .order = req.order };
	held->pfn = PFN_NONE; /* reclaim on the way may ask for others' */
	held->pfn = alloc_pages(run->mm, &req);
	if (held->pfn == PFN_NONE)
		run->refused++;
	else
		run->served++;
}

static void do_free(struct run *run, unsigned int slot)
{
	struct held *held = &run->held[slot];

	if (held->cma)
		assert_true(cma_release(run->mm, held->cma, held->pfn, held->count));
	else
		assert_int_equal(free_pages(run->mm, draw(run, run->mm->nr_cpus), held->pfn, held->order,
					    draw(run, 8) == 0, NULL),
				 0);
	*held = (struct held){ .pfn = PFN_NONE };
}

static void do_cma_alloc(struct run *run, unsigned int slot)
{
	struct held *held = &run->held[slot];

	held->cma = &run->mm->cma[draw(run, run->mm->nr_cma)];
	held->count = 1 + draw(run, 200);
	held->pfn = cma_alloc(run->mm, held->cma, held->count, draw(run, 4), slot + 1, NULL);
	if (held->pfn == PFN_NONE)
		*held = (struct held){ .pfn = PFN_NONE };
}

static void do_compact(struct run *run)
{
	struct compact_request req = { .node = (int)draw(run, run->mm->nr_nodes),
				       .zone = -1,
				       .order = -1,
				       .mode = MIGRATE_SYNC,
				       .cpu = draw(run, run->mm->nr_cpus) };

	compact_memory(run->mm, &req, NULL);
}

/* One operation: memory fills up and empties again, in waves. */
static void step(struct run *run, unsigned int i)
{
	unsigned int slot = draw(run, MAX_HELD), roll = draw(run, 1000),
		     filling = i / run->wave % 2 ? 200 : 800;

	if (roll < 4)
		drain_pages(run->mm, (int)draw(run, run->mm->nr_cpus + 1) - 1, NULL);
	else if (roll < 6)
		do_compact(run);
	else if (roll < 8)
		kswapd_run(run->mm);
	else if (run->mm->nr_cma && roll < 30 && run->held[slot].pfn == PFN_NONE)
		do_cma_alloc(run, slot);
	else if (roll < filling && run->held[slot].pfn == PFN_NONE)
		do_alloc(run, slot);
	else {
		/* the next one that holds something, if there is one */
		for (unsigned int n = 0; n < MAX_HELD && run->held[slot].pfn == PFN_NONE; n++)
			slot = (slot + 1) % MAX_HELD;
		if (run->held[slot].pfn != PFN_NONE)
			do_free(run, slot);
	}
}

/* All memory comes back: nothing is lost, and what boot had is whole again. */
static void free_all(struct run *run)
{
	struct mm *mm = run->mm;

	for (unsigned int slot = 0; slot < MAX_HELD; slot++)
		if (run->held[slot].pfn != PFN_NONE)
			do_free(run, slot);
	drain_pages(mm, -1, NULL);
	assert_int_equal(mm_check(mm, stderr), 0);
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		assert_int_equal(zone_page_state_snapshot(mm->zones[i], mm, NR_FREE_PAGES),
				 mm->zones[i]->managed_pages);
}

/* ops operations on a machine, looked at every so often; then back to where it began. */
static void run_checked(const struct layout *layout, unsigned int ops, unsigned int every)
{
	struct run *run = malloc(sizeof(*run));

	assert_non_null(run);
	run_init(run, layout, 0x6275646479, ops / 5);
	for (unsigned int i = 0; i < ops; i++) {
		step(run, i);
		if (i % every == every - 1)
			assert_int_equal(mm_check(run->mm, stderr), 0);
	}
	assert_true(run->served > ops / 8);
	free_all(run);
	mm_free(run->mm);
	free(run);
}

/* ------------------------------------------------------------- shapes --- */

static void shape_tiny(struct test_layout *t)
{
	tiny_layout(t, 64, 3);
}

static void shape_page_sets(struct test_layout *t)
{
	test_one_zone(t, 16 * MIB);
	t->layout.cpus = 3;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.swap = MIB;
}

static void shape_two_nodes(struct test_layout *t)
{
	test_layout_init(t);
	t->layout.cpus = 4;
	t->layout.features.group_by_mobility = SWITCH_ON;
	test_zone(t, ZONE_DMA, 4 * MIB);
	test_zone(t, ZONE_DMA32, 12 * MIB);
	test_zone(t, ZONE_NORMAL, 0);
	test_memory(t, 0, 0, 16 * MIB);
	test_memory(t, 1, 16 * MIB, 16 * MIB);
	t->layout.movablecore = 4 * MIB;
}

/* Zones that meet inside pageblocks, holes that begin and end inside them, pages reserved here and there. */
static void shape_odd_borders(struct test_layout *t)
{
	test_layout_init(t);
	t->layout.cpus = 2;
	t->layout.features.group_by_mobility = SWITCH_ON;
	test_zone(t, ZONE_DMA, 5 * MIB + 100 * 4 * KIB);
	test_zone(t, ZONE_NORMAL, 17 * MIB + 36 * KIB);
	test_zone(t, ZONE_HIGHMEM, 0);
	test_memory(t, 0, 12 * KIB, 9 * MIB);
	test_memory(t, 0, 10 * MIB + 4 * KIB, 13 * MIB + 64 * KIB);
	test_reserve(t, "kernel", MIB + 4 * KIB, 300 * KIB);
	test_reserve(t, "initrd", 12 * MIB + 8 * KIB, 99 * 4 * KIB)->freed_after_boot = true;
	test_reserve(t, "firmware", 20 * MIB + 40 * KIB, 60 * KIB)->no_map = true;
}

static void shape_cma(struct test_layout *t)
{
	test_one_zone(t, 32 * MIB);
	t->layout.cpus = 2;
	t->layout.features.group_by_mobility = SWITCH_ON;
	test_cma(t, "large", 8 * MIB, 14 * MIB);
	test_cma(t, "small", 28 * MIB, 2 * MIB);
}

/* Grouping off, large pageblocks, tall orders. */
static void shape_ungrouped(struct test_layout *t)
{
	test_one_zone(t, 24 * MIB);
	t->layout.max_order = 12;
	t->layout.pageblock_order = 10;
	t->layout.features.group_by_mobility = SWITCH_OFF;
}

typedef void shape_fn(struct test_layout *t);

static shape_fn *const shapes[] = { shape_tiny,        shape_page_sets, shape_two_nodes,
				    shape_odd_borders, shape_cma,       shape_ungrouped };
#define NR_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void small_machines_are_whole_after_each_operation(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_SHAPES; i++) {
		struct test_layout t;

		shapes[i](&t);
		run_checked(&t.layout, 5000, 1);
	}
}

static void a_large_machine_is_whole_after_every_thousand(void **state)
{
	struct test_layout t;

	(void)state;
	test_one_zone(&t, GIB);
	t.layout.cpus = 4;
	test_reserve(&t, "unused", 512 * MIB, 400 * MIB);
	test_cma(&t, "area", 256 * MIB, 256 * MIB);
	run_checked(&t.layout, 20000, 1000);
}

/* -------------------------------------------------------- determinism --- */

static void assert_same_zone(const struct zone *a, const struct zone *b, unsigned int nr_cpus)
{
	assert_memory_equal(a->watermark, b->watermark, sizeof(a->watermark));
	assert_memory_equal(a->lowmem_reserve, b->lowmem_reserve, sizeof(a->lowmem_reserve));
	assert_memory_equal(a->vm_stat, b->vm_stat, sizeof(a->vm_stat));
	assert_memory_equal(a->pcp, b->pcp, nr_cpus * sizeof(*a->pcp));
	assert_int_equal(a->watermark_boost, b->watermark_boost);
	assert_int_equal(a->nr_reserved_highatomic, b->nr_reserved_highatomic);
	assert_int_equal(a->managed_pages, b->managed_pages);
	assert_int_equal(a->boosted, b->boosted);
	assert_int_equal(a->compact_cached_free_pfn, b->compact_cached_free_pfn);
	assert_int_equal(a->compact_cached_migrate_pfn[0], b->compact_cached_migrate_pfn[0]);
	assert_int_equal(a->compact_cached_migrate_pfn[1], b->compact_cached_migrate_pfn[1]);
	assert_int_equal(a->compact_considered, b->compact_considered);
	assert_int_equal(a->compact_defer_shift, b->compact_defer_shift);
}

/* Links and list heads are numbers in the memmap, so equal memory is equal list order. */
static void assert_same_machine(const struct mm *a, const struct mm *b)
{
	unsigned long blocks = (a->end_pfn >> a->pageblock_order) + 1;

	assert_int_equal(a->memmap_bytes, b->memmap_bytes);
	assert_int_equal(memcmp(a->memmap, b->memmap, a->memmap_bytes), 0);
	assert_int_equal(memcmp(a->pageblocks, b->pageblocks, blocks * sizeof(*a->pageblocks)), 0);
	assert_int_equal(memcmp(a->lru_flags, b->lru_flags, a->end_pfn), 0);
	assert_memory_equal(a->vm_events, b->vm_events, sizeof(a->vm_events));
	for (unsigned int n = 0; n < a->nr_nodes; n++) {
		assert_memory_equal(&a->nodes[n].lruvec, &b->nodes[n].lruvec, sizeof(a->nodes[n].lruvec));
		assert_memory_equal(a->nodes[n].vm_stat, b->nodes[n].vm_stat, sizeof(a->nodes[n].vm_stat));
		assert_int_equal(a->nodes[n].kswapd_wakeups, b->nodes[n].kswapd_wakeups);
	}
	for (unsigned int i = 0; i < a->nr_zones; i++)
		assert_same_zone(a->zones[i], b->zones[i], a->nr_cpus);
}

static void nothing(void *arg, const struct mm *mm, const struct trace_event *event)
{
	(void)arg;
	(void)mm;
	(void)event;
}

/* Two machines and the same operations; somebody listens to one of them, which changes nothing. */
static void run_twice(const struct layout *layout, unsigned int ops)
{
	struct run *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));
	struct trace_listener listener = { .fn = nothing, .mask = TRACE_ALL };

	assert_non_null(a);
	assert_non_null(b);
	run_init(a, layout, 42, 1000);
	run_init(b, layout, 42, 1000);
	trace_attach(b->mm, &listener);
	for (unsigned int i = 0; i < ops; i++) {
		step(a, i);
		step(b, i);
		assert_int_equal(a->seed, b->seed);
		if (i % 5000 == 4999)
			assert_same_machine(a->mm, b->mm);
	}
	assert_same_machine(a->mm, b->mm);
	for (size_t i = 0; i < MAX_HELD; i++)
		assert_int_equal(a->held[i].pfn, b->held[i].pfn);
	assert_int_equal(mm_check(a->mm, stderr), 0);
	mm_free(a->mm);
	mm_free(b->mm);
	free(a);
	free(b);
}

static void two_machines_do_the_same(void **state)
{
	struct test_layout t;

	(void)state;
	shape_two_nodes(&t);
	run_twice(&t.layout, 100000);
	shape_cma(&t);
	run_twice(&t.layout, 10000);
	shape_odd_borders(&t);
	run_twice(&t.layout, 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_machines_are_whole_after_each_operation),
		cmocka_unit_test(a_large_machine_is_whole_after_every_thousand),
		cmocka_unit_test(two_machines_do_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
