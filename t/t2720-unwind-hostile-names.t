#!/bin/sh
# SPDX-License-Identifier: ISC
# A process chooses its name, its arguments, its path and its functions' names:
# nothing of them reaches a terminal as an escape, or JSON as anything but text.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc

esc=$(printf '\033')
csi=$(printf '\302\233')		# U+009B, and a right-to-left override
rlo=$(printf '\342\200\256')
name="a${esc}]0;x b\"\$(touch pwned);'${csi}${rlo}"
# No ESC, no other control but the newline, no C1, no override.
is_safe()
{
	! LC_ALL=C tr -d '\n\t -~\200-\377' <"$1" | grep -q . &&
	    ! LC_ALL=C grep -q "$esc\|$csi\|$rlo" "$1"
}
mkdir "$name"
cp "$BUILD/t/wreck" "$name/$name" || skip_all "no such names here"
core_of core "$name/$name" named "$(printf 'k\033[31m\n$(id)')" "$name"
snap got core
is "the crash is told" "$(names got 5)" "die_null die_named inner outer main"
ok "JSON is what jq reads" jq -e . got
is "the path is as it is" "$(get got .process.exe)" "$TRASH/$name/$name"
is "so is the name" "$(get got '.process.comm | explode | map(. == 27) | any')" \
    true
core-unwind core >text 2>err
ok "text has nothing that a terminal obeys" is_safe text
ok "it has what was there, in letters" grep -Fq '\e]0;x b' text
ok "and no complaint has it" is_safe err
head -c 5000 core >"$name.core"
core-unwind "$name.core" >text 2>err
ok "the name of a core in a complaint" is_safe err
core-unwind "$name.none" >text 2>err
ok "a core that there is not" is_safe err
core-unwind core "$name.none" >text 2>err
ok "an executable that there is not" is_safe err
core-unwind -k "$name:$name" core >text
ok "an attribute" is_safe text
ok "an attribute in JSON" jq -e '.attributes | length == 1' <<-EOJ
	$(core-unwind --json -k "$(printf 'a\377\033'):$name" core)
EOJ
rm -r "$name"
core-unwind core >text 2>err
ok "its path, missing" is_safe text
ok "nothing was run" test ! -e pwned

# The names of functions and source files: as long as one likes, and as wild.
cat >wild.c <<'EOC'
static int *volatile null;
#line 7 "x\033[31my.c"
__attribute__((noinline)) void die(void) { *null = 1; }
int main(void) { die(); __asm__ volatile(""); }
EOC
if cc -g -O1 -o wild wild.c 2>/dev/null; then
	# A symbol of the same length, with an escape in it.
	sed "s/die/${esc}[3/g" wild >wild.new
	cat wild.new >wild
	core_of core ./wild
	core-unwind core >text
	ok "a function's and a source's name" is_safe text
	ok "are told" grep -Fq '\e[3' text
else
	skip 2 "cc takes no such line"
fi

# Colour is ours alone, and only on a terminal.
if command -v script >/dev/null; then
	script -qec "core-unwind core" /dev/null </dev/null >on_terminal 2>/dev/null
	ok "colour on a terminal" grep -q "${esc}\[1m" on_terminal
	NO_COLOR=1 script -qec "core-unwind core" /dev/null </dev/null \
	    2>/dev/null | tr -d '\r' >on_terminal
	ok "none with NO_COLOR" is_safe on_terminal
else
	skip 2 "no script(1)"
fi
finish
