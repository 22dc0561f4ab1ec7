/* SPDX-License-Identifier: ISC */
#include "cmdline.h"

#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "exits.h"
#include "num.h"
#include "text.h"

void
cmdline_wrong(const char *format, ...)
{
	va_list ap;

	if (format != NULL) {
		va_start(ap, format);
		vwarnx(format, ap);
		va_end(ap);
	}
	fputs(cmdline_synopsis, stderr);
	exit(EXIT_WRONG);
}

void
cmdline_flush(void)
{
	if (fflush(stdout) == EOF || ferror(stdout))
		err(EXIT_REFUSED, "write standard output");
}

void
cmdline_help(void)
{
	fputs(cmdline_synopsis, stdout);
	cmdline_flush();
	exit(EXIT_SUCCESS);
}

void
cmdline_version(const char *program)
{
	printf("%s " VERSION "\n", program);
	cmdline_flush();
	exit(EXIT_SUCCESS);
}

uint64_t
cmdline_number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	uint64_t n;

	if (num_parse(text, max, &n) == -1 || n < min)
		cmdline_wrong("%s '%s': not a number from %" PRIu64 " to %"
		    PRIu64, option, text_show(text), min, max);
	return n;
}

uint64_t
cmdline_size(const char *option, const char *text)
{
	uint64_t bytes;

	if (num_size(text, &bytes) == -1)
		cmdline_wrong("%s '%s': not a size (4096, 512K, 2G)", option,
		    text_show(text));
	return bytes;
}
