/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line, cut into commands and words. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"

void *shell_realloc(void *old, size_t n, size_t size)
{
	void *new = reallocarray(old, n ? n : 1, size);

	if (!new)
		abort();
	return new;
}

char *shell_strndup(const char *text, size_t len)
{
	char *copy = strndup(text, len);

	if (!copy)
		abort();
	return copy;
}

char *shell_strdup(const char *text)
{
	return shell_strndup(text, strlen(text));
}

char *shell_asprintf(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		abort();
	return text;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static struct word *add_word(struct words *words, size_t start)
{
	struct word *word;

	words->word = shell_realloc(words->word, words->nr + 1, sizeof(*words->word));
	word = &words->word[words->nr++];
	*word = (struct word){ .start = start };
	return word;
}

/*
 * Copy what stands in quotes at line[at] to *to; returns the offset behind the
 * closing quote. Within "…" a backslash takes the next character as it is.
 */
static size_t copy_quoted(const char *line, size_t at, char **to, struct words *words)
{
	char quote = line[at++];

	while (line[at] && line[at] != quote) {
		if (quote == '"' && line[at] == '\\' && line[at + 1])
			at++;
		*(*to)++ = line[at++];
	}
	if (line[at])
		return at + 1;
	words->open = true;
	words->error = "the quote is not closed";
	return at;
}

/* Read the word that starts at line[at]; returns the offset behind it. */
static size_t read_word(const char *line, size_t at, struct words *words)
{
	struct word *word = add_word(words, at);
	char *to;

	word->text = to = shell_realloc(NULL, strlen(line + at) + 1, 1);
	while (line[at] && !is_blank(line[at]) && line[at] != ';') {
		if (line[at] == '\'' || line[at] == '"') {
			word->quoted = true;
			at = copy_quoted(line, at, &to, words);
			continue;
		}
		if (line[at] == '\\' && line[at + 1])
			at++;
		*to++ = line[at++];
	}
	*to = '\0';
	word->end = at;
	return at;
}

bool words_split(const char *line, size_t from, struct words *words)
{
	size_t at = from;

	*words = (struct words){ 0 };
	if (!line[at])
		return false;
	for (;;) {
		while (is_blank(line[at]))
			at++;
		if (!line[at] || line[at] == ';' || line[at] == '#')
			break;
		at = read_word(line, at, words);
	}
	if (line[at] == '#')
		at += strlen(line + at);
	words->next = line[at] == ';' ? at + 1 : at;
	return true;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->word[i].text);
	free(words->word);
	*words = (struct words){ 0 };
}

char *word_quote(const char *text)
{
	char *quoted, *to;

	if (*text && !strpbrk(text, " \t\r\n\f\v;'\"\\") && *text != '#')
		return shell_strdup(text);
	quoted = to = shell_realloc(NULL, 2 * strlen(text) + 3, 1);
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '"';
	*to = '\0';
	return quoted;
}
