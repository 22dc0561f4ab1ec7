#!/bin/sh
# SPDX-License-Identifier: ISC
# run.sh SECONDS CORPUS FUZZER...: give each fuzzer so many seconds, on what is
# in CORPUS/NAME from the last time, on what corpus/NAME.tar.zst kept of earlier
# ones, and on seeds made here. What it breaks on is left in the current
# directory. The programs that make seeds are on PATH.
# shellcheck disable=SC2317 # each seed_ function is called by its fuzzer's name
set -u
here=$(cd "$(dirname "$0")" && pwd)
seconds=$1
corpus=$2
shift 2
# Files are written over at each input: no disk is worn out where there is memory.
test -n "${TMPDIR:-}" || test ! -w /dev/shm || TMPDIR=/dev/shm
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/corepipe-fuzz.XXXXXXXX") || exit 1
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
# dash runs that one only when it ends by itself.
trap 'exit 130' INT
trap 'exit 143' HUP TERM
failed=0

# first BYTE...: octal, put before the bytes of standard input.
first()
{
	# shellcheck disable=SC2059
	printf "$1"
	cat
}

seed_core()
{
	for flags in '' -b -s; do
		# shellcheck disable=SC2086
		minicore $flags | first '\000' >"$1/mini$flags.memory"
		# shellcheck disable=SC2086
		minicore $flags | first '\001' >"$1/mini$flags.notes"
	done
	for flags in '' -3 -b; do
		# shellcheck disable=SC2086
		mkcore -s 64 $flags | first '\001' >"$1/mkcore$flags"
	done
}

seed_source()
{
	minicore | core-save -o "$1/save.zst" 2>/dev/null
	for how in '\000' '\001'; do
		first "$how\\007" <"$1/save.zst" >"$1/seekable$how"
		minicore | zstd -q | first "$how\\007" >"$1/plain$how"
		minicore | first "$how\\007" >"$1/core$how"
	done
	rm -f "$1/save.zst"
}

seed_excerpt()
{
	objcopy --dump-section .debug_aranges="$1/a" --dump-section \
	    .debug_abbrev="$1/b" --dump-section .debug_info="$1/i" \
	    "$(command -v manythreads)" /dev/null &&
	    { cat "$1/a" && printf '\n--\n' && cat "$1/b" &&
	    printf '\n--\n' && cat "$1/i"; } >"$1/manythreads"
	rm -f "$1/a" "$1/b" "$1/i"
}

# Packages of one unit.
seed_dwp()
{
	printf 'static inline int f(int n) { return n * 3; }\n%s\n' \
	    'int g(int *p) { int k = f(*p); *p = 1; return k; }' >"$1/.u.c"
	for version in 4 5; do
		cc -gdwarf-$version -O1 -gsplit-dwarf -c -o "$1/.u.o" -x c \
		    "$1/.u.c" 2>/dev/null || continue
		test "$version" = 4 && dwp -o "$1/.u.dwp" "$1/.u.dwo"
		test "$version" = 5 &&
		    python3 "$here/../helper/dwp.py" "$1/.u.dwp" "$1/.u.dwo"
		for section in debug_cu_index debug_info.dwo debug_abbrev.dwo \
		    debug_str_offsets.dwo debug_loc.dwo debug_loclists.dwo; do
			: >"$1/.part"
			objcopy --dump-section ".$section=$1/.part" "$1/.u.dwp" \
			    /dev/null 2>/dev/null || continue
			cat "$1/.part"
			printf '\n--\n'
		done >"$1/dwarf$version"
		head -c 128 /dev/zero | tr '\0' '\020' >>"$1/dwarf$version"
	done
	rm -f "$1"/.u.* "$1/.part"
}

# .dwo files: the last section of a name has the unit, the others have types.
seed_dwo()
{
	printf 'enum e { a, b = 4 }; struct s { int n; enum e e; };\n%s\n' \
	    'struct t { struct s s[2]; } t;
	    int g(struct s *p) { t.s[0] = *p; return p->e; }' >"$1/.u.c"
	for version in 4 5; do
		for bits in 32 64; do
			cc -gdwarf-$version -gdwarf$bits -O1 -gsplit-dwarf \
			    -fdebug-types-section -c -o "$1/.u.o" \
			    "$1/.u.c" 2>/dev/null &&
			    PYTHONPATH="$here/../helper" \
			    PYTHONDONTWRITEBYTECODE=1 python3 -c '
import sys, dwp
have = {}
for name, data in dwp.sections(sys.argv[1]):
    have.setdefault(name, []).append(data)
for name in "info types abbrev str_offsets loclists str".split():
    of = have.get(f".debug_{name}.dwo", [b""])
    parts = [b"".join(of)]
    if name in ("info", "types"):
        parts = [b"".join(of[:-1]), of[-1]]
    for part in parts:
        sys.stdout.buffer.write(part + b"\n--\n")' \
			    "$1/.u.dwo" >"$1/dwarf$version-$bits"
		done
	done
	rm -f "$1"/.u.*
}

seed_lines()
{
	echo 'int f(int *p) { return *p; }' >"$1/.u.c"
	for version in 2 3 4 5; do
		# What as makes of the lines of GCC's 64-bit DWARF is of 32.
		for bits in 32 64; do
			clang -gdwarf-$version -gdwarf$bits -c -o "$1/.u.o" \
			    "$1/.u.c" 2>/dev/null && objcopy --dump-section \
			    .debug_line="$1/.part" "$1/.u.o" /dev/null &&
			    first "\\$((version - 2 + bits / 64 * 4))" \
			    <"$1/.part" >"$1/dwarf$version-$bits"
		done
	done
	rm -f "$1"/.u.* "$1/.part"
}

seed_insn()
{
	for code in '\307\100\020\007\0\0\0' '\363\110\245' '\304\342\175\131\3' \
	    '\146\017\077\3\4' '\377\24\305\0\0\0\0' '\110\367\075\1\2\3\4'; do
		# shellcheck disable=SC2059
		printf "\\001$code" >"$1/$(printf '%s' "$code" | tr -dc 0-9)"
	done
	# aarch64, riscv64, arm, Thumb, POWER (little and big endian) and s390x.
	for code in '\002\1\0\100\271' '\004\3\265\7\0' '\005\4\0\221\344' \
	    '\005\17\12\41\364' '\006\121\370\4\73' '\006\60\275' \
	    '\007\20\0\144\200' '\007\0\0\20\4\10\0\140\344' \
	    '\010\174\304\50\52' '\011\322\7\20\0\40\0' \
	    '\011\353\157\360\60\0\44' '\011\306\20\0\0\0\10'; do
		# shellcheck disable=SC2059
		printf "$code" >"$1/other$(printf '%s' "$code" | tr -dc 0-9)"
	done
}

seed_text()
{
	printf 'plain' >"$1/plain"
	printf '\033[31m\302\205\342\200\256\377x\n' >"$1/hostile"
	printf '128MiB' >"$1/size"
	printf '90s' >"$1/seconds"
	printf '0193f7a1-1111-7abc-8def-0123456789ab' >"$1/uuid"
}

seed_names()
{
	for symbol in 'std::vector<a<b>, c>::push_back(int const&) const' \
	    '(anonymous namespace)::f(void (*)(int))::{lambda(int)#1}' \
	    'a::operator<< <int>(b)' _ZN4core9panicking5panic17h0123456789abcdefE \
	    __memcpy_avx_unaligned_erms _RNvC6_123foo3bar 'f [clone .part.0]' \
	    _D3std5stdio8writelnFZv; do
		printf '%s' "$symbol" >"$1/$(printf '%s' "$symbol" | tr -dc '[:lower:]')"
	done
}

# A file compiled from PROGRAM to be what minicore's process ran, as far as its
# build-id and its addresses tell.
seed_module()
{
	FUZZ_CORE=$corpus/module.core
	export FUZZ_CORE
	minicore >"$FUZZ_CORE"
	minicore -x >"$1/mini"
	cat >"$1/.c" <<-'END'
	struct s { int x; struct s *next; } *p;
	static inline int deep(int n) { return n * 3 + p->x; }
	int inner(int n) { p->x = deep(n); return p->x; }
	int outer(int n) { return inner(n + 1) + 1; }
	void begin(void) { for (;;) outer(2); }
	END
	for how in '-g -O1' '-g -O1 -gz' '-g -O0 -gdwarf-4' '-O1' \
	    '-g1 -O1 -fno-asynchronous-unwind-tables'; do
		# shellcheck disable=SC2086
		cc $how -nostdlib -static -no-pie -ffreestanding \
		    -Wl,-Ttext=0x400180,-z,noseparate-code,-e,begin \
		    -Wl,--build-id=0xa0dec000 -o "$1/built$how" -x c "$1/.c" \
		    2>/dev/null || rm -f "$1/built$how"
	done
	rm -f "$1/.c"
}

a_snapshot()
{
	minicore >"$1/.core"
	core-unwind --json -k version:1.2 "$1/.core" 2>/dev/null
	rm -f "$1/.core"
}

a_meta()
{
	printf '%s' '{"version":1,"id":"0193f7a1-1111-7abc-8def-0123456789ab",' \
	    '"time":"2026-11-21T01:23:45.678901Z","host":"box","pid":7,"tid":7,' \
	    '"uid":1000,"gid":1000,"signal":11,"comm":"mini","exe":"/bin/mini",' \
	    '"cmdline":["mini","x"],"unit":"a.service","container":null,' \
	    '"core":{"complete":true},"missing":["cpu: not told"]}'
}

seed_list_record()
{
	{ a_snapshot "$1"; printf '\n--\n'; a_meta; } >"$1/both"
	{ printf '\n--\n'; a_meta; } >"$1/meta"
	a_snapshot "$1" >"$1/snapshot"
	printf '{"version":1,"attributes":{"a":1,"\\u0000":"\\ud83d\\ude00"}}' \
	    >"$1/odd"
}

seed_list_json()
{
	a_snapshot "$1" >"$1/snapshot"
	a_meta >"$1/meta"
	printf '{"version":1,"a":[[],{"b":"]\\"}"}],"c":"["}' >"$1/nested"
}

seed_put_snapshot()
{
	a_snapshot "$1" >"$1/snapshot"
	a_meta >"$1/with-id"
}

seed_list_index()
{
	mkdir -p "$1/.store/archive/0193f7a1-1111-7abc-8def-0123456789ab"
	a_meta >"$1/.store/archive/0193f7a1-1111-7abc-8def-0123456789ab/meta.json"
	snap-list -s "$1/.store" >/dev/null
	cp "$1/.store/index.db" "$1/index"
	head -c 5000 "$1/index" >"$1/half"
	if command -v sqlite3 >/dev/null; then
		sqlite3 "$1/index" 'PRAGMA page_size = 512; VACUUM' >/dev/null
		cp "$1/index" "$1/newer"
		sqlite3 "$1/newer" 'PRAGMA user_version = 99'
		cp "$1/index" "$1/view"
		sqlite3 "$1/view" 'DROP TABLE attribute; CREATE VIEW attribute
		    AS SELECT id, comm AS key, 1 AS value FROM record'
	fi
	rm -r "$1/.store"
}

seed_meta()
{
	{
		a_meta
		printf '\n--\n7\tmini\n8\tworker\n\n--\n'
		grep xp /proc/self/maps
		printf '\n--\n7f00-8000 0 libc.so.6.7f00 /lib/libc.so.6\n'
	} >"$1/all"
}

seed_perfmap()
{
	printf 'AAAAAAAA41414100 200 Function:~tick\n4000 10 a b\n' >"$1/two"
	printf '\377\377\377\377\377\377\377\377ffffffffffffffff 10 end\n' \
	    >"$1/end"
}

seed_frames()
{
	printf '__GI_raise\nsystem __*raise\ndying *abort*\nbottom main\n# x\n' \
	    >"$1/three"
	printf 'x[\nsystem [[:alpha:]-]*[!a]?\\\n' >"$1/brackets"
}

seed_save_elfscan()
{
	for piece in '\000' '\054' '\377'; do
		minicore | first "$piece" >"$1/mini$piece"
		mkcore -s 64 -3 | first "$piece" >"$1/small$piece"
		mkcore -s 64 -b | first "$piece" >"$1/big$piece"
	done
}

seed_save_corehead()
{
	for piece in '\007' '\377'; do
		minicore | first "$piece" >"$1/mini$piece"
		minicore -s | first "$piece" >"$1/mini-s$piece"
		mkcore -s 64 -3 | first "$piece" >"$1/small$piece"
		mkcore -s 64 -n 3 | first "$piece" >"$1/threads$piece"
	done
}

seed_save_proc()
{
	{
		cat /proc/self/maps
		printf '\n--\n'
		cat /proc/self/status
		printf '\n--\n7 (a) R 1 1 () R 1 7 7 0 -1\n--\n'
		printf '0::/docker/0123456789abcdef0123\n1:name=systemd:/a.slice/b.service\n'
		printf '\n--\nmini\0x\0\n--\n'
		cat /proc/self/mountinfo
		printf '\n--\nmini\n\n--\n/bin/mini (deleted)'
	} >"$1/self"
}

for fuzzer; do
	name=${fuzzer##*/fuzz-}
	mkdir -p "$corpus/$name" "$corpus/$name.seeds" || exit 1
	seed=seed_$(printf %s "$name" | tr - _)
	if command -v "$seed" >/dev/null; then
		"$seed" "$corpus/$name.seeds"
	fi
	# Of those without, what a run of hours found is all.
	if test -e "$here/corpus/$name.tar.zst"; then
		zstd -qdc "$here/corpus/$name.tar.zst" |
		    tar -xf - -C "$corpus/$name.seeds"
	fi
	# What broke one once is tried first ever after.
	for found in "$here/found/$name"-*; do
		test ! -e "$found" || cp "$found" "$corpus/$name.seeds/"
	done
	max=8192
	test "$name" = list-index && max=65536
	ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
	UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
	    nice -n 19 "$fuzzer" -max_total_time="$seconds" -timeout=20 \
	    -rss_limit_mb=2048 -malloc_limit_mb=1024 -max_len=$max \
	    -print_final_stats=1 -artifact_prefix="$name-" \
	    "$corpus/$name" "$corpus/$name.seeds" >"$name.log" 2>&1 || {
		failed=1
		echo "$name: broken, see $name.log"
		grep -E 'ERROR|SUMMARY|runtime error|#[0-9]+ 0x.* in [a-z_]+ ' \
		    "$name.log" | head -n 12
		tail -n 3 "$name.log"
	}
	sed -n "s/^stat::number_of_executed_units: */$name: inputs /p" "$name.log"
done
exit "$failed"
