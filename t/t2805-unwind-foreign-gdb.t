#!/bin/sh
# SPDX-License-Identifier: ISC
# RISC-V, of which QEMU writes no core, and what QEMU's cores of others leave out:
# programs run under its gdbstub, gdb tells what was there, and the core is made
# of that as a kernel lays it out (gdb's own of RISC-V has not all registers).
# Frames, lines, variables and registers must be what gdb finds in it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_command jq python3 gdb-multiarch

not_main=

# asked TRIPLET PROGRAM CORE GDB-ARGUMENTS...
asked()
{
	local sysroot="/usr/$1" program="$2" core="$3"
	shift 3
	timeout 60 gdb-multiarch -nx -batch -iex 'set debuginfod enabled off' \
	    -iex 'set auto-load off' -ex "set sysroot $sysroot" "$@" \
	    "$program" "$core" 2>gdb.err </dev/null
}

# unwound TRIPLET PROGRAM CORE: s.json, and report with variables.
unwound()
{
	core-unwind --sysroot="/usr/$1" --locals -o s.json --report=report \
	    "$3" "$2" 2>err </dev/null
	echo "$? $(cat err)"
}

# The crashed thread's functions up to main; + is a signal's frame.
functions()
{
	jq -r '.threads[0].frames[] |
	    if .signal_frame then "+" else .function // "?" end' s.json |
	    sed '/^main$/q' | tr '\n' ' '
}

# agrees WHAT LEAST TRIPLET PROGRAM CORE: with gdb, in at least LEAST values of
# the crashed thread up to main(), if it is main's.
agrees()
{
	local out compared
	asked "$3" "$4" "$5" -x "$SRC/t/helper/gdb-locals.py" >theirs
	is "$1: read whole" "$(unwound "$3" "$4" "$5")" '0 '
	out=$(python3 "$SRC/t/helper/locals-compare.py" theirs report)
	is "$1: frames and variables are gdb's" \
	    "$(printf '%s\n' "$out" | grep -v '^compared .* odd 0 wrong 0$')" \
	    "${not_main:+main() was not reached}"
	compared=${out##*compared }
	compared=${compared%% *}
	ok "$1: $compared values, $2 or more" test "$compared" -ge "$2"
	# Of gdb's first line there is one for the user too, before all others.
	is "$1: so are the lines" "$(jq -r '.threads[0].frames[] |
	    select(.line != null and .tail_call == null) |
	    "\(.function):\(.line)"' s.json)" "$(awk '
	    /^#0 / { found = "" }
	    /^tail-call / { is_jump["#" $2] = 1 }
	    /^#.*\) at / && !is_jump[$1] {
		sub(/^#[0-9]+ +(0x[0-9a-f]+ in )?/, "")
		sub(/ .*:/, ":")
		found = found $0 "\n"
	    }
	    END { printf "%s", found }' theirs)"
}

# may_compile TRIPLET QEMU FLAGS...
may_compile()
{
	local triplet="$1" qemu="$2"
	shift 2
	command -v "$qemu" >/dev/null &&
	    compile "$triplet" "$SRC/t/data/foreign.c" crash "$@"
}

triplet=riscv64-linux-gnu
mkdir riscv64 && cd riscv64 || exit 1
if may_compile $triplet qemu-riscv64 && stopped riscv64 $triplet deep crash \
    deep 1 'generate-core-file by-gdb'; then
	agrees 'riscv64, a null pointer' 18 $triplet crash deep
	like 'riscv64: through the C library' "$(functions)" \
	    '^value_of die compare .*deep deep deep deep main $'
	like 'riscv64: the operand' "$(jq -r .cause s.json)" \
	    '^null pointer dereference: read of 4 bytes from 0x20 \([ast][0-9]+=0x0 \+ 0x20\)$'
	is 'riscv64: its registers' "$(jq -r '.threads[0].registers |
	    to_entries[] | .key + " " + .value' s.json |
	    sed 's/^s0 /fp /; s/ 0x0*\([0-9a-f]\)/ 0x\1/' | sort)" \
	    "$(asked $triplet crash deep -ex 'info registers' |
	    awk '/^[a-z0-9]+ +0x/ { print $1, $2 }' | sort)"
	stopped riscv64 $triplet jump crash jump
	agrees 'riscv64, a call to nowhere' 3 $triplet crash jump
	is 'riscv64: the caller by the link register' \
	    "$(jq -r '.cause, .threads[0].frames[1].trust' s.json)" \
	    'call through a null function pointer: execution at 0x0
call'
	stopped riscv64 $triplet tail crash tail
	agrees 'riscv64, jumps in place of calls' 5 $triplet crash tail
	is 'riscv64: they are seen' "$(functions)" \
	    'last second first tail main '
	like 'riscv64: a store' "$(jq -r .cause s.json)" \
	    '^null pointer dereference: write of 4 bytes to 0x20 '
	stopped riscv64 $triplet again crash again 2
	agrees 'riscv64, a crash in a handler' 15 $triplet crash again
	is 'riscv64: what the signal interrupted' "$(functions)" \
	    'value_of die die_again + touch caught main '
	stopped riscv64 $triplet told crash told 2
	unwound $triplet crash told >/dev/null
	like 'riscv64: the signal that was caught' "$(jq -r .cause s.json)" \
	    'SIGABRT to itself, in a handler of SIGSEGV: invalid address: write of 1 byte to 0x123456 \('
	stopped riscv64 $triplet threads crash threads
	not_main=1
	agrees 'riscv64, one thread of four' 15 $triplet crash threads
	not_main=
	is 'riscv64: each thread is where it was' \
	    "$(jq -r '[.threads[] | [.frames[].function // "?"] |
	    map(select(IN("crasher", "waiter", "main"))) | .[0]] |
	    "\(.[0]) \(.[1:] | sort | join(" "))"' s.json)" \
	    'crasher main waiter waiter'
	may_compile $triplet qemu-riscv64 -g0 -O1 -fno-omit-frame-pointer \
	    -fno-asynchronous-unwind-tables -fno-unwind-tables
	stopped riscv64 $triplet bare crash again 2
	unwound $triplet crash bare >/dev/null
	is 'riscv64: frame pointers alone' "$(functions)" \
	    'die die_again + touch caught main '
	stopped riscv64 $triplet bare crash deep
	unwound $triplet crash bare >/dev/null
	is 'riscv64: no frame is guessed' "$(jq -r '.threads[0].frames[] |
	    .function + " " + .trust' s.json | sed '/^main /q' |
	    grep -c ' scan')" 0
	is 'riscv64: their callers' "$(functions | sed 's/? //g')" \
	    'die compare qsort_r deep deep deep deep main '
	may_compile $triplet qemu-riscv64 -g0 -O1 -fomit-frame-pointer \
	    -fno-asynchronous-unwind-tables -fno-unwind-tables
	stopped riscv64 $triplet bare crash again 2
	unwound $triplet crash bare >/dev/null
	is 'riscv64: a handler with neither' "$(functions)" \
	    'die die_again + touch caught main '
	stopped riscv64 $triplet bare crash bait 2
	unwound $triplet crash bare >/dev/null
	is 'riscv64: where no signal is handled' "$(functions)" \
	    'die bait baited main '
	stopped riscv64 $triplet bare crash bait-again 2
	unwound $triplet crash bare >/dev/null
	is 'riscv64: where one is' "$(functions)" \
	    'die bait bait_again + touch caught main '
else
	skip 1 "no qemu-riscv64, or nothing compiles for $triplet"
fi
cd ..

triplet=s390x-linux-gnu
mkdir s390x && cd s390x || exit 1
if may_compile $triplet qemu-s390x && stopped s390x $triplet leaf crash leaf-all
then
	# Of s390x's registers of floating point gdb 13 reads none here.
	is 's390x: a core that is read whole' \
	    "$(unwound $triplet crash leaf)" '0 '
	is 's390x: the return address in a register of another kind' \
	    "$(functions)" 'leaf_all main '
	stopped s390x $triplet deep crash deep
	unwound $triplet crash deep >/dev/null
	like 's390x: through the C library' "$(functions)" \
	    '^value_of die compare .*deep deep deep deep main $'
	like 's390x: a variable in a floating-point register' \
	    "$(sed -n '/ die (/s/.*w=\([^,]*\),.*/\1/p' report)" '^3\.5$'
else
	skip 1 "no qemu-s390x, or nothing compiles for $triplet"
fi
cd ..

triplet=aarch64-linux-gnu
mkdir aarch64 && cd aarch64 || exit 1
if may_compile $triplet qemu-aarch64 && stopped aarch64 $triplet deep crash deep
then
	agrees 'aarch64' 15 $triplet crash deep
	stopped aarch64 $triplet tail crash tail
	agrees 'aarch64, jumps in place of calls' 5 $triplet crash tail
	is 'aarch64: they are seen' "$(functions)" \
	    'last second first tail main '
else
	skip 1 "no qemu-aarch64, or nothing compiles for $triplet"
fi
finish
