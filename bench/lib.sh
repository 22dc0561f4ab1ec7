# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the benchmarks share: t/lib.sh for the directory and the lock, a clock,
# rounds, medians, and the lines that are printed.

. "$(dirname "$0")/../t/lib.sh"

CAP=${CAP:-120}				# seconds, for the slowest

# What else the machine does: before and after, beside the figures.
tell_load()
{
	echo "# ${0##*/}, $1: $(date -u +%H:%M:%S), load" \
	    "$(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors"
}
tell_load begin
at_exit 'tell_load end'

# A clock that is asked without a process being made: that takes longer than some
# of what is measured here. It is no child of this shell, for wait(1) to wait for.
mkfifo ask tell || exit 1
(perl -MTime::HiRes=time -ne '$| = 1; printf "%.6f\n", time' <ask >tell &)
exec 3>ask 4<tell

# now: into $now, in seconds.
now()
{
	echo >&3
	read -r now <&4
}

# milliseconds COMMAND...: how long it took, into $ms; its status is kept.
milliseconds()
{
	local begin status
	now
	begin=$now
	"$@"
	status=$?
	now
	ms=$(awk -v a="$begin" -v b="$now" \
	    'BEGIN { printf "%.3f", (b - a) * 1000 }')
	return "$status"
}

# rounds N WHO...: in each round each of the functions WHO once, with a result
# of its own in WHO.out; its milliseconds go to WHO.ms, with a > when timeout(1)
# stopped it, and nothing when it failed. Who takes more than ten seconds has
# run once: the rest of the rounds are without.
rounds()
{
	local n="$1" who
	shift
	while test "$n" -gt 0; do
		for who; do
			slow "$who" && continue
			rm -f "$who.out"
			milliseconds "$who"
			case $? in
			0) echo "$ms" ;;
			124) echo ">$ms" ;;
			esac >>"$who.ms"
		done
		n=$((n - 1))
	done
}

slow()
{
	grep -q -e '^>' -e '^[0-9]\{5,\}' "$1.ms" 2>/dev/null
}

# median FILE: of the numbers in it, a line each.
median()
{
	grep '^>' "$1" 2>/dev/null || sort -n "$1" | awk '
	{ v[NR] = $1 }
	END {
		if (NR == 0)
			print "none"
		else
			print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2
	}'
}

# ratio WHAT OURS THEIRS AT-LEAST: "theirs is N times ours", and the figure
# that is wished for. A leading > on THEIRS: it was stopped at that time.
ratio()
{
	awk -v what="$1" -v a="$2" -v b="$3" -v want="$4" 'BEGIN {
		more = ""
		if (sub(/^>/, "", b))
			more = ">"
		if (a + 0 <= 0) {
			print what ": not measured"
			exit
		}
		r = b / a
		met = r >= want ? "met" : "MISSED"
		printf "%s: %.1f ms against %s%.1f ms: 1/%s%.1f, wished 1/%s: %s\n", \
		    what, a, more, b, more, r, want, met
	}'
}

# gdb's answer to COMMAND... for EXE and CORE, and only that.
ask_gdb()
{
	local exe="$1" core="$2"
	shift 2
	gdb -batch -nx -iex 'set debuginfod enabled off' -iex 'set width 0' \
	    -ex "$*" "$exe" "$core" </dev/null 2>&1
}

leave_out()
{
	echo "${0##*/}: left out: $*" >&2
	exit 0
}

# In place of lib.sh's, which speaks TAP.
need_root()
{
	test "$(id -u)" -eq 0 || leave_out not root
}

need()
{
	command -v "$1" >/dev/null || leave_out "no $1 here"
}

# give_back: core_pattern, as soon as the cores are there.
give_back()
{
	restore_kernel_settings
	exec 9>&-
}
