# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the benchmarks share: t/lib.sh for the directory and the lock, a clock,
# medians, and the line that is printed.
# shellcheck disable=SC2034 # ms is for who calls

. "$(dirname "$0")/../t/lib.sh"

# milliseconds COMMAND...: how long it took, into $ms; its status is kept.
milliseconds()
{
	local begin end status
	begin=$(date +%s%N)
	"$@"
	status=$?
	end=$(date +%s%N)
	ms=$(awk -v n="$((end - begin))" 'BEGIN { printf "%.3f", n / 1e6 }')
	return "$status"
}

# median FILE: of the numbers in it, a line each.
median()
{
	sort -n "$1" | awk '
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

need()
{
	command -v "$1" >/dev/null && return 0
	echo "${0##*/}: left out: no $1 here" >&2
	exit 0
}
