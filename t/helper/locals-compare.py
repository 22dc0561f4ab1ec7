# SPDX-License-Identifier: ISC
# locals-compare.py GDB REPORT: what gdb-locals.py wrote, and core-unwind's report
# with --locals, of the same core. Every name and value of the frames up to main()
# must be the same in both; says what is not, and how much was compared.
#
# What may differ, and why:
# - gdb 13 knows no tail call of clang's; those it knows must be ours too. Of
#   registers in such a frame it prints what the next one made of them.
# - An @entry that only one of them has: gdb takes a register that the caller
#   did not save for unchanged, core-unwind looks behind main().
# - Where core-unwind says <not saved>, gdb prints what an inner frame left in
#   the register; what was passed behind a tail call is <optimized out>.
# - gdb lists the variables of an inlined function's other blocks as lost ones,
#   some of them a second time.
# - An argument of an inlined function: gdb 13 asks the wrong frame what was
#   passed. How many differ is counted (odd), for the caller to judge.
# - Thread-local storage of 32-bit x86 is <unavailable>.
# - gdb leaves out some constants; it fails at some types, and says so.
# - Of a variable in pieces gdb gives up all when what was passed as one of them
#   is not known.
# - gdb keeps the parameters in some functions' names.
# - A character that Unicode has not given out is octal in gdb: all are, here.
import re
import sys


def split_arguments(text):
    parts, part, depth, quote, at = [], '', 0, None, 0
    while at < len(text):
        c = text[at]
        if quote:
            if c == '\\':
                part += c
                at += 1
                c = text[at]
            elif c == quote:
                quote = None
        elif c in '"\'':
            quote = c
        elif c in '([{<':
            depth += 1
        elif c in ')]}>':
            depth -= 1
        elif c == ',' and depth == 0 and \
                re.match(r', [\w:~]+(@entry)?=', text[at:]):
            parts.append(part)
            part = ''
            at += 2
            continue
        part += c
        at += 1
    return parts + [part] if part else parts


def octal(text):
    return re.sub('[^\0-\x7f]', lambda m: ''.join(
        '\\%03o' % byte
        for byte in m.group().encode(errors='surrogateescape')), text)


class Frame:
    def __init__(self, line):
        line = re.sub(r'^#\d+\s+(0x[0-9a-f]+ in )?', '', line)
        self.is_inlined = line.endswith(' (inlined)')
        self.is_made_up = line.endswith(' [tail call]')
        line = line.replace(' [tail call]', '')
        line = line.replace(' (inlined)', '')
        m = re.match(r'(.*?) \((?=[\w~]+=|\))(.*)\)'
                     r'( at .*| from .*| in .*)?$', line)
        self.name = m.group(1) if m else line.split(' ')[0]
        self.values = []
        for part in split_arguments(m.group(2)) if m else []:
            name, _, value = part.partition('=')
            own = name + '@entry='
            if value.startswith(own):
                value = value[len(own):]
                self.values.append((name + '@entry', value))
            self.values.append((name, value))
        self.arguments = [name for name, value in self.values]

    def add(self, line):
        name, _, value = line.strip().partition(' = ')
        self.values.append((name, value))


def frames(text):
    found = []
    for line in text.split('\n'):
        if re.match(r'#\d+ ', line):
            found.append(Frame(line))
        elif line.startswith('        ') and ' = ' in line and found:
            found[-1].add(line)
    return found


def of_gdb(path):
    text = octal(open(path, errors='surrogateescape').read())
    jumps = [int(n) for n in re.findall(r'^tail-call (\d+)$', text, re.M)]
    text = text[text.rindex('\n#0 ') + 1:]
    found = frames(text)
    for i, frame in enumerate(found):
        frame.is_made_up = i in jumps
    return found


def of_report(path):
    lines = []
    for line in open(path, errors='surrogateescape'):
        line = octal(line.rstrip('\n'))
        if lines and line == '':
            break
        m = re.match(r'  #(\d+) +(.*)', line)
        if m:
            line = '#%s  %s' % m.groups()
        if lines and re.match(r'       (at |in |\[tail call\]$)', line):
            lines[-1] += line[6:]
        elif m or lines:
            lines.append(line)
    return frames('\n'.join(lines))


def same(name, value, all_of_gdb, ours, after_jump):
    if (name, value) in ours:
        return True
    mine = [v for n, v in ours if n == name]
    if name.endswith('@entry') and not mine:
        return True
    if [v for v in mine if '<not saved>' in v or '<unavailable>' in v] or \
            value.startswith('<error reading variable'):
        return True
    if after_jump and mine == ['<optimized out>']:
        return True
    if value == '<optimized out>' and \
            [v for v in mine if v[0] == '{' and value in v]:
        return True
    return value == '<optimized out>' and \
        (not mine or len([n for n, v in all_of_gdb if n == name]) > 1)


def main():
    gdb, ours = of_gdb(sys.argv[1]), of_report(sys.argv[2])
    compared = wrong = unsaved = odd = jumps = 0
    after_jump = {}
    pairs = []
    for frame in gdb:
        while len(ours) > 0 and ours[0].is_made_up and not frame.is_made_up:
            ours.pop(0)
        if not ours or ours[0].is_made_up != frame.is_made_up or \
                re.split('[<(]', ours[0].name)[0] != \
                re.split('[<(]', frame.name)[0]:
            print('no frame for %s' % frame.name)
            break
        if frame.is_made_up:
            after_jump[len(pairs) - 1] = True
            jumps += 1
        pairs.append((frame, ours.pop(0)))
        if frame.name == 'main':
            break
    for i, (theirs, mine) in enumerate(pairs):
        unsaved += len([v for n, v in mine.values if v == '<not saved>'])
        for name, value in theirs.values:
            compared += 1
            if theirs.name == 'main' and name + '@entry' in \
                    [n for n, v in mine.values]:
                continue
            if not same(name, value, theirs.values, mine.values,
                        i in after_jump):
                if mine.is_inlined and name in mine.arguments:
                    odd += 1
                    continue
                wrong += 1
                print('%s: %s = %s' % (theirs.name, name, value))
                for n, v in mine.values:
                    if n == name:
                        print('%s: ours: %s' % (theirs.name, v))
    if not pairs or pairs[-1][0].name != 'main':
        print('main() was not reached')
    print('compared %d frames %d jumps %d unsaved %d odd %d wrong %d' %
          (compared, len(pairs), jumps, unsaved, odd, wrong))


main()
