/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings of a running machine. Each setter follows the handler of that
 * sysctl in mm/page_alloc.c and mm/compaction.c; the two features are ours.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "buddyviz/sysctl.h"
#include "boot.h"

#define MIN_PERCPU_PAGELIST_HIGH_FRACTION 8

static unsigned int *uint_field(struct mm *mm, const struct sysctl *entry)
{
	return (unsigned int *)((char *)&mm->sysctl + entry->field);
}

static unsigned long get_uint(const struct mm *mm, const struct sysctl *entry)
{
	return *(const unsigned int *)((const char *)&mm->sysctl + entry->field);
}

/* proc_dointvec_minmax and nothing more. */
static const char *set_uint(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	*uint_field(mm, entry) = (unsigned int)value;
	return NULL;
}

static unsigned long get_min_free_kbytes(const struct mm *mm, const struct sysctl *entry)
{
	(void)entry;
	return (unsigned long)mm->min_free_kbytes;
}

/* min_free_kbytes_sysctl_handler */
static const char *set_min_free_kbytes(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	(void)entry;
	mm->min_free_kbytes = mm->sysctl.min_free_kbytes = (long)value;
	setup_per_zone_wmarks(mm);
	return NULL;
}

/* watermark_scale_factor_sysctl_handler */
static const char *set_watermark_scale_factor(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	set_uint(mm, entry, value);
	setup_per_zone_wmarks(mm);
	return NULL;
}

/* lowmem_reserve_ratio_sysctl_handler */
static const char *set_lowmem_reserve_ratio(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	set_uint(mm, entry, value);
	setup_per_zone_lowmem_reserve(mm);
	return NULL;
}

/* percpu_pagelist_high_fraction_sysctl_handler */
static const char *set_percpu_pagelist_high_fraction(struct mm *mm, const struct sysctl *entry,
						     unsigned long value)
{
	if (value && value < MIN_PERCPU_PAGELIST_HIGH_FRACTION)
		return "it must be 0 or at least 8";
	if (value == get_uint(mm, entry))
		return NULL;
	set_uint(mm, entry, value);
	setup_per_cpu_pageset(mm);
	return NULL;
}

/* compaction_proactiveness_sysctl_handler: kcompactd looks at once whether there is something to do */
static const char *set_compaction_proactiveness(struct mm *mm, const struct sysctl *entry,
						unsigned long value)
{
	set_uint(mm, entry, value);
	if (value)
		proactive_compact(mm);
	return NULL;
}

static unsigned long get_pcp(const struct mm *mm, const struct sysctl *entry)
{
	(void)entry;
	return !mm->pcp_disabled;
}

/* Page sets that are no longer used must not keep pages. */
static const char *set_pcp(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	(void)entry;
	if (!value)
		drain_pages(mm, -1, NULL);
	mm->pcp_disabled = !value;
	return NULL;
}

static unsigned long get_group_by_mobility(const struct mm *mm, const struct sysctl *entry)
{
	(void)entry;
	return !mm->page_group_by_mobility_disabled;
}

/* Pageblocks and lists stay as they are, as when the kernel turns it on or off at memory hotplug. */
static const char *set_group_by_mobility(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	(void)entry;
	mm->page_group_by_mobility_disabled = !value;
	build_alloc_contexts(mm);
	return NULL;
}

#define UINT(member, low, high, setter, text)                                                                \
	{                                                                                                    \
		.name = #member, .min = low, .max = high, .get = get_uint, .set = setter, .help = text,      \
		.field = offsetof(struct layout_sysctl, member)                                              \
	}
#define RATIO(zone, type)                                                                                    \
	{                                                                                                    \
		.name = "lowmem_reserve_ratio." zone, .max = INT_MAX, .get = get_uint,                       \
		.set = set_lowmem_reserve_ratio,                                                             \
		.help = "of what is managed above " zone ", 1/N is kept free in it; 0: nothing",             \
		.field = offsetof(struct layout_sysctl, lowmem_reserve_ratio[type])                          \
	}

const struct sysctl sysctl_table[] = {
	{
		.name = "min_free_kbytes",
		.max = INT_MAX,
		.get = get_min_free_kbytes,
		.set = set_min_free_kbytes,
		.help = "KiB that the zones' min watermarks share",
	},
	UINT(watermark_scale_factor, 1, 3000, set_watermark_scale_factor,
	     "distance of the watermarks, in 1/10000 of the zone"),
	UINT(watermark_boost_factor, 0, INT_MAX, set_uint,
	     "how far watermarks are raised when pageblocks are mixed, in 1/10000 of high; 0: never"),
	RATIO("DMA", ZONE_DMA),
	RATIO("DMA32", ZONE_DMA32),
	RATIO("Normal", ZONE_NORMAL),
	RATIO("HighMem", ZONE_HIGHMEM),
	RATIO("Movable", ZONE_MOVABLE),
	UINT(percpu_pagelist_high_fraction, 0, INT_MAX, set_percpu_pagelist_high_fraction,
	     "page sets may hold 1/N of the zone; 0: as the low watermark says"),
	UINT(extfrag_threshold, 0, 1000, set_uint,
	     "fragmentation index from which direct compaction is tried, in 1/1000"),
	UINT(compaction_proactiveness, 0, 100, set_compaction_proactiveness,
	     "how eagerly kcompactd compacts without being asked; 0: not at all"),
	{
		.name = "pcp",
		.is_switch = true,
		.max = 1,
		.get = get_pcp,
		.set = set_pcp,
		.help = "per-CPU page sets",
	},
	{
		.name = "group_by_mobility",
		.is_switch = true,
		.max = 1,
		.get = get_group_by_mobility,
		.set = set_group_by_mobility,
		.help = "pages of one mobility are kept together by pageblock",
	},
	{ .name = NULL },
};

const struct sysctl *sysctl_find(const char *name)
{
	for (const struct sysctl *entry = sysctl_table; entry->name; entry++)
		if (strcmp(entry->name, name) == 0)
			return entry;
	return NULL;
}

unsigned long sysctl_get(const struct mm *mm, const struct sysctl *entry)
{
	return entry->get(mm, entry);
}

const char *sysctl_set(struct mm *mm, const struct sysctl *entry, unsigned long value)
{
	if (value < entry->min)
		return "the value is too small";
	if (value > entry->max)
		return "the value is too large";
	return entry->set(mm, entry, value);
}
