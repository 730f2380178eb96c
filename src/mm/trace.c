/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tracepoints: listeners, and each event as a line of text.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "internal.h"
#include "trace_text.h"

_Static_assert(NR_TRACE_EVENTS <= 64, "an event's bit must fit in a mask of 64");

void trace_mute(struct mm *mm)
{
	mm->trace_mask = 0;
	mm->watched = mm->capture;
}

void trace_update(struct mm *mm)
{
	trace_mute(mm);
	for (const struct trace_listener *l = mm->listeners; l; l = l->next)
		mm->trace_mask |= l->mask;
	mm->watched = mm->trace_mask || mm->capture;
}

void trace_attach(struct mm *mm, struct trace_listener *listener)
{
	struct trace_listener **end = &mm->listeners;

	while (*end)
		end = &(*end)->next;
	*end = listener;
	listener->next = NULL;
	trace_update(mm);
}

void trace_detach(struct mm *mm, struct trace_listener *listener)
{
	for (struct trace_listener **l = &mm->listeners; *l; l = &(*l)->next) {
		if (*l != listener)
			continue;
		*l = listener->next;
		break;
	}
	trace_update(mm);
}

void trace_emit(struct mm *mm, const struct trace_event *event)
{
	for (struct trace_listener *l = mm->listeners; l; l = l->next)
		if (l->mask & TRACE_BIT(event->id))
			l->fn(l->arg, mm, event);
}

void trace_emit_block(struct mm *mm, enum trace_id id, const struct zone *zone, unsigned long pfn,
		      unsigned int order, int migratetype, long a)
{
	struct trace_event event = {
		.id = id, .zone = zone, .pfn = pfn, .order = (int)order, .mt = migratetype
	};

	if (id == TRACE_MERGE)
		event.pfn2 = (unsigned long)a;
	else if (id == TRACE_RMQUEUE_SMALLEST)
		event.order2 = (int)a;
	else
		event.a = a;
	trace_emit(mm, &event);
}

const char *trace_name(enum trace_id id)
{
#define X(id, name) [TRACE_##id] = #name,
	static const char *const names[NR_TRACE_EVENTS] = { TRACE_EVENT_TABLE(X) };
#undef X
	return names[id];
}

/* What the texts of an event are put together from. */
struct words {
	char *buf;
	size_t size, used;
	const struct mm *mm;
	const struct trace_event *e;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w, const char *format, ...)
{
	va_list args;
	int n;

	if (w->used >= w->size)
		return;
	va_start(args, format);
	n = vsnprintf(w->buf + w->used, w->size - w->used, format, args);
	va_end(args);
	if (n > 0)
		w->used += (size_t)n;
}

static const char *type_of(int migratetype)
{
	return migratetype_name(migratetype);
}

/* "zone DMA32: ", with the node where there are several */
static void say_zone(struct words *w)
{
	if (!w->e->zone)
		return;
	if (w->mm->nr_nodes > 1)
		say(w, "node %d ", w->mm->nodes[w->e->zone->node].node_id);
	say(w, "zone %s: ", w->e->zone->name);
}

static void say_gfp(struct words *w)
{
	char name[160];

	say(w, " %s", gfp_format(w->e->gfp, name, sizeof(name)));
}

static const char *order_pages(const struct trace_event *e, char *buf, size_t size)
{
	snprintf(buf, size, "order %d", e->order);
	return buf;
}

static void say_boot(struct words *w)
{
	const struct trace_event *e = w->e;

	switch (e->id) {
	case TRACE_MEMBLOCK_ADD:
		say(w, "0x%lx-0x%lx node %ld", e->a, e->a + e->b - 1, e->c);
		break;
	case TRACE_MEMBLOCK_RESERVE:
	case TRACE_MEMBLOCK_MARK_NOMAP:
		say(w, "0x%lx-0x%lx %s", e->a, e->a + e->b - 1, e->text ? e->text : "");
		break;
	case TRACE_ZONE_INIT:
		say_zone(w);
		say(w, "from 0x%lx, spanned %ld, present %ld pages", e->pfn, e->a, e->b);
		break;
	case TRACE_MEMMAP_INIT:
		say_zone(w);
		say(w, "0x%lx, %ld pages: pageblocks Movable", e->pfn, e->a);
		break;
	case TRACE_ZONELIST_BUILD:
		say(w, "node %ld: %s", e->c, e->text ? e->text : "");
		break;
	case TRACE_MEMBLOCK_FREE_PAGES:
		say_zone(w);
		say(w, "0x%lx order %d to the buddy", e->pfn, e->order);
		break;
	case TRACE_CMA_INIT:
		say(w, "%s: 0x%lx", e->text ? e->text : "", e->pfn);
		if (e->a)
			say(w, ", %ld pages go live", e->a);
		else
			say(w, " could not be activated: it lies across two zones");
		break;
	case TRACE_WATERMARK_SET:
		say_zone(w);
		say(w, "min %ld low %ld high %ld", e->a, e->b, e->c);
		break;
	case TRACE_LOWMEM_RESERVE_SET:
		say_zone(w);
		say(w, "protection %s", e->text ? e->text : "");
		break;
	case TRACE_FREE_RESERVED:
		say(w, "%s: 0x%lx, %ld pages given back", e->text ? e->text : "", e->pfn, e->a);
		break;
	default:
		say(w, "%ld pages of memory, %ld managed", e->a, e->b);
		break;
	}
}

/* "Movable lists 0..9 empty, order 10 has 0x198400" */
static void say_search(struct words *w)
{
	const struct trace_event *e = w->e;
	int last = e->order2 < 0 ? (int)w->mm->max_order : e->order2 - 1;

	say(w, "%s ", type_of(e->mt));
	if (last < e->order) {
		say(w, "list %d has 0x%lx", e->order, e->pfn);
		return;
	}
	if (last == e->order)
		say(w, "list %d %sempty", last, e->order2 < 0 ? "is " : "");
	else
		say(w, "lists %d..%d %sempty", e->order, last, e->order2 < 0 ? "are " : "");
	if (e->order2 >= 0)
		say(w, ", order %d has 0x%lx", e->order2, e->pfn);
}

static void say_request(struct words *w)
{
	const struct trace_event *e = w->e;

	switch (e->id) {
	case TRACE_ALLOC_PAGES:
		say(w, "order=%d", e->order);
		say_gfp(w);
		if (e->zone)
			say(w, " → %s first, %s lists", e->zone->name, type_of(e->mt));
		else
			say(w, " → no zone may serve it");
		break;
	case TRACE_ZONE_SKIP:
		say_zone(w);
		say(w, "skipped, %s", e->text ? e->text : "");
		break;
	case TRACE_WATERMARK_CHECK:
		say_zone(w);
		say(w, "free %ld", e->a);
		if (e->d != e->a) /* the counter lags behind: the CPUs hold back what they changed */
			say(w, " (%ld really)", e->d);
		say(w, " %s %s %ld: %s", e->c ? "over" : "against", e->text ? e->text : "", e->b,
		    e->c          ? "ok"
		    : e->order2   ? "pages enough, but no block large enough"
		    : e->a > e->b ? "what this request may use is too little"
				  : "too low");
		break;
	case TRACE_RMQUEUE_SMALLEST:
		say_zone(w);
		say_search(w);
		break;
	case TRACE_EXPAND:
		say(w, "upper half 0x%lx → free_list[%d] %s, head", e->pfn, e->order, type_of(e->mt));
		break;
	case TRACE_MM_PAGE_ALLOC:
		if (e->pfn == PFN_NONE)
			say(w, "page=(null) order=%d", e->order);
		else
			say(w, "pfn=0x%lx order=%d", e->pfn, e->order);
		say(w, " migratetype=%d gfp_flags:", e->mt);
		say_gfp(w);
		break;
	case TRACE_MM_PAGE_ALLOC_ZONE_LOCKED:
		say(w, "pfn=0x%lx order=%d migratetype=%d percpu_refill=%ld", e->pfn, e->order, e->mt, e->a);
		break;
	case TRACE_SLOWPATH:
		say(w, "%s", e->text ? e->text : "");
		break;
	case TRACE_WAKEUP_KSWAPD:
		say_zone(w);
		say(w, "kswapd woken, order=%d", e->order);
		say_gfp(w);
		break;
	default:
		say(w, "page allocation failure: order:%d, mode:0x%x", e->order, e->gfp);
		say_gfp(w);
		break;
	}
}

static void say_lists(struct words *w)
{
	const struct trace_event *e = w->e;
	char order[24];

	switch (e->id) {
	case TRACE_FREE_LIST_ADD:
		say(w, "0x%lx → free_list[%d] %s, %s", e->pfn, e->order, type_of(e->mt),
		    e->a ? "tail" : "head");
		break;
	case TRACE_FREE_LIST_DEL:
		say(w, "0x%lx leaves free_list[%d] %s", e->pfn, e->order, type_of(e->mt));
		break;
	case TRACE_FREE_LIST_MOVE:
		say(w, "0x%lx order %d: %s → %s, tail", e->pfn, e->order, type_of(e->mt), type_of(e->mt2));
		break;
	case TRACE_MM_PAGE_ALLOC_EXTFRAG:
		say(w, "pfn=0x%lx alloc_order=%d fallback_order=%d: no %s block left, one of %s is used; %s",
		    e->pfn, e->order, e->order2, type_of(e->mt), type_of(e->mt2),
		    e->a ? "its pageblock changes sides" : "its pageblock stays and holds both");
		break;
	case TRACE_STEAL:
		say(w, "0x%lx %s: %s", e->pfn, order_pages(e, order, sizeof(order)), e->text ? e->text : "");
		if (e->a)
			say(w, " (free %ld, alike %ld)", e->a, e->b);
		break;
	case TRACE_PAGEBLOCK_TYPE:
		say(w, "pageblock 0x%lx: %s → %s", e->pfn, type_of(e->mt), type_of(e->mt2));
		break;
	case TRACE_WATERMARK_BOOST:
		say_zone(w);
		say(w, "types mix: watermarks raised by %ld pages (at most %ld), so that kswapd makes room",
		    e->a, e->b);
		break;
	case TRACE_HIGHATOMIC_RESERVE:
		say_zone(w);
		say(w,
		    "pageblock of 0x%lx serves urgent (atomic) requests only from now on, %ld pages reserved",
		    e->pfn, e->b);
		break;
	default:
		say_zone(w);
		say(w,
		    "memory is short: pageblock of 0x%lx, kept for urgent requests, becomes %s, %ld pages "
		    "stay reserved",
		    e->pfn, type_of(e->mt), e->b);
		break;
	}
}

static void say_pcp(struct words *w)
{
	const struct trace_event *e = w->e;

	switch (e->id) {
	case TRACE_PCP_ALLOC:
		say_zone(w);
		say(w, "cpu %ld: 0x%lx order %d from the page set", e->c, e->pfn, e->order);
		break;
	case TRACE_PCP_REFILL:
		say_zone(w);
		say(w, "cpu %ld: list %s order %d empty, %ld of %ld blocks came", e->c, type_of(e->mt),
		    e->order, e->b, e->a);
		break;
	case TRACE_PCP_FREE:
		say_zone(w);
		say(w, "cpu %ld: 0x%lx order %d to the page set, count %ld of high %ld", e->c, e->pfn,
		    e->order, e->a, e->b);
		break;
	case TRACE_PCP_BULK:
		say_zone(w);
		say(w, "cpu %ld: %ld pages go back to the free lists", e->c, e->a);
		break;
	case TRACE_MM_PAGE_PCPU_DRAIN:
		say(w, "pfn=0x%lx order=%d migratetype=%d", e->pfn, e->order, e->mt);
		break;
	default:
		say_zone(w);
		say(w, "cpu %ld: page set drained, %ld pages", e->c, e->a);
		break;
	}
}

static void say_free(struct words *w)
{
	const struct trace_event *e = w->e;

	switch (e->id) {
	case TRACE_MM_PAGE_FREE:
		say(w, "pfn=0x%lx order=%d", e->pfn, e->order);
		break;
	case TRACE_MERGE:
		say(w, "0x%lx and its buddy 0x%lx, order %d → 0x%lx order %d", e->pfn, e->pfn2, e->order,
		    e->pfn & e->pfn2, e->order + 1);
		break;
	default:
		say(w, "0x%lx order %d → free_list[%d] %s, %s", e->pfn, e->order, e->order, type_of(e->mt),
		    e->a == 1 ? "tail: the next merge is likely"
		    : e->a    ? "tail"
			      : "head");
		break;
	}
}

char *trace_format(const struct mm *mm, const struct trace_event *event, char *buf, size_t size)
{
	struct words w = { .buf = buf, .size = size, .mm = mm, .e = event };

	say(&w, "%s: ", trace_name(event->id));
	if (event->id >= TRACE_KSWAPD_WAKE && event->id <= TRACE_MARK_VICTIM && w.used < size)
		trace_text_vmscan(mm, event, buf + w.used, size - w.used);
	else if (event->id >= TRACE_MM_COMPACTION_BEGIN && event->id <= TRACE_TEST_PAGES_ISOLATED &&
		 w.used < size)
		trace_text_compact(mm, event, buf + w.used, size - w.used);
	else if (event->id <= TRACE_BOOT_DONE)
		say_boot(&w);
	else if (event->id >= TRACE_MM_PAGE_FREE)
		say_free(&w);
	else if (event->id >= TRACE_PCP_ALLOC)
		say_pcp(&w);
	else
		switch (event->id) {
		case TRACE_FREE_LIST_ADD:
		case TRACE_FREE_LIST_DEL:
		case TRACE_FREE_LIST_MOVE:
		case TRACE_MM_PAGE_ALLOC_EXTFRAG:
		case TRACE_STEAL:
		case TRACE_PAGEBLOCK_TYPE:
		case TRACE_WATERMARK_BOOST:
		case TRACE_HIGHATOMIC_RESERVE:
		case TRACE_HIGHATOMIC_UNRESERVE:
			say_lists(&w);
			break;
		default:
			say_request(&w);
		}
	return buf;
}
