/* SPDX-License-Identifier: ISC */
/*
 * Reading JSON that a crashed process had a say in. jansson bounds the depth
 * (2048) and refuses what is no UTF-8; this bounds the memory.
 */
#ifndef COREPIPE_JSONR_H
#define COREPIPE_JSONR_H

#include <stddef.h>

#include <jansson.h>

#define JSONR_SNAPSHOT_MAX	((size_t)256 << 20)
#define JSONR_META_MAX		((size_t)1 << 20)
#define JSONR_SNAPSHOT_VERSION	1

enum { JSONR_REASON = 192 };

/*
 * Parse LEN bytes of TEXT, one object. Trees may take 512 MiB altogether.
 * Returns a reference that the caller drops, or NULL with why in REASON, safe
 * to show; errno is ENOMEM when that says nothing about TEXT.
 */
json_t *jsonr_parse(const char *text, size_t len, char reason[JSONR_REASON]);

/*
 * For who needs little of a snapshot: when TEXT is very large, cut the arrays
 * that are members of its outermost object down to "[]". Threads and modules
 * are nearly all of it, and a tree of them takes ten times as much memory
 * again. What was cut is not checked. Returns the length that is left.
 */
size_t jsonr_skim(char *text, size_t len);

/*
 * The version of the snapshot ROOT; 0 and why in REASON when it has none that
 * is a whole number above 0.
 */
json_int_t jsonr_version(const json_t *root, char reason[JSONR_REASON]);

#endif
