/* SPDX-License-Identifier: ISC */
/*
 * How much of the core may be held in memory: as much as was asked for, but
 * no more than a part of what the machine, and the control group that we are in,
 * have to spare at that moment. Forty of us at a time each look again and again,
 * and all get less.
 */
#ifndef CORE_SAVE_RAM_H
#define CORE_SAVE_RAM_H

#include <stdint.h>

/* When nobody says more. */
#define RAM_DEFAULT	(UINT64_C(2) << 30)

struct ram {
	uint64_t limit;		/* never more than this */
	unsigned part;		/* nor than one PARTth of what is available */
	uint64_t granted;	/* until the next look */
};

/* LIMIT as --ram said it, or UINT64_MAX when it said nothing. */
void ram_init(struct ram *r, uint64_t limit);

/* How much may be held, as it looks now. */
uint64_t ram_now(const struct ram *r);

/* LEN bytes of it are used for something else. */
void ram_use(struct ram *r, uint64_t len);

/* May HELD bytes be held? */
int ram_allows(struct ram *r, uint64_t held);

#endif
