/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of src/shell need of each other and nobody else may use.
 *
 * A line becomes words (words.c), words become a call: a command with its
 * values read and checked (parse.c, values.c). Only then does the command run
 * (requests.c, random.c, looks_*.c, control.c), so a wrong one changes nothing.
 */
#ifndef BUDDYVIZ_SHELL_H
#define BUDDYVIZ_SHELL_H

#include <stdint.h>

#include "buddyviz/command.h"
#include "buddyviz/page_alloc.h"
#include "buddyviz/session.h"

/* ---------------------------------------------------------- memory --- */

/* malloc and friends that end the program when there is no memory left. */
void *shell_realloc(void *old, size_t n, size_t size);
char *shell_strdup(const char *text);
char *shell_strndup(const char *text, size_t len);
char *shell_asprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ----------------------------------------------------------- words --- */

struct word {
	char *text;        /* quotes taken away */
	size_t start, end; /* where it stands in the line */
	bool quoted;       /* some of it was quoted */
};

struct words {
	struct word *word;
	size_t nr;
	size_t next;       /* offset in the line behind the command and its ';' */
	const char *error; /* NULL, or what is wrong with the line */
	bool open;         /* the line ends inside a quote */
};

/* Split the command that starts at offset from of line; false at the end of the line. */
bool words_split(const char *line, size_t from, struct words *words);
void words_free(struct words *words);

/* text as one word of a line, quoted where it needs to be; malloc'd. */
char *word_quote(const char *text);

/* ------------------------------------------------------------ call --- */

struct value {
	const struct command_arg *arg;
	char *text; /* canonical; NULL: not given */
	uint64_t number, number2, number3;
	gfp_t gfp;
	bool migratable;
	enum lru_use lru;
};

struct call {
	struct session *session;
	const struct command *command;
	struct value *pos;
	size_t nr_pos;
	struct value opts[COMMAND_MAX_OPTS]; /* as in command->opts */
	char *rest;                          /* what stands behind the command's name, raw */
	const char *source;
	unsigned int lineno;
	FILE *out, *err;
	char *record; /* what the history shall remember instead of the call, malloc'd */
	bool look;    /* it changed nothing after all: the history shall not remember it */
	bool changed; /* it changed what session_signature() does not count */
};

/* Read the words of one command into call, whose session, source, out and err are set. */
int call_parse(struct call *call, const char *line, const struct words *words);
void call_free(struct call *call);

/* Write "SOURCE:LINE: error: …" and return SESSION_ERROR. */
int call_error(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The value of an option or flag, NULL if it was not given; its number, or what stands for it. */
const struct value *call_opt(const struct call *call, const char *name);
uint64_t call_number(const struct call *call, const char *name, uint64_t otherwise);

/* The call as a line that does the same again: full names, quoted; malloc'd. */
char *call_text(const struct call *call);

/* The command a word means: exact name, alias or unambiguous prefix; NULL and, in *several, how many it could
 * be. */
const struct command *command_match(const char *word, unsigned int *several);

/* Does word begin name, whatever the case? */
bool is_prefix(const char *word, const char *name);

/* ---------------------------------------------------------- values --- */

/* Read value->text as value->arg->kind; an error is written and SESSION_ERROR returned. */
int value_read(const struct call *call, struct value *value);

/* Say what a value should have been; SESSION_ERROR. */
int value_wrong(const struct call *call, const struct value *value, const char *expected);
/* Read a value that is one of nr names, or an unambiguous prefix. Sets number. */
int value_name(const struct call *call, struct value *value, const char *const *names, unsigned int nr);
/* Readers by kind. */
int read_handle(const struct call *call, struct value *value);
int read_mode(const struct call *call, struct value *value);
int read_range(const struct call *call, struct value *value);
int read_cma_verb(const struct call *call, struct value *value);
int read_cma_what(const struct call *call, struct value *value);

/* A number, decimal or 0x…, the whole text; suffixes K, M, G, T if sizes. */
bool number_parse(const char *text, bool sizes, uint64_t *number);

/* The class word that text means (prefixes too), or NULL. */
const struct gfp_class *gfp_class_match(const char *text, size_t len);

/* --------------------------------------------------------- session --- */

struct history_entry { /* one command of the history */
	char *text;
	char *source;
	unsigned int lineno;
	bool idle; /* it left every page and every setting as it was, for what its user can see */
};

struct note {               /* what a handle has besides its public part */
	bool refused;       /* the machine never gave it anything */
	uint32_t random_at; /* its place in random_live */
};

/* What the OOM killer may choose: all that one owner holds. Pages. */
struct process {
	const char *owner;
	unsigned long rss, swap;
};

struct session {
	struct layout *layout;
	struct session_options options;
	struct trace_listener *listener;
	struct mm *mm;

	struct handle *handles; /* owner number - 1 is the index */
	struct note *notes;
	size_t nr_handles, max_handles;
	void *names; /* tsearch tree of struct name */
	unsigned long next_auto, next_random;
	unsigned long used_pages; /* held by handles */
	uint32_t *random_live,
		*random_spare; /* indices of handles made by random: held; freed, to be used again */
	size_t nr_random_live, nr_random_spare, max_random_live, max_random_spare;

	struct history_entry *history;
	size_t nr_history, max_history, position;

	struct alloc_request last;
	bool has_last;
	bool replaying;            /* no listener, no history, no interruption */
	unsigned int depth;        /* of source and expect */
	unsigned int scripts;      /* that are being run, one within the other */
	struct process *processes; /* as the OOM killer saw them last */
	size_t nr_processes, max_processes;
	const char *killed;  /* the owner it killed last, NULL: none since it was cleared */
	char *kills;         /* what is to be told of it */
	bool broken_off;     /* an interrupt ended a request: replay takes it back */
	struct moves *moves; /* where moved pages are noted, or NULL */
	FILE *null;
};

/* Run one parsed or unparsed command text; record says whether it may enter the history. */
int session_run(struct session *s, const char *line, const struct words *words, const char *source,
		unsigned int lineno, FILE *out, FILE *err);

/* A script is about to run this command: tell whoever wants to know (session_options.script_line), in
 * script.c. */
void script_tell(const struct session *s, const char *command);

/* Carry out a command of the history again, moving on in it. words are those of its text. */
int session_redo(struct session *s, const struct history_entry *entry, const struct words *words, FILE *out,
		 FILE *err);

/* Has the user asked for an end? */
bool session_interrupted(const struct session *s);

/* A fresh machine, handles forgotten; visible: the listener hears it boot. false: out of memory, nothing
 * changed. */
bool session_boot(struct session *s, bool visible);

/*
 * A number that differs before and after a command if it handed out, took back or moved a
 * page, or changed a setting. Marks of a page and the kernel's own notes (who was woken,
 * what was deferred) do not count.
 */
uint64_t session_signature(const struct session *s);

/* Does the command begin from a fresh machine, so that nothing before it matters? */
bool history_starts_afresh(const struct history_entry *entry);

/* Go to a place in the history by replaying it. false: as session_boot(). */
bool session_replay(struct session *s, size_t position);

/* --------------------------------------------------------- handles --- */

/* The newest handle of that name, or -1; its index. */
long handle_find(const struct session *s, const char *name);

/* The owner number that the next handle_add() or handle_add_random() will stand for. */
uint32_t handle_next_owner(const struct session *s);
uint32_t handle_next_random_owner(const struct session *s);

/* A new handle; name NULL: the next free "aN". pfn PFN_NONE: refused. Returns its index. */
uint32_t handle_add(struct session *s, const char *name, const char *owner, const struct handle *what);
uint32_t handle_add_random(struct session *s, const struct handle *what);

/* Its block went back to the machine. */
void handle_drop(struct session *s, uint32_t index);

/* Forget all handles. */
void handles_clear(struct session *s);

/* The handles that the layout's state has, after handles_clear(). */
void handles_restore(struct session *s);

/* `random` commands since the machine was fresh, those before it was saved included. */
unsigned long random_workloads(const struct session *s);

static inline bool handle_live(const struct handle *handle)
{
	return handle->pfn != PFN_NONE;
}

/* Live, or its contents are in swap or in a file: it can be used and freed. */
static inline bool handle_held(const struct handle *handle)
{
	return handle_live(handle) || handle->gone == HANDLE_SWAPPED || handle->gone == HANDLE_DROPPED;
}

/*
 * Give what a held handle stands for back to the machine, and drop the handle;
 * result as for free_pages(), untouched if nothing was resident.
 */
void handle_release(struct session *s, uint32_t index, unsigned int cpu, bool cold,
		    struct free_result *result);

/* --------------------------------------------------------- owners.c --- */

/* The blocks that moved, in order, while a command ran. */
struct moves {
	struct move {
		uint32_t owner;
		unsigned long from, to;
	} * move;
	size_t nr, max;
};

/* Note the moves from now on; and write them if the call asks for it, one a line, and forget them. */
void moves_begin(struct session *s, struct moves *moves);
void moves_end(const struct call *call, struct moves *moves);

/* Hear what the session's new machine does to owners. */
void session_hear(struct session *s);
/* The kernel's threads get the CPU: between requests, and after every command. */
void session_threads(struct session *s);
/* Was that owner killed since s->killed was cleared? */
bool owner_killed(const struct session *s, const char *owner);
/* Write who was killed since the last time. */
void tell_kills(struct session *s, FILE *out);

/* ------------------------------------------------------- selections --- */

/* The handles a command is about, each once. */
struct selection {
	uint32_t *index;
	size_t nr, max;
	uint8_t *taken; /* by handle index */
};

void selection_init(struct selection *sel, const struct session *s);
void selection_free(struct selection *sel);
/* By the call's words and its options all, owner=, every= and from=; an error is written. */
int select_blocks(const struct call *call, struct selection *sel);
/* The one whose block begins at pfn. */
int select_pfn(const struct call *call, struct selection *sel, unsigned long pfn);
/* The history is to remember an interrupted command as one of the first done handles. */
void record_handles(struct call *call, const struct selection *sel, size_t done);

/* Write why the machine refused a handle's request. */
void print_refusal(const struct call *call, const struct handle *handle, const struct alloc_request *req);

/* ---------------------------------------------------------- cma.c --- */

/* The area that all pages of a HANDLE_CMA come from. */
struct cma_area *handle_area(const struct session *s, const struct handle *handle);
/* "cma alloc" and "cma free". */
int cma_alloc_command(struct call *call);
int cma_free_command(struct call *call);

/* -------------------------------------------------------- commands --- */

int run_alloc(struct call *call);
int run_get_free_pages(struct call *call);
int run_free(struct call *call);
int run_free_pages(struct call *call);
int run_drain(struct call *call);
int run_touch(struct call *call);
int run_dirty(struct call *call);
int run_reclaim(struct call *call);
int run_compact(struct call *call);
int run_isolate(struct call *call);
int run_unisolate(struct call *call);
int run_random(struct call *call);

int run_zoneinfo(struct call *call);
int run_buddyinfo(struct call *call);
int run_pagetypeinfo(struct call *call);
int run_extfrag(struct call *call);
int run_bootlog(struct call *call);
int run_memblock(struct call *call);
int run_nodes(struct call *call);
int run_zones(struct call *call);
int run_zonelists(struct call *call);
int run_cma(struct call *call);
int run_allocs(struct call *call);
int run_lists(struct call *call);
int run_pcp(struct call *call);
int run_pageblocks(struct call *call);
int run_page(struct call *call);
int run_convert(struct call *call);
int run_gfp(struct call *call);
int run_check(struct call *call);
int run_lru(struct call *call);
int run_vmstat(struct call *call);

int run_save(struct call *call);
int run_set(struct call *call);
int run_undo(struct call *call);
int run_redo(struct call *call);
int run_history(struct call *call);
int run_source(struct call *call);
int run_reset(struct call *call);
int run_boot(struct call *call);
int run_expect(struct call *call);
int run_echo(struct call *call);
int run_help(struct call *call);
int run_quit(struct call *call);

/* Check that name= can be given to a new handle; an error is written. */
int check_name(const struct call *call, const char *name);
/* Free one handle and tell of it. */
void free_one(const struct call *call, uint32_t index);

/* The words after "failed": why the machine refused a request. */
void explain_failure(const struct mm *mm, const struct alloc_request *req, FILE *out);

/* Does the zone pass the call's node= and zone= options? */
bool zone_selected(const struct call *call, const struct zone *zone);

/* The kernel virtual address of a frame in the linear map; 0 for highmem. */
uint64_t page_address(const struct mm *mm, unsigned long pfn);

/* The index of the node a CPU belongs to. */
int cpu_to_node(const struct mm *mm, unsigned int cpu);

#endif
