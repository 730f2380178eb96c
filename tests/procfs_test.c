/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's text files, held against real ones. tests/procfs/ has what 6.1
 * kernels printed: buddyinfo, pagetypeinfo and the fragmentation indexes of
 * three moments, which the machine must print back once it is given
 * pagetypeinfo's counts; and whole zoneinfo files, whose every word and blank
 * must be ours, whatever the numbers are.
 */
#include "config.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "machine.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/procfs.h"

/* The whole of a file below tests/, to be freed. */
static char *read_data(const char *path)
{
	const char *dir = getenv("top_srcdir");
	char full[512], *text = NULL;
	size_t len = 0;
	FILE *f;

	snprintf(full, sizeof(full), "%s/tests/%s", dir ? dir : ".", path);
	f = fopen(full, "r");
	if (!f)
		fail_msg("%s is missing", full);
	if (getdelim(&text, &len, '\0', f) < 0)
		fail_msg("%s is empty", full);
	fclose(f);
	return text;
}

/* What one of the files prints, to be freed. */
static char *printed(const struct mm *mm, void (*file)(const struct mm *mm, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	file(mm, out);
	fclose(out);
	return text;
}

/* ------------------------------------------ buddyinfo to extfrag_index --- */

/* The section of text under "=== TITLE", to be freed. */
static char *section(const char *text, const char *moment, const char *file)
{
	char title[128];
	const char *start, *end;

	snprintf(title, sizeof(title), "=== %s %s\n", moment, file);
	start = strstr(text, title);
	assert_non_null(start);
	start += strlen(title);
	end = strstr(start, "=== ");
	return end ? strndup(start, (size_t)(end - start)) : strdup(start);
}

static struct zone *zone_of_row(const struct mm *mm, const char *row, const char **rest)
{
	char name[16];
	int node, used = 0;

	assert_int_equal(sscanf(row, "Node %d, zone %15[^, ]%n", &node, name, &used), 2);
	*rest = row + used;
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->nodes[mm->zones[i]->node].node_id == node && !strcmp(mm->zones[i]->name, name))
			return mm->zones[i];
	fail_msg("no zone for %s", row);
	return NULL;
}

/* "Node    0, zone      DMA, type    Unmovable      0 …": as many blocks of the type on the zone's lists */
static void take_free_counts(struct mm *mm, const char *row)
{
	const char *rest;
	struct zone *zone = zone_of_row(mm, row, &rest);
	char type[16];
	int used = 0, mt = 0;

	assert_int_equal(sscanf(rest, ", type %15s%n", type, &used), 1);
	while (strcmp(migratetype_name(mt), type))
		mt++;
	rest += used;
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		struct free_area *area = &zone->free_area[order];
		unsigned long nr = strtoul(rest, (char **)&rest, 10);

		area->free_list[mt].nr = (uint32_t)nr;
	}
}

/*
 * "Node 0, zone      DMA            1            7 …": as many pageblocks of each type, a Movable
 * one first and the rest of those last, as a pageblock may be seen from two zones
 */
static void take_block_counts(struct mm *mm, const char *row)
{
	static const int columns[] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE,
				       MIGRATE_HIGHATOMIC, MIGRATE_ISOLATE };
	const char *rest;
	struct zone *zone = zone_of_row(mm, row, &rest);
	unsigned long left[MIGRATE_TYPES] = { 0 };
	int mt = MIGRATE_MOVABLE;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		left[columns[i]] = strtoul(rest, (char **)&rest, 10);
	for (unsigned long pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone);
	     pfn += 1UL << mm->pageblock_order) {
		left[mt]--;
		pfn_to_pageblock(mm, pfn)->migratetype = (uint8_t)mt;
		for (mt = 0; mt < MIGRATE_TYPES && (mt == MIGRATE_MOVABLE || !left[mt]); mt++)
			;
		if (mt == MIGRATE_TYPES)
			mt = MIGRATE_MOVABLE;
	}
}

static void take_pagetypeinfo(struct mm *mm, char *text)
{
	char *save;

	for (char *row = strtok_r(text, "\n", &save); row; row = strtok_r(NULL, "\n", &save)) {
		if (strncmp(row, "Node", 4))
			continue;
		if (strstr(row, ", type"))
			take_free_counts(mm, row);
		else
			take_block_counts(mm, row);
	}
}

static void check_moment(struct mm *mm, const char *text, const char *moment)
{
	static const struct {
		const char *name;
		void (*print)(const struct mm *mm, FILE *out);
	} files[] = {
		{ "/proc/buddyinfo", proc_buddyinfo },
		{ "/proc/pagetypeinfo", proc_pagetypeinfo },
		{ "/sys/kernel/debug/extfrag/unusable_index", proc_unusable_index },
		{ "/sys/kernel/debug/extfrag/extfrag_index", proc_extfrag_index },
	};
	char *want = section(text, moment, files[1].name), *got;

	take_pagetypeinfo(mm, want);
	free(want);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		want = section(text, moment, files[i].name);
		got = printed(mm, files[i].print);
		assert_string_equal(got, want);
		free(want);
		free(got);
	}
}

static void check_moments(struct mm *mm, const char *path)
{
	char *text = read_data(path);

	mm->config_cma = false; /* Debian's x86 kernels have none */
	check_moment(mm, text, "boot");
	check_moment(mm, text, "every-second-page-free");
	check_moment(mm, text, "every-second-order2-free");
	free(text);
	mm_free(mm);
}

static void x86_64_prints_what_the_kernel_printed(void **state)
{
	struct test_layout t;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 16 * MIB);
	test_zone(&t, ZONE_DMA32, 4 * GIB);
	test_zone(&t, ZONE_NORMAL, 0);
	test_zone(&t, ZONE_DEVICE, 0);
	test_memory(&t, 0, 0x1000, 0x9e000);
	test_memory(&t, 0, MIB, 15 * MIB + 184 * 2 * MIB);
	test_memory(&t, 1, 4 * GIB, 128 * MIB);
	check_moments(test_boot(&t), "procfs/x86-64.txt");
}

static void i386_prints_what_the_kernel_printed(void **state)
{
	struct test_layout t;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_DMA, 16 * MIB);
	test_zone(&t, ZONE_NORMAL, 0x36ffe000);
	test_zone(&t, ZONE_HIGHMEM, 0);
	test_memory(&t, 0, 0x1000, 0x9e000);
	test_memory(&t, 0, MIB, 0x7ffe0000 - MIB);
	check_moments(test_boot(&t), "procfs/i386.txt");
}

/* pagetypeinfo gives up counting at 100000 blocks. */
static void pagetypeinfo_is_capped(void **state)
{
	struct test_layout t;
	struct mm *mm;
	char *text;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 128 * MIB);
	mm = test_boot(&t);
	mm->zones[0]->free_area[0].free_list[MIGRATE_MOVABLE].nr = 99999;
	mm->zones[0]->free_area[1].free_list[MIGRATE_MOVABLE].nr = 100000;
	mm->zones[0]->free_area[2].free_list[MIGRATE_MOVABLE].nr = 1234567;
	text = printed(mm, proc_pagetypeinfo);
	assert_non_null(
		strstr(text, "Node    0, zone   Normal, type      Movable  99999 >100000 >100000      0 "));
	free(text);
	mm_free(mm);
}

/* Of a section's 64 pageblocks those 16 without memory are not counted. */
static void holes_are_no_blocks(void **state)
{
	struct test_layout t;
	struct mm *mm;
	char *text;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 64 * MIB);
	test_memory(&t, 0, 96 * MIB, 32 * MIB);
	mm = test_boot(&t);
	text = printed(mm, proc_pagetypeinfo);
	assert_non_null(strstr(text, "Node 0, zone   Normal            0           48            0 "));
	free(text);
	mm_free(mm);
}

/* Nodes are printed by id, however the layout lists them. */
static void nodes_go_by_id(void **state)
{
	struct test_layout t;
	struct mm *mm;
	char *text;

	(void)state;
	test_layout_init(&t);
	test_zone(&t, ZONE_NORMAL, 0);
	test_memory(&t, 0, 0, 16 * MIB);
	test_memory(&t, 1, 16 * MIB, 32 * MIB);
	t.nodes[0].id = 5;
	t.nodes[1].id = 2;
	mm = test_boot(&t);
	text = printed(mm, proc_buddyinfo);
	assert_true(strstr(text, "Node 2, ") == text && strstr(text, "\nNode 5, "));
	free(text);
	text = printed(mm, proc_zoneinfo);
	assert_true(strstr(text, "Node 2, ") == text && strstr(text, "\nNode 5, "));
	free(text);
	text = printed(mm, proc_pagetypeinfo);
	assert_true(strstr(text, "Node    2, ") < strstr(text, "Node    5, "));
	free(text);
	mm_free(mm);
}

/* ------------------------------------------------------------ zoneinfo --- */

/* Every number becomes '#', so that words and blanks remain. */
static void blank_numbers(char *text)
{
	char *to = text;

	for (const char *p = text; *p;) {
		bool number = isdigit((unsigned char)*p) && (p == text || p[-1] == ' ' || p[-1] == '(');

		*to++ = number ? '#' : *p;
		p++;
		while (number && isdigit((unsigned char)*p))
			p++;
	}
	*to = '\0';
}

static void zoneinfo_reads_like_the_real_one(void **state)
{
	const char *name = *state;
	const char *dir = getenv("top_srcdir");
	char path[512], *want, *got;
	struct layout *layout;
	struct mm *mm;

	snprintf(path, sizeof(path), "%s/tests/boots/%s.yaml", dir ? dir : ".", name);
	layout = layout_load(path, stderr);
	assert_non_null(layout);
	mm = mm_new(layout);
	mm_boot(mm);
	got = printed(mm, proc_zoneinfo);
	snprintf(path, sizeof(path), "procfs/%s.zoneinfo", name);
	want = read_data(path);
	blank_numbers(got);
	blank_numbers(want);
	assert_string_equal(got, want);
	free(got);
	free(want);
	mm_free(mm);
	layout_free(layout);
}

#define ZONEINFO(name)                                                                                       \
	{                                                                                                    \
		"zoneinfo of " name, zoneinfo_reads_like_the_real_one, NULL, NULL, name                      \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86_64_prints_what_the_kernel_printed),
		cmocka_unit_test(i386_prints_what_the_kernel_printed),
		cmocka_unit_test(pagetypeinfo_is_capped),
		cmocka_unit_test(holes_are_no_blocks),
		cmocka_unit_test(nodes_go_by_id),
		ZONEINFO("a64-board"),
		ZONEINFO("i386-highmem-2g"),
		ZONEINFO("x86-1node-512"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
