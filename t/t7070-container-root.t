#!/bin/sh
# SPDX-License-Identifier: ISC
# A root of somebody else's making: programs, libraries, a preload file and
# links out of it, in namespaces of its own. strace of the handler and of all
# that it starts says what was run and what was opened.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq strace unshare setpriv chroot cc
unshare -Urmp --mount-proc -f true 2>/dev/null ||
    skip_all "no user namespaces here"
arm log=none
cd "$ARMED" || exit 1
user=64011

# The kernel starts strace, and strace the handler.
sed '$d' h >h.new
sed -n '$p' h |
    sed "s|^exec |exec strace -f -qq -e trace=execve,open,openat,openat2,connect,chroot,setns,pivot_root,mount -o $ARMED/trace |" >>h.new
chmod 755 h.new && mv h.new h

# The root: the crasher is static, as no library here is to be trusted. What
# would run or load leaves a mark.
root=$ARMED/root
mkdir -p root/bin root/usr/bin root/usr/sbin root/lib64 root/etc root/proc \
    root/tmp root/var/tmp root/run root/dev root/usr/lib/debug root/lib \
    root/usr/share/gdb/auto-load root/usr/lib/python3
cc -static -g -o root/bin/a-inside "$SRC/t/helper/attack-crash.c"
cat >evil.c <<'END'
#include <stdio.h>
__attribute__((constructor)) static void
evil(void)
{
	FILE *f = fopen("/var/tmp/corepipe-t7070.pwned", "w");

	if (f != NULL)
		fclose(f);
}
END
cc -shared -fPIC -o root/lib/evil.so evil.c
echo /lib/evil.so >root/etc/ld.so.preload
cp root/lib/evil.so root/lib64/libc.so.6
cp root/lib/evil.so root/lib64/ld-linux-x86-64.so.2
for tool in sh dash bash gdb eu-stack core-save core-unwind snap-put logger rpm \
    dpkg python3 zstd date; do
	printf '#!/bin/a-pwner\n' >"root/bin/$tool"
	ln -sf "../../bin/$tool" "root/usr/bin/$tool"
	chmod 755 "root/bin/$tool"
done
cp root/bin/a-inside root/bin/a-pwner
echo "SECRET-OF-SHADOW" >shadow
chmod 600 shadow
ln -s "$ARMED/shadow" root/etc/os-release
ln -s /etc/shadow root/usr/lib/os-release
ln -s "$ARMED/shadow" root/etc/hostname
mkfifo root/etc/machine-id
: >root/etc/corepipe.conf
chown -R $user root

die env -C root setpriv --reuid=$user --regid=$user --clear-groups \
    unshare -Urmpf sh -c 'mount -t proc none proc && exec env -i \
    PATH=/usr/sbin:/usr/bin:/bin LD_PRELOAD=/lib/evil.so LD_LIBRARY_PATH=/lib PYTHONPATH=/lib \
    DEBUGINFOD_URLS=http://127.0.0.1:9 chroot . /bin/a-inside -c a-inside'
record=$(record_like '.comm == "a-inside"') || record=$ARMED/none
settle
tr -cd '\n -~' <trace >text && mv text trace
ok "(there is a trace of the handler)" grep -q execve trace
is "CVE-2017-14179, CVE-2017-14180, CVE-2018-6552: the pid is the host's, ns_pid the one inside" \
    "$(jq -c '[.pid > 1, .ns_pid, .owner]' "$record/meta.json" 2>&1)" \
    "[true,1,$user]"
is "it is unwound all the same" "$(jq -r '.threads[0].frames[0].function' \
    "$record/snapshot.json" 2>&1)" strike

run=$(sed -n 's/.*execve("\([^"]*\)".*= 0$/\1/p' trace | sort -u)
is "CVE-2015-1318, CVE-2015-1862: nothing of that root is executed" \
    "$(printf '%s\n' "$run" | grep -F "$root"
    printf '%s\n' "$run" | grep -Ev "^($BUILD|/usr|/bin|/sbin|$ARMED/h)")" ""
is "CVE-2015-1318: no root and no namespace is entered" \
    "$(grep -E 'chroot\(|setns\(|pivot_root\(|mount\(' trace)" ""
# /dev/log, nscd and the like are the host's, and are named by constants.
is "CVE-2019-11483, CVE-2022-1242, CVE-2022-28654, CVE-2022-28655, CVE-2022-28656: no socket is connected to that is not the host's" \
    "$(grep 'connect(' trace |
    grep -vE 'sun_path="/(dev/log|run/systemd|var/run/nscd|run/nscd)')" ""
is "CVE-2022-28657: nothing of that root is loaded, nor opened by its path" \
    "$(grep -E 'open[a-z0-9]*\(' trace | grep -F "$root/" |
    grep -v '/bin/a-inside"')" ""
# Within that root a link leads to what is in it. What is opened as a mere place
# (O_PATH, O_NOFOLLOW) has nothing read of it: the sandbox's walls stand there.
unlike "ABRT#27aa6876: no link of it is followed" "$(grep -v \
    -e RESOLVE_IN_ROOT -e 'O_NOFOLLOW|O_CLOEXEC|O_PATH' trace)" \
    '"(/etc/shadow|[^"]*/(shadow|os-release|machine-id|ld.so.preload.*evil))"'
unlike "ABRT#27aa6876: nothing of what it points at is kept" \
    "$(grep -rla SECRET-OF-SHADOW "$record" 2>/dev/null)" .
ok_no "nothing of it ran" 1 test -e /var/tmp/corepipe-t7070.pwned
rm -f /var/tmp/corepipe-t7070.pwned

# The process has chosen the directory that the handler would be in.
mkdir run
chmod 1777 run
cat >run/.gdbinit <<END
shell touch $ARMED/run/pwned
END
cp run/.gdbinit run/a-inside-gdb.gdb
: >trace
die setpriv --reuid=$user --regid=$user --clear-groups env -C run \
    "$BUILD/t/attack-crash" -c a-cwd
record=$(record_like '.comm == "a-cwd"') || record=$ARMED/none
settle
tr -cd '\n -~' <trace >text && mv text trace
is "CVE-2022-28657: no file of its working directory is opened" \
    "$(grep -F "$ARMED/run" trace | grep -v -e readlink \
    -e 'O_NOFOLLOW|O_CLOEXEC|O_PATH')" ""
is "CVE-2006-2451: nor is one made" "$(ls run)" a-inside-gdb.gdb
is "CVE-2015-1341: the programs that were run are those of a handler" \
    "$(sed -n 's/.*execve("\([^"]*\)".*= 0$/\1/p' trace | sed 's|.*/||' |
    sort -u | grep -vxE 'h|handler.sh|sh|dash|busybox|core-save|core-unwind|snap-put|stage-[a-z]+|setsid|nice|ionice|timeout|date|tr|head|tail|cat|sleep|rm|id|chmod|mv|mkdir|chgrp|logger|flock|sed|find|kill|mkfifo|dirname|stat|df|awk|true|touch|wc|cut|sort|grep|nproc|snap-prune|snap-list|env|getconf')" ""
finish
