/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of zone types; apart from the rest, so that who needs only them needs no YAML. */
#include <config.h>

#include "buddyviz/layout.h"

const char *zone_type_name(enum zone_type type)
{
	static const char *const names[NR_ZONE_TYPES] = {
		[ZONE_DMA] = "DMA",         [ZONE_DMA32] = "DMA32",     [ZONE_NORMAL] = "Normal",
		[ZONE_HIGHMEM] = "HighMem", [ZONE_MOVABLE] = "Movable", [ZONE_DEVICE] = "Device",
	};

	return names[type];
}
