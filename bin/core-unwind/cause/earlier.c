/* SPDX-License-Identifier: ISC */
#include "cause/earlier.h"

#include <elf.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cause/access.h"
#include "cause/cause.h"
#include "crash.h"
#include "frame/sigframe.h"
#include "target/arch.h"
#include "xalloc.h"

/* The crash as it would have been, had the signal not been handled. */
struct earlier {
	struct crash crash;
	struct target target;
	struct thread thread;
	struct stack stack;
};

static void
begin(struct earlier *e, const struct crash *c)
{
	e->crash = *c;
	e->target = *c->target;
	e->thread = c->target->threads[0];
	e->stack = c->stacks[0];
	e->target.threads = &e->thread;
	e->target.nthreads = 1;
	e->crash.target = &e->target;
	e->crash.stacks = &e->stack;
	e->crash.locals = NULL;
	e->crash.python = NULL;
	e->crash.message = NULL;
}

static char *
say(struct earlier *e, const char *when)
{
	char *cause, *text;

	e->crash.signal = e->target.siginfo.signo;
	cause = cause_find(&e->crash);
	text = xasprintf(", %s %s%s%s", when, signal_name(e->crash.signal),
	    cause == NULL ? "" : ": ", cause == NULL ? "" : cause);
	free(cause);
	return text;
}

/* The innermost frame that a signal's handler returns to, or NULL. */
static const struct frame *
trampoline_of(const struct stack *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->frame[i].is_trampoline)
			return &s->frame[i];
	return NULL;
}

/* Who is interrupted has all his registers; the notes' others stay. RAW has
   room for them. */
static void
set_registers(struct earlier *e, const struct registers *r, uint64_t *raw)
{
	const struct arch *a = e->target.arch;

	memcpy(raw, e->thread.raw, a->nraw * sizeof *raw);
	for (size_t i = 0; i < a->nraw; i++)
		if (a->raw[i].dwarf != NOT_DWARF && r->known[a->raw[i].dwarf])
			raw[i] = r->value[a->raw[i].dwarf];
	raw[a->pc_raw] = r->pc;
	e->thread.raw = raw;
	e->thread.registers = *r;
}

/* What is behind the first FRAMES of them. */
static void
set_stack(struct stack *s, size_t frames)
{
	size_t activations = frames < s->nactivations ? frames :
	    s->nactivations;

	s->frame += frames;
	s->count -= frames;
	s->activation += activations;
	s->nactivations -= activations;
	if (s->omitted > 0 && s->omitted_after >= frames)
		s->omitted_after -= frames;
	else
		s->omitted = 0;
}

/* Is that the trap of the instruction that was interrupted? */
static int
is_its_trap(struct earlier *e)
{
	const struct siginfo *si = &e->target.siginfo;
	struct access a;

	if (si->code != SI_KERNEL && si->address == e->thread.registers.pc)
		return 1;
	access_decode(&e->crash, &a);
	if (!a.is_decoded || !a.insn.has_memory)
		return 0;
	return si->code == SI_KERNEL ? !access_is_canonical(a.address) :
	    access_is_told(&e->crash, &a);
}

/* The handler called by way of the frame F has not returned. */
static char *
say_handled(const struct crash *c, const struct frame *f)
{
	const struct arch *a = c->target->arch;
	struct registers in = { .pc = f->pc }, out;
	uint64_t *raw = xcalloc(a->nraw, sizeof *raw);
	struct earlier e;
	char *text = NULL;
	int is_told;

	begin(&e, c);
	in.value[a->sp] = f->sp;
	in.known[a->sp] = 1;
	if (sigframe_step(&e.crash.modules, &in, &out) == 0 &&
	    sigframe_signal(&e.crash.modules, &in, &e.target.siginfo,
	    &is_told) == 0) {
		set_registers(&e, &out, raw);
		set_stack(&e.stack, (size_t)(f - c->stacks[0].frame) + 1);
		if (is_told || is_its_trap(&e))
			text = say(&e, "in a handler of");
	}
	free(raw);
	return text != NULL ? text :
	    xstrdup(", in a handler of an earlier signal");
}

/* ud2, which compilers put where a program must not go on. */
static int
is_trap(struct earlier *e, struct siginfo *si)
{
	uint64_t pc = e->thread.registers.pc;
	unsigned char code[2];

	*si = (struct siginfo){ .present = 1, .signo = SIGILL,
	    .code = ILL_ILLOPN, .address = pc };
	return e->target.arch->machine == EM_X86_64 &&
	    modules_read(&e->crash.modules, pc, code, sizeof code) ==
	    sizeof code && memcmp(code, "\x0f\x0b", sizeof code) == 0;
}

/*
 * Can the instruction that is next do nothing but fault? Then SI is what the
 * kernel has told of that, as far as it can be known.
 */
static int
must_fault(struct earlier *e, struct siginfo *si)
{
	uint64_t pc = e->thread.registers.pc;
	const struct segment *s;
	struct access a;
	uint32_t need;

	*si = (struct siginfo){ .present = 1, .signo = SIGSEGV,
	    .code = SEGV_MAPERR, .address = pc };
	if (!modules_executable(&e->crash.modules, pc))
		return 1;
	access_decode(&e->crash, &a);
	if (!a.is_decoded || !a.insn.has_memory ||
	    (!a.insn.is_read && !a.insn.is_written))
		return 0;
	si->address = a.address;
	if (e->target.arch->machine == EM_X86_64 &&
	    !access_is_canonical(a.address)) {
		si->code = SI_KERNEL;
		si->address = 0;
		return 1;
	}
	s = target_segment(&e->target, a.address);
	if (s == NULL)
		return 1;
	si->code = SEGV_ACCERR;
	need = a.insn.is_written ? PF_W : PF_R;
	return (s->flags & need) == 0;
}

/* Or it has: what it sent was blocked until then. */
static char *
say_returned(const struct crash *c)
{
	struct earlier e;

	begin(&e, c);
	if (c->target->arch->pc_raw != NO_PC &&
	    ((c->signal == SIGSEGV && must_fault(&e, &e.target.siginfo)) ||
	    (c->signal == SIGILL && is_trap(&e, &e.target.siginfo))))
		return say(&e, "after");
	return xstrdup("");
}

char *
earlier_say(const struct crash *c)
{
	const struct frame *f = trampoline_of(&c->stacks[0]);

	return f != NULL ? say_handled(c, f) : say_returned(c);
}
