/* SPDX-License-Identifier: ISC */
/* The crash as JSON: snapshot(5), version 1. */
#ifndef CORE_UNWIND_SNAPSHOT_H
#define CORE_UNWIND_SNAPSHOT_H

#include <stdio.h>

struct crash;

void snapshot_write(struct crash *c, FILE *out);

#endif
