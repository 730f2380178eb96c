#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ctrl-C, Ctrl-Z, a crash, a terminal that goes away.
# shellcheck disable=SC2016
. "${top_srcdir:-.}/tests/e2e_lib.sh"

layout=$top_srcdir/layouts/tiny.yaml
open_terminal 80 24

pid() { sed -n 1p "$e2e_dir/pid" 2>/dev/null; }
has_pid() { [ -s "$e2e_dir/pid" ] && kill -0 "$(pid)" 2>/dev/null; }
gone() { ! kill -0 "$(pid)" 2>/dev/null; }
# the shell's child becomes the program, so that its number is known
start_known() {
	rm -f "$e2e_dir/pid"
	type_line "clear; sh -c 'echo \$\$ >$e2e_dir/pid; exec \"$BUDDYVIZ\" \"$layout\"'"
	shows 'buddyviz>'
	until_true "the program runs" has_pid
}

# a long command stops where it is, and the machine is whole
start_known
type_line 'random 2000000000'
shows 'Ctrl-C stops it'
press C-c
shows 'interrupted'
type_line 'free all; check'
shows 'ok'

# away and back
press C-z
until_true "the shell is back" alternate 0
shows 'ready$'
type_line 'fg'
shows 'FREE LISTS'
type_line 'quit'
is_restored

# a crash leaves a terminal that can be used
start_known
kill -SEGV "$(pid)"
is_restored

# asked to end
start_known
kill -TERM "$(pid)"
is_restored
shows '[0] cooked'

# the terminal goes away: so does the program
start_known
t kill-server
until_true "the program has ended" gone
