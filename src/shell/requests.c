/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that ask for memory and give it back. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"
#include "text.h"

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

int check_name(const struct call *call, const char *name)
{
	const struct session *s = call->session;
	long index = handle_find(s, name);

	if (name[0] == 'r' && isdigit((unsigned char)name[1]) && !name[1 + strspn(name + 1, "0123456789")])
		return call_error(call, "%s: the name '%s' is kept for what random allocates",
				  call->command->name, name);
	if (index >= 0 && handle_held(&s->handles[index]))
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
	wish->req.lru = gfp ? gfp->lru : LRU_NONE;
	wish->count = call_number(call, "count", 1);
	wish->name = name ? name->text : NULL;
	wish->owner = owner ? owner->text : NULL;
	error = alloc_request_error(mm, &wish->req);
	if (error)
		return call_error(call, "%s: %s", call->command->name, error);
	if (wish->count == 0 || wish->count > UINT32_MAX)
		return call_error(call, "%s: count must be 1 or more", call->command->name);
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

void print_refusal(const struct call *call, const struct handle *handle, const struct alloc_request *req)
{
	char gfp[256];

	fprintf(call->out, "%s failed order=%u gfp=%s: ", handle->name, req->order,
		gfp_format(req->gfp, gfp, sizeof(gfp)));
	if (handle->gone == HANDLE_KILLED) {
		fprintf(call->out, "its owner %s was killed\n", handle->owner);
		return;
	}
	explain_failure(call->session->mm, req, call->out);
	fputc('\n', call->out);
}

/* The request's own process was killed for it: what it got goes back, too. */
static void refuse_the_dead(struct session *s, struct handle *what)
{
	if (what->pfn != PFN_NONE)
		free_pages(s->mm, s->last.cpu, what->pfn, what->order, false, NULL);
	what->pfn = PFN_NONE;
	what->gone = HANDLE_KILLED;
}

/* One request; SESSION_QUIT: its process is dead, there will not be more. */
static int alloc_one(const struct call *call, const struct wish *wish, const char *name)
{
	struct session *s = call->session;
	struct handle what = { .order = wish->req.order,
			       .gfp = wish->req.gfp,
			       .kind = wish->kind,
			       .migratable = wish->req.migratable,
			       .lru = wish->req.lru };
	const struct handle *handle;
	uint32_t index;

	s->last = wish->req;
	s->last.owner = handle_next_owner(s);
	s->has_last = true;
	s->killed = NULL;
	what.pfn = alloc_pages(s->mm, &s->last);
	tell_kills(s, call->out);
	if (owner_killed(s, wish->owner))
		refuse_the_dead(s, &what);
	index = handle_add(s, name, wish->owner, &what);
	handle = &s->handles[index];
	if (!s->replaying && handle_live(handle))
		print_block(call, handle);
	else if (!s->replaying)
		print_refusal(call, handle, &s->last);
	return handle->gone == HANDLE_KILLED ? SESSION_QUIT : SESSION_OK;
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
	struct session *s = call->session;
	int status = SESSION_OK;

	for (uint64_t i = 0; i < wish->count && status == SESSION_OK; i++) {
		char *name = NULL;

		if (i > 0 && session_interrupted(s)) {
			record_count(call, i);
			return SESSION_INTERRUPTED;
		}
		if (wish->name && wish->count > 1)
			name = shell_asprintf("%s%llu", wish->name, (unsigned long long)i + 1);
		status = alloc_one(call, wish, name ? name : wish->name);
		free(name);
		session_threads(s);
		if (s->broken_off) {
			if (i > 0)
				record_count(call, i);
			status = SESSION_INTERRUPTED;
		}
	}
	return status == SESSION_INTERRUPTED ? status : SESSION_OK;
}

int run_alloc(struct call *call)
{
	struct wish wish = { .kind = HANDLE_PAGES };
	int status = read_wish(call, &wish);

	return status == SESSION_OK ? alloc_all(call, &wish) : status;
}

/* __get_free_pages() takes __GFP_HIGHMEM away: what it returns must have an address. */
int run_get_free_pages(struct call *call)
{
	struct wish wish = { .kind = HANDLE_FREE_PAGES };
	int status = read_wish(call, &wish);

	if (status != SESSION_OK)
		return status;
	wish.req.gfp &= ~(gfp_t)__GFP_HIGHMEM;
	return alloc_all(call, &wish);
}

/* ------------------------------------------------------------- free --- */

void free_one(const struct call *call, uint32_t index)
{
	struct session *s = call->session;
	struct handle handle = s->handles[index];
	struct free_result result = { .cpu = -1 };
	unsigned int cpu = (unsigned int)call_number(call, "cpu", 0);

	handle_release(s, index, cpu, call_opt(call, "cold") != NULL, &result);
	if (s->replaying)
		return;
	if (!handle_live(&handle)) {
		fprintf(call->out, "%s freed order=%u, %s\n", handle.name, handle.order,
			handle.gone == HANDLE_SWAPPED ? "it was in swap" : "it was not resident");
		return;
	}
	if (handle.kind == HANDLE_CMA) {
		fprintf(call->out, "%s freed pfn=0x%lx pages=%lu area=%s\n", handle.name, handle.pfn,
			handle.nr_pages, handle_area(s, &handle)->name);
		return;
	}
	fprintf(call->out, "%s freed pfn=0x%lx order=%u merged=%u", handle.name, handle.pfn, handle.order,
		result.merged);
	if (result.cpu >= 0)
		fprintf(call->out, " pcp=%d (kept by CPU %d's page set)", result.cpu, result.cpu);
	fputc('\n', call->out);
}

void record_handles(struct call *call, const struct selection *sel, size_t done)
{
	size_t size;
	FILE *out = open_memstream(&call->record, &size);

	if (!out)
		abort();
	fputs(call->command->name, out);
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
	struct selection sel;
	int status;

	selection_init(&sel, call->session);
	status = select_blocks(call, &sel);
	for (size_t i = 0; i < sel.nr && status == SESSION_OK; i++) {
		if (i > 0 && session_interrupted(call->session)) {
			record_handles(call, &sel, i);
			status = SESSION_INTERRUPTED;
			break;
		}
		free_one(call, sel.index[i]);
	}
	selection_free(&sel);
	return status;
}

int run_free_pages(struct call *call)
{
	const struct session *s = call->session;
	const struct mm *mm = s->mm;
	uint64_t address = call->pos[0].number, phys = address - mm->layout->virtual.page_offset;
	unsigned long pfn = phys >> mm->page_shift;
	struct selection sel;
	int status;

	selection_init(&sel, s);
	if (address < mm->layout->virtual.page_offset || page_address(mm, pfn) != address)
		status = call_error(
			call,
			"free_pages: 0x%llx is no page's address in the linear map, which begins at 0x%llx",
			(unsigned long long)address, (unsigned long long)mm->layout->virtual.page_offset);
	else
		status = select_pfn(call, &sel, pfn);
	if (status == SESSION_OK)
		free_one(call, sel.index[0]);
	selection_free(&sel);
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
			fprintf(call->out, "Node %d %s cpu %u: %d page%s back to the free lists\n",
				mm->nodes[zone->node].node_id, zone->name, cpu, count,
				plural((unsigned long)count));
		}
	}
	drain_pages(mm, only, NULL);
	if (pages == 0)
		fprintf(call->out, "the page sets were empty\n");
	return SESSION_OK;
}
