#!/bin/sh
# SPDX-License-Identifier: ISC
# The handler fed by hand with what no kernel of today would say, in a store
# that somebody has prepared, and with cores that attack whoever reads them.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq zstd getfacl setpriv
copy_build
# A record that is refused stays where it is.
at_rest=idle
mkcore >core

# told D [MORE...]: the usual arguments, with d=D.
told()
{
	local d="$1"
	shift
	handle core P=999999999 I=1 p=1 i=1 u=64011 g=64011 "d=$d" s=11 \
	    t=1700000000 c=0 F= h=box e=victim 'E=!bin!victim' "$@"
	record=$(find "$STORE" -mindepth 2 -maxdepth 2 -name "$new_id" -type d)
}

plain_log()
{
	test -f "$record/log" && cat "$record/log"
}

opened_to()
{
	getfacl -Rpn "$STORE" | grep -E '^(default:)?(user|group):[0-9]' |
	    cut -d : -f 1,2 | sort -u | paste -sd ' ' -
}

# A name of "x d=1 u=64012" on a kernel that splits after it has expanded.
told 2 d=1 u=64012 P=1 F=3 --owner=64012 -d /tmp/x
is "CVE-2022-28658: what a name brings is not counted" \
    "$(jq -c '[.dumpable, .owner, .uid, .pid]' "$record/meta.json")" \
    '[2,0,64011,999999999]'
is "CVE-2022-28658: and nobody is let in" "$(opened_to)" ""
told '' d=1
is "CVE-2025-4598: nor does it fill in for a missing %d" \
    "$(jq -c '[.dumpable, .owner]' "$record/meta.json")" '[null,0]'
for d in 0 2 3 11 01 '1 ' ' 1' -1 +1 1.0 one '$(echo 1)' "1
1" 18446744073709551617 4294967297; do
	told "$d"
	is "CVE-2013-2929: d=$(printf %s "$d" | tr '\n' '?'): root's" \
	    "$(jq .owner "$record/meta.json") $(opened_to)" "0 "
done
handle core d=1 s=11 u=99999999999999999999
record=$(find "$STORE" -mindepth 2 -maxdepth 2 -name "$new_id" -type d)
is "CVE-2025-4598: a uid that is none: root's" \
    "$(jq .owner "$record/meta.json") $(opened_to)" "0 "
told 1
is "(a literal 1 is the user's)" "$(jq .owner "$record/meta.json") $(opened_to)" \
    "64011 default:user user:64011"
is "CVE-2015-1324, CVE-2013-1067: modes, whatever the umask" \
    "$(find "$record" -perm /007)" ""

# What is in the way. The store's directories are root's, but what a slip of an
# administrator, or of ours, put there must cost no more than the record.
target=$TRASH/target
# It looks enough like a core to be told about.
{ head -c 64 core; echo untouched; } >"$target"
chmod 640 "$target"
links()
{
	is "$1: the target is untouched" \
	    "$(tail -c 10 "$target") $(stat -c '%a %u' "$target")" "untouched 640 0"
}
configure
for state in pending sending archive failed owner; do
	rm -rf "$STORE"
	mkdir -p "$STORE/new" "$TRASH/elsewhere"
	ln -s "$TRASH/elsewhere" "$STORE/$state"
	told 2
	links "CVE-2015-3315: a link for $state/"
	is "CVE-2015-3315: a link for $state/: nothing is put there" \
	    "$(find "$TRASH/elsewhere" -name core.zst)" ""
	rm -rf "$TRASH/elsewhere"
done
rm -rf "$STORE"
mkdir -p "$STORE" "$TRASH/theirs"
chown 64011 "$TRASH/theirs"
rm -rf "$STORE" && ln -s "$TRASH/theirs" "$STORE" && chown -h 64011 "$STORE"
told 1
is "CVE-2015-3315: a user's link for the store: no core in it" \
    "$(find "$TRASH/theirs" -name core.zst)" ""
rm -rf "$STORE" "$TRASH/theirs"

# The record itself: names that were there before us, planted when the id is
# known, by core-save's stand-in.
told 2
for name in snapshot.json report.txt log meta.json core.zst; do
	for what in link hard fifo dir; do
		rm -rf "$STORE"
		cat >"$TRASH/plant" <<-END
		case $what in
		link) ln -s $target $name ;;
		hard) ln $target $name ;;
		fifo) mkfifo $name ;;
		dir) mkdir $name ;;
		esac
		END
		rm -f "$COPY/bin/core-save"
		cat >"$COPY/bin/core-save" <<-END
		#!/bin/sh
		id=\$($BUILD/bin/core-save "\$@")
		cd $STORE/pending/\$id && rm -f $name && . $TRASH/plant
		END
		chmod 755 "$COPY/bin/core-save"
		told 1
		links "CVE-2015-1869, CVE-2026-54230: $what named $name"
		unlike "CVE-2021-25684: $what named $name: no deadline was missed" \
		    "$(plain_log)" 'at its deadline'
		test "$name" = log ||
		    like "$what named $name: the last stage came" \
			"$(plain_log)" ' snap-put [0-9]+ '
		ok "$what named $name: the record is there" test -d "$record"
		test "$what" = hard ||
		    is "CVE-2021-32547, CVE-2021-3709, CVE-2021-3710: $what named $name: no other file is read" \
			"$(grep -rlsa untouched "$record")" ""
	done
done
rm -f "$COPY/bin/core-save" && cp "$BUILD/bin/core-save" "$COPY/bin/"

# A store in which others could be: core-save refuses it, and so does all that
# the shell would do for a crash without a record. hostile COMMANDS...
STORE=$TRASH/unsafe
configure
hostile()
{
	mkdir -m 755 "$STORE" elsewhere
	eval "$1"
	told 1 2>/dev/null
	is "CVE-2015-3315: $1: nothing is written there" \
	    "$(find "$STORE/" -type f; find elsewhere -mindepth 1)" ""
	rm -rf "$STORE" elsewhere moved
}
cd "$TRASH" || exit 1
# shellcheck disable=SC2016 # for hostile
{
	hostile 'chown 64011 "$STORE"'
	hostile 'chmod 1777 "$STORE"'
	hostile 'chmod 775 "$STORE"'
	hostile 'mkdir "$STORE/pending"; ln -s ../elsewhere "$STORE/new"'
	hostile 'mv "$STORE" moved; ln -s moved "$STORE"; chown -h 64011 "$STORE"'
}
finish
