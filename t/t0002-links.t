#!/bin/sh
# SPDX-License-Identifier: ISC
# Every program links what the dependency map of the Makefile says, and no more:
# what runs as root while a process is held has nothing but libc and libzstd.

. "$(dirname "$0")/lib.sh"
need_command readelf
test -z "${SAN-}" || skip_all "sanitizers bring libraries of their own"
plan 9

# needed PROGRAM: what it asks for itself, by name; what those bring along is
# theirs.
needed()
{
	readelf -d "$BUILD/bin/$1" |
	    sed -n 's/.*(NEEDED).*\[\(lib[A-Za-z0-9_+-]*\|ld[a-z0-9-]*\)\..*/\1/p' |
	    grep -Ev '^(libc|libm|libpthread|ld.*)$' | sort | tr '\n' ' '
}

is "core-save: libzstd" "$(needed core-save)" 'libzstd '
# libisal is there when the machine that built it had it.
is "core-unwind: what parses ELF and DWARF, and the sandbox" \
    "$(needed core-unwind | sed 's/libisal //')" \
    'libdw libelf libjansson libseccomp libzstd '
is "snap-put: libjansson" "$(needed snap-put)" 'libjansson '
is "snap-list: libjansson and libsqlite3" "$(needed snap-list)" \
    'libjansson libsqlite3 '

# All that the loader brings, of what is not libc's own.
loaded()
{
	ldd "$BUILD/bin/$1" | sed 's/^[[:space:]]*//; s/ .*//' |
	    grep -Ev '^(linux-vdso|linux-gate|libc\.|libm\.|libpthread|/lib)' |
	    sed 's/\.so.*//' | sort | tr '\n' ' '
}
is "nothing else is loaded into core-save" "$(loaded core-save)" 'libzstd '

for program in core-save core-unwind snap-put snap-list; do
	like "$program is position independent, its relocations read-only" \
	    "$(readelf -hldW "$BUILD/bin/$program" |
	    grep -E 'Type:|GNU_RELRO|BIND_NOW|FLAGS' | tr '\n' ' ')" \
	    'DYN .*GNU_RELRO.*NOW'
done
