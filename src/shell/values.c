/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values that words and options stand for, checked against the machine. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shell.h"

bool number_parse(const char *text, bool sizes, uint64_t *number)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned int shift = 0;
	unsigned long long n;
	const char *suffix;
	char *end;

	if (!isdigit((unsigned char)text[0]) || (hex && !isxdigit((unsigned char)text[2])))
		return false;
	errno = 0;
	n = strtoull(text, &end, hex ? 16 : 10);
	if (errno)
		return false;
	if (*end && sizes && (suffix = strchr("KMGT", toupper((unsigned char)*end)))) {
		shift = 10 * (unsigned int)(suffix - "KMGT" + 1);
		end++;
		if (strcmp(end, "iB") == 0)
			end += 2;
	}
	if (*end || n > UINT64_MAX >> shift)
		return false;
	*number = (uint64_t)n << shift;
	return true;
}

int value_wrong(const struct call *call, const struct value *value, const char *expected)
{
	return call_error(call, "%s: %s must be %s, not '%s'", call->command->name, value->arg->name,
			  expected, value->text);
}

static int read_number(const struct call *call, struct value *value)
{
	if (!number_parse(value->text, true, &value->number))
		return value_wrong(call, value, "a number");
	return SESSION_OK;
}

static int read_percent(const struct call *call, struct value *value)
{
	if (!number_parse(value->text, false, &value->number) || value->number > 100)
		return value_wrong(call, value, "0 to 100");
	return SESSION_OK;
}

static int read_order(const struct call *call, struct value *value)
{
	unsigned int max_order = call->session->mm->max_order;
	char expected[64];

	if (number_parse(value->text, false, &value->number) && value->number <= max_order)
		return SESSION_OK;
	snprintf(expected, sizeof(expected), "0 to %u", max_order);
	return value_wrong(call, value, expected);
}

static int read_orders(const struct call *call, struct value *value)
{
	unsigned int max_order = call->session->mm->max_order;
	const char *dots = strstr(value->text, "..");
	char *low = shell_strndup(value->text, dots ? (size_t)(dots - value->text) : strlen(value->text));
	char expected[64];
	bool ok;

	ok = number_parse(low, false, &value->number) &&
	     number_parse(dots ? dots + 2 : low, false, &value->number2);
	free(low);
	if (ok && value->number <= value->number2 && value->number2 <= max_order)
		return SESSION_OK;
	snprintf(expected, sizeof(expected), "an order or LO..HI, 0 to %u", max_order);
	return value_wrong(call, value, expected);
}

static int read_mix(const struct call *call, struct value *value)
{
	uint64_t *part[] = { &value->number, &value->number2, &value->number3 };
	char *copy = shell_strdup(value->text), *next = copy, *text;
	bool ok = true;
	size_t i;

	for (i = 0; i < 3 && ok; i++) {
		text = strsep(&next, ":");
		ok = text && number_parse(text, false, part[i]) && *part[i] <= 1000;
	}
	ok = ok && !next && value->number + value->number2 + value->number3 > 0;
	free(copy);
	return ok ? SESSION_OK
		  : value_wrong(call, value,
				"U:M:E, the shares of unmovable, movable and reclaimable, each at most 1000");
}

/* ------------------------------------------------------------- GFP --- */

/* "unmovable, movable, …": all class words; malloc'd. */
static char *class_words(void)
{
	char *words = shell_strdup(gfp_classes[0].name), *more;

	for (const struct gfp_class *class = gfp_classes + 1; class->name; class ++) {
		more = shell_asprintf("%s, %s", words, class->name);
		free(words);
		words = more;
	}
	return words;
}

static int unknown_gfp(const struct call *call, const struct value *value, const char *bad, size_t len)
{
	const char *names[96] = { NULL };
	char *word = shell_strndup(bad, len), *classes = class_words();
	const char *nearest;
	size_t n = 0;
	int status;

	for (const struct gfp_class *class = gfp_classes; class->name; class ++)
		names[n++] = class->name;
	for (const struct gfp_name *name = gfp_names; name->name && n < 95; name++)
		names[n++] = name->name;
	nearest = nearest_word(word, names);
	if (nearest)
		status = call_error(call, "%s: unknown %s name '%s'; did you mean '%s'?", call->command->name,
				    value->arg->name, word, nearest);
	else
		status = call_error(call,
				    "%s: unknown %s name '%s'; expected kernel names joined by '|', or %s",
				    call->command->name, value->arg->name, word, classes);
	free(classes);
	free(word);
	return status;
}

/*
 * A class word may start the GFP word; kernel names follow it. The word is
 * handed to gfp_parse() with the class as a number, so that "~FLAG" can take
 * away what the class brought.
 */
static int read_gfp(const struct call *call, struct value *value)
{
	size_t len = strcspn(value->text, "|~");
	const struct gfp_class *class = gfp_class_match(value->text, len);
	const char *bad;
	char *text;
	size_t bad_len;
	int status = SESSION_OK;

	if (class) {
		text = shell_asprintf("0x%x%s", class->gfp, value->text + len);
		value->migratable = class->migratable;
		value->lru = class->lru;
	} else {
		text = shell_strdup(value->text);
	}
	if (gfp_parse(text, &value->gfp, &bad, &bad_len) != 0)
		status = unknown_gfp(call, value, bad, bad_len);
	free(text);
	if (status == SESSION_OK && class) {
		text = shell_asprintf("%s%s", class->name, value->text + len);
		free(value->text);
		value->text = text;
	}
	return status;
}

/* ----------------------------------------------- places in the machine --- */

static int read_pfn(const struct call *call, struct value *value)
{
	if (!number_parse(value->text, false, &value->number))
		return value_wrong(call, value, "a page frame number");
	return SESSION_OK;
}

static int read_address(const struct call *call, struct value *value)
{
	if (!number_parse(value->text, false, &value->number))
		return value_wrong(call, value, "an address");
	return SESSION_OK;
}

/* What stands before the ith of nr alternatives: "A, B or C". */
static const char *separator(unsigned int i, unsigned int nr)
{
	return i == 0 ? "" : i + 1 == nr ? " or " : ", ";
}

static int read_node(const struct call *call, struct value *value)
{
	const struct mm *mm = call->session->mm;
	char expected[160] = "";
	size_t len = 0;
	uint64_t id;

	if (number_parse(value->text, false, &id)) {
		for (unsigned int i = 0; i < mm->nr_nodes; i++) {
			if (mm->nodes[i].node_id == (int)id) {
				value->number = i;
				return SESSION_OK;
			}
		}
	}
	for (unsigned int i = 0; i < mm->nr_nodes && len < sizeof(expected); i++)
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s%d",
					separator(i, mm->nr_nodes), mm->nodes[i].node_id);
	if (mm->nr_nodes == 1 && len < sizeof(expected))
		snprintf(expected + len, sizeof(expected) - len, ", the only node");
	return value_wrong(call, value, expected);
}

static int read_cpu(const struct call *call, struct value *value)
{
	unsigned int nr_cpus = call->session->mm->nr_cpus;
	char expected[64];

	if (number_parse(value->text, false, &value->number) && value->number < nr_cpus)
		return SESSION_OK;
	snprintf(expected, sizeof(expected), nr_cpus > 1 ? "0 to %u" : "%u, the only CPU", nr_cpus - 1);
	return value_wrong(call, value, expected);
}

/* The entry of names that text means, whatever the case: exactly, or as an unambiguous prefix; -1: none. */
static int match_name(const char *text, const char *const *names, unsigned int nr)
{
	int match = -1;

	for (unsigned int i = 0; i < nr; i++)
		if (strcasecmp(text, names[i]) == 0)
			return (int)i;
	for (unsigned int i = 0; i < nr; i++) {
		if (!is_prefix(text, names[i]))
			continue;
		if (match >= 0)
			return -1;
		match = (int)i;
	}
	return match;
}

int value_name(const struct call *call, struct value *value, const char *const *names, unsigned int nr)
{
	int match = match_name(value->text, names, nr);
	char expected[160];
	size_t len = 0;

	if (match >= 0) {
		value->number = (uint64_t)match;
		free(value->text);
		value->text = shell_strdup(names[match]);
		return SESSION_OK;
	}
	for (unsigned int i = 0; i < nr && len < sizeof(expected); i++)
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s%s", separator(i, nr),
					names[i]);
	return value_wrong(call, value, expected);
}

static int read_zone(const struct call *call, struct value *value)
{
	const struct mm *mm = call->session->mm;
	const char *names[NR_ZONE_TYPES];

	for (unsigned int i = 0; i < mm->nr_zone_types; i++)
		names[i] = zone_type_name(mm->zone_types[i]);
	return value_name(call, value, names, mm->nr_zone_types);
}

static int read_type(const struct call *call, struct value *value)
{
	const char *names[MIGRATE_TYPES];

	for (int i = 0; i < MIGRATE_TYPES; i++) {
		names[i] = migratetype_name(i);
		if (value->text[0] == migratetype_letter(i) && !value->text[1]) {
			free(value->text);
			value->text = shell_strdup(names[i]);
		}
	}
	return value_name(call, value, names, MIGRATE_TYPES);
}

/* ---------------------------------------------------------- words --- */

/* A name can be given that no other word of a command could be taken for. */
static int read_new_name(const struct call *call, struct value *value)
{
	const char *text = value->text;

	if (!isalpha((unsigned char)text[0]) && text[0] != '_')
		return value_wrong(call, value, "a word that begins with a letter");
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("_-", *text))
			return value_wrong(call, value, "a word of letters, digits, '_' and '-'");
	if (strcmp(value->text, "all") == 0 || strcmp(value->text, "cold") == 0)
		return value_wrong(call, value,
				   "a word other than all and cold, which free takes for its own");
	return SESSION_OK;
}

int read_handle(const struct call *call, struct value *value)
{
	const struct session *s = call->session;
	const char **names;
	const char *nearest;
	long index = handle_find(s, value->text);
	size_t n = 0;

	if (index >= 0) {
		value->number = (uint64_t)index;
		return SESSION_OK;
	}
	names = shell_realloc(NULL, s->nr_handles + 1, sizeof(*names));
	for (size_t i = 0; i < s->nr_handles; i++)
		if (handle_held(&s->handles[i]))
			names[n++] = s->handles[i].name;
	names[n] = NULL;
	nearest = nearest_word(value->text, names);
	free(names);
	if (nearest)
		return call_error(call, "%s: there is no '%s'; did you mean '%s'?", call->command->name,
				  value->text, nearest);
	return call_error(call, "%s: there is no '%s' (allocs lists what is held)", call->command->name,
			  value->text);
}

/* A range is looked through when the command runs; a single handle and a PFN are checked here. */
static int read_block(const struct call *call, struct value *value)
{
	if (strstr(value->text, ".."))
		return SESSION_OK;
	if (!isdigit((unsigned char)value->text[0]))
		return read_handle(call, value);
	return number_parse(value->text, false, &value->number)
		       ? SESSION_OK
		       : value_wrong(call, value, "a handle or a page frame number");
}

/* A page by its number, or the first one of a handle. */
static int read_page(const struct call *call, struct value *value)
{
	const struct handle *handle;

	if (isdigit((unsigned char)value->text[0]))
		return read_pfn(call, value);
	if (read_handle(call, value) != SESSION_OK)
		return SESSION_ERROR;
	handle = &call->session->handles[value->number];
	if (!handle_live(handle))
		return call_error(call, "%s: %s has no page now", call->command->name, handle->name);
	value->number = handle->pfn;
	return SESSION_OK;
}

static int read_any(const struct call *call, struct value *value)
{
	(void)call;
	(void)value;
	return SESSION_OK;
}

static int read_command(const struct call *call, struct value *value)
{
	unsigned int several;
	const struct command *command = command_match(value->text, &several);
	const char *meant = several ? NULL : command_meant(value->text);

	if (!command && meant)
		return call_error(call, "%s: there is no command '%s'; did you mean '%s'?",
				  call->command->name, value->text, meant);
	if (!command)
		return call_error(call, "%s: %s '%s'; help alone lists the commands", call->command->name,
				  several ? "several commands begin with" : "there is no command",
				  value->text);
	free(value->text);
	value->text = shell_strdup(command->name);
	return SESSION_OK;
}

static int (*const readers[])(const struct call *call, struct value *value) = {
	[ARG_NUMBER] = read_number,     [ARG_ORDER] = read_order,     [ARG_ORDERS] = read_orders,
	[ARG_MIX] = read_mix,           [ARG_PERCENT] = read_percent, [ARG_GFP] = read_gfp,
	[ARG_HANDLE] = read_handle,     [ARG_BLOCK] = read_block,     [ARG_PFN] = read_pfn,
	[ARG_ADDRESS] = read_address,   [ARG_PLACE] = read_address,   [ARG_NODE] = read_node,
	[ARG_CPU] = read_cpu,           [ARG_ZONE] = read_zone,       [ARG_TYPE] = read_type,
	[ARG_NEW_NAME] = read_new_name, [ARG_WORD] = read_any,        [ARG_FILE] = read_any,
	[ARG_SCRIPT] = read_any,        [ARG_COMMAND] = read_command, [ARG_KEY] = read_any,
	[ARG_MODE] = read_mode,         [ARG_RANGE] = read_range,     [ARG_CMA_VERB] = read_cma_verb,
	[ARG_CMA_WHAT] = read_cma_what, [ARG_PAGE] = read_page,
};

int value_read(const struct call *call, struct value *value)
{
	return readers[value->arg->kind](call, value);
}
