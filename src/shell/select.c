/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which blocks a command is about: handles, ranges of them, PFNs, or all that owner= and every= choose. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"
#include "text.h"

/* No handle yet; room for all there are. */
void selection_init(struct selection *sel, const struct session *s)
{
	*sel = (struct selection){ .taken = shell_realloc(NULL, s->nr_handles, 1) };
	memset(sel->taken, 0, s->nr_handles);
}

void selection_free(struct selection *sel)
{
	free(sel->taken);
	free(sel->index);
}

static void select_handle(struct selection *sel, uint32_t index)
{
	if (sel->nr == sel->max) {
		sel->max = sel->max ? 2 * sel->max : 64;
		sel->index = shell_realloc(sel->index, sel->max, sizeof(*sel->index));
	}
	sel->index[sel->nr++] = index;
	sel->taken[index] = 1;
}

static int select_once(const struct call *call, struct selection *sel, uint32_t index)
{
	const struct handle *handle = &call->session->handles[index];

	if (call->session->notes[index].refused)
		return call_error(call, "%s: %s holds nothing: the machine refused it", call->command->name,
				  handle->name);
	if (handle->gone == HANDLE_KILLED)
		return call_error(call, "%s: %s went with its owner %s, who was killed", call->command->name,
				  handle->name, handle->owner);
	if (!handle_held(handle))
		return call_error(call, "%s: %s is freed already", call->command->name, handle->name);
	if (sel->taken[index])
		return call_error(call, "%s: %s is named twice", call->command->name, handle->name);
	select_handle(sel, index);
	return SESSION_OK;
}

/* Say what is at a frame that cannot be freed. */
static int not_allocated(const struct call *call, unsigned long pfn, const struct page_info *info)
{
	static const char *const what[NR_PAGE_STATES] = {
		[PAGE_HOLE] = "there is no memory there",
		[PAGE_NOMAP] = "the kernel does not map that memory",
		[PAGE_RESERVED] = "memblock keeps it from the allocator",
		[PAGE_BOOT] = "it was allocated before the session, by an owner nobody knows",
		[PAGE_USED] = "nobody in this session owns it",
	};
	const struct mm *mm = call->session->mm;
	const char *name = call->command->name;

	if (info->state == PAGE_FREE || info->state == PAGE_PCP)
		return call_error(call,
				  "%s: pfn 0x%lx is not allocated: it is in a block of order %u at 0x%lx, %s "
				  "(Node %d %s, %s)",
				  name, pfn, info->order, info->head,
				  info->state == PAGE_FREE ? "free" : "free in a page set",
				  mm->nodes[info->zone->node].node_id, info->zone->name,
				  migratetype_name(info->migratetype));
	return call_error(call, "%s: pfn 0x%lx is not allocated: %s%s%s%s", name, pfn, what[info->state],
			  info->name ? " (" : "", info->name ? info->name : "", info->name ? ")" : "");
}

int select_pfn(const struct call *call, struct selection *sel, unsigned long pfn)
{
	const struct session *s = call->session;
	const struct handle *handle;
	struct page_info info;

	page_lookup(s->mm, pfn, &info);
	handle = info.state == PAGE_USED ? session_owner(s, info.page->private) : NULL;
	if (!handle)
		return not_allocated(call, pfn, &info);
	if (info.head != pfn)
		return call_error(call, "%s: pfn 0x%lx is inside %s, a block of order %u; free %s or 0x%lx",
				  call->command->name, pfn, handle->name, info.order, handle->name,
				  info.head);
	if (handle->pfn != pfn)
		return call_error(call,
				  "%s: pfn 0x%lx is inside %s, %lu page%s of a CMA area; free %s or 0x%lx",
				  call->command->name, pfn, handle->name, handle->nr_pages,
				  plural(handle->nr_pages), handle->name, handle->pfn);
	return select_once(call, sel, (uint32_t)(handle - s->handles));
}

/* Split "a12" into its letters and its number; false if it has none of either. */
static bool split_name(const char *name, size_t len, size_t *stem, uint64_t *number)
{
	char *digits;
	bool ok;

	*stem = len;
	while (*stem > 0 && isdigit((unsigned char)name[*stem - 1]))
		--*stem;
	if (*stem == 0 || *stem == len)
		return false;
	digits = shell_strndup(name + *stem, len - *stem);
	ok = number_parse(digits, false, number);
	free(digits);
	return ok;
}

/* "a3..a9": those of them that hold something, in order of creation. */
static int select_range(const struct call *call, struct selection *sel, const char *text)
{
	const struct session *s = call->session;
	const char *dots = strstr(text, ".."), *high = dots + 2;
	uint64_t first, last, number;
	size_t stem, stem2, before = sel->nr;

	if (!split_name(text, (size_t)(dots - text), &stem, &first))
		return call_error(call, "%s: expected a range of handles like a3..a9, not '%s'",
				  call->command->name, text);
	if (number_parse(high, false, &last))
		stem2 = stem;
	else if (!split_name(high, strlen(high), &stem2, &last) || stem2 != stem ||
		 strncmp(text, high, stem) != 0)
		return call_error(call, "%s: expected a range of handles like a3..a9, not '%s'",
				  call->command->name, text);
	for (uint32_t i = 0; i < s->nr_handles; i++) {
		const char *name = s->handles[i].name;

		if (!handle_held(&s->handles[i]) || strncmp(name, text, stem) != 0 ||
		    !split_name(name, strlen(name), &stem2, &number) || stem2 != stem || number < first ||
		    number > last)
			continue;
		if (select_once(call, sel, i) != SESSION_OK)
			return SESSION_ERROR;
	}
	if (sel->nr == before)
		return call_error(call, "%s: nothing in %s is held", call->command->name, text);
	return SESSION_OK;
}

static int select_named(const struct call *call, struct selection *sel)
{
	int status = SESSION_OK;

	for (size_t i = 0; i < call->nr_pos && status == SESSION_OK; i++) {
		const struct value *value = &call->pos[i];

		if (strstr(value->text, ".."))
			status = select_range(call, sel, value->text);
		else if (isdigit((unsigned char)value->text[0]))
			status = select_pfn(call, sel, value->number);
		else
			status = select_once(call, sel, (uint32_t)value->number);
	}
	return status;
}

static void select_live(const struct call *call, struct selection *sel)
{
	for (uint32_t i = 0; i < call->session->nr_handles; i++)
		if (handle_held(&call->session->handles[i]))
			select_handle(sel, i);
}

/* Keep those of owner=, then each Nth of them, counted from the Kth. */
static int thin_out(const struct call *call, struct selection *sel)
{
	const struct value *owner = call_opt(call, "owner");
	uint64_t every = call_number(call, "every", 1), from = call_number(call, "from", 1);
	size_t kept = 0;

	if (every == 0 || from == 0)
		return call_error(call, "%s: %s must be 1 or more", call->command->name,
				  every ? "from" : "every");
	for (size_t i = 0; i < sel->nr; i++) {
		const char *word = call->session->handles[sel->index[i]].owner;

		if (!owner || (word && strcmp(word, owner->text) == 0))
			sel->index[kept++] = sel->index[i];
	}
	sel->nr = kept;
	kept = 0;
	for (uint64_t i = from - 1; i < sel->nr; i += every) {
		sel->index[kept++] = sel->index[i];
		if (every > sel->nr - i)
			break;
	}
	sel->nr = kept;
	if (owner && sel->nr == 0)
		return call_error(call, "%s: nobody of the name '%s' holds anything", call->command->name,
				  owner->text);
	return SESSION_OK;
}

int select_blocks(const struct call *call, struct selection *sel)
{
	bool all = call_opt(call, "all") != NULL;
	bool filter = call_opt(call, "owner") || call_opt(call, "every");

	if (all && call->nr_pos > 0)
		return call_error(call, "%s: all leaves nothing to name; expected: %s", call->command->name,
				  call->command->usage);
	if (!all && !filter && call->nr_pos == 0)
		return call_error(call, "%s: what? expected: %s", call->command->name, call->command->usage);
	if (call_opt(call, "from") && !call_opt(call, "every"))
		return call_error(call, "%s: from= goes with every=; expected: %s", call->command->name,
				  call->command->usage);
	if (call->nr_pos == 0)
		select_live(call, sel);
	else if (select_named(call, sel) != SESSION_OK)
		return SESSION_ERROR;
	return thin_out(call, sel);
}
