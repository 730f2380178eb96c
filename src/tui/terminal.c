// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Signals only set a bit and wake the loop through a pipe. The fatal ones put
 * the terminal back with strings prepared at the start, since nothing of curses
 * may be called from a handler, and then do what they would have done.
 */
#include "config.h"

#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static struct {
	volatile sig_atomic_t resize, interrupt, stop, lost;
	int pipe[2];
	struct termios cooked; /* as we found it */
	char reset[256];       /* leaves the alternate screen, shows the cursor, plain text */
	size_t reset_len;
	SCREEN *screen;
} term = { .pipe = { -1, -1 } };

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };

static void on_signal(int sig)
{
	int saved = errno;
	ssize_t n;

	if (sig == SIGWINCH)
		term.resize = 1;
	else if (sig == SIGINT)
		term.interrupt = 1;
	else if (sig == SIGTSTP)
		term.stop = 1;
	else
		term.lost = 1;
	n = write(term.pipe[1], "", 1);
	(void)n; /* full: the loop wakes up anyway */
	errno = saved;
}

/* SA_RESETHAND and the signal still blocked: it comes again, as it was, when this returns. */
static void on_fatal(int sig)
{
	ssize_t n = write(STDOUT_FILENO, term.reset, term.reset_len);

	(void)n;
	tcsetattr(STDIN_FILENO, TCSANOW, &term.cooked);
	raise(sig);
}

/* ------------------------------------------------------------- start --- */

static int keep_char(int c)
{
	if (term.reset_len < sizeof(term.reset))
		term.reset[term.reset_len++] = (char)c;
	return c;
}

/* tputs() leaves the padding marks out that a capability may contain. */
static void prepare_reset(void)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	size_t i;

	term.reset_len = 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *s = tigetstr(names[i]);

		if (s && s != (char *)-1)
			tputs(s, 1, keep_char);
	}
	keep_char('\r');
	keep_char('\n');
}

static void catch (int sig, void (*handler)(int), int flags)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void catch_all(void)
{
	size_t i;

	catch (SIGWINCH, on_signal, SA_RESTART);
	catch (SIGINT, on_signal, SA_RESTART);
	catch (SIGTSTP, on_signal, SA_RESTART);
	catch (SIGTERM, on_signal, SA_RESTART);
	catch (SIGHUP, on_signal, SA_RESTART);
	catch (SIGPIPE, SIG_IGN, 0);
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		catch (fatal[i], on_fatal, (int)SA_RESETHAND);
}

bool term_start(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "buddyviz: standard input and output must be a terminal; --batch works "
				"without one\n");
		return false;
	}
	if (pipe2(term.pipe, O_CLOEXEC | O_NONBLOCK) || tcgetattr(STDIN_FILENO, &term.cooked)) {
		fprintf(stderr, "buddyviz: %s\n", strerror(errno));
		return false;
	}
	term.screen = newterm(NULL, stdout, stdin);
	if (term.screen && !cursor_address) {
		term_end();
		term.screen = NULL;
	}
	if (!term.screen) {
		fprintf(stderr, "buddyviz: the terminal type '%s' is not known or cannot do enough\n",
			getenv("TERM") ? getenv("TERM") : "");
		return false;
	}
	prepare_reset();
	catch_all();
	cbreak();
	noecho();
	nonl();
	set_escdelay(25);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	return true;
}

/*
 * A terminal without a second screen keeps the last frame: the shell's prompt
 * gets a line of its own. A second screen is left empty: of one that changed
 * its size a terminal may show a part beside the first.
 */
static void leave_screen(void)
{
	if (enter_ca_mode) {
		erase();
		refresh();
	} else if (cursor_address) {
		move(LINES - 1, 0);
		clrtoeol();
		refresh();
	}
	endwin();
}

void term_end(void)
{
	if (!term.screen)
		return;
	leave_screen();
	delscreen(term.screen);
	term.screen = NULL;
	close(term.pipe[0]);
	close(term.pipe[1]);
}

/* -------------------------------------------------------------- wait --- */

static unsigned int take(volatile sig_atomic_t *flag, unsigned int wake)
{
	if (!*flag)
		return 0;
	*flag = 0;
	return wake;
}

unsigned int term_poll(void)
{
	unsigned int wake = take(&term.resize, TERM_RESIZE) | take(&term.interrupt, TERM_INT) |
			    take(&term.stop, TERM_STOP);

	return wake | (term.lost ? TERM_LOST : 0);
}

/* Readable, yet nothing to read: the other side has gone. */
static bool at_end(void)
{
	int n = 0;

	return ioctl(STDIN_FILENO, FIONREAD, &n) || n == 0;
}

unsigned int term_wait(void)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = term.pipe[0], .events = POLLIN },
	};
	unsigned int wake = term_poll();
	char drain[64];

	if (wake)
		return wake;
	if (poll(fds, 2, -1) < 0 && errno != EINTR)
		return TERM_LOST;
	while (read(term.pipe[0], drain, sizeof(drain)) > 0)
		;
	wake = term_poll();
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		return wake | TERM_LOST;
	if (fds[0].revents & POLLIN)
		wake |= at_end() ? TERM_LOST : TERM_INPUT;
	return wake;
}

void term_resize(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	clearok(stdscr, TRUE);
}

void term_suspend(void)
{
	leave_screen();
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	catch (SIGTSTP, on_signal, SA_RESTART);
	term_resize();
	refresh();
}
