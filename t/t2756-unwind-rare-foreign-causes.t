#!/bin/sh
# SPDX-License-Identifier: ISC
# Causes on ARM, POWER and s390x as their kernels tell them, which qemu-user's
# cores, having no siginfo, do not: from cores with exactly that siginfo.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command python3 jq

machine=arm
# Registers at 0x20000000 are what a pointer was.
cause_of 'ldr r0, [r1, #-4]!' \
    '^invalid address: read of 4 bytes from 0x1ffffffc \(r1=0x20000000 - 0x4\), where' \
    signal=11 code=1 insn=040031e5 r1=0x20000000 fields=fcffff1f
cause_of 'its registers' '^invalid address: write of 1 byte to 0x20000010 \(sp=0x20000000 \+ 0x10\)' \
    signal=11 code=1 insn=1000cde5 sp=0x20000000 fields=10000020
cause_of 'strb r0, [r1, -r2, lsl #1]' \
    '^invalid address: write of 1 byte to 0x1ffffff8 \(r1=0x20000000 - r2=0x4 \* 2\), where' \
    signal=11 code=1 insn=820041e7 r1=0x20000000 r2=4 fields=f8ffff1f
cause_of 'a sum that goes around' \
    '^null pointer dereference: read of 4 bytes from 0x10 \(r1=0xfffffff0 \+ 0x20\): offset 0x10 of' \
    signal=11 code=1 insn=200091e5 r1=0xfffffff0 fields=10000000
cause_of 'ldr r0, [pc, #8]' '^access not permitted: read of 4 bytes from 0x10110 \(pc \+ 0x10\), which is mapped' \
    signal=11 code=2 insn=08009fe5 fields=10010100
cause_of 'str to read-only memory' \
    '^write to read-only memory: write of 4 bytes to 0x20000 \(r1=0x20000\), which is mapped r-- of' \
    signal=11 code=2 insn=000081e5 r1=0x20000 fields=00000200 segment=0x20000:r--
cause_of 'ldrd, not aligned' '^misaligned access: read of 8 bytes from 0x20001 \(r1=0x20001\)$' \
    signal=7 code=1 insn=d020c1e1 r1=0x20001 fields=01000200 segment=0x20000:rw-
cause_of 'bytes that have been freed' ': the byte 0x5a repeated' \
    signal=11 code=1 insn=000091e5 r1=0x5a5a5a5a fields=5a5a5a5a
cause_of 'bkpt' '^breakpoint instruction \(bkpt\) at 0x10100$' \
    signal=5 code=1 insn=700020e1 fields=00010100
cause_of 'a debugger'"'"'s' '^breakpoint instruction \(udf\) at 0x10100$' \
    signal=5 code=1 insn=f001f0e7 fields=00010100
cause_of 'udf' '^illegal instruction on purpose \(udf\): ' \
    signal=4 code=1 insn=f000f0e7 fields=00010100
cause_of 'a jump' '^null pointer dereference: access to 0x0$' \
    signal=11 code=1 insn=feffffea fields=00000000
cause_of 'a signal that was caught before' \
    '^the process sent SIGSEGV to itself, after SIGSEGV: invalid address: read of 4 bytes from 0x20000000 ' \
    signal=11 code=-6 insn=000091e5 r1=0x20000000 fields=9210000000000000
cause_of 'the same of an index that is subtracted' \
    'after SIGSEGV: invalid address: write of 1 byte to 0x1ffffff8 \(r1=0x20000000 - r2=0x4 \* 2\)' \
    signal=11 code=-6 insn=820041e7 r1=0x20000000 r2=4 fields=9210000000000000
cause_of 'Thumb: ldr r0, [r1, #124]' \
    '^invalid address: read of 4 bytes from 0x2000007c \(r1=0x20000000 \+ 0x7c\)' \
    signal=11 code=1 insn=c86f cpsr=0x20 r1=0x20000000 fields=7c000020
cause_of 'Thumb: str.w r0, [r8, r2, lsl #3]' \
    '^invalid address: write of 4 bytes to 0x20000010 \(r8=0x20000000 \+ r2=0x2 \* 8\)' \
    signal=11 code=1 insn=48f83200 cpsr=0x20 r8=0x20000000 r2=2 fields=10000020
cause_of 'Thumb: ldr r0, [pc, #4] from the word it is in' \
    '^access not permitted: read of 4 bytes from 0x10108 \(pc \+ 0x8\)' \
    signal=11 code=2 insn=00480148 pc=0x10102 cpsr=0x20 fields=08010100
cause_of 'Thumb: udf' '^illegal instruction on purpose \(udf\): ' \
    signal=4 code=1 insn=ffde cpsr=0x20 fields=00010100
cause_of 'Thumb: bkpt' '^breakpoint instruction \(bkpt\) at 0x10100$' \
    signal=5 code=1 insn=00be cpsr=0x20 fields=00010100

machine=ppc64le
cause_of 'std r3,-8(r4)' \
    '^invalid address: write of 8 bytes to 0x1ffffff8 \(r4=0x20000000 - 0x8\), where' \
    signal=11 code=1 insn=f8ff64f8 r4=0x20000000 fields=f8ffff1f00000000
cause_of 'stw to read-only memory' \
    '^write to read-only memory: write of 4 bytes to 0x20000 \(r4=0x20000\), which is mapped r-- of' \
    signal=11 code=2 insn=00006490 r4=0x20000 fields=0000020000000000 segment=0x20000:r--
cause_of 'a base that is none' '^null pointer dereference: read of 4 bytes from 0x10 \(0x10\)$' \
    signal=11 code=1 insn=10006080 r0=0x1234 fields=1000000000000000
cause_of 'lwarx, not aligned' '^misaligned access: read of 4 bytes from 0x20001 \(r4=0x20001\)$' \
    signal=7 code=1 insn=2820607c r4=0x20001 fields=0100020000000000 segment=0x20000:rw-
cause_of 'pld r3,0x10(pc)' '^access not permitted: read of 8 bytes from 0x10110 \(pc \+ 0x10\), which' \
    signal=11 code=2 insn=00001004100060e4 fields=1001010000000000
cause_of 'trap' '^breakpoint instruction \(trap\) at 0x10100$' \
    signal=5 code=1 insn=0800e07f fields=0001010000000000
cause_of 'twi' '^breakpoint instruction \(twi\) at 0x10100$' \
    signal=5 code=1 insn=0000c30c fields=0001010000000000
cause_of 'a signal that was caught before' \
    '^the process sent SIGSEGV to itself, after SIGSEGV: invalid address: write of 8 bytes to 0x1ffffff8 ' \
    signal=11 code=-6 insn=f8ff64f8 r4=0x20000000 fields=9210000000000000

# Its kernel tells of the address only the page, and the PSW is behind what
# raised another signal than SIGSEGV.
machine=s390x
cause_of 'lg %r1,8(%r2)' \
    '^invalid address: read of 8 bytes from 0x20000018 \(r2=0x20000010 \+ 0x8\), where' \
    signal=11 code=1 insn=e31020080004 r2=0x20000010 fields=0000000020000000
cause_of 'the second of two pages' \
    '^invalid address: read of 8 bytes from 0x20000000 \(r2=0x1ffffffc\), where' \
    signal=11 code=1 insn=e31020000004 r2=0x1ffffffc fields=0000000020000000
cause_of 'a base that is none' '^null pointer dereference: read of 8 bytes from 0x8 \(0x8\)$' \
    signal=11 code=1 insn=e31000080004 r0=0x1234 fields=0000000000000000
cause_of 'mvi to read-only memory' \
    '^write to read-only memory: write of 1 byte to 0x20004 \(r2=0x20004\), which is mapped r-- of' \
    signal=11 code=2 insn=92012000 r2=0x20004 fields=0000000000020000 segment=0x20000:r--
cause_of 'mvc, what it writes' '^invalid address: write of 256 bytes to 0x20000010 \(r2=0x20000000 \+ 0x10\)' \
    signal=11 code=1 insn=d2ff20103020 r2=0x20000000 r3=0x30000000 fields=0000000020000000
cause_of 'mvc, what it reads' '^invalid address: read of 256 bytes from 0x30000020 \(r3=0x30000000 \+ 0x20\)' \
    signal=11 code=1 insn=d2ff20103020 r2=0x20000000 r3=0x30000000 fields=0000000030000000
cause_of 'mvc, which reads on into another page' '^invalid address: read of 256 bytes from 0x30001000 \(r3=0x30000f80\)' \
    signal=11 code=1 insn=d2ff20103000 r2=0x20000000 r3=0x30000f80 fields=0000000030001000
# exrl %r4,.+8; nothing; mvc 0(1,%r2),0(%r3)
cause_of 'mvc by exrl' '^invalid address: read of 8 bytes from 0x30000000 \(r3=0x30000000\)' \
    signal=11 code=1 insn=c640000000040700d20020003000 r2=0x20000000 \
    r3=0x30000000 r4=7 fields=0000000030000000
cause_of 'ex of what is not there' '^invalid address: read of 2 bytes from 0x20000000 \(r2=0x20000000\)' \
    signal=11 code=1 insn=44402000 r2=0x20000000 r4=7 fields=0000000020000000
cause_of 'dsgr, by zero' '^integer division by zero: dsgr by r4=0x0$' \
    signal=8 code=1 insn=b90d0024 pswa=0x10104 r4=0 fields=0000000000010100
cause_of 'dr, by zero, cut to its half' '^integer division by zero: dr by r4=0x0$' \
    signal=8 code=1 insn=1d24 pswa=0x10102 r4=0x100000000 fields=0000000000010100
cause_of 'dl, by memory' '^integer division by zero: dl by 0x0 at 0x20008$' \
    signal=8 code=1 insn=e32020080097 pswa=0x10106 r2=0x20000 \
    fields=0000000000010100 segment=0x20000:rw-
cause_of 'dsg, whose quotient is too large' \
    '^integer overflow in a division: the quotient of dsg by 0xe3202000000d at 0x100fe does not fit$' \
    signal=8 code=1 insn=e3202000000d pswa=0x10106 r2=0x100fe \
    fields=0000000000010100
cause_of 'a trap' '^illegal instruction on purpose \(0x0001\): ' \
    signal=4 code=1 insn=0001 pswa=0x10102 fields=0000000000010100
cause_of 'no instruction' '^illegal instruction at 0x10100: 00 00 .*, zeros where code should be$' \
    signal=4 code=1 insn=0000 pswa=0x10102 fields=0000000000010100
cause_of 'a debugger'"'"'s' '^breakpoint instruction \(0x0001\) at 0x10100$' \
    signal=5 code=1 insn=0001 pswa=0x10102 fields=0000000000010100
cause_of 'a signal that was caught before' \
    '^the process sent SIGSEGV to itself, after SIGSEGV: invalid address: read of 8 bytes from 0x20000018 ' \
    signal=11 code=-6 insn=e31020080004 r2=0x20000010 fields=0000109200000000
finish
