/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines of 32 MiB, no two alike: zones, nodes, CPUs, holes, CMA, swap, page sets, grouping. */
#include "config.h"

#include "property.h"

/* One zone as the kernel has it, a CMA area, some swap. */
static const char plain[] = "name: plain\n"
			    "zones: [ { type: Normal } ]\n"
			    "nodes: [ { id: 0, memory: [ 0x0-0x1ffffff ] } ]\n"
			    "reserved: [ { name: kernel, range: 0x100000-0x3fffff } ]\n"
			    "cma: [ { name: area, base: 0x800000, size: 4M } ]\n"
			    "swap: 4M\n"
			    "sysctl: { min_free_kbytes: 512 }\n"
			    "features: { group_by_mobility: true }\n";

/* Small pageblocks: 512 of them, and two CPUs with page sets; the kernel's own idea of grouping. */
static const char blocks[] =
	"name: blocks\n"
	"max_order: 8\n"
	"pageblock_order: 4\n"
	"cpus: 2\n"
	"zones: [ { type: DMA, end: 0x800000 }, { type: Normal } ]\n"
	"nodes: [ { id: 0, memory: [ 0x0-0x1ffffff ] } ]\n"
	"reserved: [ { name: kernel, range: 0x100000-0x2fffff },\n"
	"            { name: late, base: 0x400000, size: 1M, freed_after_boot: true } ]\n"
	"cma: [ { name: low, base: 0x600000, size: 1M }, { name: high, base: 0x1000000, size: 2M } ]\n"
	"swap: 1M\n"
	"sysctl: { min_free_kbytes: 256 }\n";

/* Two nodes, one of them with a hole and kernelcore's Movable zones. */
static const char nodes[] =
	"name: nodes\n"
	"max_order: 9\n"
	"pageblock_order: 6\n"
	"cpus: 3\n"
	"kernelcore: 20M\n"
	"zones: [ { type: DMA32, end: 0x1000000 }, { type: Normal } ]\n"
	"nodes:\n"
	"  - { id: 0, memory: [ 0x0-0x9ffff, 0x100000-0x10fffff ], cpus: [ 0, 1 ],\n"
	"      distance: [ 10, 20 ] }\n"
	"  - { id: 1, memory: [ 0x1100000-0x1ffffff ], cpus: [ 2 ], distance: [ 20, 10 ] }\n"
	"reserved: [ { name: kernel, range: 0x200000-0x3fffff },\n"
	"            { name: firmware, range: 0x500000-0x50ffff, no_map: true } ]\n"
	"sysctl: { min_free_kbytes: 512 }\n"
	"features: { group_by_mobility: true }\n";

/* A 32-bit machine: highmem, no page sets, everything in one kind of pageblock. */
static const char highmem[] =
	"name: highmem\n"
	"max_order: 10\n"
	"pageblock_order: 10\n"
	"zones: [ { type: Normal, end: 0x1000000 }, { type: HighMem } ]\n"
	"nodes: [ { id: 0, memory: [ 0x0-0x1ffffff ] } ]\n"
	"swap: 16M\n"
	"sysctl: { min_free_kbytes: 300 }\n"
	"virtual: { page_offset: 0xc0000000, high_memory: 0xc1000000, vmalloc_start: 0xc1800000,\n"
	"           vmalloc_end: 0xff800000, pkmap_base: 0xff800000, last_pkmap: 512,\n"
	"           fixaddr_start: 0xffc00000 }\n"
	"features: { pcp: false, group_by_mobility: false }\n";

const char *const property_layouts[] = { plain, blocks, nodes, highmem, NULL };
