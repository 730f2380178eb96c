/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contiguous memory out of a CMA area, and giving it back. */
#include "config.h"

#include <string.h>

#include "buddyviz/compaction.h"
#include "shell.h"

struct cma_area *handle_area(const struct session *s, const struct handle *handle)
{
	struct mm *mm = s->mm;

	for (unsigned int i = 0; i < mm->nr_cma; i++)
		if (handle->pfn - mm->cma[i].base_pfn < mm->cma[i].count)
			return &mm->cma[i];
	return NULL;
}

/* Why an area gave nothing, and what the last stretch failed for. */
static void print_cma_refusal(const struct call *call, const struct cma_report *report)
{
	struct page_info info;
	const struct handle *handle;

	fprintf(call->out, "%s; %u tried", report->error, report->tries);
	if (report->busy_pfn == PFN_NONE) {
		fputc('\n', call->out);
		return;
	}
	page_lookup(call->session->mm, report->busy_pfn, &info);
	handle = info.state == PAGE_USED ? session_owner(call->session, info.page->private) : NULL;
	fprintf(call->out, ", in the way at last: pfn 0x%lx%s%s\n", report->busy_pfn, handle ? " of " : "",
		handle ? handle->name : "");
}

static void print_cma(const struct call *call, const struct handle *handle, const struct cma_area *area,
		      const struct cma_report *report, unsigned long moved)
{
	const struct mm *mm = call->session->mm;
	const struct zone *zone = mm->zones[area->zone];

	if (!handle_live(handle)) {
		fprintf(call->out, "%s failed pages=%lu area=%s: ", handle->name, handle->nr_pages,
			area->name);
		print_cma_refusal(call, report);
		return;
	}
	fprintf(call->out, "%s pfn=0x%lx pages=%lu area=%s node=%d zone=%s moved=%lu\n", handle->name,
		handle->pfn, handle->nr_pages, area->name, mm->nodes[zone->node].node_id, zone->name, moved);
}

/* Check the words behind "cma alloc". */
static int check_cma_alloc(const struct call *call)
{
	const struct value *name = call_opt(call, "name");

	if (call->nr_pos < 3)
		return call_error(call, "cma: %s is missing; expected: %s",
				  call->nr_pos < 2 ? "AREA" : "PAGES", call->command->usage);
	if (call->pos[2].number == 0)
		return call_error(call, "cma: PAGES must be 1 or more");
	return name ? check_name(call, name->text) : SESSION_OK;
}

int cma_alloc_command(struct call *call)
{
	struct session *s = call->session;
	const struct value *name = call_opt(call, "name"), *owner = call_opt(call, "owner");
	struct handle what = { .kind = HANDLE_CMA, .gfp = GFP_KERNEL };
	struct cma_report report;
	struct cma_area *area;
	struct moves moves;
	unsigned long moved;
	uint32_t index;

	if (check_cma_alloc(call) != SESSION_OK)
		return SESSION_ERROR;
	area = &s->mm->cma[call->pos[1].number];
	what.nr_pages = call->pos[2].number;
	moved = s->mm->vm_events[PGMIGRATE_SUCCESS];
	moves_begin(s, &moves);
	what.pfn = cma_alloc(s->mm, area, what.nr_pages, (unsigned int)call_number(call, "align", 0),
			     handle_next_owner(s), &report);
	moves_end(call, &moves);
	moved = s->mm->vm_events[PGMIGRATE_SUCCESS] - moved;
	if (s->broken_off) {
		fputs("cma: interrupted; what it did is taken back\n", call->out);
		return SESSION_INTERRUPTED;
	}
	index = handle_add(s, name ? name->text : NULL, owner ? owner->text : NULL, &what);
	print_cma(call, &s->handles[index], area, &report, moved);
	return SESSION_OK;
}

int cma_free_command(struct call *call)
{
	const struct session *s = call->session;
	const struct handle *handle;

	if (call->nr_pos != 2)
		return call_error(call, "cma: expected: cma free H");
	handle = &s->handles[call->pos[1].number];
	if (handle->kind != HANDLE_CMA)
		return call_error(call, "cma: %s is not from a CMA area; free %s gives it back", handle->name,
				  handle->name);
	if (!handle_live(handle))
		return call_error(call, "cma: %s holds nothing", handle->name);
	free_one(call, (uint32_t)call->pos[1].number);
	return SESSION_OK;
}
