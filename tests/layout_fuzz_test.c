/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shipped layouts, damaged at random - but the same way each time - must
 * load or be reported, never crash or leak (the sanitizers see to that), and
 * what loads must survive being written and read again.
 */
#include <config.h>

#include "layout_test.h"

#include <stdint.h>

#define ROUNDS 400 /* for each layout; a second or two under ASan */

/* What a person or a broken tool puts into such files. */
static const char *const scraps[] = {
	"\n",
	" ",
	"\t",
	"-",
	":",
	": ",
	"{",
	"}",
	"[",
	"]",
	"#",
	"'",
	"\"",
	"&a ",
	"*a",
	"!!int",
	"<<",
	"---\n",
	"?",
	"|",
	"~",
	"null",
	"0x",
	"-1",
	"010",
	"1.5",
	"16k5",
	"0",
	"4K",
	"4G",
	"64T",
	"no",
	"flase",
	"\xff",
	"\xc3",
	"\x01",
	"\\0",
	"é",
	"DMA",
	"name",
	"size",
	"base",
	"cpus: 2\n",
	"0x0-0xfffffffffff",
	"18446744073709551615",
};
#define NR_SCRAPS (sizeof(scraps) / sizeof(*scraps))

/* Numerical Recipes' generator: any will do that is the same everywhere. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Change text once: put a scrap in, over or instead of something, take or double a piece, or cut it off. */
static void mutate(char *text, size_t *len, size_t max, uint32_t *seed)
{
	const char *scrap = scraps[next_random(seed) % NR_SCRAPS];
	size_t at = *len ? next_random(seed) % *len : 0, piece = next_random(seed) % 24, size = strlen(scrap);
	unsigned int how = next_random(seed) % 8;

	if (piece > *len - at)
		piece = *len - at;
	if (how == 0 && next_random(seed) % 4 == 0) {
		*len = at;
		return;
	}
	if (how < 3) {
		memmove(text + at, text + at + piece, *len - at - piece);
		*len -= piece;
	}
	if (how == 3) {
		scrap = text + at;
		size = piece;
	}
	if (how == 0 || *len + size > max)
		return;
	memmove(text + at + size, text + at, *len - at);
	memmove(text + at, scrap == text + at ? text + at + size : scrap, size);
	*len += size;
}

static int check_rewrite(const struct layout *layout)
{
	char *text = NULL, *messages;
	struct layout *again;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int failed = !out || layout_write(layout, out) != 0;

	if (out)
		fclose(out);
	again = failed ? NULL : parse("written", text, len, &messages);
	if (!again)
		printf("FAIL: does not load again:\n%s%s", text, failed ? "" : messages);
	if (!failed)
		free(messages);
	layout_free(again);
	free(text);
	return !again;
}

static int check_text(const char *text, size_t len)
{
	char *messages;
	struct layout *layout = parse("damaged", text, len, &messages);
	int failed = !layout != !!strstr(messages, ": error: ");

	if (failed)
		printf("FAIL: %s\n%s\n%.*s\n", layout ? "loaded in spite of" : "not loaded, but", messages,
		       (int)len, text);
	if (layout)
		failed |= check_rewrite(layout);
	layout_free(layout);
	free(messages);
	return failed;
}

static int check_layout(const char *name, uint32_t seed)
{
	char *path = source_path("layouts/%s.yaml", name), *text, *damaged;
	int failed = 0;
	size_t len, max, n;

	text = read_whole(path, &len);
	free(path);
	if (!text)
		return 1;
	max = 2 * len + 256;
	damaged = malloc(max);
	for (int round = 0; damaged && round < ROUNDS; round++) {
		memcpy(damaged, text, len);
		n = len;
		for (uint32_t i = next_random(&seed) % 6 + 1; i; i--)
			mutate(damaged, &n, max, &seed);
		failed += check_text(damaged, n);
	}
	free(damaged);
	free(text);
	return failed;
}

int main(void)
{
	int failed = 0;

	for (size_t i = 0; i < NR_SHIPPED; i++)
		failed += check_layout(shipped_layouts[i], (uint32_t)i + 1);
	printf("%zu layouts, %d mutations each, %d failed\n", NR_SHIPPED, ROUNDS, failed);
	return failed != 0;
}
