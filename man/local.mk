# SPDX-License-Identifier: GPL-3.0-or-later
dist_man_MANS = \
	man/buddyviz.1 \
	man/buddyviz-layout.5 \
	man/buddyviz-commands.7
