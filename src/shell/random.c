/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workload that can be told apart from chance only by its seed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buddyviz/state.h"
#include "shell.h"
#include "text.h"

#define DEFAULT_FILL 70

struct workload {
	uint64_t state;                 /* of the generator */
	unsigned int low, high;         /* orders */
	uint64_t mix[MIGRATE_PCPTYPES]; /* shares by migratetype asked for */
	unsigned long target;           /* pages to be held */
	unsigned long allocated, refused, freed;
};

/* SplitMix64 (Steele, Lea and Flood, 2014): a counter, and a mixing of its bits. */
static uint64_t next_random(struct workload *w)
{
	uint64_t z = w->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number below n, which is far below 2^32. */
static uint32_t random_below(struct workload *w, uint64_t n)
{
	return (uint32_t)((next_random(w) >> 32) * n >> 32);
}

/* Each order half as often as the one below it. */
static unsigned int random_order(struct workload *w)
{
	uint64_t bits = next_random(w);
	unsigned int order = w->low;

	while (order < w->high && bits & 1) {
		bits >>= 1;
		order++;
	}
	return order;
}

static gfp_t random_gfp(struct workload *w)
{
	static const gfp_t gfp[MIGRATE_PCPTYPES] = {
		[MIGRATE_UNMOVABLE] = GFP_KERNEL,
		[MIGRATE_MOVABLE] = GFP_HIGHUSER_MOVABLE,
		[MIGRATE_RECLAIMABLE] = GFP_KERNEL | __GFP_RECLAIMABLE,
	};
	uint64_t pick = random_below(w, w->mix[0] + w->mix[1] + w->mix[2]);
	int type = 0;

	while (pick >= w->mix[type])
		pick -= w->mix[type++];
	return gfp[type];
}

static void random_alloc(struct session *s, struct workload *w)
{
	struct handle what = { 0 };

	s->last = (struct alloc_request){ .order = random_order(w), .gfp = random_gfp(w) };
	s->last.cpu = s->mm->nr_cpus > 1 ? random_below(w, s->mm->nr_cpus) : 0;
	s->last.node = cpu_to_node(s->mm, s->last.cpu);
	s->last.migratable = s->last.gfp & __GFP_MOVABLE;
	s->last.owner = handle_next_random_owner(s);
	s->has_last = true;
	what.pfn = alloc_pages(s->mm, &s->last);
	what.order = s->last.order;
	what.gfp = s->last.gfp;
	what.migratable = s->last.migratable;
	if (!handle_live(&what)) {
		w->refused++;
		return;
	}
	handle_add_random(s, &what);
	w->allocated++;
}

static void random_free(struct session *s, struct workload *w)
{
	uint32_t index = s->random_live[random_below(w, s->nr_random_live)];
	unsigned int cpu = s->mm->nr_cpus > 1 ? random_below(w, s->mm->nr_cpus) : 0;

	if (free_pages(s->mm, cpu, s->handles[index].pfn, s->handles[index].order, false, NULL) != 0)
		abort(); /* the handle and the machine disagree: `check` would say so */
	handle_drop(s, index);
	w->freed++;
}

/* Two steps towards the target for one away from it. */
static void random_step(struct session *s, struct workload *w)
{
	bool towards = random_below(w, 3) > 0;
	bool alloc = (s->used_pages < w->target) == towards;

	if (alloc || s->nr_random_live == 0)
		random_alloc(s, w);
	else
		random_free(s, w);
	session_threads(s);
}

unsigned long random_workloads(const struct session *s)
{
	unsigned long nr = s->layout->state ? s->layout->state->session.workloads : 0;

	for (size_t i = s->position; i > 0 && !history_starts_afresh(&s->history[i - 1]); i--)
		nr += strncmp(s->history[i - 1].text, "random ", 7) == 0;
	return nr;
}

/* The nth workload since the boot that names no seed has a seed of its own. */
static uint64_t default_seed(const struct session *s)
{
	return s->options.seed + random_workloads(s);
}

static void read_workload(const struct call *call, struct workload *w, uint64_t seed)
{
	const struct session *s = call->session;
	const struct value *orders = call_opt(call, "orders"), *mix = call_opt(call, "mix");
	uint64_t fill = call_number(call, "fill", DEFAULT_FILL);

	*w = (struct workload){ .state = seed, .mix = { 4, 5, 1 } };
	w->high = s->mm->max_order;
	if (orders) {
		w->low = (unsigned int)orders->number;
		w->high = (unsigned int)orders->number2;
	}
	if (mix) {
		w->mix[MIGRATE_UNMOVABLE] = mix->number;
		w->mix[MIGRATE_MOVABLE] = mix->number2;
		w->mix[MIGRATE_RECLAIMABLE] = mix->number3;
	}
	w->target = s->mm->managed_pages / 100 * fill + s->mm->managed_pages % 100 * fill / 100;
}

/* What the history remembers: as many operations as were done, and the seed. */
static void record_random(struct call *call, uint64_t done, uint64_t seed)
{
	static const char *const others[] = { "orders", "mix", "fill" };
	size_t size;
	FILE *out = open_memstream(&call->record, &size);

	if (!out)
		abort();
	fprintf(out, "random %llu", (unsigned long long)done);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		const struct value *value = call_opt(call, others[i]);

		if (value)
			fprintf(out, " %s=%s", others[i], value->text);
	}
	fprintf(out, " seed=%llu", (unsigned long long)seed);
	fclose(out);
}

int run_random(struct call *call)
{
	struct session *s = call->session;
	uint64_t ops = call->pos[0].number, done = 0;
	const struct value *given = call_opt(call, "seed");
	uint64_t seed = given ? given->number : default_seed(s);
	struct workload w;
	bool stopped = false;

	read_workload(call, &w, seed);
	while (done < ops && !stopped) {
		random_step(s, &w);
		done += !s->broken_off; /* a request that was broken off does not count: it is taken back */
		stopped = s->broken_off || (done < ops && session_interrupted(s));
	}
	fprintf(call->out,
		"random%s after %llu operation%s: %lu allocated, %lu refused, %lu freed; "
		"%zu block%s held by random, %lu page%s by all; seed=%llu\n",
		stopped ? " interrupted" : "", (unsigned long long)done, plural(done), w.allocated, w.refused,
		w.freed, s->nr_random_live, plural(s->nr_random_live), s->used_pages, plural(s->used_pages),
		(unsigned long long)seed);
	record_random(call, done, seed);
	return stopped ? SESSION_INTERRUPTED : SESSION_OK;
}
