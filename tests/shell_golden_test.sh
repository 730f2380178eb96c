#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Run each script of tests/shell and compare what it prints with the .out and
# .err beside it. A script's first comment may say "args: OPTIONS LAYOUT", its
# second "status: N". With names as arguments: only those scripts.
# GOLDEN_UPDATE=1 writes the files anew: read the difference before keeping it.
set -eu
cd "${top_srcdir:?}/tests/shell"
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-shell.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- *.bv
wrong=0
for script do
	name=${script%.bv}
	args=$(sed -n '1s/^# args: //p' "$script")
	expected=$(sed -n '2s/^# status: //p' "$script")
	status=0
	# shellcheck disable=SC2086 # args are words
	"${BUDDYVIZ:?}" -b -x "$script" $args >"$work/out" 2>"$work/err" </dev/null || status=$?
	if [ -n "${GOLDEN_UPDATE:-}" ]; then
		cp "$work/out" "$name.out"
		rm -f "$name.err"
		[ ! -s "$work/err" ] || cp "$work/err" "$name.err"
	fi
	[ -e "$name.err" ] && err=$name.err || err=/dev/null
	diff -u "$name.out" "$work/out" || { echo "$script: standard output differs"; wrong=1; }
	diff -u "$err" "$work/err" || { echo "$script: standard error differs"; wrong=1; }
	[ "$status" = "${expected:-0}" ] || { echo "$script: exit status $status, not ${expected:-0}"; wrong=1; }
done
exit $wrong
