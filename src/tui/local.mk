# libtui.a
