/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of layouts share: files of the source tree, and a parse
 * whose messages are kept.
 */
#ifndef BUDDYVIZ_LAYOUT_TEST_H
#define BUDDYVIZ_LAYOUT_TEST_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/layout.h"

/* The layouts that are shipped. */
static const char *const shipped_layouts[] = { "bst", "numa", "small", "tiny", "x86_32", "x86_64" };
#define NR_SHIPPED (sizeof(shipped_layouts) / sizeof(*shipped_layouts))

/* Path of a file of the source tree; the caller frees it. */
static inline __attribute__((format(printf, 1, 2))) char *source_path(const char *fmt, ...)
{
	const char *top = getenv("top_srcdir");
	char name[256], *path;
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	if (asprintf(&path, "%s/%s", top ? top : ".", name) < 0)
		abort();
	return path;
}

/* A whole file, NUL-terminated; the caller frees it. NULL: not there. */
static inline char *read_whole(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *text = NULL, buffer[4096];
	FILE *out;
	size_t n;

	if (!in)
		return NULL;
	out = open_memstream(&text, len);
	if (!out)
		abort();
	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		fwrite(buffer, 1, n, out);
	fclose(in);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* Parse a text; *messages is what was reported, the caller frees it. */
static inline struct layout *parse(const char *name, const char *text, size_t len, char **messages)
{
	struct layout *layout;
	size_t size;
	FILE *err;

	*messages = NULL;
	err = open_memstream(messages, &size);
	if (!err)
		abort();
	layout = layout_parse(name, text, len, err);
	if (fclose(err) != 0)
		abort();
	return layout;
}

#endif
