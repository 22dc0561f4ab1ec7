#!/bin/sh
# SPDX-License-Identifier: ISC
# A wrong value in corepipe.conf, or a store that takes no new file, costs no
# more than itself: the crash is recorded whole, and the log names the setting.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq setpriv zstd
plan 26
copy_build
minicore >core
setpriv --reuid=65534 --regid=65534 --clear-groups \
    sleep 60 >/dev/null 2>&1 &
victim_pid=$!
at_exit "kill $victim_pid"
victim()
{
	handle core "P=$victim_pid" "p=$victim_pid" u=65534 g=65534 d=1 s=11 \
	    e=q E=!usr!bin!q
	record=$(find "$STORE" -maxdepth 2 -name "$new_id" -type d)
	log=$(cat "$record/log")
}

# refused, taken SHELL: which of the KEY=VALUE lines on stdin that shell does
# not take, or takes. A value that is taken reads back as what it was, but for
# leading zeros.
refused() { verdicts "$1" odd; }
taken() { verdicts "$1" fine; }
verdicts()
{
	# shellcheck disable=SC2086,SC2016
	env COREPIPE_CONF=/dev/null $1 -u -c '
	dir=$1
	. "$dir/stage.sh"
	while IFS= read -r line; do
		odd_settings=
		setting "${line%%=*}" "${line#*=}"
		verdict=fine
		test -n "$odd_settings" && verdict=odd
		test "$verdict" = "$2" && printf "%s\n" "$line"
	done
	true' - "$COPY/libexec" "$2" 2>&1
}

cat >bad <<'END'
keep=Full
keep=full   # all
keep=
keep=first
keep_first=
keep_first=-1
keep_first=many
keep_free=101
keep_free=10%
keep_free=
user_max=10%
user_max=-1
store_max=10X
store_max=1.5G
known_reports=
known_reports=all
level=20
level=0
level=-1
level=fast
limit=10X
limit=0
limit=000
limit=0K
limit=K
limit=1iB
limit=1KiBs
limit=1 K
limit=-1
limit=1.5G
limit=99999999999999999999
limit=99999999T
ram=10X
ram=B
core_timeout=0
core_timeout=00
core_timeout=
core_timeout=-1
core_timeout=1h
core_timeout=99999999999999999999999
core_timeout=1000001
trace_timeout=0
chain_timeout=0
unwind_timeout=0
put_timeout=0
another_timeout=1
nice=20
nice=-1
nice=
reports=many
reports=
locals=all
locals=
trace=LTTng
trace=
log=stderr
log=
user=
user=0
user=-r
user=a b
user=a/b
user=a,b
user=$(id)
store=
store=relative
store=./relative
store=../../x
store=/var/../etc
store=/var/..
store=/..
nonsense=1
END
cat >good <<'END'
keep=auto
keep=full
keep=stacks
keep_first=0
keep_first=3
keep_free=0
keep_free=100
user_max=
user_max=0
user_max=10G
store_max=
store_max=0
store_max=1TiB
known_reports=0
known_reports=010
keep=report
keep=none
level=
level=1
level=09
level=19
limit=
limit=1
limit=010
limit=10b
limit=1k
limit=4G
limit=4GB
limit=4gib
limit=10m
limit=9999999T
ram=
ram=0
ram=512MiB
core_timeout=1
core_timeout=08
core_timeout=1000000
trace_timeout=2
chain_timeout=60
unwind_timeout=120
put_timeout=60
nice=0
nice=19
reports=0
reports=08
locals=no
locals=yes
trace=none
trace=lttng
trace_session=any thing
log=syslog
log=kmsg
log=none
user=corepipe
user=_core-pipe.2
store=/var/lib/corepipe
store=/var/lib/..corepipe/x..
store=/a b
chain=
chain=|/bin/x %p ../..
END
for s in dash bash 'busybox ash'; do
	if ! command -v "${s%% *}" >/dev/null; then
		skip 3 "no $s"
		continue
	fi
	is "$s: what is wrong is refused" "$(refused "$s" <bad)" "$(cat bad)"
	is "$s: what is right is taken" "$(taken "$s" <good)" "$(cat good)"
	# shellcheck disable=SC2086,SC2016
	is "$s: without leading zeros" "$($s -c '
	dir=$1
	. "$dir/stage.sh"
	setting nice 007
	setting unwind_timeout 08
	setting reports 00
	echo "$nice $((unwind_timeout + 1)) $reports"' - "$COPY/libexec")" \
	    "7 9 0"
done

# All of them at once, before a real core-save.
configure keep=Full level=20 limit=10X ram=much core_timeout=0 \
    unwind_timeout=08x put_timeout=0 nice=99 trace=on reports=few \
    'user=no body' log=none
victim
zstd -qdc "$record/core.zst" >kept
ok "wrong settings: all of the core is kept" cmp core kept
is "wrong settings: the stacks too" \
    "$(jq '.threads[0].frames | length' "$record/snapshot.json")" 3
for key in keep level limit ram core_timeout nice; do
	like "wrong settings: $key is named" "$log" \
	    "setting not understood: $key\$"
done

# What a program holds in its variables is told only where somebody said so.
mv "$COPY/bin/core-unwind" "$COPY/bin/core-unwind.real"
cat >"$COPY/bin/core-unwind" <<END
#!/bin/sh
echo "\$*" >$TRASH/arguments
exec $COPY/bin/core-unwind.real "\$@"
END
chmod 755 "$COPY/bin/core-unwind"
configure
victim
unlike "variables are not asked for" "$(cat "$TRASH/arguments")" '--locals'
configure locals=yes
victim
like "but with locals=yes" "$(cat "$TRASH/arguments")" ' --locals '
mv "$COPY/bin/core-unwind.real" "$COPY/bin/core-unwind"

# "." is /proc/PID then, and root/ in it whatever the process has made its root.
configure "store=root$TRASH/inside"
victim
ok "a relative store is not made inside the process's root" \
    test ! -e "$TRASH/inside"
like "it is named" "$log" 'setting not understood: store'

# Where the files to lock cannot be opened, as in a store without inodes.
configure reports=2
rm -f "$STORE/new/.turn1"
mkdir "$STORE/new/.turn1"
rm -rf "$STORE/new/.sweep"
mkdir "$STORE/new/.sweep"
victim
is "no file to wait at: a report all the same" \
    "$record $(ls "$record/snapshot.json")" \
    "$STORE/archive/$new_id $record/snapshot.json"
like "and its line in the log" "$log" ' core-unwind [01] '
rmdir "$STORE/new/.turn1"
said=$(COREPIPE_CONF=$TRASH/corepipe.conf "$COPY/libexec/stage-sweep" 2>&1)
is "no file for the lock of the sweep: it ends, and quietly" "$?$said" 0

# --- the file that is installed, what is taken, and the page, agree

# setting() of stage.sh tells what is one; the head of that file, the defaults.
known=$(sed -n '/^setting()/,/^}/s/^	\([a-z_]*\)) .*=\$value ;;$/\1/p' \
    "$SRC/libexec/stage.sh" | sort)
is "every setting, with its default" \
    "$(sed -n 's/^#\([a-z_]*=.*\)/\1/p' "$SRC/share/corepipe.conf" | sort)" \
    "$(for key in $known; do
	sed -n "s/^\($key=.*\)/\1/p" "$SRC/libexec/stage.sh" | head -n 1
    done)"
is "every setting is in corepipe.conf(5)" \
    "$(sed -n 's/^\.It Cm \([a-z_]*\) Ns = Ns .*/\1/p' \
    "$SRC/man/corepipe.conf.5" | sort)" "$known"
