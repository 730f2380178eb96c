/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How things look: the one table of styles (colours and attributes) and the
 * one table of glyphs. Panels name what a thing is, never how it is painted.
 */
#ifndef BUDDYVIZ_TUI_THEME_H
#define BUDDYVIZ_TUI_THEME_H

#include <stdbool.h>

/* curses declares a trace() of its own, which our macro of that name must not touch */
#pragma push_macro("trace")
#undef trace
#include <curses.h>
#pragma pop_macro("trace")

/* X(ID, 256-colour fg, bg, 8-colour fg, bg, attributes with colours, and without); -1: the terminal's own */
/* clang-format off */
#define STYLE_TABLE(X)                                                                                             \
	X(TEXT,          -1,  -1, -1, -1, A_NORMAL, A_NORMAL)                                                      \
	X(DIM,          245,  -1, -1, -1, A_NORMAL, A_DIM)                                                         \
	X(TITLE,        255,  24,  7,  4, A_BOLD,   A_REVERSE | A_BOLD)                                            \
	X(TITLE_NOTE,   252,  24,  7,  4, A_NORMAL, A_REVERSE)                                                     \
	X(HEADER,       255, 237,  6, -1, A_BOLD,   A_UNDERLINE | A_BOLD)                                          \
	X(HEADER_NOTE,  250, 237,  6, -1, A_NORMAL, A_UNDERLINE)                                                   \
	X(FOCUS,        231,  31,  0,  6, A_BOLD,   A_REVERSE | A_BOLD)                                            \
	X(UNMOVABLE,    215,  -1,  3, -1, A_NORMAL, A_NORMAL)                                                      \
	X(MOVABLE,      114,  -1,  2, -1, A_NORMAL, A_NORMAL)                                                      \
	X(RECLAIMABLE,   80,  -1,  6, -1, A_NORMAL, A_NORMAL)                                                      \
	X(HIGHATOMIC,   203,  -1,  1, -1, A_NORMAL, A_NORMAL)                                                      \
	X(CMA,          177,  -1,  5, -1, A_NORMAL, A_NORMAL)                                                      \
	X(ISOLATE,      252,  -1,  7, -1, A_NORMAL, A_NORMAL)                                                      \
	X(RESERVED,     242,  -1, -1, -1, A_NORMAL, A_DIM)                                                         \
	X(PCP,          229,  -1,  7, -1, A_BOLD,   A_BOLD)                                                        \
	X(BAR,           75,  -1,  4, -1, A_NORMAL, A_NORMAL)                                                      \
	X(OK,           114,  -1,  2, -1, A_NORMAL, A_NORMAL)                                                      \
	X(WARN,         221,  -1,  3, -1, A_BOLD,   A_BOLD)                                                        \
	X(ERROR,        210,  -1,  1, -1, A_BOLD,   A_BOLD | A_UNDERLINE)                                          \
	X(COMMAND,      255,  -1, -1, -1, A_BOLD,   A_BOLD)                                                        \
	X(EVENT,        250,  -1, -1, -1, A_NORMAL, A_NORMAL)                                                      \
	X(ANSWER,       153,  -1, -1, -1, A_BOLD,   A_BOLD)                                                        \
	X(CURSOR,       231,  27,  7,  4, A_BOLD,   A_REVERSE | A_UNDERLINE)                                       \
	X(KEY,          255,  -1, -1, -1, A_BOLD,   A_BOLD)
/* clang-format on */

#define X(id, f256, b256, f8, b8, ac, am) STYLE_##id,
enum style { STYLE_TABLE(X) NR_STYLES };
#undef X

/* X(ID, UTF-8, ASCII): each one column wide */
/* clang-format off */
#define GLYPH_TABLE(X)                                                                                             \
	X(POINTER, "▶", ">")                                                                                       \
	X(BAR, "█", "#")                                                                                           \
	X(TRACK, "·", ".")                                                                                         \
	X(MARK, "│", "|")                                                                                          \
	X(DOT, "·", ".")                                                                                           \
	X(UP, "▲", "+")                                                                                            \
	X(DOWN, "▼", "-")                                                                                          \
	X(TOUCHED, "•", "~")                                                                                       \
	X(SHADE0, " ", " ")                                                                                        \
	X(SHADE1, "░", ".")                                                                                        \
	X(SHADE2, "▒", ":")                                                                                        \
	X(SHADE3, "▓", "%")                                                                                        \
	X(SHADE4, "█", "#")                                                                                        \
	X(USED, "▒", "=")                                                                                          \
	X(FREE_SMALL, "▫", "o")                                                                                    \
	X(PCP, "○", "p")                                                                                           \
	X(RESERVED, "╱", "x")                                                                                      \
	X(NOMAP, "╳", "X")                                                                                         \
	X(BOOT, "▪", "b")                                                                                          \
	X(HOLE, " ", " ")                                                                                          \
	X(GAP, "⋮", ":")                                                                                           \
	X(SIDE, "│", "|")                                                                                          \
	X(FUNNEL, "▼", "v")                                                                                        \
	X(SCAN_UP, "►", ">")                                                                                       \
	X(SCAN_DOWN, "◄", "<")                                                                                     \
	X(SCAN_BOTH, "◆", "*")                                                                                     \
	X(MORE, "…", "~")
/* clang-format on */

#define X(id, utf8, ascii) GLYPH_##id,
enum glyph { GLYPH_TABLE(X) NR_GLYPHS };
#undef X

/* The look in force: filled once by theme_init(), read-only afterwards. */
struct theme {
	bool ascii;
	int colors; /* 0: none */
	attr_t attr[NR_STYLES];
	short pair[NR_STYLES];
};

/*
 * Set up colour pairs on the current terminal, as far as it has colours and
 * color permits. Curses must have been started.
 */
void theme_init(struct theme *theme, bool ascii, bool color);

/* The glyph's text in the theme's character set. */
const char *theme_glyph(const struct theme *theme, enum glyph glyph);

/* The style of a migratetype. */
enum style theme_migratetype(int migratetype);

/* The style's name, for dumps of a frame. */
const char *theme_style_name(enum style style);

#endif
