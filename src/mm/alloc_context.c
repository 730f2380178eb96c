/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each kind of request looks through, worked out once: it follows from
 * the node, the zone and mobility bits and __GFP_THISNODE.
 */
#include "config.h"

#include "internal.h"

/*
 * Whether the first walk must not mix pageblock types: only where Normal is
 * preferred and there is a DMA32 to go to instead (alloc_flags_nofragment).
 */
static unsigned int alloc_flags_nofragment(const struct mm *mm, const struct alloc_context *ac)
{
	const struct zone *zone;

	if (*ac->preferred < 0)
		return 0;
	zone = mm->zones[*ac->preferred];
	if (zone->type != ZONE_NORMAL || zone->index == 0 || mm->zone_types[zone->index - 1] != ZONE_DMA32)
		return 0;
	if (mm->nr_nodes > 1 && !populated_zone(mm->zones[zone->id - 1]))
		return 0;
	return ALLOC_NOFRAGMENT;
}

static void build_context(const struct mm *mm, const struct pglist_data *node, gfp_t gfp,
			  struct alloc_context *ac)
{
	ac->highest_zoneidx = gfp_zone(mm, gfp);
	ac->migratetype = gfp_migratetype(mm, gfp);
	ac->zonelist = gfp & __GFP_THISNODE ? node->zonelist_thisnode : node->zonelist;
	ac->preferred = ac->zonelist;
	while (*ac->preferred >= 0 && mm->zones[*ac->preferred]->index > ac->highest_zoneidx)
		ac->preferred++;
	ac->zone = *ac->preferred < 0 ? NULL : mm->zones[*ac->preferred];
	ac->identity = ac->zone ? used_identity(ac->zone, ac->migratetype) : 0;
	ac->alloc_flags = alloc_flags_nofragment(mm, ac);
	if (ac->migratetype == MIGRATE_MOVABLE)
		ac->alloc_flags |= ALLOC_CMA;
}

void build_alloc_contexts(struct mm *mm)
{
	for (unsigned int n = 0; n < mm->nr_nodes; n++) {
		struct pglist_data *node = &mm->nodes[n];

		for (gfp_t kind = 0; kind < NR_ALLOC_CONTEXTS; kind++)
			build_context(mm, node,
				      (kind & ALLOC_CONTEXT_GFP) |
					      (kind & ALLOC_CONTEXT_THISNODE ? __GFP_THISNODE : 0),
				      &mm->contexts[n * NR_ALLOC_CONTEXTS + kind]);
	}
}
