/* SPDX-License-Identifier: ISC */
#include "exits.h"

#include <errno.h>

int
exits_of_path(int error)
{
	switch (error) {
	case EFBIG:
	case EINVAL:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENOENT:
	case ENOTDIR:
	case ENOTSUP:
		return EXIT_WRONG;
	default:
		return EXIT_REFUSED;
	}
}
