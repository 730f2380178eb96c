/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that use pages on the LRU lists, reclaim them, and show them. */
#include "config.h"

#include "buddyviz/procfs.h"
#include "buddyviz/vmscan.h"
#include "shell.h"
#include "text.h"

/* "inactive_anon, accessed": the list a page is on, and its marks. */
static void write_marks(const struct mm *mm, unsigned long pfn, FILE *out)
{
	const struct page *page = pfn_to_page(mm, pfn);

	fputs(lru_list_name(page_lru(page)), out);
	if (mm->lru_flags[pfn] & LRU_YOUNG)
		fputs(" accessed", out);
	if (page->flags & PG_REFERENCED)
		fputs(" referenced", out);
	if (page->flags & PG_DIRTY)
		fputs(" dirty", out);
	if (mm->lru_flags[pfn] & LRU_RECLAIM)
		fputs(" reclaim", out);
	if (mm->lru_flags[pfn] & LRU_WORKINGSET)
		fputs(" workingset", out);
	fputc('\n', out);
}

/* -------------------------------------------------------- touch, dirty --- */

/* A block of which nothing is resident is brought back; false: it is not. */
static bool bring_back(const struct call *call, uint32_t index)
{
	struct session *s = call->session;
	const struct handle was = s->handles[index];
	struct handle *handle = &s->handles[index];
	unsigned long pfn;

	s->last = (struct alloc_request){ .gfp = was.gfp,
					  .order = was.order,
					  .node = cpu_to_node(s->mm, 0),
					  .lru = was.lru,
					  .migratable = was.migratable,
					  .owner = index + 1 };
	s->has_last = true;
	pfn = fault_in(s->mm, &s->last, was.shadow);
	tell_kills(s, call->out);
	if (!handle_held(handle)) {
		if (pfn != PFN_NONE)
			free_pages(s->mm, 0, pfn, was.order, false, NULL);
		fprintf(call->out, "%s: its owner %s was killed\n", was.name, was.owner);
		return false;
	}
	if (pfn == PFN_NONE) {
		print_refusal(call, handle, &s->last);
		return false;
	}
	if (was.gone == HANDLE_SWAPPED)
		swap_free(s->mm, was.order);
	handle->pfn = pfn;
	handle->gone = HANDLE_HERE;
	s->used_pages += 1UL << was.order;
	fprintf(call->out, "%s %s pfn=0x%lx order=%u ", was.name,
		was.gone == HANDLE_SWAPPED ? "swapped in" : "read again", pfn, was.order);
	write_marks(s->mm, pfn, call->out);
	return true;
}

/* Use one block: reading it, or writing to it. */
static void use_one(struct call *call, uint32_t index, bool write)
{
	struct session *s = call->session;
	const struct handle *handle = &s->handles[index];
	bool back = false;

	if (!handle_held(handle))
		return; /* taken from its owner by what came before it in this command */
	if (!handle_live(handle)) {
		back = bring_back(call, index);
		if (!back || !write)
			return;
	}
	if (!(pfn_to_page(s->mm, handle->pfn)->flags & PG_LRU)) {
		fprintf(call->out, "%s is on no LRU list: it is not user or file memory\n", handle->name);
		return;
	}
	if (write)
		page_set_dirty(s->mm, handle->pfn);
	else
		page_touch(s->mm, handle->pfn);
	call->changed = true;
	fprintf(call->out, "%s %s pfn=0x%lx order=%u ", handle->name, write ? "written" : "touched",
		handle->pfn, handle->order);
	write_marks(s->mm, handle->pfn, call->out);
}

static int use_all(struct call *call, bool write)
{
	struct session *s = call->session;
	struct selection sel;
	int status;

	selection_init(&sel, s);
	status = select_blocks(call, &sel);
	s->killed = NULL;
	for (size_t i = 0; i < sel.nr && status == SESSION_OK; i++) {
		use_one(call, sel.index[i], write);
		session_threads(s);
		if (i + 1 < sel.nr && session_interrupted(s)) {
			record_handles(call, &sel, i + 1);
			status = SESSION_INTERRUPTED;
		}
	}
	selection_free(&sel);
	return status;
}

int run_touch(struct call *call)
{
	return use_all(call, false);
}

int run_dirty(struct call *call)
{
	return use_all(call, true);
}

/* ------------------------------------------------------------- reclaim --- */

int run_reclaim(struct call *call)
{
	struct mm *mm = call->session->mm;
	const struct value *node = call_opt(call, "node");
	unsigned long pages = (unsigned long)call_number(call, "pages", 32), got;
	unsigned long swapped = mm->vm_events[PSWPOUT], file = mm->vm_events[PGSTEAL_FILE];
	unsigned long scanned = mm->vm_events[PGSCAN_DIRECT];

	if (pages == 0)
		return call_error(call, "reclaim: pages must be 1 or more");
	got = reclaim_pages(mm, node ? (int)node->number : -1, pages);
	fprintf(call->out, "%lu page%s reclaimed: %lu to swap, %lu of files; %lu scanned\n", got, plural(got),
		mm->vm_events[PSWPOUT] - swapped, mm->vm_events[PGSTEAL_FILE] - file,
		mm->vm_events[PGSCAN_DIRECT] - scanned);
	return SESSION_OK;
}

/* --------------------------------------------------------------- looks --- */

static void write_list(const struct call *call, const struct pglist_data *node, enum lru_list lru,
		       uint64_t limit)
{
	const struct mm *mm = call->session->mm;
	const struct page_list *list = &node->lruvec.lists[lru];
	long pages = node->vm_stat[NR_LRU_BASE + lru];
	uint32_t pfn = list->head;

	fprintf(call->out, "  %s: %ld page%s, %lu block%s\n", lru_list_name(lru), pages,
		plural((unsigned long)pages), list->nr, plural(list->nr));
	for (; pfn != PFN_NIL && limit > 0; pfn = mm->memmap[pfn].next, limit--) {
		const struct handle *handle = session_owner(call->session, mm->memmap[pfn].private);

		fprintf(call->out, "    0x%x order=%u %s ", pfn, page_order(&mm->memmap[pfn]),
			handle ? handle->name : "-");
		write_marks(mm, pfn, call->out);
	}
	if (pfn != PFN_NIL)
		fputs("    ...\n", call->out);
}

static void write_node(const struct call *call, const struct pglist_data *node, uint64_t limit)
{
	long dirty = node->vm_stat[NR_FILE_DIRTY];

	fprintf(call->out, "Node %d: kswapd %s, woken %lu time%s", node->node_id,
		node->kswapd_awake ? "awake" : "asleep", node->kswapd_wakeups, plural(node->kswapd_wakeups));
	if (node->kswapd_failures)
		fprintf(call->out, ", %d run%s in vain", node->kswapd_failures,
			plural((unsigned long)node->kswapd_failures));
	fprintf(call->out, "; dirty %ld page%s; cost anon %lu file %lu\n", dirty,
		plural((unsigned long)dirty), node->lruvec.anon_cost, node->lruvec.file_cost);
	for (enum lru_list lru = 0; lru < NR_LRU_LISTS; lru++)
		write_list(call, node, lru, limit);
}

int run_lru(struct call *call)
{
	const struct mm *mm = call->session->mm;
	const struct value *only = call_opt(call, "node");
	uint64_t limit = call_number(call, "limit", 16);

	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		if (!only || only->number == n)
			write_node(call, &mm->nodes[n], limit);
	fprintf(call->out, "swap: %lu of %lu page%s used\n", mm->total_swap_pages - mm->nr_swap_pages,
		mm->total_swap_pages, plural(mm->total_swap_pages));
	return SESSION_OK;
}

int run_vmstat(struct call *call)
{
	proc_vmstat(call->session->mm, call->out);
	return SESSION_OK;
}
