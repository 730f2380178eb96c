/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fragmented a zone is, for a request of an order: the two indexes of
 * mm/vmstat.c, times 1000, with the kernel's integer arithmetic.
 */
#include "config.h"

#include "buddyviz/page_alloc.h"

struct contig_page_info {
	unsigned long free_pages, free_blocks_total;
	unsigned long free_blocks_suitable; /* blocks of the order asked for that the free ones hold */
};

static void fill_contig_page_info(const struct mm *mm, const struct zone *zone, unsigned int suitable_order,
				  struct contig_page_info *info)
{
	*info = (struct contig_page_info){ 0 };
	for (unsigned int order = 0; order <= mm->max_order; order++) {
		unsigned long blocks = free_area_nr(&zone->free_area[order]);

		info->free_blocks_total += blocks;
		info->free_pages += blocks << order;
		if (order >= suitable_order)
			info->free_blocks_suitable += blocks << (order - suitable_order);
	}
}

int fragmentation_index(const struct mm *mm, const struct zone *zone, unsigned int order)
{
	struct contig_page_info info;
	uint64_t blocks_worth;

	fill_contig_page_info(mm, zone, order, &info);
	if (!info.free_blocks_total)
		return 0;
	/* the index says why a request would fail; this one would not */
	if (info.free_blocks_suitable)
		return FRAGINDEX_BLOCK_FREE;
	/* towards 0: too little memory; towards 1000: too fragmented */
	blocks_worth = info.free_pages * UINT64_C(1000) >> order;
	return 1000 - (int)((1000 + blocks_worth) / info.free_blocks_total);
}

int unusable_free_index(const struct mm *mm, const struct zone *zone, unsigned int order)
{
	struct contig_page_info info;

	fill_contig_page_info(mm, zone, order, &info);
	if (!info.free_pages)
		return 1000;
	return (int)((info.free_pages - (info.free_blocks_suitable << order)) * UINT64_C(1000) /
		     info.free_pages);
}
