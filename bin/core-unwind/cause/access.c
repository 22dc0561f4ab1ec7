/* SPDX-License-Identifier: ISC */
#include "cause/access.h"

#include <elf.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"
#include "target/arch.h"
#include "xalloc.h"

#define NEAR 64				/* bytes that an instruction accesses */
#define PAGE ((uint64_t)4096)
#define THUMB 0x20			/* in cpsr */

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

	switch (a->machine) {
	case EM_X86_64:
		return names64[n & 15];
	case EM_386:
		return names32[n & 7];
	case EM_ARM:
		return a->raw[n & 15].name;
	case EM_S390:
		/* The two halves of the PSW come first. */
		return a->raw[2 + (n & 15)].name;
	default:
		/* Of RISC-V the pc is where x0 would be. */
		return a->raw[n & 31].name;
	}
}

static uint64_t
value_of(const struct crash *c, int n)
{
	return access_value(c, access_register(c, n));
}

uint64_t
access_pc(const struct crash *c)
{
	const struct target *t = c->target;
	uint64_t pc = t->threads[0].registers.pc;

	/* s390 is behind what it could not do, unless it was for a page. */
	if (t->arch->machine != EM_S390 || (c->signal != SIGILL &&
	    c->signal != SIGTRAP && c->signal != SIGFPE))
		return pc;
	if (!t->siginfo.present)
		return pc - 2;
	return pc - t->siginfo.address <= 6 ? t->siginfo.address : pc;
}

int
access_is_canonical(uint64_t address)
{
	return address + ((uint64_t)1 << 47) < (uint64_t)1 << 48;
}

static void
describe(const struct crash *c, struct access *a)
{
	const struct insn *in = &a->insn;
	size_t used = 0;

	if (in->base >= 0)
		used += (size_t)snprintf(a->text, sizeof a->text,
		    "%s=0x%" PRIx64, access_register(c, in->base), a->base);
	else if (in->base != INSN_NONE)
		used += (size_t)snprintf(a->text, sizeof a->text, "%s",
		    in->base == INSN_RIP ? "rip" : "pc");
	if (in->index >= 0)
		used += (size_t)snprintf(a->text + used,
		    sizeof a->text - used, "%s%s=0x%" PRIx64 " * %u",
		    in->minus_index ? " - " : used > 0 ? " + " : "",
		    access_register(c, in->index), a->index, in->scale);
	if (used == 0 && in->displacement == 0)
		snprintf(a->text, sizeof a->text, "an absolute address");
	else if (in->displacement != 0)
		snprintf(a->text + used, sizeof a->text - used,
		    "%s0x%" PRIx64, used == 0 ? "" :
		    in->displacement < 0 ? " - " : " + ",
		    in->displacement < 0 ? 0 - (uint64_t)in->displacement :
		    (uint64_t)in->displacement);
}

/* As many bytes of an instruction as there are. */
static size_t
read_code(struct crash *c, uint64_t address, unsigned char *code)
{
	size_t len = INSN_MAX;

	while (len > 0 && modules_read(&c->modules, address, code, len) != len)
		len--;
	return len;
}

static struct insn_set
set_of(const struct crash *c)
{
	const struct target *t = c->target;

	return (struct insn_set){
		.machine = t->arch->machine, .is64 = t->arch->is64,
		.is_big = !target_is_little(t),
		.is_thumb = t->arch->machine == EM_ARM &&
		    (access_value(c, "cpsr") & THUMB) != 0
	};
}

/* What an address that comes of a sum is cut to. */
static uint64_t
cut_address(const struct crash *c, uint64_t address)
{
	const struct arch *arch = c->target->arch;

	if (arch->machine == EM_S390)
		return address & arch->address_mask;
	return c->target->is64 ? address : address & UINT32_MAX;
}

/* The values of the registers, and the address that comes of them. */
static void
locate(const struct crash *c, struct access *a)
{
	const struct insn *in = &a->insn;
	uint64_t pc = access_pc(c), by;

	if (in->base >= 0)
		a->base = value_of(c, in->base);
	else if (in->base == INSN_RIP)
		a->base = pc + in->length;
	else if (in->base == INSN_PC)
		a->base = c->target->arch->machine == EM_ARM ?
		    pc & ~(uint64_t)3 : pc;
	if (in->index >= 0)
		a->index = value_of(c, in->index);
	by = a->index * in->scale;
	a->address = a->base + (in->minus_index ? 0 - by : by) +
	    (uint64_t)in->displacement;
	if (in->segment != 0)
		a->address += access_value(c, in->segment == 'f' ?
		    "fs_base" : "gs_base");
	a->address = cut_address(c, a->address);
	if (in->is_aligned_down)
		a->address &= ~((uint64_t)in->size - 1);
}

static void
take_operand(const struct crash *c, struct access *a)
{
	if (a->insn.operand < 0)
		return;
	a->operand = value_of(c, a->insn.operand);
	if (a->insn.size > 0 && a->insn.size < 8)
		a->operand &= ((uint64_t)1 << 8 * a->insn.size) - 1;
}

/* What is not there to be executed is itself what could not be read. */
static void
take_executed(struct crash *c, struct access *a)
{
	const struct insn_set set = set_of(c);
	unsigned char code[INSN_MAX];
	size_t len = read_code(c, a->address, code);
	uint64_t length = a->operand;

	if (len < 2)
		return;
	code[1] |= (unsigned char)length;
	memset(a, 0, sizeof *a);
	if (insn_decode(&set, code, len, &a->insn) == -1 ||
	    a->insn.is_executed)
		return;
	a->is_decoded = 1;
	take_operand(c, a);
	if (a->insn.has_memory)
		locate(c, a);
}

/* May it be that fault? s390 tells no more of it than the page. */
static int
is_fault_of(const struct crash *c, uint64_t at, unsigned size)
{
	uint64_t address = c->target->siginfo.address;

	if (c->target->arch->machine != EM_S390)
		return address - at < NEAR;
	address &= ~(PAGE - 1);
	return at - address < PAGE || address - at < size;
}

int
access_may_fault(const struct target *t, const struct access *a)
{
	const struct segment *s = target_segment(t, a->address);

	return s == NULL || (a->insn.is_written && (s->flags & PF_W) == 0);
}

/* movs reads [rsi] and writes [rdi]: the fault says which it was. */
static void
choose_operand(struct crash *c, struct access *a)
{
	const struct target *t = c->target;
	struct access from = *a;

	if (a->insn.source == INSN_NONE)
		return;
	from.insn.base = a->insn.source;
	from.insn.displacement = a->insn.source_displacement;
	from.insn.is_read = 1;
	from.insn.is_written = 0;
	from.insn.index = INSN_NONE;
	from.index = 0;
	locate(c, &from);
	if (!t->siginfo.present) {
		if (access_may_fault(t, a) || !access_may_fault(t, &from))
			return;
	} else if ((t->arch->machine == EM_S390 ?
	    is_fault_of(c, a->address, a->insn.size) :
	    t->siginfo.address == a->address) ||
	    !is_fault_of(c, from.address, a->insn.size))
		return;
	*a = from;
	describe(c, a);
}

void
access_decode(struct crash *c, struct access *a)
{
	const struct insn_set set = set_of(c);
	unsigned char code[INSN_MAX];
	size_t len = read_code(c, access_pc(c), code);

	memset(a, 0, sizeof *a);
	if (insn_decode(&set, code, len, &a->insn) == -1)
		return;
	a->is_decoded = 1;
	take_operand(c, a);
	if (!a->insn.has_memory)
		return;
	locate(c, a);
	if (a->insn.is_executed)
		take_executed(c, a);
	if (!a->is_decoded || !a->insn.has_memory)
		return;
	describe(c, a);
	choose_operand(c, a);
}

int
access_is_told(const struct crash *c, const struct access *a)
{
	return a->is_decoded && a->insn.has_memory &&
	    is_fault_of(c, a->address, a->insn.size);
}

uint64_t
access_fault(const struct crash *c, const struct access *a)
{
	uint64_t address = c->target->siginfo.address;

	return c->target->arch->machine == EM_S390 && a->is_decoded &&
	    a->insn.has_memory && a->address / PAGE == address / PAGE ?
	    a->address : address;
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
