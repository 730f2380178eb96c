# SPDX-License-Identifier: GPL-3.0-or-later
include tests/mm.mk
include tests/core.mk
include tests/mm_boot.mk
include tests/vmscan.mk
include tests/compaction.mk
include tests/layout.mk
include tests/shell.mk
include tests/tui.mk
include tests/docs.mk
include tests/state.mk
include tests/property.mk
include tests/lessons.mk
