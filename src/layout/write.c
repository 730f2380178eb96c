/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layout written out: turned back into what libcyaml loads, and saved by it
 * with the schema it is loaded by.
 */
#include <config.h>

#include "state.h"

#include <stdlib.h>
#include <string.h>

static char *hex(uint64_t value)
{
	return layout_asprintf("0x%jx", (uintmax_t)value);
}

static char *range_text(const struct layout_range *range)
{
	return layout_asprintf("0x%jx-0x%jx", (uintmax_t)range->start, (uintmax_t)range->end - 1);
}

/* NULL, which is left out, for a size that was not given. */
static char *size_text(uint64_t bytes)
{
	return bytes ? layout_asprintf("%ju", (uintmax_t)bytes) : NULL;
}

static uint64_t *integers(const unsigned int *values, unsigned int nr)
{
	uint64_t *copy;

	if (!values)
		return NULL;
	copy = layout_alloc(nr, sizeof(*copy));
	for (unsigned int i = 0; i < nr; i++)
		copy[i] = values[i];
	return copy;
}

static void put_zones(const struct layout *l, struct raw_layout *raw)
{
	raw->zones = layout_alloc(l->nr_zones, sizeof(*raw->zones));
	raw->zones_count = l->nr_zones;
	for (unsigned int i = 0; i < l->nr_zones; i++) {
		raw->zones[i].type = l->zones[i].type;
		raw->zones[i].end = l->zones[i].has_end ? hex(l->zones[i].end) : NULL;
	}
}

static void put_nodes(const struct layout *l, struct raw_layout *raw)
{
	raw->nodes = layout_alloc(l->nr_nodes, sizeof(*raw->nodes));
	raw->nodes_count = l->nr_nodes;
	for (unsigned int i = 0; i < l->nr_nodes; i++) {
		const struct layout_node *n = &l->nodes[i];
		struct raw_node *r = &raw->nodes[i];

		r->id = (uint64_t)n->id;
		r->memory = layout_alloc(n->nr_memory, sizeof(*r->memory));
		r->memory_count = n->nr_memory;
		for (unsigned int j = 0; j < n->nr_memory; j++)
			r->memory[j] = range_text(&n->memory[j]);
		r->cpus = integers(n->cpus, n->nr_cpus);
		r->cpus_count = n->nr_cpus;
		r->distance = integers(n->distance, l->nr_nodes);
		r->distance_count = n->distance ? l->nr_nodes : 0;
	}
}

static void put_claims(const struct layout *l, struct raw_layout *raw)
{
	raw->reserved = layout_alloc(l->nr_reserved, sizeof(*raw->reserved));
	raw->reserved_count = l->nr_reserved;
	for (unsigned int i = 0; i < l->nr_reserved; i++)
		raw->reserved[i] = (struct raw_reserved){
			.name = layout_strdup(l->reserved[i].name),
			.range = range_text(&l->reserved[i].range),
			.no_map = l->reserved[i].no_map,
			.freed_after_boot = l->reserved[i].freed_after_boot,
		};
	raw->cma = layout_alloc(l->nr_cma, sizeof(*raw->cma));
	raw->cma_count = l->nr_cma;
	for (unsigned int i = 0; i < l->nr_cma; i++)
		raw->cma[i] = (struct raw_cma){
			.name = layout_strdup(l->cma[i].name),
			.range = range_text(&l->cma[i].range),
		};
}

static void put_sysctl(const struct layout_sysctl *s, struct raw_sysctl *raw)
{
	if (s->min_free_kbytes >= 0) {
		raw->min_free_kbytes = layout_alloc(1, sizeof(*raw->min_free_kbytes));
		*raw->min_free_kbytes = (uint64_t)s->min_free_kbytes;
	}
	raw->watermark_scale_factor = s->watermark_scale_factor;
	raw->watermark_boost_factor = s->watermark_boost_factor;
	for (unsigned int i = 0; i < NR_ZONE_TYPES; i++)
		raw->lowmem_reserve_ratio.by_type[i] = s->lowmem_reserve_ratio[i];
	raw->percpu_pagelist_high_fraction = s->percpu_pagelist_high_fraction;
	raw->extfrag_threshold = s->extfrag_threshold;
	raw->compaction_proactiveness = s->compaction_proactiveness;
}

static void put_features(const struct layout_features *f, struct raw_features *raw)
{
	raw->pcp = f->pcp;
	if (!f->cma)
		raw->cma = layout_alloc(1, sizeof(*raw->cma));
	if (f->group_by_mobility == SWITCH_AUTO)
		return;
	raw->group_by_mobility = layout_alloc(1, sizeof(*raw->group_by_mobility));
	*raw->group_by_mobility = f->group_by_mobility;
}

static void put_virtual(const struct layout_virtual *v, struct raw_virtual *raw)
{
	*raw = (struct raw_virtual){
		.page_offset = hex(v->page_offset),
		.high_memory = hex(v->high_memory),
		.vmalloc_start = hex(v->vmalloc_start),
		.vmalloc_end = hex(v->vmalloc_end),
		.pkmap_base = hex(v->pkmap_base),
		.last_pkmap = v->last_pkmap,
		.fixaddr_start = hex(v->fixaddr_start),
	};
}

static struct raw_layout *to_raw(const struct layout *l)
{
	struct raw_layout *raw = layout_alloc(1, sizeof(*raw));

	raw->name = layout_strdup(l->name);
	raw->description = l->description ? layout_strdup(l->description) : NULL;
	raw->page_shift = l->page_shift;
	raw->max_order = l->max_order;
	raw->pageblock_order = l->pageblock_order;
	raw->cpus = l->cpus;
	raw->section_shift = l->section_shift;
	raw->kmalloc_minalign = l->kmalloc_minalign;
	raw->kernelcore = size_text(l->kernelcore);
	raw->movablecore = size_text(l->movablecore);
	raw->swap = size_text(l->swap);
	put_zones(l, raw);
	put_nodes(l, raw);
	put_claims(l, raw);
	put_sysctl(&l->sysctl, &raw->sysctl);
	put_features(&l->features, &raw->features);
	put_virtual(&l->virtual, &raw->virtual);
	raw->state = l->state ? state_to_raw(l) : NULL;
	return raw;
}

int layout_write(const struct layout *layout, FILE *out)
{
	struct raw_layout *raw = to_raw(layout);
	char *text = NULL;
	size_t len = 0;
	cyaml_err_t status;

	status = cyaml_save_data(&text, &len, &layout_cyaml_config, &layout_schema, raw, 0);
	cyaml_free(&layout_cyaml_config, &layout_schema, raw, 0);
	if (status != CYAML_OK)
		return -1;
	if (fwrite(text, 1, len, out) != len)
		status = CYAML_ERR_FILE_OPEN;
	free(text);
	return status == CYAML_OK ? 0 : -1;
}
