/* SPDX-License-Identifier: ISC */
/*
 * A process to be unwound, from a core file or alive: its threads with their
 * registers, its memory, its mappings. Everything in it was checked against
 * the bytes it came from; strings are the process's own and not printable.
 */
#ifndef CORE_UNWIND_TARGET_H
#define CORE_UNWIND_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "strings.h"

/* DWARF register numbers of every machine we unwind fit below this. */
#define MAX_REGISTERS 80

struct arch;
struct source;

struct registers {
	uint64_t value[MAX_REGISTERS];	/* by DWARF number */
	uint64_t pc;
	uint8_t known[MAX_REGISTERS];
};

struct thread {
	uint32_t tid;
	int crashed;
	uint16_t signal;		/* pr_cursig of NT_PRSTATUS */
	char *name;			/* NULL when nobody knew */
	struct registers registers;
	uint64_t *raw;			/* general registers as the kernel has
					   them: arch->nraw words */
	uint64_t vectors, vectors_size;	/* its NT_FPREGSET in the core file */
};

/* A run of memory whose bytes the core file holds, or says were zero. */
struct segment {
	uint64_t start, end;		/* [start, end) */
	uint64_t file_offset;		/* in the core file */
	uint64_t file_size;		/* the rest up to end was not dumped */
	uint32_t flags;			/* PF_R | PF_W | PF_X, elf.h */
	int continues;			/* the mapping of the one before */
};

/* A mapped file, as NT_FILE or /proc/PID/maps tell. */
struct mapping {
	uint64_t start, end;
	uint64_t offset;		/* bytes into the file */
	char *path;
};

struct siginfo {
	int present;
	int32_t signo, code, err;
	uint64_t address;		/* SIGSEGV SIGBUS SIGILL SIGFPE SIGTRAP */
	uint32_t sender_pid, sender_uid;	/* code <= 0 */
	int32_t syscall;		/* SIGSYS */
	uint16_t lsb;			/* BUS_MCEERR_*: log2 of what is lost */
	uint32_t pkey;			/* SEGV_PKUERR */
	uint64_t lower, upper;		/* SEGV_BNDERR */
};

/* A part of a live process's memory that was copied while it was stopped. */
struct chunk {
	uint64_t start;
	size_t len;
	unsigned char *bytes;
};

#define WINDOW_SIZE 4096

/* What was read last: a stack is read a word at a time, and upwards. */
struct window {
	uint64_t start;
	size_t len;
	unsigned char bytes[WINDOW_SIZE];
};

struct target {
	const struct arch *arch;
	int swapped;			/* its byte order is not ours */
	int is64;			/* ELFCLASS64 */
	uint64_t address_mask;		/* bits of a code address that count */
	struct source *source;		/* NULL: alive */
	int memory_fd;			/* /proc/PID/mem, or -1 */
	struct chunk *chunks;		/* by address */
	size_t nchunks;
	struct segment *segments;	/* by address, not overlapping */
	size_t nsegments;
	struct mapping *mappings;	/* by address */
	size_t nmappings, mappings_cap;
	struct thread *threads;		/* the crashed one first */
	size_t nthreads, threads_cap;
	struct siginfo siginfo;
	uint64_t auxv_entry, auxv_phdr, auxv_vdso;
	uint32_t pid, uid, gid;
	int has_ids;			/* uid and gid are known */
	char *comm;			/* at most 15 bytes, of NT_PRPSINFO */
	char *args;			/* psargs: at most 80 bytes, spaces between */
	char *exe;			/* path of the executable, or NULL */
	int is_cut;			/* the core file lost its end */
	uint64_t stopped_us;		/* alive: how long it was held */
	struct strings missing;		/* what is absent, and why */
	struct window window;
};

/*
 * Memory of the process as it was dumped. Returns how many of LEN bytes from
 * ADDRESS are there (0 none).
 */
size_t target_read(struct target *t, uint64_t address, void *buf, size_t len);

/*
 * The same across what is not there: that part of BUF is left as it is.
 * Returns how many bytes were.
 */
size_t target_read_sparse(struct target *t, uint64_t address, void *buf,
    size_t len);

/* One word of the process's own size and byte order. Returns 0, or -1. */
int target_word(struct target *t, uint64_t address, uint64_t *value);

/* The same for a slot of the stack, which is as wide as a register. */
int target_slot(struct target *t, uint64_t address, uint64_t *value);

/* The segment that holds ADDRESS, or NULL. */
const struct segment *target_segment(const struct target *t, uint64_t address);

/* The mapped file at ADDRESS, or NULL. */
const struct mapping *target_mapping(const struct target *t, uint64_t address);

/* Is the process little endian, whatever this host is? */
int target_is_little(const struct target *t);

/* Bytes of the process's order and word size. */
uint16_t target_u16(const struct target *t, const void *p);
uint32_t target_u32(const struct target *t, const void *p);
uint64_t target_u64(const struct target *t, const void *p);
uint64_t target_uword(const struct target *t, const void *p);

#endif
