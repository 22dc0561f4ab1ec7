/* SPDX-License-Identifier: ISC */
#include "frame/calltarget.h"

#include <elf.h>
#include <string.h>

#include "target/arch.h"

#define CALL_MAX 8			/* bytes that a call ends with */
#define STUB_MAX 16

uint64_t
calltarget_beyond(struct modules *ms, uint64_t address)
{
	const struct target *t = ms->target;
	unsigned char code[STUB_MAX];
	uint64_t slot;
	size_t i = 0;

	if (t->arch->machine != EM_X86_64 || !t->is64 ||
	    modules_read(ms, address, code, sizeof code) != sizeof code)
		return address;
	if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0)	/* endbr64 */
		i = 4;
	if (code[i] == 0xf2)				/* bnd */
		i++;
	if (code[i] != 0xff || code[i + 1] != 0x25)
		return address;
	slot = address + i + 6 + (uint64_t)(int64_t)(int32_t)
	    target_u32(t, code + i + 2);
	return target_word(ms->target, slot, &slot) == 0 ? slot : address;
}

uint64_t
calltarget_of(struct modules *ms, uint64_t pc)
{
	const struct target *t = ms->target;
	const uint16_t one = 1;
	int little = (*(const unsigned char *)&one == 1) != t->swapped;
	unsigned char code[CALL_MAX];

	if (modules_read(ms, pc - CALL_MAX, code, CALL_MAX) != CALL_MAX)
		return 0;
	return arch_call_target(t->arch, pc, code, CALL_MAX, little);
}
