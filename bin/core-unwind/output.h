/* SPDX-License-Identifier: ISC */
/*
 * A result file that is there whole or not at all. The parent makes it, under
 * a name of its own, before there is a child; the child writes it through the
 * descriptor; the parent gives it its name when the child has done well. When
 * the parent ends before that, by a signal too, there is nothing left of it.
 */
#ifndef CORE_UNWIND_OUTPUT_H
#define CORE_UNWIND_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file;			/* NULL: not wanted; or stdout */
	char *name, *temporary;		/* NULL for stdout */
};

/*
 * PATH NULL means stdout. What is there and is no file is written to, as
 * /dev/full is; but not a bare name when IN_RECORD: others could have put it
 * there, and it is replaced. Exits 111 when it cannot be made.
 */
void output_open(struct output *to, const char *path, int in_record);

/* The permissions of the file FROM, and its owner where that is allowed. */
void output_keep_mode(struct output *to, int from);

/* Returns -1 with errno when something was not written. */
int output_flush(struct output *to);

/* Forget what a child that died may have written (but not to stdout). */
void output_restart(struct output *to);

/* DURABLE: on the disk before it has its name. Exits 111 when it fails. */
void output_publish(struct output *to, int durable);

/* Remove what has no name yet, as every exit does. */
void output_abandon(void);

#endif
