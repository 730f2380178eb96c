/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at lists: the free lists, the page sets, the pageblocks, what is allocated. */
#include "config.h"

#include <string.h>

#include "shell.h"
#include "text.h"

/* The PFNs of a free list, head first, at most limit of them. */
static void write_free_list(const struct mm *mm, const struct page *list, unsigned int order, uint64_t limit,
			    FILE *out)
{
	uint64_t written = 0;

	for_each_free_block (mm, list, n) {
		if (written == limit) {
			fprintf(out, " … %lu more", list->nr - (unsigned long)written);
			break;
		}
		fprintf(out, " 0x%lx", entry_pfn(mm, order, n));
		written++;
	}
	fputc('\n', out);
}

/* The same of a page set's list. */
static void write_pcp_list(const struct mm *mm, const struct page_list *list, uint64_t limit, FILE *out)
{
	uint32_t n = list->head;
	uint64_t written;

	for (written = 0; n != PFN_NIL && written < limit; written++) {
		fprintf(out, " 0x%x", n);
		n = mm->memmap[n].next;
	}
	if (n != PFN_NIL)
		fprintf(out, " … %lu more", list->nr - (unsigned long)written);
	fputc('\n', out);
}

static void write_zone_lists(const struct call *call, const struct zone *zone)
{
	const struct mm *mm = call->session->mm;
	const struct value *only = call_opt(call, "order"), *type = call_opt(call, "type");
	uint64_t limit = call_number(call, "limit", UINT64_MAX);

	for (unsigned int order = 0; order <= mm->max_order; order++) {
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &zone->free_area[order].free_list[mt];

			if ((only && only->number != order) || (type && (int)type->number != mt))
				continue;
			if (list->nr == 0 && !(only && type))
				continue;
			fprintf(call->out, "Node %d %s order %u %s (%u):", mm->nodes[zone->node].node_id,
				zone->name, order, migratetype_name(mt), list->nr);
			write_free_list(mm, list, order, limit, call->out);
		}
	}
}

int run_lists(struct call *call)
{
	const struct mm *mm = call->session->mm;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (zone_selected(call, mm->zones[i]))
			write_zone_lists(call, mm->zones[i]);
	return SESSION_OK;
}

/* ------------------------------------------------------------- pcp --- */

/* What the list pindex of a page set holds (order_to_pindex, the other way). */
static void write_pindex(const struct mm *mm, unsigned int pindex, FILE *out)
{
	if (pindex < NR_LOWORDER_PCP_LISTS)
		fprintf(out, "  order %u %s", pindex / MIGRATE_PCPTYPES,
			migratetype_name((int)(pindex % MIGRATE_PCPTYPES)));
	else
		fprintf(out, "  order %u %s", mm->pageblock_order,
			pindex == NR_LOWORDER_PCP_LISTS ? "not movable" : "movable");
}

static void write_page_set(const struct call *call, const struct zone *zone, unsigned int cpu)
{
	const struct mm *mm = call->session->mm;
	const struct per_cpu_pages *pcp = &zone->pcp[cpu];

	fprintf(call->out, "Node %d %s cpu %u: count %d high %d batch %d free_factor %d\n",
		mm->nodes[zone->node].node_id, zone->name, cpu, pcp->count, pcp->high, pcp->batch,
		pcp->free_factor);
	for (unsigned int i = 0; i < NR_PCP_LISTS; i++) {
		const struct page_list *list = &pcp->lists[i];

		if (list->nr == 0)
			continue;
		write_pindex(mm, i, call->out);
		fprintf(call->out, " (%lu):", list->nr);
		write_pcp_list(mm, list, call_number(call, "limit", UINT64_MAX), call->out);
	}
}

int run_pcp(struct call *call)
{
	const struct mm *mm = call->session->mm;
	const struct value *only = call_opt(call, "cpu");

	if (mm->pcp_disabled)
		fputs("page sets are off: every request goes to the free lists\n", call->out);
	for (unsigned int i = 0; i < mm->nr_zones; i++) {
		for (unsigned int cpu = 0; zone_selected(call, mm->zones[i]) && cpu < mm->nr_cpus; cpu++)
			if (!only || only->number == cpu)
				write_page_set(call, mm->zones[i], cpu);
	}
	return SESSION_OK;
}

/* ------------------------------------------------------ pageblocks --- */

static bool block_selected(const struct call *call, const struct pageblock *block)
{
	const struct mm *mm = call->session->mm;
	const struct value *type = call_opt(call, "type");

	return block->nr_present > 0 && block->zone < mm->nr_zones &&
	       zone_selected(call, mm->zones[block->zone]) && (!type || block->migratetype == type->number);
}

static bool same_block(const struct pageblock *a, const struct pageblock *b)
{
	return a->migratetype == b->migratetype && a->flags == b->flags && a->zone == b->zone &&
	       a->nr_present == b->nr_present && a->nr_free == b->nr_free && a->nr_pcp == b->nr_pcp &&
	       memcmp(a->nr_used, b->nr_used, sizeof(a->nr_used)) == 0;
}

static void write_blocks(const struct call *call, unsigned long first, unsigned long nr)
{
	const struct mm *mm = call->session->mm;
	const struct pageblock *block = &mm->pageblocks[first];
	const struct zone *zone = mm->zones[block->zone];
	char place[32], name[32];

	snprintf(place, sizeof(place), "0x%lx-0x%lx", first << mm->pageblock_order,
		 ((first + nr) << mm->pageblock_order) - 1);
	snprintf(name, sizeof(name), "%d %s%s", mm->nodes[zone->node].node_id, zone->name,
		 block->flags & PB_TWO_ZONES ? "+" : "");
	fprintf(call->out, "%-17s %6lu  %-9s %-11s %4u %4u %4u %4u %4u %4u%s\n", place, nr, name,
		migratetype_name(block->migratetype), block->nr_present, block->nr_free, block->nr_pcp,
		block->nr_used[MIGRATE_UNMOVABLE], block->nr_used[MIGRATE_MOVABLE],
		block->nr_used[MIGRATE_RECLAIMABLE], block->flags & PB_SKIP ? " s" : "");
}

int run_pageblocks(struct call *call)
{
	const struct mm *mm = call->session->mm;
	unsigned long end = (mm->end_pfn + (1UL << mm->pageblock_order) - 1) >> mm->pageblock_order, next;
	uint64_t limit = call_number(call, "limit", UINT64_MAX);

	fprintf(call->out,
		"pages of a pageblock (order %u); neighbours that are alike share a line;\n"
		"U, M, E: in use by unmovable, movable, reclaimable requests; s: marked skip\n",
		mm->pageblock_order);
	fprintf(call->out, "%-17s %6s  %-9s %-11s %4s %4s %4s %4s %4s %4s\n", "pfn", "blocks", "zone", "type",
		"size", "free", "pcp", "U", "M", "E");
	for (unsigned long i = 0; i < end && limit > 0; i = next) {
		next = i + 1;
		if (!block_selected(call, &mm->pageblocks[i]))
			continue;
		while (next < end && same_block(&mm->pageblocks[i], &mm->pageblocks[next]))
			next++;
		write_blocks(call, i, next - i);
		limit--;
	}
	return SESSION_OK;
}

/* ---------------------------------------------------------- allocs --- */

static void write_handle(const struct call *call, const struct handle *handle)
{
	const struct mm *mm = call->session->mm;
	const struct zone *zone = page_zone(mm, handle->pfn);
	char pfn[24], place[32], gfp[256], order[12];
	const char *mobility = migratetype_name(gfp_migratetype(mm, handle->gfp));

	snprintf(pfn, sizeof(pfn), "0x%lx", handle->pfn);
	if (zone)
		snprintf(place, sizeof(place), "%d %s", mm->nodes[zone->node].node_id, zone->name);
	else
		snprintf(pfn, sizeof(pfn), "-");
	if (!zone)
		snprintf(place, sizeof(place), handle->gone == HANDLE_SWAPPED ? "in swap" : "dropped");
	snprintf(order, sizeof(order), "%u", handle->order);
	if (handle->kind == HANDLE_CMA) {
		strcpy(order, "-");
		mobility = handle_area(call->session, handle)->name;
	}
	gfp_format(handle->gfp, gfp, sizeof(gfp));
	fprintf(call->out, "%-6s %8s %5s %5lu  %-9s %-11s %-7s %s\n", handle->name, pfn, order,
		handle_pages(handle), place, mobility, handle->owner ? handle->owner : "-", gfp);
}

int run_allocs(struct call *call)
{
	const struct session *s = call->session;
	const struct value *owner = call_opt(call, "owner");
	bool all = call_opt(call, "all") != NULL;
	unsigned long pages = 0, blocks = 0;

	fprintf(call->out, "%-6s %8s %5s %5s  %-9s %-11s %-7s %s\n", "handle", "pfn", "order", "pages",
		"zone", "mobility", "owner", "gfp");
	for (size_t i = 0; i < s->nr_handles; i++) {
		const struct handle *handle = &s->handles[i];

		if (!handle_held(handle) ||
		    (owner && (!handle->owner || strcmp(handle->owner, owner->text) != 0)))
			continue;
		if (!handle->random || all || owner) {
			write_handle(call, handle);
			continue;
		}
		blocks++;
		pages += handle_pages(handle);
	}
	if (blocks)
		fprintf(call->out, "and of random %lu block%s, %lu page%s (allocs all lists them)\n", blocks,
			plural(blocks), pages, plural(pages));
	if (!owner)
		fprintf(call->out, "%lu page%s in all\n", s->used_pages, plural(s->used_pages));
	return SESSION_OK;
}

/* ----------------------------------------------------------- check --- */

static unsigned long check_handle(const struct session *s, const struct handle *handle, FILE *out)
{
	struct page_info info;

	unsigned long pfn = handle->pfn, end = pfn + handle_pages(handle);

	for (; pfn < end; pfn += 1UL << handle->order) {
		page_lookup(s->mm, pfn, &info);
		if (info.state != PAGE_USED || info.head != pfn || info.order != handle->order ||
		    info.page->private != (uint32_t)(handle - s->handles) + 1)
			break;
	}
	if (pfn == end)
		return 0;
	fprintf(out, "handle %s: no block of order %u of its own at pfn 0x%lx\n", handle->name, handle->order,
		pfn);
	return 1;
}

/* Every used block of a pageblock has a handle that knows it. */
static unsigned long check_owners(const struct session *s, unsigned long pfn, FILE *out)
{
	unsigned long end = pfn + (1UL << s->mm->pageblock_order), wrong = 0;

	for (; pfn < end && pfn < s->mm->end_pfn; pfn++) {
		const struct page *page = pfn_to_page(s->mm, pfn);
		const struct handle *handle;

		if (!(page->flags & PG_USED))
			continue;
		handle = session_owner(s, page->private);
		if (handle && (handle->pfn == pfn ||
			       (handle->kind == HANDLE_CMA && pfn - handle->pfn < handle->nr_pages)))
			continue;
		fprintf(out, "pfn 0x%lx: an allocated block of order %u without a handle\n", pfn,
			page_order(page));
		wrong++;
	}
	return wrong;
}

static unsigned long check_session(const struct session *s, FILE *out)
{
	const struct mm *mm = s->mm;
	unsigned long wrong = 0, end = mm->end_pfn >> mm->pageblock_order;

	for (size_t i = 0; i < s->nr_handles; i++)
		if (handle_live(&s->handles[i]))
			wrong += check_handle(s, &s->handles[i], out);
	for (unsigned long i = 0; i <= end; i++) {
		const struct pageblock *block = &mm->pageblocks[i];

		if (i << mm->pageblock_order >= mm->end_pfn)
			break;
		if (block->nr_used[0] || block->nr_used[1] || block->nr_used[2])
			wrong += check_owners(s, i << mm->pageblock_order, out);
	}
	return wrong;
}

int run_check(struct call *call)
{
	if (mm_check(call->session->mm, call->out) + check_session(call->session, call->out) == 0)
		fputs("ok\n", call->out);
	return SESSION_OK;
}
