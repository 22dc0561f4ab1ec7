#!/bin/sh
# SPDX-License-Identifier: ISC
# Frames of signals of other machines, whose kernels have no call frame
# information for them, or none that is of use; and what s390x keeps in
# floating-point registers.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq

# died ARGUMENT: of crash, or $prog, the functions of the crashed thread up to
# main, to $names, those that a signal interrupted after a +.
died()
{
	names='no core'
	of_qemu "$qemu" "$triplet" "./${prog:-crash}" "$1" || return
	core-unwind --json --sysroot="/usr/$triplet" guest.core \
	    "${prog:-crash}" >s.json 2>err || cat err
	names=$(functions)
}

functions()
{
	jq -r '.threads[0].frames[] |
	    if .signal_frame then "+" else .function // "?" end' s.json |
	    sed '/^main$/q' | tr '\n' ' '
}

# signals ARCH TRIPLET ADDRESS: the address of the fault as its kernel tells it.
signals()
{
	qemu=qemu-$1 triplet=$2
	mkdir "$1" && cd "$1" || exit 1
	if ! command -v "$qemu" >/dev/null ||
	    ! compile "$triplet" "$SRC/t/data/foreign.c" crash; then
		skip 5 "no $qemu, or nothing compiles for $triplet"
		cd ..
		return
	fi
	died again
	is "$1: a crash in a handler" "$names" \
	    'value_of die die_again + touch caught main '
	died told
	like "$1: a handler that was told ends the process" "$names" \
	    ' give_up_told \+ touch caught main $'
	like "$1: what it was told" "$(jq -r .cause s.json)" \
	    "in a handler of SIGSEGV: .* 0x$3[ ,]"
	died untold
	like "$1: one that was not" "$names" ' \+ touch caught main $'
	like "$1: that it was a handler" "$(jq -r .cause s.json)" \
	    'SIGABRT to itself, in a handler of '
	cd ..
}

# bare ARCH TRIPLET [LAST]: handlers without call frame information and without
# frame pointers. LAST is the last one of whom there is anything to be known.
bare()
{
	local prog=bare last=" ${3-main }"
	qemu=qemu-$1 triplet=$2
	cd "$1" || exit 1
	if ! test -x crash || ! compile "$triplet" "$SRC/t/data/foreign.c" bare \
	    -g0 -fno-asynchronous-unwind-tables -fno-unwind-tables \
	    -fomit-frame-pointer; then
		skip 7 "nothing compiles for $triplet"
		cd ..
		return
	fi
	is "$1: there is no table" "$("$triplet-nm" bare |
	    awk '$3 == "die_again" { print $1 }' |
	    xargs -I @ sh -c 'readelf --debug-dump=frames bare 2>/dev/null |
	    grep -c "pc=@"')" 0
	died again
	like "$1: of a handler, by its stack alone" "$names" \
	    "^die die_again \+ touch caught$last"
	died told
	like "$1: of one that is told" "$names" \
	    " raise give_up_told \+ touch caught$last"
	died untold
	like "$1: of one that is not" "$names" \
	    " raise give_up \+ touch caught$last"
	died bait
	like "$1: where no signal is handled" "$names" \
	    "^die bait ${3-baited main }"
	died bait-again
	like "$1: where one is" "$names" \
	    "^die bait bait_again \+ touch caught$last"
	died deep
	like "$1: nor was" "$names" "^die compare [^+]*$"
	cd ..
}

signals aarch64 aarch64-linux-gnu 123456
signals arm arm-linux-gnueabihf 123456
signals ppc64le powerpc64le-linux-gnu 123456
signals s390x s390x-linux-gnu 123456

# x29 without frame pointers is the C library's: it leads past main.
bare aarch64 aarch64-linux-gnu ''
bare arm arm-linux-gnueabihf
bare ppc64le powerpc64le-linux-gnu
bare s390x s390x-linux-gnu

if cd aarch64 && test -x crash && compile aarch64-linux-gnu \
    "$SRC/t/data/foreign.c" framed -g0 -fno-asynchronous-unwind-tables \
    -fno-unwind-tables -fno-omit-frame-pointer; then
	qemu=qemu-aarch64 triplet=aarch64-linux-gnu prog=framed
	died bait-again
	is "aarch64: a handler that has frame pointers" "$names" \
	    'die bait bait_again + touch caught main '
	is "aarch64: by these" "$(jq -r '[.threads[0].frames[:7][].trust] |
	    join(" ")' s.json)" 'context call fp fp cfi call fp'
	prog=
else
	skip 2 "nothing compiles for aarch64-linux-gnu"
fi
cd ..

# POWER's kernels make other frames than QEMU: laid out by the program itself.
# made PROGRAM ARGUMENTS...
made()
{
	names='no core'
	of_qemu qemu-ppc64le powerpc64le-linux-gnu "$@" || return
	core-unwind --json --sysroot=/usr/powerpc64le-linux-gnu guest.core \
	    "$1" >s.json 2>err || cat err
	names=$(functions)
}

cd ppc64le || exit 1
hand="$SRC/t/data/sigframe-ppc64.c"
if test -x crash && compile powerpc64le-linux-gnu "$hand" hand &&
    compile powerpc64le-linux-gnu "$hand" bare -g0 \
    -fno-asynchronous-unwind-tables -fno-unwind-tables; then
	for kernel in vdso stack short tm page; do
		for prog in hand bare; do
			made ./$prog $kernel
			is "ppc64le, a frame by $kernel, $prog" "$names" \
			    'die second_handler + touch caught main '
		done
		made ./hand $kernel and-give-up
		like "ppc64le, a frame by $kernel: what it was of" \
		    "$(jq -r .cause s.json)" \
		    'in a handler of SIGSEGV: .* to 0x123456 \('
	done
	for prog in hand bare; do
		made ./$prog broken
		is "ppc64le, no frame of a signal, $prog" "$names" \
		    'die second_handler ? '
		is "ppc64le, no frame of a signal, $prog: it is said" \
		    "$(jq -r '.threads[0].truncated' s.json)" true
	done
else
	skip 9 "no qemu-ppc64le, or nothing compiles for it"
fi
cd ..

if cd s390x && test -x crash; then
	qemu=qemu-s390x triplet=s390x-linux-gnu
	died leaf
	is "s390x: the stack pointer in a register that is not in the core" \
	    "$names" 'leaf main '
else
	skip 1 "nothing compiles for s390x-linux-gnu"
fi
finish
