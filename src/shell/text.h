/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of answers in lines that a screen of 80 columns holds. */
#ifndef BUDDYVIZ_SHELL_TEXT_H
#define BUDDYVIZ_SHELL_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "buddyviz/plural.h"

/* Columns that an answer may have: the log of a terminal with 80 shows 79. */
#define LINE_COLUMNS 79

/*
 * Write text, and a newline, where the line has come to the given column; what
 * goes beyond LINE_COLUMNS goes on in further lines, below where it began.
 */
void write_hanging(const char *text, size_t column, FILE *out);

#endif
