/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LRU lists: where a new page goes, what a touch does, isolation and migration of what is on them. */
#include "config.h"

#include "vmscan_world.h"
#include "../src/mm/internal.h"

/* Nth owner from the head of a list. */
static uint32_t nth(struct world *w, enum lru_list lru, unsigned int n)
{
	uint32_t pfn = w->mm->nodes[0].lruvec.lists[lru].head;

	while (n--)
		pfn = w->mm->memmap[pfn].next;
	return w->mm->memmap[pfn].private;
}

static void new_pages_are_inactive(void **state)
{
	struct world *w = world_new(32, 4);
	uint32_t a, b, f, big;

	(void)state;
	world_boot(w);
	a = ask_anon(w);
	b = ask_anon(w);
	f = ask_file(w);
	big = ask(w, 3, GFP_HIGHUSER_MOVABLE, LRU_FILE);
	ask(w, 0, GFP_KERNEL, LRU_NONE);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 0), b);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 1), a);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), big);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 1), f);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_ANON], 2);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_FILE], 9);
	assert_int_equal(zone_page_state_snapshot(normal(w), w->mm, NR_ZONE_INACTIVE_FILE), 9);
	give_back(w, a);
	give_back(w, big);
	assert_int_equal(nth(w, LRU_INACTIVE_ANON, 0), b);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_INACTIVE_FILE], 1);
	world_free(w);
}

/* inactive,referenced -> active,unreferenced -> active,referenced (folio_mark_accessed) */
static void a_file_page_read_twice_is_active(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_REFERENCED);
	page_touch(w->mm, w->owners[f].pfn);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_ACTIVE);
	page_touch(w->mm, w->owners[f].pfn);
	assert_int_equal(page_of(w, f)->flags & (PG_ACTIVE | PG_REFERENCED), PG_ACTIVE | PG_REFERENCED);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ACTIVE_FILE], 1);
	assert_int_equal(w->mm->vm_events[PGACTIVATE], 1);
	world_free(w);
}

static void isolated_pages_come_back(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f, g;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	g = ask_file(w);
	assert_true(lru_isolate(w->mm, w->owners[f].pfn));
	assert_false(lru_isolate(w->mm, w->owners[f].pfn));
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), g);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 1);
	lru_putback(w->mm, w->owners[f].pfn);
	assert_int_equal(nth(w, LRU_INACTIVE_FILE, 0), f);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_ISOLATED_FILE], 0);
	world_free(w);
}

/* What compaction does with a page: its state goes along, and the dirty count stays right. */
static void migration_takes_the_state_along(void **state)
{
	struct world *w = world_new(32, 0);
	uint32_t f, to;
	unsigned long from;

	(void)state;
	world_boot(w);
	f = ask_file(w);
	to = ask(w, 0, GFP_HIGHUSER_MOVABLE, LRU_NONE);
	from = w->owners[f].pfn;
	page_set_dirty(w->mm, from);
	page_touch(w->mm, from);
	assert_true(lru_isolate(w->mm, from));
	lru_migrate(w->mm, from, w->owners[to].pfn);
	lru_putback(w->mm, w->owners[to].pfn);
	assert_int_equal(free_pages(w->mm, 0, from, 0, false, NULL), 0);
	assert_int_equal(page_of(w, to)->flags & (PG_LRU | PG_ACTIVE | PG_DIRTY),
			 PG_LRU | PG_ACTIVE | PG_DIRTY);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_FILE_DIRTY], 1);
	assert_int_equal(w->mm->nodes[0].vm_stat[NR_DIRTIED], 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_pages_are_inactive),
		cmocka_unit_test(a_file_page_read_twice_is_active),
		cmocka_unit_test(isolated_pages_come_back),
		cmocka_unit_test(migration_takes_the_state_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
