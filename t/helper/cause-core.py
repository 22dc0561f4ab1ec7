#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""cause-core.py FILE KEY=VALUE...: write the core of a process whose signal
this machine cannot raise. The process stands at 0x10100 on the instruction
code= (in hexadecimal), in text that is flags= (r-x); NAME=NUMBER sets one of
its registers. signal= and code= are si_signo and si_code; fields= what follows
in siginfo, in hexadecimal, from _sifields on (include/uapi/asm-generic/
siginfo.h: si_addr; from 8 bytes behind it on si_addr_lsb, or after 8 more bytes
_lower and _upper, or _pkey). machine= is x86_64, aarch64, riscv64, arm, ppc64le
or s390x; segment=ADDRESS:FLAGS adds a page.
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
    'arm': (40, ['r%d' % i for i in range(13)] +
            ['sp', 'lr', 'pc', 'cpsr', 'orig_r0'], 'pc', 'sp'),
    'ppc64le': (21, ['r%d' % i for i in range(32)] +
                ['nip', 'msr', 'orig_r3', 'ctr', 'lr', 'xer', 'ccr', 'softe',
                 'trap', 'dar', 'dsisr', 'result'] +
                ['pad%d' % i for i in range(4)], 'nip', 'r1'),
    's390x': (22, ['pswm', 'pswa'] + ['r%d' % i for i in range(16)] +
              ['a%d' % i for i in range(8)] + ['orig_r2'], 'pswa', 'r15'),
}
# Of a machine that is not little endian, or of 32 bits.
ORDER = {'s390x': '>'}
NARROW = {'arm'}


def note(order, kind, data):
    return struct.pack(order + 'III', 5, len(data), kind) + \
        b'CORE\0\0\0\0' + data + b'\0' * (-len(data) % 4)


def notes_of(order, is_narrow, given, registers):
    """NT_PRSTATUS, NT_PRPSINFO and NT_SIGINFO."""
    signal, word = int(given['signal']), 'I' if is_narrow else 'Q'
    status = struct.pack(order + 'iiihxx', signal, 0, 0, signal)
    status += struct.pack(order + '2' + word + '4i8' + word, 0, 0, 4242, 1,
                          4242, 4242, *8 * [0])
    status += struct.pack(order + '%d%s' % (len(registers), word), *registers)
    status += b'\0' * (4 if is_narrow else 8)
    info = struct.pack(order + '3i', signal, 0, int(given['code']))
    info += b'' if is_narrow else b'\0' * 4
    info = (info + bytes.fromhex(given['fields'])).ljust(128, b'\0')
    psinfo = b'\0' * (8 if is_narrow else 16)
    psinfo += struct.pack(order + ('HHiiii' if is_narrow else 'IIiiii'), 0, 0,
                          4242, 1, 4242, 4242)
    return note(order, 1, status) + \
        note(order, 3, psinfo + b'rare\0'.ljust(96, b'\0')) + \
        note(order, 0x53494749, info)


def program_header(order, is_narrow, kind, flags, at, where, size, align):
    if is_narrow:
        return struct.pack(order + '8I', kind, at, where, 0, size,
                           size if where else 0, flags, align)
    return struct.pack(order + 'IIQQQQQQ', kind, flags, at, where, 0, size,
                       size if where else 0, align)


def main():
    path, rest = sys.argv[1], [a.split('=', 1) for a in sys.argv[2:]]
    given = dict(rest)
    machine = given.get('machine', 'x86_64')
    order, is_narrow = ORDER.get(machine, '<'), machine in NARROW
    em, names, pc, sp = MACHINES[machine]
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
    notes = notes_of(order, is_narrow, given, [regs[n] for n in names])
    segments.sort()
    sizes = (52, 32) if is_narrow else (64, 56)
    at = sizes[0] + sizes[1] * (len(segments) + 1)
    head = (b'\x7fELF' + bytes([1 if is_narrow else 2, 2 if order == '>' else 1,
                                1])).ljust(16, b'\0')
    head += struct.pack(order + ('HHIIIIIHHHHHH' if is_narrow else
                                 'HHIQQQIHHHHHH'), 4, em, 1, 0, sizes[0], 0, 0,
                        sizes[0], sizes[1], len(segments) + 1, 0, 0, 0)
    head += program_header(order, is_narrow, 4, 0, at, 0, len(notes), 1)
    at += len(notes)
    body = b''
    for where, flags, data in segments:
        bits = sum(4 >> i for i in range(3) if flags[i] != '-')
        head += program_header(order, is_narrow, 1, bits, at + len(body), where,
                               len(data), 4096)
        body += data
    with open(path, 'wb') as out:
        out.write(head + notes + body)


main()
