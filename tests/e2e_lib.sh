# SPDX-License-Identifier: GPL-3.0-or-later
# What the end-to-end tests share: the program in a tmux of its own, asked what
# its screen shows. Nothing waits for a time, only for a text, with a deadline.
# shellcheck shell=sh

command -v tmux >/dev/null 2>&1 || { echo "tmux is not installed: skipped"; exit 77; }

: "${BUDDYVIZ:=./buddyviz}" "${top_srcdir:=.}"
case $BUDDYVIZ in /*) ;; *) BUDDYVIZ=$PWD/$BUDDYVIZ ;; esac
top_srcdir=$(cd "$top_srcdir" && pwd)

e2e_dir=$(mktemp -d) || exit 99
TMUX_TMPDIR=$e2e_dir
XDG_STATE_HOME=$e2e_dir/state
LC_ALL=C.UTF-8
DEADLINE=${E2E_DEADLINE:-30}
export TMUX_TMPDIR XDG_STATE_HOME LC_ALL
unset TMUX NO_COLOR LINES COLUMNS

t() { tmux -L e2e -f /dev/null "$@"; }

# A shell in a terminal of COLUMNS x LINES, with a prompt that cannot be missed.
new_session() { t new-session -d -x "$1" -y "$2" "env PS1='ready\$ ' HISTFILE= sh -i" 2>/dev/null; }
open_terminal() {
	until_true "a terminal of $1x$2 opens" new_session "$1" "$2"
	t set-option -g status off >/dev/null
	t set-option -g remain-on-exit on >/dev/null
	shows 'ready$'
}

close_terminal() { t kill-server 2>/dev/null; rm -rf "$e2e_dir"; }
trap close_terminal EXIT
trap 'exit 1' HUP INT TERM

screen() { t capture-pane -p; }

fail() {
	echo "FAIL: $*"
	screen | sed 's/^/| /'
	exit 1
}

# Poll CONDITION… until it holds.
until_true() {
	what=$1
	shift
	end=$(($(date +%s) + DEADLINE))
	until "$@"; do
		[ "$(date +%s)" -lt "$end" ] || fail "$what"
		sleep 0.05
	done
	echo "ok: $what"
}

on_screen() { screen | grep -qF -- "$1"; }
not_on_screen() { ! on_screen "$1"; }
shows() { until_true "the screen shows '$1'" on_screen "$1"; }
hides() { until_true "the screen no longer shows '$1'" not_on_screen "$1"; }

type_line() { t send-keys -l -- "$1" && t send-keys Enter; }
press() { t send-keys "$@"; }

start() {
	type_line "'$BUDDYVIZ' $*"
	shows 'buddyviz>'
}

alternate() { [ "$(t display-message -p '#{alternate_on}')" = "$1" ]; }

# The shell's prompt is back on the screen that it had before, and it echoes.
is_restored() {
	until_true "the alternate screen is left" alternate 0
	type_line 'echo "[$?]" cooked; stty -a | grep -qE "(^| )icanon" && stty -a | grep -qE "(^| )echo( |;|$)" && echo "modes ok"'
	shows 'cooked'
	shows 'modes ok'
	hides 'buddyviz>'
}
