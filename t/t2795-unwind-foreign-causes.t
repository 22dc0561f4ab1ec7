#!/bin/sh
# SPDX-License-Identifier: ISC
# Causes on aarch64, from cores without siginfo (QEMU's): from the instruction.
. "$(dirname "$0")/lib.sh"
need_core_limit
need_command jq qemu-aarch64 aarch64-linux-gnu-gcc
aarch64-linux-gnu-gcc -w -g -O1 -static -o fault "$SRC/t/helper/fault.c" \
    -lpthread 2>err || skip_all "nothing compiles for aarch64"
plan 9

# of MODE ERE
of()
{
	rm -f ./*.core
	# QEMU dies of the program's signal: that is not to be recorded.
	prlimit --core=unlimited qemu-aarch64 ./fault "$1" >out 2>&1 </dev/null
	mv qemu_*.core guest.core 2>/dev/null
	core-unwind --json guest.core fault >got 2>err
	like "$1" "$(jq -r .cause got 2>&1)" "$2"
}

of field '^null pointer dereference: read of 4 bytes from 0x20 \(x[0-9]+=0x0 \+ 0x20\)'
of element '^null pointer dereference: .*=0xf4240 \* 4\): an element'
of near '^near-null pointer: .*0x7020'
of wild '^invalid address: .*0x123456789020.* where nothing is mapped$'
of poison 'the byte 0x5a repeated'
of readonly '^write to read-only memory: write of 1 byte'
of trap '^breakpoint instruction \(brk\)'
of cycle '^stack overflow: .*again and again through (even, odd|odd, even)$'
of own '^null$'
