#!/bin/sh
# SPDX-License-Identifier: ISC
# A call of core-unwind, snap-put or snap-list fails, each in its turn: the
# record that it works on stays whole, and its status is the truth.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq gdb
prepare_crash
all=,read,write,sync,open,name,mode,stat,process,close,
wreck wait >ready &
waiting=$!
at_exit "kill $waiting 2>/dev/null"
wait_for 10 test -s ready || exit 1
gdb -nx -batch -p "$waiting" -ex "gcore $TRASH/core" >gcore.log 2>&1
test -s core || skip_all "gdb may not make a core here"
id=$(core-save -P "$waiting" -d "$STORE" -k comm=wreck -k signal=6 <core)
test -d "$STORE/pending/$id" || exit 1
cp -a "$STORE" fresh

unwound()
{
	fault_only=core-unwind
	cd "$STORE/pending/$id" || exit
	faulty "$@" core-unwind --record=. -o snapshot.json \
	    --report=report.txt core.zst >"$TRASH/out" 2>"$TRASH/err"
	cd "$TRASH" || exit
	as_promised "$@"
	test "$status" -gt 1 || {
		test -s "$STORE/pending/$id/snapshot.json" &&
		    test -s "$STORE/pending/$id/report.txt"
	} || blame "$what" "status $status, and no report"
	# Where nothing can be unlinked any more, all is left.
	test "$3" = kill || test "${2%+}" != "$2" ||
	    test -z "$(find "$STORE/pending/$id" -name '.[rs]*')" ||
		blame "$what" "it leaves its own behind"
}

put()
{
	fault_only=snap-put
	faulty "$@" snap-put -s "$STORE" "$STORE/pending/$id" >out 2>err
	as_promised "$@"
	case $status in
	[01]) test -d "$STORE/archive/$id" || blame "$what" "not archived" ;;
	esac
	test -d "$STORE/archive/$id" || test -d "$STORE/pending/$id" ||
	    blame "$what" "it is gone"
}

attached()
{
	fault_only=snap-put
	faulty "$@" snap-put -s "$STORE" -a core -k a=b \
	    "$STORE/pending/$id" >out 2>err
	as_promised "$@"
	test "$status" -ne 0 ||
	    cmp -s core "$STORE/archive/$id/attach/core" ||
		blame "$what" "status 0, but not attached"
	test "$status" -ne 0 ||
	    test "$(jq -r .attributes.a "$STORE/archive/$id/snapshot.json")" = b ||
		blame "$what" "status 0, but no attribute"
}

new()
{
	fault_only=snap-put
	faulty "$@" snap-put -s "$STORE" - <snapshot >out 2>err
	as_promised "$@"
	test "$status" -ne 0 ||
	    test -s "$STORE/archive/$(cat out)/snapshot.json" ||
		blame "$what" "status 0, but no record"
}

# What is told, is all there is; and what is left is no index that is in the
# way of the next.
listed()
{
	fault_only=snap-list
	faulty "$@" snap-list -s "$STORE" --rebuild --json >out 2>err
	as_promised "$@"
	test "$status" -ne 0 || test "$(jq -r '.[].id' out)" = "$id" ||
	    blame "$what" "status 0, but not all is listed"
	test "$(snap-list -s "$STORE" --json 2>again | jq -r '.[].id')" = \
	    "$id" || blame "$what" "the next finds: $(cat again)"
}

each_call 15 "$all" EIO unwound
each_call 5 "$all" ENOSPC unwound +
each_call 8 "$all" EINTR unwound
each_call 10 "$all" kill unwound
blameless "core-unwind: a report, or the reason why not"

core-unwind --json core >snapshot 2>/dev/null
(cd fresh/pending/"$id" && core-unwind --record=. -o snapshot.json \
    --report=report.txt core.zst 2>/dev/null)
each_call 12 "$all" EIO put
each_call 5 ,write,open,name,sync, ENOSPC put +
each_call 5 "$all" EINTR put
each_call 8 "$all" kill put
blameless "snap-put moves a record, or leaves it where it is"
each_call 15 "$all" EIO attached
each_call 5 ,read,write, short attached
each_call 5 "$all" kill attached
blameless "snap-put attaches what it says it did"
each_call 12 "$all" EIO new
each_call 5 "$all" ENOSPC new +
each_call 5 ,read,write, short new
each_call 8 "$all" kill new
blameless "snap-put makes a record, or says why not"
each_call 15 "$all" EIO listed
each_call 5 "$all" ENOSPC listed +
each_call 5 "$all" EINTR listed
each_call 8 "$all" kill listed
blameless "snap-list lists all, or says why not"
for work in put attached new listed; do
	each_call 6 ,memory, ENOMEM "$work"
	each_call 3 ,memory, ENOMEM "$work" +
done
blameless "without memory too"
each_call 10 ,memory, ENOMEM unwound
each_call 5 ,memory, ENOMEM unwound +
blameless "and core-unwind"
finish
