/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session whose machine reclaims: handles that lose their pages, processes that are killed, interrupts. */
#include "config.h"

#include "shell.h"

#define EVERYTHING "lists; pcp; pageblocks; zones; allocs; lru limit=100000; vmstat; zoneinfo"

/* 16 MiB, one zone, so much swap. */
static struct layout *layout(const char *swap)
{
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "name: reclaim\n"
			   "zones: [ { type: Normal } ]\n"
			   "nodes: [ { id: 0, memory: [ 0x40000000-0x40ffffff ] } ]\n"
			   "swap: %s\n",
			   swap);
	struct layout *layout = layout_parse("reclaim", text, (size_t)len, stderr);

	assert_non_null(layout);
	return layout;
}

static struct session *start(const char *swap, const struct session_options *options)
{
	struct session *s = session_new(layout(swap), options, NULL);

	assert_non_null(s);
	return s;
}

static void assert_says(struct session *s, const char *line, enum session_status status, const char *part)
{
	char *text = run(s, line, status);

	if (!strstr(text, part))
		fprintf(stderr, "%s: no '%s' in:\n%.2000s\n", line, part, text);
	assert_non_null(strstr(text, part));
	free(text);
}

static void assert_same(struct session *s, struct session *t)
{
	char *a = run(s, EVERYTHING, SESSION_OK), *b = run(t, EVERYTHING, SESSION_OK);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

static const struct handle *named(struct session *s, const char *name)
{
	const struct handle *handles;
	size_t nr = session_handles(s, &handles);

	for (size_t i = 0; i < nr; i++)
		if (strcmp(handles[i].name, name) == 0)
			return &handles[i];
	fail_msg("no handle %s", name);
	return NULL;
}

/* kswapd runs between the requests of one command: the oldest are in swap, the newest resident. */
static void handles_know_where_their_contents_are(void **state)
{
	struct session *s = start("8M", NULL);
	struct mm *mm = session_mm(s);
	unsigned long free_slots;

	(void)state;
	run_ok(s, "alloc 0 user count=4500 owner=app");
	assert_int_equal(named(s, "a1")->gone, HANDLE_SWAPPED);
	assert_int_equal(named(s, "a1")->pfn, PFN_NONE);
	assert_int_equal(named(s, "a4500")->gone, HANDLE_HERE);
	assert_true(mm->vm_events[PGSTEAL_KSWAPD] > 0);
	assert_says(s, "check", SESSION_OK, "ok");

	free_slots = mm->nr_swap_pages;
	assert_says(s, "free a2", SESSION_OK, "a2 freed order=0, it was in swap");
	assert_int_equal(mm->nr_swap_pages, free_slots + 1);
	assert_says(s, "free a2", SESSION_ERROR, "a2 is freed already");
	assert_says(s, "touch a1", SESSION_OK, "a1 swapped in pfn=0x");
	assert_int_equal(named(s, "a1")->gone, HANDLE_HERE);
	assert_int_not_equal(named(s, "a1")->pfn, PFN_NONE);
	run_ok(s, "free all");
	assert_int_equal(mm->nr_swap_pages, mm->total_swap_pages);
	assert_says(s, "check", SESSION_OK, "ok");
	session_free(s);
}

static void page_cache_is_dropped_and_read_again(void **state)
{
	struct session *s = start("0", NULL);

	(void)state;
	run_ok(s, "alloc 0 file count=6000");
	assert_int_equal(named(s, "a1")->gone, HANDLE_DROPPED);
	assert_says(s, "touch a1", SESSION_OK, "a1 read again pfn=0x");
	assert_says(s, "dirty a1", SESSION_OK, "dirty");
	assert_says(s, "alloc 0 name=k; touch k", SESSION_OK, "k is on no LRU list");
	assert_says(s, "check", SESSION_OK, "ok");
	session_free(s);
}

/* The larger of two processes dies, the smaller keeps what it has. What has no owner is not killed. */
static void the_larger_owner_is_killed(void **state)
{
	struct session *s = start("0", NULL);

	(void)state;
	run_ok(s, "alloc 0 user count=1500 owner=small; alloc 0 user count=2000 name=b owner=big");
	assert_says(s, "alloc 0 count=2000", SESSION_OK, "Out of memory: killed big, 2000 pages resident");
	assert_int_equal(named(s, "b1")->gone, HANDLE_KILLED);
	assert_int_equal(named(s, "a1")->gone, HANDLE_HERE);
	assert_says(s, "free b1", SESSION_ERROR, "b1 went with its owner big, who was killed");
	assert_says(s, "check", SESSION_OK, "ok");
	session_free(s);
}

/* A process that asks for more than there is kills itself: its request fails, and there are no more of them.
 */
static void a_hog_kills_itself(void **state)
{
	struct session *s = start("0", NULL);
	const struct handle *handles;

	(void)state;
	assert_says(s, "alloc 0 user count=100000 owner=hog", SESSION_OK, "its owner hog was killed");
	assert_true(session_handles(s, &handles) < 5000);
	assert_says(s, "check; allocs", SESSION_OK, "0 pages in all");
	session_free(s);
}

/* Undo is replay, kswapd's work and killings included. */
static void undo_takes_reclaim_back(void **state)
{
	struct session *s = start("4M", NULL), *t = start("4M", NULL);

	(void)state;
	run_ok(s, "alloc 0 user count=3000 owner=one; alloc 0 file count=1500; touch every=7");
	run_ok(t, "alloc 0 user count=3000 owner=one; alloc 0 file count=1500; touch every=7");
	assert_same(s, t);
	run_ok(t, "alloc 0 user count=9000 owner=two; reclaim pages=100; dirty every=5; undo 3");
	assert_same(s, t);
	session_free(s);
	session_free(t);
}

struct countdown {
	unsigned long polls; /* until it says true, and from then on */
};

static bool counted_out(void *arg)
{
	struct countdown *c = arg;

	if (c->polls)
		c->polls--;
	return c->polls == 0;
}

static void assert_replay_is_the_same(struct session *s)
{
	char *before = run(s, EVERYTHING, SESSION_OK), *after;

	run_ok(s, "alloc 0 name=last; undo");
	after = run(s, EVERYTHING, SESSION_OK);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* Wherever an interrupt falls, the machine is whole, and it is the one that its history makes. */
static void interrupts_leave_the_machine_whole(void **state)
{
	static const char *const lines[] = {
		"alloc 0 user count=5000 owner=one", "alloc 0 file count=3000", "touch every=3",
		"alloc 2 user count=500 owner=two",  "reclaim pages=800",
	};
	struct countdown c = { 0 };
	struct session_options options = { .seed = 1, .interrupted = counted_out, .interrupted_arg = &c };

	(void)state;
	for (unsigned long first = 1; first < 6000; first = first * 2 + 7) {
		struct session *s = start("4M", &options);

		for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
			char *text = NULL;
			size_t size;
			FILE *out = open_memstream(&text, &size);

			c.polls = i % 2 ? 1000000 : first;
			session_execute(s, lines[i], "test", 1, out, out);
			fclose(out);
			free(text);
			c.polls = 1000000;
			assert_says(s, "check", SESSION_OK, "ok");
		}
		assert_replay_is_the_same(s);
		session_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handles_know_where_their_contents_are),
		cmocka_unit_test(page_cache_is_dropped_and_read_again),
		cmocka_unit_test(the_larger_owner_is_killed),
		cmocka_unit_test(a_hog_kills_itself),
		cmocka_unit_test(undo_takes_reclaim_back),
		cmocka_unit_test(interrupts_leave_the_machine_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
