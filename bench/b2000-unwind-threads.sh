#!/bin/sh
# SPDX-License-Identifier: ISC
# core-unwind against gdb, lldb and eu-stack, in one run and alternating, on a
# core of 1,000 threads of about 28 frames each, with stacks of the usual 8 MiB:
# a sparse core of 8 GB. eu-stack takes minutes: it is stopped after CAP seconds.
. "$(dirname "$0")/lib.sh"
need_root
need gdb
exe=$BUILD/t/manythreads
rounds=${ROUNDS:-5}

arm_file
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -c unlimited && exec "$exe" 1000 25 8192) >/dev/null 2>&1
core=$(echo "$ARMED"/core.*)
give_back

core_unwind()
{
	core-unwind --json -o core_unwind.out "$core" "$exe"
}
report()
{
	core-unwind --text -o report.out "$core" "$exe"
}
gdb_bt()
{
	ask_gdb "$exe" "$core" thread apply all bt >gdb_bt.out
}
lldb_bt()
{
	lldb -b -o 'thread backtrace all' -c "$core" "$exe" >lldb_bt.out 2>&1 \
	    </dev/null
}
eu_stack()
{
	timeout "$CAP" eu-stack --core "$core" -e "$exe" -n 0 >eu_stack.out 2>&1
}

# line WHO WISHED
line()
{
	test -s "$1.ms" && ratio "core-unwind against $2, 1,000 threads" \
	    "$(median core_unwind.ms)" "$(median "$1.ms")" "$3"
}

core_unwind || { echo "${0##*/}: core-unwind: status $?"; exit 1; }
gdb_bt
for debugger in lldb_bt eu_stack; do
	command -v "$(echo "${debugger%_bt}" | tr _ -)" >/dev/null ||
	    { echo "${0##*/}: no ${debugger%_bt} here"; continue; }
	others="${others-} $debugger"
done
# shellcheck disable=SC2086 # one word each
rounds "$rounds" core_unwind report gdb_bt ${others-}
echo "1,000 threads, frames: core-unwind" \
    "$(jq '[.threads[].frames | length] | add' core_unwind.out)," \
    "gdb $(grep -c '^#' gdb_bt.out)," \
    "lldb $(grep -c 'frame #' lldb_bt.out 2>/dev/null)," \
    "eu-stack $(grep -c '^#' eu_stack.out 2>/dev/null) (of" \
    "$(grep -c '^TID' eu_stack.out 2>/dev/null) threads)"
line gdb_bt gdb 50
line lldb_bt lldb 10
line eu_stack eu-stack 200
ratio "its report for people against gdb, 1,000 threads" \
    "$(median report.ms)" "$(median gdb_bt.ms)" 50
