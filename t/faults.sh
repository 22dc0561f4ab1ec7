# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Vocabulary of the t8 tests, after lib.sh: things go wrong at a call, or at a
# moment, that a seed chooses; then what has to hold in the store is looked at.
#
#	COREPIPE_SEED=N		the choices of an earlier run, which said N;
#				random: others. 1 unless set
#	COREPIPE_LONG=N		N times as many of them, until it is all
#
#	pick SHORT TOTAL        numbers from 1 to TOTAL, one a line: SHORT of
#	                        them, if there are so many
#	random N                sets r to one from 0 to N - 1
#	faulty CALLS AT HOW COMMAND...
#	                        runs it, and the call fails: helper/preload/hit.h
#	                        has the words; sets status, calls (how many there
#	                        were) and hit (what was hit, or nothing)
#	each_call SHORT CALLS HOW WORK [STICKY]
#	                        a few of the CALLS, each in a copy of fresh/ as
#	                        $STORE: WORK is a function that is given what
#	                        faulty wants, and looks at what became of it
#	status_told WHAT [HOW]  after faulty, with err: blames a status that is
#	                        none, or has no word
#	as_promised CALLS AT HOW
#	                        that, and sets what, and blames what does not
#	                        hold in $STORE; but for lines with one of
#	                        $meanwhile, which the next run ends
#	alone                   starts the test once more, without the kernel's
#	                        log, with a /run and a /var/lib of its own:
#	                        a sweep that thinks it is late would take away
#	                        there what belongs to others
#	prepare_crash [LINE...] $STORE, its configuration, a core and whoever
#	                        is to have crashed, held by nobody, as $held
#	crash CALLS AT HOW      the handler, started just as the kernel does it,
#	                        in a group of its own, all of its processes
#	                        counted together; returns when they have ended
#	sweep                   two sweeps, an hour later each
#	still_there             what is left of all that a test has started, in
#	                        processes, files, mounts and locks
#	old_id N                the id of a record from years ago
#	sound WHAT [OPTION...] STORE...
#	                        a test: check-store.pl finds nothing
#	blame WHAT WHY          notes a breach, for one test over many runs
#	blameless WHAT          that test: nothing was noted since the last

# shellcheck disable=SC2034,SC2154 # set here for the tests, or by lib.sh
# shellcheck disable=SC2317 # called by the tests

# What gates a change must not change by itself.
seed=${COREPIPE_SEED:-1}
test "$seed" != random || seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
long=${COREPIPE_LONG:-}
bare=
conf_dir=$TRASH
test -n "${COREPIPE_ALONE:-}" || echo "# COREPIPE_SEED=$seed"
runs=0

random()
{
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	r=$((seed / 65536 % $1))
}

pick()
{
	local short="$1" total="$2" n=1
	test "$total" -gt 0 || return
	short=$((short * ${long:-1}))
	if test "$total" -le "$short"; then
		seq "$total"
		return
	fi
	while test "$n" -le "$short"; do
		random $((total / short))
		echo $(((n - 1) * total / short + r + 1))
		n=$((n + 1))
	done
}

begin_hits()
{
	rm -f "$TRASH/calls.said"
	printf '\0\0\0\0\0\0\0\0' >"$TRASH/calls"
	runs=$((runs + 1))
}

# hitting LIBRARY CALLS AT HOW COMMAND...: with nothing else in the environment,
# when $bare is set.
hitting()
{
	local lib="$1" what="$2" at="$3" how="$4"
	shift 4
	env ${bare:+-i "COREPIPE_CONF=$COREPIPE_CONF"} \
	    LD_PRELOAD="$BUILD/t/$lib.so" FAULT_CALLS="$what" FAULT_AT="$at" \
	    FAULT_HOW="$how" FAULT_STATE="$TRASH/calls" \
	    ${fault_under:+FAULT_UNDER="$fault_under"} \
	    ${fault_only:+FAULT_ONLY=",$fault_only,"} \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" "$@"
}

end_hits()
{
	calls=$(($(od -An -tu8 "$TRASH/calls")))
	hit=$(tail -n 1 "$TRASH/calls.said" 2>/dev/null)
}

faulty()
{
	local lib=fault
	case $1 in
	*,memory,*) lib=nomem ;;
	esac
	begin_hits
	hitting "$lib" "$@"
	status=$?
	end_hits
}

each_call()
{
	local at
	rm -rf "$STORE" && cp -a fresh "$STORE"
	"$4" "$2" 0 none
	test "$calls" -gt 0 || blame "$2" "no such call was made"
	for at in $(pick "$1" "$calls"); do
		rm -rf "$STORE" && cp -a fresh "$STORE"
		"$4" "$2" "$at${5-}" "$3"
	done
}

status_told()
{
	case $status in
	0) ;;
	1 | 111)
		# Whoever has no descriptors 0 to 2 has none to say so on.
		case $hit in
		*/dev/null) ;;
		*) test -s err || blame "$1" "status $status, no word" ;;
		esac ;;
	137) test "${2-}" = kill || blame "$1" "killed" ;;
	*)
		# AddressSanitizer itself cannot go on without memory, nor can
		# libseccomp: a child that dies there of a signal, not with this
		# status, is one that core-unwind tells of.
		if test "$status ${2-}" != "99 ENOMEM" || ! grep -q \
		    -e '^AddressSanitizer: CHECK failed' \
		    -e '^ *#[0-9]* .* in seccomp_load ' err; then
			blame "$1" "status $status: $(head -n 5 err)"
		fi ;;
	esac
}

as_promised()
{
	local said
	what="$3 at call $2 of $1 ($hit)"
	status_told "$what" "$3"
	# A temporary name that could not be unlinked stays, and nothing else.
	sed -n 's|.* unlinkat [A-Z]* .*/\(.*\)|\1 is left|p' calls.said \
	    >may_stay 2>/dev/null
	test -z "${meanwhile:-}" || printf '%s\n' "$meanwhile" >>may_stay
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core "$STORE") || {
		said=${said:-check-store.pl does not say}
		said=$(printf '%s\n' "$said" | grep -vFf may_stay) &&
		    blame "$what" "$said"
	}
}

alone()
{
	test -z "${COREPIPE_ALONE:-}" || return 0
	need_root
	need_command unshare
	unshare -m --propagation private mount -t tmpfs tmpfs /run 2>/dev/null ||
	    skip_all "no mounts of one's own here"
	COREPIPE_ALONE=1
	COREPIPE_SEED=$seed
	export COREPIPE_ALONE COREPIPE_SEED
	unshare -m --propagation private \
	    sh -c 'mount -t tmpfs tmpfs /run &&
	    mount -t tmpfs tmpfs /var/lib &&
	    mount --bind /dev/null /dev/kmsg && exec sh "$0"' "$SRC/t/${0##*/}"
	exit
}

prepare_crash()
{
	STORE=$TRASH/store
	COREPIPE_CONF=$TRASH/corepipe.conf
	export STORE COREPIPE_CONF
	{
		echo "store=$STORE"
		echo log=none
		echo user=no-such-user
		for line in "$@"; do
			printf '%s\n' "$line"
		done
	} >"$COREPIPE_CONF"
	mkcore -n 12 -s 100000 >"$TRASH/core"
	setpriv --reuid=65534 --regid=65534 --clear-groups sleep 10000 &
	held=$!
	at_exit "kill $held 2>/dev/null"
	mounts=$(cat /proc/self/mountinfo)
}

# What carries this very test's $conf_dir, where its corepipe.conf is, in its
# environment and is not of the test itself: the handler and what it started.
processes()
(
	unset COREPIPE_CONF
	grep -lz "^COREPIPE_CONF=$conf_dir/" /proc/[0-9]*/environ 2>/dev/null |
	    while read -r environ; do
		tr '\0' ' ' <"${environ%environ}cmdline"
		echo
	    done 2>/dev/null | grep -E "$1"
)

# Twice, for whoever is just becoming another program has no environment.
quiet()
{
	local all='handler\.sh|stage-|core-save|core-unwind|snap-'
	test -z "$(processes "$all")" && sleep 0.02 &&
	    test -z "$(processes "$all")"
}

crash()
{
	# The sweep is part of it, now and not in ten seconds.
	rm -f "$STORE/known/swept"
	begin_hits
	{ ( cd / && bare=1 && hitting fault "$1" "$2" "$3" \
	    setsid -w "${shell_under_test:-sh}" "$BUILD/libexec/handler.sh" \
	    "P=$held" "I=$held" "p=$held" "i=$held" u=65534 g=65534 d=1 s=11 \
	    c=0 F= h=box e=held E=!bin!held <"$TRASH/core" >&- 2>&- ); } 2>/dev/null
	wait_for 60 quiet || blame "$3 at call $2 of $1" \
	    "it still runs"
	end_hits
}

sweep()
{
	for hour in 2 4; do
		LATER_SECONDS=$((hour * 3600)) LD_PRELOAD=$BUILD/t/later.so \
		    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		    "$BUILD/libexec/stage-sweep"
	done
}

still_there()
{
	# A watcher's last nap outlives it by a second.
	wait_for 10 eval '! processes "^sleep [15] "' ||
	    processes '^sleep'
	ls -d /run/corepipe.*-*-7*-* 2>/dev/null
	printf '%s\n' "$mounts" | diff - /proc/self/mountinfo | grep '^>'
	for lock in "$STORE"/new/.sweep "$STORE"/new/.turn*; do
		test ! -e "$lock" || flock -n "$lock" true ||
		    echo "$lock is held"
	done
}

old_id()
{
	printf '018bcfe5-6800-7000-8000-%012x' "$1"
}

sound()
{
	local what="$1"
	shift
	ok "$what" perl "$SRC/t/helper/check-store.pl" "$@"
}

blame()
{
	printf '%s: %s\n' "$1" "$2" >>"$TRASH/blamed"
}

blameless()
{
	if test -s "$TRASH/blamed"; then
		fail "$1" "$(head -n 40 "$TRASH/blamed")"
	else
		pass "$1"
	fi
	rm -f "$TRASH/blamed"
}

finish()
{
	echo "# $runs runs"
	plan "$test_count"
}
