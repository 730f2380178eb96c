/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of free blocks and page sets, and what is written of a block wherever
 * one stands: page frame number, order, CPU, the letter of its type.
 */
#include <config.h>

#include "convert_state.h"

#include <string.h>

bool state_read_pfn(struct state_conversion *s, size_t mark, const char *text, const char **suffix,
		    uint64_t *pfn)
{
	const char *slash = suffix ? strchr(text, '/') : NULL;
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char number[32] = "";
	enum number_status status;

	/* what is longer is no number of a page, whatever it says */
	memcpy(number, text, len < sizeof(number) ? len : 0);
	status = number_parse_integer(number, pfn);
	if (status == NUMBER_OK && *pfn > UINT32_MAX)
		status = NUMBER_OVERFLOW;
	if (suffix)
		*suffix = slash ? slash + 1 : "";
	if (status == NUMBER_OVERFLOW)
		diag_error(s->d, mark, "page frame number '%s' is past 2^32", number);
	else if (status != NUMBER_OK)
		number_complain(s->d, mark, "pfn", text, "page frame number", status);
	return status == NUMBER_OK;
}

int state_letter_type(char letter)
{
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		if (migratetype_letter(mt) == letter)
			return mt;
	return -1;
}

/* The type a page of a page set remembers: its list's, unless a letter says otherwise. */
static void read_type(struct state_conversion *s, size_t mark, const char *letter, uint8_t *type)
{
	int mt = state_letter_type(letter[0]);

	if (mt >= 0 && !letter[1])
		*type = (uint8_t)mt;
	else if (*letter)
		diag_error(s->d, mark, "'%.8s' behind the slash is none of U, M, E, H, C, I", letter);
}

/* Entries of a list; blocks of a page set have types. */
static void read_blocks(struct state_conversion *s, const struct node *at, const struct raw_blocks *raw,
			int node, bool pcp, struct state_list *to)
{
	const struct node *pfns = index_key(at, "pfns"), *entry;
	const char *suffix = "";
	size_t next = 0;
	uint64_t pfn;

	to->pfns = layout_alloc(raw->pfns_count, sizeof(*to->pfns));
	to->types = pcp ? layout_alloc(raw->pfns_count, sizeof(*to->types)) : NULL;
	while (to->nr < raw->pfns_count && (entry = index_next(pfns, &next))) {
		if (!state_read_pfn(s, entry->mark, raw->pfns[to->nr], pcp ? &suffix : NULL, &pfn))
			pfn = 0;
		else
			state_add_block(s,
					(struct located){ .pfn = pfn,
							  .end = pfn + (1ull << to->order),
							  .mark = entry->mark },
					to->order, node);
		if (pcp) {
			to->types[to->nr] = (uint8_t)to->migratetype;
			read_type(s, entry->mark, suffix, &to->types[to->nr]);
		}
		to->pfns[to->nr++] = pfn;
	}
}

bool state_read_order(struct state_conversion *s, const struct node *at, uint64_t order, unsigned int *out)
{
	const struct layout *l = s->c->layout;

	if (!at)
		return false;
	if (order > l->max_order) {
		diag_error(s->d, at->mark, "order must be 0 to max_order, which is %u, not %ju", l->max_order,
			   (uintmax_t)order);
		return false;
	}
	*out = (unsigned int)order;
	return true;
}

bool state_read_cpu(struct state_conversion *s, const struct node *at, uint64_t cpu, unsigned int *out)
{
	if (!at)
		return false;
	if (cpu >= s->c->layout->cpus) {
		diag_error(s->d, at->mark, "cpu %ju is none of the machine's, which has %u", (uintmax_t)cpu,
			   s->c->layout->cpus);
		return false;
	}
	*out = (unsigned int)cpu;
	return true;
}

/* The list of the same place that came before, if any; page sets of the highest order are told apart by
 * Movable only. */
static bool same_list(const struct state_list *a, const struct state_list *b)
{
	return a->order == b->order && a->migratetype == b->migratetype && a->cpu == b->cpu;
}

static void report_second_list(struct state_conversion *s, const struct node *at,
			       const struct state_list *lists, unsigned int nr)
{
	for (unsigned int i = 0; i < nr && index_key(at, "migratetype"); i++) {
		if (!same_list(&lists[i], &lists[nr]))
			continue;
		diag_error(s->d, at->mark, "a second list of order %u and migratetype %c", lists[nr].order,
			   migratetype_letter(lists[nr].migratetype));
		return;
	}
}

void state_read_free_lists(struct state_conversion *s, const struct node *at,
			   const struct raw_zone_state *raw, struct zone_state *to, int node)
{
	const struct node *lists = index_key(at, "free"), *entry;
	size_t next = 0;

	to->free = layout_alloc(raw->free_count, sizeof(*to->free));
	while (to->nr_free < raw->free_count && (entry = index_next(lists, &next))) {
		const struct raw_blocks *blocks = &raw->free[to->nr_free];
		struct state_list *list = &to->free[to->nr_free];

		list->migratetype = blocks->migratetype;
		if (state_read_order(s, index_key(entry, "order"), blocks->order, &list->order)) {
			report_second_list(s, entry, to->free, to->nr_free);
			read_blocks(s, entry, blocks, node, false, list);
		}
		to->nr_free++;
	}
}

static bool check_pcp_order(struct state_conversion *s, const struct node *entry,
			    const struct state_list *list)
{
	const struct layout *l = s->c->layout;

	if (list->order <= PAGE_ALLOC_COSTLY_ORDER || list->order == l->pageblock_order)
		return true;
	diag_error(s->d, index_key(entry, "order")->mark,
		   "page sets hold orders 0 to %d and pageblock_order, which is %u, not %u",
		   PAGE_ALLOC_COSTLY_ORDER, l->pageblock_order, list->order);
	return false;
}

void state_read_page_sets(struct state_conversion *s, const struct node *at, const struct raw_zone_state *raw,
			  struct zone_state *to, int node)
{
	const struct node *lists = index_key(at, "pcp"), *entry;
	size_t next = 0;

	to->pcp = layout_alloc(raw->pcp_count, sizeof(*to->pcp));
	while (to->nr_pcp < raw->pcp_count && (entry = index_next(lists, &next))) {
		const struct raw_blocks *blocks = &raw->pcp[to->nr_pcp];
		struct state_list *list = &to->pcp[to->nr_pcp];

		list->migratetype = blocks->migratetype;
		if (state_read_order(s, index_key(entry, "order"), blocks->order, &list->order) &&
		    check_pcp_order(s, entry, list) &&
		    state_read_cpu(s, index_key(entry, "cpu"), blocks->cpu, &list->cpu)) {
			report_second_list(s, entry, to->pcp, to->nr_pcp);
			read_blocks(s, entry, blocks, node, true, list);
		}
		to->nr_pcp++;
	}
}
