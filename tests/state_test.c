/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Save and load: after random operations of every kind the machine that is
 * read back equals the one that was written, field by field, and does the
 * same from there on. The dump that is compared is made here, from the
 * structures themselves.
 */
#include "config.h"

#include "state_file.h"

#define OPERATIONS 10000

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tight_machine_comes_back),
		cmocka_unit_test(shipped_machines_come_back),
		cmocka_unit_test(saved_text_is_stable),
		cmocka_unit_test(empty_state_is_all_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
