/* SPDX-License-Identifier: ISC */
/* The instruction that the crashed thread stands on, and its operand. */
#ifndef CORE_UNWIND_ACCESS_H
#define CORE_UNWIND_ACCESS_H

#include <stdint.h>

#include "target/insn.h"

struct crash;

struct access {
	struct insn insn;
	int is_decoded;
	uint64_t address;		/* of its memory operand */
	uint64_t base, index;		/* values of these registers */
	uint64_t operand;		/* of insn.operand, cut to insn.size */
	char text[160];			/* "rax=0x0 + 0x10" */
};

void access_decode(struct crash *c, struct access *a);

/* "write of 4 bytes to 0x10 (rax=0x0 + 0x10)". The caller frees. */
char *access_say(const struct access *a, uint64_t address);

/* The register with that hardware number, as the report calls it. */
const char *access_register(const struct crash *c, int n);

/* May ADDRESS be one on x86-64? Of its upper 17 bits all are the same. */
int access_is_canonical(uint64_t address);

/* A general register of the crashed thread; 0 when there is none so named. */
uint64_t access_value(const struct crash *c, const char *name);

#endif
