#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""spoil-dwp.py GOOD.dwp DEPTH STEP FAR-STEP: is core told, prog.dwp damaged?

Words of the indices, and of what begins each section, are made what no file has
there; the file is cut short. Names may be lost, or wrong ones be found in what
is damaged, but nobody dies, and main is the frame DEPTH. Of all ways each STEP-th is tried, and each
FAR-STEP-th of those that lead out of a section. Prints how many were tried, and
the first few that went wrong.
"""
import json
import struct
import subprocess
import sys

INDICES = b".debug_cu_index", b".debug_tu_index"


def spoilt(good):
    """All ways, and those that lead far away."""
    shoff, = struct.unpack_from("<Q", good, 40)
    shnum, names = struct.unpack_from("<HH", good, 60)
    section = [struct.unpack_from("<IIQQQQIIQQ", good, shoff + 64 * i)
               for i in range(shnum)]
    ways, far = [], []
    for s in section[1:]:
        name = good[section[names][4] + s[0]:].split(b"\0")[0]
        words = s[5] // 4 if name in INDICES else min(s[5] // 4, 6)
        for word in range(words):
            for value in (0, 1, 0x400000, 0x7fffffff, 0xffffffff):
                d = bytearray(good)
                struct.pack_into("<I", d, s[4] + 4 * word, value)
                ways.append(d)
                if name in INDICES and value in (0x400000, 0x7fffffff):
                    far.append(d)
    return ways + [good[:len(good) * n // 40] for n in range(40)], far


def told(data, depth):
    """What is wrong with it, or nothing."""
    with open("prog.dwp", "wb") as f:
        f.write(data)
    p = subprocess.run(["core-unwind", "--json", "--locals", "core"],
                       capture_output=True)
    names = []
    if p.returncode in (0, 1):
        out = json.loads(p.stdout)
        names = [f["function"] for f in out["threads"][0]["frames"]
                 if not f["inline"]]
        if any("was ended" in m or "died" in m for m in out["missing"]):
            names = []
    if names[depth:depth + 1] == ["main"]:
        return None
    return p.returncode, names, p.stderr[:200]


def main():
    ways, far = spoilt(open(sys.argv[1], "rb").read())
    depth, step, far_step = map(int, sys.argv[2:])
    tried = far[::far_step] + ways[::step]
    bad = [(i, wrong) for i, d in enumerate(tried) if (wrong := told(d, depth))]
    print(len(tried), bad[:3])


main()
