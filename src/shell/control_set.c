/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `set`: the layout's sysctls and features while the machine runs. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/sysctl.h"
#include "shell.h"
#include "text.h"

static void print_setting(const struct call *call, const struct sysctl *entry)
{
	unsigned long value = sysctl_get(call->session->mm, entry);

	if (entry->is_switch)
		fprintf(call->out, "%s = %s\n", entry->name, value ? "on" : "off");
	else
		fprintf(call->out, "%s = %lu\n", entry->name, value);
}

/* The setting a word means: its whole name, or an unambiguous beginning of one. */
static const struct sysctl *match(const char *word)
{
	const struct sysctl *found = sysctl_find(word);

	for (const struct sysctl *entry = sysctl_table; !found && entry->name; entry++) {
		if (!is_prefix(word, entry->name))
			continue;
		for (const struct sysctl *other = entry + 1; other->name; other++)
			if (is_prefix(word, other->name))
				return NULL;
		found = entry;
	}
	return found;
}

static int unknown_key(const struct call *call, const char *word)
{
	const char *names[32] = { NULL };
	const char *nearest;
	size_t nr = 0;

	for (const struct sysctl *entry = sysctl_table; entry->name && nr < 31; entry++)
		names[nr++] = entry->name;
	nearest = nearest_word(word, names);
	if (nearest)
		return call_error(call, "set: there is no setting '%s'; did you mean '%s'?", word, nearest);
	return call_error(call, "set: there is no setting '%s'; set alone lists them", word);
}

static bool read_switch(const char *text, uint64_t *value)
{
	static const char *const words[][2] = {
		{ "off", "on" }, { "no", "yes" }, { "false", "true" }, { "0", "1" }
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		for (*value = 0; *value < 2; ++*value)
			if (strcmp(text, words[i][*value]) == 0)
				return true;
	}
	return false;
}

static int read_setting(const struct call *call, const struct sysctl *entry, uint64_t *value)
{
	const char *text = call->pos[1].text;

	if (entry->is_switch
		    ? read_switch(text, value)
		    : number_parse(text, false, value) && *value >= entry->min && *value <= entry->max)
		return SESSION_OK;
	if (entry->is_switch)
		return call_error(call, "set: %s must be on or off, not '%s'", entry->name, text);
	return call_error(call, "set: %s must be %lu to %lu, not '%s'", entry->name, entry->min, entry->max,
			  text);
}

static void print_all(const struct call *call)
{
	const struct mm *mm = call->session->mm;

	for (const struct sysctl *entry = sysctl_table; entry->name; entry++) {
		char value[24];

		snprintf(value, sizeof(value), "%lu", sysctl_get(mm, entry));
		fprintf(call->out, "%-29s %-7s ", entry->name,
			entry->is_switch ? (sysctl_get(mm, entry) ? "on" : "off") : value);
		write_hanging(entry->help, 38, call->out);
	}
}

int run_set(struct call *call)
{
	const struct sysctl *entry;
	const char *error;
	uint64_t value;

	call->look = call->nr_pos < 2;
	if (!call->nr_pos)
		return print_all(call), SESSION_OK;
	entry = match(call->pos[0].text);
	if (!entry)
		return unknown_key(call, call->pos[0].text);
	if (call->nr_pos > 1) {
		if (read_setting(call, entry, &value) != SESSION_OK)
			return SESSION_ERROR;
		error = sysctl_set(call->session->mm, entry, (unsigned long)value);
		if (error)
			return call_error(call, "set: %s: %s", entry->name, error);
		call->record = shell_asprintf("set %s %s", entry->name, call->pos[1].text);
	}
	print_setting(call, entry);
	return SESSION_OK;
}
