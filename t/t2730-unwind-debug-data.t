#!/bin/sh
# SPDX-License-Identifier: ISC
# Debug data in each of its forms: versions, compressed, split, shared by dwz,
# MiniDebugInfo; call frame information wherever it stands. The answer is
# always the same, or there is none and it is said why.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy strip

cat >prog.c <<'EOC'
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
static KEEP void secret(int *volatile p) { *p = 1; STAY(); }
static inline __attribute__((always_inline)) void folded_in(int *p) {
	secret(p); STAY(); }
KEEP void shown(void) { folded_in((int *)0); STAY(); }
int main(void) { shown(); STAY(); return 0; }
EOC
all="secret:3 folded_in:5 shown:6 main:7"

lines()
{
	jq -r '[.threads[0].frames[:4][] | (.function // "??") + ":" +
	    (.line // 0 | tostring)] | join(" ")' got
}

# Sets $status: did "$@" make prog, and did that leave a core?
built()
{
	rm -f core prog
	"$@" 2>cc.err && core_of core ./prog && snap got core
}

# form WHAT command...: names, lines and inlined calls.
form()
{
	local what="$1"
	shift
	if built "$@"; then
		is "$what" "$(lines)" "$all"
	else
		skip 1 "$what: $(tail -n 1 cc.err)"
	fi
}

for version in 2 3 4 5; do
	form "DWARF $version" cc -gdwarf-$version -O1 -o prog prog.c
	if command -v clang >/dev/null; then
		form "DWARF $version, clang" \
		    clang -gdwarf-$version -O1 -o prog prog.c
		is "it wrote no .debug_aranges" \
		    "$(readelf -SW prog | grep -c aranges)" 0
	else
		skip 2 "no clang"
	fi
done
form "type units" cc -g -O1 -fdebug-types-section -o prog prog.c
form "linked with lld" clang -g -O1 -fuse-ld=lld -o prog prog.c
form "segments 2 MiB apart" \
    cc -g -O1 -Wl,-z,max-page-size=0x200000 -o prog prog.c

# --- compressed

for kind in zlib zlib-gnu; do
	form "compressed: $kind" cc -g -O1 -gz=$kind -o prog prog.c
	ok "and it is" test "$(readelf -SW prog | grep -Ec \
	    '\.zdebug_info|\.debug_info.* C ')" -eq 1
done
with_zstd()
{
	cc -g -O1 -o prog prog.c &&
	    objcopy --compress-debug-sections=zstd prog
}
form "compressed: zstd" with_zstd

# --- split

for version in 4 5; do
	form "split, DWARF $version" \
	    cc -gdwarf-$version -O1 -gsplit-dwarf -o prog prog.c
	if ls ./*.dwo >/dev/null 2>&1; then
		rm ./*.dwo
		snap got core
		like "its other half is gone: it is said" \
		    "$(get got '.missing | tostring')" \
		    'its debug data is split, and [^ ]*\.dwo is not found'
		is "there are symbols and lines all the same" "$(lines |
		    cut -d ' ' -f 1,3)" "secret:3 main:7"
	else
		skip 2 "this compiler splits nothing"
	fi
done

# --- shared by dwz

with_dwz()
{
	cc -g -O1 -o prog prog.c && cc -g -O1 -DOTHER -o other prog.c &&
	    mkdir -p "$TRASH/common" &&
	    dwz -m "$TRASH/common/shared" prog other
}
if command -v dwz >/dev/null; then
	form "a part of it in another file, by dwz" with_dwz
	mv common elsewhere
	snap got core
	like "that is gone: it is said" "$(get got '.missing | tostring')" \
	    'a part of its debug data is in .*common/shared, which is not'
	is "what it has itself is told" "$(lines | cut -d ' ' -f 1)" secret:3
	# Of the same form, with other names.
	sed 's/folded_in/mislead_u/' prog.c >wrong.c
	cp prog whole
	cc -g -O1 -o wrong wrong.c && cc -g -O1 -DOTHER -o other wrong.c &&
	    mkdir common && dwz -m "$TRASH/common/shared" wrong other
	snap got core
	unlike "another build's in its place: no name of that" \
	    "$(names got)" mislead
	rm -rf common
	mkdir -p sys/usr/lib/debug/.build-id
	id=$(readelf -n elsewhere/shared | sed -n 's/.*Build ID: //p')
	mkdir "sys/usr/lib/debug/.build-id/$(printf '%.2s' "$id")"
	cp elsewhere/shared \
	    "sys/usr/lib/debug/.build-id/$(printf '%.2s' "$id")/${id#??}.debug"
	snap got --sysroot=sys core
	is "found by its build-id below a sysroot" "$(lines)" "$all"
else
	skip 5 "no dwz"
fi

# --- a sysroot's own debug files

mkdir -p "sys$TRASH" "sys/usr/lib/debug$TRASH"
cc -g -O1 -o prog prog.c
core_of core ./prog
objcopy --only-keep-debug prog "sys/usr/lib/debug$TRASH/prog.dbg"
objcopy -S --add-gnu-debuglink="sys/usr/lib/debug$TRASH/prog.dbg" prog \
    "sys$TRASH/prog"
rm prog
snap got --sysroot=sys core
is "a program and its debug file below a sysroot" "$(lines)" "$all"

# --- MiniDebugInfo, as Fedora makes it

with_mini()
{
	cc -g -O1 -o prog prog.c || return
	nm -D prog --format=posix --defined-only | cut -d ' ' -f 1 |
	    sort >dynamic
	nm prog --format=posix --defined-only | grep ' [TtD] ' |
	    cut -d ' ' -f 1 | sort | comm -13 dynamic - >keep
	objcopy --only-keep-debug prog prog.dbg
	objcopy -S -R .comment --keep-symbols=keep prog.dbg mini 2>/dev/null
	strip --strip-all -R .comment prog
	xz -f mini && objcopy --add-section .gnu_debugdata=mini.xz prog
}
if command -v xz >/dev/null; then
	built with_mini
	is "MiniDebugInfo" "$(lines)" "secret:0 shown:0 main:0 $(names got 4 |
	    cut -d ' ' -f 4):$(get got '.threads[0].frames[3].line // 0')"
	is "it counts as symbols" "$(get got '[.modules[]
	    | select(.path | endswith("prog"))][0].symbols')" symtab
	head -c 300 mini.xz >cut.xz
	objcopy --remove-section .gnu_debugdata prog
	objcopy --add-section .gnu_debugdata=cut.xz prog
	ok "a broken one is none" snap got core
	is "and makes no name" "$(names got 3)" "?? ?? ??"
else
	skip 4 "no xz"
fi
# libdw decompresses for ever what bzip2 made and somebody cut.
if command -v bzip2 >/dev/null && test -f mini.xz; then
	xz -dc mini.xz | bzip2 | head -c 300 >cut.bz2
	objcopy --remove-section .gnu_debugdata prog
	objcopy --add-section .gnu_debugdata=cut.bz2 prog
	snap got core
	is "one of another form is none" "$status $(jq -r '.missing[]' got |
	    grep -c 'was ended after')" "0 0"
else
	skip 1 "no bzip2"
fi

# --- call frame information

form "no .eh_frame_hdr" cc -g -O1 -Wl,--no-eh-frame-hdr -o prog prog.c
like "by its .eh_frame" "$(trusts got)" '^context cfi cfi cfi cfi'
is "it has none" "$(readelf -lW prog | grep -c EH_FRAME)" 0
form "nothing but .debug_frame" cc -g -O1 -fno-asynchronous-unwind-tables \
    -fno-exceptions -fomit-frame-pointer -o prog prog.c
like "by its .debug_frame" "$(trusts got)" '^context cfi cfi cfi cfi'
objcopy --only-keep-debug prog prog.dbg
strip -g prog
objcopy --add-gnu-debuglink=prog.dbg prog
snap got core
is "nothing but .debug_frame, in another file" "$(lines)" "$all"
like "by that" "$(trusts got)" '^context cfi cfi cfi cfi'
rm prog.dbg

# --- another C library

if command -v musl-gcc >/dev/null; then
	for how in '' -static; do
		# shellcheck disable=SC2086
		form "against musl $how" musl-gcc $how -g -O1 -o prog prog.c
	done
else
	skip 2 "no musl-gcc"
fi
finish
