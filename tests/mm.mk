# tests of src/mm: the replay of recorded transcripts needs no test library
check_PROGRAMS += tests/transcript
tests_transcript_SOURCES = \
	tests/transcript.c \
	tests/transcript.h \
	tests/transcript_check.c \
	tests/transcript_dump.c \
	tests/transcript_machine.c \
	tests/transcript_read.c \
	tests/transcript_state.c
tests_transcript_CFLAGS = $(AM_CFLAGS) $(LZMA_CFLAGS)
tests_transcript_LDADD = libmm.a liblayout.a $(LZMA_LIBS)
