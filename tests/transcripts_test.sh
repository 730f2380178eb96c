#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A real kernel's transcripts, replayed: every answer and every dump must be the
# same. And files that are no whole transcripts: a message and exit status 1, never more.
set -eu
program=${top_builddir:?}/tests/transcript recorded=${top_srcdir:?}/tests/transcripts
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-transcripts.XXXXXX")
trap 'rm -rf "$work"' EXIT
wrong=0

"$program" "$recorded/basic.trace.xz" >"$work/out" || :
if grep -q 'without liblzma' "$work/out"; then
	echo 'built without liblzma: compressed transcripts cannot be read'
	exit 77
fi
"$program" "$recorded"/*.xz || wrong=1

# A machine of one pageblock of two pages in a Normal zone at 16, with one page free and one in use.
cat >"$work/whole" <<'END'
> info
< info release MAX_ORDER=3 pageblock_order=1 online_cpus=1
< info nodes=1 cma=0 watermark_boost_factor=0 zones=Normal,Movable
> drain
< ok
> dump 0
< zone nid=0 name=Normal start=0x10 spanned=4 present=4 managed=4
< wmark min=0 low=0 high=0 promo=0 boost=0 nr_reserved_highatomic=0 flags=0x0 lowmem_reserve=0,0
< stat nr_free_pages=3 diff=0 threshold=0 drift_mark=0 contiguous=1
< compact cached_free=0x0 cached_migrate=0x0,0x0 init_migrate=0x0 init_free=0x0 considered=0 defer_shift=0 order_failed=0 flush=0
< pcp cpu=0 count=0 high=4 batch=1 free_factor=0 expire=0 nlists=14
< free order=0 mt=M n=1 : 0x11
< free order=1 mt=U n=1 : 0x12
< movable :
< blocks start=0x10 order=1 : MU
> alloc 0 0 1 GFP_KERNEL|__GFP_NORETRY
< 0 -> pfn 0x12
> free 0
< ok
> drain
< ok
> dump 0
< zone nid=0 name=Normal start=0x10 spanned=4 present=4 managed=4
< wmark min=0 low=0 high=0 promo=0 boost=0 nr_reserved_highatomic=0 flags=0x0 lowmem_reserve=0,0
< stat nr_free_pages=3 diff=0 threshold=0 drift_mark=0 contiguous=1
< compact cached_free=0x0 cached_migrate=0x0,0x0 init_migrate=0x0 init_free=0x0 considered=0 defer_shift=0 order_failed=0 flush=0
< pcp cpu=0 count=0 high=4 batch=1 free_factor=0 expire=0 nlists=14
< free order=0 mt=M n=1 : 0x11
< free order=1 mt=U n=1 : 0x12
< movable :
< blocks start=0x10 order=1 : MU
END

# play STATUS TEXT FILE: the exit status, and what the output holds
play()
{
	got=0
	"$program" "$work/$3" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" = "$1" ] && grep -q -e "$2" "$work/out" && [ ! -s "$work/err" ] && return
	echo "$3: exit status $got, not $1, or no '$2' in:"
	cat "$work/out" "$work/err"
	wrong=1
}

# odd TEXT NAME SED-SCRIPT: the whole one, damaged
odd()
{
	sed "$3" "$work/whole" >"$work/$2"
	play 1 "$1" "$2"
}

play 0 'whole: exact 12/12' whole
: >"$work/empty"
play 1 'no dump after a drain' empty
play 1 'cannot be read' nothing
head -c 300 "$recorded/basic.trace.xz" >"$work/cut.xz"
play 1 'not a whole .xz file' cut.xz

odd 'no dump after a drain' no-drain '/^> drain/d'
odd 'names its zones' no-info '/^< info/d'
odd 'names its zones' unknown-zone-in-info 's/zones=Normal/zones=Usual/'
odd 'names its zones' zone-twice-in-info 's/zones=Normal/zones=Normal,Normal/'
odd 'does not name' unknown-zone 's/name=Normal/name=Usual/'
odd 'orders that do not go together' no-orders 's/MAX_ORDER=3/MAX_ORDER=1/'
odd 'orders that do not go together' many-orders 's/MAX_ORDER=3/MAX_ORDER=40/'
odd 'orders that do not go together' large-pageblocks 's/pageblock_order=1/pageblock_order=5/'
odd 'number of CPUs' no-cpus 's/online_cpus=1/online_cpus=0/'
odd 'number of nodes' no-nodes 's/nodes=1/nodes=0/'
odd 'fit its dumps' other-node 's/^> dump 0/> dump 7/'
odd 'CPU that is not there' other-cpu 's/pcp cpu=0/pcp cpu=3/'
odd 'size that cannot be' no-pages 's/spanned=4/spanned=0/'
odd 'size that cannot be' too-far 's/start=0x10 s/start=0x100000000 s/'
odd 'free list that cannot be, or twice' high-order 's/free order=1/free order=9/'
odd 'free list that cannot be, or twice' twice 's/^< free order=0.*/&\n&/'
odd 'belong to another block\|not in the zone\|outside' outside 's/: 0x12/: 0x92/'
odd 'not the zone' movable 's/^< movable :/& 0x10-0x1000000000/'
odd 'more or fewer pageblocks' blocks 's/: MU/: MUM/'
odd 'no known type' letters 's/: MU/: MX/'
odd 'without its watermarks' cut-short '8,$d'
odd 'before the first zone' no-zone '/^< zone/d'
odd 'exact [0-9]*/[0-9]*' garbage 's/^> alloc.*/&\nwhat is this\n> \n> frobnicate 7/'
odd 'cannot be replayed' far-id 's/^> alloc 0/> alloc 99999999999/'
odd 'exact 0/' wrong-answer 's/-> pfn 0x12/-> pfn 0x10/'
odd 'bad arguments' wrong-gfp 's/GFP_KERNEL/GFP_SOMETHING/'
odd 'exact [0-9]*/[0-9]*' two-cpus 's/online_cpus=1/online_cpus=2/'
exit $wrong
