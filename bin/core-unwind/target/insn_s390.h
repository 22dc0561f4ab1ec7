/* SPDX-License-Identifier: ISC */
/*
 * Instructions of s390 and s390x that access memory (z/Architecture Principles
 * of Operation, "Instruction Formats" and appendix B): RX, RS, SI, S, SIL and SS
 * with their longer forms, RIL, and those of vectors but gather and scatter.
 */
#ifndef CORE_UNWIND_INSN_S390_H
#define CORE_UNWIND_INSN_S390_H

#include "target/insn.h"

/* As insn_decode(), which has filled INSN with what is usual. LEN is at least
   2. */
int insn_s390_decode(const unsigned char *code, size_t len, struct insn *insn);

#endif
