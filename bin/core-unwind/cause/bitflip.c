/* SPDX-License-Identifier: ISC */
#include "cause/bitflip.h"

#include <inttypes.h>

#include "cause/cause_memory.h"
#include "crash.h"
#include "xalloc.h"

#define ADDRESS_BITS 47			/* of a process's own addresses */

char *
bitflip_say(const struct crash *c, uint64_t value, uint32_t flags)
{
	uint64_t above = value >> ADDRESS_BITS, right;
	const struct segment *s;
	unsigned bit = ADDRESS_BITS;

	if (above == 0 || (above & (above - 1)) != 0)
		return xstrdup("");
	while (value >> bit != 1)
		bit++;
	right = value ^ (uint64_t)1 << bit;
	s = target_segment(c->target, right);
	if (s == NULL || (s->flags & flags) == 0)
		return xstrdup("");
	return xasprintf(": without bit %u it is 0x%" PRIx64 ", which is "
	    "mapped %s of %s", bit, right, cause_permissions(s->flags),
	    cause_owner(c, s));
}
