/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tracepoints. Every primitive change of the machine calls one, at a moment
 * when the machine can be drawn. With no listener a tracepoint costs one
 * predictable branch. Where the kernel has a tracepoint for the same thing,
 * ours has its name and fields.
 */
#ifndef BUDDYVIZ_TRACE_H
#define BUDDYVIZ_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mm;
struct zone;

/*
 * X(ID, name): the events; which fields of struct trace_event each one sets
 * is said beside it.
 */
/* clang-format off */
#define TRACE_EVENT_TABLE(X)                                                                                       \
	/* boot */                                                                                                 \
	X(MEMBLOCK_ADD, memblock_add)               /* a=start b=size (bytes) c=nid */                             \
	X(MEMBLOCK_RESERVE, memblock_reserve)       /* a=start b=size text=name */                                 \
	X(MEMBLOCK_MARK_NOMAP, memblock_mark_nomap) /* a=start b=size text=name */                                 \
	X(ZONE_INIT, free_area_init_core)           /* zone pfn=start a=spanned b=present c=managed */             \
	X(MEMMAP_INIT, memmap_init_range)           /* zone pfn=start a=pages */                                   \
	X(ZONELIST_BUILD, build_zonelists)          /* c=nid text=order of zones */                                \
	X(MEMBLOCK_FREE_PAGES, memblock_free_pages) /* pfn order zone */                                           \
	X(CMA_INIT, cma_activate_area)              /* pfn=first a=pages text=name zone */                         \
	X(WATERMARK_SET, setup_per_zone_wmarks)     /* zone a=min b=low c=high */                                  \
	X(LOWMEM_RESERVE_SET, setup_per_zone_lowmem_reserve) /* zone text=protection */                            \
	X(FREE_RESERVED, free_reserved_area)        /* pfn=first a=pages text=name */                              \
	X(BOOT_DONE, boot_done)                     /* a=total pages b=managed */                                  \
	/* a request */                                                                                            \
	X(ALLOC_PAGES, alloc_pages)                 /* gfp order c=nid zone=preferred mt */                        \
	X(ZONE_SKIP, zone_skip)                     /* zone order text=why */                                      \
	X(WATERMARK_CHECK, zone_watermark_ok)       /* zone order a=free as counted b=mark+reserve c=verdict(1 ok) d=free really order2=pages suffice text=name */\
	X(RMQUEUE_SMALLEST, rmqueue_smallest)       /* zone order=wanted order2=found (-1 none) mt pfn */          \
	X(EXPAND, expand)                           /* zone pfn=upper half order=its order mt */                   \
	X(FREE_LIST_ADD, add_to_free_list)          /* zone pfn order mt a=1 tail, 0 head */                       \
	X(FREE_LIST_DEL, del_page_from_free_list)   /* zone pfn order mt */                                        \
	X(FREE_LIST_MOVE, move_to_free_list)        /* zone pfn order mt=old mt2=new */                            \
	X(MM_PAGE_ALLOC, mm_page_alloc)             /* pfn (PFN_NONE: failed) order gfp mt zone */                 \
	X(MM_PAGE_ALLOC_ZONE_LOCKED, mm_page_alloc_zone_locked) /* pfn order mt zone a=percpu refill */            \
	X(MM_PAGE_ALLOC_EXTFRAG, mm_page_alloc_extfrag) /* pfn order=alloc order2=fallback mt mt2=fallback a=change ownership */ \
	X(STEAL, steal_suitable_fallback)           /* zone pfn order mt mt2 a=free b=alike c=claimed text=why */  \
	X(PAGEBLOCK_TYPE, set_pageblock_migratetype) /* pfn=first of block mt=old mt2=new zone */                  \
	X(WATERMARK_BOOST, boost_watermark)         /* zone a=boost b=max */                                       \
	X(HIGHATOMIC_RESERVE, reserve_highatomic_pageblock)     /* zone pfn a=pages moved b=reserved */            \
	X(HIGHATOMIC_UNRESERVE, unreserve_highatomic_pageblock) /* zone pfn mt a=pages moved b=reserved */         \
	X(SLOWPATH, alloc_pages_slowpath)           /* order gfp text=step */                                      \
	X(WAKEUP_KSWAPD, mm_vmscan_wakeup_kswapd)   /* zone order gfp */                                           \
	X(ALLOC_FAILED, warn_alloc)                 /* order gfp */                                                \
	/* per-CPU page sets */                                                                                    \
	X(PCP_ALLOC, rmqueue_pcplist)               /* zone pfn order mt c=cpu */                                  \
	X(PCP_REFILL, rmqueue_bulk)                 /* zone order mt a=asked b=got c=cpu */                        \
	X(PCP_FREE, free_unref_page_commit)         /* zone pfn order mt a=count b=high c=cpu */                   \
	X(PCP_BULK, free_pcppages_bulk)             /* zone a=pages c=cpu mt */                                    \
	X(MM_PAGE_PCPU_DRAIN, mm_page_pcpu_drain)   /* pfn order mt zone */                                        \
	X(PCP_DRAIN, drain_pages_zone)              /* zone a=pages c=cpu */                                       \
	/* freeing */                                                                                              \
	X(MM_PAGE_FREE, mm_page_free)               /* pfn order zone */                                           \
	X(MERGE, free_one_page_merge)               /* zone pfn order mt pfn2=buddy: two of order become one */       \
	X(FREE_DONE, free_one_page)                 /* zone pfn=head order=final order mt a=0 head, 1 tail for a merge to come, 3 tail as told */ \
	/* compaction, contiguous allocation */                                                             \
	X(MM_COMPACTION_BEGIN, mm_compaction_begin) /* zone order pfn=migrate pfn2=free scanner a=mode */   \
	X(MM_COMPACTION_END, mm_compaction_end)     /* the same, c=result b=migrated */                     \
	X(MM_COMPACTION_SUITABLE, mm_compaction_suitable) /* zone order c=result */                         \
	X(MM_COMPACTION_ISOLATE_MIGRATEPAGES, mm_compaction_isolate_migratepages) /* zone pfn pfn2=end a=scanned b=taken */ \
	X(MM_COMPACTION_ISOLATE_FREEPAGES, mm_compaction_isolate_freepages) /* the same */                  \
	X(MM_COMPACTION_MIGRATEPAGES, mm_compaction_migratepages) /* zone a=migrated b=failed */            \
	X(MIGRATE_PAGE, move_to_new_folio)          /* zone pfn=from pfn2=to order c=owner */               \
	X(COMPACT_SKIP_BLOCK, skip_pageblock)       /* zone pfn text=why c=scanner: 0 migrate 1 free 2 isolation */ \
	X(MM_COMPACTION_DEFER, mm_compaction_defer_compaction) /* zone order a=considered b=shift text=what */ \
	X(MM_COMPACTION_KCOMPACTD_WAKE, mm_compaction_kcompactd_wake) /* order c=nid a=highest zone index */ \
	X(CMA_ALLOC_START, cma_alloc_start)         /* text=area a=pages b=align order */                   \
	X(CMA_ALLOC_FINISH, cma_alloc_finish)       /* text=area pfn a=pages b=align order */               \
	X(CMA_ALLOC_BUSY_RETRY, cma_alloc_busy_retry) /* text=area pfn a=pages b=align order */             \
	X(CMA_RELEASE, cma_release)                 /* text=area pfn a=pages */                             \
	X(TEST_PAGES_ISOLATED, test_pages_isolated)  /* pfn=start pfn2=end a=first page that is not */ \
	/* reclaim */                                                                                              \
	X(KSWAPD_WAKE, mm_vmscan_kswapd_wake)       /* order a=highest zone index c=nid */                         \
	X(KSWAPD_SLEEP, mm_vmscan_kswapd_sleep)     /* c=nid */                                                    \
	X(DIRECT_RECLAIM_BEGIN, mm_vmscan_direct_reclaim_begin) /* order gfp */                                    \
	X(DIRECT_RECLAIM_END, mm_vmscan_direct_reclaim_end)     /* a=pages reclaimed b=priority it ended at */     \
	X(LRU_SHRINK_INACTIVE, mm_vmscan_lru_shrink_inactive)   /* c=nid a=scanned b=reclaimed order=priority mt=1 file text=rest */ \
	X(LRU_SHRINK_ACTIVE, mm_vmscan_lru_shrink_active)       /* c=nid a=taken b=deactivated order=priority mt=1 file */ \
	X(LRU_FOLIO, lru_folio)                     /* zone pfn order text=what became of it */                    \
	X(MARK_VICTIM, mark_victim)                 /* text=name a=rss b=swap c=badness mt=1 killed, 0 candidate */
/* clang-format on */

#define X(id, name) TRACE_##id,
enum trace_id { TRACE_EVENT_TABLE(X) NR_TRACE_EVENTS };
#undef X

/* A small typed event. A field that an event does not set is 0. */
struct trace_event {
	enum trace_id id;
	const struct zone *zone;
	unsigned long pfn, pfn2;
	int order, order2;
	int mt, mt2;
	uint32_t gfp;
	long a, b, c, d;
	const char *text; /* valid during the call only */
};

/* mask bit of an event; NR_TRACE_EVENTS is at most 64 */
#define TRACE_BIT(id) (UINT64_C(1) << (id))
#define TRACE_ALL     (~UINT64_C(0))

/*
 * A listener: fn is called for each event in mask, after the primitive change
 * it tells of, with the machine readable but not to be changed.
 */
struct trace_listener {
	void (*fn)(void *arg, const struct mm *mm, const struct trace_event *event);
	void *arg;
	uint64_t mask;
	struct trace_listener *next; /* the machine's, while attached */
};

/* Attach or detach a listener; it stays the caller's and must outlive its attachment. */
void trace_attach(struct mm *mm, struct trace_listener *listener);
void trace_detach(struct mm *mm, struct trace_listener *listener);

/* The event's name, the kernel's where it has one. */
const char *trace_name(enum trace_id id);

/*
 * Write what happened, one line without newline, in the kernel's words:
 * "expand: upper half 0x100600 → free_list[9] Movable, head". Returns buf.
 */
char *trace_format(const struct mm *mm, const struct trace_event *event, char *buf, size_t size);

/* Internal to src/mm: hand the event to every listener that wants it. */
void trace_emit(struct mm *mm, const struct trace_event *event);

/*
 * The same for the hot paths: about a block, a being the event's one other datum.
 * Out of line, so that without a listener it costs next to nothing.
 */
void trace_emit_block(struct mm *mm, enum trace_id id, const struct zone *zone, unsigned long pfn,
		      unsigned int order, int migratetype, long a) __attribute__((cold, noinline));

#define trace_block(mm_, id_, zone_, pfn_, order_, mt_, a_)                                                  \
	do {                                                                                                 \
		if (__builtin_expect((mm_)->trace_mask != 0, 0))                                             \
			trace_emit_block((mm_), TRACE_##id_, (zone_), (pfn_), (order_), (mt_), (a_));        \
	} while (0)

#define trace(mm_, id_, ...)                                                                                 \
	do {                                                                                                 \
		if (__builtin_expect(((mm_)->trace_mask & TRACE_BIT(TRACE_##id_)) != 0, 0))                  \
			trace_emit((mm_), &(struct trace_event){ .id = TRACE_##id_, __VA_ARGS__ });          \
	} while (0)

#endif
