/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boots of real 6.1 kernels: a layout that says what the machine was must boot
 * to the zones of its /proc/zoneinfo, and to the free lists the kernel had
 * when it reached kmem_cache_init(). tests/boots/NAME.expect holds lines of
 * the real zoneinfo, then "--", then
 *   alloc NODE ORDER        what the kernel had allocated by then
 *   zone NODE NAME END      lists of a zone, blocks below END (the rest came later: deferred init)
 *   ORDER TYPE PFN...       one list, head first; FIRST..LAST+STEP stands for a run
 * tests/boots/NAME.log holds what the kernel said about its memory.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "machine.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/procfs.h"

static FILE *open_data(const char *name, const char *suffix, char *path, size_t size)
{
	const char *dir = getenv("top_srcdir");
	FILE *f;

	snprintf(path, size, "%s/tests/boots/%s.%s", dir ? dir : ".", name, suffix);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s is missing", path);
	return f;
}

static struct layout *load(const char *name)
{
	struct layout *layout;
	char path[512];

	fclose(open_data(name, "yaml", path, sizeof(path)));
	layout = layout_load(path, stderr);
	assert_non_null(layout);
	return layout;
}

/* ------------------------------------------------------------ zoneinfo --- */

/* The lines of zoneinfo that a boot decides, not what ran since. */
static bool boot_decides(const char *line)
{
	static const char *const begins[] = {
		"Node ",
		"        min ",
		"        low ",
		"        high ",
		"        spanned ",
		"        present ",
		"        managed ",
		"        cma ",
		"        protection:",
		"              high:",
		"              batch:",
		"  vm stats threshold:",
		"  start_pfn:",
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static void check_zoneinfo(const struct mm *mm, FILE *expect)
{
	char *text = NULL, got[256], want[256], zone[256] = "";
	size_t len;
	FILE *f = open_memstream(&text, &len);

	proc_zoneinfo(mm, f);
	fclose(f);
	f = fmemopen(text, len, "r");
	while (fgets(got, sizeof(got), f)) {
		if (!boot_decides(got))
			continue;
		if (got[0] == 'N')
			strcpy(zone, got);
		assert_non_null(fgets(want, sizeof(want), expect));
		if (strcmp(got, want))
			fail_msg("%s  got:  %s  real: %s", zone, got, want);
	}
	fclose(f);
	free(text);
	assert_non_null(fgets(want, sizeof(want), expect));
	assert_string_equal(want, "--\n");
}

/* --------------------------------------------------------- free lists --- */

/* The machine before CMA areas go live and boot memory comes back: both are just reserved. */
static struct mm *boot_to_kmem_cache_init(struct layout *layout)
{
	struct layout_reserved *reserved;
	struct mm *mm;

	reserved = realloc(layout->reserved, (layout->nr_reserved + layout->nr_cma) * sizeof(*reserved));
	assert_non_null(reserved);
	layout->reserved = reserved;
	for (unsigned int i = 0; i < layout->nr_reserved; i++)
		reserved[i].freed_after_boot = false;
	for (unsigned int i = 0; i < layout->nr_cma; i++)
		reserved[layout->nr_reserved++] = (struct layout_reserved){
			.name = layout->cma[i].name,
			.range = layout->cma[i].range,
		};
	for (unsigned int i = 0; i < layout->nr_cma; i++)
		layout->cma[i].name = NULL;
	layout->nr_cma = 0;
	mm = mm_new(layout);
	assert_non_null(mm);
	mm_boot(mm);
	return mm;
}

static struct zone *find_zone_by_name(const struct mm *mm, int node_id, const char *name)
{
	for (unsigned int i = 0; i < mm->nr_zones; i++)
		if (mm->nodes[mm->zones[i]->node].node_id == node_id && !strcmp(mm->zones[i]->name, name))
			return mm->zones[i];
	fail_msg("no zone %s on node %d", name, node_id);
	return NULL;
}

/* Where a walk over one list stands, and how many blocks of the zone were seen on all of them. */
struct list_walk {
	const struct mm *mm;
	const struct zone *zone;
	unsigned long limit;
	unsigned int order;
	uint32_t next;
	unsigned long pages;
};

static unsigned long next_block(struct list_walk *w)
{
	while (w->next < w->mm->max_block_base + (w->mm->end_pfn >> w->mm->max_order) + 1) {
		unsigned long pfn = entry_pfn(w->mm, w->order, w->next);

		w->next = entry_page(w->mm, w->next)->next;
		if (pfn < w->limit)
			return pfn;
	}
	return PFN_NONE;
}

static void check_run(struct list_walk *w, const char *word)
{
	char *end;
	unsigned long first = strtoul(word, &end, 16), last = first;
	long step = 1;

	if (!strncmp(end, "..", 2)) {
		last = strtoul(end + 2, &end, 16);
		step = strtol(end, NULL, 16);
	}
	for (unsigned long pfn = first;; pfn += (unsigned long)step) {
		unsigned long got = next_block(w);

		if (got != pfn)
			fail_msg("zone %s order %u: 0x%lx in place of 0x%lx", w->zone->name, w->order, got,
				 pfn);
		w->pages += 1UL << w->order;
		if (pfn == last)
			return;
	}
}

static void check_list(struct list_walk *w, char *line)
{
	int mt = 0;
	char *save, *word = strtok_r(line, " \n", &save);

	w->order = (unsigned int)atoi(word);
	word = strtok_r(NULL, " \n", &save);
	while (migratetype_letter(mt) != *word)
		mt++;
	w->next = w->zone->free_area[w->order].free_list[mt].head;
	while ((word = strtok_r(NULL, " \n", &save)))
		check_run(w, word);
	assert_int_equal(next_block(w), PFN_NONE);
}

/* The zone has no free block below the limit that was not on the real lists. */
static void check_all_seen(struct list_walk *w)
{
	unsigned long pages = 0;

	for (w->order = 0; w->zone && w->order <= w->mm->max_order; w->order++)
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			w->next = w->zone->free_area[w->order].free_list[mt].head;
			while (next_block(w) != PFN_NONE)
				pages += 1UL << w->order;
		}
	assert_int_equal(pages, w->pages);
}

static void check_lists(struct mm *mm, FILE *expect)
{
	struct list_walk w = { .mm = mm };
	char line[4096], name[16];
	int node, order;

	while (fgets(line, sizeof(line), expect)) {
		if (sscanf(line, "alloc %d %d", &node, &order) == 2) {
			struct alloc_request req = { .gfp = GFP_KERNEL,
						     .order = (unsigned int)order,
						     .node = node };

			assert_int_not_equal(alloc_pages(mm, &req), PFN_NONE);
		} else if (line[0] == 'z') {
			check_all_seen(&w);
			assert_int_equal(sscanf(line, "zone %d %15s %lx", &node, name, &w.limit), 3);
			w.zone = find_zone_by_name(mm, node, name);
			w.pages = 0;
		} else {
			check_list(&w, line);
		}
	}
	check_all_seen(&w);
}

static void boots_as_the_kernel_did(void **state)
{
	const char *name = *state;
	struct layout *layout = load(name);
	char path[512];
	FILE *expect = open_data(name, "expect", path, sizeof(path));
	struct mm *mm = mm_new(layout);

	assert_non_null(mm);
	mm_boot(mm);
	assert_int_equal(mm_check(mm, stderr), 0);
	check_zoneinfo(mm, expect);
	mm_free(mm);

	mm = boot_to_kmem_cache_init(layout);
	check_lists(mm, expect);
	assert_int_equal(mm_check(mm, stderr), 0);
	mm_free(mm);
	layout_free(layout);
	fclose(expect);
}

/* ---------------------------------------------------------------- log --- */

/* Lines that the recorded kernels did not print (debug messages), or with figures of theirs. */
static bool not_in_log(const char *line)
{
	return strstr(line, "totalpages:") || strstr(line, "used for memmap") ||
	       !strncmp(line, "Memory: ", 8) || !strncmp(line, "Freeing ", 8);
}

static void says_what_the_kernel_said(void **state)
{
	struct layout *layout = load(*state);
	struct mm *mm = mm_new(layout);
	char path[512], got[256], want[256], *text = NULL;
	FILE *log = open_data(*state, "log", path, sizeof(path)), *f;
	size_t len;

	mm_boot(mm);
	f = open_memstream(&text, &len);
	proc_bootlog(mm, f);
	fclose(f);
	f = fmemopen(text, len, "r");
	while (fgets(got, sizeof(got), f)) {
		const char *line = strchr(got, ']') + 2;

		if (not_in_log(line))
			continue;
		assert_non_null(fgets(want, sizeof(want), log));
		assert_string_equal(line, want);
	}
	assert_null(fgets(want, sizeof(want), log));
	fclose(f);
	fclose(log);
	free(text);
	mm_free(mm);
	layout_free(layout);
}

#define BOOT(name)                                                                                           \
	{ name, boots_as_the_kernel_did, NULL, NULL, name },                                                 \
	{                                                                                                    \
		name " log", says_what_the_kernel_said, NULL, NULL, name                                     \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOOT("a64-2node-holes"), BOOT("a64-board"),     BOOT("a64-board-smp4"),
		BOOT("i386-highmem-2g"), BOOT("x86-1node-512"), BOOT("x86-2node-5g"),
		BOOT("x86-2node-span"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
