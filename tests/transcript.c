/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transcript FILE... : run the commands of recorded transcripts on a simulated
 * machine and compare every answer and every dump with the real kernel's.
 * Prints "NAME: exact N/M" for each and the first difference; exits 0 only if
 * all are exact.
 */
#include "config.h"

#include "transcript.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/compaction.h"
#include "buddyviz/page_alloc.h"

/* What one ID of a transcript stands for. */
struct slot {
	unsigned long pfn; /* PFN_NONE: nothing */
	unsigned int order;
	unsigned int moves;
	struct cma_area *cma; /* where it came from, if by cmaalloc */
	unsigned long count;  /* its pages then */
};

/* One transcript being played. */
struct player {
	struct replay replay;
	const struct transcript *t;
	size_t line; /* the next line to read */
	struct slot *slots;
	size_t nr_slots;
	unsigned long compared, exact;
	size_t differs_at; /* line of the first difference, 0 if none */
	char *expected, *got;
	bool unknown; /* a command that is not known was met */
	FILE *moves;  /* pages that migrated since the last answer, as lines */
	char *moves_text;
	size_t moves_len;
};

/* ------------------------------------------------------------- comparing --- */

static bool is_answer(const struct player *p)
{
	return p->line < p->t->nr_lines && starts_with(p->t->lines[p->line], "<");
}

static void skip_answers(struct player *p)
{
	while (is_answer(p) || (p->line < p->t->nr_lines && starts_with(p->t->lines[p->line], "#")))
		p->line++;
}

static void note(struct player *p, bool equal, const char *expected, const char *got)
{
	p->compared++;
	if (equal && !p->differs_at)
		p->exact++;
	if (equal || p->differs_at)
		return;
	p->differs_at = p->line + 1;
	p->expected = strdup(expected);
	p->got = strdup(got);
}

/* Compare our answer, some lines, with the recorded one. */
static void compare(struct player *p, char *ours)
{
	char *line, *rest = ours;

	while ((line = strsep(&rest, "\n")) && (*line || rest)) {
		const char *recorded = is_answer(p) ? p->t->lines[p->line] : "(no more lines)";

		note(p, dump_line_equal(recorded, line), recorded, line);
		p->line += is_answer(p);
	}
	for (; is_answer(p); p->line++)
		note(p, false, p->t->lines[p->line], "(no more lines)");
}

__attribute__((format(printf, 2, 3))) static void answer(struct player *p, const char *format, ...)
{
	va_list args;
	char *text, *whole;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	fclose(p->moves);
	if (asprintf(&whole, "%s%s", p->moves_text, text) < 0)
		abort();
	free(p->moves_text);
	p->moves = open_memstream(&p->moves_text, &p->moves_len);
	compare(p, whole);
	free(whole);
	free(text);
}

/* Pages moved: the machine must be whole. Only what is wrong counts as a line compared. */
static void check_machine(struct player *p)
{
	if (mm_check(p->replay.mm, NULL))
		note(p, false, "(a machine that is whole)", "(violated invariants)");
}

/* -------------------------------------------------------------- commands --- */

static struct slot *slot_of(struct player *p, const char *id)
{
	size_t n = strtoul(id, NULL, 0);

	while (n >= p->nr_slots) {
		size_t more = p->nr_slots ? 2 * p->nr_slots : 1024;

		p->slots = realloc(p->slots, more * sizeof(*p->slots));
		for (; p->nr_slots < more; p->nr_slots++)
			p->slots[p->nr_slots] = (struct slot){ .pfn = PFN_NONE };
	}
	return &p->slots[n];
}

static void do_alloc(struct player *p, char **w, bool movable)
{
	struct slot *slot = slot_of(p, w[1]);
	struct alloc_request req = { .node = atoi(w[2]),
				     .order = (unsigned int)atoi(w[3]),
				     .migratable = movable,
				     .owner = (uint32_t)strtoul(w[1], NULL, 0) + 1 };
	const char *bad;
	size_t len;

	if (gfp_parse(w[4], &req.gfp, &bad, &len) || alloc_request_error(p->replay.mm, &req)) {
		answer(p, "< error bad arguments\n");
		return;
	}
	slot->order = req.order;
	slot->moves = 0;
	slot->cma = NULL;
	slot->pfn = alloc_pages(p->replay.mm, &req);
	if (slot->pfn == PFN_NONE)
		answer(p, "< %s -> fail\n", w[1]);
	else
		answer(p, "< %s -> pfn 0x%lx\n", w[1], slot->pfn);
}

static void do_free(struct player *p, char **w)
{
	struct slot *slot = slot_of(p, w[1]);
	bool failed;

	if (slot->pfn == PFN_NONE) {
		answer(p, "< free none\n");
		return;
	}
	if (slot->cma) {
		bool released = cma_release(p->replay.mm, slot->cma, slot->pfn, slot->count);

		slot->pfn = PFN_NONE;
		answer(p, "< cma_release %d\n< ok\n", released);
		check_machine(p);
		return;
	}
	failed = free_pages(p->replay.mm, 0, slot->pfn, slot->order, false, NULL);
	slot->pfn = PFN_NONE;
	answer(p, failed ? "< error not allocated\n" : "< ok\n");
}

/* The kernel hands the memory out under "NAME" or "NAME@ADDRESS". */
static struct cma_area *find_area(const struct mm *mm, const char *name)
{
	size_t len = strlen(name);

	for (unsigned int i = 0; i < mm->nr_cma; i++) {
		const char *area = mm->cma[i].name;

		if (!strncmp(area, name, len) && (!area[len] || area[len] == '@'))
			return &mm->cma[i];
	}
	return NULL;
}

static void do_cma_alloc(struct player *p, char **w)
{
	struct mm *mm = p->replay.mm;
	struct slot *slot = slot_of(p, w[1]);
	struct cma_area *cma = find_area(mm, w[2]);

	if (!cma || !page_zone(mm, cma->base_pfn) || !page_zone(mm, cma->base_pfn + cma->count - 1)) {
		answer(p, "< error bad arguments\n");
		return;
	}
	*slot = (struct slot){ .cma = cma, .count = strtoul(w[3], NULL, 0) };
	slot->pfn = cma_alloc(mm, cma, slot->count, (unsigned int)atoi(w[4]),
			      (uint32_t)strtoul(w[1], NULL, 0) + 1, NULL);
	if (slot->pfn == PFN_NONE)
		answer(p, "< %s -> fail\n", w[1]);
	else
		answer(p, "< %s -> pfn 0x%lx\n", w[1], slot->pfn);
	check_machine(p);
}

static void do_cma_areas(struct player *p)
{
	const struct mm *mm = p->replay.mm;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (unsigned int i = 0; i < mm->nr_cma; i++)
		fprintf(out, "< cma area name=%s base=0x%lx size=0x%lx\n", mm->cma[i].name,
			mm->cma[i].base_pfn << mm->page_shift, mm->cma[i].count << mm->page_shift);
	fclose(out);
	compare(p, text);
	free(text);
}

/* A kernel without NUMA has no compact file for a node, and says -ENOENT. */
static void do_compact(struct player *p)
{
	struct compact_request req = {
		.node = p->replay.node, .zone = -1, .order = -1, .mode = MIGRATE_SYNC
	};

	if (is_answer(p) && starts_with(p->t->lines[p->line], "< compact rc=-2")) {
		answer(p, "< compact rc=-2\n");
		return;
	}
	compact_memory(p->replay.mm, &req, NULL);
	answer(p, "< compact rc=1\n");
	check_machine(p);
}

static void do_dump(struct player *p, bool whole)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	replay_dump(&p->replay, whole, out);
	fclose(out);
	compare(p, text);
	free(text);
	check_machine(p);
}

static void do_where(struct player *p, char **w)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	bool all = !strcmp(w[1], "all");
	size_t first = all ? 0 : strtoul(w[1], NULL, 0), last = all ? p->nr_slots : first + 1;

	for (size_t i = first; i < last && i < p->nr_slots; i++)
		if (p->slots[i].pfn != PFN_NONE)
			fprintf(out, "< %zu at pfn 0x%lx order %u moves %u\n", i, p->slots[i].pfn,
				p->slots[i].order, p->slots[i].moves);
	fclose(out);
	compare(p, *text || all ? text : strcpy(text, ""));
	free(text);
}

/* IDs count up from 0; one that is far out is no ID. */
static bool is_id(const char *word)
{
	return word[0] && strlen(word) <= 7 && strspn(word, "0123456789") == strlen(word);
}

static bool takes_id(const char *command)
{
	static const char *const takers[] = { "alloc", "allocm", "free", "where", "cmaalloc" };

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (!strcmp(command, takers[i]))
			return true;
	return false;
}

static void do_command(struct player *p, char **w, int words)
{
	if (takes_id(w[0]) && (words < 2 || (!is_id(w[1]) && strcmp(w[1], "all"))))
		p->unknown = true;
	else if (words == 5 && (!strcmp(w[0], "alloc") || !strcmp(w[0], "allocm")))
		do_alloc(p, w, w[0][5] == 'm');
	else if (words == 2 && !strcmp(w[0], "free"))
		do_free(p, w);
	else if (words == 2 && (!strcmp(w[0], "dump") || !strcmp(w[0], "stat")) &&
		 atoi(w[1]) == p->replay.node)
		do_dump(p, w[0][0] == 'd');
	else if (words == 2 && !strcmp(w[0], "where"))
		do_where(p, w);
	else if (words == 2 && !strcmp(w[0], "compact") && atoi(w[1]) == p->replay.node)
		do_compact(p);
	else if (words == 5 && !strcmp(w[0], "cmaalloc"))
		do_cma_alloc(p, w);
	else if (!strcmp(w[0], "cmaareas"))
		do_cma_areas(p);
	else if (!strcmp(w[0], "drain")) {
		drain_pages(p->replay.mm, -1, NULL);
		answer(p, "< ok\n");
	} else if (!strcmp(w[0], "info") || !strcmp(w[0], "tasks") || !strcmp(w[0], "map"))
		skip_answers(p); /* circumstances, not answers */
	else
		p->unknown = true;
}

static void play(struct player *p)
{
	while (p->line < p->t->nr_lines && !p->unknown) {
		char *copy, *w[8], *rest, *word;
		int words = 0;

		if (!starts_with(p->t->lines[p->line], "> ")) {
			p->line++;
			continue;
		}
		copy = rest = strdup(p->t->lines[p->line] + 2);
		while (words < 8 && (word = strsep(&rest, " \t")))
			if (*word)
				w[words++] = word;
		p->line++;
		if (words)
			do_command(p, w, words);
		if (p->unknown)
			note(p, false, p->t->lines[p->line - 1], "(a command that cannot be replayed)");
		free(copy);
	}
}

/* Count what stands after a command that could not be replayed: it was not compared. */
static void count_rest(struct player *p)
{
	for (; p->line < p->t->nr_lines; p->line++)
		p->compared += starts_with(p->t->lines[p->line], "<");
}

static void page_moved(void *arg, uint32_t owner, unsigned long from, unsigned long to)
{
	struct player *p = arg;

	if (!owner || owner > p->nr_slots)
		return;
	fprintf(p->moves, "< move %u 0x%lx -> 0x%lx\n", owner - 1, from, to);
	p->slots[owner - 1].pfn = to;
	p->slots[owner - 1].moves++;
}

/* A line, or the part of it from a little before where it begins to differ from other. */
static void print_difference(const char *label, const char *line, const char *other)
{
	size_t same = 0, from;

	while (line[same] && line[same] == other[same])
		same++;
	from = same > 60 ? same - 40 : 0;
	printf("  %s %s%.160s%s\n", label, from ? "..." : "", line + from,
	       strlen(line + from) > 160 ? "..." : "");
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Play one file; returns whether it was exact. */
static bool play_file(const char *path)
{
	struct transcript t;
	struct player p = { .t = &t };
	const char *error = transcript_read(&t, path);
	bool exact = false;

	if (!error)
		error = replay_setup(&p.replay, &t);
	if (error) {
		printf("%s: %s\n", name_of(path), error);
	} else {
		p.moves = open_memstream(&p.moves_text, &p.moves_len);
		p.replay.mm->page_moved = page_moved;
		p.replay.mm->page_moved_arg = &p;
		p.line = p.replay.start;
		play(&p);
		count_rest(&p);
		exact = p.compared && p.exact == p.compared;
		printf("%s: exact %lu/%lu\n", name_of(path), p.exact, p.compared);
		if (p.differs_at) {
			printf("  line %zu\n", p.differs_at);
			print_difference("expected", p.expected, p.got);
			print_difference("got     ", p.got, p.expected);
		}
		fclose(p.moves);
		free(p.moves_text);
	}
	free(p.slots);
	free(p.expected);
	free(p.got);
	replay_free(&p.replay);
	transcript_free(&t);
	return exact;
}

int main(int argc, char **argv)
{
	bool all = argc > 1;

	if (argc < 2)
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
	for (int i = 1; i < argc; i++)
		all = play_file(argv[i]) && all;
	return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
