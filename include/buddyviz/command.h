/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command table: each command is declared once, and parser, completion,
 * usage hint, help screen and manual page come from this table.
 */
#ifndef BUDDYVIZ_COMMAND_H
#define BUDDYVIZ_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "buddyviz/page_alloc.h"

struct call;

/* What a word of a command stands for: how it is read, and what completes it. */
enum arg_kind {
	ARG_END,     /* ends a list */
	ARG_FLAG,    /* the bare word itself, no value */
	ARG_NUMBER,  /* decimal or 0x… */
	ARG_ORDER,   /* 0..max_order */
	ARG_ORDERS,  /* LO..HI or one order */
	ARG_MIX,     /* U:M:E, parts of the three mobilities */
	ARG_PERCENT, /* 0..100 */
	ARG_GFP,     /* a GFP word or class word */
	ARG_HANDLE,  /* a name of something allocated */
	ARG_BLOCK,   /* a handle, a range of handles, or a PFN */
	ARG_PFN,
	ARG_PAGE,    /* a PFN, or a handle for its first page */
	ARG_ADDRESS, /* a kernel virtual address */
	ARG_PLACE,   /* a PFN or an address */
	ARG_NODE,
	ARG_CPU,
	ARG_ZONE,
	ARG_TYPE,     /* a migratetype */
	ARG_NEW_NAME, /* a name to be given */
	ARG_WORD,
	ARG_FILE,
	ARG_SCRIPT,   /* a file, or the name of one in options.script_dir */
	ARG_COMMAND,  /* a command's name */
	ARG_LINE,     /* a whole command, and what follows it */
	ARG_MODE,     /* how patient compaction is */
	ARG_RANGE,    /* FIRST-LAST, PFNs */
	ARG_CMA_VERB, /* alloc or free */
	ARG_CMA_WHAT, /* behind alloc a CMA area, behind free a handle */
	ARG_KEY,      /* a setting's name */
};

/* One word, option or flag that a command takes. */
struct command_arg {
	const char *name; /* option key, flag, or placeholder of a positional word */
	enum arg_kind kind;
	const char *help; /* a phrase, no full stop */
};

enum command_section { SECTION_REQUESTS, SECTION_LOOK, SECTION_SESSION, NR_SECTIONS };

enum command_flags {
	CMD_CHANGES = 1, /* changes the machine: kept in the history, replayed by undo */
	CMD_RAW = 2,     /* takes the rest of the line as it stands */
	CMD_REPEAT = 4,  /* the last positional word may be repeated */
};

#define COMMAND_MAX_POS  3
#define COMMAND_MAX_OPTS 10

struct command {
	const char *name;
	char alias; /* one letter, or 0 */
	enum command_section section;
	unsigned int flags;    /* enum command_flags */
	unsigned int min_pos;  /* positional words it needs */
	const char *elsewhere; /* NULL, or what other programs call it, between blanks: a wrong word that says
				  what was meant, never a name of it */
	const char *usage;     /* the whole line: "alloc ORDER [GFP] …" */
	const char *summary;   /* a phrase, no full stop */
	const char *help;      /* sentences: what it does, and how */
	struct command_arg pos[COMMAND_MAX_POS + 1];
	struct command_arg opts[COMMAND_MAX_OPTS + 1];
	int (*run)(struct call *call); /* enum session_status; of src/shell */
};

/* All commands, in the order the help shows them; the table ends with name == NULL. */
extern const struct command command_table[];

/* The heading of a section. */
const char *command_section_name(enum command_section section);

/* The command of exactly that name, or NULL. */
const struct command *command_find(const char *name);

/* The command that somebody means who types a word that is none: elsewhere it is the name, or nearly; or
 * NULL. */
const char *command_meant(const char *word);

/* The entry of names (NULL-terminated) nearest to word in its letters, or NULL if none is near. */
const char *nearest_word(const char *word, const char *const *names);

/* A GFP class word: what a teacher says instead of flags. */
struct gfp_class {
	const char *name;
	unsigned int gfp;
	bool migratable;  /* its owner lets compaction move it */
	enum lru_use lru; /* the LRU lists its pages go on */
	const char *help;
};

/* All class words; the table ends with name == NULL. */
extern const struct gfp_class gfp_classes[];

#endif
