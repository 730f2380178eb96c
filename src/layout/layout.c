/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layouts from outside: a file or a text through all the stages.
 */
#include <config.h>

#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	for (unsigned int i = 0; i < layout->nr_nodes; i++) {
		free(layout->nodes[i].memory);
		free(layout->nodes[i].cpus);
		free(layout->nodes[i].distance);
	}
	for (unsigned int i = 0; i < layout->nr_reserved; i++)
		free(layout->reserved[i].name);
	for (unsigned int i = 0; i < layout->nr_cma; i++)
		free(layout->cma[i].name);
	free(layout->nodes);
	free(layout->reserved);
	free(layout->cma);
	free(layout->zones);
	free(layout->name);
	free(layout->description);
	state_free(layout->state);
	free(layout->source_name);
	free(layout->source);
	free(layout);
}

/* Let libcyaml load what is good of the file: the file itself if all of it is. */
static struct raw_layout *load_raw(struct diag *d, const struct node *root, const char *text, size_t len)
{
	cyaml_data_t *raw = NULL;
	char *rest = NULL;
	cyaml_err_t status;

	if (d->errors) {
		rest = index_emit(root, &layout_schema, &len);
		text = rest;
	}
	if (!text)
		return NULL;
	status =
		cyaml_load_data((const uint8_t *)text, len, &layout_cyaml_config, &layout_schema, &raw, NULL);
	free(rest);
	if (status == CYAML_OK)
		return raw;
	/* what the index let pass and libcyaml does not is a gap of the index: never silent */
	diag_error(d, 0, "libcyaml cannot load this: %s", cyaml_strerror(status));
	return NULL;
}

static struct layout *convert(struct diag *d, const struct node *root, const struct raw_layout *raw)
{
	struct conversion c = { .d = d, .root = root, .raw = raw };

	c.layout = layout_alloc(1, sizeof(*c.layout));
	convert_layout(&c);
	verify_layout(&c);
	convert_state(&c);
	free(c.memory);
	free(c.claims);
	return c.layout;
}

/* From the index to a layout; NULL if nothing can be made of it. */
static struct layout *build(struct diag *d, struct node *root, const char *text, size_t len)
{
	struct raw_layout *raw;
	struct layout *layout;

	schema_check(d, root, &layout_schema);
	/* past a syntax error nobody knows what would have come */
	if (root->bad || root->cut)
		return NULL;
	raw = load_raw(d, root, text, len);
	if (!raw)
		return NULL;
	layout = convert(d, root, raw);
	cyaml_free(&layout_cyaml_config, &layout_schema, raw, 0);
	return layout;
}

/* The text stays, so that what only a machine can tell of a state is reported at its place. */
static void keep_source(struct layout *layout, const struct diag *d)
{
	layout->source_name = layout_strdup(d->name);
	layout->source = layout_alloc(d->len + 1, 1);
	memcpy(layout->source, d->text, d->len);
	layout->source_len = d->len;
}

struct layout *layout_parse(const char *name, const char *text, size_t len, FILE *err)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct diag d = { .name = name, .text = text, .len = len };
	struct layout *layout = NULL;
	struct node *root;
	char *clean;

	if (len >= 3 && memcmp(text, bom, 3) == 0) {
		d.text += 3;
		d.len -= 3;
	}
	clean = diag_sanitize(&d, &len);
	root = index_build(&d, clean, len);
	if (root)
		layout = build(&d, root, clean, len);
	else if (!d.errors)
		diag_error(&d, 0, "the file holds no layout: 'name', 'zones' and 'nodes' are the least");
	if (d.errors) {
		layout_free(layout);
		layout = NULL;
	}
	diag_print(&d, err);
	if (layout && layout->state)
		keep_source(layout, &d);
	diag_free(&d);
	index_free(root);
	free(clean);
	return layout;
}

void layout_report(const struct layout *layout, const char *path, const char *message, FILE *err)
{
	struct diag d = { .name = layout->source_name, .text = layout->source, .len = layout->source_len };
	struct node *root;
	const struct node *at;
	size_t len;
	char *clean;

	if (!layout->source) {
		fprintf(err, "state: %s: error: %s\n", path, message);
		return;
	}
	clean = diag_sanitize(&d, &len);
	root = index_build(&d, clean, len);
	at = index_find(root, "state.%s", path);
	if (!at)
		at = index_find(root, "state");
	diag_error(&d, at ? at->mark : 0, "%s", message);
	diag_print(&d, err);
	diag_free(&d);
	index_free(root);
	free(clean);
}

/* Read all of a file; NULL with errno set if that is not possible. */
static char *read_file(FILE *in, size_t *len)
{
	size_t max = 0;
	char *text = NULL;

	for (*len = 0; *len <= LAYOUT_MAX_BYTES;) {
		text = layout_grow(text, &max, *len, 1);
		*len += fread(text + *len, 1, max - *len, in);
		if (ferror(in))
			break;
		if (feof(in))
			return text;
	}
	if (!ferror(in))
		errno = EFBIG;
	free(text);
	return NULL;
}

struct layout *layout_load(const char *path, FILE *err)
{
	struct layout *layout;
	FILE *in = fopen(path, "rb");
	char *text;
	size_t len;

	if (!in) {
		fprintf(err, "%s: error: cannot open: %s\n", path, strerror(errno));
		return NULL;
	}
	text = read_file(in, &len);
	if (!text) {
		fprintf(err, "%s: error: cannot read: %s\n", path, strerror(errno));
		fclose(in);
		return NULL;
	}
	fclose(in);
	layout = layout_parse(path, text, len, err);
	free(text);
	return layout;
}
