# SPDX-License-Identifier: GPL-3.0-or-later
# Random sessions: a few with `make check`, 1000 and 20 with `make check-property`.
check_PROGRAMS += tests/property_test
TESTS += tests/property_test
tests_property_test_SOURCES = \
	tests/property.h \
	tests/property_layouts.c \
	tests/property_lines.c \
	tests/property_test.c
tests_property_test_LDADD = libshell.a liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS)

.PHONY: check-property
check-property: tests/property_test
	PROPERTY_SESSIONS=1000 PROPERTY_BST_SESSIONS=20 tests/property_test
