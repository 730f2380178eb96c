/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random sessions that mix all commands which change the machine. After every
 * command on small machines, and every hundredth on the board of bst.yaml, the
 * machine's invariants hold, handles and blocks match, and no page is lost.
 * Now and then a command is interrupted. At the end undo and redo come to the
 * machines that were there before.
 *
 * PROPERTY_SESSIONS and PROPERTY_BST_SESSIONS say how many sessions there are
 * (1000 and 20 with `make check-property`), PROPERTY_COMMANDS how many commands
 * each has, PROPERTY_FIRST which is the first: a session that failed is run
 * alone with PROPERTY_FIRST=N PROPERTY_SESSIONS=1.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "property.h"

struct run {
	struct session *s;
	struct dice dice;
	unsigned long number, commands, every;
	bool bulk;
	long polls;                /* until the user interrupts; -1: not at all */
	unsigned long unaccounted; /* pages that are neither free nor in page sets nor used, after boot */
	FILE *null;
	char *middle, *end; /* what the machine looked like, and when */
	unsigned long middle_at, end_at;
	unsigned long wrong, interrupted; /* commands */
	char line[1024];
};

static unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

static bool user_interrupts(void *arg)
{
	struct run *run = arg;

	if (run->polls > 0)
		run->polls--;
	return run->polls == 0;
}

/* ------------------------------------------------------------- checks --- */

/* Write down the machine and the handles, all that commands can show. */
static char *fingerprint(const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	session_execute(
		run->s,
		"zoneinfo; vmstat; lists; pcp; pageblocks; lru limit=1000000; cma; zones; allocs all; check",
		"test", 1, out, out);
	fclose(out);
	return text;
}

/* Pages of memory that no list and no handle accounts for: the boot's own and reserved ones. */
static unsigned long count_unaccounted(const struct run *run)
{
	const struct mm *mm = session_mm(run->s);
	unsigned long pages = 0, found = 0;

	for (unsigned int i = 0; i < mm->nr_zones; i++)
		pages += mm->zones[i]->present_pages;
	for (unsigned long i = 0; i << mm->pageblock_order < mm->end_pfn; i++) {
		const struct pageblock *block = &mm->pageblocks[i];

		found += block->nr_free + block->nr_pcp + block->nr_used[MIGRATE_UNMOVABLE] +
			 block->nr_used[MIGRATE_MOVABLE] + block->nr_used[MIGRATE_RECLAIMABLE];
	}
	return pages - found;
}

static unsigned long count_used(const struct mm *mm)
{
	unsigned long used = 0;

	for (unsigned long i = 0; i << mm->pageblock_order < mm->end_pfn; i++)
		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
			used += mm->pageblocks[i].nr_used[mt];
	return used;
}

static unsigned long count_held(const struct session *s)
{
	const struct handle *handles;
	size_t nr = session_handles(s, &handles);
	unsigned long held = 0;

	for (size_t i = 0; i < nr; i++)
		if (handles[i].pfn != PFN_NONE)
			held += handle_pages(&handles[i]);
	return held;
}

/* What is wrong with the session, in words; NULL: nothing. malloc'd. */
static char *find_fault(const struct run *run)
{
	const struct mm *mm = session_mm(run->s);
	unsigned long unaccounted = count_unaccounted(run), used = count_used(mm), held = count_held(run->s);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	session_execute(run->s, "check", "check", 1, out, out);
	if (unaccounted != run->unaccounted)
		fprintf(out, "%lu pages belong to nobody, %lu after boot\n", unaccounted, run->unaccounted);
	if (used != held)
		fprintf(out, "%lu pages are used, %lu held by handles\n", used, held);
	fclose(out);
	if (strcmp(text, "ok\n") != 0)
		return text;
	free(text);
	return NULL;
}

static bool report(struct run *run, unsigned long command, const char *fault)
{
	fprintf(stderr, "session %lu (%s), command %lu: %s\n%s", run->number,
		session_mm(run->s)->layout->name, command, run->line, fault);
	fprintf(stderr, "--- the commands before it:\n");
	session_execute(run->s, "history", "history", 1, stderr, stderr);
	return false;
}

/* ----------------------------------------------------------- a session --- */

static bool one_command(struct run *run, unsigned long command)
{
	enum session_status status;
	char *fault;

	random_line(run->s, &run->dice, run->bulk, run->line, sizeof(run->line));
	run->polls = below(&run->dice, 100) == 0 ? 1 + (long)below(&run->dice, 50) : -1;
	status = session_execute(run->s, run->line, "test", (unsigned int)command, run->null, run->null);
	run->polls = -1;
	run->wrong += status == SESSION_ERROR;
	run->interrupted += status == SESSION_INTERRUPTED;
	if (command % run->every && command != run->commands)
		return true;
	fault = find_fault(run);
	if (!fault)
		return true;
	report(run, command, fault);
	free(fault);
	return false;
}

/* Say where two fingerprints part. */
static bool same_machine(struct run *run, const char *was, const char *what)
{
	char *now = fingerprint(run), fault[512];
	size_t at = 0, line = 0;

	while (was[at] && was[at] == now[at]) {
		at++;
		if (was[at - 1] == '\n')
			line = at;
	}
	snprintf(fault, sizeof(fault), "%s does not come to the same machine:\n was %.200s\n is  %.200s\n",
		 what, was + line, now + line);
	free(now);
	return !was[at] || report(run, run->commands, fault);
}

/* Undo to the middle of the session and redo to its end, where they were passed before. */
static bool there_and_back(struct run *run)
{
	char line[64];

	if (!run->middle || run->middle_at >= run->end_at)
		return true;
	snprintf(line, sizeof(line), "undo %lu", run->end_at - run->middle_at);
	session_execute(run->s, line, "test", 1, run->null, stderr);
	if (!same_machine(run, run->middle, "undo"))
		return false;
	snprintf(line, sizeof(line), "redo %lu", run->end_at - run->middle_at);
	session_execute(run->s, line, "test", 1, run->null, stderr);
	return same_machine(run, run->end, "redo");
}

/* An undo below the middle makes what was written down there worthless. */
static void mind_the_middle(struct run *run, unsigned long command)
{
	if (run->middle && session_position(run->s) < run->middle_at) {
		free(run->middle);
		run->middle = NULL;
	}
	if (run->middle || command < run->commands / 2)
		return;
	run->middle = fingerprint(run);
	run->middle_at = session_position(run->s);
}

static bool run_session(struct run *run, struct layout *layout)
{
	struct session_options options = { .seed = run->number,
					   .interrupted = user_interrupts,
					   .interrupted_arg = run };
	bool ok = true;

	run->polls = -1;
	run->dice.state = UINT64_C(0x9e3779b97f4a7c15) * (run->number + 1);
	run->s = session_new(layout, &options, NULL);
	if (!run->s)
		return false;
	run->unaccounted = count_unaccounted(run);
	for (unsigned long i = 1; ok && i <= run->commands; i++) {
		ok = one_command(run, i);
		mind_the_middle(run, i);
	}
	if (ok) {
		run->end = fingerprint(run);
		run->end_at = session_position(run->s);
		ok = there_and_back(run);
	}
	session_free(run->s);
	free(run->middle);
	free(run->end);
	return ok;
}

static struct layout *load(unsigned long number, bool bst)
{
	unsigned long kinds = 0;

	if (bst)
		return layout_parse(layout_builtin_name, layout_builtin, strlen(layout_builtin), stderr);
	while (property_layouts[kinds])
		kinds++;
	return layout_parse("small", property_layouts[number % kinds],
			    strlen(property_layouts[number % kinds]), stderr);
}

static int run_sessions(unsigned long first, unsigned long nr, unsigned long commands, bool bst)
{
	unsigned long wrong = 0, interrupted = 0, failed = 0;
	FILE *null = fopen("/dev/null", "w");

	for (unsigned long i = first; i < first + nr; i++) {
		struct run run = {
			.number = i, .commands = commands, .every = bst ? 100 : 1, .bulk = bst, .null = null
		};
		struct layout *layout = load(i, bst);

		if (!layout || !run_session(&run, layout))
			failed++;
		wrong += run.wrong;
		interrupted += run.interrupted;
	}
	fclose(null);
	printf("%s: %lu sessions of %lu commands, %lu of them wrong ones, %lu interrupted; %lu sessions "
	       "failed\n",
	       bst ? "bst" : "small", nr, commands, wrong, interrupted, failed);
	return failed != 0;
}

int main(void)
{
	unsigned long first = number_from("PROPERTY_FIRST", 0);
	unsigned long commands = number_from("PROPERTY_COMMANDS", 2000);
	int status = run_sessions(first, number_from("PROPERTY_SESSIONS", 40), commands, false);

	return status | run_sessions(first, number_from("PROPERTY_BST_SESSIONS", 1), commands, true);
}
