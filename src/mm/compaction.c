/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compaction's part in the slow path. Nothing can be migrated yet, so it is
 * always skipped.
 */
#include "config.h"

#include "internal.h"

enum compact_result try_to_compact_pages(struct mm *mm, const struct alloc_request *req, unsigned int alloc_flags,
					 const struct alloc_context *ac, enum compact_priority priority,
					 unsigned long *pfn)
{
	(void)mm;
	(void)req;
	(void)alloc_flags;
	(void)ac;
	(void)priority;
	*pfn = PFN_NONE;
	return COMPACT_SKIPPED;
}

bool compaction_zonelist_suitable(struct mm *mm, const struct alloc_context *ac, unsigned int order,
				  unsigned int alloc_flags)
{
	(void)mm;
	(void)ac;
	(void)order;
	(void)alloc_flags;
	return false;
}

void compaction_defer_reset(struct mm *mm, struct zone *zone, int order, bool alloc_success)
{
	if (alloc_success) {
		zone->compact_considered = 0;
		zone->compact_defer_shift = 0;
	}
	(void)mm;
	if (order >= zone->compact_order_failed)
		zone->compact_order_failed = order + 1;
}
