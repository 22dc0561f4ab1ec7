/* SPDX-License-Identifier: ISC */
#include "frame/calltarget.h"

#include <elf.h>

#include "target/arch.h"

#define CALL_MAX 8			/* bytes that a call ends with */
#define STUB_MAX 24

/* addis r2, r12 or lis r2; addi r2, r2: how ppc64's functions begin for callers
   whose r2 is another one. Returns whether that is there, and r2. */
static int
read_toc(struct modules *ms, uint64_t function, uint64_t *toc)
{
	struct target *t = ms->target;
	unsigned char code[8];
	uint32_t high, low;

	if (t->arch->machine != EM_PPC64 || function == 0 ||
	    modules_read(ms, function, code, sizeof code) != sizeof code)
		return 0;
	high = target_u32(t, code);
	low = target_u32(t, code + 4);
	if ((high >> 16 != 0x3c4c && high >> 16 != 0x3c40) ||
	    low >> 16 != 0x3842)
		return 0;
	*toc = (high >> 16 == 0x3c4c ? function : 0) +
	    (uint64_t)((int64_t)(int16_t)(high & 0xffff) * 65536 +
	    (int16_t)(low & 0xffff));
	return 1;
}

/* Functions of the same file are entered behind that. */
static uint64_t
begin_of(struct modules *ms, uint64_t address)
{
	uint64_t toc;

	return address != 0 && read_toc(ms, address - 8, &toc) ? address - 8 :
	    address;
}

uint64_t
calltarget_beyond(struct modules *ms, uint64_t address, uint64_t from)
{
	struct target *t = ms->target;
	unsigned char code[STUB_MAX];
	size_t n = modules_read(ms, address, code, sizeof code);
	uint64_t toc = 0, slot, to;

	read_toc(ms, from, &toc);
	slot = arch_stub_slot(t->arch, address, toc, code, n,
	    target_is_little(t));
	return slot != 0 && target_word(t, slot, &to) == 0 ?
	    to & t->address_mask : address;
}

uint64_t
calltarget_of(struct modules *ms, uint64_t pc)
{
	const struct target *t = ms->target;
	unsigned char code[CALL_MAX];

	if (modules_read(ms, pc - CALL_MAX, code, CALL_MAX) != CALL_MAX)
		return 0;
	return begin_of(ms, arch_call_target(t->arch, pc, code, CALL_MAX,
	    target_is_little(t)));
}

/* Of a jump to another file, which is as long as they come. */
static unsigned
jump_length(const struct arch *a)
{
	switch (a->machine) {
	case EM_X86_64:
		return 5;
	case EM_S390:
		return 6;
	case EM_RISCV:
		return 8;
	default:
		return 4;
	}
}

uint64_t
calltarget_jump(struct modules *ms, uint64_t pc, int is_after)
{
	const struct target *t = ms->target;
	unsigned char code[ARCH_JUMP_MAX];
	size_t n;

	if (is_after)
		pc -= jump_length(t->arch);
	n = modules_read(ms, pc, code, sizeof code);
	return begin_of(ms, arch_jump_target(t->arch, pc, code, n,
	    target_is_little(t)));
}
