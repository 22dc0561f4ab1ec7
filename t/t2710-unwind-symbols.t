#!/bin/sh
# SPDX-License-Identifier: ISC
# Where names come from, and that a wrong one is never printed: stripped
# programs, separate debug files, files that were replaced or are gone; names of
# other languages.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy strip

cat >prog.c <<'EOC'
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
static KEEP void secret(int *volatile p) { *p = 1; STAY(); }
KEEP void shown(void) { secret((int *)0); STAY(); }
int main(void) { shown(); STAY(); return 0; }
EOC
cc -g -O1 -Wl,--build-id -rdynamic -o prog prog.c || skip_all "no compiler"
is_symbols()
{
	is "$1: symbols" "$(get got '[.modules[] | select((.path // "")
	    | endswith("prog"))][0].symbols')" "$2"
}

core_of core ./prog
cp prog whole
snap got core
is "with debug data" "$(names got 3)" "secret shown main"
is_symbols "with debug data" debug
is "and lines" "$(get got '.threads[0].frames[0] | .file + ":" +
    (.line | tostring)' | sed 's/.*\///')" "prog.c:3"

strip -g -o prog whole
snap got core
is "with .symtab" "$(names got 3)" "secret shown main"
is_symbols "with .symtab" symtab
is "no lines" "$(get got '.threads[0].frames[0].line')" null

strip -o prog whole
snap got core
is_symbols "stripped" dynsym
is "stripped: no name is better than a wrong one" "$(names got 3)" \
    "?? shown main"

# .gnu_debuglink, beside it, then in .debug/; and one that is another's.
objcopy --only-keep-debug whole prog.dbg
objcopy --add-gnu-debuglink=prog.dbg prog
snap got core
is "a debug file beside it" "$(names got 3)" "secret shown main"
is_symbols "a debug file beside it" debug
mkdir .debug
mv prog.dbg .debug/
snap got core
is "a debug file in .debug" "$(names got 3)" "secret shown main"
sed 's/secret/mislead/; s/KEEP static/static/' prog.c >other.c
echo 'int more(void) { return 7; }' >>other.c
cc -g -O1 -Wl,--build-id -rdynamic -o other other.c
objcopy --only-keep-debug other .debug/prog.dbg
snap got core
is "another's debug file is not used" "$(names got 3)" "?? shown main"
# Without a build-id, the checksum decides.
cc -g -O1 -Wl,--build-id=none -rdynamic -o prog prog.c
core_of bare.core ./prog
objcopy --only-keep-debug prog .debug/prog.dbg
strip prog
objcopy --add-gnu-debuglink=.debug/prog.dbg prog
snap got bare.core
is "by its checksum" "$(names got 3)" "secret shown main"
printf 'x' >>.debug/prog.dbg
snap got bare.core
is "a changed one is not used" "$(names got 3)" "?? shown main"
rm -r .debug

# --- replaced, gone

cp other prog
snap got core
unlike "replaced since: no name of the other" "$(names got)" 'mislead'
like "and it is said" "$(get got '.missing | tostring')" \
    'prog is not the file that was mapped: its build-id differs'
is "the module's own build-id is told" "$(get got '[.modules[]
    | select((.path // "") | endswith("prog"))][0].build_id')" \
    "$(readelf -n whole | sed -n 's/.*Build ID: //p')"
like "the text says so too" "$(core-unwind core)" 'build-id differs'
rm prog
snap got core
like "gone: it is said" "$(get got '.missing | tostring')" \
    'prog: No such file'
ok "and there are frames all the same" test \
    "$(get got '.threads[0].frames | length')" -ge 3
is "with their place in the module" "$(get got '.threads[0].frames[0]
    | .module_offset | startswith("0x")')" true
echo "not ELF" >prog
snap got core
like "no ELF file any more" "$(get got '.missing | tostring')" \
    'prog is no ELF file'
rm prog
mkfifo prog
snap got core
like "a FIFO in its place" "$(get got '.missing | tostring')" \
    'prog is not a regular file'
rm prog

# --- other languages

if command -v c++ >/dev/null; then
	cat >lang.cc <<'EOC'
#include <vector>
static int *volatile null;
namespace outer { namespace {
template <typename T> struct box {
	__attribute__((noinline)) void put(const T &) { *null = 1; }
};
} }
struct left {
	__attribute__((noinline)) void operator<<(int n)
	{
		outer::box<std::vector<int>>().put({ n });
		__asm__ volatile("" ::: "memory");
	}
};
int main() { left() << 1; __asm__ volatile("" ::: "memory"); }
EOC
	for debug in -g -g0; do
		c++ -w $debug -O1 -o lang lang.cc
		core_of lang.core ./lang
		snap got lang.core
		like "C++ ($debug): a template in an unnamed namespace" \
		    "$(get got '.threads[0].frames[0].function')" \
		    '^outer::\(anonymous namespace\)::box<std::vector<int.*> *>::put'
		like "C++ ($debug): an operator" \
		    "$(get got '.threads[0].frames[1].function')" \
		    '^left::operator<<'
	done
	is "C++: a signature without what changes" \
	    "$(get got .fingerprint.signature)" \
	    "outer::(anonymous namespace)::box<T>::put | left::operator<< | main"
else
	skip 5 "no C++ compiler"
fi
if command -v rustc >/dev/null; then
	cat >lang.rs <<'EOC'
mod volume {
    pub struct Writer;
    impl Writer {
        #[inline(never)]
        pub fn flush(&self, at: usize) {
            unsafe { std::ptr::write_volatile(at as *mut i32, 1) }
            std::hint::black_box(at);
        }
    }
}
fn main() {
    volume::Writer.flush(std::env::args().count() - 1 + 64);
    std::hint::black_box(1);
}
EOC
	if rustc -O -g -C debug-assertions=off -o rust lang.rs 2>rust.err; then
		core_of rust.core ./rust
		snap got rust.core
		like "Rust" "$(names got)" '(^| )rust::volume::Writer::flush|lang::volume::Writer::flush'
		unlike "nothing is left mangled" "$(names got)" \
		    '(^| )_(ZN|R)|17h[0-9a-f]{16}'
	else
		skip 2 "rustc: $(tail -n 1 rust.err)"
	fi
else
	skip 2 "no rustc"
fi
# A D compiler is rare: its names in C.
cat >lang.c <<'EOC'
__attribute__((noinline)) void
_D4disk6volume5flushFiZv(int *volatile p) { *p = 1; __asm__ volatile(""); }
int main(void) { _D4disk6volume5flushFiZv(0); __asm__ volatile(""); }
EOC
cc -O1 -o lang lang.c
core_of lang.core ./lang
snap got lang.core
like "D" "$(names got 1)" 'disk\.volume\.flush\(int\)'
finish
