// SPDX-License-Identifier: GPL-3.0-or-later
/* The steps of a request's way in words, each with its verdict. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/plural.h"
#include "buddyviz/compaction.h"
#include "path.h"

static void say_watermark(struct path_page *p, const struct journey_step *s)
{
	const struct trace_event *e = &s->e;
	const char *verdict = "ok", *sign = e->c ? ">" : "against";
	char zone[48], buf[160] = "", really[64] = "";

	if (e->d != e->a)
		snprintf(really, sizeof(really), " (%ld really)", e->d);
	if (!strcmp(s->text, "none")) {
		path_say(p, STAGE_WATERMARK, MOOD_NOTE, "not held to",
			 "%s: free %ld%s, and it may use every reserve",
			 path_zone(p, s->zone, zone, sizeof(zone)), e->a, really);
		return;
	}
	if (!e->c)
		verdict = e->a - s->held_back > e->b ? "no block" : "too low";
	if (!e->c && e->a <= e->b)
		sign = p->area->theme->ascii ? "<=" : "≤";
	if (!e->c && e->a > e->b && e->a - s->held_back <= e->b)
		snprintf(buf, sizeof(buf), ": %ld of the free pages do not count", s->held_back);
	else if (!e->c && e->a > e->b)
		snprintf(buf, sizeof(buf), ": enough pages, no block of order %d", e->order);
	path_say(p, STAGE_WATERMARK, e->c ? MOOD_GOOD : MOOD_BAD, verdict,
		 "%s: free %ld%s %s %s %ld + reserve %ld%s", path_zone(p, s->zone, zone, sizeof(zone)), e->a,
		 really, sign, s->text, e->b - s->reserve, s->reserve, buf);
}

static void say_pcp(struct path_page *p, const struct journey_step *s)
{
	const struct trace_event *e = &s->e;
	char zone[48];

	path_zone(p, s->zone, zone, sizeof(zone));
	if (e->id == TRACE_PCP_ALLOC)
		path_say(p, STAGE_PCP, MOOD_GOOD, "hit", "%s, cpu %ld: the list has 0x%lx", zone, e->c,
			 e->pfn);
	else
		path_say(p, STAGE_PCP, e->b ? MOOD_GOOD : MOOD_BAD, e->b ? "refill" : "empty",
			 "%s, cpu %ld: list empty, %ld of %ld blocks of order %d come from the free lists",
			 zone, e->c, e->b, e->a, e->order);
}

static void say_list(struct path_page *p, const struct journey_step *s)
{
	const struct trace_event *e = &s->e;
	int top = (int)p->sc->mm->max_order;
	char zone[48], buf[160] = "", more[48] = "";

	path_zone(p, s->zone, zone, sizeof(zone));
	if (e->order2 < 0) {
		if (e->order == top)
			snprintf(buf, sizeof(buf), "list %d is empty", top);
		else
			snprintf(buf, sizeof(buf), "lists %d to %d are empty", e->order, top);
		path_say(p, STAGE_LIST, MOOD_BAD, "empty", "%s, %s: %s", zone, migratetype_name(e->mt), buf);
		return;
	}
	if (s->nr > 1)
		snprintf(more, sizeof(more), "; %lu more block%s after it", s->nr - 1, plural(s->nr - 1));
	if (s->halves && s->nr == 1)
		snprintf(buf, sizeof(buf), ", upper halves go to lists %d%s%d", s->first_half,
			 s->first_half == s->last_half + 1 ? " and " : " to ", s->last_half);
	if (s->halves == 1 && s->nr == 1)
		snprintf(buf, sizeof(buf), ", its upper half goes to list %d", s->first_half);
	else if (s->halves && s->nr > 1)
		snprintf(buf, sizeof(buf), ", split");
	path_say(p, STAGE_LIST, MOOD_GOOD, s->halves ? "split" : "found", "%s, %s: order %d has 0x%lx%s%s",
		 zone, migratetype_name(e->mt), e->order2, e->pfn, buf, more);
}

static void say_fallback(struct path_page *p, const struct journey_step *s)
{
	const struct trace_event *e = &s->e;
	long block = 1L << p->sc->mm->pageblock_order;

	switch (e->id) {
	case TRACE_MM_PAGE_ALLOC_EXTFRAG:
		path_say(p, STAGE_FALLBACK, MOOD_NOTE, "steals", "%s takes 0x%lx, order %d, from %s",
			 migratetype_name(e->mt), e->pfn, e->order2, migratetype_name(e->mt2));
		break;
	case TRACE_STEAL:
		if (e->a)
			path_say(p, STAGE_FALLBACK, MOOD_NOTE, e->c ? "claimed" : "not claimed",
				 "free %ld + alike %ld of %ld pages: %s", e->a, e->b, block, s->text);
		else
			path_say(p, STAGE_FALLBACK, MOOD_NOTE, e->c ? "claimed" : "not claimed", "%s",
				 s->text);
		break;
	case TRACE_PAGEBLOCK_TYPE:
		path_say(p, STAGE_FALLBACK, MOOD_NOTE, "retyped", "%lu pageblock%s from 0x%lx: %s → %s",
			 s->nr, plural(s->nr), e->pfn, migratetype_name(e->mt), migratetype_name(e->mt2));
		break;
	default:
		path_say(p, STAGE_FALLBACK, MOOD_NOTE, "boost",
			 "types mix: watermarks raised by %ld pages, so that kswapd makes room", e->a);
	}
}

static void say_highatomic(struct path_page *p, const struct journey_step *s)
{
	bool taken = s->e.id == TRACE_HIGHATOMIC_RESERVE;

	path_say(p, STAGE_HIGHATOMIC, MOOD_NOTE, taken ? "reserved" : "given up",
		 taken ? "the pageblock of 0x%lx is kept for atomic requests: %ld pages of the zone are"
		       : "the pageblock of 0x%lx is given back: %ld pages of the zone stay reserved",
		 s->e.pfn, s->e.b);
}

static void say_compaction(struct path_page *p, const struct journey_step *s)
{
	char zone[48], skipped[64] = "";

	if (s->skipped)
		snprintf(skipped, sizeof(skipped), ", %lu pageblock%s skipped", s->skipped,
			 plural(s->skipped));
	path_say(p, STAGE_SLOWPATH, s->e.c == COMPACT_SUCCESS ? MOOD_GOOD : MOOD_NOTE,
		 s->done ? compact_result_name((enum compact_result)s->e.c) : "under way",
		 "compaction of %s: %lu page%s moved%s; scanners at 0x%lx and 0x%lx",
		 path_zone(p, s->zone, zone, sizeof(zone)), s->moved, plural(s->moved), skipped, s->e.pfn,
		 s->e.pfn2);
}

static void say_victim(struct path_page *p, const struct journey_step *s)
{
	if (s->e.mt)
		path_say(p, STAGE_SLOWPATH, MOOD_BAD, "killed", "OOM killer: %s, %ld pages resident", s->text,
			 s->e.a);
	else
		path_say(p, STAGE_SLOWPATH, MOOD_NONE, "candidate",
			 "OOM killer: %s, %ld pages resident, badness %ld", s->text, s->e.a, s->e.c);
}

static void say_slowpath(struct path_page *p, const struct journey_step *s)
{
	char zone[48];

	path_zone(p, s->zone, zone, sizeof(zone));
	switch (s->e.id) {
	case TRACE_WAKEUP_KSWAPD:
		path_say(p, STAGE_SLOWPATH, MOOD_NOTE, "woken",
			 "kswapd is to bring %s back above its high watermark", zone);
		break;
	case TRACE_MM_COMPACTION_BEGIN:
		say_compaction(p, s);
		break;
	case TRACE_MM_COMPACTION_SUITABLE:
		path_say(p, STAGE_SLOWPATH, MOOD_NOTE, compact_result_name((enum compact_result)s->e.c),
			 "is compaction of %s worth it?", zone);
		break;
	case TRACE_MM_COMPACTION_DEFER:
		path_say(p, STAGE_SLOWPATH, MOOD_NONE, "", "compaction of %s: %s", zone, s->text);
		break;
	case TRACE_DIRECT_RECLAIM_BEGIN:
		path_say(p, STAGE_SLOWPATH, s->reclaimed ? MOOD_GOOD : MOOD_BAD,
			 s->reclaimed ? "progress" : "nothing", "reclaim: %lu page%s looked at, %lu got back",
			 s->nr - 1, plural(s->nr - 1), s->reclaimed);
		break;
	case TRACE_PCP_DRAIN:
		path_say(p, STAGE_SLOWPATH, MOOD_NOTE, "drained",
			 "page set of %s, cpu %ld: %ld page%s back on the lists", zone, s->e.c, s->e.a,
			 plural((unsigned long)s->e.a));
		break;
	case TRACE_MARK_VICTIM:
		say_victim(p, s);
		break;
	default:
		path_say(p, STAGE_SLOWPATH, MOOD_NONE, "", "%s", s->text);
	}
}

void path_step(struct path_page *p, const struct journey_step *s)
{
	char zone[48];

	switch (s->e.id) {
	case TRACE_WATERMARK_CHECK:
		say_watermark(p, s);
		break;
	case TRACE_ZONE_SKIP:
		path_say(p, STAGE_ZONELIST, MOOD_NOTE, "skipped", "%s: %s",
			 path_zone(p, s->zone, zone, sizeof(zone)), s->text);
		break;
	case TRACE_PCP_ALLOC:
	case TRACE_PCP_REFILL:
		say_pcp(p, s);
		break;
	case TRACE_RMQUEUE_SMALLEST:
		say_list(p, s);
		break;
	case TRACE_MM_PAGE_ALLOC_EXTFRAG:
	case TRACE_STEAL:
	case TRACE_PAGEBLOCK_TYPE:
	case TRACE_WATERMARK_BOOST:
		say_fallback(p, s);
		break;
	case TRACE_HIGHATOMIC_RESERVE:
	case TRACE_HIGHATOMIC_UNRESERVE:
		say_highatomic(p, s);
		break;
	default:
		say_slowpath(p, s);
	}
}
