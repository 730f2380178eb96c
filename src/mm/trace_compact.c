/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tracepoints of compaction, contiguous allocation and isolation as text. */
#include "config.h"

#include "compaction.h"
#include "trace_text.h"

static const char *mode_name(long mode)
{
	static const char *const names[] = { "async", "sync_light", "sync" };

	return names[mode];
}

/* "Node 0 DMA32", as /proc/zoneinfo would begin a zone. */
static const char *zone_text(const struct mm *mm, const struct zone *zone, char *buf, size_t size)
{
	snprintf(buf, size, "Node %d %s", mm->nodes[zone->node].node_id, zone->name);
	return buf;
}

static int say_run(const struct mm *mm, const struct trace_event *e, char *buf, size_t size)
{
	char zone[48];

	zone_text(mm, e->zone, zone, sizeof(zone));
	if (e->id == TRACE_MM_COMPACTION_BEGIN)
		return snprintf(buf, size, "%s order=%d mode=%s migrate_pfn=0x%lx free_pfn=0x%lx", zone,
				e->order, mode_name(e->a), e->pfn, e->pfn2);
	if (e->id == TRACE_MM_COMPACTION_END)
		return snprintf(
			buf, size,
			"%s order=%d mode=%s migrate_pfn=0x%lx free_pfn=0x%lx status=%s, %ld migrated", zone,
			e->order, mode_name(e->a), e->pfn, e->pfn2,
			compact_result_name((enum compact_result)e->c), e->b);
	if (e->id == TRACE_MM_COMPACTION_SUITABLE)
		return snprintf(buf, size, "%s order=%d ret=%s", zone, e->order,
				compact_result_name((enum compact_result)e->c));
	return snprintf(buf, size, "%s order=%d considered=%ld limit=%lu: %s", zone, e->order, e->a,
			1UL << e->b, e->text);
}

static int say_scan(const struct trace_event *e, char *buf, size_t size)
{
	static const char *const scanners[] = { "migrate scanner", "free scanner", "isolation" };

	switch (e->id) {
	case TRACE_MM_COMPACTION_MIGRATEPAGES:
		return snprintf(buf, size, "nr_migrated=%ld nr_failed=%ld", e->a, e->b);
	case TRACE_MIGRATE_PAGE:
		if (e->c)
			return snprintf(buf, size, "0x%lx → 0x%lx order=%d owner %ld", e->pfn, e->pfn2,
					e->order, e->c);
		return snprintf(buf, size, "0x%lx → 0x%lx order=%d", e->pfn, e->pfn2, e->order);
	case TRACE_COMPACT_SKIP_BLOCK:
		return snprintf(buf, size, "%s passes 0x%lx: %s", scanners[e->c], e->pfn, e->text);
	default:
		return snprintf(buf, size, "range=(0x%lx ~ 0x%lx) nr_scanned=%ld nr_taken=%ld", e->pfn,
				e->pfn2, e->a, e->b);
	}
}

static int say_cma(const struct trace_event *e, char *buf, size_t size)
{
	switch (e->id) {
	case TRACE_CMA_ALLOC_START:
		return snprintf(buf, size, "name=%s count=%ld align=%ld", e->text, e->a, e->b);
	case TRACE_CMA_RELEASE:
		return snprintf(buf, size, "name=%s pfn=0x%lx count=%ld", e->text, e->pfn, e->a);
	case TRACE_TEST_PAGES_ISOLATED:
		return snprintf(buf, size, "start_pfn=0x%lx end_pfn=0x%lx fin_pfn=0x%lx ret=%s", e->pfn,
				e->pfn2, (unsigned long)e->a,
				(unsigned long)e->a >= e->pfn2 ? "success" : "fail");
	default:
		if (e->pfn == PFN_NONE)
			return snprintf(buf, size, "name=%s page=(null) count=%ld align=%ld", e->text, e->a,
					e->b);
		return snprintf(buf, size, "name=%s pfn=0x%lx count=%ld align=%ld%s", e->text, e->pfn, e->a,
				e->b, e->id == TRACE_CMA_ALLOC_BUSY_RETRY ? ": busy, further on" : "");
	}
}

int trace_text_compact(const struct mm *mm, const struct trace_event *e, char *buf, size_t size)
{
	switch (e->id) {
	case TRACE_MM_COMPACTION_BEGIN:
	case TRACE_MM_COMPACTION_END:
	case TRACE_MM_COMPACTION_SUITABLE:
	case TRACE_MM_COMPACTION_DEFER:
		return say_run(mm, e, buf, size);
	case TRACE_MM_COMPACTION_KCOMPACTD_WAKE:
		return snprintf(buf, size, "nid=%ld order=%d, zones up to %s", e->c, e->order,
				zone_type_name(mm->zone_types[e->a]));
	case TRACE_CMA_ALLOC_START:
	case TRACE_CMA_ALLOC_FINISH:
	case TRACE_CMA_ALLOC_BUSY_RETRY:
	case TRACE_CMA_RELEASE:
	case TRACE_TEST_PAGES_ISOLATED:
		return say_cma(e, buf, size);
	default:
		return say_scan(e, buf, size);
	}
}
