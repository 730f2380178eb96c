/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone counters. Each CPU keeps the last few changes to itself and folds them
 * into the zone's counter when they pass a threshold, so what a watermark
 * check reads lags behind: that, too, decides which zone serves a request.
 */
#include "config.h"

#include "internal.h"

/* The position of the highest bit set, counted from 1; 0 for 0 (fls). */
static unsigned int fls(unsigned long x)
{
	return x ? (unsigned int)(8 * sizeof(x)) - (unsigned int)__builtin_clzl(x) : 0;
}

/* calculate_normal_threshold: by CPUs and by the zone's memory in units of 128 MiB */
static unsigned int normal_threshold(const struct mm *mm, const struct zone *zone)
{
	unsigned long mem = zone->managed_pages >> (27 - mm->page_shift);
	unsigned int threshold = 2 * fls(mm->nr_cpus) * (1 + fls(mem));

	return threshold < MAX_THRESHOLD ? threshold : MAX_THRESHOLD;
}

void refresh_zone_stat_thresholds(struct mm *mm)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];
		unsigned long tolerate, max_drift;

		if (!populated_zone(zone))
			continue;
		zone->stat_threshold = normal_threshold(mm, zone);
		/* above this many free pages no drift can hide the min watermark */
		tolerate = zone->watermark[WMARK_LOW] - zone->watermark[WMARK_MIN];
		max_drift = (unsigned long)mm->nr_cpus * zone->stat_threshold;
		if (max_drift > tolerate)
			zone->percpu_drift_mark = wmark_pages(zone, WMARK_HIGH) + max_drift;
	}
}

long zone_page_state_snapshot(const struct zone *zone, const struct mm *mm, enum zone_stat_item item)
{
	long x = zone->vm_stat[item];

	for (unsigned int cpu = 0; zone->pcp && cpu < mm->nr_cpus; cpu++)
		x += zone->pcp[cpu].vm_stat_diff[item];
	return x < 0 ? 0 : x;
}
