/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as it comes from outside: memory for it, UTF-8, quoting for messages,
 * and the nearest known word to a mistyped one.
 */
#include <config.h>

#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define QUOTE_MAX   48 /* characters of a value that a message shows */
#define NEAREST_MAX 63 /* bytes of a word that is compared */

static void die_no_memory(void) __attribute__((noreturn));

static void die_no_memory(void)
{
	fputs("buddyviz: out of memory\n", stderr);
	abort();
}

void *layout_alloc(size_t nr, size_t size)
{
	void *memory = calloc(nr ? nr : 1, size);

	if (!memory)
		die_no_memory();
	return memory;
}

void *layout_grow(void *array, size_t *max, size_t nr, size_t size)
{
	size_t wanted = *max ? *max * 2 : 8;
	void *grown;

	if (nr < *max)
		return array;
	if (wanted > SIZE_MAX / size)
		die_no_memory();
	grown = realloc(array, wanted * size);
	if (!grown)
		die_no_memory();
	memset((char *)grown + *max * size, 0, (wanted - *max) * size);
	*max = wanted;
	return grown;
}

char *layout_strdup(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		die_no_memory();
	return copy;
}

char *layout_vasprintf(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		die_no_memory();
	return text;
}

char *layout_asprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = layout_vasprintf(fmt, args);
	va_end(args);
	return text;
}

/* Bytes that follow a lead byte, the lead's own bits, and the least value worth that length. */
static size_t utf8_lead(unsigned char byte, uint32_t *c, uint32_t *least)
{
	if (byte < 0x80) {
		*c = byte;
		*least = 0;
		return 0;
	}
	if (byte >= 0xc2 && byte <= 0xdf) {
		*c = byte & 0x1f;
		*least = 0x80;
		return 1;
	}
	if (byte >= 0xe0 && byte <= 0xef) {
		*c = byte & 0x0f;
		*least = 0x800;
		return 2;
	}
	*c = byte & 0x07;
	*least = 0x10000;
	return byte >= 0xf0 && byte <= 0xf4 ? 3 : SIZE_MAX;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *c)
{
	uint32_t value, least;
	size_t more = utf8_lead((unsigned char)text[0], &value, &least);

	*c = UTF8_BAD;
	if (more >= len)
		return 1;
	for (size_t i = 1; i <= more; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*c = value;
	return more + 1;
}

/* Would the character move the cursor, hide text or turn its direction? */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

unsigned int utf8_print(FILE *out, const char *text, size_t len, uint32_t c)
{
	int width;

	if (c == UTF8_BAD || (is_control(c) && c < 0x80)) {
		fprintf(out, "\\x%02x", (unsigned int)(unsigned char)text[0]);
		return 4;
	}
	if (is_control(c)) {
		fprintf(out, "\\u%04x", (unsigned int)c);
		return 6;
	}
	fwrite(text, 1, len, out);
	width = c < 0x80 ? 1 : wcwidth((wchar_t)c);
	return width < 0 ? 1 : (unsigned int)width;
}

char *text_quote(const char *text, size_t len)
{
	char *quoted = NULL;
	size_t size, n, chars = 0;
	uint32_t c;
	FILE *out = open_memstream(&quoted, &size);

	if (!out)
		die_no_memory();
	fputc('\'', out);
	for (size_t i = 0; i < len && chars < QUOTE_MAX; i += n, chars++) {
		n = utf8_decode(text + i, len - i, &c);
		utf8_print(out, text + i, n, c);
		if (i + n < len && chars == QUOTE_MAX - 1)
			fputs("...", out);
	}
	fputc('\'', out);
	if (fclose(out) != 0)
		die_no_memory();
	return quoted;
}

bool text_has_control(const char *text, size_t len)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		if (c == UTF8_BAD || is_control(c))
			return true;
	}
	return false;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters to add, take, change or swap with their neighbour to make b of a, whatever their case. */
static size_t distance(const char *a, const char *b)
{
	size_t row[3][NEAREST_MAX + 2];
	size_t *before = row[0], *last = row[1], *now = row[2], *spare;
	size_t len_a = strlen(a), len_b = strlen(b);

	for (size_t j = 0; j <= len_b; j++)
		last[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		now[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) &&
			    before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[len_b];
}

const char *text_nearest(const char *word, const char *const *words, size_t nr, bool *near)
{
	const char *nearest = NULL;
	size_t len = strlen(word), least = SIZE_MAX, d;

	*near = false;
	if (len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < nr; i++) {
		if (strlen(words[i]) > NEAREST_MAX)
			continue;
		d = distance(word, words[i]);
		if (d >= least)
			continue;
		nearest = words[i];
		least = d;
	}
	/* half of a short word wrong is another word */
	*near = least <= (len < 4 ? 1 : len / 3 + 1);
	return nearest;
}
