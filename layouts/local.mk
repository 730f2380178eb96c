# SPDX-License-Identifier: GPL-3.0-or-later
layoutsdir = $(pkgdatadir)/layouts
dist_layouts_DATA = \
	layouts/bst.yaml \
	layouts/numa.yaml \
	layouts/tiny.yaml \
	layouts/x86_32.yaml \
	layouts/x86_64.yaml
