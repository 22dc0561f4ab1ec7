/* SPDX-License-Identifier: ISC */
/*
 * Executables and debug files by build-id from debuginfod servers, and the only
 * place that knows the network: a process of its own, that holds no more rights
 * than the reader, and reads nothing hostile but what the servers answer. The
 * reader asks it by build-id over a socket and gets the name of a file: its
 * sandbox has no right more for it.
 */
#ifndef CORE_UNWIND_FETCH_H
#define CORE_UNWIND_FETCH_H

#include <stddef.h>
#include <stdint.h>

struct fetch_options {
	const char *user;		/* to become, or NULL */
	uint64_t timeout;		/* seconds, for all there is to fetch */
};

/* Start that process. Nothing is asked, and no socket opened, before this. */
void fetch_start(const struct fetch_options *o);

/* In the parent, once the reader is done: let it remove what it made. */
void fetch_end(void);

enum fetch { FETCH_EXECUTABLE, FETCH_DEBUGINFO };

/*
 * In the reader: the name of a file with that build-id, to be freed, or NULL
 * when there is none. It is the caller's to see if the file is what it should
 * be.
 */
char *fetch_file(enum fetch what, const unsigned char *id, size_t len);

/* Was fetch_start() called? */
int fetch_is_on(void);

/* What was wrong with the servers, not with one file; or NULL. */
const char *fetch_trouble(void);

#endif
