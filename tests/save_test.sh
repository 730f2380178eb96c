#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# save and set as a user meets them: the file, what comes back from it, what is
# refused, and where a state that does not fit is wrong.
set -eu
program=${BUDDYVIZ:?} layouts=${top_srcdir:?}/layouts
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-save.XXXXXX")
trap 'rm -rf "$work"' EXIT
wrong=0

fail()
{
	echo "$*"
	wrong=1
}

# same A B WHAT: both files are equal
same()
{
	cmp -s "$1" "$2" || { fail "$3 differ:"; diff "$1" "$2" | head -n 20; }
}

# has FILE TEXT: a line of FILE contains TEXT
has()
{
	grep -qF -- "$2" "$1" || { fail "'$2' is not in:"; cat "$1"; }
}

looks='zoneinfo; buddyinfo; pagetypeinfo; vmstat; lists; pcp; pageblocks; lru; cma; allocs all; check; set'
next='random 10000; alloc 3; alloc 0 movable count=3 owner=x; free all; check; lists; pcp; zoneinfo'

# The same machine, and the same answers from there on, for each layout.
for name in tiny small x86_32 x86_64 numa bst; do
	before="alloc 2 name=b; alloc 0 user count=20 owner=x; alloc 4 atomic; free b; random 10000; set watermark_scale_factor 40"
	"$program" -b -e "$before" -e "save $work/$name.yaml" "$layouts/$name.yaml" >"$work/answers"
	has "$work/answers" "saved: $work/$name.yaml"
	"$program" -b -e "$before" -e "echo cut" -e "$looks" -e "$next" "$layouts/$name.yaml" | sed '1,/^cut$/d' >"$work/on"
	"$program" -b -e "$looks" -e "$next" "$work/$name.yaml" >"$work/loaded"
	same "$work/on" "$work/loaded" "$name: going on and loading"
	"$program" -b -e "save $work/again.yaml" "$work/$name.yaml" >"$work/answers"
	same "$work/$name.yaml" "$work/again.yaml" "$name: saved and saved again"
	"$program" --check "$work/$name.yaml" >"$work/answers" || fail "$name: --check refuses what was saved"
done

# Compaction in a zone of one pageblock leaves its free scanner before PFN 0, as in the kernel: that can be loaded, too.
cat >"$work/m.yaml" <<-END
	name: m
	pageblock_order: 8
	zones: [ { type: Normal } ]
	nodes: [ { id: 0, memory: [ 0x0-0xfbfff ] } ]
	sysctl: { min_free_kbytes: 0 }
	END
"$program" -b -e 'random 125 seed=60 orders=0..10' -e "save $work/ms.yaml; echo cut; $looks; $next" "$work/m.yaml" |
	sed '1,/^cut$/d' >"$work/on"
"$program" -b -e "$looks" -e "$next" "$work/ms.yaml" >"$work/loaded" || fail 'a scanner below 0 does not load'
same "$work/on" "$work/loaded" "one pageblock: going on and loading"

# Names go on where they were; a freed one is known as such; reset and undo end at the saved state.
"$program" -b -e "alloc 0 count=3; free a2; alloc 0 name=null owner='two words'; save $work/n.yaml" "$layouts/tiny.yaml" >"$work/answers"
"$program" -b -k -e 'allocs; free a2; alloc 0; undo; undo; reset; allocs; check' "$work/n.yaml" >"$work/out" 2>"$work/err" || :
has "$work/err" 'free: a2 is freed already'
has "$work/err" 'undo: nothing to undo'
has "$work/out" 'a4 pfn='
has "$work/out" 'undone: alloc 0'
has "$work/out" 'two words'
[ "$(grep -c '^null ' "$work/out")" = 2 ] || fail "the handle 'null' is not listed twice"

# A save is a look: it is not in the history.
"$program" -b -e "alloc 0; save $work/h.yaml; history; set; set pcp; history" "$layouts/tiny.yaml" >"$work/out"
[ "$(grep -c '^alloc 0$' "$work/out")" = 2 ] || fail 'history does not have alloc 0 alone'
grep -q '^save \|^set ' "$work/out" && fail 'a look is in the history'

# What cannot be written is refused, and what was there stays.
"$program" -b -e "save $work/none/x.yaml" tiny.none 2>/dev/null && fail 'a layout that is not there'
"$program" -b -e "save $work/none/x.yaml" "$layouts/tiny.yaml" 2>"$work/err" && fail 'saved in a directory that is not there'
has "$work/err" "-e:1: error: save: $work/none/x.yaml: No such file or directory"
"$program" -b -e "save $work" "$layouts/tiny.yaml" 2>"$work/err" && fail 'saved over a directory'
has "$work/err" "error: save: $work: Is a directory"
"$program" -b -e 'save /dev/stdout' "$layouts/tiny.yaml" >"$work/piped"
has "$work/piped" 'state:'
ls "$work" | grep -q 'yaml\.' && fail 'a temporary file is left'

# Settings: the watermarks follow, undo takes them back, values are checked.
cat >"$work/set.bv" <<'EOF'
set min_free_kbytes 8192
expect zones => 2048
undo
set pcp off
set watermark_scale_factor 3001
set pc 1
set percpu_pagelist_high_fraction 7
set min_free_kbyte 1
set nonsense 1
set group_by_mobility maybe
set lowmem_reserve_ratio 1
set extfrag_threshold
EOF
"$program" -b -k -x "$work/set.bv" "$layouts/x86_32.yaml" >"$work/out" 2>"$work/err" || :
has "$work/out" 'undone: set min_free_kbytes 8192'
has "$work/out" 'pcp = off'
has "$work/out" 'pcp = on'
has "$work/out" 'extfrag_threshold = 500'
has "$work/err" 'set: watermark_scale_factor must be 1 to 3000'
has "$work/err" 'set: percpu_pagelist_high_fraction: it must be 0 or at least 8'
has "$work/err" "set: there is no setting 'nonsense'"
has "$work/err" 'set: group_by_mobility must be on or off'
has "$work/err" "set: there is no setting 'lowmem_reserve_ratio'"

# What only the machine can find has its place, too. (Zone DMA ends at frame 0x20; 4 pageblocks each.)
cat >"$work/misfit.yaml" <<'EOF'
name: misfit
max_order: 5
pageblock_order: 3
zones: [{ type: DMA, end: 0x20000 }, { type: Normal }]
nodes: [{ id: 0, memory: [0x0-0x3ffff] }]
state:
  zones:
    - node: 0
      zone: Normal
      free:
        - { order: 3, migratetype: U, pfns: [0x30, 0x18] }
EOF
"$program" --check "$work/misfit.yaml" 2>"$work/err" && fail 'a block of another zone was taken'
has "$work/err" 'misfit.yaml:11:52: error: a free block that does not fit where it is put'
sed 's/, 0x18//; s/Normal$/Normal\n      pageblocks: "UUU"/' "$work/misfit.yaml" >"$work/few.yaml"
"$program" -b -e 'check' "$work/few.yaml" 2>"$work/err" && fail 'too few pageblocks were taken'
has "$work/err" 'few.yaml:10:19: error: fewer pageblock letters than the zone has pageblocks'

[ $wrong = 0 ]
