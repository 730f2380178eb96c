// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the screen shows, held against the machine and against what a buddy
 * allocator must do: no recorded frames here.
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
#include <time.h>

#include <cmocka.h>

#include "buddyviz/tui.h"
#include "headless.h"
#include "mapwin.h"
#include "tui_screen.h"
#include "view.h"

/* 1 TiB. */
static const char huge[] = "name: huge\n"
			   "zones:\n  - { type: Normal }\n"
			   "nodes:\n  - id: 0\n    memory: [0x100000000-0x100ffffffff]\n";

/* An order-0 page out of 2^5: halves of order 4, 3, 2, 1, 0 stay behind, upwards from the page; four columns
 * a page. */
static void split_is_drawn(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	assert_true(shows(sc, " 0x0 [                              5M                              |"));
	assert_true(shows(sc, "0x10 |                                                              ]"));
	run(sc, "alloc 0 movable name=x owner=bash");
	assert_true(shows(sc, " 0x0 M===[0 ][  1M  ][      2M      ][              3M              ]"));
	assert_true(shows(sc, "0x10 [                              4M                              ]"));
	assert_true(shows(sc, "0x20 [                              5M                              |"));
	assert_true(
		shows(sc, "expand: halves 0x10 > [4], 0x8 > [3], 0x4 > [2], 0x2 > [1], 0x1 > [0] Movable"));
	assert_true(shows(sc, "pfn 0x0: in use, order 0 Movable, x of bash; buddy 0x1 free"));
	run(sc, "free x");
	assert_true(shows(sc, " 0x0 [                              5M                              |"));
	assert_true(shows(sc, "merge: 0x0 + buddy 0x1 > [1], + buddy 0x2 > [2], + buddy 0x4 > [3], + buddy"));
	headless_free(sc);
}

/* The scale follows the room there is, and the keys. */
static void map_is_zoomed(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 movable");
	screen_key(sc, ACTION_ZOOM_OUT);
	screen_key(sc, ACTION_ZOOM_OUT);
	assert_true(shows(sc, "1 cell = 1 page "));
	assert_true(shows(sc, "0x0 M01][2 ][  3M  ][      4M      ][              5M              ]"));
	screen_key(sc, ACTION_ZOOM_OUT);
	assert_true(shows(sc, "1 cell = 2 pages"));
	assert_true(shows(sc, "0x0 m12][3 ][  4M  ][      5M      ]"));
	screen_key(sc, ACTION_ZOOM_IN);
	assert_true(shows(sc, "1 cell = 1 page "));
	headless_free(sc);
}

/* Every count on the lists panel is the machine's, and signs say which way it went. */
static void lists_are_the_machines(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	int order;

	(void)state;
	run(sc, "alloc 0 movable");
	for (order = 0; order <= 5; order++)
		assert_int_equal(screen_zone(sc)->free_area[order].free_list[MIGRATE_MOVABLE].nr, 1);
	assert_true(shows(sc, "1+       1+       1+       1+       1+       1-"));
	run(sc, "echo nothing");
	assert_true(shows(sc, "1        1        1        1        1        1 "));
	headless_free(sc);
}

/* Undo lights what the command undone had changed. */
static void undo_is_lit(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 movable");
	assert_true(watch_lit(&sc->watch, 0, 1));
	assert_false(watch_lit(&sc->watch, 0x20, 1));
	run(sc, "undo");
	assert_true(watch_lit(&sc->watch, 0, 1));
	assert_false(watch_lit(&sc->watch, 0x20, 1));
	assert_true(shows(sc, "#0"));
	assert_true(shows(sc, "0-       0-       0-       0-       0-       2+"));
	headless_free(sc);
}

static void errors_are_seen(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "frobnicate");
	assert_true(shows(sc, "unknown command 'frobnicate'"));
	run(sc, "alloc 5 count=3");
	assert_true(shows(sc, "failed order=5"));
	headless_free(sc);
}

/* Where two mobilities share a pageblock, its letter is small, whichever of them it belongs to. */
static void mixed_blocks_are_marked(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	const struct pageblock *last;

	(void)state;
	run(sc, "alloc 5 movable; alloc 4 movable; alloc 3 movable; alloc 2 movable; alloc 0");
	last = &sc->mm->pageblocks[7];
	assert_int_equal(last->nr_used[MIGRATE_MOVABLE], 4);
	assert_int_equal(last->nr_used[MIGRATE_UNMOVABLE], 1);
	assert_true(
		shows(sc, last->migratetype == MIGRATE_MOVABLE ? "M#M#M#M#M#M#M#m:" : "M#M#M#M#M#M#M#u:"));
	headless_free(sc);
}

static void hint_is_the_usage(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	sc->line.text = "alloc ";
	assert_true(shows(sc, "alloc ORDER"));
	sc->line.text = "";
	screen_hint(sc, "count=  cpu=");
	assert_true(shows(sc, "count=  cpu="));
	headless_free(sc);
}

/* The rows between two runs of memory are left out; moving steps over them. */
static void holes_are_stepped_over(void **state)
{
	struct screen *sc = screen_on(holes, 24, 80, true);
	struct map_rows rows;

	(void)state;
	map_rows_init(&rows, sc->mm, screen_zone(sc), 0x1000);
	assert_int_equal(rows.total, 8);
	assert_int_equal(map_row_pfn(&rows, 3), 0x3000);
	assert_int_equal(map_row_pfn(&rows, 4), 0x100000);
	assert_true(map_row_gap(&rows, 4));
	assert_false(map_row_gap(&rows, 3));
	assert_int_equal(map_row_find(&rows, 0x50000), 3);
	sc->cursor = 0x3fff;
	assert_true(map_move(sc, ACTION_RIGHT, 1, 0x1000));
	assert_int_equal(sc->cursor, 0x100000);
	assert_true(map_move(sc, ACTION_UP, 1, 0x1000));
	assert_int_equal(sc->cursor, 0x3000);
	assert_true(map_move(sc, ACTION_LAST, 1, 0x1000));
	assert_int_equal(sc->cursor, 0x103fff);
	headless_free(sc);
}

/* Any size at any moment; below the least one it says so. */
static void every_size_is_drawn(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, false);
	int lines, cols;

	(void)state;
	for (lines = 1; lines <= 70; lines += lines < 30 ? 1 : 9) {
		for (cols = 1; cols <= 340; cols += cols < 50 ? 3 : 17) {
			headless_resize(lines, cols);
			headless_draw(sc);
			if (lines >= 12 && cols >= 40)
				assert_true(shows(sc, "|buddyviz>"));
			else if (cols >= 22)
				assert_true(shows(sc, "needs 40x12"));
		}
	}
	headless_free(sc);
}

/* Keys in every panel and view, at both ends of everything, on a machine that changes: nothing breaks. */
static void keys_stay_inside(void **state)
{
	static const enum panel_id panels[] = { PANEL_ZONES, PANEL_LISTS, PANEL_BLOCKS, PANEL_PFN,
						PANEL_LOG };
	struct screen *sc = screen_on(holes, 30, 100, false);
	unsigned int seed = 1, i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		seed = seed * 1103515245u + 12345u;
		sc->focus = panels[(seed >> 8) % NR_PANELS];
		screen_key(sc, (enum action)(1 + (seed >> 16) % (NR_ACTIONS - 1)));
		if (i % 100 == 0)
			run(sc, i % 200 ? "alloc 2" : "undo");
		headless_draw(sc);
		assert_true(sc->cursor < sc->mm->end_pfn);
		assert_true(sc->list_order <= sc->mm->max_order);
		assert_true(sc->list_type >= 0 && sc->list_type < MIGRATE_TYPES);
	}
	headless_free(sc);
}

static void log_keeps_the_latest(void **state)
{
	struct log *log = calloc(1, sizeof(*log));
	FILE *stream;
	int i;

	(void)state;
	assert_non_null(log);
	for (i = 0; i < LOG_LINES + 10; i++)
		log_addf(log, LOG_NOTE, "%d", i);
	assert_int_equal(log_count(log), LOG_LINES);
	assert_int_equal(atoi(log_nth(log, 0)->text), LOG_LINES + 9);
	assert_int_equal(atoi(log_nth(log, LOG_LINES - 1)->text), 10);
	stream = log_stream(log, LOG_ERROR, "here:1: ");
	assert_non_null(stream);
	fprintf(stream, "here:1: one\ntwo\n\thalf");
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(log_nth(log, 2)->text, "one");
	assert_string_equal(log_nth(log, 1)->text, "two");
	assert_string_equal(log_nth(log, 0)->text, "        half");
	log_free(log);
	free(log);
}

/* A command of many events adds a bounded number of lines, and says how many it left out. */
static void floods_are_summarised(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	unsigned long before = log_count(&sc->log);

	(void)state;
	run(sc, "random 20000");
	assert_in_range(log_count(&sc->log) - before, NARRATE_HEAD,
			NARRATE_HEAD + 3 * NARRATE_TAIL + 2 * NARRATE_VITAL);
	assert_true(log_has(&sc->log, "events are not shown here"));
	/* the beginning and the end are there, in their order */
	assert_int_equal(log_nth(&sc->log, log_count(&sc->log) - before - 1)->kind, LOG_COMMAND);
	assert_int_equal(log_nth(&sc->log, log_count(&sc->log) - before - 2)->kind, LOG_EVENT);
	assert_int_equal(log_nth(&sc->log, 0)->kind, LOG_ANSWER);
	assert_int_equal(log_nth(&sc->log, 1)->kind, LOG_EVENT);
	/* what a look answers is never left out, long as the command before it was */
	before = log_count(&sc->log);
	run(sc, "free all; random 20000; help; help; help; help; help");
	assert_int_equal(log_lines_with(&sc->log, "undo"), 5 * 2);
	headless_free(sc);
}

/* Answers of requests are left out together with their events, and counted. */
static void answers_are_summarised(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	unsigned long before = log_count(&sc->log);

	(void)state;
	run(sc, "alloc 0 count=61; free all; alloc 0 count=61; free all; alloc 0 count=61");
	assert_true(log_has(&sc->log, " answers are not shown here"));
	assert_in_range(log_count(&sc->log) - before, NARRATE_HEAD, 2 * NARRATE_HEAD + 2 * NARRATE_TAIL);
	headless_free(sc);
}

/* Whom the OOM killer chose is said where it happened and at the end, however much came in between. */
static void kills_stay(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 user count=20 owner=calm");
	run(sc,
	    "alloc 0 user count=60 owner=greedy; free every=2; alloc 0 user count=60 owner=late; "
	    "free all; alloc 0 count=61; free all; alloc 0 count=61; free all; alloc 0 count=61; free all");
	assert_true(log_has(&sc->log, "are not shown here"));
	assert_int_equal(log_lines_with(&sc->log, "ut of memory: killed greedy"), 2);
	assert_non_null(strstr(log_nth(&sc->log, 0)->text, "in this command: Out of memory: killed"));
	assert_true(log_has(&sc->log, "alloc_pages_slowpath"));
	headless_free(sc);
}

/* A long answer is shown from its beginning, a long story from its end; both say that there is more. */
static void long_answers_begin_at_the_top(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "help");
	assert_true(shows(sc, "|> help"));
	assert_true(shows(sc, "rows below, PgDn"));
	screen_key(sc, ACTION_LAST);
	run(sc, "alloc 0 count=20");
	assert_true(shows(sc, "rows above, PgUp"));
	run(sc, "free a1");
	assert_true(shows(sc, "|> free a1"));
	headless_free(sc);
}

/* With the zones in focus, watermarks and LRU counts are there on a narrow screen too. */
static void zones_tell_all_in_focus(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	char text[128];

	(void)state;
	run(sc, "alloc 0 user count=7");
	screen_key(sc, ACTION_NEXT_PANEL);
	screen_key(sc, ACTION_NEXT_PANEL);
	snprintf(text, sizeof(text), "min %lu  low %lu  high %lu", screen_zone(sc)->watermark[WMARK_MIN],
		 screen_zone(sc)->watermark[WMARK_LOW], screen_zone(sc)->watermark[WMARK_HIGH]);
	assert_true(shows(sc, text));
	assert_true(shows(sc, "anon 0/7  file 0/0"));
	headless_free(sc);
}

/* At the end of a zone the map is full: the last rows of the zone are the last of the panel. */
static void map_is_full_at_the_end(void **state)
{
	struct screen *sc = screen_on(holes, 60, 200, true);

	(void)state;
	screen_key(sc, ACTION_LAST);
	headless_draw(sc);
	assert_int_equal(sc->cursor, zone_end_pfn(screen_zone(sc)) - 1);
	assert_true(mvinch(57, 200 - 80) != ' ' || mvinch(57, 200 - 60) != ' ');
	headless_free(sc);
}

/* A type that had a row keeps it, so that nothing jumps; contiguous memory brings the cursor to itself. */
static void rows_stay_and_cursor_goes_to_the_range(void **state)
{
	static const char cma[] = "name: cma\nmax_order: 5\npageblock_order: 3\n"
				  "zones:\n  - { type: Normal }\n"
				  "nodes:\n  - id: 0\n    memory: [0x0-0xfffff]\n"
				  "cma:\n  - { name: area, range: 0x40000-0x7ffff }\n"
				  "features: { pcp: false, group_by_mobility: true }\n"
				  "sysctl: { min_free_kbytes: 8, watermark_boost_factor: 0 }\n";
	struct screen *sc = screen_on(cma, 24, 80, true);

	(void)state;
	run(sc, "alloc 0 movable count=250; free every=2");
	run(sc, "cma alloc area 20");
	assert_in_range(sc->cursor, 0x40, 0x7f - 19);
	assert_true(watch_lit(&sc->watch, sc->cursor, 20));
	assert_true(shows(sc, " Isolate "));
	run(sc, "echo nothing");
	assert_true(shows(sc, " Isolate "));
	headless_free(sc);
}

/* Pages that are freed one after the other are added up after the third. */
static void frees_are_added_up(void **state)
{
	struct trace_event e = { .id = TRACE_MM_PAGE_FREE };
	struct screen *sc = screen_on(small, 24, 80, true);
	int i;

	(void)state;
	e.zone = sc->mm->zones[0];
	watch_begin(&sc->watch, sc->mm);
	for (i = 0; i < 9; i++) {
		e.pfn = (unsigned long)i;
		narrate_event(&sc->watch.narrator, sc->mm, &e);
	}
	watch_end(&sc->watch, sc->mm, false);
	assert_int_equal(log_lines_with(&sc->log, "mm_page_free: pfn="), FOLD_FREES);
	assert_true(log_has(&sc->log, "6 more pages freed one by one"));
	headless_free(sc);
}

/* buddyviz(1) has every key. */
static void keys_are_documented(void **state)
{
	const char *top = getenv("top_srcdir");
	char *path = NULL, *text = NULL;
	size_t size = 0;
	FILE *in;
	int i;

	(void)state;
	assert_true(asprintf(&path, "%s/man/buddyviz.1", top ? top : ".") > 0);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	for (i = ACTION_NONE + 1; i < NR_ACTIONS; i++) {
		if (!strstr(text, action_help[i].keys))
			fail_msg("buddyviz(1) does not name %s", action_help[i].keys);
	}
	fclose(in);
	free(text);
	free(path);
}

static void numbers_fit(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(text_count(287941, 6, buf, sizeof(buf)), "287941");
	assert_string_equal(text_count(287941, 4, buf, sizeof(buf)), "288k");
	assert_string_equal(text_count(1234567, 4, buf, sizeof(buf)), "1.2M");
	assert_string_equal(text_count(999999, 4, buf, sizeof(buf)), "1.0M");
	assert_string_equal(text_count(334, 2, buf, sizeof(buf)), "++");
	assert_string_equal(text_count(5000, 2, buf, sizeof(buf)), "5k");
	assert_string_equal(text_size(1ULL << 40, buf, sizeof(buf)), "1 TiB");
	assert_string_equal(text_size(864ULL << 20, buf, sizeof(buf)), "864 MiB");
	assert_int_equal(text_columns("→ ≥ é"), 5);
	assert_int_equal(text_fit("→ab", 2, NULL), 4);
}

/* Drawing does not depend on how much memory there is: 1 TiB stays far below a frame's 16 ms. */
static void huge_machines_are_quick(void **state)
{
	struct layout *layout = layout_parse("huge", huge, strlen(huge), stderr);
	long ns;

	(void)state;
	assert_non_null(layout);
	ns = tui_bench(layout, 60, 200, 30, "random 400");
	print_message("a frame of 1 TiB at 200x60: %ld us\n", ns / 1000);
	assert_true(ns > 0 && ns < 16000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_is_drawn),
		cmocka_unit_test(map_is_zoomed),
		cmocka_unit_test(lists_are_the_machines),
		cmocka_unit_test(undo_is_lit),
		cmocka_unit_test(errors_are_seen),
		cmocka_unit_test(mixed_blocks_are_marked),
		cmocka_unit_test(hint_is_the_usage),
		cmocka_unit_test(holes_are_stepped_over),
		cmocka_unit_test(every_size_is_drawn),
		cmocka_unit_test(keys_stay_inside),
		cmocka_unit_test(log_keeps_the_latest),
		cmocka_unit_test(floods_are_summarised),
		cmocka_unit_test(answers_are_summarised),
		cmocka_unit_test(kills_stay),
		cmocka_unit_test(long_answers_begin_at_the_top),
		cmocka_unit_test(zones_tell_all_in_focus),
		cmocka_unit_test(map_is_full_at_the_end),
		cmocka_unit_test(rows_stay_and_cursor_goes_to_the_range),
		cmocka_unit_test(frees_are_added_up),
		cmocka_unit_test(keys_are_documented),
		cmocka_unit_test(numbers_fit),
		cmocka_unit_test(huge_machines_are_quick),
	};

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
