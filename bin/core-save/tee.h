/* SPDX-License-Identifier: ISC */
/*
 * The core once more, unchanged, for the next handler: whatever becomes of it
 * here, and whatever becomes of that handler does nothing to our own. When the
 * core is read from the process itself, what comes of it on stdin meanwhile is
 * put aside, and nobody is waited for until all of our own is had.
 */
#ifndef CORE_SAVE_TEE_H
#define CORE_SAVE_TEE_H

#include <stddef.h>

struct tee {
	int on;			/* to be passed on */
	int error;		/* the errno that ended it, or 0 */
	int aside;		/* what comes is put aside */
	unsigned char *head;	/* what was */
	size_t len, cap;
};

/* These bytes were read from stdin. */
void tee_add(struct tee *t, const void *bytes, size_t len);

/* Pass on what was put aside, and put nothing aside any more. */
void tee_catch_up(struct tee *t);

/*
 * The same, and then all that is left of stdin, by splice(2) where that can be.
 * Ends when *STOPPED becomes anything but 0.
 */
void tee_rest(struct tee *t, const volatile int *stopped);

#endif
