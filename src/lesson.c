/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding layouts and lessons. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buddyviz/session.h"
#include "lesson.h"

#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/buddyviz"
#endif

static bool exists(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0;
}

/* The tree that the program was built in, if it has not been moved: the directory above build/. */
static const char *source_tree(void)
{
	static char tree[4096];
	char layouts[sizeof(tree) + sizeof("/layouts")];
	ssize_t len = readlink("/proc/self/exe", tree, sizeof(tree) - 1);
	int cuts = 2;

	if (len <= 0)
		return NULL;
	for (tree[len] = '\0'; cuts > 0 && strrchr(tree, '/'); cuts--)
		*strrchr(tree, '/') = '\0';
	snprintf(layouts, sizeof(layouts), "%s/layouts", tree);
	return cuts == 0 && exists(layouts) ? tree : NULL;
}

const char *data_dir(void)
{
	const char *dir = getenv("BUDDYVIZ_DATADIR");

	if (dir && *dir)
		return dir;
	dir = source_tree();
	return dir ? dir : PKGDATADIR;
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
	char *name = in ? script_wants(in) : NULL, *found;

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
		const char *text = script_comment(line);

		if (text && *text) {
			printf(" %s", text);
			break;
		}
	}
	putchar('\n');
	free(line);
	if (in)
		fclose(in);
}
