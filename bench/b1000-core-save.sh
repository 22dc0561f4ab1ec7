#!/bin/sh
# SPDX-License-Identifier: ISC
# Peak memory of core-save for cores of different sizes, and what it costs
# beside a copy of the same bytes.
set -u
build=${COREPIPE_BUILD:-build}
PATH=$build/bin:$build/t:$PATH
export PATH
test -x "$build/t/mkcore" || make -s helpers

# peak COMMAND...: its largest resident size, in KiB, and its seconds of CPU.
peak()
{
	python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=0, stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)' "$@"
}

# row WHAT COMMAND: COMMAND writes the core; is run twice, the same each time.
row()
{
	# shellcheck disable=SC2046 # two words each
	set -- "$1" $(sh -c "$2" | peak core-save --ram=0 -o /dev/null) \
	    $(sh -c "$2" | peak cat)
	echo "$@" | awk '{
		printf "core-save  %-22s %6.1f MiB  %4.2f of the 64 MiB bound," \
		    "  %5.1f x the CPU time of cat\n", $1, $2 / 1024,
		    $2 / 65536, $3 / ($5 > 0.001 ? $5 : 0.001)
	}'
}

row 64-MiB-core 'mkcore -n 64 -s 1048576'
row 1-GiB-random 'head -c 1G /dev/urandom'
row 1-GiB-zeros 'head -c 1G /dev/zero'
row 16-GiB-zeros 'head -c 16G /dev/zero'
