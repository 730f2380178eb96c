/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the machine does to owners unasked: it moves their pages, takes them
 * away, or has an owner killed. All that has one owner= word is one process.
 * Its memory is what it holds of movable, user blocks (a kernel object it
 * caused is freed with it, but does not count, and page cache outlives it).
 * What has no owner= is the kernel's, and so is the `random` workload.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/compaction.h"
#include "buddyviz/vmscan.h"
#include "shell.h"
#include "text.h"

static void note_move(struct moves *moves, uint32_t owner, unsigned long from, unsigned long to)
{
	if (moves->nr == moves->max) {
		moves->max = moves->max ? 2 * moves->max : 64;
		moves->move = shell_realloc(moves->move, moves->max, sizeof(*moves->move));
	}
	moves->move[moves->nr++] = (struct move){ owner, from, to };
}

void moves_begin(struct session *s, struct moves *moves)
{
	*moves = (struct moves){ 0 };
	s->moves = moves;
}

void moves_end(const struct call *call, struct moves *moves)
{
	for (size_t i = 0; i < moves->nr && call_opt(call, "moves"); i++) {
		const struct handle *handle = session_owner(call->session, moves->move[i].owner);

		fprintf(call->out, "move %s 0x%lx -> 0x%lx\n", handle ? handle->name : "-",
			moves->move[i].from, moves->move[i].to);
	}
	free(moves->move);
	call->session->moves = NULL;
}

/* A handle's block was migrated; the handle follows it. */
static void follow_page(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct session *s = arg;

	if (owner && owner <= s->nr_handles && s->handles[owner - 1].pfn == from)
		s->handles[owner - 1].pfn = to;
	if (s->moves && !s->replaying)
		note_move(s->moves, owner, from, to);
}

/* A handle's block was reclaimed; the handle remembers where its contents went. */
static void lose_page(void *arg, const struct reclaimed_page *page)
{
	struct session *s = arg;
	struct handle *handle;

	if (!page->owner || page->owner > s->nr_handles || s->handles[page->owner - 1].pfn != page->pfn)
		return;
	handle = &s->handles[page->owner - 1];
	handle->pfn = PFN_NONE;
	handle->gone = page->how == RECLAIM_SWAPPED ? HANDLE_SWAPPED : HANDLE_DROPPED;
	handle->shadow = page->shadow;
	s->used_pages -= 1UL << page->order;
}

static bool poll_interrupt(void *arg)
{
	struct session *s = arg;

	s->broken_off |= session_interrupted(s);
	return s->broken_off;
}

/* --------------------------------------------------------------- OOM --- */

static struct process *find_process(struct session *s, const char *owner)
{
	for (size_t i = 0; i < s->nr_processes; i++)
		if (strcmp(s->processes[i].owner, owner) == 0)
			return &s->processes[i];
	if (s->nr_processes == s->max_processes) {
		s->max_processes = s->max_processes ? 2 * s->max_processes : 16;
		s->processes = shell_realloc(s->processes, s->max_processes, sizeof(*s->processes));
	}
	s->processes[s->nr_processes] = (struct process){ .owner = owner };
	return &s->processes[s->nr_processes++];
}

/* The processes there are, and what each has. */
static void gather_processes(struct session *s)
{
	s->nr_processes = 0;
	for (size_t i = 0; i < s->nr_handles; i++) {
		const struct handle *handle = &s->handles[i];
		unsigned long pages = 1UL << handle->order;

		if (!handle->owner || handle->random || handle->lru == LRU_FILE)
			continue;
		if (handle->gone == HANDLE_SWAPPED)
			find_process(s, handle->owner)->swap += pages;
		else if (handle_live(handle) && handle->gfp & __GFP_MOVABLE)
			find_process(s, handle->owner)->rss += pages;
	}
}

static bool oom_candidate(void *arg, size_t i, struct oom_candidate *candidate)
{
	struct session *s = arg;

	if (i == 0)
		gather_processes(s);
	if (i >= s->nr_processes)
		return false;
	*candidate = (struct oom_candidate){ .name = s->processes[i].owner,
					     .rss = s->processes[i].rss,
					     .swap = s->processes[i].swap };
	return true;
}

/* The owner of processes[i] dies: all it holds goes back but the page cache. */
static void oom_kill(void *arg, size_t i)
{
	struct session *s = arg;
	struct process *victim = &s->processes[i];
	unsigned long before = s->used_pages, freed;
	char *text;

	for (uint32_t h = 0; h < s->nr_handles; h++) {
		struct handle *handle = &s->handles[h];

		if (!handle->owner || !handle_held(handle) || handle->random || handle->lru == LRU_FILE ||
		    strcmp(handle->owner, victim->owner) != 0)
			continue;
		handle_release(s, h, s->mm->cpu, false, NULL);
		handle->gone = HANDLE_KILLED;
	}
	s->killed = victim->owner;
	freed = before - s->used_pages;
	text = shell_asprintf(
		"%sOut of memory: killed %s, %lu page%s resident and %lu in swap; %lu page%s freed\n",
		s->kills ? s->kills : "", victim->owner, victim->rss, plural(victim->rss), victim->swap,
		freed, plural(freed));
	free(s->kills);
	s->kills = text;
}

bool owner_killed(const struct session *s, const char *owner)
{
	return owner && s->killed && strcmp(owner, s->killed) == 0;
}

void tell_kills(struct session *s, FILE *out)
{
	if (s->kills && !s->replaying)
		fputs(s->kills, out);
	free(s->kills);
	s->kills = NULL;
}

/* ----------------------------------------------------------- threads --- */

void session_hear(struct session *s)
{
	struct mm *mm = s->mm;

	mm->page_moved = follow_page;
	mm->page_reclaimed = lose_page;
	mm->page_moved_arg = mm->page_reclaimed_arg = s;
	mm->oom_candidate = oom_candidate;
	mm->oom_kill = oom_kill;
	mm->oom_arg = s;
	mm->interrupted = poll_interrupt;
	mm->interrupted_arg = s;
}

void session_threads(struct session *s)
{
	kswapd_run(s->mm);
	kcompactd_run(s->mm);
}
