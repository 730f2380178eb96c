/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters of nodes and events, as include/linux/mmzone.h and
 * include/linux/vm_event_item.h of Linux 6.1 have them. Counted in pages
 * unless the name says otherwise.
 */
#ifndef BUDDYVIZ_VMSTAT_H
#define BUDDYVIZ_VMSTAT_H

/* The lists of a node that reclaim works on: by kind of page, and by whether it was used lately. */
enum lru_list { LRU_INACTIVE_ANON, LRU_ACTIVE_ANON, LRU_INACTIVE_FILE, LRU_ACTIVE_FILE, NR_LRU_LISTS };

enum node_stat_item {
	NR_LRU_BASE,
	NR_INACTIVE_ANON = NR_LRU_BASE,
	NR_ACTIVE_ANON,
	NR_INACTIVE_FILE,
	NR_ACTIVE_FILE,
	NR_ISOLATED_ANON, /* taken off their list for a while */
	NR_ISOLATED_FILE,
	WORKINGSET_REFAULT_BASE,
	WORKINGSET_REFAULT_ANON = WORKINGSET_REFAULT_BASE,
	WORKINGSET_REFAULT_FILE,
	WORKINGSET_ACTIVATE_BASE,
	WORKINGSET_ACTIVATE_ANON = WORKINGSET_ACTIVATE_BASE,
	WORKINGSET_ACTIVATE_FILE,
	WORKINGSET_RESTORE_BASE,
	WORKINGSET_RESTORE_ANON = WORKINGSET_RESTORE_BASE,
	WORKINGSET_RESTORE_FILE,
	NR_FILE_DIRTY,
	NR_VMSCAN_WRITE,     /* pages that reclaim itself wrote */
	NR_VMSCAN_IMMEDIATE, /* dirty pages set aside until they are written */
	NR_DIRTIED,
	NR_WRITTEN,
	NR_VM_NODE_STAT_ITEMS
};

/* X(ID, name): every event of /proc/vmstat that is not counted by zone, in its order. */
#define VM_EVENT_TABLE_IO(X) X(PGPGIN, pgpgin) X(PGPGOUT, pgpgout) X(PSWPIN, pswpin) X(PSWPOUT, pswpout)
/* clang-format off */
#define VM_EVENT_TABLE(X)                                                                                          \
	X(PGFREE, pgfree)                                                                                          \
	X(PGACTIVATE, pgactivate)                                                                                  \
	X(PGDEACTIVATE, pgdeactivate)                                                                              \
	X(PGLAZYFREE, pglazyfree)                                                                                  \
	X(PGFAULT, pgfault)                                                                                        \
	X(PGMAJFAULT, pgmajfault)                                                                                  \
	X(PGLAZYFREED, pglazyfreed)                                                                                \
	X(PGREFILL, pgrefill)                                                                                      \
	X(PGREUSE, pgreuse)                                                                                        \
	X(PGSTEAL_KSWAPD, pgsteal_kswapd)                                                                          \
	X(PGSTEAL_DIRECT, pgsteal_direct)                                                                          \
	X(PGDEMOTE_KSWAPD, pgdemote_kswapd)                                                                        \
	X(PGDEMOTE_DIRECT, pgdemote_direct)                                                                        \
	X(PGSCAN_KSWAPD, pgscan_kswapd)                                                                            \
	X(PGSCAN_DIRECT, pgscan_direct)                                                                            \
	X(PGSCAN_DIRECT_THROTTLE, pgscan_direct_throttle)                                                          \
	X(PGSCAN_ANON, pgscan_anon)                                                                                \
	X(PGSCAN_FILE, pgscan_file)                                                                                \
	X(PGSTEAL_ANON, pgsteal_anon)                                                                              \
	X(PGSTEAL_FILE, pgsteal_file)                                                                              \
	X(PGSCAN_ZONE_RECLAIM_FAILED, zone_reclaim_failed)                                                         \
	X(PGINODESTEAL, pginodesteal)                                                                              \
	X(SLABS_SCANNED, slabs_scanned)                                                                            \
	X(KSWAPD_INODESTEAL, kswapd_inodesteal)                                                                    \
	X(KSWAPD_LOW_WMARK_HIT_QUICKLY, kswapd_low_wmark_hit_quickly)                                              \
	X(KSWAPD_HIGH_WMARK_HIT_QUICKLY, kswapd_high_wmark_hit_quickly)                                            \
	X(PAGEOUTRUN, pageoutrun)                                                                                  \
	X(PGROTATED, pgrotated)                                                                                    \
	X(DROP_PAGECACHE, drop_pagecache)                                                                          \
	X(DROP_SLAB, drop_slab)                                                                                    \
	X(OOM_KILL, oom_kill)                                                                                      \
	X(PGMIGRATE_SUCCESS, pgmigrate_success)                                                                    \
	X(PGMIGRATE_FAIL, pgmigrate_fail)                                                                          \
	X(COMPACTMIGRATE_SCANNED, compact_migrate_scanned)                                                         \
	X(COMPACTFREE_SCANNED, compact_free_scanned)                                                               \
	X(COMPACTISOLATED, compact_isolated)                                                                       \
	X(COMPACTSTALL, compact_stall)                                                                             \
	X(COMPACTFAIL, compact_fail)                                                                               \
	X(COMPACTSUCCESS, compact_success)                                                                         \
	X(KCOMPACTD_WAKE, compact_daemon_wake)                                                                     \
	X(KCOMPACTD_MIGRATE_SCANNED, compact_daemon_migrate_scanned)                                               \
	X(KCOMPACTD_FREE_SCANNED, compact_daemon_free_scanned)                                                     \
	X(CMA_ALLOC_SUCCESS, cma_alloc_success)                                                                    \
	X(CMA_ALLOC_FAIL, cma_alloc_fail)
/* clang-format on */

#define X(id, name) id,
enum vm_event_item { VM_EVENT_TABLE_IO(X) VM_EVENT_TABLE(X) NR_VM_EVENT_ITEMS };
#undef X

/* Where requests were served from, counted by zone: in allocations, not pages. */
enum numa_stat_item {
	NUMA_HIT,     /* on the node that was preferred */
	NUMA_MISS,    /* here, though another node was preferred */
	NUMA_FOREIGN, /* elsewhere, though here was preferred */
	NUMA_INTERLEAVE_HIT,
	NUMA_LOCAL, /* for a CPU of this node */
	NUMA_OTHER, /* for a CPU of another one */
	NR_VM_NUMA_EVENT_ITEMS
};

/* Events counted by the zone concerned. */
enum vm_zone_event_item { PGALLOC, ALLOCSTALL, PGSCAN_SKIP, NR_VM_ZONE_EVENT_ITEMS };

#endif
