# SPDX-License-Identifier: GPL-3.0-or-later
noinst_HEADERS += \
	include/buddyviz/command.h \
	include/buddyviz/compaction.h \
	include/buddyviz/gfp.h \
	include/buddyviz/layout.h \
	include/buddyviz/mm.h \
	include/buddyviz/page_alloc.h \
	include/buddyviz/plural.h \
	include/buddyviz/procfs.h \
	include/buddyviz/session.h \
	include/buddyviz/state.h \
	include/buddyviz/sysctl.h \
	include/buddyviz/trace.h \
	include/buddyviz/tui.h \
	include/buddyviz/vmscan.h \
	include/buddyviz/vmstat.h
