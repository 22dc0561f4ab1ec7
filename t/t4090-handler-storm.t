#!/bin/sh
# SPDX-License-Identifier: ISC
# Many crashes at once: as many reports at a time as were asked for, the other
# records wait for their turn, and all of them have it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq flock
plan 5
copy_build
cp /bin/true core

# Says when it is at work, and when it is not any more.
mv "$COPY/bin/core-unwind" "$COPY/bin/real-unwind"
stand_in core-unwind <<END
echo + >>$TRASH/work
sleep 0.2
$COPY/bin/real-unwind "\$@"
status=\$?
echo - >>$TRASH/work
exit \$status
END

# storm N: that many crashes at the same time.
storm()
{
	rm -f "$TRASH/work"
	n=0 pids=
	while test "$n" -lt "$1"; do
		n=$((n + 1))
		as_kernel "$TRASH/corepipe.conf" sh \
		    "$COPY/libexec/handler.sh" P=$$ u=0 g=0 d=1 s=11 e=storm \
		    E=!bin!storm <core &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086
	wait $pids
	settle
}

# most: of them at work at one time.
most()
{
	awk '{ n += $1 == "+" ? 1 : -1; if (n > max) max = n }
	    END { print max + 0 }' "$TRASH/work"
}

configure reports=1
storm 8
is "one at a time" "$(most)" 1
is "all have a record" "$(ids | wc -l)" 8
is "and each has been reported" "$(grep -c + "$TRASH/work")" 8
configure reports=3
storm 9
like "three at a time" "$(most)" '^[23]$'
is "none is left behind" "$(ids | wc -l)" 17
