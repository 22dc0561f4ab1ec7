#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""insns-objdump.py SET FILE...: what core-unwind's decoders (insns SET) make of
each instruction that objdump -d wrote to FILE, against what its own text says:
the operand is read from that, its width and direction from the mnemonic. Says
which differ, and at the end how many were compared, and how many of them access
memory. SET is arm, thumb, ppc64le, ppc64 or s390x.
"""
import re
import subprocess
import sys

NONE = ('none',)
CONDITIONS = 'eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le'
ARM_SIZES = {'': 4, 'b': 1, 'sb': 1, 'h': 2, 'sh': 2, 'd': 8}
ARM_REGISTERS = {'sl': 10, 'fp': 11, 'ip': 12, 'sp': 13, 'lr': 14, 'pc': 15}


def number(text):
    return int(text.lstrip('#'), 0)


def access(how, size, base, index='-', scale=1, displacement=0, *more):
    """One line of insns."""
    return (how, str(size), str(base), str(index), str(scale),
            str(displacement)) + more


# --- arm and thumb

def arm_register(name):
    return ARM_REGISTERS.get(name) or int(name[1:])


def arm_list(text):
    """How many registers {r4-r7, lr} has."""
    count = 0
    for part in text.strip('{}').split(',') if text != '{}' else []:
        ends = [arm_register(re.sub(r'\[.*', '', e.strip()))
                for e in part.split('-')]
        count += ends[-1] - ends[0] + 1
    return count


def arm_address(text, ahead):
    """Of "[r1, #4]!" or "[r1], r2": base, index, scale, displacement; or None
    when a decoder need not know it."""
    inside, after = re.match(r'\[([^\]]*)\](.*)', text).groups()
    parts = [p.strip() for p in re.split(r'[,:]', inside)]
    base, index, scale, displacement = arm_register(parts[0].split()[0]), '-', 1, 0
    for part in parts[1:]:
        if part.startswith('#'):
            displacement = number(part)
        elif re.match(r'-?[rsfilp]', part) and not re.match('(lsl|lsr|ror|rrx)', part):
            index = arm_register(part.lstrip('-'))
            scale = -1 if part.startswith('-') else 1
        elif part.startswith('lsl'):
            scale *= 1 << number(part.split()[1])
        elif part == 'rrx':
            return None
        elif part and not part.isdigit():       # its alignment
            return None
    if base == 15:
        base, displacement = 'pc', displacement + ahead
    return base, index, scale, displacement


def arm_multiple(name, operands):
    """ldm, stm, push, pop; of VFP with a v."""
    is_read = not name.startswith(('st', 'vst', 'push', 'vpush', 'fst'))
    listed = operands[operands.index('{'):operands.index('}') + 1]
    size = arm_list(listed) * (8 if listed[1] == 'd' else 4)
    if name.startswith(('push', 'pop', 'vpush', 'vpop')):
        base, mode = 13, 'db' if 'push' in name else 'ia'
    else:
        base = arm_register(re.match(r'\w+', operands).group())
        mode = re.sub(r'^f?v?(ldm|stm)', '', name)[:2] or 'ia'
        mode = {'fd': 'ia' if is_read else 'db', 'ea': 'db' if is_read else
                'ia'}.get(mode, mode)
    at = {'ia': 0, 'ib': 4, 'da': 4 - size, 'db': -size}[mode]
    if name.endswith('dbx'):                    # an odd number of words
        at -= 4
    if size == 0:
        return NONE
    if base == 15:
        return None
    return access('r' if is_read else 'w', size, base, '-', 1, at)


def arm_elements(name, operands):
    """vld1.8 {d0[1], d1[1]}, [r0]"""
    listed = operands[operands.index('{'):operands.index('}') + 1]
    size = 8 * arm_list(listed)
    if '[' in listed:
        of_each = re.match(r'v(ld|st)(\d)\.(\d+)', name).groups()
        size = int(of_each[1]) * int(of_each[2]) // 8
    address = arm_address(operands[operands.index('}') + 1:].lstrip(', '), 0)
    return access('r' if name.startswith('vld') else 'w', size,
                  *address[:1], '-', 1, 0)


def arm(name, operands, ahead):
    name = re.sub(r'\.[nw]$', '', name)
    plain = re.sub(r'(%s)(?=$|\.)' % CONDITIONS, '', name)
    if re.match(r'(udf|bkpt)$', plain):
        return ('none', plain)
    if re.match(r'(swpb?)$', plain):
        address = arm_address(operands.split(', ', 2)[2], ahead)
        return access('rw', 1 if plain == 'swpb' else 4, *address)
    if re.match(r'v(ld|st)[1234]\.', plain):
        return arm_elements(plain, operands)
    # A condition may look like a part of the name: ldmls is ldm, if ls.
    for candidate in (plain, name):
        if re.match(r'(v?(ld|st)m(ia|ib|da|db|fd|ea)?|v?push|v?pop|'
                    r'f(ld|st)m(ia|db)x)$', candidate) and '{' in operands:
            return arm_multiple(candidate, operands)
        found = re.match(r'(ld|st)r(sb|sh|b|h|d|)t?$', candidate)
        if not found:
            found = re.match(r'(ld|st)(?:rex|aex|lex|a|l)(b|h|d|)$', candidate)
        if found and '[' in operands:
            break
        if re.match(r'v(ld|st)r(\.16|\.32|\.64)?$', candidate):
            size = {'d': 8, 's': 4}[operands[0]]
            if candidate.endswith('.16'):
                size = 2
            address = arm_address(operands.split(', ', 1)[1], ahead)
            return access('r' if candidate[1:3] == 'ld' else 'w', size,
                          *address)
        if re.match(r'tb[bh]$', candidate):
            base, index, scale, _ = arm_address(operands, ahead)
            return NONE if base == 'pc' else access(
                'r', 2 if candidate == 'tbh' else 1, base, index, scale)
    else:
        return NONE
    address = arm_address(operands[operands.index('['):], ahead)
    # What would load a part of the pc is a hint, of Thumb.
    if address is None or (ahead == 4 and operands.startswith('pc,') and
                           found.group(2) not in ('', 'd')):
        return NONE
    return access('r' if found.group(1) == 'ld' else 'w',
                  ARM_SIZES[found.group(2)], *address)


# --- ppc64 and ppc64le

PPC = {}
for size, names in (
        (1, 'lbz lbzu lbzx lbzux lbarx lxsibzx lvebx lxvrbx plbz stb stbu '
            'stbx stbux stbcx. stxsibx stvebx stxvrbx pstb'),
        (2, 'lhz lhzu lhzx lhzux lha lhau lhax lhaux lhbrx lharx lxsihzx lvehx '
            'lxvrhx plhz plha sth sthu sthx sthux sthbrx sthcx. stxsihx stvehx '
            'stxvrhx psth'),
        (4, 'lwz lwzu lwzx lwzux lwa lwax lwaux lwbrx lwarx lfs lfsu lfsx '
            'lfsux lfiwax lfiwzx lxssp lxsspx lxsiwax lxsiwzx lvewx lxvrwx '
            'lxvwsx plwz plwa plfs plxssp stw stwu stwx stwux stwbrx stwcx. '
            'stfs stfsu stfsx stfsux stfiwx stxssp stxsspx stxsiwx stvewx '
            'stxvrwx pstw pstfs pstxssp lwat stwat'),
        (8, 'ld ldu ldx ldux ldbrx ldarx lfd lfdu lfdx lfdux lxsd lxsdx lxvdsx '
            'lxvrdx pld plfd plxsd std stdu stdx stdux stdbrx stdcx. stfd '
            'stfdu stfdx stfdux stxsd stxsdx stxvrdx pstd pstfd pstxsd ldat '
            'stdat'),
        (16, 'lq lqarx lvx lvxl lxv lxvx lxvd2x lxvw4x lxvh8x lxvb16x lfdp '
             'lfdpx plxv plq stq stqcx. stvx stvxl stxv stxvx stxvd2x stxvw4x '
             'stxvh8x stxvb16x stfdp stfdpx pstxv pstq'),
        (32, 'lxvp lxvpx plxvp stxvp stxvpx pstxvp'),
        (0, 'lmw stmw lswi stswi lswx stswx lxvl lxvll stxvl stxvll dcbz '
            'dcbzl')):
    for each in names.split():
        PPC[each] = size
PPC_ALIGNED = {'lvehx', 'lvewx', 'lvx', 'lvxl', 'stvehx', 'stvewx', 'stvx',
               'stvxl'}
PPC_BASE_ONLY = {'lxvl', 'lxvll', 'stxvl', 'stxvll', 'lswi', 'stswi', 'lwat',
                 'ldat', 'stwat', 'stdat'}


def ppc(name, operands, _):
    if re.match(r'(tw|td)', name) or name == 'trap':
        # With a condition for each of its usual ones: twgti, tdeq.
        return ('none', 'trap' if name == 'trap' else name[:2] +
                ('i' if re.search(r'^..(\w*)i$', name) else ''))
    if name not in PPC:
        return NONE
    size = PPC[name]
    how = 'w' if re.match(r'(p?st|dcbz)', name) else 'r'
    if re.match(r'(ld|lw|std|stw)at$', name):
        how = 'rw'
    down = ('down',) if name in PPC_ALIGNED else ()
    parts = operands.split(',')
    if name in ('lswi', 'stswi'):
        size = int(parts[2], 0) or 32
    if name in ('lmw', 'stmw'):
        size = 4 * (32 - int(parts[0][1:]))
    found = re.match(r'(-?\w+)\((r?\w+)\)', parts[1]) if len(parts) > 1 else None
    if found:
        base = found.group(2).lstrip('r')
        # The last one says so: relative to the pc.
        if len(parts) > 2 and parts[2] == '1':
            base = 'pc'
        elif base == '0':
            base = '-'
        return access(how, size, base, '-', 1, int(found.group(1), 0), *down)
    if name.startswith('p'):
        return access(how, size, 'pc', '-', 1, int(parts[1], 0))
    first = 0 if name.startswith('dcbz') else 1
    base, index = (p.lstrip('r') for p in (parts + ['0'])[first:first + 2])
    if name in PPC_BASE_ONLY:
        index = '-'
    if base == '0':
        base, index = index, '-'
    return access(how, size, base, index, 1, 0, *down)


# --- s390x

S390 = {}
for how, size, names in (
        ('r', 1, 'ic icy cli cliy tm tmy lb lgb llgc llc lbh llch vleb'),
        ('w', 1, 'stc stcy mvi mviy stch vsteb'),
        ('rw', 1, 'ts ni niy oi oiy xi xiy'),
        ('r', 2, 'lh lhy lgh llgh llh lhh llhh ch chy ah ahy sh shy mh mhy '
                 'agh sghrl sgh cgh mgh lrvh chhsi clhhsi lhrl lghrl llhrl '
                 'llghrl chrl cghrl clhrl clghrl vleh vlebrh'),
        ('w', 2, 'sth sthy sthh sthrl strvh mvhhi vsteh vstebrh'),
        ('r', 4, 'l ly lt lgf llgf llgt ltgf n ny cl cly o oy x xy c cy a ay s '
                 'sy m mfy ml al aly sl sly ms msy msc alc slb agf sgf algf '
                 'slgf msgf cgf clgf lrv le ley ceb aeb seb meeb mdeb deb sqeb '
                 'ldeb lxeb maeb mseb keb lrl lgfrl llgfrl crl cgfrl clrl '
                 'clgfrl chsi clfhsi lerv lfh chf clhf lfhat lat llgfat llgtat '
                 'lzrf llzrgf loc clt locfh vlef vlebrf lfpc lde lxe sqe mee '
                 'ce ae se mde de au su'),
        ('w', 4, 'st sty ste stey strl strv mvhi stfh stoc stocfh vstef '
                 'vstebrf sterv stfpc'),
        ('rw', 4, 'cs csy asi alsi laa laal lan lao lax'),
        ('r', 8, 'lg ltg cvb cvby ag sg alg slg msg msgc mg mlg alcg slbg lrvg '
                 'cg clg ng og xg ld ldy cdb adb sdb mdb ddb sqdb lxdb madb '
                 'msdb kdb mxdb lgrl cgrl clgrl cghsi clghsi lgat lzrg bic '
                 'locg clgt bi ldrv vleg vlebrg lxd sqd cd ad sd md dd aw sw mxd'),
        ('w', 8, 'stg ntstg std stdy cvd cvdy strvg stgrl mvghi stocg stck '
                 'stckf vsteg vstebrg stdrv'),
        ('rw', 8, 'cds cdsy csg agsi algsi laag laalg lang laog laxg'),
        ('r', 16, 'lpq cvbg vl vlbr vlbrh vlbrf vlbrg vlbrq vler vlerh vlerf '
                  'vlerg'),
        ('w', 16, 'stpq cvdg stcke vst vstbr vstbrh vstbrf vstbrg vstbrq '
                  'vster vsterh vsterf vsterg'),
        ('rw', 16, 'cdsg'),
        ('r', 0, 'vll vlbb vlrl vlrlr vpkz'),
        ('w', 0, 'vstl vstrl vstrlr vupkz stfle')):
    for each in names.split():
        S390[each] = (how, size)
S390_RANGE = {'lm': ('r', 4), 'lmy': ('r', 4), 'lmh': ('r', 4),
              'lmg': ('r', 8), 'stm': ('w', 4), 'stmy': ('w', 4),
              'stmh': ('w', 4), 'stmg': ('w', 8), 'lam': ('r', 4),
              'lamy': ('r', 4), 'stam': ('w', 4), 'stamy': ('w', 4),
              'vlm': ('r', 16), 'vstm': ('w', 16)}
S390_MASK = {'clm': 'r', 'clmy': 'r', 'clmh': 'r', 'icm': 'r', 'icmy': 'r',
             'icmh': 'r', 'stcm': 'w', 'stcmy': 'w', 'stcmh': 'w'}
S390_DIVIDE = {'d': 4, 'dl': 4, 'dlg': 8, 'dsg': 8, 'dsgf': 4}
S390_DIVIDE_BY = {'dr', 'dlr', 'dlgr', 'dsgr', 'dsgfr'}
S390_TWO = {'mvc': 'w', 'mvcin': 'w', 'clc': 'r', 'trt': 'r'}
S390_TWO.update((n, 'rw') for n in 'mvn mvz nc oc xc tr ed edmk'.split())
S390_TWO_LENGTHS = {'mvo': 'w', 'pack': 'w', 'unpk': 'w', 'zap': 'w',
                    'cp': 'r'}
S390_TWO_LENGTHS.update((n, 'rw') for n in 'ap sp mp dp'.split())
S390_PAIR = {'mvcl': 'w', 'clcl': 'r', 'mvcle': 'w', 'clcle': 'r',
             'mvclu': 'w', 'clclu': 'r', 'mvst': 'w', 'clst': 'r', 'cuse': 'r'}
S390_PAIR.update((n, 'w') for n in
                 'cu12 cu14 cu21 cu24 cu41 cu42 cutfu cuutf'.split())
S390_SECOND = {'srst', 'srstu', 'cksm'}


def s390_operands(text):
    """Split at commas, but not within parentheses."""
    return re.findall(r'(?:[^,(]|\([^)]*\))+', text)


def s390_address(text):
    """Of 16(%r2,%r3) or 0(8,%r1): base, index, displacement, the length."""
    found = re.match(r'(-?\d+)(?:\(([^)]*)\))?$', text)
    inside = (found.group(2) or '0').split(',')
    length = None
    if len(inside) == 2 and not inside[0].startswith('%'):
        length = int(inside.pop(0))
    names = [n.replace('%r', '').replace('%v', '') for n in inside]
    base = names.pop()
    index = names.pop() if names else '0'
    if base == '0':
        base, index = index, '0'
    return (base if base != '0' else '-', index if index != '0' else '-',
            int(found.group(1)), length)


def s390_second(address):
    """An absolute address is not told."""
    if address[0] == '-':
        return ()
    return 'second', address[0], str(address[2])


def s390_elements(name, parts):
    """vlrep, vllez and their like, with the size in the name or as a number."""
    found = re.match(r'(vlrep|vllez|vlbrrep|vllebrz)([bhfge]|lf|)$', name)
    if not found:
        return None
    size = {'b': 1, 'h': 2, 'f': 4, 'g': 8, 'lf': 4, 'e': 4}.get(found.group(2))
    if size is None:
        size = {'0': 1, '1': 2, '2': 4, '3': 8, '6': 4}.get(parts[2], 0)
    base, index, displacement, _ = s390_address(parts[1])
    return access('r', size, base, index, 1, displacement)


def s390(name, operands, ahead):
    parts = s390_operands(operands)
    register = (lambda i: int(re.sub(r'%\D', '', parts[i])))
    name = re.sub(r'^(loc|locg|locfh|stoc|stocg|stocfh)(o|h|nle|l|nhe|lh|ne|e|'
                  r'nlh|he|nl|le|nh|no|p|np|m|nm|z|nz)$', r'\1', name) \
        if name not in S390 else name
    name = re.sub(r'^(clt|clgt)(h|l|ne|e|nl|nh|he|le|lh|nle|nhe|nlh)$', r'\1',
                  name)
    name = re.sub(r'^bi(o|h|nle|l|nhe|lh|ne|e|nlh|he|nl|le|nh|no)$', 'bi',
                  name)
    elements = s390_elements(name, parts)
    if elements:
        return elements
    if name in ('ex', 'exrl'):
        by = parts[0][2:] if parts[0] != '%r0' and parts[0] != '0' else '-'
        if name == 'exrl':
            return access('r', 2, 'pc', '-', 1, ahead, 'executed', by)
        base, index, displacement, _ = s390_address(parts[1])
        return access('r', 2, base, index, 1, displacement, 'executed', by)
    if name in S390_DIVIDE_BY:
        return ('none', 'divides', parts[1][2:], name)
    if name in S390_DIVIDE:
        base, index, displacement, _ = s390_address(parts[1])
        return access('r', S390_DIVIDE[name], base, index, 1, displacement,
                      'divides', '-', name)
    if name in S390_PAIR or name in S390_SECOND:
        # Of three the last one is no address.
        first, second = register(0), register(1)
        if name in S390_SECOND:
            return access('r', 0, second)
        return access(S390_PAIR[name], 0, first, '-', 1, 0, 'second',
                      str(second), '0')
    if name in S390_RANGE:
        how, size = S390_RANGE[name]
        around = 32 if name[0] == 'v' else 16
        count = (register(1) - register(0)) % around + 1
        base, index, displacement, _ = s390_address(parts[2])
        return access(how, size * count, base, index, 1, displacement)
    if name in S390_MASK:
        base, _, displacement, _ = s390_address(parts[2])
        return access(S390_MASK[name], bin(int(parts[1])).count('1'), base,
                      '-', 1, displacement)
    if name in ('lpd', 'lpdg'):
        first, second = s390_address(parts[1]), s390_address(parts[2])
        return access('r', 8 if name == 'lpdg' else 4, first[0], '-', 1,
                      first[2], *s390_second(second))
    if name in S390_TWO or name in S390_TWO_LENGTHS:
        first, second = s390_address(parts[0]), s390_address(parts[1])
        how = S390_TWO.get(name) or S390_TWO_LENGTHS[name]
        return access(how, first[3], first[0], '-', 1, first[2],
                      *s390_second(second))
    if name == 'srp':
        first = s390_address(parts[0])
        return access('rw', first[3], first[0], '-', 1, first[2])
    if name not in S390:
        return NONE
    how, size = S390[name]
    if re.search(r'rl$', name) and name not in ('vlrl', 'vstrl'):
        return access(how, size, 'pc', '-', 1, ahead)
    at = [p for p in parts if re.match(r'-?\d+\(', p)] or \
        [p for p in parts if re.match(r'-?\d+$', p)]
    base, index, displacement, _ = s390_address(
        at[-1 if name in ('clt', 'clgt') else 0])
    return access(how, size, base, index, 1, displacement)


# --- what objdump wrote

def instructions(path, which):
    """(bytes in hexadecimal, mnemonic, operands, the distance to a target)"""
    with open(path) as lines:
        # What follows a prefix has a line of its own.
        text = re.sub(r'(\n *[0-9a-f]+:\t[0-9a-f ]+?) *(\t.*)\n *[0-9a-f]+:\t'
                      r'([0-9a-f ]+?) *(?=\n)', r'\1 \3\2', lines.read())
        for line in text.splitlines():
            found = re.match(r' *([0-9a-f]+):\t([0-9a-f ]+?) *\t([^\t\n]+)'
                             r'(?:\t([^\n]*))?', line)
            if not found or re.search(r'<(und|unpred|illegal|invalid|overflow|'
                                      'unknown)|^.*\t(\.|ldr\?\?)', line, re.I):
                continue
            at, code, name, operands = found.groups()
            if ' ' in name.strip():
                name, operands = name.split(None, 1)
            words = code.split()
            if which in ('arm', 'thumb'):       # shown as numbers
                words = [re.sub('..', lambda b: b.group() + ' ', w).split()
                         for w in words]
                words = [byte for w in words for byte in reversed(w)]
            text = re.split(r'\s*[;@#<]\s*(?=[^#\d-]|$)', operands or '')[0] \
                if which == 's390x' else re.split(r'\s*[;@]|\s+#\s|\s*<',
                                                  operands or '')[0]
            ahead = 0
            target = re.search(r'(?:^|,)((?:0x)?[0-9a-f]+)$', text.strip())
            if which == 's390x' and target and len(words) == 6:
                ahead = int(target.group(1), 16) - int(at, 16)
                ahead = (ahead + (1 << 63)) % (1 << 64) - (1 << 63)
            yield ''.join(words), name.strip(), text.strip(), ahead


def expectation(which, name, text, ahead):
    if which in ('arm', 'thumb'):
        return arm(name, text, 8 if which == 'arm' else 4)
    return (s390 if which == 's390x' else ppc)(name, text, ahead)


def main():
    which, wanted = sys.argv[1], {}
    for path in sys.argv[2:]:
        for code, name, text, ahead in instructions(path, which):
            wanted[code] = (name, text, ahead)
    codes = list(wanted)
    said = subprocess.run(['insns', which], input='\n'.join(codes) + '\n',
                          stdout=subprocess.PIPE, text=True, check=True)
    memory = wrong = 0
    for code, line in zip(codes, said.stdout.splitlines()):
        name, text, ahead = wanted[code]
        try:
            want = expectation(which, name, text, ahead)
        except (ValueError, AttributeError, IndexError, KeyError,
                TypeError) as e:
            want = ('not understood: %r' % e,)
        if want is None:
            continue
        memory += want[0] != 'none'
        if ' '.join(want) != line:
            wrong += 1
            print('%s %s %s: want %s, got %s' % (code, name, text,
                                                 ' '.join(want), line))
    print('compared %d memory %d wrong %d' % (len(codes), memory, wrong))


main()
