#!/bin/sh
# SPDX-License-Identifier: ISC
# core-unwind against gdb and eu-stack on a core of 1,000 threads of about 28
# frames each, with stacks of the usual 8 MiB: a sparse core of 8 GB.
. "$(dirname "$0")/lib.sh"
test "$(id -u)" -eq 0 || { echo "${0##*/}: left out: not root" >&2; exit 0; }
need gdb
exe=$BUILD/t/manythreads
rounds=${ROUNDS:-5}
cap=${CAP:-120}

arm_file
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -c unlimited && exec "$exe" 1000 25 8192) >/dev/null 2>&1
core=$(echo "$ARMED"/core.*)
restore_kernel_settings
exec 9>&-

ours()
{
	core-unwind --json -o ours.json "$core" "$exe"
}
with_gdb()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' -iex 'set width 0' \
	    -ex 'thread apply all bt' "$exe" "$core" >gdb.out 2>&1 </dev/null
}
with_stack()
{
	timeout "$cap" eu-stack --core "$core" -e "$exe" -n 0 >stack.out 2>&1
}

with_lldb()
{
	lldb -b -o 'thread backtrace all' -c "$core" "$exe" >lldb.out 2>&1 \
	    </dev/null
}

ours || { echo "${0##*/}: core-unwind: status $?"; exit 1; }
with_gdb
n=0
while test "$n" -lt "$rounds"; do
	rm -f ours.json gdb.out
	milliseconds ours && echo "$ms" >>ours.ms
	milliseconds with_gdb && echo "$ms" >>gdb.ms
	command -v lldb >/dev/null && milliseconds with_lldb &&
	    echo "$ms" >>lldb.ms
	n=$((n + 1))
done
echo "1,000 threads: $(jq '[.threads[].frames | length] | add' ours.json)" \
    "frames, gdb $(grep -c '^#' gdb.out)"
ratio "core-unwind against gdb, 1,000 threads" \
    "$(median ours.ms)" "$(median gdb.ms)" 50
test -s lldb.ms && ratio "core-unwind against lldb, 1,000 threads" \
    "$(median ours.ms)" "$(median lldb.ms)" 10
command -v eu-stack >/dev/null || exit 0
# Once is enough, and it may take minutes.
milliseconds with_stack
status=$?
test "$status" -eq 124 && ms=">$ms"
ratio "core-unwind against eu-stack, 1,000 threads" "$(median ours.ms)" \
    "$ms" 200
