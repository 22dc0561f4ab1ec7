/* SPDX-License-Identifier: ISC */
/* Loads and stores of Thumb and Thumb-2 (Arm ARM, F3.1 "T32 …"). */
#ifndef CORE_UNWIND_INSN_THUMB_H
#define CORE_UNWIND_INSN_THUMB_H

#include "target/insn.h"

/* Does another half follow this one? */
int insn_thumb_is_long(uint32_t half);

/* Of CODE the first half is the upper one, also of one that has no second.
   Otherwise as insn_decode(), which has filled INSN with what is usual. */
int insn_thumb_decode(uint32_t code, struct insn *insn);

#endif
