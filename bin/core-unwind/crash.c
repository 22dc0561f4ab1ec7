/* SPDX-License-Identifier: ISC */
#include "crash.h"

#include <signal.h>
#include <stdio.h>

#include "value/locals.h"

void
crash_each_frame(const struct crash *c, size_t i,
    int (*visit)(void *arg, size_t number, const struct shown_frame *f),
    void *arg)
{
	const struct stack *s = &c->stacks[i];
	size_t number = 0;

	for (size_t n = 0; n < s->count; n++) {
		static const struct location nowhere, trampoline = {
			.function = "<signal handler called>"
		};
		struct shown_frame f = { .frame = &s->frame[n] };

		f.symbol = symbols_get(c->symbols, s->frame[n].lookup);
		f.module = f.symbol == NULL ? NULL : f.symbol->module;
		if (f.symbol == NULL || f.symbol->count == 0) {
			f.location = &nowhere;
			if (visit(arg, number++, &f))
				return;
			continue;
		}
		for (size_t k = 0; k < f.symbol->count; k++) {
			f.location = &f.symbol->location[k];
			f.is_inline = f.location->is_inline;
			f.python = k + 1 < f.symbol->count ? NULL :
			    python_at(c, i, n);
			f.variables = locals_of(c->locals, i, n, k);
			if (f.frame->is_trampoline &&
			    f.location->function == NULL)
				f.location = &trampoline;
			if (visit(arg, number++, &f))
				return;
		}
	}
}

/* The kernel's numbers are those of asm-generic/signal.h on all machines that
   arch.c knows. */
static const struct { int number; const char *name; } signals[] = {
	{ 1, "SIGHUP" }, { 2, "SIGINT" }, { 3, "SIGQUIT" }, { 4, "SIGILL" },
	{ 5, "SIGTRAP" }, { 6, "SIGABRT" }, { 7, "SIGBUS" }, { 8, "SIGFPE" },
	{ 9, "SIGKILL" }, { 10, "SIGUSR1" }, { 11, "SIGSEGV" },
	{ 12, "SIGUSR2" }, { 13, "SIGPIPE" }, { 14, "SIGALRM" },
	{ 15, "SIGTERM" }, { 16, "SIGSTKFLT" }, { 17, "SIGCHLD" },
	{ 18, "SIGCONT" }, { 19, "SIGSTOP" }, { 20, "SIGTSTP" },
	{ 21, "SIGTTIN" }, { 22, "SIGTTOU" }, { 23, "SIGURG" },
	{ 24, "SIGXCPU" }, { 25, "SIGXFSZ" }, { 26, "SIGVTALRM" },
	{ 27, "SIGPROF" }, { 28, "SIGWINCH" }, { 29, "SIGIO" },
	{ 30, "SIGPWR" }, { 31, "SIGSYS" }
};

const char *
signal_name(int number)
{
	static char other[32];

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (signals[i].number == number)
			return signals[i].name;
	snprintf(other, sizeof other, "signal %d", number);
	return other;
}

/* include/uapi/asm-generic/siginfo.h; number 0 means any signal. */
static const struct { int number, code; const char *name; } codes[] = {
	{ 0, 0, "SI_USER" }, { 0, 128, "SI_KERNEL" }, { 0, -1, "SI_QUEUE" },
	{ 0, -2, "SI_TIMER" }, { 0, -3, "SI_MESGQ" }, { 0, -4, "SI_ASYNCIO" },
	{ 0, -5, "SI_SIGIO" }, { 0, -6, "SI_TKILL" },
	{ 4, 1, "ILL_ILLOPC" }, { 4, 2, "ILL_ILLOPN" }, { 4, 3, "ILL_ILLADR" },
	{ 4, 4, "ILL_ILLTRP" }, { 4, 5, "ILL_PRVOPC" }, { 4, 6, "ILL_PRVREG" },
	{ 4, 7, "ILL_COPROC" }, { 4, 8, "ILL_BADSTK" },
	{ 5, 1, "TRAP_BRKPT" }, { 5, 2, "TRAP_TRACE" },
	{ 5, 3, "TRAP_BRANCH" }, { 5, 4, "TRAP_HWBKPT" },
	{ 5, 5, "TRAP_UNK" }, { 5, 6, "TRAP_PERF" },
	{ 7, 1, "BUS_ADRALN" }, { 7, 2, "BUS_ADRERR" }, { 7, 3, "BUS_OBJERR" },
	{ 7, 4, "BUS_MCEERR_AR" }, { 7, 5, "BUS_MCEERR_AO" },
	{ 8, 1, "FPE_INTDIV" }, { 8, 2, "FPE_INTOVF" }, { 8, 3, "FPE_FLTDIV" },
	{ 8, 4, "FPE_FLTOVF" }, { 8, 5, "FPE_FLTUND" }, { 8, 6, "FPE_FLTRES" },
	{ 8, 7, "FPE_FLTINV" }, { 8, 8, "FPE_FLTSUB" },
	{ 11, 1, "SEGV_MAPERR" }, { 11, 2, "SEGV_ACCERR" },
	{ 11, 3, "SEGV_BNDERR" }, { 11, 4, "SEGV_PKUERR" },
	{ 11, 5, "SEGV_ACCADI" }, { 11, 6, "SEGV_ADIDERR" },
	{ 11, 7, "SEGV_ADIPERR" },
	{ 11, 8, "SEGV_MTEAERR" }, { 11, 9, "SEGV_MTESERR" },
	{ 11, 10, "SEGV_CPERR" },
	{ 31, 1, "SYS_SECCOMP" }, { 31, 2, "SYS_USER_DISPATCH" }
};

const char *
signal_code_name(int number, int code)
{
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i].code == code &&
		    (codes[i].number == 0 || codes[i].number == number))
			return codes[i].name;
	return NULL;
}

int
signal_has_address(int number, int code)
{
	return code > 0 && code != SI_KERNEL && (number == SIGSEGV ||
	    number == SIGBUS || number == SIGILL || number == SIGFPE ||
	    number == SIGTRAP);
}
