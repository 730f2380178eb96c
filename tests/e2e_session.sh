#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A lesson's first minutes in a real terminal, on a projector and on a wide screen.
# shellcheck disable=SC2016
. "${top_srcdir:-.}/tests/e2e_lib.sh"

lesson() {
	open_terminal "$1" "$2"
	start "'$top_srcdir/layouts/bst.yaml'"
	shows 'FREE LISTS'
	shows 'PAGEBLOCKS'
	shows 'PFN MAP'
	shows '#0'
	type_line 'alloc 3'
	shows 'a1 pfn=0x'
	shows '#1'
	type_line 'alloc 0 movable count=4'
	shows 'a5 pfn=0x'
	shows 'migratetype=Movable'
	type_line 'free a1'
	shows 'a1 freed pfn=0x'
	type_line 'alloc 10 count=3'
	shows 'a8 pfn=0x'
	type_line 'alloc 10 dma'
	shows 'a9 failed order=10'
	shows '#5'
	press F10
	shows 'GFP PATH'
	shows 'page allocation failure'
	press F10
	shows 'FREE LISTS'
	type_line 'undo'
	shows 'undone: alloc 10 dma'
	shows '#4'
	t resize-window -x 132 -y 43
	until_true "the frame is as wide as the terminal" wide_title 132
	t resize-window -x 30 -y 8
	shows 'needs 40x12'
	t resize-window -x "$1" -y "$2"
	until_true "the frame fits again" wide_title "$1"
	shows 'undone: alloc 10 dma'
	# in a terminal that has grown, nothing of the frame stays beside the prompt
	t resize-window -x $(($1 + 40)) -y $(($2 + 6))
	until_true "the frame is as high as the terminal" high_prompt $(($2 + 6))
	type_line 'quit'
	is_restored
	shows '[0] cooked'
	hides ' M M M'
	t kill-server
}

# The position stands at the right end of the title.
wide_title() { [ "$(screen | sed -n 1p | sed 's/ *$//' | wc -m)" -ge $(($1 - 3)) ]; }

# The prompt stands in the last line.
high_prompt() { screen | sed -n "$1p" | grep -q '^buddyviz>'; }

lesson 80 24
lesson 200 60
