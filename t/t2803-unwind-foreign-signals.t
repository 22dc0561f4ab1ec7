#!/bin/sh
# SPDX-License-Identifier: ISC
# Frames of signals of other machines, whose kernels have no call frame
# information for them, or none that is of use; and what s390x keeps in
# floating-point registers.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq

# died ARGUMENT: the functions of the crashed thread up to main, to $names, those
# that a signal interrupted after a +.
died()
{
	names='no core'
	of_qemu "$qemu" "$triplet" ./crash "$1" || return
	core-unwind --json --sysroot="/usr/$triplet" guest.core crash >s.json \
	    2>err || cat err
	names=$(jq -r '.threads[0].frames[] |
	    if .signal_frame then "+" else .function // "?" end' s.json |
	    sed '/^main$/q' | tr '\n' ' ')
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

signals aarch64 aarch64-linux-gnu 123456
signals arm arm-linux-gnueabihf 123456
signals s390x s390x-linux-gnu 123000

if cd s390x && test -x crash; then
	died leaf
	is "s390x: the stack pointer in a register that is not in the core" \
	    "$names" 'leaf main '
else
	skip 1 "nothing compiles for s390x-linux-gnu"
fi
finish
