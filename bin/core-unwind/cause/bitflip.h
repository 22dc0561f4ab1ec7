/* SPDX-License-Identifier: ISC */
/* Addresses that one flipped bit keeps from being one: memory goes bad so. */
#ifndef CORE_UNWIND_BITFLIP_H
#define CORE_UNWIND_BITFLIP_H

#include <stdint.h>

struct crash;

/*
 * ": without bit 52 it is 0x1234, which is mapped r-x of /usr/bin/x" when VALUE,
 * which is not canonical, is but one bit away from memory that has one of the
 * permissions FLAGS (PF_X …); else "". The caller frees.
 */
char *bitflip_say(const struct crash *c, uint64_t value, uint32_t flags);

#endif
