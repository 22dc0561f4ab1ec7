#!/bin/sh
# SPDX-License-Identifier: ISC
# A disk that is full, or takes nothing: what could be written is whole, the
# record says why there is no more, and whoever reads --tee notices nothing.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd jq

mkcore -n 40 -s 250000 >core

# A limit on the size of files does what a full disk does, for any user.
( ulimit -f 4000; exec core-save -o limited.zst ) <core 2>err
is "a file that may not grow: status" $? 1
like "a file that may not grow: the message" "$(cat err)" 'core: write: File too large'
ok "a file that may not grow: the table is valid" mkcore-table limited.zst
zstd -qdc limited.zst >kept
ok "a file that may not grow: what was kept" cmp -n "$(wc -c <kept)" kept core
ok "a file that may not grow: is not nothing" test -s kept
core-save -o - <core >/dev/full 2>err
is "a full stdout: status" $? 111
like "a full stdout: the message" "$(cat err)" 'write: No space left'
core-save -o /dev/full <core 2>err
is "-o /dev/full: status" $? 111
core-save -o nowhere/core.zst <core 2>err
is "no such directory: status" $? 111
core-save --tee -o nowhere/core.zst <core >tee.core 2>err
is "no such directory, --tee: status" $? 111
ok "no such directory, --tee: all is passed on" cmp tee.core core

if test "$(id -u)" -ne 0 || ! mkdir full ||
    ! mount -t tmpfs -o size=2m,mode=755 corepipe-test full 2>/dev/null; then
	skip 57 "a disk to be filled needs root"
	finish
	exit
fi
at_exit "umount '$TRASH/full' '$TRASH/bound' 2>/dev/null"

# on_full WHAT: save to full/store, and look at what became of it.
on_full()
{
	core-save --tee -d full/store -P $$ <core >tee.core 2>err
	is "$1: status" $? 1
	ok "$1: all is passed on" cmp tee.core core
	record=$(echo full/store/pending/*)
	like "$1: the reason" "$(meta .core.reason)" \
	    '^(write: No space left on device|core.zst could not be created)$'
	like "$1: the message" "$(cat err)" 'core: .*No space left on device'
}

on_full "a disk of 2 MiB"
is "a disk of 2 MiB: not complete" "$(meta .core.complete)" false
ok "a disk of 2 MiB: the table is valid" mkcore-table "$record/core.zst"
zstd -qdc "$record/core.zst" >kept
is "a disk of 2 MiB: as much as it says" "$(meta .core.bytes)" "$(wc -c <kept)"
is "a disk of 2 MiB: stored as it says" "$(meta .core.stored)" \
    "$(wc -c <"$record/core.zst")"
ok "a disk of 2 MiB: more than half of it used" \
    test "$(wc -c <"$record/core.zst")" -gt 1000000
ok "a disk of 2 MiB: what was kept" cmp -n "$(wc -c <kept)" kept core
ok "a disk of 2 MiB: proc/ is there" test -s "$record/proc/maps"
# Room for next to nothing but the metadata.
rm -rf full/store
mkdir -p full/store
core-save -d full/store <core >/dev/null 2>&1
rm -rf full/store/pending/* full/store/new/*
dd if=/dev/zero of=full/fill bs=4096 2>/dev/null
truncate -s -200K full/fill
on_full "200 KiB left"
rm -rf full/store/pending/* full/store/new/*
dd if=/dev/zero of=full/fill2 bs=4096 2>/dev/null
truncate -s -8K full/fill2
core-save --tee -d full/store <core >tee.core 2>err
ok "8 KiB left: all is passed on" cmp tee.core core
record=$(echo full/store/pending/*)
like "8 KiB left: the reason" "$(meta .core.reason)" 'write: No space left'
rm -rf full/store/pending/* full/store/new/*
dd if=/dev/zero of=full/fill3 bs=4096 2>/dev/null
core-save --tee -d full/store <core >tee.core 2>err
is "nothing left: status" $? 111
like "nothing left: the message" "$(cat err)" "No space left on device"
ok "nothing left: all is passed on" cmp tee.core core
is "nothing left: nothing half in pending/" "$(ls full/store/pending)" ""
rm -rf full/*

# However little there is room for is kept, and can be opened.
head -c 3M /dev/urandom >random
for left in 1500 600 400 300 200; do
	rm -rf full/*
	mkdir full/store
	core-save -d full/store <core >/dev/null 2>&1
	rm -rf full/store/pending/* full/store/new/*
	dd if=/dev/zero of=full/fill bs=4096 2>/dev/null
	truncate -s "-${left}K" full/fill
	core-save -d full/store -P $$ <random >/dev/null 2>err
	is "$left KiB left: status" $? 1
	record=$(echo full/store/pending/*)
	ok "$left KiB left: the table is valid" mkcore-table "$record/core.zst"
	zstd -qdc "$record/core.zst" >kept
	ok "$left KiB left: what was kept" cmp -n "$(wc -c <kept)" kept random
	ok "$left KiB left: is $(wc -c <kept) bytes" \
	    test "$(wc -c <kept)" -gt $(((left - 150) * 1024))
	is "$left KiB left: as much as it says" "$(meta .core.bytes)" \
	    "$(wc -c <kept)"
done
rm -rf full/*

core-save -d full/store <core >/dev/null 2>&1
rm -rf full/store/pending/*
mount -o remount,ro "$TRASH/full"
core-save -d full/store <core >/dev/null 2>err
is "a read-only store: status" $? 111
like "a read-only store: the message" "$(cat err)" 'Read-only file system'
core-save --tee -d full/store <core >tee.core 2>err
is "a read-only store, --tee: status" $? 111
ok "a read-only store, --tee: all is passed on" cmp tee.core core
core-save -d full/other <core >/dev/null 2>err
is "a store that cannot be made: status" $? 111

# A file system without ACLs: the record is kept, for root alone.
umount "$TRASH/full"
if mount -t ramfs -o mode=755 corepipe-test full 2>/dev/null; then
	save -d full/store --owner=4711 -k dumpable=1 <core
	record=full/store/pending/$out
	is "no ACLs: status" "$status" 1
	is "no ACLs: root's" "$(meta .owner)" 0
	like "no ACLs: it is said" "$(meta '.missing | join(",")')" 'no ACLs'
	ok "no ACLs: the same bytes" same_bytes "$record/core.zst" core
else
	skip 4 "no ramfs"
fi
finish
