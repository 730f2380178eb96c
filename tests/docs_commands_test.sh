#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# buddyviz-commands(7) describes exactly the commands that the program has:
# the same names and short forms as "help" lists, in the same order, and each
# with the usage line that "help COMMAND" prints. buddyviz(1) has the options
# that --help prints.
set -eu
command -v mandoc >/dev/null || { echo "no mandoc: apt-get install mandoc"; exit 77; }
src=${top_srcdir:?} program=${BUDDYVIZ:?}
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
wrong=0

# Names and short forms, "name" or "name letter", of the page and of the program.
sed -n '/^\.It Xo$/{n;s/^\.Ic/.It Ic/;}; s/^\.It Ic \([a-z_]*\).*/\1/p; s/^\.Pq Ic \([a-z]\)$/ \1/p' \
	"$src/man/buddyviz-commands.7" | awk '/^ / { last = last $0; next } last { print last } { last = $0 }
	END { print last }' >"$work/page"
"$program" -b -e help | sed -n 's/^  \([a-z]\), \([a-z_]*\) .*/\2 \1/p; s/^     \([a-z_][a-z_]*\) .*/\1/p' >"$work/program"
[ -s "$work/program" ] || { echo "help lists no commands"; wrong=1; }
diff -u --label 'buddyviz-commands(7)' --label help "$work/page" "$work/program" || wrong=1

# Usage lines: the heads of the page's entries, markup taken away.
mandoc -T ascii -O width=400 "$src/man/buddyviz-commands.7" | sed 's/.\x08//g; s/^ *//' >"$work/text"
while read -r name _; do
	usage=$("$program" -b -e "help $name" | head -n 1)
	awk -v usage="$usage" 'index($0 " ", usage " ") == 1 { found = 1 } END { exit !found }' "$work/text" ||
		{ echo "no entry with the usage: $usage"; wrong=1; }
done <"$work/program"

# Options, one a line.
mandoc -T ascii -O width=400 "$src/man/buddyviz.1" | sed 's/.\x08//g' >"$work/options"
"$program" --help >"$work/help"
for option in $(grep -oE -e '--[a-z-]+' "$work/help" | sort -u); do
	grep -qF -e "$option" "$work/options" || { echo "buddyviz(1) has no $option"; wrong=1; }
done
for option in $(sed -n '/^DESCRIPTION/,/^EXAMPLES/p' "$work/options" | grep -oE -e '--[a-z-]+' | sort -u); do
	grep -qF -e "$option" "$work/help" || { echo "--help has no $option"; wrong=1; }
done
[ "$wrong" = 0 ]
