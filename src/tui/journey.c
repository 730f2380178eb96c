// SPDX-License-Identifier: GPL-3.0-or-later
/* From the events of a request to its steps. */
#include "config.h"

#include "journey.h"

#include <stdio.h>
#include <string.h>

unsigned int journey_steps(const struct journey *j)
{
	return j->nr < JOURNEY_HEAD + JOURNEY_TAIL ? (unsigned int)j->nr : JOURNEY_HEAD + JOURNEY_TAIL;
}

/* Where step n, counted from the request's first, is kept. */
static unsigned int slot(unsigned long n)
{
	return n < JOURNEY_HEAD ? (unsigned int)n
				: JOURNEY_HEAD + (unsigned int)((n - JOURNEY_HEAD) % JOURNEY_TAIL);
}

const struct journey_step *journey_step_at(const struct journey *j, unsigned int i, unsigned long *left_out)
{
	unsigned long gone = j->nr - journey_steps(j);

	if (left_out)
		*left_out = i == JOURNEY_HEAD ? gone : 0;
	return &j->steps[slot(i < JOURNEY_HEAD ? i : i + gone)];
}

static struct journey_step *last(struct journey *j)
{
	return j->nr ? &j->steps[slot(j->nr - 1)] : NULL;
}

static int zone_of(const struct trace_event *e)
{
	return e->zone ? e->zone->id : -1;
}

static struct journey_step *add(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = &j->steps[slot(j->nr++)];

	*s = (struct journey_step){ .e = *e, .zone = zone_of(e), .nr = 1 };
	if (e->text)
		snprintf(s->text, sizeof(s->text), "%s", e->text);
	s->e.zone = NULL;
	s->e.text = NULL;
	return s;
}

/*
 * Bring the step just added before those right before it that belong to it:
 * the kernel looks there first and announces it afterwards.
 */
static void add_before(struct journey *j, const struct trace_event *e, uint64_t belonging)
{
	struct journey_step step = *add(j, e);
	unsigned long n = j->nr - 1;

	for (; n > 0 && n != JOURNEY_HEAD && j->nr - n < JOURNEY_TAIL; n--) {
		const struct journey_step *before = &j->steps[slot(n - 1)];

		if (!(belonging & TRACE_BIT(before->e.id)))
			break;
		j->steps[slot(n)] = *before;
	}
	j->steps[slot(n)] = step;
}

/* The last step of a kind if it has not ended yet. */
static struct journey_step *open_step(struct journey *j, enum trace_id id)
{
	unsigned long n;

	for (n = j->nr; n > 0 && j->nr - n < 8; n--) {
		struct journey_step *s = &j->steps[slot(n - 1)];

		if (s->e.id == id)
			return s->done ? NULL : s;
	}
	return NULL;
}

/* ------------------------------------------------------------ one kind --- */

/* The check's parts: lowmem_reserve, and what is free but not for this request. */
static void add_watermark(struct journey *j, const struct mm *mm, const struct trace_event *e)
{
	struct journey_step *s = add(j, e);
	int highest = gfp_zone(mm, j->gfp);

	s->reserve = highest < 0 ? 0 : e->zone->lowmem_reserve[highest];
	s->held_back = (1L << e->order) - 1;
	if (j->mt != MIGRATE_MOVABLE)
		s->held_back += e->zone->vm_stat[NR_FREE_CMA_PAGES];
	if (!j->slow || !(gfp_to_alloc_flags(mm, j->gfp, (unsigned int)j->order) & ALLOC_RESERVES))
		s->held_back += (long)e->zone->nr_reserved_highatomic;
}

/* A refill takes block after block off the lists: one step. */
static void add_list(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = last(j);

	if (s && s->e.id == e->id && s->zone == zone_of(e) && s->e.order == e->order && s->e.mt == e->mt &&
	    s->e.order2 >= 0 && e->order2 >= 0)
		s->nr++;
	else
		add(j, e);
}

static void add_half(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = last(j);

	if (!s || s->e.id != TRACE_RMQUEUE_SMALLEST)
		return;
	if (!s->halves++)
		s->first_half = e->order;
	if (s->nr == 1)
		s->last_half = e->order;
}

static void add_retyped(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = last(j);

	if (s && s->e.id == e->id && s->e.mt == e->mt && s->e.mt2 == e->mt2)
		s->nr++;
	else
		add(j, e);
}

static void add_compaction(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = open_step(j, TRACE_MM_COMPACTION_BEGIN);

	if (!s)
		return;
	switch (e->id) {
	case TRACE_COMPACT_SKIP_BLOCK:
		s->skipped++;
		break;
	case TRACE_MIGRATE_PAGE:
		s->moved += 1UL << e->order;
		break;
	default:
		s->e.pfn = e->pfn;
		s->e.pfn2 = e->pfn2;
		s->e.c = e->c;
		s->done = true;
	}
}

static void add_reclaim(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s = open_step(j, TRACE_DIRECT_RECLAIM_BEGIN);

	if (!s)
		return;
	if (e->id == TRACE_LRU_SHRINK_INACTIVE) {
		s->nr += (unsigned long)e->a;
		s->reclaimed += (unsigned long)e->b;
		return;
	}
	s->reclaimed = (unsigned long)e->a;
	s->done = true;
}

/* A block out of the page set: it ends what its refill began. */
static void add_pcp_alloc(struct journey *j, const struct trace_event *e)
{
	struct journey_step *s;
	unsigned long n;

	for (n = j->nr; n > 0 && j->nr - n < JOURNEY_TAIL; n--) {
		s = &j->steps[slot(n - 1)];
		if (s->e.id == TRACE_WATERMARK_CHECK)
			break;
		if (s->e.id != TRACE_PCP_REFILL)
			continue;
		s->e.pfn = e->pfn;
		return;
	}
	add(j, e);
}

/* ------------------------------------------------------------- the way --- */

static void begin(struct journey *j, const struct trace_event *e)
{
	j->any = j->under_way = true;
	j->undone = j->slow = j->killed = false;
	j->gfp = e->gfp;
	j->order = e->order;
	j->node = (int)e->c;
	j->mt = e->mt;
	j->zone = zone_of(e);
	j->nr = 0;
	j->why.nr = 0;
}

/* Why it failed, as the zones stand now, before anything else happens to them. */
static void explain(struct journey *j, const struct mm *mm)
{
	struct alloc_request req = { .gfp = j->gfp, .order = (unsigned int)j->order, .node = j->node };
	unsigned int i;

	alloc_explain(mm, &req, &j->why);
	for (i = 0; i < j->why.nr; i++) {
		j->why_zone[i] = j->why.zones[i].zone->id;
		j->why.zones[i].zone = NULL;
	}
	j->why_largest = j->why.largest_zone ? j->why.largest_zone->id : -1;
	j->why.largest_zone = NULL;
}

static void end(struct journey *j, const struct mm *mm, const struct trace_event *e)
{
	j->under_way = false;
	j->pfn = e->pfn;
	j->pfn_zone = zone_of(e);
	if (e->pfn == PFN_NONE)
		explain(j, mm);
}

int journey_pain(const struct journey *j)
{
	if (!j->under_way && j->pfn == PFN_NONE)
		return 3;
	return j->killed ? 2 : j->slow;
}

/* Events that are a step of the way each, with nothing to be added up. */
#define KEPT_AS_THEY_ARE                                                                                     \
	(TRACE_BIT(TRACE_ZONE_SKIP) | TRACE_BIT(TRACE_STEAL) | TRACE_BIT(TRACE_WATERMARK_BOOST) |            \
	 TRACE_BIT(TRACE_HIGHATOMIC_RESERVE) | TRACE_BIT(TRACE_HIGHATOMIC_UNRESERVE) |                       \
	 TRACE_BIT(TRACE_WAKEUP_KSWAPD) | TRACE_BIT(TRACE_MM_COMPACTION_BEGIN) |                             \
	 TRACE_BIT(TRACE_MM_COMPACTION_SUITABLE) | TRACE_BIT(TRACE_MM_COMPACTION_DEFER) |                    \
	 TRACE_BIT(TRACE_DIRECT_RECLAIM_BEGIN) | TRACE_BIT(TRACE_PCP_DRAIN))

void journey_event(struct journey *j, const struct mm *mm, const struct trace_event *e)
{
	if (e->id == TRACE_ALLOC_PAGES) {
		begin(j, e);
		return;
	}
	if (!j->under_way)
		return;
	switch (e->id) {
	case TRACE_MM_PAGE_ALLOC:
		end(j, mm, e);
		break;
	case TRACE_WATERMARK_CHECK:
		add_watermark(j, mm, e);
		break;
	case TRACE_RMQUEUE_SMALLEST:
		add_list(j, e);
		break;
	case TRACE_EXPAND:
		add_half(j, e);
		break;
	case TRACE_PCP_REFILL:
		add_before(j, e,
			   TRACE_BIT(TRACE_RMQUEUE_SMALLEST) | TRACE_BIT(TRACE_MM_PAGE_ALLOC_EXTFRAG) |
				   TRACE_BIT(TRACE_STEAL) | TRACE_BIT(TRACE_PAGEBLOCK_TYPE) |
				   TRACE_BIT(TRACE_WATERMARK_BOOST));
		break;
	case TRACE_PCP_ALLOC:
		add_pcp_alloc(j, e);
		break;
	case TRACE_MM_PAGE_ALLOC_EXTFRAG:
		add_before(j, e,
			   TRACE_BIT(TRACE_STEAL) | TRACE_BIT(TRACE_PAGEBLOCK_TYPE) |
				   TRACE_BIT(TRACE_WATERMARK_BOOST));
		break;
	case TRACE_PAGEBLOCK_TYPE:
		add_retyped(j, e);
		break;
	case TRACE_COMPACT_SKIP_BLOCK:
	case TRACE_MIGRATE_PAGE:
	case TRACE_MM_COMPACTION_END:
		add_compaction(j, e);
		break;
	case TRACE_LRU_SHRINK_INACTIVE:
	case TRACE_DIRECT_RECLAIM_END:
		add_reclaim(j, e);
		break;
	case TRACE_SLOWPATH:
		j->slow = true;
		add(j, e);
		break;
	case TRACE_MARK_VICTIM:
		j->killed |= e->mt == 1;
		add(j, e);
		break;
	default:
		if (TRACE_BIT(e->id) & KEPT_AS_THEY_ARE)
			add(j, e);
		break;
	}
}
