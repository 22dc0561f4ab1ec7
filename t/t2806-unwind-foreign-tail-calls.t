#!/bin/sh
# SPDX-License-Identifier: ISC
# Jumps in place of calls on other machines: in the same file, through a PLT into
# another one, and behind a call through a PLT. Where it may have been the one
# or the other, neither is told.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq

# jumped WAY: the crashed thread's functions up to main, what jumped with a mark.
jumped()
{
	# Its core has the paths of this machine, QEMU's those of the other.
	if test "$arch" = riscv64; then
		stopped riscv64 "$triplet" guest.core prog "$1" &&
		    core-unwind --json guest.core prog >s.json 2>err
	else
		of_qemu "qemu-$arch" "$triplet" ./prog "$1" &&
		    core-unwind --json --sysroot="$root" guest.core prog \
		    >s.json 2>err
	fi || { cat err; return; }
	jq -r '.threads[0].frames[] | .function +
	    if .tail_call then "!" else "" end' s.json | sed '/^main$/q' |
	    paste -sd ' '
}

# jumps WHAT ARCH TRIPLET FLAGS...
jumps()
{
	what="$1" arch="$2" triplet="$3"
	shift 3
	root="$PWD/$what" libraries="$PWD/$what/libjumps.so"
	mkdir "$what" && cd "$what" || exit 1
	if ! command -v "qemu-$arch" >/dev/null || ! compile_library \
	    "$triplet" "$SRC/t/data/tail-calls-library.c" libjumps.so "$@" ||
	    ! compile "$triplet" "$SRC/t/data/tail-calls.c" prog -fPIC "$@"
	then
		skip 6 "no qemu-$arch, or nothing compiles for $triplet"
		cd ..
		return
	fi
	is "$what: behind a call of another file" "$(jumped e)" \
	    'bottom middle! enter! main'
	# POWER's calls of other files are never jumps.
	if test "$arch" = ppc64le; then
		is "$what: calls into another file" "$(jumped c)" \
		    'leaf third second first main'
		is "$what: and back" "$(jumped o)" \
		    'leaf detour over enter_over main'
		is "$what: one of two ways" "$(jumped a | tr -d '!')" \
		    'leaf left either around main'
		is "$what: a call to nobody knows where" "$(jumped h)" \
		    'leaf hidden main'
	else
		is "$what: into another file" "$(jumped c)" \
		    'leaf third! second! first! main'
		is "$what: to what is in its own, but replaced" "$(jumped o)" \
		    'leaf detour! over! enter_over! main'
		is "$what: one of two ways" "$(jumped a)" 'leaf around! main'
		is "$what: a jump to nobody knows where" "$(jumped h)" \
		    'leaf main'
		compile_library "$triplet" \
		    "$SRC/t/data/tail-calls-library.c" libjumps.so "$@" -g0 \
		    -fno-asynchronous-unwind-tables -fno-unwind-tables \
		    -fomit-frame-pointer
		is "$what: a leaf of a file without tables" \
		    "$(jumped l) $(jq -r '.threads[0].frames[1].trust' \
		    s.json)" 'leaf main call'
	fi
	cd ..
}

jumps aarch64 aarch64 aarch64-linux-gnu
jumps arm arm arm-linux-gnueabihf -marm
jumps thumb arm arm-linux-gnueabihf -mthumb -march=armv7-a
jumps ppc64le ppc64le powerpc64le-linux-gnu
jumps s390x s390x s390x-linux-gnu
if command -v gdb-multiarch >/dev/null && command -v python3 >/dev/null; then
	jumps riscv64 riscv64 riscv64-linux-gnu
else
	skip 6 "no gdb-multiarch or no python3: QEMU writes no core of RISC-V"
fi
finish
