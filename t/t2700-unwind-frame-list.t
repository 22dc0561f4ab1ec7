#!/bin/sh
# SPDX-License-Identifier: ISC
# An administrator may call more frames boilerplate: by option, and through the
# handler by a file beside corepipe.conf.

. "$(dirname "$0")/lib.sh"
need_command jq gdb
plan 6

gdb -batch -nx -ex run -ex 'generate-core-file core' --args wreck abort \
    >/dev/null 2>&1
test -f core || skip_all "gdb made no core"
signature()
{
	core-unwind --json "$@" core | jq -r .fingerprint.signature
}
is "as it comes" "$(signature)" 'die_abort | inner | outer | main'
printf '# ours\n\ndying\tdie_*\n' >list
is "a function is left out" "$(signature --frame-list=list)" \
    'inner | outer | main'
printf 'bottom main\n' >other
is "two lists add up" "$(signature --frame-list=list --frame-list=other)" \
    'inner | outer'
printf 'dying a\nnonsense b\n' >bad
ok_no "a line that is none is refused" 100 \
    core-unwind --frame-list=bad core
like "and named" "$(core-unwind --frame-list=bad core 2>&1)" 'bad: line 2 '
ok_no "no such list" 100 core-unwind --frame-list=none core
