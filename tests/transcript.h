/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replaying a real kernel's transcript: what its parts need of each other.
 */
#ifndef TESTS_TRANSCRIPT_H
#define TESTS_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "buddyviz/mm.h"

/* A transcript as read: its lines, without newlines. */
struct transcript {
	char *text;
	char **lines;
	size_t nr_lines;
};

/* Read FILE, plain or .xz. Returns NULL, or what went wrong (a static sentence). */
const char *transcript_read(struct transcript *t, const char *path);
void transcript_free(struct transcript *t);

/* The value of key= in a line, as a number; fallback if the line has no such key. */
unsigned long field_number(const char *line, const char *key, unsigned long fallback);
/* The same as text up to the next blank, copied into buf; empty if it has none. Returns buf. */
char *field_text(const char *line, const char *key, char *buf, size_t size);
/* Whether a line starts with words. */
bool starts_with(const char *line, const char *words);

/*
 * Whether a transcript's info lines and the dump from line `dump` on are sound: what the replay relies on.
 * Returns NULL, or what is wrong (a static sentence).
 */
const char *transcript_check(const struct transcript *t, const char *release, const char *settings,
			     size_t dump);

/* What a machine needs besides struct mm to be replayed. */
struct replay {
	struct layout layout;
	struct mm *mm;
	int node;     /* index of the node under test, which is its id too */
	size_t start; /* first line after the dump that was put into the machine */
};

/*
 * Make the machine that a transcript tells of and put it into the state of the
 * first dump after the first `drain`. Returns NULL, or what is missing.
 */
const char *replay_setup(struct replay *r, const struct transcript *t);
void replay_free(struct replay *r);

/* The zone that a line of a dump names, or NULL. */
struct zone *zone_of_line(const struct mm *mm, const char *line);
/* Put the dump from line `dump` on into a machine that has its zones; *after: the line behind it. NULL, or
 * what is wrong. */
const char *replay_set_state(struct mm *mm, const struct transcript *t, size_t dump, size_t *after);

/* Write the machine's node as the recorder's `dump` (whole) or `stat` does. */
void replay_dump(const struct replay *r, bool whole, FILE *out);

/* Compare a recorded line with ours, word by word, but for fields that are not modelled. */
bool dump_line_equal(const char *recorded, const char *ours);

#endif
