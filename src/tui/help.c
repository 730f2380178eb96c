// SPDX-License-Identifier: GPL-3.0-or-later
/* Help: the key table, the signs of the panels, the commands. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/command.h"
#include "view.h"

/* Rows go by; the ones in sight are drawn. */
struct help_page {
	const struct area *area;
	int row, scroll;
};

static void help_init(struct screen *sc)
{
	sc->help_scroll = 0;
}

static int at(const struct help_page *p)
{
	return p->row - p->scroll;
}

static void heading(struct help_page *p, const char *text)
{
	if (p->row)
		p->row++;
	if (at(p) >= 0) {
		struct area part = area_part(p->area, at(p), 0, 1, p->area->w);

		draw_blank(&part, 0, STYLE_HEADER_NOTE);
		draw_textf(&part, 0, 0, STYLE_HEADER, " %s ", text);
	}
	p->row++;
}

/* A word, and beside it what it means, wrapped. */
static void entry(struct help_page *p, const char *word, int column, const char *text)
{
	int width = p->area->w - column - 1;
	size_t n, cut;

	draw_text(p->area, at(p), 1, STYLE_KEY, word);
	if (text_columns(word) + 1 > p->area->w)
		draw_glyph(p->area, at(p), p->area->w - 1, STYLE_KEY, OVERLAY_NONE, GLYPH_MORE);
	if (text_columns(word) + 2 > column)
		p->row++;
	do {
		n = text_fit(text, width > 10 ? width : 10, NULL);
		for (cut = n; text[n] && cut > n / 2 && text[cut] != ' '; cut--)
			;
		if (text[n] && text[cut] == ' ')
			n = cut;
		draw_textf(p->area, at(p), column, STYLE_TEXT, "%.*s", (int)n, text);
		text += n;
		while (*text == ' ')
			text++;
		p->row++;
	} while (*text);
}

static void help_keys(struct help_page *p)
{
	int i;

	heading(p, "KEYS");
	entry(p, "letters, Enter", 22,
	      "go to the prompt: arrows and Ctrl keys edit as in a shell, Up and Ctrl-R search the "
	      "history, Tab completes, Ctrl-C clears the line or stops a command, Ctrl-D leaves");
	for (i = ACTION_NONE + 1; i < NR_ACTIONS; i++)
		entry(p, action_help[i].keys, 22, action_help[i].help);
}

static void help_signs(struct help_page *p, bool ascii)
{
	heading(p, "SIGNS");
	entry(p, "U M E H C I", 22, "migratetype: Unmovable, Movable, rEclaimable, HighAtomic, CMA, Isolate");
	entry(p, ascii ? "+ - ~" : "▲ ▼ •", 22,
	      "a free list got longer, shorter, or was used, in the last command; what "
	      "it changed is lit in the maps too");
	entry(p, ascii ? "M M. M: M% M#" : "M M░ M▒ M▓ M█", 22, "a pageblock: all free … all in use");
	entry(p, "u m e", 22, "a pageblock that holds pages of another mobility than its own (mixed)");
	entry(p, ascii ? "> <" : "► ◄", 22,
	      "compaction's scanners: one looks for pages to move, the other for free ones to move them "
	      "to; they go on from there next time");
	entry(p, ascii ? "*" : "◆", 22, "both of them stand in this pageblock: they have met");
	entry(p, "#5", 22, "in the title: five commands have changed the machine; undo goes one back");
	entry(p, "(no follow)", 22,
	      "in the title: the cursor stays where it is, whatever commands change (F9)");
	entry(p, "ok <high <low <min", 22,
	      "a zone's free pages: above its high watermark, or below the one named: kswapd starts below "
	      "low, "
	      "ordinary requests get nothing below min");
	entry(p, "[  9M  ]", 22, "a free block of order 9 on the Movable list");
	entry(p, ascii ? "U==== M M" : "U▒▒▒▒ M M", 22,
	      "allocated blocks, by the mobility asked for; in small letters if "
	      "the cell holds free pages too, * for several mobilities");
	entry(p, ascii ? "o p b x X" : "▫ ○ ▪ ╱ ╳", 22,
	      "small free blocks; on a per-CPU list; allocated at boot; reserved; "
	      "memory the kernel does not map; blank: no memory");
	entry(p, "free/managed", 22, "pages of a zone; the bar's marks are its watermarks min, low and high");
	entry(p, "fragN", 22,
	      "fragmentation index of order N: towards 0 memory is short, towards 1 it is fragmented; "
	      "- a block is free. Left and right choose N while ZONES is in focus");
	entry(p, "unusN", 22,
	      "unusable free space index: the share of free memory in blocks too small for order N");
	entry(p, "score, huge%", 22,
	      "compaction score: per cent of free memory that no huge page could use, and free huge pages "
	      "as a share of what free memory would make");
	entry(p, "a/i", 22, "pages on the active and the inactive LRU list, anonymous and of files");
}

static void help_commands(struct help_page *p)
{
	const struct command *c;
	enum command_section section = NR_SECTIONS;

	for (c = command_table; c->name; c++) {
		if (c->section != section) {
			section = c->section;
			heading(p, command_section_name(section));
		}
		entry(p, c->usage, 22, c->summary);
	}
}

static int draw_page(const struct area *area, int scroll)
{
	struct help_page p = { .area = area, .scroll = scroll };

	help_keys(&p);
	help_signs(&p, area->theme->ascii);
	help_commands(&p);
	return p.row;
}

static void help_draw(struct screen *sc, const struct area *area)
{
	struct area nothing = area_part(area, 0, 0, 0, area->w);
	int most = draw_page(&nothing, 0) - area->h;

	if (sc->help_scroll > most)
		sc->help_scroll = most > 0 ? most : 0;
	draw_page(area, sc->help_scroll);
}

static bool help_key(struct screen *sc, enum action action)
{
	return scroll_key(&sc->help_scroll, 15, action);
}

static void help_inspect(const struct screen *sc, char *buf, size_t size)
{
	(void)sc;
	snprintf(buf, size, "PageUp PageDown scroll; help COMMAND at the prompt says more");
}

const struct view help_view = { "help", help_init, help_draw, help_key, help_inspect };
