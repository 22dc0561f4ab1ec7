# SPDX-License-Identifier: ISC
# For gdb-multiarch -x, connected to the gdbstub of qemu-user: run the process
# until it stops for the $stops-th time, and write its core as its kernel would
# have, for machines of which QEMU writes none, or not all of it (registers of
# floating point). Before it, set $qemu to the number of QEMU's process, whose
# mappings the guest's are where addresses have 64 bits; $machine and $core to
# strings. What a core of a kernel has and this one has not is NT_SIGINFO: the
# stub does not tell it.
import signal
import struct
import gdb

PAGE = 4096
GUEST_END = 1 << 46                     # QEMU itself is above



def each(registers, size):
    return [(name, size) for name in registers]


# name: (e_machine, order, registers as in elf_gregset_t, and as in NT_FPREGSET,
#        each by gdb's name (None: what nobody needs) and its bytes)
MACHINES = {
    'riscv64': (243, '<',
                each(['pc', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 'fp',
                      's1'] + ['a%d' % i for i in range(8)] +
                     ['s%d' % i for i in range(2, 12)] +
                     ['t%d' % i for i in range(3, 7)], 8),
                each(['ft%d' % i for i in range(8)] + ['fs0', 'fs1'] +
                     ['fa%d' % i for i in range(8)] +
                     ['fs%d' % i for i in range(2, 12)] +
                     ['ft%d' % i for i in range(8, 12)], 8) +
                each(['fcsr', None], 4)),
    'aarch64': (183, '<',
                each(['x%d' % i for i in range(31)] + ['sp', 'pc', 'cpsr'], 8),
                each(['v%d' % i for i in range(32)], 16) +
                each(['fpsr', 'fpcr'], 4) + each([None], 8)),
    's390x': (22, '>',
              each(['pswm', 'pswa'] + ['r%d' % i for i in range(16)] +
                   9 * [None], 8),
              each(['fpc', None], 4) + each(['f%d' % i for i in range(16)], 8)),
}


def raw(name, size, order):
    """A register's bytes, in the process's order."""
    if name is None:
        return b'\0' * size
    # gdb 13 has no other way to a value's bytes.
    gdb.execute('dump binary value register.raw $' + name)
    with open('register.raw', 'rb') as value:
        data = value.read()
    if order == '<':
        return data[:size].ljust(size, b'\0')
    return data[-size:].rjust(size, b'\0')


def note(order, kind, data, owner=b'CORE\0'):
    return (struct.pack(order + 'III', len(owner), len(data), kind) +
            owner + b'\0' * (-len(owner) % 4) + data + b'\0' * (-len(data) % 4))


def prstatus(machine, order, thread, signo, pid):
    thread.switch()
    gdb.execute('frame 0', to_string=True)
    general, floating = MACHINES[machine][2:]
    data = struct.pack(order + 'iiihHQQ', signo, 0, 0, signo, 0, 0, 0)
    data += struct.pack(order + 'iiii', thread.ptid[1], 1, pid, pid)
    data += b'\0' * 64
    data += b''.join(raw(name, size, order) for name, size in general)
    notes = note(order, 1, data + struct.pack(order + 'iI', 1, 0))
    return notes + note(order, 2, b''.join(raw(name, size, order)
                                           for name, size in floating))


def prpsinfo(order, pid, name):
    data = struct.pack(order + '4sIQIIiiii16s80s', b'\0R\0\0', 0, 0, 0, 0, pid,
                       1, pid, pid, name, name)
    return note(order, 3, data)


def run():
    """Until it stops for the last time; by what signal?"""
    names = []
    gdb.events.stop.connect(lambda event: names.append(event.stop_signal))
    for _ in range(int(gdb.convenience_variable('stops'))):
        gdb.execute('continue')
    return signal.Signals[names[-1]]


def mappings(pid):
    """Of the guest: (start, end, flags, offset in the file, path)."""
    found = []
    with open('/proc/%d/maps' % pid) as maps:
        for line in maps:
            word = line.rstrip('\n').split(None, 5)
            start, end = (int(x, 16) for x in word[0].split('-'))
            if start >= GUEST_END or word[1][:3] == '---':
                continue
            flags = 4 * (word[1][0] == 'r') + 2 * (word[1][1] == 'w')
            path = word[5] if len(word) > 5 else ''
            found.append([start, end, flags, int(word[2], 16), path])
    return found


def executable_ranges(path, at):
    """Of the file whose first page is at AT."""
    with open(path, 'rb') as elf:
        head = elf.read(64)
        order = '<' if head[5] == 1 else '>'
        where, = struct.unpack(order + 'Q', head[32:40])
        size, count = struct.unpack(order + 'HH', head[54:58])
        elf.seek(where)
        table = elf.read(size * count)
    loads = [struct.unpack(order + 'IIQQQQQ', table[i * size:i * size + 48])
             for i in range(count)]
    loads = [p for p in loads if p[0] == 1]
    bias = at - loads[0][3] // PAGE * PAGE
    return [(bias + p[3] // PAGE * PAGE, bias + p[3] + p[6])
            for p in loads if p[1] & 1]


def executable(mapped):
    """Nothing of the guest is so for the host: ask the ELF headers."""
    found = {}
    for m in mapped:
        if m[4].startswith('/'):
            if m[4] not in found:
                found[m[4]] = executable_ranges(m[4], m[0])
            m[2] |= any(a <= m[0] < b for a, b in found[m[4]])
        elif m[2] == 4:
            m[2] |= 1                   # what handlers return to is there


def nt_file(order, mapped):
    files = [m for m in mapped if m[4].startswith('/')]
    data = struct.pack(order + 'QQ', len(files), PAGE)
    for start, end, _, offset, path in files:
        data += struct.pack(order + 'QQQ', start, end, offset // PAGE)
    return data + b''.join(m[4].encode() + b'\0' for m in files)


def auxv(order):
    pairs = []
    for line in gdb.execute('info auxv', to_string=True).splitlines():
        word = line.split()
        # A string follows some values, a description comes before.
        value = [w for w in word[2:] if w[0] != '"' and
                 (w.startswith('0x') or w.isdigit())]
        pairs.append((int(word[0]), int(value[-1], 0)))
    return b''.join(struct.pack(order + 'QQ', *p) for p in pairs)


def all_notes(machine, order, signo, pid, mapped):
    crashed = gdb.selected_thread()
    threads = [t for t in gdb.selected_inferior().threads()
               if t.num != crashed.num]
    notes = prstatus(machine, order, crashed, signo, pid)
    notes += prpsinfo(order, pid, b'program')
    notes += note(order, 6, auxv(order))
    notes += note(order, 0x46494c45, nt_file(order, mapped))
    for thread in threads:
        notes += prstatus(machine, order, thread, 0, pid)
    crashed.switch()
    return notes


def write(core, order, em, notes, mapped):
    count = len(mapped) + 1
    at = 64 + 56 * count + len(notes)
    head = b'\x7fELF' + bytes([2, 1 if order == '<' else 2, 1]).ljust(12, b'\0')
    head += struct.pack(order + 'HHIQQQIHHHHHH', 4, em, 1, 0, 64, 0, 0, 64, 56,
                        count, 0, 0, 0)
    head += struct.pack(order + 'IIQQQQQQ', 4, 0, 64 + 56 * count, 0, 0,
                        len(notes), 0, 1)
    core.seek(64 + 56 * count)
    core.write(notes)
    for start, end, flags, _, _ in mapped:
        try:
            data = bytes(gdb.selected_inferior().read_memory(start,
                                                             end - start))
        except gdb.MemoryError:
            data = b''
        core.write(data)
        head += struct.pack(order + 'IIQQQQQQ', 1, flags, at, start, 0,
                            len(data), end - start, 1)
        at += len(data)
    core.seek(0)
    core.write(head)


def main():
    machine = gdb.convenience_variable('machine').string()
    path = gdb.convenience_variable('core').string()
    qemu = int(gdb.convenience_variable('qemu'))
    em, order = MACHINES[machine][:2]
    signo = run()
    mapped = mappings(qemu)
    executable(mapped)
    notes = all_notes(machine, order, signo, qemu, mapped)
    with open(path, 'wb') as core:
        write(core, order, em, notes, mapped)


main()
