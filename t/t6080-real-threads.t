#!/bin/sh
# SPDX-License-Identifier: ISC
# 1,000 threads, each about 28 frames deep.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee
exe=$BUILD/t/manythreads

die manythreads 1000
the_record threads "$pid" 11 SIGSEGV manythreads "$exe" culprit
the_core threads "$pid"
is "every thread is there" "$(jq '.threads | length' "$record/snapshot.json")" \
    1001
is "none is cut short" \
    "$(jq '[.threads[] | select(.truncated)] | length' \
    "$record/snapshot.json")" 0
the_frames "every thread" "$ARMED/ours.$pid" "$exe" \
    "$record/snapshot.json" all
finish
