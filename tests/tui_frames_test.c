// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whole frames, text and styles, against the ones recorded in tests/tui. What
 * the numbers in them have to be is checked by tui_test.c and the tests of the
 * allocator; here nothing may change unseen. UPDATE_FRAMES=1 records anew.
 */
#include "config.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headless.h"
#include "view.h"

#define MAX_STEPS 8

struct frame {
	const char *name, *layout, *term;
	int cols, lines;
	bool ascii, color;
	const char *commands[MAX_STEPS];
	enum action keys[MAX_STEPS];
};

#define LESSON                                                                                               \
	{                                                                                                    \
		"alloc 3", "alloc 0 movable count=4", "free a1", "alloc 10 count=3", "alloc 10 dma"          \
	}

/* Every second page is free: order 2 fails. */
#define SHREDDED                                                                                             \
	{                                                                                                    \
		"alloc 0 count=62", "free every=2", "alloc 2"                                                \
	}

static const struct frame frames[] = {
	{ "start-80x24", "bst", "xterm-256color", 80, 24, false, true, { NULL }, { 0 } },
	{ "split-80x24", "tiny", "xterm-256color", 80, 24, false, true, { "alloc 0" }, { 0 } },
	{ "merge-80x24", "tiny", "xterm-256color", 80, 24, false, true, { "alloc 0", "free a1" }, { 0 } },
	{ "undo-80x24",
	  "tiny",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 0", "alloc 1", "undo" },
	  { 0 } },
	{ "error-80x24", "tiny", "xterm-256color", 80, 24, false, true, { "allok 3" }, { 0 } },
	{ "lesson-80x24", "bst", "xterm-256color", 80, 24, false, true, LESSON, { 0 } },
	{ "lesson-120x40", "bst", "xterm-256color", 120, 40, false, true, LESSON, { 0 } },
	{ "lesson-200x60", "bst", "xterm-256color", 200, 60, false, true, LESSON, { 0 } },
	{ "lesson-60x18", "bst", "xterm-256color", 60, 18, false, true, LESSON, { 0 } },
	{ "lesson-40x12", "bst", "xterm-256color", 40, 12, false, true, LESSON, { 0 } },
	{ "small-39x11", "bst", "xterm-256color", 39, 11, false, true, { NULL }, { 0 } },
	{ "ascii-80x24", "bst", "xterm-256color", 80, 24, true, true, LESSON, { 0 } },
	{ "mono-80x24", "bst", "vt100", 80, 24, true, true, LESSON, { 0 } },
	{ "nocolor-80x24", "tiny", "xterm-256color", 80, 24, false, false, { "alloc 0" }, { 0 } },
	{ "8colors-80x24", "tiny", "xterm", 80, 24, false, true, { "alloc 0" }, { 0 } },
	{ "numa-120x40",
	  "numa",
	  "xterm-256color",
	  120,
	  40,
	  false,
	  true,
	  { "alloc 4 node=1", "alloc 0 movable node=1" },
	  { 0 } },
	{ "lists-80x24",
	  "bst",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 3" },
	  { ACTION_NEXT_PANEL, ACTION_NEXT_PANEL, ACTION_NEXT_PANEL, ACTION_LAST, ACTION_DOWN } },
	{ "zoomed-80x24",
	  "bst",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { NULL },
	  { ACTION_PREV_ZONE, ACTION_ZOOM_OUT, ACTION_ZOOM_OUT, ACTION_DOWN, ACTION_RIGHT } },
	{ "log-80x24",
	  "bst",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 3", "zoneinfo" },
	  { ACTION_LOG, ACTION_PAGE_UP } },
	{ "path-split-80x24", "tiny", "xterm-256color", 80, 24, false, true, { "alloc 3" }, { ACTION_PATH } },
	{ "path-refill-200x60",
	  "bst",
	  "xterm-256color",
	  200,
	  60,
	  false,
	  true,
	  { "alloc 0" },
	  { ACTION_PATH } },
	{ "path-ascii-80x24",
	  "numa",
	  "vt100",
	  80,
	  24,
	  true,
	  true,
	  { "alloc 2 atomic node=1" },
	  { ACTION_PATH } },
	{ "path-failed-80x24",
	  "tiny",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  SHREDDED,
	  { ACTION_PATH, ACTION_LAST } },
	{ "path-failed-200x60", "tiny", "xterm-256color", 200, 60, false, true, SHREDDED, { ACTION_PATH } },
	{ "path-failed-40x12",
	  "tiny",
	  "xterm-256color",
	  40,
	  12,
	  false,
	  true,
	  SHREDDED,
	  { ACTION_PATH, ACTION_PAGE_DOWN } },
	{ "path-none-80x24", "tiny", "xterm-256color", 80, 24, false, true, { NULL }, { ACTION_PATH } },
	{ "path-nozone-80x24",
	  "bst",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 10 dma" },
	  { ACTION_PATH } },
	{ "indexes-80x24",
	  "tiny",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  SHREDDED,
	  { ACTION_NEXT_PANEL, ACTION_NEXT_PANEL } },
	{ "compact-80x24",
	  "tiny",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 0 movable count=60", "free every=2", "compact" },
	  { 0 } },
	{ "path-compacts-80x24",
	  "tiny",
	  "xterm-256color",
	  80,
	  24,
	  false,
	  true,
	  { "alloc 0 movable count=60", "free every=2", "alloc 3" },
	  { ACTION_PATH, ACTION_LAST } },
	{ "lru-120x40",
	  "tiny",
	  "xterm-256color",
	  120,
	  40,
	  false,
	  true,
	  { "alloc 0 user count=40", "alloc 3 count=3" },
	  { ACTION_NEXT_PANEL, ACTION_NEXT_PANEL } },
	{ "help-80x24", "tiny", "xterm-256color", 80, 24, false, true, { NULL }, { ACTION_HELP } },
};

static char *source_file(const char *format, const char *name)
{
	const char *top = getenv("top_srcdir");
	char *relative = NULL, *path = NULL;

	if (asprintf(&relative, format, name) < 0 || asprintf(&path, "%s/%s", top ? top : ".", relative) < 0)
		abort();
	free(relative);
	return path;
}

static struct layout *load(const char *name)
{
	char *path = source_file("layouts/%s.yaml", name);
	struct layout *layout = layout_load(path, stderr);

	free(path);
	return layout;
}

/* Draw after each step, as the program does: what is in sight depends on what was. */
static char *take_frame(const struct frame *f)
{
	struct layout *layout = load(f->layout);
	struct screen *sc =
		layout ? headless_new(layout, f->term, f->lines, f->cols, f->ascii, f->color) : NULL;
	char *text = NULL;
	size_t size;
	FILE *out;
	int i;

	if (!sc)
		return NULL;
	headless_draw(sc);
	for (i = 0; i < MAX_STEPS && f->commands[i]; i++) {
		screen_execute(sc, f->commands[i]);
		headless_draw(sc);
	}
	for (i = 0; i < MAX_STEPS && f->keys[i]; i++) {
		screen_key(sc, f->keys[i]);
		headless_draw(sc);
	}
	out = open_memstream(&text, &size);
	if (out) {
		headless_dump(sc, out);
		fclose(out);
	}
	headless_free(sc);
	return text;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		return NULL;
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}

static bool write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return false;
	fputs(text, out);
	return fclose(out) == 0;
}

/* The first line in which the two differ, with both. */
static void show_difference(const char *expected, const char *got)
{
	int line = 1;

	while (*expected && *expected == *got) {
		line += *got == '\n';
		expected++;
		got++;
	}
	printf("  line %d, where they part:\n  expected %.*s\n  got      %.*s\n", line,
	       (int)strcspn(expected, "\n"), expected, (int)strcspn(got, "\n"), got);
}

static bool check_frame(const struct frame *f)
{
	char *path = source_file("tests/tui/%s.frame", f->name), *got = take_frame(f), *expected = NULL;
	bool same;

	if (got && getenv("UPDATE_FRAMES")) {
		same = write_file(path, got);
		printf("%s: %s\n", f->name, same ? "recorded" : "cannot be written");
	} else {
		expected = read_file(path);
		same = got && expected && !strcmp(got, expected);
		printf("%s: %s\n", f->name,
		       same        ? "ok"
		       : !got      ? "cannot be drawn"
		       : !expected ? "not recorded"
				   : "differs");
		if (got && expected && !same) {
			show_difference(expected, got);
			printf("%s", got);
		}
	}
	free(path);
	free(got);
	free(expected);
	return same;
}

int main(void)
{
	unsigned int failed = 0;
	size_t i;

	if (!setlocale(LC_ALL, "C.UTF-8")) {
		printf("no locale C.UTF-8: skipped\n");
		return 77;
	}
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		failed += !check_frame(&frames[i]);
	printf("%zu frames, %u differ\n", i, failed);
	return failed != 0;
}
