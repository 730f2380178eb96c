/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine: one value that holds everything the physical page allocator
 * knows. Structures and names follow include/linux/mmzone.h of Linux 6.1;
 * panels and looks read them directly, only src/mm changes them.
 */
#ifndef BUDDYVIZ_MM_H
#define BUDDYVIZ_MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "buddyviz/gfp.h"
#include "buddyviz/layout.h"
#include "buddyviz/trace.h"
#include "buddyviz/vmstat.h"

#define PFN_NONE   (~0UL)     /* no page frame: an allocation that failed */
#define PFN_NIL    UINT32_MAX /* the end of a list */
#define MAX_ORDERS 16         /* orders 0..15; a layout's max_order says how many count */

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES, /* the number of types on the pcp lists */
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_CMA,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES
};

/* "Unmovable" … as /proc/pagetypeinfo prints it, and the letter of dumps: U M E H C I. */
const char *migratetype_name(int migratetype);
char migratetype_letter(int migratetype);

enum zone_watermarks { WMARK_MIN, WMARK_LOW, WMARK_HIGH, WMARK_PROMO, NR_WMARK };

enum zone_stat_item {
	NR_FREE_PAGES,
	NR_ZONE_LRU_BASE,
	NR_ZONE_INACTIVE_ANON = NR_ZONE_LRU_BASE,
	NR_ZONE_ACTIVE_ANON,
	NR_ZONE_INACTIVE_FILE,
	NR_ZONE_ACTIVE_FILE,
	NR_ZONE_UNEVICTABLE,
	NR_ZONE_WRITE_PENDING,
	NR_MLOCK,
	NR_BOUNCE,
	NR_ZSPAGES,
	NR_FREE_CMA_PAGES,
	NR_VM_ZONE_STAT_ITEMS
};

/*
 * Page flags, with the order of the block a page heads in the low four bits.
 * A page that heads nothing has flags 0: it is inside a block, reserved,
 * boot memory of an owner nobody knows, or no memory at all; page_lookup()
 * tells which.
 */
enum page_flags {
	PG_ORDER_MASK = 0x000f,
	PG_BUDDY = 0x0010,      /* heads a free block on a free list */
	PG_PCP = 0x0020,        /* heads a block on a per-CPU list */
	PG_COMPOUND = PG_PCP,   /* used, above order 0: one large page (__GFP_COMP) */
	PG_USED = 0x0040,       /* heads an allocated block */
	PG_MIGRATABLE = 0x0080, /* used: its owner lets it be migrated */
	PG_LRU = 0x0100,        /* used: on an LRU list */
	PG_ACTIVE = 0x0200,
	PG_REFERENCED = 0x0400,
	PG_DIRTY = 0x0800,
	PG_ANON = 0x1000,
	PG_ISOLATED = 0x2000, /* taken off its list by compaction or reclaim */
	PG_MT_SHIFT = 14,     /* used: mobility it was asked for, two bits */
};

/*
 * One page frame, 16 bytes. The links chain the blocks of a list by number,
 * which is the index in mm->memmap: that of the PFN, but for free blocks of the
 * highest order, whose descriptors stand apart behind all frames' (see
 * mm->max_blocks), so that a whole free block touches no descriptor of its
 * pages. The heads of the free lists stand behind those: a free list is a ring
 * through its head, as the kernel's lists are. Lists of page sets and LRUs end
 * with PFN_NIL.
 */
struct page {
	union {
		uint32_t next;
		uint32_t head; /* of a free list's head: its first block */
	};
	union {
		uint32_t prev;
		uint32_t tail; /* of a free list's head: its last block */
	};
	union {
		struct {
			uint16_t flags; /* enum page_flags */
			uint16_t zone;  /* index in mm->zones, valid while flags != 0 */
		};
		uint32_t identity; /* both at once, for one compare */
	};
	union {
		/* buddy: the number of the list it is on; pcp: the list's migratetype; used: the owner's
		 * number; isolated free pages: nothing */
		uint32_t private;
		uint32_t nr; /* of a free list's head: blocks on it */
	};
};

/* A list of blocks, head first, that is no free list: a page set's or an LRU. */
struct page_list {
	uint32_t head, tail; /* PFNs; PFN_NIL when empty */
	unsigned long nr;    /* blocks on it */
};

#define NR_FREE_AREA_LISTS 8 /* by type, and two unused: an order's lists are found by a shift */

/* The free lists of one order, by type; go through one with for_each_free_block(). */
struct free_area {
	struct page free_list[NR_FREE_AREA_LISTS]; /* heads: .head, .tail, .nr */
};

#define PAGE_ALLOC_COSTLY_ORDER 3
#define NR_LOWORDER_PCP_LISTS   (MIGRATE_PCPTYPES * (PAGE_ALLOC_COSTLY_ORDER + 1))
#define NR_PCP_LISTS            (NR_LOWORDER_PCP_LISTS + 2) /* pageblock order: not movable, movable */

/* One CPU's page set of one zone, and its unfolded part of the zone's counters. */
struct per_cpu_pages {
	int count, high, batch;
	int free_factor, expire;
	int vm_stat_diff[NR_VM_ZONE_STAT_ITEMS];
	struct page_list lists[NR_PCP_LISTS];
	char pad[224]; /* 512 bytes: a CPU's set is found by a shift */
};
_Static_assert(sizeof(struct per_cpu_pages) == 512, "pad struct per_cpu_pages to 512 bytes");

/* What is kept for each pageblock, so that no panel walks pages. */
struct pageblock {
	uint8_t migratetype;
	uint8_t flags;                      /* PB_* */
	uint16_t zone;                      /* zone of its first page of memory */
	uint16_t nr_present;                /* pages of memory in it */
	uint16_t nr_free;                   /* pages on free lists */
	uint16_t nr_pcp;                    /* pages on per-CPU lists */
	uint16_t nr_used[MIGRATE_PCPTYPES]; /* allocated pages, by mobility asked for */
};

enum pageblock_flags {
	PB_SKIP = 0x01,      /* compaction's skip bit */
	PB_TWO_ZONES = 0x02, /* pages of more than one zone: ask page_zone() */
	PB_PRESENT = 0x04,   /* has memory, or lies in a section that has */
};

struct zone {
	const char *name;
	int id;    /* index in mm->zones */
	int node;  /* index in mm->nodes */
	int index; /* zone index in its node: 0 is the lowest */
	enum zone_type type;
	unsigned long zone_start_pfn, spanned_pages, present_pages, managed_pages;
	unsigned long cma_pages;

	unsigned long watermark[NR_WMARK];
	unsigned long watermark_boost;
	unsigned long nr_reserved_highatomic;
	long lowmem_reserve[NR_ZONE_TYPES]; /* by zone index of the request */
	unsigned long nr_isolate_pageblock;
	bool boosted;        /* ZONE_BOOSTED_WATERMARK: kswapd should look */
	bool reclaim_active; /* ZONE_RECLAIM_ACTIVE: page sets are kept short */
	bool contiguous;

	struct free_area *free_area; /* one per order 0..max_order, at the end of the memmap */
	uint32_t free_lists;         /* the number of its first list's head there */
	unsigned long vm_numa_event[NR_VM_NUMA_EVENT_ITEMS];
	enum numa_stat_item local_stat; /* NUMA_LOCAL if mm->cpu is of this node, else NUMA_OTHER */
	uint32_t buddy_identity; /* struct page.identity of a free block's head here, but for the order */
	long vm_stat[NR_VM_ZONE_STAT_ITEMS];
	unsigned int stat_threshold;
	unsigned long percpu_drift_mark;
	struct per_cpu_pages *pcp;      /* one per CPU of the machine */
	struct per_cpu_pages *this_cpu; /* that of mm->cpu */
	int pageset_high, pageset_batch;

	/* compaction */
	unsigned long compact_cached_free_pfn, compact_cached_migrate_pfn[2];
	unsigned long compact_init_migrate_pfn, compact_init_free_pfn;
	unsigned int compact_considered, compact_defer_shift;
	int compact_order_failed;
	bool compact_blockskip_flush;
};

/* A node's LRU lists: entries are blocks, linked by the PFN of their first page, most recently used at the
 * head. */
struct lruvec {
	struct page_list lists[NR_LRU_LISTS];
	unsigned long anon_cost, file_cost; /* of reclaiming each kind, a fading average */
	unsigned long nonresident_age;      /* evictions and activations so far, in pages */
	unsigned long refaults[2];          /* WORKINGSET_ACTIVATE_* when reclaim last ended, anon and file */
};

/* What is known of a page on the LRU beyond its flags, in mm->lru_flags. */
enum lru_flags {
	LRU_YOUNG = 1,      /* accessed bit of the page table that maps an anonymous page */
	LRU_WORKINGSET = 2, /* PG_workingset: it was active once */
	LRU_RECLAIM = 4,    /* PG_reclaim: to be freed as soon as it is written */
};

struct pglist_data {
	int node_id; /* the layout's id */
	unsigned long node_start_pfn, node_present_pages, node_spanned_pages;
	struct zone node_zones[NR_ZONE_TYPES]; /* mm->nr_zone_types of them */
	int *zonelist; /* zone ids in order of preference, mm->nr_zonelist[…] entries, -1 ends it */
	int *zonelist_thisnode;
	unsigned int *distance;                   /* by node index */
	int kswapd_order, kswapd_highest_zoneidx; /* what kswapd was woken for */
	unsigned long kswapd_wakeups;
	int kcompactd_max_order, kcompactd_highest_zoneidx; /* what kcompactd was woken for */
	bool kcompactd_woken;
	int kswapd_prev_zoneidx; /* what it balanced for last */
	int kswapd_failures;     /* runs in a row that got nothing back */
	bool kswapd_awake;       /* woken, and not asleep again yet */
	bool dirty;              /* PGDAT_DIRTY: the tail of the file list is dirty, kswapd may write */
	struct lruvec lruvec;
	long vm_stat[NR_VM_NODE_STAT_ITEMS];
};

struct memblock_region {
	uint64_t base, size; /* bytes */
	int nid;             /* node index; -1 in the reserved list */
	bool nomap;
	const char *name; /* reserved: the layout's; NULL: merged of several */
};

struct memblock_type {
	struct memblock_region *regions;
	unsigned int cnt, max;
};

struct memblock {
	struct memblock_type memory, reserved;
};

struct cma_area {
	const char *name;
	unsigned long base_pfn, count;
	unsigned int order_per_bit;
	unsigned long *bitmap; /* one bit a page: handed out by cma alloc */
	unsigned long nr_used;
	int zone;
};

/*
 * The direct compactor's net: the first freed block of order in zone that it
 * may keep is taken out of __free_one_page() for it.
 */
struct capture_control {
	const struct zone *zone;
	unsigned int order;
	unsigned long pfn; /* PFN_NONE until a block is caught */
};

struct reclaimed_page;
struct oom_candidate;

struct mm {
	uint64_t trace_mask;         /* all listeners' masks together */
	bool watched;                /* merges are told of: to listeners, or a compactor waits for a block */
	const struct layout *layout; /* the caller's; outlives the machine */
	unsigned int page_shift, max_order, pageblock_order;
	unsigned int nr_cpus;
	unsigned long end_pfn; /* first PFN past all memory */

	struct page *memmap;     /* indexed by PFN, lazily touched; behind it max_blocks and list heads */
	struct page *max_blocks; /* indexed by PFN >> max_order */
	unsigned long max_block_base; /* index of max_blocks[0] in memmap */
	uint32_t free_list_base;      /* index of the first zone's first list head in memmap */
	struct pageblock *pageblocks; /* indexed by PFN >> pageblock_order */
	uint8_t *lru_flags;  /* enum lru_flags, indexed by PFN, lazily touched; for pages on the LRU */
	size_t memmap_bytes; /* reserved address space, for the looks */

	unsigned int nr_nodes, nr_zone_types, nr_zones;
	enum zone_type zone_types[NR_ZONE_TYPES]; /* by zone index */
	struct pglist_data *nodes;
	struct zone **zones; /* all zones of all nodes, empty ones too: node * nr_zone_types + index */
	struct alloc_context
		*contexts;         /* what each kind of request looks through, by node, worked out once */
	int8_t gfp_zone_table[16]; /* zone index by the four zone bits, -1: not permitted */

	struct memblock memblock;
	struct cma_area *cma;
	unsigned int nr_cma;

	bool page_group_by_mobility_disabled;
	bool pcp_disabled;
	bool config_cma;  /* the kernel was built with CMA (else CMA's rules for page sets are off) */
	unsigned int cpu; /* the CPU on whose behalf the machine works now */
	int *cpu_node;    /* index of each CPU's node (cpu_to_node) */
	struct capture_control *capture; /* of the direct compaction under way, or NULL */
	struct layout_sysctl sysctl;     /* as they are now */
	long min_free_kbytes;
	unsigned long totalreserve_pages, managed_pages;
	unsigned long total_swap_pages, nr_swap_pages; /* swap slots, and those of them that are free */
	unsigned long vm_events[NR_VM_EVENT_ITEMS];
	unsigned long vm_zone_events[NR_VM_ZONE_EVENT_ITEMS][NR_ZONE_TYPES]; /* by zone index */

	struct trace_listener *listeners;
	/* called when the page of an owner has moved (old and new PFN) */
	void (*page_moved)(void *arg, uint32_t owner, unsigned long from, unsigned long to);
	void *page_moved_arg;
	/* polled between steps of long runs; true: stop, leaving the machine whole */
	bool (*interrupted)(void *arg);
	void *interrupted_arg;
	/* called when reclaim takes the page of an owner away (buddyviz/vmscan.h) */
	void (*page_reclaimed)(void *arg, const struct reclaimed_page *page);
	void *page_reclaimed_arg;
	/* the processes the OOM killer may choose from: the ith, or false; and the death of one, which frees
	 * its pages */
	bool (*oom_candidate)(void *arg, size_t i, struct oom_candidate *candidate);
	void (*oom_kill)(void *arg, size_t i);
	void *oom_arg;
};

/* The memmap's descriptor of a frame. */
static inline struct page *pfn_to_page(const struct mm *mm, unsigned long pfn)
{
	return mm->memmap + pfn;
}

static inline unsigned int page_order(const struct page *page)
{
	return page->flags & PG_ORDER_MASK;
}

static inline struct pageblock *pfn_to_pageblock(const struct mm *mm, unsigned long pfn)
{
	return &mm->pageblocks[pfn >> mm->pageblock_order];
}

static inline unsigned long pageblock_nr_pages(const struct mm *mm)
{
	return 1UL << mm->pageblock_order;
}

/* Pageblocks there is a record of: up to the end of all memory. */
static inline unsigned long nr_pageblocks(const struct mm *mm)
{
	return (mm->end_pfn + pageblock_nr_pages(mm) - 1) >> mm->pageblock_order;
}

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

/* A zone counter as its readers see it: without the CPUs' unfolded parts, and never below 0
 * (zone_page_state). */
static inline long zone_page_state(const struct zone *zone, enum zone_stat_item item)
{
	return zone->vm_stat[item] < 0 ? 0 : zone->vm_stat[item];
}

/* A watermark with the boost on top of it (wmark_pages). */
static inline unsigned long wmark_pages(const struct zone *zone, enum zone_watermarks mark)
{
	return zone->watermark[mark] + zone->watermark_boost;
}

static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

/*
 * What an entry of a free list of order stands for: the PFN of its block, and
 * the descriptor that carries its links.
 */
static inline unsigned long entry_pfn(const struct mm *mm, unsigned int order, uint32_t n)
{
	return order == mm->max_order ? (n - mm->max_block_base) << order : n;
}

static inline struct page *entry_page(const struct mm *mm, uint32_t n)
{
	return &mm->memmap[n];
}

/* The number of a free list's head, with which the ring ends and an empty one begins. */
static inline uint32_t free_list_end(const struct mm *mm, const struct page *list)
{
	return (uint32_t)(list - mm->memmap);
}

/* The type of the list that a free block is on. */
static inline int free_block_migratetype(const struct mm *mm, const struct page *page)
{
	return (int)((page->private - mm->free_list_base) % NR_FREE_AREA_LISTS);
}

/* Go through the blocks of a free list by number, head first; entry_pfn() tells where each is. */
#define for_each_free_block(mm, list, n)                                                                     \
	for (uint32_t n = (list)->head; n != free_list_end(mm, list); n = (mm)->memmap[n].next)

/* Free blocks of an order, of all types (free_area.nr_free). */
static inline unsigned long free_area_nr(const struct free_area *area)
{
	unsigned long nr = 0;

	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		nr += area->free_list[mt].nr;
	return nr;
}

/*
 * A new machine as layout describes it, not yet booted: listeners can be
 * attached. layout stays the caller's and must outlive it. NULL: out of memory,
 * or the layout's memory ends so near to PFN 2^32 that no numbers are left for
 * list heads.
 */
struct mm *mm_new(const struct layout *layout);

/*
 * Boot: memblock, zones, memmap, memblock_free_all, CMA, watermarks, in the
 * order of Linux 6.1's start_kernel(); then layout->state, if there is one.
 * Returns NULL, or why that state does not fit (a static sentence): the
 * machine is unusable then.
 */
const char *mm_boot(struct mm *mm);

/* Give everything back; NULL is allowed. */
void mm_free(struct mm *mm);

/* The zone index a request's GFP word names (GFP_ZONE_TABLE), -1 for a combination that is not permitted. */
static inline int gfp_zone(const struct mm *mm, gfp_t gfp)
{
	return mm->gfp_zone_table[gfp & GFP_ZONEMASK];
}

/* The mobility a GFP word asks for, machine's grouping switch included (gfp_migratetype). */
static inline int gfp_migratetype(const struct mm *mm, gfp_t gfp)
{
	if (mm->page_group_by_mobility_disabled)
		return MIGRATE_UNMOVABLE;
	return (gfp & GFP_MOVABLE_MASK) >> 3;
}

enum page_state {
	PAGE_HOLE,     /* no memory */
	PAGE_NOMAP,    /* memory the kernel does not map */
	PAGE_RESERVED, /* memblock kept it from the allocator */
	PAGE_BOOT,     /* allocated before the session, owner unknown */
	PAGE_FREE,     /* in a free block */
	PAGE_PCP,      /* in a block on a per-CPU list */
	PAGE_USED,     /* in an allocated block */
	NR_PAGE_STATES
};

/* What page_lookup() finds out about a frame. */
struct page_info {
	enum page_state state;
	unsigned long head;      /* first PFN of the block it is in; itself outside blocks */
	unsigned int order;      /* of that block; 0 outside blocks */
	int migratetype;         /* free, pcp: of its list; used: asked for; else the pageblock's */
	const struct zone *zone; /* NULL for holes */
	const struct page *page; /* the head's descriptor, NULL outside blocks */
	const char *name;        /* reserved, no-map: the region's name, or NULL */
};

/* Look a frame up: O(max_order), no walk. pfn may be anything. */
void page_lookup(const struct mm *mm, unsigned long pfn, struct page_info *info);

/* The zone a frame of memory belongs to; NULL where there is no memory. */
struct zone *page_zone(const struct mm *mm, unsigned long pfn);

/* Free pages of a zone, the CPUs' unfolded parts included (zone_page_state_snapshot). */
long zone_page_state_snapshot(const struct zone *zone, const struct mm *mm, enum zone_stat_item item);

/*
 * Check every invariant of the machine: list links both ways, counters,
 * alignment, no block twice, no mergeable neighbours apart, per-pageblock
 * counts. Writes a line for each violation to out (NULL: silent); returns how
 * many. Whole free blocks of the highest order are skipped, not walked.
 */
unsigned long mm_check(const struct mm *mm, FILE *out);

#endif
