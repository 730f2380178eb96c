/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the property test need of each other: random commands, and the machines they run on. */
#ifndef BUDDYVIZ_TESTS_PROPERTY_H
#define BUDDYVIZ_TESTS_PROPERTY_H

#include <stdint.h>

#include "buddyviz/session.h"

/* xorshift64*: each session has one of its own. */
struct dice {
	uint64_t state;
};

static inline uint64_t roll(struct dice *dice)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return dice->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* A number below n. */
static inline unsigned long below(struct dice *dice, unsigned long n)
{
	return (unsigned long)((roll(dice) >> 32) % n);
}

/* One line of commands for where the session stands; bulk: larger counts, for large machines. */
void random_line(const struct session *s, struct dice *dice, bool bulk, char *line, size_t size);

/* Small layouts of different kinds, as YAML; the table ends with NULL. */
extern const char *const property_layouts[];

#endif
