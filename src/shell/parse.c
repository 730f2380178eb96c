/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words become a call: which command, which of its words and options. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shell.h"

int call_error(const struct call *call, const char *format, ...)
{
	va_list args;

	fflush(call->out); /* so that errors stand among the answers where they belong */
	fprintf(call->err, "%s:%u: error: ", call->source, call->lineno);
	va_start(args, format);
	vfprintf(call->err, format, args);
	va_end(args);
	fputc('\n', call->err);
	return SESSION_ERROR;
}

bool is_prefix(const char *word, const char *name)
{
	return strncasecmp(word, name, strlen(word)) == 0;
}

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b; at most 31 characters of
 * b. */
static unsigned int edit_distance(const char *a, const char *b)
{
	size_t len = strnlen(b, 31);
	unsigned int row[3][32];
	size_t i, j;

	for (j = 0; j <= len; j++)
		row[0][j] = (unsigned int)j;
	for (i = 1; a[i - 1]; i++) {
		unsigned int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = (unsigned int)i;
		for (j = 1; j <= len; j++) {
			unsigned int best = last[j - 1] + (tolower(a[i - 1]) != tolower(b[j - 1]));

			best = best < last[j] + 1 ? best : last[j] + 1;
			best = best < now[j - 1] + 1 ? best : now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[(i - 1) % 3][len];
}

const char *nearest_word(const char *word, const char *const *names)
{
	unsigned int best = (unsigned int)(strlen(word) + 1) / 3 + !word[1], distance;
	const char *nearest = NULL;

	for (; *names; names++) {
		distance = edit_distance(word, *names);
		if (distance < best || (distance == best && !nearest)) {
			best = distance;
			nearest = *names;
		}
	}
	return nearest;
}

/* The shortest of the names that word begins. */
static const struct command *shortest_match(const char *word)
{
	const struct command *match = NULL;

	for (const struct command *command = command_table; command->name; command++) {
		if (*word && strncmp(word, command->name, strlen(word)) == 0 &&
		    (!match || strlen(command->name) < strlen(match->name)))
			match = command;
	}
	return match;
}

/* A shortened name may begin several names if one of them begins all the others: "fre" is free, not
 * free_pages. */
const struct command *command_match(const char *word, unsigned int *several)
{
	const struct command *command, *match;
	bool nested = true;

	*several = 0;
	for (command = command_table; command->name; command++)
		if (strcmp(word, command->name) == 0 || (word[0] && word[0] == command->alias && !word[1]))
			return command;
	match = shortest_match(word);
	for (command = command_table; match && command->name; command++) {
		if (strncmp(word, command->name, strlen(word)) != 0)
			continue;
		++*several;
		nested = nested && is_prefix(match->name, command->name);
	}
	return nested ? match : NULL;
}

/* The arg of list (ends with ARG_END) that word means, exactly or as a prefix of only one; flags or keys. */
static const struct command_arg *match_arg(const struct command_arg *list, const char *word, bool flags,
					   unsigned int *several)
{
	const struct command_arg *arg, *match = NULL;

	*several = 0;
	for (arg = list; arg->kind != ARG_END; arg++) {
		if ((arg->kind == ARG_FLAG) != flags)
			continue;
		if (strcmp(word, arg->name) == 0)
			return arg;
		if (*word && strncmp(word, arg->name, strlen(word)) == 0) {
			match = arg;
			++*several;
		}
	}
	return *several == 1 ? match : NULL;
}

static int ambiguous(const struct call *call, const char *word)
{
	const struct command *command;
	char list[256] = "";
	size_t len = 0;

	for (command = command_table; command->name; command++) {
		if (strncmp(word, command->name, strlen(word)) == 0 && len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, " %s", command->name);
	}
	return call_error(call, "'%s' could be any of:%s", word, list);
}

/* Is word one of words, which blanks separate? */
static bool is_among(const char *word, const char *words)
{
	size_t len = strlen(word);

	for (; words && *words; words += strspn(words, " ")) {
		if (strcspn(words, " ") == len && strncmp(words, word, len) == 0)
			return true;
		words += strcspn(words, " ");
	}
	return false;
}

const char *command_meant(const char *word)
{
	const char *names[64] = { NULL };
	size_t n = 0;

	for (const struct command *command = command_table; command->name && n < 63; command++) {
		if (is_among(word, command->elsewhere))
			return command->name;
		names[n++] = command->name;
	}
	return nearest_word(word, names);
}

static int unknown_command(const struct call *call, const char *word)
{
	const char *meant = command_meant(word);

	if (meant)
		return call_error(call, "unknown command '%s'; did you mean '%s'?", word, meant);
	return call_error(call, "unknown command '%s'; expected a command (help lists them)", word);
}

/* "ORDER" for "order", or "PFN" for "pfn" of "PFN|H": a word that has its place and no name; NULL: none. */
static const char *place_of(const struct command *command, const char *word)
{
	size_t len = strlen(word);

	for (const struct command_arg *arg = command->pos; arg->kind != ARG_END; arg++)
		if (len && strncasecmp(arg->name, word, len) == 0 && strchr("|,", arg->name[len]))
			return arg->name;
	return NULL;
}

static int unknown_option(const struct call *call, const char *word, bool flag)
{
	const struct command *command = call->command;
	const char *names[COMMAND_MAX_OPTS + 1] = { NULL };
	const char *nearest, *place = flag ? NULL : place_of(command, word);
	size_t n = 0;

	if (place)
		return call_error(call, "%s: %s stands alone, without '%s='; expected: %s", command->name,
				  place, word, command->usage);
	for (const struct command_arg *arg = command->opts; arg->kind != ARG_END; arg++)
		names[n++] = arg->name;
	nearest = nearest_word(word, names);
	if (nearest)
		return call_error(call, "%s: unknown %s '%s'; did you mean '%s'? expected: %s", command->name,
				  flag ? "word" : "option", word, nearest, command->usage);
	return call_error(call, "%s: unknown %s '%s'; expected: %s", command->name, flag ? "word" : "option",
			  word, command->usage);
}

static int set_option(struct call *call, const struct command_arg *arg, const char *text)
{
	struct value *value = &call->opts[arg - call->command->opts];

	if (value->text)
		return call_error(call, "%s: %s is given twice", call->command->name, arg->name);
	value->arg = arg;
	value->text = shell_strdup(text);
	return arg->kind == ARG_FLAG ? SESSION_OK : value_read(call, value);
}

/* A word KEY=VALUE. */
static int parse_option(struct call *call, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct command_arg *arg;
	unsigned int several;
	char *key;
	int status;

	key = shell_strndup(word, len);
	arg = match_arg(call->command->opts, key, false, &several);
	if (arg && !word[len + 1])
		status = call_error(call, "%s: %s= needs a value; expected: %s", call->command->name,
				    arg->name, call->command->usage);
	else if (arg)
		status = set_option(call, arg, word + len + 1);
	else if (several)
		status = call_error(call, "%s: '%s=' could be several options; expected: %s",
				    call->command->name, key, call->command->usage);
	else
		status = unknown_option(call, key, false);
	free(key);
	return status;
}

/* The description of the nth positional word, NULL if the command takes no more. */
static const struct command_arg *positional(const struct command *command, size_t n)
{
	size_t nr = 0;

	while (nr < COMMAND_MAX_POS && command->pos[nr].kind != ARG_END)
		nr++;
	if (n < nr)
		return &command->pos[n];
	return nr && command->flags & CMD_REPEAT ? &command->pos[nr - 1] : NULL;
}

/*
 * A flag, exactly or by two letters or more of it: shorter ones are too easily
 * typed for something else. A handle of that name comes before a shortened flag.
 */
static const struct command_arg *match_flag(const struct call *call, const char *word)
{
	unsigned int several;
	const struct command_arg *arg = match_arg(call->command->opts, word, true, &several);

	if (!arg || strcmp(arg->name, word) == 0)
		return arg;
	if (strlen(word) < 2 || handle_find(call->session, word) >= 0)
		return NULL;
	return arg;
}

/* Does the command take a GFP word, and has it been given? */
static const struct value *given_gfp(const struct call *call)
{
	for (size_t i = 0; i < call->nr_pos; i++)
		if (call->pos[i].arg->kind == ARG_GFP)
			return &call->pos[i];
	return NULL;
}

/* A word too many. A second GFP word is the commonest: it is known, but does not stand where it should. */
static int unknown_word(const struct call *call, const char *word)
{
	const struct value *first = given_gfp(call);
	const struct gfp_class *class = gfp_class_match(word, strlen(word));
	const char *bad;
	size_t bad_len;
	gfp_t gfp;

	if (first && class && gfp_class_match(first->text, strcspn(first->text, "|~")))
		return call_error(
			call,
			"%s: %s and %s are both class words, and a request has one; kernel flags can be "
			"joined to it with '|', as in %s|__GFP_NOWARN",
			call->command->name, first->text, class->name, first->text);
	if (first && (class || gfp_parse(word, &gfp, &bad, &bad_len) == 0) && !isdigit((unsigned char)*word))
		return call_error(call, "%s: join GFP words with '|', a class word first: %s|%s",
				  call->command->name, class ? class->name : first->text,
				  class ? first->text : word);
	return unknown_option(call, word, true);
}

static int parse_bare(struct call *call, const char *word)
{
	const struct command_arg *flag = match_flag(call, word);
	const struct command_arg *arg = positional(call->command, call->nr_pos);
	struct value *value;

	if (flag)
		return set_option(call, flag, flag->name);
	if (!arg)
		return unknown_word(call, word);
	call->pos = shell_realloc(call->pos, call->nr_pos + 1, sizeof(*call->pos));
	value = &call->pos[call->nr_pos++];
	*value = (struct value){ .arg = arg, .text = shell_strdup(word) };
	return value_read(call, value);
}

/* KEY=…, as opposed to a word that has '=' somewhere. */
static bool is_option(const struct word *word)
{
	size_t len = strspn(word->text, "abcdefghijklmnopqrstuvwxyz_");

	return len > 0 && word->text[len] == '=';
}

static int parse_words(struct call *call, const struct words *words)
{
	const struct command *command = call->command;
	int status = SESSION_OK;

	for (size_t i = 1; i < words->nr && status == SESSION_OK; i++) {
		if (is_option(&words->word[i]))
			status = parse_option(call, words->word[i].text);
		else
			status = parse_bare(call, words->word[i].text);
	}
	if (status == SESSION_OK && call->nr_pos < command->min_pos)
		return call_error(call, "%s: %s is missing; expected: %s", command->name,
				  positional(command, call->nr_pos)->name, command->usage);
	return status;
}

int call_parse(struct call *call, const char *line, const struct words *words)
{
	const char *name = words->word[0].text;
	unsigned int several;

	call->command = command_match(name, &several);
	if (!call->command)
		return several ? ambiguous(call, name) : unknown_command(call, name);
	if (words->error)
		return call_error(call, "%s: %s", call->command->name, words->error);
	if (words->nr > 1)
		call->rest = shell_strndup(line + words->word[1].start,
					   words->word[words->nr - 1].end - words->word[1].start);
	if (!(call->command->flags & CMD_RAW))
		return parse_words(call, words);
	if (words->nr - 1 < call->command->min_pos)
		return call_error(call, "%s: expected: %s", call->command->name, call->command->usage);
	return SESSION_OK;
}

void call_free(struct call *call)
{
	for (size_t i = 0; i < call->nr_pos; i++)
		free(call->pos[i].text);
	free(call->pos);
	for (size_t i = 0; i < COMMAND_MAX_OPTS; i++)
		free(call->opts[i].text);
	free(call->rest);
	free(call->record);
}

const struct value *call_opt(const struct call *call, const char *name)
{
	for (size_t i = 0; i < COMMAND_MAX_OPTS; i++)
		if (call->opts[i].text && strcmp(call->opts[i].arg->name, name) == 0)
			return &call->opts[i];
	return NULL;
}

uint64_t call_number(const struct call *call, const char *name, uint64_t otherwise)
{
	const struct value *value = call_opt(call, name);

	return value ? value->number : otherwise;
}

static void write_word(FILE *out, const char *key, const char *text)
{
	char *quoted = word_quote(text);

	fprintf(out, " %s%s%s", key ? key : "", key ? "=" : "", quoted);
	free(quoted);
}

char *call_text(const struct call *call)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fputs(call->command->name, out);
	for (size_t i = 0; i < call->nr_pos; i++)
		write_word(out, NULL, call->pos[i].text);
	for (size_t i = 0; i < COMMAND_MAX_OPTS; i++) {
		const struct value *value = &call->opts[i];

		if (value->text)
			write_word(out, value->arg->kind == ARG_FLAG ? NULL : value->arg->name, value->text);
	}
	fclose(out);
	return text;
}
