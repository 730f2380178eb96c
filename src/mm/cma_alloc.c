/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contiguous memory out of a CMA area: a free stretch of its bitmap, and the
 * movable pages that live there sent elsewhere. Follows mm/cma.c.
 */
#include "config.h"

#include <limits.h>

#include "compaction.h"

static void set_bits(struct cma_area *cma, unsigned long start, unsigned long nr, bool value)
{
	for (unsigned long bit = start; bit < start + nr; bit++) {
		unsigned long mask = 1UL << (bit % BITS_PER_LONG);

		if (value)
			cma->bitmap[bit / BITS_PER_LONG] |= mask;
		else
			cma->bitmap[bit / BITS_PER_LONG] &= ~mask;
	}
}

static unsigned long nr_bits(const struct cma_area *cma, unsigned long pages)
{
	return (pages + (1UL << cma->order_per_bit) - 1) >> cma->order_per_bit;
}

/*
 * The first aligned stretch of nr clear bits from bit start on, or the
 * bitmap's length and more (bitmap_find_next_zero_area_off).
 */
static unsigned long find_zero_area(const struct cma_area *cma, unsigned long start, unsigned long nr,
				    unsigned long mask, unsigned long offset)
{
	unsigned long size = nr_bits(cma, cma->count), index, bit;

	for (;; start = bit + 1) {
		while (start < size && cma_bit_set(cma, start))
			start++;
		index = ((start + offset + mask) & ~mask) - offset;
		if (index + nr > size)
			return index + nr;
		for (bit = index; bit < index + nr && !cma_bit_set(cma, bit); bit++)
			;
		if (bit == index + nr)
			return index;
	}
}

static const char *error_text(int error)
{
	switch (error) {
	case ERR_NOMEM:
		return "no room elsewhere for a page that lives in the area";
	case ERR_INTR:
		return "interrupted";
	default:
		return "no free stretch of that length and alignment, or pages in each that do not move";
	}
}

/* Try one stretch after the other; the first PFN or PFN_NONE with the reason in report. */
static unsigned long try_stretches(struct mm *mm, struct cma_area *cma, unsigned long count,
				   unsigned int align, uint32_t owner, struct cma_report *report)
{
	unsigned long mask = align > cma->order_per_bit ? (1UL << (align - cma->order_per_bit)) - 1 : 0;
	unsigned long offset = (cma->base_pfn & ((1UL << align) - 1)) >> cma->order_per_bit;
	unsigned long bits = nr_bits(cma, count), bit, pfn;
	int ret = ERR_BUSY;

	for (unsigned long start = 0; ret == ERR_BUSY; start = bit + mask + 1) {
		bit = find_zero_area(cma, start, bits, mask, offset);
		if (bit >= nr_bits(cma, cma->count))
			break;
		set_bits(cma, bit, bits, true);
		pfn = cma->base_pfn + (bit << cma->order_per_bit);
		report->tries++;
		ret = alloc_contig_range(mm, pfn, pfn + count, MIGRATE_CMA, owner, &report->busy_pfn);
		if (!ret)
			return pfn;
		set_bits(cma, bit, bits, false);
		if (ret == ERR_BUSY)
			trace(mm, CMA_ALLOC_BUSY_RETRY, .pfn = pfn, .a = (long)count, .b = (long)align,
			      .text = cma->name);
	}
	report->error = error_text(ret);
	return PFN_NONE;
}

unsigned long cma_alloc(struct mm *mm, struct cma_area *cma, unsigned long count, unsigned int align,
			uint32_t owner, struct cma_report *report)
{
	struct cma_report own;
	unsigned long pfn;

	if (!report)
		report = &own;
	*report = (struct cma_report){ .busy_pfn = PFN_NONE };
	if (!count || nr_bits(cma, count) > nr_bits(cma, cma->count) || align >= BITS_PER_LONG) {
		report->error = count ? "more than the area has" : "no pages asked for";
		mm->vm_events[CMA_ALLOC_FAIL]++;
		return PFN_NONE;
	}
	trace(mm, CMA_ALLOC_START, .a = (long)count, .b = (long)align, .text = cma->name);
	pfn = try_stretches(mm, cma, count, align, owner, report);
	trace(mm, CMA_ALLOC_FINISH, .pfn = pfn, .a = (long)count, .b = (long)align, .text = cma->name);
	mm->vm_events[pfn == PFN_NONE ? CMA_ALLOC_FAIL : CMA_ALLOC_SUCCESS]++;
	if (pfn != PFN_NONE)
		cma->nr_used += count;
	return pfn;
}

bool cma_release(struct mm *mm, struct cma_area *cma, unsigned long pfn, unsigned long count)
{
	unsigned long first = (pfn - cma->base_pfn) >> cma->order_per_bit;

	if (!count || pfn < cma->base_pfn || count > cma->count || pfn - cma->base_pfn > cma->count - count)
		return false;
	for (unsigned long bit = first; bit < first + nr_bits(cma, count); bit++)
		if (!cma_bit_set(cma, bit))
			return false;
	for (unsigned long p = pfn; p < pfn + count; p++)
		free_pages(mm, mm->cpu, p, 0, false, NULL);
	set_bits(cma, first, nr_bits(cma, count), false);
	cma->nr_used -= count;
	trace(mm, CMA_RELEASE, .pfn = pfn, .a = (long)count, .text = cma->name);
	return true;
}
