/* SPDX-License-Identifier: ISC */
#ifndef SNAP_PUT_DELIVER_H
#define SNAP_PUT_DELIVER_H

/* Is URL one that can be delivered to: file, http or https? */
int deliver_knows(const char *url);

/*
 * Send snapshot.json of the record DIRFD to URL: a POST, or a copy for file.
 * The network is the curl command's work. Returns 0, or -1 having said why.
 */
int deliver_snapshot(int dirfd, const char *url);

#endif
