# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the tests on real programs share; read after lib.sh.
#
#	arm_tee                     arm, and keep the kernel's own bytes of every
#	                            core in $ARMED/kernel.PID as well
#	die command...              run it in the background until it is dead; $pid
#	the_record WHAT PID SIGNO NAME COMM EXE FUNCTION
#	                            a check of everything a record must say; $record
#	the_core WHAT PID           what we keep is what the kernel wrote
#	the_frames WHAT CORE EXE SNAPSHOT [all]
#	                            our frames are gdb's
#	wide_lines REPORT           the lines of it that should be shorter
#	sweep                       one more sweep of the store
#
# How frames are compared (same_frames): per thread, innermost first, name by
# name. What may differ, and why:
#   * gdb has no name (`??`) and we have one: we read more tables. The pc must
#     be the same one.
#   * gdb makes up frames for tail calls, which are on no stack, and so do we
#     for some others: left out on both sides.
#   * gdb says `<signal handler called>`, we name the trampoline.
#   * one address has several names (__GI_raise, raise, gsignal): equal when the
#     module's symbol table gives both the same address.
#   * gdb drops C++ parameters and sometimes the scope (`operator()`): it is
#     enough that its name ends ours at a `::`.
#   * gdb takes data for return addresses where it has no unwind table (code
#     made at run time): from its first caller that lies in no module on, the
#     thread is not compared.
#   * gdb hides an inlined call on whose first instruction the program stands:
#     leading inlined frames of ours may be missing there.

arm_tee()
{
	arm "$@"
	# tee comes before anything of ours, and what core-save did not want of
	# the pipe is drained after it, so that tee sees all. The shell's own
	# copy of the pipe holds the process meanwhile.
	cat >"$ARMED/h" <<-EOT
	#!/bin/sh
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	COREPIPE_CONF=$ARMED/corepipe.conf
	ASAN_OPTIONS=$ASAN_OPTIONS:log_path=$ARMED/asan
	export PATH COREPIPE_CONF ASAN_OPTIONS
	umask 077
	tee "$ARMED/kernel.\${1#P=}" | {
		$BUILD/libexec/handler.sh "\$@"
		cat >/dev/null
	}
	EOT
}

die()
{
	"$@" >out 2>err </dev/null &
	pid=$!
	wait "$pid" 2>/dev/null
	died=$?
}

# record_like JQ-FILTER: the newest finished record whose meta.json it fits.
record_like()
{
	local filter="$1" n=0 dir found
	while test "$n" -lt 400; do
		found=
		for dir in "$STORE"/archive/*/; do
			if jq -e "$filter" "$dir/meta.json" >/dev/null 2>&1; then
				found=${dir%/}
			fi
		done
		test -n "$found" && printf '%s\n' "$found" && return 0
		sleep 0.05
		n=$((n + 1))
	done
	echo "no record that fits $filter in $STORE" >&2
	return 1
}

# FUNCTION is a regular expression for the innermost frame that lies in EXE
# (whose file name is enough: a path may end in " (deleted)").
the_record()
{
	local what="$1" pid="$2" signo="$3" name="$4" comm="$5" exe="$6"
	local function="$7"

	record=$(record_of "$pid") || record=$ARMED/none
	about_record "$what" "$signo" "$name" "$comm" "$exe" "$function"
}

about_record()
{
	local what="$1" signo="$2" name="$3" comm="$4" exe="$5" function="$6"
	local top

	is "$what: meta.json has the signal, the process and its program" \
	    "$(jq -r '[.signal, .comm, .exe] | map(tostring) | join("|")' \
	    "$record/meta.json" 2>&1)" "$signo|$comm|$exe"
	is "$what: snapshot.json has them too" \
	    "$(jq -r '[.signal.number, .signal.name, .process.comm,
	    .process.exe, .process.pid] | map(tostring) | join("|")' \
	    "$record/snapshot.json" 2>&1)" \
	    "$signo|$name|$comm|$exe|$(jq .pid "$record/meta.json" 2>&1)"
	top=$(jq -r --arg m "${exe##*/}" '[.threads[] | select(.crashed)
	    | .frames[] | select((.module // "") | split("/")[-1] // ""
	    | startswith($m))][0].function' "$record/snapshot.json" 2>&1)
	like "$what: the crashed function is named" "$top" "^$function\$"
	is "$what: one thread is marked as the one that crashed" \
	    "$(jq '[.threads[] | select(.crashed)] | length' \
	    "$record/snapshot.json" 2>&1)" 1
	unlike "$what: no stage failed" "$(cat "$record/log" 2>&1)" \
	    ' (core-save|core-unwind|snap-put) ([2-9]|1[0-9]+) [0-9]+ ms|No such'
	# A long C++ name is shown there without its arguments; the crash of a
	# program without names is shown by its module.
	test "$top" = null && top=${exe##*/}
	ok "$what: report.txt names it too" \
	    grep -Fq -- "${top%%[(<]*}" "$record/report.txt"
	ok "$what: it is short" test "$(wc -l <"$record/report.txt")" -lt 200
	is "$what: and no wider than a terminal" \
	    "$(wide_lines "$record/report.txt")" ""
}

# wide_lines REPORT: what is wider than 80 columns and need not be. What people
# search for is never broken: fields, paths, commands, a long name on a line of
# its own, and a module's.
wide_lines()
{
	awk 'length <= 80 || /\// || /^(Cause|Message|Signature|Command) / { next }
	/^  To have it: / || /^  [0-9a-f]+ [0-9a-f]+ [^ ]+$/ { next }
	/^  #[0-9]+ / && !/ (in|at) [^ ]+( \[[a-z]+\])?$/ { next }
	{ print }' "$1"
}

the_core()
{
	local what="$1" pid="$2"

	zstd -dcq "$record/core.zst" >"$ARMED/ours.$pid"
	ok "$what: the core we keep is the kernel's, byte for byte" \
	    cmp "$ARMED/ours.$pid" "$ARMED/kernel.$pid"
	is "$what: and is marked complete" \
	    "$(jq .core.complete "$record/meta.json" 2>&1)" true
}

the_frames()
{
	local what="$1"
	shift
	ok "$what: frames are gdb's" same_frames "$@"
}

the_whole()
{
	local what="$1" pid="$2" exe="$6"

	the_record "$@"
	the_core "$what" "$pid"
	the_frames "$what" "$ARMED/ours.$pid" "$exe" "$record/snapshot.json"
	rm -f "$ARMED/ours.$pid" "$ARMED/kernel.$pid"
}

# gdb_frames CORE EXE [ALL] [LIMIT]: `TID name` a frame of the crashed thread,
# or of ALL (1); `TID ?? pc` where gdb knows no name.
gdb_frames()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' -iex 'set width 0' \
	    -iex 'set auto-load off' -iex 'set print thread-events off' \
	    -ex 'set backtrace past-main on' -ex 'set backtrace past-entry on' \
	    -ex "set \$threads = ${3:-0}" -ex "set \$limit = ${4:--1}" \
	    -x "$SRC/t/helper/gdb-frames.py" "$2" "$1" 2>gdb.err </dev/null |
	    sed -n 's/^frame	//p'
}

# our_frames SNAPSHOT: TID, name, pc, inline, module.
our_frames()
{
	jq -r '.threads[] | .tid as $t | .frames[] | select(.tail_call | not) |
	    [$t, .function // "??",
	    .pc // "", .inline // false, .module // ""] | @tsv' "$1"
}

# same_frames CORE EXE SNAPSHOT [all | N]: the crashed thread, every thread, or
# the innermost N frames of the crashed one.
same_frames()
{
	local limit='' all=''

	case ${4:-} in
	'')	;;
	all)	all=1 ;;
	*)	limit=$4 ;;
	esac
	gdb_frames "$1" "$2" "$all" "$limit" >theirs
	our_frames "$3" >ours || return 1
	jq -r '.modules[] | [.start, .end] | @tsv' "$3" >ranges || return 1
	if test ! -s theirs; then
		echo "gdb says nothing:"
		cat gdb.err
		return 1
	fi
	compare_frames ours theirs "$limit" "$all" ranges && return 0
	echo "--- ours (tid, name, pc, inline, module)"
	head -n 30 ours
	echo "--- gdb's"
	head -n 30 theirs
	return 1
}

# compare_frames OURS THEIRS [LIMIT] [ALL] [RANGES]: says what differs.
compare_frames()
{
	local kind a b module

	awk -F '\t' -v limit="${3:-}" -v all="${4:-}" -v ranges="${5:-}" \
	    "$frames_awk" "$1" "$2" >all.differences || return 1
	sort -u all.differences >difference
	# What is left are pairs that may be two names for one address.
	while IFS='	' read -r kind a b module; do
		if test "$kind" != name; then
			printf '%s %s\n' "$kind" "$a"
		elif ! one_address "$a" "$b" "$module"; then
			printf 'ours %s, gdb %s, in %s\n' "$a" "$b" "$module"
		fi
	done <difference >unlike
	head -n 20 unlike
	test ! -s unlike
}

# plain: a name without parameters and return type, template arguments kept.
# shellcheck disable=SC2016 # awk's dollars
frames_awk='
function plain(s,    i, c, angle, round, out) {
	gsub(/\(anonymous namespace\)/, "{anonymous}", s)
	gsub(/operator\(\)/, "operator{call}", s)
	gsub(/operator<</, "operator{left}", s)
	gsub(/operator>>/, "operator{right}", s)
	gsub(/operator->/, "operator{arrow}", s)
	sub(/@.*/, "", s)
	sub(/ \[clone .*/, "", s)
	sub(/\) const$/, ")", s)
	out = ""
	angle = round = 0
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (angle == 0 && c == "(")
			round++
		if (round == 0 && c == "<")
			angle++
		if (round == 0 && c != " ")
			out = out c
		else if (round == 0 && angle == 0 && out !~ /operator$/)
			out = ""
		if (round == 0 && c == ">" && angle > 0)
			angle--
		if (angle == 0 && c == ")")
			round--
	}
	return (out)
}
function wide(hex) {
	sub(/^0x/, "", hex)
	return (substr("0000000000000000", length(hex) + 1) hex)
}
function nowhere(pc,    i) {
	pc = wide(pc)
	for (i = 1; i <= range_count; i++)
		if (from[i] <= pc && pc < to[i])
			return (0)
	return (1)
}
BEGIN {
	while (ranges != "" && (getline line < ranges) > 0) {
		split(line, field, "\t")
		from[++range_count] = wide(field[1])
		to[range_count] = wide(field[2])
	}
}
function same(o, t) {
	if (t == o)
		return (1)
	return (length(o) > length(t) + 2 &&
	    substr(o, length(o) - length(t) - 1) == "::" t)
}
FNR == NR {
	n = ++ours[$1]
	name[$1, n] = $2
	pc[$1, n] = $3
	inlined[$1, n] = $4
	module[$1, n] = $5
	next
}
{
	tid = $1
	if (tid in astray)
		next
	if (range_count && tid in at && $2 ~ /^\?\? / &&
	    nowhere(substr($2, 4))) {
		astray[tid] = 1
		next
	}
	if (!(tid in at)) {
		at[tid] = 1
		while (inlined[tid, at[tid]] == "true" &&
		    $2 != "?? " pc[tid, at[tid]] &&
		    !same(plain(name[tid, at[tid]]), plain($2)))
			at[tid]++
	}
	i = at[tid]++
	seen[tid]++
	if (i > ours[tid]) {
		if (i == ours[tid] + 1)
			print "thread\t" tid ": gdb goes on with " $2
		next
	}
	if ($2 == "<signal>") {
		if (name[tid, i] !~ /restore|sigreturn|^\?\?/)
			print "thread\t" tid ": no signal frame but " name[tid, i]
		next
	}
	if (substr($2, 1, 2) == "??") {
		if ($2 != "?? " pc[tid, i])
			print "thread\t" tid ": frame " i ": " pc[tid, i] \
			    " where gdb has " $2
		next
	}
	if (!same(plain(name[tid, i]), plain($2)))
		print "name\t" plain(name[tid, i]) "\t" plain($2) "\t" \
		    module[tid, i]
}
END {
	for (tid in ours)
		if (all && !(tid in at))
			print "thread\t" tid ": not in gdb\047s list"
	for (tid in at)
		if (at[tid] <= ours[tid] && !(tid in astray) && !(limit && seen[tid] >= limit))
			print "thread\t" tid ": we go on with " \
			    name[tid, at[tid]]
}'

# one_address NAME NAME MODULE: the module, or its separate debug file, knows
# both at the same place. Versions (@@GLIBC_2.34) do not count.
one_address()
{
	local id

	test -f "$3" || return 1
	id=$(readelf -n "$3" 2>/dev/null | sed -n 's/.*Build ID: //p')
	{
		nm "$3"
		nm -D "$3"
		nm "/usr/lib/debug/.build-id/${id%"${id#??}"}/${id#??}.debug"
	} 2>/dev/null | awk -v a="$1" -v b="$2" '
	{ sub(/@.*/, "", $3) }
	$3 == a { as[$1] = 1 }
	$3 == b { bs[$1] = 1 }
	END {
		for (x in as)
			if (x in bs)
				exit 0
		exit 1
	}'
}

# sweep: one more sweep of $STORE has been done when it returns.
sweep()
{
	COREPIPE_CONF=$ARMED/corepipe.conf "$BUILD/libexec/stage-sweep"
	wait_for 60 swept
}

swept()
{
	test ! -e "$STORE/new/.wanted" && flock -n "$STORE/new/.sweep" true
}
