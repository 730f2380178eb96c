#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Requests that wait for others to free memory, in sessions too long for a
# recorded answer: each on 32 MiB, with what the kernel's source says of it.
set -eu
program=${BUDDYVIZ:?}
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-waits.XXXXXX")
trap 'rm -rf "$work"' EXIT
wrong=0

fail()
{
	echo "$*"
	wrong=1
}

# machine NAME KEYS...: 32 MiB in one zone, and further keys of the layout
machine()
{
	name=$1
	shift
	{
		printf 'name: %s\nzones: [ { type: Normal } ]\n' "$name"
		printf 'nodes: [ { id: 0, memory: [ 0x100000-0x20fffff ] } ]\n'
		printf '%s\n' "$@"
	} >"$work/$name.yaml"
}

# run NAME: the script NAME on the machine NAME, its answers in NAME.out
run()
{
	"$program" -b -x "$work/$1.bv" "$work/$1.yaml" >"$work/$1.out" || fail "$1: failed"
	tail -n 1 "$work/$1.out" | grep -qx ok || fail "$1: the machine is not whole"
}

# count NAME EVENT: its number in vmstat
count()
{
	sed -n "s/^$2 //p" "$work/$1.out"
}

# __GFP_NOFAIL: compaction is deferred after it failed, by up to 64 requests; the request outlasts that
# (compaction_deferred, compaction_restarting).
machine nofail 'sysctl: { min_free_kbytes: 128 }'
cat >"$work/nofail.bv" <<-'END'
	set compaction_proactiveness 0
	alloc 0 movable count=7700 owner=m; free owner=m every=2; drain
	alloc 0 movable pinned count=3500 owner=p; free owner=m; drain
	alloc 5 count=40 owner=x; free owner=x
	alloc 0 user count=3800 owner=k; free owner=p; drain
	alloc 8 GFP_NOWAIT count=6 owner=z; alloc 5 GFP_NOWAIT count=6 owner=z; drain
	alloc 5 GFP_KERNEL name=may
	alloc 5 GFP_KERNEL|__GFP_NOFAIL name=must
	check
END
run nofail
grep -q '^may failed ' "$work/nofail.out" || fail 'nofail: an ordinary request has no need to wait here'
grep -q '^must pfn=' "$work/nofail.out" || fail 'nofail: the request failed'

# A request that is throttled sleeps until kswapd has worked for the zones it was woken for, Movable too: only a kswapd
# that sleeps is told of another (allow_direct_reclaim).
machine throttle 'movablecore: 16M' 'swap: 64M' 'sysctl: { min_free_kbytes: 512, watermark_boost_factor: 0 }'
cat >"$work/throttle.bv" <<-'END'
	alloc 0 user count=3000 owner=m
	alloc 0 GFP_HIGHUSER_MOVABLE|__GFP_MEMALLOC|~__GFP_KSWAPD_RECLAIM count=1050 owner=w
	alloc 0 GFP_KERNEL|__GFP_MEMALLOC|~__GFP_KSWAPD_RECLAIM count=4030 owner=u
	set min_free_kbytes 2000
	alloc 0 user name=z
	vmstat
	check
END
run throttle
grep -q '^z pfn=.* zone=Movable ' "$work/throttle.out" || fail 'throttle: the request was not served from Movable'
[ "$(count throttle pgscan_direct_throttle)" = 1 ] || fail 'throttle: it did not sleep once'
[ "$(count throttle pgsteal_kswapd)" -gt 0 ] || fail 'throttle: kswapd got nothing'
[ "$(count throttle allocstall_movable)" = 1 ] || fail 'throttle: it came back to reclaim'
exit $wrong
