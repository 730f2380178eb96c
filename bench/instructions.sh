#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# instructions.sh BENCH : instructions per operation (an alloc or a free) of W1, W3 and W4
# inside alloc_pages and free_pages, counted by valgrind's callgrind.
set -eu
bench=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for w in W1 W3 W4; do
	BENCH_W3=200000 BENCH_W4=20000 valgrind --tool=callgrind --toggle-collect=alloc_pages \
		--toggle-collect=free_pages --callgrind-out-file="$tmp/out" "$bench" --once $w > "$tmp/ops" 2> "$tmp/log"
	total=$(sed -n 's/^summary: *\([0-9]*\).*/\1/p' "$tmp/out")
	echo "$w  $((total / $(cat "$tmp/ops"))) instructions per operation"
done
