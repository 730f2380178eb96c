/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the machine as a whole: the kernel's files, nodes, zones, memblock, CMA. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buddyviz/procfs.h"
#include "buddyviz/compaction.h"
#include "shell.h"
#include "text.h"

int run_zoneinfo(struct call *call)
{
	proc_zoneinfo(call->session->mm, call->out);
	return SESSION_OK;
}

int run_buddyinfo(struct call *call)
{
	proc_buddyinfo(call->session->mm, call->out);
	return SESSION_OK;
}

int run_pagetypeinfo(struct call *call)
{
	proc_pagetypeinfo(call->session->mm, call->out);
	return SESSION_OK;
}

int run_bootlog(struct call *call)
{
	proc_bootlog(call->session->mm, call->out);
	return SESSION_OK;
}

bool zone_selected(const struct call *call, const struct zone *zone)
{
	const struct value *node = call_opt(call, "node"), *type = call_opt(call, "zone");

	return populated_zone(zone) && (!node || zone->node == (int)node->number) &&
	       (!type || zone->index == (int)type->number);
}

static int node_id(const struct mm *mm, const struct zone *zone)
{
	return mm->nodes[zone->node].node_id;
}

/* ---------------------------------------------------------- extfrag --- */

/* Share of the free pages that a huge page cannot use, per cent (extfrag_for_order). */
static unsigned long fragmentation_score(const struct mm *mm, const struct zone *zone)
{
	if (zone_page_state_snapshot(zone, mm, NR_FREE_PAGES) <= 0)
		return 0;
	return (unsigned long)unusable_free_index(mm, zone, mm->pageblock_order) / 10;
}

static void write_extfrag(const struct call *call, const struct zone *zone)
{
	const struct mm *mm = call->session->mm;

	fprintf(call->out, "Node %d, zone %s\n", node_id(mm, zone), zone->name);
	fprintf(call->out, "  order  free blocks  unusable free space index  fragmentation index\n");
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		int index = fragmentation_index(mm, zone, order);

		fprintf(call->out, "  %5u  %11lu  %25.3f  %19.3f\n", order,
			free_area_nr(&zone->free_area[order]), unusable_free_index(mm, zone, order) / 1000.0,
			index / 1000.0);
	}
}

int run_extfrag(struct call *call)
{
	const struct mm *mm = call->session->mm;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (zone_selected(call, mm->zones[i]))
			write_extfrag(call, mm->zones[i]);
	fprintf(call->out,
		"compaction score (free pages unusable for order %u, per cent; a node's is weighted by "
		"size)\n",
		mm->pageblock_order);
	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		const struct pglist_data *node = &mm->nodes[n];

		for (unsigned int i = 0; i < mm->nr_zone_types; i++) {
			const struct zone *zone = &node->node_zones[i];

			if (!zone_selected(call, zone))
				continue;
			fprintf(call->out, "  Node %d %-8s %3lu\n", node->node_id, zone->name,
				fragmentation_score(mm, zone));
		}
		if (!call_opt(call, "zone") && !call_opt(call, "node"))
			fprintf(call->out, "  Node %d          %3u (compacted unasked above %u)\n",
				node->node_id, fragmentation_score_node(mm, node),
				fragmentation_score_high(mm));
	}
	return SESSION_OK;
}

/* --------------------------------------------------------- memblock --- */

static void write_memblock(const struct mm *mm, const char *title, const struct memblock_type *type,
			   FILE *out)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < type->cnt; i++)
		total += type->regions[i].size;
	fprintf(out, "%s: %u region%s, %" PRIu64 "K\n", title, type->cnt, plural(type->cnt), total >> 10);
	for (unsigned int i = 0; i < type->cnt; i++) {
		const struct memblock_region *region = &type->regions[i];

		fprintf(out, "%4u: 0x%016" PRIx64 "..0x%016" PRIx64, i, region->base,
			region->base + region->size - 1);
		if (region->nid >= 0)
			fprintf(out, " node %d", mm->nodes[region->nid].node_id);
		if (region->nomap)
			fputs(" nomap", out);
		if (region->name)
			fprintf(out, " %s", region->name);
		fputc('\n', out);
	}
}

int run_memblock(struct call *call)
{
	const struct mm *mm = call->session->mm;

	write_memblock(mm, "memory", &mm->memblock.memory, call->out);
	write_memblock(mm, "reserved", &mm->memblock.reserved, call->out);
	return SESSION_OK;
}

/* ------------------------------------------------------------ nodes --- */

static void write_cpus(const struct mm *mm, int node, FILE *out)
{
	unsigned int n = 0;

	fputs("  cpus              ", out);
	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++)
		if (cpu_to_node(mm, cpu) == node)
			fprintf(out, "%s%u", n++ ? " " : "", cpu);
	fputs(n ? "\n" : "none\n", out);
}

int run_nodes(struct call *call)
{
	const struct mm *mm = call->session->mm;
	FILE *out = call->out;

	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		const struct pglist_data *node = &mm->nodes[n];
		unsigned long bytes = node->node_spanned_pages * sizeof(struct page);

		fprintf(out, "Node %d (pglist_data)\n", node->node_id);
		fprintf(out, "  node_start_pfn    0x%lx\n", node->node_start_pfn);
		fprintf(out, "  node_present      %lu page%s\n", node->node_present_pages,
			plural(node->node_present_pages));
		fprintf(out, "  node_spanned      %lu page%s\n", node->node_spanned_pages,
			plural(node->node_spanned_pages));
		write_cpus(mm, (int)n, out);
		fputs("  distances         ", out);
		for (unsigned int to = 0; to < mm->nr_nodes; to++)
			fprintf(out, "%s%d:%u", to ? " " : "", mm->nodes[to].node_id, node->distance[to]);
		fprintf(out,
			"\n  memmap            %lu KiB here, %zu bytes a page (Linux: %lu KiB, 64 bytes a "
			"page)\n",
			bytes >> 10, sizeof(struct page), (node->node_spanned_pages * 64) >> 10);
		fprintf(out, "  kswapd            woken %lu time%s", node->kswapd_wakeups,
			plural(node->kswapd_wakeups));
		if (node->kswapd_wakeups)
			fprintf(out, ", for order %d", node->kswapd_order);
		fputc('\n', out);
	}
	return SESSION_OK;
}

/* ------------------------------------------------------------ zones --- */

/* Where a zone lies, and how many pages it has. */
static void write_extent(const struct mm *mm, const struct zone *zone, FILE *out)
{
	char start[24], end[24];

	if (zone->managed_pages == 0 && !populated_zone(zone)) {
		fprintf(out, "%4d %-7s %10s\n", node_id(mm, zone), zone->name, "empty");
		return;
	}
	snprintf(start, sizeof(start), "0x%lx", zone->zone_start_pfn);
	snprintf(end, sizeof(end), "0x%lx", zone_end_pfn(zone));
	fprintf(out, "%4d %-7s %10s %10s %9lu %9lu %9lu %8lu\n", node_id(mm, zone), zone->name, start, end,
		zone->spanned_pages, zone->present_pages, zone->managed_pages, zone->cma_pages);
}

/* How many of them are free, and what that is measured against. */
static void write_levels(const struct mm *mm, const struct zone *zone, FILE *out)
{
	if (zone->managed_pages == 0 && !populated_zone(zone))
		return;
	fprintf(out, "%4d %-7s %9ld %7lu %7lu %7lu %6lu  ", node_id(mm, zone), zone->name,
		zone_page_state_snapshot(zone, mm, NR_FREE_PAGES), zone->watermark[WMARK_MIN],
		zone->watermark[WMARK_LOW], zone->watermark[WMARK_HIGH], zone->watermark_boost);
	for (unsigned int t = 0; t < mm->nr_zone_types; t++)
		fprintf(out, "%s%ld", t ? "," : "", zone->lowmem_reserve[t]);
	fputc('\n', out);
}

int run_zones(struct call *call)
{
	const struct mm *mm = call->session->mm;

	fprintf(call->out, "%4s %-7s %10s %10s %9s %9s %9s %8s\n", "node", "zone", "start_pfn", "end_pfn",
		"spanned", "present", "managed", "cma");
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		write_extent(mm, mm->zones[i], call->out);
	fprintf(call->out, "%4s %-7s %9s %7s %7s %7s %6s  %s\n", "node", "zone", "free", "min", "low", "high",
		"boost", "lowmem_reserve");
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		write_levels(mm, mm->zones[i], call->out);
	return SESSION_OK;
}

static void write_zonelist(const struct mm *mm, const struct pglist_data *node, const char *title,
			   const int *list, FILE *out)
{
	fprintf(out, "Node %d %s:", node->node_id, title);
	for (; *list >= 0; list++) {
		const struct zone *zone = mm->zones[*list];

		fprintf(out, " Node %d %s%s", node_id(mm, zone), zone->name, list[1] >= 0 ? "," : "");
	}
	fputc('\n', out);
}

int run_zonelists(struct call *call)
{
	const struct mm *mm = call->session->mm;

	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		const struct pglist_data *node = &mm->nodes[n];

		write_zonelist(mm, node, "ZONELIST_FALLBACK", node->zonelist, call->out);
		write_zonelist(mm, node, "ZONELIST_NOFALLBACK", node->zonelist_thisnode, call->out);
	}
	return SESSION_OK;
}

/* -------------------------------------------------------------- cma --- */

/* Pages of an area that are on free lists or in page sets: it is made of whole pageblocks. */
static unsigned long cma_free_pages(const struct mm *mm, const struct cma_area *area)
{
	unsigned long pages = 0, step = 1UL << mm->pageblock_order;

	for (unsigned long pfn = area->base_pfn; pfn < area->base_pfn + area->count; pfn += step)
		pages += pfn_to_pageblock(mm, pfn)->nr_free + pfn_to_pageblock(mm, pfn)->nr_pcp;
	return pages;
}

static int show_cma(struct call *call)
{
	const struct mm *mm = call->session->mm;
	char start[24], end[24];

	if (mm->nr_cma == 0) {
		fputs("this machine has no CMA areas\n", call->out);
		return SESSION_OK;
	}
	fprintf(call->out, "%-14s %9s %9s %7s %9s %7s %7s  %s\n", "area", "base_pfn", "end_pfn", "pages",
		"allocated", "free", "lent", "zone");
	for (unsigned int i = 0; i < mm->nr_cma; i++) {
		const struct cma_area *area = &mm->cma[i];
		const struct zone *zone = mm->zones[area->zone];
		unsigned long nr_free = cma_free_pages(mm, area);

		snprintf(start, sizeof(start), "0x%lx", area->base_pfn);
		snprintf(end, sizeof(end), "0x%lx", area->base_pfn + area->count);
		fprintf(call->out, "%-14s %9s %9s %7lu %9lu %7lu %7lu  %d %s\n", area->name, start, end,
			area->count, area->nr_used, nr_free, area->count - nr_free - area->nr_used,
			node_id(mm, zone), zone->name);
	}
	return SESSION_OK;
}

int run_cma(struct call *call)
{
	if (call->nr_pos)
		return call->pos[0].number == 0 ? cma_alloc_command(call) : cma_free_command(call);
	call->look = true;
	return show_cma(call);
}
