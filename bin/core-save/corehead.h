/* SPDX-License-Identifier: ISC */
/*
 * The beginning of a core as the kernel writes it: the ELF header, a program
 * header for each mapping and the notes, which say where each thread was. It
 * is held in memory as it came; nothing in it is believed that cannot be.
 */
#ifndef CORE_SAVE_COREHEAD_H
#define CORE_SAVE_COREHEAD_H

#include <stddef.h>
#include <stdint.h>

/* Notes beyond this are left out; those of the thread that crashed are first. */
#define HEAD_MAX	(64u << 20)

struct area {			/* a mapping, as its program header has it */
	uint64_t start, end;
	uint64_t offset, file_size;	/* of its content in the core */
	uint64_t align;
	uint32_t flags;			/* PF_R, PF_W, PF_X */
};

struct machine {
	uint16_t number;		/* e_machine */
	uint8_t width;			/* of a register */
	uint8_t count, pc, sp, fp;	/* which of them is which */
	uint8_t red_zone;		/* words below sp that are in use */
	uint8_t bases;			/* of threads' data: the first of two */
};

enum head_state { HEAD_READING, HEAD_WHOLE, HEAD_WRONG };

struct corehead {
	enum head_state state;
	const char *wrong;		/* why it is no such beginning */
	unsigned char *bytes;
	size_t len, cap;
	size_t need;			/* bytes of it, as far as is known */
	int is_64;
	size_t table, count;		/* program headers: where, how many */
	size_t notes, notes_len;	/* what of them is here, and whole */
	uint64_t notes_all;		/* and all of them */
	uint64_t memory;		/* where the first area's content is */
	struct area *area;		/* in the order of their addresses */
	size_t areas;
	const struct machine *machine;
	size_t *thread;			/* where its registers are in bytes */
	size_t threads, threads_cap;
	size_t auxv, auxv_len;
};

/*
 * The next LEN bytes of the core. Returns how many of them belong to its
 * beginning; all while it is not known, or is wrong.
 */
size_t corehead_feed(struct corehead *h, const unsigned char *bytes,
    size_t len);

/* There is no more: what is not whole is wrong. */
void corehead_end(struct corehead *h);

/* Register NUMBER of a thread. */
uint64_t corehead_register(const struct corehead *h, size_t thread,
    unsigned number);

/* The word of auxv that TYPE names, or 0. */
uint64_t corehead_auxv(const struct corehead *h, uint64_t type);

/* The area at ADDRESS, or the next one above it; NULL when there is none. */
const struct area *corehead_area(const struct corehead *h, uint64_t address);

/* LEN bytes of a word of the process in memory, in its byte order and ours. */
uint64_t corehead_word(const struct corehead *h, const unsigned char *at);
size_t corehead_word_size(const struct corehead *h);

/* Bytes of one of its program headers. */
size_t corehead_entry_size(const struct corehead *h);

void corehead_free(struct corehead *h);

#endif
