/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What claims memory before the buddy does: reserved ranges and CMA areas.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* The words of a reserved range or CMA area that say where it is. */
struct claim {
	const char *name, *range, *base, *size;
};

/* base and size as an extent; false: reported. */
static bool read_base_size(struct conversion *c, const struct node *node, const struct claim *claim,
			   struct extent *extent)
{
	const struct node *base = index_find(node, "base"), *size = index_find(node, "size");
	uint64_t bytes, limit = convert_address_limit(c);
	bool good = convert_address(c, base, "base", claim->base, &extent->start);

	good &= convert_size(c, size, "size", claim->size, &bytes);
	if (!good)
		return false;
	if (!bytes) {
		diag_error(c->d, size->mark, "size must not be 0");
		return false;
	}
	if (c->page_size_known && (extent->start >= limit || bytes > limit - extent->start)) {
		diag_error(c->d, base->mark, "base + size goes past PFN 2^32, which is address 0x%jx",
			   (uintmax_t)limit);
		return false;
	}
	extent->last = extent->start + bytes - 1;
	return true;
}

/* Has the mapping this key, right or wrong? */
static bool has_key(const struct node *node, const char *key)
{
	for (size_t i = 0; i < node->nr; i++)
		if (strcmp(node->child[i]->key, key) == 0)
			return true;
	return false;
}

/* Either range, or base and size: report anything else. */
static bool check_keys(struct conversion *c, const struct node *node)
{
	const struct node *base = index_find(node, "base"), *size = index_find(node, "size");
	bool range = has_key(node, "range");

	if (range && (base || size)) {
		diag_error(c->d, base ? base->key_mark : size->key_mark,
			   "'range' says all, '%s' must not stand beside it", base ? "base" : "size");
		return false;
	}
	if (range)
		return true;
	if (has_key(node, "base") && has_key(node, "size"))
		return true;
	if (has_key(node, "base") || has_key(node, "size"))
		diag_error(c->d, index_first_key(node), "key '%s' is missing: '%s' stands alone",
			   has_key(node, "base") ? "size" : "base", has_key(node, "base") ? "base" : "size");
	else if (!node->nr_bad)
		diag_error(c->d, index_first_key(node), "key 'range' is missing, or 'base' and 'size'");
	return false;
}

static bool read_extent(struct conversion *c, const struct node *node, const struct claim *claim,
			struct extent *extent)
{
	if (!check_keys(c, node))
		return false;
	if (has_key(node, "range"))
		return convert_range(c, index_find(node, "range"), "range", claim->range, extent);
	return read_base_size(c, node, claim, extent);
}

static void check_name(struct conversion *c, const struct node *node)
{
	const struct node *name = index_find(node, "name");

	if (!name)
		return;
	if (!name->len)
		diag_error(c->d, name->mark, "name must not be empty");
	else if (text_has_control(name->value, name->len))
		diag_error(c->d, name->mark, "name: only printable characters are allowed");
}

/* Read a claim's name and place. Returns its span, or NULL if it has no place. */
static const struct span *add_claim(struct conversion *c, const struct node *node, const struct claim *claim,
				    bool cma)
{
	struct extent extent;
	const struct node *place;

	check_name(c, node);
	if (!read_extent(c, node, claim, &extent))
		return NULL;
	place = index_find(node, "range");
	if (!place)
		place = index_find(node, "base");
	c->claims = layout_grow(c->claims, &c->max_claims, c->nr_claims, sizeof(*c->claims));
	c->claims[c->nr_claims] = (struct span){
		.extent = extent,
		.mark = place->mark,
		.name = index_find(node, "name") ? claim->name : "",
		.cma = cma,
	};
	return &c->claims[c->nr_claims++];
}

static struct layout_range to_range(const struct extent *extent)
{
	return (struct layout_range){ extent->start, extent->last + 1 };
}

static void convert_reserved(struct conversion *c, uint32_t i)
{
	const struct raw_reserved *raw = &c->raw->reserved[i];
	const struct node *node = index_find(c->root, "reserved[%u]", i);
	const struct span *span =
		add_claim(c, node, &(struct claim){ raw->name, raw->range, raw->base, raw->size }, false);
	const struct node *freed = index_find(node, "freed_after_boot"), *no_map = index_find(node, "no_map");

	if (freed && no_map && raw->freed_after_boot && raw->no_map)
		diag_error(c->d, freed->key_mark > no_map->key_mark ? freed->key_mark : no_map->key_mark,
			   "no_map memory cannot be freed_after_boot: the kernel does not map it");
	if (!span)
		return;
	c->layout->reserved[c->layout->nr_reserved++] = (struct layout_reserved){
		.name = layout_strdup(span->name),
		.range = to_range(&span->extent),
		.no_map = no_map && raw->no_map,
		.freed_after_boot = freed && raw->freed_after_boot,
	};
}

/* An area's name is how commands speak of it. */
static void check_area_name(struct conversion *c, const struct node *node)
{
	const struct node *name = index_find(node, "name");

	for (unsigned int i = 0; name && i < c->layout->nr_cma; i++)
		if (strcmp(c->layout->cma[i].name, name->value) == 0) {
			diag_error(c->d, name->mark, "there is a CMA area of this name already");
			return;
		}
}

static void check_alignment(struct conversion *c, const struct span *span)
{
	unsigned int shift = c->layout->page_shift + c->layout->pageblock_order;
	uint64_t mask = (UINT64_C(1) << shift) - 1;

	if (!c->geometry_known || !((span->extent.start | (span->extent.last + 1)) & mask))
		return;
	diag_error(c->d, span->mark, "CMA area 0x%jx-0x%jx is not aligned to pageblocks of %ju KiB",
		   (uintmax_t)span->extent.start, (uintmax_t)span->extent.last, (uintmax_t)(mask + 1) >> 10);
}

static void convert_area(struct conversion *c, uint32_t i)
{
	const struct raw_cma *raw = &c->raw->cma[i];
	const struct node *node = index_find(c->root, "cma[%u]", i);
	const struct span *span =
		add_claim(c, node, &(struct claim){ raw->name, raw->range, raw->base, raw->size }, true);

	check_area_name(c, node);
	if (!span)
		return;
	check_alignment(c, span);
	c->layout->cma[c->layout->nr_cma++] = (struct layout_cma){
		.name = layout_strdup(span->name),
		.range = to_range(&span->extent),
	};
}

void convert_claims(struct conversion *c)
{
	c->layout->reserved = layout_alloc(c->raw->reserved_count, sizeof(*c->layout->reserved));
	c->layout->cma = layout_alloc(c->raw->cma_count, sizeof(*c->layout->cma));
	for (uint32_t i = 0; index_find(c->root, "reserved") && i < c->raw->reserved_count; i++)
		convert_reserved(c, i);
	for (uint32_t i = 0; index_find(c->root, "cma") && i < c->raw->cma_count; i++)
		convert_area(c, i);
}
