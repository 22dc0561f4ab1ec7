/* SPDX-License-Identifier: ISC */
/* All that was found out about one crash: what the writers write. */
#ifndef CORE_UNWIND_CRASH_H
#define CORE_UNWIND_CRASH_H

#include <stddef.h>
#include <stdint.h>

#include "frame/python.h"
#include "frame/unwind.h"
#include "meta.h"
#include "module/module.h"
#include "report/fingerprint.h"
#include "strings.h"
#include "symbol/symbols.h"
#include "target/target.h"

struct attribute {
	const char *key, *value;
};

struct locals;
struct variables;

struct crash {
	struct target *target;
	struct modules modules;
	struct stack *stacks;		/* one for each thread */
	const unsigned char *chosen;	/* threads to be written, by index */
	struct symbols *symbols;
	struct locals *locals;		/* or NULL: not asked for */
	struct meta *meta;
	const struct attribute *attributes;
	size_t nattributes;
	int signal;			/* 0: not known, or alive */
	char *cause;			/* or NULL */
	char *message;			/* what the process said, or NULL */
	struct python_thread *python;	/* one for each thread, or NULL */
	struct strings environment;	/* when it was asked for */
	struct fingerprint fingerprint;
	const char *time;		/* RFC 3339, UTC */
	const char *core_name;		/* as the user named it */
	uint64_t started_us;		/* monotonic clock */
};

/*
 * A frame as it is shown: one for the function at its pc, and one before it
 * for each call that was inlined there.
 */
struct shown_frame {
	const struct frame *frame;
	const struct symbol *symbol;
	const struct location *location;	/* never NULL */
	struct module *module;			/* or NULL */
	const struct variables *variables;	/* or NULL */
	int is_inline;
	const struct python_call *python;	/* that it interprets, or NULL */
};

/*
 * Call VISIT for each shown frame of thread I, with its number; it returns
 * nonzero to stop.
 */
void crash_each_frame(const struct crash *c, size_t i,
    int (*visit)(void *arg, size_t number, const struct shown_frame *f),
    void *arg);

/* "SIGSEGV" or "signal 77". Static buffer for the latter. */
const char *signal_name(int number);

/* "SEGV_MAPERR" for SIGSEGV 1; NULL when the code has no name. */
const char *signal_code_name(int number, int code);

/* Does this signal's siginfo hold a memory address? */
int signal_has_address(int number, int code);

#endif
