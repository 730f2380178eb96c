// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The way of a request, what compaction shows, and the long command's log: held against the machine, its
 * counters and arithmetic done by hand.
 */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buddyviz/compaction.h"
#include "tui_screen.h"

/* The kinds of the steps, in their order. */
static void steps_are(const struct screen *sc, const enum trace_id *ids, unsigned int nr)
{
	const struct journey *j = &sc->watch.journey;
	unsigned int i;

	assert_int_equal(journey_steps(j), nr);
	for (i = 0; i < nr; i++)
		assert_string_equal(trace_name(journey_step_at(j, i, NULL)->e.id), trace_name(ids[i]));
}

/* Order 3 of 64 pages that are all movable: the kernel's steps, each with its verdict, and only those. */
static void split_has_its_steps(void **state)
{
	static const enum trace_id ids[] = { TRACE_WATERMARK_CHECK,
					     TRACE_RMQUEUE_SMALLEST,
					     TRACE_MM_PAGE_ALLOC_EXTFRAG,
					     TRACE_PAGEBLOCK_TYPE,
					     TRACE_STEAL,
					     TRACE_RMQUEUE_SMALLEST };
	struct screen *sc = screen_on(small, 24, 80, true);
	const struct zone *zone = screen_zone(sc);
	const struct journey_step *s;

	(void)state;
	run(sc, "alloc 3");
	steps_are(sc, ids, 6);
	s = journey_step_at(&sc->watch.journey, 0, NULL);
	assert_int_equal(s->e.a, 64);
	assert_int_equal(s->e.b - s->reserve, zone->watermark[WMARK_LOW]);
	assert_int_equal(s->held_back, 7);
	/* a block of order 5 is four pageblocks of order 3; its upper halves are of order 4 and 3 */
	assert_int_equal(journey_step_at(&sc->watch.journey, 3, NULL)->nr, 4);
	s = journey_step_at(&sc->watch.journey, 5, NULL);
	assert_int_equal(s->halves, 2);
	assert_int_equal(s->first_half, 4);
	assert_int_equal(s->last_half, 3);
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, "v WATERMARK  Normal: free 64 > low 2 + reserve 0                    ok"));
	assert_true(shows(sc, "v LIST       Normal, Unmovable: lists 3 to 5 are empty              empty"));
	assert_true(shows(sc, "v RESULT     Normal 0x0, order 3: 8 pages                           served"));
	assert_true(shows(sc, "not needed: PAGE SET, HIGHATOMIC, SLOW PATH"));
	run(sc, "undo");
	assert_true(shows(sc, "undone"));
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, "FREE LISTS"));
	headless_free(sc);
}

/* The page set is asked first: its refill stands before the lists it was filled from; the next request is a
 * hit. */
static void page_set_is_hit_or_filled(void **state)
{
	struct screen *sc = screen_on(holes, 24, 80, true);
	const struct journey *j = &sc->watch.journey;
	int batch;

	(void)state;
	run(sc, "alloc 0 movable");
	batch = screen_zone(sc)->pcp[0].batch;
	assert_int_equal(journey_step_at(j, 1, NULL)->e.id, TRACE_PCP_REFILL);
	assert_int_equal(journey_step_at(j, 1, NULL)->e.b, batch);
	assert_int_equal(journey_step_at(j, 2, NULL)->e.id, TRACE_RMQUEUE_SMALLEST);
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, " refill"));
	run(sc, "alloc 0 movable");
	assert_int_equal(journey_steps(j), 2);
	assert_true(shows(sc, " hit"));
	assert_true(shows(sc, "not needed: LIST, FALLBACK, HIGHATOMIC, SLOW PATH"));
	headless_free(sc);
}

/* Every second page free: 31 pages alone and one pair, so 1 - (1 + 33 / 4) / 32 = 0.711. */
static void failure_is_explained(void **state)
{
	struct screen *sc = screen_on(small, 40, 100, true);

	(void)state;
	run(sc, "alloc 0 count=62; free every=2; alloc 2");
	assert_true(sc->watch.journey.pfn == PFN_NONE);
	assert_true(shows(sc, "F10 why it failed"));
	screen_key(sc, ACTION_PATH);
	screen_key(sc, ACTION_LAST);
	assert_true(shows(sc, "page allocation failure"));
	assert_true(shows(sc, "largest order 1"));
	assert_true(shows(sc, "fragmentation index 0.711"));
	screen_key(sc, ACTION_PATH);
	sc->focus = PANEL_ZONES;
	assert_true(shows(sc, "frag2")); /* what was asked for */
	assert_true(shows(sc, "0.71"));
	screen_key(sc, ACTION_RIGHT);
	run(sc, "alloc 1");
	assert_true(shows(sc, "frag3")); /* what the user chose */
	headless_free(sc);
}

/* A min watermark of 8 pages, low 10. */
static const char reserved[] = "name: reserved\n"
			       "max_order: 5\n"
			       "pageblock_order: 3\n"
			       "zones:\n  - { type: Normal }\n"
			       "nodes:\n  - id: 0\n    memory: [0x0-0x3ffff]\n"
			       "features: { pcp: false, group_by_mobility: true }\n"
			       "sysctl: { min_free_kbytes: 32, watermark_boost_factor: 0 }\n";

/* Where others are refused, an atomic pair goes below the min watermark, and its pageblock becomes a reserve.
 */
static void highatomic_is_seen(void **state)
{
	struct screen *sc = screen_on(reserved, 40, 100, true);

	(void)state;
	run(sc, "alloc 0 count=60");
	assert_true(sc->watch.journey.pfn == PFN_NONE);
	run(sc, "alloc 1 atomic");
	assert_int_equal(screen_zone(sc)->nr_reserved_highatomic, 8);
	assert_int_equal(sc->mm->pageblocks[7].migratetype, MIGRATE_HIGHATOMIC);
	assert_true(watch_lit(&sc->watch, 56, 8));
	assert_true(log_has(&sc->log, "serves urgent (atomic) requests only"));
	assert_true(shows(sc, "U#U#U#U#U#U#U#H"));
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, "v HIGHATOMIC"));
	assert_true(shows(sc, "reserved"));
	headless_free(sc);
}

/* Of a request that goes round for ever the beginning and the end are kept, and what is missing is counted.
 */
static void long_ways_are_bounded(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	struct journey *j = &sc->watch.journey;
	struct trace_event e = { .id = TRACE_ALLOC_PAGES, .zone = screen_zone(sc) };
	unsigned long left_out;
	int i;

	(void)state;
	journey_event(j, sc->mm, &e);
	for (i = 0; i < 1000; i++)
		journey_event(j, sc->mm,
			      &(struct trace_event){ .id = TRACE_SLOWPATH, .a = i, .text = "round" });
	assert_int_equal(journey_steps(j), JOURNEY_HEAD + JOURNEY_TAIL);
	assert_int_equal(journey_step_at(j, JOURNEY_HEAD - 1, &left_out)->e.a, JOURNEY_HEAD - 1);
	assert_int_equal(left_out, 0);
	assert_int_equal(journey_step_at(j, JOURNEY_HEAD, &left_out)->e.a, 1000 - JOURNEY_TAIL);
	assert_int_equal(left_out, 1000 - JOURNEY_HEAD - JOURNEY_TAIL);
	assert_int_equal(journey_step_at(j, JOURNEY_HEAD + JOURNEY_TAIL - 1, NULL)->e.a, 999);
	screen_key(sc, ACTION_PATH);
	screen_key(sc, ACTION_LAST);
	assert_true(shows(sc, "round"));
	headless_free(sc);
}

/* -------------------------------------------------------- compaction --- */

static bool saw_scanners;

/* In the middle of the run both arrows are on the map. */
static void draw_within(void *arg, const struct mm *mm, const struct trace_event *e)
{
	struct screen *sc = arg;
	char *text = dump(sc), *map = strstr(text, "PAGEBLOCKS"), *row = map ? strchr(map, '\n') : NULL, *end;

	(void)mm;
	(void)e;
	assert_non_null(row);
	end = strchr(row + 1, '\n');
	assert_non_null(end);
	*end = '\0';
	saw_scanners |= watch_scan(&sc->watch, screen_zone(sc))->running && strchr(row + 3, '>') &&
			strchr(row + 3, '<');
	free(text);
}

static void compact(struct screen *sc)
{
	struct compact_request req = { .zone = -1, .order = -1, .mode = MIGRATE_SYNC };

	watch_begin(&sc->watch, sc->mm);
	compact_memory(sc->mm, &req, NULL);
	watch_end(&sc->watch, sc->mm, false);
}

static void compaction_is_seen(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	struct trace_listener within = { .fn = draw_within,
					 .arg = sc,
					 .mask = TRACE_BIT(TRACE_MIGRATE_PAGE) };
	unsigned long before[64], moved = 0, i;
	const struct handle *handles;
	const struct watch_scan *scan;
	size_t nr;
	char text[64];

	(void)state;
	run(sc, "alloc 0 movable count=60; free every=2");
	nr = session_handles(sc->session, &handles);
	assert_int_equal(nr, 60);
	for (i = 0; i < nr; i++)
		before[i] = handles[i].pfn;
	trace_attach(sc->mm, &within);
	saw_scanners = false;
	compact(sc);
	trace_detach(sc->mm, &within);
	assert_true(saw_scanners);
	scan = watch_scan(&sc->watch, screen_zone(sc));
	assert_non_null(scan);
	assert_false(scan->running);
	assert_true(scan->migrate_pfn >= scan->free_pfn);
	for (i = 0; i < nr; i++) {
		if (before[i] == handles[i].pfn)
			continue;
		moved++;
		assert_true(watch_lit(&sc->watch, before[i], 1));
		assert_true(watch_lit(&sc->watch, handles[i].pfn, 1));
		assert_true(watch_lit(&sc->watch, before[i] & ~7UL, 8));
		assert_true(watch_lit(&sc->watch, handles[i].pfn & ~7UL, 8));
	}
	assert_true(moved > NARRATE_TOLD);
	snprintf(text, sizeof(text), "in all %lu blocks moved", moved);
	assert_true(log_has(&sc->log, text));
	assert_true(shows(sc, "> < scanners  use . : % #  u m e mixed"));
	headless_free(sc);
}

/* The row of the pageblock map; free() it. */
static char *block_row(struct screen *sc)
{
	char *text = dump(sc), *map = strstr(text, "PAGEBLOCKS"), *row = map ? strchr(map, '\n') : NULL;
	char *copy;

	assert_non_null(row);
	copy = strndup(row + 3, strcspn(row + 1, "\n") - 2);
	free(text);
	return copy;
}

/* The arrows stand until the machine changes; commands that only look do not move them. */
static void scanners_stay_and_go(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	char *after, *later;

	(void)state;
	run(sc, "alloc 0 movable count=60; free every=2");
	after = block_row(sc);
	assert_null(strpbrk(after, "<>*"));
	free(after);
	run(sc, "compact");
	after = block_row(sc);
	assert_non_null(strpbrk(after, "<>*"));
	/* an arrow takes the letter's place, the shade beside it stays */
	assert_non_null(strchr("#%:. ", strpbrk(after, "<>*")[1]));
	run(sc, "echo hi; page 0x3");
	later = block_row(sc);
	assert_string_equal(later, after);
	free(later);
	free(after);
	run(sc, "undo");
	after = block_row(sc);
	assert_null(strpbrk(after, "<>*"));
	free(after);
	run(sc, "compact");
	run(sc, "alloc 0");
	after = block_row(sc);
	assert_null(strpbrk(after, "<>*"));
	free(after);
	headless_free(sc);
}

/* Of several requests the one that failed is explained; the last is a key away. */
static void what_hurt_most_is_shown(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 0; alloc 5; alloc 5; alloc 0");
	screen_key(sc, ACTION_PATH);
	assert_true(shows(sc, "request 3 of 4, which hurt most"));
	screen_key(sc, ACTION_LAST);
	assert_true(shows(sc, "page allocation failure"));
	screen_key(sc, ACTION_RIGHT);
	assert_true(shows(sc, "the last of 4 requests"));
	assert_true(shows(sc, "order 0: 1 page"));
	screen_key(sc, ACTION_BACK);
	assert_true(shows(sc, "FREE LISTS"));
	headless_free(sc);
}

/* A request is undone while the session stands before the command that made it. */
static void undone_is_where_the_session_stands(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);

	(void)state;
	run(sc, "alloc 3");
	run(sc, "free a1");
	run(sc, "undo");
	assert_false(screen_journey(sc)->undone);
	run(sc, "redo");
	assert_false(screen_journey(sc)->undone);
	run(sc, "undo 2");
	assert_true(screen_journey(sc)->undone);
	run(sc, "redo");
	assert_false(screen_journey(sc)->undone);
	run(sc, "undo");
	run(sc, "drain");
	assert_true(screen_journey(sc)->undone);
	headless_free(sc);
}

static void tell(struct narrator *n, const struct mm *mm, enum trace_id id, const char *text, int times)
{
	struct trace_event e = { .id = id, .zone = mm->zones[0], .text = text };

	while (times-- > 0)
		narrate_event(n, mm, &e);
}

/* Three are told, the others counted with the reasons. */
static void skipped_blocks_are_summed_up(void **state)
{
	struct screen *sc = screen_on(small, 24, 80, true);
	struct narrator *n = &sc->watch.narrator;

	(void)state;
	watch_begin(&sc->watch, sc->mm);
	tell(n, sc->mm, TRACE_COMPACT_SKIP_BLOCK, "already scanned", 9);
	tell(n, sc->mm, TRACE_COMPACT_SKIP_BLOCK, "unmovable", 3);
	tell(n, sc->mm, TRACE_MM_COMPACTION_END, NULL, 1);
	watch_end(&sc->watch, sc->mm, false);
	assert_int_equal(log_lines_with(&sc->log, "migrate scanner passes"), NARRATE_TOLD);
	assert_true(log_has(
		&sc->log,
		"in all 12 pageblocks skipped by the migrate scanner: 9 already scanned; 3 unmovable"));
	watch_begin(&sc->watch, sc->mm);
	tell(n, sc->mm, TRACE_COMPACT_SKIP_BLOCK, "another zone", 7);
	tell(n, sc->mm, TRACE_MM_COMPACTION_END, NULL, 1);
	watch_end(&sc->watch, sc->mm, false);
	assert_true(log_has(&sc->log, "in all 7 pageblocks skipped by the migrate scanner: another zone"));
	headless_free(sc);
}

/* Pageblocks far apart are lit, however many changes came after them. */
static void no_changed_block_is_forgotten(void **state)
{
	struct screen *sc = screen_on(holes, 24, 80, true);
	unsigned long block = 1UL << sc->mm->pageblock_order, pfn;

	(void)state;
	run(sc, "alloc 0 movable count=4000");
	pfn = session_handles(sc->session, &(const struct handle *){ NULL });
	assert_int_equal(pfn, 4000);
	for (pfn = 0; pfn < sc->mm->end_pfn; pfn += block) {
		const struct pageblock *pb = pfn_to_pageblock(sc->mm, pfn);

		if (pb->nr_used[MIGRATE_MOVABLE])
			assert_true(watch_lit(&sc->watch, pfn, block));
		else if (!pb->nr_pcp && pb->nr_free == pb->nr_present && pb->nr_free == block)
			assert_true(!watch_lit(&sc->watch, pfn, block) || pfn_to_page(sc->mm, pfn)->flags);
	}
	assert_false(watch_lit(&sc->watch, 0x103e00, 0x200));
	headless_free(sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_has_its_steps),
		cmocka_unit_test(page_set_is_hit_or_filled),
		cmocka_unit_test(failure_is_explained),
		cmocka_unit_test(highatomic_is_seen),
		cmocka_unit_test(long_ways_are_bounded),
		cmocka_unit_test(compaction_is_seen),
		cmocka_unit_test(scanners_stay_and_go),
		cmocka_unit_test(what_hurt_most_is_shown),
		cmocka_unit_test(undone_is_where_the_session_stands),
		cmocka_unit_test(skipped_blocks_are_summed_up),
		cmocka_unit_test(no_changed_block_is_forgotten),
	};

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
