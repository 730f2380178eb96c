/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could stand where the cursor is. */
#include "config.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/sysctl.h"
#include "shell.h"

/* Words found so far; NULL-terminated as soon as there is one. */
struct candidates {
	char **word;
	size_t nr;
};

static void add(struct candidates *list, const char *text, const char *suffix)
{
	list->word = shell_realloc(list->word, list->nr + 2, sizeof(*list->word));
	list->word[list->nr++] = shell_asprintf("%s%s", text, suffix);
	list->word[list->nr] = NULL;
}

static void add_if(struct candidates *list, const char *typed, const char *text)
{
	if (is_prefix(typed, text))
		add(list, text, "");
}

static void add_number(struct candidates *list, const char *typed, unsigned long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", number);
	add_if(list, typed, text);
}

/* ------------------------------------------------- values by kind --- */

static void complete_command(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	for (const struct command *command = command_table; command->name; command++)
		add_if(list, typed, command->name);
}

static void complete_handle(const struct session *s, const char *typed, struct candidates *list)
{
	for (size_t i = 0; i < s->nr_handles; i++)
		if (handle_held(&s->handles[i]))
			add_if(list, typed, s->handles[i].name);
}

static void complete_order(const struct session *s, const char *typed, struct candidates *list)
{
	for (unsigned int order = 0; order <= s->mm->max_order; order++)
		add_number(list, typed, order);
}

static void complete_node(const struct session *s, const char *typed, struct candidates *list)
{
	for (unsigned int i = 0; i < s->mm->nr_nodes; i++)
		add_number(list, typed, (unsigned long)s->mm->nodes[i].node_id);
}

static void complete_cpu(const struct session *s, const char *typed, struct candidates *list)
{
	for (unsigned int cpu = 0; cpu < s->mm->nr_cpus; cpu++)
		add_number(list, typed, cpu);
}

static void complete_zone(const struct session *s, const char *typed, struct candidates *list)
{
	for (unsigned int i = 0; i < s->mm->nr_zone_types; i++)
		add_if(list, typed, zone_type_name(s->mm->zone_types[i]));
}

static void complete_type(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	for (int i = 0; i < MIGRATE_TYPES; i++)
		add_if(list, typed, migratetype_name(i));
}

static void complete_gfp(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	for (const struct gfp_name *name = gfp_names; name->name; name++)
		add_if(list, typed, name->name);
}

/* The owners there are, each once. */
static void complete_owner(const struct session *s, const char *typed, struct candidates *list)
{
	for (size_t i = 0; i < s->nr_handles; i++) {
		const char *owner = handle_held(&s->handles[i]) ? s->handles[i].owner : NULL;
		size_t known = 0;

		while (owner && known < list->nr && strcmp(list->word[known], owner) != 0)
			known++;
		if (owner && known == list->nr)
			add_if(list, typed, owner);
	}
}

static void complete_file(const struct session *s, const char *typed, struct candidates *list)
{
	char *pattern = shell_asprintf("%s*", typed);
	glob_t found;

	(void)s;
	if (glob(pattern, GLOB_MARK | GLOB_TILDE, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			add(list, found.gl_pathv[i], "");
		globfree(&found);
	}
	free(pattern);
}

/* Scripts that have a name come before the files. */
static void complete_script(const struct session *s, const char *typed, struct candidates *list)
{
	const char *dir = s->options.script_dir;
	char *pattern = shell_asprintf("%s/%s*.bv", dir ? dir : "", typed);
	glob_t found;

	if (dir && !strchr(typed, '/') && glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			char *name = strrchr(found.gl_pathv[i], '/') + 1;

			name[strlen(name) - strlen(".bv")] = '\0';
			add(list, name, "");
		}
		globfree(&found);
	}
	free(pattern);
	complete_file(s, typed, list);
}

static void complete_key(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	for (const struct sysctl *entry = sysctl_table; entry->name; entry++)
		add_if(list, typed, entry->name);
}

static void complete_mode(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	add_if(list, typed, "async");
	add_if(list, typed, "light");
	add_if(list, typed, "sync");
}

/* Whole pageblocks of memory, a screenful at most. */
static void complete_range(const struct session *s, const char *typed, struct candidates *list)
{
	const struct mm *mm = s->mm;
	unsigned long step = 1UL << mm->pageblock_order;
	char text[48];

	for (unsigned long pfn = 0; pfn < mm->end_pfn && list->nr < 40; pfn += step) {
		if (pfn_to_pageblock(mm, pfn)->nr_present == 0)
			continue;
		snprintf(text, sizeof(text), "0x%lx-0x%lx", pfn, pfn + step - 1);
		add_if(list, typed, text);
	}
}

static void complete_cma_verb(const struct session *s, const char *typed, struct candidates *list)
{
	(void)s;
	add_if(list, typed, "alloc");
	add_if(list, typed, "free");
}

/* Areas to take from, and what was taken. */
static void complete_cma(const struct session *s, const char *typed, struct candidates *list)
{
	for (unsigned int i = 0; i < s->mm->nr_cma; i++)
		add_if(list, typed, s->mm->cma[i].name);
	for (size_t i = 0; i < s->nr_handles; i++)
		if (s->handles[i].kind == HANDLE_CMA && handle_live(&s->handles[i]))
			add_if(list, typed, s->handles[i].name);
}

static void (*const completers[])(const struct session *s, const char *typed, struct candidates *list) = {
	[ARG_ORDER] = complete_order,     [ARG_ORDERS] = complete_order,      [ARG_GFP] = complete_gfp,
	[ARG_HANDLE] = complete_handle,   [ARG_BLOCK] = complete_handle,      [ARG_PAGE] = complete_handle,
	[ARG_NODE] = complete_node,       [ARG_CPU] = complete_cpu,           [ARG_ZONE] = complete_zone,
	[ARG_TYPE] = complete_type,       [ARG_FILE] = complete_file,         [ARG_SCRIPT] = complete_script,
	[ARG_COMMAND] = complete_command, [ARG_KEY] = complete_key,           [ARG_MODE] = complete_mode,
	[ARG_RANGE] = complete_range,     [ARG_CMA_VERB] = complete_cma_verb, [ARG_CMA_WHAT] = complete_cma,
};

/*
 * Complete a value of kind. *typed moves behind what separates its parts: the
 * '|' and '~' of a GFP word, the ".." of a range.
 */
static void complete_value(const struct session *s, enum arg_kind kind, const char **typed,
			   struct candidates *list)
{
	const char *part = *typed, *found;

	if (kind == ARG_GFP) {
		while ((found = strpbrk(part, "|~")))
			part = found + 1;
		for (const struct gfp_class *class = gfp_classes; part == *typed && class->name; class ++)
			add_if(list, part, class->name);
	}
	if ((kind == ARG_BLOCK || kind == ARG_ORDERS) && (found = strstr(part, "..")))
		part = found + 2;
	*typed = part;
	if (completers[kind])
		completers[kind](s, part, list);
}

/* ---------------------------------------------- where the cursor is --- */

/* The words before the cursor's, and the cursor's own. */
struct place {
	const struct word *word; /* the command and what follows it */
	size_t nr;               /* how many come before the cursor's word */
	const char *typed;       /* of the cursor's word */
};

static bool already_given(const struct place *place, const struct command_arg *arg)
{
	size_t len = strlen(arg->name);

	for (size_t i = 1; i < place->nr; i++) {
		const char *text = place->word[i].text;

		if (strncmp(text, arg->name, len) == 0 && text[len] == (arg->kind == ARG_FLAG ? '\0' : '='))
			return true;
	}
	return false;
}

static void complete_options(const struct command *command, const struct place *place,
			     struct candidates *list)
{
	for (const struct command_arg *arg = command->opts; arg->kind != ARG_END; arg++)
		if (is_prefix(place->typed, arg->name) && !already_given(place, arg))
			add(list, arg->name, arg->kind == ARG_FLAG ? "" : "=");
}

/* The positional word that comes next, or the last one again if it may be repeated. */
static const struct command_arg *next_positional(const struct command *command, const struct place *place)
{
	size_t n = 0, nr = 0;

	for (size_t i = 1; i < place->nr; i++)
		n += strchr(place->word[i].text, '=') == NULL;
	while (nr < COMMAND_MAX_POS && command->pos[nr].kind != ARG_END)
		nr++;
	if (n < nr)
		return &command->pos[n];
	return nr && command->flags & CMD_REPEAT ? &command->pos[nr - 1] : NULL;
}

/* The option whose key the typed word has, up to its '='. */
static const struct command_arg *typed_option(const struct command *command, const char *typed)
{
	const char *equals = strchr(typed, '=');
	const struct command_arg *match = NULL;

	if (!equals)
		return NULL;
	for (const struct command_arg *arg = command->opts; arg->kind != ARG_END; arg++)
		if (arg->kind != ARG_FLAG && strncmp(arg->name, typed, (size_t)(equals - typed)) == 0)
			match = arg;
	return match;
}

static void complete_argument(const struct session *s, struct place *place, struct candidates *list)
{
	unsigned int several;
	const struct command *command = command_match(place->word[0].text, &several);
	const struct command_arg *arg;

	if (!command)
		return;
	arg = typed_option(command, place->typed);
	if (arg) {
		place->typed = strchr(place->typed, '=') + 1;
		if (arg->kind == ARG_WORD && strcmp(arg->name, "owner") == 0)
			complete_owner(s, place->typed, list);
		else
			complete_value(s, arg->kind, &place->typed, list);
		return;
	}
	arg = next_positional(command, place);
	if (!(command->flags & CMD_RAW))
		complete_options(command, place, list);
	if (arg)
		complete_value(s, arg->kind, &place->typed, list);
}

/* expect takes a whole command: what follows it is completed as that command. */
static void skip_expect(struct place *place)
{
	unsigned int several;
	const struct command *command;

	while (place->nr > 0) {
		command = command_match(place->word[0].text, &several);
		if (!command || command->pos[0].kind != ARG_LINE)
			return;
		place->word++;
		place->nr--;
	}
}

static void complete_place(const struct session *s, struct place *place, struct candidates *list)
{
	skip_expect(place);
	if (place->nr == 0)
		complete_command(s, place->typed, list);
	else
		complete_argument(s, place, list);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **session_complete(const struct session *s, const char *line, size_t point, size_t *start)
{
	struct candidates list = { 0 };
	struct words words = { 0 };
	struct place place;
	char *text = shell_strndup(line, point);
	size_t at = 0, len = strlen(text);
	bool inside;

	do {
		words_free(&words);
		words_split(text, at, &words);
		at = words.next;
	} while (text[at]);
	if (len > 0 && text[len - 1] == ';')
		words_free(&words);
	inside = words.nr > 0 && words.word[words.nr - 1].end == len;
	place = (struct place){ words.word, words.nr - inside, inside ? words.word[words.nr - 1].text : "" };
	*start = len;
	if (!words.error) {
		complete_place(s, &place, &list);
		*start = len - strlen(place.typed);
	}
	if (list.nr > 1)
		qsort(list.word, list.nr, sizeof(*list.word), compare_words);
	words_free(&words);
	free(text);
	return list.word;
}
