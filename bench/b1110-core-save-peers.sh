#!/bin/sh
# SPDX-License-Identifier: ISC
# How long core-save holds a process, beside corekeeper and minicoredumper (both
# in Debian), in one run and alternating, and what each of them kept. Their
# packages are fetched and unpacked, never installed: what they do when they are
# would change the machine's settings. PEERS=DIR: where they were unpacked before.
# Each runs as Debian has it, but for where it writes.
. "$(dirname "$0")/lib.sh"
need_root
need zstd
need gdb
need fuser
rounds=${ROUNDS:-3}
peers=${PEERS-}
programs=${PROGRAMS:-small threads full sparse}

# unpack: into $peers, or nothing is there and the reason was said.
unpack()
{
	peers=$TRASH/peers
	mkdir "$peers"
	if ! command -v apt-get dpkg >/dev/null; then
		echo "no peers: neither is in this system's packages"
		return
	fi
	(cd "$peers" && timeout "$CAP" apt-get -q download corekeeper \
	    minicoredumper >apt.log 2>&1) ||
	    { echo "no peers: $(tail -n 1 "$peers/apt.log")"; return; }
	for package in "$peers"/*.deb; do
		dpkg -x "$package" "$peers"
	done
}
test -n "$peers" || unpack

arm
kept=$ARMED/kept
# corekeeper is told the place nowhere.
prepare_corekeeper()
{
	test -r "$peers/usr/lib/corekeeper/dump" || return
	sed "s|/var/crash|$kept|g" "$peers/usr/lib/corekeeper/dump" \
	    >"$ARMED/corekeeper"
	who="$who corekeeper"
}

prepare_minicoredumper()
{
	"$peers/usr/sbin/minicoredumper" </dev/null >/dev/null 2>mini.err
	test "$?" -lt 126 || { echo "no minicoredumper: $(cat mini.err)"; return; }
	mkdir "$ARMED/mini"
	cp "$peers"/etc/minicoredumper/*.json "$ARMED/mini"
	sed "s|/var/crash/minicoredumper|$kept|
	    s|generic.recept.json|$ARMED/mini/&|" \
	    "$peers/etc/minicoredumper/minicoredumper.cfg.json" \
	    >"$ARMED/mini/minicoredumper.cfg.json"
	cat >"$ARMED/minicoredumper" <<-END
	#!/bin/sh
	exec $peers/usr/sbin/minicoredumper "\$@" $ARMED/mini/minicoredumper.cfg.json
	END
	who="$who minicoredumper"
}

who="full stacks"
for keep in $who; do
	cat >"$ARMED/$keep" <<-END
	#!/bin/sh
	exec $BUILD/bin/core-save -P "\$1" -k tid="\$2" -d $kept/store \
	    --keep=$keep >/dev/null 2>&1
	END
done
prepare_corekeeper
prepare_minicoredumper
chmod 755 "$ARMED"/full "$ARMED"/stacks "$ARMED"/*keeper "$ARMED"/*dumper \
    2>/dev/null

# The arguments that each installs itself with, but %E: it may be too long.
arguments_of()
{
	case $1 in
	corekeeper) echo '--dumpable %d --owner %u --limit %c --core %p-%u-%g-%s-%t-%h-%e' ;;
	minicoredumper) echo '%P %u %g %s %t %h %e' ;;
	*) echo '%P %I' ;;
	esac
}

# What is left of it is a file that nobody writes any more.
is_kept()
{
	core=$(find "$kept" -type f \( -name 'core*' -o -name '*.core' \) \
	    ! -path '*/new/*' | head -n 1)
	test -n "$core" && ! fuser -s "$core"
}

# crash WHO COMMAND...: one more line of milliseconds in WHO.ms; $core
crash()
{
	local handler="$1"
	shift
	echo "|$ARMED/$handler $(arguments_of "$handler")" \
	    >/proc/sys/kernel/core_pattern
	rm -rf "$kept"
	mkdir -m 711 "$kept"
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	(ulimit -c unlimited && exec holdtime -c 1 "$@") >>"$handler.ms" \
	    2>/dev/null
	wait_for 300 is_kept
}

# whole: the ELF core of $core, as core.whole, holes and all.
whole()
{
	rm -f core.whole
	case $core in
	*.zst) zstd -qdf --sparse "$core" -o core.whole ;;
	*.tar.gz) tar -xzSOf "$core" >core.whole ;;
	*.gz) gzip -dc "$core" >core.whole ;;
	*) ln -s "$core" core.whole ;;
	esac
}

# tell WHO: what there is of $core, as the fields after WHO in the table
tell()
{
	local disk bytes threads deep
	disk=$(du -k "$core" | cut -f 1)
	whole
	bytes=$(tr -d '\0' <core.whole | wc -c)
	ask_gdb "$program" core.whole 'thread apply all backtrace' >bt
	threads=$(grep -c '^Thread ' bt)
	# A stack that is there has callers.
	deep=$(awk '/^Thread /{ n += seen; seen = 0 } /^#1 /{ seen = 1 }
	    END { print n + seen }' bt)
	rm -f core.whole
	echo "$1 $disk $bytes $threads $deep" >>"$name.kept"
}

held()
{
	awk -v a="$(median "$1")" -v b="$(median none.ms)" \
	    'BEGIN { printf "%.0f", a - b }'
}

# Data: the bytes that are not zero. All of it is what core-save keeps in full,
# which t/t1100 holds against the kernel's own core; --keep=stacks has parts of
# the program's files too, which the kernel leaves out.
table()
{
	local all kept_all
	all=$(awk '$1 == "full" { print $3 }' "$name.kept")
	printf '%-16s %9s %12s %12s %6s  %s\n' "$what" "held ms" "disk KiB" \
	    "data KiB" whole "threads with stacks"
	while read -r handler disk bytes threads deep; do
		kept_all=no
		test "$handler" = stacks || test $((bytes * 100)) -lt $((all * 98)) ||
		    kept_all=yes
		printf '  %-14s %9s %12d %12d %6s  %s of %s\n' "$handler" \
		    "$(held "$handler.ms")" "$disk" $((bytes / 1024)) \
		    "$kept_all" "$deep" "$threads"
	done <"$name.kept"
}

# program NAME WHAT COMMAND...
program()
{
	local n=0 handler
	case " $programs " in
	*" $1 "*) ;;
	*) return ;;
	esac
	name=$1 what=$2
	shift 2
	rm -f ./*.ms
	while test "$n" -lt "$rounds"; do
		holdtime -c 1 prlimit --core=1 "$@" >>none.ms 2>/dev/null
		for handler in $who; do
			if ! crash "$handler" "$@"; then
				echo "$handler kept nothing of $what"
			elif test "$n" -eq 0; then
				tell "$handler"
			fi
		done
		n=$((n + 1))
	done
	table
}

program=$BUILD/t/mapper
program small "small program" "$program" 64K 64K
program threads "20 threads, 64 M" \
    "$program" locks 20 64M
program full "1 GiB touched" "$program" 1G 1G
program sparse "8 GiB, 0.5 touched" "$program" 8G 512M
