#!/bin/sh
# SPDX-License-Identifier: ISC
# Zeros cost next to nothing, and memory stays where it is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd

head -c 4G /dev/zero | core-save -o zeros.zst 2>/dev/null
is "4 GiB of zeros are no core" $? 1
ok "they become a small file" test "$(wc -c <zeros.zst)" -lt 400000
ok "with a valid seek table" mkcore-table zeros.zst
is "of all of them" "$(mkcore-table zeros.zst |
    awk '{ n += $4 } END { print n / 1048576 }')" 4096
is "and come back" "$(zstd -qdc zeros.zst | tr -d '\0' | wc -c) $(
    zstd -qdc zeros.zst | wc -c)" "0 4294967296"

# Runs of every length around the sizes of frames, between bytes that are none.
: >mixed
for n in 0 1 4095 4096 1048575 1048576 1048577 2097152 16777215 16777216 \
    16777217 33554432 18000000; do
	printf 'x%s' "$n" >>mixed
	head -c "$n" /dev/zero >>mixed
done
core-save -o mixed.zst <mixed 2>/dev/null
ok "runs of zeros between other bytes" same_bytes mixed.zst mixed
ok "with a valid seek table" mkcore-table mixed.zst

# The size of a frame is what a reader must have memory for.
is "no frame but of zeros is larger than 1 MiB" \
    "$(mkcore-table mixed.zst | awk '$4 > 1048576 && $2 > 4096')" ""
ok "zeros need no larger window than the rest" \
    sh -c 'zstd -qdc --memory=1MB zeros.zst >/dev/null'
finish
