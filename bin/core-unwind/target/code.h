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

/* A number of BITS, at the lower end of VALUE, with its sign. */
static inline int64_t
code_signed(uint32_t value, int bits)
{
	return (int64_t)((int32_t)(value << (32 - bits))) >> (32 - bits);
}

#endif
