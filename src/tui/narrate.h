/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events as lines of the log: what the screen shows otherwise is left out,
 * splits and merges that belong together are one line, and a command of
 * thousands of events is summarised.
 */
#ifndef BUDDYVIZ_TUI_NARRATE_H
#define BUDDYVIZ_TUI_NARRATE_H

struct watch;
struct mm;
struct trace_event;

/* An event of the running command. */
void narrate_event(struct watch *watch, const struct mm *mm, const struct trace_event *event);

/* The command has ended. */
void narrate_end(struct watch *watch);

#endif
