/* SPDX-License-Identifier: ISC */
#include "frame/unwind.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "frame/calltarget.h"
#include "frame/exidx.h"
#include "frame/goroutine.h"
#include "frame/sigframe.h"
#include "target/arch.h"
#include "target/vector.h"
#include "xalloc.h"

#define FRAMES_INNER 800		/* kept by default */
#define FRAMES_OUTER 200
#define STEPS_MAX ((size_t)4 << 20)
#define SIGNALS_MAX 64			/* trampolines on one stack */
#define SCAN_WORDS 512
#define HANDLERS_MAX 64			/* whose frames a scan looks for */
#define ENTRY_MAX 64			/* bytes of _start, about */
#define LEAF_MAX 4096			/* bytes of such a function */
#define CALL_MAX 8			/* longest call, with its delay slot */

const char *
trust_name(enum trust trust)
{
	static const char *const names[] = {
		"context", "cfi", "call", "fp", "scan"
	};

	return names[trust];
}

void
stack_release(struct stack *stack)
{
	free(stack->frame);
	free(stack->activation);
}

/* Where one thread's unwinding stands. */
struct walk {
	struct modules *modules;
	struct cfi_cache *cfi;
	struct registers here;
	uint64_t cfa;			/* of here, once stepped from */
	int has_cfa;
	int is_vague;			/* a step that restores no registers
					   lies between */
	int exact;			/* pc is where it was interrupted */
	int is_guess;			/* found by no call frame information */
	int was_saved;			/* pc is in this frame's memory too: it
					   was in the link register, or a record */
	size_t signals;
	struct goroutine goroutine;	/* that the stack goes on with */
};

/* Can ADDRESS be where a call returns to? */
static int
is_return_address(struct modules *ms, uint64_t address)
{
	const struct target *t = ms->target;
	unsigned char code[CALL_MAX];

	/* Bit 0 says that a Thumb function is returned to. */
	if (t->arch->machine == EM_ARM)
		address &= ~(uint64_t)1;
	if (address < 4096 || !modules_executable(ms, address))
		return 0;
	for (size_t len = CALL_MAX; len >= 2; len--)
		if (modules_read(ms, address - len, code, len) == len)
			return arch_ends_in_call(t->arch, code, len,
			    target_is_little(t));
	return 0;
}

/* A handler does, which nobody called. */
static int
is_handlers_return(struct modules *ms, uint64_t address)
{
	return modules_executable(ms, address) && sigframe_is_at(ms, address);
}

/* One of both; by a signal's frame, TO's stack pointer becomes exact. */
static int
is_caller(struct modules *ms, struct registers *to)
{
	/* Asked first: POWER's kernels have a call before that place. */
	if (!is_handlers_return(ms, to->pc))
		return is_return_address(ms, to->pc);
	sigframe_find(ms, to);
	return 1;
}

/* Stack slots are as wide as a register, in x32 and n32 too. */
static size_t
word_size(const struct walk *w)
{
	return w->modules->target->arch->word;
}

/* Where a call returns to that left VALUE. */
static uint64_t
returns_to(const struct walk *w, uint64_t value)
{
	const struct target *t = w->modules->target;

	return (value + t->arch->after_call) & t->address_mask;
}

/*
 * The process jumped to where no code is. It came from a call, so the return
 * address is where a call leaves it; everything else is as it was.
 */
static int
step_by_call(struct walk *w, struct registers *out)
{
	const struct arch *a = w->modules->target->arch;
	uint64_t address;

	*out = w->here;
	if (a->lr != NOT_DWARF) {
		if (!w->here.known[a->lr])
			return -1;
		address = returns_to(w, w->here.value[a->lr]);
	} else {
		if (target_slot(w->modules->target, w->here.value[a->sp],
		    &address) == -1)
			return -1;
		out->value[a->sp] += word_size(w);
	}
	out->pc = address;
	return is_caller(w->modules, out) ? 0 : -1;
}

/* A record of two words at the frame pointer, or below it. */
static int
step_by_record(struct walk *w, struct registers *out)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	size_t word = word_size(w);
	uint64_t fp = w->here.value[a->fp], sp = w->here.value[a->sp];
	uint64_t saved = fp + (uint64_t)(int64_t)a->fp_at * word;
	uint64_t ra = fp + (uint64_t)(int64_t)a->ra_at * word, next, address;

	if (!w->here.known[a->fp] || (a->grows_up ? fp > sp : saved < sp) ||
	    fp % word != 0 || target_slot(t, saved, &next) == -1 ||
	    target_slot(t, ra, &address) == -1)
		return -1;
	*out = w->here;
	out->pc = returns_to(w, address);
	out->value[a->fp] = next;
	out->value[a->sp] = a->ra_at < 0 ? fp : fp + 2 * word;
	return 0;
}

/* The caller's frame begins where this one's first word says. */
static int
step_by_back_chain(struct walk *w, struct registers *out)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	size_t word = word_size(w);
	uint64_t sp = w->here.value[a->sp], next, address;

	if (target_slot(t, sp, &next) == -1 || next <= sp ||
	    next % word != 0 || target_slot(t, next +
	    (uint64_t)(int64_t)a->ra_at * word, &address) == -1)
		return -1;
	*out = w->here;
	out->pc = returns_to(w, address);
	out->value[a->sp] = next;
	return 0;
}

/* SPARC: %i0 to %i7 were the caller's %o0 to %o7; %l0 to %i7, 16 to 31, were
   saved at its stack pointer, which is our frame pointer. */
static int
step_by_window(struct walk *w, struct registers *out)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	size_t word = word_size(w);
	uint64_t at = w->here.value[a->fp] + a->stack_bias;

	if (!w->here.known[a->fp] || !w->here.known[31])
		return -1;
	*out = w->here;
	for (int i = 8; i < 16; i++) {
		out->value[i] = w->here.value[i + 16];
		out->known[i] = w->here.known[i + 16];
	}
	for (int i = 16; i < 32; i++)
		out->known[i] = target_slot(t, at + (uint64_t)(i - 16) * word,
		    &out->value[i]) == 0;
	out->pc = returns_to(w, w->here.value[31]);
	return 0;
}

/*
 * A handler's return address at AT is that of the frame that was found by it
 * unless there is one more between: it is what a handler saved that was there
 * before, or a copy.
 */
static int
is_last(const struct walk *w, uint64_t at, uint64_t chain,
    const struct registers *handler)
{
	struct target *t = w->modules->target;
	uint64_t end = handler->value[t->arch->sp] + chain, address;

	while ((at += word_size(w)) < end)
		if (target_slot(t, at, &address) == -1 ||
		    returns_to(w, address) == handler->pc)
			return 0;
	return 1;
}

/*
 * A word on the stack below END says where a call returns to, or a handler;
 * what is above it is the caller's. By the ABIs with a chain it is in the
 * caller's frame, and what is in ours is a callee's.
 */
static int
find_return(const struct walk *w, uint64_t end,
    int (*is_one)(struct modules *ms, uint64_t address), struct registers *out)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	size_t word = word_size(w);
	uint64_t at = w->here.value[a->sp], chain = 0;
	int tries = 0;

	if (!w->here.known[a->sp])
		return -1;
	if (a->chain == CHAIN_SP)
		chain = ((uint64_t)a->ra_at + 1) * word;
	at = ((at + word - 1) & ~(uint64_t)(word - 1)) + chain;
	for (; at < end; at += word) {
		uint64_t address;

		if (target_slot(t, at, &address) == -1)
			return -1;
		address = returns_to(w, address);
		if ((w->was_saved && address == w->here.pc) ||
		    !is_one(w->modules, address))
			continue;
		*out = w->here;
		out->pc = address;
		out->value[a->sp] = at + word - chain;
		if (is_handlers_return(w->modules, address) ?
		    tries++ < HANDLERS_MAX &&
		    sigframe_find(w->modules, out) == 0 &&
		    is_last(w, at, chain, out) :
		    is_return_address(w->modules, address))
			return 0;
	}
	return -1;
}

/*
 * Below the frame pointer a signal was handled whom it belongs to: the handler's
 * code has none. (aarch64's kernels set it, to a copy of his record.)
 */
static int
is_of_interrupted(const struct walk *w)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	uint64_t fp = w->here.value[a->fp], saved;
	uint64_t end = w->here.value[a->sp] + SCAN_WORDS * word_size(w);
	struct registers handler, r;

	return w->here.known[a->fp] && find_return(w, fp < end ? fp : end,
	    is_handlers_return, &handler) == 0 &&
	    sigframe_step(w->modules, &handler, &r) == 0 &&
	    (r.value[a->fp] == fp || (target_slot(t, fp, &saved) == 0 &&
	    saved == r.value[a->fp]));
}

static int
step_by_frame_pointer(struct walk *w, struct registers *out)
{
	struct modules *ms = w->modules;
	const struct arch *a = ms->target->arch;
	int rc = -1;

	switch (a->chain) {
	case CHAIN_FP:
		rc = is_of_interrupted(w) ? -1 : step_by_record(w, out);
		break;
	case CHAIN_SP:
		rc = step_by_back_chain(w, out);
		break;
	case CHAIN_WINDOW:
		rc = step_by_window(w, out);
		break;
	}
	if (rc == -1)
		return -1;
	return arch_knows_calls(a) ? is_caller(ms, out) - 1 :
	    modules_executable(ms, out->pc) - 1;
}

/*
 * x86: a function that has not made its frame, or makes none, left its return
 * address on top of the stack; the frame pointer is still its caller's, which
 * would be passed over. The call before that address says if it is so: it must
 * go to a place shortly before pc.
 */
static int
step_by_leaf(struct walk *w, struct registers *out)
{
	struct modules *ms = w->modules;
	const struct arch *a = ms->target->arch;
	unsigned char code[5];
	uint64_t address, begin;

	if (!w->exact || (a->machine != EM_X86_64 && a->machine != EM_386) ||
	    target_word(ms->target, w->here.value[a->sp], &address) == -1 ||
	    !is_return_address(ms, address) ||
	    modules_read(ms, address - 5, code, 5) != 5 || code[0] != 0xe8)
		return -1;
	begin = address + (uint64_t)(int64_t)(int32_t)
	    target_u32(ms->target, code + 1);
	if (!ms->target->is64)
		begin &= UINT32_MAX;
	if (w->here.pc - begin > LEAF_MAX)
		return -1;
	*out = w->here;
	out->pc = address;
	out->value[a->sp] += word_size(w);
	return 0;
}

/*
 * RISC-V and its like: the record of a leaf has one word, the caller's frame
 * pointer, where that of others has the return address. It is one if there is a
 * record at it.
 */
static void
leave_leaf(const struct walk *w, struct registers *out)
{
	struct target *t = w->modules->target;
	const struct arch *a = t->arch;
	size_t word = word_size(w);
	uint64_t fp = w->here.value[a->fp], next, address;

	if (a->chain != CHAIN_FP || a->fp_at != -2 || a->ra_at != -1 ||
	    is_handlers_return(w->modules, out->pc) || !w->here.known[a->fp] ||
	    fp < w->here.value[a->sp] + word ||
	    target_slot(t, fp - word, &next) == -1 || next <= fp ||
	    target_slot(t, next - word, &address) == -1)
		return;
	address = returns_to(w, address);
	if (!is_return_address(w->modules, address) &&
	    !is_handlers_return(w->modules, address))
		return;
	out->value[a->fp] = next;
	out->value[a->sp] = fp;
}

/*
 * A leaf without CFI on a machine with a link register: the caller is in it.
 * So it is after a call that this function made; but that one went elsewhere,
 * or was made only to learn the pc. Where it was saved too, the frame was made.
 */
static int
step_by_link(struct walk *w, struct registers *out)
{
	const struct arch *a = w->modules->target->arch;
	struct registers framed;
	uint64_t begin;

	if (a->lr == NOT_DWARF || !w->exact || step_by_call(w, out) == -1 ||
	    out->pc == w->here.pc)
		return -1;
	if (step_by_frame_pointer(w, &framed) == 0 && framed.pc == out->pc)
		*out = framed;
	else
		leave_leaf(w, out);
	begin = calltarget_of(w->modules, out->pc);
	if (begin != 0)
		begin = calltarget_beyond(w->modules, begin, 0);
	return begin != 0 && (begin == out->pc ||
	    w->here.pc - begin > LEAF_MAX) ? -1 : 0;
}

static int
step_by_scan(struct walk *w, struct registers *out)
{
	return find_return(w, w->here.value[w->modules->target->arch->sp] +
	    SCAN_WORDS * word_size(w), modules_executable, out);
}

/* The first code of a program has no caller to be found. */
static int
is_entry(const struct walk *w)
{
	const struct module *m = modules_at(w->modules, w->here.pc - 1);

	return m != NULL && m->entry != 0 &&
	    w->here.pc - m->entry <= ENTRY_MAX;
}

/* ARM's own tables. */
static int
step_by_table(struct walk *w, uint64_t lookup, struct registers *out)
{
	struct modules *ms = w->modules;

	return ms->target->arch->machine == EM_ARM &&
	    exidx_step(ms, lookup, &w->here, out) == 0 &&
	    modules_executable(ms, out->pc) ? 0 : -1;
}

/*
 * A handler returns to code that ends the signal. On x86-64 what call frame
 * information there is says it all. Other kernels' vDSOs have some that restores
 * nothing (RISC-V, s390), or skips who was interrupted (ARM's before 5.8).
 */
static int
step_by_sigframe(struct walk *w, int has_cfi, struct registers *out)
{
	const struct arch *a = w->modules->target->arch;

	if (w->exact || (a->machine == EM_X86_64 && has_cfi) ||
	    (w->is_guess && sigframe_find(w->modules, &w->here) == -1))
		return -1;
	return sigframe_step(w->modules, &w->here, out);
}

enum step { STEP_OK, STEP_END, STEP_LOST };

static enum step
step(struct walk *w, struct registers *out, enum trust *trust, int *signal,
    const char **why)
{
	uint64_t lookup = w->exact ? w->here.pc : w->here.pc - 1;
	int has_cfi = 1;

	*signal = 1;
	*trust = TRUST_CFI;
	w->has_cfa = 0;
	if (step_by_sigframe(w, 1, out) == 0)
		return STEP_OK;
	*signal = 0;
	switch (cfi_step(w->cfi, lookup, &w->here, out, &w->cfa, signal)) {
	case CFI_OUTERMOST:
		w->has_cfa = 1;
		return STEP_END;
	case CFI_STEPPED:
		w->has_cfa = 1;
		/* A signal may have interrupted a jump to nowhere. */
		if (*signal)
			return STEP_OK;
		if (out->pc == 0)
			return STEP_END;
		if (modules_executable(w->modules, out->pc))
			return STEP_OK;
		*why = "the caller's address is in no executable mapping";
		break;
	case CFI_UNREADABLE:
		*why = "memory that holds the caller is not in the core";
		break;
	case CFI_NONE:
		if (step_by_table(w, lookup, out) == 0)
			return STEP_OK;
		if (step_by_sigframe(w, 0, out) == 0) {
			*signal = 1;
			return STEP_OK;
		}
		has_cfi = 0;
		*why = "no call frame information, no frame pointer, and no "
		    "return address on the stack";
		break;
	}
	*signal = 0;
	if (!w->exact && is_handlers_return(w->modules, w->here.pc)) {
		*why = "what is there is no signal's frame";
		return STEP_LOST;
	}
	*trust = TRUST_CALL;
	if (w->exact && !modules_executable(w->modules, w->here.pc)) {
		if (step_by_call(w, out) == 0)
			return STEP_OK;
	} else if (step_by_link(w, out) == 0)
		return STEP_OK;
	*trust = TRUST_FP;
	if ((!has_cfi && step_by_leaf(w, out) == 0) ||
	    step_by_frame_pointer(w, out) == 0)
		return STEP_OK;
	if (!has_cfi && !w->exact && is_entry(w)) {
		*why = NULL;
		return STEP_END;
	}
	*trust = TRUST_SCAN;
	return step_by_scan(w, out) == 0 ? STEP_OK : STEP_LOST;
}

/*
 * Beyond what the runtime has of its own stack, or at its end, is the goroutine
 * that it works for? Then that is who called.
 */
static int
step_to_goroutine(struct walk *w, enum step result, struct registers *out)
{
	const struct arch *a = w->modules->target->arch;
	struct goroutine *g = &w->goroutine;
	uint64_t sp = w->here.value[a->sp];

	if (!g->is_there || sp < g->low || sp > g->base ||
	    (result == STEP_OK && out->known[a->sp] &&
	    out->value[a->sp] <= g->base))
		return 0;
	*out = g->left;
	g->is_there = 0;
	return 1;
}

/* Does the stack go on upwards? Otherwise a loop would never end. */
static int
makes_progress(const struct walk *w, const struct registers *out,
    enum trust trust)
{
	const struct arch *a = w->modules->target->arch;
	uint64_t sp = w->here.value[a->sp], up = out->value[a->sp];

	if (!out->known[a->sp])
		return 0;
	if (a->grows_up ? up < sp : up > sp)
		return 1;
	/* A leaf that never touched the stack, or the call to nowhere. */
	return up == sp && w->exact && out->pc != w->here.pc &&
	    (a->lr != NOT_DWARF || trust == TRUST_CALL);
}

/*
 * Of a stack deeper than the limit the inner end is kept, and by default the
 * outer end too: it says how the program got into its recursion.
 */
struct keeper {
	struct stack *stack;
	struct frame *outer;		/* outer_max, once they are needed */
	size_t inner_max, outer_max, seen;
};

static void
keep(struct keeper *k, const struct frame *f)
{
	struct stack *s = k->stack;

	if (k->seen < k->inner_max) {
		xgrow(&s->frame, &s->cap, s->count, sizeof *s->frame);
		s->frame[s->count++] = *f;
	} else if (k->outer_max > 0) {
		if (k->outer == NULL)
			k->outer = xcalloc(k->outer_max, sizeof *k->outer);
		k->outer[(k->seen - k->inner_max) % k->outer_max] = *f;
	}
	k->seen++;
}

static void
finish(struct keeper *k)
{
	struct stack *s = k->stack;
	size_t beyond = k->seen - s->count, kept = beyond;

	if (beyond == 0)
		return;
	if (kept > k->outer_max)
		kept = k->outer_max;
	s->omitted = beyond - kept;
	s->omitted_after = s->count;
	for (size_t i = 0; i < kept; i++) {
		xgrow(&s->frame, &s->cap, s->count, sizeof *s->frame);
		s->frame[s->count++] = k->outer[(beyond - kept + i) %
		    k->outer_max];
	}
}

static void
keep_activation(struct stack *s, const struct walk *w)
{
	const struct arch *a = w->modules->target->arch;
	struct activation *to;

	xgrow(&s->activation, &s->activations_cap, s->nactivations,
	    sizeof *s->activation);
	to = &s->activation[s->nactivations++];
	to->registers = w->here;
	to->cfa = w->cfa;
	to->has_cfa = (uint8_t)w->has_cfa;
	if (!w->is_vague)
		return;
	memset(to->registers.known, 0, sizeof to->registers.known);
	to->registers.known[a->sp] = w->here.known[a->sp];
	to->registers.known[a->fp] = w->here.known[a->fp];
}

/* Of the registers that this machine has: there is room for many more. */
static void
go_to(struct walk *w, const struct registers *to)
{
	size_t n = w->modules->target->arch->nregisters;

	memcpy(w->here.value, to->value, n * sizeof to->value[0]);
	memcpy(w->here.known, to->known, n * sizeof to->known[0]);
	w->here.pc = to->pc;
}

static void
walk_stack(struct walk *w, struct keeper *k, const struct unwind_limits *limits)
{
	struct stack *s = k->stack;
	enum trust trust = TRUST_CONTEXT;
	struct registers out;

	for (size_t steps = 0;; steps++) {
		struct frame f = {
			.pc = w->here.pc,
			.lookup = w->exact ? w->here.pc : w->here.pc - 1,
			.sp = w->here.value[w->modules->target->arch->sp],
			.trust = (uint8_t)trust
		};
		int signal, switched;
		enum step result = step(w, &out, &trust, &signal, &s->why);

		switched = step_to_goroutine(w, result, &out);
		if (switched) {
			result = STEP_OK;
			trust = TRUST_CFI;
			signal = 0;
		}

		/* Nobody called the trampoline: it is entered at its start. */
		f.is_trampoline = result == STEP_OK && signal;
		if (f.is_trampoline)
			f.lookup = f.pc;
		keep(k, &f);
		if (s->nactivations < limits->activations &&
		    s->nactivations + 1 == s->count)
			keep_activation(s, w);
		if (result == STEP_END) {
			s->why = NULL;
			return;
		}
		s->truncated = 1;
		if (result == STEP_LOST)
			return;
		s->why = NULL;
		if (signal ? ++w->signals > SIGNALS_MAX :
		    !switched && !makes_progress(w, &out, trust)) {
			s->why = "the stack does not go on upwards";
			return;
		}
		if (*limits->expired || steps >= STEPS_MAX) {
			s->why = "time was up";
			return;
		}
		if (k->outer_max == 0 && k->seen >= k->inner_max) {
			s->why = "as many frames as were asked for";
			s->at_limit = 1;
			return;
		}
		s->truncated = 0;
		w->was_saved = trust == TRUST_FP ||
		    (trust == TRUST_CALL && w->exact);
		w->is_guess = trust != TRUST_CFI;
		w->is_vague |= trust == TRUST_FP || trust == TRUST_SCAN;
		go_to(w, &out);
		/* Go's runtime makes calls of faults, and of switching stacks:
		   from where there is none. */
		w->exact = signal || (w->goroutine.is_go &&
		    !is_return_address(w->modules, out.pc));
	}
}

/* s390: a leaf saves registers in those of floating point, its stack pointer too;
   DWARF's numbers of those are 16 to 31. */
static void
know_floats(struct walk *w, const struct thread *thread)
{
	const struct target *t = w->modules->target;
	unsigned char bytes[VECTOR_MAX];
	size_t len;

	if (t->arch->machine != EM_S390)
		return;
	for (uint64_t n = 16; n < 32; n++) {
		if (vector_register(t, thread, n, bytes, &len) == -1)
			continue;
		w->here.value[n] = target_u64(t, bytes);
		w->here.known[n] = 1;
	}
}

void
unwind_thread(struct modules *ms, struct cfi_cache *cfi,
    const struct thread *thread, const struct unwind_limits *limits,
    struct stack *stack)
{
	struct walk w = {
		.modules = ms, .cfi = cfi, .here = thread->registers, .exact = 1
	};
	struct keeper k = {
		.stack = stack,
		.inner_max = limits->frames != 0 ? limits->frames : FRAMES_INNER,
		.outer_max = limits->frames != 0 ? 0 : FRAMES_OUTER
	};

	memset(stack, 0, sizeof *stack);
	if (ms->target->arch->pc_raw == NO_PC) {
		stack->truncated = 1;
		stack->why = "this machine's registers are not known";
		return;
	}
	know_floats(&w, thread);
	goroutine_find(ms, thread, &w.goroutine);
	walk_stack(&w, &k, limits);
	finish(&k);
	free(k.outer);
}
