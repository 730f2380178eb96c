// SPDX-License-Identifier: GPL-3.0-or-later
/* The screen's loop: wait, read keys, carry them out, draw. */
#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buddyviz/tui.h"
#include "prompt.h"
#include "terminal.h"
#include "view.h"

#define PROGRESS_NS 100000000L /* a long command shows where it is this often */

#define ESCAPE 033

struct app {
	struct screen sc;
	bool quit;
	struct timespec drawn; /* when the running command was last shown */
};

static void draw(struct app *app)
{
	screen_draw(&app->sc);
	doupdate();
}

static long since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000000000L + now.tv_nsec - then->tv_nsec;
}

/* How far a long command has come, by the requests it made. */
static void hint_progress(struct screen *sc)
{
	char buf[96] = "running … Ctrl-C stops it";

	if (sc->watch.asked)
		snprintf(buf, sizeof(buf), "running … %lu requests so far, Ctrl-C stops it",
			 sc->watch.nr_requests);
	screen_hint(sc, buf);
}

/* The session asks between two operations of a long command. The machine can be drawn then. */
static bool interrupted(void *arg)
{
	struct app *app = arg;
	unsigned int wake = term_poll();

	if (wake & TERM_LOST)
		app->quit = true;
	if (wake & (TERM_LOST | TERM_INT))
		return true;
	if (wake & TERM_STOP)
		term_suspend();
	if (wake & TERM_RESIZE)
		term_resize();
	if (wake || since(&app->drawn) > PROGRESS_NS) {
		hint_progress(&app->sc);
		draw(app);
		screen_hint(&app->sc, NULL);
		clock_gettime(CLOCK_MONOTONIC, &app->drawn);
	}
	return false;
}

static void accept_line(void *arg, const char *line)
{
	struct app *app = arg;

	if (!line) {
		app->quit = true;
		return;
	}
	if (!line[strspn(line, " \t")])
		return;
	if (app->sc.view == &help_view)
		screen_show(&app->sc, &dashboard_view);
	clock_gettime(CLOCK_MONOTONIC, &app->drawn);
	if (screen_execute(&app->sc, line) == SESSION_QUIT)
		app->quit = true;
}

static void handle_key(struct app *app, int code)
{
	enum action action = keys_action(code);
	const char *bytes;

	screen_hint(&app->sc, NULL);
	if (action == ACTION_NONE && app->sc.view->scrolls && prompt_idle())
		action = keys_plain_action(code);
	if (action != ACTION_NONE) {
		screen_key(&app->sc, action);
		return;
	}
	if (code < KEY_MIN) {
		prompt_feed(code);
		return;
	}
	for (bytes = keys_sequence(code); bytes && *bytes; bytes++)
		prompt_feed((unsigned char)*bytes);
}

/* Esc alone is a key of its own; with something right behind it, it is Alt, which readline knows. */
static void handle_escape(struct app *app)
{
	int next = getch();

	if (next == ERR) {
		screen_hint(&app->sc, NULL);
		screen_key(&app->sc, ACTION_BACK);
		return;
	}
	if (next >= KEY_MIN || next == ESCAPE) {
		handle_key(app, next);
		return;
	}
	handle_key(app, ESCAPE);
	handle_key(app, next);
}

static void read_keys(struct app *app)
{
	int code;

	while (!app->quit && (code = getch()) != ERR) {
		if (code == ESCAPE)
			handle_escape(app);
		else
			handle_key(app, code);
	}
}

static void loop(struct app *app)
{
	unsigned int wake;

	while (!app->quit) {
		draw(app);
		wake = term_wait();
		if (wake & TERM_LOST)
			return;
		if (wake & TERM_STOP)
			term_suspend();
		if (wake & TERM_RESIZE)
			term_resize();
		if (wake & TERM_INT) {
			screen_hint(&app->sc, NULL);
			prompt_clear();
		}
		if (wake & TERM_INPUT)
			read_keys(app);
	}
}

static void run_start(struct app *app, const struct tui_options *topts)
{
	enum session_status status = SESSION_OK;
	size_t i;

	for (i = 0; i < topts->nr_start && status != SESSION_QUIT && !app->quit; i++) {
		clock_gettime(CLOCK_MONOTONIC, &app->drawn);
		status = topts->start[i].script ? screen_script(&app->sc, topts->start[i].text)
						: screen_execute(&app->sc, topts->start[i].text);
	}
	if (status == SESSION_QUIT)
		app->quit = true;
}

static bool use_color(enum tui_color color)
{
	const char *no = getenv("NO_COLOR");

	return color == TUI_COLOR_ALWAYS || (color == TUI_COLOR_AUTO && !(no && *no));
}

static struct session *boot(struct app *app, struct layout *layout, const struct session_options *opts)
{
	struct session_options options = opts ? *opts : (struct session_options){ .seed = 1 };

	options.script_line = screen_script_line;
	options.script_line_arg = &app->sc;
	options.interrupted = interrupted;
	options.interrupted_arg = app;
	clock_gettime(CLOCK_MONOTONIC, &app->drawn);
	return session_new(layout, &options, &app->sc.watch.listener);
}

static int run(struct app *app, struct session *session, const struct tui_options *topts)
{
	bool ascii = topts->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;

	prompt_init();
	if (!term_start())
		return 2;
	keys_init();
	theme_init(&app->sc.theme, ascii, use_color(topts->color));
	screen_init(&app->sc, session, session_mm(session)->layout);
	prompt_start(&app->sc, accept_line, app);
	run_start(app, topts);
	loop(app);
	prompt_end();
	term_end();
	return 0;
}

int tui_run(struct layout *layout, const struct session_options *opts, const struct tui_options *topts)
{
	struct app *app = calloc(1, sizeof(*app));
	struct session *session;
	int status = 2;

	if (!app) {
		layout_free(layout);
		return status;
	}
	setlocale(LC_ALL, "");
	log_init(&app->sc.log);
	watch_init(&app->sc.watch, &app->sc.log);
	session = boot(app, layout, opts);
	if (session)
		status = run(app, session, topts);
	else
		fprintf(stderr, "buddyviz: no room for the machine: memory is short here, or its own ends at "
				"PFN 2^32\n");
	session_free(session);
	screen_free(&app->sc);
	free(app);
	return status;
}
