/* SPDX-License-Identifier: ISC */
#include "report/disasm.h"

#ifndef HAVE_CAPSTONE

void
disasm_prepare(void)
{
}

int
disasm_write(struct crash *c, FILE *out)
{
	(void)c;
	(void)out;
	return 0;
}

#else

#include <capstone/capstone.h>

#include <dlfcn.h>
#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "target/arch.h"
#include "text.h"
#include "xalloc.h"

#define BEFORE 5			/* instructions shown before the pc */
#define AFTER 4
#define FUNCTION_MAX 4096		/* bytes from its start to the pc */
#define ROOM 96				/* bytes read from the pc on */

/* Of the version whose header we have. */
#define TEXT_OF(number) #number
#define LIBRARY(major) "libcapstone.so." TEXT_OF(major)

static struct {
	__typeof__(cs_open) *open;
	__typeof__(cs_option) *option;
	__typeof__(cs_disasm) *disasm;
	__typeof__(cs_free) *free;
	__typeof__(cs_close) *close;
} capstone;

/* ISO C knows no conversion from an object's address to a function's. */
static int
load(void *handle, const char *name, void *function)
{
	void *at = dlsym(handle, name);

	memcpy(function, &at, sizeof at);
	return at == NULL ? -1 : 0;
}

/*
 * Not linked: its tables, of all machines, are 300 pages that the loader would
 * change each time, a seventh of what a small core takes.
 */
void
disasm_prepare(void)
{
	void *handle = dlopen(LIBRARY(CS_API_MAJOR), RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL || load(handle, "cs_open", &capstone.open) == -1 ||
	    load(handle, "cs_option", &capstone.option) == -1 ||
	    load(handle, "cs_disasm", &capstone.disasm) == -1 ||
	    load(handle, "cs_free", &capstone.free) == -1 ||
	    load(handle, "cs_close", &capstone.close) == -1)
		capstone.open = NULL;
}

static int
open_machine(const struct target *t, csh *handle)
{
	cs_arch arch;
	cs_mode mode;

	switch (t->arch->machine) {
	case EM_X86_64:
		arch = CS_ARCH_X86;
		mode = CS_MODE_64;
		break;
	case EM_386:
		arch = CS_ARCH_X86;
		mode = CS_MODE_32;
		break;
	case EM_AARCH64:
		arch = CS_ARCH_ARM64;
		mode = CS_MODE_ARM;
		break;
	case EM_ARM:
		arch = CS_ARCH_ARM;
		/* Bit 5 of cpsr, the register before the last. */
		mode = (t->threads[0].raw[t->arch->nraw - 2] & 0x20) != 0 ?
		    CS_MODE_THUMB : CS_MODE_ARM;
		break;
	case EM_PPC64:
		arch = CS_ARCH_PPC;
		mode = CS_MODE_64 |
		    (target_is_little(t) ? 0 : CS_MODE_BIG_ENDIAN);
		break;
	case EM_S390:
		arch = CS_ARCH_SYSZ;
		mode = CS_MODE_BIG_ENDIAN;
		break;
#if CS_API_MAJOR >= 5
	case EM_RISCV:
		arch = CS_ARCH_RISCV;
		mode = (t->is64 ? CS_MODE_RISCV64 : CS_MODE_RISCV32) |
		    CS_MODE_RISCVC;
		break;
#endif
	default:
		return -1;
	}
	if (capstone.open(arch, mode, handle) != CS_ERR_OK)
		return -1;
	/* As gdb and objdump write them. */
	if (arch == CS_ARCH_X86)
		capstone.option(*handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
	return 0;
}

/* The pc's own function: where instructions are known to begin. */
struct here {
	const struct symbol *symbol;
};

static int
find_here(void *arg, size_t number, const struct shown_frame *f)
{
	struct here *here = arg;

	(void)number;
	here->symbol = f->symbol;
	return 1;
}

/*
 * Where to begin so that the pc is met: at the function's start, or, where
 * all instructions are of four bytes, a few before. Otherwise at the pc.
 */
static uint64_t
begin(const struct crash *c, uint64_t pc)
{
	uint16_t machine = c->target->arch->machine;
	struct here here = { NULL };

	crash_each_frame(c, 0, find_here, &here);
	if (here.symbol != NULL && here.symbol->function_start != 0 &&
	    here.symbol->function_start <= pc &&
	    pc - here.symbol->function_start <= FUNCTION_MAX)
		return here.symbol->function_start;
	if (machine == EM_AARCH64 || machine == EM_PPC64)
		return pc - 4 * (uint64_t)BEFORE;
	return pc;
}

static void
put_instruction(const cs_insn *in, uint64_t pc, uint64_t start, FILE *out)
{
	char where[24] = "";

	if (start != 0)
		snprintf(where, sizeof where, "<+%" PRIu64 ">",
		    in->address - start);
	fprintf(out, "%s %012" PRIx64 " %-7s %s%s%s\n",
	    in->address == pc ? "->" : "  ", in->address, where, in->mnemonic,
	    in->op_str[0] == '\0' ? "" : " ", in->op_str);
}

/* Returns the lines written: none when the pc is inside an instruction. */
static int
put_code(const cs_insn *in, size_t count, uint64_t pc, uint64_t start,
    FILE *out)
{
	size_t at = 0, first;
	int lines = 0;

	while (at < count && in[at].address != pc)
		at++;
	if (at == count)
		return 0;
	first = at > BEFORE ? at - BEFORE : 0;
	fprintf(out, "\nCode at pc\n");
	for (size_t i = first; i < count && i <= at + AFTER; i++, lines++)
		put_instruction(&in[i], pc, start, out);
	return lines;
}

int
disasm_write(struct crash *c, FILE *out)
{
	uint64_t pc = c->target->threads[0].registers.pc;
	uint64_t start = begin(c, pc);
	unsigned char *code = xmalloc(FUNCTION_MAX + ROOM);
	size_t len = modules_read(&c->modules, start, code,
	    (size_t)(pc - start) + ROOM), count;
	cs_insn *in = NULL;
	csh handle;
	int lines = 0;

	if (len <= pc - start) {
		start = pc;
		len = modules_read(&c->modules, pc, code, ROOM);
	}
	if (len > 0 && capstone.open != NULL &&
	    open_machine(c->target, &handle) == 0) {
		count = capstone.disasm(handle, code, len, start, 0, &in);
		lines = put_code(in, count, pc, start == pc ? 0 : start, out);
		capstone.free(in, count);
		/* Data between the instructions: begin anew at the pc. */
		if (lines == 0 && start != pc) {
			count = capstone.disasm(handle, code + (pc - start),
			    len - (size_t)(pc - start), pc, 0, &in);
			lines = put_code(in, count, pc, 0, out);
			capstone.free(in, count);
		}
		capstone.close(&handle);
	}
	free(code);
	return lines;
}

#endif
