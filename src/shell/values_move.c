/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of what moves pages: modes, ranges of PFNs, CMA areas. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/compaction.h"
#include "shell.h"

int read_mode(const struct call *call, struct value *value)
{
	static const char *const names[] = {
		[MIGRATE_ASYNC] = "async",
		[MIGRATE_SYNC_LIGHT] = "light",
		[MIGRATE_SYNC] = "sync",
	};

	return value_name(call, value, names, 3);
}

int read_range(const struct call *call, struct value *value)
{
	const char *dash = strchr(value->text, '-');
	char *first = shell_strndup(value->text, dash ? (size_t)(dash - value->text) : 0);
	bool ok;

	ok = dash && number_parse(first, false, &value->number) &&
	     number_parse(dash + 1, false, &value->number2) && value->number <= value->number2;
	free(first);
	if (!ok)
		return value_wrong(call, value, "a range of PFNs like 0x200-0x3ff, its last page included");
	if (value->number2 >= call->session->mm->end_pfn)
		return call_error(call, "%s: memory ends at pfn 0x%lx", call->command->name,
				  call->session->mm->end_pfn - 1);
	return SESSION_OK;
}

int read_cma_verb(const struct call *call, struct value *value)
{
	static const char *const names[] = { "alloc", "free" };

	for (value->number = 0; value->number < 2; value->number++) {
		if (!*value->text || strncmp(names[value->number], value->text, strlen(value->text)) != 0)
			continue;
		free(value->text);
		value->text = shell_strdup(names[value->number]);
		return SESSION_OK;
	}
	return call_error(call, "cma: what follows must be alloc or free, not '%s'", value->text);
}

/* An area by its name, exactly or by an unambiguous beginning of it. */
static int read_area(const struct call *call, struct value *value)
{
	const struct mm *mm = call->session->mm;
	const char **names = shell_realloc(NULL, mm->nr_cma + 1, sizeof(*names));
	int status;

	for (unsigned int i = 0; i < mm->nr_cma; i++)
		names[i] = mm->cma[i].name;
	status = mm->nr_cma ? value_name(call, value, names, mm->nr_cma)
			    : call_error(call, "cma: this machine has no CMA areas");
	free(names);
	return status;
}

int read_cma_what(const struct call *call, struct value *value)
{
	return call->pos[0].number == 0 ? read_area(call, value) : read_handle(call, value);
}
