/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buddyviz: options, then batch or screen. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/layout.h"
#include "buddyviz/session.h"
#include "buddyviz/tui.h"
#include "lesson.h"

/* What the program ends with. */
enum exit_status { EXIT_DONE = 0, EXIT_COMMAND = 1, EXIT_SETUP = 2 };

struct options {
	bool batch, check, list;
	struct session_options session;
	struct tui_options tui;
	struct tui_start *start;
	const char *layout;
	char *script_layout; /* what the first script that names one is made for */
	const char *wanting; /* that script, and its line */
	unsigned int wanting_line;
};

enum { OPT_CHECK = 256, OPT_LIST, OPT_ASCII, OPT_COLOR, OPT_SEED };

static const struct option long_options[] = {
	{ "batch", no_argument, NULL, 'b' },           { "execute", required_argument, NULL, 'e' },
	{ "script", required_argument, NULL, 'x' },    { "keep-going", no_argument, NULL, 'k' },
	{ "check", no_argument, NULL, OPT_CHECK },     { "list", no_argument, NULL, OPT_LIST },
	{ "ascii", no_argument, NULL, OPT_ASCII },     { "color", required_argument, NULL, OPT_COLOR },
	{ "seed", required_argument, NULL, OPT_SEED }, { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },         { NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: buddyviz [OPTION]... [LAYOUT]\n"
	"Show the Linux page allocator working on the machine that LAYOUT describes: a\n"
	"file, or the name of an installed layout. Without LAYOUT: the one a script names\n"
	"in a comment '# layout: NAME' among its first lines, or the course's board, bst.\n"
	"\n"
	"  -b, --batch             no screen: run the commands given, or standard input,\n"
	"                          print their answers, exit\n"
	"  -e, --execute COMMANDS  run these first (repeatable; ';' separates commands)\n"
	"  -x, --script FILE       run a script or lesson first (repeatable, among -e)\n"
	"  -k, --keep-going        a wrong command does not end a script\n"
	"      --check             say what is wrong with LAYOUT, or 'LAYOUT: ok'; exit\n"
	"      --list              list the installed layouts and lessons, exit\n"
	"      --ascii             only ASCII on the screen\n"
	"      --color=WHEN        colours: auto, always or never\n"
	"      --seed=N            seed of the random workload (1)\n"
	"  -h, --help              this text\n"
	"  -V, --version           the version\n"
	"\n"
	"Exit status: 0 all commands were carried out; 1 one was wrong or an expect\n"
	"failed; 2 the layout or the options were.\n";

/* A line to be run at the start, before those from place at on: lead and text. */
static void insert_start(struct options *o, size_t at, const char *lead, const char *text)
{
	char *line;

	o->start = reallocarray(o->start, o->tui.nr_start + 1, sizeof(*o->start));
	if (!o->start || asprintf(&line, "%s%s", lead, text) < 0)
		abort();
	memmove(&o->start[at + 1], &o->start[at], (o->tui.nr_start - at) * sizeof(*o->start));
	o->start[at] = (struct tui_start){ .text = line };
	o->tui.nr_start++;
	o->tui.start = o->start;
}

/* ---------------------------------------------------- interruption --- */

static volatile sig_atomic_t got_sigint;

static void note_sigint(int sig)
{
	(void)sig;
	got_sigint = 1;
}

static bool batch_interrupted(void *arg)
{
	(void)arg;
	return got_sigint;
}

/* The first Ctrl-C ends the running command in good order; a second one ends the program. */
static void catch_sigint(void)
{
	struct sigaction action = { .sa_handler = note_sigint, .sa_flags = (int)SA_RESETHAND };
	struct sigaction old;

	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
}

/* End as a program does that SIGINT killed, so that a calling shell script stops, too. */
static int die_of_sigint(void)
{
	fflush(NULL);
	signal(SIGINT, SIG_DFL);
	raise(SIGINT);
	return 128 + SIGINT;
}

/* ---------------------------------------------------------- layouts --- */

/* The layout that was named, or else the one that a script names in a line of its own. */
static struct layout *load_named(const struct options *o)
{
	struct layout *layout;
	char *where;

	if (o->layout)
		return load_named_layout(o->layout, "buddyviz");
	if (asprintf(&where, "%s:%u: error", o->wanting, o->wanting_line) < 0)
		return NULL;
	layout = load_named_layout(o->script_layout, where);
	free(where);
	return layout;
}

static struct layout *load_layout(const struct options *o)
{
	struct layout *layout;

	if (o->layout || o->script_layout) {
		layout = load_named(o);
		if (!layout || session_state_fits(layout, stderr))
			return layout;
		layout_free(layout);
		return NULL;
	}
	return layout_parse(layout_builtin_name, layout_builtin, strlen(layout_builtin), stderr);
}

static int check_layout(const struct options *o)
{
	struct layout *layout = load_layout(o);

	if (!layout)
		return EXIT_SETUP;
	printf("%s: ok\n", o->layout ? o->layout : o->script_layout ? o->script_layout : layout_builtin_name);
	layout_free(layout);
	return EXIT_DONE;
}

/* Is a script that wants a layout for this one: by the layout's own name, or by the file's? */
static bool is_wanted(const struct options *o, const struct layout *layout, const char *wanted)
{
	size_t len, given_len;
	const char *given = layout_base(o->layout ? o->layout : o->script_layout, &given_len);
	const char *base = layout_base(wanted, &len);

	return script_fits(layout, wanted) || (len == given_len && strncmp(base, given, len) == 0);
}

/* Say that a script wants another layout: on the screen in a comment that runs before it, at place *at. */
static void warn_of_layout(struct options *o, size_t *at, const struct layout *layout, const char *wanted)
{
	size_t len;
	const char *base = layout_base(wanted, &len);
	char *text;

	if (asprintf(&text, "%s is for layout %.*s, and this machine is %s: what it expects may fail",
		     o->start[*at].text, (int)len, base, layout->name) < 0)
		abort();
	if (o->batch)
		fprintf(stderr, "buddyviz: warning: %s\n", text);
	else
		insert_start(o, (*at)++, "# warning: ", text);
	free(text);
}

/* A script runs on the layout that was named, but what it expects holds on its own. */
static void warn_of_layouts(struct options *o, const struct layout *layout)
{
	for (size_t i = 0; i < o->tui.nr_start; i++) {
		char *wanted = o->start[i].script ? script_layout(o->start[i].text, NULL) : NULL;

		if (wanted && !is_wanted(o, layout, wanted))
			warn_of_layout(o, &i, layout, wanted);
		free(wanted);
	}
}

/* ------------------------------------------------------------ batch --- */

static enum session_status run_script(struct session *session, const char *path)
{
	enum session_status status;
	FILE *in = fopen(path, "r");

	if (!in) {
		fprintf(stderr, "buddyviz: %s: %s\n", path, strerror(errno));
		return SESSION_ERROR;
	}
	status = session_script(session, in, path, stdout, stderr);
	fclose(in);
	return status;
}

static enum session_status run_start(struct session *session, const struct tui_start *start)
{
	if (start->script)
		return run_script(session, start->text);
	return session_execute(session, start->text, "-e", 1, stdout, stderr);
}

static enum session_status run_all(struct session *session, const struct options *o)
{
	enum session_status worst = SESSION_OK, status;

	if (o->tui.nr_start == 0)
		return session_script(session, stdin, "<stdin>", stdout, stderr);
	for (size_t i = 0; i < o->tui.nr_start; i++) {
		status = run_start(session, &o->start[i]);
		if (status == SESSION_ERROR)
			worst = status;
		if (status == SESSION_INTERRUPTED)
			return status;
		if (status == SESSION_QUIT || (status == SESSION_ERROR && !o->session.keep_going))
			break;
	}
	return worst;
}

/* Output that could not be written is a failure, or a pipeline would not notice. */
static bool output_lost(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return false;
	fprintf(stderr, "buddyviz: cannot write to standard output: %s\n", strerror(errno));
	return true;
}

static int run_batch(struct layout *layout, struct options *o)
{
	struct session *session;
	enum session_status status;

	o->session.interrupted = batch_interrupted;
	session = session_new(layout, &o->session, NULL);
	if (!session) {
		fprintf(stderr, "buddyviz: no room for the machine: memory is short here, or its own ends at "
				"PFN 2^32\n");
		return EXIT_SETUP;
	}
	catch_sigint();
	status = run_all(session, o);
	session_free(session);
	if (got_sigint || status == SESSION_INTERRUPTED)
		return die_of_sigint();
	return output_lost() || status == SESSION_ERROR ? EXIT_COMMAND : EXIT_DONE;
}

/* ---------------------------------------------------------- options --- */

static int wrong_usage(void)
{
	fprintf(stderr, "Try 'buddyviz --help'.\n");
	return EXIT_SETUP;
}

static void add_start(struct options *o, bool script, const char *text)
{
	char *path = script ? script_find(lessons_dir(), text) : strdup(text);

	o->start = reallocarray(o->start, o->tui.nr_start + 1, sizeof(*o->start));
	if (!o->start || !path)
		abort();
	o->start[o->tui.nr_start++] = (struct tui_start){ .script = script, .text = path };
	if (!script || o->script_layout)
		return;
	o->script_layout = script_layout(path, &o->wanting_line);
	o->wanting = path;
}

static bool read_color(struct options *o, const char *when)
{
	static const char *const words[] = {
		[TUI_COLOR_AUTO] = "auto",
		[TUI_COLOR_ALWAYS] = "always",
		[TUI_COLOR_NEVER] = "never",
	};

	for (unsigned int i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(when, words[i]) == 0) {
			o->tui.color = (enum tui_color)i;
			return true;
		}
	}
	fprintf(stderr, "buddyviz: --color must be auto, always or never, not '%s'\n", when);
	return false;
}

static bool read_seed(struct options *o, const char *text)
{
	char *end;

	errno = 0;
	o->session.seed = strtoul(text, &end, 0);
	if (text[0] >= '0' && text[0] <= '9' && !*end && !errno)
		return true;
	fprintf(stderr, "buddyviz: --seed must be a number, not '%s'\n", text);
	return false;
}

/* One option; false: it was wrong, and that was said. */
static bool take_option(struct options *o, int option)
{
	switch (option) {
	case 'b':
		o->batch = true;
		return true;
	case 'e':
	case 'x':
		add_start(o, option == 'x', optarg);
		return true;
	case 'k':
		o->session.keep_going = true;
		return true;
	case OPT_CHECK:
		o->check = true;
		return true;
	case OPT_LIST:
		o->list = true;
		return true;
	case OPT_ASCII:
		o->tui.ascii = true;
		return true;
	case OPT_COLOR:
		return read_color(o, optarg);
	case OPT_SEED:
		return read_seed(o, optarg);
	default:
		return false;
	}
}

/* Read all options. Returns -1, or the status to exit with at once. */
static int take_options(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "be:x:khV", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return output_lost() ? EXIT_COMMAND : EXIT_DONE;
		}
		if (option == 'V') {
			puts("buddyviz " PACKAGE_VERSION);
			return output_lost() ? EXIT_COMMAND : EXIT_DONE;
		}
		if (!take_option(o, option))
			return wrong_usage();
	}
	if (optind < argc)
		o->layout = argv[optind++];
	if (optind < argc) {
		fprintf(stderr, "buddyviz: one layout at a time; '%s' is another\n", argv[optind]);
		return wrong_usage();
	}
	o->tui.start = o->start;
	return -1;
}

static int run(struct options *o)
{
	struct layout *layout;

	if (o->list) {
		list_installed();
		return EXIT_DONE;
	}
	if (o->check)
		return check_layout(o);
	layout = load_layout(o);
	if (!layout)
		return EXIT_SETUP;
	warn_of_layouts(o, layout);
	return o->batch ? run_batch(layout, o) : tui_run(layout, &o->session, &o->tui);
}

static void free_options(struct options *o)
{
	for (size_t i = 0; i < o->tui.nr_start; i++)
		free((char *)o->start[i].text);
	free(o->start);
	free(o->script_layout);
}

int main(int argc, char **argv)
{
	struct options o = { .session = { .seed = 1, .script_dir = lessons_dir() } };
	int status;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	status = take_options(&o, argc, argv);
	if (status < 0)
		status = run(&o);
	free_options(&o);
	if (status == EXIT_DONE && output_lost())
		status = EXIT_COMMAND;
	return status;
}
