#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs every example of the manual pages and of README, and compares what it
# prints with what is written there. "$ cat FILE" of a file that does not exist
# yet shows the file's text: it is written, for the examples after it. Only
# commands that name the program are run. "./bootstrap run" stands for it, as it
# promises: building is not a test's business, nor is a screen, so with -b only.
set -eu
src=${top_srcdir:?} program=${BUDDYVIZ:?}
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/examples" "$work/run"
ln -s "$program" "$work/bin/buddyviz"
printf '#!/bin/sh\nshift\nexec buddyviz "$@"\n' >"$work/run/bootstrap"
chmod +x "$work/run/bootstrap"
ln -s "$src/layouts" "$src/lessons" "$work/run/"
PATH=$work/bin:$PATH LC_ALL=C.UTF-8 HOME=$work/run XDG_STATE_HOME=$work/run XDG_DATA_HOME=$work/run
BUDDYVIZ_DATADIR=$src
export PATH LC_ALL HOME XDG_STATE_HOME XDG_DATA_HOME BUDDYVIZ_DATADIR

# check BASE: one example; prints how it differs
check()
{
	case $(cat "$1.cmd") in
	"cat "*)
		file=$(sed 's/^cat //' "$1.cmd")
		[ -e "$file" ] || { cp "$1.out" "$file"; return 0; } ;;
	*buddyviz* | *"./bootstrap run -b "*) ;;
	*) return 0 ;;
	esac
	{ sh "$1.cmd" 2>&1 </dev/null || true; } | sed 's/ *$//' >"$1.got"	# pages hold no trailing blanks
	ran=$((ran + 1))
	cmp -s "$1.out" "$1.got" && return 0
	printf '%s: the example prints something else:\n$ %s\n' "$(cat "$1.at")" "$(cat "$1.cmd")"
	diff -u --label written --label printed "$1.out" "$1.got"
}

cd "$work/run"
awk -v dir="$work/examples" -f "$src/tests/docs_examples.awk" \
	"$src/man/buddyviz.1" "$src/man/buddyviz-layout.5" "$src/man/buddyviz-commands.7" "$src/README" >/dev/null
ran=0 wrong=0
for cmd in "$work"/examples/*.cmd; do
	check "${cmd%.cmd}" || wrong=$((wrong + 1))
done
echo "$ran examples run, $wrong wrong"
[ "$wrong" = 0 ] && [ "$ran" -gt 0 ]
