# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Vocabulary of the t8 tests, after lib.sh: things go wrong at a call, or at a
# moment, that a seed chooses; then what has to hold in the store is looked at.
#
#	COREPIPE_SEED=N		the choices of an earlier run, which said N
#	COREPIPE_LONG=1		all of them: an hour instead of minutes
#
#	pick SHORT TOTAL        numbers from 1 to TOTAL, as many as SHORT or
#	                        all of them, one a line
#	random N                sets r to one from 0 to N - 1
#	faulty CALLS AT HOW COMMAND...
#	                        runs it, and the call fails: helper/preload/hit.h
#	                        has the words; sets status, calls (how many there
#	                        were) and hit (what was hit, or nothing)
#	old_id N                the id of a record from years ago
#	sound WHAT [OPTION...] STORE...
#	                        a test: check-store.pl finds nothing
#	blame WHAT WHY          notes a breach, for one test over many runs
#	blameless WHAT          that test: nothing was noted since the last

# shellcheck disable=SC2034,SC2154 # set here for the tests, or by lib.sh

seed=${COREPIPE_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
long=${COREPIPE_LONG:-}
echo "# COREPIPE_SEED=$seed"
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
	if test -n "$long" || test "$total" -le "$short"; then
		seq "$total"
		return
	fi
	while test "$n" -le "$short"; do
		random $((total / short))
		echo $(((n - 1) * total / short + r + 1))
		n=$((n + 1))
	done
}

faulty()
{
	local lib=fault what="$1" at="$2" how="$3"
	shift 3
	case $what in
	*,memory,*) lib=nomem ;;
	esac
	rm -f "$TRASH/calls.said"
	printf '\0\0\0\0\0\0\0\0' >"$TRASH/calls"
	runs=$((runs + 1))
	env LD_PRELOAD="$BUILD/t/$lib.so" FAULT_CALLS="$what" FAULT_AT="$at" \
	    FAULT_HOW="$how" FAULT_STATE="$TRASH/calls" \
	    ${fault_only:+FAULT_ONLY=",$fault_only,"} \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" "$@"
	status=$?
	calls=$(($(od -An -tu8 "$TRASH/calls")))
	hit=$(cat "$TRASH/calls.said" 2>/dev/null)
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
