#!/bin/sh
# SPDX-License-Identifier: ISC
# Cores of other machines, of both byte orders, on this one: programs compiled
# for them crash under qemu-user, whose cores have neither NT_FILE nor the ELF
# headers of what was mapped. The frames must be right all the same.

. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq
plan 25

cat >crash.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>

static int *volatile null_pointer;

static __attribute__((noinline)) void
die(void)
{
	*null_pointer = 7;
}

static __attribute__((noinline)) void
inner(int n)
{
	if (n > 5)
		die();
	printf("%d\n", n);
}

static __attribute__((noinline)) int
compare(const void *a, const void *b)
{
	int n = *(const int *)a + *(const int *)b;

	inner(n);
	return n - 8;
}

__attribute__((noinline)) void
outer(void)
{
	int v[2] = { 3, 4 };

	qsort(v, 2, sizeof v[0], compare);
	printf("%d\n", v[0]);
}

int
main(void)
{
	outer();
	return 0;
}
EOF

# foreign ARCH QEMU TRIPLET: ARCH is what the snapshot says.
foreign()
{
	local arch="$1" qemu="qemu-$2" triplet="$3" frames

	mkdir "$arch" && cd "$arch" || exit 1
	if ! command -v "$qemu" >/dev/null || ! compile "$triplet" ../crash.c crash; then
		skip 5 "no $qemu, or nothing compiles for $triplet"
		cd ..
		return
	fi
	if ! of_qemu "$qemu" "$triplet" ./crash; then
		skip 5 "$qemu wrote no core"
		cd ..
		return
	fi
	core-unwind --json --sysroot="/usr/$triplet" guest.core crash >s.json 2>err
	is "$arch: whole" "$? $(cat err)" '0 '
	is "$arch: the machine and the signal" \
	    "$(jq -r '.arch, .signal.name' s.json | tr '\n' ' ')" \
	    "$arch SIGSEGV "
	frames=$(jq -r '.threads[0].frames[].function' s.json | tr '\n' ' ')
	like "$arch: from the crash to main, through the C library" "$frames" \
	    '^die inner (compare )?.*qsort.* outer main '
	is "$arch: with its line" \
	    "$(jq -r '.threads[0].frames[0].line' s.json)" 9
	is "$arch: nothing outside of modules is called a caller" \
	    "$(jq '[.threads[0].frames[] | select(.module == null)] | length' \
	    s.json)" 0
	cd ..
}

foreign aarch64 aarch64 aarch64-linux-gnu
foreign arm arm arm-linux-gnueabihf
foreign ppc64 ppc64le powerpc64le-linux-gnu
foreign s390x s390x s390x-linux-gnu
foreign riscv64 riscv64 riscv64-linux-gnu
