/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: what was typed, what happened, what was answered; a ring of lines.
 */
#ifndef BUDDYVIZ_TUI_LOG_H
#define BUDDYVIZ_TUI_LOG_H

#include <stdbool.h>
#include <stdio.h>

enum log_kind { LOG_COMMAND, LOG_EVENT, LOG_ANSWER, LOG_ERROR, LOG_NOTE };

#define LOG_LINES 8192

struct log_line {
	enum log_kind kind;
	char *text;
};

struct log {
	/* NULL, or asked about each line of a stream: true, it takes care of it */
	bool (*divert)(void *arg, enum log_kind kind, const char *text);
	void *divert_arg;
	struct log_line lines[LOG_LINES];
	unsigned long nr; /* ever added; line n is lines[n % LOG_LINES] */
};

void log_init(struct log *log);
void log_free(struct log *log);

/* Add a line (a copy is kept); the oldest goes when the ring is full. */
void log_add(struct log *log, enum log_kind kind, const char *text);
void log_addf(struct log *log, enum log_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Lines there are, and the nth of them, 0 the newest. */
unsigned long log_count(const struct log *log);
const struct log_line *log_nth(const struct log *log, unsigned long n);

/*
 * A stream whose lines become lines of the log, each as soon as it is complete,
 * without prefix where they begin with it (NULL: none). NULL: out of memory.
 */
FILE *log_stream(struct log *log, enum log_kind kind, const char *prefix);

#endif
