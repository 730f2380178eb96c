include tests/mm.mk
include tests/layout.mk
include tests/shell.mk
include tests/tui.mk
