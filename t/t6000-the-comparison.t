#!/bin/sh
# SPDX-License-Identifier: ISC
# The comparison that the t6 tests rest on: it must accept what it says it
# accepts, and nothing more.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq awk nm

line()
{
	printf '%s\t%s\t%s\t%s\t%s\n' "$@"
}

{
	line 7 'deepest_call' 0x1000 true /x
	line 7 'volume::writer::flush(std::string const&)' 0x1000 false /x
	line 7 'void volume::each<std::vector<int, a<b> > >(int (*)(int))' \
	    0x1010 false /x
	line 7 '(anonymous namespace)::hidden(int)::{lambda(int)#1}::operator()(int) const' \
	    0x1020 false /x
	line 7 '__restore_rt' 0x1030 false /x
	line 7 'named_by_us' 0x1040 false /x
	line 7 'main' 0x1050 false /x
	line 8 'operator<<(std::ostream&, int)' 0x2000 false /x
	line 8 '_start' 0x2010 false /x
} >ours
{
	printf '7\t%s\n' 'volume::writer::flush' \
	    'volume::each<std::vector<int, a<b> > >' 'operator()' '<signal>' \
	    '?? 0x1040' 'main'
	printf '8\t%s\n' 'operator<<' '_start'
} >theirs

# differs WHAT SED-PROGRAM FILE: changed so, it must be noticed.
differs()
{
	cp "$3" changed
	sed -i "$2" changed
	if cmp -s changed "$3"; then
		fail "$1" "the change changed nothing"
	elif test "$3" = ours; then
		ok_no "$1" 1 compare_frames changed theirs "" all
	else
		ok_no "$1" 1 compare_frames ours changed "" all
	fi
}

ok "what may differ is accepted" compare_frames ours theirs "" all
differs "another name" '/main/s/main/other/' ours
differs "a name that only begins alike" '/writer/s/flush/flush_all/' theirs
differs "a name that only ends alike" '/main/s/main/domain/' ours
differs "a frame too few" '/volume::each/d' ours
differs "a frame too many" '/_start/p' ours
differs "gdb stops before us" '/_start/d' theirs
differs "we stop before gdb" '/_start/d' ours
differs "no name from gdb, and another pc" 's/0x1040/0x1044/' theirs
differs "no name from us" '/main/s/main/??/' ours
differs "no signal frame" '/restore/s/__restore_rt/abort/' ours
differs "an inlined frame that is not the innermost" \
    '/each/s/false/true/;/each/s/each/eech/' ours
differs "a thread is missing" '/^8/d' theirs
head -n 2 theirs >fewer
ok "a limit: what is below it is not looked at" compare_frames ours fewer 2
ok_no "and without one it is" 1 compare_frames ours fewer

# Three callers that are data, where we find the real one.
{
	line 7 'Entry' 0x1000 false /x
	line 7 'main' 0x1010 false /x
} >ours
printf '7\t%s\n' Entry '?? 0x7ffc000011f9' '?? 0x2a' '?? 0x1010' >theirs
printf '0x1000\t0x2000\n' >ranges
ok "data that gdb takes for callers ends the comparison" \
    compare_frames ours theirs "" all ranges
printf '0x1000\t0x7ffd00000000\n' >ranges
ok_no "unless it lies in a module" 1 \
    compare_frames ours theirs "" all ranges
finish
