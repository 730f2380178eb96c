/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where what is installed is found: layouts, and lessons, which are scripts
 * that name the layout they are made for.
 */
#ifndef BUDDYVIZ_LESSON_H
#define BUDDYVIZ_LESSON_H

/*
 * The directory that holds layouts/ and lessons/: $BUDDYVIZ_DATADIR, or the source
 * tree of a program that still lies in its build/, or where `make install` puts them.
 */
const char *data_dir(void);

/* The file of an installed layout or lesson; malloc'd, NULL without memory. */
char *installed_layout(const char *name);

/*
 * The script that name means: a file, or else an installed lesson, with or
 * without its ".bv"; name itself if there is neither. malloc'd, NULL without memory.
 */
char *script_path(const char *name);

/*
 * The layout that a script asks for in a comment "# layout: NAME" among those
 * it begins with: in ../layouts beside the script, or installed, or NAME as it
 * stands. malloc'd; NULL: it asks for none.
 */
char *script_layout(const char *path);

/* Print what a lesson is about: its first comment that says neither the licence nor the layout. */
void list_lesson(const char *path);

#endif
