noinst_LIBRARIES += libmm.a
libmm_a_SOURCES = src/mm/gfp.c
