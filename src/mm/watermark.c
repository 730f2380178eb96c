/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the allocator keeps back: min_free_kbytes, the zones' watermarks made
 * of it, and lowmem_reserve, which protects a zone from requests that could
 * have been served by a higher one. Follows the functions of these names in
 * mm/page_alloc.c and hugepage_init() in mm/huge_memory.c.
 */
#include "config.h"

#include "boot.h"

/* Pages above the high watermark that GFP_USER may use (nr_free_buffer_pages). */
static unsigned long nr_free_buffer_pages(const struct mm *mm)
{
	int highest = gfp_zone(mm, GFP_USER);
	unsigned long sum = 0;

	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		const struct zone *zone = mm->zones[i];

		if (zone->index <= highest && zone->managed_pages > zone->watermark[WMARK_HIGH])
			sum += zone->managed_pages - zone->watermark[WMARK_HIGH];
	}
	return sum;
}

/* The largest number whose square is not above x. */
unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0;

	for (unsigned long bit = 1UL << 31; bit; bit >>= 1)
		if ((root | bit) * (root | bit) <= x)
			root |= bit;
	return root;
}

/* Unless the layout says how much: the square root of 16 times lowmem, in KiB, from 128 to 262144. */
static void calculate_min_free_kbytes(struct mm *mm)
{
	unsigned long lowmem_kbytes = nr_free_buffer_pages(mm) << (mm->page_shift - 10);

	if (mm->sysctl.min_free_kbytes >= 0)
		mm->min_free_kbytes = mm->sysctl.min_free_kbytes;
	else
		mm->min_free_kbytes = (long)clamp_ul(int_sqrt(lowmem_kbytes * 16), 128, 262144);
}

static void calculate_totalreserve_pages(struct mm *mm)
{
	mm->totalreserve_pages = 0;
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		const struct zone *zone = mm->zones[i];
		long max = 0;

		for (unsigned int j = (unsigned int)zone->index; j < mm->nr_zone_types; j++)
			if (zone->lowmem_reserve[j] > max)
				max = zone->lowmem_reserve[j];
		mm->totalreserve_pages +=
			min_ul((unsigned long)max + wmark_pages(zone, WMARK_HIGH), zone->managed_pages);
	}
}

/* A zone's watermarks, given that its share of min_free_kbytes is share pages (__setup_per_zone_wmarks). */
static void set_zone_wmarks(struct mm *mm, struct zone *zone, unsigned long share)
{
	unsigned long managed = zone->managed_pages, factor = mm->sysctl.watermark_scale_factor;
	/* managed * factor / 10000 without overflow, rounded as the kernel's mult_frac() does */
	unsigned long distance = managed / 10000 * factor + managed % 10000 * factor / 10000;

	/* HighMem needs no reserve for emergencies: its min watermark is a token */
	zone->watermark[WMARK_MIN] =
		is_highmem(mm, zone) ? clamp_ul(managed / 1024, SWAP_CLUSTER_MAX, 128) : share;
	distance = max_ul(distance, share / 4);
	zone->watermark_boost = 0;
	zone->watermark[WMARK_LOW] = zone->watermark[WMARK_MIN] + distance;
	zone->watermark[WMARK_HIGH] = zone->watermark[WMARK_LOW] + distance;
	zone->watermark[WMARK_PROMO] = zone->watermark[WMARK_HIGH] + distance;
	trace(mm, WATERMARK_SET, .zone = zone, .a = (long)zone->watermark[WMARK_MIN],
	      .b = (long)zone->watermark[WMARK_LOW], .c = (long)zone->watermark[WMARK_HIGH]);
}

void setup_per_zone_wmarks(struct mm *mm)
{
	unsigned long pages_min = (unsigned long)mm->min_free_kbytes >> (mm->page_shift - 10);
	unsigned long lowmem_pages = 0;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (!is_highmem(mm, mm->zones[i]))
			lowmem_pages += mm->zones[i]->managed_pages;
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		struct zone *zone = mm->zones[i];
		/* the product of two page counts passes 64 bits only beyond any machine of 2^32 pages */
		unsigned long share = lowmem_pages ? pages_min * zone->managed_pages / lowmem_pages : 0;

		set_zone_wmarks(mm, zone, share);
	}
	calculate_totalreserve_pages(mm);
	setup_per_cpu_pageset(mm); /* a set's size follows the low watermark */
}

/* "(0, 0, 1343, 1343)", as /proc/zoneinfo prints a zone's reserve by the request's zone. */
static void format_protection(const struct mm *mm, const struct zone *zone, char *buf, size_t size)
{
	size_t len = 0;

	for (unsigned int j = 0; j < mm->nr_zone_types && len < size; j++)
		len += (size_t)snprintf(buf + len, size - len, "%s%ld", j ? ", " : "(",
					zone->lowmem_reserve[j]);
	if (len < size)
		snprintf(buf + len, size - len, ")");
}

/* For each higher zone, what is managed above this one up to there, divided by this one's ratio. */
static void set_zone_lowmem_reserve(struct mm *mm, struct zone *zone)
{
	unsigned long ratio = mm->sysctl.lowmem_reserve_ratio[zone->type], managed = 0;
	const struct zone *zones = mm->nodes[zone->node].node_zones;
	char protection[160];

	for (unsigned int j = (unsigned int)zone->index + 1; j < mm->nr_zone_types; j++) {
		managed += zones[j].managed_pages;
		zone->lowmem_reserve[j] = ratio && zone->managed_pages ? (long)(managed / ratio) : 0;
	}
	format_protection(mm, zone, protection, sizeof(protection));
	trace(mm, LOWMEM_RESERVE_SET, .zone = zone, .text = protection);
}

void setup_per_zone_lowmem_reserve(struct mm *mm)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->zones[i]->index + 1 < (int)mm->nr_zone_types)
			set_zone_lowmem_reserve(mm, mm->zones[i]);
	calculate_totalreserve_pages(mm);
}

void init_per_zone_wmark_min(struct mm *mm)
{
	calculate_min_free_kbytes(mm);
	setup_per_zone_wmarks(mm);
	refresh_zone_stat_thresholds(mm);
	setup_per_zone_lowmem_reserve(mm);
}

/*
 * The set-up of huge pages computes min_free_kbytes once more, also when they
 * are off (set_recommended_min_free_kbytes); now there are high watermarks to
 * subtract. Machines below 512 MiB get no huge pages and leave it at that.
 */
void hugepage_init(struct mm *mm)
{
	if (mm->managed_pages < 512UL << (20 - mm->page_shift))
		return;
	calculate_min_free_kbytes(mm);
	setup_per_zone_wmarks(mm);
}
