#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What lies in layouts/, lessons/, man/ and include/ is listed for installation
# or distribution, and nothing is listed twice.
set -eu
cd "${top_srcdir:?}"
wrong=0

# listed FRAGMENT FILE...
listed()
{
	fragment=$1
	shift
	for f in "$@"; do
		[ -e "$f" ] || continue
		n=$(grep -cF "	$f" "$fragment" || true)
		[ "$n" = 1 ] || { echo "$f is listed $n times in $fragment"; wrong=1; }
	done
}
listed src/layout/local.mk layouts/*.yaml
listed Makefile.am lessons/*
listed man/local.mk man/*.[1-9]
listed include/local.mk include/buddyviz/*.h
[ "$wrong" = 0 ]
