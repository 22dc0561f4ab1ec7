#!/bin/sh
# SPDX-License-Identifier: ISC
# How long core-save holds a process, beside corekeeper and minicoredumper (both
# in Debian; PEERS=DIR where their packages were only unpacked), and what each
# of them kept of it.
. "$(dirname "$0")/lib.sh"
test "$(id -u)" -eq 0 || { echo "${0##*/}: left out: not root" >&2; exit 0; }
need zstd
need gdb
rounds=${ROUNDS:-3}
peers=${PEERS-}

arm
# corekeeper writes where it was told when it was made.
kept=$ARMED/kept
mkdir -p "$kept"
sed "s|/var/crash|$kept|g" "$peers/usr/lib/corekeeper/dump" \
    >"$ARMED/corekeeper" 2>/dev/null
cat >"$ARMED/mini.json" <<END
{ "base_dir": "$kept", "watch": [ { "recept": "generic.recept.json" } ] }
END
# As Debian has it, but neither packed nor compressed.
cat >"$ARMED/generic.recept.json" <<END
{ "stacks": { "dump_stacks": true, "first_thread_only": false,
    "max_stack_size": 0 },
  "maps": { "dump_by_name": [ "[vdso]" ] },
  "dump_auxv_so_list": true, "dump_pthread_list": true,
  "dump_robust_mutex_list": true, "dump_scope": 1024, "live_dumper": false }
END
cat >"$ARMED/minicoredumper" <<END
#!/bin/sh
exec $peers/usr/sbin/minicoredumper "\$@" $ARMED/mini.json
END
for keep in full stacks; do
	cat >"$ARMED/$keep" <<-END
	#!/bin/sh
	exec $BUILD/bin/core-save -P "\$1" -k tid="\$2" -d $kept/store \
	    --keep=$keep >/dev/null 2>&1
	END
done
chmod 755 "$ARMED"/*

# crash WHO ARGUMENTS COMMAND...: one more line of milliseconds in WHO.ms.
crash()
{
	local who="$1" arguments="$2"
	shift 2
	echo "|$ARMED/$who $arguments" >/proc/sys/kernel/core_pattern
	rm -rf "$kept"
	mkdir -m 711 "$kept"
	holdtime -c 1 "$@" >>"$who.ms" 2>/dev/null
	wait_for 100 is_kept
}

# What is left of it is a file that does not grow any more.
is_kept()
{
	core=$(find "$kept" -type f \( -name core -o -name '*.core' -o \
	    -path '*/pending/*/core.zst' \) | head -n 1)
	test -n "$core" && ! fuser -s "$core"
}

# tell WHO NOTE: what is in $core
tell()
{
	local whole="$core"
	case $core in
	*.zst) zstd -qdfc --no-sparse "$core" >whole.core; whole=whole.core ;;
	esac
	threads=$(gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -ex 'info threads' "$program" "$whole" 2>/dev/null | grep -c Thread)
	frames=$(gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -ex bt "$program" "$whole" 2>/dev/null | grep -c '^#')
	printf '%-28s held %6.0f ms  %9d KiB on disk  %s threads, %s frames  %s\n' \
	    "$1" "$(awk -v a="$(median "$1.ms")" -v b="$(median none.ms)" \
	    'BEGIN { print a - b }')" "$(du -k "$core" | cut -f 1)" \
	    "$threads" "$frames" "$2"
	rm -f whole.core
}

program=$BUILD/t/mapper
set -- "$program" locks 20 400M
n=0
while test "$n" -lt "$rounds"; do
	holdtime -c 1 prlimit --core=1 "$@" >>none.ms 2>/dev/null
	crash full '%P %I' "$@"
	test "$n" -gt 0 || tell full "all of its memory, as the kernel writes it" >table
	crash stacks '%P %I' "$@"
	test "$n" -gt 0 || tell stacks "stacks, and what unwinding takes" >>table
	if test -s "$ARMED/corekeeper"; then
		crash corekeeper '--dumpable %d --owner %u --core %p' "$@"
		test "$n" -gt 0 || tell corekeeper "the kernel's stream" >>table
	fi
	if test -x "$peers/usr/sbin/minicoredumper"; then
		crash minicoredumper '%P %u %g %s %t %h %e' "$@"
		test "$n" -gt 0 ||
		    tell minicoredumper "stacks, and glibc's lists" >>table
	fi
	n=$((n + 1))
done
while read -r who rest; do
	ms=$(awk -v a="$(median "$who.ms")" -v b="$(median none.ms)" \
	    'BEGIN { printf "%.0f", a - b }')
	printf '%s\n' "$who $rest" | sed "s/held *-*[0-9]* ms/held $ms ms/"
done <table
