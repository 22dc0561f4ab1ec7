/* SPDX-License-Identifier: ISC */
/* CPython's strings and line tables, as they lie in memory. */
#ifndef CORE_UNWIND_PYTEXT_H
#define CORE_UNWIND_PYTEXT_H

#include <stdint.h>

#include "module/module.h"

/* Where things are, in bytes, of version 3.MINOR; 0 where it has none. */
struct python_layout {
	unsigned minor;
	uint16_t head, threads, thread_id;	/* of _PyRuntime, the
					   interpreter, the thread state */
	uint16_t frame, current;	/* of the thread state; of _PyCFrame */
	uint16_t previous, code, lasti, instruction, entry, owner; /* of a
					   frame */
	uint16_t file, name, first_line, lines, text;	/* of a code object */
	uint16_t unicode, unicode_wide;	/* where the characters begin */
};

struct pytext {
	struct modules *modules;
	const struct python_layout *layout;
};

/* Returns 0, or -1: it is not in memory. */
int pytext_word(const struct pytext *p, uint64_t at, uint64_t *value);

/* The str object at AT in UTF-8, or NULL. The caller frees. */
char *pytext_string(const struct pytext *p, uint64_t at);

/*
 * The line of the instruction that is AT bytes into the code object CODE; 0
 * not known.
 */
int pytext_line(const struct pytext *p, uint64_t code, int64_t at);

#endif
