/* SPDX-License-Identifier: ISC */
/*
 * The store: a directory a state, a directory a record, and a state changes
 * by rename(2). This file is where names, owners and modes are written down.
 *
 *	STORE/			0755 root
 *	  new/			0700 root: being captured
 *	  pending/ sending/ archive/ failed/
 *				0771 root:RUNUSER: who knows a name may walk
 *				in, nobody else can list
 *	  owner/		0711 root
 *	    UID/		0700 root, ACL u:UID:r-x; an empty file for
 *				each record that UID may read
 *	  STATE/ID/		02770 root:RUNUSER, ACL u:UID:r-x, inherited
 *
 * A store made by anyone but root is personal: 0700 throughout, no owner/, no
 * ACLs. Where no group RUNUSER exists, root's group takes its place.
 *
 * Everything here complains on stderr (warn(3)) and returns -1 when it fails:
 * a program that has more to do than store goes on without.
 */
#ifndef COREPIPE_LAYOUT_H
#define COREPIPE_LAYOUT_H

#include <sys/types.h>

#define LAYOUT_NEW	"new"
#define LAYOUT_PENDING	"pending"
#define LAYOUT_SENDING	"sending"
#define LAYOUT_ARCHIVE	"archive"
#define LAYOUT_FAILED	"failed"
#define LAYOUT_OWNER	"owner"
#define LAYOUT_KNOWN	"known"

/* Is NAME one of the directories that records lie in? */
int layout_is_state(const char *name);

/*
 * Open STORE, after making it (not its parents) and those of its directories
 * that are missing, and refuse it when it is not safe: root takes a store only
 * when it, its state directories and the directories above it are root's and
 * no one else can write there beyond the modes above; another user, when it
 * is that user's or root's. Returns its descriptor, or -1.
 */
int layout_open(const char *store);

/* Make what is missing in STOREFD. Called by layout_open. 0 or -1. */
int layout_create(int storefd);

/*
 * Make new/ID and open it, or adopt one that is there already if it is ours.
 * It is given the group and mode of a record, but no reader: see layout_grant.
 * Returns its descriptor, or -1.
 */
int layout_record(int storefd, const char *id);

/*
 * Let UID read the record RECORDFD and what will be made in it, when we are
 * root and UID is not. Call it before files are made. Returns 0; or -1, and
 * the record stays root's, where the file system has no ACLs.
 */
int layout_grant(int recordfd, uid_t uid);

/*
 * Note in owner/UID that UID may read record ID. A no-op for root's records
 * and in a personal store. Before the rename that publishes the record: a
 * note without a record is harmless, the other way round is a lost record.
 */
int layout_marker(int storefd, uid_t uid, const char *id);

/*
 * Move record ID from state FROM to state TO, never onto another, and make
 * that durable. 0 or -1.
 */
int layout_move(int storefd, const char *id, const char *from, const char *to);

#endif
