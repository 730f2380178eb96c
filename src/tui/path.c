// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The way of a request as a funnel: flags, zone, zonelist, watermark,
 * page set, lists, fallback, slow path, result, each with its verdict.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buddyviz/plural.h"
#include "path.h"

#define LABEL_COLUMNS   13 /* "▼ WATERMARK  " */
#define VERDICT_COLUMNS 13
#define MOST_COLUMNS    116 /* a verdict far away from its text is hard to read */
#define NARROW_COLUMNS  60  /* below, the verdict follows the text */

static const char *const stage_names[NR_STAGES] = {
	"REQUEST", "ZONE",     "MOBILITY",   "ZONELIST",  "WATERMARK", "PAGE SET",
	"LIST",    "FALLBACK", "HIGHATOMIC", "SLOW PATH", "RESULT",
};

static const enum style mood_styles[] = { STYLE_DIM, STYLE_OK, STYLE_ERROR, STYLE_WARN };

static int at(const struct path_page *p)
{
	return p->row - p->scroll;
}

/* Bytes of text for one row: cut at a blank if there is one in its second half. */
static size_t row_bytes(const char *text, int width)
{
	size_t n = text_fit(text, width > 8 ? width : 8, NULL), cut = n;

	if (!text[n])
		return n;
	while (cut > n / 2 && text[cut] != ' ')
		cut--;
	return text[cut] == ' ' ? cut : n;
}

static int draw_wrapped(struct path_page *p, enum style style, const char *text, int width)
{
	int x = LABEL_COLUMNS;
	size_t n;

	for (;;) {
		n = row_bytes(text, width);
		x = draw_textf(p->area, at(p), LABEL_COLUMNS, style, "%.*s", (int)n, text);
		text += n;
		while (*text == ' ')
			text++;
		if (!*text)
			return x;
		p->row++;
	}
}

static void draw_label(struct path_page *p, enum stage stage)
{
	if (stage == p->stage && p->row)
		return;
	if (stage != STAGE_REQUEST)
		draw_glyph(p->area, at(p), 0, STYLE_DIM, OVERLAY_NONE, GLYPH_FUNNEL);
	draw_text(p->area, at(p), 2, STYLE_KEY, stage_names[stage]);
	p->stage = stage;
	p->seen |= 1U << stage;
}

void path_say(struct path_page *p, enum stage stage, enum mood mood, const char *verdict, const char *format,
	      ...)
{
	bool narrow = p->area->w < NARROW_COLUMNS;
	int first, x, width = p->area->w - LABEL_COLUMNS - (narrow || !*verdict ? 1 : VERDICT_COLUMNS + 1);
	char buf[768];
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf, sizeof(buf), format, ap);
	va_end(ap);
	draw_label(p, stage);
	first = at(p);
	x = draw_wrapped(p, STYLE_TEXT, buf, width);
	if (narrow && *verdict && x + 2 + text_columns(verdict) > p->area->w) {
		p->row++;
		x = LABEL_COLUMNS;
	}
	if (narrow)
		draw_text(p->area, at(p), x + 1, mood_styles[mood], verdict);
	else
		draw_text(p->area, first, p->area->w - VERDICT_COLUMNS + 1, mood_styles[mood], verdict);
	p->row++;
}

const char *path_zone(const struct path_page *p, int zone, char *buf, size_t size)
{
	const struct mm *mm = p->sc->mm;

	if (zone < 0 || (unsigned int)zone >= mm->nr_zones)
		snprintf(buf, size, "?");
	else if (mm->nr_nodes > 1)
		snprintf(buf, size, "%d:%s", mm->nodes[mm->zones[zone]->node].node_id, mm->zones[zone]->name);
	else
		snprintf(buf, size, "%s", mm->zones[zone]->name);
	return buf;
}

/* ------------------------------------------------- what it asked for --- */

/* What a flag lets or makes the request do, for those that steer its way. */
static const struct {
	gfp_t flag;
	const char *words;
} flag_words[] = {
	{ __GFP_DIRECT_RECLAIM, "may wait and reclaim" },
	{ __GFP_KSWAPD_RECLAIM, "wakes kswapd" },
	{ __GFP_IO, "starts I/O" },
	{ __GFP_FS, "calls file systems" },
	{ __GFP_HIGH, "half of the min reserve" },
	{ __GFP_ATOMIC, "cannot sleep" },
	{ __GFP_MEMALLOC, "all reserves" },
	{ __GFP_NOMEMALLOC, "no reserves" },
	{ __GFP_NORETRY, "one try" },
	{ __GFP_RETRY_MAYFAIL, "tries hard" },
	{ __GFP_NOFAIL, "never fails" },
	{ __GFP_THISNODE, "this node only" },
	{ __GFP_COMP, "one large page" },
	{ __GFP_NOWARN, "fails quietly" },
	{ __GFP_ZERO, "zeroed" },
	{ __GFP_HARDWALL, "within its cpuset" },
};

static void say_request(struct path_page *p)
{
	const struct journey *j = p->j;
	char gfp[160], words[512] = "", size[32];
	size_t i, n = 0;

	text_size(1ULL << j->order << p->sc->mm->page_shift, size, sizeof(size));
	gfp_format(j->gfp, gfp, sizeof(gfp));
	path_say(p, STAGE_REQUEST, MOOD_NOTE,
		 j->undone      ? "undone"
		 : j->under_way ? "under way"
				: "",
		 "order %d: %lu page%s, %s; %s = 0x%x", j->order, 1UL << j->order, j->order ? "s" : "", size,
		 gfp, j->gfp);
	for (i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]) && n < sizeof(words); i++)
		if (j->gfp & flag_words[i].flag)
			n += (size_t)snprintf(words + n, sizeof(words) - n, "%s%s", n ? ", " : "",
					      flag_words[i].words);
	if (!(j->gfp & __GFP_RECLAIM))
		snprintf(words, sizeof(words), "takes what is there, or fails");
	path_say(p, STAGE_REQUEST, MOOD_NONE, "", "%s", words);
}

static void say_zone(struct path_page *p)
{
	const struct mm *mm = p->sc->mm;
	int index = gfp_zone(mm, p->j->gfp);
	gfp_t bits = p->j->gfp & GFP_ZONEMASK;
	char names[96] = "no zone flag";
	const char *zone;

	if (bits)
		gfp_format(bits, names, sizeof(names));
	zone = index < 0 ? "bad" : zone_type_name(mm->zone_types[index]);
	path_say(p, STAGE_ZONE, index < 0 ? MOOD_BAD : MOOD_GOOD, zone, "%s: GFP_ZONE_TABLE[0x%x] = %s",
		 names, bits, zone);
	path_say(p, STAGE_LISTS, MOOD_GOOD, migratetype_name(p->j->mt), "%s: %s lists",
		 mm->page_group_by_mobility_disabled ? "mobility is not grouped"
		 : p->j->gfp & __GFP_MOVABLE         ? "__GFP_MOVABLE"
		 : p->j->gfp & __GFP_RECLAIMABLE     ? "__GFP_RECLAIMABLE"
						     : "no mobility flag",
		 migratetype_name(p->j->mt));
}

static void say_zonelist(struct path_page *p)
{
	const struct mm *mm = p->sc->mm;
	const struct pglist_data *node = &mm->nodes[p->j->node];
	const int *z = p->j->gfp & __GFP_THISNODE ? node->zonelist_thisnode : node->zonelist;
	int index = gfp_zone(mm, p->j->gfp), nr = 0;
	char buf[512] = "", zone[48], count[24];
	size_t n = 0;

	for (; *z >= 0 && n < sizeof(buf); z++) {
		if (mm->zones[*z]->index > index)
			continue;
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s", nr++ ? " → " : "",
				      path_zone(p, *z, zone, sizeof(zone)));
	}
	snprintf(count, sizeof(count), "%d zone%s", nr, plural((unsigned long)nr));
	path_say(p, STAGE_ZONELIST, nr ? MOOD_GOOD : MOOD_BAD, nr ? count : "none", "%s",
		 nr ? buf : "no zone with memory is left");
}

/* ------------------------------------------------------------- result --- */

/* "Normal: 31 (33 really) free, 29 count, less 7 for the block; min 2 lowered to 1 + reserve 5; largest order
 * 1" */
static void say_verdict(struct path_page *p, const struct zone_verdict *v, const char *zone,
			const char *verdict)
{
	char really[48] = "", count[48] = "", block[48] = "", lowered[48] = "", reserve[48] = "", largest[48];

	if (v->really != v->free)
		snprintf(really, sizeof(really), " (%ld really)", v->really);
	if (v->usable != v->free)
		snprintf(count, sizeof(count), ", %ld count", v->usable);
	if (p->j->order)
		snprintf(block, sizeof(block), ", less %lu for the block", (1UL << p->j->order) - 1);
	if (v->lowered != (long)v->mark)
		snprintf(lowered, sizeof(lowered), " lowered to %ld", v->lowered);
	if (v->reserve)
		snprintf(reserve, sizeof(reserve), " + reserve %ld", v->reserve);
	snprintf(largest, sizeof(largest), v->largest < 0 ? "nothing it could have" : "largest order %d",
		 v->largest);
	path_say(p, STAGE_RESULT, MOOD_NOTE, verdict, "%s: %ld%s free%s%s; min %lu%s%s; %s", zone, v->free,
		 really, count, block, v->mark, lowered, reserve, largest);
}

static void say_why(struct path_page *p)
{
	static const char *const verdicts[VERDICT_NR] = { "would do now", "no memory", "other node",
							  "too high",     "too few",   "no block" };
	const struct alloc_explanation *why = &p->j->why;
	char zone[48];
	int threshold = (int)p->sc->mm->sysctl.extfrag_threshold;
	unsigned int i, spoken = 0;

	for (i = 0; i < why->nr; i++) {
		const struct zone_verdict *v = &why->zones[i];

		if (v->verdict == VERDICT_ZONE_TOO_HIGH)
			continue;
		spoken++;
		say_verdict(p, v, path_zone(p, p->j->why_zone[i], zone, sizeof(zone)), verdicts[v->verdict]);
	}
	if (!spoken)
		path_say(p, STAGE_RESULT, MOOD_NOTE, "no zone",
			 "its GFP word keeps it from every zone that has memory");
	if (p->j->order && why->fragindex >= 0)
		path_say(p, STAGE_RESULT, MOOD_NOTE, why->fragindex > threshold ? "fragmented" : "short",
			 "fragmentation index %d.%03d: 0 memory is short, 1 it is in pieces",
			 why->fragindex / 1000, why->fragindex % 1000);
}

static void say_result(struct path_page *p)
{
	const struct journey *j = p->j;
	char zone[48];

	if (j->under_way)
		return;
	if (j->pfn != PFN_NONE) {
		path_say(p, STAGE_RESULT, MOOD_GOOD, "served", "%s 0x%lx, order %d: %lu page%s",
			 path_zone(p, j->pfn_zone, zone, sizeof(zone)), j->pfn, j->order, 1UL << j->order,
			 j->order ? "s" : "");
		return;
	}
	path_say(p, STAGE_RESULT, MOOD_BAD, "failed", "page allocation failure");
	say_why(p);
}

/* The stages that this request never came to. */
static void say_unseen(struct path_page *p)
{
	char buf[160] = "not needed:";
	size_t n = strlen(buf);
	int stage;

	for (stage = STAGE_WATERMARK; stage < STAGE_RESULT && n < sizeof(buf); stage++)
		if (!(p->seen & 1U << stage))
			n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s %s", buf[n - 1] == ':' ? "" : ",",
					      stage_names[stage]);
	if (buf[n - 1] != ':')
		draw_wrapped(p, STYLE_DIM, buf, p->area->w - LABEL_COLUMNS - 1);
	p->row++;
}

static int draw_page(struct screen *sc, const struct area *area, int scroll)
{
	struct path_page p = { .sc = sc, .j = screen_journey(sc), .area = area, .scroll = scroll };
	unsigned long left_out;
	unsigned int i;

	say_request(&p);
	say_zone(&p);
	say_zonelist(&p);
	for (i = 0; i < journey_steps(p.j); i++) {
		const struct journey_step *s = journey_step_at(p.j, i, &left_out);

		if (left_out)
			path_say(&p, p.stage, MOOD_NONE, "", "… %lu more steps, round and round …", left_out);
		path_step(&p, s);
	}
	say_result(&p);
	if (!p.j->under_way && p.j->pfn != PFN_NONE)
		say_unseen(&p);
	return p.row;
}

static void path_init(struct screen *sc)
{
	sc->path_scroll = 0;
}

/* Are there the request that hurt most and another that was the last? */
static bool has_two(const struct watch *w)
{
	return w->worst.any && w->nr_worst < w->nr_requests;
}

/* Which request it is, and how to the other one. */
static void draw_which(const struct screen *sc, const struct area *area, bool more)
{
	const struct watch *w = &sc->watch;
	bool two = has_two(w), last = screen_journey(sc) == &w->journey;
	char buf[128] = "the last request";

	if (two && last)
		snprintf(buf, sizeof(buf), "the last of %lu requests, Left: the one that hurt most",
			 w->nr_requests);
	else if (two)
		snprintf(buf, sizeof(buf), "request %lu of %lu, which hurt most, Right: the last",
			 w->nr_worst, w->nr_requests);
	draw_textf(area, 0, 11, STYLE_HEADER_NOTE, "%s%s", buf, more ? ", PgDn: more" : "");
}

static void path_draw(struct screen *sc, const struct area *area)
{
	int width = area->w < MOST_COLUMNS ? area->w : MOST_COLUMNS;
	struct area body = area_part(area, 1, 0, area->h - 1, width),
		    nothing = area_part(area, 0, 0, 0, width);
	int most;

	draw_blank(area, 0, STYLE_HEADER_NOTE);
	draw_text(area, 0, 0, STYLE_HEADER, " GFP PATH ");
	if (!sc->watch.journey.any) {
		draw_text(&body, 0, 1, STYLE_DIM, "No request has been made yet: alloc ORDER makes one.");
		return;
	}
	most = draw_page(sc, &nothing, 0) - body.h;
	if (sc->path_scroll > most)
		sc->path_scroll = most > 0 ? most : 0;
	draw_which(sc, area, sc->path_scroll < most);
	draw_page(sc, &body, sc->path_scroll);
}

static bool path_key(struct screen *sc, enum action action)
{
	if (action != ACTION_LEFT && action != ACTION_RIGHT)
		return scroll_key(&sc->path_scroll, LINES - 5, action);
	sc->path_last = action == ACTION_RIGHT;
	sc->path_scroll = 0;
	return true;
}

static void path_inspect(const struct screen *sc, char *buf, size_t size)
{
	snprintf(buf, size, "Up Down PgUp PgDn scroll%s, F10 or Esc back",
		 has_two(&sc->watch) ? ", Left Right other request" : "");
}

const struct view path_view = { "path", true, path_init, path_draw, path_key, path_inspect };
