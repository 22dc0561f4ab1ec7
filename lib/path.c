/* SPDX-License-Identifier: ISC */
#include "path.h"

#include <string.h>

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}
