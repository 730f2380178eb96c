# SPDX-License-Identifier: GPL-3.0-or-later
# tests of src/tui
TUI_TESTS_LIBS = libtui.a libshell.a liblayout.a libmm.a \
	$(CYAML_LIBS) $(YAML_LIBS) $(READLINE_LIBS) $(NCURSES_LIBS)

# Frames against the recorded ones in tests/tui; `make update-frames` records them anew.
check_PROGRAMS += tests/tui_frames_test
TESTS += tests/tui_frames_test
tests_tui_frames_test_SOURCES = tests/tui_frames_test.c
tests_tui_frames_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/tui
tests_tui_frames_test_LDADD = $(TUI_TESTS_LIBS)

.PHONY: update-frames
update-frames: tests/tui_frames_test
	top_srcdir='$(abs_top_srcdir)' UPDATE_FRAMES=1 tests/tui_frames_test

if HAVE_CMOCKA
check_PROGRAMS += tests/tui_panels_test tests/tui_path_test tests/tui_test
TESTS += tests/tui_panels_test tests/tui_path_test tests/tui_test
tests_tui_panels_test_SOURCES = tests/tui_panels_test.c tests/tui_screen.h
tests_tui_panels_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/tui
tests_tui_panels_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_tui_panels_test_LDADD = $(TUI_TESTS_LIBS) $(CMOCKA_LIBS)
tests_tui_path_test_SOURCES = tests/tui_path_test.c tests/tui_screen.h
tests_tui_path_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/tui
tests_tui_path_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_tui_path_test_LDADD = $(TUI_TESTS_LIBS) $(CMOCKA_LIBS)
tests_tui_test_SOURCES = tests/tui_test.c tests/tui_screen.h
tests_tui_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/tui
tests_tui_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_tui_test_LDADD = $(TUI_TESTS_LIBS) $(CMOCKA_LIBS)
endif

E2E_TESTS = tests/e2e_prompt.sh tests/e2e_session.sh tests/e2e_signals.sh
dist_check_SCRIPTS += $(E2E_TESTS)
TESTS += $(E2E_TESTS)
EXTRA_DIST += tests/e2e_lib.sh tests/tui
