/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The class words: what a teacher says instead of GFP flags. */
#include "config.h"

#include <string.h>

#include "shell.h"

const struct gfp_class gfp_classes[] = {
	{ "unmovable", GFP_KERNEL, false, LRU_NONE, "the kernel's own memory: GFP_KERNEL, the default" },
	{ "movable", GFP_HIGHUSER_MOVABLE, true, LRU_NONE, "a process's memory: GFP_HIGHUSER_MOVABLE" },
	{ "reclaimable", GFP_KERNEL | __GFP_RECLAIMABLE, false, LRU_NONE,
	  "caches that can be shrunk: GFP_KERNEL|__GFP_RECLAIMABLE" },
	{ "atomic", GFP_ATOMIC, false, LRU_NONE, "from an interrupt, must not sleep: GFP_ATOMIC" },
	{ "dma", GFP_KERNEL | __GFP_DMA, false, LRU_NONE,
	  "for a device that reaches the DMA zone only: GFP_KERNEL|__GFP_DMA" },
	{ "dma32", GFP_KERNEL | __GFP_DMA32, false, LRU_NONE,
	  "for a device with 32 address bits: GFP_KERNEL|__GFP_DMA32" },
	{ "user", GFP_HIGHUSER_MOVABLE, true, LRU_ANON,
	  "a process's anonymous memory: movable, and on the LRU list" },
	{ "file", GFP_HIGHUSER_MOVABLE, true, LRU_FILE,
	  "page cache: movable, and on the LRU list of file pages" },
	{ NULL, 0, false, LRU_NONE, NULL },
};

const struct gfp_class *gfp_class_match(const char *text, size_t len)
{
	const struct gfp_class *class, *match = NULL;
	unsigned int several = 0;

	for (class = gfp_classes; class->name; class ++) {
		if (len == 0 || strncmp(text, class->name, len) != 0)
			continue;
		if (!class->name[len])
			return class;
		match = class;
		several++;
	}
	return several == 1 ? match : NULL;
}
