/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that check the machine's invariants share. */
#ifndef BUDDYVIZ_MM_CHECK_H
#define BUDDYVIZ_MM_CHECK_H

#include "free_list.h"

/* One check under way. */
struct checker {
	const struct mm *mm;
	FILE *out;
	unsigned long violations;
	unsigned long listed; /* blocks found on free and per-CPU lists, memmap's part */
	unsigned long lru;    /* blocks marked as being on an LRU list */
};

/* Count a violation, and write it if somebody wants to read it. */
__attribute__((format(printf, 2, 3))) void violation(struct checker *c, const char *format, ...);

/* A zone's counter, the CPUs' parts included, must be is. */
void check_counter(struct checker *c, const struct zone *zone, enum zone_stat_item item, const char *name,
		   unsigned long is);

/* Isolated pageblocks and CMA areas. */
void check_isolation(struct checker *c);

/* The LRU lists against flags and counters; c->lru has been counted. */
void check_lru(struct checker *c);

#endif
