/* SPDX-License-Identifier: ISC */
#include "frame/goroutine.h"

#include <elf.h>
#include <string.h>

#include "target/arch.h"

/* runtime/runtime2.go: the same from Go 1.9 on. */
enum {
	G_STACK_LOW = 0, G_M = 0x30, G_SCHED_SP = 0x38, G_SCHED_PC = 0x40,
	G_SCHED_BP = 0x68, M_G0 = 0, M_CURG = 0xc0
};
enum { DWARF_RBP = 6, DWARF_RSP = 7 };	/* x86-64 psABI, figure 3.36 */

/*
 * The first thread of a Go program is one of the runtime's. So many that are not,
 * and the program is of another language: each costs a page of the core.
 */
#define NOT_GO_MAX	16

/* The word at offset FIELD of what is at ADDRESS; 0 when it is not there. */
static uint64_t
field(struct modules *ms, uint64_t address, uint64_t offset)
{
	uint64_t value;

	return target_word(ms->target, address + offset, &value) == 0 ?
	    value : 0;
}

/* runtime.tlsg: -8(%fs), where no C library has its own there. */
static uint64_t
current_g(struct modules *ms, const struct thread *thread)
{
	const struct arch *a = ms->target->arch;

	for (size_t i = 0; i < a->nraw; i++)
		if (strcmp(a->raw[i].name, "fs_base") == 0)
			return thread->raw[i] == 0 ? 0 :
			    field(ms, thread->raw[i] - 8, 0);
	return 0;
}

void
goroutine_find(struct modules *ms, const struct thread *thread,
    struct goroutine *g)
{
	uint64_t now, g0, m, left;

	memset(g, 0, sizeof *g);
	if (ms->target->arch->machine != EM_X86_64 || !ms->target->is64 ||
	    ms->not_go >= NOT_GO_MAX)
		return;
	now = current_g(ms, thread);
	m = now == 0 ? 0 : field(ms, now, G_M);
	g0 = m == 0 ? 0 : field(ms, m, M_G0);
	left = m == 0 ? 0 : field(ms, m, M_CURG);
	/* They point at each other: nothing else looks so. */
	if (g0 == 0 || field(ms, g0, G_M) != m) {
		ms->not_go++;
		return;
	}
	ms->not_go = 0;
	g->is_go = 1;
	if (now != g0 || left == 0 || left == g0 || field(ms, left, G_M) != m)
		return;
	g->low = field(ms, g0, G_STACK_LOW);
	g->base = field(ms, g0, G_SCHED_SP);
	g->left.pc = field(ms, left, G_SCHED_PC);
	g->left.value[DWARF_RSP] = field(ms, left, G_SCHED_SP);
	g->left.value[DWARF_RBP] = field(ms, left, G_SCHED_BP);
	g->left.known[DWARF_RSP] = 1;
	g->left.known[DWARF_RBP] = g->left.value[DWARF_RBP] != 0;
	g->is_there = g->base != 0 && modules_executable(ms, g->left.pc);
}
