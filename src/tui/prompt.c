// SPDX-License-Identifier: GPL-3.0-or-later
/* readline behind its callback interface: it never sees the terminal. */
#include "config.h"

#include "prompt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "view.h"

#define HISTORY_LINES 1000
#define QUEUE_BYTES   64

/* readline's hooks take no argument, so this has to be here. */
static struct {
	struct screen *sc;
	void (*accept)(void *arg, const char *line);
	void *arg;
	int queue[QUEUE_BYTES]; /* bytes typed, not read by readline yet */
	size_t nr;
	size_t choices, choice; /* words that Tab offered last, and the first of them not shown yet */
	char *history;          /* the file's name, NULL: no place for it */
	FILE *null;
} prompt;

static int queue_getc(FILE *stream)
{
	int c;

	(void)stream;
	if (!prompt.nr)
		return EOF;
	c = prompt.queue[0];
	memmove(prompt.queue, prompt.queue + 1, --prompt.nr * sizeof(prompt.queue[0]));
	return c;
}

static int queue_available(void)
{
	return prompt.nr != 0;
}

static void redisplay(void)
{
	if (!prompt.sc)
		return;
	prompt.sc->line = (struct prompt_line){
		.prompt = rl_display_prompt ? rl_display_prompt : "",
		.text = rl_line_buffer ? rl_line_buffer : "",
		.point = rl_point > 0 ? (size_t)rl_point : 0,
	};
}

/* ---------------------------------------------------------- completion --- */

static int complete(int count, int key);

/* Bytes that all the words begin with. */
static size_t common_prefix(char *const *words)
{
	size_t n = strlen(words[0]), i;
	char *const *word;

	for (word = words + 1; *word; word++) {
		for (i = 0; i < n && (*word)[i] == words[0][i]; i++)
			;
		n = i;
	}
	return n;
}

/* Text of the line from start to the cursor becomes word. */
static void replace_word(size_t start, const char *word, size_t len, bool whole)
{
	char *text = malloc(len + 2);
	char last = len ? word[len - 1] : '\0';

	if (!text)
		return;
	memcpy(text, word, len);
	if (whole && last != '=' && last != '/' && last != '|')
		text[len++] = ' ';
	text[len] = '\0';
	rl_begin_undo_group();
	rl_delete_text((int)start, rl_point);
	rl_point = (int)start;
	rl_insert_text(text);
	rl_end_undo_group();
	free(text);
}

/* Write words from the first on, as many as fit in width columns. Returns how many; one at least. */
static size_t fit_words(char *const *words, size_t skip, int width, char *buf, size_t size)
{
	size_t i, n = 0, len;

	for (i = 0; words[i]; i++) {
		len = (size_t)snprintf(buf + n, size - n, "%s%s", i ? "  " : "", words[i] + skip);
		if (i && (n + len >= size || text_columns(buf) > width)) {
			buf[n] = '\0';
			break;
		}
		n += n + len < size ? len : 0;
	}
	return i;
}

/* Of files in a directory, the names in it tell enough. */
static size_t directory_bytes(char *const *words)
{
	size_t n = common_prefix(words);

	while (n && words[0][n - 1] != '/')
		n--;
	return n;
}

/* What there is to choose from goes to the hint line: what one has no room for, the next Tab shows. */
static void hint_words(char *const *words)
{
	size_t nr, from = 0, fit, skip = directory_bytes(words);
	char buf[1024], more[64];
	int width = COLS;

	for (nr = 0; words[nr]; nr++)
		;
	if (rl_last_func == complete && nr == prompt.choices && prompt.choice < nr)
		from = prompt.choice;
	fit = fit_words(words + from, skip, width, buf, sizeof(buf) - sizeof(more));
	if (from + fit < nr || from) {
		width -= snprintf(more, sizeof(more), "  (%zu-%zu of %zu, Tab: more)", nr, nr, nr);
		fit = fit_words(words + from, skip, width, buf, sizeof(buf) - sizeof(more));
		snprintf(buf + strlen(buf), sizeof(more), "  (%zu-%zu of %zu, Tab: %s)", from + 1, from + fit,
			 nr, from + fit < nr ? "more" : "first");
	}
	prompt.choices = nr;
	prompt.choice = from + fit;
	screen_hint(prompt.sc, buf);
}

static int complete(int count, int key)
{
	size_t start = 0, i;
	char **words = session_complete(prompt.sc->session, rl_line_buffer, (size_t)rl_point, &start);

	(void)count;
	(void)key;
	if (!words || !words[0]) {
		screen_hint(prompt.sc, "nothing completes this");
		free(words);
		return 0;
	}
	replace_word(start, words[0], common_prefix(words), !words[1]);
	if (words[1])
		hint_words(words);
	for (i = 0; words[i]; i++)
		free(words[i]);
	free(words);
	return 0;
}

/* ------------------------------------------------------------- history --- */

static void make_directories(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* $XDG_STATE_HOME/buddyviz/history, by default below ~/.local/state. */
static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;

	if (state && *state == '/') {
		if (asprintf(&path, "%s/buddyviz/history", state) < 0)
			return NULL;
	} else if (home && *home == '/') {
		if (asprintf(&path, "%s/.local/state/buddyviz/history", home) < 0)
			return NULL;
	}
	return path;
}

/* A line that says something else than the one before is remembered, here and in the file. */
static void remember(const char *line)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	FILE *file;

	if (!line[strspn(line, " \t")] || (last && !strcmp(last->line, line)))
		return;
	add_history(line);
	file = prompt.history ? fopen(prompt.history, "a") : NULL;
	if (!file)
		return;
	fprintf(file, "%s\n", line);
	fclose(file);
}

static void history_start(void)
{
	using_history();
	stifle_history(HISTORY_LINES);
	prompt.history = history_path();
	if (!prompt.history)
		return;
	make_directories(prompt.history);
	read_history(prompt.history);
	if (history_length >= HISTORY_LINES)
		write_history(prompt.history); /* the file is cut to what is kept */
}

/* --------------------------------------------------------------- lines --- */

static void take_line(char *line)
{
	if (line)
		remember(line);
	prompt.sc->line.text = "";
	prompt.sc->line.point = 0;
	prompt.accept(prompt.arg, line);
	free(line);
}

void prompt_init(void)
{
	prompt.null = fopen("/dev/null", "r+");
	rl_instream = rl_outstream = prompt.null;
	rl_readline_name = "buddyviz";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = queue_getc;
	rl_input_available_hook = queue_available;
	rl_redisplay_function = redisplay;
	rl_initialize();
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_bind_key('\t', complete);
	history_start();
}

void prompt_start(struct screen *sc, void (*accept)(void *arg, const char *line), void *arg)
{
	prompt.sc = sc;
	prompt.accept = accept;
	prompt.arg = arg;
	rl_callback_handler_install("buddyviz> ", take_line);
	redisplay();
}

void prompt_feed(int byte)
{
	if (prompt.nr == QUEUE_BYTES)
		return;
	prompt.queue[prompt.nr++] = byte;
	while (prompt.nr)
		rl_callback_read_char();
}

bool prompt_idle(void)
{
	return !rl_end && !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_METANEXT |
				      RL_STATE_MULTIKEY | RL_STATE_NUMERICARG);
}

void prompt_clear(void)
{
	rl_callback_sigcleanup();
	rl_free_line_state();
	using_history(); /* Up begins with the latest line again */
	rl_replace_line("", 1);
	rl_point = 0;
	rl_message("%s", "");
	rl_clear_message();
	redisplay();
}

void prompt_end(void)
{
	prompt.sc->line = (struct prompt_line){ .prompt = "", .text = "" };
	rl_callback_handler_remove();
	prompt.sc = NULL;
	rl_clear_history();
	free(prompt.history);
	prompt.history = NULL;
	if (prompt.null)
		fclose(prompt.null);
	rl_instream = rl_outstream = prompt.null = NULL;
}
