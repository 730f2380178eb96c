// SPDX-License-Identifier: GPL-3.0-or-later
/* Where the screen looks: zone and cursor, and what stands under it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "view.h"

struct zone *screen_zone(const struct screen *sc)
{
	return sc->mm->zones[sc->zone];
}

static bool zone_spans(const struct zone *zone, unsigned long pfn)
{
	return pfn >= zone->zone_start_pfn && pfn - zone->zone_start_pfn < zone->spanned_pages;
}

/* A block of the zone that is free, the largest: where there is something to see. */
static unsigned long zone_home(const struct mm *mm, const struct zone *zone)
{
	int order, mt;

	for (order = (int)mm->max_order; order >= 0; order--) {
		for (mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct page *list = &zone->free_area[order].free_list[mt];

			if (list->nr)
				return entry_pfn(mm, (unsigned int)order, list->head);
		}
	}
	return zone->zone_start_pfn;
}

void screen_select_zone(struct screen *sc, int zone)
{
	sc->zone = zone;
	if (!zone_spans(screen_zone(sc), sc->cursor))
		sc->cursor = zone_home(sc->mm, screen_zone(sc));
}

void screen_step_zone(struct screen *sc, int step)
{
	int n = (int)sc->mm->nr_zones, zone = sc->zone, i;

	for (i = 0; i < n; i++) {
		zone = (zone + step + n) % n;
		if (populated_zone(sc->mm->zones[zone]))
			break;
	}
	screen_select_zone(sc, zone);
}

void screen_goto(struct screen *sc, unsigned long pfn)
{
	struct zone *zone = page_zone(sc->mm, pfn);

	if (!zone)
		return;
	sc->zone = zone->id;
	sc->cursor = pfn;
}

static unsigned long nr_ranges(const struct watch *w)
{
	return w->nr_ranges < WATCH_RANGES ? w->nr_ranges : WATCH_RANGES;
}

/* The first frame of the block that pfn is in now, whatever it was split from or merged with. */
static unsigned long block_head(const struct mm *mm, unsigned long pfn)
{
	struct page_info info;

	page_lookup(mm, pfn, &info);
	return info.head;
}

void screen_next_change(struct screen *sc)
{
	unsigned long n = nr_ranges(&sc->watch), i, best = PFN_NONE, lowest = PFN_NONE;
	unsigned long here = block_head(sc->mm, sc->cursor);

	for (i = 0; i < n; i++) {
		unsigned long pfn = block_head(sc->mm, sc->watch.ranges[i].pfn);

		if (pfn > here && pfn < best)
			best = pfn;
		if (pfn < lowest)
			lowest = pfn;
	}
	if (best == PFN_NONE)
		best = lowest;
	if (best != PFN_NONE)
		screen_goto(sc, best);
}

/* Where a request without zone words begins: the first node's highest zone up to Normal. */
static int default_zone(const struct mm *mm)
{
	unsigned int i;
	int best = -1;

	for (i = 0; i < mm->nr_zones; i++) {
		const struct zone *zone = mm->zones[i];

		if (!populated_zone(zone))
			continue;
		if (best < 0 || (zone->node == mm->zones[best]->node && zone->type <= ZONE_NORMAL))
			best = (int)i;
	}
	return best < 0 ? 0 : best;
}

/* The indexes are of the order that was just asked for: of order 0 there is none. */
static void follow_order(struct screen *sc)
{
	const struct journey *j = screen_journey(sc);

	if (!sc->index_chosen && sc->watch.asked && j->order > 0 && j->order <= (int)sc->mm->max_order)
		sc->index_order = (unsigned int)j->order;
	if (sc->index_order > sc->mm->max_order)
		sc->index_order = sc->mm->max_order;
}

void screen_settle(struct screen *sc)
{
	if (sc->zone < 0 || (unsigned int)sc->zone >= sc->mm->nr_zones) {
		sc->zone = default_zone(sc->mm);
		sc->cursor = zone_home(sc->mm, screen_zone(sc));
	}
	if (sc->list_order > sc->mm->max_order)
		sc->list_order = sc->mm->max_order;
	follow_order(sc);
	if (sc->follow && sc->watch.focus != PFN_NONE)
		screen_goto(sc, sc->watch.focus);
	if (!zone_spans(screen_zone(sc), sc->cursor))
		screen_select_zone(sc, sc->zone);
}

/* What a block's buddy is like: the one it could merge with, were it free too. */
static int say_buddy(const struct screen *sc, const struct page_info *info, char *buf, size_t size)
{
	static const char *const words[NR_PAGE_STATES] = { "no memory", "not mapped", "reserved", "in use",
							   "free",      "on pcp",     "in use" };
	unsigned long buddy = info->head ^ (1UL << info->order);
	struct page_info other;

	if (info->order >= sc->mm->max_order)
		return snprintf(buf, size, "; no buddy: the top order");
	page_lookup(sc->mm, buddy, &other);
	if ((other.state == PAGE_FREE || other.state == PAGE_USED || other.state == PAGE_PCP) &&
	    other.order < info->order)
		return snprintf(buf, size, "; buddy 0x%lx split", buddy);
	return snprintf(buf, size, "; buddy 0x%lx %s", buddy, words[other.state]);
}

static int say_owner(const struct screen *sc, const struct page_info *info, char *buf, size_t size)
{
	const struct handle *h = session_owner(sc->session, info->page->private);

	if (!h)
		return snprintf(buf, size, ", owner unknown");
	if (h->owner)
		return snprintf(buf, size, ", %s of %s", h->name, h->owner);
	return snprintf(buf, size, ", %s", h->name);
}

static void say_block(const struct screen *sc, unsigned long pfn, const struct page_info *info, char *buf,
		      size_t size)
{
	static const char *const words[NR_PAGE_STATES] = {
		[PAGE_FREE] = "free", [PAGE_PCP] = "on pcp", [PAGE_USED] = "in use"
	};
	int n;

	n = snprintf(buf, size, "%s, order %u %s", words[info->state], info->order,
		     migratetype_name(info->migratetype));
	if (pfn != info->head && n < (int)size)
		n += snprintf(buf + n, size - (size_t)n, " from 0x%lx", info->head);
	if (info->state == PAGE_USED && info->page && n < (int)size)
		n += say_owner(sc, info, buf + n, size - (size_t)n);
	if (n < (int)size)
		say_buddy(sc, info, buf + n, size - (size_t)n);
}

void inspect_pfn(const struct screen *sc, unsigned long pfn, char *buf, size_t size)
{
	static const char *const words[NR_PAGE_STATES] = {
		[PAGE_HOLE] = "no memory",
		[PAGE_NOMAP] = "memory the kernel does not map",
		[PAGE_RESERVED] = "reserved",
		[PAGE_BOOT] = "allocated at boot, owner unknown",
	};
	struct page_info info;
	int n = snprintf(buf, size, "pfn 0x%lx: ", pfn);

	page_lookup(sc->mm, pfn, &info);
	if (info.state == PAGE_FREE || info.state == PAGE_PCP || info.state == PAGE_USED) {
		say_block(sc, pfn, &info, buf + n, size - (size_t)n);
		return;
	}
	snprintf(buf + n, size - (size_t)n, "%s%s%s", words[info.state], info.name ? ": " : "",
		 info.name ? info.name : "");
}
