#!/bin/sh
# SPDX-License-Identifier: ISC
# run.sh SECONDS CORPUS FUZZER...: give each fuzzer so many seconds, on what is
# in CORPUS/NAME from the last time and on seeds made here. What it breaks on is
# left in the current directory. The programs that make seeds are on PATH.
set -u
seconds=$1
corpus=$2
shift 2
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

seed_insn()
{
	for code in '\307\100\020\007\0\0\0' '\363\110\245' '\304\342\175\131\3' \
	    '\146\017\077\3\4' '\377\24\305\0\0\0\0' '\110\367\075\1\2\3\4'; do
		# shellcheck disable=SC2059
		printf "\\001$code" >"$1/$(printf '%s' "$code" | tr -dc 0-9)"
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

for fuzzer; do
	name=${fuzzer##*/fuzz-}
	mkdir -p "$corpus/$name" "$corpus/$name.seeds" || exit 1
	case $name in
	core)	seed_core "$corpus/core.seeds" ;;
	insn)	seed_insn "$corpus/insn.seeds" ;;
	names)	seed_names "$corpus/names.seeds" ;;
	source)	seed_source "$corpus/source.seeds" ;;
	text)	seed_text "$corpus/text.seeds" ;;
	esac
	ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
	UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
	    nice -n 19 "$fuzzer" -max_total_time="$seconds" -timeout=20 \
	    -rss_limit_mb=2048 -malloc_limit_mb=1024 -max_len=8192 \
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
