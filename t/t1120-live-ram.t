#!/bin/sh
# SPDX-License-Identifier: ISC
# However much memory there is to hold the core in, it is whole, in order, and
# no more is used than was said.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp python3
arm_saver

for ram in 0 1 4K 3M 20M 64M 1G 1000T; do
	saver "set -- --ram=$ram
	$(echo "$live_first" | sed 's/^save_live/save_live "$@"/')"
	crash mapper 150M 100M
	is "--ram=$ram: the same, and live" "$verdict $way $why" "same live null"
	ok "--ram=$ram: the seek table is valid" \
	    mkcore-table "$record/core.zst"
done
saver "set -- --ram=0 --level=7
	$(echo "$live_first" | sed 's/^save_live/save_live "$@"/')"
crash mapper 1G 2000 reserved
is "pages here and there, --ram=0" "$verdict $way $why" "same live null"

# The same of a file.
head -c 70M /dev/urandom >random
{ cat random; head -c 60M /dev/zero; head -c 1234567 random; } >core
for ram in 0 5M 1G; do
	core-save --ram="$ram" -o core.zst <core 2>/dev/null
	ok "a file, --ram=$ram: the same bytes" same_bytes core.zst core
	ok "a file, --ram=$ram: the seek table" mkcore-table core.zst
done

# A control group's bound counts as the machine's.
group=/sys/fs/cgroup/memory/corepipe-test.$$
bound=memory.limit_in_bytes
if ! test -d /sys/fs/cgroup/memory; then
	group=/sys/fs/cgroup/corepipe-test.$$
	bound=memory.max
fi
if mkdir "$group" 2>/dev/null && at_exit "rmdir '$group'" &&
    echo 120M >"$group/$bound"
then
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$1/cgroup.procs" && head -c 300M /dev/urandom |
	    core-save --level=9 -o limited.zst 2>limited.err' sh "$group"
	is "in a group of 120 MiB: status" $? 1
	like "in a group of 120 MiB: only what is read is wrong" \
	    "$(cat limited.err)" '^core-save: core: not an ELF core$'
	is "in a group of 120 MiB: all of it" \
	    "$(zstd -qdc limited.zst | wc -c)" 314572800
else
	skip 3 "no control group can be made here"
fi

# peak ARGS...: KiB that core-save used at most
peak()
{
	python3 -c '
import resource, subprocess, sys
subprocess.run(["core-save"] + sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@" <random
}
if test -n "${SAN-}"; then
	skip 3 "memory is not what it is under a sanitizer"
else
	for ram in 0 10 40; do
		used=$(peak --ram="${ram}M" -o /dev/null)
		ok "--ram=${ram}M: uses $used KiB, within it and 64 MiB" \
		    test "$used" -le $(((ram + 64) * 1024))
	done
fi
finish
