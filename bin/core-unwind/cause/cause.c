/* SPDX-License-Identifier: ISC */
#include "cause/cause.h"

#include <elf.h>
#include <inttypes.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause/access.h"
#include "cause/cause_abort.h"
#include "cause/cause_memory.h"
#include "cause/earlier.h"
#include "cause/sender.h"
#include "crash.h"
#include "target/arch.h"
#include "xalloc.h"

#define CODE_MAX 8			/* bytes of an instruction that are told */

static int
read_divisor(struct crash *c, const struct access *a, uint64_t *divisor)
{
	unsigned char bytes[8];

	if ((a->insn.size != 4 && a->insn.size != 8) || target_read(c->target,
	    a->address, bytes, a->insn.size) != a->insn.size)
		return -1;
	*divisor = a->insn.size == 4 ? target_u32(c->target, bytes) :
	    target_u64(c->target, bytes);
	return 0;
}

/*
 * The kernel says INTDIV for a quotient that is too large too: the divisor's
 * value tells them apart.
 */
static char *
division_cause(struct crash *c)
{
	struct access a;
	char by[160];
	uint64_t divisor;

	access_decode(c, &a);
	/* Of its exceptions x86 makes this one of a division only. */
	if (a.is_decoded && c->target->arch->machine == EM_X86_64 &&
	    !a.insn.is_division)
		return xstrdup("integer division by zero, says the kernel, "
		    "but the instruction is no division");
	if (!a.is_decoded || !a.insn.is_division)
		return xstrdup("integer division by zero");
	if (a.insn.operand >= 0) {
		divisor = a.operand;
		snprintf(by, sizeof by, "%s=0x%" PRIx64,
		    access_register(c, a.insn.operand), divisor);
	} else if (a.insn.has_memory &&
	    read_divisor(c, &a, &divisor) == 0) {
		snprintf(by, sizeof by, "0x%" PRIx64 " at 0x%" PRIx64,
		    divisor, a.address);
	} else
		return xstrdup("integer division by zero");
	return xasprintf(divisor == 0 ? "integer division by zero: %s by %s" :
	    "integer overflow in a division: the quotient of %s by %s does "
	    "not fit", a.insn.special, by);
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

	return code == FPE_INTDIV ? division_cause(c) :
	    xstrdup(kinds[code >= 1 && code <= 8 ? code : 0]);
}

/* Instructions that are there for execution to die of. */
static const char *
say_trap(const struct crash *c, const unsigned char *code, size_t n,
    const struct access *a)
{
	uint32_t word;

	if (a->is_decoded && a->insn.special != NULL &&
	    (strncmp(a->insn.special, "ud", 2) == 0 ||
	    strcmp(a->insn.special, "0x0001") == 0))
		return a->insn.special;
	if (n < 4)
		return NULL;
	word = target_u32(c->target, code);
	if (c->target->arch->machine == EM_AARCH64 && word >> 16 == 0)
		return "udf";
	if (c->target->arch->machine == EM_RISCV && (word == 0xc0001073 ||
	    (word & 0xffff) == 0))
		return "unimp";
	return NULL;
}

/* Which part of the instruction set a refused instruction belongs to. */
static const char *
say_extension(const struct crash *c, const unsigned char *code, size_t n)
{
	if (n >= 2 && c->target->arch->machine == EM_S390 && code[0] == 0 &&
	    code[1] == 0)
		return ", zeros where code should be";
	if (n < 2 || c->target->arch->machine != EM_X86_64)
		return "";
	if (code[0] == 0x62)
		return ", an AVX-512 instruction (EVEX prefix)";
	if (code[0] == 0xc4 || code[0] == 0xc5)
		return ", an AVX instruction (VEX prefix)";
	return "";
}

static char *
ill_cause(struct crash *c)
{
	uint64_t pc = access_pc(c);
	unsigned char code[CODE_MAX];
	size_t n = modules_read(&c->modules, pc, code, sizeof code);
	char hex[3 * sizeof code + 1] = "";
	struct access a;
	const char *trap;

	if (!modules_executable(&c->modules, pc))
		return cause_of_bad_jump(c, pc);
	access_decode(c, &a);
	trap = say_trap(c, code, n, &a);
	if (trap != NULL)
		return xasprintf("illegal instruction on purpose (%s): a trap "
		    "the compiler put where execution must not come", trap);
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 3 * i, 4, "%02x ", code[i]);
	if (n > 0)
		hex[3 * n - 1] = '\0';
	return xasprintf("illegal instruction at 0x%" PRIx64 ": %s%s", pc,
	    n > 0 ? hex : "its bytes are not in the core",
	    say_extension(c, code, n));
}

/* Those that the decoders know by name. */
static const char *
say_breakpoint(struct crash *c)
{
	uint16_t machine = c->target->arch->machine;
	struct access a;

	if (machine != EM_ARM && machine != EM_PPC && machine != EM_PPC64 &&
	    machine != EM_S390)
		return NULL;
	access_decode(c, &a);
	return a.is_decoded && !a.insn.is_division ? a.insn.special : NULL;
}

/* After int3 the pc is behind it; other traps stop before, or anywhere. */
static char *
trap_cause(struct crash *c)
{
	const struct target *t = c->target;
	uint64_t pc = t->threads[0].registers.pc;
	unsigned char code[4];
	const char *trap = say_breakpoint(c);

	if (trap != NULL)
		return xasprintf("breakpoint instruction (%s) at 0x%" PRIx64,
		    trap, access_pc(c));

	if ((t->arch->machine == EM_X86_64 || t->arch->machine == EM_386) &&
	    modules_read(&c->modules, pc - 1, code, 1) == 1 && code[0] == 0xcc)
		return xasprintf("breakpoint instruction (int3) at 0x%" PRIx64,
		    pc - 1);
	if (t->arch->machine == EM_AARCH64 &&
	    modules_read(&c->modules, pc, code, 4) == 4 && code[3] == 0xd4)
		return xasprintf("breakpoint instruction (brk) at 0x%" PRIx64,
		    pc);
	if (t->arch->machine == EM_RISCV &&
	    modules_read(&c->modules, pc, code, 2) == 2 &&
	    ((code[0] == 0x02 && code[1] == 0x90) ||
	    (modules_read(&c->modules, pc, code, 4) == 4 &&
	    memcmp(code, "\x73\0\x10\0", 4) == 0)))
		return xasprintf("breakpoint instruction (ebreak) at 0x%" PRIx64,
		    pc);
	if (t->siginfo.code == TRAP_TRACE)
		return xstrdup("trap after a single step");
	return xstrdup("breakpoint or trap instruction");
}

/* As libseccomp calls it; the numbers are those of the process's machine. */
static char *
seccomp_cause(const struct crash *c)
{
	static const struct { uint16_t machine; uint8_t is64; uint32_t token; }
	    archs[] = {
		{ EM_X86_64, 1, SCMP_ARCH_X86_64 },
		{ EM_X86_64, 0, SCMP_ARCH_X32 }, { EM_386, 0, SCMP_ARCH_X86 },
		{ EM_AARCH64, 1, SCMP_ARCH_AARCH64 },
		{ EM_ARM, 0, SCMP_ARCH_ARM },
		{ EM_RISCV, 1, SCMP_ARCH_RISCV64 },
		{ EM_PPC64, 1, SCMP_ARCH_PPC64LE },
		{ EM_S390, 1, SCMP_ARCH_S390X }
	};
	const struct arch *a = c->target->arch;
	int32_t number = c->target->siginfo.syscall;
	char *name = NULL, *text;

	for (size_t i = 0; i < sizeof archs / sizeof archs[0]; i++)
		if (archs[i].machine == a->machine && archs[i].is64 == a->is64)
			name = seccomp_syscall_resolve_num_arch(archs[i].token,
			    number);
	if (name == NULL)
		return xasprintf("seccomp refused system call %" PRId32,
		    number);
	text = xasprintf("seccomp refused system call %" PRId32 " (%s)", number,
	    name);
	free(name);
	return text;
}

/* What the kernel sends of itself and tells no address for; or NULL. */
static char *
kernel_cause(const struct crash *c)
{
	switch (c->signal) {
	case SIGQUIT:
		return xstrdup("SIGQUIT was sent by the terminal");
	case SIGXCPU:
		return xstrdup("the process used more processor time than "
		    "its limit allows (RLIMIT_CPU)");
	case SIGXFSZ:
		return xstrdup("the process wrote beyond the limit on the "
		    "size of a file (RLIMIT_FSIZE)");
	default:
		return NULL;
	}
}

/* raise(), abort() or kill(getpid()). */
static char *
own_signal_cause(const struct crash *c)
{
	struct seen seen;
	char *own, *earlier, *text;

	cause_look(c, &seen);
	/* The kernel sends these in the name of the process. */
	if (c->signal == SIGXCPU || c->signal == SIGXFSZ)
		return kernel_cause(c);
	if (c->signal == SIGABRT && (seen.abort || seen.go_panic ||
	    seen.go_throw || c->message != NULL))
		own = cause_of_abort(c, &seen);
	else
		own = xasprintf("the process sent %s to itself",
		    signal_name(c->signal));
	/* Go's runtime ends so what its own stack tells of. */
	if (seen.go_panic || seen.go_throw)
		return own;
	earlier = earlier_say(c);
	text = xasprintf("%s%s", own, earlier);
	free(own);
	free(earlier);
	return text;
}

/*
 * ", when 1024 of at most 1024 descriptors were in use"; "" when there were
 * more to be had, or nobody knows. The caller frees.
 */
static char *
say_descriptors(const struct meta *m)
{
	static const char name[] = "Max open files";
	const char *line = m->limits == NULL ? NULL : strstr(m->limits, name);
	unsigned long most = line == NULL ? 0 :
	    strtoul(line + sizeof name - 1, NULL, 10);
	size_t all = meta_lines(m->fds);

	if (most == 0 || all < most)
		return xstrdup("");
	return xasprintf(", when %zu of at most %lu descriptors were in use",
	    all, most);
}

static char *
sent_cause(const struct crash *c)
{
	const struct target *t = c->target;
	char *who, *own, *text;

	if (t->siginfo.code == SI_TIMER)
		return xasprintf("%s was sent by a timer of the process",
		    signal_name(c->signal));
	if (t->pid != 0 && t->siginfo.sender_pid == t->pid) {
		/* What was exhausted is the reason more often than not. */
		own = own_signal_cause(c);
		if (c->signal != SIGABRT)
			return own;
		who = say_descriptors(c->meta);
		text = xasprintf("%s%s", own, who);
		free(own);
		free(who);
		return text;
	}
	who = sender_say(c);
	text = xasprintf("%s was sent by %s%s", signal_name(c->signal), who,
	    t->siginfo.sender_pid == 1 && c->signal == SIGABRT ?
	    ": so systemd ends a service whose watchdog ran out" : "");
	free(who);
	return text;
}

char *
cause_find(struct crash *c)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;

	if (c->signal == 0 || t->nthreads == 0)
		return NULL;
	if (!si->present && c->signal == SIGABRT)
		return own_signal_cause(c);
	/* What nobody told a code of is told by the instruction alone. */
	if (!si->present && c->signal != SIGSEGV && c->signal != SIGILL &&
	    c->signal != SIGTRAP)
		return NULL;
	if (si->present && si->code <= 0)
		return sent_cause(c);
	/* The rest begins at the pc. */
	if (t->arch->pc_raw == NO_PC)
		return NULL;
	switch (c->signal) {
	case SIGSEGV:
		return cause_of_segv(c);
	case SIGBUS:
		return cause_of_bus(c);
	case SIGFPE:
		return fpe_cause(c);
	case SIGILL:
		return ill_cause(c);
	case SIGTRAP:
		return trap_cause(c);
	case SIGSYS:
		return seccomp_cause(c);
	default:
		return kernel_cause(c);
	}
}
