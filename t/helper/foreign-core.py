#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""foreign-core.py MACHINE FILE: write the core of a process of that machine,
as its kernel lays out struct elf_prstatus and elf_gregset_t (arch/*/include/
asm/elf.h of Linux): for machines of which no emulator writes one. The process
is at the pc 0x10100, was called from before 0x10204 and that from before
0x10304; each register holds 0x1000 plus its place in the note but those that
the unwinder needs. Prints what it must find: registers, then callers' pcs.
"""
import struct
import sys

LITTLE, BIG = "<", ">"
TEXT, STACK = 0x10000, 0x7fff0000
PC, CALLERS = TEXT + 0x100, (TEXT + 0x204, TEXT + 0x304)

# name: (e_machine, 64 bits, order, word, registers, pc, sp, fp, link,
#        chain, the call instruction and how far before the address it is)
# chain: ("fp", words from fp to the caller's fp, to the return address),
#        ("sp", words from the caller's sp to the return address),
#        ("window", bias, what a return address is short of)
MACHINES = {
    "riscv64": (243, 1, LITTLE, 8, 32, 0, 2, 8, 1, ("fp", -2, -1), (0x000000ef, 4)),
    "riscv32": (243, 0, LITTLE, 4, 32, 0, 2, 8, 1, ("fp", -2, -1), (0x000000ef, 4)),
    "loongarch64": (258, 1, LITTLE, 8, 45, 33, 3, 22, 1, ("fp", -2, -1), (0x54000000, 4)),
    "sparc64": (43, 1, BIG, 8, 36, 33, 14, 30, 15, ("window", 2047, 8), (0x40000000, 8)),
    "sparc": (2, 0, BIG, 4, 38, 33, 14, 30, 15, ("window", 0, 8), (0x40000000, 8)),
    "parisc": (15, 0, BIG, 4, 80, 40, 30, 3, 2, ("fp", 0, -5), (0xe8400000, 8)),
    "openrisc": (92, 0, BIG, 4, 34, 32, 1, 2, 9, ("fp", -2, -1), (0x04000000, 8)),
    "hexagon": (164, 0, LITTLE, 4, 48, 42, 29, 30, 31, ("fp", 0, 1), (0, 4)),
    "arc": (195, 0, LITTLE, 4, 40, 39, 23, 8, 7, ("fp", 0, 1), (0, 4)),
    "alpha": (0x9026, 1, LITTLE, 8, 33, 31, 30, 15, 26, None, (0xd3400000, 4)),
    "sh4": (42, 0, LITTLE, 4, 23, 16, 15, 14, 17, None, (0, 4)),
    "microblaze": (189, 0, BIG, 4, 38, 32, 1, 19, 15, None, (0, 4)),
    "csky": (252, 0, LITTLE, 4, 38, 2, 4, 14, 1, None, (0, 4)),
    "ia64": (50, 1, LITTLE, 8, 128, 42, 12, 12, 34, None, (0, 4)),
    "s390": (22, 0, BIG, 4, 36, 1, 17, 13, 16, ("sp", 14), (0xc0e50000, 6)),
    "x32": (62, 0, LITTLE, 8, 27, 16, 19, 4, None, ("fp", 0, 1), (0xe8, 5)),
    # Signed by pointer authentication, in a space of 52 bits.
    "aarch64": (183, 1, LITTLE, 8, 34, 32, 31, 29, 30, ("fp", 0, 1), (0x94000000, 4)),
}
PAC = 0x5aa0 << 48


def main():
    name, path = sys.argv[1:]
    em, is64, order, word, nreg, pc, sp, fp, link, chain, call = MACHINES[name]
    addr = "Q" if is64 else "I"
    reg = "Q" if word == 8 else "I"

    def pack(fmt, *values):
        return struct.pack(order + fmt, *values)

    # Text: two calls, each ending just before a caller's pc.
    text = bytearray(0x1000)
    insn, before = call
    short = chain[2] if chain and chain[0] == "window" else 0
    for at in CALLERS:
        code = pack("I", insn)
        if name == "x32":
            code = b"\xe8\0\0\0\0"
        elif name == "s390":
            code = b"\xc0\xe5\0\0\0\0"
        at -= TEXT + before
        text[at:at + len(code)] = code

    # The stack: the middle of its segment is the innermost frame.
    stack = bytearray(0x1000)
    sign = PAC if name == "aarch64" else 0

    def put(at, value):
        at -= STACK
        stack[at:at + word] = pack(reg, value)

    regs = [0x1000 + i for i in range(nreg)]
    frames = [STACK + 0x800, STACK + 0x880, STACK + 0x900]
    if name == "parisc":                # it grows up
        frames = [STACK + 0x800, STACK + 0x780, STACK + 0x700]
    regs[pc] = PC
    regs[sp] = frames[0] - (chain[1] if short else 0)
    if link is not None:
        regs[link] = 0
    if chain is None:
        regs[fp] = regs[sp]
    elif chain[0] == "fp":
        bases = [frames[0] + (-0x40 if name == "parisc" else 0x40),
                 frames[1] + (-0x40 if name == "parisc" else 0x40)]
        regs[fp] = bases[0]
        for n, base in enumerate(bases):
            put(base + chain[1] * word, bases[1] if n == 0 else 0)
            put(base + chain[2] * word, CALLERS[n] | sign)
    elif chain[0] == "sp":
        for n in range(2):
            put(frames[n], frames[n + 1])
            put(frames[n + 1] + chain[1] * word, CALLERS[n])
    else:                               # %i6, %i7 of each window are words 14, 15
        regs[30] = frames[1] - chain[1]
        regs[31] = CALLERS[0] - short
        put(frames[1] + 14 * word, frames[2] - chain[1])
        put(frames[1] + 15 * word, CALLERS[1] - short)
        put(frames[2] + 15 * word, 0)
        put(frames[2] + 14 * word, 0)

    # struct elf_prstatus: info, cursig, sigpend, sighold, 4 ids, 4 times.
    ulong = addr
    status = pack("iiih", 11, 0, 0, 11)
    status += b"\0" * (-len(status) % (8 if is64 else 4))
    status += pack(2 * ulong, 0, 0) + pack("iiii", 4242, 1, 4242, 4242)
    status += pack(8 * ulong, *8 * [0])
    status += pack("%d%s" % (nreg, reg), *regs) + pack("i", 0)
    status += b"\0" * (-len(status) % word)
    info = pack("iii", 11, 0, 1) + (b"\0" * 4 if is64 else b"")
    info += pack(addr, 0x20) + b"\0" * 100

    def note(owner, kind, data):
        owner += b"\0"
        return (pack("III", len(owner), len(data), kind) +
                owner + b"\0" * (-len(owner) % 4) +
                data + b"\0" * (-len(data) % 4))

    notes = note(b"CORE", 1, status) + note(b"CORE", 0x53494749, info)
    if name == "aarch64":
        notes += note(b"LINUX", 0x406, pack("QQ", 0x7ff0 << 48, 0xfff0 << 48))

    ehsize, phsize = (64, 56) if is64 else (52, 32)
    at = ehsize + 3 * phsize
    head = b"\x7fELF" + bytes([2 if is64 else 1, 1 if order == LITTLE else 2, 1])
    head = head.ljust(16, b"\0") + pack("HHI", 4, em, 1)
    head += pack(3 * addr, 0, ehsize, 0)
    head += pack("IHHHHHH", 0, ehsize, phsize, 3, 0, 0, 0)
    body = b""
    for kind, flags, where, data in ((4, 0, 0, notes), (1, 5, TEXT, text),
                                     (1, 6, STACK, stack)):
        size = 0 if kind == 4 else len(data)
        if is64:
            head += pack("IIQQQQQQ", kind, flags, at, where, 0, len(data), size, 1)
        else:
            head += pack("IIIIIIII", kind, at, where, 0, len(data), size, flags, 1)
        body += data
        at += len(data)
    with open(path, "wb") as out:
        out.write(head + body)
    print("0x%x 0x%x" % (PC, regs[sp]),
          *(["0x%x" % c for c in CALLERS] if chain else []))


main()
