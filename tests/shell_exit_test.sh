#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The program's options, exit statuses and what it does when output or input fail.
set -eu
program=${BUDDYVIZ:?} layouts=${top_srcdir:?}/layouts
work=$(mktemp -d "${TMPDIR:-/tmp}/buddyviz-exit.XXXXXX")
trap 'rm -rf "$work"' EXIT
BUDDYVIZ_DATADIR=$top_srcdir
export BUDDYVIZ_DATADIR
wrong=0

# check STATUS OUT ERR ARGS...: OUT and ERR are what the first lines begin with ("-": nothing is printed)
check()
{
	status=$1 out=$2 err=$3 got=0
	shift 3
	"$program" "$@" >"$work/out" 2>"$work/err" <"$work/in" || got=$?
	[ "$got" = "$status" ] || { echo "buddyviz $*: exit status $got, not $status"; wrong=1; }
	for stream in out err; do
		[ $stream = out ] && text=$out || text=$err
		case $text in
		-)	[ ! -s "$work/$stream" ] ;;
		*)	awk -v t="$text" 'NR == 1 { found = index($0, t) == 1 } END { exit !found }' "$work/$stream" ;;
		esac || { echo "buddyviz $*: standard $stream does not begin with '$text':"; cat "$work/$stream"; wrong=1; }
	done
}

: >"$work/in"
check 0 'Usage: buddyviz' - --help
check 0 'buddyviz 0' - -V
check 2 - "$program: unrecognized option" --nonsense
check 2 - 'buddyviz: --color must be' --color=sometimes
check 2 - 'buddyviz: --seed must be' --seed=-1
check 2 - 'buddyviz: --seed must be' --seed=
check 2 - 'buddyviz: one layout at a time' -b tiny bst
check 2 - "buddyviz: no layout 'none'" -b none
check 2 - '' -b ./none.yaml
check 0 'tiny: ok' - --check tiny
check 0 'bst.yaml: ok' - --check
check 0 'Layouts (' - --list
echo 'page_shift: 12' >"$work/broken.yaml"
check 2 - "$work/broken.yaml:1:1: error:" --check "$work/broken.yaml"
check 2 - "$work/broken.yaml:1:1: error:" -b "$work/broken.yaml"

# a name that is none: what may have been meant, and who named it
check 2 - "buddyviz: no layout 'tny'; did you mean 'tiny'?" -b tny
check 2 - "buddyviz: no layout 'merge'; it is a lesson: buddyviz -x merge" -b merge
check 2 - "buddyviz: no layout 'mrge'; did you mean the lesson 'merge' (buddyviz -x merge)?" -b mrge
check 2 - "buddyviz: $top_srcdir/lessons/merge.bv is a script and no layout: buddyviz -x" -b "$top_srcdir/lessons/merge.bv"
printf '# a script\n# layout: nosuch' >"$work/wants"
check 2 - "$work/wants:2: error: no layout 'nosuch'" -b -x "$work/wants"

# a lesson on another machine than its own is told of before it fails; on its own, however that is named, it is not
lesson=$top_srcdir/lessons/kswapd.bv
check 1 'a1' "buddyviz: warning: $lesson is for layout small, and this machine is x86_64" -b -x kswapd x86_64
check 1 'a1' "buddyviz: warning: $lesson is for layout small, and this machine is tiny" -b -x merge -x kswapd
check 0 'a1' - -b -x kswapd small
check 0 'a1' - -b -x kswapd "$layouts/small.yaml"

# commands from standard input, from -e and -x in order
echo 'alloc 5; free a1; check' >"$work/in"
check 0 'a1 pfn=0x0 order=5' - -b tiny
check 0 'one' - -b -e 'echo one' -e 'nodes' tiny
echo 'echo two' >"$work/script"
"$program" -b -e 'echo one' -x "$work/script" --execute='echo three' tiny >"$work/out"
printf 'one\ntwo\nthree\n' | cmp -s - "$work/out" || { echo "-e and -x are out of order"; wrong=1; }
check 1 - 'buddyviz: /no/such/script:' -b -x /no/such/script tiny
check 1 'one' '-e:1: error:' -b -e 'echo one; nonsense; echo two' tiny
[ "$(cat "$work/out")" = one ] || { echo "a script goes on after a wrong command"; wrong=1; }
check 1 'two' '-e:1: error:' -b -k -e nonsense -e 'echo two' tiny
printf 'echo a\nnonsense\n' >"$work/in"
check 1 'a' '<stdin>:2: error:' -b tiny
check 1 'ok' '-e:1: error: expect:' -b -e 'check; expect check => wrong' tiny
# a refused allocation is a result
check 0 'a1 ' - -b -e 'alloc 5 count=3' tiny
# a seed is a workload
a=$("$program" -b --seed=7 -e 'random 500; lists' tiny) b=$("$program" -b --seed=7 -e 'random 500; lists' tiny)
c=$("$program" -b --seed=8 -e 'random 500; lists' tiny)
[ "$a" = "$b" ] && [ "$a" != "$c" ] || { echo "--seed does not decide the workload"; wrong=1; }

# what is no file of the kernel's fits a terminal of 80 columns; usage lines are as long as they are
for layout in tiny bst numa x86_32; do
	"$program" -b -e 'alloc 0 user name=x owner=browser; alloc 3; compact; zones; pageblocks; allocs; set; help' \
		-e 'help alloc; help compact; help cma; help random' "$layout" | grep -vE '^Node|^(alloc|compact|cma|random) ' |
		awk -v l="$layout" 'length > 79 { print l ": wider than the log: " $0; n = 1 } END { exit n }' || wrong=1
done

# a script may come through a pipe, too
echo 'alloc 0; free a1' | "$program" -b -x /dev/stdin tiny >"$work/out" 2>&1 || wrong=1
grep -q '^a1 freed' "$work/out" || { echo "a script from a pipe is not run"; wrong=1; }

# output that cannot be written is a failure
if [ -w /dev/full ]; then
	got=0
	"$program" -b -e 'zones' tiny >/dev/full 2>"$work/err" || got=$?
	[ "$got" = 1 ] && grep -q 'cannot write to standard output' "$work/err" ||
		{ echo "a full disk goes unnoticed (status $got)"; wrong=1; }
fi
exit $wrong
