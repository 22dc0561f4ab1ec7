#!/bin/sh
# SPDX-License-Identifier: ISC
# Crashes that come while as many handlers are at work as
# kernel.core_pipe_limit allows: the kernel drops their cores, and they have a
# record all the same, of what its log tells.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_root
need_command jq dd flock
arm
mkdir "$ARMED/bin"
cp "$BUILD/t/wreck" "$ARMED/bin/over) (x): y"

# The first one is held for a while; nobody else gets in.
sed -i "s|^exec |test -e $ARMED/go \\|\\| sleep 3; true >$ARMED/go; exec |" \
    "$ARMED/h"
"$BUILD/libexec/stage-salvage" store "$STORE"
sleep 1
echo 1 >/proc/sys/kernel/core_pipe_limit
for n in 1 2 3; do
	"$ARMED/bin/over) (x): y" null >/dev/null 2>&1 &
	echo "$!" >>pids
	sleep 0.5
done
while read -r pid; do
	wait "$pid"
done <pids 2>/dev/null
echo 256 >/proc/sys/kernel/core_pipe_limit
# all FILTER: of our programs; another one of this machine may crash meanwhile.
all()
{
	find "$STORE/archive" -name meta.json -exec jq -r \
	    "select((.comm // \"\") | startswith(\"over\")) | $1" {} + | sort
}
three()
{
	test "$(all .pid | grep -c .)" -ge 3
}
ok "all three have a record" wait_for 60 three
settle
is "of their processes" "$(all .pid)" \
    "$(sort pids)"
is "with the name, whatever is in it" "$(all .comm | uniq -c | xargs)" \
    "3 over) (x): y"
is "one has a core" "$(all '.core.file // "none"' | uniq -c | xargs)" \
    "1 core.zst 2 none"
like "the others say why they have none" "$(all '.missing[0]')" \
    '^no handler was started: kernel.core_pipe_limit was reached'
is "and are root's alone" "$(all 'select(.core.file == null).owner')" "0
0"
skipped=$(all 'select(.core.file == null).id' | head -n 1)
like "the log too" "$(cat "$STORE/archive/$skipped/log")" core_pipe_limit
ok "snap-list has them" test "$(snap-list --json | jq length)" -ge 3
like "snap-show tells" "$(snap-show "$skipped")" core_pipe_limit

# Once is enough.
sweep
is "they are not found again" "$(all .pid | grep -c .)" 3
is "by the next sweep" "$(all 'select(.core.file == null).id' | wc -l)" 2
printf '<12>coredump: 4242(over-there): over core_pipe_limit, skipping core dump\n' \
    >/dev/kmsg
sweep
is "a line that the kernel has not written is nothing" \
    "$(all 'select(.pid == 4242).id')" ""
ok "the place in the log is remembered" grep -Eq '^[0-9a-f-]{36} [0-9]+$' \
    "$STORE/known/kmsg"
echo 'nonsense' >"$STORE/known/kmsg"
sweep
ok "and found anew" grep -Eq '^[0-9a-f-]{36} [0-9]+$' "$STORE/known/kmsg"

# Nor is one started for a program whose path does not fit into %E.
# shellcheck disable=SC2016 # for the shell inside
die sh -c '
	cd "$1" || exit
	name=$(head -c 250 /dev/zero | tr "\0" x)
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
		mkdir "$name" && cd -P "./$name" || exit
	done
	cp "$2" "over there" && exec "./over there" null' \
    sh "$ARMED/bin" "$BUILD/t/wreck"
sweep
if dmesg | grep -q '^[^c]*format_corename failed'; then
	skip 2 "this kernel does not say whose path is too long"
else
	deep=$(all "select(.pid == $pid).id")
	is "a path that is too long: it died, and has a record" "$died $(
	    all "select(.pid == $pid).comm")" "139 over there"
	like "and it is said why there is no core" \
	    "$(snap-show "$deep")" \
	    'no handler was started: .*path is too long'
fi
finish
