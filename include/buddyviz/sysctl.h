/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of a running machine: the sysctls of /proc/sys/vm that the
 * allocator goes by, and the layout's features.
 */
#ifndef BUDDYVIZ_SYSCTL_H
#define BUDDYVIZ_SYSCTL_H

#include "buddyviz/mm.h"

/* A setting. Those of lowmem_reserve_ratio stand once for each zone type. */
struct sysctl {
	const char *name; /* "min_free_kbytes", "lowmem_reserve_ratio.DMA32" */
	bool is_switch;   /* 0 or 1, said as off and on */
	unsigned long min, max;
	const char *help; /* a phrase, no full stop */
	unsigned long (*get)(const struct mm *mm, const struct sysctl *entry);
	/* NULL, or a static sentence: what is wrong with the value, and nothing changed */
	const char *(*set)(struct mm *mm, const struct sysctl *entry, unsigned long value);
	size_t field; /* of struct layout_sysctl */
};

/* All of them; the table ends with name == NULL. */
extern const struct sysctl sysctl_table[];

/* The setting of that name, or NULL. */
const struct sysctl *sysctl_find(const char *name);

/* Its value in the machine. */
unsigned long sysctl_get(const struct mm *mm, const struct sysctl *entry);

/*
 * Change it as the kernel's handler of that file does. Returns NULL, or why
 * not: a static sentence, nothing changed.
 */
const char *sysctl_set(struct mm *mm, const struct sysctl *entry, unsigned long value);

#endif
