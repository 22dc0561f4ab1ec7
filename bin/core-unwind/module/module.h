/* SPDX-License-Identifier: ISC */
/*
 * A module: the executable, a shared library or the vdso, as it was mapped.
 * Its bytes come, in this order, from a copy in the record, the file on disk
 * (only if its build-id is that of the process's memory), or the memory that
 * the core holds. libelf and libdw are asked about nothing but modules, and
 * never about the core file itself (they assert, and are quadratic).
 */
#ifndef CORE_UNWIND_MODULE_H
#define CORE_UNWIND_MODULE_H

#include <elfutils/libdw.h>

#include <stddef.h>
#include <stdint.h>

#include "module/package.h"
#include "target/target.h"

struct inflation;

#define BUILD_ID_MAX 64

struct module {
	char *path;			/* the process's bytes */
	uint64_t start, end;		/* from first to last mapping */
	size_t first, count;		/* of target->mappings */
	uint64_t bias;			/* address = bias + ELF's p_vaddr */
	uint64_t entry;			/* e_entry, biased; 0 none */
	unsigned char build_id[BUILD_ID_MAX];
	size_t build_id_len;		/* 0: none, or not to be read */
	char build_id_hex[2 * BUILD_ID_MAX + 1];	/* once asked for */
	int is_main, is_opened, is_deleted;
	int is_elf;			/* by its memory or its file */
	Elf *elf;			/* NULL: nothing of it is to be had */
	unsigned char *image;		/* where ELF lies when it is made of
					   the process's memory */
	int file_fd;			/* or where it was read from, or -1 */
	char *file_path;		/* its name when it was a file */
	Elf *debug_elf;			/* separate debug file, or NULL */
	int debug_fd;
	char *debug_path;
	Elf *mini_elf;			/* its MiniDebugInfo, or NULL */
	Elf *dwarf_elf;			/* debug_elf or elf, whichever has DWARF
					   data that are whole; or NULL */
	struct inflation *inflation;	/* of it, or NULL: done, not needed */
	Dwarf *dwarf;			/* once asked for: module_dwarf() */
	struct units *units;		/* once asked for: units.h */
	int cfi_tried, debug_begun, debug_tried;
	Dwarf_CFI *eh_cfi, *debug_cfi;
	const char *symbols;		/* "debug" "symtab" "dynsym" "none" */
	char *missing;			/* why something is absent, or NULL */
	int wants_debug;		/* the crashed thread has a frame in it,
					   and no debug data was found */
	struct package package;		/* once asked for: package.h */
};

/* Where files may be found, and which were opened before rights were dropped. */
struct module_options {
	const char *sysroot;		/* NULL: / */
	const char *exe;		/* the executable named by the user */
	int exe_fd;			/* opened, or -1 */
	int no_files;			/* open nothing at all */
	struct opened {
		char *path;		/* as the process had it */
		uint64_t start;		/* or 0: any mapping of that path */
		int fd;
	} *opened;
	size_t nopened, opened_cap;
};

#define RECENT 16

struct modules {
	struct target *target;
	const struct module_options *options;
	struct module *item;		/* by address */
	size_t count, cap;
	int may_fetch;			/* what a frame needs: fetch.h */
	uint64_t images;		/* bytes of their images made so far */
	unsigned not_go;		/* threads: frame/goroutine.c */
	const struct segment *recent[RECENT];	/* by page: some that were
						   asked for */
};

/* Find the modules of T. Nothing is opened yet. */
void modules_find(struct modules *ms, struct target *t,
    const struct module_options *options);

/*
 * A module for the file PATH, its p_vaddr 0 at BIAS, when that can be opened
 * and where it goes is free; NULL otherwise. The pointer is good until the
 * next one is placed.
 */
struct module *modules_place(struct modules *ms, const char *path,
    uint64_t bias, int is_main);

/* The same for the executable that the user named, at its entry point. */
struct module *modules_place_exe(struct modules *ms);

/* The module at ADDRESS, not opened yet perhaps, or NULL. */
struct module *modules_at(struct modules *ms, uint64_t address);

/* Open it if it was not; returns 0 when there is something to read. */
int module_open(struct modules *ms, struct module *m);

/* Look for its debug file, and let it be inflated while stacks are unwound. */
void module_begin_debug_once(struct modules *ms, struct module *m);

/* Look for its debug file too, and set m->dwarf_elf and m->symbols. */
void module_open_debug_once(struct modules *ms, struct module *m);

/*
 * All of its DWARF data, or NULL. That may take a while, where they have to be
 * inflated: units.h has mostly done with less. module_open_debug_once() comes
 * first.
 */
Dwarf *module_dwarf(struct module *m);

/* Its build-id in hexadecimal, or NULL. */
const char *module_build_id(struct module *m);

/*
 * Memory of the process as target_read() gives it, or, for what was not
 * dumped (program text mostly), what the module's file says.
 */
size_t modules_read(struct modules *ms, uint64_t address, void *buf,
    size_t len);

/* Is ADDRESS inside a mapping that the process could execute? */
int modules_executable(struct modules *ms, uint64_t address);

#endif
