# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the tests of core-unwind share; read after lib.sh.
#
#	core_of NAME command...     the core that gdb writes of it as it dies; no
#	                            core_pattern, no root. Fails without a word.
#	snap NAME arguments...      core-unwind --json, to NAME; its complaints go
#	                            to NAME.err; $status
#	names FILE [COUNT]          the innermost functions of the crashed thread,
#	                            blanks between them
#	trusts FILE                 the trust of each of its frames
#	get FILE JQ-FILTER
#	cause_of WHAT ERE KEY=VALUE...
#	                            a test: the cause of a core that cause-core.py
#	                            makes so, of $machine if that is set
#	build_inside NAME FLAGS...  NAME.c, with the objects of the sandbox; ends
#	                            the test when it cannot be built
#	stripped_prog               prog, which dies, without a name in it
#	package_note JSON           an assembler's source: .note.package
#	hammered WHAT RUNS arguments...
#	                            hammer them, at least so often, and see that
#	                            nothing went wrong
#	compare_locals EXE CORE     what gdb and --locals have in it: sets compared,
#	                            how many values, odd (locals-compare.py has
#	                            what that is), and out, what is not the same
#	agrees LEAST SOURCE COMPILER FLAGS...
#	                            SOURCE of t/data crashes, and --locals finds
#	                            what gdb does: LEAST values, or more

need_gdb()
{
	need_command gdb jq
	core_of try.core wreck abort ||
	    skip_all "gdb cannot run a program here"
	rm -f try.core
}

cause_of()
{
	local what="${machine:+$machine: }$1" ere="$2"
	shift 2
	python3 "$SRC/t/helper/cause-core.py" core \
	    ${machine:+"machine=$machine"} "$@"
	snap got core
	like "$what" "$(get got .cause)" "$ere"
}

core_of()
{
	local core="$1"
	shift
	# core_at=SIGABRT: SIGSEGV is passed on to the program's handler; so is
	# core_pass=SIGUSR1.
	gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -iex 'set auto-load off' -iex 'set startup-with-shell off' \
	    -ex 'set disable-randomization off' \
	    -ex "handle SIGSEGV ${core_at:+no}stop ${core_at:+noprint}" \
	    ${core_pass:+-ex "handle $core_pass nostop noprint pass"} \
	    -ex run -ex "generate-core-file $core" --args "$@" \
	    >"$core.gdb" 2>&1 </dev/null
	test -s "$core"
}

snap()
{
	local to="$1"
	shift
	core-unwind --json "$@" >"$to" 2>"$to.err" </dev/null
	status=$?
	return "$status"
}

names()
{
	jq -r --argjson n "${2:-99}" '[.threads[] | select(.crashed) |
	    .frames[:$n][] | .function // "??"] | join(" ")' "$1"
}

trusts()
{
	jq -r '[.threads[] | select(.crashed) | .frames[].trust] | join(" ")' \
	    "$1"
}

get()
{
	jq -r "$2" "$1"
}

build_inside()
{
	local name="$1" objects="$BUILD/obj/bin/core-unwind"
	shift
	cc "$@" -I"$SRC/bin/core-unwind" -I"$SRC/lib" -o "$name" "$name.c" \
	    "$objects/sandbox.o" "$objects/strings.o" \
	    "$objects/module/worker.o" "$BUILD/obj/libcorepipe.a" \
	    -lseccomp -lpthread >cc.out 2>&1 && return
	fail "$name cannot be built" "$(cat cc.out)"
	finish
	exit
}

stripped_prog()
{
	cc -O1 -s -Wl,--build-id -o prog -x c - <<-'EOC'
	static int *volatile null_pointer;
	__attribute__((noinline)) static void die(void) { *null_pointer = 1; }
	int main(void) { die(); return 0; }
	EOC
}

package_note()
{
	cat <<-EOA
	.section .note.package, "a", %note
	.balign 4
	.long 4, 2f - 1f, 0xcafe1a7e
	.asciz "FDO"
1:	.asciz "$1"
2:	.balign 4
	.section .note.GNU-stack, "", %progbits
	EOA
}

hammered()
{
	local what="$1" least="$2" memory=100000
	shift 2
	# A sanitizer makes a run slow, and large by itself.
	if test -n "${SAN-}"; then
		HAMMER_STEP=23 memory=2000000 least=$((least / 23))
		export HAMMER_STEP
	fi
	hammer "$@" >hammer.out
	is "$what: a status and a word each" \
	    "$(grep -v '^runs [0-9]* signals [0-9]* maxrss [0-9]*$' \
	    hammer.out | head -n 5)" ""
	ok "$what: all of them" test \
	    "$(awk '/^runs/ { print $2 }' hammer.out)" -ge "$least"
	is "$what: nobody died" "$(awk '/^runs/ { print $4 }' hammer.out)" 0
	ok "$what: within bounds" test \
	    "$(awk '/^runs/ { print $6 }' hammer.out)" -lt "$memory"
}

compare_locals()
{
	# With the printers of the C++ library, which it finds by itself.
	LC_ALL=C.UTF-8 gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -x "$SRC/t/helper/gdb-locals.py" "$1" "$2" >gdb.out 2>gdb.err \
	    </dev/null
	core-unwind --locals "$2" >ours.out 2>ours.err </dev/null
	out=$(python3 "$SRC/t/helper/locals-compare.py" gdb.out ours.out)
	compared=$(told compared)
	odd=$(told odd)
	out=$(printf '%s\n' "$out" | grep -v '^compared .* wrong 0$')
}

# told WORD: the number behind it, in the last line of the comparison.
told()
{
	printf '%s\n' "$out" | sed -n "\$ s/^\(.* \)*$1 \([0-9]*\).*/\2/p"
}

agrees()
{
	local least="$1" source="$2" what
	shift 2
	what="$* $source"
	command -v "$1" >/dev/null || { skip 2 "no $1: $what"; return; }
	"$@" -g -w -o prog "$SRC/t/data/$source" 2>cc.err ||
	    { skip 2 "$1 cannot make it: $what"; return; }
	rm -f core
	core_of core ./prog || { skip 2 "no core: $what"; return; }
	compare_locals ./prog core
	ok "$what: $compared values, at least $least" \
	    test "${compared:-0}" -ge "$least"
	is "$what: as gdb has them" "$out" ""
}
