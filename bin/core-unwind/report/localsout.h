/* SPDX-License-Identifier: ISC */
/* A frame's arguments and variables, for people and as JSON. */
#ifndef CORE_UNWIND_LOCALSOUT_H
#define CORE_UNWIND_LOCALSOUT_H

#include <stdio.h>

struct jsonw;
struct variables;

/* "arguments" and "locals", into an object that is begun. */
void localsout_json(struct jsonw *w, const struct variables *v);

/* "f (a=1, b=2)" for NAME, which is freed; NAME itself when V is NULL. */
char *localsout_call(char *name, const struct variables *v);

/* A line each, as gdb's "bt full" has them; nothing when V is NULL. */
void localsout_text(FILE *out, const struct variables *v);

#endif
