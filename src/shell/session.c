/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session: running lines, and the history that undo replays. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "shell.h"
#include "text.h"

/* ---------------------------------------------------------- machine --- */

static void drop_machine(struct session *s)
{
	if (s->mm && s->listener && !s->replaying)
		trace_detach(s->mm, s->listener);
	mm_free(s->mm);
}

/* Whoever is told of scripts hears what the layout's state brought: the boot's events end before it. */
static void tell_state(const struct session *s)
{
	unsigned long held = 0, blocks = 0, nr_free = 0;
	char *text;

	if (!s->layout->state || !s->options.script_line)
		return;
	for (size_t i = 0; i < s->nr_handles; i++) {
		const struct handle *handle = &s->handles[i];

		held += handle_held(handle);
		blocks += !handle_live(handle) ? 0 : handle->kind == HANDLE_CMA ? handle->nr_pages : 1;
	}
	for (unsigned int i = 0; i < s->mm->nr_zones; i++)
		for (unsigned int order = 0; populated_zone(s->mm->zones[i]) && order <= s->mm->max_order;
		     order++)
			nr_free += free_area_nr(&s->mm->zones[i]->free_area[order]);
	text = shell_asprintf("saved state restored: %lu handle%s, %lu block%s in use (%lu page%s), "
			      "%lu free block%s",
			      held, plural(held), blocks, plural(blocks), s->used_pages,
			      plural(s->used_pages), nr_free, plural(nr_free));
	s->options.script_line(s->options.script_line_arg, text, true);
	free(text);
}

bool session_boot(struct session *s, bool visible)
{
	struct mm *mm = mm_new(s->layout);

	if (!mm)
		return false;
	drop_machine(s);
	handles_clear(s);
	s->has_last = false;
	s->mm = mm;
	session_hear(s);
	if (s->listener && visible)
		trace_attach(mm, s->listener);
	if (mm_boot(mm))
		return false;
	handles_restore(s);
	if (visible)
		tell_state(s);
	if (s->listener && !visible && !s->replaying)
		trace_attach(mm, s->listener);
	return true;
}

struct session *session_new(struct layout *layout, const struct session_options *options,
			    struct trace_listener *listener)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s) {
		layout_free(layout);
		return NULL;
	}
	s->layout = layout;
	s->options = options ? *options : (struct session_options){ .seed = 1 };
	s->listener = listener;
	s->null = fopen("/dev/null", "w");
	if (!s->null || !session_boot(s, true)) {
		session_free(s);
		return NULL;
	}
	return s;
}

static void cut_history(struct session *s, size_t length)
{
	while (s->nr_history > length) {
		struct history_entry *entry = &s->history[--s->nr_history];

		free(entry->text);
		free(entry->source);
	}
}

void session_free(struct session *s)
{
	if (!s)
		return;
	drop_machine(s);
	handles_clear(s);
	cut_history(s, 0);
	free(s->history);
	free(s->handles);
	free(s->notes);
	free(s->random_live);
	free(s->random_spare);
	free(s->processes);
	free(s->kills);
	if (s->null)
		fclose(s->null);
	layout_free(s->layout);
	free(s);
}

struct mm *session_mm(const struct session *s)
{
	return s->mm;
}

unsigned long session_position(const struct session *s)
{
	return s->position;
}

size_t session_handles(const struct session *s, const struct handle **handles)
{
	*handles = s->handles;
	return s->nr_handles;
}

const struct handle *session_owner(const struct session *s, uint32_t owner)
{
	return owner && owner <= s->nr_handles ? &s->handles[owner - 1] : NULL;
}

const struct alloc_request *session_last_request(const struct session *s)
{
	return s->has_last ? &s->last : NULL;
}

bool session_interrupted(const struct session *s)
{
	return !s->replaying && s->options.interrupted && s->options.interrupted(s->options.interrupted_arg);
}

/* ---------------------------------------------------------- history --- */

/* Remember what was done; what had been undone before can no longer be redone. Takes text. */
static void record(struct session *s, char *text, const char *source, unsigned int lineno)
{
	cut_history(s, s->position);
	if (s->nr_history == s->max_history) {
		s->max_history = s->max_history ? 2 * s->max_history : 64;
		s->history = shell_realloc(s->history, s->max_history, sizeof(*s->history));
	}
	s->history[s->nr_history++] = (struct history_entry){ text, shell_strdup(source), lineno, false };
	s->position = s->nr_history;
}

bool history_starts_afresh(const struct history_entry *entry)
{
	return strcmp(entry->text, "reset") == 0 || strcmp(entry->text, "boot") == 0;
}

bool session_replay(struct session *s, size_t position)
{
	size_t first = position;
	bool ok;

	while (first > 0 && !history_starts_afresh(&s->history[first - 1]))
		first--;
	if (s->listener)
		trace_detach(s->mm, s->listener);
	s->replaying = true;
	ok = session_boot(s, false);
	for (size_t i = first; ok && i < position; i++) {
		struct history_entry *entry = &s->history[i];

		session_execute(s, entry->text, entry->source, entry->lineno, s->null, s->null);
	}
	s->replaying = false;
	if (s->listener)
		trace_attach(s->mm, s->listener);
	if (ok)
		s->position = position;
	return ok;
}

/* -------------------------------------------------------------- run --- */

/* What an interrupt left half done goes: the machine is made again from what the history holds. */
static void take_back(struct session *s)
{
	if (!s->broken_off)
		return;
	s->broken_off = false;
	session_replay(s, s->position);
}

/* Carry a command out; afterwards the kernel's threads do what it left them to do. */
static int run_call(struct call *call)
{
	struct session *s = call->session;
	int status;

	s->killed = NULL;
	status = call->command->run(call);
	if (call->command->flags & CMD_CHANGES && !call->look)
		session_threads(s);
	tell_kills(s, call->out);
	return status;
}

int session_run(struct session *s, const char *line, const struct words *words, const char *source,
		unsigned int lineno, FILE *out, FILE *err)
{
	struct call call = { .session = s, .source = source, .lineno = lineno, .out = out, .err = err };
	int status = call_parse(&call, line, words);
	uint64_t before = 0;
	bool done;

	if (status == SESSION_OK && call.command->flags & CMD_CHANGES && !s->replaying)
		before = session_signature(s);
	if (status == SESSION_OK)
		status = run_call(&call);
	done = status == SESSION_OK || (status == SESSION_INTERRUPTED && call.record);
	if (done && call.command->flags & CMD_CHANGES && !call.look && !s->replaying) {
		record(s, call.record ? call.record : call_text(&call), source, lineno);
		s->history[s->position - 1].idle = !call.changed && session_signature(s) == before;
		call.record = NULL;
	}
	call_free(&call);
	take_back(s);
	return status;
}

/* An interrupted command leaves the history: what it did until then is not the whole of the entry. */
int session_redo(struct session *s, const struct history_entry *entry, const struct words *words, FILE *out,
		 FILE *err)
{
	struct call call = {
		.session = s, .source = entry->source, .lineno = entry->lineno, .out = out, .err = err
	};
	int status = call_parse(&call, entry->text, words);

	if (status == SESSION_OK)
		status = run_call(&call);
	if (status == SESSION_INTERRUPTED)
		record(s, call.record, entry->source, entry->lineno);
	else
		s->position++;
	if (status == SESSION_INTERRUPTED)
		call.record = NULL;
	call_free(&call);
	return status;
}

/* Say which commands behind a wrong one, at offset at of line, were not carried out. */
static void tell_rest(const char *line, size_t at, const char *source, unsigned int lineno, FILE *err)
{
	const char *rest = line + at + strspn(line + at, " \t;");
	size_t len = strcspn(rest, "\n");

	if (len > 0 && *rest != '#')
		fprintf(err, "%s:%u: error: the rest of the line was not carried out: %.*s\n", source, lineno,
			(int)len, rest);
}

enum session_status session_execute(struct session *s, const char *line, const char *source,
				    unsigned int lineno, FILE *out, FILE *err)
{
	enum session_status worst = SESSION_OK, status;
	struct words words;
	size_t at = 0;

	while (words_split(line, at, &words)) {
		status = words.nr ? session_run(s, line, &words, source, lineno, out, err) : SESSION_OK;
		at = words.next;
		words_free(&words);
		if (status == SESSION_ERROR)
			worst = status;
		if (status == SESSION_QUIT || status == SESSION_INTERRUPTED)
			return status;
		if (status == SESSION_ERROR && !s->options.keep_going) {
			tell_rest(line, at, source, lineno, err);
			break;
		}
		if (line[at] && session_interrupted(s))
			return SESSION_INTERRUPTED;
	}
	return worst;
}

const char *session_usage(const char *line)
{
	const struct command *command = NULL;
	struct words words;
	unsigned int several;
	size_t at = 0;

	while (words_split(line, at, &words)) {
		at = words.next;
		command = words.nr ? command_match(words.word[0].text, &several) : NULL;
		words_free(&words);
	}
	return command ? command->usage : NULL;
}
