#!/bin/sh
# SPDX-License-Identifier: ISC
# How each program begins, as strace sees it, with none of the descriptors 0 to
# 2 open: those first, then no dump and no tracing of it, and only then a file
# that was named. Where rights are dropped: the order, and that it was looked
# after.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command strace setpriv
test -z "${SAN-}" || skip_all "a sanitizer opens files of its own first"
strace -o try true 2>/dev/null || skip_all "nothing can be traced here"
minicore >core
mkdir store
chmod 755 "$TRASH"

# Of an undumpable process only root's strace sees what is pointed to.
no_core='{rlim_cur=0, rlim_max=0}'
test "$(id -u)" -eq 0 || no_core='0x[0-9a-f]+'

# traced COMMAND...: "trace" has its calls from the last library on.
traced()
{
	strace -f -qq -y -o all -e trace=open,openat,openat2,creat,prctl,prlimit64,setrlimit,setgroups,setresgid,setresuid,getresuid,getresgid,getgroups,setuid,setgid,socket,seccomp,landlock_restrict_self \
	    "$@" <&- >&- 2>&-
	sed 's/^[0-9]* *//' all | awk '/\.so[.0-9]*", O_RDONLY/ && !done {
	    n = 0; next } { line[++n] = $0 } /\/dev\/null/ { done = 1 }
	    END { for (i = 1; i <= n; i++) print line[i] }' >trace
}
# first ERE: the number of the first line that matches, or 0.
first()
{
	awk -v want="$1" '$0 ~ want { print NR; exit }' trace | grep . || echo 0
}

for program in "core-save -o saved <core" "core-unwind core" \
    "snap-put -s $TRASH/store core" "snap-list -s $TRASH/store"; do
	name=${program%% *}
	# shellcheck disable=SC2086
	traced ${program%% <*}
	# A library may want its seed even before main().
	is "$name: nothing is opened before" "$(sed '/dev\/null/,$d' trace |
	    grep -E '^(open|creat|socket)' | grep -v '"/dev/urandom", O_RDONLY')" ""
	sed -n '/dev\/null/,$p' trace >from && mv from trace
	is "$name: the first files are the descriptors 0 to 2" \
	    "$(head -n 3 trace |
	    sed -n 's/^open.*"\(\/dev\/null\)", O_RD\([A-Z]*\)) = \([0-9]\).*/\1 \3 \2/p' |
	    paste -sd, -)" "/dev/null 0 WR,/dev/null 1 ONLY,/dev/null 2 WR"
	like "$name: the next is that it cannot be dumped or traced" \
	    "$(sed -n 4,5p trace)" 'prctl\(PR_SET_DUMPABLE, SUID_DUMP_DISABLE\)'
	like "$name: nor has a core" "$(sed -n 4,6p trace)" \
	    "RLIMIT_CORE, $no_core, NULL\) = 0"
	undumpable=$(first 'PR_SET_DUMPABLE')
	named=$(first "\"(core|saved|\\.core-save.*|$TRASH/store)\"")
	ok "CVE-2022-4415: $name: before a file that was named" \
	    test "$undumpable" -gt 0 -a "$undumpable" -lt \
	    "$(test "$named" -gt 0 && echo "$named" || echo 99999)"
done

if test "$(id -u)" -ne 0; then
	skip 9 "rights are root's to drop"
	finish
	exit
fi
for program in "core-unwind --user=daemon core" \
    "snap-put --user=daemon -s $TRASH/store core"; do
	name=${program%% *}
	chmod 644 core
	# shellcheck disable=SC2086
	traced setpriv --groups=0,1,2 $program
	steps=$(grep -nE 'set(groups|res[ug]id)\(|getres[ug]id\(|getgroups\(' \
	    trace | sed -n '/setgroups(0/,$p' |
	    sed -E 's/^[0-9]*://; s/\(.*\) *= (-?[0-9]).*/ \1/' |
	    paste -sd, -)
	is "CVE-2020-11936: $name: groups, gid, uid; then a look; then a try" \
	    "$steps" "setgroups 0,setresgid 0,setresuid 0,getresgid 0,getresuid 0,getgroups 0,setresuid -1,setresgid -1"
	like "CVE-2022-4415: $name: undumpable again after the change" \
	    "$(sed -n '/setresgid(0, 0, 0) *= -1/,$p' trace | sed -n 2p)" \
	    'PR_SET_DUMPABLE, SUID_DUMP_DISABLE'
	ok "$name: nothing goes back to root" test "$(grep -cE \
	    'set(res)?[ug]id\(0.*= 0' trace)" -eq 0
done
# Of the reader: the walls stand before the first byte.
traced core-unwind --user=daemon core
dropped=$(first '^setresuid\([1-9]')
landlock=$(first '^landlock_restrict_self')
seccomp=$(first '^(seccomp\(SECCOMP_SET_MODE_FILTER|prctl\(PR_SET_SECCOMP)')
ok "core-unwind: rights, Landlock and seccomp, in this order" \
    test "$dropped" -gt 0 -a "$landlock" -gt "$dropped" \
    -a "$seccomp" -gt "$landlock"
finish
