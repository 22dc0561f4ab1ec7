#!/bin/sh
# SPDX-License-Identifier: ISC
# A call fails, or is the last of its process, in snap-rm, snap-prune or
# snap-retry or in one of the programs that they start: records are whole or
# absent, the status is the truth, and the next run, or a sweep, ends the job.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock
prepare_crash
# The mark of a record that is gone harms nobody, nor does half of a file that is
# to replace another.
meanwhile='is no record
meta.json.new is left'
all=,read,write,open,name,mode,stat,process,

# archived: a record of $held's user, in fresh/archive.
archived()
{
	id=$(core-save -P "$held" -d fresh --owner=65534 -k uid=65534 \
	    -k signal=11 -k dumpable=1 <core 2>/dev/null)
	(cd "fresh/pending/$id" && core-unwind --record=. -o snapshot.json \
	    --report=report.txt core.zst 2>/dev/null)
	echo '2026-11-21T00:00:00Z core-save 0 10 ms' >"fresh/pending/$id/log"
	snap-put -s fresh "fresh/pending/$id" >/dev/null
	test -d "fresh/archive/$id" || exit 1
}
archived
one=$id
archived
two=$id
mkdir -p fresh/owner/65534
true >"fresh/owner/65534/$one"
true >"fresh/owner/65534/$two"

# swept: after a sweep nothing is left to do.
swept()
{
	"$BUILD/libexec/stage-sweep"
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core --rest "$STORE") ||
	    blame "$what" "after a sweep: $said"
	said=$(find "$STORE" -name '*.new' -o -name '.rm-*')
	test -z "$said" || blame "$what" "it is left: $said"
}

# A shell that fails to read its script takes that for the end of it: there is
# nothing that the script could say.
unread()
{
	case $hit in
	*" read EIO "*/bin/snap-* | *" read EIO "*/libexec/*) return 0 ;;
	esac
	return 1
}

removed()
{
	faulty "$@" snap-rm -s "$STORE" "$one" >out 2>err
	as_promised "$@"
	test "$status" -ne 0 || unread || test ! -e "$STORE/archive/$one" ||
	    blame "$what" "status 0, and it is still there"
	test -d "$STORE/archive/$two" || blame "$what" "another has gone"
	snap-rm -f -s "$STORE" "$one" >err 2>&1 || echo failed >>err
	test ! -s err ||
	    blame "$what" "the next one: $(cat err)"
	test ! -e "$STORE/archive/$one" || blame "$what" "it cannot be removed"
	swept
}

# With no more than a few bytes everything goes, the cores first.
pruned()
{
	faulty "$@" snap-prune -s "$STORE" --max-size=1 >out 2>err
	as_promised "$@"
	test "$status" -ne 0 || unread || test -z "$(ls "$STORE/archive")" ||
	    blame "$what" "status 0, and records are still there"
	snap-prune -s "$STORE" --max-size=1 >out 2>err ||
	    blame "$what" "the next one: $(cat err)"
	test -z "$(ls "$STORE/archive")" ||
	    blame "$what" "they cannot be pruned"
	swept
}

# Cores alone: what has lost one says so.
dropped()
{
	bytes=$(($(du -sk fresh/archive | cut -f 1) * 1024 - 16384))
	faulty "$@" snap-prune -s "$STORE" --max-size="$bytes" >out 2>err
	as_promised "$@"
	snap-prune -s "$STORE" --max-size="$bytes" >out 2>err ||
	    blame "$what" "the next one: $(cat err)"
	test "$(find "$STORE/archive" -name snapshot.json | wc -l)" = 2 ||
	    blame "$what" "a record has gone for its core"
	test "$(find "$STORE/archive" -name core.zst | wc -l)" -lt 2 ||
	    blame "$what" "no core has gone"
	swept
}

retried()
{
	mkdir -p "$STORE/failed"
	mv "$STORE/archive/$one" "$STORE/failed/"
	rm "$STORE/failed/$one/report.txt"
	echo '2026-11-21T00:00:00Z swept: x' >>"$STORE/failed/$one/log"
	faulty "$@" snap-retry -s "$STORE" "$one" >out 2>err
	cat out >>err
	as_promised "$@"
	test "$status" -ne 0 || unread || test -s "$STORE/archive/$one/report.txt" ||
	    blame "$what" "status 0, and no report"
	snap-retry -s "$STORE" "$one" >out 2>err
	test -s "$STORE/archive/$one/report.txt" ||
	    blame "$what" "the next one: $(cat out err)"
	swept
}

# of WORK SHORT: with each kind of failure.
of()
{
	each_call $(($2 * 2)) "$all" EIO "$1"
	each_call "$2" ,write,name, ENOSPC "$1"
	fault_under=$STORE
	each_call 3 ,write,open,name, ENOSPC "$1" +
	each_call 3 ,write,open,name, EROFS "$1" +
	fault_under=
	each_call "$2" ,name, EIO "$1"
	each_call $(($2 * 2)) "$all" kill "$1"
}

of removed 5
blameless "snap-rm takes a record away, or says why not"
of pruned 5
blameless "snap-prune takes all away, or says why not"
of dropped 4
blameless "snap-prune takes cores away, and says so, or why not"
of retried 5
blameless "snap-retry has it reported, or says why not"
is "nothing is left of it" "$(still_there)" ""
finish
