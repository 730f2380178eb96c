# SPDX-License-Identifier: GPL-3.0-or-later
# Random sessions: some with `make check`, 1000 and 20 with `make check-property`.
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

# Ctrl-C at every moment of a long command.
check_PROGRAMS += tests/interrupt_test
TESTS += tests/interrupt_test
tests_interrupt_test_SOURCES = tests/interrupt_test.c
tests_interrupt_test_LDADD = libshell.a liblayout.a libmm.a liblayout.a $(CYAML_LIBS) $(YAML_LIBS)
