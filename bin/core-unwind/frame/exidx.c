/* SPDX-License-Identifier: ISC */
#include "frame/exidx.h"

#include <gelf.h>

#define SP 13
#define LR 14
#define PC 15
#define CANT_UNWIND 1
#define PHDRS_MAX 256
#define CODE_MAX (3 + 255 * 4)		/* bytes of one function's unwinding */

struct code {
	unsigned char byte[CODE_MAX];
	size_t len, at;
};

static int
read_u32(struct modules *ms, uint64_t address, uint32_t *value)
{
	unsigned char b[4];

	if (modules_read(ms, address & UINT32_MAX, b, 4) != 4)
		return -1;
	*value = target_u32(ms->target, b);
	return 0;
}

/* An offset of 31 bits from the place it is at. */
static uint64_t
prel31(uint64_t at, uint32_t word)
{
	return (at + (uint64_t)((int64_t)(int32_t)(word << 1) >> 1)) &
	    UINT32_MAX;
}

static int
find_table(const struct module *m, uint64_t *start, uint64_t *count)
{
	size_t n;

	if (elf_getphdrnum(m->elf, &n) == -1 || n > PHDRS_MAX)
		return -1;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_ARM_EXIDX)
			continue;
		*start = m->bias + p.p_vaddr;
		*count = p.p_memsz / 8;
		return *count > 0 ? 0 : -1;
	}
	return -1;
}

/* The address of the entry for LOOKUP: the last that begins at or below it. */
static uint64_t
find_entry(struct modules *ms, const struct module *m, uint64_t lookup)
{
	uint64_t start, low = 0, high;
	uint32_t word;

	if (find_table(m, &start, &high) == -1)
		return 0;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2, at = start + mid * 8;

		if (read_u32(ms, at, &word) == -1)
			return 0;
		if (prel31(at, word) <= lookup)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? 0 : start + (low - 1) * 8;
}

/* The bytes of WORD from the NSKIPth on, most significant first. */
static void
add_word(struct code *c, uint32_t word, int nskip)
{
	for (int i = nskip; i < 4; i++)
		c->byte[c->len++] = (unsigned char)(word >> (24 - 8 * i));
}

static int
read_code(struct modules *ms, uint64_t entry, struct code *c)
{
	uint32_t word, more = 0;
	uint64_t at;

	c->len = c->at = 0;
	if (read_u32(ms, entry + 4, &word) == -1 || word == CANT_UNWIND)
		return -1;
	if (word >> 31 != 0) {
		add_word(c, word, 1);
		return word >> 24 == 0x80 ? 0 : -1;
	}
	at = prel31(entry + 4, word);
	if (read_u32(ms, at, &word) == -1)
		return -1;
	if (word >> 31 == 0) {
		/* A language's own routine: each of GNU's keeps this form. */
		at += 4;
		if (read_u32(ms, at, &word) == -1)
			return -1;
		more = word >> 24;
		add_word(c, word, 1);
	} else if (word >> 24 == 0x80)
		add_word(c, word, 1);
	else if (word >> 24 == 0x81 || word >> 24 == 0x82) {
		more = word >> 16 & 0xff;
		add_word(c, word, 2);
	} else
		return -1;
	while (more-- > 0) {
		at += 4;
		if (read_u32(ms, at, &word) == -1)
			return -1;
		add_word(c, word, 0);
	}
	return 0;
}

static unsigned
next_byte(struct code *c)
{
	/* Past the end there is nothing but "finish". */
	return c->at < c->len ? c->byte[c->at++] : 0xb0;
}

/* Registers FIRST and up, for each bit of MASK. */
static int
pop(struct modules *ms, struct registers *r, unsigned first, unsigned mask,
    uint64_t *vsp)
{
	for (unsigned n = first; mask != 0; n++, mask >>= 1) {
		uint32_t word;

		if ((mask & 1) == 0)
			continue;
		if (read_u32(ms, *vsp, &word) == -1)
			return -1;
		r->value[n] = word;
		r->known[n] = 1;
		*vsp += 4;
	}
	return 0;
}

static int
adjust(struct code *c, uint64_t *vsp)
{
	uint64_t size = 0;

	for (unsigned shift = 0, byte = 0x80; (byte & 0x80) != 0 &&
	    shift < 28; shift += 7) {
		byte = next_byte(c);
		size |= (uint64_t)(byte & 0x7f) << shift;
	}
	*vsp += 0x204 + (size << 2);
	return 0;
}

/* Coprocessors' registers are passed over. */
static int
run_wide(struct code *c, unsigned op, uint64_t *vsp)
{
	if (op == 0xb3 || op == 0xc6 || op == 0xc8 || op == 0xc9)
		*vsp += 8 * ((next_byte(c) & 15) + 1) + (op == 0xb3 ? 4 : 0);
	else if (op == 0xc7)
		*vsp += 4 * (unsigned)__builtin_popcount(next_byte(c) & 15);
	else if (op >> 3 == 0x17)
		*vsp += 8 * ((op & 7) + 1) + 4;
	else if (op >> 3 == 0x18 || op >> 3 == 0x1a)
		*vsp += 8 * ((op & 7) + 1);
	else
		return -1;
	return 0;
}

/* Returns 0, -1, or 1 when the function is unwound. */
static int
run(struct modules *ms, struct code *c, struct registers *r, uint64_t *vsp)
{
	unsigned op = next_byte(c);

	if (op < 0x40)
		*vsp += (op << 2) + 4;
	else if (op < 0x80)
		*vsp -= ((op & 0x3f) << 2) + 4;
	else if (op < 0x90) {
		unsigned mask = (op & 15) << 8 | next_byte(c);
		int has_sp = (mask >> (SP - 4) & 1) != 0;

		if (mask == 0 || pop(ms, r, 4, mask, vsp) == -1)
			return -1;
		if (has_sp)
			*vsp = r->value[SP];
	} else if (op < 0xa0) {
		if ((op & 15) == SP || (op & 15) == PC || !r->known[op & 15])
			return -1;
		*vsp = r->value[op & 15];
	} else if (op < 0xb0)
		return pop(ms, r, 4, ((1U << ((op & 7) + 1)) - 1) |
		    ((op & 8) != 0 ? 1U << (LR - 4) : 0), vsp);
	else if (op == 0xb0)
		return 1;
	else if (op == 0xb1)
		return pop(ms, r, 0, next_byte(c) & 15, vsp);
	else if (op == 0xb2)
		return adjust(c, vsp);
	else
		return run_wide(c, op, vsp);
	return 0;
}

int
exidx_step(struct modules *ms, uint64_t lookup, const struct registers *in,
    struct registers *out)
{
	struct module *m = modules_at(ms, lookup);
	struct code code;
	uint64_t entry, vsp = in->value[SP];
	int rc;

	if (m == NULL || module_open(ms, m) == -1 || !in->known[SP])
		return -1;
	entry = find_entry(ms, m, lookup);
	if (entry == 0 || read_code(ms, entry, &code) == -1)
		return -1;
	*out = *in;
	out->known[PC] = 0;
	do
		rc = run(ms, &code, out, &vsp);
	while (rc == 0);
	if (rc == -1)
		return -1;
	if (!out->known[PC]) {
		if (!out->known[LR])
			return -1;
		out->value[PC] = out->value[LR];
		out->known[PC] = 1;
	}
	/* It is the return address of one call only. */
	out->known[LR] = 0;
	out->value[SP] = vsp & UINT32_MAX;
	out->pc = out->value[PC];
	return 0;
}
