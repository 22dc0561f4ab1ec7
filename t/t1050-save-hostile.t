#!/bin/sh
# SPDX-License-Identifier: ISC
# A process that chose its names, its cgroup and its moment to die; a store
# that somebody else has been in.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd jq
mkcore >core
esc=$(printf '\033')
newline='
'

# Names, in the kernel's arguments and in the process.
# shellcheck disable=SC2016,SC1003 # they are not to be expanded
for name in '$(touch pwned)' '`touch pwned`' 'a b' '-rf' '"quoted"\' \
    "x${newline}Uid:	0	0	0	0" ') R 1 1 (' "$esc]0;pwned$esc\\" '' '..' \
    "$(printf '\377\376')"; do
	save -d store -k comm="$name" -k exe="$name" -k host="$name" <core
	record_of_save
	is "told '$name': status" "$status" 0
	ok "told '$name': JSON" jq -e .version "$record/meta.json"
	unlike "told '$name': no escape in it" "$(cat "$record/meta.json")" "$esc"
	case $name in
	'' | *[!\ -~]*) ;;
	*) is "told '$name': as it was" "$(meta .comm)" "$name" ;;
	esac
done
ok "nothing of it was run" test ! -e pwned
is "bytes that are no UTF-8 are shown" "$(meta .comm)" '\xff\xfe'

cat >named.py <<END
import ctypes, os, sys, time
ctypes.CDLL(None).prctl(15, b"x\nUid:\t0) R 1 (", 0, 0, 0)
os.makedirs(b"d\n\x1b]0;x\x07\xff"); os.chdir(b"d\n\x1b]0;x\x07\xff")
os.makedirs(b"\n7 -> /etc"); f = open(b"\n7 -> /etc/shadow", "w")
open("$TRASH/ready", "w").close()
time.sleep(1000)
END
python3 named.py "line${newline}break$esc" "$(printf '\200')" &
pid=$!
at_exit "kill $pid"
wait_for 10 test -e ready
save -P "$pid" -d store -k uid="$(id -u)" <core
record_of_save
is "a process with such names: status" "$status $err" "0 "
is "its uid is not what its name says" "$(meta .uid)" "$(id -u)"
like "its name" "$(meta .comm)" '^x$'
is "its arguments" "$(jq -c '.cmdline[-2:]' "$record/meta.json")" \
    '["line\nbreak\u001b","\\x80"]'
like "its directory" "$(meta .cwd)" '\\xff$'
is "a line of fds is one file" "$(grep -c '^7 -> /etc/shadow' "$record/proc/fds")" 0
is "a line of tasks is one thread" "$(wc -l <"$record/proc/tasks")" 1
unlike "no escape in what people read" \
    "$(cat "$record/proc/fds" "$record/proc/tasks" "$record/meta.json")" "$esc"

# A very long command line.
cat >long.py <<END
import os, sys, time
if len(sys.argv) == 1:
    os.execv(sys.executable, [sys.executable, sys.argv[0]] + ["\177" * 100000] * 15)
open("$TRASH/ready2", "w").close()
time.sleep(1000)
END
python3 long.py &
long=$!
at_exit "kill $long"
wait_for 10 test -e ready2
save -P "$long" -d store <core
record_of_save
is "1.5 MB of arguments: status" "$status" 0
ok "1.5 MB of arguments: bounded" test "$(wc -c <"$record/meta.json")" -lt 1000000
like "1.5 MB of arguments: it is said" "$(meta '.missing | join(",")')" 'cmdline: cut'

# The process that is there is not the one that crashed.
sleep 1000 &
other=$!
at_exit "kill $other"
save -P "$other" -k uid=12345 -k dumpable=1 --owner=12345 -d store <core
record_of_save
is "another uid: status" "$status" 1
like "another uid: it is said" "$err" 'not taken for the one that crashed'
ok "another uid: no /proc data" test ! -e "$record/proc"
is "another uid: nothing of it" "$(meta '[.cmdline, .cwd] | tostring')" '[null,null]'
mkcore-pidfd "$pid" core-save -P "$other" -F 3 -k uid="$(id -u)" -d store \
    -k dumpable=1 --owner=12345 <core >save.out 2>save.err
is "another's pidfd: status" $? 1
out=$(cat save.out)
record_of_save
like "another's pidfd: it is said" "$(meta '.missing | join(",")')" 'not the one of the pidfd'
ok "another's pidfd: no /proc data" test ! -e "$record/proc"
is "another's pidfd: nothing of it" "$(meta '[.cmdline, .cwd] | tostring')" '[null,null]'
test "$(id -u)" -ne 0 ||
	is "another's pidfd: root's alone" "$(meta .owner)" 0
ok "another's pidfd: the core is kept" same_bytes "$record/core.zst" core
mkcore-pidfd "$pid" core-save -P "$pid" -F 3 -d store <core >save.out 2>save.err
is "its own pidfd: status" "$? $(cat save.err)" "0 "
sleep 1000 &
dead=$!
# shellcheck disable=SC2016 # for the shell inside
mkcore-pidfd "$dead" sh -c 'kill $1; sleep 0.3; exec core-save -P $1 -F 3 \
    -d store --owner=12345' sh "$dead" <core >save.out 2>save.err &
saver=$!
wait "$dead" 2>/dev/null
wait "$saver"
is "a process that died meanwhile: status" $? 1
out=$(cat save.out)
record_of_save
ok "a process that died meanwhile: the core is kept" \
    same_bytes "$record/core.zst" core
test "$(id -u)" -ne 0 ||
	is "a process that died meanwhile: root's alone" "$(meta .owner)" 0
save -P "$pid" -F 9 -d store <core
is "a pidfd that is none: status" "$status" 1

# Names that are there before us.
for plant in core.zst meta.json proc modules; do
	for what in link fifo file; do
		id=$(core-save -d ids <core)
		mkdir "store/new/$id"
		case $what in
		link) ln -s "$TRASH/target" "store/new/$id/$plant" ;;
		fifo) mkfifo "store/new/$id/$plant" ;;
		# Kept, it would be its maker's for ever (CVE-2007-6206).
		file)
			: >"store/new/$id/$plant"
			test "$(id -u)" -ne 0 ||
			    chown 65534 "store/new/$id/$plant" ;;
		esac
		save --id="$id" -d store <core
		is "CVE-2007-6206, CVE-2015-1338: a $what named $plant: refused" "$status" 111
		like "a $what named $plant: the message" "$err" \
		    "refuse record '$id'"
		test ! -e "store/pending/$id" ||
		    fail "a $what named $plant is published"
	done
done
ok "no link was followed" test ! -e target
id=$(core-save -d ids <core)
ln -s "$TRASH" "store/new/$id"
save --id="$id" -d store <core
is "a link for the record: refused" "$status" 111
rm "store/new/$id"
mkdir "store/new/$id" && echo said >"store/new/$id/log"
save --id="$id" -d store <core
record_of_save
is "a record that was begun for us is adopted" \
    "$status $(cat "$record/log")" "0 said"

# -o replaces names, and does not write through what it did not make.
ln -s target out
save -o out <core
ok "CVE-2020-8833, CVE-2019-11482: -o replaces a link" test ! -e target -a ! -L out
mkfifo pipe
save -o pipe <core
is "-o does not wait for a pipe's reader" "$status" 111
save -o /dev/null <core
is "-o /dev/null: status" "$status" 0
ok "-o /dev/null leaves it there" test -c /dev/null

if test "$(id -u)" -ne 0; then
	skip 20 "a store that is not safe needs two users"
	finish
	exit
fi

refused()
{
	local what="$1"
	shift
	save -d bad/store <core
	is "$what: refused" "$status" 111
	like "$what: the message" "$err" "core-save: (refuse|open).*store"
	core-save --tee -d bad/store <core >tee.core 2>/dev/null
	is "$what: refused with --tee too" $? 111
	ok "$what: but all is passed on" cmp tee.core core
	rm -rf bad
}
mkdir -p bad/store && chown 65534 bad/store
refused "CVE-2015-3315: a store of another user"
mkdir -p bad/store && chmod 777 bad/store
refused "a store that all can write to"
mkdir -p bad/store && chown 65534 bad
refused "a store below another user's directory"
mkdir -p bad/real && ln -s real bad/store && chown -h 65534 bad/store
refused "another user's link to a store"
mkdir -p bad/store/new && chown 65534 bad/store/new
refused "CVE-2020-8831, CVE-2019-11485: another user's new/, where locks are"
mkdir -p bad/store/pending && chmod 777 bad/store/pending
refused "a pending/ that all can write to"
mkdir -p bad/store bad/elsewhere && ln -s ../elsewhere bad/store/pending
refused "a link for pending/"
mkdir -p bad/store && : >bad/store/new
refused "a file for new/"

# A cgroup is named by whoever may make one.
root=
for dir in /sys/fs/cgroup/systemd /sys/fs/cgroup; do
	test -w "$dir/cgroup.procs" && root=$dir && break
done
hex=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
uuid=0f6ddc88-d1b5-4e33-b5f4-5ef4a5e5a77b
if test -n "$root" && mkdir "$root/corepipe-test" 2>/dev/null; then
	at_exit "rmdir '$root/corepipe-test' 2>/dev/null"
	# what it is called, the unit, the container
	while IFS='|' read -r name unit container; do
		group=$root/corepipe-test/$name
		mkdir -p "$group"
		sleep 1000 &
		in=$!
		echo "$in" >"$group/cgroup.procs"
		save -P "$in" -d store <core
		record_of_save
		is "cgroup '$name'" "$(meta '"\(.unit)|\(.container)"')" \
		    "$unit|$container"
		kill "$in"
		wait "$in" 2>/dev/null
		rmdir "$group"
		rmdir "${group%/*}" 2>/dev/null
	done <<-END
	nginx.service|nginx.service|null
	a.slice/b.service|b.service|null
	docker-$hex.scope|docker-$hex.scope|$hex
	docker/$hex|null|$hex
	cri-containerd:$hex|null|$hex
	0123456789ab|null|0123456789ab
	0123456789a|null|null
	${hex}0|null|null
	docker-${hex}x|null|null
	$uuid|null|null
	vte-spawn-$uuid.scope|vte-spawn-$uuid.scope|null
	pod$uuid/$hex|null|$hex
	x;touch pwned.service|null|null
	\$(touch pwned)|null|null
	END
	ok "nothing of it was run" test ! -e pwned
else
	skip 15 "no cgroup can be made here"
fi
finish
