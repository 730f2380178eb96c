#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# instructions.sh BENCH : instructions per operation of W1, W3 and W4, counted by valgrind's callgrind.
set -eu
bench=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for w in W1 W3 W4; do
	f=run_$(echo $w | tr W w)
	BENCH_W3=200000 BENCH_W4=20000 valgrind --tool=callgrind --toggle-collect="$f" \
		--callgrind-out-file="$tmp/out" "$bench" --once $w > "$tmp/ops" 2> "$tmp/log"
	total=$(sed -n 's/^summary: *\([0-9]*\).*/\1/p' "$tmp/out")
	echo "$w  $((total / $(cat "$tmp/ops"))) instructions per operation"
done
