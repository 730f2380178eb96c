/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C at any moment of a long command: what the history holds afterwards is
 * what the machine is. A command that moves pages is taken back as a whole.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/session.h"

/* 16 MiB, with a CMA area; half of it free in single pages. */
static const char machine[] = "name: interrupted\n"
			      "max_order: 8\n"
			      "pageblock_order: 5\n"
			      "zones: [ { type: Normal } ]\n"
			      "nodes: [ { id: 0, memory: [ 0x0-0xffffff ] } ]\n"
			      "cma: [ { name: area, base: 0x400000, size: 2M } ]\n"
			      "swap: 1M\n"
			      "sysctl: { min_free_kbytes: 256 }\n"
			      "features: { group_by_mobility: true }\n";

static long polls; /* until the user interrupts; -1: not at all */
static unsigned int failures;

static bool user_interrupts(void *arg)
{
	(void)arg;
	if (polls > 0)
		polls--;
	return polls == 0;
}

static enum session_status run(struct session *s, const char *line, FILE *out)
{
	return session_execute(s, line, "test", 1, out, out);
}

/* Run lines and return what they print; malloc'd. */
static char *answer(struct session *s, const char *lines)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	run(s, lines, out);
	fclose(out);
	return text;
}

static char *state(struct session *s)
{
	return answer(s, "lists; pcp; pageblocks; lru limit=100000; cma; allocs all; vmstat; check; history");
}

static void expect(bool ok, const char *line, long after, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "'%s', interrupted after %ld polls: %s\n", line, after, what);
	failures++;
}

/* The machine is the one that its history makes. */
static void expect_replay(struct session *s, const char *line, long after)
{
	char *now = state(s), *again;

	free(answer(s, "undo; redo"));
	again = state(s);
	expect(strcmp(now, again) == 0, line, after, "not the machine that its history makes");
	expect(strstr(now, "\nok\n") != NULL, line, after, "check has complaints");
	free(now);
	free(again);
}

/* Interrupt line after so many polls. false: it was through before that. */
static bool interrupt(struct session *s, const char *line, bool whole, long after)
{
	char *before = state(s), *said, *now;
	unsigned long position = session_position(s);
	bool broken;

	polls = after;
	said = answer(s, line);
	broken = polls == 0;
	polls = -1;
	if (broken && whole && session_position(s) == position) {
		now = state(s);
		expect(strcmp(before, now) == 0, line, after, "it was not taken back");
		expect(strstr(said, "interrupted; what it did is taken back") != NULL, line, after,
		       "nothing was said");
		free(now);
	}
	expect_replay(s, line, after);
	while (session_position(s) > position)
		free(answer(s, "undo"));
	free(before);
	free(said);
	return broken;
}

static void interrupt_everywhere(struct session *s, const char *line, bool whole)
{
	unsigned int times = 0;

	/* every poll at the beginning, then ever fewer */
	for (long after = 1; interrupt(s, line, whole, after); after += 1 + after / 8)
		times++;
	expect(times > 0, line, 1, "it never asks whether it is interrupted");
}

int main(void)
{
	struct session_options options = { .seed = 1, .interrupted = user_interrupts };
	struct layout *layout = layout_parse("machine", machine, strlen(machine), stderr);
	struct session *s;

	polls = -1;
	s = layout ? session_new(layout, &options, NULL) : NULL;
	if (!s)
		return 1;
	free(answer(s, "alloc 0 user count=3900 owner=process; free every=2"));
	interrupt_everywhere(s, "compact", true);
	interrupt_everywhere(s, "compact order=5 mode=light", true);
	interrupt_everywhere(s, "cma alloc area 300", true);
	interrupt_everywhere(s, "isolate 0x200-0x3ff", true);
	interrupt_everywhere(s, "alloc 3 movable count=100", false);
	interrupt_everywhere(s, "alloc 0 user count=2500", false);
	interrupt_everywhere(s, "random 300", false);
	interrupt_everywhere(s, "free all", false);
	interrupt_everywhere(s, "touch all", false);
	interrupt_everywhere(s, "reclaim pages=1000", false);
	session_free(s);
	return failures != 0;
}
