#!/bin/sh
# SPDX-License-Identifier: ISC
# Each cause that a core can tell, from a program that dies of it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb

# dies COMMAND...: its snapshot, got.
dies()
{
	rm -f core
	core_of core "$@"
	snap got core
}

# of MODE ERE: what fault's cause is.
of()
{
	dies fault "$1"
	like "$1" "$(get got .cause)" "$2"
}

x86=
case $(uname -m) in
x86_64) x86=1 ;;
esac
# What the instruction did is told where it is decoded; elsewhere the address.
by=
test -n "$x86" && by='[a-z0-9]+=0x[0-9a-f]+'

of field "^null pointer dereference: .* 0x20.*$by.*0x20"
of near '^near-null pointer: .*0x7020'
of wild '^invalid address: .*0x123456789020.* where nothing is mapped$'
of readonly '^write to read-only memory: .* of .*/fault$'
of heap 'not executable \(rw-, memory of no file\)'
of stack 'not executable \(rw-, the stack\)'
of cycle '^stack overflow: .*again and again through (even, odd|odd, even)$'
of seccomp '^seccomp refused system call [0-9]+ \(getppid\)$'
of own '^the process sent SIGQUIT to itself$'
of timer '^SIGABRT was sent by a timer of the process$'
of fsize 'RLIMIT_FSIZE'
of trap 'trap'
of fortify '^buffer overflow detected'
of invalid '^heap corruption, found by free\(\): free\(\): invalid pointer$'
of corrupt '^heap corruption, found by malloc\(\): '
of twice '^heap corruption: double free: free\(\): double free detected in tcache'
of jumpback '^longjmp\(\) to a frame that is not there any more$'
of percent '^%n in a format string that can be written to$'
dies fault killed
like "killed: who sent it" "$(get got .cause)" \
    "^SIGSEGV was sent by process [0-9]+ of user $(id -u)"
is "killed: it is in the signal too" \
    "$(jq -r '.cause | capture("process (?<p>[0-9]+)").p' got)" \
    "$(get got .signal.sender_pid)"

if test -n "$x86"; then
	of element '^null pointer dereference: .*=0xf4240 \* 4\): an element'
	of noncanonical '^non-canonical address: .*0xdeadbeefcafef02d'
	is "the kernel knew no address" "$(get got .signal.address)" null
	of ascii '^non-canonical address: .*the ASCII text "overflow"$'
	of tail '^invalid address: .*the ASCII text "lost"$'
	of poison 'the byte 0x5a repeated \(jemalloc: freed memory\)$'
	of jump '^jump or call to a non-canonical address: 0x4141414142424242'
	of ret '^return to a non-canonical address: .* text "AAAAAAAA"$'
	of retlow '^return to 0x41414141, where nothing .* text "AAAA"$'
	of retnull '^return to a null address: execution at 0x0$'
	of unmapped '^return to 0x[0-9a-f]+, where nothing is mapped$'
	of idiv '^integer overflow in a division: .*=0xffffffff'
	of badop '^illegal instruction at 0x[0-9a-f]+: 62 .*AVX-512'
	of int3 '^breakpoint instruction \(int3\)'
	of absolute 'write of 4 bytes to 0x0 \(an absolute address\)$'
	of hlt '^general protection fault: hlt'
	of vector '^misaligned vector access: write of 16 bytes'
	of align '^misaligned access: read of 4 bytes from 0x[1-9a-f]'
	dies wreck div
	like "div" "$(get got .cause)" \
	    '^integer division by zero: idiv by [a-z0-9]+=0x0$'
else
	skip 19 "what is known of x86 instructions"
fi

dies wreck null
like "null" "$(get got .cause)" "^null pointer dereference: .* 0x0"
dies wreck thread
like "thread: of all that gdb tells of threads, what the first one had" \
    "$(get got '.signal.code_name + " " + .cause')" \
    '^SEGV_MAPERR null pointer dereference: '
dies wreck callnull
like "callnull" "$(get got .cause)" '^call through a null function pointer'
dies wreck bus
like "bus" "$(get got .cause)" \
    '^access past the end of a mapped file: .*0x1000 bytes into '
dies wreck assert
like "assert" "$(get got .cause)" \
    '^assertion failed: zero == 3 .*, in die_assert at .*wreck\.c:[0-9]+$'
dies wreck nx
like "nx" "$(get got .cause)" 'not executable \(rw-, .*/wreck\)'

if test -x "$BUILD/t/terminator"; then
	for row in 'pure:^a pure virtual function was called$' \
	    'noexcept:exception int: 42, which left a function .*noexcept$' \
	    'plain:^std::terminate\(\) was called$' \
	    'int:^uncaught C\+\+ exception int: 42$' \
	    'chars:exception char const\*: plain characters$' \
	    'string:: a string that is longer than sixteen bytes$' \
	    'silent:exception \(anonymous namespace\)::silent$' \
	    'derived:filesystem_error: no such shelf' \
	    'bytes:^uncaught C\+\+ exception std::runtime_error: bell .* and byte ' \
	    'kept:^uncaught C\+\+ exception std::runtime_error: kept for later$' \
	    'memory:^uncaught C\+\+ exception std::bad_alloc: out of memory$'
	do
		dies terminator "${row%%:*}"
		like "C++: ${row%%:*}" "$(get got .cause)" "${row#*:}"
	done
else
	skip 11 "no C++ compiler"
fi

# Nothing is called what a report cannot know.
unlike "facts, not verdicts" "$(strings -a "$BUILD/bin/core-unwind")" \
    '[Ee]xploitab'
finish
