#!/bin/sh
# SPDX-License-Identifier: ISC
# How long core-save holds a process, from its crash to the return of its
# parent's wait(), less what the same takes without a core (its memory is to be
# freed all the same): beside `cat >/dev/null`, which is what the pipe alone
# costs. And its peak of memory, and the size of what it writes beside zstd -3.
. "$(dirname "$0")/lib.sh"
need_root
need zstd
rounds=${ROUNDS:-7}

arm
cat >"$ARMED/cat" <<END
#!/bin/sh
exec cat >/dev/null
END
cat >"$ARMED/save" <<END
#!/bin/sh
exec $BUILD/bin/core-save -P "\$1" -k tid="\$2" -d $ARMED/saved >/dev/null 2>&1
END
cat >"$ARMED/peak" <<END
#!/bin/sh
exec >$ARMED/peak.kib 2>&1
PATH=$PATH
export PATH
python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
' core-save -P "\$1" -k tid="\$2" -d $ARMED/saved
END
chmod 755 "$ARMED/cat" "$ARMED/save" "$ARMED/peak"

saved()
{
	test -n "$(find "$ARMED/saved/pending" -name meta.json 2>/dev/null)"
}

# crash FILE HANDLER COMMAND...: one more line of milliseconds in FILE.
crash()
{
	local file="$1" handler="$2"
	shift 2
	echo "|$ARMED/$handler %P %I" >/proc/sys/kernel/core_pattern
	rm -rf "$ARMED/saved"
	holdtime -c 1 "$@" >>"$file" 2>/dev/null
	test "$handler" = cat || wait_for 100 saved
}

# pairs NAME COMMAND...: into NAME.none, NAME.cat and NAME.save.
pairs()
{
	local name="$1" n=0
	shift
	while test "$n" -lt "$rounds"; do
		holdtime -c 1 prlimit --core=1 "$@" >>"$name.none" 2>/dev/null
		test -n "${no_cat-}" || crash "$name.cat" cat "$@"
		crash "$name.save" save "$@"
		n=$((n + 1))
	done
}

# line WHAT NAME WISHED: core-save's hold against that of cat.
line()
{
	awk -v what="$1" -v none="$(median "$2.none")" -v cat="$(median "$2.cat")" \
	    -v save="$(median "$2.save")" -v want="$3" 'BEGIN {
		save -= none
		cat -= none
		met = save <= want * cat ? "met" : "MISSED"
		printf "%s: held %.0f ms, cat %.0f ms: %.2f of it, " \
		    "wished %.2f: %s\n", what, save, cat, save / cat, want, met
	}'
}

pairs sparse mapper 8G 512M
line "8 GiB mapped, 0.5 GiB touched" sparse 0.15
pairs full mapper 1G 1G
line "1 GiB mapped and touched" full 1.0
no_cat=1
pairs reserved mapper 64G 1000 reserved
awk -v none="$(median reserved.none)" -v save="$(median reserved.save)" 'BEGIN {
	save -= none
	printf "64 GiB reserved, 1,000 pages touched: held %.1f ms, " \
	    "wished 50: %s\n", save, save <= 50 ? "met" : "MISSED"
}'

echo "|$ARMED/peak %P %I" >/proc/sys/kernel/core_pattern
rm -rf "$ARMED/saved"
available=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
mapper 1G 1G 2>/dev/null
wait_for 100 test -s "$ARMED/peak.kib"
awk -v peak="$(cat "$ARMED/peak.kib")" -v budget="$((available / 4))" 'BEGIN {
	if (budget > 2097152)
		budget = 2097152
	bound = budget + 65536
	printf "peak of memory: %.0f MiB, bound %.0f MiB: %s\n", peak / 1024, \
	    bound / 1024, peak <= bound ? "met" : "MISSED"
}'
core=$(echo "$ARMED"/saved/pending/*/core.zst)
zstd -qdc "$core" | zstd -3 -c >three.zst
awk -v a="$(wc -c <"$core")" -v b="$(wc -c <three.zst)" 'BEGIN {
	printf "compressed: %d bytes, zstd -3 %d: %.2f of it, wished 1.10: %s\n", \
	    a, b, a / b, a <= 1.1 * b ? "met" : "MISSED"
}'
