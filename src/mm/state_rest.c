/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a machine's state that is on no list: limits, counters, scanners, CMA bitmaps. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "free_list.h"
#include "state_parts.h"

/* -------------------------------------------------------------- zones --- */

static void apply_limits(struct mm *mm, struct zone *zone, const struct state_limits *limits)
{
	memcpy(zone->watermark, limits->watermark, sizeof(zone->watermark));
	memcpy(zone->lowmem_reserve, limits->lowmem_reserve, sizeof(zone->lowmem_reserve));
	zone->percpu_drift_mark = limits->percpu_drift_mark;
	zone->pageset_high = limits->pageset_high;
	zone->pageset_batch = limits->pageset_batch;
	for (unsigned int c = 0; c < mm->nr_cpus; c++) {
		zone->pcp[c].high = limits->pageset_high;
		zone->pcp[c].batch = limits->pageset_batch;
	}
}

static void apply_compaction(struct zone *zone, const struct zone_state *state)
{
	zone->compact_cached_free_pfn = state->compact_cached_free_pfn;
	memcpy(zone->compact_cached_migrate_pfn, state->compact_cached_migrate_pfn,
	       sizeof(zone->compact_cached_migrate_pfn));
	zone->compact_init_migrate_pfn = state->compact_init_migrate_pfn;
	zone->compact_init_free_pfn = state->compact_init_free_pfn;
	zone->compact_considered = state->compact_considered;
	zone->compact_defer_shift = state->compact_defer_shift;
	zone->compact_order_failed = state->compact_order_failed;
	zone->compact_blockskip_flush = state->compact_blockskip_flush;
}

void state_apply_zone_rest(struct mm *mm, struct zone *zone, const struct zone_state *state)
{
	if (state->limits)
		apply_limits(mm, zone, state->limits);
	zone->watermark_boost = state->watermark_boost;
	zone->nr_reserved_highatomic = state->nr_reserved_highatomic;
	zone->boosted = state->boosted;
	memcpy(zone->vm_numa_event, state->vm_numa_event, sizeof(zone->vm_numa_event));
	zone->reclaim_active = state->reclaim_active;
	if (!state->compaction_as_booted)
		apply_compaction(zone, state);
	for (unsigned int c = 0; state->cpus && c < state->nr_cpus && c < mm->nr_cpus; c++) {
		zone->pcp[c].free_factor = state->cpus[c].free_factor;
		zone->pcp[c].expire = state->cpus[c].expire;
		for (int item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++) {
			zone->pcp[c].vm_stat_diff[item] = state->cpus[c].vm_stat_diff[item];
			zone->vm_stat[item] -= state->cpus[c].vm_stat_diff[item];
		}
	}
}

static void capture_compaction(const struct zone *zone, struct zone_state *to)
{
	/* it may have stepped below 0, as in the kernel: past the zone's end is past it */
	to->compact_cached_free_pfn =
		zone->compact_cached_free_pfn < UINT32_MAX ? zone->compact_cached_free_pfn : UINT32_MAX;
	memcpy(to->compact_cached_migrate_pfn, zone->compact_cached_migrate_pfn,
	       sizeof(to->compact_cached_migrate_pfn));
	to->compact_init_migrate_pfn = zone->compact_init_migrate_pfn;
	to->compact_init_free_pfn = zone->compact_init_free_pfn;
	to->compact_considered = zone->compact_considered;
	to->compact_defer_shift = zone->compact_defer_shift;
	to->compact_order_failed = zone->compact_order_failed;
	to->compact_blockskip_flush = zone->compact_blockskip_flush;
}

bool state_capture_zone_rest(const struct zone *zone, struct zone_state *to)
{
	to->limits = calloc(1, sizeof(*to->limits));
	if (!to->limits)
		return false;
	memcpy(to->limits->watermark, zone->watermark, sizeof(zone->watermark));
	memcpy(to->limits->lowmem_reserve, zone->lowmem_reserve, sizeof(zone->lowmem_reserve));
	to->limits->percpu_drift_mark = zone->percpu_drift_mark;
	to->limits->pageset_high = zone->pageset_high;
	to->limits->pageset_batch = zone->pageset_batch;
	to->watermark_boost = zone->watermark_boost;
	to->nr_reserved_highatomic = zone->nr_reserved_highatomic;
	to->boosted = zone->boosted;
	memcpy(to->vm_numa_event, zone->vm_numa_event, sizeof(to->vm_numa_event));
	to->reclaim_active = zone->reclaim_active;
	capture_compaction(zone, to);
	return true;
}

/* ---------------------------------------------------------- CMA areas --- */

static unsigned long cma_bits(const struct cma_area *cma)
{
	return cma->count >> cma->order_per_bit;
}

void state_forget_rest(struct mm *mm)
{
	for (unsigned int i = 0; i < mm->nr_cma; i++) {
		struct cma_area *cma = &mm->cma[i];

		memset(cma->bitmap, 0,
		       (cma_bits(cma) + BITS_PER_LONG - 1) / BITS_PER_LONG * sizeof(unsigned long));
		cma->nr_used = 0;
	}
}

static struct cma_area *find_cma(const struct mm *mm, const char *name)
{
	for (unsigned int i = 0; i < mm->nr_cma; i++)
		if (strcmp(mm->cma[i].name, name) == 0)
			return &mm->cma[i];
	return NULL;
}

static const char *apply_run(struct cma_area *cma, unsigned long pfn, unsigned long count)
{
	unsigned long first = (pfn - cma->base_pfn) >> cma->order_per_bit;
	unsigned long nr = (count + (1UL << cma->order_per_bit) - 1) >> cma->order_per_bit;

	if (pfn < cma->base_pfn || !count || first + nr > cma_bits(cma) || nr > cma_bits(cma))
		return "pages that are not in the CMA area";
	for (unsigned long bit = first; bit < first + nr; bit++) {
		if (cma_bit_set(cma, bit))
			return "pages that the CMA area has handed out already";
		cma->bitmap[bit / BITS_PER_LONG] |= 1UL << (bit % BITS_PER_LONG);
	}
	cma->nr_used += count;
	return NULL;
}

static const char *apply_cma(struct mm *mm, const struct mm_state *state, struct state_place *place)
{
	for (unsigned int i = 0; i < state->nr_cma; i++) {
		const struct cma_state *from = &state->cma[i];
		struct cma_area *cma = find_cma(mm, from->name);

		if (!cma)
			return state_error_at(place, "a CMA area that the layout has not", "cma[%u].name", i);
		for (unsigned long r = 0; r < from->nr_runs; r++) {
			const char *error = apply_run(cma, from->runs[r].pfn, from->runs[r].count);

			if (error)
				return state_error_at(place, error, "cma[%u].pages[%lu]", i, r);
		}
	}
	return NULL;
}

/* The area's next run of pages handed out, from *bit on; false: no more. */
static bool next_run(const struct cma_area *cma, unsigned long *bit, unsigned long *pfn, unsigned long *count)
{
	unsigned long first = *bit, bits = cma_bits(cma);

	while (first < bits && !cma_bit_set(cma, first))
		first++;
	*bit = first;
	while (*bit < bits && cma_bit_set(cma, *bit))
		++*bit;
	*pfn = cma->base_pfn + (first << cma->order_per_bit);
	*count = (*bit - first) << cma->order_per_bit;
	return *count != 0;
}

static bool capture_area(const struct cma_area *cma, struct cma_state *to)
{
	unsigned long bit = 0, pfn, count, nr = 0;

	to->name = strdup(cma->name);
	while (next_run(cma, &bit, &pfn, &count))
		nr++;
	to->runs = calloc(nr, sizeof(*to->runs));
	if (!to->name || !to->runs)
		return false;
	for (bit = 0; next_run(cma, &bit, &pfn, &count); to->nr_runs++) {
		to->runs[to->nr_runs].pfn = pfn;
		to->runs[to->nr_runs].count = count;
	}
	return true;
}

/* ------------------------------------------------------- whole machine --- */

static void apply_kcompactd(struct mm *mm, const struct node_state *state)
{
	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		if (mm->nodes[n].node_id != state->node)
			continue;
		mm->nodes[n].kcompactd_max_order = state->kcompactd_max_order;
		mm->nodes[n].kcompactd_highest_zoneidx = state->kcompactd_highest_zoneidx;
		mm->nodes[n].kcompactd_woken = state->kcompactd_woken;
	}
}

const char *state_apply_rest(struct mm *mm, const struct mm_state *state, struct state_place *place)
{
	if (state->cpu >= mm->nr_cpus)
		return state_error_at(place, "a CPU that the machine has not", "cpu");
	set_cpu(mm, state->cpu);
	for (unsigned int n = 0; n < state->nr_nodes; n++)
		apply_kcompactd(mm, &state->nodes[n]);
	if (state->has_totals) {
		mm->min_free_kbytes = state->min_free_kbytes;
		mm->totalreserve_pages = state->totalreserve_pages;
	}
	return apply_cma(mm, state, place);
}

bool state_capture_rest(const struct mm *mm, struct mm_state *to)
{
	to->has_totals = true;
	to->min_free_kbytes = mm->min_free_kbytes;
	to->totalreserve_pages = mm->totalreserve_pages;
	to->cpu = mm->cpu;
	for (unsigned int n = 0; n < to->nr_nodes; n++) {
		to->nodes[n].kcompactd_max_order = mm->nodes[n].kcompactd_max_order;
		to->nodes[n].kcompactd_highest_zoneidx = mm->nodes[n].kcompactd_highest_zoneidx;
		to->nodes[n].kcompactd_woken = mm->nodes[n].kcompactd_woken;
	}
	to->cma = calloc(mm->nr_cma, sizeof(*to->cma));
	if (!to->cma && mm->nr_cma)
		return false;
	for (unsigned int i = 0; i < mm->nr_cma; i++) {
		if (!mm->cma[i].nr_used)
			continue;
		if (!capture_area(&mm->cma[i], &to->cma[to->nr_cma++]))
			return false;
	}
	return true;
}

void state_free_rest(struct mm_state *state)
{
	for (unsigned int i = 0; i < state->nr_cma; i++) {
		free(state->cma[i].name);
		free(state->cma[i].runs);
	}
	free(state->cma);
	free(state->session.live);
	free(state->session.spare);
}
