/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read a state and hold its blocks against each other
 * (convert_state*.c, verify_state.c) need of each other.
 *
 * Each part is read from its place in the index, which a message points to,
 * and from the same place as libcyaml loaded it. A mistake is reported to
 * s->d, and reading goes on with something harmless in its place; nobody
 * looks at a state with errors afterwards. All that is read belongs to
 * s->state, and state_free() frees it.
 */
#ifndef BUDDYVIZ_LAYOUT_CONVERT_STATE_H
#define BUDDYVIZ_LAYOUT_CONVERT_STATE_H

#include "state.h"

/* A block of the state and where it is written. */
struct located {
	uint64_t pfn, end;
	size_t mark;
	const struct state_allocation *allocation; /* NULL: free */
};

/* A state on its way from raw to checked. */
struct state_conversion {
	struct conversion *c;
	struct diag *d;
	struct mm_state *state;
	struct located *blocks;
	size_t nr_blocks, max_blocks;
	struct state_memory *memory;
};

/* --------------------------------------------- convert_state_lists.c --- */

/*
 * Read the page frame number "0x1234" or, if suffix is not NULL, "0x1234/X";
 * *suffix is then what stands behind the slash, a part of text, or "". false,
 * reported at mark: it is none, or past 2^32; *pfn means nothing then.
 */
bool state_read_pfn(struct state_conversion *s, size_t mark, const char *text, const char **suffix,
		    uint64_t *pfn);

/* The migratetype of a letter as migratetype_letter() writes it; -1: it is none's. */
int state_letter_type(char letter);

/*
 * An order up to the layout's max_order, and a CPU that the machine has. at
 * is the key's value, NULL if it is not given or was reported. false, *out as
 * it was: there is none or, reported, it is too large.
 */
bool state_read_order(struct state_conversion *s, const struct node *at, uint64_t order, unsigned int *out);
bool state_read_cpu(struct state_conversion *s, const struct node *at, uint64_t cpu, unsigned int *out);

/*
 * The lists under `free` and `pcp` of the zone at `at`, into to->free and
 * to->pcp. Their blocks are noted, see state_add_block(); node is the index of
 * the zone's node, -1 if it is not known.
 */
void state_read_free_lists(struct state_conversion *s, const struct node *at,
			   const struct raw_zone_state *raw, struct zone_state *to, int node);
void state_read_page_sets(struct state_conversion *s, const struct node *at, const struct raw_zone_state *raw,
			  struct zone_state *to, int node);

/* --------------------------------------------- convert_state_zones.c --- */

/* The zones of the state at `at`, with their lists, into s->state->zones. */
void state_read_zones(struct state_conversion *s, const struct node *at, const struct raw_state *raw);

/* --------------------------------------------- convert_state_nodes.c --- */

/* The index in layout->nodes of the node of that id; -1, reported unless at is NULL: none. */
int state_read_node(struct state_conversion *s, const struct node *at, uint64_t id);

/* The nodes of the state at `at`, with their LRU lists, into s->state->nodes. */
void state_read_nodes(struct state_conversion *s, const struct node *at, const struct raw_state *raw);

/* --------------------------------------- convert_state_allocations.c --- */

/* The allocations of the state at `at` into s->state->allocations; blocks that are held are noted. */
void state_read_allocations(struct state_conversion *s, const struct node *at, const struct raw_state *raw);

/* ---------------------------------------------------- verify_state.c --- */

/* Memory and reserved ranges as whole frames, before the first block is noted; s keeps them. */
void state_memory_init(struct state_conversion *s);
/* Free them and the blocks noted; not the state. */
void state_memory_free(struct state_conversion *s);

/* Note a block; it is reported instead if it is misaligned, not in the node's memory (-1: any) or reserved.
 */
void state_add_block(struct state_conversion *s, struct located block, unsigned int order, int node);

/*
 * Report blocks that overlap, and pages on LRU lists that are no allocations
 * of their kind; nodes is where the nodes of the state stand. verify_blocks()
 * sorts the blocks noted, so verify_lru() comes after it.
 */
void verify_blocks(struct state_conversion *s);
void verify_lru(struct state_conversion *s, const struct node *nodes);

#endif
