// SPDX-License-Identifier: GPL-3.0-or-later
/* The look: which style and glyph becomes what on this terminal. */
#include "config.h"

#include "theme.h"

#include "buddyviz/mm.h"

struct style_colors {
	const char *name;
	short fg256, bg256, fg8, bg8;
	attr_t color, mono;
};

static const struct style_colors styles[NR_STYLES] = {
#define X(id, f256, b256, f8, b8, ac, am) { #id, f256, b256, f8, b8, ac, am },
	STYLE_TABLE(X)
#undef X
};

static const char *const glyphs[NR_GLYPHS][2] = {
#define X(id, utf8, ascii) { utf8, ascii },
	GLYPH_TABLE(X)
#undef X
};

/* On 16 colours a foreground that stands on the terminal's own background is the bright one. */
static short bright(const struct style_colors *s, int colors)
{
	if (colors >= 16 && s->fg8 > 0 && s->bg8 < 0)
		return s->fg8 + 8;
	return s->fg8;
}

static void style_init(struct theme *theme, enum style style, bool default_colors)
{
	const struct style_colors *s = &styles[style];
	bool many = theme->colors >= 256;
	short fg = many ? s->fg256 : bright(s, theme->colors);
	short bg = many ? s->bg256 : s->bg8;

	theme->attr[style] = s->color;
	if (!many)
		theme->attr[style] |= s->mono & A_DIM; /* there is no grey to say it with */
	if (!default_colors) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	theme->pair[style] = (short)(style + 1);
	init_pair(theme->pair[style], fg, bg);
}

void theme_init(struct theme *theme, bool ascii, bool color)
{
	bool default_colors;
	int i;

	*theme = (struct theme){ .ascii = ascii };
	if (color && has_colors() && start_color() == OK && COLORS >= 8 && COLOR_PAIRS > NR_STYLES)
		theme->colors = COLORS;
	if (!theme->colors) {
		for (i = 0; i < NR_STYLES; i++)
			theme->attr[i] = styles[i].mono;
		return;
	}
	default_colors = use_default_colors() == OK;
	for (i = 0; i < NR_STYLES; i++)
		style_init(theme, i, default_colors);
}

const char *theme_glyph(const struct theme *theme, enum glyph glyph)
{
	return glyphs[glyph][theme->ascii];
}

enum style theme_migratetype(int migratetype)
{
	static const enum style of_type[MIGRATE_TYPES] = {
		[MIGRATE_UNMOVABLE] = STYLE_UNMOVABLE,
		[MIGRATE_MOVABLE] = STYLE_MOVABLE,
		[MIGRATE_RECLAIMABLE] = STYLE_RECLAIMABLE,
		[MIGRATE_HIGHATOMIC] = STYLE_HIGHATOMIC,
		[MIGRATE_CMA] = STYLE_CMA,
		[MIGRATE_ISOLATE] = STYLE_ISOLATE,
	};

	return migratetype >= 0 && migratetype < MIGRATE_TYPES ? of_type[migratetype] : STYLE_TEXT;
}

const char *theme_style_name(enum style style)
{
	return styles[style].name;
}
