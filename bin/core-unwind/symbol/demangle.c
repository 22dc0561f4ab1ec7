/* SPDX-License-Identifier: ISC */
#include "symbol/demangle.h"

#include <libiberty/demangle.h>

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

/* A longer name is not worth what undoing it may cost. */
#define NAME_MAX_BYTES 16384

char *
demangle(const char *name)
{
	size_t len = strcspn(name, "@");
	char *plain, *clear = NULL;

	/* "@" alone begins no version. */
	plain = xstrndup(name, len == 0 ? strlen(name) : len);
	if ((plain[0] == '_' || plain[0] == '?') && len < NAME_MAX_BYTES)
		clear = cplus_demangle(plain,
		    DMGL_AUTO | DMGL_PARAMS | DMGL_ANSI);
	/* "Auto" does not try D. */
	if (clear == NULL && strncmp(plain, "_D", 2) == 0 &&
	    len < NAME_MAX_BYTES)
		clear = dlang_demangle(plain, DMGL_PARAMS);
	if (clear == NULL)
		return plain;
	free(plain);
	return clear;
}
