# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# A record whose core must go, and nothing else: sourced by whoever decides so.

# drop_core WHO WHY: remove the core of the record that we are in. Whoever reads
# it later learns why, from what meta.json says is missing and from the log.
# Both are words of ours. On a full disk the core has to go before there is room
# for them.
drop_core()
{
	if say_dropped "$1" "$2"; then
		rm -f core.zst stacks.zst
	else
		rm -f core.zst stacks.zst && say_dropped "$1" "$2"
	fi
}

# Once: who was interrupted before the core was gone has said it already.
say_dropped()
{
	if test -f meta.json && ! test -L meta.json &&
	    ! grep -q '"core: dropped by ' meta.json; then
		why_dropped="core: dropped by $1 for $2"
		rm -f meta.json.new
		if ! { (set -C &&
		    sed -e "s/\"missing\":\[\]/\"missing\":[\"$why_dropped\"]/" \
		    -e t -e "s/\"missing\":\[/&\"$why_dropped\",/" \
		    meta.json >meta.json.new) && chmod 640 meta.json.new &&
		    mv -f meta.json.new meta.json; }
		then
			rm -f meta.json.new
			return 1
		fi
		test -f log && ! test -L log || return 0
		printf '%s %s: core dropped for %s\n' \
		    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" >>log
	fi
}
