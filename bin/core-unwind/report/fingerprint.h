/* SPDX-License-Identifier: ISC */
/*
 * What makes two crashes the same bug: the names of the innermost frames that
 * are the program's own, without addresses, lines or build-ids, so that a
 * rebuild does not change it.
 */
#ifndef CORE_UNWIND_FINGERPRINT_H
#define CORE_UNWIND_FINGERPRINT_H

#define FINGERPRINT_VERSION 1

#include <stdint.h>

struct crash;

struct fingerprint {
	char *signature;		/* "parse | main", for people */
	char strict[17], loose[17];	/* hexadecimal */
	int weak;			/* fewer than two had names, or one is a guess */
};

/* A frame as it is shown, wherever it comes from. */
struct fingerprint_frame {
	const char *function, *module;	/* NULL: not known */
	uint64_t pc, module_offset;
	int is_guess;			/* found by searching the stack */
	int is_trampoline;		/* a signal came here */
};

/*
 * Frames in order, innermost first. Frames after a guess do not count, and a
 * guess only where there would be no frame of the program without it.
 */
struct fingerprint_names;
struct fingerprint_names *fingerprint_begin(void);

/* Returns nonzero when no more frames are wanted. */
int fingerprint_add(struct fingerprint_names *names,
    const struct fingerprint_frame *f);

/*
 * What they make, with the signal; IS_SENT: by a process, not by the kernel.
 * Frees NAMES.
 */
void fingerprint_end(struct fingerprint_names *names, int signal, int is_sent,
    struct fingerprint *fp);

/* Fills C->fingerprint from the crashed thread's frames and C->signal. */
void fingerprint_make(struct crash *c);

#endif
