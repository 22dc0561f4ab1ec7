#!/bin/sh
# SPDX-License-Identifier: ISC
# Causes on aarch64, from cores without siginfo (QEMU's): from the instruction.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq qemu-aarch64
compile aarch64-linux-gnu "$SRC/t/helper/fault.c" fault -w -O1 ||
    skip_all "nothing compiles for aarch64"
plan 9

# of MODE ERE
of()
{
	of_qemu qemu-aarch64 aarch64-linux-gnu ./fault "$1"
	core-unwind --json --sysroot=/usr/aarch64-linux-gnu guest.core fault \
	    >got 2>err
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
