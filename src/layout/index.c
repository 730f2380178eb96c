/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index of a file: one pass over libyaml's events keeps every value with
 * its place, which libcyaml forgets, and reports what is not allowed anywhere
 * in a layout: syntax errors, aliases, tags, a second document.
 */
#include <config.h>

#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 32 /* a layout needs 5 */

/* The pass: the collections that are open, outermost first. */
struct builder {
	struct diag *d;
	struct node *root;
	struct {
		struct node *node;
		char *key; /* of a mapping: read, its value not yet */
		size_t key_mark;
		bool key_bad;
		bool is_key; /* the collection stands where a key should */
	} open[DEPTH_MAX];
	unsigned int depth;
	bool done;
};

void index_mark_bad(struct node *parent, struct node *child)
{
	if (child->bad)
		return;
	child->bad = true;
	parent->nr_bad++;
}

void index_free(struct node *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->nr; i++)
		index_free(node->child[i]);
	free(node->child);
	free(node->key);
	free(node->value);
	free(node);
}

static bool expects_key(const struct builder *b)
{
	return b->depth && b->open[b->depth - 1].node->kind == NODE_MAPPING && !b->open[b->depth - 1].key;
}

/* Note the key of the innermost mapping; NULL: something that is no key. */
static void set_key(struct builder *b, const char *key, size_t mark)
{
	b->open[b->depth - 1].key = layout_strdup(key ? key : "?");
	b->open[b->depth - 1].key_mark = mark;
	b->open[b->depth - 1].key_bad = !key;
}

/* Hang a value into the innermost collection. */
static void attach(struct builder *b, struct node *node)
{
	struct node *parent;
	unsigned int top = b->depth - 1;

	if (!b->depth) {
		b->root = node;
		return;
	}
	parent = b->open[top].node;
	parent->child = layout_grow(parent->child, &parent->max, parent->nr, sizeof(*parent->child));
	parent->child[parent->nr++] = node;
	if (node->bad)
		parent->nr_bad++;
	node->key = b->open[top].key;
	node->key_mark = b->open[top].key_mark;
	node->no_key = node->key && b->open[top].key_bad;
	if (node->no_key)
		index_mark_bad(parent, node);
	b->open[top].key = NULL;
}

static struct node *new_node(enum node_kind kind, size_t mark)
{
	struct node *node = layout_alloc(1, sizeof(*node));

	node->kind = kind;
	node->mark = mark;
	return node;
}

/* A value that cannot be used, so that its neighbours keep their places. */
static void attach_bad(struct builder *b, size_t mark)
{
	struct node *node = new_node(NODE_SCALAR, mark);

	node->value = layout_strdup("");
	node->bad = true;
	attach(b, node);
}

static void reject_tag(struct builder *b, const yaml_char_t *tag, size_t mark)
{
	char *quoted;

	if (!tag)
		return;
	quoted = text_quote((const char *)tag, strlen((const char *)tag));
	diag_error(b->d, mark, "tags have no meaning in a layout: %s", quoted);
	free(quoted);
}

static bool is_null(const yaml_event_t *event)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp((const char *)event->data.scalar.value, words[i]) == 0)
			return true;
	return false;
}

static void on_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length, mark = event->start_mark.index;
	struct node *node;

	reject_tag(b, event->data.scalar.tag, mark);
	if (expects_key(b)) {
		if (strlen(value) != len)
			diag_error(b->d, mark, "a key must not hold a NUL character");
		set_key(b, strlen(value) == len ? value : NULL, mark);
		return;
	}
	node = new_node(NODE_SCALAR, mark);
	node->value = layout_alloc(len + 1, 1);
	memcpy(node->value, value, len);
	node->len = len;
	node->null = is_null(event);
	attach(b, node);
}

static void on_alias(struct builder *b, const yaml_event_t *event)
{
	size_t mark = event->start_mark.index;

	diag_error(b->d, mark, "aliases are not allowed in a layout: write the value out");
	if (expects_key(b))
		set_key(b, NULL, mark);
	else
		attach_bad(b, mark);
}

static void on_start(struct builder *b, const yaml_event_t *event)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	size_t mark = event->start_mark.index;
	struct node *node = new_node(mapping ? NODE_MAPPING : NODE_SEQUENCE, mark);
	bool is_key = expects_key(b);

	reject_tag(b, mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag, mark);
	if (b->depth == DEPTH_MAX) {
		diag_error(b->d, mark, "nested too deeply: no layout goes deeper than %d levels", DEPTH_MAX);
		index_free(node);
		b->done = true;
		return;
	}
	if (is_key) {
		diag_error(b->d, mark, "a key must be a word, not a %s", mapping ? "mapping" : "sequence");
		set_key(b, NULL, mark);
	}
	attach(b, node);
	b->open[b->depth].node = node;
	b->open[b->depth].key = NULL;
	b->open[b->depth].is_key = is_key;
	b->depth++;
}

static void on_end(struct builder *b)
{
	bool was_key = b->open[--b->depth].is_key;

	/* its mapping still waits for the value of that key */
	if (was_key)
		set_key(b, NULL, b->open[b->depth].node->mark);
}

static void on_document(struct builder *b, const yaml_event_t *event)
{
	if (!b->root)
		return;
	diag_error(b->d, event->start_mark.index, "a layout is one document: a second one begins here");
	b->done = true;
}

static void on_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		on_document(b, event);
		break;
	case YAML_ALIAS_EVENT:
		on_alias(b, event);
		break;
	case YAML_SCALAR_EVENT:
		on_scalar(b, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		on_start(b, event);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_end(b);
		break;
	case YAML_STREAM_END_EVENT:
		b->done = true;
		break;
	default:
		break;
	}
}

static void on_syntax_error(struct builder *b, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "not readable";
	size_t mark = parser->problem_mark.index;

	if (parser->error == YAML_READER_ERROR || parser->error == YAML_MEMORY_ERROR)
		mark = parser->mark.index;
	if (parser->error == YAML_SCANNER_ERROR && *diag_rest(b->d, mark) == '\t')
		diag_error(b->d, mark, "syntax error: a tab cannot indent, only blanks can");
	else if (parser->context && parser->context_mark.index < mark)
		diag_error(b->d, mark, "syntax error: %s (%s, from line %lu on)", problem, parser->context,
			   diag_line(b->d, parser->context_mark.index));
	else
		diag_error(b->d, mark, "syntax error: %s", problem);
	b->done = true;
}

/*
 * Leave whatever is still open as it is: cut. So is what ended last, because
 * it may have been ended by the very mistake.
 */
static void close_open(struct builder *b)
{
	for (struct node *last = b->depth ? b->root : NULL; last;
	     last = last->nr ? last->child[last->nr - 1] : NULL)
		last->cut = true;
	while (b->depth) {
		b->depth--;
		free(b->open[b->depth].key);
	}
}

struct node *index_build(struct diag *d, const char *text, size_t len)
{
	struct builder b = { .d = d };
	yaml_parser_t parser;
	yaml_event_t event;

	if (!yaml_parser_initialize(&parser)) {
		diag_error(d, 0, "libyaml could not be started");
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (!b.done) {
		if (!yaml_parser_parse(&parser, &event)) {
			on_syntax_error(&b, &parser);
			break;
		}
		on_event(&b, &event);
		yaml_event_delete(&event);
	}
	close_open(&b);
	yaml_parser_delete(&parser);
	return b.root;
}

/* ------------------------------------------------------------ looking --- */

static const struct node *find_key(const struct node *node, const char *key, size_t len)
{
	for (size_t i = 0; node->kind == NODE_MAPPING && i < node->nr; i++) {
		const struct node *child = node->child[i];

		if (!child->bad && strlen(child->key) == len && memcmp(child->key, key, len) == 0)
			return child;
	}
	return NULL;
}

const struct node *index_key(const struct node *node, const char *key)
{
	return node ? find_key(node, key, strlen(key)) : NULL;
}

const struct node *index_next(const struct node *sequence, size_t *at)
{
	while (sequence && sequence->kind == NODE_SEQUENCE && *at < sequence->nr) {
		const struct node *child = sequence->child[(*at)++];

		if (!child->bad)
			return child;
	}
	return NULL;
}

static const struct node *find_item(const struct node *node, size_t nth)
{
	if (node->kind != NODE_SEQUENCE)
		return NULL;
	if (!node->nr_bad)
		return nth < node->nr ? node->child[nth] : NULL;
	for (size_t i = 0; i < node->nr; i++)
		if (!node->child[i]->bad && nth-- == 0)
			return node->child[i];
	return NULL;
}

const struct node *index_find(const struct node *node, const char *path, ...)
{
	char full[128];
	const char *at = full;
	char *end;
	va_list args;

	va_start(args, path);
	vsnprintf(full, sizeof(full), path, args);
	va_end(args);
	while (node && *at) {
		if (*at == '[') {
			node = find_item(node, strtoul(at + 1, &end, 10));
			at = end + 1;
		} else {
			at += *at == '.';
			node = find_key(node, at, strcspn(at, ".["));
			at += strcspn(at, ".[");
		}
	}
	return node;
}

bool index_damaged(const struct node *node)
{
	if (!node || node->bad || node->cut || node->nr_bad)
		return true;
	for (size_t i = 0; i < node->nr; i++)
		if (index_damaged(node->child[i]))
			return true;
	return false;
}

size_t index_first_key(const struct node *mapping)
{
	return mapping->nr ? mapping->child[0]->key_mark : mapping->mark;
}
