/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session as a library: determinism, undo, interruption, completion. */
#include "config.h"

#include "buddyviz/command.h"
#include "buddyviz/page_alloc.h"
#include "shell.h"

#define EVERYTHING "lists; pcp; pageblocks; zones; allocs all; pagetypeinfo"

static struct layout *load(const char *name)
{
	char path[4096];
	struct layout *layout;

	snprintf(path, sizeof(path), "%s/layouts/%s.yaml", getenv("top_srcdir"), name);
	layout = layout_load(path, stderr);
	assert_non_null(layout);
	return layout;
}

static struct session *start(const char *name)
{
	struct session *s = session_new(load(name), NULL, NULL);

	assert_non_null(s);
	return s;
}

static void assert_output(struct session *s, const char *line, const char *expected)
{
	char *text = run(s, line, SESSION_OK);

	assert_string_equal(text, expected);
	free(text);
}

/* --------------------------------------------------- determinism --- */

static void check_twins(const char *layout)
{
	struct session *a = start(layout), *b = start(layout);
	char *text;

	run_ok(a, "random 100000 seed=42");
	run_ok(b, "random 100000 seed=42");
	text = run(a, EVERYTHING, SESSION_OK);
	assert_output(b, EVERYTHING, text);
	assert_output(a, "check", "ok\n");
	run_ok(b, "free every=3");
	assert_output(b, "check", "ok\n");
	free(text);
	text = run(a, "lists", SESSION_OK);
	run_ok(b, "undo");
	assert_output(b, "lists", text);
	free(text);
	session_free(a);
	session_free(b);
}

static void same_commands_same_machine(void **state)
{
	(void)state;
	check_twins("tiny");
	check_twins("bst");
	check_twins("numa");
	check_twins("x86_32");
}

static void another_seed_another_machine(void **state)
{
	struct session *a = start("bst"), *b = start("bst");
	char *one, *two;

	(void)state;
	run_ok(a, "random 1000 seed=1");
	run_ok(b, "random 1000 seed=2");
	one = run(a, "lists", SESSION_OK);
	two = run(b, "lists", SESSION_OK);
	assert_string_not_equal(one, two);
	free(one);
	free(two);
	session_free(a);
	session_free(b);
}

/* random's shares and orders are what was asked for */
static void workload_as_told(void **state)
{
	struct session *s = start("x86_64");
	const struct handle *handles;
	size_t n, blocks = 0;

	(void)state;
	run_ok(s, "random 5000 orders=2..3 mix=0:1:0 fill=100");
	n = session_handles(s, &handles);
	for (size_t i = 0; i < n; i++) {
		assert_in_range(handles[i].order, 2, 3);
		assert_int_equal(handles[i].gfp, GFP_HIGHUSER_MOVABLE);
		assert_true(handles[i].migratable);
		assert_true(handles[i].random);
		blocks += handles[i].pfn != PFN_NONE;
	}
	/* two steps up for one down */
	assert_in_range(blocks, 1400, 1950);
	session_free(s);
}

/* ---------------------------------------------------------- undo --- */

static void undo_and_redo_round_trip(void **state)
{
	static const char *const lines[] = {
		"alloc 0 movable count=50",  "free every=2", "random 2000", "alloc 3 atomic name=x", "drain",
		"free owner=random every=3", "alloc 9",      "free x",
	};
	const size_t n = sizeof(lines) / sizeof(*lines);
	struct session *s = start("bst");
	char *seen[sizeof(lines) / sizeof(*lines) + 1];

	(void)state;
	seen[0] = run(s, EVERYTHING, SESSION_OK);
	for (size_t i = 0; i < n; i++) {
		run_ok(s, lines[i]);
		seen[i + 1] = run(s, EVERYTHING, SESSION_OK);
	}
	assert_int_equal(session_position(s), n);
	for (size_t i = n; i-- > 0;) {
		run_ok(s, "undo");
		assert_int_equal(session_position(s), i);
		assert_output(s, EVERYTHING, seen[i]);
	}
	for (size_t i = 1; i <= n; i++) {
		run_ok(s, "redo");
		assert_output(s, EVERYTHING, seen[i]);
	}
	run_ok(s, "undo 8; redo 5");
	assert_output(s, EVERYTHING, seen[5]);
	for (size_t i = 0; i <= n; i++)
		free(seen[i]);
	session_free(s);
}

static void wrong_commands_change_nothing(void **state)
{
	struct session *s = start("bst");
	char *before, *after;

	(void)state;
	run_ok(s, "alloc 3 count=4; random 500");
	before = run(s, EVERYTHING, SESSION_OK);
	free(run(s, "free a1 a2 a9", SESSION_ERROR));
	free(run(s, "free a1 a1", SESSION_ERROR));
	free(run(s, "free a1 0x1", SESSION_ERROR));
	free(run(s, "alloc 0 count=100 node=7", SESSION_ERROR));
	free(run(s, "alloc 0 name=a count=3", SESSION_ERROR));
	free(run(s, "random 10 fill=x", SESSION_ERROR));
	after = run(s, EVERYTHING, SESSION_OK);
	assert_string_equal(before, after);
	assert_int_equal(session_position(s), 2);
	free(before);
	free(after);
	session_free(s);
}

/* -------------------------------------------------- interruption --- */

static bool count_down(void *arg)
{
	unsigned int *left = arg;

	return *left == 0 || --*left == 0;
}

static void interrupted(const char *line, const char *history)
{
	unsigned int left = 1000;
	struct session_options options = { .seed = 1, .interrupted = count_down, .interrupted_arg = &left };
	struct session *s = session_new(load("bst"), &options, NULL);
	char *before;

	run_ok(s, "alloc 0 count=100");
	left = 10;
	free(run(s, line, SESSION_INTERRUPTED));
	left = 1000000;
	assert_output(s, "history", history);
	before = run(s, EVERYTHING, SESSION_OK);
	run_ok(s, "undo; redo");
	assert_output(s, EVERYTHING, before);
	assert_output(s, "check", "ok\n");
	free(before);
	session_free(s);
}

static void interrupted_commands_replay(void **state)
{
	(void)state;
	interrupted("random 500 fill=30", "alloc 0 count=100\nrandom 10 fill=30 seed=1\n");
	interrupted("alloc 2 count=500", "alloc 0 count=100\nalloc 2 count=10\n");
	interrupted("free every=2 cold", "alloc 0 count=100\nfree a1 a3 a5 a7 a9 a11 a13 a15 a17 a19 cold\n");
}

/* ------------------------------------------------------- handles --- */

static void handles_follow_their_pages(void **state)
{
	struct session *s = start("tiny");
	const struct handle *handles;
	struct mm *mm = session_mm(s);

	(void)state;
	run_ok(s, "alloc 0 movable");
	assert_int_equal(session_handles(s, &handles), 1);
	assert_ptr_equal(session_owner(s, 1), handles);
	assert_null(session_owner(s, 0));
	assert_null(session_owner(s, 2));
	mm->page_moved(mm->page_moved_arg, 1, handles[0].pfn, 0x3f);
	assert_int_equal(handles[0].pfn, 0x3f);
	/* somebody else's old place */
	mm->page_moved(mm->page_moved_arg, 1, 0x11, 0x12);
	assert_int_equal(handles[0].pfn, 0x3f);
	session_free(s);
}

/* check sees a block whose handle lost it */
static void check_sees_a_lost_block(void **state)
{
	struct session *s = start("tiny");
	struct mm *mm = session_mm(s);
	char *text;

	(void)state;
	run_ok(s, "alloc 2");
	mm->page_moved(mm->page_moved_arg, 1, 0x0, 0x30);
	text = run(s, "check", SESSION_OK);
	assert_non_null(strstr(text, "handle a1: no block of order 2 of its own at pfn 0x30"));
	assert_non_null(strstr(text, "pfn 0x0: an allocated block of order 2 without a handle"));
	assert_null(strstr(text, "ok"));
	free(text);
	mm->page_moved(mm->page_moved_arg, 1, 0x30, 0x0);
	session_free(s);
}

static void last_request_is_kept(void **state)
{
	struct session *s = start("numa");
	const struct alloc_request *request;

	(void)state;
	assert_null(session_last_request(s));
	run_ok(s, "alloc 4 movable|__GFP_NOWARN node=1 cpu=3 pinned cold");
	request = session_last_request(s);
	assert_non_null(request);
	assert_int_equal(request->order, 4);
	assert_int_equal(request->gfp, GFP_HIGHUSER_MOVABLE | __GFP_NOWARN);
	assert_int_equal(request->node, 1);
	assert_int_equal(request->cpu, 3);
	assert_true(request->cold);
	assert_false(request->migratable);
	run_ok(s, "alloc 0 user");
	assert_true(session_last_request(s)->migratable);
	run_ok(s, "alloc 0 GFP_HIGHUSER_MOVABLE");
	assert_false(session_last_request(s)->migratable);
	session_free(s);
}

/* ---------------------------------------------------- completion --- */

/* Complete at the end of line; words joined by blanks. */
static void assert_completion(const struct session *s, const char *line, size_t where, const char *expected)
{
	char joined[2048] = "";
	size_t at = 0;
	char **words = session_complete(s, line, strlen(line), &at);

	for (size_t i = 0; words && words[i]; i++) {
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s", i ? " " : "",
			 words[i]);
		free(words[i]);
	}
	free(words);
	assert_string_equal(joined, expected);
	if (*expected)
		assert_int_equal(at, where);
}

static void completion(void **state)
{
	struct session *s = start("numa");

	(void)state;
	run_ok(s, "alloc 0 count=2; alloc 0 name=buf owner=disk; free a2");
	assert_completion(s, "al", 0, "alloc allocs");
	assert_completion(s, "  check; zone", 9, "zoneinfo zonelists zones");
	assert_completion(s, "free ", 5, "a1 all buf cold cpu= every= from= owner=");
	assert_completion(s, "free b", 5, "buf");
	assert_completion(s, "free a1..", 9, "a1 buf");
	assert_completion(s, "free owner=", 11, "disk");
	assert_completion(s, "alloc 3 mov", 8, "movable");
	assert_completion(s, "alloc 3 GFP_KERNEL|__GFP_TH", 19, "__GFP_THISNODE");
	assert_completion(s, "alloc 3 GFP_KERNEL|~__GFP_TH", 20, "__GFP_THISNODE");
	assert_completion(s, "alloc 3 node=", 13, "0 1");
	assert_completion(s, "alloc 3 n", 8, "name= node=");
	assert_completion(s, "alloc 3 node=1 n", 15, "name=");
	assert_completion(s, "lists zone=D", 11, "DMA DMA32 Device");
	assert_completion(s, "lists type=H", 11, "HighAtomic");
	assert_completion(s, "help hist", 5, "history");
	assert_completion(s, "expect buddy", 7, "buddyinfo");
	assert_completion(s, "expect alloc 0 uns", 15, "");
	assert_completion(s, "nonsense ", 9, "");
	assert_completion(s, "echo \"al", 5, "");
	session_free(s);
}

static void completion_of_what_moves(void **state)
{
	struct session *s = start("small");

	(void)state;
	run_ok(s, "alloc 0; cma alloc camera 1 name=frame");
	assert_completion(s, "cma a", 4, "align= alloc");
	assert_completion(s, "cma alloc c", 10, "camera");
	assert_completion(s, "cma free f", 9, "frame");
	assert_completion(s, "compact mode=", 13, "async light sync");
	assert_completion(s, "isolate 0xfe", 8, "0xfe0-0xfff");
	session_free(s);
}

static void usage_hint(void **state)
{
	(void)state;
	assert_string_equal(session_usage("f a1"),
			    "free H... | PFN... | all | owner=WORD | every=N [from=K] [cpu=N] [cold]");
	assert_string_equal(session_usage("alloc 3; pag"), "page PFN|H");
	assert_null(session_usage("nonsense"));
	assert_null(session_usage(""));
	assert_null(session_usage("alloc 3; "));
}

/* --------------------------------------------------------- table --- */

static void table_is_sound(void **state)
{
	(void)state;
	for (const struct command *c = command_table; c->name; c++) {
		assert_ptr_equal(command_find(c->name), c);
		assert_non_null(c->run);
		assert_non_null(c->summary);
		assert_non_null(c->help);
		assert_int_equal(strncmp(c->usage, c->name, strlen(c->name)), 0);
		for (const struct command *d = c + 1; d->name; d++)
			assert_true(strcmp(c->name, d->name) != 0 && (!c->alias || c->alias != d->alias));
		for (const struct command_arg *arg = c->opts; arg->kind != ARG_END; arg++)
			assert_non_null(strstr(c->usage, arg->name));
		for (const struct command_arg *arg = c->pos; arg->kind != ARG_END; arg++)
			assert_non_null(strstr(c->usage, arg->name));
	}
}

/* What undo replays and what history shows is one list: a script that makes the same machine. */
static void history_is_a_script(void **state)
{
	struct session *a = start("bst"), *b = start("bst");
	char *history, *all;
	FILE *in, *null = fopen("/dev/null", "w");

	(void)state;
	run_ok(a, "a 3 mov co=3 own='the app'; f a2; random 300; random 300; expect f a1 => freed; d");
	history = run(a, "history", SESSION_OK);
	in = fmemopen(history, strlen(history), "r");
	assert_int_equal(session_script(b, in, "history", null, stderr), SESSION_OK);
	fclose(in);
	fclose(null);
	all = run(a, EVERYTHING, SESSION_OK);
	assert_output(b, EVERYTHING, all);
	free(history);
	free(all);
	session_free(a);
	session_free(b);
}

/* Run text as a script of a session with these options; its answers and errors, to be freed. */
static char *run_script(const struct session_options *options, char *text)
{
	struct session *s = session_new(load("tiny"), options, NULL);
	FILE *in = fmemopen(text, strlen(text), "r"), *out;
	char *answers = NULL;
	size_t size;

	assert_non_null(s);
	out = open_memstream(&answers, &size);
	assert_int_equal(session_script(s, in, "script", out, out), SESSION_OK);
	fclose(in);
	fclose(out);
	session_free(s);
	return answers;
}

/* Keeps what it is told of, a line each, comments behind a bar. */
static void keep_line(void *arg, const char *line, bool comment)
{
	fprintf(arg, "%s%s\n", comment ? "| " : "> ", line);
}

/* Where a screen asks for them, a script's lines are told; licence and layout are no teaching. */
static void lines_are_told(void **state)
{
	static char script[] =
		"#!/usr/bin/env buddyviz\n# SPDX-License-Identifier: GPL-3.0-or-later\n# layout: tiny\n"
		"# First this:\n\n  echo one # not this\n#   two\nexpect check => ok\nexpect\techo '=> x' => "
		"x\n";
	struct session_options quiet = { .seed = 1 }, told = { .seed = 1, .script_line = keep_line };
	char *text, *lines;
	size_t size;

	(void)state;
	text = run_script(&quiet, script);
	assert_string_equal(text, "one\n=> x\n");
	free(text);
	told.script_line_arg = open_memstream(&lines, &size);
	text = run_script(&told, script);
	fclose(told.script_line_arg);
	assert_string_equal(text, "one\n=> x\n");
	assert_string_equal(lines, "| First this:\n> echo one # not this\n|   two\n> echo '=> x'\n");
	free(text);
	free(lines);
}

/* source takes a lesson by name, and Tab knows the names; a file comes first, and elsewhere there are files
 * alone. */
static void lessons_go_by_name(void **state)
{
	const char *top = getenv("top_srcdir");
	char dir[512];
	struct session_options options = { .seed = 1, .script_dir = dir };
	struct session *s;
	char *path;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/lessons", top ? top : ".");
	s = session_new(load("tiny"), &options, NULL);
	assert_non_null(s);
	assert_completion(s, "source mer", 7, "merge");
	assert_completion(s, "save mer", 5, "");
	run_ok(s, "source merge");
	path = script_find(dir, "no-such-lesson");
	assert_string_equal(path, "no-such-lesson");
	free(path);
	path = script_find(dir, "merge.bv");
	assert_true(strlen(path) > strlen("merge.bv"));
	free(path);
	session_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_commands_same_machine),
		cmocka_unit_test(another_seed_another_machine),
		cmocka_unit_test(workload_as_told),
		cmocka_unit_test(undo_and_redo_round_trip),
		cmocka_unit_test(wrong_commands_change_nothing),
		cmocka_unit_test(interrupted_commands_replay),
		cmocka_unit_test(handles_follow_their_pages),
		cmocka_unit_test(check_sees_a_lost_block),
		cmocka_unit_test(last_request_is_kept),
		cmocka_unit_test(completion),
		cmocka_unit_test(completion_of_what_moves),
		cmocka_unit_test(usage_hint),
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(history_is_a_script),
		cmocka_unit_test(lines_are_told),
		cmocka_unit_test(lessons_go_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
