# libshell.a
