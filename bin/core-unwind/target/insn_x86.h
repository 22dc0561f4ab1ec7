/* SPDX-License-Identifier: ISC */
/*
 * Just enough of an x86 decoder (Intel SDM, volume 2, chapter 2) to say which
 * memory one instruction touches: its operand, its size, its direction.
 */
#ifndef CORE_UNWIND_INSN_X86_H
#define CORE_UNWIND_INSN_X86_H

#include "target/insn.h"

/* As insn_decode(), which has filled INSN with what is usual. */
int insn_x86_decode(const unsigned char *code, size_t len, int is64,
    struct insn *insn);

#endif
