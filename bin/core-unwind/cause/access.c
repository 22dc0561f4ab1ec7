/* SPDX-License-Identifier: ISC */
#include "cause/access.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"
#include "target/arch.h"
#include "target/insn_arm64.h"
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

	if (a->machine == EM_AARCH64)
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

static int
decode_here(struct crash *c, struct insn *insn)
{
	uint64_t pc = c->target->threads[0].registers.pc;
	uint16_t machine = c->target->arch->machine;
	unsigned char code[CODE_MAX];
	size_t len;

	if (machine == EM_AARCH64)
		return modules_read(&c->modules, pc, code, 4) != 4 ? -1 :
		    insn_arm64_decode(code[0] | (uint32_t)code[1] << 8 |
		    (uint32_t)code[2] << 16 | (uint32_t)code[3] << 24, insn);
	if (machine != EM_X86_64 && machine != EM_386)
		return -1;
	for (len = CODE_MAX; len > 0; len--)
		if (modules_read(&c->modules, pc, code, len) == len)
			break;
	return len == 0 ? -1 :
	    insn_decode(code, len, machine == EM_X86_64, insn);
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
