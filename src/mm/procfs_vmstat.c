/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /proc/vmstat as text: a row a counter, name and value, in the order of
 * mm/vmstat.c of Linux 6.1. What the simulator does not have is printed as 0.
 */
#include "config.h"

#include "boot.h"
#include "buddyviz/procfs.h"
#include "procfs_vmstat.h"

#define DIRTY_RATIO            20 /* vm.dirty_ratio */
#define DIRTY_BACKGROUND_RATIO 10 /* vm.dirty_background_ratio */

static void show(FILE *out, const char *name, unsigned long value)
{
	fprintf(out, "%s %lu\n", name, value);
}

/* Pages that may become dirty: free ones beyond the reserves, and page cache (global_dirtyable_memory). */
static unsigned long dirtyable_memory(const struct mm *mm)
{
	long free = 0, file = 0;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->zones[i]->type != ZONE_HIGHMEM) {
			free += mm->zones[i]->vm_stat[NR_FREE_PAGES];
			file += mm->zones[i]->vm_stat[NR_ZONE_INACTIVE_FILE] +
				mm->zones[i]->vm_stat[NR_ZONE_ACTIVE_FILE];
		}
	free -= free < (long)mm->totalreserve_pages ? free : (long)mm->totalreserve_pages;
	return (unsigned long)(free + file) + 1;
}

static void show_dirty_limits(const struct mm *mm, FILE *out)
{
	unsigned long page_size = 1UL << mm->page_shift, available = dirtyable_memory(mm);

	show(out, "nr_dirty_threshold", DIRTY_RATIO * page_size / 100 * available / page_size);
	show(out, "nr_dirty_background_threshold",
	     DIRTY_BACKGROUND_RATIO * page_size / 100 * available / page_size);
}

/* One event of every zone type that the machine has. */
static void show_by_zone(const struct mm *mm, const char *name, const unsigned long *counts, FILE *out)
{
	static const char *const suffix[NR_ZONE_TYPES] = {
		[ZONE_DMA] = "dma",      [ZONE_DMA32] = "dma32",     [ZONE_NORMAL] = "normal",
		[ZONE_HIGHMEM] = "high", [ZONE_MOVABLE] = "movable", [ZONE_DEVICE] = "device",
	};

	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		fprintf(out, "%s_%s %lu\n", name, suffix[mm->zone_types[i]], counts[i]);
}

void proc_vmstat(const struct mm *mm, FILE *out)
{
#define X(id, name) [id] = #name,
	static const char *const names[NR_VM_EVENT_ITEMS] = { VM_EVENT_TABLE_IO(X) VM_EVENT_TABLE(X) };
#undef X

	vmstat_show_counters(mm, out);
	show_dirty_limits(mm, out);
	for (int i = 0; i < NR_VM_EVENT_ITEMS; i++) {
		if (i == PGFREE) {
			show_by_zone(mm, "pgalloc", mm->vm_zone_events[PGALLOC], out);
			show_by_zone(mm, "allocstall", mm->vm_zone_events[ALLOCSTALL], out);
			show_by_zone(mm, "pgskip", mm->vm_zone_events[PGSCAN_SKIP], out);
		}
		if (mm->config_cma || (i != CMA_ALLOC_SUCCESS && i != CMA_ALLOC_FAIL))
			show(out, names[i], mm->vm_events[i]);
	}
}
