/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the boot makes of the zones' sizes: zonelists, the decision on grouping,
 * page sets, min_free_kbytes and watermarks.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "machine.h"
#include "../src/mm/boot.h"

/* ----------------------------------------------------------- zonelists --- */

static void check_zonelist(const struct mm *mm, const int *zonelist, const int *nodes, int nr)
{
	for (int i = 0; i < nr; i++)
		assert_int_equal(mm->zones[zonelist[i]]->node, nodes[i]);
	assert_int_equal(zonelist[nr], -1);
}

static void zonelists_go_by_distance(void **state)
{
	static const unsigned int distance[3][3] = { { 10, 40, 20 }, { 40, 10, 30 }, { 20, 30, 10 } };
	static const int order[3][3] = { { 0, 2, 1 }, { 1, 2, 0 }, { 2, 0, 1 } };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	for (unsigned int n = 0; n < 3; n++)
		test_memory(&t, n, n * GIB, GIB);
	for (unsigned int n = 0; n < 3; n++)
		test_distance(&t, n, distance[n]);
	mm = test_boot(&t);
	for (int n = 0; n < 3; n++) {
		check_zonelist(mm, mm->nodes[n].zonelist, order[n], 3);
		check_zonelist(mm, mm->nodes[n].zonelist_thisnode, &n, 1);
	}
	mm_free(mm);
}

/* At one distance, each node's first choice is the next one. */
static void zonelists_of_equal_distance_are_spread(void **state)
{
	static const int order[4][4] = { { 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 2, 3, 0, 1 }, { 3, 0, 1, 2 } };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	for (unsigned int n = 0; n < 4; n++)
		test_memory(&t, n, n * GIB, GIB);
	mm = test_boot(&t);
	for (int n = 0; n < 4; n++)
		check_zonelist(mm, mm->nodes[n].zonelist, order[n], 4);
	mm_free(mm);
}

/* What was the first choice at some distance for one node is less of a choice for the next. */
static void zonelists_spread_the_load(void **state)
{
	static const unsigned int distance[4][4] = {
		{ 10, 12, 20, 20 }, { 12, 10, 20, 20 }, { 20, 20, 10, 12 }, { 20, 20, 12, 10 }
	};
	static const int order[4][4] = { { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 2, 3, 0, 1 }, { 3, 2, 1, 0 } };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	for (unsigned int n = 0; n < 4; n++)
		test_memory(&t, n, n * GIB, GIB);
	for (unsigned int n = 0; n < 4; n++)
		test_distance(&t, n, distance[n]);
	mm = test_boot(&t);
	for (int n = 0; n < 4; n++)
		check_zonelist(mm, mm->nodes[n].zonelist, order[n], 4);
	mm_free(mm);
}

/* A node's own zones come first, the highest first, before any zone of another node. */
static void zonelists_exhaust_a_node_first(void **state)
{
	struct test_layout t;
	struct mm *mm;
	int *list;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 16 * MIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 128 * MIB);
	test_memory(&t, 1, 128 * MIB, 128 * MIB);
	mm = test_boot(&t);
	list = mm->nodes[1].zonelist;
	assert_ptr_equal(mm->zones[list[0]], test_find_zone(mm, 1, ZONE_NORMAL));
	assert_ptr_equal(mm->zones[list[1]], test_find_zone(mm, 0, ZONE_NORMAL));
	assert_ptr_equal(mm->zones[list[2]], test_find_zone(mm, 0, ZONE_DMA));
	assert_int_equal(list[3], -1); /* node 1's empty DMA is not in it */
	mm_free(mm);
}

/* ----------------------------------------- grouping, page sets, watermarks --- */

static void small_machines_do_not_group_by_mobility(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 12 * MIB); /* six pageblocks, less the memmap's pages */
	mm = test_boot(&t);
	assert_true(mm->page_group_by_mobility_disabled);
	mm_free(mm);
	test_one_zone(&t, 14 * MIB);
	mm = test_boot(&t);
	assert_false(mm->page_group_by_mobility_disabled);
	mm_free(mm);
	t.layout.features.group_by_mobility = SWITCH_OFF;
	mm = test_boot(&t);
	assert_true(mm->page_group_by_mobility_disabled);
	mm_free(mm);
}

static void page_sets_follow_zone_and_watermark(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 128 * MIB);
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->pcp[0].batch, 7); /* 32768 / 1024 / 4 = 8, half more, 2^n - 1 */
	assert_int_equal(mm->zones[0]->pcp[0].high, mm->zones[0]->watermark[WMARK_LOW]);
	mm_free(mm);

	t.layout.cpus = 4;
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->pcp[3].high, mm->zones[0]->watermark[WMARK_LOW] / 4);
	mm_free(mm);

	t.layout.sysctl.percpu_pagelist_high_fraction = 8;
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->pcp[0].high, 32768 / 8 / 4);
	mm_free(mm);

	test_one_zone(&t, 8 * MIB); /* at least 1, at least four batches */
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->pcp[0].batch, 1);
	assert_true(mm->zones[0]->pcp[0].high >= 4);
	mm_free(mm);
}

/* A node without CPUs shares its sets among all of the machine's. */
static void page_sets_are_shared_by_the_nodes_cpus(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, GIB);
	test_memory(&t, 1, GIB, GIB);
	t.layout.cpus = 6;
	t.layout.sysctl.min_free_kbytes = 131072;
	for (unsigned int c = 0; c < 2; c++)
		t.cpus[0][c] = c;
	t.nodes[0].cpus = t.cpus[0];
	t.nodes[0].nr_cpus = 2;
	mm = test_boot(&t);
	assert_int_equal(mm->nodes[0].node_zones[0].pcp[0].high,
			 mm->nodes[0].node_zones[0].watermark[WMARK_LOW] / 2);
	assert_int_equal(mm->nodes[1].node_zones[0].pcp[0].high,
			 mm->nodes[1].node_zones[0].watermark[WMARK_LOW] / 6);
	mm_free(mm);
}

static void min_free_kbytes_is_a_square_root(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 64 * MIB); /* sqrt(65536 * 16) = 1024 */
	mm = test_boot(&t);
	assert_int_equal(mm->min_free_kbytes, 1024);
	assert_int_equal(mm->zones[0]->watermark[WMARK_MIN], 256);
	assert_int_equal(mm->zones[0]->watermark[WMARK_LOW], 320); /* a quarter of min apart */
	assert_int_equal(mm->zones[0]->watermark[WMARK_HIGH], 384);
	mm_free(mm);

	t.layout.sysctl.watermark_scale_factor = 1000; /* a tenth of the zone apart: 16384 / 10 */
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->watermark[WMARK_LOW], 256 + 1638);
	mm_free(mm);

	t.layout.sysctl.min_free_kbytes = 400;
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->watermark[WMARK_MIN], 100);
	mm_free(mm);

	test_one_zone(&t, MIB / 4); /* 128 KiB at least */
	mm = test_boot(&t);
	assert_int_equal(mm->min_free_kbytes, 128);
	mm_free(mm);
}

/* 64 KiB pages: watermarks are pages, min_free_kbytes is not. */
static void other_page_sizes_boot(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, GIB);
	t.layout.page_shift = 16;
	t.layout.section_shift = 29;
	mm = test_boot(&t);
	assert_int_equal(mm->zones[0]->managed_pages, GIB >> 16);
	/* 4096 the first time: high is 64 + 16 + 16 pages; then the root of (16384 - 96) * 64 * 16 */
	assert_int_equal(mm->min_free_kbytes, 4083);
	assert_int_equal(mm->zones[0]->watermark[WMARK_MIN], 4083 / 64);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zonelists_go_by_distance),
		cmocka_unit_test(zonelists_of_equal_distance_are_spread),
		cmocka_unit_test(zonelists_spread_the_load),
		cmocka_unit_test(zonelists_exhaust_a_node_first),
		cmocka_unit_test(small_machines_do_not_group_by_mobility),
		cmocka_unit_test(page_sets_follow_zone_and_watermark),
		cmocka_unit_test(page_sets_are_shared_by_the_nodes_cpus),
		cmocka_unit_test(min_free_kbytes_is_a_square_root),
		cmocka_unit_test(other_page_sizes_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
