#!/bin/sh
# SPDX-License-Identifier: ISC
# What a process may choose the name of: itself, its program, its host, its
# mounts, its cgroup, its files, its arguments and its environment. Nothing of
# it runs, is taken for something else, or reaches a terminal or a log as more
# than letters.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq setpriv unshare script
arm log=kmsg
cd "$ARMED" || exit 1
esc=$(printf '\033')
bell=$(printf '\007')
nl='
'
user=64011
mkdir -m 1777 run
cp "$BUILD/t/attack-crash" -- ./-rf

as_user()
{
	setpriv --reuid=$user --regid=$user --clear-groups \
	    env HOME=/nonexistent COREPIPE_STORE="$STORE" "$@"
}

# controls COMMAND...: the bytes of what it says, on both descriptors, that are
# not to be seen on a terminal.
controls()
{
	"$@" </dev/null 2>&1 | tr -d '\r\n\t -~' | tr -d '\200-\377' |
	    od -An -c | tr -d ' \n'
}

newest_record()
{
	settle
	for dir in "$STORE"/archive/*/; do
		record=${dir%/}
	done
}

# One crash of an own host, own mounts and an own cgroup, of a program in a
# directory that is hard to say.
group=
for dir in /sys/fs/cgroup/systemd /sys/fs/cgroup; do
	test -w "$dir/cgroup.procs" && group=$dir/corepipe-t7030 && break
done
evil="\$(touch $ARMED/run/pwned)${nl}$esc]0;x$bell"
evil_dir="run/d;touch pwned${nl}${esc}[2J"
mkdir -p "$evil_dir"
host="h/\$(id)$esc]0;x"
if test -n "$group" && mkdir "$group" 2>/dev/null; then
	at_exit "rmdir '$group/'* '$group' 2>/dev/null"
	mkdir "$group/\$(touch pwned);x$esc]0;x.service" &&
	    group="$group/\$(touch pwned);x$esc]0;x.service"
else
	group=
fi

# shellcheck disable=SC2016,SC1003 # they are not to be expanded
for name in '$(touch run/pw)' "x${nl}Uid:	0	0" \
    'a) R 1 1 (' "$esc]0;x$bell${esc}[2J" '-rf' '' '..' 'd=1 u=0' \
    "$(printf '\302\233')31m"; do
	# shellcheck disable=SC2016 # for the shell inside
	die unshare -um sh -c '
		test -z "$1" || echo $$ >"$1/cgroup.procs"
		printf %s "$5" >/proc/sys/kernel/hostname
		mount -t tmpfs "$3" "$2" && cd "$2" && cp "$4" ./-rf &&
		    chmod 777 . || exit
		name=$6
		shift 6
		exec setpriv --reuid=64011 --regid=64011 --clear-groups \
		    ./-rf -c "$name" -F "$(printf "\n7 -> pipe:[1]")" "$@"' \
	    sh "$group" "$evil_dir" "$evil" "$ARMED/-rf" \
	    "$host" "$name" -- "--help" "$evil"
	newest_record
	what=$(printf %s "$name" | tr -c ' -~' '?')
	is "CVE-2021-25682, CVE-2021-25683: [$what]: whose it is" \
	    "$(jq -c '[.uid, .owner, .dumpable]' "$record/meta.json")" \
	    "[$user,$user,1]"
	# The kernel's way with names that would be paths.
	shown=$(printf %s "$name" | sed 's|/|!|g; s|^\.|!|')
	shown=${shown:-!}
	case $name in
	*[!\ -~]*) ;;
	*) is "CVE-2022-28658: [$what]: its name" "$(jq -r .comm "$record/meta.json")" \
	    "$shown" ;;
	esac
	is "CVE-2021-32556: [$what]: the program -rf is unwound" \
	    "$(jq -r '.threads[0].frames[0].function' \
	    "$record/snapshot.json" 2>&1)" strike
	id=${record##*/}
	is "CVE-2016-9949: [$what]: no controls in lists and reports" \
	    "$(controls snap-list
	    controls snap-list --group=comm
	    controls snap-list --select=host,cwd,cgroup
	    controls script -qec "snap-list --csv" /dev/null
	    controls snap-list --json
	    controls snap-show "$id"
	    controls snap-show --json "$id"
	    controls snap-get "$id"
	    controls cat "$record/log" "$record/report.txt" "$record/meta.json" \
		"$record/snapshot.json" "$record/proc/fds" "$record/proc/tasks"
	    controls as_user snap-list)" ""
	unlike "rhbz#2484614: [$what]: no line of the kernel's log is forged" \
	    "$(dmesg | grep -F "$id" | grep -v "corepipe: ")" .
	is "LP1444518: [$what]: a descriptor is one line" \
	    "$(grep -c '^7 -> ' "$record/proc/fds")" 1
	rm -rf "$STORE"/archive/*
done
ok "CVE-2025-12744: nothing of it was run" test -z "$(find . / -maxdepth 1 \
    -name 'pw*' 2>/dev/null; find run -name 'pw*')"
finish
