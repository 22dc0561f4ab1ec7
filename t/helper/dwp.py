#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""dwp.py PROG.dwp DWO...: pack .dwo files of DWARF 5 (7.3.5), one unit each.

What GCC writes makes dwp of binutils 2.40 crash, and llvm-dwp of LLVM 14 loop.
"""
import struct
import sys

NUMBER = {".debug_info.dwo": 1, ".debug_abbrev.dwo": 3, ".debug_line.dwo": 4,
          ".debug_loclists.dwo": 5, ".debug_str_offsets.dwo": 6,
          ".debug_rnglists.dwo": 8}
STRINGS, INDEX = ".debug_str.dwo", ".debug_cu_index"


def sections(path):
    """The name and the bytes of each section of a 64-bit ELF file."""
    data = open(path, "rb").read()
    at, = struct.unpack_from("<Q", data, 40)
    count, names = struct.unpack_from("<HH", data, 60)
    header = [struct.unpack_from("<IIQQQQ", data, at + 64 * i)
              for i in range(count)]
    for h in header[1:]:
        name = data[header[names][4] + h[0]:].split(b"\0")[0].decode()
        yield name, data[h[4]:h[4] + h[5]]


def pack(paths):
    """The package's sections by name."""
    out = {name: b"" for name in [*NUMBER, STRINGS]}
    rows = []
    for path in paths:
        row = {}
        base = len(out[STRINGS])
        for name, data in sections(path):
            if name == ".debug_str_offsets.dwo":
                strings = struct.unpack_from(f"<{len(data) // 4 - 2}I",
                                             data, 8)
                data = data[:8] + struct.pack(f"<{len(strings)}I",
                                              *(s + base for s in strings))
            if name in NUMBER:
                row[NUMBER[name]] = len(out[name]), len(data)
            if name == ".debug_info.dwo":
                unit, = struct.unpack_from("<Q", data, 12)
            if name in out:
                out[name] += data
        rows.append((unit, row))
    out[INDEX] = index(rows, sorted(NUMBER.values()))
    return out


def index(rows, columns):
    """Half full at most, or a collision would hardly end anywhere."""
    slots = 1
    while slots < 2 * len(rows):
        slots *= 2
    table = [(0, 0)] * slots
    for number, (unit, _) in enumerate(rows, 1):
        slot = unit & (slots - 1)
        while table[slot][1]:
            slot = slot + (unit >> 32 & slots - 1 | 1) & slots - 1
        table[slot] = unit, number
    out = struct.pack("<HHIII", 5, 0, len(columns), len(rows), slots)
    out += b"".join(struct.pack("<Q", unit) for unit, _ in table)
    out += b"".join(struct.pack("<I", number) for _, number in table)
    out += struct.pack(f"<{len(columns)}I", *columns)
    for which in 0, 1:
        for _, row in rows:
            out += b"".join(struct.pack("<I", row.get(c, (0, 0))[which])
                            for c in columns)
    return out


def write(path, out):
    """An ELF file of these sections and of their names."""
    names = b"\0"
    body = b""
    header = [bytes(64)]
    for name, data in [*out.items(), (".shstrtab", None)]:
        at = len(names)
        names += name.encode() + b"\0"
        data = names if data is None else data
        header.append(struct.pack("<IIQQQQIIQQ", at, 3 if data is names else 1,
                                  0, 0, 64 + len(body), len(data), 0, 0, 1, 0))
        body += data
    with open(path, "wb") as f:
        f.write(struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 1, 62, 1, 0,
                            0, 64 + len(body), 0, 64, 0, 0, 64, len(header),
                            len(header) - 1))
        f.write(body)
        f.write(b"".join(header))


write(sys.argv[1], pack(sys.argv[2:]))
