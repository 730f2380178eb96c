#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The prompt: editing, completion, usage, history over sessions; help; plain screens.
. "${top_srcdir:-.}/tests/e2e_lib.sh"

tab_to() { on_screen "$1" || { press Tab; false; }; }

open_terminal 80 24
start "'$top_srcdir/layouts/tiny.yaml'"

# editing: the arrow keys belong to the line
press -l 'lloc 0'
press Home
press -l 'a'
press Enter
shows 'a1 pfn=0x0 order=0'

# completion and the usage of what is being typed
press -l 'zonei'
press Tab
shows 'buddyviz> zoneinfo'
press C-u
press -l 'alloc '
shows 'alloc ORDER [GFP count=N node=N cpu=N name=H owner=WORD cold pinned]'
press C-c
hides 'alloc ORDER [GFP'

# what completes a word and has no room in one line comes with the next Tab, round and round
press -l 'alloc 0 GFP_'
press Tab
shows '(1-4 of 13, Tab: more)'
press Tab
shows '(5-'
until_true "Tab leads to the last of them" tab_to 'of 13, Tab: first)'
press Tab
shows '(1-4 of 13, Tab: more)'
press C-c
hides 'GFP_'

# a wrong command is said to be one, and changes nothing
type_line 'allok 3'
shows "unknown command 'allok'"
shows '#1'

# Ctrl-C leaves the history, too: Up begins with the latest line again
press Up
shows 'buddyviz> allok 3'
press Up
shows 'buddyviz> alloc 0'
press C-c
hides 'buddyviz> alloc 0'
press Up
shows 'buddyviz> allok 3'
press C-c
hides 'buddyviz> allok 3'

# help, from the key table and the command table
press F1
shows 'Shift-Tab'
page_down_to() { on_screen "$1" || { press PageDown; false; }; }
until_true "PageDown leads to the commands" page_down_to 'Requests'
press F1
shows 'FREE LISTS'

# Esc leads back too, and the next letter is the prompt's
press F1
shows 'Shift-Tab'
press Escape
shows 'FREE LISTS'
press -l 'alloc 9'
shows 'buddyviz> alloc 9'
press C-u

# long output: it begins at its top; page through it, on the whole screen
type_line 'zoneinfo'
press F3
hides 'FREE LISTS'
shows '> zoneinfo'
until_true "PageDown leads to the end" page_down_to 'start_pfn'
page_up_to() { on_screen "$1" || { press PageUp; false; }; }
until_true "PageUp leads back to the command" page_up_to '> zoneinfo'
# plain arrow keys scroll there while nothing is typed: the history stays where it is
press End
hides '> zoneinfo'
press Up
shows '1 row below, PgDn'
press Up
shows '2 rows below, PgDn'
press Down
shows '1 row below, PgDn'
press F3
shows 'FREE LISTS'

# panels are moved in with modifiers while the prompt stays alive
press BTab
press BTab
shows '[ZONES]'
press -l 'alloc 1'
press S-Down
shows 'buddyviz> alloc 1'
press Enter
shows '#2'
press C-d
is_restored

# what was typed is there again in the next session
start "--ascii --color=never '$top_srcdir/layouts/tiny.yaml'"
press Up
shows 'buddyviz> alloc 1'
press Up
shows 'buddyviz> zoneinfo'
press C-u
ascii_only() { ! screen | LC_ALL=C grep -q '[^ -~]'; }
until_true "nothing but ASCII is on the screen" ascii_only
no_color() { ! t capture-pane -p -e | LC_ALL=C grep -qE "$(printf '\033')\[[0-9;]*(3|4|9|10)[0-7]"; }
until_true "no colour is on the screen" no_color
type_line 'quit'
is_restored
