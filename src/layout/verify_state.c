/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of a state held against memory and against each other. */
#include <config.h>

#include "convert_state.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/vmscan.h"

/* Whole frames, [start, end), sorted, neighbours of one node joined. */
struct frames {
	uint64_t start, end;
	int node;
};

struct state_memory {
	struct frames *memory, *kept; /* kept: reserved for good, or not mapped */
	size_t nr_memory, nr_kept;
};

static int by_start(const void *a, const void *b)
{
	const struct frames *f = a, *g = b;

	return f->start != g->start ? (f->start < g->start ? -1 : 1) : 0;
}

/* Sort, and join what touches. */
static size_t tidy(struct frames *frames, size_t nr)
{
	size_t last = 0;

	if (!nr)
		return 0;
	qsort(frames, nr, sizeof(*frames), by_start);
	for (size_t i = 1; i < nr; i++) {
		if (frames[i].start > frames[last].end || frames[i].node != frames[last].node)
			frames[++last] = frames[i];
		else if (frames[i].end > frames[last].end)
			frames[last].end = frames[i].end;
	}
	return last + 1;
}

void state_memory_init(struct state_conversion *s)
{
	const struct layout *l = s->c->layout;
	struct state_memory *m = s->memory = layout_alloc(1, sizeof(*m));
	uint64_t mask = (UINT64_C(1) << l->page_shift) - 1;

	m->memory = layout_alloc(s->c->nr_memory, sizeof(*m->memory));
	m->kept = layout_alloc(l->nr_reserved, sizeof(*m->kept));
	for (size_t i = 0; i < s->c->nr_memory; i++) {
		const struct span *span = &s->c->memory[i];

		m->memory[m->nr_memory++] =
			(struct frames){ (span->extent.start + mask) >> l->page_shift,
					 (span->extent.last + 1) >> l->page_shift, (int)span->node };
	}
	for (unsigned int i = 0; i < l->nr_reserved; i++) {
		const struct layout_reserved *r = &l->reserved[i];

		if (!r->freed_after_boot || r->no_map)
			m->kept[m->nr_kept++] = (struct frames){ r->range.start >> l->page_shift,
								 (r->range.end + mask) >> l->page_shift, 0 };
	}
	m->nr_memory = tidy(m->memory, m->nr_memory);
	m->nr_kept = tidy(m->kept, m->nr_kept);
}

void state_memory_free(struct state_conversion *s)
{
	free(s->memory->memory);
	free(s->memory->kept);
	free(s->memory);
	free(s->blocks);
}

/* The last run that begins at or before pfn; NULL: none. */
static const struct frames *run_before(const struct frames *frames, size_t nr, uint64_t pfn)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (frames[middle].start <= pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &frames[low - 1] : NULL;
}

static void report_block(struct state_conversion *s, const struct located *block, const char *what)
{
	diag_error(s->d, block->mark, "the block 0x%jx-0x%jx %s", (uintmax_t)block->pfn,
		   (uintmax_t)block->end - 1, what);
}

static void note_block(struct state_conversion *s, const struct located *block)
{
	s->blocks = layout_grow(s->blocks, &s->max_blocks, s->nr_blocks, sizeof(*s->blocks));
	s->blocks[s->nr_blocks++] = *block;
}

void state_add_block(struct state_conversion *s, struct located block, unsigned int order, int node)
{
	const struct state_memory *m = s->memory;
	const struct frames *run = run_before(m->memory, m->nr_memory, block.pfn),
			    *kept = run_before(m->kept, m->nr_kept, block.end - 1);

	if (block.pfn & ((UINT64_C(1) << order) - 1))
		diag_error(s->d, block.mark, "0x%jx is not aligned to a block of order %u",
			   (uintmax_t)block.pfn, order);
	else if (s->c->memory_known && (!run || run->end < block.end))
		report_block(s, &block, "is not in memory");
	else if (s->c->memory_known && node >= 0 && run->node != node)
		report_block(s, &block, "belongs to another node");
	else if (kept && kept->end > block.pfn)
		report_block(s, &block, "lies in reserved memory");
	else
		note_block(s, &block);
}

static int by_pfn(const void *a, const void *b)
{
	const struct located *x = a, *y = b;

	if (x->pfn != y->pfn)
		return x->pfn < y->pfn ? -1 : 1;
	return x->mark < y->mark ? -1 : x->mark > y->mark;
}

/* A conflict is reported at the one that comes later in the file. */
void verify_blocks(struct state_conversion *s)
{
	const struct located *widest = s->blocks;

	if (s->nr_blocks)
		qsort(s->blocks, s->nr_blocks, sizeof(*s->blocks), by_pfn);
	for (size_t i = 1; i < s->nr_blocks; i++) {
		const struct located *block = &s->blocks[i];
		const struct located *late = block->mark > widest->mark ? block : widest;
		const struct located *early = late == block ? widest : block;

		if (block->pfn < widest->end)
			diag_error(s->d, late->mark, "the block 0x%jx-0x%jx overlaps 0x%jx-0x%jx in line %lu",
				   (uintmax_t)late->pfn, (uintmax_t)late->end - 1, (uintmax_t)early->pfn,
				   (uintmax_t)early->end - 1, diag_line(s->d, early->mark));
		if (block->end > widest->end)
			widest = block;
	}
}

/* ---------------------------------------------------------- LRU lists --- */

static const struct located *find_allocation(const struct state_conversion *s, uint64_t pfn)
{
	struct located key = { .pfn = pfn };
	const struct located *end = s->blocks + s->nr_blocks;
	size_t low = 0, high = s->nr_blocks;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_pfn(&s->blocks[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (const struct located *b = s->blocks + low; b < end && b->pfn == pfn; b++)
		if (b->allocation)
			return b;
	return NULL;
}

/* The list that a page with these flags belongs on. */
static int list_of(uint16_t flags)
{
	return (flags & PG_ANON ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE) + (flags & PG_ACTIVE ? 1 : 0);
}

static void verify_list(struct state_conversion *s, const struct node *pfns, const struct state_list *list,
			int lru)
{
	const struct node *entry;
	size_t next = 0;

	for (unsigned long i = 0; i < list->nr && (entry = index_next(pfns, &next)); i++) {
		const struct located *found = find_allocation(s, list->pfns[i]);

		if (!found)
			diag_error(s->d, entry->mark, "0x%lx is not the first page of an allocation",
				   list->pfns[i]);
		else if (!(found->allocation->flags & PG_LRU))
			diag_error(s->d, entry->mark, "the allocation at 0x%lx has not the flag lru",
				   list->pfns[i]);
		else if (list_of(found->allocation->flags) != lru)
			diag_error(s->d, entry->mark,
				   "the flags of the allocation at 0x%lx are those of another list",
				   list->pfns[i]);
	}
}

void verify_lru(struct state_conversion *s, const struct node *nodes)
{
	const struct node *node, *list, *word;
	size_t next = 0;

	for (unsigned int n = 0; n < s->state->nr_nodes && (node = index_next(nodes, &next)); n++) {
		size_t nth = 0;

		while ((list = index_next(index_key(node, "lru"), &nth))) {
			word = index_key(list, "list");
			for (int lru = 0; word && lru < NR_LRU_LISTS; lru++)
				if (strcmp(word->value, lru_list_name(lru)) == 0)
					verify_list(s, index_key(list, "pfns"), &s->state->nodes[n].lru[lru],
						    lru);
		}
	}
}
