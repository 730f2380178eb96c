# SPDX-License-Identifier: GPL-3.0-or-later
# liblayout.a: layouts read, checked and written; and the layouts themselves
noinst_LIBRARIES += liblayout.a
liblayout_a_SOURCES = \
	include/buddyviz/layout.h \
	src/layout/check.c \
	src/layout/convert.c \
	src/layout/convert_claims.c \
	src/layout/convert_nodes.c \
	src/layout/convert_state.c \
	src/layout/convert_state.h \
	src/layout/convert_state_allocations.c \
	src/layout/convert_state_lists.c \
	src/layout/convert_state_nodes.c \
	src/layout/convert_state_zones.c \
	src/layout/convert_zones.c \
	src/layout/diag.c \
	src/layout/emit.c \
	src/layout/index.c \
	src/layout/internal.h \
	src/layout/layout.c \
	src/layout/number.c \
	src/layout/schema.c \
	src/layout/state.h \
	src/layout/state_rules.c \
	src/layout/state_schema.c \
	src/layout/text.c \
	src/layout/verify.c \
	src/layout/verify_state.c \
	src/layout/write.c \
	src/layout/write_state.c \
	src/layout/zone_type.c
nodist_liblayout_a_SOURCES = src/layout/builtin.c

# layouts/bst.yaml as a C string, a line of the file to a line of C
src/layout/builtin.c: $(srcdir)/layouts/bst.yaml
	$(AM_V_GEN)$(MKDIR_P) src/layout && { \
	echo '/* Made from layouts/bst.yaml. */' && \
	echo '#include "buddyviz/layout.h"' && \
	echo 'const char layout_builtin_name[] = "bst.yaml";' && \
	echo 'const char layout_builtin[] =' && \
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $(srcdir)/layouts/bst.yaml && \
	echo ';'; } >$@-t && mv -f $@-t $@
CLEANFILES += src/layout/builtin.c src/layout/builtin.c-t

layoutsdir = $(pkgdatadir)/layouts
dist_layouts_DATA = \
	layouts/bst.yaml \
	layouts/numa.yaml \
	layouts/small.yaml \
	layouts/tiny.yaml \
	layouts/x86_32.yaml \
	layouts/x86_64.yaml
