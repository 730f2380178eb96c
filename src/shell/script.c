/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts: their comments, which may name a layout, and their commands. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell.h"

#define MAX_DEPTH 16 /* scripts that source scripts */

static const char layout_key[] = "layout:";

/* --------------------------------------------------------- comments --- */

/* The text of a comment line, its newline cut off; NULL: the line is none. */
static char *comment_text(char *line)
{
	char *text = line + 1;

	if (line[0] != '#' || line[1] == '!')
		return NULL;
	text += *text == ' ' || *text == '\t';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

char *script_comment(char *line)
{
	char *text = comment_text(line);

	if (!text || strncmp(text, "SPDX", 4) == 0 || strncmp(text, layout_key, strlen(layout_key)) == 0)
		return NULL;
	return text;
}

char *script_wants(FILE *in)
{
	char *line = NULL, *name = NULL;
	size_t size = 0;

	while (!name && getline(&line, &size, in) > 0 && line[0] == '#') {
		char *text = comment_text(line);

		if (!text || strncmp(text, layout_key, strlen(layout_key)) != 0)
			continue;
		text += strlen(layout_key);
		text += strspn(text, " \t");
		text[strcspn(text, " \t")] = '\0';
		name = *text ? shell_strdup(text) : NULL;
	}
	free(line);
	return name;
}

void script_tell(const struct session *s, const char *command)
{
	if (s->scripts && s->options.script_line)
		s->options.script_line(s->options.script_line_arg, command, false);
}

/* Tell of a comment or of a command, but for `expect`, which tells of the command it watches. */
static void tell_line(const struct session *s, char *line)
{
	static const char expect[] = "expect";
	const char *comment = script_comment(line), *command = line + strspn(line, " \t\r\n");

	if (comment && s->options.script_line)
		s->options.script_line(s->options.script_line_arg, comment, true);
	if (!*command || *command == '#')
		return;
	line[strcspn(line, "\r\n")] = '\0';
	if (strncmp(command, expect, strlen(expect)) || !strchr(" \t", command[strlen(expect)]))
		script_tell(s, command);
}

/* ---------------------------------------------------------- running --- */

/* One line of a script. */
static enum session_status run_line(struct session *s, char *line, size_t len, const char *source,
				    unsigned int lineno, FILE *out, FILE *err)
{
	enum session_status status;

	if (strlen(line) != len) {
		fprintf(err, "%s:%u: error: the line contains a NUL byte\n", source, lineno);
		return SESSION_ERROR;
	}
	tell_line(s, line);
	status = session_execute(s, line, source, lineno, out, err);
	return status == SESSION_OK && session_interrupted(s) ? SESSION_INTERRUPTED : status;
}

enum session_status session_script(struct session *s, FILE *in, const char *source, FILE *out, FILE *err)
{
	enum session_status worst = SESSION_OK, status = SESSION_OK;
	unsigned int lineno = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	s->scripts++;
	while ((len = getline(&line, &size, in)) >= 0) {
		status = run_line(s, line, (size_t)len, source, ++lineno, out, err);
		if (status == SESSION_ERROR)
			worst = status;
		if (status != SESSION_OK && (status != SESSION_ERROR || !s->options.keep_going))
			break;
	}
	s->scripts--;
	if (ferror(in)) {
		fprintf(err, "%s:%u: error: cannot read on: %m\n", source, lineno);
		worst = SESSION_ERROR;
	}
	free(line);
	return status == SESSION_QUIT && worst == SESSION_ERROR          ? SESSION_ERROR
	       : status == SESSION_QUIT || status == SESSION_INTERRUPTED ? status
									 : worst;
}

/* ----------------------------------------------------------- source --- */

bool script_fits(const struct layout *layout, const char *wanted)
{
	const char *base = strrchr(wanted, '/') ? strrchr(wanted, '/') + 1 : wanted;
	size_t len = strlen(layout->name);

	return strncmp(base, layout->name, len) == 0 && (!base[len] || strcmp(base + len, ".yaml") == 0);
}

/* A lesson begins with the machine as it boots; on one that was used its figures may be others. */
static void tell_used(const struct session *s, const char *path)
{
	char *text;

	if (!s->options.script_line)
		return;
	text = shell_asprintf(
		"note: %s was written for the machine as it boots, and this one was used: reset "
		"takes it back there",
		path);
	s->options.script_line(s->options.script_line_arg, text, true);
	free(text);
}

/* A lesson's figures hold on the layout it names: on another it fails for no fault of its own. */
static int check_layout(const struct call *call, const char *path, FILE *in)
{
	char *layout = script_wants(in);
	int status = SESSION_OK;

	if (layout && !script_fits(call->session->layout, layout))
		status = call_error(
			call,
			"source: %s is for layout %s, and this machine is %s: start it with buddyviz -x %s",
			path, layout, call->session->layout->name, path);
	else if (layout && call->session->position)
		tell_used(call->session, path);
	free(layout);
	rewind(in);
	return status;
}

char *script_find(const char *dir, const char *name)
{
	static const char *const endings[] = { "", ".bv" };

	if (!dir || strchr(name, '/') || access(name, F_OK) == 0)
		return shell_strdup(name);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char *path = shell_asprintf("%s/%s%s", dir, name, endings[i]);

		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return shell_strdup(name);
}

static int source_file(struct call *call, const char *path)
{
	struct session *s = call->session;
	int status;
	FILE *in = fopen(path, "r");

	if (!in)
		return call_error(call, "source: %s: %s", path, strerror(errno));
	status = check_layout(call, path, in);
	s->depth++;
	if (status == SESSION_OK)
		status = session_script(s, in, path, call->out, call->err);
	s->depth--;
	fclose(in);
	return status;
}

int run_source(struct call *call)
{
	struct session *s = call->session;
	const char *name = call->pos[0].text;
	char *path;
	int status;

	if (s->depth >= MAX_DEPTH)
		return call_error(call, "source: %s: scripts call each other more than %d deep", name,
				  MAX_DEPTH);
	path = script_find(s->options.script_dir, name);
	status = source_file(call, path);
	free(path);
	return status;
}
