/* SPDX-License-Identifier: ISC */
#include "pkey.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "process.h"

/* Are they switched on? Intel SDM volume 2, CPUID.(EAX=07H,ECX=0):ECX.OSPKE. */
static int
has_keys(void)
{
#if defined(__x86_64__) || defined(__i386__)
	const unsigned ospke = 1u << 4;
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 &&
	    (c & ospke) != 0;
#else
	return 0;
#endif
}

int
pkey_hides(const struct mapping *map)
{
	return map->executable && !map->readable && !map->writable &&
	    has_keys();
}
