/* SPDX-License-Identifier: ISC */
/* From a target to all that is to be said about it. */
#ifndef CORE_UNWIND_ANALYSE_H
#define CORE_UNWIND_ANALYSE_H

#include <stdint.h>

#include "crash.h"

struct analyse_options {
	struct unwind_limits limits;
	uint32_t thread;		/* only this TID; 0: any */
	int only_crashed;
	int environment;		/* is wanted */
	int locals;			/* enum locals_wanted */
};

/*
 * Fills C, whose target, meta, attributes and names are set, and which was
 * zeroed otherwise.
 */
void analyse(struct crash *c, const struct module_options *modules,
    const struct analyse_options *options);

#endif
