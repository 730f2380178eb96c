/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The zones of a layout, and the virtual address space they are mapped in.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* May this type stand in the list after the types before it? */
static bool check_type(struct conversion *c, const struct node *zone, enum zone_type type)
{
	const struct node *at = index_find(zone, "type");
	const struct layout *l = c->layout;
	enum zone_type last = l->nr_zones ? l->zones[l->nr_zones - 1].type : ZONE_DMA;

	if (type == ZONE_MOVABLE) {
		diag_error(c->d, at->mark, "zone Movable is never listed: it exists always, after these");
		return false;
	}
	for (unsigned int i = 0; i < l->nr_zones; i++)
		if (l->zones[i].type == type) {
			diag_error(c->d, at->mark, "zone %s is listed twice", zone_type_name(type));
			return false;
		}
	if (!l->nr_zones || type > last)
		return true;
	if (last == ZONE_DEVICE)
		diag_error(c->d, at->mark, "zone Device must be the last, %s stands after it",
			   zone_type_name(type));
	else
		diag_error(c->d, at->mark, "zone %s must stand before %s: the lowest comes first",
			   zone_type_name(type), zone_type_name(last));
	return false;
}

/* Check an end by itself and against the end of the zone before. */
static bool check_end(struct conversion *c, const struct node *at, uint64_t end)
{
	const struct layout *l = c->layout;
	const struct layout_zone *before = l->nr_zones ? &l->zones[l->nr_zones - 1] : NULL;

	if (c->page_size_known && end & (convert_page_size(c) - 1)) {
		diag_error(c->d, at->mark, "end: 0x%jx is not page-aligned", (uintmax_t)end);
		return false;
	}
	if (c->page_size_known && end > convert_address_limit(c)) {
		diag_error(c->d, at->mark, "end: 0x%jx goes past PFN 2^32, which is address 0x%jx",
			   (uintmax_t)end, (uintmax_t)convert_address_limit(c));
		return false;
	}
	if (before && before->has_end && end < before->end) {
		diag_error(c->d, at->mark, "end: 0x%jx is below the end of zone %s, 0x%jx", (uintmax_t)end,
			   zone_type_name(before->type), (uintmax_t)before->end);
		return false;
	}
	return true;
}

/* Does a zone with memory of its own follow the one at index i? */
static bool zone_follows(const struct raw_layout *raw, uint32_t i)
{
	for (i++; i < raw->zones_count; i++)
		if (raw->zones[i].type != ZONE_DEVICE && raw->zones[i].type != ZONE_MOVABLE)
			return true;
	return false;
}

static bool convert_end(struct conversion *c, const struct node *node, uint32_t i, struct layout_zone *zone)
{
	const struct node *at = index_find(node, "end");

	if (at && zone->type == ZONE_DEVICE) {
		diag_error(c->d, at->mark, "zone Device is always empty, it has no end");
		return false;
	}
	if (at) {
		zone->has_end = true;
		return convert_address(c, at, "end", c->raw->zones[i].end, &zone->end) &&
		       check_end(c, at, zone->end);
	}
	if (node->nr_bad)
		return false;
	if (zone->type == ZONE_DEVICE || !zone_follows(c->raw, i))
		return true;
	diag_error(c->d, index_first_key(node),
		   "key 'end' is missing in zone %s: only the last zone may leave it out",
		   zone_type_name(zone->type));
	return false;
}

static bool convert_zone(struct conversion *c, uint32_t i)
{
	const struct node *node = index_find(c->root, "zones[%u]", i);
	struct layout_zone zone = { .type = c->raw->zones[i].type };
	bool good;

	if (!node || !index_find(node, "type"))
		return false;
	if (!check_type(c, node, zone.type))
		return false;
	good = convert_end(c, node, i, &zone);
	if (!good)
		zone.has_end = false;
	c->layout->zones[c->layout->nr_zones++] = zone;
	return good;
}

void convert_zones(struct conversion *c)
{
	const struct node *zones = index_find(c->root, "zones");
	unsigned int real = 0;

	/* one more, for a Normal that is not listed */
	c->layout->zones = layout_alloc((size_t)c->raw->zones_count + 1, sizeof(*c->layout->zones));
	if (!zones)
		return;
	c->zones_known = !index_damaged(zones);
	for (uint32_t i = 0; i < c->raw->zones_count; i++)
		c->zones_known &= convert_zone(c, i);
	for (unsigned int i = 0; i < c->layout->nr_zones; i++)
		real += c->layout->zones[i].type != ZONE_DEVICE;
	if (!real && c->zones_known)
		diag_error(c->d, zones->key_mark, "zones must list at least one zone%s",
			   c->layout->nr_zones ? " besides Device" : "");
}

/* ------------------------------------------------------------ virtual --- */

static bool read_virtual(struct conversion *c, const char *key, const char *text, bool aligned, uint64_t *out)
{
	const struct node *at = index_find(c->root, "virtual.%s", key);
	uint64_t address;

	if (!at)
		return true;
	if (!convert_address(c, at, key, text, &address))
		return false;
	if (aligned && c->page_size_known && address & (convert_page_size(c) - 1)) {
		diag_error(c->d, at->mark, "%s: 0x%jx is not page-aligned", key, (uintmax_t)address);
		return false;
	}
	*out = address;
	return true;
}

/* Report that of two addresses the one that should be higher is not; the place is that of one given. */
static void check_above(struct conversion *c, const char *high, uint64_t above, const char *low,
			uint64_t below)
{
	const struct node *at = index_find(c->root, "virtual.%s", high),
			  *other = index_find(c->root, "virtual.%s", low);

	if (above > below || (!at && !other))
		return;
	if (!at || (other && other->mark > at->mark))
		at = other;
	diag_error(c->d, at->mark, "%s (0x%jx) must lie above %s (0x%jx)", high, (uintmax_t)above, low,
		   (uintmax_t)below);
}

void convert_virtual(struct conversion *c)
{
	const struct raw_virtual *raw = &c->raw->virtual;
	struct layout_virtual *v = &c->layout->virtual;
	const struct node *last_pkmap = index_find(c->root, "virtual.last_pkmap");
	bool linear, vmalloc;

	linear = read_virtual(c, "page_offset", raw->page_offset, true, &v->page_offset);
	linear &= read_virtual(c, "high_memory", raw->high_memory, true, &v->high_memory);
	vmalloc = read_virtual(c, "vmalloc_start", raw->vmalloc_start, true, &v->vmalloc_start);
	/* x86-64 names the last byte, others the first past it */
	vmalloc &= read_virtual(c, "vmalloc_end", raw->vmalloc_end, false, &v->vmalloc_end);
	read_virtual(c, "pkmap_base", raw->pkmap_base, true, &v->pkmap_base);
	read_virtual(c, "fixaddr_start", raw->fixaddr_start, true, &v->fixaddr_start);
	if (last_pkmap && raw->last_pkmap > 65536)
		diag_error(c->d, last_pkmap->mark, "last_pkmap must be 0 to 65536, not %ju",
			   (uintmax_t)raw->last_pkmap);
	else if (last_pkmap)
		v->last_pkmap = raw->last_pkmap;
	if (vmalloc)
		check_above(c, "vmalloc_end", v->vmalloc_end, "vmalloc_start", v->vmalloc_start);
	if (linear && v->high_memory)
		check_above(c, "high_memory", v->high_memory, "page_offset", v->page_offset);
}
