/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the screen share: small machines, and questions to a frame and a log. Each test uses
 * some. */
#ifndef BUDDYVIZ_TESTS_TUI_SCREEN_H
#define BUDDYVIZ_TESTS_TUI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headless.h"
#include "view.h"

#define UNUSED __attribute__((unused))

/* 64 pages, orders 0..5, pageblocks of 8, no page sets. */
static UNUSED const char small[] = "name: small\n"
				   "max_order: 5\n"
				   "pageblock_order: 3\n"
				   "zones:\n  - { type: Normal }\n"
				   "nodes:\n  - id: 0\n    memory: [0x0-0x3ffff]\n"
				   "features: { pcp: false, group_by_mobility: true }\n"
				   "sysctl: { min_free_kbytes: 8, watermark_boost_factor: 0 }\n";

/* Two runs of memory with a wide hole between them. */
static UNUSED const char holes[] =
	"name: holes\n"
	"zones:\n  - { type: Normal }\n"
	"nodes:\n  - id: 0\n    memory: [0x0-0x3ffffff, 0x100000000-0x103ffffff]\n";

static UNUSED unsigned long log_lines_with(const struct log *log, const char *text)
{
	unsigned long i, n = 0;

	for (i = 0; i < log_count(log); i++)
		n += strstr(log_nth(log, i)->text, text) != NULL;
	return n;
}

static UNUSED bool log_has(const struct log *log, const char *text)
{
	return log_lines_with(log, text) > 0;
}

static UNUSED struct screen *screen_on(const char *text, int lines, int cols, bool ascii)
{
	struct layout *layout = layout_parse("test", text, strlen(text), stderr);
	struct screen *sc;

	assert_non_null(layout);
	sc = headless_new(layout, "xterm-256color", lines, cols, ascii, true);
	assert_non_null(sc);
	headless_draw(sc);
	return sc;
}

static UNUSED void run(struct screen *sc, const char *line)
{
	screen_execute(sc, line);
	headless_draw(sc);
}

/* The frame's text and styles; free() it. */
static UNUSED char *dump(struct screen *sc)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	headless_draw(sc);
	headless_dump(sc, out);
	fclose(out);
	return text;
}

static UNUSED bool shows(struct screen *sc, const char *what)
{
	char *text = dump(sc);
	bool found = strstr(text, what) != NULL;

	if (!found)
		print_message("not on the screen: %s\n%s", what, text);
	free(text);
	return found;
}

#endif
