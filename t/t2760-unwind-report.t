#!/bin/sh
# SPDX-License-Identifier: ISC
# The report for people: what it holds, in which order, and how large it gets.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb

core_of core wreck null
core-unwind core >text
ok "it is short" test "$(wc -l <text)" -lt 200
# Names and messages are as long as they are; what we lay out is not.
is "it is no wider than a terminal" "$(grep -vE \
    '^(Cause|Message|Signature|Executable|Command|Core) |/|^  names of' text |
    awk 'length > 80')" ""
is "the cause is first" "$(grep -nE '^(Cause|Thread .* crashed|Registers)' \
    text | sed 's/^[0-9]*://; s/ .*//' | xargs)" "Cause Thread Registers"
like "the crashed frame, with its line" "$(cat text)" \
    '#0 +die_null at .*wreck.c:[0-9]+'
is "the sections, in order" "$(grep -oE '^(Thread|Registers|Code at pc|Memory map|Memory near r[a-z0-9]+|Modules)' \
    text | sed 's/ near .*/ near/' | uniq | paste -sd '|')" \
    'Thread|Registers|Code at pc|Memory map|Memory near|Modules'
like "the fault address is marked in the map" "$(cat text)" \
    '^-> 0x0 is below all of them'
like "a module has its build-id" "$(cat text)" \
    "^  [0-9a-f]{12} $(readelf -n "$BUILD/t/wreck" |
    sed -n 's/.*Build ID: //p') wreck\$"

library=$(grep -ao 'libcapstone\.so\.[0-9]*' "$BUILD/bin/core-unwind")
if test "$(uname -m)" = x86_64 && test -n "$library" &&
    PATH=$PATH:/sbin ldconfig -p 2>/dev/null | grep -q "$library"; then
	like "the instruction is told in words, and marked" "$(cat text)" \
	    '^-> [0-9a-f]{12} <\+[0-9]+> +movl \$7, \(%r[a-z0-9]+\)$'
else
	skip 1 "no libcapstone, here or where it was built"
fi

NO_COLOR=1 script -qec 'core-unwind core' /dev/null </dev/null >plain 2>&1
script -qec 'env -u NO_COLOR TERM=xterm core-unwind core' /dev/null </dev/null >bright
ok "colour on a terminal" grep -q "$(printf '\033\\[1m')" bright
script -qec 'env -u NO_COLOR TERM=dumb core-unwind core' /dev/null </dev/null \
    >dumb 2>&1
ok "nor where it cannot be shown" sh -c \
    'test -s dumb && ! grep -q "$(printf "\033")" dumb'
ok "but not with NO_COLOR" test -s plain
ok "nor an escape" sh -c '! grep -q "$(printf "\033")" plain'

# A thousand threads that wait are a few lines.
core_of many.core manythreads 300 &&
    core-unwind many.core >many
ok "three hundred threads: short" test "$(wc -l <many)" -lt 200
like "told together" "$(cat many)" 'and 29[0-9] more with the same stack'

# --- the environment

SECRET_OF_THE_TEST=hunter2
export SECRET_OF_THE_TEST
core_of env.core wreck null
unlike "the environment is not told" "$(core-unwind env.core)" hunter2
unlike "nor in JSON" "$(core-unwind --json env.core)" 'environment'
like "unless asked for" "$(core-unwind --environment env.core)" \
    '^  SECRET_OF_THE_TEST=hunter2$'
snap got --environment env.core
is "in JSON too" "$(get got '.process.environment[]
    | select(startswith("SECRET_OF_THE_TEST"))')" SECRET_OF_THE_TEST=hunter2

# --- what a record has

mkdir -p rec/proc
cat >rec/meta.json <<'EOJ'
{"version":1,"id":null,"pid":1,"unit":"shop.service","missing":[]}
EOJ
printf '0 -> /dev/null\n3 -> socket:[77]\n' >rec/proc/fds
cat >rec/proc/limits <<'EOL'
Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 4096                 files     
EOL
i=0
while test $i -lt 80; do
	echo "line $i of the log"
	i=$((i + 1))
done >rec/unit.log
printf 'the last \033[31m line\n' >>rec/unit.log
core-unwind --record=rec core >text
like "open files" "$(cat text)" '^  3 -> socket:\[77\]$'
like "limits that limit" "$(cat text)" '^  open files +1024 files, at most 4096$'
unlike "and no others" "$(cat text)" 'cpu time'
like "the log of the unit" "$(cat text)" '^Log of shop.service$'
is "its last lines" "$(grep -c 'of the log$' text)" 49
like "safe to show" "$(cat text)" 'the last \\e\[31m line'

# What the process wrote may be long, and wild; a report is for a terminal.
long=$(printf '%9000s' '' | tr ' ' x)
jq -n --arg s "$(printf '\342\200\256\033[31m')$long" '{version: 1, id: "; id",
    pid: 1, comm: $s, exe: $s, unit: $s, container: $s, host: $s,
    cmdline: [$s, $s], missing: [$s]}' >rec/meta.json
printf '0 -> /%s\n1 -> \033]0;x\007\n' "$long" >rec/proc/fds
printf '%s\nover\rwritten\n' "$long" >rec/unit.log
core-unwind --record=rec core >text
ok "nothing is longer than need be" test "$(awk 'length > n { n = length }
    END { print n }' text)" -lt 2200
is "no control character" "$(tr -d '\n' <text | tr -cd '\001-\037\177')" ""
is "nothing goes from right to left" \
    "$(grep -c "$(printf '\342\200\256')" text)" 0
is "the JSON has all" \
    "$(core-unwind --json --record=rec core | jq '.process.unit | length')" 9006
# --- a core that ends before it says anything

head -c 4096 core >short
like "of what nothing is known, nothing is said" \
    "$(core-unwind short 2>/dev/null | sed -n 1p)" \
    ': its core does not tell what became of it$'

# --- libraries that are not here

stripped_prog
i=0
while test $i -lt 6; do
	echo "int x$i(void) { return $i; }" >lib.c
	cc -shared -fPIC -Wl,--build-id -o lib$i.so lib.c
	i=$((i + 1))
done
LD_PRELOAD=$(echo "$TRASH"/lib?.so | tr ' ' :) core_of core6 ./prog
rm lib?.so prog
core-unwind core6 >text
like "the program's is told" "$(cat text)" "^  $TRASH/prog: No such file"
core-unwind --record=rec core6 >text6
unlike "an ID is not what it says: no command has it" "$(cat text6)" 'snap-get'
like "but the word" "$(cat text6)" '^    core-unwind --debuginfod CORE$'
unlike "not each library's" "$(cat text)" 'lib[0-9].so: No such file'
like "but of how many" "$(cat text)" \
    '^  something of 6 modules that the crashed thread was not in$'
is "the JSON has them" "$(core-unwind --json core6 |
    jq '[.modules[] | select(.missing) | select(.path | test("lib[0-9].so"))] |
    length')" 6

# --- fingerprints made again

core-unwind --json core >s.json
cp s.json was.json
chmod 640 s.json
ok "made again" core-unwind --refingerprint s.json
is "nothing changed" "$(jq -S . s.json | cksum)" "$(jq -S . was.json | cksum)"
is "its permissions are as they were" "$(stat -c %a s.json)" 640
echo 'dying die_*' >list
core-unwind --json --frame-list=list core >want.json
ok "by new rules" core-unwind --refingerprint --frame-list=list s.json
is "it is what the core gives by them" "$(jq -c .fingerprint s.json)" \
    "$(jq -c .fingerprint want.json)"
is "another than before" \
    "$(jq -r .fingerprint.signature was.json s.json | uniq | wc -l)" 2
is "the rest is the same" "$(jq -S 'del(.fingerprint)' s.json | cksum)" \
    "$(jq -S 'del(.fingerprint)' was.json | cksum)"
is "from a pipe to one" "$(core-unwind --refingerprint - <s.json |
    jq -c .fingerprint)" "$(jq -c .fingerprint was.json)"
ok "to another place" core-unwind --refingerprint -o other.json s.json
is "it is there" "$(jq -c .fingerprint other.json)" \
    "$(jq -c .fingerprint was.json)"
core_of ab.core wreck handler
snap ab.json ab.core
cp ab.json ab2.json
core-unwind --refingerprint ab2.json
is "a handler's too" "$(jq -c .fingerprint ab2.json)" \
    "$(jq -c .fingerprint ab.json)"
echo '{"fingerprint":{}}' >bad.json
ok_no "what is no snapshot" 100 core-unwind --refingerprint bad.json
is "is left alone" "$(cat bad.json)" '{"fingerprint":{}}'
jq '.threads |= map(.crashed = false)' was.json >none.json
ok_no "one without the thread" 1 core-unwind --refingerprint none.json
finish
