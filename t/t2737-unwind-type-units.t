#!/bin/sh
# SPDX-License-Identifier: ISC
# Types that are units of their own (-fdebug-types-section): in the program, in
# .dwo files, in a package of them; of 32 and 64 bits. Variables are the same
# wherever their types are, and the same as gdb's wherever it can read them.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc c++ objcopy readelf python3

cat >shop.h <<'EOC'
namespace shop {
enum class kind : char { fruit = 1, tool = 4 };
struct price { long cents; bool taxed; };
union mark { int number; char letters[4]; };
template <class T> struct box {
	struct lid { int hinges; double depth; };
	T what;
	int count;
	lid top;
};
class item {
public:
	virtual ~item() {}
	kind is = kind::tool;
	price costs { 123, true };
	box<price> boxed { { 5, false }, 2, { 3, 0.5 } };
	int price::*none = nullptr;
};
class gadget : public item {
public:
	int volts = 12;
	price item::*which = &item::costs;
	mark sign { 7 };
};
}
int broken(shop::gadget *, const shop::box<shop::price> &, shop::kind);
EOC
cat >broken.cc <<'EOC'
#include "shop.h"
namespace { struct hidden { shop::kind is; int n; }; }
__attribute__((noinline)) int broken(shop::gadget *g,
    const shop::box<shop::price> &b, shop::kind is)
{
	shop::gadget here = *g;
	hidden h = { is, 4 };
	shop::box<hidden> in = { h, 1, { 2, 1.5 } };
	shop::price all[2] = { { 1, true }, { 2, false } };
	long shop::price::*cents = &shop::price::cents;
	__asm__ volatile("" :: "r"(&here), "r"(&h), "r"(&in), "r"(all),
	    "r"(&cents), "r"(&b) : "memory");
	*(volatile int *)0 = 1;
	return h.n;
}
EOC
# It has types of its own, and so those it shares are described otherwise.
cat >main.cc <<'EOC'
#include "shop.h"
enum day { monday, tuesday = 5 };
struct visit { day when; shop::price paid; const visit *before; };
int main()
{
	visit first = { monday, { 10, true }, nullptr };
	visit last = { tuesday, { 20, false }, &first };
	shop::gadget g;
	shop::box<shop::price> b = { { 7, true }, 8, { 9, 2.5 } };
	__asm__ volatile("" :: "r"(&first), "r"(&last) : "memory");
	return broken(&g, b, shop::kind::fruit) + g.volts + last.paid.cents;
}
EOC

# The variables of the program's frames; addresses are not the same twice.
variables()
{
	jq -c '.threads[0].frames[] | select(.file // "" | endswith(".cc")) |
	    [.function, .line, (.arguments[]?, .locals[]? |
	    .name + " " + (.type // "") + " " + (.value // "" | tostring))]' \
	    "$1" | sed 's/0x[0-9a-f]*/0x_/g'
}

# built COMPILER FLAGS...: prog and its core, and what it has
built()
{
	rm -rf core prog prog.dwp ./*.dwo
	"$@" -c -o broken.o broken.cc 2>cc.err &&
	    "$@" -c -o main.o main.cc 2>cc.err &&
	    "$@" -o prog main.o broken.o 2>cc.err &&
	    core_of core ./prog || return
	snap got --locals core
	variables got >vars
}

# type_units FILE...: how many they have
type_units()
{
	readelf --debug-dump=info "$@" 2>/dev/null |
	    grep -cE 'DW_UT_(split_)?type|Signature: '
}

same()
{
	snap got --locals core
	is "$1" "$(variables got)" "$(cat vars)"
	is "$1: nothing is missing" "$(jq -r '.modules[] |
	    select(.path | endswith("/prog")) | .missing' got)" null
}

# as_gdb WHAT: the variables as gdb has them
as_gdb()
{
	compare_locals ./prog core
	ok "$1: ${compared:-0} values are compared with gdb's" \
	    test "${compared:-0}" -ge 14
	is "$1: they are the same" "$out" ""
}

# compressed WHAT FILE...
compressed()
{
	local what="$1" file
	shift
	for file; do
		cp "$file" "$file.plain"
		objcopy --compress-debug-sections=zlib-gabi "$file" ||
		    { skip 2 "$what: objcopy cannot"; return; }
	done
	same "$what, compressed"
	for file; do
		mv "$file.plain" "$file"
	done
}

# packed PACKAGER: prog.dwp, and no .dwo file
packed()
{
	mkdir -p away
	rm -f prog.dwp
	# helper/dwp.py says why each may fail.
	case $1 in
	dwp.py)
		python3 "$SRC/t/helper/dwp.py" prog.dwp ./*.dwo ;;
	*)
		timeout 3 "$1" -e prog -o prog.dwp >dwp.err 2>&1 ;;
	esac || rm -f prog.dwp
	test -s prog.dwp && mv ./*.dwo away
}

# split WHAT FOR-GDB PACKAGERS...: of what is built now
split()
{
	local what="$1" gdb="$2" packager
	shift 2
	ok "$what: types are units in its .dwo" test \
	    "$(type_units ./*.dwo)" -ge 5
	case $gdb in *dwo*) as_gdb "$what" ;; esac
	compressed "$what" ./*.dwo
	for packager; do
		if ! packed "$packager"; then
			skip 2 "$what: no $packager that can do it"
			continue
		fi
		same "$what, $packager"
		case $gdb in *dwp*) as_gdb "$what, $packager" ;; esac
		compressed "$what, $packager" prog.dwp
		mv away/*.dwo .
		rm prog.dwp
	done
}

# COMPILER, VERSION, WHAT gdb 13 READS, PACKAGERS, FLAGS. Of DWARF 5 it takes a
# type of GCC's .dwo for the unit, finds no lists of locations in clang's, and
# dies of packages.
while IFS='	' read -r compiler version gdb packagers flags; do
	what="$compiler, DWARF $version${flags:+, $flags}"
	# shellcheck disable=SC2086
	if ! built $compiler -O1 -w -gdwarf-$version $flags; then
		skip 8 "$what: $(tail -n 1 cc.err)"
		continue
	fi
	cp vars whole
	# shellcheck disable=SC2086
	built $compiler -O1 -w -gdwarf-$version $flags -fdebug-types-section
	ok "$what: types are units" test "$(type_units prog)" -ge 5
	is "$what: variables have them" "$(cat vars)" "$(cat whole)"
	as_gdb "$what"
	compressed "$what" prog
	# shellcheck disable=SC2086
	built $compiler -O1 -w -gdwarf-$version $flags -fdebug-types-section \
	    -gsplit-dwarf
	is "$what, split: the same" "$(cat vars)" "$(cat whole)"
	# shellcheck disable=SC2086
	split "$what, split" "$gdb" $packagers
done <<'EOT'
c++	4	dwo dwp	dwp llvm-dwp dwp.py	
c++	4	dwo dwp	dwp.py	-gdwarf64
c++	5	none	llvm-dwp dwp.py	
c++	5	none	dwp.py	-gdwarf64
clang++	4	dwo dwp	dwp llvm-dwp dwp.py	
clang++	5	none	llvm-dwp dwp.py	
clang++	5	none	dwp.py	-gdwarf64
EOT

# --- the files of its calls: the table in a .dwo has those of types

echo 'struct item { int n; };' >item.h
cat >inner.h <<'EOC'
static inline __attribute__((always_inline)) int inner(int *p)
{
	*(volatile int *)0 = *p;
	return 1;
}
EOC
cat >outer.h <<'EOC'
#include "inner.h"
#include "item.h"
static inline __attribute__((always_inline)) int outer(int *p)
{
	int got = inner(p);
	return got + 1;
}
EOC
cat >files.cc <<'EOC'
#include "outer.h"
int main()
{
	int n = 1;
	item one = { n };
	__asm__ volatile("" :: "r"(&one), "r"(&n) : "memory");
	return outer(&n) + one.n;
}
EOC
its_files()
{
	snap got core
	is "$1: files and lines" "$(jq -r '[.threads[0].frames[:3][] |
	    ((.file // "" | sub(".*/"; "")) + ":" +
	    (.line // 0 | tostring))] | join(" ")' got)" \
	    "inner.h:3 outer.h:5 files.cc:7"
}
for compiler in c++ clang++; do
	for version in 4 5; do
		rm -f core prog.dwp ./*.dwo
		what="$compiler, DWARF $version"
		if ! $compiler -O1 -gdwarf-$version -gsplit-dwarf \
		    -fdebug-types-section -c files.cc 2>cc.err ||
		    ! $compiler -o prog files.o || ! core_of core ./prog; then
			skip 2 "$what: $(tail -n 1 cc.err)"
			continue
		fi
		its_files "$what"
		packed dwp.py
		its_files "$what, packed"
	done
done

# --- damaged

step="23 7"
test -z "${SAN-}" || step="223 67"
for version in 4 5; do
	if ! built c++ -O1 -w -gdwarf-$version -fdebug-types-section \
	    -gsplit-dwarf || ! packed dwp.py; then
		skip 2 "$(tail -n 1 cc.err)"
		continue
	fi
	cp prog.dwp plain.dwp
	# shellcheck disable=SC2086
	out=$(python3 "$SRC/t/helper/spoil-dwp.py" plain.dwp 1 $step)
	is "damaged in ${out%% *} ways, DWARF $version: nobody dies" \
	    "${out#* }" "[]"
	ok "and that was tried" test "${out%% *}" -ge 10
done
finish
