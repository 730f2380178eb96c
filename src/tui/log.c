// SPDX-License-Identifier: GPL-3.0-or-later
/* The ring of lines, and streams that end in it. */
#include "config.h"

#include "log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct log_sink {
	struct log *log;
	enum log_kind kind;
	const char *prefix; /* of lines, left out */
	char *part;         /* the line that is not complete yet */
	size_t len;
};

void log_init(struct log *log)
{
	memset(log, 0, sizeof(*log));
}

void log_free(struct log *log)
{
	size_t i;

	for (i = 0; i < LOG_LINES; i++)
		free(log->lines[i].text);
	log_init(log);
}

void log_add(struct log *log, enum log_kind kind, const char *text)
{
	struct log_line *line = &log->lines[log->nr % LOG_LINES];
	char *copy = strdup(text);

	if (!copy)
		return;
	free(line->text);
	*line = (struct log_line){ kind, copy };
	log->nr++;
}

void log_addf(struct log *log, enum log_kind kind, const char *format, ...)
{
	char buf[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf, sizeof(buf), format, ap);
	va_end(ap);
	log_add(log, kind, buf);
}

unsigned long log_count(const struct log *log)
{
	return log->nr < LOG_LINES ? log->nr : LOG_LINES;
}

const struct log_line *log_nth(const struct log *log, unsigned long n)
{
	return &log->lines[(log->nr - 1 - n) % LOG_LINES];
}

/* Tabs become blanks up to the next multiple of eight, as on a terminal. */
static void add_expanded(struct log_sink *sink, const char *line, size_t len)
{
	size_t i, n = 0, skip = sink->prefix ? strlen(sink->prefix) : 0;
	char *text = malloc(len * 8 + 1);

	if (!text)
		return;
	if (skip && skip <= len && !strncmp(line, sink->prefix, skip)) {
		line += skip;
		len -= skip;
	}
	for (i = 0; i < len; i++) {
		if (line[i] != '\t') {
			text[n++] = line[i];
			continue;
		}
		do
			text[n++] = ' ';
		while (n % 8);
	}
	text[n] = '\0';
	if (!sink->log->divert || !sink->log->divert(sink->log->divert_arg, sink->kind, text))
		log_add(sink->log, sink->kind, text);
	free(text);
}

static ssize_t sink_write(void *cookie, const char *data, size_t size)
{
	struct log_sink *sink = cookie;
	char *all = realloc(sink->part, sink->len + size + 1);
	char *line, *end;

	if (!all)
		return -1;
	memcpy(all + sink->len, data, size);
	sink->len += size;
	all[sink->len] = '\0';
	line = all;
	while ((end = memchr(line, '\n', sink->len - (size_t)(line - all)))) {
		add_expanded(sink, line, (size_t)(end - line));
		line = end + 1;
	}
	sink->len -= (size_t)(line - all);
	memmove(all, line, sink->len);
	sink->part = all;
	return (ssize_t)size;
}

static int sink_close(void *cookie)
{
	struct log_sink *sink = cookie;

	if (sink->len)
		add_expanded(sink, sink->part, sink->len);
	free(sink->part);
	free(sink);
	return 0;
}

FILE *log_stream(struct log *log, enum log_kind kind, const char *prefix)
{
	struct log_sink *sink = calloc(1, sizeof(*sink));
	FILE *stream;

	if (!sink)
		return NULL;
	*sink = (struct log_sink){ .log = log, .kind = kind, .prefix = prefix };
	stream = fopencookie(sink, "w", (cookie_io_functions_t){ .write = sink_write, .close = sink_close });
	if (!stream) {
		free(sink);
		return NULL;
	}
	setvbuf(stream, NULL, _IOLBF, BUFSIZ);
	return stream;
}
