/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the machine refused a request, in a sentence. */
#include "config.h"

#include "shell.h"

/* Zones that might have served the request and did not. */
static unsigned int count_verdicts(const struct alloc_explanation *ex, enum alloc_verdict verdict)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < ex->nr; i++)
		n += ex->zones[i].verdict == verdict;
	return n;
}

static void write_zone(const struct mm *mm, const struct zone *zone, FILE *out)
{
	fprintf(out, "Node %d %s", mm->nodes[zone->node].node_id, zone->name);
}

/* The mark that this request was held against, and whether it met it. */
static void write_mark(const struct zone_verdict *v, FILE *out)
{
	fprintf(out, "watermark min %lu", v->mark);
	if (v->lowered != (long)v->mark)
		fprintf(out, " (lowered to %ld for this request)", v->lowered);
	if (v->reserve)
		fprintf(out, " + reserve %ld", v->reserve);
}

/* One zone's verdict; prefix: more than one zone is spoken of. */
static void write_verdict(const struct mm *mm, const struct zone_verdict *v, const struct alloc_request *req,
			  bool prefix, FILE *out)
{
	fputs("; ", out);
	if (prefix) {
		write_zone(mm, v->zone, out);
		fputc(' ', out);
	}
	write_mark(v, out);
	if (v->verdict != VERDICT_WATERMARK)
		fputs(" ok", out);
	else if (v->usable == v->free)
		fprintf(out, " not met: %ld free", v->free);
	else
		fprintf(out, " not met: %ld of %ld free pages count", v->usable, v->free);
	if (v->verdict == VERDICT_WATERMARK && req->order > 0)
		fprintf(out, ", less %lu for the block", (1UL << req->order) - 1);
	if (v->verdict == VERDICT_OK)
		fputs(", would serve it now", out);
}

static void write_headline(const struct alloc_explanation *ex, const struct alloc_request *req, FILE *out)
{
	if (count_verdicts(ex, VERDICT_NO_BLOCK))
		fprintf(out, "no free block of order %u", req->order);
	else if (count_verdicts(ex, VERDICT_WATERMARK))
		fprintf(out, "too few free pages");
	else if (count_verdicts(ex, VERDICT_OK))
		fprintf(out, "no zone served it in time");
	else
		fprintf(out, "no zone that it may use has memory");
}

/* What the index says of the free memory, and whether the GFP word lets compaction act on it. */
static void write_compaction(const struct mm *mm, const struct alloc_explanation *ex,
			     const struct alloc_request *req, FILE *out)
{
	double index = ex->fragindex / 1000.0;

	if (ex->fragindex < 0)
		return;
	if (ex->fragindex <= (int)mm->sysctl.extfrag_threshold) {
		fprintf(out, "; compaction would not help, memory is short (fragmentation index %.2f)",
			index);
		return;
	}
	if (ex->compaction_failed && req->gfp & __GFP_DIRECT_RECLAIM && req->gfp & __GFP_IO) {
		fprintf(out, "; compaction was tried and did not help (fragmentation index %.2f)", index);
		return;
	}
	fprintf(out, "; compaction could help (fragmentation index %.2f)", index);
	if (!(req->gfp & __GFP_DIRECT_RECLAIM))
		fprintf(out, ", but this request cannot wait for it");
	else if (!(req->gfp & __GFP_IO))
		fprintf(out, ", but this request may not compact (no __GFP_IO)");
}

void explain_failure(const struct mm *mm, const struct alloc_request *req, FILE *out)
{
	struct alloc_explanation ex = { 0 };
	unsigned int spoken;

	alloc_explain(mm, req, &ex);
	spoken = count_verdicts(&ex, VERDICT_OK) + count_verdicts(&ex, VERDICT_WATERMARK) +
		 count_verdicts(&ex, VERDICT_NO_BLOCK);
	write_headline(&ex, req, out);
	if (ex.largest_order >= 0) {
		fprintf(out, "; largest free order is %d (", ex.largest_order);
		write_zone(mm, ex.largest_zone, out);
		fputc(')', out);
	} else if (spoken) {
		fprintf(out, "; nothing is free");
	}
	for (unsigned int i = 0; i < ex.nr; i++) {
		enum alloc_verdict verdict = ex.zones[i].verdict;

		if (verdict == VERDICT_OK || verdict == VERDICT_WATERMARK || verdict == VERDICT_NO_BLOCK)
			write_verdict(mm, &ex.zones[i], req, spoken > 1, out);
	}
	if (req->gfp & __GFP_THISNODE && mm->nr_nodes > 1)
		fprintf(out, "; __GFP_THISNODE keeps it from other nodes");
	if (count_verdicts(&ex, VERDICT_ZONE_TOO_HIGH))
		fprintf(out, "; its GFP word keeps it from higher zones");
	if (req->order > 0 && spoken)
		write_compaction(mm, &ex, req, out);
}
