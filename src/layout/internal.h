/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/layout need of each other and nobody else may use.
 *
 * The way of a layout: sanitized text, an index of it (index.c), checked
 * against the schema (check.c), loaded by libcyaml into struct raw_layout
 * (schema.c), turned into struct layout (convert*.c), whose parts are then
 * held against each other (verify.c). Each stage reports to one struct diag
 * and leaves what it understood to the next, so that one run finds as much
 * as can be found.
 */
#ifndef BUDDYVIZ_LAYOUT_INTERNAL_H
#define BUDDYVIZ_LAYOUT_INTERNAL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cyaml/cyaml.h>

#include "buddyviz/layout.h"

#define LAYOUT_MAX_NODES   64
#define LAYOUT_MAX_NODE_ID 1023
#define LAYOUT_MAX_CPUS    256
#define LAYOUT_MAX_BYTES   (64u << 20) /* of a layout file */

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* ------------------------------------------------------------- text.c --- */

/* Allocate or die: these never return NULL. Memory is zeroed; array grows keep what was there. */
void *layout_alloc(size_t nr, size_t size);
void *layout_grow(void *array, size_t *max, size_t nr, size_t size);
char *layout_strdup(const char *text);
char *layout_asprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);
char *layout_vasprintf(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

/*
 * Decode the UTF-8 sequence at text. Returns its length in bytes and sets *c;
 * a byte that belongs to no sequence has length 1 and *c = UTF8_BAD.
 */
#define UTF8_BAD UINT32_MAX
size_t utf8_decode(const char *text, size_t len, uint32_t *c);

/*
 * Write one character to out so that it can do no harm on a terminal: what
 * cannot be printed becomes \xNN or \uNNNN. Returns the columns it takes.
 */
unsigned int utf8_print(FILE *out, const char *text, size_t len, uint32_t c);

/* text (len bytes) in single quotes, escaped, shortened if long. The caller frees it. */
char *text_quote(const char *text, size_t len);

/* Does text (len bytes) hold a character that has no place in a name: control, NUL, bidirectional override?
 */
bool text_has_control(const char *text, size_t len);

/*
 * Of nr words the one nearest to word by Damerau-Levenshtein distance; *near:
 * near enough to be meant. NULL: word is too long for any.
 */
const char *text_nearest(const char *word, const char *const *words, size_t nr, bool *near);

/* ------------------------------------------------------------- diag.c --- */

struct message {
	size_t mark; /* characters before the place meant */
	size_t nr;   /* order of reporting */
	bool warning;
	char *text;
};

/* The mistakes of one file, kept until diag_print() so that they come in the file's order. */
struct diag {
	const char *name; /* of the file, as the user knows it */
	const char *text;
	size_t len;
	struct message *messages;
	size_t nr, max;
	unsigned int errors;
};

void diag_error(struct diag *d, size_t mark, const char *fmt, ...) PRINTF_LIKE(3, 4);
void diag_warning(struct diag *d, size_t mark, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The rest of the text from a mark on, and its line number (from 1). */
const char *diag_rest(const struct diag *d, size_t mark);
unsigned long diag_line(const struct diag *d, size_t mark);
void diag_print(struct diag *d, FILE *err);
void diag_free(struct diag *d);

/*
 * A copy of the text that libyaml can read to its end: bytes that are not
 * UTF-8 and control characters are reported, the first of each line, and
 * replaced by '_'. The caller frees it.
 */
char *diag_sanitize(struct diag *d, size_t *len);

/* ------------------------------------------------------------ index.c --- */

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

/* One value of the file and where it stands. */
struct node {
	enum node_kind kind;
	size_t mark; /* of the value, in characters */
	size_t key_mark;
	char *key;   /* NULL outside mappings */
	char *value; /* scalars: NUL-terminated, */
	size_t len;  /* but it may hold NULs */
	bool null;   /* scalar: empty or null, unquoted */
	bool no_key; /* what stands where its key should is none, reported */
	bool bad;    /* reported, nobody should look at it again */
	bool cut;    /* a syntax error ended it */
	struct node **child;
	size_t nr, max, nr_bad;
};

/* Read sanitized text into an index. NULL: it holds nothing. */
struct node *index_build(struct diag *d, const char *text, size_t len);
void index_free(struct node *node);

/* Report nothing more about this child of parent. */
void index_mark_bad(struct node *parent, struct node *child);

/*
 * The value at path below node ("sysctl.min_free_kbytes", "nodes[1].memory[0]"),
 * or NULL if there is none or it is bad. Sequences count what is not bad.
 */
const struct node *index_find(const struct node *node, const char *path, ...) PRINTF_LIKE(2, 3);

/* The value of one key of a mapping, and the entries of a sequence one by one from *at == 0 on; NULL: none,
 * no more. */
const struct node *index_key(const struct node *node, const char *key);
const struct node *index_next(const struct node *sequence, size_t *at);

/* Was something below node reported already, or node not there? */
bool index_damaged(const struct node *node);

/* Where to point when a key of the mapping is missing: its first key. */
size_t index_first_key(const struct node *mapping);

/* What is not bad, as YAML that the schema accepts; missing keys are filled with empty values. */
char *index_emit(const struct node *root, const struct cyaml_schema_value *schema, size_t *len);

/* ------------------------------------------------------------ check.c --- */

/* Hold an index against a schema: unknown, duplicate and missing keys, types, integers, words. */
void schema_check(struct diag *d, struct node *root, const struct cyaml_schema_value *schema);

/* ----------------------------------------------------------- number.c --- */

enum number_status {
	NUMBER_OK,
	NUMBER_JUNK,
	NUMBER_NEGATIVE,
	NUMBER_FRACTION,
	NUMBER_LEADING_ZERO,
	NUMBER_OVERFLOW,
	NUMBER_BACKWARDS, /* a range that ends before it starts */
};

/* A range as written: last is the last byte, so that the top of the address space can be said. */
struct extent {
	uint64_t start, last;
};

enum number_status number_parse_integer(const char *text, uint64_t *value);
enum number_status number_parse_signed(const char *text); /* libcyaml reads it then */
enum number_status number_parse_size(const char *text, uint64_t *bytes);
enum number_status number_parse_address(const char *text, uint64_t *address);
enum number_status number_parse_range(const char *text, struct extent *extent);

/* Report why text is no `what` ("size", "address", "range", "whole number") for key. */
void number_complain(struct diag *d, size_t mark, const char *key, const char *text, const char *what,
		     enum number_status status);

/* ----------------------------------------------------------- schema.c --- */

/* The file as libcyaml loads it: words and numbers, not yet understood. Optional strings are NULL. */
struct raw_zone {
	enum zone_type type;
	char *end;
};

struct raw_node {
	uint64_t id;
	char **memory;
	uint32_t memory_count;
	uint64_t *cpus;
	uint32_t cpus_count;
	uint64_t *distance;
	uint32_t distance_count;
};

struct raw_reserved {
	char *name, *range, *base, *size;
	int no_map, freed_after_boot;
};

struct raw_cma {
	char *name, *range, *base, *size;
};

struct raw_ratio {
	uint64_t by_type[NR_ZONE_TYPES];
};

struct raw_sysctl {
	uint64_t *min_free_kbytes; /* NULL: left to the kernel */
	uint64_t watermark_scale_factor, watermark_boost_factor;
	struct raw_ratio lowmem_reserve_ratio;
	uint64_t percpu_pagelist_high_fraction, extfrag_threshold, compaction_proactiveness;
};

struct raw_features {
	int pcp;
	int *group_by_mobility; /* NULL: left to the kernel */
	int *cma;               /* NULL: true */
};

struct raw_virtual {
	char *page_offset, *high_memory, *vmalloc_start, *vmalloc_end, *pkmap_base, *fixaddr_start;
	uint64_t last_pkmap;
};

struct raw_layout {
	char *name, *description;
	uint64_t page_shift, max_order, pageblock_order, cpus, section_shift, kmalloc_minalign;
	char *kernelcore, *movablecore, *swap;
	struct raw_zone *zones;
	uint32_t zones_count;
	struct raw_node *nodes;
	uint32_t nodes_count;
	struct raw_reserved *reserved;
	uint32_t reserved_count;
	struct raw_cma *cma;
	uint32_t cma_count;
	struct raw_sysctl sysctl;
	struct raw_features features;
	struct raw_virtual virtual;
	struct raw_state *state; /* NULL: right after boot; see state.h */
};

extern const struct cyaml_schema_value layout_schema;
extern const struct cyaml_strval layout_zone_words[NR_ZONE_TYPES], layout_bool_words[6];
extern const struct cyaml_config layout_cyaml_config;

/* ---------------------------------------------------------- convert.c --- */

/* A range of the file with what a message about it needs. */
struct span {
	struct extent extent;
	size_t mark;
	const char *name;  /* NULL: memory */
	unsigned int node; /* memory: index in layout->nodes */
	bool cma;
	bool told[2]; /* an overlap is reported already: an error, a warning */
};

/* A layout on its way from raw to checked. */
struct conversion {
	struct diag *d;
	const struct node *root;
	const struct raw_layout *raw;
	struct layout *layout;
	struct span *memory, *claims; /* claims: reserved ranges and CMA areas, in the file's order */
	size_t nr_memory, max_memory, nr_claims, max_claims;
	bool page_size_known, geometry_known, zones_known, memory_known, cpus_known;
};

/* Turn c->raw into c->layout, reporting what is wrong with each part by itself. */
void convert_layout(struct conversion *c);
void convert_zones(struct conversion *c);
void convert_nodes(struct conversion *c);
void convert_claims(struct conversion *c);
void convert_virtual(struct conversion *c);

/* Page size in bytes, and the first address that has no PFN the machine can hold. */
uint64_t convert_page_size(const struct conversion *c);
uint64_t convert_address_limit(const struct conversion *c);

/*
 * Read the string at path below node with one of number.c's readers. Returns
 * false if there is none or, reported, it is wrong.
 */
bool convert_size(struct conversion *c, const struct node *at, const char *key, const char *text,
		  uint64_t *bytes);
bool convert_address(struct conversion *c, const struct node *at, const char *key, const char *text,
		     uint64_t *address);
bool convert_range(struct conversion *c, const struct node *at, const char *key, const char *text,
		   struct extent *extent);

/* ----------------------------------------------------------- verify.c --- */

/* Hold the parts of a converted layout against each other. */
void verify_layout(struct conversion *c);

#endif
