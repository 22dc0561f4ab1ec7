/* SPDX-License-Identifier: ISC */
#include "cause.h"

#include <elf.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "crash.h"
#include "insn_x86.h"
#include "xalloc.h"

#define NULL_PAGE 4096
#define NEAR_NULL 65536
#define STACK_GUARD ((uint64_t)1 << 20)	/* stack_guard_gap, and to spare */
#define CODE_MAX 15			/* longest x86 instruction */

/* The operand of the instruction that faulted, with its registers' values. */
struct access {
	struct insn insn;
	int is_decoded;
	uint64_t address;		/* of its memory operand */
	uint64_t base, index;
	char text[160];			/* "rax=0x0 + 0x10" */
};

/* Hardware numbers in the order of the instruction set. */
static const char *const names64[] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
};
static const char *const names32[] = {
	"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"
};

static uint64_t
register_by_name(const struct target *t, const char *name)
{
	for (size_t i = 0; i < t->arch->nraw; i++)
		if (strcmp(t->arch->raw[i].name, name) == 0)
			return t->threads[0].raw[i];
	return 0;
}

static const char *
register_name(const struct target *t, int n)
{
	return t->arch->machine == EM_X86_64 ? names64[n & 15] : names32[n & 7];
}

static void
describe(const struct target *t, struct access *a)
{
	size_t used = 0;

	if (a->insn.base >= 0)
		used += (size_t)snprintf(a->text, sizeof a->text,
		    "%s=0x%" PRIx64, register_name(t, a->insn.base), a->base);
	else if (a->insn.base == INSN_RIP)
		used += (size_t)snprintf(a->text, sizeof a->text, "rip");
	if (a->insn.index >= 0)
		used += (size_t)snprintf(a->text + used,
		    sizeof a->text - used, "%s%s=0x%" PRIx64 " * %u",
		    used > 0 ? " + " : "", register_name(t, a->insn.index),
		    a->index, a->insn.scale);
	if (a->insn.displacement != 0)
		snprintf(a->text + used, sizeof a->text - used,
		    "%s0x%" PRIx64, used == 0 ? "" :
		    a->insn.displacement < 0 ? " - " : " + ",
		    a->insn.displacement < 0 ?
		    0 - (uint64_t)a->insn.displacement :
		    (uint64_t)a->insn.displacement);
}

static void
decode_access(struct crash *c, struct access *a)
{
	struct target *t = c->target;
	uint64_t pc = t->threads[0].registers.pc;
	unsigned char code[CODE_MAX];
	size_t len;

	memset(a, 0, sizeof *a);
	if (t->arch->machine != EM_X86_64 && t->arch->machine != EM_386)
		return;
	for (len = CODE_MAX; len > 0; len--)
		if (modules_read(&c->modules, pc, code, len) == len)
			break;
	if (len == 0 || insn_decode(code, len,
	    t->arch->machine == EM_X86_64, &a->insn) == -1)
		return;
	a->is_decoded = 1;
	if (!a->insn.has_memory)
		return;
	if (a->insn.base >= 0)
		a->base = register_by_name(t, register_name(t, a->insn.base));
	else if (a->insn.base == INSN_RIP)
		a->base = pc + a->insn.length;
	if (a->insn.index >= 0)
		a->index = register_by_name(t,
		    register_name(t, a->insn.index));
	a->address = a->base + a->index * a->insn.scale +
	    (uint64_t)a->insn.displacement;
	if (a->insn.segment != 0)
		a->address += register_by_name(t, a->insn.segment == 'f' ?
		    "fs_base" : "gs_base");
	if (t->arch->machine == EM_386)
		a->address &= UINT32_MAX;
	describe(t, a);
	/* movs reads [rsi] and writes [rdi]: the fault says which it was. */
	if (a->insn.special != NULL && strcmp(a->insn.special, "movs") == 0 &&
	    t->siginfo.address != a->address) {
		uint64_t from = register_by_name(t, register_name(t, 6));

		if (t->siginfo.address - from < 64) {
			a->insn.base = 6;
			a->base = a->address = from;
			a->insn.is_read = 1;
			a->insn.is_written = 0;
			describe(t, a);
		}
	}
}

/* "write of 4 bytes to 0x10 (rax=0x0 + 0x10)" */
static char *
say_access(const struct access *a, uint64_t address)
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

/* Eight printable bytes, or one byte repeated, say what overwrote a pointer. */
static char *
say_pattern(uint64_t v)
{
	unsigned char b[8];
	int printable = 1, same = 1;

	for (int i = 0; i < 8; i++) {
		b[i] = (unsigned char)(v >> 8 * i);
		printable &= b[i] >= 0x20 && b[i] < 0x7f;
		same &= b[i] == b[0];
	}
	if (printable)
		return xasprintf(": the ASCII text \"%.8s\"", (char *)b);
	if (same)
		return xasprintf(": the byte 0x%02x repeated", b[0]);
	return xstrdup("");
}

static char *
free_after(char *text, char *part)
{
	free(part);
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

static const char *
permissions(uint32_t flags)
{
	static char text[4];

	text[0] = (flags & PF_R) != 0 ? 'r' : '-';
	text[1] = (flags & PF_W) != 0 ? 'w' : '-';
	text[2] = (flags & PF_X) != 0 ? 'x' : '-';
	return text;
}

static char *
say_bad_jump(const struct crash *c, uint64_t pc)
{
	const struct segment *s = target_segment(c->target, pc);
	const struct mapping *m = target_mapping(c->target, pc);

	if (pc < NULL_PAGE)
		return xasprintf("call through a null function pointer: "
		    "execution at 0x%" PRIx64, pc);
	if (s == NULL)
		return xasprintf("jump or call to 0x%" PRIx64
		    ", where nothing is mapped", pc);
	return xasprintf("jump or call to 0x%" PRIx64
	    ", which is not executable (%s%s%s)", pc, permissions(s->flags),
	    m == NULL ? "" : ", ", m == NULL ? "" : m->path);
}

static char *
segv_cause(struct crash *c)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;
	uint64_t pc = t->threads[0].registers.pc, address = si->address;
	const struct segment *s;
	const struct mapping *m;
	struct access a;
	char *what;

	if (!modules_executable(&c->modules, pc))
		return say_bad_jump(c, pc);
	decode_access(c, &a);
	if (si->code == SI_KERNEL) {
		/* The kernel knows no address of a general protection fault. */
		if (!a.insn.has_memory)
			return xstrdup("general protection fault: the "
			    "instruction is not allowed, or an address is not "
			    "canonical");
		address = a.address;
		what = say_access(&a, address);
		if (address + ((uint64_t)1 << 47) >= (uint64_t)1 << 48) {
			char *pattern = say_pattern(a.base);
			char *text = xasprintf("non-canonical address: %s%s",
			    what, pattern);

			free(pattern);
			return free_after(text, what);
		}
		if (address % 16 != 0 && a.insn.size >= 16)
			return free_after(xasprintf("misaligned vector "
			    "access: %s", what), what);
		return free_after(xasprintf("general protection fault: %s",
		    what), what);
	}
	if (is_stack_overflow(c, address)) {
		size_t n = c->stacks[0].count + c->stacks[0].omitted;

		return xasprintf("stack overflow: the stack pointer 0x%" PRIx64
		    " is at the end of its stack, %zu frames deep",
		    t->threads[0].registers.value[t->arch->sp], n);
	}
	what = say_access(&a, address);
	if (address < NULL_PAGE || (a.insn.has_memory && a.insn.base >= 0 &&
	    a.base == 0 && a.insn.index < 0 && address < NEAR_NULL))
		return free_after(xasprintf("null pointer dereference: %s",
		    what), what);
	if (address < NEAR_NULL)
		return free_after(xasprintf("near-null pointer: %s", what),
		    what);
	s = target_segment(t, address);
	m = target_mapping(t, address);
	if (si->code == 2 && s != NULL)
		return free_after(xasprintf("%s: %s, which is mapped %s%s%s",
		    a.insn.is_written && (s->flags & PF_W) == 0 ?
		    "write to read-only memory" : "access not permitted", what,
		    permissions(s->flags), m == NULL ? "" : " of ",
		    m == NULL ? "" : m->path), what);
	return free_after(xasprintf("invalid address: %s, where nothing is "
	    "mapped", what), what);
}

static char *
bus_cause(struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;
	const struct mapping *m = target_mapping(c->target, si->address);
	struct access a;
	char *what;

	decode_access(c, &a);
	what = say_access(&a, si->address);
	if (si->code == 4 || si->code == 5)
		return free_after(xasprintf("hardware memory error: %s", what),
		    what);
	if (si->code == 1)
		return free_after(xasprintf("misaligned access: %s", what),
		    what);
	return free_after(xasprintf("%s: %s%s%s", m != NULL ?
	    "access past the end of a mapped file" :
	    "no memory behind the address", what, m == NULL ? "" : " of ",
	    m == NULL ? "" : m->path), what);
}

static char *
fpe_cause(struct crash *c)
{
	static const char *const kinds[] = {
		"arithmetic exception", "integer division by zero",
		"integer overflow", "floating-point division by zero",
		"floating-point overflow", "floating-point underflow",
		"inexact floating-point result",
		"invalid floating-point operation", "subscript out of range"
	};
	int code = c->target->siginfo.code;

	return xstrdup(kinds[code >= 1 && code <= 8 ? code : 0]);
}

static char *
ill_cause(struct crash *c)
{
	struct target *t = c->target;
	uint64_t pc = t->threads[0].registers.pc;
	unsigned char code[8];
	size_t n = modules_read(&c->modules, pc, code, sizeof code);
	char hex[3 * sizeof code + 1] = "";
	struct access a;

	if (!modules_executable(&c->modules, pc))
		return say_bad_jump(c, pc);
	decode_access(c, &a);
	if (a.is_decoded && a.insn.special != NULL &&
	    strncmp(a.insn.special, "ud", 2) == 0)
		return xasprintf("illegal instruction on purpose (%s): a trap "
		    "the compiler put where execution must not come",
		    a.insn.special);
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 3 * i, 4, "%02x ", code[i]);
	if (n > 0)
		hex[3 * n - 1] = '\0';
	return xasprintf("illegal instruction at 0x%" PRIx64 ": %s", pc,
	    n > 0 ? hex : "its bytes are not in the core");
}

/* "prog: file:line: function: Assertion `EXPRESSION' failed." (assert.c) */
static char *
assertion_cause(const char *message)
{
	const char *from = strstr(message, "Assertion `") + 11;
	const char *to = strstr(from, "' failed");

	return to == NULL ? xstrdup("assertion failed") :
	    xasprintf("assertion failed: %.*s", (int)(to - from), from);
}

/* What glibc says before it aborts sorts by how it begins. */
static char *
abort_cause(const struct crash *c)
{
	static const struct { const char *part, *cause; } kinds[] = {
		{ "stack smashing detected", "stack smashing detected: a "
		    "buffer on the stack was overrun" },
		{ "buffer overflow detected", "buffer overflow detected by "
		    "a fortified function" },
		{ "double free", "heap corruption: double free" },
		{ "free(): ", "heap corruption, found by free()" },
		{ "malloc", "heap corruption, found by malloc()" },
		{ "realloc(): ", "heap corruption, found by realloc()" },
		{ "munmap_chunk(): ", "heap corruption, found by free()" },
		{ "corrupted size", "heap corruption" },
		{ "corrupted double-linked", "heap corruption" },
		{ "invalid stdio handle", "invalid stdio handle" }
	};

	if (c->message == NULL)
		return xstrdup("abort() was called");
	if (strncmp(c->message, "uncaught C++ exception", 22) == 0)
		return xstrndup(c->message, strcspn(c->message, "\n"));
	if (strstr(c->message, "Assertion `") != NULL)
		return assertion_cause(c->message);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strstr(c->message, kinds[i].part) != NULL)
			return xstrdup(kinds[i].cause);
	return xstrdup("abort() was called");
}

/* Which functions the crashed thread is in, as far as the cause depends on. */
struct seen {
	int abort, trampoline;
};

static int
look(void *arg, size_t number, const struct shown_frame *f)
{
	struct seen *seen = arg;
	const char *name = f->location->function;

	seen->trampoline |= f->frame->is_trampoline;
	seen->abort |= name != NULL && !seen->trampoline &&
	    (strcmp(name, "abort") == 0 || strcmp(name, "__GI_abort") == 0);
	return number > 30;
}

/* raise(), abort() or kill(getpid()). */
static char *
own_signal_cause(const struct crash *c)
{
	struct seen seen = { 0, 0 };

	crash_each_frame(c, 0, look, &seen);
	if (c->signal == SIGABRT && (seen.abort || c->message != NULL))
		return abort_cause(c);
	return xasprintf("the process sent %s to itself%s",
	    signal_name(c->signal), seen.trampoline ?
	    ", in a handler of an earlier signal" : "");
}

char *
cause_find(struct crash *c)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;

	if (c->signal == 0 || t->nthreads == 0)
		return NULL;
	if (!si->present)
		return c->signal == SIGABRT ? own_signal_cause(c) : NULL;
	if (si->code <= 0) {
		if (si->sender_pid != t->pid)
			return xasprintf("%s was sent by process %" PRIu32
			    " of user %" PRIu32, signal_name(c->signal),
			    si->sender_pid, si->sender_uid);
		return own_signal_cause(c);
	}
	switch (c->signal) {
	case SIGSEGV:
		return segv_cause(c);
	case SIGBUS:
		return bus_cause(c);
	case SIGFPE:
		return fpe_cause(c);
	case SIGILL:
		return ill_cause(c);
	case SIGTRAP:
		return xstrdup("breakpoint or trap instruction");
	case SIGSYS:
		return xasprintf("seccomp refused system call %" PRId32,
		    si->syscall);
	default:
		return NULL;
	}
}
