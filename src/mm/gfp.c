/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GFP words by name.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buddyviz/gfp.h"

#define N(name)                                                                                              \
	{                                                                                                    \
#name, name                                                                                  \
	}
#define X(name, value) { #name, value },
const struct gfp_name gfp_names[] = {
	/* a larger composite stands before those it contains */
	N(GFP_TRANSHUGE),
	N(GFP_TRANSHUGE_LIGHT),
	N(GFP_HIGHUSER_MOVABLE),
	N(GFP_HIGHUSER),
	N(GFP_USER),
	N(GFP_KERNEL_ACCOUNT),
	N(GFP_KERNEL),
	N(GFP_NOFS),
	N(GFP_ATOMIC),
	N(GFP_NOIO),
	N(GFP_NOWAIT),
	N(GFP_DMA),
	N(GFP_DMA32),
	N(__GFP_RECLAIM),
	GFP_FLAG_TABLE(X){ NULL, 0 },
};
#undef X
#undef N

static const struct gfp_name *find_name(const char *text, size_t len)
{
	for (const struct gfp_name *n = gfp_names; n->name; n++)
		if (strlen(n->name) == len && !strncmp(n->name, text, len))
			return n;
	return NULL;
}

/* A number written out, 0x… or 0; false if it is none or has more than 32 bits. */
static bool parse_number(const char *text, size_t len, gfp_t *value)
{
	char buf[16], *end;
	unsigned long v;

	if (len == 0 || len >= sizeof(buf) || text[0] != '0')
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	errno = 0;
	v = strtoul(buf, &end, 0);
	if (errno || *end || v > UINT32_MAX || (len > 1 && buf[1] != 'x'))
		return false;
	*value = (gfp_t)v;
	return true;
}

int gfp_parse(const char *text, gfp_t *gfp, const char **bad, size_t *bad_len)
{
	gfp_t word = 0;

	for (const char *part = text;; part++) {
		size_t len = strcspn(part, "|");
		bool take_away = *part == '~';
		const struct gfp_name *name = find_name(part + take_away, len - take_away);
		gfp_t value = 0;

		if (name) {
			value = name->value;
		} else if (!parse_number(part + take_away, len - take_away, &value)) {
			*bad = part;
			*bad_len = len;
			return -1;
		}
		word = take_away ? word & ~value : word | value;
		part += len;
		if (!*part)
			break;
	}
	*gfp = word;
	return 0;
}

char *gfp_format(gfp_t gfp, char *buf, size_t size)
{
	size_t used = 0;
	gfp_t rest = gfp;

	buf[0] = '\0';
	for (const struct gfp_name *n = gfp_names; n->name && rest; n++) {
		if ((rest & n->value) != n->value)
			continue;
		rest &= ~n->value;
		used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? "|" : "", n->name);
		if (used >= size)
			return buf;
	}
	if (rest || !used)
		snprintf(buf + used, size - used, used ? "|0x%x" : rest ? "0x%x" : "0", rest);
	return buf;
}
