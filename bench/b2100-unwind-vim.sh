#!/bin/sh
# SPDX-License-Identifier: ISC
# core-unwind against gdb on the core of a vim in a terminal.
. "$(dirname "$0")/lib.sh"
need_root
need gdb
need vim
need tmux
exe=$(readlink -f "$(command -v vim)")
rounds=${ROUNDS:-9}

arm_file
TMUX_TMPDIR=$ARMED
export TMUX_TMPDIR
on_screen()
{
	tmux -L vim capture-pane -p | grep -q "$1"
}
echo "some text to edit" >text
at_exit 'tmux -L vim kill-server 2>/dev/null'
tmux -L vim -f /dev/null new-session -d -x 80 -y 24 \
    'ulimit -c unlimited; exec vim -u NONE -n text'
wait_for 10 on_screen 'some text to edit' || exit 1
pid=$(tmux -L vim list-panes -F '#{pane_pid}')
kill -ABRT "$pid"
gone()
{
	! test -d "/proc/$pid"
}
wait_for 10 gone
mv "$ARMED/core.$pid" core || exit 1
give_back

core_unwind()
{
	core-unwind --json -o core_unwind.out core "$exe"
}
gdb_bt()
{
	ask_gdb "$exe" core bt >gdb_bt.out
}

core_unwind || { echo "${0##*/}: core-unwind: status $?"; exit 1; }
gdb_bt
rounds "$rounds" core_unwind gdb_bt
ratio "core-unwind against gdb, vim" "$(median core_unwind.ms)" \
    "$(median gdb_bt.ms)" 10
