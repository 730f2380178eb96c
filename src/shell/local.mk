# The shell: the command table, the parser, the session.
noinst_LIBRARIES += libshell.a
libshell_a_SOURCES = \
	src/shell/complete.c \
	src/shell/control.c \
	src/shell/control_save.c \
	src/shell/control_set.c \
	src/shell/effect.c \
	src/shell/explain.c \
	src/shell/gfp_class.c \
	src/shell/handles.c \
	src/shell/looks_lists.c \
	src/shell/looks_machine.c \
	src/shell/looks_page.c \
	src/shell/owners.c \
	src/shell/parse.c \
	src/shell/random.c \
	src/shell/requests.c \
	src/shell/requests_cma.c \
	src/shell/requests_lru.c \
	src/shell/requests_move.c \
	src/shell/script.c \
	src/shell/select.c \
	src/shell/session.c \
	src/shell/shell.h \
	src/shell/table.c \
	src/shell/text.c \
	src/shell/text.h \
	src/shell/values.c \
	src/shell/values_move.c \
	src/shell/words.c
