#!/bin/sh
# SPDX-License-Identifier: ISC
# A process is let go before its memory has been read: it has ended, and what is
# saved is to the byte what the kernel wrote.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp od
arm_saver

# The kernel's pipe is drained, and held open until core-save wants no more.
# Then the process ends, while a high level keeps core-save at work.
# shellcheck disable=SC2016
gone_first='
cat >whole
core-save -P "$pid" -k tid="$tid" -d store $args <whole.pipe &
cat whole >whole.pipe
exec </dev/null
while readlink "/proc/$pid/exe"; do sleep 0.01; done
test -d store/new/*-* && echo gone >early || echo done >early
eval "$meanwhile"
wait
content | cmp - whole && echo same >"$ARMED/verdict" ||
    echo differs >"$ARMED/verdict"
'

# after WHAT COMMAND...: with $args for core-save, and $meanwhile
args='' meanwhile=true early=gone
after()
{
	local what="$1"
	shift
	rm -f "$ARMED/early"
	saver "args='$args' meanwhile='$meanwhile'
$gone_first"
	crash "$@"
	is "$what: the same, and live" "$verdict $way $why" "same live null"
	test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
	is "$what: complete" "$(meta .core.complete)" true
	is "$what: it was gone by then" "$(cat "$ARMED/early")" "$early"
}

args=--level=12
after "memory" mapper 30M 8M
after "pages here and there" mapper 512M 3000 reserved
after "threads with mutexes" mapper locks 12 8M
# shellcheck disable=SC2016
meanwhile='kill -STOP $!; sleep 0.5; kill -CONT $!'
after "stopped for a while" mapper locks 4 8M
meanwhile=true
after "another language" python3 -c '
import os, threading
many = [str(i) for i in range(100000)]
wait = threading.Event()
for i in range(20):
	threading.Thread(target=wait.wait, daemon=True).start()
os.abort()'
# As much as there is no room for is read before.
args='--level=12 --ram=3M'
after "more than --ram" mapper locks 4 8M
args=--ram=0
saver "args=--ram=0 meanwhile=true
$gone_first"
crash mapper locks 4 8M
is "--ram=0: the same" "$verdict $way $why" "same live null"
# In the memory of a child of vfork(2) its parent goes on.
saver "args=--level=9 meanwhile=true
$gone_first"
crash mapper vfork 10M
is "a child of vfork: the same" "$verdict $way $why" "same live null"
# What others may still change, or want, is not left for later.
saver "args=--level=9 meanwhile=true
$gone_first"
crash mapper zoo
is "shared memory: the same" "$verdict $way $why" "same live null"

# Without the system call that it takes.
mkdir "$ARMED/denied"
printf '#!/bin/sh\nexec deny uffd %s/bin/core-save "$@"\n' "$BUILD" \
    >"$ARMED/denied/core-save"
chmod 755 "$ARMED/denied/core-save"
saver "PATH=\$ARMED/denied:\$PATH args=--ram=3M meanwhile=true
$gone_first"
crash mapper 30M 8M
is "userfaultfd(2) refused: the same" "$verdict $way $why" "same live null"
finish
