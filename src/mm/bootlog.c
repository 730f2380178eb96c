/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kernel on this machine prints while booting about its memory, in the
 * kernel's own words (as with mminit_loglevel=4 and debug messages shown).
 */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "boot.h"
#include "buddyviz/procfs.h"

/* Every line begins as dmesg shows it; the simulator has no clock. */
static void pr_info(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void pr_info(FILE *out, const char *fmt, ...)
{
	va_list ap;

	fputs("[    0.000000] ", out);
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
}

static unsigned long pages_to_kib(const struct mm *mm, unsigned long pages)
{
	return pages << (mm->page_shift - 10);
}

static uint64_t pfn_phys(const struct mm *mm, unsigned long pfn)
{
	return (uint64_t)pfn << mm->page_shift;
}

/* "[mem 0x0000000080000000-0x00000000ffffffff]\n" */
static void print_mem(const struct mm *mm, unsigned long start_pfn, unsigned long end_pfn, FILE *out)
{
	fprintf(out, "[mem 0x%016" PRIx64 "-0x%016" PRIx64 "]\n", pfn_phys(mm, start_pfn),
		pfn_phys(mm, end_pfn) - 1);
}

/* ----------------------------------------------------- Reserved memory --- */

/* The area that cma= makes is not a node of the device tree and is announced later. */
static bool is_default_cma(const struct layout_cma *cma)
{
	return !strcmp(cma->name, "default") || !strcmp(cma->name, "reserved");
}

/* Ranges that the log does not name are called so in the layout. */
static bool is_unlisted(const struct layout_reserved *r)
{
	return !r->no_map || !strncmp(r->name, "unlisted", strlen("unlisted")) ||
	       !strncmp(r->name, "no-map", strlen("no-map"));
}

/* rmem_dma_setup, rmem_cma_setup, fdt_init_reserved_mem */
static void print_pool(const char *kind, const char *name, const struct layout_range *range, FILE *out)
{
	pr_info(out, "Reserved memory: created %s memory pool at 0x%016" PRIx64 ", size %" PRIu64 " MiB\n",
		kind, range->start, (range->end - range->start) >> 20);
	pr_info(out, "OF: reserved mem: initialized node %s", name);
	if (!strchr(name, '@'))
		fprintf(out, "@%" PRIx64, range->start);
	fputs(", compatible id shared-dma-pool\n", out);
}

/* The pools by address, DMA and CMA ones mixed: that is how the device tree's are sorted. */
static void print_reserved_memory(const struct layout *layout, FILE *out)
{
	uint64_t after = 0;

	for (;;) {
		const struct layout_range *best = NULL;
		const char *kind = NULL, *name = NULL;

		for (unsigned int i = 0; i < layout->nr_reserved; i++) {
			const struct layout_reserved *r = &layout->reserved[i];

			if (is_unlisted(r) || r->range.start < after ||
			    (best && r->range.start >= best->start))
				continue;
			best = &r->range;
			name = r->name;
			kind = "DMA";
		}
		for (unsigned int i = 0; i < layout->nr_cma; i++) {
			const struct layout_cma *cma = &layout->cma[i];

			if (is_default_cma(cma) || cma->range.start < after ||
			    (best && cma->range.start >= best->start))
				continue;
			best = &cma->range;
			name = cma->name;
			kind = "CMA";
		}
		if (!best)
			return;
		print_pool(kind, name, best, out);
		after = best->start + 1;
	}
}

static void print_default_cma(const struct layout *layout, FILE *out)
{
	for (unsigned int i = 0; i < layout->nr_cma; i++)
		if (is_default_cma(&layout->cma[i]))
			pr_info(out, "cma: Reserved %" PRIu64 " MiB at 0x%016" PRIx64 "\n",
				(layout->cma[i].range.end - layout->cma[i].range.start) >> 20,
				layout->cma[i].range.start);
}

/* ------------------------------------------------------ free_area_init --- */

static void print_zone_ranges(const struct mm *mm, FILE *out)
{
	struct zone_limits limits;

	arch_zone_limits(mm, &limits);
	pr_info(out, "Zone ranges:\n");
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		if (mm->zone_types[i] == ZONE_MOVABLE)
			continue;
		pr_info(out, "  %-8s ", zone_type_name(mm->zone_types[i]));
		if (limits.low[i] == limits.high[i])
			fputs("empty\n", out);
		else
			print_mem(mm, limits.low[i], limits.high[i], out);
	}
	pr_info(out, "Movable zone start for each node\n");
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->zones[i]->type == ZONE_MOVABLE && mm->zones[i]->spanned_pages)
			pr_info(out, "  Node %d: 0x%016" PRIx64 "\n", mm->nodes[mm->zones[i]->node].node_id,
				pfn_phys(mm, mm->zones[i]->zone_start_pfn));
}

static void print_early_node_ranges(const struct mm *mm, FILE *out)
{
	struct mem_pfn_range range;

	pr_info(out, "Early memory node ranges\n");
	for_each_mem_pfn_range (mm, i, -1, &range) {
		pr_info(out, "  node %3d: ", mm->nodes[range.nid].node_id);
		print_mem(mm, range.start, range.end, out);
	}
}

static void print_initmem_node(const struct mm *mm, const struct pglist_data *pgdat, int nid, FILE *out)
{
	unsigned long start, end;

	get_pfn_range_for_nid(mm, nid, &start, &end);
	if (start == end) {
		pr_info(out, "Initmem setup node %d as memoryless\n", pgdat->node_id);
		return;
	}
	pr_info(out, "Initmem setup node %d ", pgdat->node_id);
	print_mem(mm, start, end, out);
	pr_info(out, "On node %d totalpages: %lu\n", pgdat->node_id, pgdat->node_present_pages);
	for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
		const struct zone *zone = &pgdat->node_zones[i];
		unsigned long memmap = zone_memmap_pages(mm, zone);

		if (!zone->spanned_pages)
			continue;
		if (memmap)
			pr_info(out, "  %s zone: %lu pages used for memmap\n", zone->name, memmap);
		pr_info(out, "mminit::memmap_init Initialising map node %d zone %u pfns %lu -> %lu\n",
			pgdat->node_id, i, zone->zone_start_pfn, zone_end_pfn(zone));
	}
}

/* init_unavailable_range: frames without memory but with descriptors, as their section has memory */
static void print_unavailable_range(const struct mm *mm, const struct zone *zone, unsigned long pfn,
				    unsigned long end, FILE *out)
{
	unsigned long pages = 0;

	while (pfn < end) {
		unsigned long next = min_ul(((pfn >> mm->pageblock_order) + 1) << mm->pageblock_order, end);

		if (pfn >= mm->end_pfn || pfn_to_pageblock(mm, pfn)->flags & PB_PRESENT)
			pages += next - pfn;
		pfn = next;
	}
	if (pages)
		pr_info(out, "On node %d, zone %s: %lu pages in unavailable ranges\n",
			mm->nodes[zone->node].node_id, zone->name, pages);
}

static void print_unavailable_ranges(const struct mm *mm, FILE *out)
{
	unsigned long hole_pfn = 0, section = 1UL << (mm->layout->section_shift - mm->page_shift);
	const struct zone *last = NULL;
	struct mem_pfn_range range;

	for_each_mem_pfn_range (mm, i, -1, &range)
		for (unsigned int j = 0; j < mm->nr_zone_types; j++) {
			const struct zone *zone = &mm->nodes[range.nid].node_zones[j];
			unsigned long start = clamp_ul(range.start, zone->zone_start_pfn, zone_end_pfn(zone));
			unsigned long end = clamp_ul(range.end, zone->zone_start_pfn, zone_end_pfn(zone));

			if (!populated_zone(zone))
				continue;
			last = zone;
			if (start >= end)
				continue;
			print_unavailable_range(mm, zone, hole_pfn, start, out);
			hole_pfn = end;
		}
	if (last && !is_32bit(mm))
		print_unavailable_range(mm, last, hole_pfn, (hole_pfn + section - 1) & ~(section - 1), out);
}

/* --------------------------------------------------- build_all_zonelists --- */

static void print_fallback_order(const struct mm *mm, const struct pglist_data *pgdat, FILE *out)
{
	int prev = -1;

	pr_info(out, "Fallback order for Node %d: ", pgdat->node_id);
	if (!pgdat->node_present_pages)
		fprintf(out, "%d ", pgdat->node_id);
	for (const int *id = pgdat->zonelist; *id >= 0; id++) {
		int node = mm->zones[*id]->node;

		if (node != prev)
			fprintf(out, "%d ", mm->nodes[node].node_id);
		prev = node;
	}
	fputc('\n', out);
}

/* mminit_verify_zonelist: what a request for one zone finds in one of its node's lists */
static void print_zonelist(const struct mm *mm, const struct zone *zone, const int *zonelist,
			   const char *name, FILE *out)
{
	pr_info(out, "mminit::zonelist %s %d:%s = ", name, mm->nodes[zone->node].node_id, zone->name);
	for (; *zonelist >= 0; zonelist++) {
		const struct zone *z = mm->zones[*zonelist];

		if (z->index <= zone->index)
			fprintf(out, "%d:%s ", mm->nodes[z->node].node_id, z->name);
	}
	fputc('\n', out);
}

static void print_node_zonelists(const struct mm *mm, const struct pglist_data *pgdat, const int *zonelist,
				 const char *name, FILE *out)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if (populated_zone(&pgdat->node_zones[i]))
			print_zonelist(mm, &pgdat->node_zones[i], zonelist, name, out);
}

static void print_zonelists(const struct mm *mm, FILE *out)
{
	const char *policy = NULL;

	for (unsigned int n = 0; !is_32bit(mm) && n < mm->nr_nodes; n++)
		print_fallback_order(mm, &mm->nodes[n], out);
	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		print_node_zonelists(mm, &mm->nodes[n], mm->nodes[n].zonelist, "general", out);
		if (!is_32bit(mm))
			print_node_zonelists(mm, &mm->nodes[n], mm->nodes[n].zonelist_thisnode, "thisnode",
					     out);
	}
	pr_info(out, "Built %u zonelists, mobility grouping %s.  Total pages: %lu\n", mm->nr_nodes,
		mm->page_group_by_mobility_disabled ? "off" : "on", boot_total_pages(mm));
	for (unsigned int i = 0; i < mm->nr_zone_types && !is_32bit(mm); i++)
		for (unsigned int n = 0; n < mm->nr_nodes && mm->zone_types[i] != ZONE_MOVABLE; n++)
			if (populated_zone(&mm->nodes[n].node_zones[i]))
				policy = mm->nodes[n].node_zones[i].name;
	if (policy)
		pr_info(out, "Policy zone: %s\n", policy);
}

/* -------------------------------------------------- mem_init_print_info --- */

static void print_mem_init(const struct mm *mm, FILE *out)
{
	unsigned long free = 0, present = 0, cma = 0, high = 0;
	struct free_mem_range range = { 0 };

	while (next_free_mem_range(mm, &range))
		if (pfn_down(mm, range.end) > pfn_up(mm, range.start))
			free += pfn_down(mm, range.end) - pfn_up(mm, range.start);
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		present += mm->zones[i]->present_pages;
		high += is_highmem(mm, mm->zones[i]) ? mm->zones[i]->managed_pages : 0;
	}
	for (unsigned int i = 0; i < mm->layout->nr_cma; i++)
		cma += pfn_down(mm, mm->layout->cma[i].range.end - mm->layout->cma[i].range.start);
	pr_info(out, "Memory: %luK/%luK available (%luK reserved, %luK cma-reserved", pages_to_kib(mm, free),
		pages_to_kib(mm, present), pages_to_kib(mm, present - free - cma), pages_to_kib(mm, cma));
	if (is_32bit(mm))
		fprintf(out, ", %luK highmem", pages_to_kib(mm, high));
	fputs(")\n", out);
}

static void print_freed(const struct mm *mm, FILE *out)
{
	for (unsigned int i = 0; i < mm->layout->nr_reserved; i++) {
		const struct layout_reserved *r = &mm->layout->reserved[i];

		if (r->freed_after_boot && !r->no_map)
			pr_info(out, "Freeing %s memory: %" PRIu64 "K\n", r->name,
				(r->range.end - r->range.start) >> 10);
	}
}

void proc_bootlog(const struct mm *mm, FILE *out)
{
	print_reserved_memory(mm->layout, out);
	print_zone_ranges(mm, out);
	print_early_node_ranges(mm, out);
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		print_initmem_node(mm, &mm->nodes[n], (int)n, out);
	print_unavailable_ranges(mm, out);
	print_default_cma(mm->layout, out);
	print_zonelists(mm, out);
	print_mem_init(mm, out);
	for (unsigned int i = 0; i < mm->nr_cma; i++)
		if (!mm->cma[i].count)
			pr_info(out, "CMA area %s could not be activated\n", mm->cma[i].name);
	print_freed(mm, out);
}
