#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""dwp.py PROG.dwp DWO...: pack .dwo files of DWARF 4 (the index of GNU's dwp) or
5 (7.3.5), of 32 or 64 bits. A type that several of them have is packed once.

What GCC writes of DWARF 5 makes dwp of binutils 2.40 crash, and llvm-dwp of
LLVM 14 loop; that knows no 64-bit DWARF 4 either, and dwp takes the offsets of
its strings for pairs of 32 bits.
"""
import struct
import sys

TYPES = 2
NUMBER = {
    4: {".debug_info.dwo": 1, ".debug_types.dwo": TYPES,
        ".debug_abbrev.dwo": 3, ".debug_line.dwo": 4, ".debug_loc.dwo": 5,
        ".debug_str_offsets.dwo": 6},
    5: {".debug_info.dwo": 1, ".debug_abbrev.dwo": 3, ".debug_line.dwo": 4,
        ".debug_loclists.dwo": 5, ".debug_str_offsets.dwo": 6,
        ".debug_rnglists.dwo": 8}
}
WITH_UNITS = ".debug_info.dwo", ".debug_types.dwo"
STRINGS, OFFSETS = ".debug_str.dwo", ".debug_str_offsets.dwo"
GNU_DWO_ID, SPLIT_TYPE = 0x2131, 6


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


def uleb(data, at):
    """The number at AT, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at


def length_of(data, at):
    """The length at AT, the size of it, and of an offset."""
    length, = struct.unpack_from("<I", data, at)
    if length != 0xffffffff:
        return length, 4, 4
    return struct.unpack_from("<Q", data, at + 4)[0], 12, 8


def skip(form, unit, at, offset_size, address_size):
    """Where a value ends."""
    sizes = {0x01: address_size, 0x05: 2, 0x06: 4, 0x07: 8, 0x0b: 1, 0x0c: 1,
             0x0e: offset_size, 0x17: offset_size, 0x19: 0}
    if form == 0x08:
        return unit.index(b"\0", at) + 1
    if form in (0x0f, 0x1f01, 0x1f02):
        return uleb(unit, at)[1]
    return at + sizes[form]


def gnu_id(unit, at, abbrev, offset_size, address_size):
    """What DW_AT_GNU_dwo_id of the DIE at AT is."""
    want, at = uleb(unit, at)
    p = 0
    while True:
        code, p = uleb(abbrev, p)
        p = uleb(abbrev, p)[1] + 1
        while True:
            name, p = uleb(abbrev, p)
            form, p = uleb(abbrev, p)
            if name == form == 0:
                break
            if code == want and name == GNU_DWO_ID:
                return struct.unpack_from("<Q", unit, at)[0]
            if code == want:
                at = skip(form, unit, at, offset_size, address_size)


def units(name, data, abbrev):
    """Each unit: is it a type, its ID, and its bytes."""
    at = 0
    while at < len(data):
        length, head, offset_size = length_of(data, at)
        unit = data[at:at + head + length]
        at += head + length
        version, = struct.unpack_from("<H", unit, head)
        behind = head + (4 if version == 5 else 3) + offset_size
        is_type = name == ".debug_types.dwo" or (
            version == 5 and unit[head + 2] == SPLIT_TYPE)
        if is_type or version == 5:
            yield is_type, struct.unpack_from("<Q", unit, behind)[0], unit
        else:
            yield False, gnu_id(unit, behind, abbrev, offset_size,
                                unit[behind - 1]), unit


def moved(data, base, version, offset_size):
    """Offsets of strings that begin at BASE now."""
    head = 0 if version < 5 else 8 if offset_size == 4 else 16
    form = f"<{(len(data) - head) // offset_size}{'IQ'[offset_size == 8]}"
    return data[:head] + struct.pack(form, *(
        s + base for s in struct.unpack_from(form, data, head)))


def pack(paths):
    """The package's sections by name."""
    first = next(d for n, d in sections(paths[0]) if n in WITH_UNITS)
    _, head, offset_size = length_of(first, 0)
    version = 5 if struct.unpack_from("<H", first, head)[0] == 5 else 4
    number = NUMBER[version]
    out = {name: b"" for name in [*number, STRINGS]}
    rows = {False: {}, True: {}}
    for path in paths:
        shared = {}
        base = len(out[STRINGS])
        for name, data in sections(path):
            if name == OFFSETS:
                data = moved(data, base, version, offset_size)
            if name in out and name not in WITH_UNITS:
                if name in number:
                    shared[number[name]] = len(out[name]), len(data)
                if name == ".debug_abbrev.dwo":
                    abbrev = data
                out[name] += data
        for name, data in sections(path):
            if name not in WITH_UNITS:
                continue
            for is_type, unit_id, unit in units(name, data, abbrev):
                if unit_id in rows[is_type]:
                    continue
                rows[is_type][unit_id] = {
                    **shared, number[name]: (len(out[name]), len(unit))}
                out[name] += unit
    index_version = 5 if version == 5 else 2
    out[".debug_cu_index"] = index(rows[False], index_version)
    if rows[True]:
        out[".debug_tu_index"] = index(rows[True], index_version)
    return {name: data for name, data in out.items() if data}


def index(rows, version):
    """Half full at most, or a collision would hardly end anywhere."""
    columns = sorted({c for row in rows.values() for c in row})
    slots = 1
    while slots < 2 * len(rows):
        slots *= 2
    table = [(0, 0)] * slots
    for number, unit in enumerate(rows, 1):
        slot = unit & (slots - 1)
        while table[slot][1]:
            slot = slot + (unit >> 32 & slots - 1 | 1) & slots - 1
        table[slot] = unit, number
    out = struct.pack("<IIII", version, len(columns), len(rows), slots)
    out += b"".join(struct.pack("<Q", unit) for unit, _ in table)
    out += b"".join(struct.pack("<I", number) for _, number in table)
    out += struct.pack(f"<{len(columns)}I", *columns)
    for which in 0, 1:
        for row in rows.values():
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


if __name__ == "__main__":
    write(sys.argv[1], pack(sys.argv[2:]))
