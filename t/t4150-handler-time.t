#!/bin/sh
# SPDX-License-Identifier: ISC
# The shell tells the time as date does, and mostly without it.
. "$(dirname "$0")/lib.sh"
plan 13

# Leap years, ends of years and months, 2000 and 2100.
cat >tell <<'END'
dir=$1
. "$dir/stage.sh"
. "$dir/log.sh"
while read -r seconds; do
	stamp "$seconds" x
done
END
awk 'BEGIN { for (t = 0; t < 4200000000; t += 5270399) printf "%.0f\n", t
    }' >seconds
printf '%s\n' 951782399 951782400 951868800 1709164800 1735689599 1735689600 \
    4107542399 4107542400 >>seconds
sed 's/^/@/' seconds | date -u -f - '+%Y-%m-%dT%H:%M:%SZ x' >want
sh tell "$BUILD/libexec" <seconds >got
ok "the time is what date says" cmp got want

# What a sweep has left of both clocks tells the time of an id without date, when
# the kernel's own time of the crash agrees.
cat >when <<'END'
dir=$1
. "$dir/stage.sh"
store=$2
date() { true >asked; command date "$@"; }
make_id "$3"
test "$((now - clock_then))" -ge 0 && printf "%s %s\n" "$ms" "$id"
END
mkdir -p clocks/known
# tell_id SWEPT SECONDS: sets milliseconds and id, and asked when it was date.
tell_id()
{
	rm -f asked
	printf '%s\n' "$1" >clocks/known/swept
	# shellcheck disable=SC2046
	set -- $(sh when "$BUILD/libexec" "$PWD/clocks" "$2")
	milliseconds=${1-} id=${2-} asked=
	test ! -e asked || asked=" asked"
}
uptime=$(cut -d ' ' -f 1 /proc/uptime | tr -d .)
now=$(command date +%s)
# A sweep in the future of this machine: no clock that is read here says it.
tell_id "$((uptime - 100)) $((now * 1000 + 5000000123))" $((now + 5000001))
is "a sweep's time: date is not asked" "$asked" ""
like "the id has it" "$milliseconds" "^$((now + 5000001))[0-9]{2}3$|^$((now + 5000002))"
is "in its first 48 bits" "$(printf '%s' "$id" | tr -d - | cut -c 1-12)" \
    "$(printf '%012x' "$milliseconds")"
for swept in "" "100" "$uptime x" "0$uptime ${now}000" "$uptime 0${now}000" \
    "$uptime $((now - 60))000" "$uptime 99999999999999999999" \
    "18446744073709551616 ${now}000"; do
	tell_id "$swept" "$now"
	is "of no use ($swept): date is asked" \
	    "$asked $(test "$((milliseconds / 1000 - now))" -le 60 && echo now)" \
	    " asked now"
done

# /proc/uptime of a machine that has just started: 008 would be octal.
printf '0.08 0.01\n' >uptime
cat >early <<'END'
mount --bind uptime /proc/uptime || exit 3
sh when "$1" "$2" "$(command date +%s)"
END
true >clocks/known/swept
if test "$(id -u)" != 0; then
	skip 1 "no mounts without root"
elif unshare -m sh early "$BUILD/libexec" "$PWD/clocks" >got 2>err ||
    ! grep -q 'mount:\|unshare:' err; then
	like "a machine that has just started has an id" "$(cat got err)" \
	    '^[0-9]+ [0-9a-f]{8}-[0-9a-f]{4}-7'
else
	skip 1 "no mounts here: $(head -n 1 err)"
fi
