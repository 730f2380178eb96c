/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of tracepoints that trace.c leaves to the files they belong to.
 * Each writes what happened into buf as snprintf() does.
 */
#ifndef BUDDYVIZ_MM_TRACE_TEXT_H
#define BUDDYVIZ_MM_TRACE_TEXT_H

#include "buddyviz/mm.h"

int trace_text_compact(const struct mm *mm, const struct trace_event *event, char *buf, size_t size);
int trace_text_vmscan(const struct mm *mm, const struct trace_event *event, char *buf, size_t size);

#endif
