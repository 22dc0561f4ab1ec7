/* SPDX-License-Identifier: ISC */
/* A store of one record, as snap-list finds it. */
#ifndef T_FUZZ_FUZZ_STORE_H
#define T_FUZZ_FUZZ_STORE_H

#include "source.h"

#define FUZZ_ID "0193f7a1-1111-7abc-8def-0123456789ab"

/* Make it in fuzz_dir(), at the first call, and return its record's directory. */
int fuzz_record(void);

/* Look at it anew, and forget what was found. */
void fuzz_sources(struct sources *s);
void fuzz_sources_end(struct sources *s);

#endif
