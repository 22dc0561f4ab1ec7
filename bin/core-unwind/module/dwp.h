/* SPDX-License-Identifier: ISC */
/*
 * DWARF packages: what the .dwo files of a program have, in one file PROG.dwp
 * (dwp(1), llvm-dwp(1)). libdw before 0.191 does not know of them.
 */
#ifndef CORE_UNWIND_DWP_H
#define CORE_UNWIND_DWP_H

#include <stddef.h>
#include <stdint.h>

#include "module/dwpindex.h"

struct dwp;
struct module;
struct modules;

/* What a package has of one .dwo file, or of one of its types; dwo.h. */
struct dwp_half {
	int version;			/* of the index, or 2 for all before 5 */
	struct dwp_section {
		const unsigned char *data;
		size_t size;		/* 0: none */
	} section[DWP_SECTIONS];
	struct dwp_section strings;	/* those of all */
};

/*
 * The packages of M: beside its file as the process had it, beside its debug
 * file, below /usr/lib/debug. NULL when there are none. They stay open.
 */
struct dwp *dwp_open(const struct modules *ms, const struct module *m);

/* The half that has ID. Returns -1 when none of the packages has it whole. */
int dwp_find(const struct dwp *d, uint64_t id, struct dwp_half *half);

/* The type that has SIGNATURE, in the same way: no half, but a unit by itself. */
int dwp_type(const struct dwp *d, uint64_t signature, struct dwp_half *half);

/* The name of the first of them. */
const char *dwp_path(const struct dwp *d);

#endif
