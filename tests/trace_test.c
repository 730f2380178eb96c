/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tracepoints: who hears what, in which order, and in what words.
 */
#include "config.h"

#include "core.h"

/* What a listener heard, by name. */
static void write_name(void *arg, const struct mm *mm, const struct trace_event *event)
{
	struct text *text = arg;

	/* the machine can be read at any event */
	assert_true(mm->nr_zones > 0);
	text_add(text, "%s%s", text->len ? " " : "", trace_name(event->id));
}

static void write_line(void *arg, const struct mm *mm, const struct trace_event *event)
{
	char line[256];

	text_add(arg, "%s\n", trace_format(mm, event, line, sizeof(line)));
}

#define LISTS (TRACE_BIT(TRACE_EXPAND) | TRACE_BIT(TRACE_MERGE) | TRACE_BIT(TRACE_FREE_DONE))

/* A listener hears what is in its mask, from when it is attached until it is detached. */
static void listeners_hear_what_they_ask_for(void **state)
{
	struct text all = { .len = 0 }, some = { .len = 0 };
	struct trace_listener everything = { .fn = write_name, .arg = &all, .mask = TRACE_ALL };
	struct trace_listener lists = { .fn = write_name, .arg = &some, .mask = LISTS };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 32, 3);
	mm = test_boot(&t);
	take(mm, MOVABLE, 4);
	assert_int_equal(all.len, 0);
	trace_attach(mm, &everything);
	trace_attach(mm, &lists);
	take(mm, MOVABLE, 3);
	trace_detach(mm, &everything);
	give(mm, 16, 3);
	trace_detach(mm, &lists);
	give(mm, 0, 4);
	assert_int_equal(mm->trace_mask, 0);
	assert_string_equal(all.buf, "alloc_pages zone_watermark_ok rmqueue_smallest del_page_from_free_list "
				     "add_to_free_list expand mm_page_alloc_zone_locked mm_page_alloc");
	assert_string_equal(some.buf, "expand free_one_page_merge free_one_page");
	mm_free(mm);
}

/* What is said names the pages, the lists and which end of them. */
static void lines_say_what_happened(void **state)
{
	struct text text = { .len = 0 };
	struct trace_listener listener = { .fn = write_line,
					   .arg = &text,
					   .mask = LISTS | TRACE_BIT(TRACE_FREE_LIST_ADD) |
						   TRACE_BIT(TRACE_PAGEBLOCK_TYPE) };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 32, 3);
	mm = test_boot(&t);
	trace_attach(mm, &listener);
	take(mm, GFP_KERNEL, 4);
	assert_non_null(strstr(text.buf, "pageblock 0x18: Movable → Unmovable\n"));
	assert_non_null(strstr(text.buf, "expand: upper half 0x10 → free_list[4] Unmovable, head\n"));
	text.len = 0;
	give(mm, 0, 4);
	assert_non_null(strstr(text.buf, "add_to_free_list: 0x0 → free_list[5] Unmovable, head\n"));
	mm_free(mm);
}

/*
 * The watermark check reads the zone's counter, which lags behind by what the CPUs have not added yet: two
 * pages here, as the threshold of one CPU and a zone this small is 2 * fls(1) * (1 + fls(0)).
 */
static void lagging_counters_are_told(void **state)
{
	struct text text = { .len = 0 };
	struct trace_listener listener = { .fn = write_line,
					   .arg = &text,
					   .mask = TRACE_BIT(TRACE_WATERMARK_CHECK) };
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 32, 3);
	mm = test_boot(&t);
	trace_attach(mm, &listener);
	for (int i = 0; i < 4; i++)
		take(mm, MOVABLE, 0);
	assert_non_null(strstr(text.buf, ": free 32 over low"));
	assert_non_null(strstr(text.buf, ": free 32 (31 really) over low"));
	assert_non_null(strstr(text.buf, ": free 32 (30 really) over low"));
	assert_non_null(strstr(text.buf, ": free 29 over low"));
	mm_free(mm);
}

/* Each event begins its line with its name, says something more, and stays one line, whatever its fields. */
static void every_event_can_be_said(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 64, 3);
	mm = test_boot(&t);
	for (int id = 0; id < NR_TRACE_EVENTS; id++) {
		struct trace_event event = {
			.id = (enum trace_id)id, .zone = normal_zone(mm), .pfn = 1, .text = "text"
		};
		size_t len = strlen(trace_name(event.id));
		char line[256], small[8];

		assert_string_not_equal(trace_name(event.id), "");
		assert_ptr_equal(trace_format(mm, &event, line, sizeof(line)), line);
		assert_memory_equal(line, trace_name(event.id), len);
		assert_true(strlen(line) > len + 2);
		assert_null(strchr(line, '\n'));
		/* too small a buffer is filled, and no more */
		trace_format(mm, &event, small, sizeof(small));
		assert_true(strlen(small) < sizeof(small));
	}
	mm_free(mm);
}

/* The kernel's tracepoints have the kernel's names. */
static void names_are_the_kernels(void **state)
{
	(void)state;
	assert_true(NR_TRACE_EVENTS <= 64);
	assert_string_equal(trace_name(TRACE_MM_PAGE_ALLOC), "mm_page_alloc");
	assert_string_equal(trace_name(TRACE_MM_PAGE_FREE), "mm_page_free");
	assert_string_equal(trace_name(TRACE_MM_PAGE_ALLOC_EXTFRAG), "mm_page_alloc_extfrag");
	assert_string_equal(trace_name(TRACE_MM_PAGE_PCPU_DRAIN), "mm_page_pcpu_drain");
	assert_string_equal(trace_name(TRACE_WAKEUP_KSWAPD), "mm_vmscan_wakeup_kswapd");
	assert_string_equal(trace_name(TRACE_MM_COMPACTION_MIGRATEPAGES), "mm_compaction_migratepages");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listeners_hear_what_they_ask_for),
		cmocka_unit_test(lines_say_what_happened),
		cmocka_unit_test(lagging_counters_are_told),
		cmocka_unit_test(every_event_can_be_said),
		cmocka_unit_test(names_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
