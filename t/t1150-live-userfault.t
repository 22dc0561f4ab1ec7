#!/bin/sh
# SPDX-License-Identifier: ISC
# Memory whose faults a userfaultfd(2) of the process itself handles: nobody
# waits for it, and the core is the kernel's all the same.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp od timeout prlimit
arm_saver

# Who waits for ever is ended, and says so where a failure is explained.
patience=30
saver "$live_first"
prlimit --core=0 handled missing >/dev/null 2>&1
test $? -ne 77 || skip_all "no userfaultfd here"

# handled_both WAY KIND...
handled_both()
{
	local want="$1"
	shift
	for order in live_first pipe_first; do
		test "$want" = live || test "$order" = pipe_first || continue
		eval "saver \"\$$order\""
		crash handled "$@"
		test "$why" = null || why=refused
		is "$*, $order: the same" "$verdict $way" "same $want"
		test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
	done
}

handled_both live missing
handled_both live marked
handled_both live minor
handled_both live both
handled_both live private
handled_both live plain
handled_both live missing marked minor both private plain
# That of which the return addresses are the crash's key.
handled_both live stack
# A page in swap and a mark cannot be told apart.
handled_both pipe marked-private
handled_both pipe marked-plain
like "that is said" "$(meta .core.why)" "a userfaultfd handles faults at"

# And its stacks, with registers that point there.
for kind in missing marked minor private marked-private marked-plain
do
	saver "$stacks_alone"
	crash handled "$kind"
	is "stacks of $kind" "$verdict $way $(meta .core.kind)" "0 live stacks"
done

# The command line: without a look at the environment, which is there too.
cat >"$ARMED/saver" <<EOF
#!/bin/sh
PATH=$PATH
ASAN_OPTIONS=$ASAN_OPTIONS
export PATH ASAN_OPTIONS
test "\$(cat "/proc/\$1/comm")" = handled || exec cat >/dev/null
timeout -k 5 30 core-save -P "\$1" -k tid="\$2" -d "$ARMED/store"
echo "\$?" >"$ARMED/verdict"
EOF
crash handled arguments
is "a command line that is to be asked for" "$verdict $way" "0 live"
is "is left out" "$(meta .cmdline)" null
like "and that is said" "$(meta '.missing[]')" '^proc/cmdline: '
finish
