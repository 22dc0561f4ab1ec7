#!/bin/sh
# SPDX-License-Identifier: ISC
# A core of stacks is unwound where nothing of the program is left: neither it
# nor any of its libraries. And core-unwind has the names that they export.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq ldd strip
arm_saver
saver "$stacks_beside"

# alone WHAT NAMES PROGRAM ARGS...: the program and its libraries are copied to
# a directory, and gone with it when the core is looked at. NAMES are what must
# be in the crashed thread's stack, in this order.
alone()
{
	local what="$1" names="$2" program="$3" place="$ARMED/place" linker
	shift 3
	mkdir "$place"
	strip -o "$place/program" "$program"
	ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
		cp "$library" "$place/"
	done
	linker=$(echo "$place"/ld-*.so.*)
	crash "$linker" --library-path "$place" "$place/program" "$@"
	is "$what: saved, from the process" "$verdict $way" "0 live"
	zstd -qdc "$record/core.zst" >small
	core-unwind --json -o whole.json "$ARMED/whole" 2>/dev/null
	rm -rf "$place"
	core-unwind --json -o small.json small 2>/dev/null
	where whole.json >whole.where
	where small.json >small.where
	ok "$what: unwound as with all its files" cmp whole.where small.where
	ok "$what: to the end" jq -e '[.threads[].truncated] | any | not' \
	    small.json
	like "$what: names" "$(jq -r '[.threads[] | select(.crashed) |
	    .frames[].function // "?"] | join(" ")' small.json)" "$names"
	modules whole.json >whole.modules
	modules small.json >small.modules
	is "$what: modules, and their build-ids" \
	    "$(grep -vxFf small.modules whole.modules)" ''
	core-unwind --json -o whole.json "$ARMED/whole" 2>/dev/null
	where whole.json >whole.where
	ok_no "$what: of which the whole core has no trace" 1 \
	    cmp -s whole.where small.where
}

# Not what jumped away: the call that tells of it is in the text.
where()
{
	jq -r '.threads[] | .tid as $tid | .frames[] |
	    select((.inline or .tail_call) | not) | "\($tid) \(.pc) \(.trust)"' "$1"
}

modules()
{
	jq -c '.modules[] | select(.build_id != null) | [.path, .build_id]' "$1"
}

alone "abort" 'abort .*__libc_start_(call_)?main' "$BUILD/t/wreck" abort
alone "a thread" 'start_thread' "$BUILD/t/wreck" thread
alone "a handler" 'raise|kill' "$BUILD/t/wreck" handler
if test -x "$BUILD/t/thrower"; then
	alone "an exception" 'abort .*std::terminate\(\).*__cxa_throw' \
	    "$BUILD/t/thrower"
else
	skip 6 "no C++ compiler here"
fi
finish
