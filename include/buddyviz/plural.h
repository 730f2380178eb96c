/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of things in texts. */
#ifndef BUDDYVIZ_PLURAL_H
#define BUDDYVIZ_PLURAL_H

/* The ending of a noun behind n: "1 page", "2 pages". */
static inline const char *plural(unsigned long n)
{
	return n == 1 ? "" : "s";
}

#endif
