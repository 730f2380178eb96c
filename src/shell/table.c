/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table. Everything that is said about a command is said here. */
#include "config.h"

#include <string.h>

#include "shell.h"

/* clang-format off */

#define ALLOC_OPTS                                                                                        \
	{ "count", ARG_NUMBER, "so many requests, one after the other" },                                 \
	{ "node", ARG_NODE, "the preferred node; left out: the CPU's" },                                  \
	{ "cpu", ARG_CPU, "the CPU that asks; left out: 0" },                                             \
	{ "name", ARG_NEW_NAME, "the handle's name; with count=, NAME1, NAME2 …" },                       \
	{ "owner", ARG_WORD, "a word to free by and to list by" },                                        \
	{ "cold", ARG_FLAG, "a page set is filled at the tail, as for cold pages of older kernels" },     \
	{ "pinned", ARG_FLAG, "a movable block that cannot be migrated after all" }

#define ZONE_OPTS                                                                                         \
	{ "node", ARG_NODE, "of this node only" },                                                        \
	{ "zone", ARG_ZONE, "of zones of this name only" }

#define LIMIT_OPT { "limit", ARG_NUMBER, "at most so many" }
#define END       { NULL, ARG_END, NULL }

const struct command command_table[] = {
	/* ------------------------------------------------- requests --- */
	{
		.name = "alloc", .alias = 'a', .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.elsewhere = "new take malloc",
		.usage = "alloc ORDER [GFP] [count=N] [node=N] [cpu=N] [name=H] [owner=WORD] [cold] [pinned]",
		.summary = "ask for a block of 2^ORDER pages (alloc_pages)",
		.help = "GFP is kernel names joined by '|' (GFP_KERNEL|__GFP_THISNODE), '~FLAG' takes one away, left "
			"to right; or a class word of those below, unmovable if there is none, to which names can be "
			"joined. Answers one line a block: its handle, where it is, or why the machine refused it.",
		.pos = { { "ORDER", ARG_ORDER, "log2 of the number of pages" },
			 { "GFP", ARG_GFP, "what the request may do, and what for" }, END },
		.opts = { ALLOC_OPTS, END },
		.run = run_alloc,
	},
	{
		.name = "free", .alias = 'f', .section = SECTION_REQUESTS, .flags = CMD_CHANGES | CMD_REPEAT,
		.elsewhere = "release delete rm",
		.usage = "free H... | PFN... | all | owner=WORD | every=N [from=K] [cpu=N] [cold]",
		.summary = "give blocks back (__free_pages)",
		.help = "a3..a9 is a range of handles. owner= chooses the blocks of that owner; every=N takes the first "
			"and each Nth after it, in order of creation, from=K begins with the Kth; both narrow down what "
			"is named, or all there is. Answers one line a block; merged= is the order of the block it became part "
			"of, pcp= the CPU whose page set keeps it for now.",
		.pos = { { "H", ARG_BLOCK, "a handle, a range of handles, or the PFN of a block's first page" }, END },
		.opts = { { "all", ARG_FLAG, "everything that is held" },
			  { "owner", ARG_WORD, "what this owner holds" },
			  { "every", ARG_NUMBER, "each Nth only" },
			  { "from", ARG_NUMBER, "with every=: the first one, counted from 1" },
			  { "cpu", ARG_CPU, "the CPU that frees; left out: 0" },
			  { "cold", ARG_FLAG, "to the tail of the page set's list" }, END },
		.run = run_free,
	},
	{
		.name = "get_free_pages", .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.usage = "get_free_pages ORDER [GFP] [count=N] [node=N] [cpu=N] [name=H] [owner=WORD] [cold] [pinned]",
		.summary = "the same, answering with the kernel virtual address",
		.help = "As alloc, but __GFP_HIGHMEM is taken away, because what is returned must have an address in the "
			"linear map: page_offset + physical address.",
		.pos = { { "ORDER", ARG_ORDER, "log2 of the number of pages" },
			 { "GFP", ARG_GFP, "what the request may do, and what for" }, END },
		.opts = { ALLOC_OPTS, END },
		.run = run_get_free_pages,
	},
	{
		.name = "free_pages", .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.usage = "free_pages ADDR [cpu=N] [cold]",
		.summary = "give back the block at a kernel virtual address",
		.help = "ADDR is an address in the linear map, as get_free_pages answers it.",
		.pos = { { "ADDR", ARG_ADDRESS, "the address of the block's first page" }, END },
		.opts = { { "cpu", ARG_CPU, "the CPU that frees; left out: 0" },
			  { "cold", ARG_FLAG, "to the tail of the page set's list" }, END },
		.run = run_free_pages,
	},
	{
		.name = "drain", .alias = 'd', .section = SECTION_REQUESTS, .flags = CMD_CHANGES,
		.usage = "drain [cpu=N]",
		.summary = "empty the per-CPU page sets (drain_all_pages)",
		.help = "Their pages go back to the free lists, where they merge.",
		.pos = { END },
		.opts = { { "cpu", ARG_CPU, "of this CPU only" }, END },
		.run = run_drain,
	},
	{
		.name = "touch", .section = SECTION_REQUESTS, .flags = CMD_CHANGES | CMD_REPEAT,
		.usage = "touch H... | PFN... | all | owner=WORD | every=N [from=K]",
		.summary = "use blocks: what is used is reclaimed later",
		.help = "For user memory it sets the accessed bit of the page table, for file memory it is a read "
			"(folio_mark_accessed): the second use makes a page active. What is in swap is swapped in, what was "
			"dropped is read again, into a new block.",
		.pos = { { "H", ARG_BLOCK, "a handle, a range of handles, or the PFN of a block's first page" }, END },
		.opts = { { "all", ARG_FLAG, "everything that is held" },
			  { "owner", ARG_WORD, "what this owner holds" },
			  { "every", ARG_NUMBER, "each Nth only" },
			  { "from", ARG_NUMBER, "with every=: the first one, counted from 1" }, END },
		.run = run_touch,
	},
	{
		.name = "dirty", .section = SECTION_REQUESTS, .flags = CMD_CHANGES | CMD_REPEAT,
		.usage = "dirty H... | PFN... | all | owner=WORD | every=N [from=K]",
		.summary = "write to blocks: a file's page must be written before it can be dropped",
		.help = "User memory is touched only: it goes to swap in any case.",
		.pos = { { "H", ARG_BLOCK, "a handle, a range of handles, or the PFN of a block's first page" }, END },
		.opts = { { "all", ARG_FLAG, "everything that is held" },
			  { "owner", ARG_WORD, "what this owner holds" },
			  { "every", ARG_NUMBER, "each Nth only" },
			  { "from", ARG_NUMBER, "with every=: the first one, counted from 1" }, END },
		.run = run_dirty,
	},
	{
		.name = "reclaim", .section = SECTION_REQUESTS, .flags = CMD_CHANGES,
		.elsewhere = "swap shrink",
		.usage = "reclaim [node=N] [pages=N]",
		.summary = "get pages back from the LRU lists, as a request does that finds none free",
		.help = "Passes over the lists at priorities 12 to 0, each looking at twice as many pages as the one before, "
			"until so many pages (32) are free: anonymous ones go to swap, clean file pages are dropped.",
		.pos = { END },
		.opts = { { "node", ARG_NODE, "of this node only" }, { "pages", ARG_NUMBER, "so many" }, END },
		.run = run_reclaim,
	},
	{
		.name = "compact", .alias = 'c', .section = SECTION_REQUESTS, .flags = CMD_CHANGES,
		.elsewhere = "defrag defragment",
		.usage = "compact [node=N] [zone=Z] [order=K] [mode=async|light|sync] [proactive] [moves]",
		.summary = "move used pages together, so that free ones merge",
		.help = "Without order=, every zone from end to end, as writing to /sys/devices/system/node/nodeN/compact does; "
			"with it, until a block of the order is free, as kcompactd does. Only what is movable moves. Answers "
			"one line a zone.",
		.pos = { END },
		.opts = { ZONE_OPTS, { "order", ARG_ORDER, "until a block of this order is free" },
			  { "mode", ARG_MODE, "how patient it is: async, light, sync (light if order= is given, else sync)" },
			  { "proactive", ARG_FLAG, "only nodes whose score is too high, as kcompactd's timer does" },
			  { "moves", ARG_FLAG, "a line for each block that moved" }, END },
		.run = run_compact,
	},
	{
		.name = "isolate", .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.usage = "isolate FIRST-LAST [moves]",
		.summary = "empty pageblocks and keep them empty, as memory offlining begins",
		.help = "FIRST and LAST are the PFNs of the first and last page of whole pageblocks of one zone. Movable pages "
			"in them move elsewhere; what is free there is handed out no more, until unisolate. An unmovable page "
			"anywhere in the range refuses it.",
		.pos = { { "FIRST-LAST", ARG_RANGE, "the first and the last page of the range" }, END },
		.opts = { { "moves", ARG_FLAG, "a line for each block that moved" }, END },
		.run = run_isolate,
	},
	{
		.name = "unisolate", .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.usage = "unisolate FIRST-LAST",
		.summary = "give isolated pageblocks back to the allocator",
		.help = "They are Movable afterwards.",
		.pos = { { "FIRST-LAST", ARG_RANGE, "the first and the last page of the range" }, END },
		.opts = { END },
		.run = run_unisolate,
	},
	{
		.name = "random", .section = SECTION_REQUESTS, .flags = CMD_CHANGES, .min_pos = 1,
		.usage = "random OPS [orders=LO..HI] [mix=U:M:E] [fill=PERCENT] [seed=N]",
		.summary = "a reproducible workload of requests and frees",
		.help = "Each order is asked for half as often as the one below it. The workload drifts towards fill= per "
			"cent of the managed memory held (70), and frees only what it allocated itself; its handles are r1, "
			"r2 … and their owner is random. The same seed on the same machine does the same.",
		.pos = { { "OPS", ARG_NUMBER, "so many operations" }, END },
		.opts = { { "orders", ARG_ORDERS, "orders asked for; left out: all" },
			  { "mix", ARG_MIX, "shares of unmovable, movable and reclaimable requests (4:5:1)" },
			  { "fill", ARG_PERCENT, "how full memory is to become" },
			  { "seed", ARG_NUMBER, "where the generator starts; left out: --seed, one more each time" }, END },
		.run = run_random,
	},
	/* ----------------------------------------------------- look --- */
	{
		.name = "zoneinfo", .alias = 'z', .section = SECTION_LOOK,
		.usage = "zoneinfo", .summary = "/proc/zoneinfo of this machine",
		.help = "Watermarks, sizes, counters, protection and page sets of each zone, in the kernel's own format.",
		.pos = { END }, .opts = { END }, .run = run_zoneinfo,
	},
	{
		.name = "buddyinfo", .alias = 'b', .section = SECTION_LOOK,
		.usage = "buddyinfo", .summary = "/proc/buddyinfo: free blocks by zone and order",
		.help = "One row a zone, one column an order, in the kernel's own format.",
		.pos = { END }, .opts = { END }, .run = run_buddyinfo,
	},
	{
		.name = "pagetypeinfo", .section = SECTION_LOOK,
		.usage = "pagetypeinfo", .summary = "/proc/pagetypeinfo: free blocks by migratetype, too",
		.help = "And the number of pageblocks of each type, in the kernel's own format.",
		.pos = { END }, .opts = { END }, .run = run_pagetypeinfo,
	},
	{
		.name = "extfrag", .section = SECTION_LOOK,
		.elsewhere = "frag fragmentation",
		.usage = "extfrag [node=N] [zone=Z]", .summary = "how fragmented free memory is",
		.help = "By zone and order: free blocks; the unusable free space index (0: all free memory could serve the "
			"order, 1: none of it); the fragmentation index (-1: a block is free; near 0: a request would fail "
			"for lack of memory; near 1: because of fragmentation); and the score proactive compaction goes by.",
		.pos = { END }, .opts = { ZONE_OPTS, END }, .run = run_extfrag,
	},
	{
		.name = "bootlog", .section = SECTION_LOOK,
		.elsewhere = "dmesg",
		.usage = "bootlog", .summary = "what this machine's kernel would print while booting",
		.help = "Reserved memory, zone ranges, early memory node ranges, total pages and CMA, in the kernel's format.",
		.pos = { END }, .opts = { END }, .run = run_bootlog,
	},
	{
		.name = "memblock", .alias = 'm', .section = SECTION_LOOK,
		.usage = "memblock", .summary = "memory and reserved ranges before there was a buddy",
		.help = "In the format of debugfs memblock/memory and memblock/reserved, with names where ranges have one.",
		.pos = { END }, .opts = { END }, .run = run_memblock,
	},
	{
		.name = "nodes", .section = SECTION_LOOK,
		.elsewhere = "numa numactl",
		.usage = "nodes", .summary = "each node's pglist_data: sizes, CPUs, distances, cost of its memmap",
		.help = "Present pages are memory; spanned pages count the holes, too.",
		.pos = { END }, .opts = { END }, .run = run_nodes,
	},
	{
		.name = "zones", .section = SECTION_LOOK,
		.elsewhere = "status memory",
		.usage = "zones", .summary = "all zones: where they lie, and how full they are",
		.help = "Two tables: spanned, present, managed and CMA pages; and free pages, watermarks with their boost, and "
			"the lowmem_reserve held against requests for each higher zone.",
		.pos = { END }, .opts = { END }, .run = run_zones,
	},
	{
		.name = "zonelists", .section = SECTION_LOOK,
		.usage = "zonelists", .summary = "the order in which each node's requests try zones",
		.help = "ZONELIST_FALLBACK goes on to other nodes by distance, ZONELIST_NOFALLBACK (__GFP_THISNODE) does not.",
		.pos = { END }, .opts = { END }, .run = run_zonelists,
	},
	{
		.name = "cma", .section = SECTION_LOOK, .flags = CMD_CHANGES,
		.usage = "cma [alloc AREA PAGES [align=ORDER] [name=H] [owner=WORD] [moves] | free H]",
		.summary = "the contiguous memory areas; alloc and free pages of one",
		.help = "Alone, it lists the areas: pages that are neither handed out by CMA nor free are lent to movable "
			"requests. alloc takes so many pages side by side out of an area, moving elsewhere what was lent "
			"(cma_alloc); free gives them back (cma_release), as the command free does.",
		.pos = { { "alloc", ARG_CMA_VERB, "or free; left out: list the areas" },
			 { "AREA", ARG_CMA_WHAT, "an area to take pages from; behind free a handle" },
			 { "PAGES", ARG_NUMBER, "so many" }, END },
		.opts = { { "align", ARG_ORDER, "the first page's PFN is a multiple of 2^ORDER" },
			  { "name", ARG_NEW_NAME, "the handle's name" },
			  { "owner", ARG_WORD, "a word to free by and to list by" },
			  { "moves", ARG_FLAG, "a line for each block that moved" }, END },
		.run = run_cma,
	},
	{
		.name = "allocs", .section = SECTION_LOOK,
		.elsewhere = "ps top who handles",
		.usage = "allocs [owner=WORD] [all]", .summary = "what is held, by handle",
		.help = "The blocks of random are summed up in a line, unless all of them or those of owner=random are asked for.",
		.pos = { END },
		.opts = { { "owner", ARG_WORD, "what this owner holds" },
			  { "all", ARG_FLAG, "the blocks of random one by one, too" }, END },
		.run = run_allocs,
	},
	{
		.name = "lists", .alias = 'l', .section = SECTION_LOOK,
		.elsewhere = "ls dir",
		.usage = "lists [node=N] [zone=Z] [order=K] [type=T] [limit=N]", .summary = "the free lists, PFN by PFN",
		.help = "In list order, head first: the next block of an order that is handed out is the head of its list.",
		.pos = { END },
		.opts = { ZONE_OPTS, { "order", ARG_ORDER, "this order only" },
			  { "type", ARG_TYPE, "this migratetype only" }, LIMIT_OPT, END },
		.run = run_lists,
	},
	{
		.name = "pcp", .section = SECTION_LOOK,
		.usage = "pcp [node=N] [zone=Z] [cpu=N] [limit=N]", .summary = "the per-CPU page sets, PFN by PFN",
		.help = "In list order, head first: hot pages are at the head.",
		.pos = { END },
		.opts = { ZONE_OPTS, { "cpu", ARG_CPU, "of this CPU only" }, LIMIT_OPT, END },
		.run = run_pcp,
	},
	{
		.name = "lru", .section = SECTION_LOOK,
		.usage = "lru [node=N] [limit=N]", .summary = "the LRU lists of each node, the last used first",
		.help = "Active and inactive anonymous and file pages. accessed is the bit of the page table, referenced, dirty, "
			"reclaim and workingset are the page's own flags; reclaim begins at the end of the inactive lists.",
		.pos = { END },
		.opts = { { "node", ARG_NODE, "of this node only" }, LIMIT_OPT, END },
		.run = run_lru,
	},
	{
		.name = "vmstat", .section = SECTION_LOOK,
		.usage = "vmstat", .summary = "/proc/vmstat: counters and events",
		.help = "Counters of zones and nodes summed up, and how often what happened, in the kernel's own format.",
		.pos = { END }, .opts = { END }, .run = run_vmstat,
	},
	{
		.name = "pageblocks", .section = SECTION_LOOK,
		.elsewhere = "map",
		.usage = "pageblocks [node=N] [zone=Z] [type=T] [limit=N]",
		.summary = "each pageblock's migratetype, and what its pages are",
		.help = "Neighbouring pageblocks that are alike share a line. A zone with a + shares the pageblock with another; s "
			"marks what compaction skips, having found nothing there.",
		.pos = { END },
		.opts = { ZONE_OPTS, { "type", ARG_TYPE, "this migratetype only" }, LIMIT_OPT, END },
		.run = run_pageblocks,
	},
	{
		.name = "page", .alias = 'p', .section = SECTION_LOOK, .min_pos = 1,
		.usage = "page PFN|H", .summary = "one page's descriptor",
		.help = "Flags by name, _refcount, _mapcount, list, private, node, zone, section, pageblock, owner and buddy.",
		.pos = { { "PFN|H", ARG_PAGE, "a page frame number, or a handle: its first page" }, END },
		.opts = { END }, .run = run_page,
	},
	{
		.name = "convert", .section = SECTION_LOOK,
		.usage = "convert PFN|0xADDR | pfn=PFN | address=0xADDR",
		.summary = "pfn, addresses, page, section, node and zone of each other",
		.help = "A number below the end of memory counted in pages is a PFN; from page_offset up it is a kernel virtual "
			"address; between them a physical address. pfn= and address= (physical) leave no doubt.",
		.pos = { { "PFN|0xADDR", ARG_PLACE, "a PFN or an address" }, END },
		.opts = { { "pfn", ARG_PFN, "a page frame number" },
			  { "address", ARG_ADDRESS, "a physical address" }, END },
		.run = run_convert,
	},
	{
		.name = "gfp", .alias = 'g', .section = SECTION_LOOK, .min_pos = 1,
		.usage = "gfp FLAGS [order=K]", .summary = "a GFP word taken apart",
		.help = "Its zone by GFP_ZONE_TABLE, migratetype, what reclaim it permits, and how deep into the reserves of each "
			"zone it may go.",
		.pos = { { "FLAGS", ARG_GFP, "a GFP word or class word" }, END },
		.opts = { { "order", ARG_ORDER, "for a request of this order; left out: 0" }, END },
		.run = run_gfp,
	},
	{
		.name = "check", .section = SECTION_LOOK,
		.usage = "check", .summary = "the machine's invariants: ok, or every violation",
		.help = "List links, counters, alignment, buddies that should have merged, pageblock counts, and that handles and "
			"allocated blocks match.",
		.pos = { END }, .opts = { END }, .run = run_check,
	},
	/* -------------------------------------------------- session --- */
	{
		.name = "undo", .alias = 'u', .section = SECTION_SESSION,
		.elsewhere = "back revert",
		.usage = "undo [N]", .summary = "take back the last command that changed the machine, or the last N",
		.help = "The commands before it are carried out again on a fresh machine: a session is its list of commands. A refused "
			"request is one of them, and is taken back like the others: the answer says if it had changed no page.",
		.pos = { { "N", ARG_NUMBER, "so many commands" }, END }, .opts = { END }, .run = run_undo,
	},
	{
		.name = "redo", .alias = 'r', .section = SECTION_SESSION,
		.elsewhere = "forward",
		.usage = "redo [N]", .summary = "do again what undo took back",
		.help = "Answers as the commands themselves do.",
		.pos = { { "N", ARG_NUMBER, "so many commands" }, END }, .opts = { END }, .run = run_redo,
	},
	{
		.name = "history", .section = SECTION_SESSION,
		.usage = "history", .summary = "the commands that made the machine what it is",
		.help = "Looks are not among them. Those that undo took back are marked. The list is a script.",
		.pos = { END }, .opts = { END }, .run = run_history,
	},
	{
		.name = "source", .alias = 's', .section = SECTION_SESSION, .min_pos = 1,
		.elsewhere = ". run include",
		.usage = "source FILE", .summary = "carry out the commands of a file",
		.help = "FILE is a path, or the name of a lesson. It stops at the first wrong command, unless --keep-going was given. "
			"A script made for another layout, which a comment '# layout: NAME' among its first lines names, is not "
			"begun.",
		.pos = { { "FILE", ARG_SCRIPT, "a script, or a lesson by its name" }, END }, .opts = { END }, .run = run_source,
	},
	{
		.name = "save", .section = SECTION_SESSION, .min_pos = 1,
		.elsewhere = "write",
		.usage = "save FILE", .summary = "write the layout and where the machine stands to a file",
		.help = "buddyviz FILE is exactly this machine again, order of the lists, page sets, handles and settings "
			"included. The history is not saved: undo goes back to the saved state at most.",
		.pos = { { "FILE", ARG_FILE, "a layout to be written; what it held is replaced" }, END },
		.opts = { END }, .run = run_save,
	},
	{
		.name = "set", .section = SECTION_SESSION, .flags = CMD_CHANGES,
		.elsewhere = "sysctl",
		.usage = "set [KEY [VALUE]]", .summary = "change a sysctl or a feature of the layout while the machine runs",
		.help = "As writing to the kernel's file of that name does: watermarks, reserves and page sets are worked out "
			"anew where they follow from it. Without VALUE: what it is now; without KEY: all there are. "
			"lowmem_reserve_ratio is set by zone: lowmem_reserve_ratio.DMA32. pcp and group_by_mobility are on or "
			"off.",
		.pos = { { "KEY", ARG_KEY, "a sysctl or feature" }, { "VALUE", ARG_WORD, "a number, on or off" }, END },
		.opts = { END }, .run = run_set,
	},
	{
		.name = "reset", .section = SECTION_SESSION, .flags = CMD_CHANGES,
		.elsewhere = "restart",
		.usage = "reset", .summary = "the machine as it was right after boot",
		.help = "All handles are forgotten. undo brings them back.",
		.pos = { END }, .opts = { END }, .run = run_reset,
	},
	{
		.name = "boot", .section = SECTION_SESSION, .flags = CMD_CHANGES,
		.elsewhere = "reboot",
		.usage = "boot", .summary = "boot the machine again, visibly",
		.help = "As reset, and each stage of the boot is announced on the screen; in batch mode the boot log is printed.",
		.pos = { END }, .opts = { END }, .run = run_boot,
	},
	{
		.name = "expect", .alias = 'e', .section = SECTION_SESSION, .flags = CMD_RAW,
		.elsewhere = "assert",
		.usage = "expect COMMAND... => TEXT", .summary = "fail unless a command's output contains TEXT",
		.help = "What a look shows is not printed, all else is as always. An error message counts as output, so that a script "
			"can show what the machine refuses; it is printed as an answer. TEXT may be quoted.",
		.pos = { { "COMMAND", ARG_LINE, "any command" }, { "=>", ARG_WORD, "the arrow" },
			 { "TEXT", ARG_WORD, "what the output is to contain" }, END },
		.opts = { END }, .run = run_expect,
	},
	{
		.name = "echo", .section = SECTION_SESSION, .flags = CMD_RAW,
		.elsewhere = "print say",
		.usage = "echo TEXT", .summary = "print TEXT",
		.help = "Words are joined by one blank; quotes keep more of them.",
		.pos = { { "TEXT", ARG_WORD, "any words" }, END }, .opts = { END }, .run = run_echo,
	},
	{
		.name = "help", .alias = 'h', .section = SECTION_SESSION,
		.elsewhere = "? man usage commands",
		.usage = "help [COMMAND]", .summary = "the commands, or one of them in full",
		.help = "Every command and option can be shortened as far as it stays unambiguous.",
		.pos = { { "COMMAND", ARG_COMMAND, "a command's name" }, END }, .opts = { END }, .run = run_help,
	},
	{
		.name = "quit", .alias = 'q', .section = SECTION_SESSION,
		.elsewhere = "exit bye leave logout :q",
		.usage = "quit", .summary = "leave",
		.help = "A script that quits ends the session that reads it, too.",
		.pos = { END }, .opts = { END }, .run = run_quit,
	},
	{ .name = NULL, .pos = { END }, .opts = { END } },
};

/* clang-format on */

const char *command_section_name(enum command_section section)
{
	static const char *const names[NR_SECTIONS] = {
		[SECTION_REQUESTS] = "Requests",
		[SECTION_LOOK] = "Look",
		[SECTION_SESSION] = "Session",
	};

	return names[section];
}

const struct command *command_find(const char *name)
{
	for (const struct command *command = command_table; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}
