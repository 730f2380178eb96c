#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each lesson runs through on the layout it names, all its expectations met,
# and --list has a sentence on each. With names as arguments: only those.
set -eu
cd "${top_srcdir:?}/lessons"
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-lessons.XXXXXX")
trap 'rm -rf "$work"' EXIT
BUDDYVIZ_DATADIR=$top_srcdir
export BUDDYVIZ_DATADIR
[ $# -gt 0 ] || set -- *.bv
wrong=0
"${BUDDYVIZ:?}" --list | sed '1,/^Lessons/d' >"$work/list"
for lesson do
	name=${lesson%.bv}
	layout=$(sed -n '2s/^# layout: //p' "$lesson")
	title=$(sed -n '3s/^# //p' "$lesson")
	[ -e "../layouts/$layout.yaml" ] || { echo "$lesson: no layout '$layout'"; wrong=1; }
	grep -q '^expect ' "$lesson" || { echo "$lesson: expects nothing"; wrong=1; }
	tail -n 1 "$lesson" | grep -qx 'expect check => ok' || { echo "$lesson: does not end with a check"; wrong=1; }
	grep -qF " $title" "$work/list" || { echo "$lesson: --list does not tell of it"; wrong=1; }
	# as the README says it, and by the name that --list gives, with the layout that the lesson names
	"$BUDDYVIZ" -b -x "$lesson" "../layouts/$layout.yaml" >"$work/out" 2>"$work/err" ||
		{ echo "$lesson: failed"; cat "$work/err"; wrong=1; }
	(cd "$work" && "$BUDDYVIZ" -b -x "$name") >"$work/out2" 2>"$work/err" || { cat "$work/err"; wrong=1; }
	# messages begin with the script's path
	sed "s|^/.*/$lesson:|$lesson:|" "$work/out2" | cmp -s "$work/out" - || { echo "$lesson: another layout than it names, if none is given"; wrong=1; }
done
exit $wrong
