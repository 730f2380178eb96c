/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine's node as the recorder's module dumps it.
 */
#include "config.h"

#include "transcript.h"

#include <string.h>

static long unfolded(const struct mm *mm, const struct zone *zone, enum zone_stat_item item)
{
	long sum = 0;

	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++)
		sum += zone->pcp[cpu].vm_stat_diff[item];
	return sum;
}

static void dump_stat(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out, "< zone nid=%d name=%s start=0x%lx spanned=%lu present=%lu managed=%lu\n",
		mm->nodes[zone->node].node_id, zone->name, zone->zone_start_pfn, zone->spanned_pages,
		zone->present_pages, zone->managed_pages);
	fprintf(out,
		"< wmark min=%lu low=%lu high=%lu promo=%lu boost=%lu nr_reserved_highatomic=%lu flags=0x0 "
		"lowmem_reserve=",
		zone->watermark[WMARK_MIN], zone->watermark[WMARK_LOW], zone->watermark[WMARK_HIGH],
		zone->watermark[WMARK_PROMO], zone->watermark_boost, zone->nr_reserved_highatomic);
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		fprintf(out, "%s%ld", i ? "," : "", zone->lowmem_reserve[i]);
	fprintf(out, "\n< stat nr_free_pages=%ld diff=%ld threshold=%u drift_mark=%lu contiguous=%d\n",
		zone->vm_stat[NR_FREE_PAGES], unfolded(mm, zone, NR_FREE_PAGES), zone->stat_threshold,
		zone->percpu_drift_mark, zone->contiguous);
	if (mm->config_cma)
		fprintf(out, "< cma cma_pages=%lu nr_free_cma=%ld diff=%ld\n", zone->cma_pages,
			zone->vm_stat[NR_FREE_CMA_PAGES], unfolded(mm, zone, NR_FREE_CMA_PAGES));
	fprintf(out,
		"< compact cached_free=0x%lx cached_migrate=0x%lx,0x%lx init_migrate=0x%lx init_free=0x%lx "
		"considered=%u defer_shift=%u order_failed=%d flush=%d\n",
		zone->compact_cached_free_pfn, zone->compact_cached_migrate_pfn[0],
		zone->compact_cached_migrate_pfn[1], zone->compact_init_migrate_pfn,
		zone->compact_init_free_pfn, zone->compact_considered, zone->compact_defer_shift,
		zone->compact_order_failed, zone->compact_blockskip_flush);
}

static void dump_page_sets(const struct mm *mm, const struct zone *zone, FILE *out)
{
	for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++) {
		const struct per_cpu_pages *pcp = &zone->pcp[cpu];

		fprintf(out, "< pcp cpu=%u count=%d high=%d batch=%d free_factor=%d expire=%d nlists=%d\n",
			cpu, pcp->count, pcp->high, pcp->batch, pcp->free_factor, pcp->expire, NR_PCP_LISTS);
		for (int i = 0; i < NR_PCP_LISTS; i++) {
			if (!pcp->lists[i].nr)
				continue;
			fprintf(out, "< pcplist cpu=%u pindex=%d :", cpu, i);
			for (uint32_t n = pcp->lists[i].head; n != PFN_NIL; n = pfn_to_page(mm, n)->next)
				fprintf(out, " 0x%x/%c", n,
					migratetype_letter((int)pfn_to_page(mm, n)->private));
			fputc('\n', out);
		}
	}
}

static void dump_free_lists(const struct mm *mm, const struct zone *zone, FILE *out)
{
	for (unsigned int order = 0; order <= mm->max_order; order++)
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &zone->free_area[order].free_list[mt];

			if (!list->nr)
				continue;
			fprintf(out, "< free order=%u mt=%c n=%u :", order, migratetype_letter(mt), list->nr);
			for_each_free_block (mm, list, n)
				fprintf(out, " 0x%lx", entry_pfn(mm, order, n));
			fputc('\n', out);
		}
}

/* Runs of allocated pages that count as movable when stealing. */
static void dump_movable(const struct mm *mm, const struct zone *zone, FILE *out)
{
	unsigned long from = PFN_NONE, end = zone_end_pfn(zone);

	fprintf(out, "< movable :");
	for (unsigned long pfn = zone->zone_start_pfn; pfn <= end; pfn++) {
		bool movable = pfn < end && (pfn_to_page(mm, pfn)->flags & PG_USED) &&
			       (pfn_to_page(mm, pfn)->flags & (PG_LRU | PG_MIGRATABLE)) &&
			       pfn_to_page(mm, pfn)->zone == zone->id;

		if (movable && from == PFN_NONE)
			from = pfn;
		if (!movable && from != PFN_NONE) {
			fprintf(out, " 0x%lx-0x%lx", from, pfn - 1);
			from = PFN_NONE;
		}
	}
	fputc('\n', out);
}

static void dump_blocks(const struct mm *mm, const struct zone *zone, FILE *out)
{
	unsigned long size = 1UL << mm->pageblock_order, first = zone->zone_start_pfn & ~(size - 1);
	unsigned int i = 0;

	fprintf(out, "< blocks start=0x%lx order=%u :", first, mm->pageblock_order);
	for (unsigned long pfn = first; pfn < zone_end_pfn(zone); pfn += size, i++) {
		const struct pageblock *pb = pfn_to_pageblock(mm, pfn);
		char letter = pb->flags & PB_PRESENT ? migratetype_letter(pb->migratetype) : '.';

		if (i % 64 == 0)
			fputc(' ', out);
		fputc(letter != '.' && (pb->flags & PB_SKIP) ? letter | 0x20 : letter, out);
	}
	fputc('\n', out);
}

void replay_dump(const struct replay *r, bool whole, FILE *out)
{
	const struct pglist_data *node = &r->mm->nodes[r->node];

	for (unsigned int i = 0; i < r->mm->nr_zone_types; i++) {
		const struct zone *zone = &node->node_zones[i];

		if (!populated_zone(zone))
			continue;
		dump_stat(r->mm, zone, out);
		if (!whole)
			continue;
		dump_page_sets(r->mm, zone, out);
		dump_free_lists(r->mm, zone, out);
		dump_movable(r->mm, zone, out);
		dump_blocks(r->mm, zone, out);
	}
}

/* Fields that no simulator of the allocator has: kswapd's flags, the vmstat worker's countdown. */
static bool not_modelled(const char *word)
{
	return starts_with(word, "flags=") || starts_with(word, "expire=");
}

bool dump_line_equal(const char *recorded, const char *ours)
{
	while (*recorded && *ours) {
		size_t a = strcspn(recorded, " "), b = strcspn(ours, " ");

		if (!not_modelled(recorded) && (a != b || strncmp(recorded, ours, a)))
			return false;
		recorded += a + (recorded[a] == ' ');
		ours += b + (ours[b] == ' ');
	}
	return *recorded == *ours;
}
