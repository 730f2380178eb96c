/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GFP words: what a request says about itself. Bit values are those of
 * Linux 6.1 (include/linux/gfp_types.h), so that traces can be compared.
 */
#ifndef BUDDYVIZ_GFP_H
#define BUDDYVIZ_GFP_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t gfp_t;

/* X(name, value): single flags, in the kernel's bit order */
/* clang-format off */
#define GFP_FLAG_TABLE(X)              \
	X(__GFP_DMA,            0x01u)     \
	X(__GFP_HIGHMEM,        0x02u)     \
	X(__GFP_DMA32,          0x04u)     \
	X(__GFP_MOVABLE,        0x08u)     \
	X(__GFP_RECLAIMABLE,    0x10u)     \
	X(__GFP_HIGH,           0x20u)     \
	X(__GFP_IO,             0x40u)     \
	X(__GFP_FS,             0x80u)     \
	X(__GFP_ZERO,           0x100u)    \
	X(__GFP_ATOMIC,         0x200u)    \
	X(__GFP_DIRECT_RECLAIM, 0x400u)    \
	X(__GFP_KSWAPD_RECLAIM, 0x800u)    \
	X(__GFP_WRITE,          0x1000u)   \
	X(__GFP_NOWARN,         0x2000u)   \
	X(__GFP_RETRY_MAYFAIL,  0x4000u)   \
	X(__GFP_NOFAIL,         0x8000u)   \
	X(__GFP_NORETRY,        0x10000u)  \
	X(__GFP_MEMALLOC,       0x20000u)  \
	X(__GFP_COMP,           0x40000u)  \
	X(__GFP_NOMEMALLOC,     0x80000u)  \
	X(__GFP_HARDWALL,       0x100000u) \
	X(__GFP_THISNODE,       0x200000u) \
	X(__GFP_ACCOUNT,        0x400000u) \
	X(__GFP_ZEROTAGS,       0x800000u)
/* clang-format on */

#define X(name, value) name = value,
enum gfp_flag { GFP_FLAG_TABLE(X) };
#undef X

#define __GFP_RECLAIM    ((gfp_t)(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM))
#define GFP_ZONEMASK     ((gfp_t)(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE))
#define GFP_MOVABLE_MASK ((gfp_t)(__GFP_RECLAIMABLE | __GFP_MOVABLE))

#define GFP_ATOMIC           ((gfp_t)(__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM))
#define GFP_KERNEL           ((gfp_t)(__GFP_RECLAIM | __GFP_IO | __GFP_FS))
#define GFP_KERNEL_ACCOUNT   ((gfp_t)(GFP_KERNEL | __GFP_ACCOUNT))
#define GFP_NOWAIT           ((gfp_t)(__GFP_KSWAPD_RECLAIM))
#define GFP_NOIO             ((gfp_t)(__GFP_RECLAIM))
#define GFP_NOFS             ((gfp_t)(__GFP_RECLAIM | __GFP_IO))
#define GFP_USER             ((gfp_t)(GFP_KERNEL | __GFP_HARDWALL))
#define GFP_DMA              ((gfp_t)__GFP_DMA)
#define GFP_DMA32            ((gfp_t)__GFP_DMA32)
#define GFP_HIGHUSER         ((gfp_t)(GFP_USER | __GFP_HIGHMEM))
#define GFP_HIGHUSER_MOVABLE ((gfp_t)(GFP_HIGHUSER | __GFP_MOVABLE))
#define GFP_TRANSHUGE_LIGHT                                                                                  \
	((gfp_t)((GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_NOMEMALLOC | __GFP_NOWARN) & ~__GFP_RECLAIM))
#define GFP_TRANSHUGE ((gfp_t)(GFP_TRANSHUGE_LIGHT | __GFP_DIRECT_RECLAIM))

/* A name for a word or a part of one; the table ends with name == NULL. */
struct gfp_name {
	const char *name;
	gfp_t value;
};

/* Every name the kernel has for a GFP word: composites first, then flags. */
extern const struct gfp_name gfp_names[];

/*
 * Parse kernel names joined by '|' ('~NAME' takes one away, left to right;
 * 0x… is taken as it is). Returns 0 and sets *gfp; on an unknown name returns
 * -1 and sets *bad and *bad_len to the part of text that was not understood.
 */
int gfp_parse(const char *text, gfp_t *gfp, const char **bad, size_t *bad_len);

/*
 * Write gfp by name into buf, the largest composite first, as the kernel's
 * %pGg does. Returns buf.
 */
char *gfp_format(gfp_t gfp, char *buf, size_t size);

#endif
