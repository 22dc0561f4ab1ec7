#!/bin/sh
# SPDX-License-Identifier: ISC
# Each fuzzer, for a few seconds from its seeds: that they build, and that
# nothing is as broken as that. `make fuzz` is the real thing.
. "$(dirname "$0")/lib.sh"
need_command clang make zstd
echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d * n; }' \
    >try.c
clang -fsanitize=fuzzer,address -o try try.c 2>/dev/null ||
    skip_all "this clang has no libFuzzer"

ok "the fuzzers build without a warning" sh -c "make -s -C '$SRC' \
    FUZZ_OUT='$TRASH/fuzz' SAN= FUZZ_SECONDS=0 build-fuzzers 2>&1 |
    { ! grep .; }"
for fuzzer in "$SRC"/t/fuzz/fuzz-*.c; do
	name=$(basename "$fuzzer" .c)
	ok "CVE-2019-11476, CVE-2019-11484, CVE-2020-11937, CVE-2020-12135, CVE-2020-15570: $name finds nothing in a second" \
	    sh "$SRC/t/fuzz/run.sh" 1 corpus "fuzz/fuzz/$name"
done
finish
