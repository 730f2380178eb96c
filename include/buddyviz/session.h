/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: a machine, the commands given to it, and the handles they
 * returned. A session is its list of commands: undo is replay. Knows no screen.
 */
#ifndef BUDDYVIZ_SESSION_H
#define BUDDYVIZ_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "buddyviz/layout.h"
#include "buddyviz/mm.h"
#include "buddyviz/page_alloc.h"

struct session;

/* Which interface handed it out, and so which one takes it back. */
enum handle_kind {
	HANDLE_PAGES,      /* alloc_pages */
	HANDLE_FREE_PAGES, /* __get_free_pages */
	HANDLE_CMA,        /* cma_alloc: nr_pages blocks of order 0, one behind the other */
};

/* Where what a handle stands for went without being freed; its pfn is PFN_NONE then. */
enum handle_gone {
	HANDLE_HERE,    /* it did not */
	HANDLE_SWAPPED, /* to swap: touch brings it back */
	HANDLE_DROPPED, /* out of the page cache: touch reads it again */
	HANDLE_KILLED,  /* with its owner, whom the OOM killer chose */
};

/* What one handle stands for; the strings are the session's. */
struct handle {
	const char *name;  /* "a1", or what name= said */
	const char *owner; /* owner=, or NULL */
	unsigned long pfn; /* follows its page; PFN_NONE once freed */
	unsigned int order;
	unsigned long nr_pages; /* HANDLE_CMA: so many; else 0, and order says it */
	gfp_t gfp;
	enum handle_kind kind;
	bool random;      /* made by the `random` workload, which takes its name again once it is freed */
	bool migratable;  /* compaction may move it */
	enum lru_use lru; /* whether its pages are on the LRU lists, and as what */
	enum handle_gone gone;
	unsigned long shadow; /* gone: when it was evicted */
};

/* Pages that a handle stands for. */
static inline unsigned long handle_pages(const struct handle *handle)
{
	return handle->kind == HANDLE_CMA ? handle->nr_pages : 1UL << handle->order;
}

enum session_status {
	SESSION_OK,          /* carried out; a refused allocation is a result too */
	SESSION_ERROR,       /* a command was wrong, or an expect failed; nothing changed */
	SESSION_QUIT,        /* the user wants to leave */
	SESSION_INTERRUPTED, /* options.interrupted said so; what was done until then stays */
};

struct session_options {
	unsigned long seed; /* of `random` */
	bool keep_going;    /* scripts go on after a wrong command */
	/* NULL, or told of each line of a script before it runs: a comment (licence and layout excepted), or
	 * a command, of an `expect` the command it watches; and, as of a comment, of what a layout's saved
	 * state brought back */
	void (*script_line)(void *arg, const char *line, bool comment);
	void *script_line_arg;
	const char *script_dir; /* NULL, or where `source NAME` finds scripts by name; the caller's */
	/* NULL, or polled between operations of a long command: true interrupts it */
	bool (*interrupted)(void *arg);
	void *interrupted_arg;
};

/* Is the layout that a script wants (a name or a path) this one, by its own name? */
bool script_fits(const struct layout *layout, const char *wanted);

/*
 * The script that name means: a file, or else one of dir (or NULL), with or
 * without its ".bv"; name itself if there is neither. malloc'd.
 */
char *script_find(const char *dir, const char *name);

/* A session on layout, which it takes over, booted. listener (or NULL) hears every event, boot included. */
struct session *session_new(struct layout *layout, const struct session_options *options,
			    struct trace_listener *listener);
void session_free(struct session *s);

/*
 * Whether a machine can be put into the layout's state, if it has one; if not,
 * err is told so as layout_load() does, and session_new() would fail.
 */
bool session_state_fits(const struct layout *layout, FILE *err);

/* The machine as it is now; undo, redo and reset replace it, so do not keep the pointer over a command. */
struct mm *session_mm(const struct session *s);

/*
 * Run one line (commands separated by ';'). Answers go to out, errors to err as
 * "SOURCE:LINE: error: …". Stops at the first wrong command of the line.
 */
enum session_status session_execute(struct session *s, const char *line, const char *source,
				    unsigned int lineno, FILE *out, FILE *err);

/* Run a stream as a script, named source in messages. Stops at the first wrong line unless keep_going. */
enum session_status session_script(struct session *s, FILE *in, const char *source, FILE *out, FILE *err);

/*
 * What a line of a script says to its reader: a comment's text, its newline cut
 * off in line; NULL: no comment, or the licence, the layout or an interpreter.
 */
char *script_comment(char *line);

/* The layout that the comments a script begins with name, "# layout: NAME"; malloc'd, NULL: none. */
char *script_wants(FILE *in);

/* Commands carried out so far that changed the machine; undo lowers it, redo raises it. */
unsigned long session_position(const struct session *s);

/* Handles in order of creation; returns how many there are, freed ones included (pfn == PFN_NONE). */
size_t session_handles(const struct session *s, const struct handle **handles);

/* The handle that owns an owner number found in page->private, or NULL. */
const struct handle *session_owner(const struct session *s, uint32_t owner);

/* The last request made, for the views that explain it; NULL: none yet. */
struct alloc_request;
const struct alloc_request *session_last_request(const struct session *s);

/*
 * What could stand at byte offset point of line: a NULL-terminated vector of
 * malloc'd words, free()d by the caller with its words; *start is where the
 * word being completed begins. NULL: nothing.
 */
char **session_complete(const struct session *s, const char *line, size_t point, size_t *start);

/* The usage line of the command that line begins, or NULL. */
const char *session_usage(const char *line);

#endif
