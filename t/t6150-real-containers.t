#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs with a root of their own: what they are called inside and outside,
# what their system calls itself, and the names of their functions, when the
# image is gone the moment after.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq unshare ldd chroot setpriv hostname pivot_root
unshare -Urpfmu --mount-proc true 2>/dev/null ||
    skip_all "no user namespaces here"
arm log=none
cd "$ARMED" || exit 1
user=64011

# make_root DIR: a dynamic crasher with its libraries, and an os-release.
make_root()
{
	local root="$1" file
	mkdir -p "$root/bin" "$root/etc" "$root/proc" "$root/usr/lib" \
	    "$root/dev" "$root/tmp"
	cp "$BUILD/t/wreck" "$root/bin/inside"
	for file in $(ldd "$BUILD/t/wreck" | grep -o '/[^ ]*'); do
		mkdir -p "$root${file%/*}"
		cp -L "$file" "$root$file"
	done
	cat >"$root/usr/lib/os-release" <<-'END'
	NAME="Not this"
	ID=toy
	VERSION_ID="7.1"
	PRETTY_NAME="Toy \"Seven\" GNU/Linux"
	END
	ln -s ../usr/lib/os-release "$root/etc/os-release"
}

# The names come from debug data here, so they must be those of the file.
inside()
{
	local what="$1" comm="$2" host="$3"
	record=$(record_like ".comm == \"$comm\"") || record=$ARMED/none
	is "$what: its functions have names" "$(jq -r '[.threads[] |
	    select(.crashed) | .frames[:4][].function] | join(" ")' \
	    "$record/snapshot.json" 2>&1)" "die_null inner outer main"
	is "$what: each module is the one that was mapped" "$(jq -r '.modules[] |
	    select(.missing != null) | .path + ": " + .missing' \
	    "$record/snapshot.json" 2>&1)" ""
	is "$what: PID and TID inside and outside" \
	    "$(jq -c '.process | [.pid > 2, .tid > 2, .ns_pid, .ns_tid]' \
	    "$record/snapshot.json" 2>&1)" "[true,true,$inner,$inner]"
	is "$what: its system" \
	    "$(jq -r '.process.os_release | [.id, .version_id, .pretty_name] |
	    join("|")' "$record/snapshot.json" 2>&1)" \
	    'toy|7.1|Toy "Seven" GNU/Linux'
	is "$what: what it calls its machine, and what ours is called" \
	    "$(jq -r '[.process.hostname, .host] | join("|")' \
	    "$record/snapshot.json" 2>&1)" "$host|$(uname -n)"
	is "$what: its namespaces are not ours" "$(jq -r \
	    '.process.namespaces | [.pid, .mnt, .uts] | join(" ")' \
	    "$record/snapshot.json" 2>&1 | tr ' ' '\n' | grep -cxF \
	    -e "$(readlink /proc/self/ns/pid | tr -dc 0-9)" \
	    -e "$(readlink /proc/self/ns/mnt | tr -dc 0-9)" \
	    -e "$(readlink /proc/self/ns/uts | tr -dc 0-9)")" 0
	is "$what: meta.json says the same" \
	    "$(jq -c '[.os_release.id, .hostname, .ns_pid]' \
	    "$record/meta.json" 2>&1)" "[\"toy\",\"$host\",$inner]"
	unlike "$what: no stage failed" "$(cat "$record/log" 2>&1)" \
	    ' (core-save|core-unwind|snap-put) [1-9][0-9]* [0-9]+ ms'
}

# The whole tree goes while the handler may still be at it.
make_root root
mv root/bin/inside root/bin/in-chroot
chown -R $user root
inner=1
die setpriv --reuid=$user --regid=$user --clear-groups env -C root \
    unshare -Urpfmu sh -c 'mount -t proc none proc &&
    hostname toybox && exec chroot . /bin/in-chroot null'
rm -rf root
inside "unshare and chroot" in-chroot toybox

# As container runtimes do: the root is a mount of its own, then the old one
# goes away.
make_root root
mv root/bin/inside root/bin/in-pivot
die unshare -pfmu sh -c 'mount --bind root root && cd root &&
    mount -t proc none proc && hostname toybox && mkdir old &&
    pivot_root . old && exec /bin/in-pivot null'
rm -rf root
inside "pivot_root" in-pivot toybox

if command -v bwrap >/dev/null && bwrap --unshare-all --bind / / true \
    2>/dev/null; then
	make_root root
	mv root/bin/inside root/bin/in-bwrap
	inner=2
	# Each directory is a mount of its own, over an empty root.
	die bwrap --unshare-all --hostname toybox --ro-bind root/bin /bin \
	    --ro-bind root/usr /usr --ro-bind root/etc /etc \
	    --ro-bind root/lib /lib --ro-bind root/lib64 /lib64 \
	    --proc /proc --dev /dev /bin/in-bwrap null
	rm -rf root
	inside bubblewrap in-bwrap toybox
else
	skip 8 "no bubblewrap that works here"
fi

# crun refuses cgroups as some machines mount them, and runc none at all.
container()
{
	timeout 60 podman --root "$ARMED/c" --runroot "$ARMED/r" \
	    --cgroup-manager=cgroupfs --runtime="${runtime% *}" run --rm \
	    --net=none --hostname toybox --ulimit nofile=100:100 \
	    --ulimit nproc=100:100 --cgroups="${runtime#* }" \
	    --cgroup-parent=/corepipe-test \
	    --rootfs "$PWD/root" "$@"
}
at_exit "umount -l '$ARMED/c/overlay' 2>/dev/null"
at_exit 'find /sys/fs/cgroup -depth -type d \( -path "*/corepipe-test" -o \
    -path "*/corepipe-test/*" \) -exec rmdir {} + 2>/dev/null'
make_root root
mv root/bin/inside root/bin/in-podman
works=
for runtime in 'crun enabled' 'runc enabled' 'crun disabled'; do
	command -v podman >/dev/null || break
	container /bin/in-podman >podman.out 2>&1
	test "$?" -eq 100 && works=1 && break
done
if test -n "$works"; then
	inner=1
	die container /bin/in-podman null
	rm -rf root
	inside podman in-podman toybox
	if test "${runtime#* }" = enabled; then
		like "podman: its id" "$(jq -r .process.container \
		    "$record/snapshot.json" 2>&1)" '^[0-9a-f]{64}$'
	else
		skip 1 "podman has no cgroups here"
	fi
else
	skip 9 "no podman that works here: $(tail -n 1 podman.out 2>/dev/null)"
fi
rm -rf root

# What a root may hold that is not for its user, or not for anybody. The record
# is the user's own, who made all of it.
echo 'ID=SECRET-OF-ROOT' >secret
chmod 600 secret
mkdir -m 700 closed
echo 'ID=SECRET-OF-ROOT' >closed/open
# hostile WHAT COMMAND...: makes etc/os-release in the root; the crash has none.
hostile()
{
	local what="$1" how="$2"
	make_root root
	mv root/bin/inside root/bin/evil
	rm -f root/etc/os-release root/usr/lib/os-release
	(cd root && eval "$how")
	chown -hR $user root
	rm -rf "$STORE"/archive/*
	# shellcheck disable=SC2016
	die timeout 60 env -C root unshare -pfmu sh -c 'mkdir -p host &&
	    mount --bind .. host && mount -t proc none proc &&
	    exec setpriv --reuid=64011 --regid=64011 --clear-groups \
	    --inh-caps=+sys_chroot --ambient-caps=+sys_chroot \
	    chroot . /bin/evil null'
	record=$(record_like '.comm == "evil"') || record=$ARMED/none
	is "$what: nothing of it" \
	    "$(jq -c '[.os_release, .comm]' "$record/meta.json" 2>&1)" \
	    '[null,"evil"]'
	like "$what: it is said" "$(jq -r '.missing[]' "$record/meta.json" \
	    2>&1)" '^os_release: '
	is "$what: nor anywhere else" "$(grep -rl SECRET-OF "$record")" ""
	rm -rf root
}
hostile "CVE-2019-7307: a file of root's" 'ln -s /host/secret etc/os-release'
hostile "CVE-2021-32555: a file behind a closed door" \
    'ln -s ../host/closed/open etc/os-release'
hostile "ABRT#27aa6876: a link out of it" \
    "ln -s $ARMED/secret etc/os-release; ln -s ../../../..$ARMED/secret usr/lib/os-release"
hostile "CVE-2021-25684: a FIFO" 'mkfifo etc/os-release'
hostile "CVE-2021-32549: a device" 'mknod etc/os-release c 1 5'
hostile "a directory" 'mkdir etc/os-release'
hostile "a socket" 'python3 -c "import socket
socket.socket(socket.AF_UNIX).bind(\"etc/os-release\")"'
hostile "a link to itself" 'ln -s os-release etc/os-release'
hostile "a magic link" 'ln -s /proc/1/root/host/secret etc/os-release'

# What it says is data.
make_root root
mv root/bin/inside root/bin/evil
esc=$(printf '\033')
{
	printf 'ID=%s\n' "\$(touch $ARMED/pwned)"
	printf 'VERSION_ID="%s]0;x\007"\n' "$esc"
	printf 'PRETTY_NAME='
	head -c 100000 /dev/zero | tr '\0' A
} >root/usr/lib/os-release
rm -rf "$STORE"/archive/*
die unshare -pfmu sh -c 'cd root && mount -t proc none proc &&
    exec chroot . /bin/evil null'
record=$(record_like '.comm == "evil"') || record=$ARMED/none
is "CVE-2021-32547: what it says is data, and bounded" \
    "$(jq -c '.os_release | [.id, .version_id, (.pretty_name | length)]' \
    "$record/meta.json")" \
    "[\"\$(touch $ARMED/pwned)\",\"\\u001b]0;x\\u0007\",256]"
ok "CVE-2025-12744: and nothing ran" test ! -e pwned
unlike "no escape in what people read" "$(cat "$record/report.txt")" "$esc"
finish
