/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diagnostics: collected while a file is read, printed in the order of their
 * places, each with the line it speaks of and a caret under the place.
 *
 * Places are counted in characters from the start of the file, as libyaml
 * does; lines are counted here, because libyaml also ends lines where no
 * editor does (U+0085, U+2028).
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define EXCERPT_BEFORE 80  /* characters of a long line shown left of the caret */
#define EXCERPT_MAX    160 /* and altogether */

/* A place in the text while walking over it. */
struct cursor {
	size_t byte, mark;           /* where it is */
	size_t line_byte, line_mark; /* where its line begins */
	unsigned long line;          /* from 1 */
};

static void diag_add(struct diag *d, size_t mark, bool warning, const char *fmt, va_list args)
	PRINTF_LIKE(4, 0);

static void diag_add(struct diag *d, size_t mark, bool warning, const char *fmt, va_list args)
{
	d->messages = layout_grow(d->messages, &d->max, d->nr, sizeof(*d->messages));
	d->messages[d->nr] = (struct message){
		.mark = mark,
		.nr = d->nr,
		.warning = warning,
		.text = layout_vasprintf(fmt, args),
	};
	d->nr++;
	if (!warning)
		d->errors++;
}

void diag_error(struct diag *d, size_t mark, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	diag_add(d, mark, false, fmt, args);
	va_end(args);
}

void diag_warning(struct diag *d, size_t mark, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	diag_add(d, mark, true, fmt, args);
	va_end(args);
}

/* Walk on to mark, or to the end of the text. */
static void cursor_advance(const struct diag *d, struct cursor *at, size_t mark)
{
	uint32_t c;

	while (at->mark < mark && at->byte < d->len) {
		at->byte += utf8_decode(d->text + at->byte, d->len - at->byte, &c);
		at->mark++;
		if (c != '\n')
			continue;
		at->line++;
		at->line_byte = at->byte;
		at->line_mark = at->mark;
	}
}

const char *diag_rest(const struct diag *d, size_t mark)
{
	struct cursor at = { .line = 1 };

	cursor_advance(d, &at, mark);
	return d->text + at.byte;
}

unsigned long diag_line(const struct diag *d, size_t mark)
{
	struct cursor at = { .line = 1 };

	cursor_advance(d, &at, mark);
	return at.line;
}

/* Length in bytes of the cursor's line, without its line end. */
static size_t line_length(const struct diag *d, const struct cursor *at)
{
	const char *line = d->text + at->line_byte;
	const char *end = memchr(line, '\n', d->len - at->line_byte);
	size_t len = end ? (size_t)(end - line) : d->len - at->line_byte;

	return len && line[len - 1] == '\r' ? len - 1 : len;
}

static void print_blanks(FILE *err, unsigned int nr)
{
	while (nr--)
		fputc(' ', err);
}

/* Print the line the cursor is in; the caret's indentation goes to indent as it comes. */
static void print_line(const struct diag *d, const struct cursor *at, FILE *err, FILE *indent)
{
	const char *line = d->text + at->line_byte;
	size_t len = line_length(d, at), column = at->mark - at->line_mark, n, chars = 0;
	size_t first = column > EXCERPT_MAX - EXCERPT_BEFORE ? column - EXCERPT_BEFORE : 0;
	unsigned int width;
	uint32_t c;

	if (first) {
		fputs("...", err);
		print_blanks(indent, 3);
	}
	for (size_t i = 0; i < len; i += n, chars++) {
		n = utf8_decode(line + i, len - i, &c);
		if (chars < first)
			continue;
		if (chars == first + EXCERPT_MAX) {
			fputs("...", err);
			break;
		}
		width = c == '\t' ? 0 : utf8_print(err, line + i, n, c);
		if (c == '\t')
			fputc('\t', err);
		if (chars >= column)
			continue;
		if (c == '\t')
			fputc('\t', indent);
		print_blanks(indent, width);
	}
	fputc('\n', err);
}

static void print_excerpt(const struct diag *d, const struct cursor *at, FILE *err)
{
	char *text = NULL;
	size_t size;
	FILE *indent = open_memstream(&text, &size);

	if (!indent)
		return;
	print_line(d, at, err, indent);
	if (fclose(indent) == 0)
		fprintf(err, "%s^\n", text);
	free(text);
}

static int by_place(const void *a, const void *b)
{
	const struct message *m = a, *n = b;

	if (m->mark != n->mark)
		return m->mark < n->mark ? -1 : 1;
	return m->nr < n->nr ? -1 : m->nr > n->nr;
}

void diag_print(struct diag *d, FILE *err)
{
	struct cursor at = { .line = 1 };

	if (d->nr)
		qsort(d->messages, d->nr, sizeof(*d->messages), by_place);
	for (size_t i = 0; i < d->nr; i++) {
		const struct message *m = &d->messages[i];

		cursor_advance(d, &at, m->mark);
		fprintf(err, "%s:%lu:%zu: %s: %s\n", d->name, at.line, at.mark - at.line_mark + 1,
			m->warning ? "warning" : "error", m->text);
		print_excerpt(d, &at, err);
	}
}

void diag_free(struct diag *d)
{
	for (size_t i = 0; i < d->nr; i++)
		free(d->messages[i].text);
	free(d->messages);
	d->messages = NULL;
	d->nr = d->max = 0;
}

/* What YAML allows in a file (YAML 1.1, c-printable). */
static bool is_yaml(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c <= 0x7e || c == 0x85 || (c >= 0xa0 && c <= 0xd7ff) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

char *diag_sanitize(struct diag *d, size_t *len)
{
	char *clean = layout_alloc(d->len + 1, 1);
	size_t n, mark = 0;
	bool told = false; /* once a line: a file in another encoding has them everywhere */
	uint32_t c;

	*len = 0;
	for (size_t i = 0; i < d->len; i += n, mark++) {
		n = utf8_decode(d->text + i, d->len - i, &c);
		if (c == '\n')
			told = false;
		if (is_yaml(c)) {
			memcpy(clean + *len, d->text + i, n);
			*len += n;
			continue;
		}
		clean[(*len)++] = '_';
		if (!told && c == UTF8_BAD)
			diag_error(d, mark, "byte 0x%02x is not UTF-8",
				   (unsigned int)(unsigned char)d->text[i]);
		else if (!told)
			diag_error(d, mark, "control character U+%04X is not allowed", (unsigned int)c);
		told = true;
	}
	return clean;
}
