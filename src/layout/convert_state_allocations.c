/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The allocations of a state: blocks that are held, and handles whose block is gone. */
#include <config.h>

#include "convert_state.h"

#include <stdlib.h>
#include <string.h>

static void read_gfp(struct state_conversion *s, const struct node *at, const char *text, gfp_t *gfp)
{
	const char *bad;
	size_t len;
	char *quoted;

	*gfp = GFP_KERNEL;
	if (!at || !text || gfp_parse(text, gfp, &bad, &len) == 0)
		return;
	quoted = text_quote(bad, len);
	diag_error(s->d, at->mark, "gfp: unknown name %s", quoted);
	free(quoted);
}

static char *read_name(struct state_conversion *s, const struct node *at, const char *text)
{
	if (!at || !text)
		return NULL;
	if (!*text || text_has_control(text, strlen(text)))
		diag_error(s->d, at->mark,
			   *text ? "name: only printable characters are allowed" : "name must not be empty");
	return layout_strdup(text);
}

static void read_flags(const struct node *entry, const struct raw_allocation *raw,
		       struct state_allocation *to)
{
	to->flags = state_default_flags(to->gfp);
	/* an empty list says something, too: libcyaml loads it as NULL */
	if (index_key(entry, "flags")) {
		to->flags &= STATE_MOBILITY_MASK;
		for (uint32_t i = 0; i < raw->flags_count; i++)
			to->flags |= (uint16_t)raw->flags[i];
	}
	if (raw->migratetype)
		to->flags = (uint16_t)((to->flags & ~STATE_MOBILITY_MASK) | (unsigned int)*raw->migratetype
										    << PG_MT_SHIFT);
}

/* Where its block is; an entry without one is a handle that was freed. */
static void read_place(struct state_conversion *s, const struct node *entry, const struct raw_allocation *raw,
		       struct state_allocation *to)
{
	const struct node *pfn = index_key(entry, "pfn"), *order = index_key(entry, "order");
	struct located block = { .allocation = to };

	to->pfn = PFN_NONE;
	to->count = raw->count ? *raw->count : 0;
	if (to->gone) {
		if (pfn)
			diag_error(s->d, pfn->mark, "what is gone has no pfn");
		if (raw->order)
			state_read_order(s, order, *raw->order, &to->order);
		return;
	}
	if (!pfn && !order && !raw->gfp)
		return;
	if (!pfn || !order) {
		diag_error(s->d, index_first_key(entry), "key '%s' is missing in an entry of allocations",
			   pfn ? "order" : "pfn");
		return;
	}
	if (!raw->order || !state_read_order(s, order, *raw->order, &to->order) ||
	    !state_read_pfn(s, pfn->mark, raw->pfn, NULL, &block.pfn))
		return;
	to->pfn = block.pfn;
	block.mark = pfn->mark;
	block.end = block.pfn + ((to->count ? to->count & UINT32_MAX : 1) << to->order);
	state_add_block(s, block, to->order, -1);
}

void state_read_allocations(struct state_conversion *s, const struct node *at, const struct raw_state *raw)
{
	const struct node *allocations = index_key(at, "allocations"), *entry;
	struct mm_state *state = s->state;
	size_t next = 0;

	state->allocations = layout_alloc(raw->allocations_count, sizeof(*state->allocations));
	while (state->nr_allocations < raw->allocations_count && (entry = index_next(allocations, &next))) {
		const struct raw_allocation *from = &raw->allocations[state->nr_allocations];
		struct state_allocation *to = &state->allocations[state->nr_allocations++];

		to->name = read_name(s, index_key(entry, "name"), from->name);
		to->owner = from->owner ? layout_strdup(from->owner) : NULL;
		to->kind = from->kind ? (unsigned int)*from->kind : 0;
		to->refused = from->refused && *from->refused;
		to->lru = from->lru ? (unsigned int)*from->lru : 0;
		to->gone = from->gone ? (unsigned int)*from->gone : 0;
		to->shadow = from->shadow ? *from->shadow : 0;
		read_gfp(s, index_key(entry, "gfp"), from->gfp, &to->gfp);
		read_flags(entry, from, to);
		read_place(s, entry, from, to);
	}
}
