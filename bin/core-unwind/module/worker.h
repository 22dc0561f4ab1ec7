/* SPDX-License-Identifier: ISC */
/*
 * One thread that prepares what will be wanted soon, debug data that has to be
 * inflated, while stacks are unwound. It touches nothing but the memory that a
 * job names: libelf and libdw belong to the main thread.
 */
#ifndef CORE_UNWIND_WORKER_H
#define CORE_UNWIND_WORKER_H

struct job {
	void (*run)(struct job *);	/* the caller's to set */

	enum { JOB_WAITS, JOB_RUNS, JOB_DONE } state;
	struct job *next;
};

/*
 * To be called before the sandbox closes, inside which no thread is made.
 * Where there is none, or no second processor, worker_finish() does it all.
 */
void worker_start(void);

/* JOB is the worker's until worker_finish() returns. */
void worker_add(struct job *job);

/* Wait for JOB, or do it here if nobody has begun. */
void worker_finish(struct job *job);

#endif
