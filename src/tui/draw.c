// SPDX-License-Identifier: GPL-3.0-or-later
/* Text in rectangles. */
#include "config.h"

#include "draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* What the kernel's words contain beyond ASCII, and how it reads without. */
static const struct {
	const char *utf8, *ascii;
} transcription[] = {
	{ "→", ">" }, { "←", "<" }, { "≥", ">" }, { "≤", "<" }, { "≠", "#" }, { "·", "." },
	{ "…", "~" }, { "–", "-" }, { "—", "-" }, { "×", "x" }, { "▶", ">" }, { "⇧", "^" },
};

struct area area_part(const struct area *area, int y, int x, int h, int w)
{
	struct area part = { .theme = area->theme, .y = area->y + y, .x = area->x + x, .h = h, .w = w };

	if (part.h > area->h - y)
		part.h = area->h - y;
	if (part.w > area->w - x)
		part.w = area->w - x;
	if (part.h < 0)
		part.h = 0;
	if (part.w < 0)
		part.w = 0;
	return part;
}

/* Bytes and columns of the character at s; a byte that is none counts as one column. */
static size_t next_char(const char *s, int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wc;
	size_t n = mbrtowc(&wc, s, MB_CUR_MAX, &state);

	if (n == (size_t)-1 || n == (size_t)-2 || n == 0) {
		*columns = 1;
		return 1;
	}
	*columns = wcwidth(wc);
	if (*columns < 0)
		*columns = 1;
	return n;
}

size_t text_fit(const char *text, int max, int *columns)
{
	size_t n = 0;
	int w, sum = 0;

	while (text[n]) {
		size_t len = next_char(text + n, &w);

		if (sum + w > max)
			break;
		sum += w;
		n += len;
	}
	if (columns)
		*columns = sum;
	return n;
}

int text_columns(const char *text)
{
	int columns;

	text_fit(text, 1 << 20, &columns);
	return columns;
}

/* In ASCII every other character becomes one that stands for it, column by column. */
static void add_ascii(const char *text, size_t len)
{
	size_t i = 0, t, n;
	int columns;

	while (i < len) {
		if ((unsigned char)text[i] < 0x80) {
			addch((unsigned char)text[i] < ' ' ? '?' : (unsigned char)text[i]);
			i++;
			continue;
		}
		for (t = 0; t < sizeof(transcription) / sizeof(transcription[0]); t++)
			if (!strncmp(text + i, transcription[t].utf8, strlen(transcription[t].utf8)))
				break;
		n = next_char(text + i, &columns);
		if (t < sizeof(transcription) / sizeof(transcription[0])) {
			addstr(transcription[t].ascii);
			n = strlen(transcription[t].utf8);
		} else if (columns) {
			addch('?');
		}
		i += n;
	}
}

/* A control character or a broken byte would move the cursor: shown as '?'. */
static void add_utf8(const char *text, size_t len)
{
	size_t i = 0, n, start = 0;
	int columns;

	while (i < len) {
		unsigned char c = (unsigned char)text[i];

		n = next_char(text + i, &columns);
		if (c >= ' ' && c != 0x7f && (c < 0x80 || n > 1)) {
			i += n;
			continue;
		}
		addnstr(text + start, (int)(i - start));
		addch('?');
		i += n;
		start = i;
	}
	addnstr(text + start, (int)(i - start));
}

static void set_style(const struct theme *theme, enum style style, enum overlay over)
{
	attr_t attr;

	if (over == OVERLAY_CURSOR)
		style = STYLE_CURSOR;
	attr = theme->attr[style];
	if (over == OVERLAY_LIT)
		attr = (attr & ~(attr_t)A_DIM) | A_REVERSE | A_BOLD;
	attr_set(attr, theme->pair[style], NULL);
}

int draw_over(const struct area *area, int y, int x, enum style style, enum overlay over, const char *text)
{
	int columns;
	size_t len;

	if (y < 0 || y >= area->h || x < 0 || x >= area->w)
		return x;
	len = text_fit(text, area->w - x, &columns);
	move(area->y + y, area->x + x);
	set_style(area->theme, style, over);
	if (area->theme->ascii)
		add_ascii(text, len);
	else
		add_utf8(text, len);
	return x + columns;
}

int draw_text(const struct area *area, int y, int x, enum style style, const char *text)
{
	return draw_over(area, y, x, style, OVERLAY_NONE, text);
}

int draw_textf(const struct area *area, int y, int x, enum style style, const char *format, ...)
{
	char buf[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf, sizeof(buf), format, ap);
	va_end(ap);
	return draw_text(area, y, x, style, buf);
}

void draw_right(const struct area *area, int y, int right, enum style style, const char *text)
{
	int x = right - text_columns(text);

	draw_text(area, y, x < 0 ? 0 : x, style, text);
}

int draw_glyph(const struct area *area, int y, int x, enum style style, enum overlay over, enum glyph glyph)
{
	return draw_over(area, y, x, style, over, theme_glyph(area->theme, glyph));
}

void draw_run(const struct area *area, int y, int x, enum style style, enum glyph glyph, int n)
{
	while (n-- > 0)
		x = draw_glyph(area, y, x, style, OVERLAY_NONE, glyph);
}

void draw_blank(const struct area *area, int y, enum style style)
{
	if (y < 0 || y >= area->h || area->w <= 0)
		return;
	set_style(area->theme, style, OVERLAY_NONE);
	mvhline(area->y + y, area->x, ' ', area->w);
}

char *text_count(unsigned long n, int width, char *buf, size_t size)
{
	static const char unit[] = "kMGTPE";
	double value = (double)n;
	int i = -1;

	if (snprintf(buf, size, "%lu", n) <= width)
		return buf;
	while (value >= 999.5 || i < 0) {
		value /= 1000;
		i++;
	}
	if (value < 9.95 && width >= 4)
		snprintf(buf, size, "%.1f%c", value, unit[i]);
	else
		snprintf(buf, size, "%.0f%c", value, unit[i]);
	if ((int)strlen(buf) > width || value < 0.95)
		snprintf(buf, size, "%.*s", width, "++++++++"); /* more than can be said */
	return buf;
}

char *text_size(unsigned long long bytes, char *buf, size_t size)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = (double)bytes;
	unsigned int i = 0;

	while (value >= 1024 && i < 5) {
		value /= 1024;
		i++;
	}
	snprintf(buf, size, value == (double)(long)value ? "%.0f %s" : "%.1f %s", value, unit[i]);
	return buf;
}
