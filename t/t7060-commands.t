#!/bin/sh
# SPDX-License-Identifier: ISC
# Ids, members and names given to the snap programs as an attacker would have
# somebody give them: nothing outside the store is touched, and nothing runs.
# shellcheck disable=SC2016 # not to be expanded
. "$(dirname "$0")/lib.sh"
. "$SRC/t/snap.sh"
need_command jq script
nl='
'
long=$(head -c 4096 /dev/zero | tr '\0' a)
cd "$TRASH" || exit 1
crash archive 1
good=$(id_of 1)
mkdir -p outside/archive "outside/$good"
sample 2 >outside/snapshot.json
echo keep >outside/keep
ln -s ../../outside "$STORE/archive/$(id_of 3)"
ln -s "$TRASH/outside/keep" "$STORE/archive/$good/link"
before=$(find outside "$STORE/archive/$good" | sort)

# Never a success, and never a death.
no()
{
	local what="$1"
	shift
	"$@" >no.out 2>no.err </dev/null
	status=$?
	case $status in
	1 | 100 | 111) pass "$what" ;;
	*) fail "$what" "status $status: $*" "$(head -c 500 no.err)" ;;
	esac
	unlike "$what: and no control is printed" \
	    "$(cat no.out no.err | tr -d '\n\t -~\200-\377' | od -An -c)" .
}

for id in ../outside "../archive/$good" "$good/../../../outside" . .. / '' \
    "$STORE/archive/$good" "$long" "${good}${nl}x" "$nl" '*' '$(touch pwned)' \
    '`touch pwned`' ';touch pwned' -- -0 -e "$(printf '\033]0;x\007')" \
    "$(id_of 3)" ABCDEF "$good/" " $good"; do
	what=$(printf %s "$id" | head -c 40 | tr -c ' -~' '?')
	for tool in snap-show snap-get snap-rm snap-retry snap-debug; do
		# What follows -- is for the debugger there.
		case $tool.$id in
		snap-debug.-*) continue ;;
		snap-debug.*) ends= ;;
		*) ends=-- ;;
		esac
		no "CVE-2015-3151: $tool '$what'" "$tool" -s "$STORE" \
		    ${ends:+--} "$id"
	done
	no "CVE-2015-3151: snap-list --path '$what'" \
	    snap-list -s "$STORE" --path "$id"
	no "CVE-2015-3150: snap-put '$what'" snap-put -s "$STORE" -- \
	    "$STORE/archive/$id/nothing"
done
no "CVE-2021-32556: snap-rm -rf" snap-rm -s "$STORE" -rf
no "CVE-2021-32556: snap-rm --help-me" snap-rm -s "$STORE" --help-me
for member in ../../../outside/keep /etc/passwd link core/../link . .. a//b \
    "$long" "${nl}log" -rf '$(touch pwned)' "snapshot.json/../link"; do
	no "CVE-2026-77113: snap-get '$(printf %s "$member" | head -c 40 |
	    tr '\n' '?')'" snap-get -s "$STORE" -- "$good" "$member"
done

# What a snapshot calls itself is no path either.
for id in ../../outside/x "$good/../x" / "$long" "x${nl}y" '$(touch pwned)'; do
	sample 5 | jq --arg id "$id" '.id = $id' >evil.json
	new=$(snap-put -s "$STORE" evil.json)
	what=$(printf %s "$id" | head -c 40 | tr '\n' '?')
	like "CVE-2016-9950, CVE-2016-9951, CVE-2017-10708: a snapshot whose id is '$what' gets another" \
	    "$new" '^[0-9a-f-]{36}$'
	ok "CVE-2016-9950: '$what': and is in the store" \
	    test -f "$STORE/archive/$new/snapshot.json"
	snap-rm -s "$STORE" "$new"
done
mkfifo fifo
ln -s /etc/passwd passwd
for file in fifo passwd /dev/zero . ../ outside; do
	sample 6 >six.json
	timeout 10 snap-put -s "$STORE" -a "$file" six.json >id 2>no.err
	is "CVE-2021-32549: -a $file: not attached, and said" "$?" 1
	ok "CVE-2021-32549: -a $file: nothing of it" \
	    test -z "$(find "$STORE/archive/$(cat id)/attach" -type f 2>/dev/null)"
	snap-rm -s "$STORE" "$(cat id)"
done

# No pager, whatever the environment would like.
cat >pager <<END
#!/bin/sh
touch $TRASH/pwned
END
chmod 755 pager
for tool in snap-list "snap-show $good" "snap-get $good snapshot.json" \
    "snap-list --json"; do
	# shellcheck disable=SC2086
	PAGER=$TRASH/pager LESSOPEN="|$TRASH/pager %s" EDITOR=$TRASH/pager \
	    SYSTEMD_PAGER=$TRASH/pager MANPAGER=$TRASH/pager \
	    script -qec "$tool" /dev/null >/dev/null 2>&1 </dev/null
done
ok "CVE-2023-26604, CVE-2023-1326: no pager is run" test ! -e pwned

# A directory is another by the time that it is removed.
crash archive 7
mv "$STORE/archive/$(id_of 7)" "$STORE/archive/away"
ln -s "$TRASH/outside" "$STORE/archive/$(id_of 7)"
no "CVE-2009-1295: snap-rm of a link" snap-rm -s "$STORE" "$(id_of 7)"
snap-prune -s "$STORE" --max-size=1 >/dev/null 2>&1
rm -f "$STORE/archive/$(id_of 7)"
is "CVE-2009-1295: what is outside is all there" "$(find outside | sort)" \
    "$(printf '%s\n' "$before" | grep '^outside')"
is "CVE-2009-1295: and says what it said" "$(cat outside/keep)" keep
ok "nothing ran" test ! -e pwned
finish
