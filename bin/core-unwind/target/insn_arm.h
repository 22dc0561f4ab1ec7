/* SPDX-License-Identifier: ISC */
/*
 * Loads and stores of 32-bit ARM in its own instruction set (Arm ARM, F4.1
 * "A32 instruction set encoding").
 */
#ifndef CORE_UNWIND_INSN_ARM_H
#define CORE_UNWIND_INSN_ARM_H

#include "target/insn.h"

/* As insn_decode(), which has filled INSN with what is usual. */
int insn_arm_decode(uint32_t code, struct insn *insn);

/*
 * ldm and stm, of any set: the registers of LIST (bit 0 is r0) from BASE on
 * upwards or down, with the first word at the base itself or one off it.
 */
int insn_arm_multiple(uint32_t list, int is_up, int is_off, struct insn *insn);

#endif
