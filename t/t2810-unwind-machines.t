#!/bin/sh
# SPDX-License-Identifier: ISC
# Machines of every word size and byte order: clang compiles for all of them,
# lld links what needs no C library, and qemu-user writes the core. Once with
# call frame information, once with nothing but what each ABI leaves behind.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_core_limit
need_command clang jq

cat >crash.c <<'EOC'
static int *volatile null_pointer;
volatile int counter;
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
KEEP void die(void) { *null_pointer = 7; STAY(); }
KEEP void inner(int n) { if (n > 5) die(); counter++; }
KEEP void outer(void) { inner(counter + 6); counter++; }
void _start(void) { outer(); counter++; for (;;) STAY(); }
void __aeabi_unwind_cpp_pr0(void) { }	/* .ARM.exidx names them */
void __aeabi_unwind_cpp_pr1(void) { }
EOC

# machine NAME QEMU TARGET TRUST LINKER FLAGS...: NAME is what the snapshot
# says; TRUST, how die's caller may be found without call frame information.
# Its core is left in guest.core.
machine()
{
	local name="$1" qemu="$2" target="$3" trust="$4" linker="$5"
	shift 5
	if ! command -v "qemu-$qemu" >/dev/null ||
	    ! command -v "$linker" >/dev/null; then
		skip 6 "$target: no qemu-$qemu or no $linker"
		return
	fi
	if ! core_for with -g "$@"; then
		skip 6 "$target: $why"
		return
	fi
	snap got guest.core crash
	is "$target: whole" "$status" 0
	is "$target: the machine and the signal" \
	    "$(get got '.arch + " " + .signal.name')" "$name SIGSEGV"
	is "$target: its frames" "$(names got)" "die inner outer _start"
	if ! core_for without -fno-asynchronous-unwind-tables \
	    -fno-unwind-tables -fno-omit-frame-pointer "$@"; then
		skip 3 "$target: $why"
		return
	fi
	snap got guest.core crash
	is "$target: its frames without a table" "$(names got)" \
	    "die inner outer _start"
	like "$target: how they were found" "$(trusts got)" "^context $trust"
	is "$target: nothing is called a caller that is no code" \
	    "$(get got '[.threads[0].frames[] | select(.module == null)]
	    | length')" 0
}

core_for()
{
	shift
	rm -f qemu_*.core guest.core
	why="clang cannot: "
	clang --target="$target" -O1 -ffreestanding -fno-stack-protector \
	    "$@" -c -o crash.o crash.c 2>err || return
	why="$linker cannot"
	"$linker" -e _start -o crash crash.o 2>err || return
	prlimit --core=unlimited timeout 60 "qemu-$qemu" ./crash \
	    >out 2>&1 </dev/null
	why="qemu-$qemu wrote no core"
	mv qemu_*.core guest.core 2>/dev/null
}

either='(call|fp|scan)( |$)'
machine x86_64 x86_64 x86_64-linux-gnu 'fp fp fp$' ld.lld
machine i386 i386 i386-linux-gnu 'fp fp fp$' ld.lld
machine aarch64 aarch64 aarch64-linux-gnu 'call fp fp$' ld.lld
machine aarch64 aarch64_be aarch64_be-linux-gnu 'call fp fp$' ld.lld
machine arm arm arm-linux-gnueabihf "$either" ld.lld
machine arm arm arm-linux-gnueabihf "$either" ld.lld -mthumb -march=armv7-a
# What ARM's libraries have: tables of its own.
for mode in -marm '-mthumb -march=armv7-a'; do
	target=arm-linux-gnueabihf qemu=arm linker=ld.lld
	# shellcheck disable=SC2086
	if command -v qemu-arm >/dev/null && command -v ld.lld >/dev/null &&
	    core_for tables -funwind-tables -fomit-frame-pointer $mode; then
		snap got guest.core crash
		is "arm ($mode), by .ARM.exidx" "$(names got)" \
		    "die inner outer _start"
		like "and by nothing else" "$(trusts got)" \
		    '^context cfi cfi cfi'
		is "there is no other table" "$(readelf -SW crash |
		    grep -Ec 'debug_frame|eh_frame')" 0
	else
		skip 3 "arm ($mode): ${why-no qemu-arm or no ld.lld}"
	fi
done
machine ppc64 ppc64le powerpc64le-linux-gnu 'call fp fp$' ld.lld
machine ppc64 ppc64 powerpc64-linux-gnu 'call fp fp$' ld.lld -mabi=elfv2
machine ppc ppc powerpc-linux-gnu 'fp fp fp$' ld.lld
bare='-mno-abicalls -fno-pic -G0 -mno-gpopt'
for order in '' el; do
	# shellcheck disable=SC2086
	machine mips "mips$order" "mips$order-linux-gnu" "$either" ld.lld $bare
	# shellcheck disable=SC2086
	machine mips64 "mips64$order" "mips64$order-linux-gnuabi64" "$either" \
	    ld.lld $bare
	# shellcheck disable=SC2086
	machine mipsn32 "mipsn32$order" "mips64$order-linux-gnuabin32" \
	    "$either" ld.lld $bare
done
machine s390x s390x s390x-linux-gnu 'call fp fp$' s390x-linux-gnu-ld -mbackchain
machine s390x s390x s390x-linux-gnu 'call scan scan$' s390x-linux-gnu-ld
machine m68k m68k m68k-linux-gnu 'fp fp fp$' m68k-linux-gnu-ld
finish
