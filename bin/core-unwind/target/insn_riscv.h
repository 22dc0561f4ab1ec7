/* SPDX-License-Identifier: ISC */
/* RISC-V instructions, as far as they access memory. */
#ifndef CORE_UNWIND_INSN_RISCV_H
#define CORE_UNWIND_INSN_RISCV_H

#include <stdint.h>

#include "target/insn.h"

/*
 * Loads, stores and atomics of RV32 and RV64 with F, D, A, C and Zcb; of CODE a
 * compressed one is the lower half. Vectors and all others: -1. INSN is filled
 * with what is usual.
 */
int insn_riscv_decode(uint32_t code, int is64, struct insn *in);

#endif
