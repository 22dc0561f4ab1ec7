/* SPDX-License-Identifier: ISC */
/*
 * The core on its way from stdin: one thread reads, another compresses and
 * writes, with a ring of blocks between them, so that the crashed process
 * waits for the disk only when the ring is full. stdin is closed the moment
 * that there is nothing more to be read: that lets the process go.
 */
#ifndef CORE_SAVE_STREAM_H
#define CORE_SAVE_STREAM_H

#include <stdint.h>

#include "elfscan.h"
#include "pack.h"

struct stream {
	struct pack *pack;	/* NULL: the core is not kept */
	uint64_t limit;		/* bytes to keep */
	int tee;		/* all of it to stdout as well */
	int *reserve;		/* for pack_finish */
	void (*prelude)(void *);/* run by the writer before its first block */
	void *prelude_arg;

	/* What came of it: */
	struct elfscan scan;
	int read_error;		/* errno values, or 0 */
	int write_error;
	int tee_error;
	int over_limit;
};

/*
 * Copy stdin until its end, or until nobody wants more of it. Does not fail:
 * the struct says what went wrong.
 */
void stream_run(struct stream *s);

/*
 * From now on SIGHUP, SIGINT and SIGTERM end the stream as if the core ended
 * there. SIGPIPE and SIGXFSZ become errors of write(2).
 */
void stream_signals(void);

/* The signal that ended the stream, or 0. */
int stream_stopped(void);

#endif
