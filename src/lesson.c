/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding layouts and lessons. */
#include "config.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buddyviz/command.h"
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

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
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

static const char *data_dir(void)
{
	const char *dir = getenv("BUDDYVIZ_DATADIR");

	if (dir && *dir)
		return dir;
	dir = source_tree();
	return dir ? dir : PKGDATADIR;
}

/* ---------------------------------------------------------- layouts --- */

const char *layout_base(const char *path, size_t *len)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path, *dot = strrchr(base, '.');

	*len = dot && strcmp(dot, ".yaml") == 0 ? (size_t)(dot - base) : strlen(base);
	return base;
}

/* The file of that name and ending among what is installed; malloc'd, NULL: there is none. */
static char *installed(const char *dir, const char *name, const char *ending)
{
	char *path;

	if (asprintf(&path, "%s/%s/%s%s", data_dir(), dir, name, ending) < 0)
		return NULL;
	if (exists(path))
		return path;
	free(path);
	return NULL;
}

/* The installed name that is nearest to one, of files that pattern tells of; malloc'd, NULL: none is near. */
static char *nearest_installed(const char *name, const char *pattern)
{
	const char *names[64] = { NULL }, *nearest;
	char *path, *found = NULL;
	size_t n = 0;
	glob_t files;

	if (asprintf(&path, "%s/%s", data_dir(), pattern) < 0)
		return NULL;
	if (glob(path, 0, NULL, &files) == 0) {
		for (; n < files.gl_pathc && n < 63; n++) {
			char *base = strrchr(files.gl_pathv[n], '/') + 1;

			base[strcspn(base, ".")] = '\0';
			names[n] = base;
		}
		nearest = nearest_word(name, names);
		found = nearest ? strdup(nearest) : NULL;
		globfree(&files);
	}
	free(path);
	return found;
}

static void tell_no_layout(const char *name, const char *where)
{
	char *lesson = installed("lessons", name, ".bv");
	char *near = nearest_installed(name, "layouts/*.yaml");
	char *near_lesson = nearest_installed(name, "lessons/*.bv");

	fprintf(stderr, "%s: no layout '%s'", where, name);
	if (lesson)
		fprintf(stderr, "; it is a lesson: buddyviz -x %s\n", name);
	else if (near)
		fprintf(stderr, "; did you mean '%s'?\n", near);
	else if (near_lesson)
		fprintf(stderr, "; did you mean the lesson '%s' (buddyviz -x %s)?\n", near_lesson,
			near_lesson);
	else
		fprintf(stderr, ": neither a file, nor installed in %s/layouts (buddyviz --list)\n",
			data_dir());
	free(lesson);
	free(near);
	free(near_lesson);
}

struct layout *load_named_layout(const char *name, const char *where)
{
	size_t len = strlen(name);
	struct layout *layout = NULL;
	char *path;

	if (exists(name) && len > 3 && strcmp(name + len - 3, ".bv") == 0) {
		fprintf(stderr, "%s: %s is a script and no layout: buddyviz -x %s\n", where, name, name);
		return NULL;
	}
	if (exists(name) || strchr(name, '/'))
		return layout_load(name, stderr);
	path = installed("layouts", name, ".yaml");
	if (path)
		layout = layout_load(path, stderr);
	else
		tell_no_layout(name, where);
	free(path);
	return layout;
}

/* ---------------------------------------------------------- scripts --- */

const char *lessons_dir(void)
{
	static char *dir;

	if (!dir && asprintf(&dir, "%s/lessons", data_dir()) < 0)
		dir = NULL;
	return dir;
}

/* "DIR/../layouts/NAME.yaml", DIR being the script's. */
static char *beside(const char *script, const char *name)
{
	const char *slash = strrchr(script, '/');
	char *path;
	int len = slash ? (int)(slash - script) : 1;

	return asprintf(&path, "%.*s/../layouts/%s.yaml", len, slash ? script : ".", name) < 0 ? NULL : path;
}

/* The number of the line that was read last. */
static unsigned int last_line(FILE *in)
{
	long end = ftell(in);
	unsigned int line = 1;

	for (rewind(in); ftell(in) + 1 < end;)
		line += getc(in) == '\n';
	return line;
}

/* What a script wants is looked up in a file only: of a pipe nothing would be left to run. */
char *script_layout(const char *path, unsigned int *lineno)
{
	FILE *in = is_file(path) ? fopen(path, "r") : NULL;
	char *name = in ? script_wants(in) : NULL, *found;

	if (name && lineno)
		*lineno = last_line(in);
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

/* ------------------------------------------------------------ --list --- */

/* The file's name without directory and extension. */
static void print_name(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	printf("  %-22.*s", (int)strcspn(base, "."), base);
}

static void list_layout(const char *path)
{
	struct layout *layout = layout_load(path, stderr);

	if (!layout)
		return;
	print_name(path);
	printf(" %s\n", layout->description ? layout->description : layout->name);
	layout_free(layout);
}

/* What a lesson is about: its first comment that says neither the licence nor the layout. */
static void list_script(const char *path)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	print_name(path);
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

static void list_files(const char *title, const char *pattern, void (*list)(const char *path))
{
	char *path;
	glob_t found;

	if (asprintf(&path, "%s/%s", data_dir(), pattern) < 0)
		return;
	printf("%s (%s)\n", title, path);
	if (glob(path, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			list(found.gl_pathv[i]);
		globfree(&found);
	} else {
		puts("  none");
	}
	free(path);
}

void list_installed(void)
{
	list_files("Layouts", "layouts/*.yaml", list_layout);
	list_files("Lessons", "lessons/[!.]*", list_script);
}
