#!/bin/sh
# SPDX-License-Identifier: ISC
# Streams that end early, or lie, or are no core: saved, and marked.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd jq

# Every prefix.
mkcore -n 3 -s 100 >core
size=$(wc -c <core)
mkcore-prefixes core prefix >statuses
is "every prefix but the whole exits 1" \
    "$(awk -v size="$size" '$2 != ($1 < size)' statuses)" ""
is "and there was one for each length" "$(wc -l <statuses)" "$((size + 1))"
bad=
len=0
# One zstd for all of them: the frames of a stream may be many.
while test "$len" -le "$size"; do
	printf '%s\0' "prefix.$len"
	len=$((len + 1))
done >names
xargs -0 zstd -qdc <names >joined
len=0
while test "$len" -le "$size"; do
	echo "$len"
	len=$((len + 1))
done | xargs -I LEN head -c LEN core >wanted
ok "each gives back what there was" cmp joined wanted
for len in 0 1 63 64 700 "$size"; do
	mkcore-table "prefix.$len" >/dev/null || bad="$bad $len"
done
is "with a valid seek table" "$bad" ""

mkdir store
for len in 0 10 100 $((size - 1)); do
	head -c "$len" core >part
	save -d store <part
	record_of_save
	is "a record of $len bytes: status" "$status" 1
	is "a record of $len bytes: not complete" "$(meta .core.complete)" false
	is "a record of $len bytes: how many" "$(meta .core.bytes)" "$len"
	ok "a record of $len bytes: the same bytes" \
	    same_bytes "$record/core.zst" part
	like "a record of $len bytes: the reason" "$(meta .core.reason)" \
	    "$(if test "$len" = 0; then echo '^empty stream$'
	    elif test "$len" = 10; then echo '^not an ELF core$'
	    else echo "^cut short: $len of [0-9]+ bytes$"; fi)"
	like "a record of $len bytes: the message" "$err" \
	    "core-save: core: $(meta .core.reason)"
done

mkcore -n 70000 -s 8 >xnum
size=$(wc -c <xnum)
for len in 1000000 3930000 $((size - 64)) $((size - 1)); do
	head -c "$len" xnum >part
	save -o cut.zst <part
	is "70,000 segments, $len bytes: status" "$status" 1
	like "70,000 segments, $len bytes: the message" "$err" 'cut short'
	ok "70,000 segments, $len bytes: the same" same_bytes cut.zst part
done
mkcore -3 -b -s 5000 | head -c 9000 >part
save -o cut.zst <part
is "32-bit, big-endian, cut: status" "$status" 1
like "32-bit, big-endian, cut: the message" "$err" 'cut short: 9000 of '

for lie in phentsize phoff phnum filesz; do
	mkcore -l "$lie" >liar
	save -o lie.zst <liar
	is "a $lie that lies: status" "$status" 1
	like "a $lie that lies: the message" "$err" \
	    'core: (cut short|the program headers are not possible)'
	ok "a $lie that lies: the same bytes" same_bytes lie.zst liar
done

for length in 1 100000 3000000; do
	head -c "$length" /dev/urandom >random
	save -d store <random
	record_of_save
	is "$length random bytes: status" "$status" 1
	is "$length random bytes: the reason" "$(meta .core.reason)" \
	    "not an ELF core"
	ok "$length random bytes: the same" same_bytes "$record/core.zst" random
done
save -o program.zst <"$(command -v zstd)"
is "an ELF file that is no core: status" "$status" 1
like "an ELF file that is no core: the message" "$err" 'not an ELF core'
save -o closed.zst <&-
is "no stdin at all: status" "$status" 1
like "no stdin at all: the message" "$err" 'empty stream'
save -o dir.zst <.
is "a directory as stdin: status" "$status" 1
like "a directory as stdin: the message" "$err" 'read: Is a directory'

mkcore -s 100000 >core
for limit in 0 1000 1M; do
	save --limit=$limit -d store <core
	record_of_save
	case $limit in
	1M)
		is "--limit=$limit: status" "$status" 0
		is "--limit=$limit: complete" "$(meta .core.complete)" true
		;;
	*)
		is "--limit=$limit: status" "$status" 1
		is "--limit=$limit: the reason" "$(meta .core.reason)" \
		    "cut at the limit of $limit bytes"
		head -c "$limit" core >part
		ok "--limit=$limit: that much of it" \
		    same_bytes "$record/core.zst" part
		;;
	esac
done
core-save --limit=1000 --tee -o cut.zst <core >tee.core 2>/dev/null
ok "--limit does not limit --tee" cmp core tee.core

# Stopped: what was read is kept, and the kernel's end of the pipe is let go.
mkfifo fifo
core-save -d store <fifo >save.out 2>save.err &
pid=$!
exec 8>fifo
head -c 300000 core >&8
sleep 0.3
kill "$pid"
wait "$pid"
is "stopped by SIGTERM: status" $? 1
out=$(cat save.out)
record_of_save
like "stopped by SIGTERM: the reason" "$(meta .core.reason)" 'stopped by signal 15'
head -c 300000 core >part
ok "stopped by SIGTERM: what was read is kept" \
    same_bytes "$record/core.zst" part
exec 8>&-
finish
