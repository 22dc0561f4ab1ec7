/* SPDX-License-Identifier: ISC */
#include "cause/cause_memory.h"

#include <elf.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cause/access.h"
#include "cause/bitflip.h"
#include "cause/pattern.h"
#include "crash.h"
#include "frame/recursion.h"
#include "target/arch.h"
#include "xalloc.h"

#define NULL_PAGE 4096
#define NEAR_NULL 65536
#define STACK_GUARD ((uint64_t)1 << 20)	/* stack_guard_gap, and to spare */
#define ASTRAY ((uint64_t)1 << 24)	/* how far out a pointer into is meant */

/* siginfo codes that <signal.h> has for some machines only. */
enum { CODE_ACCERR = 2, CODE_BNDERR = 3, CODE_PKUERR = 4, CODE_ACCADI = 5,
	CODE_ADIDERR = 6, CODE_ADIPERR = 7, CODE_MTEA = 8, CODE_MTES = 9,
	CODE_CPERR = 10 };

/* Both PARTs are freed. */
static char *
joined(char *part, char *second)
{
	char *text = xasprintf("%s%s", part, second);

	free(part);
	free(second);
	return text;
}

static unsigned
word_size(const struct crash *c)
{
	return c->target->is64 ? 8 : 4;
}

/*
 * What VALUE looks like; "" where it is next to something mapped: an address
 * of a program at 0x555555554000 is made of letters too.
 */
static char *
say_pattern(const struct crash *c, uint64_t value)
{
	const struct target *t = c->target;

	for (size_t i = 0; i < t->nsegments; i++)
		if (value - t->segments[i].start + ASTRAY <
		    t->segments[i].end - t->segments[i].start + 2 * ASTRAY)
			return xstrdup("");
	return pattern_say(value, word_size(c));
}

/* What made the address: the base register, the index, or the sum. */
static char *
say_origin(const struct crash *c, const struct access *a, uint64_t address)
{
	const uint64_t values[] = {
		a->insn.base >= 0 ? a->base : address,
		a->insn.index >= 0 ? a->index : address, address
	};
	char *text = xstrdup("");

	for (size_t i = 0; i < 3 && text[0] == '\0'; i++) {
		free(text);
		text = say_pattern(c, values[i]);
	}
	return text;
}

/*
 * The fault is below a stack, in nothing that can be written, and the stack
 * pointer is about there too. A frame may be larger than a page, so neither is
 * at the very end of the stack.
 */
static int
is_stack_overflow(const struct crash *c, uint64_t address)
{
	const struct target *t = c->target;
	uint64_t sp = t->threads[0].registers.value[t->arch->sp], up;
	const struct segment *s = target_segment(t, address);

	if (s != NULL && (s->flags & PF_W) != 0)
		return 0;
	if ((sp > address ? sp - address : address - sp) > STACK_GUARD)
		return 0;
	for (up = address; up - address <= STACK_GUARD; up += 4096) {
		s = target_segment(t, up);
		if (s != NULL && (s->flags & PF_W) != 0)
			return sp < s->start || sp - s->start <= STACK_GUARD;
	}
	return 0;
}

static char *
say_stack_overflow(const struct crash *c)
{
	const struct target *t = c->target;
	const struct stack *s = &c->stacks[0];
	size_t depth = s->omitted;
	char *cycle = recursion_say(c);

	for (size_t i = 0; i < s->count; i++)
		depth += !s->frame[i].is_tail_call;
	return joined(xasprintf("stack overflow: the stack pointer 0x%" PRIx64
	    " is at the end of its stack, %zu frames deep",
	    t->threads[0].registers.value[t->arch->sp], depth), cycle);
}

const char *
cause_permissions(uint32_t flags)
{
	static char text[4];

	text[0] = (flags & PF_R) != 0 ? 'r' : '-';
	text[1] = (flags & PF_W) != 0 ? 'w' : '-';
	text[2] = (flags & PF_X) != 0 ? 'x' : '-';
	return text;
}

const char *
cause_owner(const struct crash *c, const struct segment *s)
{
	const struct target *t = c->target;
	const struct mapping *m = target_mapping(t, s->start);

	if (m != NULL)
		return m->path;
	for (size_t i = 0; i < t->nthreads; i++) {
		uint64_t sp = t->threads[i].registers.value[t->arch->sp];

		if (sp >= s->start && sp < s->end)
			return i == 0 ? "the stack" : "another thread's stack";
	}
	return "memory of no file";
}

/* x86: what a return took off the stack is still there, below it. */
static int
is_return(const struct crash *c, uint64_t pc)
{
	struct target *t = c->target;
	const struct stack *s = &c->stacks[0];
	uint64_t sp = t->threads[0].registers.value[t->arch->sp], below;

	return (t->arch->machine == EM_X86_64 || t->arch->machine == EM_386) &&
	    (s->count < 2 || s->frame[1].trust != TRUST_CALL) &&
	    target_word(t, sp - word_size(c), &below) == 0 && below == pc;
}

char *
cause_of_bad_jump(const struct crash *c, uint64_t pc)
{
	const struct segment *s = target_segment(c->target, pc);
	const char *how = is_return(c, pc) ? "return" : "jump or call";

	if (pc < NULL_PAGE)
		return xasprintf("%s: execution at 0x%" PRIx64, how[0] == 'r' ?
		    "return to a null address" :
		    "call through a null function pointer", pc);
	if (s == NULL)
		return joined(xasprintf("%s to 0x%" PRIx64
		    ", where nothing is mapped", how, pc), say_pattern(c, pc));
	return xasprintf("%s to 0x%" PRIx64
	    ", which is not executable (%s, %s)", how, pc,
	    cause_permissions(s->flags), cause_owner(c, s));
}

/*
 * A jump, a call or a return that the processor refuses before it is made: the
 * target is not canonical. Returns NULL when that is not what happened.
 */
static char *
say_refused_jump(struct crash *c, const struct access *a)
{
	const char *how = a->insn.special;
	uint64_t to;

	if (how == NULL || (strcmp(how, "ret") != 0 &&
	    strcmp(how, "call") != 0 && strcmp(how, "jmp") != 0))
		return NULL;
	if (a->insn.operand >= 0)
		to = a->operand;
	else if (target_word(c->target, a->address, &to) == -1)
		return NULL;
	if (access_is_canonical(to))
		return NULL;
	return joined(xasprintf(how[0] == 'r' ? "return to a non-canonical "
	    "address: the stack has 0x%" PRIx64 " where the return address "
	    "was" : "jump or call to a non-canonical address: 0x%" PRIx64, to),
	    joined(pattern_say(to, 8), bitflip_say(c, to, PF_X)));
}

/* The kernel knows no address of a general protection fault. */
static char *
say_protection_fault(struct crash *c, const struct access *a)
{
	static const char *const privileged[] = {
		"hlt", "cli", "sti", "in", "out", "int"
	};
	char *what = say_refused_jump(c, a);

	if (what != NULL)
		return what;
	for (size_t i = 0; a->insn.special != NULL &&
	    i < sizeof privileged / sizeof privileged[0]; i++)
		if (strcmp(a->insn.special, privileged[i]) == 0)
			return xasprintf("general protection fault: %s is an "
			    "instruction that a program may not use",
			    a->insn.special);
	if (!a->insn.has_memory)
		return xstrdup("general protection fault: the instruction is "
		    "not allowed, or an address is not canonical");
	what = access_say(a, a->address);
	if (c->target->is64 && !access_is_canonical(a->address))
		return joined(joined(xstrdup("non-canonical address: "), what),
		    joined(say_origin(c, a, a->address), bitflip_say(c,
		    a->address, a->insn.is_written ? PF_W : PF_R | PF_W)));
	if (a->address % 16 != 0 && a->insn.size >= 16)
		return joined(xstrdup("misaligned vector access: "), what);
	return joined(xstrdup("general protection fault: "), what);
}

/* A base register that is null says more than the address that came of it. */
static int
is_null_access(const struct access *a, uint64_t address)
{
	int64_t far = a->insn.displacement;

	if (address < NULL_PAGE)
		return 1;
	if (!a->insn.has_memory || a->insn.base < 0 || a->base != 0 ||
	    a->insn.segment != 0)
		return 0;
	/*
	 * A large constant may be a table, and the base the small index of it:
	 * then it was the index register that led out of the table.
	 */
	return a->insn.index < 0 || (far > -NEAR_NULL && far < NEAR_NULL);
}

static char *
say_null(const struct access *a, uint64_t address)
{
	char *what = access_say(a, address);

	if (address == 0 || !a->is_decoded || !a->insn.has_memory)
		return joined(xstrdup("null pointer dereference: "), what);
	if (a->insn.index >= 0 && a->base == 0)
		return joined(xstrdup("null pointer dereference: "),
		    joined(what, xasprintf(": an element 0x%" PRIx64
		    " bytes into an array at null", address)));
	/* "rax=0x0 + 0x10" has said it. */
	if (a->base == 0)
		return joined(xstrdup("null pointer dereference: "), what);
	return joined(xstrdup("null pointer dereference: "), joined(what,
	    xasprintf(": offset 0x%" PRIx64 " of a null pointer", address)));
}

/*
 * The address is mapped, but not for this. A core may leave out the segments
 * that are the file's: then the note of mapped files says what is there.
 */
static char *
say_refused_access(const struct crash *c, const struct access *a,
    uint64_t address, char *what)
{
	const struct segment *s = target_segment(c->target, address);
	const struct mapping *m = target_mapping(c->target, address);
	const char *how = "access not permitted";
	char *text;

	if (s == NULL) {
		text = xasprintf("%s: %s, in a mapping of %s",
		    a->insn.is_written ? "write to read-only memory" : how,
		    what, m->path);
		free(what);
		return text;
	}
	if (a->insn.is_written && (s->flags & PF_W) == 0)
		how = "write to read-only memory";
	else if ((s->flags & (PF_R | PF_X)) == PF_X)
		how = "read of memory that may only be executed";
	else if ((s->flags & (PF_R | PF_W | PF_X)) == 0)
		how = "access to memory without permissions";
	text = xasprintf("%s: %s, which is mapped %s of %s", how, what,
	    cause_permissions(s->flags), cause_owner(c, s));
	free(what);
	return text;
}

/*
 * What the kernel calls by a name of its own; NULL: nothing of that. Some are
 * told when the program has long gone on: then the instruction is another one.
 */
static char *
say_unusual(const struct siginfo *si, const struct access *a)
{
	char *how;

	switch (si->code) {
	case CODE_BNDERR:
		how = xasprintf("access outside the bounds 0x%" PRIx64 " to 0x%"
		    PRIx64 " of its pointer: ", si->lower, si->upper);
		break;
	case CODE_PKUERR:
		how = xasprintf("access refused by memory protection key %"
		    PRIu32 ": ", si->pkey);
		break;
	case CODE_ACCADI:
		how = xstrdup("a version in the address (ADI) of memory that "
		    "has none: ");
		break;
	case CODE_ADIDERR:
		return xasprintf("memory version mismatch (ADI) of a write, "
		    "told after it: 0x%" PRIx64, si->address);
	case CODE_ADIPERR:
		how = xstrdup("memory version mismatch (ADI): ");
		break;
	case CODE_MTEA:
		return xstrdup("memory tag mismatch, told after the access: "
		    "where it was is not known");
	case CODE_MTES:
		how = xstrdup("memory tag mismatch: ");
		break;
	case CODE_CPERR:
		how = xstrdup("control flow violation, found by the shadow "
		    "stack: ");
		break;
	default:
		return NULL;
	}
	return joined(how, access_say(a, si->address));
}

/*
 * A core without NT_SIGINFO, as QEMU writes them: it was the operand, if that
 * is nothing that could be accessed so.
 */
static int
is_bad_operand(const struct target *t, const struct access *a)
{
	return a->is_decoded && a->insn.has_memory && access_may_fault(t, a);
}

char *
cause_of_segv(struct crash *c)
{
	const struct target *t = c->target;
	uint64_t pc = t->threads[0].registers.pc;
	const struct segment *s;
	struct access a;
	uint64_t address;
	char *unusual;

	/* A module may have been unmapped below its own feet. */
	if (!modules_executable(&c->modules, pc) || (t->siginfo.present &&
	    t->siginfo.code == SEGV_MAPERR && t->siginfo.address == pc))
		return cause_of_bad_jump(c, pc);
	access_decode(c, &a);
	address = access_fault(c, &a);
	if (!t->siginfo.present) {
		if (!is_bad_operand(t, &a))
			return NULL;
		address = a.address;
	}
	s = target_segment(t, address);
	if (t->siginfo.code == SI_KERNEL)
		return say_protection_fault(c, &a);
	unusual = !t->siginfo.present ? NULL : say_unusual(&t->siginfo, &a);
	if (unusual != NULL)
		return unusual;
	if (is_stack_overflow(c, address))
		return say_stack_overflow(c);
	if (is_null_access(&a, address) && s == NULL)
		return say_null(&a, address);
	if (address < NEAR_NULL && s == NULL)
		return joined(xstrdup("near-null pointer: "),
		    access_say(&a, address));
	if ((t->siginfo.code == CODE_ACCERR || !t->siginfo.present) &&
	    (s != NULL || target_mapping(t, address) != NULL))
		return say_refused_access(c, &a, address,
		    access_say(&a, address));
	return joined(joined(xstrdup("invalid address: "),
	    access_say(&a, address)), joined(xstrdup(", where nothing is "
	    "mapped"), say_origin(c, &a, address)));
}

/* The file's own length is not known any more: how far into it this was is. */
static char *
say_past_end(const struct mapping *m, uint64_t address, char *what)
{
	char *text = xasprintf("access past the end of a mapped file: %s, "
	    "0x%" PRIx64 " bytes into %s", what,
	    m->offset + (address - m->start), m->path);

	free(what);
	return text;
}

/* How much memory is lost the kernel tells as a power of two. */
static char *
say_memory_error(const struct siginfo *si, char *what)
{
	char *lost = si->lsb < 12 || si->lsb > 40 ? xstrdup("") :
	    xasprintf(": the %" PRIu64 " KiB around it are lost",
	    (uint64_t)1 << (si->lsb - 10));

	if (si->code == BUS_MCEERR_AR)
		return joined(xstrdup("hardware memory error: "),
		    joined(what, lost));
	free(what);
	return joined(xasprintf("hardware memory error at 0x%" PRIx64 ", found "
	    "before anything used it", si->address), lost);
}

char *
cause_of_bus(struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;
	const struct mapping *m = target_mapping(c->target, si->address);
	struct access a;
	uint64_t address;
	char *what;

	access_decode(c, &a);
	address = access_fault(c, &a);
	if (si->code == SI_KERNEL)
		return a.is_decoded ? say_protection_fault(c, &a) :
		    xstrdup("bus error");
	/* x86 tells no address of an alignment check. */
	what = access_say(&a, si->code == BUS_ADRALN && si->address == 0 ?
	    a.address : address);
	if (si->code == BUS_MCEERR_AR || si->code == BUS_MCEERR_AO)
		return say_memory_error(si, what);
	if (si->code == BUS_ADRALN)
		return joined(xstrdup("misaligned access: "), what);
	if (m != NULL)
		return say_past_end(m, address, what);
	return joined(xstrdup("no memory behind the address: "), what);
}
