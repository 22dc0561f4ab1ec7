#!/bin/sh
# SPDX-License-Identifier: ISC
# vim in a terminal, killed by SIGABRT: it catches it, restores the terminal and
# sends itself the signal again, so that there is a signal frame in its stack.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd tmux vim
arm_tee
exe=$(readlink -f "$(command -v vim)")
TMUX_TMPDIR=$ARMED
export TMUX_TMPDIR
cd "$ARMED" || exit 1
echo "some text to edit" >text

on_screen()
{
	tmux -L vim capture-pane -p | grep -q "$1"
}

at_exit 'tmux -L vim kill-server 2>/dev/null'
tmux -L vim -f /dev/null new-session -d -x 80 -y 24 \
    'exec vim -u NONE -n text'
ok "vim shows the file" wait_for 10 on_screen 'some text to edit'
pid=$(tmux -L vim list-panes -F '#{pane_pid}')
comm=$(cat "/proc/$pid/comm")
kill -ABRT "$pid"
the_whole vim "$pid" 6 SIGABRT "$comm" "$exe" '(null|[a-z_]+)'
is "vim: its directory and command line are recorded" \
    "$(jq -c '[.cwd, .cmdline]' "$record/meta.json")" \
    "[\"$ARMED\",[\"vim\",\"-u\",\"NONE\",\"-n\",\"text\"]]"
like "vim: the innermost function is the one that sent the signal" \
    "$(jq -r '.threads[0].frames[0].function' "$record/snapshot.json")" \
    'kill|raise'
like "vim: and below the signal frame is what it waited in" \
    "$(jq -r '[.threads[0].frames[].function // "??"] | join(" ")' \
    "$record/snapshot.json")" '(select|poll).* .*__libc_start'
is "vim: who sent the signal is recorded" \
    "$(jq .signal.sender_pid "$record/snapshot.json")" "$pid"
finish
