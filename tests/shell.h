/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of sessions: a line that is run, and what it answers.
 */
#ifndef BUDDYVIZ_TESTS_SHELL_H
#define BUDDYVIZ_TESTS_SHELL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "buddyviz/session.h"

/* Run line; its answers and errors together, to be freed. */
static inline char *run(struct session *s, const char *line, enum session_status expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(session_execute(s, line, "test", 1, out, out), expected);
	fclose(out);
	return text;
}

static inline void run_ok(struct session *s, const char *line)
{
	free(run(s, line, SESSION_OK));
}

#endif
