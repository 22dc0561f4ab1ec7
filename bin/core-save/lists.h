/* SPDX-License-Identifier: ISC */
/*
 * The lists of a process's descriptors and threads, which take longer to read
 * than all else that /proc says of it: beside the reading of its core.
 */
#ifndef CORE_SAVE_LISTS_H
#define CORE_SAVE_LISTS_H

#include <pthread.h>

#include "process.h"

struct lists {
	struct process *process;
	struct missing *missing, found;
	pthread_t thread;
	pthread_mutex_t lock;
	int is_running;
};

/*
 * Begin, if there is a process. P is not to be let go, nor are its lists to be
 * looked at, before lists_wait has returned. M gets what could not be had.
 */
void lists_start(struct lists *l, struct process *p, struct missing *m);

/* Wait until they are there; more than one may. */
void lists_wait(struct lists *l);

#endif
