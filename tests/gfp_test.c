/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GFP words: the zone and the mobility they ask for, by the tables of
 * include/linux/gfp.h of Linux 6.1, and how they are written.
 */
#include "config.h"

#include "core.h"

/* ---------------------------------------------------------------- zones --- */

#define BAD       NR_ZONE_TYPES
#define OR_NORMAL 0x100 /* Normal where the machine has no such zone */

/* The table above GFP_ZONE_TABLE, by __GFP_DMA 1, __GFP_HIGHMEM 2, __GFP_DMA32 4 and __GFP_MOVABLE 8. */
static const int gfp_zones[16] = {
	[0x0] = ZONE_NORMAL,
	[0x1] = ZONE_DMA | OR_NORMAL,
	[0x2] = ZONE_HIGHMEM | OR_NORMAL,
	[0x3] = BAD,
	[0x4] = ZONE_DMA32 | OR_NORMAL,
	[0x5] = BAD,
	[0x6] = BAD,
	[0x7] = BAD,
	[0x8] = ZONE_NORMAL,
	[0x9] = ZONE_DMA | OR_NORMAL,
	[0xa] = ZONE_MOVABLE,
	[0xb] = BAD,
	[0xc] = ZONE_DMA32 | OR_NORMAL,
	[0xd] = BAD,
	[0xe] = BAD,
	[0xf] = BAD,
};

/* A machine with Normal and the zones of which (a bit each), 16 MiB for each zone that comes below another.
 */
static struct mm *machine_with(struct test_layout *t, unsigned int which)
{
	static const enum zone_type types[] = { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONE_HIGHMEM };
	uint64_t end = 0;

	test_layout_init(t);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i] == ZONE_NORMAL || (which & 1U << types[i]))
			test_zone(t, types[i], end += 16 * MIB);
	t->zones[t->layout.nr_zones - 1].has_end = false;
	test_memory(t, 0, 0, end);
	return test_boot(t);
}

static bool has_zone(const struct mm *mm, int type)
{
	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		if ((int)mm->zone_types[i] == type)
			return true;
	return false;
}

static void check_zone_table(const struct mm *mm)
{
	for (gfp_t bits = 0; bits < 16; bits++) {
		struct alloc_request req = { .gfp = bits };
		int type = gfp_zones[bits] & ~OR_NORMAL;

		if (type == BAD) {
			assert_int_equal(gfp_zone(mm, bits), -1);
			assert_non_null(alloc_request_error(mm, &req));
			continue;
		}
		if ((gfp_zones[bits] & OR_NORMAL) && !has_zone(mm, type))
			type = ZONE_NORMAL;
		assert_in_range(gfp_zone(mm, bits), 0, mm->nr_zone_types - 1);
		assert_int_equal(mm->zone_types[gfp_zone(mm, bits)], type);
		/* no other bit has a say */
		assert_int_equal(gfp_zone(mm, bits | ~GFP_ZONEMASK), gfp_zone(mm, bits));
		assert_null(alloc_request_error(mm, &req));
	}
}

/* All 16 combinations of zone bits, on machines with each subset of DMA, DMA32 and HighMem. */
static void zone_bits_name_zones(void **state)
{
	const unsigned int dma = 1U << ZONE_DMA, dma32 = 1U << ZONE_DMA32, highmem = 1U << ZONE_HIGHMEM;
	const unsigned int subsets[] = { 0,       dma,           dma32,           dma | dma32,
					 highmem, dma | highmem, dma32 | highmem, dma | dma32 | highmem };

	(void)state;
	for (size_t i = 0; i < sizeof(subsets) / sizeof(subsets[0]); i++) {
		struct test_layout t;
		struct mm *mm = machine_with(&t, subsets[i]);

		check_zone_table(mm);
		mm_free(mm);
	}
}

/* A request is served from the zone it names or, as that is full, from the next below: never from above. */
static void requests_end_in_their_zones(void **state)
{
	static const struct {
		gfp_t gfp;
		enum zone_type type;
	} known[] = {
		{ GFP_KERNEL, ZONE_NORMAL },
		{ GFP_KERNEL | __GFP_DMA, ZONE_DMA },
		{ GFP_KERNEL | __GFP_DMA32, ZONE_DMA32 },
		{ GFP_HIGHUSER, ZONE_HIGHMEM },
		{ GFP_HIGHUSER_MOVABLE, ZONE_HIGHMEM }, /* Movable is empty */
		{ GFP_USER | __GFP_MOVABLE, ZONE_NORMAL },
		{ GFP_ATOMIC, ZONE_NORMAL },
	};
	struct test_layout t;
	struct mm *mm;

	(void)state;
	mm = machine_with(&t, 1U << ZONE_DMA | 1U << ZONE_DMA32 | 1U << ZONE_HIGHMEM);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(page_zone(mm, take(mm, known[i].gfp, 0))->type, known[i].type);
	mm_free(mm);
}

/* ------------------------------------------------------------- mobility --- */

/* gfp_migratetype(): the two mobility bits as a number, whatever else the word says. */
static void mobility_bits_name_types(void **state)
{
	static const struct {
		gfp_t bits;
		int migratetype;
	} known[] = {
		{ 0, MIGRATE_UNMOVABLE },
		{ __GFP_MOVABLE, MIGRATE_MOVABLE },
		{ __GFP_RECLAIMABLE, MIGRATE_RECLAIMABLE },
	};
	struct alloc_request both = { .gfp = __GFP_MOVABLE | __GFP_RECLAIMABLE };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	for (gfp_t zone_bits = 0; zone_bits < 8; zone_bits++)
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			gfp_t others = ~(GFP_MOVABLE_MASK | GFP_ZONEMASK);

			assert_int_equal(gfp_migratetype(mm, known[i].bits | zone_bits),
					 known[i].migratetype);
			assert_int_equal(gfp_migratetype(mm, known[i].bits | others), known[i].migratetype);
		}
	assert_non_null(alloc_request_error(mm, &both));
	mm_free(mm);

	t.layout.features.group_by_mobility = SWITCH_OFF;
	mm = test_boot(&t);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(gfp_migratetype(mm, known[i].bits), MIGRATE_UNMOVABLE);
	mm_free(mm);
}

/* ---------------------------------------------------------------- words --- */

static gfp_t parse(const char *text)
{
	const char *bad = NULL;
	size_t len = 0;
	gfp_t gfp = 0;

	assert_int_equal(gfp_parse(text, &gfp, &bad, &len), 0);
	return gfp;
}

/* Values of include/linux/gfp_types.h of Linux 6.1, as its traces print them. */
static void words_have_the_kernels_values(void **state)
{
	(void)state;
	assert_int_equal(parse("GFP_KERNEL"), 0xcc0);
	assert_int_equal(parse("GFP_ATOMIC"), 0xa20);
	assert_int_equal(parse("GFP_NOWAIT"), 0x800);
	assert_int_equal(parse("GFP_HIGHUSER_MOVABLE"), 0x100cca);
	assert_int_equal(parse("GFP_KERNEL|__GFP_NOWARN|__GFP_THISNODE"), 0x202cc0);
	assert_int_equal(parse("GFP_TRANSHUGE_LIGHT"), 0x1c20ca);
	assert_int_equal(parse("GFP_TRANSHUGE"), 0x1c24ca);
	assert_int_equal(parse("GFP_KERNEL|~__GFP_DIRECT_RECLAIM"), 0x8c0);
	assert_int_equal(parse("~__GFP_IO|GFP_NOFS"), 0xc40);
	assert_int_equal(parse("0x12|__GFP_DMA"), 0x13);
	assert_int_equal(parse("0"), 0);
}

static void unknown_words_are_pointed_at(void **state)
{
	static const struct {
		const char *text, *bad;
	} known[] = {
		{ "GFP_KERNEL|GFP_FOO", "GFP_FOO" },
		{ "", "" },
		{ "GFP_KERNEL|", "" },
		{ "gfp_kernel|__GFP_IO", "gfp_kernel" },
		{ "0x", "0x" },
		{ "010", "010" },
		{ "0x100000000", "0x100000000" },
		{ "GFP_KERNEL|~~__GFP_IO", "~~__GFP_IO" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *bad = NULL;
		size_t len = 99;
		gfp_t gfp = 0x55;

		assert_int_equal(gfp_parse(known[i].text, &gfp, &bad, &len), -1);
		assert_int_equal(len, strlen(known[i].bad));
		assert_memory_equal(bad, known[i].bad, len);
		assert_int_equal(gfp, 0x55);
	}
}

/* What is written reads back, for every flag, every pair of flags and every name. */
static void words_are_written_as_they_are_read(void **state)
{
	char text[512];

	(void)state;
	for (const struct gfp_name *a = gfp_names; a->name; a++) {
		/* one name is enough, though some words have two */
		assert_null(strchr(gfp_format(a->value, text, sizeof(text)), '|'));
		for (const struct gfp_name *b = gfp_names; b->name; b++)
			assert_int_equal(parse(gfp_format(a->value | b->value, text, sizeof(text))),
					 a->value | b->value);
	}
	assert_int_equal(parse(gfp_format(0, text, sizeof(text))), 0);
	assert_int_equal(parse(gfp_format(~0U, text, sizeof(text))), ~0U);
	assert_int_equal(parse(gfp_format(0xf0000000, text, sizeof(text))), 0xf0000000);
	assert_string_equal(gfp_format(0x202cc0, text, sizeof(text)),
			    "GFP_KERNEL|__GFP_NOWARN|__GFP_THISNODE");
	/* a buffer that is too small ends the text, nothing else */
	assert_string_equal(gfp_format(0x202cc0, text, 14), "GFP_KERNEL|__");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_bits_name_zones),
		cmocka_unit_test(requests_end_in_their_zones),
		cmocka_unit_test(mobility_bits_name_types),
		cmocka_unit_test(words_have_the_kernels_values),
		cmocka_unit_test(unknown_words_are_pointed_at),
		cmocka_unit_test(words_are_written_as_they_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
