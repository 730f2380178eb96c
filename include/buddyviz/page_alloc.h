/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests: alloc_pages and __free_pages, and the words for why one failed.
 */
#ifndef BUDDYVIZ_PAGE_ALLOC_H
#define BUDDYVIZ_PAGE_ALLOC_H

#include "buddyviz/mm.h"

/* Whether the pages of a request go on the LRU lists, and as what. */
enum lru_use {
	LRU_NONE, /* the kernel's own, or held by a driver */
	LRU_ANON, /* anonymous memory of a process */
	LRU_FILE, /* page cache */
};

struct alloc_request {
	gfp_t gfp;
	unsigned int order;
	int node;         /* index in mm->nodes of the preferred node */
	unsigned int cpu; /* the CPU that asks */
	bool cold;        /* page sets are filled and emptied at the tail */
	bool migratable;  /* the owner lets compaction move the block */
	enum lru_use lru;
	uint32_t owner; /* the owner's number, kept in page->private */
};

/*
 * What a request may do (mm/internal.h's ALLOC_*): the low bits choose the
 * watermark, the others open reserves.
 */
enum alloc_flags {
	ALLOC_WMARK_MASK = 0x03,
	ALLOC_NO_WATERMARKS = 0x04,
	ALLOC_OOM = 0x08,
	ALLOC_NON_BLOCK = 0x10,   /* cannot sleep: a quarter more of the reserve */
	ALLOC_MIN_RESERVE = 0x20, /* __GFP_HIGH: half of the min watermark */
	ALLOC_CMA = 0x80,         /* CMA pageblocks count and may be used */
	ALLOC_NOFRAGMENT = 0x100, /* first without mixing pageblock types */
	ALLOC_HIGHATOMIC = 0x200, /* HIGHATOMIC pageblocks may be used */
	ALLOC_KSWAPD = 0x800,     /* kswapd may be woken */
	ALLOC_RESERVES = ALLOC_NON_BLOCK | ALLOC_MIN_RESERVE | ALLOC_HIGHATOMIC | ALLOC_OOM,
};

/* What the slow path lets a GFP word do (gfp_to_alloc_flags, __gfp_pfmemalloc_flags). */
unsigned int gfp_to_alloc_flags(const struct mm *mm, gfp_t gfp, unsigned int order);
unsigned int gfp_pfmemalloc_flags(gfp_t gfp);

/* The watermark, lowered as far as alloc_flags permit; without lowmem_reserve. */
long watermark_floor(long mark, unsigned int alloc_flags);

/* Why a zone did not serve a request. */
enum alloc_verdict {
	VERDICT_OK,
	VERDICT_EMPTY,         /* no managed pages */
	VERDICT_THISNODE,      /* __GFP_THISNODE, another node */
	VERDICT_ZONE_TOO_HIGH, /* above what the GFP word permits */
	VERDICT_WATERMARK,     /* free pages would fall below mark + reserve */
	VERDICT_NO_BLOCK,      /* enough pages, no usable block of the order */
	VERDICT_NR
};

struct zone_verdict {
	const struct zone *zone;
	enum alloc_verdict verdict;
	long free, usable;  /* pages as counted: all, and those this request may count */
	long really;        /* free pages, the CPUs' unfolded parts included */
	unsigned long mark; /* the min watermark */
	long lowered;       /* the same as far down as this request may go: what it was held against */
	long reserve;       /* lowmem_reserve on top of it */
	int largest;        /* largest order with a block this request could have, -1 none */
};

/* The answer of alloc_explain(): nr verdicts in zonelist order. */
struct alloc_explanation {
	unsigned int nr;
	struct zone_verdict zones[64];
	int largest_order; /* largest free order in any permitted zone, -1: nothing free */
	const struct zone *largest_zone;
	int fragindex;          /* of the preferred zone: fragmentation_index() */
	bool compaction_failed; /* it was tried there for such an order lately, in vain */
};

/*
 * alloc_pages: one block of 1 << order pages. Returns its first PFN, or
 * PFN_NONE if the machine refuses; the request must be sound
 * (alloc_request_error() == NULL). Follows __alloc_pages().
 */
unsigned long alloc_pages(struct mm *mm, const struct alloc_request *req);

/* What is wrong with a request (order too large, zone bits that do not go together, …), or NULL. */
const char *alloc_request_error(const struct mm *mm, const struct alloc_request *req);

/* Where a freed block ended. */
struct free_result {
	unsigned int merged; /* order of the block it became part of */
	int cpu;             /* the CPU whose page set took it, -1: the free lists */
};

/*
 * __free_pages on cpu: the block of order at pfn, which must be allocated with
 * that order (else nothing changes and -1 is returned). result may be NULL.
 */
int free_pages(struct mm *mm, unsigned int cpu, unsigned long pfn, unsigned int order, bool cold,
	       struct free_result *result);

/* Say, zone by zone, how req would fare now. Changes nothing. */
void alloc_explain(const struct mm *mm, const struct alloc_request *req, struct alloc_explanation *ex);

/* Empty the page sets of one CPU, or of all (cpu == -1), of one zone or of all (NULL): drain_all_pages. */
void drain_pages(struct mm *mm, int cpu, struct zone *zone);

/* fragmentation_index() of a zone for an order, * 1000, or FRAGINDEX_BLOCK_FREE: a block of that order is
 * free. */
#define FRAGINDEX_BLOCK_FREE (-1000)
int fragmentation_index(const struct mm *mm, const struct zone *zone, unsigned int order);

/* unusable_free_index() of a zone for an order, * 1000. */
int unusable_free_index(const struct mm *mm, const struct zone *zone, unsigned int order);

#endif
