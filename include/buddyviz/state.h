/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a machine stands: everything that changes while it runs, as plain
 * data that can be written down and put back.
 */
#ifndef BUDDYVIZ_STATE_H
#define BUDDYVIZ_STATE_H

#include "buddyviz/mm.h"

/* The blocks of one list, head first. */
struct state_list {
	unsigned int order;
	int migratetype; /* of the free list; of a page set: the list's, MIGRATE_MOVABLE or not from THP order
			    up */
	unsigned int cpu; /* page sets only */
	unsigned long nr;
	unsigned long *pfns;
	uint8_t *types; /* page sets: the type each page remembers */
};

struct state_cpu {
	int free_factor, expire;
	int vm_stat_diff[NR_VM_ZONE_STAT_ITEMS]; /* counter parts not yet folded in */
};

/* What boot works out from the sysctls and `set` changes. Pages. */
struct state_limits {
	unsigned long watermark[NR_WMARK];
	long lowmem_reserve[NR_ZONE_TYPES]; /* by zone index of the request */
	unsigned long percpu_drift_mark;
	int pageset_high, pageset_batch;
};

struct zone_state {
	int node; /* the node's id */
	enum zone_type zone;
	char *pageblocks; /* a letter each, from the first the zone touches; NULL: as they are */
	struct state_list *free, *pcp;
	unsigned int nr_free, nr_pcp;
	struct state_cpu *cpus; /* one per CPU of the machine, or NULL: all zero */
	unsigned int nr_cpus;
	struct state_limits *limits; /* NULL: as boot leaves them */
	unsigned long watermark_boost, nr_reserved_highatomic;
	unsigned long vm_numa_event[NR_VM_NUMA_EVENT_ITEMS];
	bool boosted, reclaim_active;
	/* compaction */
	bool compaction_as_booted; /* what follows is not given */
	unsigned long compact_cached_free_pfn, compact_cached_migrate_pfn[2];
	unsigned long compact_init_migrate_pfn, compact_init_free_pfn;
	unsigned int compact_considered, compact_defer_shift;
	int compact_order_failed;
	bool compact_blockskip_flush;
};

/* An allocated block; the owner number of allocations[i] is i + 1. */
struct state_allocation {
	char *name, *owner; /* may be NULL */
	unsigned long pfn;  /* PFN_NONE: freed, or refused; the number is still taken */
	unsigned int order;
	gfp_t gfp;
	uint16_t flags;       /* PG_MIGRATABLE and the LRU's, mobility included (PG_MT_SHIFT) */
	unsigned long count;  /* neighbouring blocks of order, 0 is 1: what CMA handed out is single pages */
	unsigned int kind;    /* enum handle_kind: the interface that handed it out */
	unsigned int lru;     /* enum lru_use: what kind of memory it is */
	unsigned int gone;    /* enum handle_gone: where its contents went */
	unsigned long shadow; /* gone: when */
	bool refused;
};

/* A node's part: what reclaim goes by. */
struct node_state {
	int node;                            /* the node's id */
	struct state_list lru[NR_LRU_LISTS]; /* head first; types: enum lru_flags; order is the block's own */
	unsigned long anon_cost, file_cost, nonresident_age, refaults[2];
	long vm_stat[NR_VM_NODE_STAT_ITEMS]; /* sizes of lists and dirty pages follow from the lists */
	int kswapd_order, kswapd_highest_zoneidx, kswapd_prev_zoneidx, kswapd_failures;
	unsigned long kswapd_wakeups;
	bool kswapd_awake, dirty;
	int kcompactd_max_order, kcompactd_highest_zoneidx;
	bool kcompactd_woken;
};

/* What a CMA area has handed out: runs of pages. */
struct cma_state {
	char *name; /* the area's */
	struct {
		unsigned long pfn, count;
	} * runs;
	unsigned long nr_runs;
};

/* What a session needs to go on as it would have; its handles are the allocations. */
struct session_state {
	unsigned long next_auto, next_random; /* the last aN and rN given */
	unsigned long workloads;              /* `random` commands so far: each has a seed of its own */
	uint32_t *live, *spare; /* owner numbers of random's: held, in its order; freed, to be used again */
	unsigned long nr_live, nr_spare;
};

struct mm_state {
	struct zone_state *zones;
	unsigned int nr_zones;
	struct state_allocation *allocations;
	unsigned long nr_allocations;
	struct node_state *nodes; /* may be left out: pages marked PG_LRU are put on lists as they come */
	unsigned int nr_nodes;
	unsigned long swap_used; /* slots */
	unsigned long vm_events[NR_VM_EVENT_ITEMS];
	unsigned long vm_zone_events[NR_VM_ZONE_EVENT_ITEMS][NR_ZONE_TYPES];
	bool has_totals;      /* the next two are given, else as boot leaves them */
	long min_free_kbytes; /* in force */
	unsigned long totalreserve_pages;
	unsigned int cpu; /* the last one that asked for something */
	struct cma_state *cma;
	unsigned int nr_cma;
	struct session_state session;
};

/*
 * Put a booted machine into state. What is in no list and in no allocation is
 * boot memory afterwards. Returns NULL, or what does not fit the machine (a
 * static sentence); the machine is unusable then.
 */
const char *state_apply(struct mm *mm, const struct mm_state *state);

/* Where in a state the mistake is: "zones[0].free[2].pfns[5]", as in a layout's state. */
struct state_place {
	char path[96];
};

/* The same, and where the mistake is; place may be NULL. */
const char *state_apply_where(struct mm *mm, const struct mm_state *state, struct state_place *place);

/* The machine's zones as a state without allocations, owned by the caller; NULL: out of memory. */
struct mm_state *state_capture(const struct mm *mm);

/* Free a state and all it owns; NULL is allowed. */
void state_free(struct mm_state *state);

#endif
