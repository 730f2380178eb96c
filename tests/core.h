/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests of the allocator's core: a machine small enough to reckon by
 * hand, and its lists as text, so that one comparison says all of it.
 */
#ifndef BUDDYVIZ_TESTS_CORE_H
#define BUDDYVIZ_TESTS_CORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "buddyviz/page_alloc.h"
#include "machine.h"

#define MOVABLE     GFP_HIGHUSER_MOVABLE
#define RECLAIMABLE (GFP_KERNEL | __GFP_RECLAIMABLE)

/*
 * pages of one Normal zone from PFN 0; blocks up to order 5 (32 pages),
 * pageblocks of 1 << pageblock_order; no page sets, no watermarks, no boost.
 */
static inline void tiny_layout(struct test_layout *t, unsigned long pages, unsigned int pageblock_order)
{
	test_one_zone(t, pages * 4 * KIB);
	t->layout.max_order = 5;
	t->layout.pageblock_order = pageblock_order;
	t->layout.features.pcp = false;
	t->layout.features.group_by_mobility = SWITCH_ON;
	t->layout.sysctl.min_free_kbytes = 0;
	t->layout.sysctl.watermark_scale_factor = 0;
	t->layout.sysctl.watermark_boost_factor = 0;
}

/* A request on a CPU of the first node. */
static inline unsigned long take_on(struct mm *mm, unsigned int cpu, gfp_t gfp, unsigned int order)
{
	struct alloc_request req = { .gfp = gfp, .order = order, .cpu = cpu };

	assert_null(alloc_request_error(mm, &req));
	return alloc_pages(mm, &req);
}

static inline unsigned long take(struct mm *mm, gfp_t gfp, unsigned int order)
{
	return take_on(mm, 0, gfp, order);
}

/* The same for a page that its owner lets be migrated: it counts as movable when a pageblock is stolen. */
static inline unsigned long take_migratable(struct mm *mm, gfp_t gfp, unsigned int order)
{
	struct alloc_request req = { .gfp = gfp, .order = order, .migratable = true };

	return alloc_pages(mm, &req);
}

/* Requests of one kind until the machine refuses; how many it served. */
static inline unsigned long take_all(struct mm *mm, gfp_t gfp, unsigned int order)
{
	unsigned long n = 0;

	while (take(mm, gfp, order) != PFN_NONE)
		n++;
	return n;
}

static inline void give_on(struct mm *mm, unsigned int cpu, unsigned long pfn, unsigned int order)
{
	assert_int_equal(free_pages(mm, cpu, pfn, order, false, NULL), 0);
}

static inline void give(struct mm *mm, unsigned long pfn, unsigned int order)
{
	give_on(mm, 0, pfn, order);
}

/* Text that grows; more than it holds fails the test. */
struct text {
	char buf[4096];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static inline void text_add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->len += (size_t)vsnprintf(text->buf + text->len, sizeof(text->buf) - text->len, format, args);
	va_end(args);
	assert_true(text->len < sizeof(text->buf));
}

/*
 * All free lists of a zone, lowest order first, each from its head:
 * "0M:1,7 3U:8" is pages 1 and 7 on the Movable list of order 0, and the block
 * of order 3 at 8 on the Unmovable one. Letters as in dumps: U M E H C I.
 */
static inline void add_free_lists(struct text *text, const struct mm *mm, const struct zone *zone)
{
	for (unsigned int order = 0; order <= mm->max_order; order++)
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &zone->free_area[order].free_list[mt];
			const char *separator = "";

			if (!list->nr)
				continue;
			text_add(text, "%s%u%c:", text->len ? " " : "", order, migratetype_letter(mt));
			for_each_free_block (mm, list, n) {
				text_add(text, "%s%lu", separator, entry_pfn(mm, order, n));
				separator = ",";
			}
		}
}

/* The lists of a CPU's page set in the same way; a page that remembers another type than its list's: 5/C. */
static inline void add_page_set(struct text *text, const struct mm *mm, const struct zone *zone,
				unsigned int cpu)
{
	for (unsigned int i = 0; i < NR_PCP_LISTS; i++) {
		const struct page_list *list = &zone->pcp[cpu].lists[i];
		bool large = i >= NR_LOWORDER_PCP_LISTS;
		unsigned int order = large ? mm->pageblock_order : i / MIGRATE_PCPTYPES;
		int mt = large ? (int)(i - NR_LOWORDER_PCP_LISTS) : (int)(i % MIGRATE_PCPTYPES);

		if (!list->nr)
			continue;
		text_add(text, "%s%u%c:", text->len ? " " : "", order, migratetype_letter(mt));
		for (uint32_t n = list->head; n != PFN_NIL; n = mm->memmap[n].next) {
			int type = (int)mm->memmap[n].private;

			text_add(text, "%s%u", n == list->head ? "" : ",", n);
			if (type != mt)
				text_add(text, "/%c", migratetype_letter(type));
		}
	}
}

static inline void assert_free_lists(const struct mm *mm, const struct zone *zone, const char *expected)
{
	struct text text = { .len = 0 };

	add_free_lists(&text, mm, zone);
	assert_string_equal(text.buf, expected);
	assert_int_equal(mm_check(mm, stderr), 0);
}

static inline void assert_page_set(const struct mm *mm, const struct zone *zone, unsigned int cpu,
				   const char *expected)
{
	struct text text = { .len = 0 };

	add_page_set(&text, mm, zone, cpu);
	assert_string_equal(text.buf, expected);
	assert_int_equal(mm_check(mm, stderr), 0);
}

/* The types of all pageblocks, a letter each. */
static inline void assert_pageblocks(const struct mm *mm, const char *expected)
{
	struct text text = { .len = 0 };

	for (unsigned long pfn = 0; pfn < mm->end_pfn; pfn += 1UL << mm->pageblock_order)
		text_add(&text, "%c", migratetype_letter(pfn_to_pageblock(mm, pfn)->migratetype));
	assert_string_equal(text.buf, expected);
}

static inline struct zone *normal_zone(const struct mm *mm)
{
	return test_find_zone(mm, 0, ZONE_NORMAL);
}

#endif
