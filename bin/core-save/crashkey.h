/* SPDX-License-Identifier: ISC */
/*
 * Is it the crash that was seen before? A hash of where the process died: its
 * executable, the signal, the place of the instruction in its module, and the
 * places that the first words on the stack return to. Taken while the process
 * is held, so it unwinds nothing: words that look like a return address count.
 *
 * Two crashes of one key may still be two bugs, and one bug may have several
 * keys: it decides how much is kept, never what is said of a crash.
 */
#ifndef CORE_SAVE_CRASHKEY_H
#define CORE_SAVE_CRASHKEY_H

#include "process.h"

#define CRASHKEY_LENGTH	16		/* hexadecimal digits */

/*
 * Of process P as told by O, for records that OWNER may read. Crashes of two
 * users have two keys: nobody's crashes have a say in what is kept of
 * another's. KEY is "" when it cannot be had.
 */
void crashkey_make(char key[CRASHKEY_LENGTH + 1], const struct options *o,
    const struct process *p, uid_t owner);

#endif
