#!/bin/sh
# SPDX-License-Identifier: ISC
# --keep=auto: no core is kept whole for which there is no room, whatever takes
# it, and the record says which bound it was.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_root
need_core_limit
need_command jq zstd unshare prlimit
unshare -m --propagation private mount -t tmpfs tmpfs "$TRASH" 2>/dev/null ||
    skip_all "no mounts of one's own here"

# A core that the kernel has made: of others no stacks can be picked.
arm_file
prlimit --core=unlimited wreck null 2>/dev/null &
ended "$!"
cp "$ARMED/core.$!" core || exit 1
restore_kernel_settings
flock -u 9
# Some 32 MiB of memory to account for.
mkfifo never
exec 8<>never
awk 'BEGIN {
	s = "x"
	for (i = 0; i < 25; i++)
		s = s s
	printf "ready" >"ready"
	close("ready")
	getline line <"never"
}' 8>&- 9>&- &
victim=$!
at_exit "kill $victim"
wait_for 20 test -s ready || exit 1

# auto [OPTION...]: a record of the process.
auto()
{
	save -P "$victim" -k uid=0 -d "$TRASH/store" --keep=auto "$@" <core
	record_of_save
}
reason() { meta '.core.kind + ": " + (.core.reason // "whole")'; }
sums() { tr '\n' ' ' <"$TRASH/store/known/usage"; }

auto --keep-free=0 --store-max=0
is "no bound: all of it" "$(reason)" "full: whole"
same_bytes "$record/core.zst" core
like "what it takes is known" "$(sums)" '^0 [1-9][0-9]+ - 0 $'
before=$(sed -n 's/^0 //p' "$TRASH/store/known/usage")
auto --keep-free=0 --store-max=0
after=$(sed -n 's/^0 //p' "$TRASH/store/known/usage")
ok "and added up" test "$after" -gt "$before"
ok "about as it is on the disk" test "$after" -lt $((3 * 1024 *
    $(du -s "$TRASH/store/pending" | cut -f 1)))

auto --keep-free=100
like "the disk" "$(reason)" \
    '^stacks: stacks only: [0-9]+ % of the disk is free, 100 % are to stay$'
is "in missing too" "$(meta '.missing[]' | grep '^core: ')" \
    "core: $(meta .core.reason)"
ok "as is the core of stacks" zstd -tq "$record/core.zst"
auto --keep-free=0 --store-max=1K
like "the store" "$(reason)" \
    '^stacks: stacks only: the records take [0-9.]+ [KM]iB, 1.0 KiB are allowed$'
ok "leaves word of it" test -e "$TRASH/store/known/refused"
auto --keep-free=0 --store-max=0 --user-max=300K
like "the user" "$(reason)" \
    '^stacks: stacks only: the records of user 0 take .*, 300.0 KiB are allowed$'
echo "65534 9999999999" >store/known/usage
auto --keep-free=0 --store-max=0 --user-max=100M
is "CVE-2022-28653: another user's are not his" "$(reason)" "full: whole"
auto --keep-free=0 --store-max=0 --limit=1M
like "a limit does not cut it" "$(reason)" \
    '^stacks: stacks only: [0-9.]+ MiB are in memory, the limit is 1.0 MiB$'

# A file system that a core of this size may fill.
mkdir small
export TRASH
unshare -m --propagation private sh -c '
mount -t tmpfs -o mode=755,size=24M tmpfs "$TRASH/small" || exit 9
core-save -P "$1" -k uid=0 -d "$TRASH/small/store" --keep=auto --store-max=0 \
    <"$TRASH/core" >"$TRASH/id" 2>&1
cp -R "$TRASH/small/store" "$TRASH/seen"' - "$victim"
is "it might not fit" "$(jq -r .core.kind "$TRASH"/seen/pending/*/meta.json)" \
    stacks
like "that is said" "$(jq -r .core.reason "$TRASH"/seen/pending/*/meta.json)" \
    '^stacks only: it may take [0-9.]+ MiB, and 10 % of the disk are to stay free$'

# What is damaged or in the way costs nothing.
printf 'no such thing\n\0\n99999999999999999999 x\n0 -5\n' >store/known/usage
auto --keep-free=0 --store-max=1G
is "a damaged sum is none" "$(reason)" "full: whole"
like "and is mended" "$(sums)" '0 [1-9][0-9]+ - 0 $'
rm -f store/known/usage
mkdir store/known/usage
auto
is "a directory in its place" "$(reason)" "full: whole"
rmdir store/known/usage
echo precious >elsewhere
ln -s "$TRASH/elsewhere" store/known/usage
ln -s "$TRASH/elsewhere" store/known/.new
auto
is "a link in its place is not followed" "$(cat elsewhere)" precious
rm -rf store/known
auto
is "no known/: it is made" "$(stat -c '%U %a' store/known)" "root 700"
chmod 777 store/known
save -d "$TRASH/store" --keep=auto <core
is "one that others can write to: nothing is kept there" "$status" 111
chmod 700 store/known

ok_no "auto is for a store" 100 core-save --keep=auto -o x <core
ok_no "no such percentage" 100 core-save --keep-free=101 -o x <core
ok_no "no such size" 100 core-save --user-max=x -o x <core
ok_no "no such number" 100 core-save --first=-1 -o x <core
finish
