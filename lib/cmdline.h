/* SPDX-License-Identifier: ISC */
/*
 * What every program does with its command line (corepipe(7)): -h, -V, and
 * what it says of an option that it cannot use.
 */
#ifndef COREPIPE_CMDLINE_H
#define COREPIPE_CMDLINE_H

#include <stdint.h>

/* Each program's own: "usage: program ...\n". */
extern const char cmdline_synopsis[];

/* The reason, the synopsis, EXIT_WRONG. NULL: getopt_long(3) gave the reason. */
_Noreturn void	cmdline_wrong(const char *format, ...)
    __attribute__((__format__(__printf__, 1, 2)));

_Noreturn void	cmdline_help(void);
_Noreturn void	cmdline_version(const char *program);

/* The values of OPTION ("--level"); anything else is wrong. Sizes are bytes,
   as num_size reads them (512K, 2G). */
uint64_t	cmdline_number(const char *option, const char *text,
    uint64_t min, uint64_t max);
uint64_t	cmdline_size(const char *option, const char *text);

/* All that was printed has reached standard output, or EXIT_REFUSED. */
void	cmdline_flush(void);

#endif
