/* SPDX-License-Identifier: ISC */
/*
 * Those that empty the hold: workers that compress a frame each, as many as
 * there are processors at most, and one that writes the frames in their order,
 * and compresses itself what is no more than one.
 * While the core is read a processor is left to that; afterwards all of them
 * stand back behind everybody else.
 */
#ifndef CORE_SAVE_POOL_H
#define CORE_SAVE_POOL_H

#include <pthread.h>

#include "hold.h"
#include "pack.h"

#define WORKERS_MAX	16

struct pool {
	struct hold *hold;
	struct pack *pack;
	int level;
	void (*prelude)(void *);	/* run by the writer, first of all */
	void *prelude_arg;

	unsigned processors;
	unsigned workers, active, workers_max;
	pthread_t worker[WORKERS_MAX], writer;
	unsigned char *buffer[2 * WORKERS_MAX];	/* that nobody uses */
	unsigned buffers, buffers_made;
};

/* The first six members are the caller's to set; exits 111 without threads. */
void pool_start(struct pool *p);

/* After fill_end: wait until all is written. */
void pool_finish(struct pool *p);

#endif
