/* SPDX-License-Identifier: ISC */
/*
 * Loads and stores of ARM's floating-point and vector registers, of which ARM
 * and Thumb have the same encodings (Arm ARM, F4.1.21 and F4.1.22).
 */
#ifndef CORE_UNWIND_INSN_VFP_H
#define CORE_UNWIND_INSN_VFP_H

#include "target/insn.h"

/* vldr, vldm and their kin. INSN has its base. Returns 0, or -1: none. */
int insn_vfp_decode(uint32_t code, struct insn *insn);

/* vld1 to vld4 and vst1 to vst4: ARM's f4……, Thumb's f9……. */
int insn_vfp_elements(uint32_t code, struct insn *insn);

#endif
