/* SPDX-License-Identifier: ISC */
#ifndef SNAP_LIST_FILL_H
#define SNAP_LIST_FILL_H

#include <sqlite3.h>

#include "source.h"

/*
 * Make the tables of DB say what the stamped entries of S are: new and
 * changed records are read, those that are gone leave. One transaction; none
 * when nothing has changed. Returns SQLITE_OK, or the error, with the tables
 * as they were.
 */
int fill_index(sqlite3 *db, const struct sources *s);

#endif
