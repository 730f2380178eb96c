/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain numbers of a state: which key is which field, to read and to write. */
#include <config.h>

#include "state.h"

#include <limits.h>
#include <string.h>

#define RULE(key, from, raw_member, to, out_member, type)                                                    \
	{                                                                                                    \
		key, offsetof(struct from, raw_member), offsetof(struct to, out_member), type                \
	}
#define RULES(array)                                                                                         \
	{                                                                                                    \
		array, CYAML_ARRAY_LEN(array)                                                                \
	}

#define ZONE(key, member, type) RULE(key, raw_zone_state, member, zone_state, member, type)
static const struct state_rule zone_rule[] = {
	ZONE("watermark_boost", watermark_boost, STATE_ULONG),
	ZONE("nr_reserved_highatomic", nr_reserved_highatomic, STATE_ULONG),
	RULE("numa_hit", raw_zone_state, numa[NUMA_HIT], zone_state, vm_numa_event[NUMA_HIT], STATE_ULONG),
	RULE("numa_miss", raw_zone_state, numa[NUMA_MISS], zone_state, vm_numa_event[NUMA_MISS], STATE_ULONG),
	RULE("numa_foreign", raw_zone_state, numa[NUMA_FOREIGN], zone_state, vm_numa_event[NUMA_FOREIGN],
	     STATE_ULONG),
	RULE("numa_local", raw_zone_state, numa[NUMA_LOCAL], zone_state, vm_numa_event[NUMA_LOCAL],
	     STATE_ULONG),
	RULE("numa_other", raw_zone_state, numa[NUMA_OTHER], zone_state, vm_numa_event[NUMA_OTHER],
	     STATE_ULONG),
	ZONE("boosted", boosted, STATE_BOOL),
	ZONE("reclaim_active", reclaim_active, STATE_BOOL),
};
const struct state_rules zone_rules = RULES(zone_rule);

#define LIMIT(key, member, type) RULE(key, raw_limits, member, state_limits, member, type)
static const struct state_rule limits_rule[] = {
	LIMIT("min", watermark[WMARK_MIN], STATE_ULONG),
	LIMIT("low", watermark[WMARK_LOW], STATE_ULONG),
	LIMIT("high", watermark[WMARK_HIGH], STATE_ULONG),
	LIMIT("promo", watermark[WMARK_PROMO], STATE_ULONG),
	LIMIT("percpu_drift_mark", percpu_drift_mark, STATE_ULONG),
	LIMIT("pageset_high", pageset_high, STATE_INT),
	LIMIT("pageset_batch", pageset_batch, STATE_INT),
};
const struct state_rules limits_rules = RULES(limits_rule);

#define SCANNER(key, raw, out, type) RULE(key, raw_scanners, raw, zone_state, out, type)
static const struct state_rule scanner_rule[] = {
	SCANNER("cached_free", cached_free, compact_cached_free_pfn, STATE_PFN),
	SCANNER("cached_migrate_async", cached_migrate[0], compact_cached_migrate_pfn[0], STATE_PFN),
	SCANNER("cached_migrate_sync", cached_migrate[1], compact_cached_migrate_pfn[1], STATE_PFN),
	SCANNER("init_migrate", init_migrate, compact_init_migrate_pfn, STATE_PFN),
	SCANNER("init_free", init_free, compact_init_free_pfn, STATE_PFN),
	SCANNER("considered", considered, compact_considered, STATE_UINT),
	SCANNER("defer_shift", defer_shift, compact_defer_shift, STATE_UINT),
	SCANNER("order_failed", order_failed, compact_order_failed, STATE_INT),
	SCANNER("blockskip_flush", blockskip_flush, compact_blockskip_flush, STATE_BOOL),
};
const struct state_rules scanner_rules = RULES(scanner_rule);

static const struct state_rule cpu_rule[] = {
	RULE("free_factor", raw_cpu_state, free_factor, state_cpu, free_factor, STATE_INT),
	RULE("expire", raw_cpu_state, expire, state_cpu, expire, STATE_INT),
};
const struct state_rules cpu_rules = RULES(cpu_rule);

#define NODE(key, member) RULE(key, raw_node_state, member, node_state, member, STATE_ULONG)
static const struct state_rule node_rule[] = {
	NODE("anon_cost", anon_cost),
	NODE("file_cost", file_cost),
	NODE("nonresident_age", nonresident_age),
	NODE("refaults_anon", refaults[0]),
	NODE("refaults_file", refaults[1]),
};
const struct state_rules node_rules = RULES(node_rule);

#define KSWAPD(key, raw, out, type) RULE(key, raw_kswapd, raw, node_state, out, type)
static const struct state_rule kswapd_rule[] = {
	KSWAPD("order", order, kswapd_order, STATE_INT),
	KSWAPD("highest_zoneidx", highest_zoneidx, kswapd_highest_zoneidx, STATE_INT),
	KSWAPD("prev_zoneidx", prev_zoneidx, kswapd_prev_zoneidx, STATE_INT),
	KSWAPD("failures", failures, kswapd_failures, STATE_INT),
	KSWAPD("wakeups", wakeups, kswapd_wakeups, STATE_ULONG),
	KSWAPD("awake", awake, kswapd_awake, STATE_BOOL),
	KSWAPD("dirty", dirty, dirty, STATE_BOOL),
};
const struct state_rules kswapd_rules = RULES(kswapd_rule);

#define KCOMPACTD(key, raw, out, type) RULE(key, raw_kcompactd, raw, node_state, out, type)
static const struct state_rule kcompactd_rule[] = {
	KCOMPACTD("max_order", max_order, kcompactd_max_order, STATE_INT),
	KCOMPACTD("highest_zoneidx", highest_zoneidx, kcompactd_highest_zoneidx, STATE_INT),
	KCOMPACTD("woken", woken, kcompactd_woken, STATE_BOOL),
};
const struct state_rules kcompactd_rules = RULES(kcompactd_rule);

#define SESSION(key, raw, out) RULE(key, raw_session, raw, session_state, out, STATE_ULONG)
static const struct state_rule session_rule[] = {
	SESSION("autos", autos, next_auto),
	SESSION("randoms", randoms, next_random),
	SESSION("workloads", workloads, workloads),
};
const struct state_rules session_rules = RULES(session_rule);

#define MACHINE(key, member, type) RULE(key, raw_state, member, mm_state, member, type)
static const struct state_rule machine_rule[] = {
	MACHINE("cpu", cpu, STATE_UINT),
	MACHINE("totalreserve_pages", totalreserve_pages, STATE_ULONG),
	MACHINE("swap_used", swap_used, STATE_ULONG),
};
const struct state_rules machine_rules = RULES(machine_rule);

/* ------------------------------------------------------- to and fro --- */

static uint64_t type_max(enum state_type type)
{
	switch (type) {
	case STATE_INT:
		return INT_MAX;
	case STATE_UINT:
		return UINT_MAX;
	case STATE_PFN:
		return UINT32_MAX;
	default:
		return LONG_MAX;
	}
}

static void store(void *out, enum state_type type, uint64_t value)
{
	switch (type) {
	case STATE_ULONG:
	case STATE_PFN:
		*(unsigned long *)out = value;
		break;
	case STATE_LONG:
		*(long *)out = (long)value;
		break;
	case STATE_UINT:
		*(unsigned int *)out = (unsigned int)value;
		break;
	case STATE_INT:
		*(int *)out = (int)value;
		break;
	case STATE_BOOL:
		*(bool *)out = value != 0;
		break;
	}
}

static uint64_t fetch(const void *from, enum state_type type)
{
	switch (type) {
	case STATE_ULONG:
	case STATE_PFN:
		return *(const unsigned long *)from;
	case STATE_LONG:
		return (uint64_t) * (const long *)from;
	case STATE_UINT:
		return *(const unsigned int *)from;
	case STATE_INT:
		return (uint64_t) * (const int *)from;
	case STATE_BOOL:
		return *(const bool *)from;
	}
	return 0;
}

/* The number of a rule as it is written; false: reported. */
static bool read_number(struct diag *d, const struct node *at, const void *raw, const struct state_rule *rule,
			uint64_t *value)
{
	const void *from = (const char *)raw + rule->raw;
	enum number_status status = NUMBER_OK;

	if (rule->type == STATE_BOOL)
		*value = (uint64_t) * (const int *)from;
	else if (rule->type == STATE_PFN)
		status = number_parse_integer(*(char *const *)from, value);
	else
		*value = *(const uint64_t *)from;
	if (status != NUMBER_OK) {
		number_complain(d, at->mark, rule->key, *(char *const *)from, "page frame number", status);
		return false;
	}
	if (*value <= type_max(rule->type))
		return true;
	diag_error(d, at->mark, "%s must be 0 to %ju, not %ju", rule->key, (uintmax_t)type_max(rule->type),
		   (uintmax_t)*value);
	return false;
}

void state_rules_read(struct diag *d, const struct node *at, const void *raw, void *out,
		      const struct state_rules *rules)
{
	const struct node *value_at;
	uint64_t value;

	for (size_t i = 0; raw && i < rules->nr; i++) {
		const struct state_rule *rule = &rules->rule[i];

		value_at = index_key(at, rule->key);
		if (value_at && read_number(d, value_at, raw, rule, &value))
			store((char *)out + rule->out, rule->type, value);
	}
}

void state_rules_write(const void *from, void *raw, const struct state_rules *rules)
{
	for (size_t i = 0; i < rules->nr; i++) {
		const struct state_rule *rule = &rules->rule[i];
		uint64_t value = fetch((const char *)from + rule->out, rule->type);
		void *to = (char *)raw + rule->raw;

		if (rule->type == STATE_BOOL)
			*(int *)to = (int)value;
		else if (rule->type == STATE_PFN)
			*(char **)to = layout_asprintf("0x%jx", (uintmax_t)value);
		else
			*(uint64_t *)to = value;
	}
}

uint16_t state_default_flags(gfp_t gfp)
{
	uint16_t flags = (uint16_t)((gfp & GFP_MOVABLE_MASK) >> 3 << PG_MT_SHIFT);

	if (gfp & __GFP_MOVABLE)
		flags |= PG_MIGRATABLE;
	if (gfp & __GFP_COMP)
		flags |= PG_COMPOUND;
	return flags;
}

int state_zone_index(const struct layout *l, enum zone_type type)
{
	int index = 0;

	for (unsigned int i = 0; i < l->nr_zones; i++) {
		if (l->zones[i].type == ZONE_DEVICE)
			continue;
		if (l->zones[i].type == type)
			return index;
		index++;
	}
	if (type == ZONE_MOVABLE)
		return index;
	return type == ZONE_DEVICE && l->nr_zones && l->zones[l->nr_zones - 1].type == ZONE_DEVICE ? index + 1
												   : -1;
}
