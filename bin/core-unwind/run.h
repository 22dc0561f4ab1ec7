/* SPDX-License-Identifier: ISC */
/*
 * One run of the program. The parent opens, with the caller's rights, what it
 * is told to read and to write; its child reads; the parent puts the results
 * in their places.
 */
#ifndef CORE_UNWIND_RUN_H
#define CORE_UNWIND_RUN_H

#include <stdint.h>

#include "options.h"
#include "output.h"

struct record_files;
struct target;

struct run {
	struct options options;
	uint32_t pid;			/* 0: a core */
	int core_fd;
	struct output json_to, text_to;	/* their file is NULL: not wanted */
	int colour;
	struct record_files *files;	/* NULL: no record */
	char time[40];			/* of the crash, RFC 3339; "": unknown */
	const char *closed[2];		/* to the sandbox; the last is NULL */
	int waiting;			/* closed when the clock is to run */
};

/* inputs.c: all that takes rights, or has a name. A live process is read into
   *live, which is untouched for a core. Does not return when it cannot be. */
void	inputs_open(struct run *r, struct target *live);

/*
 * supervise.c: what is to be done in the sandbox, in a child with a deadline.
 * When the first child dies of what it read, work is called in a second one
 * with the reason, *died, NULL for the first. work's return value is the exit
 * status, and so is supervise's.
 */
typedef int	run_work(struct run *r, struct target *live, const char *died);
int	supervise(struct run *r, struct target *live, run_work *work);

/* The time that was granted counts from now on; in the parent too. */
void	supervise_start_clock(struct run *r);
/* Reading the core is waiting for a pipe: its processor time counts until the
   clock is started. Returns 0 for anything but a pipe. */
int	supervise_waits_for_pipe(const struct run *r);
/* Nonzero when the time has run out. */
extern volatile int supervise_expired;

#endif
