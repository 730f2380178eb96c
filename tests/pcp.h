/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of page sets: a machine whose sets are small enough to reckon
 * by hand.
 */
#ifndef BUDDYVIZ_TESTS_PCP_H
#define BUDDYVIZ_TESTS_PCP_H

#include "core.h"

/*
 * 128 MiB on cpus CPUs: batch is 32768 pages / 1024 / 4 = 8, and half as much
 * again, rounded down to 2^n - 1: 7. high is 28, four batches, as no watermark asks for more.
 */
static inline void pcp_layout(struct test_layout *t, unsigned int cpus)
{
	test_one_zone(t, 128 * MIB);
	t->layout.cpus = cpus;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 0;
	t->layout.sysctl.watermark_scale_factor = 0;
	t->layout.sysctl.watermark_boost_factor = 0;
}

static inline struct mm *pcp_machine(struct test_layout *t, unsigned int cpus)
{
	pcp_layout(t, cpus);
	return test_boot(t);
}

#endif
