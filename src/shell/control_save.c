/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `save`: the layout, and where machine and session stand, as a layout file. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buddyviz/state.h"
#include "shell.h"

_Static_assert(HANDLE_PAGES == 0 && HANDLE_FREE_PAGES == 1 && HANDLE_CMA == 2 && HANDLE_CMA == 2 &&
		       HANDLE_SWAPPED == 1 && HANDLE_DROPPED == 2 && HANDLE_KILLED == 3,
	       "the words of a state's allocations have these numbers");

/* ------------------------------------------------------------ capture --- */

static void capture_handle(const struct session *s, size_t index, struct state_allocation *to)
{
	const struct handle *handle = &s->handles[index];
	uint16_t mobility = (uint16_t)((handle->gfp & GFP_MOVABLE_MASK) >> 3 << PG_MT_SHIFT);

	to->name = shell_strdup(handle->name);
	to->owner = handle->owner ? shell_strdup(handle->owner) : NULL;
	to->pfn = handle->pfn;
	to->order = handle->order;
	to->count = handle->nr_pages;
	to->count = handle->nr_pages;
	to->gfp = handle->gfp;
	to->kind = handle->kind;
	to->lru = handle->lru;
	to->gone = handle->gone;
	to->shadow = handle->shadow;
	to->refused = s->notes[index].refused;
	to->flags = handle_live(handle)
			    ? pfn_to_page(s->mm, handle->pfn)->flags & (uint16_t) ~(PG_USED | PG_ORDER_MASK)
			    : (uint16_t)(mobility | (handle->migratable ? PG_MIGRATABLE : 0));
}

static uint32_t *owner_numbers(const uint32_t *indices, size_t nr)
{
	uint32_t *numbers = shell_realloc(NULL, nr + 1, sizeof(*numbers));

	for (size_t i = 0; i < nr; i++)
		numbers[i] = indices[i] + 1;
	return numbers;
}

static void capture_session(const struct session *s, struct session_state *to)
{
	to->next_auto = s->next_auto;
	to->next_random = s->next_random;
	to->workloads = random_workloads(s);
	to->live = owner_numbers(s->random_live, s->nr_random_live);
	to->nr_live = s->nr_random_live;
	to->spare = owner_numbers(s->random_spare, s->nr_random_spare);
	to->nr_spare = s->nr_random_spare;
}

/* The machine's state with the session's handles; NULL: out of memory. */
static struct mm_state *capture(const struct session *s)
{
	struct mm_state *state = state_capture(s->mm);

	if (!state)
		return NULL;
	state->allocations = calloc(s->nr_handles + 1, sizeof(*state->allocations));
	if (!state->allocations) {
		state_free(state);
		return NULL;
	}
	for (size_t i = 0; i < s->nr_handles; i++)
		capture_handle(s, i, &state->allocations[state->nr_allocations++]);
	capture_session(s, &state->session);
	return state;
}

/* ------------------------------------------------------------ writing --- */

/* The file that a name stands for, behind symbolic links; malloc'd. */
static char *real_target(const char *path)
{
	char *target = realpath(path, NULL);

	return target ? target : shell_strdup(path);
}

static bool write_layout(const struct layout *layout, FILE *out)
{
	bool ok = layout_write(layout, out) == 0 && fflush(out) == 0;
	int error = errno ? errno : EILSEQ; /* what is no text cannot be written as YAML */

	if (fclose(out) != 0 && ok)
		return false;
	errno = error;
	return ok;
}

static mode_t new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* To a file beside target, which then takes its place: there is always a whole one. */
static bool replace_file(const struct layout *layout, const char *target, mode_t mode)
{
	char *temporary = shell_asprintf("%s.XXXXXX", target);
	int fd = mkstemp(temporary), error;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool ok = out && write_layout(layout, out) && chmod(temporary, mode) == 0 &&
		  rename(temporary, target) == 0;

	error = errno;
	if (fd >= 0 && !ok)
		unlink(temporary);
	free(temporary);
	errno = error;
	return ok;
}

/* What is no file - a pipe, a terminal - is written to as it is. */
static bool write_target(const struct layout *layout, const char *path)
{
	char *target = real_target(path);
	struct stat st;
	bool exists = stat(target, &st) == 0, ok;
	FILE *out;

	if (!exists || S_ISREG(st.st_mode)) {
		ok = (!exists || access(target, W_OK) == 0) &&
		     replace_file(layout, target, exists ? st.st_mode & 07777 : new_mode());
	} else {
		out = fopen(target, "w");
		ok = out && write_layout(layout, out);
	}
	free(target);
	return ok;
}

int run_save(struct call *call)
{
	const struct session *s = call->session;
	const char *path = call->pos[0].text;
	struct layout layout = *s->layout;
	int status = SESSION_OK;

	layout.sysctl = s->mm->sysctl;
	layout.features.pcp = !s->mm->pcp_disabled;
	layout.features.group_by_mobility = s->mm->page_group_by_mobility_disabled ? SWITCH_OFF : SWITCH_ON;
	layout.state = capture(s);
	if (!layout.state)
		return call_error(call, "save: not enough memory");
	errno = 0;
	if (write_target(&layout, path))
		fprintf(call->out, "saved: %s\n", path);
	else
		status = call_error(call, "save: %s: %s", path, strerror(errno));
	state_free(layout.state);
	return status;
}

/* -------------------------------------------------------------- checking --- */

bool session_state_fits(const struct layout *layout, FILE *err)
{
	struct layout plain = *layout;
	struct state_place place = { "zones" };
	const char *error = NULL;
	struct mm *mm;

	if (!layout->state)
		return true;
	plain.state = NULL;
	mm = mm_new(&plain);
	if (!mm)
		return true; /* session_new() will say so */
	mm_boot(mm);
	error = state_apply_where(mm, layout->state, &place);
	if (!error && mm_check(mm, NULL) != 0)
		error = "the blocks of this state do not make a machine: buddies that should have merged, or "
			"list "
			"types of another kind";
	if (error)
		layout_report(layout, place.path, error, err);
	mm_free(mm);
	return !error;
}
