#!/bin/sh
# SPDX-License-Identifier: ISC
# Split debug data in a package, PROG.dwp: the answer is the one that the .dwo
# files give. One of another build, or damaged, makes no name, and that is said.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy readelf python3

for i in 0 1 2; do
	next=$((i + 1))
	cat >"f$i.c" <<EOC
#include "shared.h"
int r$next(struct shared *, int);
#include "folded$i.h"
__attribute__((noinline)) int r$i(struct shared *s, int n)
{
	struct shared own$i = { n, "unit $i", s };
	int got = folded$i(&own$i, n + 1), twice = 2 * n;
	__asm__ volatile("" :: "r"(&own$i), "r"(twice) : "memory");
	return got + own$i.count;
}
/* Of a second range, where sections are of functions. */
int other$i(int n) { return n * 3; }
EOC
	cat >"folded$i.h" <<EOC
static inline __attribute__((always_inline)) int folded$i(struct shared *s,
    int n)
{
	s->count += n;
	/* Moved behind the rest: of this call there are two ranges. */
	if (__builtin_expect(n > 1000, 0))
		s->name = rare(s, n);
	return r$next(s, n + $i);
}
EOC
done
cat >shared.h <<'EOC'
struct shared { int count; const char *name; struct shared *up; };
const char *rare(struct shared *, int);
EOC
cat >main.c <<'EOC'
#include "shared.h"
int r0(struct shared *, int);
int other0(int);
int seen = 42;
const char *rare(struct shared *s, int n) { return s->name + n; }
int r3(struct shared *s, int n)
{
	int *here = &seen, m = s->count + n;
	__asm__ volatile("" :: "r"(here), "r"(m) : "memory");
	*(volatile int *)0 = m;
	return *here;
}
int main(void) { struct shared top = { 1, "top", 0 }; return r0(&top, 2); }
EOC

frames()
{
	jq -c '.threads[0].frames[] | [.function, .module_offset, .file, .line,
	    .column, .inline, .trust, [.arguments[]?, .locals[]? |
	    .name + " " + (.type // "") + " " + (.value // "" | tostring)]]' \
	    "$1"
}

# built COMPILER FLAGS...: prog and its core; the .dwo files are in dwo.
built()
{
	rm -rf core prog prog.dwp dwo ./*.dwo ./*.o
	for source in main f0 f1 f2; do
		"$@" -gsplit-dwarf -c -o "$source.o" "$source.c" || return
	done 2>cc.err
	"$@" -o prog main.o f0.o f1.o f2.o 2>>cc.err &&
	    test -e f2.dwo && core_of core ./prog || return
	snap want --locals core
	mkdir dwo
	cp ./*.dwo dwo
}

# packed PACKAGER: prog.dwp, and no .dwo file any more
packed()
{
	rm -f prog.dwp
	cp dwo/*.dwo .
	# helper/dwp.py says why each may fail.
	case $1 in
	dwp.py)
		python3 "$SRC/t/helper/dwp.py" prog.dwp ./*.dwo ;;
	*)
		timeout 3 "$1" -e prog -o prog.dwp >dwp.err 2>&1 ;;
	esac || rm -f prog.dwp
	rm ./*.dwo
	test -s prog.dwp
}

# alike WHAT PACKAGER...: what the packages of prog tell
alike()
{
	local what="$1"
	shift
	for packager; do
		if ! packed "$packager"; then
			skip 3 "$what: no $packager that can do it"
			continue
		fi
		snap got --locals core
		is "$what, $packager: the same as with the .dwo files" \
		    "$(frames got)" "$(frames want)"
		is "$what: and all of them" "$(jq '[.threads[0].frames[] |
		    .function // "" | select(test("^(r[0-9]|folded[0-9]|main)$"))] | length' \
		    got)" 8
		is "$what: nothing is missing" "$(jq -r '.modules[] |
		    select(.path | endswith("/prog")) | .missing' got)" null
	done
}

# COMPILER, VERSION, PACKAGERS, FLAGS
while IFS='	' read -r compiler version packagers flags; do
	# shellcheck disable=SC2086
	if built "$compiler" -gdwarf-"$version" $flags; then
		alike "$compiler, DWARF $version, $flags" $packagers
	else
		skip 3 "$compiler $flags: $(tail -n 1 cc.err)"
	fi
done <<'EOT'
cc	4	dwp llvm-dwp	-O1
cc	4	dwp	-O2
cc	4	dwp	-O2 -ffunction-sections
cc	4	dwp	-O2 -m32
cc	4	dwp	-O1 -m32 -fdebug-types-section
cc	4	dwp.py	-O2 -gdwarf64
cc	5	llvm-dwp dwp.py	-O1
cc	5	dwp.py	-O2
cc	5	dwp.py	-O2 -ffunction-sections
cc	5	dwp.py	-O2 -ffunction-sections -gdwarf64
clang	4	dwp llvm-dwp	-O1
clang	4	llvm-dwp	-O2
clang	4	llvm-dwp	-O2 -ffunction-sections
clang	5	llvm-dwp dwp.py	-O1
clang	5	llvm-dwp	-O2
clang	5	llvm-dwp	-O2 -ffunction-sections
clang	5	dwp.py	-O2 -ffunction-sections -gdwarf64
EOT

# gdb 13 dies of a package of DWARF 5.
if built cc -gdwarf-4 -O1 && packed dwp; then
	compare_locals ./prog core
	ok "at least 15 values are compared with gdb's: ${compared:-0}" \
	    test "${compared:-0}" -ge 15
	is "they are the same" "$out" ""
else
	skip 2 "no dwp that can do it"
fi

# --- where it may be, and in which form

if ! built cc -gdwarf-5 -O1 || ! packed dwp.py; then
	skip 1 "this compiler splits nothing"
	finish
	exit
fi
want=$(frames want)
same()
{
	local what="$1"
	shift
	snap got --locals "$@" core
	is "$what" "$(frames got)" "$want"
}
cp prog.dwp plain.dwp
if objcopy --compress-debug-sections=zlib prog.dwp 2>/dev/null &&
    readelf -SW prog.dwp | grep -q '\.debug_info.* C '; then
	same "its sections are compressed"
else
	skip 1 "objcopy compresses nothing of it"
fi
cp plain.dwp prog.dwp
cp prog whole
objcopy --compress-debug-sections=zlib-gabi prog
same "those of the program are"
cp whole prog

mkdir -p "sys$TRASH" "sys/usr/lib/debug$TRASH"
cp prog plain.dwp "sys$TRASH"
mv "sys$TRASH/plain.dwp" "sys$TRASH/prog.dwp"
mv prog away
snap got --locals core away
is "beside where the process had it, and that is elsewhere" "$(frames got)" \
    "$want"
rm prog.dwp
same "below a sysroot" --sysroot=sys
mv "sys$TRASH/prog.dwp" "sys/usr/lib/debug$TRASH"
same "below its /usr/lib/debug" --sysroot=sys
rm "sys/usr/lib/debug$TRASH/prog.dwp"
mv away prog
objcopy --only-keep-debug prog prog.debug
strip -g prog
objcopy --add-gnu-debuglink=prog.debug prog
for name in prog.debug.dwp prog.dwp; do
	cp plain.dwp $name
	same "beside its debug file, $name"
	rm $name
done
mkdir .debug
mv prog.debug .debug
for name in .debug/prog.debug.dwp .debug/prog.dwp; do
	cp plain.dwp $name
	same "beside its debug file in another directory, $name"
	rm $name
done
rm -r .debug
cp whole prog

# --- another build's; none

inlined='[.threads[0].frames[] | select(.inline)] | length'
said()
{
	jq -r '.modules[] | select(.path | endswith("/prog")) | .missing' got
}
snap got core
like "there is none: it is said" "$(said)" \
    'its debug data is split, and [^ ]*\.dwo is not found .*nor is there a \.dwp'
is "and no inlined call is told" "$(get got "$inlined")" 0

mkdir other
sed 's/folded0(/mislead(/; s/unit/another/' f0.c >other/f0.c
sed 's/folded0(/mislead(/' folded0.h >other/folded0.h
cp main.c f1.c f2.c shared.h folded1.h folded2.h other
(
	cd other || exit
	for source in main f0 f1 f2; do
		cc -gdwarf-5 -O2 -gsplit-dwarf -c \
		    -o $source.o $source.c
	done
	cc -o prog main.o f0.o f1.o f2.o && python3 "$SRC/t/helper/dwp.py" prog.dwp ./*.dwo
)
cp other/prog.dwp .
snap got --locals core
like "another build's: it is said" "$(said)" \
    'its debug data is split, .*prog\.dwp, which is damaged or of another build'
unlike "and no name of it is told" "$(names got)" mislead
is "no inlined call either" "$(get got "$inlined")" 0
is "functions by their symbols" "$(names got)" \
    "r3 r2 r1 r0 main $(names got | cut -d ' ' -f 6-)"
mkdir -p "sys/usr/lib/debug$TRASH"
cp prog other/prog.dwp "sys$TRASH"
cp plain.dwp "sys/usr/lib/debug$TRASH/prog.dwp"
same "it does not hide the right one elsewhere" --sysroot=sys
rm -r sys

# --- damaged

step="61 1"
test -z "${SAN-}" || step="181 9"
# shellcheck disable=SC2086
out=$(python3 "$SRC/t/helper/spoil-dwp.py" plain.dwp 4 $step)
is "damaged in $(echo "$out" | cut -d ' ' -f 1) ways: nobody dies" \
    "${out#* }" "[]"
ok "and that was tried" test "${out%% *}" -ge 10
finish
