/* SPDX-License-Identifier: ISC */
/* The command line. */
#ifndef CORE_UNWIND_OPTIONS_H
#define CORE_UNWIND_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "analyse.h"
#include "crash.h"
#include "module/module.h"

struct options {
	int json, text, debuginfod, refingerprint;
	const char *core;		/* a path, a process's number, "-" */
	const char *output, *report, *record, *user;
	uint64_t timeout;		/* seconds */
	uint64_t memory, spool;		/* bytes */
	struct analyse_options analyse;
	struct module_options modules;
	struct attribute *attributes;
	size_t nattributes, attributes_cap;
	const char **frame_lists;
	size_t nframe_lists, frame_lists_cap;
};

/*
 * Fills all of *o. The texts are argv's own, and -k's are cut in two. Does not
 * come back where -h or -V was asked for, or where a reason to refuse was said
 * (EXIT_WRONG).
 */
void	options_parse(struct options *o, int argc, char **argv);

#endif
