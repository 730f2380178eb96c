// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the panels and the status line say where room is short or numbers stand on an edge, held against the
 * allocator's own rules.
 */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui_screen.h"

/* 8 GiB: lists of four digits. */
static const char large[] = "name: large\n"
			    "zones:\n  - { type: Normal }\n"
			    "nodes:\n  - id: 0\n    memory: [0x100000000-0x2ffffffff]\n";

/* Free pages are enough above a mark, not on it. */
static void mark_is_not_enough(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	const struct zone *zone = screen_zone(sc);
	long counted, really;
	char text[80];

	(void)state;
	run(sc, "alloc 0 count=62");
	really = zone_page_state_snapshot(zone, sc->mm, NR_FREE_PAGES);
	assert_int_equal(really, zone->watermark[WMARK_MIN]);
	assert_true(shows(sc, "  <min"));
	run(sc, "alloc 0 count=62");
	counted = zone_page_state(zone, NR_FREE_PAGES);
	really = zone_page_state_snapshot(zone, sc->mm, NR_FREE_PAGES);
	assert_true(counted <= (long)zone->watermark[WMARK_MIN]);
	if (counted == really)
		snprintf(text, sizeof(text), "Normal: free %ld <= low 2 + reserve 0", counted);
	else
		snprintf(text, sizeof(text), "Normal: free %ld (%ld really) <= low 2 + reserve 0", counted,
			 really);
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, text));
	headless_free(sc);
}

/* F4 goes from block to block as they are now, not through what one was split from. */
static void changes_are_stepped_by_blocks(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 3; alloc 2; alloc 4");
	sc->cursor = 0;
	screen_key(sc, ACTION_NEXT_CHANGE);
	assert_int_equal(sc->cursor, 8); /* the order-2 block behind the one of order 3 */
	screen_key(sc, ACTION_NEXT_CHANGE);
	assert_int_equal(sc->cursor, 12);
	screen_key(sc, ACTION_NEXT_CHANGE);
	assert_int_equal(sc->cursor, 16);
	screen_key(sc, ACTION_NEXT_CHANGE);
	assert_int_equal(sc->cursor, 0);
	headless_free(sc);
}

/* The way of a request that was just made is named whatever else there is to say, and usages are whole. */
static void status_line_has_room(void **state)
{
	struct screen *sc = screen_on(holes, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 reclaimable name=a_name owner=somebody");
	assert_true(shows(sc, "a_name of somebody ~"));
	assert_true(shows(sc, "F10 its way\n"));
	run(sc, "echo nothing");
	assert_true(shows(sc, "; buddy 0x"));
	sc->line.text = "alloc 3 ";
	assert_true(shows(sc, "alloc ORDER [GFP count=N node=N cpu=N name=H owner=WORD cold pinned]"));
	sc->line.text = "";
	headless_free(sc);
}

/* Long lists stay apart from their neighbours, whatever the signs. */
static void lists_stay_apart(void **state)
{
	struct screen *sc = screen_on(large, 24, 80, true);
	char *text, *row, *at;

	(void)state;
	run(sc, "random 3000");
	text = dump(sc);
	for (row = strstr(text, "| Unmovable"); row && strncmp(row, "| PAGEBLOCKS", 12); row = at + 1) {
		at = strchr(row, '\n');
		for (row += 2; row + 1 < at; row++)
			if (strchr("+-~", *row) && row[1] != ' ')
				fail_msg("cells touch: %.*s", (int)(at - row), row);
	}
	free(text);
	headless_free(sc);
}

/* What a row of the pageblock map has of other zones is not drawn as this one's. */
static void blocks_are_the_zones(void **state)
{
	static const char zones[] = "name: zones\nzones:\n  - { type: DMA, end: 0x1000000 }\n"
				    "  - { type: Normal }\n"
				    "nodes:\n  - id: 0\n    memory: [0x0-0x7ffffff]\n";
	struct screen *sc = screen_on(zones, 24, 80, true);

	(void)state;
	while (screen_zone(sc)->type != ZONE_DMA)
		screen_key(sc, ACTION_PREV_ZONE);
	assert_true(shows(sc, " M M M M M M M . . . . . . . . ."));
	screen_key(sc, ACTION_NEXT_ZONE);
	assert_true(shows(sc, " . . . . . . . . M M M M M M M M"));
	headless_free(sc);
}

/*
 * A line of a long command's end tells of the counters as they were then: what is really free is off by no
 * more than the CPUs' threshold.
 */
static void late_lines_are_of_their_time(void **state)
{
	static const char words[] = "free ", behind[] = " really)";
	struct screen *sc = screen_on(small, 24, 80, true);
	long most = (long)sc->mm->nr_cpus * screen_zone(sc)->stat_threshold;
	unsigned long i, seen = 0;

	(void)state;
	run(sc, "random 1000");
	for (i = 0; i < log_count(&sc->log); i++) {
		const char *line = log_nth(&sc->log, i)->text;
		const char *at = strstr(line, behind) ? strstr(line, words) : NULL;
		long counted, really;

		if (!at)
			continue;
		assert_int_equal(sscanf(at, "free %ld (%ld", &counted, &really), 2);
		assert_true(labs(counted - really) <= most);
		seen++;
	}
	assert_true(seen > 0);
	headless_free(sc);
}

/* A script of these lines, all of them right. */
static void run_script(struct screen *sc, const char *lines)
{
	char path[] = "/tmp/buddyviz-panels-XXXXXX";
	FILE *script = fdopen(mkstemp(path), "w");

	assert_non_null(script);
	fputs(lines, script);
	fclose(script);
	assert_int_equal(screen_script(sc, path), SESSION_OK);
	unlink(path);
}

/* Where in the log, counted from its end, the latest line with text stands. */
static unsigned long line_with(const struct log *log, const char *text)
{
	unsigned long i;

	for (i = 0; i < log_count(log); i++)
		if (strstr(log_nth(log, i)->text, text))
			return i;
	fail_msg("'%s' is not in the log", text);
	return 0;
}

/* A script's lines stand before what they do, also where a line says more than the log takes at once. */
static void script_lines_stand_in_order(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run_script(sc, "# First fill it.\nrandom 400 seed=3\n# Then look.\nexpect check => ok\n"
		       "alloc 1 name=last\n# The end.\n");
	assert_true(line_with(&sc->log, "First fill it.") > line_with(&sc->log, "random 400 seed=3"));
	assert_true(line_with(&sc->log, "random 400 seed=3") > line_with(&sc->log, "random after 400"));
	assert_true(line_with(&sc->log, "random after 400") > line_with(&sc->log, "Then look."));
	assert_true(line_with(&sc->log, "Then look.") > line_with(&sc->log, "alloc 1 name=last"));
	assert_true(line_with(&sc->log, "alloc 1 name=last") > line_with(&sc->log, "last pfn="));
	assert_int_equal(line_with(&sc->log, "The end."), 0);
	assert_false(log_has(&sc->log, "expect"));
	headless_free(sc);
}

/* What the last machine's scanners and requests were is no matter of the machine that reset brings. */
static void reset_forgets(void **state)
{
	struct screen *sc = screen_on(small, 30, 100, true);

	(void)state;
	run(sc, "alloc 0 movable count=20");
	run(sc, "free every=2");
	run(sc, "compact");
	assert_true(shows(sc, "scanners"));
	assert_true(shows(sc, "F10 last request"));
	run(sc, "reset");
	assert_false(shows(sc, "scanners"));
	assert_false(shows(sc, "F10"));
	run(sc, "alloc 0");
	assert_true(shows(sc, "F10 its way"));
	headless_free(sc);
}

/* The cursor goes to what was isolated, and, of a script, to what its last line that changed anything did. */
static void cursor_follows(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 movable");
	assert_int_equal(sc->cursor, 0);
	run(sc, "isolate 0x28-0x37");
	assert_int_equal(sc->cursor, 0x28);
	run_script(sc, "alloc 0\nalloc 0\nalloc 2 name=last\nexpect check => ok\n");
	assert_true(log_has(&sc->log, "last pfn=0x14 "));
	assert_int_equal(sc->cursor, 0x14);
	headless_free(sc);
}

/* 61 of 64 pages used one by one: no block of 8 (order 3) is free, and that is no lack of a number. */
static void indexes_below_zero_are_shown(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 count=62");
	assert_int_equal(fragmentation_index(sc->mm, screen_zone(sc), 3), -250);
	assert_true(shows(sc, "-0.25"));
	headless_free(sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mark_is_not_enough),
		cmocka_unit_test(changes_are_stepped_by_blocks),
		cmocka_unit_test(status_line_has_room),
		cmocka_unit_test(lists_stay_apart),
		cmocka_unit_test(blocks_are_the_zones),
		cmocka_unit_test(late_lines_are_of_their_time),
		cmocka_unit_test(script_lines_stand_in_order),
		cmocka_unit_test(reset_forgets),
		cmocka_unit_test(cursor_follows),
		cmocka_unit_test(indexes_below_zero_are_shown),
	};

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
