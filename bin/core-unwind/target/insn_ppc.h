/* SPDX-License-Identifier: ISC */
/*
 * Loads and stores of POWER (Power ISA 3.1, books I and II), of both byte
 * orders and sizes, with those of vectors.
 */
#ifndef CORE_UNWIND_INSN_PPC_H
#define CORE_UNWIND_INSN_PPC_H

#include "target/insn.h"

/* The instruction CODE; if it is a prefix, SECOND is the rest of it. Otherwise
   as insn_decode(), which has filled INSN with what is usual. */
int insn_ppc_decode(uint32_t code, uint32_t second, struct insn *insn);

#endif
