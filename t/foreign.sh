# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Programs of other machines; read after lib.sh.
#
#	compile TRIPLET SOURCE OUTPUT [FLAGS...]
#	                            by the cross compiler, or, as Debian's do not
#	                            go together with gcc-multilib, by clang with
#	                            the cross C library. Says why not to err.
#	                            $libraries are linked with it
#	compile_library TRIPLET SOURCE OUTPUT [FLAGS...]
#	                            the same of a library in $root, where it has
#	                            the C library for company
#	of_qemu QEMU TRIPLET PROGRAM [ARGUMENTS...]
#	                            it dies under qemu-user: guest.core is what
#	                            QEMU writes of it (of RISC-V: nothing). Its
#	                            libraries are in $root, else the compiler's
#	stopped ARCH TRIPLET CORE PROGRAM ARGUMENT [STOPS]
#	                            the core of what is run under QEMU's gdbstub,
#	                            as it stops for a signal, for the STOPS-th time

root=
libraries=
qemu_pid=
at_exit 'test -z "$qemu_pid" || kill "$qemu_pid" 2>/dev/null'

compile()
{
	local triplet="$1" source="$2" output="$3" linker=ld.lld
	local lib="/usr/$1/lib"
	shift 3
	if command -v "$triplet-gcc" >/dev/null; then
		# shellcheck disable=SC2086
		"$triplet-gcc" -g -O2 "$@" -o "$output" "$source" $libraries \
		    -lpthread 2>err
		return
	fi
	command -v "$triplet-ld" >/dev/null && linker="$triplet-ld"
	# shellcheck disable=SC2086
	clang --target="$triplet" -isystem "/usr/$triplet/include" -g -O2 \
	    -funwind-tables "$@" -c -o "$output.o" "$source" 2>err &&
	    "$linker" -o "$output" "$lib/crt1.o" "$lib/crti.o" "$output.o" \
	    $libraries --dynamic-linker "/lib/$(cd "$lib" && ls ld*.so.[0-9])" \
	    -L"$lib" -lc "$lib/crtn.o" --defsym=__aeabi_unwind_cpp_pr0=0 \
	    --defsym=__aeabi_unwind_cpp_pr1=0 2>>err
}

compile_library()
{
	local triplet="$1" source="$2" output="$3" linker=ld.lld
	shift 3
	mkdir -p "$root/lib" && cp "/usr/$triplet/lib"/libc.so.* \
	    "/usr/$triplet/lib"/ld*.so.* "$root/lib" 2>err || return
	if command -v "$triplet-gcc" >/dev/null; then
		"$triplet-gcc" -g -O2 -fPIC "$@" -shared \
		    "-Wl,-soname,/$output" -o "$root/$output" "$source" 2>err
		return
	fi
	command -v "$triplet-ld" >/dev/null && linker="$triplet-ld"
	clang --target="$triplet" -g -O2 -fPIC -funwind-tables "$@" -c \
	    -o "$output.o" "$source" 2>err &&
	    "$linker" -shared -soname "/$output" -o "$root/$output" \
	    "$output.o" --defsym=__aeabi_unwind_cpp_pr0=0 \
	    --defsym=__aeabi_unwind_cpp_pr1=0 2>>err
}

of_qemu()
{
	local qemu="$1" triplet="$2"
	shift 2
	rm -f guest.core qemu_*.core
	# The pattern of this machine is for qemu's own crash, not the program's.
	timeout 60 prlimit --core=unlimited "$qemu" \
	    -L "${root:-/usr/$triplet}" "$@" \
	    >out 2>&1 </dev/null
	# "core" would be qemu's own.
	mv qemu_*.core guest.core 2>/dev/null
	test -f guest.core
}

stopped()
{
	local tries=0
	rm -f socket "$3"
	# A socket of this directory: no port that another one may have.
	prlimit --core=0 "qemu-$1" -L "${root:-/usr/$2}" -s 262144 -g "$PWD/socket" \
	    "./$4" "$5" >qemu.out 2>&1 </dev/null &
	qemu_pid=$!
	while ! test -S socket && test $tries -lt 300; do
		sleep 0.1
		tries=$((tries + 1))
	done
	timeout 60 gdb-multiarch -q -nx -batch \
	    -iex 'set debuginfod enabled off' -iex 'set auto-load off' \
	    -ex "set sysroot ${root:-/usr/$2}" -ex "target remote $PWD/socket" \
	    -ex "set \$qemu = $qemu_pid" -ex "set \$machine = \"$1\"" \
	    -ex "set \$core = \"$3\"" -ex "set \$stops = ${6:-1}" \
	    -x "$SRC/t/helper/qemu-core.py" -ex kill \
	    "$4" >gdb.out 2>&1 </dev/null
	kill "$qemu_pid" 2>/dev/null
	wait "$qemu_pid" 2>/dev/null
	qemu_pid=
	test -s "$3"
}
