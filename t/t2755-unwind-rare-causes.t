#!/bin/sh
# SPDX-License-Identifier: ISC
# Causes that this machine's hardware or kernel cannot make: from cores with
# exactly the siginfo that the kernel gives.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command python3 jq

# mov (%rax),%ecx; the address 0x20040.
read=8b08
at=4000020000000000
page=segment=0x20000:rw-

cause_of "memory that failed, and was used" \
    '^hardware memory error: read of 4 bytes from 0x20040 \(rax=0x20040\): the 4 KiB around it are lost$' \
    signal=7 code=4 insn=$read rax=0x20040 fields=${at}0c00 $page
is "its name" "$(get got .signal.code_name)" BUS_MCEERR_AR
cause_of "a huge page of it" 'the 2048 KiB around it are lost$' \
    signal=7 code=4 insn=$read rax=0x20040 fields=${at}1500 $page
cause_of "a size that cannot be" '\(rax=0x20040\)$' \
    signal=7 code=4 insn=$read rax=0x20040 fields=${at}ffff $page
cause_of "memory that failed unused: not this instruction's" \
    '^hardware memory error at 0x20040, found before anything used it: the 4 KiB' \
    signal=7 code=5 insn=$read rax=0x999 fields=${at}0c00 $page
cause_of "a protection key" \
    '^access refused by memory protection key 11: read of 4 bytes from 0x20040 \(rax=0x20040\)$' \
    signal=11 code=4 insn=$read rax=0x20040 \
    fields=${at}00000000000000000b000000 $page
cause_of "MPX bounds" '^access outside the bounds 0x20000 to 0x2003f of its pointer: read' \
    signal=11 code=3 insn=$read rax=0x20040 $page \
    fields=${at}000000000000000000000200000000003f00020000000000
cause_of "the shadow stack" '^control flow violation, found by the shadow stack: ' \
    signal=11 code=10 insn=c3 fields=0000000000000000
# ldr w1, [x0]
cause_of "a tag that does not match" \
    '^memory tag mismatch: read of 4 bytes from 0x300000000020040 \(x0=0x300000000020040\)$' \
    machine=aarch64 signal=11 code=9 insn=010040b9 x0=0x300000000020040 \
    fields=4000020000000003 $page
is "its name" "$(get got .signal.code_name)" SEGV_MTESERR
cause_of "a tag, told later" '^memory tag mismatch, told after the access: where it was is not known$' \
    machine=aarch64 signal=11 code=8 insn=010040b9 x0=0x20040 \
    fields=0000000000000000 $page
is "its name" "$(get got .signal.code_name)" SEGV_MTEAERR

# riscv INSTRUCTION INSN BASE OFFSET ACCESS: with BASE at 0x20000000.
riscv()
{
	local sign=+ offset="$4" address
	address=$(printf '%08x' $((0x20000000 + $4)))
	test "$offset" -ge 0 || { sign=-; offset=$((-offset)); }
	test "$offset" -eq 0 && offset= ||
	    offset=$(printf ' \\%s 0x%x' "$sign" "$offset")
	cause_of "$1" "^invalid address: $5 0x$address \($3=0x20000000$offset\), where" \
	    machine=riscv64 signal=11 code=1 insn="$2" "$3=0x20000000" \
	    fields="$(echo "$address" |
	    sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/')00000000"
}
riscv 'lbu a0, -1(a5)' 03c5f7ff a5 -1 'read of 1 byte from'
riscv 'ld s0, 2047(s1)' 03b4f47f s1 2047 'read of 8 bytes from'
riscv 'sh t0, -2048(a1)' 23905580 a1 -2048 'write of 2 bytes to'
riscv 'fsw fa0, 8(a2)' 2724a600 a2 8 'write of 4 bytes to'
riscv 'amoadd.w a0, a1, (a2)' 2f25b600 a2 0 'write of 4 bytes to'
riscv 'lr.w a0, (a2)' 2f250610 a2 0 'read of 4 bytes from'
riscv 'sc.d a0, a1, (a2)' 2f35b618 a2 0 'write of 8 bytes to'
riscv 'c.lw a0, 124(a1)' e85d a1 124 'read of 4 bytes from'
riscv 'c.ld a0, 248(s0)' 687c s0 248 'read of 8 bytes from'
riscv 'c.sd a0, 192(s1)' e8e0 s1 192 'write of 8 bytes to'
riscv 'c.ldsp a0, 504(sp)' 7e75 sp 504 'read of 8 bytes from'
riscv 'c.swsp a0, 252(sp)' aadf sp 252 'write of 4 bytes to'
riscv 'c.fsdsp fa0, 448(sp)' aaa3 sp 448 'write of 8 bytes to'
cause_of 'lw a0, 16(zero)' \
    '^null pointer dereference: read of 4 bytes from 0x10 \(0x10\)$' \
    machine=riscv64 signal=11 code=1 insn=03250001 fields=1000000000000000
cause_of 'a jump, which accesses nothing' \
    '^null pointer dereference: access to 0x0$' \
    machine=riscv64 signal=11 code=1 insn=6f000000 fields=0000000000000000
# What it sent itself came when its handler had returned (ld s0, 2047(s1)).
cause_of 'riscv64: a signal that was caught before' \
    '^the process sent SIGSEGV to itself, after SIGSEGV: invalid address: read of 8 bytes from 0x200007ff \(s1=0x20000000 \+ 0x7ff\)' \
    machine=riscv64 signal=11 code=-6 insn=03b4f47f s1=0x20000000 \
    fields=9210000000000000
cause_of 'aarch64: the same (ldr w1, [x0])' \
    '^the process sent SIGSEGV to itself, after SIGSEGV: invalid address: read of 4 bytes from 0x20000000 \(x0=0x20000000\)' \
    machine=aarch64 signal=11 code=-6 insn=010040b9 x0=0x20000000 \
    fields=9210000000000000
cause_of 'ebreak' '^breakpoint instruction \(ebreak\) at 0x10100$' \
    machine=riscv64 signal=5 code=1 insn=73001000 fields=0001010000000000
cause_of 'c.ebreak' '^breakpoint instruction \(ebreak\) at 0x10100$' \
    machine=riscv64 signal=5 code=1 insn=0290 fields=0001010000000000

cause_of "ADI: not enabled" '^a version in the address \(ADI\) of memory that has none: ' \
    signal=11 code=5 insn=$read rax=0x20040 fields=$at $page
cause_of "ADI: told later" '^memory version mismatch \(ADI\) of a write, told after it: 0x20040$' \
    signal=11 code=6 insn=$read rax=0x1 fields=$at $page
cause_of "ADI: precise" '^memory version mismatch \(ADI\): read of 4 bytes' \
    signal=11 code=7 insn=$read rax=0x20040 fields=$at $page
is "its name" "$(get got .signal.code_name)" SEGV_ADIPERR

cause_of "memory that may only be executed" \
    '^read of memory that may only be executed: .*0x20040.* mapped --x of memory of no file$' \
    signal=11 code=2 insn=$read rax=0x20040 fields=$at segment=0x20000:--x
cause_of "a flipped bit in a pointer" \
    '^non-canonical address: .*0x10000000020040\): without bit 52 it is 0x20040, which is mapped rw- of memory of no file$' \
    signal=11 code=128 insn=$read rax=0x10000000020040 \
    fields=0000000000000000 $page
cause_of "two flipped bits are none" '^non-canonical address: .*0x30000000020040\)$' \
    signal=11 code=128 insn=$read rax=0x30000000020040 \
    fields=0000000000000000 $page
cause_of "nothing is there without it" '^non-canonical address: .*0x10000000030040\)$' \
    signal=11 code=128 insn=$read rax=0x10000000030040 \
    fields=0000000000000000 $page
cause_of "a flipped bit in a code pointer" \
    '^jump or call to a non-canonical address: 0x4000000000010200: without bit 62 it is 0x10200, which is mapped r-x of ' \
    signal=11 code=128 insn=ffd0 rax=0x4000000000010200 \
    fields=0000000000000000
cause_of "data is no code without it" \
    '^jump or call to a non-canonical address: 0x4000000000020040$' \
    signal=11 code=128 insn=ffd0 rax=0x4000000000020040 \
    fields=0000000000000000 $page
cause_of "a division by zero that divides nothing" \
    '^integer division by zero, says the kernel, but the instruction is no division$' \
    signal=8 code=1 insn=$read rax=0x20040 fields=0001010000000000 $page
for row in '3:floating-point division by zero' '4:floating-point overflow' \
    '5:floating-point underflow' '6:inexact floating-point result' \
    '7:invalid floating-point operation' '8:subscript out of range' \
    '2:integer overflow'; do
	cause_of "SIGFPE ${row%%:*}" "^${row#*:}\$" signal=8 code="${row%%:*}" \
	    insn=$read fields=0001010000000000
done
cause_of "a watchdog" '^SIGABRT was sent by process 1 of user 0 \(init\): so systemd ends a service whose watchdog ran out$' \
    signal=6 code=0 insn=$read fields=0100000000000000
cause_of "another signal of init's" '^SIGQUIT was sent by process 1 of user 0 \(init\)$' \
    signal=3 code=0 insn=$read fields=0100000000000000
cause_of "another PID namespace" '^SIGABRT was sent by a process of another PID namespace, of user 7$' \
    signal=6 code=0 insn=$read fields=0000000007000000
cause_of "null, and a large offset" \
    '^null pointer dereference: read of 4 bytes from 0x7000 \(rax=0x0 \+ 0x7000\)$' \
    signal=11 code=1 insn=8b8800700000 rax=0 fields=0070000000000000
cause_of "null, and a larger one: no index, so it is no table" \
    '^null pointer dereference: read of 4 bytes from 0x1700000 \(rax=0x0 \+ 0x1700000\)$' \
    signal=11 code=1 insn=8b8800007001 rax=0 fields=0000700100000000
cause_of "a table, and an index too large" \
    '^invalid address: read of 4 bytes from 0x1b00000 ' \
    signal=11 code=1 insn=8b848800007001 rax=0 rcx=0x100000 \
    fields=0000b00100000000
cause_of "letters, by the way, next to a program" \
    '^invalid address: read of 4 bytes from 0x555555565f5b \(rax=0x555555565f5b\), where nothing is mapped$' \
    signal=11 code=1 insn=$read rax=0x555555565f5b \
    fields=5b5f565555550000 segment=0x555555554000:r-x
cause_of "the same, where no program is" 'the ASCII text "\[_VUUU"$' \
    signal=11 code=1 insn=$read rax=0x555555565f5b fields=5b5f565555550000
cause_of "a jump to nowhere" \
    '^jump or call to 0x5555000, where nothing is mapped$' \
    signal=11 code=1 insn=90 rip=0x5555000 fields=0050550500000000

# What a record holds beside the core.
mkdir -p record/proc
python3 "$SRC/t/helper/cause-core.py" record/core signal=6 code=-6 insn=$read \
    fields=9210000000000000
printf '{"version":1}\n' >record/meta.json
printf '%-26s%-21s%-21s%-10s\n' Limit 'Soft Limit' 'Hard Limit' Units \
    'Max open files' 3 8 files >record/proc/limits
printf '0 -> /dev/null\n1 -> /dev/null\n2 -> /dev/null\n' >record/proc/fds
snap got --record=record record/core
is "no descriptor was left" "$(get got .cause)" \
    "the process sent SIGABRT to itself, when 3 of at most 3 descriptors were in use"
printf '0 -> /dev/null\n1 -> /dev/null\n' >record/proc/fds
snap got --record=record record/core
is "one was left" "$(get got .cause)" "the process sent SIGABRT to itself"
finish
