/* SPDX-License-Identifier: ISC */
/* The process that fetches: what fetch.c starts and talks to. */
#ifndef CORE_UNWIND_FETCHER_H
#define CORE_UNWIND_FETCHER_H

#include <stdint.h>

struct fetch_options;

/*
 * One message each way: a request; then the name of a file, which begins with
 * a slash, or "-" for none, or "!" and what is wrong with the servers.
 */
struct fetch_request {
	uint8_t what, len;		/* enum fetch; bytes of id */
	uint8_t id[64];
};

/* Answer requests from CHANNEL until its other end is closed. */
_Noreturn void fetcher_run(int channel, const struct fetch_options *o);

#endif
