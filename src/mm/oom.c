/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The OOM killer: reclaim found nothing, so a process has to go, the one whose
 * death frees most. Follows mm/oom_kill.c.
 */
#include "config.h"

#include <limits.h>

#include "reclaim.h"

#define OOM_SCORE_ADJ_MIN (-1000)

/* What a candidate counts, in pages; LONG_MIN: it must not be killed (oom_badness). */
static long oom_badness(const struct oom_candidate *c, unsigned long totalpages)
{
	if (c->adj == OOM_SCORE_ADJ_MIN)
		return LONG_MIN;
	return (long)(c->rss + c->swap) + c->adj * (long)(totalpages / 1000);
}

static void announce(struct mm *mm, const struct oom_candidate *c, long points, bool killed)
{
	trace(mm, MARK_VICTIM, .text = c->name, .a = (long)c->rss, .b = (long)c->swap, .c = points,
	      .mt = killed);
}

/* The candidate with most points, the later of equals, in *chosen; -1: there is none (select_bad_process). */
static long select_bad_process(struct mm *mm, struct oom_candidate *chosen, long *chosen_points)
{
	unsigned long totalpages = mm->managed_pages + mm->total_swap_pages;
	struct oom_candidate c;
	long which = -1;

	*chosen_points = LONG_MIN;
	for (size_t i = 0; mm->oom_candidate && mm->oom_candidate(mm->oom_arg, i, &c); i++) {
		long points = oom_badness(&c, totalpages);

		announce(mm, &c, points, false);
		if (points == LONG_MIN || points < *chosen_points)
			continue;
		which = (long)i;
		*chosen = c;
		*chosen_points = points;
	}
	return which;
}

static void say(struct mm *mm, const struct alloc_request *req, const char *text)
{
	trace(mm, SLOWPATH, .order = (int)req->order, .gfp = req->gfp, .text = text);
}

/* The kswapds that a request woke work on while it waits, here until they have no more to do; true: they got
 * some. */
static bool kswapd_helps(struct mm *mm, const struct alloc_context *ac)
{
	unsigned long before = mm->vm_events[PGSTEAL_KSWAPD];

	for (const int *z = ac->preferred; *z >= 0; z++)
		if (mm->zones[*z]->index <= ac->highest_zoneidx)
			kswapd(mm, &mm->nodes[mm->zones[*z]->node]);
	return mm->vm_events[PGSTEAL_KSWAPD] != before;
}

bool out_of_memory(struct mm *mm, const struct alloc_request *req, const struct alloc_context *ac)
{
	struct oom_candidate chosen = { 0 };
	long which, points;

	/*
	 * such a request could not reclaim everything: the kernel lets it try again until others have
	 * freed something
	 */
	if (!(req->gfp & __GFP_FS)) {
		if (kswapd_helps(mm, ac))
			return true;
		say(mm, req,
		    "without __GFP_FS nobody is killed; the kernel would try again until somebody frees "
		    "memory");
		return false;
	}
	which = select_bad_process(mm, &chosen, &points);
	if (which < 0) {
		say(mm, req,
		    "Out of memory and no killable processes: the kernel would panic, "
		    "System is deadlocked on memory");
		return false;
	}
	count_vm_events(mm, OOM_KILL, 1);
	announce(mm, &chosen, points, true);
	mm->oom_kill(mm->oom_arg, (size_t)which);
	return true;
}
