// SPDX-License-Identifier: GPL-3.0-or-later
/* What a scan, a migration or a reclaim does again and again, counted by reasons. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/plural.h"
#include "narrate.h"

unsigned long narrate_count(struct narrator *n, const struct trace_event *e)
{
	bool by_text = e->id == TRACE_COMPACT_SKIP_BLOCK || e->id == TRACE_LRU_FOLIO;
	const char *text = by_text && e->text ? e->text : "";
	long scanner = e->id == TRACE_COMPACT_SKIP_BLOCK ? e->c : 0;
	struct narrate_count *found = NULL;
	unsigned long before = 0;
	unsigned int i;

	for (i = 0; i < n->nr_counts; i++) {
		struct narrate_count *c = &n->counts[i];

		if (c->id != e->id)
			continue;
		before += c->nr;
		if (c->scanner == scanner && !strncmp(c->text, text, NARRATE_TEXT - 1))
			found = c;
	}
	if (!found && n->nr_counts < NARRATE_KINDS) {
		found = &n->counts[n->nr_counts++];
		*found = (struct narrate_count){ .id = e->id, .scanner = scanner };
		snprintf(found->text, sizeof(found->text), "%s", text);
	}
	if (found)
		found->nr++;
	return before;
}

/* What was counted, in the singular, and what was done with it. */
static void count_words(const struct narrate_count *c, const char **noun, const char **rest)
{
	static const char *const scanners[] = { "skipped by the migrate scanner",
						"skipped by the free scanner", "not isolated" };
	static const struct {
		enum trace_id id;
		const char *noun, *rest;
	} words[] = {
		{ TRACE_MIGRATE_PAGE, "block", "moved" },
		{ TRACE_LRU_FOLIO, "page", "of the LRU lists" },
		{ TRACE_MM_COMPACTION_ISOLATE_MIGRATEPAGES, "range", "scanned for pages to move" },
		{ TRACE_MM_COMPACTION_ISOLATE_FREEPAGES, "range", "scanned for free pages" },
		{ TRACE_MM_COMPACTION_MIGRATEPAGES, "cluster", "migrated" },
		{ TRACE_MM_PAGE_FREE, "block", "freed" },
		{ TRACE_PCP_FREE, "block", "to page sets" },
		{ TRACE_MM_PAGE_PCPU_DRAIN, "block", "out of page sets" },
		{ TRACE_MERGE, "merge", "with a buddy" },
		{ TRACE_FREE_DONE, "block", "on free lists" },
	};
	size_t i;

	*noun = "round";
	*rest = "over the LRU lists";
	if (c->id == TRACE_COMPACT_SKIP_BLOCK) {
		*noun = "pageblock";
		*rest = scanners[c->scanner >= 0 && c->scanner < 3 ? c->scanner : 0];
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].id != c->id)
			continue;
		*noun = words[i].noun;
		*rest = words[i].rest;
	}
}

/* "12 pageblocks skipped by the free scanner: 9 not for movable pages, 3 free as a whole: it is kept" */
static void say_counts(struct narrator *n, unsigned int first)
{
	const struct narrate_count *c = &n->counts[first];
	unsigned long all = 0;
	char reasons[480] = "", buf[640];
	const char *noun, *rest;
	unsigned int i;
	size_t len = 0, only = 0; /* where the reason begins, if it is the only one */

	for (i = first; i < n->nr_counts; i++) {
		struct narrate_count *o = &n->counts[i];

		if (o->id != c->id || o->scanner != c->scanner)
			continue;
		all += o->nr;
		if (*o->text && len < sizeof(reasons))
			len += (size_t)snprintf(reasons + len, sizeof(reasons) - len, "%s %lu %s",
						len ? ";" : "", o->nr, o->text);
		if (!only && len && len < sizeof(reasons))
			only = len - strlen(o->text);
		else if (*o->text)
			only = sizeof(reasons);
		if (o != c)
			o->nr = 0;
	}
	if (only && only < sizeof(reasons))
		memmove(reasons + 1, reasons + only, strlen(reasons + only) + 1);
	count_words(c, &noun, &rest);
	snprintf(buf, sizeof(buf), "%s: in all %lu %s%s %s%s%s", trace_name(c->id), all, noun, plural(all),
		 rest, len ? ":" : "", reasons);
	narrate_say(n, buf);
}

void narrate_counted(struct narrator *n)
{
	unsigned long by_id[NR_TRACE_EVENTS] = { 0 };
	unsigned int i;

	for (i = 0; i < n->nr_counts; i++)
		by_id[n->counts[i].id] += n->counts[i].nr;
	for (i = 0; i < n->nr_counts; i++)
		if (n->counts[i].nr && by_id[n->counts[i].id] > NARRATE_TOLD)
			say_counts(n, i);
	n->nr_counts = 0;
}
