/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that move pages: compaction, and isolation of a range. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/compaction.h"
#include "shell.h"
#include "text.h"

/* Why pageblocks were passed over, counted, and where an isolation was refused. */
struct reasons {
	struct reason {
		char *text;
		unsigned long nr;
	} reason[16];
	size_t nr;
	unsigned long refused_pfn;
	struct trace_listener listener;
};

/* Nothing to tell of: there is no such pageblock. */
static const char no_memory[] = "no memory of this zone";

static void count_reason(void *arg, const struct mm *mm, const struct trace_event *event)
{
	struct reasons *reasons = arg;
	size_t i = 0;

	(void)mm;
	if (event->c == 2)
		reasons->refused_pfn = event->pfn;
	if (event->c == 2 || strcmp(event->text, no_memory) == 0)
		return;
	while (i < reasons->nr && strcmp(reasons->reason[i].text, event->text) != 0)
		i++;
	if (i == sizeof(reasons->reason) / sizeof(*reasons->reason))
		return;
	if (i == reasons->nr)
		reasons->reason[reasons->nr++] = (struct reason){ .text = shell_strdup(event->text) };
	reasons->reason[i].nr++;
}

static void reasons_begin(struct mm *mm, struct reasons *reasons)
{
	*reasons = (struct reasons){ .refused_pfn = PFN_NONE,
				     .listener = { .fn = count_reason,
						   .mask = TRACE_BIT(TRACE_COMPACT_SKIP_BLOCK) } };
	reasons->listener.arg = reasons;
	trace_attach(mm, &reasons->listener);
}

static void reasons_end(struct mm *mm, struct reasons *reasons)
{
	trace_detach(mm, &reasons->listener);
	for (size_t i = 0; i < reasons->nr; i++)
		free(reasons->reason[i].text);
}

static int largest_free_order(const struct mm *mm, const struct zone *zone)
{
	int order = (int)mm->max_order;

	while (order >= 0 && free_area_nr(&zone->free_area[order]) == 0)
		order--;
	return order;
}

/* ----------------------------------------------------------- compact --- */

/* "none" or the order. */
static const char *order_text(int order, char *buf, size_t size)
{
	snprintf(buf, size, "%d", order);
	return order < 0 ? "none" : buf;
}

/* What a result that is no work done means. */
static const char *why_idle(const struct compact_report *report)
{
	if (report->result == COMPACT_SUCCESS && report->migrate_scanned == 0)
		return " (a block is free already)";
	return report->result == COMPACT_SKIPPED ? " (too few free pages, or too little to gain)" : "";
}

static void print_compacted(const struct call *call, const struct zone *zone,
			    const struct compact_report *report, const struct reasons *reasons, int before)
{
	const struct mm *mm = call->session->mm;
	char from[12], to[12];

	fprintf(call->out,
		"Node %d %s: %s%s; scanned %lu to move and %lu to fill, moved %lu, not movable %lu; ",
		mm->nodes[zone->node].node_id, zone->name, compact_result_name(report->result),
		why_idle(report), report->migrate_scanned, report->free_scanned, report->migrated,
		report->unmovable);
	fprintf(call->out, "largest free order %s -> %s", order_text(before, from, sizeof(from)),
		order_text(largest_free_order(mm, zone), to, sizeof(to)));
	for (size_t i = 0; i < reasons->nr; i++)
		fprintf(call->out, "%s%lu pageblock%s: %s", i ? ", " : "; passed ", reasons->reason[i].nr,
			plural(reasons->reason[i].nr), reasons->reason[i].text);
	fputc('\n', call->out);
}

static void compact_one(const struct call *call, const struct zone *zone)
{
	struct mm *mm = call->session->mm;
	const struct value *order = call_opt(call, "order");
	struct compact_request req = { .node = zone->node,
				       .zone = zone->id,
				       .order = order ? (int)order->number : -1 };
	struct compact_report report;
	struct reasons reasons;
	int before = largest_free_order(mm, zone);

	req.mode = (enum migrate_mode)call_number(call, "mode", order ? MIGRATE_SYNC_LIGHT : MIGRATE_SYNC);
	reasons_begin(mm, &reasons);
	compact_memory(mm, &req, &report);
	if (!call->session->broken_off)
		print_compacted(call, zone, &report, &reasons, before);
	reasons_end(mm, &reasons);
}

static int compact_by_score(struct call *call)
{
	struct mm *mm = call->session->mm;
	unsigned long moved = mm->vm_events[PGMIGRATE_SUCCESS];

	if (call_opt(call, "node") || call_opt(call, "zone") || call_opt(call, "order") ||
	    call_opt(call, "mode"))
		return call_error(call, "compact: proactive chooses for itself what to compact, and how");
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		fprintf(call->out, "Node %d: score %u, compacted above %u\n", mm->nodes[n].node_id,
			fragmentation_score_node(mm, &mm->nodes[n]), fragmentation_score_high(mm));
	if (proactive_compact(mm))
		fprintf(call->out, "moved %lu\n", mm->vm_events[PGMIGRATE_SUCCESS] - moved);
	else
		fputs("nothing was done\n", call->out);
	for (unsigned int n = 0; n < mm->nr_nodes; n++)
		fprintf(call->out, "Node %d: score %u\n", mm->nodes[n].node_id,
			fragmentation_score_node(mm, &mm->nodes[n]));
	return SESSION_OK;
}

static int compact_zones(struct call *call)
{
	const struct session *s = call->session;
	const struct mm *mm = s->mm;
	unsigned int zones = 0;

	for (unsigned int i = 0; i < mm->nr_zones && !s->broken_off; i++) {
		if (!zone_selected(call, mm->zones[i]))
			continue;
		compact_one(call, mm->zones[i]);
		zones++;
	}
	return zones ? SESSION_OK : call_error(call, "compact: no such zone has memory");
}

int run_compact(struct call *call)
{
	struct moves moves;
	int status;

	moves_begin(call->session, &moves);
	status = call_opt(call, "proactive") ? compact_by_score(call) : compact_zones(call);
	moves_end(call, &moves);
	if (!call->session->broken_off)
		return status;
	fputs("compact: interrupted; what it did is taken back\n", call->out);
	return SESSION_INTERRUPTED;
}

/* --------------------------------------------------- isolate, unisolate --- */

/* Pageblocks are isolated as a whole: say which range would do. */
static int check_aligned(const struct call *call, unsigned long first, unsigned long last)
{
	unsigned long mask = (1UL << call->session->mm->pageblock_order) - 1;

	if (!(first & mask) && !((last + 1) & mask))
		return SESSION_OK;
	return call_error(call, "%s: a range begins and ends with pageblocks; this one lies in 0x%lx-0x%lx",
			  call->command->name, first & ~mask, last | mask);
}

/* What is at a page that made isolation fail. */
static void print_culprit(const struct call *call, unsigned long pfn)
{
	const struct session *s = call->session;
	const struct handle *handle = NULL;
	struct page_info info;
	int type;

	if (pfn == PFN_NONE)
		return;
	page_lookup(s->mm, pfn, &info);
	type = pfn_to_pageblock(s->mm, pfn)->migratetype;
	if (info.state == PAGE_USED)
		handle = session_owner(s, info.page->private);
	fprintf(call->out, ": pfn 0x%lx", pfn);
	if (handle)
		fprintf(call->out, " of %s", handle->name);
	else if (info.state == PAGE_RESERVED)
		fputs(" is reserved", call->out);
	if (type == MIGRATE_CMA || type == MIGRATE_ISOLATE)
		fprintf(call->out, " in a pageblock of type %s", migratetype_name(type));
}

int run_isolate(struct call *call)
{
	struct session *s = call->session;
	unsigned long first = call->pos[0].number, last = call->pos[0].number2, busy = PFN_NONE;
	unsigned long moved = s->mm->vm_events[PGMIGRATE_SUCCESS], nr;
	struct reasons reasons;
	struct moves moves;
	const char *error;

	if (check_aligned(call, first, last) != SESSION_OK)
		return SESSION_ERROR;
	moves_begin(s, &moves);
	reasons_begin(s->mm, &reasons);
	error = isolate_page_range(s->mm, first, last + 1, &busy);
	reasons_end(s->mm, &reasons);
	moves_end(call, &moves);
	moved = s->mm->vm_events[PGMIGRATE_SUCCESS] - moved;
	if (s->broken_off) {
		fputs("isolate: interrupted; what it did is taken back\n", call->out);
		return SESSION_INTERRUPTED;
	}
	nr = (last + 1 - first) >> s->mm->pageblock_order;
	if (!error) {
		fprintf(call->out, "0x%lx-0x%lx isolated: %lu pageblock%s, moved %lu page%s\n", first, last,
			nr, plural(nr), moved, plural(moved));
		return SESSION_OK;
	}
	fprintf(call->out, "0x%lx-0x%lx not isolated: %s", first, last, error);
	print_culprit(call, busy == PFN_NONE ? reasons.refused_pfn : busy);
	fprintf(call->out, "; moved %lu page%s\n", moved, plural(moved));
	return SESSION_OK;
}

int run_unisolate(struct call *call)
{
	unsigned long first = call->pos[0].number, last = call->pos[0].number2, nr;

	if (check_aligned(call, first, last) != SESSION_OK)
		return SESSION_ERROR;
	nr = unisolate_page_range(call->session->mm, first, last + 1);
	if (!nr) {
		fprintf(call->out, "0x%lx-0x%lx: nothing was isolated there\n", first, last);
		return SESSION_OK;
	}
	fprintf(call->out, "0x%lx-0x%lx: %lu pageblock%s isolated and %s Movable now\n", first, last, nr,
		nr == 1 ? " was" : "s were", nr == 1 ? "is" : "are");
	return SESSION_OK;
}
