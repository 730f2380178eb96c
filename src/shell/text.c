/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of answers in lines that a screen of 80 columns holds. */
#include "config.h"

#include <string.h>

#include "text.h"

void write_hanging(const char *text, size_t column, FILE *out)
{
	size_t at = column, len;

	for (; *text; text += strspn(text, " ")) {
		len = strcspn(text, " ");
		if (at > column && at + 1 + len > LINE_COLUMNS) {
			fprintf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)len, text);
		at += len;
		text += len;
	}
	fputc('\n', out);
}
