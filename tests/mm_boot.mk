# SPDX-License-Identifier: GPL-3.0-or-later
# tests of the boot and of the kernel's text files
if HAVE_CMOCKA
MM_BOOT_TESTS = tests/boot_test tests/boots_test tests/memblock_test tests/procfs_test tests/watermark_test
check_PROGRAMS += $(MM_BOOT_TESTS)
TESTS += $(MM_BOOT_TESTS)
MM_BOOT_LIBS = libmm.a liblayout.a libmm.a $(CYAML_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS)

tests_boot_test_SOURCES = tests/boot_test.c tests/machine.h
tests_boot_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_boot_test_LDADD = $(MM_BOOT_LIBS)
tests_boots_test_SOURCES = tests/boots_test.c tests/machine.h
tests_boots_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_boots_test_LDADD = $(MM_BOOT_LIBS)
tests_procfs_test_SOURCES = tests/procfs_test.c tests/machine.h
tests_procfs_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_procfs_test_LDADD = $(MM_BOOT_LIBS)
tests_memblock_test_SOURCES = tests/memblock_test.c tests/machine.h
tests_memblock_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_memblock_test_LDADD = $(MM_BOOT_LIBS)
tests_watermark_test_SOURCES = tests/watermark_test.c tests/machine.h
tests_watermark_test_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_watermark_test_LDADD = $(MM_BOOT_LIBS)
endif
EXTRA_DIST += \
	tests/boots/a64-2node-holes.expect tests/boots/a64-2node-holes.log tests/boots/a64-2node-holes.yaml \
	tests/boots/a64-board.expect tests/boots/a64-board.log tests/boots/a64-board.yaml \
	tests/boots/a64-board-smp4.expect tests/boots/a64-board-smp4.log tests/boots/a64-board-smp4.yaml \
	tests/boots/i386-highmem-2g.expect tests/boots/i386-highmem-2g.log tests/boots/i386-highmem-2g.yaml \
	tests/boots/x86-1node-512.expect tests/boots/x86-1node-512.log tests/boots/x86-1node-512.yaml \
	tests/boots/x86-2node-5g.expect tests/boots/x86-2node-5g.log tests/boots/x86-2node-5g.yaml \
	tests/boots/x86-2node-span.expect tests/boots/x86-2node-span.log tests/boots/x86-2node-span.yaml \
	tests/procfs/i386.txt tests/procfs/x86-64.txt \
	tests/procfs/a64-board.zoneinfo \
	tests/procfs/i386-highmem-2g.zoneinfo \
	tests/procfs/x86-1node-512.zoneinfo
