/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the machine handed out, by name. An owner number in page->private is a
 * handle's index plus one, so that 0 is nobody. Handles stay in the table when
 * their block is freed; only those of `random` are used again, or a long
 * workload would grow the table without end.
 */
#include "config.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/state.h"
#include "buddyviz/compaction.h"
#include "buddyviz/vmscan.h"
#include "shell.h"

struct name { /* a node's key in session->names */
	char *text;
	uint32_t index; /* the newest handle of that name */
};

static const char random_owner[] = "random";

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static struct name *find_name(const struct session *s, const char *text)
{
	struct name key = { .text = (char *)text };
	void *node = tfind(&key, &s->names, compare_names);

	return node ? *(struct name **)node : NULL;
}

long handle_find(const struct session *s, const char *name)
{
	const struct name *found = find_name(s, name);

	return found ? (long)found->index : -1;
}

static void enter_name(struct session *s, const char *text, uint32_t index)
{
	struct name *name = find_name(s, text);

	if (!name) {
		name = shell_realloc(NULL, 1, sizeof(*name));
		*name = (struct name){ .text = shell_strdup(text) };
		if (!tsearch(name, &s->names, compare_names))
			abort();
	}
	name->index = index;
}

static void free_name(void *node)
{
	struct name *name = node;

	free(name->text);
	free(name);
}

uint32_t handle_next_owner(const struct session *s)
{
	return (uint32_t)s->nr_handles + 1;
}

uint32_t handle_next_random_owner(const struct session *s)
{
	return s->nr_random_spare ? s->random_spare[s->nr_random_spare - 1] + 1 : handle_next_owner(s);
}

/* The next "aN" or "rN" that stands for nothing; malloc'd. */
static char *next_name(const struct session *s, char letter, unsigned long *counter)
{
	char *name;

	for (;;) {
		name = shell_asprintf("%c%lu", letter, ++*counter);
		if (!find_name(s, name))
			return name;
		free(name);
	}
}

/* Append a handle; its strings are copied. */
static uint32_t append(struct session *s, const char *name, const char *owner, const struct handle *what)
{
	uint32_t index = (uint32_t)s->nr_handles;
	struct handle *handle;

	if (s->nr_handles == s->max_handles) {
		s->max_handles = s->max_handles ? 2 * s->max_handles : 64;
		s->handles = shell_realloc(s->handles, s->max_handles, sizeof(*s->handles));
		s->notes = shell_realloc(s->notes, s->max_handles, sizeof(*s->notes));
	}
	handle = &s->handles[s->nr_handles];
	*handle = *what;
	handle->name = shell_strdup(name);
	handle->owner = owner && owner != random_owner ? shell_strdup(owner) : owner;
	s->notes[s->nr_handles++] = (struct note){ .refused = !handle_live(what) };
	enter_name(s, name, index);
	return index;
}

uint32_t handle_add(struct session *s, const char *name, const char *owner, const struct handle *what)
{
	char *made = name ? NULL : next_name(s, 'a', &s->next_auto);
	uint32_t index = append(s, name ? name : made, owner, what);

	free(made);
	if (handle_live(what))
		s->used_pages += handle_pages(what);
	return index;
}

static void push(uint32_t **stack, size_t *nr, size_t *max, uint32_t index)
{
	if (*nr == *max) {
		*max = *max ? 2 * *max : 64;
		*stack = shell_realloc(*stack, *max, sizeof(**stack));
	}
	(*stack)[(*nr)++] = index;
}

/* A spare handle takes the place it had, with the name it had. */
static uint32_t reuse(struct session *s, const struct handle *what)
{
	uint32_t index = s->random_spare[--s->nr_random_spare];
	struct handle *handle = &s->handles[index];
	const char *name = handle->name;

	*handle = *what;
	handle->name = name;
	handle->owner = random_owner;
	return index;
}

uint32_t handle_add_random(struct session *s, const struct handle *what)
{
	uint32_t index;
	char *name;

	if (s->nr_random_spare) {
		index = reuse(s, what);
	} else {
		name = next_name(s, 'r', &s->next_random);
		index = append(s, name, random_owner, what);
		free(name);
	}
	s->handles[index].random = true;
	s->notes[index].random_at = (uint32_t)s->nr_random_live;
	push(&s->random_live, &s->nr_random_live, &s->max_random_live, index);
	s->used_pages += 1UL << what->order;
	return index;
}

void handle_drop(struct session *s, uint32_t index)
{
	struct handle *handle = &s->handles[index];
	uint32_t at = s->notes[index].random_at, last;

	if (handle_live(handle))
		s->used_pages -= handle_pages(handle);
	handle->pfn = PFN_NONE;
	handle->gone = HANDLE_HERE;
	if (!handle->random)
		return;
	last = s->random_live[--s->nr_random_live];
	s->random_live[at] = last;
	s->notes[last].random_at = at;
	push(&s->random_spare, &s->nr_random_spare, &s->max_random_spare, index);
}

/* By the function that belongs to the one that handed it out. */
static bool give_back(struct session *s, const struct handle *handle, unsigned int cpu, bool cold,
		      struct free_result *result)
{
	if (handle->kind == HANDLE_CMA)
		return cma_release(s->mm, handle_area(s, handle), handle->pfn, handle->nr_pages);
	return free_pages(s->mm, cpu, handle->pfn, handle->order, cold, result) == 0;
}

void handle_release(struct session *s, uint32_t index, unsigned int cpu, bool cold,
		    struct free_result *result)
{
	const struct handle *handle = &s->handles[index];

	if (handle->gone == HANDLE_SWAPPED)
		swap_free(s->mm, handle->order);
	else if (handle_live(handle) && !give_back(s, handle, cpu, cold, result))
		abort(); /* the handle and the machine disagree: `check` would say so */
	handle_drop(s, index);
}

/* A handle as the state has it; the numbers that page->private holds stay. */
static void restore_one(struct session *s, const struct state_allocation *a, const char *owner)
{
	char *made = a->name ? NULL : next_name(s, 'a', &s->next_auto);
	struct handle what = { .pfn = a->pfn,
			       .order = a->order,
			       .nr_pages = a->kind != HANDLE_CMA ? 0
					   : a->count            ? a->count
								 : 1,
			       .gfp = a->gfp,
			       .kind = (enum handle_kind)a->kind,
			       .migratable = a->flags & PG_MIGRATABLE,
			       .lru = (enum lru_use)a->lru,
			       .gone = (enum handle_gone)a->gone,
			       .shadow = a->shadow,
			       .random = owner == random_owner };
	uint32_t index = append(s, made ? made : a->name, owner, &what);

	free(made);
	s->notes[index].refused = a->refused;
	if (handle_live(&what))
		s->used_pages += handle_pages(&what);
}

void handles_restore(struct session *s)
{
	const struct mm_state *state = s->layout->state;
	bool *random;

	if (!state)
		return;
	random = shell_realloc(NULL, state->nr_allocations + 1, sizeof(*random));
	memset(random, 0, state->nr_allocations + 1);
	for (unsigned long i = 0; i < state->session.nr_live; i++)
		random[state->session.live[i]] = true;
	for (unsigned long i = 0; i < state->session.nr_spare; i++)
		random[state->session.spare[i]] = true;
	s->next_auto = state->session.next_auto;
	s->next_random = state->session.next_random;
	for (unsigned long i = 0; i < state->nr_allocations; i++)
		restore_one(s, &state->allocations[i],
			    random[i + 1] ? random_owner : state->allocations[i].owner);
	for (unsigned long i = 0; i < state->session.nr_live; i++) {
		uint32_t index = state->session.live[i] - 1;

		s->notes[index].random_at = (uint32_t)s->nr_random_live;
		push(&s->random_live, &s->nr_random_live, &s->max_random_live, index);
	}
	for (unsigned long i = 0; i < state->session.nr_spare; i++)
		push(&s->random_spare, &s->nr_random_spare, &s->max_random_spare,
		     state->session.spare[i] - 1);
	free(random);
}

void handles_clear(struct session *s)
{
	for (size_t i = 0; i < s->nr_handles; i++) {
		free((char *)s->handles[i].name);
		if (s->handles[i].owner != random_owner)
			free((char *)s->handles[i].owner);
	}
	tdestroy(s->names, free_name);
	s->names = NULL;
	s->nr_handles = s->nr_random_live = s->nr_random_spare = 0;
	s->next_auto = s->next_random = 0;
	s->used_pages = 0;
}
