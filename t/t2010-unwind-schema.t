#!/bin/sh
# SPDX-License-Identifier: ISC
# What core-unwind writes fits share/snapshot.schema.json, which snapshot.5
# describes: every member that is written is in both.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
schema=$SRC/share/snapshot.schema.json

fits()
{
	jq -r --slurpfile schema "$schema" -f "$SRC/t/helper/schema.jq" "$1" \
	    >misfits 2>&1 || echo "jq failed" >>misfits
	head -n 5 misfits
	test ! -s misfits
}

# The checker must see what is wrong, or it is worth nothing.
minicore >core
snap mini core
ok "the smallest core" fits mini
for change in 'del(.cause)' '.version = 2' '.threads[0].tid = "1"' \
    '.threads[0].frames[0].pc = "400000"' '.threads[0].frames[0].trust = "x"' \
    '.fingerprint.strict = "abc"' '.time = "yesterday"' '.signal = 11' \
    '.threads[0].frames[0].line = 0' '.modules[0].build_id = "abc"' \
    '.attributes.x = 1' '.id = "x"' '.missing[0] = null'; do
	jq "$change" mini >changed
	ok_no "noticed: $change" 1 fits changed
done

for mode in null abort assert callnull handler inline thread; do
	core_of core wreck "$mode"
	snap got -k "mode:$mode" core
	ok "wreck $mode" fits got
done
core_of core sh -c 'exec wreck-32 null' && snap got core &&
    ok "32 bits" fits got
wreck wait >ready &
pid=$!
at_exit "kill -9 $pid 2>/dev/null"
wait_for 10 grep -q ready ready
snap live "$pid"
ok "a live process" fits live
head -c 1200 core >shorter
snap got shorter
ok "a core that was cut short" fits got
mkcore >other
snap got other
ok "one that is all lies" fits got
sh -c 'ulimit -s 512; exec gdb -batch -nx -ex run \
    -ex "generate-core-file deep" --args wreck stack' >gdb.out 2>&1 </dev/null
snap got --frames=5 deep
ok "frames left out" fits got

# Members, as far as they are always there, have a line in the page.
undocumented=
for member in $(jq -r '[paths | map(strings) | last] | unique | .[]
    | select(. != null)' mini live | sort -u); do
	case $member in
	r[0-9a-z]*|?s|?s_base|eflags|orig_rax) continue ;;	# registers
	esac
	grep -Eq "^\.It Cm .*\b$member\b" "$SRC/man/snapshot.5" ||
	    undocumented="$undocumented $member"
done
is "every member is in snapshot.5" "$undocumented" ""
finish
