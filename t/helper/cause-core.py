#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""cause-core.py FILE KEY=VALUE...: write the core of a process whose signal
this machine cannot raise. The process stands at 0x10100 on the instruction
code= (in hexadecimal), in text that is flags= (r-x); NAME=NUMBER sets one of
its registers. signal= and code= are si_signo and si_code; fields= what follows
in siginfo, in hexadecimal, from _sifields on (include/uapi/asm-generic/
siginfo.h: si_addr; from 8 bytes behind it on si_addr_lsb, or after 8 more bytes
_lower and _upper, or _pkey). machine= is x86_64, aarch64 or riscv64;
segment=ADDRESS:FLAGS adds a page.
"""
import struct
import sys

TEXT, STACK = 0x10000, 0x7fff0000
MACHINES = {
    'x86_64': (62, ['r15', 'r14', 'r13', 'r12', 'rbp', 'rbx', 'r11', 'r10',
                    'r9', 'r8', 'rax', 'rcx', 'rdx', 'rsi', 'rdi', 'orig_rax',
                    'rip', 'cs', 'eflags', 'rsp', 'ss', 'fs_base', 'gs_base',
                    'ds', 'es', 'fs', 'gs'], 'rip', 'rsp'),
    'aarch64': (183, ['x%d' % i for i in range(31)] + ['sp', 'pc', 'pstate'],
                'pc', 'sp'),
    'riscv64': (243, ['pc', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0',
                      's1'] + ['a%d' % i for i in range(8)] +
                ['s%d' % i for i in range(2, 12)] +
                ['t%d' % i for i in range(3, 7)], 'pc', 'sp'),
}


def note(kind, data):
    return struct.pack('<III', 5, len(data), kind) + b'CORE\0\0\0\0' + \
        data + b'\0' * (-len(data) % 4)


def main():
    path, rest = sys.argv[1], [a.split('=', 1) for a in sys.argv[2:]]
    given = dict(rest)
    em, names, pc, sp = MACHINES[given.get('machine', 'x86_64')]
    regs = {name: 0 for name in names}
    regs[pc], regs[sp] = TEXT + 0x100, STACK + 0x800
    for key, value in rest:
        if key in regs:
            regs[key] = int(value, 0)
    text = bytearray(0x1000)
    insn = bytes.fromhex(given['insn'])
    text[0x100:0x100 + len(insn)] = insn
    segments = [(TEXT, given.get('flags', 'r-x'), bytes(text)),
                (STACK, 'rw-', b'\0' * 0x1000)]
    for key, value in rest:
        if key == 'segment':
            at, flags = value.split(':')
            segments.append((int(at, 0), flags, b'\0' * 0x1000))
    signal = int(given['signal'])
    status = struct.pack('<iiih', signal, 0, 0, signal) + b'\0\0'
    status += struct.pack('<2Q4i8Q', 0, 0, 4242, 1, 4242, 4242, *8 * [0])
    status += struct.pack('<%dQ' % len(names), *[regs[n] for n in names])
    status += struct.pack('<ii', 0, 0)
    info = struct.pack('<4i', signal, 0, int(given['code']), 0)
    info = (info + bytes.fromhex(given['fields'])).ljust(128, b'\0')
    psinfo = b'\0' * 16 + struct.pack('<IIiiii', 0, 0, 4242, 1, 4242, 4242)
    notes = note(3, psinfo + b'rare\0'.ljust(96, b'\0'))
    notes = note(1, status) + notes + note(0x53494749, info)
    segments.sort()
    at = 64 + 56 * (len(segments) + 1)
    head = (b'\x7fELF\2\1\1'.ljust(16, b'\0') +
            struct.pack('<HHIQQQIHHHHHH', 4, em, 1, 0, 64, 0, 0, 64, 56,
                        len(segments) + 1, 0, 0, 0))
    head += struct.pack('<IIQQQQQQ', 4, 0, at, 0, 0, len(notes), 0, 1)
    at += len(notes)
    body = b''
    for where, flags, data in segments:
        bits = sum(4 >> i for i in range(3) if flags[i] != '-')
        head += struct.pack('<IIQQQQQQ', 1, bits, at + len(body), where, 0,
                            len(data), len(data), 4096)
        body += data
    with open(path, 'wb') as out:
        out.write(head + notes + body)


main()
