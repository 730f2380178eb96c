// SPDX-License-Identifier: GPL-3.0-or-later
/* Codes, sequences, actions. */
#include "config.h"

#include "keys.h"

#include <curses.h>

const struct action_help action_help[NR_ACTIONS] = {
#define X(id, keys, help) [ACTION_##id] = { keys, help },
	ACTION_TABLE(X)
#undef X
};

/* Our own codes for keys with a modifier, past all that curses hands out for extended names. */
#define KEY_OURS           0x1000
#define KEY_ACTION(action) (KEY_OURS + (int)(action))

/* Modified cursor keys as xterm and its kin send them: 2 is Shift, 3 Alt, 4 both. */
static const struct {
	char final;
	enum action action;
} cursor_keys[] = {
	{ 'A', ACTION_UP },   { 'B', ACTION_DOWN },  { 'C', ACTION_RIGHT },
	{ 'D', ACTION_LEFT }, { 'H', ACTION_FIRST }, { 'F', ACTION_LAST },
};

static const struct {
	int code;
	enum action action;
} bindings[] = {
	{ KEY_F(1), ACTION_HELP },        { KEY_F(2), ACTION_DASHBOARD },  { KEY_F(3), ACTION_LOG },
	{ KEY_F(4), ACTION_NEXT_CHANGE }, { KEY_F(5), ACTION_PREV_ZONE },  { KEY_F(6), ACTION_NEXT_ZONE },
	{ KEY_F(7), ACTION_ZOOM_OUT },    { KEY_F(8), ACTION_ZOOM_IN },    { KEY_F(9), ACTION_FOLLOW },
	{ KEY_F(10), ACTION_PATH },       { KEY_BTAB, ACTION_NEXT_PANEL }, { KEY_SR, ACTION_UP },
	{ KEY_SF, ACTION_DOWN },          { KEY_SLEFT, ACTION_LEFT },      { KEY_SRIGHT, ACTION_RIGHT },
	{ KEY_SHOME, ACTION_FIRST },      { KEY_SEND, ACTION_LAST },       { KEY_PPAGE, ACTION_PAGE_UP },
	{ KEY_NPAGE, ACTION_PAGE_DOWN },  { 'L' - '@', ACTION_REDRAW },
};

static const struct {
	int code;
	enum action action;
} plain[] = {
	{ KEY_UP, ACTION_UP },       { KEY_DOWN, ACTION_DOWN },  { KEY_LEFT, ACTION_LEFT },
	{ KEY_RIGHT, ACTION_RIGHT }, { KEY_HOME, ACTION_FIRST }, { KEY_END, ACTION_LAST },
};

static const struct {
	int code;
	const char *sequence;
} editing[] = {
	{ KEY_UP, "\033[A" },      { KEY_DOWN, "\033[B" }, { KEY_RIGHT, "\033[C" }, { KEY_LEFT, "\033[D" },
	{ KEY_HOME, "\033[H" },    { KEY_END, "\033[F" },  { KEY_DC, "\033[3~" },   { KEY_IC, "\033[2~" },
	{ KEY_BACKSPACE, "\x7f" }, { KEY_ENTER, "\r" },
};

/* What terminals send whatever their description says, which may be an older one's: vt220, xterm, Linux. */
static const struct {
	const char *sequence;
	int code;
} sequences[] = {
	{ "\033OP", KEY_F(1) },   { "\033OQ", KEY_F(2) },    { "\033OR", KEY_F(3) },
	{ "\033OS", KEY_F(4) },   { "\033[11~", KEY_F(1) },  { "\033[12~", KEY_F(2) },
	{ "\033[13~", KEY_F(3) }, { "\033[14~", KEY_F(4) },  { "\033[15~", KEY_F(5) },
	{ "\033[17~", KEY_F(6) }, { "\033[18~", KEY_F(7) },  { "\033[19~", KEY_F(8) },
	{ "\033[20~", KEY_F(9) }, { "\033[21~", KEY_F(10) }, { "\033[[A", KEY_F(1) },
	{ "\033[[B", KEY_F(2) },  { "\033[[C", KEY_F(3) },   { "\033[[D", KEY_F(4) },
	{ "\033[[E", KEY_F(5) },  { "\033[5~", KEY_PPAGE },  { "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },
};

void keys_init(void)
{
	char sequence[] = "\033[1;2A";
	size_t i;

	for (sequence[4] = '2'; sequence[4] <= '4'; sequence[4]++) {
		for (i = 0; i < sizeof(cursor_keys) / sizeof(cursor_keys[0]); i++) {
			sequence[5] = cursor_keys[i].final;
			define_key(sequence, KEY_ACTION(cursor_keys[i].action));
		}
	}
	/* with Ctrl they move by words at the prompt: left to readline, which knows the sequences */
	sequence[4] = '5';
	for (i = 0; i < sizeof(cursor_keys) / sizeof(cursor_keys[0]); i++) {
		sequence[5] = cursor_keys[i].final;
		define_key(sequence, 0);
	}
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (key_defined(sequences[i].sequence) <= 0)
			define_key(sequences[i].sequence, sequences[i].code);
}

enum action keys_action(int code)
{
	size_t i;

	if (code >= KEY_OURS && code < KEY_ACTION(NR_ACTIONS))
		return (enum action)(code - KEY_OURS);
	for (i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++)
		if (bindings[i].code == code)
			return bindings[i].action;
	return ACTION_NONE;
}

enum action keys_plain_action(int code)
{
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (plain[i].code == code)
			return plain[i].action;
	return ACTION_NONE;
}

const char *keys_sequence(int code)
{
	size_t i;

	for (i = 0; i < sizeof(editing) / sizeof(editing[0]); i++)
		if (editing[i].code == code)
			return editing[i].sequence;
	return NULL;
}
