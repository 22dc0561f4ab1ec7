#!/bin/sh
# SPDX-License-Identifier: ISC
# Machines of which no emulator writes a core, or no compiler is at hand: cores
# made up, of struct elf_prstatus as each kernel lays it out. That the kernels
# do so is no part of the test.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command python3 jq

# layout MACHINE PC SP: the names of two registers.
layout()
{
	python3 "$SRC/t/helper/foreign-core.py" "$1" core >want ||
	    { fail "$1: no core"; return; }
	snap got core
	is "$1: whole" "$status $(cat got.err)" "0 "
	is "$1: the machine, the signal, the address, the thread" \
	    "$(get got '"\(.arch) \(.signal.name) \(.signal.address) \(.threads[0].tid)"')" \
	    "$1 SIGSEGV 0x20 4242"
	is "$1: its pc and its stack pointer" "$(get got \
	    ".threads[0].registers | .$2 + \" \" + .$3")" \
	    "$(cut -d ' ' -f 1,2 want)"
	is "$1: its frames" "$(get got \
	    '[.threads[0].frames[].pc] | join(" ")')" \
	    "$(cut -d ' ' -f 1,3- want)"
}

layout riscv64 pc sp
layout riscv32 pc sp
layout loongarch64 pc sp
layout sparc64 pc sp
layout sparc pc sp
layout parisc pc sp
layout openrisc pc sp
layout hexagon pc sp
layout arc pc sp
layout alpha pc sp
layout sh4 pc sp
layout microblaze pc sp
layout csky pc sp
layout ia64 pc sp
layout s390 pswa r15
layout x32 rip rsp
layout aarch64 pc sp
is "aarch64: signed addresses, by a mask that the core tells" \
    "$(trusts got)" "context fp fp"

# In no table, but in elf.h: 77 is STMicroelectronics' ST100.
printf '\115\0' | dd of=core bs=1 seek=18 conv=notrunc 2>/dev/null
snap got core
is "another machine: its registers by number" \
    "$(get got '.threads[0].registers | .reg0 + " " + .reg32')" \
    "0x1000 0x10100"
is "and no frame is made up" "$(get got '.threads[0].frames | length')" 0
like "it is said" "$(get got '.missing | tostring')" 'number 77, is not one'
core-unwind core >text
like "the report has them" "$(cat text)" 'reg32 0*10100'
finish
