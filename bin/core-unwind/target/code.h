/* SPDX-License-Identifier: ISC */
/* An instruction's bytes. */
#ifndef CORE_UNWIND_CODE_H
#define CORE_UNWIND_CODE_H

#include <stdint.h>

static inline uint32_t
code_word(const unsigned char *p, int little)
{
	return little ? (uint32_t)p[0] | (uint32_t)p[1] << 8 |
	    (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 :
	    (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[0] << 24;
}

static inline uint32_t
code_half(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

/* A number of BITS, at the lower end of VALUE, with its sign. */
static inline int64_t
code_signed(uint64_t value, int bits)
{
	return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

/* How far bl, blx and b.w of Thumb go, by their two halves. */
static inline int64_t
code_thumb_distance(uint32_t first, uint32_t second)
{
	uint32_t sign = first >> 10 & 1;

	return code_signed(sign << 24 | (~(second >> 13 ^ sign) & 1) << 23 |
	    (~(second >> 11 ^ sign) & 1) << 22 | (first & 0x3ff) << 12 |
	    (second & 0x7ff) << 1, 25);
}

#endif
