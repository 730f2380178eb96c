/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allocator's files in /proc and debugfs as text, byte for byte as Linux
 * 6.1 prints them: what parses the real ones parses these. Follows
 * mm/vmstat.c. What the simulator does not have is printed as 0.
 */
#include "config.h"

#include "boot.h"
#include "buddyviz/procfs.h"
#include "procfs_vmstat.h"

/* Printing blocks one by one would take too long in a kernel: it stops counting here. */
#define PAGETYPEINFO_MOST 100000UL

static const char *const zone_stat_names[NR_VM_ZONE_STAT_ITEMS] = {
	[NR_FREE_PAGES] = "nr_free_pages",
	[NR_ZONE_INACTIVE_ANON] = "nr_zone_inactive_anon",
	[NR_ZONE_ACTIVE_ANON] = "nr_zone_active_anon",
	[NR_ZONE_INACTIVE_FILE] = "nr_zone_inactive_file",
	[NR_ZONE_ACTIVE_FILE] = "nr_zone_active_file",
	[NR_ZONE_UNEVICTABLE] = "nr_zone_unevictable",
	[NR_ZONE_WRITE_PENDING] = "nr_zone_write_pending",
	[NR_MLOCK] = "nr_mlock",
	[NR_BOUNCE] = "nr_bounce",
	[NR_ZSPAGES] = "nr_zspages",
	[NR_FREE_CMA_PAGES] = "nr_free_cma",
};

static const char *const numa_stat_names[] = {
	"numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local", "numa_other",
};

/* A node's rows, each the sum of some of its counters; 0: the simulator does not have it. */
#define ITEM(item) (1u << (item))
#define ANON_PAGES (ITEM(NR_INACTIVE_ANON) | ITEM(NR_ACTIVE_ANON) | ITEM(NR_ISOLATED_ANON))
#define FILE_PAGES (ITEM(NR_INACTIVE_FILE) | ITEM(NR_ACTIVE_FILE) | ITEM(NR_ISOLATED_FILE))

static const struct {
	const char *name;
	uint32_t items;
} node_stats[] = {
	{ "nr_inactive_anon", ITEM(NR_INACTIVE_ANON) },
	{ "nr_active_anon", ITEM(NR_ACTIVE_ANON) },
	{ "nr_inactive_file", ITEM(NR_INACTIVE_FILE) },
	{ "nr_active_file", ITEM(NR_ACTIVE_FILE) },
	{ "nr_unevictable", 0 },
	{ "nr_slab_reclaimable", 0 },
	{ "nr_slab_unreclaimable", 0 },
	{ "nr_isolated_anon", ITEM(NR_ISOLATED_ANON) },
	{ "nr_isolated_file", ITEM(NR_ISOLATED_FILE) },
	{ "workingset_nodes", 0 },
	{ "workingset_refault_anon", ITEM(WORKINGSET_REFAULT_ANON) },
	{ "workingset_refault_file", ITEM(WORKINGSET_REFAULT_FILE) },
	{ "workingset_activate_anon", ITEM(WORKINGSET_ACTIVATE_ANON) },
	{ "workingset_activate_file", ITEM(WORKINGSET_ACTIVATE_FILE) },
	{ "workingset_restore_anon", ITEM(WORKINGSET_RESTORE_ANON) },
	{ "workingset_restore_file", ITEM(WORKINGSET_RESTORE_FILE) },
	{ "workingset_nodereclaim", 0 },
	{ "nr_anon_pages", ANON_PAGES },
	{ "nr_mapped", 0 },
	{ "nr_file_pages", FILE_PAGES },
	{ "nr_dirty", ITEM(NR_FILE_DIRTY) },
	{ "nr_writeback", 0 },
	{ "nr_writeback_temp", 0 },
	{ "nr_shmem", 0 },
	{ "nr_shmem_hugepages", 0 },
	{ "nr_shmem_pmdmapped", 0 },
	{ "nr_file_hugepages", 0 },
	{ "nr_file_pmdmapped", 0 },
	{ "nr_anon_transparent_hugepages", 0 },
	{ "nr_vmscan_write", ITEM(NR_VMSCAN_WRITE) },
	{ "nr_vmscan_immediate_reclaim", ITEM(NR_VMSCAN_IMMEDIATE) },
	{ "nr_dirtied", ITEM(NR_DIRTIED) },
	{ "nr_written", ITEM(NR_WRITTEN) },
	{ "nr_throttled_written", 0 },
	{ "nr_kernel_misc_reclaimable", 0 },
	{ "nr_foll_pin_acquired", 0 },
	{ "nr_foll_pin_released", 0 },
	{ "nr_kernel_stack", 0 },
	{ "nr_page_table_pages", 0 },
	{ "nr_sec_page_table_pages", 0 },
	{ "nr_swapcached", 0 },
};

static const char *const numa_balancing_names[] = { "pgpromote_success", "pgpromote_candidate" };

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static unsigned long node_sum(const struct pglist_data *pgdat, uint32_t items)
{
	long sum = 0;

	for (int i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		if (items & ITEM(i))
			sum += pgdat->vm_stat[i];
	return sum > 0 ? (unsigned long)sum : 0;
}

/* Where every file's rows begin. */
static void print_zone(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out, "Node %d, zone %8s", mm->nodes[zone->node].node_id, zone->name);
}

/* ------------------------------------------------------------ zoneinfo --- */

static bool is_zone_first_populated(const struct mm *mm, const struct zone *zone)
{
	for (int i = 0; i < zone->index; i++)
		if (populated_zone(&mm->nodes[zone->node].node_zones[i]))
			return false;
	return populated_zone(zone);
}

static void print_counter(FILE *out, const char *name, unsigned long value)
{
	fprintf(out, "\n      %-12s %lu", name, value);
}

static void print_node_stats(const struct mm *mm, const struct pglist_data *pgdat, FILE *out)
{
	fputs("\n  per-node stats", out);
	for (size_t i = 0; i < ARRAY_SIZE(node_stats); i++)
		print_counter(out, node_stats[i].name, node_sum(pgdat, node_stats[i].items));
	for (size_t i = 0; !is_32bit(mm) && i < ARRAY_SIZE(numa_balancing_names); i++)
		print_counter(out, numa_balancing_names[i], 0);
}

static void print_pagesets(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fputs("\n  pagesets", out);
	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++) {
		const struct per_cpu_pages *pcp = &zone->pcp[cpu];

		fprintf(out,
			"\n    cpu: %u"
			"\n              count: %i"
			"\n              high:  %i"
			"\n              batch: %i"
			"\n  vm stats threshold: %u",
			cpu, pcp->count, pcp->high, pcp->batch, zone->stat_threshold);
	}
}

static void print_zone_sizes(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out,
		"\n  pages free     %lu"
		"\n        boost    %lu"
		"\n        min      %lu"
		"\n        low      %lu"
		"\n        high     %lu"
		"\n        spanned  %lu"
		"\n        present  %lu"
		"\n        managed  %lu"
		"\n        cma      %lu",
		(unsigned long)zone_page_state(zone, NR_FREE_PAGES), zone->watermark_boost,
		wmark_pages(zone, WMARK_MIN), wmark_pages(zone, WMARK_LOW), wmark_pages(zone, WMARK_HIGH),
		zone->spanned_pages, zone->present_pages, zone->managed_pages, zone->cma_pages);
	fprintf(out, "\n        protection: (%ld", zone->lowmem_reserve[0]);
	for (unsigned int i = 1; i < mm->nr_zone_types; i++)
		fprintf(out, ", %ld", zone->lowmem_reserve[i]);
	fputc(')', out);
}

static void zoneinfo_show_print(const struct mm *mm, const struct zone *zone, FILE *out)
{
	print_zone(mm, zone, out);
	if (is_zone_first_populated(mm, zone))
		print_node_stats(mm, &mm->nodes[zone->node], out);
	print_zone_sizes(mm, zone, out);
	if (!populated_zone(zone)) {
		fputc('\n', out);
		return;
	}
	for (int i = 0; i < NR_VM_ZONE_STAT_ITEMS; i++)
		print_counter(out, zone_stat_names[i],
			      (unsigned long)zone_page_state(zone, (enum zone_stat_item)i));
	for (size_t i = 0; !is_32bit(mm) && i < ARRAY_SIZE(numa_stat_names); i++)
		print_counter(out, numa_stat_names[i], zone->vm_numa_event[i]);
	print_pagesets(mm, zone, out);
	fprintf(out,
		"\n  node_unreclaimable:  %d"
		"\n  start_pfn:           %lu\n",
		mm->nodes[zone->node].kswapd_failures >= MAX_RECLAIM_RETRIES, zone->zone_start_pfn);
}

void proc_zoneinfo(const struct mm *mm, FILE *out)
{
	for_each_node_by_id (mm, n)
		for (unsigned int i = 0; i < mm->nr_zone_types; i++)
			zoneinfo_show_print(mm, &mm->nodes[n].node_zones[i], out);
}

/* ----------------------------------------------------------- buddyinfo --- */

static void frag_show_print(const struct mm *mm, const struct zone *zone, FILE *out)
{
	print_zone(mm, zone, out);
	fputc(' ', out);
	for (unsigned int order = 0; order <= mm->max_order; order++)
		fprintf(out, "%6lu ", free_area_nr(&zone->free_area[order]));
	fputc('\n', out);
}

void proc_buddyinfo(const struct mm *mm, FILE *out)
{
	for_each_node_by_id (mm, n)
		for (unsigned int i = 0; i < mm->nr_zone_types; i++)
			if (populated_zone(&mm->nodes[n].node_zones[i]))
				frag_show_print(mm, &mm->nodes[n].node_zones[i], out);
}

/* -------------------------------------------------------- pagetypeinfo --- */

/* A kernel without CMA does not have the type. */
static bool migratetype_exists(const struct mm *mm, int migratetype)
{
	return migratetype != MIGRATE_CMA || mm->config_cma;
}

static void pagetypeinfo_showfree_print(const struct mm *mm, const struct zone *zone, int migratetype,
					FILE *out)
{
	fprintf(out, "Node %4d, zone %8s, type %12s ", mm->nodes[zone->node].node_id, zone->name,
		migratetype_name(migratetype));
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long nr = zone->free_area[order].free_list[migratetype].nr;

		fprintf(out, "%s%6lu ", nr >= PAGETYPEINFO_MOST ? ">" : "", min_ul(nr, PAGETYPEINFO_MOST));
	}
	fputc('\n', out);
}

static void pagetypeinfo_showfree(const struct mm *mm, const struct pglist_data *pgdat, FILE *out)
{
	fprintf(out, "%-43s ", "Free pages count per migrate type at order");
	for (unsigned int order = 0; order <= mm->max_order; order++)
		fprintf(out, "%6u ", order);
	fputc('\n', out);
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		if (!populated_zone(&pgdat->node_zones[i]))
			continue;
		for (int mt = 0; mt < MIGRATE_TYPES; mt++)
			if (migratetype_exists(mm, mt))
				pagetypeinfo_showfree_print(mm, &pgdat->node_zones[i], mt, out);
	}
}

/* The kernel looks at the zone's first page and at every pageblock's worth of pages from there. */
static void pagetypeinfo_showblockcount_print(const struct mm *mm, const struct zone *zone, FILE *out)
{
	unsigned long count[MIGRATE_TYPES] = { 0 };

	for (unsigned long pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone);
	     pfn += 1UL << mm->pageblock_order)
		if (pfn_online(mm, pfn) && memmap_zone(mm, pfn) == zone)
			count[get_pageblock_migratetype(mm, pfn)]++;
	print_zone(mm, zone, out);
	fputc(' ', out);
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_exists(mm, mt))
			fprintf(out, "%12lu ", count[mt]);
	fputc('\n', out);
}

static void pagetypeinfo_showblockcount(const struct mm *mm, const struct pglist_data *pgdat, FILE *out)
{
	fprintf(out, "\n%-23s", "Number of blocks type ");
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_exists(mm, mt))
			fprintf(out, "%12s ", migratetype_name(mt));
	fputc('\n', out);
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (populated_zone(&pgdat->node_zones[i]))
			pagetypeinfo_showblockcount_print(mm, &pgdat->node_zones[i], out);
}

void proc_pagetypeinfo(const struct mm *mm, FILE *out)
{
	for_each_node_by_id (mm, n) {
		if (!mm->nodes[n].node_present_pages)
			continue;
		fprintf(out, "Page block order: %u\n", mm->pageblock_order);
		fprintf(out, "Pages per block:  %lu\n\n", 1UL << mm->pageblock_order);
		pagetypeinfo_showfree(mm, &mm->nodes[n], out);
		pagetypeinfo_showblockcount(mm, &mm->nodes[n], out);
	}
}

/* ------------------------------------------------------------- extfrag --- */

typedef int index_fn(const struct mm *mm, const struct zone *zone, unsigned int order);

/* A zone's row of one index, width wide before the point (unusable_show_print, extfrag_show_print). */
static void show_index_print(const struct mm *mm, const struct zone *zone, FILE *out, int width,
			     index_fn *index_of)
{
	print_zone(mm, zone, out);
	fputc(' ', out);
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		int index = index_of(mm, zone, order);

		fprintf(out, "%*d.%03d ", width, index / 1000, index % 1000);
	}
	fputc('\n', out);
}

static void show_index(const struct mm *mm, FILE *out, int width, index_fn *index_of)
{
	for_each_node_by_id (mm, n)
		for (unsigned int i = 0; i < mm->nr_zone_types; i++)
			if (populated_zone(&mm->nodes[n].node_zones[i]))
				show_index_print(mm, &mm->nodes[n].node_zones[i], out, width, index_of);
}

void proc_unusable_index(const struct mm *mm, FILE *out)
{
	show_index(mm, out, 1, unusable_free_index);
}

void proc_extfrag_index(const struct mm *mm, FILE *out)
{
	show_index(mm, out, 2, fragmentation_index);
}

/* -------------------------------------------------------------- vmstat --- */

void vmstat_show_counters(const struct mm *mm, FILE *out)
{
	for (int item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++) {
		unsigned long sum = 0;

		for (unsigned int i = 0; i < mm->nr_zones; i++)
			sum += (unsigned long)zone_page_state(mm->zones[i], (enum zone_stat_item)item);
		fprintf(out, "%s %lu\n", zone_stat_names[item], sum);
	}
	for (size_t item = 0; !is_32bit(mm) && item < ARRAY_SIZE(numa_stat_names); item++) {
		unsigned long sum = 0;

		for (unsigned int i = 0; i < mm->nr_zones; i++)
			sum += mm->zones[i]->vm_numa_event[item];
		fprintf(out, "%s %lu\n", numa_stat_names[item], sum);
	}
	for (size_t i = 0; i < ARRAY_SIZE(node_stats); i++) {
		unsigned long sum = 0;

		for (unsigned int n = 0; n < mm->nr_nodes; n++)
			sum += node_sum(&mm->nodes[n], node_stats[i].items);
		fprintf(out, "%s %lu\n", node_stats[i].name, sum);
	}
	for (size_t i = 0; !is_32bit(mm) && i < ARRAY_SIZE(numa_balancing_names); i++)
		fprintf(out, "%s 0\n", numa_balancing_names[i]);
}
