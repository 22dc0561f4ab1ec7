/* SPDX-License-Identifier: ISC */
#include "target/siginfo.h"

#include <elf.h>

#include "target/arch.h"

int
siginfo_read(const struct target *t, const unsigned char *d, size_t len,
    struct siginfo *si)
{
	size_t word = t->is64 ? 8 : 4;
	size_t fields = t->is64 ? 16 : 12, more = fields + word;
	/* MIPS has the two the other way round. */
	int swapped = t->arch->machine == EM_MIPS;

	if (len < fields + 16)
		return -1;
	*si = (struct siginfo){ .present = 1 };
	si->signo = arch_signal(t->arch, (int32_t)target_u32(t, d));
	si->err = (int32_t)target_u32(t, d + (swapped ? 8 : 4));
	si->code = (int32_t)target_u32(t, d + (swapped ? 4 : 8));
	si->address = target_uword(t, d + fields);
	si->sender_pid = target_u32(t, d + fields);
	si->sender_uid = target_u32(t, d + fields + 4);
	si->syscall = (int32_t)target_u32(t, d + more);
	if (len < more + 3 * word)
		return 0;
	/* The rest of _sigfault, past _addr_lsb: __ADDR_BND_PKEY_PAD. */
	si->lsb = target_u16(t, d + more);
	si->pkey = target_u32(t, d + more + word);
	si->lower = target_uword(t, d + more + word);
	si->upper = target_uword(t, d + more + 2 * word);
	return 0;
}
