/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memblock: merging, cutting, rounding, and what is free.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "machine.h"
#include "../src/mm/boot.h"

/* A machine whose memblock is still empty. */
static struct mm *no_memblock_yet(struct test_layout *t)
{
	struct mm *mm;

	test_one_zone(t, GIB);
	mm = mm_new(&t->layout);
	assert_non_null(mm);
	return mm;
}

static void check_region(const struct memblock_type *type, unsigned int idx, uint64_t base, uint64_t end,
			 int nid, bool nomap)
{
	assert_true(idx < type->cnt);
	assert_int_equal(type->regions[idx].base, base);
	assert_int_equal(type->regions[idx].base + type->regions[idx].size, end);
	assert_int_equal(type->regions[idx].nid, nid);
	assert_int_equal(type->regions[idx].nomap, nomap);
}

static void neighbours_of_one_node_merge(void **state)
{
	struct test_layout t;
	struct mm *mm = no_memblock_yet(&t);
	const struct memblock_type *memory = &mm->memblock.memory;

	(void)state;
	memblock_add_node(mm, 0x3000, 0x1000, 0);
	memblock_add_node(mm, 0x1000, 0x1000, 0);
	assert_int_equal(memory->cnt, 2);
	memblock_add_node(mm, 0x2000, 0x1000, 0); /* fills the gap */
	assert_int_equal(memory->cnt, 1);
	check_region(memory, 0, 0x1000, 0x4000, 0, false);
	memblock_add_node(mm, 0x4000, 0x1000, 1); /* another node's stays apart */
	assert_int_equal(memory->cnt, 2);
	memblock_add_node(mm, 0x0, 0x8000, 0); /* only what is not covered yet is new */
	assert_int_equal(memory->cnt, 3);
	check_region(memory, 0, 0x0, 0x4000, 0, false);
	check_region(memory, 1, 0x4000, 0x5000, 1, false);
	check_region(memory, 2, 0x5000, 0x8000, 0, false);
	mm_free(mm);
}

static void nomap_cuts_memory_and_merges_with_nomap(void **state)
{
	struct test_layout t;
	struct mm *mm = no_memblock_yet(&t);
	const struct memblock_type *memory = &mm->memblock.memory;

	(void)state;
	memblock_add_node(mm, 0x0, 0x10000, 0);
	memblock_mark_nomap(mm, 0x4000, 0x1000, "a");
	assert_int_equal(memory->cnt, 3);
	check_region(memory, 0, 0x0, 0x4000, 0, false);
	check_region(memory, 1, 0x4000, 0x5000, 0, true);
	check_region(memory, 2, 0x5000, 0x10000, 0, false);
	assert_string_equal(memblock_search_memory(mm, 4)->name, "a");
	memblock_mark_nomap(mm, 0x5000, 0x2000, "b");
	assert_int_equal(memory->cnt, 3);
	check_region(memory, 1, 0x4000, 0x7000, 0, true);
	assert_null(memory->regions[1].name); /* two names are none */
	memblock_mark_nomap(mm, 0xf000, 0x1000, "end");
	check_region(memory, 3, 0xf000, 0x10000, 0, true);
	mm_free(mm);
}

static void frames_are_rounded_inwards_for_memory_outwards_for_reserved(void **state)
{
	struct free_mem_range range = { 0 };
	struct mem_pfn_range pfns;
	unsigned int i = 0;
	struct test_layout t;
	struct mm *mm = no_memblock_yet(&t);

	(void)state;
	memblock_add_node(mm, 0x1800, 0x8000, 0);     /* 0x1800-0x97ff: frames 2..8 */
	memblock_reserve(mm, 0x4ff0, 0x20, "across"); /* touches frames 4 and 5 */
	assert_true(next_mem_pfn_range(mm, &i, -1, &pfns));
	assert_int_equal(pfns.start, 2);
	assert_int_equal(pfns.end, 9);
	assert_false(next_mem_pfn_range(mm, &i, -1, &pfns));
	assert_null(memblock_search_memory(mm, 9));
	assert_null(memblock_search_reserved(mm, 3));
	assert_non_null(memblock_search_reserved(mm, 4));
	assert_non_null(memblock_search_reserved(mm, 5));
	assert_null(memblock_search_reserved(mm, 6));

	assert_true(next_free_mem_range(mm, &range));
	assert_int_equal(range.start, 0x1800);
	assert_int_equal(range.end, 0x4ff0);
	assert_true(next_free_mem_range(mm, &range));
	assert_int_equal(range.start, 0x5010);
	assert_int_equal(range.end, 0x9800);
	assert_false(next_free_mem_range(mm, &range));
	mm_free(mm);
}

static void free_ranges_leave_out_reserved_and_nomap(void **state)
{
	static const uint64_t want[][2] = { { 0x1000, 0x2000 }, { 0xa000, 0xb000 }, { 0x14000, 0x18000 } };
	struct free_mem_range range = { 0 };
	struct test_layout t;
	struct mm *mm = no_memblock_yet(&t);

	(void)state;
	memblock_add_node(mm, 0x0, 0x10000, 0);
	memblock_add_node(mm, 0x10000, 0x8000, 1);
	memblock_reserve(mm, 0x0, 0x1000, "start");
	memblock_reserve(mm, 0x2000, 0x4000, "kernel");
	memblock_mark_nomap(mm, 0x5000, 0x5000, "firmware"); /* begins in a reserved range */
	memblock_reserve(mm, 0xb000, 0x9000, "over two nodes");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_true(next_free_mem_range(mm, &range));
		assert_int_equal(range.start, want[i][0]);
		assert_int_equal(range.end, want[i][1]);
	}
	assert_false(next_free_mem_range(mm, &range));
	mm_free(mm);
}

/* Neighbours are one region without a name; the layout knows which part is whose. */
static void merged_regions_keep_their_names_in_the_layout(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	test_one_zone(&t, 64 * MIB);
	test_reserve(&t, "tee", 16 * MIB, MIB)->no_map = true;
	test_reserve(&t, "dsp", 17 * MIB, MIB)->no_map = true;
	test_cma(&t, "camera", 32 * MIB, 4 * MIB);
	mm = test_boot(&t);
	assert_null(memblock_search_memory(mm, PFN(16 * MIB))->name);
	assert_string_equal(memblock_name(mm, PFN(17 * MIB) - 1), "tee");
	assert_string_equal(memblock_name(mm, PFN(17 * MIB)), "dsp");
	assert_string_equal(memblock_name(mm, PFN(33 * MIB)), "camera");
	assert_null(memblock_name(mm, PFN(18 * MIB)));
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_of_one_node_merge),
		cmocka_unit_test(nomap_cuts_memory_and_merges_with_nomap),
		cmocka_unit_test(frames_are_rounded_inwards_for_memory_outwards_for_reserved),
		cmocka_unit_test(free_ranges_leave_out_reserved_and_nomap),
		cmocka_unit_test(merged_regions_keep_their_names_in_the_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
