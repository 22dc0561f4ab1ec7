/* SPDX-License-Identifier: ISC */
/* Characters and strings, quoted as C has them and as gdb shows them. */
#ifndef CORE_UNWIND_LETTERS_H
#define CORE_UNWIND_LETTERS_H

#include <elfutils/libdw.h>

#include <stddef.h>
#include <stdint.h>

#include "target/target.h"
#include "textbuf.h"

#define LETTERS_MAX 200			/* of a string */

/*
 * Is TYPE one whose values are characters? *WIDTH is its size and *PREFIX what
 * stands before the quote.
 */
int letters_of(Dwarf_Die *type, size_t *width, const char **prefix);

/* One character, with its number before it: 65 'A'. */
void letters_char(struct textbuf *out, const struct target *t,
    const unsigned char *bytes, size_t width, int is_signed,
    const char *prefix);

/* COUNT of them; MORE says that others follow, which are not shown. */
void letters_string(struct textbuf *out, const struct target *t,
    const unsigned char *bytes, size_t count, size_t width,
    const char *prefix, int more);

#endif
