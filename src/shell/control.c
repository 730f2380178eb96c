/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the session itself: back and forth, expectations, help. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/procfs.h"
#include "shell.h"
#include "text.h"

#define MAX_DEPTH 16 /* expectations of expectations */

/* ------------------------------------------------- back and forth --- */

int run_undo(struct call *call)
{
	struct session *s = call->session;
	uint64_t n = call->nr_pos ? call->pos[0].number : 1;
	size_t from = s->position;

	if (s->position == 0)
		return call_error(call, "undo: nothing to undo");
	if (n == 0 || n > s->position)
		return call_error(call, "undo: there %s %zu command%s to undo, not %llu",
				  s->position == 1 ? "is" : "are", s->position, plural(s->position),
				  (unsigned long long)n);
	if (!session_replay(s, s->position - (size_t)n))
		return call_error(call, "undo: not enough memory for another machine");
	while (from-- > s->position)
		fprintf(call->out, "undone: %s%s\n", s->history[from].text,
			s->history[from].idle ? " (it had changed no page and no setting)" : "");
	return SESSION_OK;
}

/* Carry out the next command of the history without recording it again. */
static int redo_one(struct call *call)
{
	struct session *s = call->session;
	struct history_entry *entry = &s->history[s->position];
	struct words words;
	int status;

	fprintf(call->out, "redone: %s\n", entry->text);
	words_split(entry->text, 0, &words);
	status = session_redo(s, entry, &words, call->out, call->err);
	words_free(&words);
	return status;
}

int run_redo(struct call *call)
{
	struct session *s = call->session;
	uint64_t n = call->nr_pos ? call->pos[0].number : 1;
	size_t left = s->nr_history - s->position;
	int status = SESSION_OK;

	if (s->position == s->nr_history)
		return call_error(call, "redo: nothing to redo");
	if (n == 0 || n > left)
		return call_error(call, "redo: there %s %zu command%s to redo, not %llu",
				  left == 1 ? "is" : "are", left, plural(left), (unsigned long long)n);
	while (n-- > 0 && status == SESSION_OK)
		status = redo_one(call);
	return status;
}

int run_history(struct call *call)
{
	const struct session *s = call->session;

	for (size_t i = 0; i < s->nr_history; i++)
		fprintf(call->out, "%s%s%s\n", i < s->position ? "" : "# undone: ", s->history[i].text, "");
	return SESSION_OK;
}

static int fresh(struct call *call, bool visible)
{
	if (!session_boot(call->session, visible))
		return call_error(call, "%s: not enough memory for another machine", call->command->name);
	return SESSION_OK;
}

int run_reset(struct call *call)
{
	return fresh(call, false);
}

int run_boot(struct call *call)
{
	int status = fresh(call, !call->session->replaying);

	if (status == SESSION_OK && !call->session->replaying)
		proc_bootlog(call->session->mm, call->out);
	return status;
}

/* ----------------------------------------------------- expectations --- */

/* What expect is to look for, and in which command's output. */
struct expectation {
	char *line; /* up to the arrow */
	char *text; /* behind it */
};

/* Cut "COMMAND… => TEXT" at the first arrow that is not quoted. Returns NULL, or what of it is missing. */
static const char *cut_at_arrow(const char *rest, struct expectation *e)
{
	const char *missing;
	struct words words;
	size_t i;

	words_split(rest, 0, &words);
	for (i = 0; i < words.nr; i++)
		if (!words.word[i].quoted && strcmp(words.word[i].text, "=>") == 0)
			break;
	missing = i == 0 ? "COMMAND" : i == words.nr ? "=> TEXT" : i + 1 == words.nr ? "TEXT" : NULL;
	if (!missing) {
		size_t start = words.word[i + 1].start, end = words.word[words.nr - 1].end;

		e->line = shell_strndup(rest, words.word[i - 1].end);
		e->text = i + 2 == words.nr ? shell_strdup(words.word[i + 1].text)
					    : shell_strndup(rest + start, end - start);
	}
	words_free(&words);
	return missing;
}

/* Does the line only look? What it shows is the business of whoever wrote the script. */
static bool only_looks(const struct words *words)
{
	unsigned int several;
	const struct command *command = command_match(words->word[0].text, &several);

	return command && command->section == SECTION_LOOK &&
	       (!(command->flags & CMD_CHANGES) || words->nr == 1);
}

/*
 * Run the expected command, its answers and errors into one text; malloc'd.
 * *quiet: it looked, and was not wrong, so nothing of it need be printed.
 */
static char *run_captured(struct call *call, const char *line, int *status, bool *quiet)
{
	struct words words;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	words_split(line, 0, &words);
	if (!only_looks(&words))
		script_tell(call->session, line);
	call->session->depth++;
	*status = session_run(call->session, line, &words, call->source, call->lineno, out, out);
	call->session->depth--;
	*quiet = *status == SESSION_OK && only_looks(&words);
	words_free(&words);
	fclose(out);
	return text;
}

/* The captured text, each line set in, below the message. */
static int not_as_expected(const struct call *call, const char *expected, const char *came)
{
	size_t len;

	call_error(call, "expect: '%s' is not in the output%s", expected, *came ? ":" : ", which is empty");
	for (; *came; came += len + (came[len] == '\n')) {
		len = strcspn(came, "\n");
		fprintf(call->err, "    %.*s\n", (int)len, came);
	}
	return SESSION_ERROR;
}

/* What came, as an answer: an error that was expected is none of the script, and does not say where it is. */
static void write_answer(const struct call *call, const char *came)
{
	char *where = shell_asprintf("%s:%u: error: ", call->source, call->lineno);
	size_t skip = strlen(where), len;

	for (; *came; came += len) {
		if (strncmp(came, where, skip) == 0)
			came += skip;
		len = strcspn(came, "\n");
		len += came[len] == '\n';
		fprintf(call->out, "%.*s", (int)len, came);
	}
	free(where);
}

int run_expect(struct call *call)
{
	struct expectation e = { 0 };
	const char *missing;
	bool quiet;
	int status;
	char *came;

	if (call->session->depth >= MAX_DEPTH)
		return call_error(call, "expect: more than %d deep", MAX_DEPTH);
	missing = cut_at_arrow(call->rest ? call->rest : "", &e);
	if (missing)
		return call_error(call, "expect: %s is missing; expected: %s", missing, call->command->usage);
	came = run_captured(call, e.line, &status, &quiet);
	if (!strstr(came, e.text)) {
		status = not_as_expected(call, e.text, came);
	} else {
		if (!quiet)
			write_answer(call, came);
		status = status == SESSION_ERROR ? SESSION_OK : status;
	}
	free(came);
	free(e.line);
	free(e.text);
	return status;
}

int run_echo(struct call *call)
{
	struct words words;

	if (!call->rest)
		return fputc('\n', call->out), SESSION_OK;
	words_split(call->rest, 0, &words);
	for (size_t i = 0; i < words.nr; i++)
		fprintf(call->out, "%s%s", i ? " " : "", words.word[i].text);
	fputc('\n', call->out);
	words_free(&words);
	return SESSION_OK;
}

/* ------------------------------------------------------------- help --- */

static void help_all(FILE *out)
{
	for (int section = 0; section < NR_SECTIONS; section++) {
		fprintf(out, "%s%s\n", section ? "\n" : "", command_section_name(section));
		for (const struct command *command = command_table; command->name; command++) {
			if ((int)command->section != section)
				continue;
			fprintf(out, "  %c%c %-15s ", command->alias ? command->alias : ' ',
				command->alias ? ',' : ' ', command->name);
			write_hanging(command->summary, 21, out);
		}
	}
	fputc('\n', out);
	write_hanging(
		"help COMMAND tells more. Commands and options can be shortened; ';' separates commands.", 0,
		out);
}

static void write_args(const struct command_arg *args, bool options, FILE *out)
{
	for (; args->kind != ARG_END; args++) {
		fprintf(out, "  %s%-*s ", args->name, 12 - (int)strlen(args->name),
			options && args->kind != ARG_FLAG ? "=" : "");
		write_hanging(args->help, 15, out);
	}
}

static void help_one(const struct command *command, FILE *out)
{
	fprintf(out, "%s\n", command->usage);
	if (command->alias)
		fprintf(out, "%c is short for it.\n", command->alias);
	fputs("\n  ", out);
	write_hanging(command->summary, 2, out);
	fputs("  ", out);
	write_hanging(command->help, 2, out);
	if (command->pos[0].kind != ARG_END || command->opts[0].kind != ARG_END)
		fputc('\n', out);
	write_args(command->pos, false, out);
	write_args(command->opts, true, out);
	if (command->pos[0].kind != ARG_GFP && command->pos[1].kind != ARG_GFP)
		return;
	fputs("\nClass words\n", out);
	for (const struct gfp_class *class = gfp_classes; class->name; class ++) {
		fprintf(out, "  %-12s ", class->name);
		write_hanging(class->help, 15, out);
	}
}

int run_help(struct call *call)
{
	if (call->nr_pos)
		help_one(command_find(call->pos[0].text), call->out);
	else
		help_all(call->out);
	return SESSION_OK;
}

int run_quit(struct call *call)
{
	(void)call;
	return SESSION_QUIT;
}
