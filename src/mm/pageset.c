/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How large the per-CPU page sets are: batch from the zone's size, high from
 * its low watermark shared by the CPUs near it. Follows zone_batchsize() and
 * zone_highsize() in mm/page_alloc.c.
 */
#include "config.h"

#include "boot.h"

/* About a thousandth of the zone, a quarter of a MiB at most, as 2^n - 1; at least 1. */
static int zone_batchsize(const struct mm *mm, const struct zone *zone)
{
	unsigned long batch = min_ul(zone->managed_pages >> 10, (1UL << 20) >> mm->page_shift) / 4;
	unsigned long power = 1;

	if (!batch)
		batch = 1;
	batch += batch / 2;
	while (power * 2 <= batch)
		power *= 2;
	return power > 1 ? (int)power - 1 : 1;
}

/* CPUs of a zone's node, all of them if it has none; a layout that names none has them on the first. */
static unsigned int nr_split_cpus(const struct mm *mm, const struct zone *zone)
{
	unsigned int named = 0, here = mm->layout->nodes[zone->node].nr_cpus;

	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		named += mm->layout->nodes[n].nr_cpus;
	if (!named && !zone->node)
		here = mm->nr_cpus;
	return here ? here : mm->nr_cpus;
}

static int zone_highsize(const struct mm *mm, const struct zone *zone, int batch)
{
	unsigned long total = zone->watermark[WMARK_LOW];
	int high;

	if (mm->sysctl.percpu_pagelist_high_fraction)
		total = zone->managed_pages / mm->sysctl.percpu_pagelist_high_fraction;
	high = (int)(total / nr_split_cpus(mm, zone));
	return high > batch << 2 ? high : batch << 2;
}

void setup_per_cpu_pageset(struct mm *mm)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];

		if (!populated_zone(zone))
			continue;
		zone->pageset_batch = zone_batchsize(mm, zone);
		zone->pageset_high = zone_highsize(mm, zone, zone->pageset_batch);
		for (unsigned int cpu = 0; cpu < mm->nr_cpus; cpu++) {
			zone->pcp[cpu].batch = zone->pageset_batch;
			zone->pcp[cpu].high = zone->pageset_high;
		}
	}
}
