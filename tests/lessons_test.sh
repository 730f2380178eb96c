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
	# it ends with a check and, for the class, with what it was about
	grep -v '^#' "$lesson" | sed '/^$/d' | tail -n 1 | grep -qx 'expect check => ok' ||
		{ echo "$lesson: does not end with a check"; wrong=1; }
	awk '/^#/ { text = text substr($0, 2) } /^[^#]/ { text = "" } END { print text }' "$lesson" |
		grep -q '^ End of the lesson: .*\.$' || { echo "$lesson: does not say where it ends"; wrong=1; }
	# a line of it is a line of the screen
	awk -v f="$lesson" '/^#/ && length > 76 { print f ":" NR ": more than 76 columns"; n = 1 } END { exit n }' \
		"$lesson" || wrong=1
	grep -qF " $title" "$work/list" || { echo "$lesson: --list does not tell of it"; wrong=1; }
	# as the README says it, and by the name that --list gives, with the layout that the lesson names
	"$BUDDYVIZ" -b -x "$lesson" "../layouts/$layout.yaml" >"$work/out" 2>"$work/err" ||
		{ echo "$lesson: failed"; cat "$work/err"; wrong=1; }
	(cd "$work" && "$BUDDYVIZ" -b -x "$name") >"$work/out2" 2>"$work/err" || { cat "$work/err"; wrong=1; }
	cmp -s "$work/out" "$work/out2" || { echo "$lesson: another layout than it names, if none is given"; wrong=1; }
	# and so does a session on the right machine
	(cd "$work" && "$BUDDYVIZ" -b -e "source $name" "$layout") >"$work/out2" 2>"$work/err" ||
		{ cat "$work/err"; wrong=1; }
	cmp -s "$work/out" "$work/out2" || { echo "$lesson: source does something else"; wrong=1; }
	# what the machine refuses on purpose is an answer, and no error of the script
	grep -F "$lesson:" "$work/out" && { echo "$lesson: looks as if it had failed"; wrong=1; }
done
exit $wrong
