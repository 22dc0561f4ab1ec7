/* SPDX-License-Identifier: ISC */
/*
 * Values in words, as gdb prints them: {x = 1, y = 2}, 0x1234 "text",
 * {0 <repeats 12 times>}. Depth, elements and length are bounded.
 */
#ifndef CORE_UNWIND_PRINTER_H
#define CORE_UNWIND_PRINTER_H

#include <elfutils/libdw.h>

#include "symbol/dwscope.h"
#include "textbuf.h"
#include "value/location.h"
#include "value/pointee.h"

#define ELEMENTS_MAX 200		/* of an array */
#define PRINT_DEPTH_MAX 20
#define VIRTUAL_MAX 16

struct printer {
	const struct scene *scene;
	struct dwscopes *scopes;
	struct pointees *pointees;
	struct textbuf *out;
	volatile const int *expired;
	int depth;
	int is_summary;			/* what has members is "..." */
	int is_listed;			/* what repeats is not counted */
	int is_member;			/* a reference is an address only */
	const uint64_t *array;		/* the address of what describes one */
	const void *base;		/* libdw's address of the class that is
					   to be shown as a base of another */
	struct virtual_bases {		/* of the object in work, shown so far */
		const void *class[VIRTUAL_MAX];
		int n;
	} virtual_bases;
};

/* The value of TYPE (as declared) that begins at byte OFFSET of V. */
void print_value(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset);

/* The same of a V that is this value and no more, of which nothing may be
   known. */
void print_whole(struct printer *p, Dwarf_Die *type, const struct value *v);

/* The same for memory at ADDRESS. */
void print_memory(struct printer *p, Dwarf_Die *type, uint64_t address);

/* ADDRESS as a pointer to TARGET is shown. TARGET NULL: void. */
void print_pointer(struct printer *p, Dwarf_Die *target, uint64_t address);

/* COUNT letters of TYPE in memory at ADDRESS; of UINT64_MAX: up to a NUL. */
void print_text(struct printer *p, Dwarf_Die *type, uint64_t address,
    uint64_t count);

/* COUNT letters of TYPE from OFFSET of V on. */
void print_letters(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset, uint64_t count);

/* What is said instead of the LEN bytes at OFFSET; NULL: all are known. */
const char *print_unknown(const struct value *v, size_t offset, size_t len);

/* " = {", before COUNT elements. Returns 0 when none is to follow: there is none,
   or in a summary, where it says so. */
int print_opens(struct printer *p, uint64_t count);

/* Bytes that a value of TYPE takes; 0: not known. */
uint64_t print_size(struct printer *p, Dwarf_Die *type);

/* Where the member DIE of an object at OFFSET of V is: an offset in V. Returns
   0, or -1. */
int print_member_offset(struct printer *p, Dwarf_Die *die,
    const struct value *v, size_t offset, size_t *at);

#endif
