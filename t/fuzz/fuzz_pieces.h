/* SPDX-License-Identifier: ISC */
/* What pieces.h promises. */
#ifndef T_FUZZ_FUZZ_PIECES_H
#define T_FUZZ_FUZZ_PIECES_H

#include "pieces.h"

/* All in order and apart, of whole pages, and within one area each. */
void fuzz_pieces(const struct pieces *p);

#endif
