# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# A record whose core must go, and nothing else: sourced by whoever decides so.

# drop_core WHO WHY: remove the core of the record that we are in. Whoever reads
# it later learns why, from what meta.json says is missing and from the log.
# Both are words of ours.
drop_core()
{
	if test -f meta.json && ! test -L meta.json; then
		why_dropped="core: dropped by $1 for $2"
		rm -f meta.json.new
		(set -C &&
		    sed -e "s/\"missing\":\[\]/\"missing\":[\"$why_dropped\"]/" \
		    -e t -e "s/\"missing\":\[/&\"$why_dropped\",/" \
		    meta.json >meta.json.new) &&
			chmod 640 meta.json.new && mv -f meta.json.new meta.json
	fi
	test -f log && ! test -L log &&
	    printf '%s %s: core dropped for %s\n' \
	    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" >>log
	rm -f core.zst stacks.zst
}
