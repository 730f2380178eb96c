/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding layouts and lessons. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lesson.h"

#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/buddyviz"
#endif

static const char layout_key[] = "layout:";

const char *data_dir(void)
{
	const char *dir = getenv("BUDDYVIZ_DATADIR");

	return dir && *dir ? dir : PKGDATADIR;
}

static bool exists(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0;
}

char *installed_layout(const char *name)
{
	char *path;

	return asprintf(&path, "%s/layouts/%s.yaml", data_dir(), name) < 0 ? NULL : path;
}

char *script_path(const char *name)
{
	static const char *const endings[] = { "", ".bv" };
	char *path;

	for (size_t i = 0; i < 2 && !exists(name) && !strchr(name, '/'); i++) {
		if (asprintf(&path, "%s/lessons/%s%s", data_dir(), name, endings[i]) < 0)
			return NULL;
		if (exists(path))
			return path;
		free(path);
	}
	return strdup(name);
}

/* The text of a comment line, without its newline; NULL: the line is none. */
static char *comment_text(char *line)
{
	char *text = line + strspn(line, "# \t");

	if (line[0] != '#' || line[1] == '!')
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* What the script's "# layout:" says; malloc'd. */
static char *wanted_layout(FILE *in)
{
	char *line = NULL, *name = NULL;
	size_t size = 0;

	while (!name && getline(&line, &size, in) > 0 && line[0] == '#') {
		char *text = comment_text(line);

		if (text && strncmp(text, layout_key, strlen(layout_key)) == 0) {
			text += strlen(layout_key);
			text += strspn(text, " \t");
			text[strcspn(text, " \t")] = '\0';
			name = *text ? strdup(text) : NULL;
		}
	}
	free(line);
	return name;
}

/* "DIR/../layouts/NAME.yaml", DIR being the script's. */
static char *beside(const char *script, const char *name)
{
	const char *slash = strrchr(script, '/');
	char *path;
	int len = slash ? (int)(slash - script) : 1;

	return asprintf(&path, "%.*s/../layouts/%s.yaml", len, slash ? script : ".", name) < 0 ? NULL : path;
}

char *script_layout(const char *path)
{
	FILE *in = fopen(path, "r");
	char *name = in ? wanted_layout(in) : NULL, *found;

	if (in)
		fclose(in);
	if (!name || strchr(name, '/'))
		return name;
	found = beside(path, name);
	if (!exists(found)) {
		free(found);
		return name; /* the caller knows installed names */
	}
	free(name);
	return found;
}

void list_lesson(const char *path)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	while (in && getline(&line, &size, in) > 0) {
		const char *text = comment_text(line);

		if (text && *text && strncmp(text, "SPDX", 4) != 0 &&
		    strncmp(text, layout_key, strlen(layout_key)) != 0) {
			printf(" %s", text);
			break;
		}
	}
	putchar('\n');
	free(line);
	if (in)
		fclose(in);
}
