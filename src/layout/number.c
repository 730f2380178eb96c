/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers of a layout: integers, sizes, addresses, ranges. Nothing passes
 * that could be meant otherwise: no sign, no fraction, no leading zero, no
 * silent wrap, nothing behind the number.
 */
#include <config.h>

#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c, unsigned int base)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (base == 16 && isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return -1;
}

/* Read digits at *text and step over them. */
static enum number_status parse_digits(const char **text, uint64_t *value)
{
	const char *s = *text;
	unsigned int base = s[0] == '0' && s[1] == 'x' ? 16 : 10;
	bool overflow = false;
	int digit;

	if (s[0] == '-' && isdigit((unsigned char)s[1]))
		return NUMBER_NEGATIVE;
	if (s[0] == '0' && isdigit((unsigned char)s[1]))
		return NUMBER_LEADING_ZERO;
	if (base == 16)
		s += 2;
	if (digit_value(*s, base) < 0)
		return NUMBER_JUNK;
	*value = 0;
	while ((digit = digit_value(*s, base)) >= 0) {
		overflow |= *value > (UINT64_MAX - (uint64_t)digit) / base;
		*value = *value * base + (uint64_t)digit;
		s++;
	}
	*text = s;
	return overflow ? NUMBER_OVERFLOW : NUMBER_OK;
}

/* The number is read: status if nothing stands behind it. */
static enum number_status finish(const char *rest, enum number_status status)
{
	if (!*rest)
		return status;
	return rest[0] == '.' && isdigit((unsigned char)rest[1]) ? NUMBER_FRACTION : NUMBER_JUNK;
}

enum number_status number_parse_integer(const char *text, uint64_t *value)
{
	enum number_status status = parse_digits(&text, value);

	return status == NUMBER_OK || status == NUMBER_OVERFLOW ? finish(text, status) : status;
}

enum number_status number_parse_signed(const char *text)
{
	uint64_t value = 0;
	enum number_status status = number_parse_integer(text[0] == '-' ? text + 1 : text, &value);

	return status == NUMBER_OK && value > INT64_MAX ? NUMBER_OVERFLOW : status;
}

enum number_status number_parse_address(const char *text, uint64_t *address)
{
	return number_parse_integer(text, address);
}

/* Step over a size's suffix; returns the bits to shift by. */
static unsigned int parse_suffix(const char **text)
{
	static const char suffixes[] = "KMGT";
	const char *suffix = **text ? strchr(suffixes, toupper((unsigned char)**text)) : NULL;

	if (!suffix)
		return 0;
	(*text)++;
	if (strcmp(*text, "iB") == 0 || strcmp(*text, "B") == 0)
		*text += strlen(*text);
	return 10 * (unsigned int)(suffix - suffixes + 1);
}

enum number_status number_parse_size(const char *text, uint64_t *bytes)
{
	enum number_status status = parse_digits(&text, bytes);
	unsigned int shift;

	if (status != NUMBER_OK && status != NUMBER_OVERFLOW)
		return status;
	shift = parse_suffix(&text);
	if (*bytes > UINT64_MAX >> shift)
		status = NUMBER_OVERFLOW;
	*bytes <<= shift;
	return finish(text, status);
}

enum number_status number_parse_range(const char *text, struct extent *extent)
{
	enum number_status first = parse_digits(&text, &extent->start), second;

	if (first != NUMBER_OK && first != NUMBER_OVERFLOW)
		return first;
	if (*text != '-')
		return finish(text, NUMBER_JUNK);
	text++;
	second = number_parse_integer(text, &extent->last);
	if (second != NUMBER_OK)
		return second;
	if (first == NUMBER_OK && extent->last < extent->start)
		return NUMBER_BACKWARDS;
	return first;
}

/* How each kind of number is written, for who wrote it otherwise. */
static const char *number_hint(const char *what)
{
	static const struct {
		const char *what, *hint;
	} hints[] = {
		{ "size", ": a number, then K, M, G, T or nothing, like 864M" },
		{ "address", ": hexadecimal like 0x1000000, or decimal" },
		{ "range", ": first and last address, like 0x80000000-0x8affffff" },
	};

	for (size_t i = 0; i < CYAML_ARRAY_LEN(hints); i++)
		if (strcmp(what, hints[i].what) == 0)
			return hints[i].hint;
	return "";
}

void number_complain(struct diag *d, size_t mark, const char *key, const char *text, const char *what,
		     enum number_status status)
{
	char *quoted = text_quote(text, strlen(text));

	switch (status) {
	case NUMBER_OK:
		break;
	case NUMBER_JUNK:
		diag_error(d, mark, "%s: %s is no %s%s", key, quoted, what, number_hint(what));
		break;
	case NUMBER_NEGATIVE:
		diag_error(d, mark, "%s: %s is negative", key, quoted);
		break;
	case NUMBER_FRACTION:
		diag_error(d, mark, "%s: %s is a fraction, only whole numbers will do", key, quoted);
		break;
	case NUMBER_LEADING_ZERO:
		diag_error(d, mark,
			   "%s: %s has a leading zero: write it without, or with 0x if it is hexadecimal",
			   key, quoted);
		break;
	case NUMBER_OVERFLOW:
		diag_error(d, mark, "%s: %s is too large, it does not fit in 64 bits", key, quoted);
		break;
	case NUMBER_BACKWARDS:
		diag_error(d, mark, "%s: the range %s ends before it starts", key, quoted);
		break;
	}
	free(quoted);
}
