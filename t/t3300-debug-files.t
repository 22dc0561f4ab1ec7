#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-debug: the right core, executable and libraries, and nothing that was
# put in its way.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 20
TMPDIR=$TRASH/tmp
mkdir "$TMPDIR"
export TMPDIR
cp "$(command -v wreck)" victim
make_core "$TRASH/victim"
make_record
bt() { snap-debug "$@" -- -batch -ex bt 2>&1; }

out=$(bt "$id")
like "gdb has the stack" "$out" 'main \('
unlike "and no complaint about the files" "$out" 'not what crashed|no executable'
like "the newest, when no id is given" "$(bt)" 'main \('
is "nothing of it stays" "$(ls "$TMPDIR")" ""

cat >.gdbinit <<END
shell touch $TRASH/pwned
END
cat >victim-gdb.gdb <<END
shell touch $TRASH/pwned
END
bt >/dev/null
ok "a .gdbinit where it is started is not run" test ! -e pwned
out=$(COREPIPE_DEBUGGER='gdb -nx' snap-debug -- -batch -ex 'info proc' 2>&1)
like "COREPIPE_DEBUGGER may hold arguments" "$out" 'exe = .*victim'
if command -v lldb >/dev/null; then
	out=$(COREPIPE_DEBUGGER=lldb snap-debug -- --batch -o bt 2>&1)
	like "lldb has the stack" "$out" '(main|victim)'
else
	skip 1 "no lldb here"
fi
cat >recorder <<END
#!/bin/sh
printf '[%s]' "\$@" >$TRASH/argv
stat -c '%a' "\$(dirname "\$4")" >$TRASH/modes
exit 7
END
chmod 755 recorder
COREPIPE_DEBUGGER="$TRASH/recorder -q" snap-debug "$id" -- 'a b' >/dev/null
is "the debugger's status is passed on" "$?" 7
like "another debugger gets executable and core" "$(cat argv)" \
    "^\[-q\]\[a b\]\[$TRASH/victim\]\[$TMPDIR/snap-debug\.[^]]*/core\]\$"
is "in a private directory" "$(cat modes)" 700

if command -v readelf >/dev/null; then
	cp /bin/true victim.new
	mv victim.new victim
	like "an executable that was replaced is said to be" "$(bt "$id")" \
	    'is not what crashed: build-id'
else
	skip 1 "no readelf here"
fi
rm victim
like "one that is gone too" "$(bt "$id")" 'no executable'
mkdir -p "root/$TRASH"
cp "$(command -v wreck)" "root/$TRASH/victim"
like "--sysroot says where to look" "$(bt --sysroot=root "$id")" 'main \('

if test "$(id -u)" -eq 0; then
	capture
	"$BUILD/libexec/stage-report" -s "$STORE" "$id"
	like "an executable that was deleted comes from the record" \
	    "$(bt "$id")" 'main \('
	unlike "without a complaint" "$(bt "$id")" 'not what|no executable'
	capture -k uid=12345
	like "root is told whose program it is" "$(bt "$id")" \
	    'uid 12345, and you are root'
else
	skip 3 "only root sees deleted executables of a process"
fi

make_record
cp "$record/core.zst" whole.zst
head -c $(($(stat -c %s whole.zst) * 3 / 4)) whole.zst >"$record/core.zst"
like "a core that was cut is opened, with a warning" \
    "$(COREPIPE_DEBUGGER="$TRASH/recorder" snap-debug "$id" 2>&1; echo $?)" \
    "^snap-debug: core.zst of .* ends early.*|^7\$"

capture --keep=none
ok_no "no core, no debugger" 1 snap-debug "$id"
ok_no "no such record" 1 snap-debug 018bcfe5-6800-7000-8000-000000000000
ok_no "one at a time" 100 snap-debug "$id" "$id"
