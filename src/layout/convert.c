/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what the file says to what the machine is made of: integers in their
 * ranges, names, defaults, and the virtual addresses. Zones and nodes are in
 * convert_zones.c and convert_nodes.c, reserved memory in convert_claims.c.
 */
#include <config.h>

#include "internal.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* An integer of the layout: where it is found and put, and what it may be. */
static const struct integer_rule {
	const char *path;
	size_t raw, layout;
	uint64_t min, max;
} integer_rules[] = {
#define RULE(path, member, min, max)                                                                         \
	{                                                                                                    \
		path, offsetof(struct raw_layout, member), offsetof(struct layout, member), min, max         \
	}
#define RATIO_RULE(key, type)                                                                                \
	{                                                                                                    \
		"sysctl.lowmem_reserve_ratio." key,                                                          \
			offsetof(struct raw_layout, sysctl.lowmem_reserve_ratio.by_type[type]),              \
			offsetof(struct layout, sysctl.lowmem_reserve_ratio[type]), 0, INT_MAX               \
	}
	RULE("page_shift", page_shift, 12, 16),
	RULE("max_order", max_order, 1, 15),
	RULE("pageblock_order", pageblock_order, 1, 15),
	RULE("cpus", cpus, 1, LAYOUT_MAX_CPUS),
	RULE("section_shift", section_shift, 20, 40),
	RULE("kmalloc_minalign", kmalloc_minalign, 8, 128),
	RULE("sysctl.watermark_scale_factor", sysctl.watermark_scale_factor, 1, 3000),
	RULE("sysctl.watermark_boost_factor", sysctl.watermark_boost_factor, 0, INT_MAX),
	RULE("sysctl.percpu_pagelist_high_fraction", sysctl.percpu_pagelist_high_fraction, 0, INT_MAX),
	RULE("sysctl.extfrag_threshold", sysctl.extfrag_threshold, 0, 1000),
	RULE("sysctl.compaction_proactiveness", sysctl.compaction_proactiveness, 0, 100),
	RATIO_RULE("DMA", ZONE_DMA),
	RATIO_RULE("DMA32", ZONE_DMA32),
	RATIO_RULE("Normal", ZONE_NORMAL),
	RATIO_RULE("HighMem", ZONE_HIGHMEM),
	RATIO_RULE("Movable", ZONE_MOVABLE),
#undef RULE
#undef RATIO_RULE
};

uint64_t convert_page_size(const struct conversion *c)
{
	return UINT64_C(1) << c->layout->page_shift;
}

uint64_t convert_address_limit(const struct conversion *c)
{
	return UINT64_C(1) << (32 + c->layout->page_shift);
}

static void set_defaults(struct layout *l)
{
	l->page_shift = 12;
	l->max_order = 10;
	l->cpus = 1;
	l->section_shift = 27;
	l->kmalloc_minalign = 8;
	l->sysctl = (struct layout_sysctl){
		.min_free_kbytes = -1,
		.watermark_scale_factor = 10,
		.watermark_boost_factor = 15000,
		.lowmem_reserve_ratio = { [ZONE_DMA] = 256, [ZONE_DMA32] = 256, [ZONE_NORMAL] = 32 },
		.extfrag_threshold = 500,
		.compaction_proactiveness = 20,
	};
	l->features = (struct layout_features){ .pcp = true, .cma = true, .group_by_mobility = SWITCH_AUTO };
	l->virtual = (struct layout_virtual){
		.page_offset = 0xffff888000000000,
		.vmalloc_start = 0xffffc90000000000,
		.vmalloc_end = 0xffffe8ffffffffff,
	};
}

/* What messages call the value at path. */
static const char *short_path(const char *path)
{
	return strncmp(path, "sysctl.", 7) == 0 ? path + 7 : path;
}

/* Report an integer that is out of its range. */
static bool check_range(struct conversion *c, const struct node *at, const char *key, uint64_t value,
			uint64_t min, uint64_t max)
{
	if (value >= min && value <= max)
		return true;
	diag_error(c->d, at->mark, "%s must be %ju to %ju, not %ju", key, (uintmax_t)min, (uintmax_t)max,
		   (uintmax_t)value);
	return false;
}

/* Was the value at path of the root given and is it good? Then *at is its place. */
static bool given(const struct conversion *c, const char *path, const struct node **at)
{
	*at = index_find(c->root, "%s", path);
	return *at != NULL;
}

/* Is there nothing at path, not even something wrong? */
static bool absent_or_good(const struct conversion *c, const char *key, bool good)
{
	for (size_t i = 0; i < c->root->nr; i++)
		if (strcmp(c->root->child[i]->key, key) == 0)
			return good;
	return true;
}

static bool convert_integer(struct conversion *c, const struct integer_rule *rule)
{
	const uint64_t *value = (const uint64_t *)((const char *)c->raw + rule->raw);
	unsigned int *out = (unsigned int *)((char *)c->layout + rule->layout);
	const struct node *at;

	if (!given(c, rule->path, &at) ||
	    !check_range(c, at, short_path(rule->path), *value, rule->min, rule->max))
		return absent_or_good(c, rule->path, false);
	*out = (unsigned int)*value;
	return true;
}

static void convert_min_free(struct conversion *c)
{
	const struct node *at;

	if (!given(c, "sysctl.min_free_kbytes", &at) || !c->raw->sysctl.min_free_kbytes)
		return;
	if (check_range(c, at, "min_free_kbytes", *c->raw->sysctl.min_free_kbytes, 0, INT_MAX))
		c->layout->sysctl.min_free_kbytes = (int64_t)*c->raw->sysctl.min_free_kbytes;
}

/* What the integers may be beyond their ranges. */
static void check_integers(struct conversion *c)
{
	struct layout *l = c->layout;
	const struct node *at;

	if (given(c, "pageblock_order", &at) && c->geometry_known && l->pageblock_order > l->max_order)
		diag_error(c->d, at->mark, "pageblock_order must be 1 to max_order, which is %u, not %u",
			   l->max_order, l->pageblock_order);
	if (given(c, "section_shift", &at) && c->geometry_known &&
	    l->section_shift < l->page_shift + l->max_order)
		diag_error(c->d, at->mark,
			   "section_shift must be at least %u: a section holds whole blocks of max_order",
			   l->page_shift + l->max_order);
	if (given(c, "kmalloc_minalign", &at) && l->kmalloc_minalign & (l->kmalloc_minalign - 1))
		diag_error(c->d, at->mark, "kmalloc_minalign must be a power of two, not %u",
			   l->kmalloc_minalign);
	if (given(c, "sysctl.percpu_pagelist_high_fraction", &at) &&
	    l->sysctl.percpu_pagelist_high_fraction && l->sysctl.percpu_pagelist_high_fraction < 8)
		diag_error(c->d, at->mark, "percpu_pagelist_high_fraction must be 0 or at least 8, not %u",
			   l->sysctl.percpu_pagelist_high_fraction);
}

static void convert_integers(struct conversion *c)
{
	const size_t nr = CYAML_ARRAY_LEN(integer_rules);
	bool good[CYAML_ARRAY_LEN(integer_rules)];
	struct layout *l = c->layout;

	for (size_t i = 0; i < nr; i++)
		good[i] = convert_integer(c, &integer_rules[i]);
	/* the first four rules; what depends on a wrong one is not looked at */
	c->page_size_known = good[0];
	c->geometry_known = good[0] && good[1] && good[2];
	c->cpus_known = good[3];
	if (!l->pageblock_order)
		l->pageblock_order = l->max_order < 9 ? l->max_order : 9;
	if (!index_find(c->root, "section_shift") && l->section_shift < l->page_shift + l->max_order)
		l->section_shift = l->page_shift + l->max_order;
	convert_min_free(c);
	check_integers(c);
}

typedef enum number_status number_reader(const char *text, uint64_t *value);

static bool convert_number(struct conversion *c, const struct node *at, const char *key, const char *text,
			   const char *what, number_reader *read, uint64_t *value)
{
	enum number_status status;

	if (!at || !text)
		return false;
	status = read(text, value);
	if (status == NUMBER_OK)
		return true;
	number_complain(c->d, at->mark, key, text, what, status);
	return false;
}

bool convert_size(struct conversion *c, const struct node *at, const char *key, const char *text,
		  uint64_t *bytes)
{
	return convert_number(c, at, key, text, "size", number_parse_size, bytes);
}

bool convert_address(struct conversion *c, const struct node *at, const char *key, const char *text,
		     uint64_t *address)
{
	return convert_number(c, at, key, text, "address", number_parse_address, address);
}

bool convert_range(struct conversion *c, const struct node *at, const char *key, const char *text,
		   struct extent *extent)
{
	enum number_status status;

	if (!at || !text)
		return false;
	status = number_parse_range(text, extent);
	if (status != NUMBER_OK) {
		number_complain(c->d, at->mark, key, text, "range", status);
		return false;
	}
	if (!c->page_size_known || extent->last < convert_address_limit(c))
		return true;
	diag_error(c->d, at->mark, "%s: '%s' goes past PFN 2^32, which is address 0x%jx", key, text,
		   (uintmax_t)convert_address_limit(c));
	return false;
}

static void convert_sizes(struct conversion *c)
{
	const struct {
		const char *key, *text;
		uint64_t *out;
	} sizes[] = {
		{ "kernelcore", c->raw->kernelcore, &c->layout->kernelcore },
		{ "movablecore", c->raw->movablecore, &c->layout->movablecore },
		{ "swap", c->raw->swap, &c->layout->swap },
	};

	for (size_t i = 0; i < CYAML_ARRAY_LEN(sizes); i++)
		if (!convert_size(c, index_find(c->root, "%s", sizes[i].key), sizes[i].key, sizes[i].text,
				  sizes[i].out))
			*sizes[i].out = 0;
}

static void convert_name(struct conversion *c)
{
	const struct node *name = index_find(c->root, "name"),
			  *description = index_find(c->root, "description");
	size_t len;

	if (name && (!name->len || text_has_control(name->value, name->len)))
		diag_error(c->d, name->mark,
			   name->len ? "name: only printable characters are allowed"
				     : "name must not be empty");
	else if (name)
		c->layout->name = layout_strdup(name->value);
	if (!description)
		return;
	c->layout->description = layout_strdup(description->value);
	/* a folded block ends with a newline that nobody means */
	len = strlen(c->layout->description);
	while (len && isspace((unsigned char)c->layout->description[len - 1]))
		c->layout->description[--len] = '\0';
	for (char *p = c->layout->description; (p = strchr(p, '\n')); p++)
		*p = ' ';
	if (text_has_control(c->layout->description, len))
		diag_error(c->d, description->mark, "description: only printable characters are allowed");
}

static void convert_features(struct conversion *c)
{
	if (index_find(c->root, "features.pcp"))
		c->layout->features.pcp = c->raw->features.pcp != 0;
	if (index_find(c->root, "features.group_by_mobility") && c->raw->features.group_by_mobility)
		c->layout->features.group_by_mobility =
			*c->raw->features.group_by_mobility ? SWITCH_ON : SWITCH_OFF;
	if (index_find(c->root, "features.cma") && c->raw->features.cma)
		c->layout->features.cma = *c->raw->features.cma != 0;
	if (!c->layout->features.cma && index_find(c->root, "cma[0]"))
		diag_error(c->d, index_find(c->root, "features.cma")->mark,
			   "cma: a kernel without CMA has no areas, but there are some in line %lu",
			   diag_line(c->d, index_find(c->root, "cma")->key_mark));
}

void convert_layout(struct conversion *c)
{
	set_defaults(c->layout);
	convert_name(c);
	convert_integers(c);
	convert_sizes(c);
	convert_features(c);
	convert_zones(c);
	convert_nodes(c);
	convert_claims(c);
	convert_virtual(c);
}
