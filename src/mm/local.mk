# the allocator
noinst_LIBRARIES += libmm.a
libmm_a_SOURCES = \
	src/mm/boot.h \
	src/mm/free_list.h \
	src/mm/internal.h \
	src/mm/reclaim.h \
	src/mm/trace_text.h \
	src/mm/bootlog.c \
	src/mm/check.c \
	src/mm/check.h \
	src/mm/check_lru.c \
	src/mm/cma.c \
	src/mm/compaction.c \
	src/mm/explain.c \
	src/mm/fragmentation.c \
	src/mm/free_area.c \
	src/mm/gfp.c \
	src/mm/kswapd.c \
	src/mm/lru.c \
	src/mm/memblock.c \
	src/mm/memmap_init.c \
	src/mm/migratetype.c \
	src/mm/mm.c \
	src/mm/mm_init.c \
	src/mm/oom.c \
	src/mm/page_alloc.c \
	src/mm/pageset.c \
	src/mm/pcp.c \
	src/mm/procfs.c \
	src/mm/reclaim.c \
	src/mm/slowpath.c \
	src/mm/state.c \
	src/mm/state_lru.c \
	src/mm/state_lru.h \
	src/mm/trace.c \
	src/mm/trace_vmscan.c \
	src/mm/vmscan.c \
	src/mm/vmstat.c \
	src/mm/watermark.c \
	src/mm/workingset.c \
	src/mm/zone_init.c \
	src/mm/zonelist.c
