/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Save and load: after random operations of every kind the machine that is
 * read back equals the one that was written, field by field, and does the
 * same from there on. The dump that is compared is made here, from the
 * structures themselves.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "layout_test.h"

#include "buddyviz/compaction.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/state.h"
#include "buddyviz/sysctl.h"
#include "buddyviz/vmscan.h"

#define OPERATIONS 10000
#define NR_SLOTS   3000

/* ------------------------------------------------------------ workload --- */

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
static uint32_t below(struct world *w, uint32_t n)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (uint32_t)((w->random * 0x2545f4914f6cdd1dull >> 33) % n);
}

static void on_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct world *w = arg;

	if (owner && w->slots[owner - 1].pfn == from)
		w->slots[owner - 1].pfn = to;
}

static void on_reclaimed(void *arg, const struct reclaimed_page *page)
{
	struct slot *slot = &((struct world *)arg)->slots[page->owner - 1];

	slot->pfn = PFN_NONE;
	slot->shadow = page->shadow;
	slot->swapped = page->how == RECLAIM_SWAPPED;
}

static void hear(struct world *w)
{
	w->mm->page_moved = on_moved;
	w->mm->page_reclaimed = on_reclaimed;
	w->mm->page_moved_arg = w->mm->page_reclaimed_arg = w;
}

static struct world *world_new(struct layout *layout, uint64_t seed)
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

static void world_free(struct world *w)
{
	mm_free(w->mm);
	layout_free(w->layout);
	free(w);
}

static unsigned int small_order(struct world *w)
{
	unsigned int order = 0;

	while (order < w->mm->max_order && below(w, 5) < 2)
		order++;
	return order;
}

static unsigned long take(struct world *w, uint32_t n)
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

static unsigned long take_cma(struct world *w, uint32_t n)
{
	struct slot *slot = &w->slots[n];

	if (!w->mm->nr_cma)
		return PFN_NONE;
	*slot = (struct slot){ .count = 1 + below(w, 40),
			       .cma = (int)below(w, w->mm->nr_cma),
			       .gfp = GFP_KERNEL };
	return slot->pfn = cma_alloc(w->mm, &w->mm->cma[slot->cma], slot->count, 0, n + 1, NULL);
}

static unsigned long give(struct world *w, uint32_t n)
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

static void settings(struct world *w)
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
static void seldom(struct world *w)
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
static unsigned long step(struct world *w)
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

/* ---------------------------------------------------------------- dump --- */

static void dump_list(const struct mm *mm, const struct page_list *list, FILE *out)
{
	for (uint32_t n = list->head; n != PFN_NIL; n = mm->memmap[n].next)
		fprintf(out, " %x", n);
	fprintf(out, " (%lu)\n", list->nr);
}

static void dump_pcp(const struct mm *mm, const struct zone *zone, FILE *out)
{
	for (unsigned int c = 0; c < mm->nr_cpus; c++) {
		const struct per_cpu_pages *pcp = &zone->pcp[c];

		fprintf(out, "cpu %u count %d high %d batch %d free_factor %d expire %d diff", c, pcp->count,
			pcp->high, pcp->batch, pcp->free_factor, pcp->expire);
		for (int i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
			fprintf(out, " %d", pcp->vm_stat_diff[i]);
		fputc('\n', out);
		for (int i = 0; i < NR_PCP_LISTS; i++)
			dump_list(mm, &pcp->lists[i], out);
	}
}

static void dump_zone(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out, "zone %d %s start %lx spanned %lu present %lu managed %lu cma %lu\n", zone->node,
		zone->name, zone->zone_start_pfn, zone->spanned_pages, zone->present_pages,
		zone->managed_pages, zone->cma_pages);
	for (int i = 0; i < NR_WMARK; i++)
		fprintf(out, "wmark %lu\n", zone->watermark[i]);
	for (int i = 0; i < NR_ZONE_TYPES; i++)
		fprintf(out, "reserve %ld\n", zone->lowmem_reserve[i]);
	fprintf(out,
		"boost %lu highatomic %lu isolate %lu boosted %d active %d contiguous %d threshold %u drift "
		"%lu %d %d\n",
		zone->watermark_boost, zone->nr_reserved_highatomic, zone->nr_isolate_pageblock,
		zone->boosted, zone->reclaim_active, zone->contiguous, zone->stat_threshold,
		zone->percpu_drift_mark, zone->pageset_high, zone->pageset_batch);
	fprintf(out, "compact %lx %lx %lx %lx %lx %u %u %d %d\n", zone->compact_cached_free_pfn,
		zone->compact_cached_migrate_pfn[0], zone->compact_cached_migrate_pfn[1],
		zone->compact_init_migrate_pfn, zone->compact_init_free_pfn, zone->compact_considered,
		zone->compact_defer_shift, zone->compact_order_failed, zone->compact_blockskip_flush);
	for (int i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
		fprintf(out, "stat %ld\n", zone->vm_stat[i]);
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &zone->free_area[order].free_list[mt];

			fprintf(out, "free %u %d:", order, mt);
			for_each_free_block (mm, list, n)
				fprintf(out, " %lx", entry_pfn(mm, order, n));
			fprintf(out, " (%u)\n", list->nr);
		}
	}
	dump_pcp(mm, zone, out);
}

static void dump_node(const struct mm *mm, const struct pglist_data *node, FILE *out)
{
	const struct lruvec *lruvec = &node->lruvec;

	fprintf(out, "node %d kswapd %d %d %lu %d %d %d %d kcompactd %d %d %d\n", node->node_id,
		node->kswapd_order, node->kswapd_highest_zoneidx, node->kswapd_wakeups,
		node->kswapd_prev_zoneidx, node->kswapd_failures, node->kswapd_awake, node->dirty,
		node->kcompactd_max_order, node->kcompactd_highest_zoneidx, node->kcompactd_woken);
	fprintf(out, "cost %lu %lu age %lu refaults %lu %lu\n", lruvec->anon_cost, lruvec->file_cost,
		lruvec->nonresident_age, lruvec->refaults[0], lruvec->refaults[1]);
	for (int lru = 0; lru < NR_LRU_LISTS; lru++)
		dump_list(mm, &lruvec->lists[lru], out);
	for (int i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		fprintf(out, "stat %ld\n", node->vm_stat[i]);
}

/* Every descriptor that heads a block, and every pageblock. */
static void dump_pages(const struct mm *mm, FILE *out)
{
	for (unsigned long pfn = 0; pfn < mm->end_pfn; pfn++) {
		const struct page *page = pfn_to_page(mm, pfn);

		if (page->flags)
			fprintf(out, "page %lx %x %u %u %x\n", pfn, page->flags, page->zone, page->private,
				mm->lru_flags[pfn]);
	}
	for (unsigned long b = 0; b < mm->end_pfn >> mm->pageblock_order; b++) {
		const struct pageblock *pb = &mm->pageblocks[b];

		fprintf(out, "block %lu %u %u %u %u %u %u %u %u %u\n", b, pb->migratetype, pb->flags,
			pb->zone, pb->nr_present, pb->nr_free, pb->nr_pcp, pb->nr_used[0], pb->nr_used[1],
			pb->nr_used[2]);
	}
}

static char *dump(const struct mm *mm)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fprintf(out, "cpu %u min_free %ld totalreserve %lu managed %lu swap %lu %lu pcp %d group %d\n",
		mm->cpu, mm->min_free_kbytes, mm->totalreserve_pages, mm->managed_pages, mm->total_swap_pages,
		mm->nr_swap_pages, mm->pcp_disabled, mm->page_group_by_mobility_disabled);
	for (const struct sysctl *entry = sysctl_table; entry->name; entry++)
		fprintf(out, "%s %lu\n", entry->name, sysctl_get(mm, entry));
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		if (populated_zone(mm->zones[i]))
			dump_zone(mm, mm->zones[i], out);
		for (int item = 0; item < NR_VM_NUMA_EVENT_ITEMS; item++)
			fprintf(out, "numa %lu\n", mm->zones[i]->vm_numa_event[item]);
	}
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		dump_node(mm, &mm->nodes[n], out);
	for (int i = 0; i < NR_VM_EVENT_ITEMS; i++)
		fprintf(out, "event %lu\n", mm->vm_events[i]);
	for (int i = 0; i < NR_VM_ZONE_EVENT_ITEMS; i++)
		for (int type = 0; type < NR_ZONE_TYPES; type++)
			fprintf(out, "zone event %lu\n", mm->vm_zone_events[i][type]);
	for (unsigned int i = 0; i < mm->nr_cma; i++) {
		fprintf(out, "cma %s %lu:", mm->cma[i].name, mm->cma[i].nr_used);
		for (unsigned long b = 0; b < (mm->cma[i].count + 63) / 64; b++)
			fprintf(out, " %lx", mm->cma[i].bitmap[b]);
		fputc('\n', out);
	}
	dump_pages(mm, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Fail with the first line that differs. */
static void assert_same(const struct mm *a, const struct mm *b, const char *when)
{
	char *x = dump(a), *y = dump(b), *p = x, *q = y;

	while (*p && *p == *q)
		p++, q++;
	if (*p != *q) {
		while (p > x && p[-1] != '\n')
			p--, q--;
		fail_msg("%s:\n%.*s\n%.*s", when, (int)strcspn(p, "\n"), p, (int)strcspn(q, "\n"), q);
	}
	free(x);
	free(y);
}

/* ------------------------------------------------------- save and load --- */

static struct mm_state *capture(const struct world *w)
{
	struct mm_state *state = state_capture(w->mm);

	assert_non_null(state);
	state->allocations = calloc(NR_SLOTS, sizeof(*state->allocations));
	assert_non_null(state->allocations);
	for (uint32_t i = 0; i < w->nr_slots; i++) {
		const struct slot *slot = &w->slots[i];
		struct state_allocation *a = &state->allocations[state->nr_allocations++];

		*a = (struct state_allocation){
			.pfn = slot->pfn, .order = slot->order, .gfp = slot->gfp, .count = slot->count
		};
		if (slot->pfn != PFN_NONE)
			a->flags =
				pfn_to_page(w->mm, slot->pfn)->flags & (uint16_t) ~(PG_USED | PG_ORDER_MASK);
	}
	return state;
}

/* The machine as a file. */
static char *save(const struct world *w, size_t *len)
{
	struct layout layout = *w->layout;
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	assert_non_null(out);
	layout.sysctl = w->mm->sysctl;
	layout.features.pcp = !w->mm->pcp_disabled;
	layout.features.group_by_mobility = w->mm->page_group_by_mobility_disabled ? SWITCH_OFF : SWITCH_ON;
	layout.state = capture(w);
	assert_int_equal(layout_write(&layout, out), 0);
	assert_int_equal(fclose(out), 0);
	state_free(layout.state);
	return text;
}

static struct layout *load(const char *text, size_t len)
{
	char *messages;
	struct layout *layout = parse("saved.yaml", text, len, &messages);

	if (!layout || *messages)
		fail_msg("%s", messages);
	free(messages);
	return layout;
}

/* Another world from the first one's file, going on with the same random numbers. */
static struct world *reload(const struct world *w)
{
	size_t len;
	char *text = save(w, &len);
	struct world *other = world_new(load(text, len), 1);

	free(text);
	other->random = w->random;
	memcpy(other->slots, w->slots, sizeof(other->slots));
	return other;
}

static void go_on_alike(struct world *a, struct world *b)
{
	for (int i = 0; i < OPERATIONS; i++)
		assert_int_equal(step(a), step(b));
}

/* 2 nodes, 4 CPUs, little memory, swap and a CMA area: everything has to happen. */
static const char tight[] =
	"name: tight\n"
	"max_order: 10\n"
	"pageblock_order: 7\n"
	"cpus: 4\n"
	"section_shift: 24\n"
	"zones: [{type: DMA, end: 0x1000000}, {type: DMA32, end: 0x2800000}, {type: Normal}]\n"
	"nodes:\n"
	"  - {id: 0, memory: [0x0-0x9efff, 0x100000-0x2ffffff], cpus: [0, 1]}\n"
	"  - {id: 3, memory: [0x4000000-0x5ffffff], cpus: [2, 3]}\n"
	"reserved:\n"
	"  - {name: kernel, range: 0x200000-0x7fffff}\n"
	"  - {name: init, range: 0x800000-0x82ffff, freed_after_boot: true}\n"
	"cma: [{name: pool, range: 0x4400000-0x4bfffff}]\n"
	"swap: 16M\n";

static struct layout *tight_layout(void)
{
	return load(tight, strlen(tight));
}

static struct layout *shipped_layout(const char *name)
{
	char *path = source_path("layouts/%s.yaml", name);
	struct layout *layout = layout_load(path, stderr);

	free(path);
	assert_non_null(layout);
	return layout;
}

static void check_saved_alike(struct layout *layout, uint64_t seed)
{
	struct world *w = world_new(layout, seed), *other;

	for (int i = 0; i < OPERATIONS; i++)
		step(w);
	assert_int_equal(mm_check(w->mm, stderr), 0);
	other = reload(w);
	assert_same(w->mm, other->mm, "right after loading");
	go_on_alike(w, other);
	assert_same(w->mm, other->mm, "after the same operations");
	assert_int_equal(mm_check(other->mm, stderr), 0);
	world_free(w);
	world_free(other);
}

static void tight_machine_comes_back(void **arg)
{
	(void)arg;
	for (uint64_t seed = 1; seed <= 4; seed++)
		check_saved_alike(tight_layout(), seed);
}

static void shipped_machines_come_back(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < NR_SHIPPED; i++)
		for (uint64_t seed = 1; seed <= 2; seed++)
			check_saved_alike(shipped_layout(shipped_layouts[i]), seed);
}

/* The text, too, is the same when what was loaded is saved again. */
static void saved_text_is_stable(void **arg)
{
	struct world *w = world_new(tight_layout(), 9), *other;
	char *first, *second;
	size_t len;

	(void)arg;
	for (int i = 0; i < OPERATIONS; i++)
		step(w);
	first = save(w, &len);
	other = reload(w);
	second = save(other, &len);
	assert_string_equal(first, second);
	free(first);
	free(second);
	world_free(w);
	world_free(other);
}

/* A state that says nothing leaves nothing free: all memory belongs to the boot. */
static void empty_state_is_all_boot(void **arg)
{
	static const char text[] =
		"name: x\nzones: [{type: Normal}]\nnodes: [{id: 0, memory: [0x0-0xffffff]}]\n"
		"state: {zones: []}\n";
	struct world *w = world_new(load(text, sizeof(text) - 1), 1);
	struct page_info info;

	(void)arg;
	page_lookup(w->mm, 0x123, &info);
	assert_int_equal(info.state, PAGE_BOOT);
	assert_int_equal(zone_page_state_snapshot(info.zone, w->mm, NR_FREE_PAGES), 0);
	world_free(w);
}

/* --------------------------------------------------------- what is wrong --- */

/* One zone of 64 pages, everything free in two blocks, and what a test makes of it. */
static const char *apply(struct mm_state *state, struct state_place *place)
{
	static const char text[] =
		"name: x\nmax_order: 5\npageblock_order: 3\nzones: [{type: DMA, end: 0x20000}, "
		"{type: Normal}]\nnodes: [{id: 0, memory: [0x0-0x3ffff]}]\n";
	struct layout *layout = load(text, sizeof(text) - 1);
	struct mm *mm = mm_new(layout);
	const char *error;

	assert_null(mm_boot(mm));
	error = state_apply_where(mm, state, place);
	mm_free(mm);
	layout_free(layout);
	return error;
}

static void overlaps_are_rejected(void **arg)
{
	unsigned long whole[] = { 0x20 }, inside[] = { 0x24, 0x3f };
	struct state_list lists[] = {
		{ .order = 4, .migratetype = MIGRATE_MOVABLE, .nr = 1, .pfns = whole },
		{ .order = 0, .migratetype = MIGRATE_MOVABLE, .nr = 2, .pfns = inside }
	};
	struct zone_state zone = {
		.zone = ZONE_NORMAL, .free = lists, .nr_free = 2, .compaction_as_booted = true
	};
	struct state_allocation allocation = { .pfn = 0x28, .order = 1, .gfp = GFP_KERNEL };
	struct mm_state state = { .zones = &zone, .nr_zones = 1 };
	struct state_place place;

	(void)arg;
	/* a small block inside a large one that comes first: its own first page is nobody's head */
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[1].pfns[0]");
	inside[0] = 0x30;
	assert_null(apply(&state, &place));
	/* the other way round */
	inside[0] = 0x2f;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[1].pfns[0]");
	inside[0] = 0x30;
	state.allocations = &allocation;
	state.nr_allocations = 1;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "allocations[0].pfn");
	allocation.pfn = 0x32;
	assert_null(apply(&state, &place));
}

static void misfits_are_found(void **arg)
{
	unsigned long pfns[] = { 0x30, 0x18 };
	struct state_list list = { .order = 3, .migratetype = MIGRATE_MOVABLE, .nr = 2, .pfns = pfns };
	struct zone_state zone = {
		.zone = ZONE_NORMAL, .free = &list, .nr_free = 1, .compaction_as_booted = true
	};
	struct mm_state state = { .zones = &zone, .nr_zones = 1 };
	struct state_place place;

	(void)arg;
	/* 0x18 is in DMA, which ends at 0x20 */
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].free[0].pfns[1]");
	list.nr = 1;
	zone.pageblocks = "UUU";
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].pageblocks");
	zone.pageblocks = "UUUU";
	assert_null(apply(&state, &place));
	zone.zone = ZONE_HIGHMEM;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "zones[0].zone");
	zone.zone = ZONE_NORMAL;
	state.swap_used = 1;
	assert_non_null(apply(&state, &place));
	state.swap_used = 0;
	state.cpu = 1;
	assert_non_null(apply(&state, &place));
	assert_string_equal(place.path, "cpu");
}

/* Put a scrap into the text, or over some of it, between begin and end; the caller frees the result. */
static char *damage(struct world *w, const char *text, const char *begin, const char *end)
{
	static const char *const scraps[] = { "0x1f", "0xffffffff", "-1", "U",  "/C", "9",
					      "[",    "pfns: []",   "0",  "15", ", " };
	const char *scrap = scraps[below(w, sizeof(scraps) / sizeof(*scraps))];
	const char *at = begin + below(w, (uint32_t)(end - begin)), *rest = at;
	char *damaged;

	if (below(w, 2))
		rest += strlen(scrap);
	if (asprintf(&damaged, "%.*s%s%s", (int)(at - text), text, scrap, rest) < 0)
		abort();
	return damaged;
}

/* Whether a machine can be made of it; what is made is looked at. */
static bool is_accepted(const char *text)
{
	char *messages;
	struct layout *layout = parse("damaged.yaml", text, strlen(text), &messages);
	struct mm *mm = layout ? mm_new(layout) : NULL;
	bool accepted = mm && !mm_boot(mm);

	if (accepted)
		mm_check(mm, NULL);
	assert_int_equal(layout == NULL, strstr(messages, ": error: ") != NULL);
	mm_free(mm);
	layout_free(layout);
	free(messages);
	return accepted;
}

/* A saved machine, damaged: it is refused, or makes a machine; it never crashes. */
static void damaged_states_do_no_harm(void **arg)
{
	struct world *w = world_new(shipped_layout("tiny"), 5);
	unsigned int accepted = 0;
	size_t len;
	char *text;

	(void)arg;
	w->nr_slots = 50; /* libcyaml makes room entry by entry, which the sanitizers make dear */
	for (int i = 0; i < 500; i++)
		step(w);
	text = save(w, &len);
	assert_true(is_accepted(text));
	for (int i = 0; i < 400; i++) {
		char *damaged = damage(w, text, strstr(text, "state:"), strstr(text, "allocations:"));

		accepted += is_accepted(damaged);
		free(damaged);
	}
	assert_in_range(accepted, 1, 399);
	free(text);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tight_machine_comes_back),  cmocka_unit_test(shipped_machines_come_back),
		cmocka_unit_test(saved_text_is_stable),      cmocka_unit_test(empty_state_is_all_boot),
		cmocka_unit_test(overlaps_are_rejected),     cmocka_unit_test(misfits_are_found),
		cmocka_unit_test(damaged_states_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
