# SPDX-License-Identifier: GPL-3.0-or-later
# tests of README, man/ and what is shipped
DOCS_TESTS = \
	tests/docs_test.sh \
	tests/docs_commands_test.sh \
	tests/docs_lint_test.sh \
	tests/docs_shipped_test.sh

dist_check_SCRIPTS += $(DOCS_TESTS)
EXTRA_DIST += tests/docs_examples.awk
TESTS += $(DOCS_TESTS)
