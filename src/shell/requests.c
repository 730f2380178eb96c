/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that ask for memory and give it back. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"

int cpu_to_node(const struct mm *mm, unsigned int cpu)
{
	for (unsigned int n = 0; n < mm->layout->nr_nodes; n++)
		for (unsigned int i = 0; i < mm->layout->nodes[n].nr_cpus; i++)
			if (mm->layout->nodes[n].cpus[i] == cpu)
				return (int)n;
	return 0;
}

uint64_t page_address(const struct mm *mm, unsigned long pfn)
{
	const struct layout_virtual *v = &mm->layout->virtual;
	uint64_t address = v->page_offset + ((uint64_t)pfn << mm->page_shift);

	return v->high_memory && address >= v->high_memory ? 0 : address;
}

/* ------------------------------------------------------------ alloc --- */

/* What alloc and get_free_pages have in common. */
struct wish {
	struct alloc_request req;
	enum handle_kind kind;
	uint64_t count;
	const char *name, *owner;
};

static int check_name(const struct call *call, const char *name)
{
	const struct session *s = call->session;
	long index = handle_find(s, name);

	if (name[0] == 'r' && isdigit((unsigned char)name[1]) && !name[1 + strspn(name + 1, "0123456789")])
		return call_error(call, "%s: the name '%s' is kept for what random allocates",
				  call->command->name, name);
	if (index >= 0 && handle_live(&s->handles[index]))
		return call_error(call, "%s: there is a '%s' already (pfn=0x%lx order=%u)",
				  call->command->name, name, s->handles[index].pfn, s->handles[index].order);
	return SESSION_OK;
}

/* With count=, name=x gives x1, x2, …; each of them must be free. */
static int check_names(const struct call *call, const struct wish *wish)
{
	int status = SESSION_OK;

	if (!wish->name)
		return SESSION_OK;
	if (wish->count == 1)
		return check_name(call, wish->name);
	for (uint64_t i = 1; i <= wish->count && status == SESSION_OK; i++) {
		char *name = shell_asprintf("%s%llu", wish->name, (unsigned long long)i);

		status = check_name(call, name);
		free(name);
	}
	return status;
}

static int read_wish(const struct call *call, struct wish *wish)
{
	const struct mm *mm = call->session->mm;
	const struct value *gfp = call->nr_pos > 1 ? &call->pos[1] : NULL;
	const struct value *name = call_opt(call, "name"), *owner = call_opt(call, "owner");
	const char *error;

	wish->req.order = (unsigned int)call->pos[0].number;
	wish->req.gfp = gfp ? gfp->gfp : GFP_KERNEL;
	wish->req.cpu = (unsigned int)call_number(call, "cpu", 0);
	wish->req.node = (int)call_number(call, "node", (uint64_t)cpu_to_node(mm, wish->req.cpu));
	wish->req.cold = call_opt(call, "cold") != NULL;
	wish->req.migratable = gfp && gfp->migratable && !call_opt(call, "pinned");
	wish->count = call_number(call, "count", 1);
	wish->name = name ? name->text : NULL;
	wish->owner = owner ? owner->text : NULL;
	error = alloc_request_error(mm, &wish->req);
	if (error)
		return call_error(call, "%s: %s", call->command->name, error);
	if (wish->count == 0 || wish->count > UINT32_MAX)
		return call_error(call, "%s: count is to be 1 or more", call->command->name);
	return check_names(call, wish);
}

static void print_block(const struct call *call, const struct handle *handle)
{
	const struct mm *mm = call->session->mm;
	const struct zone *zone = page_zone(mm, handle->pfn);

	fputs(handle->name, call->out);
	if (handle->kind == HANDLE_FREE_PAGES)
		fprintf(call->out, " address=0x%llx", (unsigned long long)page_address(mm, handle->pfn));
	fprintf(call->out, " pfn=0x%lx order=%u node=%d zone=%s migratetype=%s\n", handle->pfn, handle->order,
		mm->nodes[zone->node].node_id, zone->name,
		migratetype_name(gfp_migratetype(mm, handle->gfp)));
}

static void print_refusal(const struct call *call, const struct handle *handle,
			  const struct alloc_request *req)
{
	char gfp[256];

	fprintf(call->out, "%s failed order=%u gfp=%s: ", handle->name, req->order,
		gfp_format(req->gfp, gfp, sizeof(gfp)));
	explain_failure(call->session->mm, req, call->out);
	fputc('\n', call->out);
}

static void alloc_one(const struct call *call, const struct wish *wish, const char *name)
{
	struct session *s = call->session;
	struct handle what = {.order = wish->req.order,
			      .gfp = wish->req.gfp,
			      .kind = wish->kind,
			      .migratable = wish->req.migratable};
	const struct handle *handle;
	uint32_t index;

	s->last = wish->req;
	s->last.owner = handle_next_owner(s);
	s->has_last = true;
	what.pfn = alloc_pages(s->mm, &s->last);
	index = handle_add(s, name, wish->owner, &what);
	handle = &s->handles[index];
	if (s->replaying)
		return;
	if (handle_live(handle))
		print_block(call, handle);
	else
		print_refusal(call, handle, &s->last);
}

/* The history keeps only as much of an interrupted command as was done. */
static void record_count(struct call *call, uint64_t done)
{
	struct value *count = (struct value *)call_opt(call, "count");

	free(count->text);
	count->text = shell_asprintf("%llu", (unsigned long long)done);
	call->record = call_text(call);
}

static int alloc_all(struct call *call, const struct wish *wish)
{
	for (uint64_t i = 0; i < wish->count; i++) {
		char *name = NULL;

		if (i > 0 && session_interrupted(call->session)) {
			record_count(call, i);
			return SESSION_INTERRUPTED;
		}
		if (wish->name && wish->count > 1)
			name = shell_asprintf("%s%llu", wish->name, (unsigned long long)i + 1);
		alloc_one(call, wish, name ? name : wish->name);
		free(name);
	}
	return SESSION_OK;
}

int run_alloc(struct call *call)
{
	struct wish wish = {.kind = HANDLE_PAGES};
	int status = read_wish(call, &wish);

	return status == SESSION_OK ? alloc_all(call, &wish) : status;
}

/* __get_free_pages() takes __GFP_HIGHMEM away: what it returns must have an address. */
int run_get_free_pages(struct call *call)
{
	struct wish wish = {.kind = HANDLE_FREE_PAGES};
	int status = read_wish(call, &wish);

	if (status != SESSION_OK)
		return status;
	wish.req.gfp &= ~(gfp_t)__GFP_HIGHMEM;
	return alloc_all(call, &wish);
}

/* ------------------------------------------------------------- free --- */

/* The handles a free command is about, each once. */
struct selection {
	uint32_t *index;
	size_t nr, max;
	uint8_t *taken; /* by handle index */
};

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
	if (!handle_live(handle))
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

static int select_pfn(const struct call *call, struct selection *sel, unsigned long pfn)
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

		if (!handle_live(&s->handles[i]) || strncmp(name, text, stem) != 0 ||
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
		if (handle_live(&call->session->handles[i]))
			select_handle(sel, i);
}

/* Keep those of owner=, then each Nth of them, counted from the Kth. */
static int thin_out(const struct call *call, struct selection *sel)
{
	const struct value *owner = call_opt(call, "owner");
	uint64_t every = call_number(call, "every", 1), from = call_number(call, "from", 1);
	size_t kept = 0;

	if (every == 0 || from == 0)
		return call_error(call, "%s: %s is to be 1 or more", call->command->name,
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

static int select_blocks(const struct call *call, struct selection *sel)
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

static void free_one(const struct call *call, uint32_t index)
{
	struct session *s = call->session;
	struct handle handle = s->handles[index];
	struct free_result result = {.cpu = -1};
	unsigned int cpu = (unsigned int)call_number(call, "cpu", 0);

	if (free_pages(s->mm, cpu, handle.pfn, handle.order, call_opt(call, "cold") != NULL, &result) != 0)
		abort(); /* the handle and the machine disagree: `check` would say so */
	handle_drop(s, index);
	if (s->replaying)
		return;
	fprintf(call->out, "%s freed pfn=0x%lx order=%u merged=%u", handle.name, handle.pfn, handle.order,
		result.merged);
	if (result.cpu >= 0)
		fprintf(call->out, " pcp=%d", result.cpu);
	fputc('\n', call->out);
}

/* An interrupted free is remembered as one of the handles that were freed. */
static void record_freed(struct call *call, const struct selection *sel, size_t done)
{
	size_t size;
	FILE *out = open_memstream(&call->record, &size);

	if (!out)
		abort();
	fprintf(out, "free");
	for (size_t i = 0; i < done; i++)
		fprintf(out, " %s", call->session->handles[sel->index[i]].name);
	if (call_opt(call, "cpu"))
		fprintf(out, " cpu=%s", call_opt(call, "cpu")->text);
	if (call_opt(call, "cold"))
		fprintf(out, " cold");
	fclose(out);
}

int run_free(struct call *call)
{
	struct selection sel = {.taken = shell_realloc(NULL, call->session->nr_handles, 1)};
	int status;

	memset(sel.taken, 0, call->session->nr_handles);
	status = select_blocks(call, &sel);
	for (size_t i = 0; i < sel.nr && status == SESSION_OK; i++) {
		if (i > 0 && session_interrupted(call->session)) {
			record_freed(call, &sel, i);
			status = SESSION_INTERRUPTED;
			break;
		}
		free_one(call, sel.index[i]);
	}
	free(sel.taken);
	free(sel.index);
	return status;
}

int run_free_pages(struct call *call)
{
	const struct session *s = call->session;
	const struct mm *mm = s->mm;
	uint64_t address = call->pos[0].number, phys = address - mm->layout->virtual.page_offset;
	struct selection sel = {.taken = shell_realloc(NULL, s->nr_handles, 1)};
	unsigned long pfn = phys >> mm->page_shift;
	int status;

	memset(sel.taken, 0, s->nr_handles);
	if (address < mm->layout->virtual.page_offset || page_address(mm, pfn) != address)
		status = call_error(
			call,
			"free_pages: 0x%llx is no page's address in the linear map, which begins at 0x%llx",
			(unsigned long long)address, (unsigned long long)mm->layout->virtual.page_offset);
	else
		status = select_pfn(call, &sel, pfn);
	if (status == SESSION_OK)
		free_one(call, sel.index[0]);
	free(sel.taken);
	free(sel.index);
	return status;
}

/* ------------------------------------------------------------ drain --- */

int run_drain(struct call *call)
{
	struct mm *mm = call->session->mm;
	int only = (int)call_number(call, "cpu", UINT64_MAX);
	unsigned long pages = 0;

	for (unsigned int z = 0; z < mm->nr_zones; z++) {
		const struct zone *zone = mm->zones[z];

		for (unsigned int cpu = 0; populated_zone(zone) && cpu < mm->nr_cpus; cpu++) {
			int count = zone->pcp[cpu].count;

			if ((only >= 0 && cpu != (unsigned int)only) || count == 0)
				continue;
			pages += (unsigned long)count;
			fprintf(call->out, "Node %d %s cpu %u: %d pages back to the free lists\n",
				mm->nodes[zone->node].node_id, zone->name, cpu, count);
		}
	}
	drain_pages(mm, only, NULL);
	if (pages == 0)
		fprintf(call->out, "the page sets were empty\n");
	return SESSION_OK;
}
