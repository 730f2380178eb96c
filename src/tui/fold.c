// SPDX-License-Identifier: GPL-3.0-or-later
/* Sentences about what is done page by page. */
#include "config.h"

#include "buddyviz/plural.h"
#include "fold.h"

#include <stdio.h>

/* What is worth a line of its own while a range is emptied. */
#define ALLOC_TOLD                                                                                           \
	(TRACE_BIT(TRACE_MIGRATE_PAGE) | TRACE_BIT(TRACE_COMPACT_SKIP_BLOCK) |                               \
	 TRACE_BIT(TRACE_CMA_ALLOC_BUSY_RETRY) | TRACE_BIT(TRACE_CMA_ALLOC_FINISH) |                         \
	 TRACE_BIT(TRACE_SLOWPATH) | TRACE_BIT(TRACE_MARK_VICTIM) | TRACE_BIT(TRACE_PCP_DRAIN))

#define FREES                                                                                                \
	(TRACE_BIT(TRACE_MM_PAGE_FREE) | TRACE_BIT(TRACE_PCP_FREE) | TRACE_BIT(TRACE_PCP_BULK) |             \
	 TRACE_BIT(TRACE_MM_PAGE_PCPU_DRAIN) | TRACE_BIT(TRACE_MERGE) | TRACE_BIT(TRACE_FREE_DONE))

void fold_begin(struct fold *f, const struct trace_event *e)
{
	if (e->id == TRACE_CMA_ALLOC_START)
		*f = (struct fold){ .kind = FOLD_CMA_ALLOC };
	else if (e->id == TRACE_MM_PAGE_FREE)
		f->run++;
	else if (!(FREES & TRACE_BIT(e->id)))
		f->run = 0;
}

bool fold_ends(const struct fold *f, const struct trace_event *e)
{
	if (f->kind == FOLD_CMA_ALLOC)
		return e->id == TRACE_CMA_ALLOC_FINISH;
	return f->kind == FOLD_FREES_RUN && !(FREES & TRACE_BIT(e->id));
}

static void add_alloc(struct fold *f, const struct trace_event *e)
{
	switch (e->id) {
	case TRACE_PAGEBLOCK_TYPE:
		f->isolated += e->mt2 == MIGRATE_ISOLATE;
		break;
	case TRACE_MIGRATE_PAGE:
		f->moved += 1UL << e->order;
		break;
	case TRACE_CMA_ALLOC_BUSY_RETRY:
		f->ranges++;
		f->isolated = f->moved = 0;
		break;
	case TRACE_TEST_PAGES_ISOLATED:
		f->first = e->pfn;
		f->last = e->pfn2 - 1;
		break;
	default:
		break;
	}
}

static void add_free(struct fold *f, const struct trace_event *e)
{
	switch (e->id) {
	case TRACE_MM_PAGE_FREE:
		f->freed += 1UL << e->order;
		break;
	case TRACE_PCP_FREE:
		f->to_pcp += 1UL << e->order;
		f->cpu = e->c;
		f->held = e->a;
		break;
	case TRACE_PCP_BULK:
		f->held -= e->a;
		break;
	case TRACE_FREE_DONE:
		f->to_lists++;
		break;
	case TRACE_MERGE:
		f->merges++;
		break;
	default:
		break;
	}
}

bool fold_event(struct fold *f, const struct trace_event *e)
{
	if (f->kind == FOLD_NONE && e->id == TRACE_MM_PAGE_FREE && f->run >= FOLD_FREES)
		*f = (struct fold){ .kind = FOLD_FREES_RUN };
	if (f->kind == FOLD_CMA_ALLOC) {
		add_alloc(f, e);
		return !(ALLOC_TOLD & TRACE_BIT(e->id));
	}
	if (f->kind == FOLD_FREES_RUN) {
		add_free(f, e);
		return true;
	}
	return false;
}

/* "range 0x400-0x52b: 10 pageblocks isolated, 48 pages in the way moved, taken" */
static bool say_alloc(const struct fold *f, char *buf, size_t size)
{
	int n;

	if (!f->last)
		return false;
	n = snprintf(buf, size, "range 0x%lx-0x%lx: %lu pageblock%s isolated, ", f->first, f->last,
		     f->isolated, plural(f->isolated));
	if (f->moved && n < (int)size)
		n += snprintf(buf + n, size - (size_t)n, "%lu page%s in the way moved, taken", f->moved,
			      plural(f->moved));
	else if (n < (int)size)
		n += snprintf(buf + n, size - (size_t)n, "nothing in the way, taken");
	if (f->ranges && n < (int)size)
		snprintf(buf + n, size - (size_t)n, ", after %lu that %s busy", f->ranges,
			 f->ranges == 1 ? "was" : "were");
	return true;
}

/* "… 297 more pages freed one by one: 297 to cpu 0's page set, which holds 13; 287 merged …" */
static bool say_frees(const struct fold *f, char *buf, size_t size)
{
	int n;

	if (!f->freed)
		return false;
	n = snprintf(buf, size, "… %lu more page%s freed one by one: ", f->freed, plural(f->freed));
	if (f->to_pcp && n < (int)size)
		n += snprintf(buf + n, size - (size_t)n,
			      "%lu by way of cpu %ld's page set, which holds %ld; ", f->to_pcp, f->cpu,
			      f->held);
	if (n < (int)size)
		snprintf(buf + n, size - (size_t)n, "%lu block%s to the free lists, %lu merge%s", f->to_lists,
			 plural(f->to_lists), f->merges, plural(f->merges));
	return true;
}

bool fold_end(struct fold *f, char *buf, size_t size)
{
	enum fold_kind kind = f->kind;

	f->kind = FOLD_NONE;
	f->run = 0;
	if (kind == FOLD_CMA_ALLOC)
		return say_alloc(f, buf, size);
	return kind == FOLD_FREES_RUN && say_frees(f, buf, size);
}
