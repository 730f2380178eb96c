/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What procfs.c and procfs_vmstat.c share. */
#ifndef BUDDYVIZ_MM_PROCFS_VMSTAT_H
#define BUDDYVIZ_MM_PROCFS_VMSTAT_H

#include <stdio.h>

#include "buddyviz/mm.h"

/* The first rows of /proc/vmstat: counters of zones and nodes, each summed up. */
void vmstat_show_counters(const struct mm *mm, FILE *out);

#endif
