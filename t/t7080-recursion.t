#!/bin/sh
# SPDX-License-Identifier: ISC
# The handler, or a program of it, crashes itself: no second handler is run,
# and the first crash has its record. And crashes of programs that are called
# as ours are, and cores that attack who reads them.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq zstd setpriv
arm log=none
cd "$ARMED" || exit 1
mkdir build
cp -R "$BUILD/bin" "$BUILD/libexec" build/
cp "$BUILD/t/attack-crash" a-first
sed -e "1a echo run >>$ARMED/runs" -e "s|$BUILD/libexec|$ARMED/build/libexec|" \
    h >h.new
chmod 755 h.new && mv h.new h

runs()
{
	settle
	wc -l <runs
}

first()
{
	: >runs
	rm -rf "$STORE"/archive/*
	die ./a-first
}

put_has_ended()
{
	grep -q ' snap-put [0-9]' "$STORE"/pending/*/log
}

# A stage that dies of SIGSEGV, as a process that could be dumped.
for stage in core-save core-unwind snap-put; do
	cp "$BUILD/t/attack-crash" "build/bin/$stage.real"
	printf '#!/bin/sh\nexec %s/build/bin/%s.real\n' "$ARMED" "$stage" \
	    >"build/bin/$stage"
	chmod 755 "build/bin/$stage"
	if test "$stage" = snap-put; then
		at_rest=put_has_ended
	fi
	first
	# What salvages it may only just have begun.
	wait_for 30 sh -c "grep -q ' $stage 139 ' '$STORE'/*/*-*/log"
	is "recursion: $stage crashes: one handler was run" "$(runs)" 1
	like "recursion: $stage crashes: the record is made, and says so" \
	    "$(cat "$STORE"/*/*-*/log 2>/dev/null)" " $stage 139 "
	cp -f "$BUILD/bin/$stage" "build/bin/$stage"
done
at_rest=settled
for record in "$STORE"/pending/*-*; do
	snap-put -s "$STORE" "$record" >/dev/null
done

# The handler itself.
mv build/libexec/handler.sh build/libexec/handler.real
cat >build/libexec/handler.sh <<'END'
#!/bin/sh
kill -SEGV $$
END
chmod 755 build/libexec/handler.sh
first
sleep 0.3
is "recursion: the handler crashes: it is not run for that" "$(runs)" 1
mv build/libexec/handler.real build/libexec/handler.sh

# Our programs, run by a person, die without one.
: >runs
mkfifo never
exec 7<>never
victim()
{
	ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0 \
	    "$@" <never >/dev/null 2>&1 7<&- &
	pid=$!
	wait_for 10 sh -c "grep -q 'SigIgn\|State:.*S' /proc/$pid/status &&
	    grep -qv '^sh' /proc/$pid/comm"
	sleep 0.2
	kill -SEGV "$pid"
	wait "$pid" 2>/dev/null
	status=$?
}
for program in "core-save -o /dev/null" "core-unwind -" "snap-put -s s -"; do
	# shellcheck disable=SC2086
	victim $program
	is "CVE-2022-4415: $program: it dies" "$status" 139
	is "CVE-2022-4415: $program: and is not dumped" "$(runs)" 0
done
exec 7<&-

# Called as one of ours is: nothing special.
mkdir names
for name in core-save core-unwind handler.sh snap-list; do
	cp "$BUILD/t/attack-crash" "names/$name"
	die "names/$name"
	record=$(record_of "$pid") || record=$ARMED/none
	is "CVE-2015-5287: a program called $name: recorded as any" \
	    "$(jq -r '.comm' "$record/meta.json" 2>&1)" "$name"
	is "CVE-2015-5287: a program called $name: the usual files" \
	    "$(find "$record" -maxdepth 1 -type f -printf '%f\n' | sort |
	    paste -sd ' ' -)" \
	    "core.zst log meta.json report.txt snapshot.json"
done
is "CVE-2015-3142: and nothing beside the store" \
    "$(find names -newer "$ARMED/runs" ! -name 'core-*' ! -name handler.sh \
    ! -name snap-list ! -name names)" ""

# A core that attacks its reader, through the whole handler.
zstd -qdc "$record/core.zst" >whole.core
size=$(stat -c %s whole.core)
n=0
for change in 16:ff 18:00 32:ffffffffffffffff 32:00 54:0000 54:ffff 56:ffff \
    60:ffff 72:ffffffffffffffff 96:ffffffffffffffff 104:ffffffffffffffff \
    128:ffffffffffffffff 152:ffffffffffffffff cut:0 cut:63 cut:64 cut:4000 \
    cut:$((size / 2)); do
	n=$((n + 1))
	cp whole.core bad.core
	case $change in
	cut:*) head -c "${change#*:}" whole.core >bad.core ;;
	*) printf %b "$(printf %s "${change#*:}" | sed 's/../\\0x&/g;
	    s/\\0xff/\\0377/g; s/\\0x00/\\0000/g')" |
	    dd of=bad.core bs=1 seek="${change%%:*}" conv=notrunc 2>/dev/null ;;
	esac
	rm -rf "$STORE"/archive/*
	as_kernel '' "$ARMED/h" P=999999999 I=1 p=1 i=1 u=0 g=0 d=1 s=11 t=1 \
	    c=0 F= h=h e=e E=E <bad.core
	settle
	set -- "$(record_of 999999999)"
	# The last line is written when the record is in its place.
	wait_for 10 grep -q ' snap-put [0-9]' "$1/log"
	is "CVE-2020-15701, libdw#20354, libdw#29585: $change: the core is kept as it came" \
	    "$(zstd -qdc "$1/core.zst" 2>/dev/null | cksum)" \
	    "$(cksum <bad.core)"
	like "CVE-2020-15701: $change: every stage ended" "$(cat "$1/log")" \
	    ' snap-put [01] [0-9]'
	unlike "CVE-2020-15701: $change: none died of it" "$(cat "$1/log")" \
	    ' core-unwind (1[2-9]|2[0-9])[0-9] |itself died'
done
finish
