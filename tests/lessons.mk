# SPDX-License-Identifier: GPL-3.0-or-later
# The lessons, each run on its layout.
dist_check_SCRIPTS += tests/lessons_test.sh
TESTS += tests/lessons_test.sh
