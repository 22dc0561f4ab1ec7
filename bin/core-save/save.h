/* SPDX-License-Identifier: ISC */
/*
 * core-save in parts. What is asked (options), what the kernel told, what
 * /proc told (process.h), the core on its way (stream.h, pack.h), and what is
 * said of it all (meta.c).
 */
#ifndef CORE_SAVE_SAVE_H
#define CORE_SAVE_SAVE_H

#include <sys/types.h>

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* What -k may name: that which only the kernel knows for sure. */
enum told {
	TOLD_TID, TOLD_NS_PID, TOLD_NS_TID, TOLD_UID, TOLD_GID, TOLD_DUMPABLE,
	TOLD_SIGNAL, TOLD_TIME, TOLD_RLIMIT, TOLD_CPU, TOLD_HOST, TOLD_COMM,
	TOLD_EXE, TOLD_KEYS
};

enum keep { KEEP_NONE, KEEP_FULL, KEEP_STACKS, KEEP_AUTO };

struct options {
	const char *store;		/* -d */
	const char *out;		/* -o */
	const char *id;			/* of the record; NULL: a new one */
	const char *told[TOLD_KEYS];	/* as given; NULL: not given */
	uint64_t limit;			/* bytes of core to keep */
	uint64_t ram;			/* UINT64_MAX: not given */
	pid_t pid;			/* 0: not given */
	int pidfd;			/* -1: not given */
	uid_t owner;
	int level;
	enum keep keep;
	const char *keep_why;		/* no more than stacks */
	/* For KEEP_AUTO: */
	uint64_t first;			/* cores of a crash that are kept whole */
	uint64_t user_max;		/* bytes; 0: no bound, UINT64_MAX: a */
	uint64_t store_max;		/* part of what the disk has */
	unsigned keep_free;		/* per cent of the disk */
	unsigned timeout;		/* seconds; 0: none */
	int print_key;
	int tee;
};

/* Parse the command line; exits on -h, -V and a wrong one. */
void options_parse(struct options *o, int argc, char **argv);

/* The number told for KEY, or -1 when none was told or it is none. */
int64_t told_number(const struct options *o, enum told key);

/*
 * A thread that signals leave alone: they are for the first one, whose read is
 * to be interrupted. Returns as pthread_create(3).
 */
int save_thread(pthread_t *thread, void *(*run)(void *), void *arg);

/* The niceness of those that a held process waits for. */
#define SAVE_HURRY	(-10)

/*
 * Why something is absent from the record, a line each, in the order found.
 * Lines that matter go to stderr too and make the result a partial one.
 */
struct missing {
	char **line;
	size_t count, cap;
	int matters;
};

void missing_note(struct missing *m, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
void missing_matters(struct missing *m, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

#endif
