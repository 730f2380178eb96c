#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manual pages are sound mdoc.
set -eu
command -v mandoc >/dev/null || { echo "no mandoc: apt-get install mandoc"; exit 77; }
cd "${top_srcdir:?}/man"
mandoc -T lint -W warning ./*.[1-9]
