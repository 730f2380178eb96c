/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layouts read, written, and the shipped ones. What is wrong with broken
 * ones is in tests/layout/bad.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "layout_test.h"

#define MINIMAL "name: x\nzones: [ { type: Normal } ]\nnodes: [ { id: 0, memory: [ 0x0-0xffffff ] } ]\n"

/* Parse what must load without a word. */
static struct layout *parse_clean(const char *text)
{
	char *messages;
	struct layout *l = parse("test", text, strlen(text), &messages);

	assert_string_equal(messages, "");
	assert_non_null(l);
	free(messages);
	return l;
}

static char *write_to_text(const struct layout *l)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(layout_write(l, out), 0);
	fclose(out);
	return text;
}

static struct layout *load_shipped(const char *name)
{
	char *path = source_path("layouts/%s.yaml", name), *text;
	size_t len;
	struct layout *l;

	text = read_whole(path, &len);
	assert_non_null(text);
	l = parse_clean(text);
	free(text);
	free(path);
	return l;
}

static void assert_range(const struct layout_range *range, uint64_t start, uint64_t end)
{
	assert_int_equal(range->start, start);
	assert_int_equal(range->end, end);
}

static void test_defaults(void **state)
{
	struct layout *l = parse_clean(MINIMAL);

	(void)state;
	assert_string_equal(l->name, "x");
	assert_null(l->description);
	assert_int_equal(l->page_shift, 12);
	assert_int_equal(l->max_order, 10);
	assert_int_equal(l->pageblock_order, 9);
	assert_int_equal(l->cpus, 1);
	assert_int_equal(l->section_shift, 27);
	assert_int_equal(l->kmalloc_minalign, 8);
	assert_int_equal(l->kernelcore + l->movablecore + l->swap, 0);
	assert_int_equal(l->nr_reserved + l->nr_cma, 0);
	assert_null(l->state);
	layout_free(l);
}

static void test_sysctl_defaults(void **state)
{
	struct layout *l = parse_clean(MINIMAL);
	const struct layout_sysctl *s = &l->sysctl;

	(void)state;
	assert_int_equal(s->min_free_kbytes, -1);
	assert_int_equal(s->watermark_scale_factor, 10);
	assert_int_equal(s->watermark_boost_factor, 15000);
	assert_int_equal(s->lowmem_reserve_ratio[ZONE_DMA], 256);
	assert_int_equal(s->lowmem_reserve_ratio[ZONE_DMA32], 256);
	assert_int_equal(s->lowmem_reserve_ratio[ZONE_NORMAL], 32);
	assert_int_equal(s->lowmem_reserve_ratio[ZONE_HIGHMEM], 0);
	assert_int_equal(s->lowmem_reserve_ratio[ZONE_MOVABLE], 0);
	assert_int_equal(s->percpu_pagelist_high_fraction, 0);
	assert_int_equal(s->extfrag_threshold, 500);
	assert_int_equal(s->compaction_proactiveness, 20);
	assert_true(l->features.pcp);
	assert_int_equal(l->features.group_by_mobility, SWITCH_AUTO);
	assert_int_equal(l->virtual.page_offset, 0xffff888000000000);
	assert_int_equal(l->virtual.high_memory, 0);
	assert_int_equal(l->virtual.vmalloc_start, 0xffffc90000000000);
	assert_int_equal(l->virtual.vmalloc_end, 0xffffe8ffffffffff);
	layout_free(l);
}

/* A kernel without CMA says so; the default is one with it. */
static void test_kernel_without_cma(void **state)
{
	struct layout *l = parse_clean("features: { cma: no }\n" MINIMAL);

	(void)state;
	assert_false(l->features.cma);
	assert_true(l->features.pcp);
	layout_free(l);
	l = parse_clean("features: { pcp: no }\n" MINIMAL);
	assert_true(l->features.cma);
	layout_free(l);
}

/* The default of pageblock_order is min(9, max_order); sections hold at least a block. */
static void test_dependent_defaults(void **state)
{
	struct layout *l = parse_clean("max_order: 5\n" MINIMAL);

	(void)state;
	assert_int_equal(l->pageblock_order, 5);
	layout_free(l);
	l = parse_clean("page_shift: 16\nmax_order: 13\n" MINIMAL);
	assert_int_equal(l->pageblock_order, 9);
	assert_int_equal(l->section_shift, 29);
	layout_free(l);
}

static void test_nodes(void **state)
{
	struct layout *l =
		parse_clean("name: x\ncpus: 3\nzones: [ { type: Normal } ]\nnodes:\n"
			    "  - { id: 4, memory: [ 0x0-0xffffff, 16777216-33554431 ], cpus: [ 2, 0 ],\n"
			    "      distance: [ 10, 30 ] }\n"
			    "  - { id: 2, memory: [ ], cpus: [ 1 ] }\n");

	(void)state;
	assert_int_equal(l->nr_nodes, 2);
	assert_int_equal(l->nodes[0].id, 4);
	assert_int_equal(l->nodes[0].nr_memory, 2);
	assert_range(&l->nodes[0].memory[0], 0, 0x1000000);
	assert_range(&l->nodes[0].memory[1], 0x1000000, 0x2000000);
	assert_int_equal(l->nodes[0].nr_cpus, 2);
	assert_int_equal(l->nodes[0].cpus[0], 2);
	assert_int_equal(l->nodes[0].distance[1], 30);
	assert_int_equal(l->nodes[1].id, 2);
	assert_int_equal(l->nodes[1].nr_memory, 0);
	assert_null(l->nodes[1].distance);
	layout_free(l);
}

/* CPUs that are listed nowhere are all on the first node. */
static void test_cpus_left_out(void **state)
{
	struct layout *l = parse_clean("cpus: 4\n" MINIMAL);

	(void)state;
	assert_int_equal(l->nodes[0].nr_cpus, 4);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(l->nodes[0].cpus[i], i);
	layout_free(l);
}

static void test_claims(void **state)
{
	struct layout *l = parse_clean(
		MINIMAL "reserved:\n"
			"  - { name: a, range: 0x10-0x1f }\n"
			"  - { name: b, base: 4096, size: 4K, no_map: Yes }\n"
			"  - { name: c, base: 0x2000, size: 0x1000, freed_after_boot: ON, no_map: off }\n"
			"cma: [ { name: d, base: 0x400000, size: 2MiB } ]\n");

	(void)state;
	assert_int_equal(l->nr_reserved, 3);
	assert_string_equal(l->reserved[0].name, "a");
	assert_range(&l->reserved[0].range, 0x10, 0x20);
	assert_false(l->reserved[0].no_map || l->reserved[0].freed_after_boot);
	assert_range(&l->reserved[1].range, 0x1000, 0x2000);
	assert_true(l->reserved[1].no_map);
	assert_range(&l->reserved[2].range, 0x2000, 0x3000);
	assert_true(l->reserved[2].freed_after_boot && !l->reserved[2].no_map);
	assert_int_equal(l->nr_cma, 1);
	assert_string_equal(l->cma[0].name, "d");
	assert_range(&l->cma[0].range, 0x400000, 0x600000);
	layout_free(l);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} sizes[] = {
		{ "1", 1 },
		{ "0x10", 16 },
		{ "3K", 3072 },
		{ "864M", 905969664 },
		{ "2MiB", 2097152 },
		{ "1GB", 1073741824 },
		{ "5T", UINT64_C(5497558138880) },
		{ "18446744073709551615", UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char text[256];
		struct layout *l;

		snprintf(text, sizeof(text), MINIMAL "swap: %s\n", sizes[i].text);
		l = parse_clean(text);
		assert_int_equal(l->swap, sizes[i].bytes);
		layout_free(l);
	}
}

static void test_settings(void **state)
{
	struct layout *l = parse_clean(
		MINIMAL "kernelcore: 8M\nmovablecore: 4M\nsysctl:\n"
			"  { min_free_kbytes: 0, lowmem_reserve_ratio: { DMA32: 128, Movable: 7 } }\n"
			"features: { pcp: off, group_by_mobility: no }\n"
			"virtual: { high_memory: 0xffff900000000000, last_pkmap: 512 }\n");

	(void)state;
	assert_int_equal(l->kernelcore, 8 << 20);
	assert_int_equal(l->movablecore, 4 << 20);
	assert_int_equal(l->sysctl.min_free_kbytes, 0);
	assert_int_equal(l->sysctl.lowmem_reserve_ratio[ZONE_DMA], 256);
	assert_int_equal(l->sysctl.lowmem_reserve_ratio[ZONE_DMA32], 128);
	assert_int_equal(l->sysctl.lowmem_reserve_ratio[ZONE_MOVABLE], 7);
	assert_false(l->features.pcp);
	assert_int_equal(l->features.group_by_mobility, SWITCH_OFF);
	assert_int_equal(l->virtual.high_memory, 0xffff900000000000);
	assert_int_equal(l->virtual.last_pkmap, 512);
	layout_free(l);
}

/* A machine whose list has no Normal gets an empty one where it belongs. */
static void test_normal_is_added(void **state)
{
	struct layout *l = parse_clean(
		"name: x\nzones: [ { type: DMA, end: 0x100000 }, { type: DMA32 }, { type: Device } ]\n"
		"nodes: [ { id: 0, memory: [ 0x0-0xffffff ] } ]\n");

	(void)state;
	assert_int_equal(l->nr_zones, 4);
	assert_int_equal(l->zones[1].type, ZONE_DMA32);
	assert_true(l->zones[1].has_end);
	assert_int_equal(l->zones[1].end, 0x1000000);
	assert_int_equal(l->zones[2].type, ZONE_NORMAL);
	assert_false(l->zones[2].has_end);
	assert_int_equal(l->zones[3].type, ZONE_DEVICE);
	layout_free(l);
	l = parse_clean("name: x\nzones: [ { type: DMA, end: 0x100000 }, { type: HighMem } ]\n"
			"nodes: [ { id: 0, memory: [ 0x0-0xffffff ] } ]\n");
	assert_int_equal(l->nr_zones, 3);
	assert_int_equal(l->zones[1].type, ZONE_NORMAL);
	assert_true(l->zones[1].has_end);
	assert_int_equal(l->zones[1].end, 0x100000);
	layout_free(l);
}

/* Two zones that end alike are allowed: the second is empty, as DMA32 is on many arm64 machines. */
static void test_empty_zone(void **state)
{
	struct layout *l = parse_clean(
		"name: x\nzones: [ { type: DMA, end: 0x1000000 }, { type: DMA32, end: 0x1000000 },\n"
		"  { type: Normal } ]\nnodes: [ { id: 0, memory: [ 0x0-0x1ffffff ] } ]\n");

	(void)state;
	assert_int_equal(l->nr_zones, 3);
	assert_int_equal(l->zones[0].end, l->zones[1].end);
	layout_free(l);
}

static void test_memory_is_rounded_inwards(void **state)
{
	static const char text[] =
		"name: x\nzones: [ { type: Normal } ]\nnodes: [ { id: 0, memory: [ 0x1001-0x9fbff ] } ]\n";
	char *messages;
	struct layout *l = parse("test", text, strlen(text), &messages);

	(void)state;
	assert_non_null(l);
	assert_range(&l->nodes[0].memory[0], 0x2000, 0x9f000);
	assert_non_null(strstr(messages, "test:3:29: warning: "));
	free(messages);
	layout_free(l);
}

/* All memory that PFNs below 2^32 can name, to the last page. */
static void test_highest_pfn(void **state)
{
	struct layout *l = parse_clean("name: x\nzones: [ { type: Normal } ]\n"
				       "nodes: [ { id: 0, memory: [ 0xfffffff0000-0xfffffffffff ] } ]\n");

	(void)state;
	assert_int_equal(l->nodes[0].memory[0].end >> 12, UINT64_C(1) << 32);
	layout_free(l);
}

static void test_shipped_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_SHIPPED; i++) {
		struct layout *first = load_shipped(shipped_layouts[i]), *second;
		char *text = write_to_text(first), *again;

		assert_string_equal(first->name, shipped_layouts[i]);
		assert_non_null(first->description);
		second = parse_clean(text);
		again = write_to_text(second);
		assert_string_equal(text, again);
		assert_string_equal(first->description, second->description);
		assert_int_equal(first->sysctl.min_free_kbytes, second->sysctl.min_free_kbytes);
		assert_int_equal(first->features.group_by_mobility, second->features.group_by_mobility);
		assert_int_equal(first->features.cma, second->features.cma);
		assert_memory_equal(&first->virtual, &second->virtual, sizeof(first->virtual));
		assert_int_equal(first->nr_zones, second->nr_zones);
		assert_int_equal(first->nr_reserved, second->nr_reserved);
		assert_int_equal(first->nr_cma, second->nr_cma);
		free(text);
		free(again);
		layout_free(first);
		layout_free(second);
	}
}

/* Words that YAML could take for something else come back as they were. */
static void test_odd_names_round_trip(void **state)
{
	struct layout *first = parse_clean(
		"name: 'null'\ndescription: \"a: b # \\\"c\\\" é\"\nzones: [ { type: Normal } ]\n"
		"nodes: [ { id: 0, memory: [ 0x0-0xffffff ] } ]\n"
		"reserved: [ { name: 'true', range: 0x0-0xfff }, { name: ' 0x1', range: 0x1000-0x1fff } ]\n");
	char *text = write_to_text(first);
	struct layout *second = parse_clean(text);

	(void)state;
	assert_string_equal(second->name, "null");
	assert_string_equal(second->description, "a: b # \"c\" é");
	assert_string_equal(second->reserved[0].name, "true");
	assert_string_equal(second->reserved[1].name, " 0x1");
	free(text);
	layout_free(first);
	layout_free(second);
}

static unsigned long pages(const struct layout_range *range)
{
	return (unsigned long)((range->end - range->start) >> 12);
}

/* The board's figures, from its boot log and /proc/zoneinfo. */
static void test_bst_figures(void **state)
{
	struct layout *l = load_shipped("bst");
	unsigned long present[2] = { 0 }, no_map[2] = { 0 }, unlisted[2] = { 0 }, freed[2] = { 0 }, cma = 0;

	(void)state;
	for (unsigned int i = 0; i < l->nodes[0].nr_memory; i++)
		present[l->nodes[0].memory[i].start >= 0x100000000] += pages(&l->nodes[0].memory[i]);
	for (unsigned int i = 0; i < l->nr_reserved; i++) {
		const struct layout_reserved *r = &l->reserved[i];
		bool high = r->range.start >= 0x100000000;

		if (r->no_map)
			no_map[high] += pages(&r->range);
		else if (r->freed_after_boot)
			freed[high] += pages(&r->range);
		else
			unlisted[high] += strncmp(r->name, "unlisted-", 9) == 0 ? pages(&r->range) : 0;
	}
	for (unsigned int i = 0; i < l->nr_cma; i++)
		cma += pages(&l->cma[i].range);
	assert_int_equal(present[0], 459008);
	assert_int_equal(present[1], 360448);
	assert_int_equal(no_map[0], 148032);
	assert_int_equal(unlisted[0], 23035);
	assert_int_equal(unlisted[1], 16562);
	assert_int_equal(freed[0], 512);
	assert_int_equal(no_map[1] + freed[1], 0);
	assert_int_equal(present[0] - no_map[0] - unlisted[0], 287941);
	assert_int_equal(present[1] - unlisted[1], 343886);
	assert_int_equal(cma, 258048);
	layout_free(l);
}

static void test_builtin(void **state)
{
	char *path = source_path("layouts/bst.yaml"), *text;
	size_t len;

	(void)state;
	text = read_whole(path, &len);
	assert_non_null(text);
	assert_string_equal(layout_builtin, text);
	free(text);
	free(path);
}

/* A message for what cannot be read; no layout. */
static void check_unreadable(const char *path, const char *expected)
{
	char *messages, line[512];
	size_t len;
	FILE *err = open_memstream(&messages, &len);

	assert_non_null(err);
	assert_null(layout_load(path, err));
	fclose(err);
	snprintf(line, sizeof(line), "%s: error: %s\n", path, expected);
	assert_string_equal(messages, line);
	free(messages);
}

static void test_unreadable(void **state)
{
	char *path = source_path("tests");

	(void)state;
	check_unreadable("/no/such/layout.yaml", "cannot open: No such file or directory");
	check_unreadable(path, "cannot read: Is a directory");
	free(path);
}

static void test_load(void **state)
{
	char *path = source_path("layouts/tiny.yaml");
	struct layout *l = layout_load(path, stderr);

	(void)state;
	assert_non_null(l);
	assert_int_equal(l->max_order, 5);
	assert_int_equal(l->pageblock_order, 3);
	assert_false(l->features.pcp);
	layout_free(l);
	layout_free(NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_sysctl_defaults),
		cmocka_unit_test(test_dependent_defaults),
		cmocka_unit_test(test_kernel_without_cma),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_cpus_left_out),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_normal_is_added),
		cmocka_unit_test(test_empty_zone),
		cmocka_unit_test(test_memory_is_rounded_inwards),
		cmocka_unit_test(test_highest_pfn),
		cmocka_unit_test(test_shipped_round_trip),
		cmocka_unit_test(test_odd_names_round_trip),
		cmocka_unit_test(test_bst_figures),
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
