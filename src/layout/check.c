/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An index held against a cyaml schema. libcyaml would find most of this
 * too, but only the first mistake, and without its place; integers and
 * booleans it reads more generously than a layout should be read.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MAX 64 /* keys of one mapping in the schema */

static bool check_value(struct diag *d, struct node *node, const char *key,
			const struct cyaml_schema_value *schema);

static size_t field_keys(const struct cyaml_schema_field *fields, const char *keys[FIELDS_MAX])
{
	size_t nr;

	for (nr = 0; fields[nr].key && nr < FIELDS_MAX; nr++)
		keys[nr] = fields[nr].key;
	return nr;
}

/* The key of the mapping, somewhere below schema, that knows key; NULL: none. */
static const char *find_home(const struct cyaml_schema_value *schema, const char *name, const char *key)
{
	const char *home;

	if (schema->type == CYAML_SEQUENCE)
		return find_home(schema->sequence.entry, name, key);
	if (schema->type != CYAML_MAPPING)
		return NULL;
	for (const struct cyaml_schema_field *f = schema->mapping.fields; f->key; f++) {
		if (strcmp(f->key, key) == 0)
			return name;
		home = find_home(&f->value, f->key, key);
		if (home)
			return home;
	}
	return NULL;
}

static char *join_words(const char *const *words, size_t nr)
{
	char *text = layout_strdup(""), *longer;

	for (size_t i = 0; i < nr; i++) {
		longer = layout_asprintf("%s%s%s", text, i ? ", " : "", words[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* Report an unknown key. Returns the index of the field it was probably meant to be, or FIELDS_MAX. */
static size_t report_unknown(struct diag *d, const struct node *child,
			     const struct cyaml_schema_field *fields)
{
	const char *keys[FIELDS_MAX], *nearest, *home;
	bool near;
	char *quoted = text_quote(child->key, strlen(child->key)), *all;
	size_t nr = field_keys(fields, keys), i;

	nearest = text_nearest(child->key, keys, nr, &near);
	home = find_home(&layout_schema, "the layout itself", child->key);
	if (near) {
		diag_error(d, child->key_mark, "unknown key %s; did you mean '%s'?", quoted, nearest);
	} else if (home) {
		diag_error(d, child->key_mark, "key %s does not belong here, but in %s", quoted, home);
	} else {
		all = join_words(keys, nr);
		diag_error(d, child->key_mark, "unknown key %s; the nearest known key is '%s', of %s", quoted,
			   nearest ? nearest : keys[0], all);
		free(all);
	}
	free(quoted);
	for (i = 0; i < nr && nearest != keys[i]; i++)
		;
	return near ? i : FIELDS_MAX;
}

static size_t find_field(const struct cyaml_schema_field *fields, const char *key)
{
	size_t i;

	for (i = 0; fields[i].key; i++)
		if (strcmp(fields[i].key, key) == 0)
			return i;
	return FIELDS_MAX;
}

/* Every required key that no child stands for, not even a mistyped one. */
static void check_missing(struct diag *d, const struct node *node, const char *key,
			  const struct cyaml_schema_field *fields, const struct node *const *seen)
{
	for (size_t i = 0; fields[i].key; i++)
		if (!seen[i] && !(fields[i].value.flags & CYAML_FLAG_OPTIONAL))
			diag_error(d, index_first_key(node), "key '%s' is missing%s%s", fields[i].key,
				   key ? " in " : "", key ? key : "");
}

static bool check_mapping(struct diag *d, struct node *node, const char *key,
			  const struct cyaml_schema_field *fields)
{
	const struct node *seen[FIELDS_MAX + 1] = { NULL };

	for (size_t i = 0; i < node->nr; i++) {
		struct node *child = node->child[i];
		size_t f = find_field(fields, child->key);

		if (f == FIELDS_MAX) {
			if (!child->no_key)
				seen[report_unknown(d, child, fields)] = child;
			index_mark_bad(node, child);
		} else if (seen[f]) {
			diag_error(d, child->key_mark, "duplicate key '%s', already in line %lu",
				   fields[f].key, diag_line(d, seen[f]->key_mark));
			index_mark_bad(node, child);
		} else {
			seen[f] = child;
			if (!child->bad && !check_value(d, child, fields[f].key, &fields[f].value))
				index_mark_bad(node, child);
		}
	}
	if (!node->cut)
		check_missing(d, node, key, fields, seen);
	return true;
}

static bool check_sequence(struct diag *d, struct node *node, const char *key,
			   const struct cyaml_schema_value *schema)
{
	char *entry;

	if (node->nr > schema->sequence.max) {
		diag_error(d, node->child[schema->sequence.max]->mark, "%s: at most %u entries are possible",
			   key, (unsigned int)schema->sequence.max);
		return false;
	}
	entry = layout_asprintf("an entry of %s", key);
	for (size_t i = 0; i < node->nr; i++)
		if (!node->child[i]->bad && !check_value(d, node->child[i], entry, schema->sequence.entry))
			index_mark_bad(node, node->child[i]);
	free(entry);
	return true;
}

static bool check_string(struct diag *d, const struct node *node, const char *key)
{
	if (strlen(node->value) == node->len)
		return true;
	diag_error(d, node->mark, "%s: a NUL character has no place here", key);
	return false;
}

static bool check_integer(struct diag *d, const struct node *node, const char *key)
{
	uint64_t value;
	enum number_status status = number_parse_integer(node->value, &value);

	if (!check_string(d, node, key))
		return false;
	if (status != NUMBER_OK)
		number_complain(d, node->mark, key, node->value, "whole number", status);
	return status == NUMBER_OK;
}

static bool check_signed(struct diag *d, const struct node *node, const char *key)
{
	enum number_status status = number_parse_signed(node->value);

	if (!check_string(d, node, key))
		return false;
	if (status != NUMBER_OK)
		number_complain(d, node->mark, key, node->value, "whole number", status);
	return status == NUMBER_OK;
}

static bool check_word(struct diag *d, const struct node *node, const char *key,
		       const struct cyaml_schema_value *schema)
{
	bool nocase = schema->flags & CYAML_FLAG_CASE_INSENSITIVE;
	const char *words[FIELDS_MAX], *nearest;
	char *quoted, *all;
	bool near;
	size_t nr;

	if (!check_string(d, node, key))
		return false;
	for (nr = 0; nr < schema->enumeration.count && nr < FIELDS_MAX; nr++) {
		words[nr] = schema->enumeration.strings[nr].str;
		if ((nocase ? strcasecmp : strcmp)(node->value, words[nr]) == 0)
			return true;
	}
	nearest = text_nearest(node->value, words, nr, &near);
	quoted = text_quote(node->value, node->len);
	all = join_words(words, nr);
	diag_error(d, node->mark, "%s: %s is none of %s%s%s%s", key, quoted, all,
		   near ? "; did you mean '" : "", near ? nearest : "", near ? "'?" : "");
	free(all);
	free(quoted);
	return false;
}

static enum node_kind schema_kind(const struct cyaml_schema_value *schema)
{
	if (schema->type == CYAML_MAPPING)
		return NODE_MAPPING;
	return schema->type == CYAML_SEQUENCE ? NODE_SEQUENCE : NODE_SCALAR;
}

/* Is the node of the kind that the schema wants? A null is of none. */
static bool check_kind(struct diag *d, const struct node *node, const char *key,
		       const struct cyaml_schema_value *schema)
{
	static const char *const kinds[] = { "a single value", "a sequence", "a mapping" };
	enum node_kind wanted = schema_kind(schema);

	if (node->null) {
		diag_error(d, node->key ? node->key_mark : node->mark, "%s has no value, %s is expected",
			   key ? key : "the layout", kinds[wanted]);
		return false;
	}
	if (node->kind == wanted)
		return true;
	diag_error(d, node->mark, "%s must be %s, not %s", key ? key : "a layout", kinds[wanted],
		   kinds[node->kind]);
	return false;
}

/* Check one value; false: reported and of no use. */
static bool check_value(struct diag *d, struct node *node, const char *key,
			const struct cyaml_schema_value *schema)
{
	if (schema->type == CYAML_IGNORE)
		return true;
	if (!check_kind(d, node, key, schema))
		return false;
	switch (schema->type) {
	case CYAML_MAPPING:
		return check_mapping(d, node, key, schema->mapping.fields);
	case CYAML_SEQUENCE:
		return check_sequence(d, node, key, schema);
	case CYAML_UINT:
		return check_integer(d, node, key);
	case CYAML_INT:
		return check_signed(d, node, key);
	case CYAML_ENUM:
		return check_word(d, node, key, schema);
	default:
		return check_string(d, node, key);
	}
}

void schema_check(struct diag *d, struct node *root, const struct cyaml_schema_value *schema)
{
	if (!root->bad && !check_value(d, root, NULL, schema))
		root->bad = true;
}
