/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a command changed anything that its user would call a change. */
#include "config.h"

#include "buddyviz/sysctl.h"
#include "shell.h"

/* FNV-1a over a number at a time: for "equal or not" that is plenty. */
static void mix(uint64_t *sum, uint64_t value)
{
	*sum = (*sum ^ value) * UINT64_C(0x100000001b3);
}

static void mix_zone(uint64_t *sum, const struct mm *mm, const struct zone *zone)
{
	for (unsigned int order = 0; order <= mm->max_order; order++)
		for (int mt = 0; mt < MIGRATE_TYPES; mt++)
			mix(sum, zone->free_area[order].free_list[mt].nr);
	for (unsigned int cpu = 0; cpu < mm->nr_cpus && populated_zone(zone); cpu++)
		mix(sum, (uint64_t)zone->pcp[cpu].count);
	mix(sum, zone->watermark_boost);
	mix(sum, zone->nr_reserved_highatomic);
}

/* What pages went through while the counts may be what they were: each of these moves one. */
static void mix_events(uint64_t *sum, const struct mm *mm)
{
	static const enum vm_event_item events[] = {
		PGFREE, PGACTIVATE, PGDEACTIVATE, PGROTATED, PGSCAN_KSWAPD, PGSCAN_DIRECT, PGMIGRATE_SUCCESS,
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		mix(sum, mm->vm_events[events[i]]);
}

static void mix_settings(uint64_t *sum, const struct mm *mm)
{
	for (const struct sysctl *entry = sysctl_table; entry->name; entry++)
		mix(sum, sysctl_get(mm, entry));
}

uint64_t session_signature(const struct session *s)
{
	const struct mm *mm = s->mm;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (populated_zone(mm->zones[i]))
			mix_zone(&sum, mm, mm->zones[i]);
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		for (int i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
			mix(&sum, (uint64_t)mm->nodes[n].vm_stat[i]);
	mix(&sum, mm->nr_swap_pages);
	mix(&sum, s->used_pages);
	mix_events(&sum, mm);
	mix_settings(&sum, mm);
	return sum;
}
