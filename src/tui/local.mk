# SPDX-License-Identifier: GPL-3.0-or-later

# libreadline calls xmalloc() and xrealloc() by name: ours must not stand in for its own.
AM_CFLAGS += -fvisibility=hidden

noinst_LIBRARIES += libtui.a
libtui_a_SOURCES = \
	src/tui/app.c \
	src/tui/dashboard.c \
	src/tui/draw.c src/tui/draw.h \
	src/tui/fold.c src/tui/fold.h \
	src/tui/headless.c src/tui/headless.h \
	src/tui/help.c \
	src/tui/journey.c src/tui/journey.h \
	src/tui/keys.c src/tui/keys.h \
	src/tui/log.c src/tui/log.h \
	src/tui/mapwin.c src/tui/mapwin.h \
	src/tui/narrate.c src/tui/narrate.h \
	src/tui/narrate_count.c \
	src/tui/navigate.c \
	src/tui/panel_blocks.c \
	src/tui/panel_lists.c \
	src/tui/panel_log.c \
	src/tui/panel_pfn.c \
	src/tui/panel_zones.c \
	src/tui/path.c src/tui/path.h \
	src/tui/path_steps.c \
	src/tui/prompt.c src/tui/prompt.h \
	src/tui/screen.c \
	src/tui/status.c \
	src/tui/terminal.c src/tui/terminal.h \
	src/tui/theme.c src/tui/theme.h \
	src/tui/view.h \
	src/tui/watch.c src/tui/watch.h
