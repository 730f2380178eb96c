// SPDX-License-Identifier: GPL-3.0-or-later
/* Help: the key table, the signs of the panels, the commands. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buddyviz/command.h"
#include "view.h"

#define WORD_INDENT 6 /* of a syntax that takes more than a row */

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

/* Text from a column on, and below it from another, in as many rows as it takes; the last is the next. */
static void wrapped(struct help_page *p, enum style style, int column, int below, const char *text)
{
	int width;
	size_t n, cut;

	for (;;) {
		width = p->area->w - column - 1;
		n = text_fit(text, width > 10 ? width : 10, NULL);
		for (cut = n; text[n] && cut > n / 2 && text[cut] != ' '; cut--)
			;
		if (text[n] && text[cut] == ' ')
			n = cut;
		draw_textf(p->area, at(p), column, style, "%.*s", (int)n, text);
		text += n;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
		p->row++;
		column = below;
	}
}

/* A word, and beside or below it what it means. */
static void entry(struct help_page *p, const char *word, int column, const char *text)
{
	wrapped(p, STYLE_KEY, 1, WORD_INDENT, word);
	if (text_columns(word) + 2 > column)
		p->row++;
	wrapped(p, STYLE_TEXT, column, column, text);
	p->row++;
}

static void help_keys(struct help_page *p)
{
	int i;

	heading(p, "KEYS");
	entry(p, "letters, Enter", 22,
	      "go to the prompt: arrows and Ctrl keys edit as in a shell, Up and Ctrl-R search the "
	      "history, Tab completes (again: more of a long list), Ctrl-C clears the line or stops a "
	      "command, Ctrl-D leaves");
	for (i = ACTION_NONE + 1; i < NR_ACTIONS; i++)
		entry(p, action_help[i].keys, 22, action_help[i].help);
	entry(p, "arrows, Home, End", 22,
	      "without Shift too, in the log, the path and the help, while nothing is typed");
}

static void help_signs(struct help_page *p, bool ascii)
{
	heading(p, "SIGNS");
	entry(p, "U M E H C I", 22, "migratetype: Unmovable, Movable, rEclaimable, HighAtomic, CMA, Isolate");
	entry(p, ascii ? "+ - ~" : "▲ ▼ •", 22,
	      "a free list got longer, shorter, or was used, in the last command; what "
	      "it changed is lit in the maps too");
	entry(p, ascii ? "M M. M: M% M#" : "M M░ M▒ M▓ M█", 22, "a pageblock: all free … all in use");
	entry(p, ascii ? "Mp" : "M○", 22, "none of its pages is in use, but page sets hold some");
	entry(p, "u m e", 22, "a pageblock that holds pages of another mobility than its own (mixed)");
	entry(p, ascii ? "> <" : "► ◄", 22,
	      "in a pageblock's place: where the scanners of the last command's compaction stand, "
	      "one looking for pages to move, the other for free ones to move them to");
	entry(p, ascii ? "*" : "◆", 22, "both of them stand in this pageblock: they have met");
	entry(p, ascii ? "." : "·", 22, "in the row of a pageblock map: no memory, or another zone's");
	entry(p, "[ZONES]", 22, "the panel in focus");
	entry(p, "#5", 22, "in the title: five commands have changed the machine; undo goes one back");
	entry(p, "(no follow)", 22,
	      "in the title: the cursor stays where it is, whatever commands change (F9)");
	entry(p, "ok ≤high ≤low ≤min", 22,
	      "a zone's free pages: above its high watermark, or not above the one named. kswapd starts "
	      "where they are not above low; ordinary requests get nothing where they are not above min");
	entry(p, "free 64 (62 really)", 22,
	      "what a watermark check reads is the zone's counter, to which the CPUs add what they did only "
	      "now and then; ZONES shows what is really free");
	entry(p, "[  9M  ]", 22, "a free block of order 9 on the Movable list");
	entry(p, ascii ? "U==== M M" : "U▒▒▒▒ M M", 22,
	      "allocated blocks, by the mobility asked for; in small letters if "
	      "the cell holds free pages too, * for several mobilities");
	entry(p, ascii ? "o p b x X" : "▫ ○ ▪ ╱ ╳", 22,
	      "small free blocks; on a per-CPU list; allocated at boot; reserved; "
	      "memory the kernel does not map; blank: no memory");
	entry(p, "free/managed", 22,
	      "pages of a zone; under \"free, watermarks\", where there is room for it, the bar has marks at "
	      "min, low and high, one for those that fall on the same cell");
	entry(p, "fragN", 22,
	      "fragmentation index of order N: towards 0 memory is short, towards 1 it is fragmented; "
	      "- a block is free. N is the last request's; left and right choose another while ZONES is in "
	      "focus");
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
	snprintf(buf, size, "Up Down PgUp PgDn scroll; help COMMAND says more");
}

const struct view help_view = { "help", true, help_init, help_draw, help_key, help_inspect };
