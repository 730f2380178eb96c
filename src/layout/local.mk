# liblayout.a
