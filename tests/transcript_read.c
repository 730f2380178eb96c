/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading transcripts: files, lines and fields.
 */
#include "config.h"

#include "transcript.h"

#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LZMA
#include <lzma.h>
#endif

/* A whole file in memory, NUL-terminated; NULL if it cannot be read. */
static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *buf = NULL;
	size_t room = 0, n = 0, got;

	if (!f)
		return NULL;
	do {
		if (n + 1 >= room) {
			char *more = realloc(buf, room = room ? 2 * room : 1 << 20);

			if (!more)
				break;
			buf = more;
		}
		got = fread(buf + n, 1, room - n - 1, f);
		n += got;
	} while (got);
	fclose(f);
	if (buf)
		buf[n] = '\0';
	*len = n;
	return buf;
}

#ifdef HAVE_LZMA
static char *unxz(const char *in, size_t len, size_t *out_len)
{
	lzma_stream s = LZMA_STREAM_INIT;
	size_t room = 8 * len + (1 << 16);
	char *out = malloc(room);
	lzma_ret ret;

	if (!out || lzma_stream_decoder(&s, UINT64_MAX, 0) != LZMA_OK) {
		free(out);
		return NULL;
	}
	s.next_in = (const uint8_t *)in;
	s.avail_in = len;
	do {
		if (s.total_out + 1 >= room) {
			char *more = realloc(out, room *= 2);

			if (!more)
				break;
			out = more;
		}
		s.next_out = (uint8_t *)out + s.total_out;
		s.avail_out = room - s.total_out - 1;
		ret = lzma_code(&s, LZMA_FINISH);
	} while (ret == LZMA_OK);
	*out_len = s.total_out;
	out[s.total_out] = '\0';
	lzma_end(&s);
	if (ret == LZMA_STREAM_END)
		return out;
	free(out);
	return NULL;
}
#endif

static bool split_lines(struct transcript *t)
{
	size_t nr = 0;

	for (const char *p = t->text; *p; p++)
		nr += *p == '\n';
	t->lines = calloc(nr + 2, sizeof(char *));
	if (!t->lines)
		return false;
	for (char *p = t->text; *p;) {
		char *end = strchr(p, '\n');

		t->lines[t->nr_lines++] = p;
		if (!end)
			break;
		*end = '\0';
		p = end + 1;
	}
	return true;
}

const char *transcript_read(struct transcript *t, const char *path)
{
	static const char magic[] = "\3757zXZ";
	size_t len = 0;

	*t = (struct transcript){ .text = slurp(path, &len) };
	if (!t->text)
		return "cannot be read";
	if (len > 6 && !memcmp(t->text, magic, 5)) {
#ifdef HAVE_LZMA
		char *plain = unxz(t->text, len, &len);

		free(t->text);
		t->text = plain;
		if (!plain)
			return "is not a whole .xz file";
#else
		return "is compressed, and this program was built without liblzma";
#endif
	}
	return split_lines(t) ? NULL : "out of memory";
}

void transcript_free(struct transcript *t)
{
	free(t->lines);
	free(t->text);
}

bool starts_with(const char *line, const char *words)
{
	return !strncmp(line, words, strlen(words));
}

/* Where the value of " key=" begins in a line, or NULL. */
static const char *find_field(const char *line, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = strstr(line, key); p; p = strstr(p + 1, key))
		if (p > line && p[-1] == ' ' && p[len] == '=')
			return p + len + 1;
	return NULL;
}

unsigned long field_number(const char *line, const char *key, unsigned long fallback)
{
	const char *value = find_field(line, key);

	return value ? strtoul(value, NULL, 0) : fallback;
}

char *field_text(const char *line, const char *key, char *buf, size_t size)
{
	const char *value = find_field(line, key);

	snprintf(buf, size, "%.*s", value ? (int)strcspn(value, " ") : 0, value ? value : "");
	return buf;
}
