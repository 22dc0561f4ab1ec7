/* SPDX-License-Identifier: ISC */
/*
 * What makes two crashes the same bug: the names of the innermost frames that
 * are the program's own, without addresses, lines or build-ids, so that a
 * rebuild does not change it.
 */
#ifndef CORE_UNWIND_FINGERPRINT_H
#define CORE_UNWIND_FINGERPRINT_H

#define FINGERPRINT_VERSION 1

struct crash;

struct fingerprint {
	char *signature;		/* "parse | main", for people */
	char strict[17], loose[17];	/* hexadecimal */
	int weak;			/* fewer than two of them had names */
};

/* Fills C->fingerprint from the crashed thread's frames and C->signal. */
void fingerprint_make(struct crash *c);

#endif
