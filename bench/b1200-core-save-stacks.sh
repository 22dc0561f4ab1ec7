#!/bin/sh
# SPDX-License-Identifier: ISC
# How long --keep=stacks holds a process, from its crash to the return of its
# parent's wait(), less what the same takes without a core; and the size of
# what is kept. A process sixteen times as large is not held longer.
. "$(dirname "$0")/lib.sh"
need_root
need zstd
need jq
rounds=${ROUNDS:-9}

arm
cat >"$ARMED/save" <<END
#!/bin/sh
exec $BUILD/bin/core-save --keep=stacks -P "\$1" -k tid="\$2" \
    -d $ARMED/saved >/dev/null 2>&1
END
printf '#!/bin/sh\nexec true\n' >"$ARMED/nothing"
chmod 755 "$ARMED/save" "$ARMED/nothing"

saved()
{
	test -n "$(find "$ARMED/saved/pending" -name meta.json 2>/dev/null)"
}

# pairs NAME COMMAND...: into NAME.none, NAME.nothing and NAME.save.
pairs()
{
	local name="$1" n=0
	shift
	while test "$n" -lt "$rounds"; do
		holdtime -c 1 prlimit --core=1 "$@" >>"$name.none" 2>/dev/null
		echo "|$ARMED/nothing" >/proc/sys/kernel/core_pattern
		holdtime -c 1 "$@" >>"$name.nothing" 2>/dev/null
		rm -rf "$ARMED/saved"
		echo "|$ARMED/save %P %I" >/proc/sys/kernel/core_pattern
		holdtime -c 1 "$@" >>"$name.save" 2>/dev/null
		wait_for 100 saved
		n=$((n + 1))
	done
	bytes=$(jq .core.stored "$ARMED"/saved/pending/*/meta.json)
	way=$(jq -r .core.way "$ARMED"/saved/pending/*/meta.json)
}

# line WHAT NAME WISHED
line()
{
	awk -v what="$1" -v none="$(median "$2.none")" \
	    -v nothing="$(median "$2.nothing")" -v way="$way" \
	    -v save="$(median "$2.save")" -v want="$3" -v bytes="$bytes" 'BEGIN {
		save -= none
		nothing -= none
		met = want == "" ? "" : sprintf(", wished %d ms: %s", want,
		    save <= want ? "met" : "MISSED")
		printf "%s: held %.1f ms%s; a handler that does nothing " \
		    "%.1f ms; %.0f KiB kept, %s\n", what, save, met, nothing,
		    bytes / 1024, way
	}'
}

pairs small mapper 8M 8M
line "8 MiB" small ''
pairs large mapper 8G 512M
line "8 GiB mapped, 0.5 GiB touched" large 25
pairs threads mapper threads 1000
line "1,000 threads" threads ''
