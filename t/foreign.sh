# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Programs of other machines; read after lib.sh.
#
#	compile TRIPLET SOURCE OUTPUT [FLAGS...]
#	                            by the cross compiler, or, as Debian's do not
#	                            go together with gcc-multilib, by clang with
#	                            the cross C library. Says why not to err.
#	of_qemu QEMU TRIPLET PROGRAM [ARGUMENTS...]
#	                            it dies under qemu-user: guest.core is what
#	                            QEMU writes of it (of RISC-V: nothing)

compile()
{
	local triplet="$1" source="$2" output="$3" linker=ld.lld
	local lib="/usr/$1/lib"
	shift 3
	if command -v "$triplet-gcc" >/dev/null; then
		"$triplet-gcc" -g -O2 "$@" -o "$output" "$source" -lpthread \
		    2>err
		return
	fi
	command -v "$triplet-ld" >/dev/null && linker="$triplet-ld"
	clang --target="$triplet" -isystem "/usr/$triplet/include" -g -O2 \
	    -funwind-tables "$@" -c -o "$output.o" "$source" 2>err &&
	    "$linker" -o "$output" "$lib/crt1.o" "$lib/crti.o" "$output.o" \
	    --dynamic-linker "/lib/$(cd "$lib" && ls ld*.so.[0-9])" \
	    -L"$lib" -lc "$lib/crtn.o" --defsym=__aeabi_unwind_cpp_pr0=0 \
	    --defsym=__aeabi_unwind_cpp_pr1=0 2>>err
}

of_qemu()
{
	local qemu="$1" triplet="$2"
	shift 2
	rm -f guest.core qemu_*.core
	# The pattern of this machine is for qemu's own crash, not the program's.
	timeout 60 prlimit --core=unlimited "$qemu" -L "/usr/$triplet" "$@" \
	    >out 2>&1 </dev/null
	# "core" would be qemu's own.
	mv qemu_*.core guest.core 2>/dev/null
	test -f guest.core
}
