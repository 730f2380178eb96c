/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where what is installed is found: layouts, and lessons, which are scripts
 * that name the layout they are made for. They lie in layouts/ and lessons/ of
 * $BUDDYVIZ_DATADIR, or of the source tree of a program that still lies in its
 * build/, or where `make install` puts them.
 */
#ifndef BUDDYVIZ_LESSON_H
#define BUDDYVIZ_LESSON_H

/*
 * The layout of a file, or else the installed one of that name. NULL: what is
 * wrong with it was said on stderr, or that there is none and what may have been
 * meant; that message begins with where ("buddyviz", or the line that names it).
 */
struct layout *load_named_layout(const char *name, const char *where);

/* Where the installed lessons are; NULL without memory. It stays until the program ends. */
const char *lessons_dir(void);

/*
 * The layout that a script asks for in a comment "# layout: NAME" among those
 * it begins with: in ../layouts beside the script, or installed, or NAME as it
 * stands. malloc'd; NULL: it asks for none. *lineno (or NULL): where it does.
 */
char *script_layout(const char *path, unsigned int *lineno);

/* A layout's name, without directory and extension: "tiny" of "layouts/tiny.yaml"; its length in *len. */
const char *layout_base(const char *path, size_t *len);

/* Print the installed layouts and lessons, each with a sentence of its own. */
void list_installed(void);

#endif
