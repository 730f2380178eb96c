/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's own text files, written of a simulated machine in the format of
 * Linux 6.1: what parses the real file parses these.
 */
#ifndef BUDDYVIZ_PROCFS_H
#define BUDDYVIZ_PROCFS_H

#include <stdio.h>

#include "buddyviz/mm.h"

void proc_zoneinfo(const struct mm *mm, FILE *out);
void proc_buddyinfo(const struct mm *mm, FILE *out);
void proc_pagetypeinfo(const struct mm *mm, FILE *out);
void proc_vmstat(const struct mm *mm, FILE *out);

/* debugfs extfrag/unusable_index and extfrag/extfrag_index, each with its zone and order rows. */
void proc_unusable_index(const struct mm *mm, FILE *out);
void proc_extfrag_index(const struct mm *mm, FILE *out);

/* What this machine's kernel would have printed while booting. */
void proc_bootlog(const struct mm *mm, FILE *out);

#endif
