# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# What handler.sh and its stages start with, sourced by them: the settings of
# corepipe.conf, a clock, new ids, and who is alive. The caller has set dir, the
# directory that this file is in.
#
# All of it may run while a process is held, so none of it forks but make_id,
# once, and that one only when no sweep has told the time lately.

store=@STOREDIR@
keep=auto
keep_first=3
keep_free=10
user_max=
store_max=
limit=
ram=
level=
core_timeout=1800
trace=none
trace_session=coredump-handler
trace_timeout=2
chain=
chain_timeout=60
unwind_timeout=120
reports=0
known_reports=10
locals=no
put_timeout=60
user=@RUNUSER@
log=syslog
nice=19
environ=no
unit_log=0
unit_log_command=

bin=@BINDIR@
# shellcheck disable=SC2154
test -d "$dir/../bin" && bin=$dir/../bin

conf=${COREPIPE_CONF:-@SYSCONFDIR@/corepipe/corepipe.conf}
odd_settings=

# The values are data: read line by line, never sourced, never evaluated.
read_settings()
{
	test -r "$conf" || return 0
	while IFS= read -r line || test -n "$line"; do
		line=${line#"${line%%[! 	]*}"}
		line=${line%"${line##*[! 	]}"}
		case $line in
		'' | '#'*) ;;
		*=*) setting "${line%%[ 	=]*}" "${line#*=}" ;;
		*) odd_settings="$odd_settings ${line%%[ 	]*}" ;;
		esac
	done <"$conf"
}

# setting KEY VALUE: one that is not what its key may have costs no more than
# itself: the default stays, for core-save would refuse to save anything.
setting()
{
	value=${2#"${2%%[! 	]*}"}
	if ! acceptable "$1"; then
		odd_settings="$odd_settings $1"
		return
	fi
	case $1 in
	store) store=$value ;;
	keep) keep=$value ;;
	keep_first) keep_first=$value ;;
	keep_free) keep_free=$value ;;
	user_max) user_max=$value ;;
	store_max) store_max=$value ;;
	limit) limit=$value ;;
	ram) ram=$value ;;
	level) level=$value ;;
	core_timeout) core_timeout=$value ;;
	trace) trace=$value ;;
	trace_session) trace_session=$value ;;
	trace_timeout) trace_timeout=$value ;;
	chain) chain=$value ;;
	chain_timeout) chain_timeout=$value ;;
	unwind_timeout) unwind_timeout=$value ;;
	reports) reports=$value ;;
	known_reports) known_reports=$value ;;
	locals) locals=$value ;;
	put_timeout) put_timeout=$value ;;
	user) user=$value ;;
	log) log=$value ;;
	nice) nice=$value ;;
	environ) environ=$value ;;
	unit_log) unit_log=$value ;;
	unit_log_command) unit_log_command=$value ;;
	esac
}

# acceptable KEY: is it one, and is $value what it may have? A store has to be
# absolute: the handler works in a directory of the crashed process.
acceptable()
{
	case $1=$value in
	store=*/../* | store=*/..) return 1 ;;
	store=/* | keep=auto | keep=full | keep=stacks | keep=report | \
	keep=none | user_max= | store_max= | limit= | ram= | level= | \
	trace=none | trace=lttng | trace_session=* | chain=* | log=syslog | \
	log=kmsg | log=none | locals=no | locals=yes | environ=yes | \
	environ=no | unit_log_command= | unit_log_command=/*) ;;
	limit=*) is_size 1 ;;
	ram=* | user_max=* | store_max=*) is_size 0 ;;
	level=*) is_number 1 19 ;;
	core_timeout=* | trace_timeout=* | chain_timeout=* | \
	unwind_timeout=* | put_timeout=*) is_number 1 1000000 ;;
	reports=* | known_reports=* | keep_first=*) is_number 0 1000000 ;;
	keep_free=*) is_number 0 100 ;;
	nice=*) is_number 0 19 ;;
	unit_log=*) is_number 0 10000 ;;
	user=[!A-Za-z_]* | user=*[!A-Za-z0-9_.-]* | user=) return 1 ;;
	user=*) ;;
	*) return 1 ;;
	esac
}

# is_number LOW HIGH: is $value one of these? It loses its leading zeros, which
# would make it octal in $(( )), where 08 ends the script.
is_number()
{
	case $value in
	'' | *[!0-9]*) return 1 ;;
	esac
	value=${value#"${value%%[!0]*}"}
	value=${value:-0}
	# More digits than test(1) can count are none.
	test "${#value}" -le 9 && test "$value" -ge "$1" &&
	    test "$value" -le "$2"
}

# is_size LOW: is $value a size as core-save takes it, and, when LOW is 1, above
# 0? The digits are those that surely fit into 64 bits with their unit.
is_size()
{
	digits=${value%%[!0-9]*}
	test -n "$digits" || return
	case ${value#"$digits"} in
	'' | [Bb]) most=19 ;;
	[Kk] | [Kk][Bb] | [Kk][Ii][Bb]) most=16 ;;
	[Mm] | [Mm][Bb] | [Mm][Ii][Bb]) most=13 ;;
	[Gg] | [Gg][Bb] | [Gg][Ii][Bb]) most=10 ;;
	[Tt] | [Tt][Bb] | [Tt][Ii][Bb]) most=7 ;;
	*) return 1 ;;
	esac
	digits=${digits#"${digits%%[!0]*}"}
	test "${#digits}" -ge "$1" && test "${#digits}" -le "$most"
}

# clock: sets now to the hundredths of a second since the machine started.
clock()
{
	now=
	read -r now rest </proc/uptime
	now=${now%.*}${now#*.}
	# A machine that has just started has leading zeros, which make it octal.
	now=${now#"${now%%[!0]*}"}
	now=${now:-0}
}

# second: sets second to the seconds since 1970: date(1) is asked once.
seconds_then=
second()
{
	clock
	if test -z "$seconds_then"; then
		seconds_then=$(date +%s) clock_then=$now
	fi
	second=$((seconds_then + (now - clock_then) / 100))
}

# make_id [SECONDS]: sets id to a new UUIDv7, and ms to its time. SECONDS are the
# kernel's, of the crash: where they bear out what the last sweep saw of both
# clocks, that will do. Else one fork, of date, which may not know %N.
make_id()
{
	clock
	clock_then=$now
	if ! recall_time "${1-}"; then
		ms=$(date +%s%N)
		case $ms in
		'' | *[!0-9]*)
			ms=${ms%%[!0-9]*}
			ms=${ms:-0}000000000 ;;
		esac
		ms=${ms%??????}
	fi
	seconds_then=${ms%???}
	make_id_of "$ms"
}

# recall_time SECONDS: sets ms to the milliseconds since 1970, by what the last
# sweep saw of both clocks, when that comes out in that second or the next: not
# after a boot, nor when the clock was set.
recall_time()
{
	last='' ms=
	test -n "$1" && test -r "$store/known/swept" &&
	    read -r last ms <"$store/known/swept"
	for number in "$1" "$last" "$ms"; do
		case $number in
		'' | 0* | *[!0-9]* | ????????????????*) return 1 ;;
		esac
	done
	ms=$((ms + (now - last) * 10))
	case $((ms / 1000 - $1)) in
	[01]) ;;
	*) return 1 ;;
	esac
}

# make_id_of MILLISECONDS: one of that time. What of it is not the time is
# random, as in the version 4 that the kernel makes.
make_id_of()
{
	left=$1
	hex=
	while test "${#hex}" -lt 12; do
		digit=$((left % 16)) left=$((left / 16))
		case $digit in
		10) digit=a ;; 11) digit=b ;; 12) digit=c ;;
		13) digit=d ;; 14) digit=e ;; 15) digit=f ;;
		esac
		hex=$digit$hex
	done
	uuid=
	read -r uuid </proc/sys/kernel/random/uuid
	id=${hex%????}-${hex#????????}-7${uuid#*-*-4}
	is_id "$id" && return
	# No randomness, or not all of it, for it is read by the letter: our own
	# number tells it from others of this instant.
	unique=00000000000$$
	id=${hex%????}-${hex#????????}-7000-8000-${unique#"${unique%????????????}"}
}

is_id()
{
	case $1 in
	*[!0-9a-f-]*) return 1 ;;
	????????-????-7???-[89ab]???-????????????) return 0 ;;
	esac
	return 1
}

# sweep_soon: the next sweep is due ten seconds after the last one began. Who
# comes before leaves it to one who waits until then.
sweep_soon()
{
	last=
	test -r "$store/known/swept" && read -r last of <"$store/known/swept"
	case $last in
	'' | 0* | *[!0-9]*) last=0 ;;
	esac
	clock
	nap=$((now < last ? 0 : (last + 1000 - now + 99) / 100))
	if test "$last" -eq 0 || test "$nap" -le 0; then
		nice -n "$nice" "$dir/stage-sweep" 5>&- 9>&- &
	elif ! alive sweep; then
		nice -n "$nice" "$dir/stage-sweep" "$nap" 5>&- 9>&- &
	fi
}

# is_meta FILE: is that meta.json whole? A machine that went down may have kept
# its name, and of what was in it nothing, zeros, or a part. All is one line.
is_meta()
{
	test -f "$1" && ! test -L "$1" &&
	    test "$(tr -cd '\000\n' <"$1" | tr '\000\n' 0n)" = n &&
	    test "$(head -c 1 <"$1")" = '{'
}

# settle FILE...: these are to be there after the machine went down.
settle()
{
	sync "$@" 2>/dev/null
}

# claim ID: say in new/.ID.live that this very process works on the record, and
# that it is there now: by the time that somebody looks the pid could be
# another's, who was started later, or after another boot. A store that has such a
# link is refused, but by core-save only.
claim()
{
	test ! -L "$store/new" || return
	clock
	boot=
	read -r boot </proc/sys/kernel/random/boot_id
	printf '%s %s %s\n' "$$" "$now" "$boot" >"$store/new/.$1.live"
}

# born STAT: sets start to field 22 of /proc/PID/stat, in the unit of clock,
# counted from behind the last ")", for a command name may hold anything; to
# nothing for one that is dead and only waits for its parent to ask.
born()
{
	# shellcheck disable=SC2086
	set -- ${1##*) }
	start=${20-}
	case ${1-} in
	[ZX]) start= ;;
	esac
}

# alive ID: is the process that claimed it still there?
alive()
{
	test -r "$store/new/.$1.live" || return 1
	live_pid='' live_then='' live_boot='' boot=
	read -r live_pid live_then live_boot <"$store/new/.$1.live"
	for number in "$live_pid" "$live_then"; do
		case $number in
		'' | *[!0-9]*) return 1 ;;
		esac
	done
	read -r boot </proc/sys/kernel/random/boot_id
	test "$boot" = "$live_boot" || return
	test -r "/proc/$live_pid/stat" || return 1
	stat=
	read -r stat <"/proc/$live_pid/stat"
	born "$stat"
	test -n "$start" && test "$start" -le "$live_then"
}
