/* SPDX-License-Identifier: ISC */
/*
 * The arguments and local variables of frames, inlined ones too: names, types
 * and values as DWARF tells them. What a program holds may be secret: they are
 * looked for only when somebody asked.
 */
#ifndef CORE_UNWIND_LOCALS_H
#define CORE_UNWIND_LOCALS_H

#include <stddef.h>
#include <stdint.h>

#define LOCALS_FRAMES 256		/* of a thread, from its inner end */

enum locals_wanted { LOCALS_NONE, LOCALS_CRASHED, LOCALS_ALL };

struct variable {
	char *name, *type, *value;
	char *brief;			/* an argument in its frame's line */
	char *entry;			/* what it was at the call, or NULL */
	char *points_to;		/* what its address leads to, or NULL */
	int is_as_at_entry;		/* ENTRY is the same value */
	int has_address;
	uint64_t address;
};

struct variables {
	struct variable *item;		/* the arguments come first */
	size_t count, cap, arguments;
};

struct crash;
struct locals;

/* Those of all frames whose activations were kept. */
struct locals *locals_find(struct crash *c, volatile const int *expired);
void locals_free(struct locals *l);

/* Of thread I the K-th function, innermost first, at its frame N; NULL: not
   known. L may be NULL. */
const struct variables *locals_of(const struct locals *l, size_t i, size_t n,
    size_t k);

#endif
