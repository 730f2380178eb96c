/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random commands. Some are wrong on purpose or by chance: a wrong command must change nothing. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "property.h"

/* A line that grows. */
struct line {
	const struct session *s;
	struct dice *dice;
	char *text;
	size_t len, size;
	bool bulk;
};

static void __attribute__((format(printf, 2, 3))) put(struct line *line, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->len, line->size - line->len, format, args);
	va_end(args);
	line->len += (size_t)n < line->size - line->len ? (size_t)n : 0;
}

static bool chance(struct line *line, unsigned int percent)
{
	return below(line->dice, 100) < percent;
}

static const char *one_of(struct line *line, const char *const *words, size_t nr)
{
	return words[below(line->dice, nr)];
}

#define ONE_OF(line, ...)                                                                                    \
	one_of(line, (const char *const[]){ __VA_ARGS__ },                                                   \
	       sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static bool is_held(const struct handle *handle)
{
	return handle->pfn != PFN_NONE || handle->gone == HANDLE_SWAPPED || handle->gone == HANDLE_DROPPED;
}

/* A handle that holds something, or NULL if none is found soon; kind -1: any. */
static const struct handle *some_handle(struct line *line, int kind)
{
	const struct handle *handles;
	size_t nr = session_handles(line->s, &handles);

	for (int tries = 0; nr && tries < 64; tries++) {
		const struct handle *handle = &handles[below(line->dice, nr)];

		if (is_held(handle) && (kind < 0 || handle->kind == (enum handle_kind)kind))
			return handle;
	}
	return NULL;
}

static unsigned int some_order(struct line *line)
{
	unsigned int order = 0, max = session_mm(line->s)->max_order;

	while (order < max && chance(line, 45))
		order++;
	return order;
}

/* ----------------------------------------------------------- requests --- */

static void put_cpu(struct line *line)
{
	if (chance(line, 30))
		put(line, " cpu=%lu", below(line->dice, session_mm(line->s)->nr_cpus));
}

static void put_owner(struct line *line)
{
	if (chance(line, 40))
		put(line, " owner=%s", ONE_OF(line, "shell", "editor", "browser", "daemon"));
}

static void line_alloc(struct line *line)
{
	put(line, "alloc %u %s", some_order(line),
	    ONE_OF(line, "unmovable", "movable", "movable", "reclaimable", "atomic", "dma", "dma32", "user",
		   "user", "file", "file", "GFP_NOIO", "movable|__GFP_THISNODE", "GFP_TRANSHUGE",
		   "unmovable|__GFP_NORETRY", "unmovable|__GFP_RETRY_MAYFAIL", "atomic|__GFP_COMP",
		   "GFP_KERNEL|__GFP_COMP"));
	if (chance(line, 50))
		put(line, " count=%lu", 1 + below(line->dice, line->bulk ? 2000 : 40));
	if (chance(line, 20))
		put(line, " node=%d",
		    session_mm(line->s)->nodes[below(line->dice, session_mm(line->s)->nr_nodes)].node_id);
	put_cpu(line);
	put_owner(line);
	put(line, "%s%s", chance(line, 10) ? " cold" : "", chance(line, 10) ? " pinned" : "");
}

static void line_get_free_pages(struct line *line)
{
	put(line, "get_free_pages %u %s", some_order(line), ONE_OF(line, "unmovable", "atomic", "movable"));
	put_owner(line);
}

static void put_handles(struct line *line, unsigned int most)
{
	unsigned long nr = 1 + below(line->dice, most);

	while (nr--) {
		const struct handle *handle = some_handle(line, -1);

		put(line, " %s", handle ? handle->name : "a1");
	}
}

static void line_free(struct line *line)
{
	put(line, "free");
	if (chance(line, 3))
		put(line, " all");
	else if (chance(line, 15))
		put(line, " every=%lu from=%lu", 2 + below(line->dice, 5), 1 + below(line->dice, 5));
	else if (chance(line, 5))
		put(line, " owner=%s", ONE_OF(line, "shell", "editor", "browser", "daemon"));
	else
		put_handles(line, 6);
	put_cpu(line);
	if (chance(line, 10))
		put(line, " cold");
}

static void line_use(struct line *line)
{
	put(line, "%s", ONE_OF(line, "touch", "dirty"));
	if (chance(line, 20))
		put(line, " every=%lu", 2 + below(line->dice, 9));
	else
		put_handles(line, 4);
}

static void line_reclaim(struct line *line)
{
	put(line, "reclaim pages=%lu", 1 + below(line->dice, line->bulk ? 4000 : 200));
}

static void line_drain(struct line *line)
{
	put(line, "drain");
	put_cpu(line);
}

static void line_random(struct line *line)
{
	put(line, "random %lu fill=%lu", 1 + below(line->dice, line->bulk ? 20000 : 200),
	    20 + below(line->dice, 80));
	if (chance(line, 50))
		put(line, " orders=0..%lu", below(line->dice, 5));
}

/* ------------------------------------------------------- what moves pages --- */

static void line_compact(struct line *line)
{
	put(line, "compact");
	if (chance(line, 10))
		put(line, " proactive");
	else if (chance(line, 60))
		put(line, " order=%u", some_order(line));
	if (chance(line, 40))
		put(line, " mode=%s", ONE_OF(line, "async", "light", "sync"));
	if (chance(line, 20))
		put(line, " moves");
}

static void line_cma(struct line *line)
{
	const struct mm *mm = session_mm(line->s);
	const struct handle *handle = some_handle(line, HANDLE_CMA);
	unsigned long area = mm->nr_cma ? below(line->dice, mm->nr_cma) : 0;

	if (handle && chance(line, 40))
		put(line, "cma free %s", handle->name);
	else
		put(line, "cma alloc %s %lu align=%lu", mm->nr_cma ? mm->cma[area].name : "none",
		    1 + below(line->dice, chance(line, 20) ? 600 : 40), below(line->dice, 5));
	if (chance(line, 20))
		put(line, " moves");
}

static void line_isolate(struct line *line)
{
	const struct mm *mm = session_mm(line->s);
	unsigned long nr = mm->end_pfn >> mm->pageblock_order, block = below(line->dice, nr), last;

	last = block + (chance(line, 60) ? 0 : below(line->dice, 4));
	put(line, "isolate 0x%lx-0x%lx", block << mm->pageblock_order,
	    ((last + 1) << mm->pageblock_order) - 1);
}

/* Isolated memory is lost to the machine: most of it is given back soon. */
static void line_unisolate(struct line *line)
{
	const struct mm *mm = session_mm(line->s);
	unsigned long nr = mm->end_pfn >> mm->pageblock_order, block = below(line->dice, nr);

	if (chance(line, 60)) {
		put(line, "unisolate 0x0-0x%lx", (nr << mm->pageblock_order) - 1);
		return;
	}
	put(line, "unisolate 0x%lx-0x%lx", block << mm->pageblock_order,
	    ((block + 1) << mm->pageblock_order) - 1);
}

/* ------------------------------------------------------------- session --- */

static void line_set(struct line *line)
{
	switch (below(line->dice, 8)) {
	case 0:
		put(line, "set min_free_kbytes %lu", 128 + below(line->dice, line->bulk ? 80000 : 2000));
		break;
	case 1:
		put(line, "set watermark_scale_factor %lu", 1 + below(line->dice, 300));
		break;
	case 2:
		put(line, "set watermark_boost_factor %lu", below(line->dice, 20000));
		break;
	case 3:
		put(line, "set extfrag_threshold %lu", below(line->dice, 1001));
		break;
	case 4:
		put(line, "set compaction_proactiveness %lu", below(line->dice, 101));
		break;
	case 5:
		put(line, "set percpu_pagelist_high_fraction %lu",
		    chance(line, 50) ? 0 : 8 + below(line->dice, 100));
		break;
	case 6:
		put(line, "set pcp %s", ONE_OF(line, "on", "off"));
		break;
	default:
		put(line, "set group_by_mobility %s", ONE_OF(line, "on", "off", "on"));
	}
}

/* Undo of one or two commands replays all before them: now and then is enough. */
static void line_session(struct line *line)
{
	if (!chance(line, 5))
		put(line, "%s",
		    ONE_OF(line, "extfrag", "buddyinfo", "zoneinfo", "allocs", "lru", "cma", "history"));
	else if (chance(line, 5))
		put(line, "reset");
	else
		put(line, "%s", ONE_OF(line, "undo", "undo 2", "redo"));
}

void random_line(const struct session *s, struct dice *dice, bool bulk, char *text, size_t size)
{
	static const struct {
		unsigned int weight;
		void (*write)(struct line *line);
	} kinds[] = {
		{ 300, line_alloc },  { 20, line_get_free_pages }, { 300, line_free },
		{ 80, line_use },     { 30, line_reclaim },        { 20, line_drain },
		{ 30, line_random },  { 60, line_compact },        { 60, line_cma },
		{ 40, line_isolate }, { 40, line_unisolate },      { 15, line_set },
		{ 20, line_session },
	};
	struct line line = { .s = s, .dice = dice, .text = text, .size = size, .bulk = bulk };
	unsigned long total = 0, pick, i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		total += kinds[i].weight;
	pick = below(dice, total);
	for (i = 0; pick >= kinds[i].weight; i++)
		pick -= kinds[i].weight;
	text[0] = '\0';
	kinds[i].write(&line);
}
