/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tracepoints of reclaim as text. */
#include "config.h"

#include <limits.h>

#include "reclaim.h"
#include "trace_text.h"

static const char *kind(const struct trace_event *e)
{
	return e->mt ? "file" : "anon";
}

static int say_victim(const struct trace_event *e, char *buf, size_t size)
{
	if (e->mt)
		return snprintf(
			buf, size,
			"Out of memory: Killed process %s, badness %ld: %ld pages resident, %ld in swap",
			e->text, e->c, e->a, e->b);
	if (e->c == LONG_MIN)
		return snprintf(buf, size, "%s must not be killed (oom_score_adj -1000)", e->text);
	return snprintf(buf, size, "candidate %s: %ld pages resident, %ld in swap, badness %ld", e->text,
			e->a, e->b, e->c);
}

int trace_text_vmscan(const struct mm *mm, const struct trace_event *e, char *buf, size_t size)
{
	char gfp[160];

	switch (e->id) {
	case TRACE_KSWAPD_WAKE:
		return snprintf(buf, size, "nid=%ld order=%d, zones up to %s", e->c, e->order,
				zone_type_name(mm->zone_types[e->a]));
	case TRACE_KSWAPD_SLEEP:
		return snprintf(buf, size, "nid=%ld", e->c);
	case TRACE_DIRECT_RECLAIM_BEGIN:
		return snprintf(buf, size, "order=%d gfp_flags=%s", e->order,
				gfp_format(e->gfp, gfp, sizeof(gfp)));
	case TRACE_DIRECT_RECLAIM_END:
		return snprintf(buf, size, "nr_reclaimed=%ld", e->a);
	case TRACE_LRU_SHRINK_INACTIVE:
		return snprintf(buf, size, "nid=%ld nr_scanned=%ld nr_reclaimed=%ld %s priority=%d %s", e->c,
				e->a, e->b, e->text, e->order, kind(e));
	case TRACE_LRU_SHRINK_ACTIVE:
		return snprintf(buf, size, "nid=%ld nr_taken=%ld nr_deactivated=%ld priority=%d %s", e->c,
				e->a, e->b, e->order, kind(e));
	case TRACE_LRU_FOLIO:
		return snprintf(buf, size, "0x%lx order %d: %s", e->pfn, e->order, e->text ? e->text : "");
	default:
		return say_victim(e, buf, size);
	}
}
