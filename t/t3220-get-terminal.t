#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-get and a terminal: no binary, no escape.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

need_command script
plan 4
make_core
make_record
on_terminal()
{
	script -qec "$1" /dev/null </dev/null
}

out=$(on_terminal "snap-get $id core")
like "a core is not printed" "$out" 'is binary'
unlike "not in part either" "$out" 'ELF'
printf 'a\033[31mb\302\23331mc\n' >"$record/log"
out=$(on_terminal "snap-get $id log")
unlike "a member's escapes are not" "$out" "$(printf '\033')"
like "but the rest is" "$out" 'a.*b.*c'
