#!/bin/sh
# SPDX-License-Identifier: ISC
# keep=auto, the default: of one crash that comes again and again the first few
# cores are kept whole and the newest, of the others their stacks; and when it
# has been reported often enough, the others are filed without being unwound.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_root
need_command jq zstd setpriv
arm known_reports=5
mkdir "$ARMED/bin"
cp "$BUILD/t/wreck" "$BUILD/t/mapper" "$ARMED/bin/"

# crash N COMMAND...: N times, each waited for until it is in archive/.
crash()
{
	local n="$1"
	shift
	while test "$n" -gt 0; do
		{ "$@" >/dev/null 2>&1; } 2>/dev/null
		settle
		n=$((n - 1))
	done
}

# each FILTER [COMM] [FILE]: what it gives for each of our records, in their
# order.
each()
{
	for dir in "$STORE"/archive/*/; do
		test "$(jq -r .comm "$dir/meta.json")" = "${2:-wreck}" &&
		    jq -r "$1" "$dir/${3:-meta.json}"
	done | paste -sd ' ' -
}

crash 8 "$ARMED/bin/wreck" null - 1024
is "the first three and the newest are whole" "$(each .core.kind)" \
    "full full full stacks stacks stacks stacks full"
last=$(each .id | sed 's/.* //')
is "the others say why" "$(each .core.reason)" "null null null $(
    each .id | awk '{ for (i = 5; i <= NF; i++)
	printf "stacks only: superseded by %s ", $i }')null"
is "in missing too" "$(each '[.missing[] | select(startswith("core: "))] |
    length')" "0 0 0 1 1 1 1 0"
is "one of them has its stacks beside the core" \
    "$(echo "$STORE"/archive/*/stacks.zst)" "$STORE/archive/$last/stacks.zst"
is "all are of one crash" "$(each .crash_key | tr ' ' '\n' | sort | uniq -c |
    sed 's/ *\([0-9]*\) .*/\1/')" 8
is "every core opens" "$(zstd -tq "$STORE"/archive/*/*.zst 2>&1)" ""
for dir in "$STORE"/archive/*/; do
	core-unwind --json "$dir/core.zst" 2>/dev/null |
	    jq -r '.threads[0].frames[0].function'
done | sort | uniq -c >functions
is "and says where it was" "$(xargs <functions)" "8 die_null"
is "sizes are what they say" "$(for dir in "$STORE"/archive/*/; do
	zstd -qdc "$dir/core.zst" | wc -c
	stat -c %s "$dir/core.zst"
    done | paste -sd ' ' -)" "$(each '.core | "\(.bytes) \(.stored)"')"
is "a core is nobody's but root's and its owner's to read" \
    "$(stat -c %a "$STORE"/archive/*/*.zst | sort -u)" 600

# Reports.
is "five were unwound" "$(each '.threads | length' wreck snapshot.json)" \
    "1 1 1 1 1 0 0 0"
fifth=$(each .id | cut -d ' ' -f 5)
key=$(jq -r .crash_key "$STORE/archive/$last/meta.json")
is "the others say that they were not" \
    "$(jq -r '.missing[]' "$STORE/archive/$last/snapshot.json")" \
    "not unwound: crash $key is known from $fifth; snap-retry unwinds it"
is "and have nothing that was not their own" "$(jq -c \
    '[.threads, .modules, .cause, .message, .signal.address, .process.pid]' \
    "$STORE/archive/$last/snapshot.json")" \
    "[[],[],null,null,null,$(jq .pid "$STORE/archive/$last/meta.json")]"
is "they fit the schema" "$(jq -r --slurpfile schema \
    "$SRC/share/snapshot.schema.json" -f "$SRC/t/helper/schema.jq" \
    "$STORE/archive/$last/snapshot.json")" ""
is "they are one group" "$(snap-list --group --json --filter=comm=wreck |
    jq -c '[.[].count]')" "[8]"
ok "snap-retry unwinds one" snap-retry "$last"
is "all the same" "$(jq -r '.threads[0].frames[0].function' \
    "$STORE/archive/$last/snapshot.json")" die_null
is "with the fingerprint that it had been given" \
    "$(each .fingerprint.strict wreck snapshot.json | tr ' ' '\n' | sort -u |
    wc -l)" 1

# Another bug, and another user's, are other crashes.
crash 1 "$ARMED/bin/wreck" abort
crash 1 setpriv --reuid=64012 --regid=64012 --clear-groups \
    "$ARMED/bin/wreck" null - 1024
is "another crash, and another user's" "$(each .core.kind | cut -d ' ' -f 9-)" \
    "full full"
is "have their own keys" "$(each .crash_key | tr ' ' '\n' | sort -u | wc -l)" 3
unlike "and are not taken for known" "$(each '.missing[]' wreck snapshot.json |
    cut -d ' ' -f 1-)" "known from $last"

# What is large is not copied again and again.
crash 4 "$ARMED/bin/mapper" 12M 12M
is "a large one: three" "$(each .core.kind mapper)" "full full full stacks"
is "the fourth says so" "$(each .core.reason mapper | sed 's/^null null null //')" \
    "stacks only: 3 full cores of this crash are kept already"
crash 1 sh -c 'ulimit -s 1024; exec "$1" stack' - "$ARMED/bin/wreck"
crash 1 sh -c 'ulimit -s 1024; exec "$1" stack' - "$ARMED/bin/wreck"
is "a stack that ran over has one key, wherever that was" \
    "$(each .crash_key | tr ' ' '\n' | tail -n 2 | sort -u | wc -l)" 1

# What was known can go, or be damaged.
echo 'seen -1' >"$STORE/known/$key"
crash 1 "$ARMED/bin/wreck" null - 1024
is "a damaged note is none" "$(each .core.kind | sed 's/.* //')" full
like "and is mended" "$(tr '\n' ' ' <"$STORE/known/$key")" \
    '^uid 0 seen 1 full 1 last [0-9]+ cost [0-9]+ $'
rm -rf "$STORE/known"
crash 1 "$ARMED/bin/wreck" null - 1024
is "without any of it too" "$(each .core.kind | sed 's/.* //')" full
is "nobody else looks into it" "$(stat -c '%U %a' "$STORE/known")" "root 700"

printf '%s\n' keep_first=0 known_reports=0 keep=stacks >>"$ARMED/corepipe.conf"
crash 1 "$ARMED/bin/wreck" null - 1024
is "keep=stacks" "$(each .core.kind | sed 's/.* //')" stacks

# What is smaller than its stacks would be: a program of next to nothing.
mkdir "$ARMED/tiny"
cp "$BUILD/t/wreck" "$ARMED/tiny/tiny"
printf '%s\n' keep_first=1 known_reports=0 keep=auto >>"$ARMED/corepipe.conf"
crash 3 "$ARMED/tiny/tiny" null
is "a tiny one: all of it, each time" "$(each .core.kind tiny)" "full full full"
is "and no stacks beside it" "$(each '.core.stacks // "none"' tiny)" \
    "none none none"
is "that is said of those that had any" "$(each '[.missing[] |
    select(startswith("stacks: "))][0] // "-"' tiny)" \
    "- stacks: not kept beside the core, which is no larger stacks: not kept beside the core, which is no larger"
echo keep_free=100 >>"$ARMED/corepipe.conf"
crash 1 "$ARMED/tiny/tiny" null
crash 1 "$ARMED/bin/wreck" null - 1024
is "also where stacks alone are to be kept" \
    "$(each .core.kind tiny | sed 's/.* //') $(each .core.kind | sed 's/.* //')" \
    "full stacks"
is "that is said" "$(each '.missing[] | select(startswith("stacks: "))' tiny |
    sed 's/.*: //')" "all of the core is kept instead, for it is no larger"
for dir in "$STORE"/archive/*/; do
	test "$(jq -r .comm "$dir/meta.json")" = tiny || continue
	zstd -qdc "$dir/core.zst" >"$TRASH/tiny.core"
	jq -r '.core.bytes' "$dir/meta.json" | tr '\n' ' '
	wc -c <"$TRASH/tiny.core"
	core-unwind --json "$TRASH/tiny.core" 2>/dev/null |
	    jq -r '.threads[0].frames[0].function'
done >tinies
is "all of them are whole" "$(awk 'NF == 2 && $1 == $2' tinies | wc -l)" 4
is "and say where it was" "$(grep -c '^die_null$' tinies)" 4
echo keep=full >>"$ARMED/corepipe.conf"
crash 1 "$ARMED/bin/mapper" 12M 12M
is "keep=full" "$(each .core.kind mapper | sed 's/.* //')" full
finish
