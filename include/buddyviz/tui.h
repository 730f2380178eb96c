/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen: one session, its panels, a log and a prompt.
 */
#ifndef BUDDYVIZ_TUI_H
#define BUDDYVIZ_TUI_H

#include <stdbool.h>
#include <stddef.h>

#include "buddyviz/layout.h"
#include "buddyviz/session.h"

enum tui_color { TUI_COLOR_AUTO, TUI_COLOR_ALWAYS, TUI_COLOR_NEVER };

/* What runs before the first prompt: an -e command line or an -x script, in the order given. */
struct tui_start {
	bool script; /* text is a file's name, else commands */
	const char *text;
};

struct tui_options {
	bool ascii;           /* only ASCII on the screen; set by itself where the locale has no UTF-8 */
	enum tui_color color; /* AUTO: as the terminal can, unless NO_COLOR is set */
	const struct tui_start *start;
	size_t nr_start;
};

/*
 * Boot layout (taken over, freed at the end) and show it on the terminal until
 * the user leaves. opts may be NULL; its interrupted hook is replaced by the
 * screen's own (Ctrl-C). Returns the program's exit status: 0 after quit or a
 * lost terminal, 2 if there is no usable terminal (said on standard error).
 */
int tui_run(struct layout *layout, const struct session_options *opts, const struct tui_options *topts);

/*
 * Draw the dashboard of a session on layout (taken over) headless at
 * lines x cols, frames times, changing the machine in between with command
 * (NULL: nothing). Returns the median nanoseconds of one frame, drawing and
 * refresh included; -1 without a usable terminal description. For bench/.
 */
long tui_bench(struct layout *layout, int lines, int cols, unsigned int frames, const char *command);

#endif
