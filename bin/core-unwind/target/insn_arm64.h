/* SPDX-License-Identifier: ISC */
/*
 * Loads and stores of aarch64 (Arm ARM, C4.1.94 "Loads and Stores"): which
 * memory one of them touches.
 */
#ifndef CORE_UNWIND_INSN_ARM64_H
#define CORE_UNWIND_INSN_ARM64_H

#include "target/insn.h"

/* As insn_decode(), which has filled INSN with what is usual. */
int insn_arm64_decode(uint32_t code, struct insn *insn);

#endif
