/* SPDX-License-Identifier: ISC */
#include "cause/access.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"
#include "target/arch.h"
#include "target/insn_arm64.h"
#include "target/insn_riscv.h"
#include "target/insn_x86.h"
#include "xalloc.h"

#define CODE_MAX 15			/* longest x86 instruction */

/* Hardware numbers in the order of the instruction set. */
static const char *const names64[] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
};
static const char *const names32[] = {
	"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"
};

uint64_t
access_value(const struct crash *c, const char *name)
{
	const struct target *t = c->target;

	for (size_t i = 0; i < t->arch->nraw; i++)
		if (strcmp(t->arch->raw[i].name, name) == 0)
			return t->threads[0].raw[i];
	return 0;
}

const char *
access_register(const struct crash *c, int n)
{
	const struct arch *a = c->target->arch;

	/* Of RISC-V the pc is where x0 would be. */
	if (a->machine == EM_AARCH64 || a->machine == EM_RISCV)
		return a->raw[n & 31].name;
	return a->machine == EM_X86_64 ? names64[n & 15] : names32[n & 7];
}

int
access_is_canonical(uint64_t address)
{
	return address + ((uint64_t)1 << 47) < (uint64_t)1 << 48;
}

static void
describe(const struct crash *c, struct access *a)
{
	size_t used = 0;

	if (a->insn.base >= 0)
		used += (size_t)snprintf(a->text, sizeof a->text,
		    "%s=0x%" PRIx64, access_register(c, a->insn.base),
		    a->base);
	else if (a->insn.base == INSN_RIP)
		used += (size_t)snprintf(a->text, sizeof a->text, "rip");
	if (a->insn.index >= 0)
		used += (size_t)snprintf(a->text + used,
		    sizeof a->text - used, "%s%s=0x%" PRIx64 " * %u",
		    used > 0 ? " + " : "",
		    access_register(c, a->insn.index), a->index,
		    a->insn.scale);
	if (used == 0 && a->insn.displacement == 0)
		snprintf(a->text, sizeof a->text, "an absolute address");
	else if (a->insn.displacement != 0)
		snprintf(a->text + used, sizeof a->text - used,
		    "%s0x%" PRIx64, used == 0 ? "" :
		    a->insn.displacement < 0 ? " - " : " + ",
		    a->insn.displacement < 0 ?
		    0 - (uint64_t)a->insn.displacement :
		    (uint64_t)a->insn.displacement);
}

static uint32_t
little_endian(const unsigned char *code, size_t n)
{
	uint32_t value = 0;

	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)code[i] << 8 * i;
	return value;
}

static int
decode_here(struct crash *c, struct insn *insn)
{
	const struct arch *arch = c->target->arch;
	uint64_t pc = c->target->threads[0].registers.pc;
	unsigned char code[CODE_MAX];
	size_t len;

	for (len = CODE_MAX; len > 0; len--)
		if (modules_read(&c->modules, pc, code, len) == len)
			break;
	switch (arch->machine) {
	case EM_AARCH64:
		return len < 4 ? -1 :
		    insn_arm64_decode(little_endian(code, 4), insn);
	case EM_RISCV:
		/* A compressed one may be the last two bytes that are here. */
		return len < 2 || (len < 4 && (code[0] & 3) == 3) ? -1 :
		    insn_riscv_decode(little_endian(code, len < 4 ? 2 : 4),
		    arch->is64, insn);
	case EM_X86_64:
	case EM_386:
		return len == 0 ? -1 : insn_decode(code, len,
		    arch->machine == EM_X86_64, insn);
	default:
		return -1;
	}
}

/* movs reads [rsi] and writes [rdi]: the fault says which it was. */
static void
choose_end_of_movs(struct crash *c, struct access *a)
{
	uint64_t address = c->target->siginfo.address;
	uint64_t from = access_value(c, access_register(c, 6));

	if (a->insn.special == NULL || strcmp(a->insn.special, "movs") != 0 ||
	    address == a->address || address - from >= 64)
		return;
	a->insn.base = 6;
	a->base = a->address = from;
	a->insn.is_read = 1;
	a->insn.is_written = 0;
	describe(c, a);
}

void
access_decode(struct crash *c, struct access *a)
{
	uint64_t pc = c->target->threads[0].registers.pc;

	memset(a, 0, sizeof *a);
	if (decode_here(c, &a->insn) == -1)
		return;
	a->is_decoded = 1;
	if (a->insn.operand >= 0) {
		a->operand = access_value(c,
		    access_register(c, a->insn.operand));
		if (a->insn.size > 0 && a->insn.size < 8)
			a->operand &= ((uint64_t)1 << 8 * a->insn.size) - 1;
	}
	if (!a->insn.has_memory)
		return;
	if (a->insn.base >= 0)
		a->base = access_value(c, access_register(c, a->insn.base));
	else if (a->insn.base == INSN_RIP)
		a->base = pc + a->insn.length;
	if (a->insn.index >= 0)
		a->index = access_value(c, access_register(c, a->insn.index));
	a->address = a->base + a->index * a->insn.scale +
	    (uint64_t)a->insn.displacement;
	if (a->insn.segment != 0)
		a->address += access_value(c, a->insn.segment == 'f' ?
		    "fs_base" : "gs_base");
	if (!c->target->is64)
		a->address &= UINT32_MAX;
	describe(c, a);
	choose_end_of_movs(c, a);
}

char *
access_say(const struct access *a, uint64_t address)
{
	const char *what = a->insn.is_written ? "write" : "read";
	const char *to = a->insn.is_written ? "to" : "from";

	if (!a->is_decoded || !a->insn.has_memory)
		return xasprintf("access to 0x%" PRIx64, address);
	if (a->insn.size == 0)
		return xasprintf("%s %s 0x%" PRIx64 " (%s)", what, to, address,
		    a->text);
	return xasprintf("%s of %u byte%s %s 0x%" PRIx64 " (%s)", what,
	    a->insn.size, a->insn.size == 1 ? "" : "s", to, address, a->text);
}
