/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden diagnostics: every tests/layout/bad/NAME.yaml is reported exactly as
 * NAME.err says. A layout whose NAME.err has warnings only loads, the others
 * do not. With LAYOUT_REGENERATE=1 in the environment the .err files are
 * written anew - then read them, each line: they are the specification.
 */
#include <config.h>

#include "layout_test.h"

#include <dirent.h>

#define LEAST 40 /* broken layouts there should be */

static char *error_path(const char *name)
{
	return source_path("tests/layout/bad/%.*s.err", (int)(strlen(name) - strlen(".yaml")), name);
}

static int regenerate(const char *name, const char *messages)
{
	char *path = error_path(name);
	FILE *out = fopen(path, "w");
	int failed = !out || fputs(messages, out) < 0;

	if (out)
		failed |= fclose(out) != 0;
	if (failed)
		perror(path);
	free(path);
	return failed;
}

static int compare(const char *name, const char *messages)
{
	char *path = error_path(name), *expected;
	size_t len;
	int failed;

	expected = read_whole(path, &len);
	failed = !expected || strcmp(expected, messages) != 0;
	if (failed)
		printf("FAIL %s\n--- expected\n%s--- got\n%s", name, expected ? expected : "(no .err file)\n",
		       messages);
	free(expected);
	free(path);
	return failed;
}

static int check(const char *name)
{
	char *path = source_path("tests/layout/bad/%s", name), *messages, *text;
	struct layout *layout;
	size_t len;
	int failed;

	text = read_whole(path, &len);
	free(path);
	if (!text)
		return 1;
	layout = parse(name, text, len, &messages);
	failed = getenv("LAYOUT_REGENERATE") ? regenerate(name, messages) : compare(name, messages);
	if (!layout != !!strstr(messages, ": error: ")) {
		printf("FAIL %s: %s\n", name,
		       layout ? "loads in spite of an error" : "does not load, no error says why");
		failed = 1;
	}
	layout_free(layout);
	free(messages);
	free(text);
	return failed;
}

static int is_layout(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".yaml") == 0;
}

int main(void)
{
	char *path = source_path("tests/layout/bad");
	struct dirent **entries;
	int nr = scandir(path, &entries, is_layout, alphasort), failed = 0;

	free(path);
	for (int i = 0; i < nr; i++) {
		failed += check(entries[i]->d_name);
		free(entries[i]);
	}
	if (nr >= 0)
		free(entries);
	printf("%d broken layouts, %d not reported as expected\n", nr < 0 ? 0 : nr, failed);
	return failed || nr < LEAST;
}
