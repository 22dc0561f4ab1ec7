/* SPDX-License-Identifier: ISC */
/* The instruction that the crashed thread stands on, and its operand. */
#ifndef CORE_UNWIND_ACCESS_H
#define CORE_UNWIND_ACCESS_H

#include <stdint.h>

#include "target/insn.h"

struct crash;
struct target;

struct access {
	struct insn insn;
	int is_decoded;
	uint64_t address;		/* of its memory operand */
	uint64_t base, index;		/* values of these registers */
	uint64_t operand;		/* of insn.operand, cut to insn.size */
	char text[160];			/* "rax=0x0 + 0x10" */
};

void access_decode(struct crash *c, struct access *a);

/* Where that instruction is: the pc, but for some signals of s390. */
uint64_t access_pc(const struct crash *c);

/*
 * The address of the fault: the kernel's, or, of s390, whose kernel tells the
 * page, that of the operand there.
 */
uint64_t access_fault(const struct crash *c, const struct access *a);

/* Is its memory about where the kernel says that the fault was? */
int access_is_told(const struct crash *c, const struct access *a);

/* Is it of memory that could not be accessed so? */
int access_may_fault(const struct target *t, const struct access *a);

/* "write of 4 bytes to 0x10 (rax=0x0 + 0x10)". The caller frees. */
char *access_say(const struct access *a, uint64_t address);

/* The register with that hardware number, as the report calls it. */
const char *access_register(const struct crash *c, int n);

/* May ADDRESS be one on x86-64? Of its upper 17 bits all are the same. */
int access_is_canonical(uint64_t address);

/* A general register of the crashed thread; 0 when there is none so named. */
uint64_t access_value(const struct crash *c, const char *name);

#endif
