/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at one thing: a page, an address, a GFP word. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buddyviz/vmscan.h"
#include "shell.h"

/* PageBuddy() lives where _mapcount does: page_type with PG_buddy (0x80) taken away. */
#define BUDDY_MAPCOUNT (-129)

static const char *const state_words[NR_PAGE_STATES] = {
	[PAGE_HOLE] = "no memory",
	[PAGE_NOMAP] = "memory that the kernel does not map",
	[PAGE_RESERVED] = "reserved by memblock",
	[PAGE_BOOT] = "allocated before the session, owner unknown",
	[PAGE_FREE] = "free",
	[PAGE_PCP] = "free, in a per-CPU page set",
	[PAGE_USED] = "allocated",
};

static void write_zone_line(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out, "  node           %d\n", mm->nodes[zone->node].node_id);
	fprintf(out, "  zone           %s (0x%lx-0x%lx)\n", zone->name, zone->zone_start_pfn,
		zone_end_pfn(zone) - 1);
}

static bool has_block(const struct page_info *info)
{
	return info->state == PAGE_FREE || info->state == PAGE_PCP || info->state == PAGE_USED;
}

static void write_state(unsigned long pfn, const struct page_info *info, FILE *out)
{
	fprintf(out, "  state          %s", state_words[info->state]);
	if (info->name)
		fprintf(out, ": %s", info->name);
	if (has_block(info))
		fprintf(out, "; %s a block of order %u, 0x%lx-0x%lx", info->head == pfn ? "heads" : "inside",
			info->order, info->head, info->head + (1UL << info->order) - 1);
	fputc('\n', out);
}

/* The flags that the kernel's own descriptor of this page would show. */
static void write_flags(unsigned long pfn, const struct page_info *info, gfp_t gfp, FILE *out)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} names[] = {
		{ PG_REFERENCED, "referenced" }, { PG_DIRTY, "dirty" },     { PG_LRU, "lru" },
		{ PG_ACTIVE, "active" },         { PG_ANON, "swapbacked" }, { PG_ISOLATED, "isolated" },
	};
	bool any = false;

	fputs("  flags          ", out);
	if (info->state == PAGE_RESERVED || info->state == PAGE_NOMAP) {
		fputs("reserved", out);
		any = true;
	}
	if (info->state == PAGE_USED && gfp & __GFP_COMP && info->order > 0 && info->head == pfn) {
		fputs("head", out);
		any = true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (info->state != PAGE_USED || info->head != pfn || !(info->page->flags & names[i].flag))
			continue;
		fprintf(out, "%s%s", any ? "|" : "", names[i].name);
		any = true;
	}
	fputs(any ? "\n" : "none\n", out);
}

static void write_counts(unsigned long pfn, const struct page_info *info, FILE *out)
{
	bool buddy = info->state == PAGE_FREE && info->head == pfn;
	bool held = info->state == PAGE_RESERVED || info->state == PAGE_NOMAP || info->state == PAGE_BOOT ||
		    (info->state == PAGE_USED && info->head == pfn);

	fprintf(out, "  _refcount      %d\n", held ? 1 : 0);
	if (buddy)
		fprintf(out, "  _mapcount      %d (page_type: PG_buddy)\n", BUDDY_MAPCOUNT);
	else
		fprintf(out, "  _mapcount      -1\n");
}

/* A neighbour on the page's list; free lists are rings through their heads, others end with PFN_NIL. */
static void write_link(const struct mm *mm, const struct page_info *info, uint32_t n, FILE *out)
{
	bool buddy = info->state == PAGE_FREE;
	uint32_t end = PFN_NIL;

	if (buddy)
		end = free_list_end(mm, &info->zone->free_area[info->order].free_list[info->migratetype]);
	if (n == end)
		fputs("list head", out);
	else
		fprintf(out, "0x%lx", buddy ? entry_pfn(mm, info->order, n) : (unsigned long)n);
}

static void write_list_links(const struct mm *mm, unsigned long pfn, const struct page_info *info, FILE *out)
{
	bool listed = info->state == PAGE_FREE || info->state == PAGE_PCP ||
		      (info->state == PAGE_USED && info->page->flags & PG_LRU);

	fputs("  lru            ", out);
	if (!listed || info->head != pfn) {
		fputs("on no list\n", out);
		return;
	}
	fputs("prev ", out);
	write_link(mm, info, info->page->prev, out);
	fputs(", next ", out);
	write_link(mm, info, info->page->next, out);
	if (info->state == PAGE_FREE)
		fprintf(out, " (free_area[%u].free_list[%s])", info->order,
			migratetype_name(info->migratetype));
	else if (info->state == PAGE_PCP)
		fprintf(out, " (page set, order %u, remembered type %s)", info->order,
			migratetype_name(info->migratetype));
	else
		fprintf(out, " (%s of node %d)", lru_list_name(page_lru(info->page)),
			mm->nodes[info->zone->node].node_id);
	fputc('\n', out);
}

static void write_private(unsigned long pfn, const struct page_info *info, FILE *out)
{
	if (info->state == PAGE_FREE && info->head == pfn)
		fprintf(out, "  private        %u (order of the free block)\n", info->order);
	else
		fprintf(out, "  private        0\n");
}

static void write_owner(const struct session *s, const struct page_info *info, FILE *out)
{
	const struct handle *handle = session_owner(s, info->page->private);
	char gfp[256];

	if (!handle) {
		fputs("  owner          unknown\n", out);
		return;
	}
	fprintf(out, "  owner          %s", handle->name);
	if (handle->owner)
		fprintf(out, " of %s", handle->owner);
	fprintf(out, ", %s, %s\n", gfp_format(handle->gfp, gfp, sizeof(gfp)),
		info->page->flags & PG_MIGRATABLE ? "can be migrated" : "cannot be migrated");
}

/* The block that this page's block would merge with, and why it does not. */
static void write_buddy(const struct mm *mm, const struct page_info *info, FILE *out)
{
	unsigned long buddy = info->head ^ (1UL << info->order);
	struct page_info other;

	if (info->order >= mm->max_order) {
		fprintf(out, "  buddy          none: order %u is the highest\n", info->order);
		return;
	}
	page_lookup(mm, buddy, &other);
	fprintf(out, "  buddy          0x%lx: ", buddy);
	if (other.state == PAGE_FREE && other.head == buddy && other.order == info->order)
		fprintf(out, "free, of the same order, on the %s list", migratetype_name(other.migratetype));
	else if (has_block(&other))
		fprintf(out, "%s%s, order %u", state_words[other.state],
			other.head == buddy ? "" : ", inside a block", other.order);
	else
		fputs(state_words[other.state], out);
	if (other.zone && other.zone != info->zone)
		fprintf(out, ", in zone %s", other.zone->name);
	fputc('\n', out);
}

static void write_page(const struct session *s, unsigned long pfn, const struct page_info *info, FILE *out)
{
	const struct mm *mm = s->mm;
	const struct handle *handle = info->state == PAGE_USED ? session_owner(s, info->page->private) : NULL;

	write_flags(pfn, info, handle ? handle->gfp : 0, out);
	write_counts(pfn, info, out);
	write_list_links(mm, pfn, info, out);
	write_private(pfn, info, out);
	if (info->zone)
		write_zone_line(mm, info->zone, out);
	fprintf(out, "  section        %" PRIu64 "\n",
		((uint64_t)pfn << mm->page_shift) >> mm->layout->section_shift);
	fprintf(out, "  pageblock      0x%lx, %s\n", pfn >> mm->pageblock_order << mm->pageblock_order,
		migratetype_name(pfn_to_pageblock(mm, pfn)->migratetype));
	if (info->state == PAGE_USED)
		write_owner(s, info, out);
	if (has_block(info))
		write_buddy(mm, info, out);
}

int run_page(struct call *call)
{
	const struct mm *mm = call->session->mm;
	unsigned long pfn = call->pos[0].number;
	struct page_info info;
	uint64_t start;

	if (call->pos[0].number > UINT64_MAX >> mm->page_shift)
		return call_error(call, "page: pfn 0x%lx is past all addresses", pfn);
	start = (uint64_t)pfn << mm->page_shift;
	page_lookup(mm, pfn, &info);
	fprintf(call->out, "page 0x%lx (%lu), address 0x%" PRIx64 "-0x%" PRIx64 "\n", pfn, pfn, start,
		start + (UINT64_C(1) << mm->page_shift) - 1);
	write_state(pfn, &info, call->out);
	if (info.state != PAGE_HOLE)
		write_page(call->session, pfn, &info, call->out);
	return SESSION_OK;
}

/* ---------------------------------------------------------- convert --- */

/* What convert's word was taken for. */
static const char *read_place(const struct mm *mm, const struct value *place, unsigned long *pfn)
{
	uint64_t n = place->number, page_offset = mm->layout->virtual.page_offset;

	if (n < mm->end_pfn) {
		*pfn = n;
		return "PFN";
	}
	if (n >= page_offset) {
		*pfn = (n - page_offset) >> mm->page_shift;
		return "kernel virtual address";
	}
	*pfn = n >> mm->page_shift;
	return "physical address";
}

static void write_place(const struct mm *mm, unsigned long pfn, const char *kind, FILE *out)
{
	uint64_t phys = (uint64_t)pfn << mm->page_shift, virtual = page_address(mm, pfn);
	struct page_info info;

	page_lookup(mm, pfn, &info);
	fprintf(out, "  taken for      a %s\n", kind);
	fprintf(out, "  pfn            0x%lx (%lu)\n", pfn, pfn);
	fprintf(out, "  physical       0x%" PRIx64 "-0x%" PRIx64 "\n", phys,
		phys + (UINT64_C(1) << mm->page_shift) - 1);
	if (virtual)
		fprintf(out, "  virtual        0x%" PRIx64 " (linear map)\n", virtual);
	else
		fprintf(out, "  virtual        none: highmem is outside the linear map\n");
	fprintf(out, "  page           memmap[%lu], %zu bytes a page\n", pfn, sizeof(struct page));
	fprintf(out, "  section        %" PRIu64 " (%" PRIu64 " MiB each)\n",
		phys >> mm->layout->section_shift, (UINT64_C(1) << mm->layout->section_shift) >> 20);
	if (info.zone)
		write_zone_line(mm, info.zone, out);
	fprintf(out, "  state          %s\n", state_words[info.state]);
}

int run_convert(struct call *call)
{
	const struct mm *mm = call->session->mm;
	const struct value *as_pfn = call_opt(call, "pfn"), *as_address = call_opt(call, "address");
	const char *kind;
	unsigned long pfn;

	if (call->nr_pos + (as_pfn != NULL) + (as_address != NULL) != 1)
		return call_error(call, "convert: one PFN or address, please; expected: %s",
				  call->command->usage);
	if (as_pfn) {
		pfn = as_pfn->number;
		kind = "PFN";
	} else if (as_address) {
		pfn = as_address->number >> mm->page_shift;
		kind = "physical address";
	} else {
		kind = read_place(mm, &call->pos[0], &pfn);
	}
	if (pfn > UINT64_MAX >> mm->page_shift)
		return call_error(call, "convert: pfn 0x%lx is past all addresses", pfn);
	fprintf(call->out, "%s\n", as_pfn ? as_pfn->text : as_address ? as_address->text : call->pos[0].text);
	write_place(mm, pfn, kind, call->out);
	return SESSION_OK;
}

/* -------------------------------------------------------------- gfp --- */

static void write_gfp_flags(gfp_t gfp, FILE *out)
{
	static const struct gfp_name flags[] = {
#define X(name, value) { #name, value },
		GFP_FLAG_TABLE(X)
#undef X
	};
	char text[256];
	bool any = false;

	fprintf(out, "%s = 0x%x\n", gfp_format(gfp, text, sizeof(text)), gfp);
	fputs("  flags          ", out);
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (!(gfp & flags[i].value))
			continue;
		fprintf(out, "%s%s", any ? "|" : "", flags[i].name);
		any = true;
	}
	fputs(any ? "\n" : "none\n", out);
}

/* The zone that the flags ask for by its name, NULL: they name none, or Movable, which every machine has. */
static const char *zone_asked_for(gfp_t gfp)
{
	if (gfp & __GFP_DMA)
		return "DMA";
	if (gfp & __GFP_DMA32)
		return "DMA32";
	return gfp & __GFP_HIGHMEM && !(gfp & __GFP_MOVABLE) ? "HighMem" : NULL;
}

/* Why a request for that zone cannot be served from it on this machine, if so. */
static void write_zone_lack(const struct mm *mm, gfp_t gfp, int index, FILE *out)
{
	const char *name = zone_type_name(mm->zone_types[index]), *asked = zone_asked_for(gfp);
	unsigned long pages = 0;

	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		pages += mm->nodes[n].node_zones[index].present_pages;
	if (asked && strcmp(asked, name) != 0)
		fprintf(out, " (no %s zone here)", asked);
	else if (pages == 0)
		fprintf(out, " (without memory here)");
}

/* The zone that GFP_ZONE_TABLE gives, and those below it that it may fall back to. */
static void write_gfp_zone(const struct mm *mm, gfp_t gfp, FILE *out)
{
	int highest = gfp_zone(mm, gfp);
	bool any = false;

	fprintf(out, "  zone           GFP_ZONE_TABLE[0x%x] = ", (unsigned int)(gfp & GFP_ZONEMASK));
	if (highest < 0) {
		fputs("a combination that is not permitted\n", out);
		return;
	}
	fputs(zone_type_name(mm->zone_types[highest]), out);
	write_zone_lack(mm, gfp, highest, out);
	for (int i = highest - 1; i >= 0; i--) {
		fprintf(out, "%s %s", any ? "," : "; falls back to", zone_type_name(mm->zone_types[i]));
		any = true;
	}
	if (gfp & __GFP_THISNODE)
		fputs("; on its node only", out);
	fputc('\n', out);
}

static void write_gfp_reclaim(gfp_t gfp, FILE *out)
{
	fprintf(out, "  reclaim        kswapd is %swoken; %s\n", gfp & __GFP_KSWAPD_RECLAIM ? "" : "not ",
		gfp & __GFP_DIRECT_RECLAIM ? "may reclaim directly, so it may sleep" : "never sleeps");
	if (gfp & __GFP_DIRECT_RECLAIM)
		fprintf(out, "                 %s start I/O, %s call into file systems\n",
			gfp & __GFP_IO ? "may" : "must not", gfp & __GFP_FS ? "may" : "must not");
	if (gfp & __GFP_NOFAIL)
		fputs("                 __GFP_NOFAIL: tries for ever\n", out);
	if (gfp & __GFP_NORETRY)
		fputs("                 __GFP_NORETRY: gives up after one round of direct reclaim\n", out);
	if (gfp & __GFP_RETRY_MAYFAIL)
		fputs("                 __GFP_RETRY_MAYFAIL: tries hard, then fails\n", out);
}

static void write_alloc_flags(unsigned int flags, FILE *out)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} names[] = {
		{ ALLOC_NO_WATERMARKS, "ALLOC_NO_WATERMARKS" },
		{ ALLOC_NON_BLOCK, "ALLOC_NON_BLOCK" },
		{ ALLOC_MIN_RESERVE, "ALLOC_MIN_RESERVE" },
		{ ALLOC_HIGHATOMIC, "ALLOC_HIGHATOMIC" },
		{ ALLOC_CMA, "ALLOC_CMA" },
		{ ALLOC_KSWAPD, "ALLOC_KSWAPD" },
	};

	fputs("  alloc flags    ALLOC_WMARK_MIN", out);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (flags & names[i].flag)
			fprintf(out, "|%s", names[i].name);
	fputs(" (slow path)\n", out);
}

/* How deep into each permitted zone the slow path may go: the mark, lowered, and lowmem_reserve. */
static void write_gfp_depth(const struct mm *mm, gfp_t gfp, unsigned int flags, FILE *out)
{
	int highest = gfp_zone(mm, gfp);

	fputs("  watermark      fast path: low; slow path: ", out);
	fputs(flags & ALLOC_NO_WATERMARKS ? "none at all\n" : "down to\n", out);
	for (unsigned int i = 0; i < mm->nr_zones && !(flags & ALLOC_NO_WATERMARKS); i++) {
		const struct zone *zone = mm->zones[i];
		long mark = (long)(zone->watermark[WMARK_MIN] + zone->watermark_boost);

		if (zone->managed_pages == 0 || zone->index > highest)
			continue;
		fprintf(out, "                 Node %d %-8s %ld of min %ld, + lowmem_reserve %ld\n",
			mm->nodes[zone->node].node_id, zone->name, watermark_floor(mark, flags), mark,
			zone->lowmem_reserve[highest]);
	}
}

int run_gfp(struct call *call)
{
	const struct mm *mm = call->session->mm;
	gfp_t gfp = call->pos[0].gfp;
	unsigned int order = (unsigned int)call_number(call, "order", 0);
	unsigned int flags = gfp_to_alloc_flags(mm, gfp, order) | gfp_pfmemalloc_flags(gfp);

	write_gfp_flags(gfp, call->out);
	write_gfp_zone(mm, gfp, call->out);
	if ((gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK)
		fputs("  migratetype    none: __GFP_MOVABLE and __GFP_RECLAIMABLE exclude each other\n",
		      call->out);
	else
		fprintf(call->out, "  migratetype    %s%s\n", migratetype_name(gfp_migratetype(mm, gfp)),
			mm->page_group_by_mobility_disabled ? " (grouping by mobility is off)" : "");
	write_gfp_reclaim(gfp, call->out);
	write_alloc_flags(flags, call->out);
	if (gfp_zone(mm, gfp) >= 0)
		write_gfp_depth(mm, gfp, flags, call->out);
	return SESSION_OK;
}
