# SPDX-License-Identifier: GPL-3.0-or-later
lessonsdir = $(pkgdatadir)/lessons
dist_lessons_DATA =
