/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left of a file with mistakes, written out for libcyaml, so that the
 * later checks see the rest of it too. What is bad is left out; a required
 * key that is missing gets an empty value, which nobody looks at, because the
 * index does not have it.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static bool emit_value(yaml_emitter_t *emitter, const struct node *node,
		       const struct cyaml_schema_value *schema);

static bool emit_scalar(yaml_emitter_t *emitter, const char *value)
{
	yaml_event_t event;

	return yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)value,
					    (int)strlen(value), 0, 1, YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
	       yaml_emitter_emit(emitter, &event);
}

/* A value that a key of this type may have. */
static bool emit_filler(yaml_emitter_t *emitter, const struct cyaml_schema_value *schema)
{
	yaml_event_t event;

	if (schema->type == CYAML_ENUM)
		return emit_scalar(emitter, schema->enumeration.strings[0].str);
	if (schema->type != CYAML_SEQUENCE)
		return emit_scalar(emitter, "0");
	return yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE) &&
	       yaml_emitter_emit(emitter, &event) && yaml_sequence_end_event_initialize(&event) &&
	       yaml_emitter_emit(emitter, &event);
}

static bool emit_field(yaml_emitter_t *emitter, const struct node *mapping,
		       const struct cyaml_schema_field *field)
{
	const struct node *child = index_find(mapping, "%s", field->key);

	if (child && field->value.type != CYAML_IGNORE)
		return emit_scalar(emitter, field->key) && emit_value(emitter, child, &field->value);
	if (field->value.flags & CYAML_FLAG_OPTIONAL)
		return true;
	return emit_scalar(emitter, field->key) && emit_filler(emitter, &field->value);
}

static bool emit_mapping(yaml_emitter_t *emitter, const struct node *node,
			 const struct cyaml_schema_field *fields)
{
	yaml_event_t event;

	if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_MAPPING_STYLE) ||
	    !yaml_emitter_emit(emitter, &event))
		return false;
	for (; fields->key; fields++)
		if (!emit_field(emitter, node, fields))
			return false;
	return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool emit_sequence(yaml_emitter_t *emitter, const struct node *node,
			  const struct cyaml_schema_value *entry)
{
	yaml_event_t event;

	if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE) ||
	    !yaml_emitter_emit(emitter, &event))
		return false;
	for (size_t i = 0; i < node->nr; i++)
		if (!node->child[i]->bad && !emit_value(emitter, node->child[i], entry))
			return false;
	return yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool emit_value(yaml_emitter_t *emitter, const struct node *node,
		       const struct cyaml_schema_value *schema)
{
	if (schema->type == CYAML_MAPPING)
		return emit_mapping(emitter, node, schema->mapping.fields);
	if (schema->type == CYAML_SEQUENCE)
		return emit_sequence(emitter, node, schema->sequence.entry);
	return emit_scalar(emitter, node->value);
}

static bool emit_document(yaml_emitter_t *emitter, const struct node *root,
			  const struct cyaml_schema_value *schema)
{
	yaml_event_t event;

	return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
	       yaml_emitter_emit(emitter, &event) &&
	       yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
	       yaml_emitter_emit(emitter, &event) && emit_value(emitter, root, schema) &&
	       yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event) &&
	       yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static int write_out(void *out, unsigned char *bytes, size_t size)
{
	return fwrite(bytes, 1, size, out) == size;
}

char *index_emit(const struct node *root, const struct cyaml_schema_value *schema, size_t *len)
{
	char *text = NULL;
	yaml_emitter_t emitter;
	FILE *out = open_memstream(&text, len);
	bool ok;

	if (!out)
		return NULL;
	if (!yaml_emitter_initialize(&emitter)) {
		fclose(out);
		free(text);
		return NULL;
	}
	yaml_emitter_set_output(&emitter, write_out, out);
	yaml_emitter_set_unicode(&emitter, 1);
	ok = emit_document(&emitter, root, schema);
	yaml_emitter_delete(&emitter);
	if (fclose(out) == 0 && ok)
		return text;
	free(text);
	return NULL;
}
