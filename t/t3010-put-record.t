#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2010,SC2012,SC2016
# The directory of a record moves on to the archive, whatever is in it.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

crash pending 1
run snap-put -k version=3 "$STORE/pending/$(id_of 1)"
is "a pending record is put" "$status" 0
is "its id is printed" "$out" "$(id_of 1)"
ok "it is in the archive" test -f "$STORE/archive/$(id_of 1)/snapshot.json"
is "with its attribute" \
    "$(jq -r .attributes.version "$STORE/archive/$(id_of 1)/snapshot.json")" 3
is "and nowhere else" "$(ls "$STORE/pending" "$STORE/sending" | grep -c 7000)" 0
is "with nothing left over" "$(ls -A "$STORE/archive/$(id_of 1)")" snapshot.json

crash sending 2
cd "$STORE/sending/$(id_of 2)" || exit 1
run snap-put -s "$STORE" .
cd "$TRASH" || exit 1
is "a record in sending, named as ." "$status" 0
ok "it is in the archive" test -d "$STORE/archive/$(id_of 2)"

# Rule one: nothing that is wrong with a snapshot keeps a record back.
mkdir "$STORE/pending/$(id_of 3)"
run snap-put -k a=b "$STORE/pending/$(id_of 3)/"
is "without a snapshot" "$status" 1
ok "it is archived all the same" test -d "$STORE/archive/$(id_of 3)"
like "it says what is missing" "$err" "read 'snapshot.json': No such file"
n=4
for broken in '{"version":1' '[]' '' '{"version":0}'; do
	mkdir "$STORE/pending/$(id_of $n)"
	printf '%s' "$broken" >"$STORE/pending/$(id_of $n)/snapshot.json"
	run snap-put "$STORE/pending/$(id_of $n)"
	is "with a broken one: $broken" "$status" 1
	is "it is archived as it is: $broken" \
	    "$(cat "$STORE/archive/$(id_of $n)/snapshot.json")" "$broken"
	n=$((n + 1))
done
mkdir "$STORE/pending/$(id_of 10)"
mkfifo "$STORE/pending/$(id_of 10)/snapshot.json"
run timeout 10 snap-put "$STORE/pending/$(id_of 10)"
is "with a FIFO in its place" "$status" 1
ok "it is archived" test -d "$STORE/archive/$(id_of 10)"
mkdir "$STORE/pending/$(id_of 11)"
ln -s /etc/passwd "$STORE/pending/$(id_of 11)/snapshot.json"
run snap-put -k a=b "$STORE/pending/$(id_of 11)"
is "with a link in its place" "$status" 1
ok "it is archived" test -h "$STORE/archive/$(id_of 11)/snapshot.json"

# Attachments and attributes for what has arrived; it stays where it is.
echo hello >note
for state in archive failed; do
	crash "$state" 2$((${#state} % 3))
	dir=$STORE/$state/$(id_of 2$((${#state} % 3)))
	run snap-put -a note -k seen=yes "$dir"
	is "added to in $state" "$status" 0
	is "attachment in $state" "$(cat "$dir/attach/note")" hello
	is "attribute in $state" "$(jq -r .attributes.seen "$dir/snapshot.json")" yes
	run snap-put -a note "$dir"
	is "never over another in $state" "$status" 1
done
mkdir -p "$TRASH/elsewhere"
crash archive 30
ln -s "$TRASH/elsewhere" "$STORE/archive/$(id_of 30)/attach"
run snap-put -a note "$STORE/archive/$(id_of 30)"
is "an attach/ that is a link is refused" "$status" 1
is "and nothing is written through it" "$(ls -A "$TRASH/elsewhere")" ""

# What is no record.
crash new 31
mkdir -p notastate/"$(id_of 32)" "$STORE/archive/noid"
for dir in "$STORE" "$STORE/archive" "$STORE/archive/noid" / . \
    notastate/"$(id_of 32)" "$STORE/new/$(id_of 31)"; do
	run snap-put "$dir"
	is "no record to put: ${dir#"$TRASH"}" "$status" 100
done
ok "what is being captured stays" test -d "$STORE/new/$(id_of 31)"
crash pending 33
mkdir -p otherstore/archive
run snap-put -s otherstore "$STORE/pending/$(id_of 33)"
is "not a record of the store that is named" "$status" 100

# Never onto another.
mkdir "$STORE/archive/$(id_of 33)"
run snap-put "$STORE/pending/$(id_of 33)"
is "an id that is in the archive already" "$status" 111
ok "is not lost" test -f "$STORE/pending/$(id_of 33)/snapshot.json"

# As the handler does it: the store is root's, the reader is not. The user and
# the group may not exist here: their files are borrowed, for these commands.
as_installed()
{
	# shellcheck disable=SC2016
	unshare -m sh -c '
		mount --make-rprivate / &&
		mount --bind "$1/passwd" /etc/passwd &&
		mount --bind "$1/group" /etc/group || exit 99
		shift
		exec "$@"' sh "$shared" "$@"
}

if test "$(id -u)" -eq 0 && unshare -m true 2>/dev/null; then
	shared=$(mktemp -d /var/tmp/corepipe-test.XXXXXXXX) || exit 1
	at_exit "rm -rf '$shared'"
	chmod 755 "$shared"
	{
		grep -v '^corepipe:' /etc/passwd
		echo corepipe:x:64321:64321::/:/bin/false
	} >"$shared/passwd"
	{
		grep -v '^corepipe:' /etc/group
		echo corepipe:x:64321:
	} >"$shared/group"
	chmod 644 "$shared/passwd" "$shared/group"

	sample 40 >"$shared/snap.json"
	ok "a store of root's" as_installed \
	    snap-put -s "$shared/store" "$shared/snap.json"
	sample 41 >"$shared/snap.json"
	chmod 644 "$shared/snap.json"
	echo secret >"$shared/secret"
	chmod 600 "$shared/secret"
	run as_installed snap-put -s "$shared/store" --user=corepipe \
	    -a "$shared/secret" "$shared/snap.json"
	is "with --user, root's files cannot be attached" "$status" 1
	like "and it says so" "$err" 'secret.*Permission denied'
	is "the record is that user's work" "$(stat -c %u \
	    "$shared/store/archive/$(id_of 41)/snapshot.json")" 64321
	is "nothing is left in sending" "$(ls -A "$shared/store/sending")" ""
	mv "$shared/store/archive/$(id_of 40)" "$shared/store/pending/"
	run as_installed snap-put --user=corepipe -k by=corepipe \
	    "$shared/store/pending/$(id_of 40)"
	is "a pending record, as that user" "$status" 0
	is "is archived with its attribute" "$(jq -r .attributes.by \
	    "$shared/store/archive/$(id_of 40)/snapshot.json")" corepipe
	is "others read nothing of it" "$(stat -c %a \
	    "$shared/store/archive/$(id_of 40)/snapshot.json")" 640
	run as_installed snap-put --user=root \
	    "$shared/store/archive/$(id_of 40)"
	is "root is nobody to become" "$status" 100
else
	skip 9 "must be root, with mount namespaces"
fi

# Crashes that are like one that was unwound, several at a time.
# waits N KEY: a record of that crash key, which nobody has unwound.
waits()
{
	mkdir -p "$STORE/pending/$(id_of "$1")"
	jq -nc --arg id "$(id_of "$1")" --arg key "$2" '{version: 1, id: $id,
	    pid: 7, signal: 11, cmdline: ["a", "b"], crash_key: $key}' \
	    >"$STORE/pending/$(id_of "$1")/meta.json"
}
crash archive 50
echo '{"crash_key":"0123456789abcdef"}' >"$STORE/archive/$(id_of 50)/meta.json"
for n in 51 52 54; do
	waits "$n" 0123456789abcdef
done
waits 53 fedcba9876543210
cd "$STORE/pending" || exit 1
run snap-put --like="$(id_of 50)" "$(id_of 51)" none "$(id_of 52)" \
    "$(id_of 53)" "$(id_of 54)"
is "several, of which two cannot be: the worst of their statuses" "$status" 111
is "the others are put" "$(echo "$out" | xargs)" \
    "$(id_of 51) $(id_of 52) $(id_of 54)"
is "with the fingerprint" "$(jq -r .fingerprint.signature \
    "$STORE/archive/$(id_of 52)/snapshot.json")" "parse | main"
is "and what is their own" "$(jq -r .process.cmdline \
    "$STORE/archive/$(id_of 54)/snapshot.json")" "a b"
ok "another crash stays" test -d "$STORE/pending/$(id_of 53)"
like "it says so" "$err" "record '$(id_of 50)' is of another crash"
like "and what is not there" "$err" "resolve 'none': No such file"
run snap-put --like="$(id_of 50)" "$STORE/archive/$(id_of 51)"
is "one that has moved on" "$status" 100
like "is left as it is" "$err" "'$(id_of 51)' is not in pending/"
waits 55 0123456789abcdef
mkdir -p other/pending && mv "$(id_of 55)" other/pending/
ln -s "$PWD/other/pending/$(id_of 55)" "$(id_of 55)"
waits 56 0123456789abcdef
run snap-put -s "$STORE" --like="$(id_of 50)" "$(id_of 55)" "$(id_of 56)"
is "a link to another store's" "$status" 100
is "costs the next one nothing" "$out" "$(id_of 56)"
is "and makes nothing there" "$(ls -A other)" pending
rm -rf other "$(id_of 55)"
run snap-put --like="$(id_of 59)" "$(id_of 53)"
is "like one that is not there" "$status" 111
run snap-put "$(id_of 53)" "$(id_of 53)"
is "several without --like" "$status" 100
cd "$TRASH" || exit 1
finish
