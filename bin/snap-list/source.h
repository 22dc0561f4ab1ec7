/* SPDX-License-Identifier: ISC */
/*
 * Where records come from. Root, and a user in a store of their own, see what
 * is in the directories of the states; anybody else sees, in a store of
 * root's, what owner/UID names, through permissions that the kernel checks.
 */
#ifndef SNAP_LIST_SOURCE_H
#define SNAP_LIST_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "store.h"

struct source {
	char *path;
	int fd;
	int whole;		/* read the states, not owner/UID */
	int ours;		/* so an index can be trusted, and kept */
	int state_fd[STORE_STATES];	/* -1: not there, or not for us */
};

struct entry {
	char id[UUID7_LENGTH + 1];
	int64_t stamp;		/* changes when what it holds does */
	unsigned char source;
	unsigned char state;
};

enum { SOURCES_MAX = 2 };

struct sources {
	struct source v[SOURCES_MAX];
	size_t n;
	struct entry *entries;	/* sorted by id, each id once */
	size_t entries_n, entries_cap;
};

/*
 * Open the store PATH, or when it is NULL those that this user has: none is
 * not an error. Exits 100 or 111 when a store that was named cannot be had.
 */
void sources_open(struct sources *s, const char *path);

/* Find the records. Exits 111 when a directory cannot be read. */
void sources_scan(struct sources *s);

/*
 * Stamp each entry, from the times and sizes of its directory, snapshot.json
 * and meta.json; those that are gone, or are no directories, leave the list.
 */
void sources_stamp(struct sources *s);

/*
 * The directory of a record, open for reading. It may have moved on to
 * another state meanwhile: then E says so. Returns -1 when it is gone.
 */
int sources_open_entry(const struct sources *s, struct entry *e);

/* The entries whose id begins with PREFIX: how many; *FIRST is set. */
size_t sources_prefix(const struct sources *s, const char *prefix,
    size_t *first);

/*
 * How many characters of an id tell it from every other, for all of them; at
 * least LEAST.
 */
int sources_id_width(const struct sources *s, int least);

#endif
