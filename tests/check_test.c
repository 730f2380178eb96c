/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mm_check() on machines that are broken in one place each: what it is for is
 * to say so.
 */
#include "config.h"

#include <stdlib.h>

#include "core.h"

/*
 * 72 pages, the last 8 a CMA area. 40 is in use, 41 in the page set, 42 on the
 * LRU, blocks are free at 43, 44, 56, 16, 0 and 64; what else there is is in use.
 */
static struct mm *sound_machine(struct test_layout *t)
{
	struct alloc_request file = { .gfp = MOVABLE, .migratable = true, .lru = LRU_FILE };
	struct mm *mm;

	tiny_layout(t, 72, 3);
	t->layout.features.pcp = true;
	test_cma(t, "area", 64 * 4 * KIB, 8 * 4 * KIB);
	mm = test_boot(t);
	assert_int_equal(take(mm, MOVABLE, 4), 0);
	for (unsigned long pfn = 16; pfn <= 48; pfn += 8)
		assert_int_equal(take(mm, MOVABLE, 3), pfn);
	give(mm, 0, 4);
	give(mm, 16, 3);
	give(mm, 40, 3);
	drain_pages(mm, -1, NULL);
	assert_int_equal(take(mm, MOVABLE, 0), 40);
	assert_int_equal(take(mm, MOVABLE, 0), 41);
	assert_int_equal(alloc_pages(mm, &file), 42);
	give(mm, 41, 0);
	assert_free_lists(mm, normal_zone(mm), "0M:43 2M:44 3M:56,16 3C:64 4M:0");
	assert_page_set(mm, normal_zone(mm), 0, "0M:41");
	return mm;
}

static struct page *head_of(const struct mm *mm, unsigned int order, int mt)
{
	return &normal_zone(mm)->free_area[order].free_list[mt];
}

static void link_to_itself(struct mm *mm)
{
	mm->memmap[16].next = 16;
}

static void link_back_wrong(struct mm *mm)
{
	mm->memmap[56].prev = 0;
}

static void link_past_memory(struct mm *mm)
{
	mm->memmap[16].next = 1000000;
}

static void list_count(struct mm *mm)
{
	head_of(mm, 3, MIGRATE_MOVABLE)->nr++;
}

static void list_tail(struct mm *mm)
{
	head_of(mm, 3, MIGRATE_MOVABLE)->tail = 56;
}

static void remembered_type(struct mm *mm)
{
	mm->memmap[16].private = free_list_end(mm, head_of(mm, 3, MIGRATE_UNMOVABLE));
}

static void block_order(struct mm *mm)
{
	mm->memmap[0].flags = PG_BUDDY | 3;
}

static void block_zone(struct mm *mm)
{
	mm->memmap[0].zone++;
}

static void free_flag_lost(struct mm *mm)
{
	mm->memmap[0].flags = 0;
}

static void free_flag_without_list(struct mm *mm)
{
	mm->memmap[40].flags = PG_BUDDY;
}

static void head_inside_a_block(struct mm *mm)
{
	mm->memmap[4].flags = PG_USED | 1;
}

static void free_pages_counter(struct mm *mm)
{
	normal_zone(mm)->vm_stat[NR_FREE_PAGES]++;
}

static void unfolded_part(struct mm *mm)
{
	normal_zone(mm)->pcp[0].vm_stat_diff[NR_FREE_PAGES]--;
}

static void cma_counter(struct mm *mm)
{
	normal_zone(mm)->vm_stat[NR_FREE_CMA_PAGES] -= 8;
}

static void managed_pages(struct mm *mm)
{
	normal_zone(mm)->managed_pages = 73;
}

static void page_set_count(struct mm *mm)
{
	normal_zone(mm)->pcp[0].count = 2;
}

static void page_set_flag(struct mm *mm)
{
	mm->memmap[41].flags = 0;
}

static void pageblock_free(struct mm *mm)
{
	mm->pageblocks[5].nr_free--;
}

static void pageblock_pcp(struct mm *mm)
{
	mm->pageblocks[5].nr_pcp = 0;
}

static void pageblock_used(struct mm *mm)
{
	mm->pageblocks[5].nr_used[MIGRATE_MOVABLE]++;
}

static void pageblock_mobility(struct mm *mm)
{
	mm->pageblocks[5].nr_used[MIGRATE_MOVABLE]--;
	mm->pageblocks[5].nr_used[MIGRATE_UNMOVABLE]++;
}

/* 0..15 as four blocks of order 2, all listed and counted, which should have been one */
static void unmerged_pair(struct mm *mm)
{
	struct page *from = head_of(mm, 4, MIGRATE_MOVABLE), *to = head_of(mm, 2, MIGRATE_MOVABLE);

	from->head = from->tail = free_list_end(mm, from);
	from->nr = 0;
	for (uint32_t pfn = 0; pfn < 16; pfn += 4) {
		mm->memmap[pfn].identity = normal_zone(mm)->buddy_identity | 2;
		mm->memmap[pfn].private = free_list_end(mm, to);
		mm->memmap[pfn].next = free_list_end(mm, to);
		mm->memmap[pfn].prev = to->tail;
		mm->memmap[to->tail].next = pfn;
		to->tail = pfn;
		to->nr++;
	}
}

/* 16 is on the Unmovable list as well, as its only block */
static void block_twice(struct mm *mm)
{
	struct page *list = head_of(mm, 3, MIGRATE_UNMOVABLE);

	list->head = list->tail = 16;
	list->nr = 1;
}

static void lru_count(struct mm *mm)
{
	mm->nodes[0].lruvec.lists[LRU_INACTIVE_FILE].nr++;
}

static void lru_flag(struct mm *mm)
{
	mm->memmap[42].flags &= (uint16_t)~PG_LRU;
}

static const struct {
	void (*damage)(struct mm *mm);
	const char *says; /* a part of the first complaint */
} damages[] = {
	{ link_to_itself, "list is broken" },
	{ link_back_wrong, "list is broken" },
	{ link_past_memory, "list is broken" },
	{ list_count, "counted as 3" },
	{ list_tail, "has 2 blocks, counted as 2" },
	{ remembered_type, "is on the Movable list but remembers list" },
	{ block_order, "is marked 0x13" },
	{ block_zone, "of zone 1" },
	{ free_flag_lost, "is marked 0x0" },
	{ free_flag_without_list, "" },
	{ head_inside_a_block, "lies in the block at 0x0" },
	{ free_pages_counter, "nr_free_pages counts" },
	{ unfolded_part, "nr_free_pages counts" },
	{ cma_counter, "nr_free_cma counts 0, there are 8" },
	{ managed_pages, "managed 73" },
	{ page_set_count, "page set holds 1 pages, count is 2" },
	{ page_set_flag, "is marked 0x0" },
	{ pageblock_free, "pageblock 0x28: counters say" },
	{ pageblock_pcp, "pageblock 0x28: counters say" },
	{ pageblock_used, "pageblock 0x28: counters say" },
	{ pageblock_mobility, "pageblock 0x28: counters say" },
	{ unmerged_pair, "are not merged" },
	{ block_twice, "order 3 Unmovable list is broken" },
	{ lru_count, "list: 1 blocks, it says 2" },
	{ lru_flag, "is marked 0x" },
};

/* Each is found, said in words that name it, and counted with and without somebody to read them. */
static void each_damage_is_reported(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct test_layout t;
		struct mm *mm = sound_machine(&t);
		unsigned long violations;
		char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		damages[i].damage(mm);
		violations = mm_check(mm, out);
		fclose(out);
		if (!violations || !strstr(text, damages[i].says))
			fail_msg("damage %zu: %lu violations, no '%s' in: %s", i, violations, damages[i].says,
				 text);
		assert_int_equal(mm_check(mm, NULL), violations);
		free(text);
		mm_free(mm);
	}
}

/* Blocks of the highest order stand apart; they are looked at all the same. */
static void whole_blocks_are_checked(void **state)
{
	struct test_layout t;
	struct mm *mm;

	(void)state;
	tiny_layout(&t, 128, 3);
	mm = test_boot(&t);
	assert_int_equal(mm_check(mm, NULL), 0);
	mm->max_blocks[1].flags = 0;
	assert_true(mm_check(mm, NULL) > 0);
	mm_free(mm);

	mm = test_boot(&t);
	mm->pageblocks[5].nr_free--;
	assert_true(mm_check(mm, NULL) > 0);
	mm_free(mm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_damage_is_reported),
		cmocka_unit_test(whole_blocks_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
