#!/bin/sh
# SPDX-License-Identifier: ISC
# A core that lies in any of its fields, or a .zst in any of its bytes.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command zstd jq

minicore >core
minicore -f >fields
zstd -q core -o plain.zst
core-save -o core.zst <core
# "fields" is a word of hammered, and a file.
# shellcheck disable=SC2094
hammered "ABRT#1395: every field" 2000 fields core core-unwind --json @ <fields
echo "0 $(wc -c <core.zst)" >all
hammered "every byte of a seekable .zst" 300 \
    bytes core.zst core-unwind --json @ <all
hammered "every byte of a .zst, on standard input" 300 \
    bytes plain.zst core-unwind '<' <all

# --- lies with a name

for lie in phentsize phoff phnum filesz; do
	mkcore -l "$lie" >liar
	core-unwind liar >out 2>err
	status=$?
	case $lie in
	phentsize) want=100 ;;
	*)	want=1 ;;	# what is there is told
	esac
	is "a lie about $lie" "$status" "$want"
	ok "a lie about $lie: a word" test -s err
done
mkcore -n 70000 -s 16 >many
snap got many
is "70,000 segments" "$status" 0
head -c -40 many >few
snap got few
is "70,000 segments, and the end that counts them is lost" "$status" 0
is "the thread is not" "$(get got '.threads | length')" 1

# patch FILE OFFSET OCTAL...: bytes of it are others.
patch()
{
	local file="$1" at="$2"
	# shellcheck disable=SC2059
	printf "$3" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
}
cp core rel
patch rel 16 '\001\000'
snap got rel
is "ET_REL: no library aborts on it" "$status" 0
is "and its thread is told" "$(trusts got)" "context cfi cfi"
cp core exec
patch exec 16 '\002\000'
snap got exec
is "ET_EXEC with threads in it is a core" "$status" 0
minicore -x >executable
ok_no "an executable is none" 100 core-unwind executable
like "and it is said" "$(core-unwind executable 2>&1)" 'but no core'
cp core mach
patch mach 18 '\377\177'
ok_no "an unknown machine" 100 core-unwind mach
like "is said to be one" "$(core-unwind mach 2>&1)" 'machine'

# The stack's segment laid over the executable's.
cp core overlap
patch overlap 192 '\000\000\100\000\000\000\000\000'
snap got overlap
like "segments overlap" "$(get got '.missing | tostring')" 'overlap'
is "and the first is taken" "$(trusts got | cut -d ' ' -f 1)" context

# The count of NT_FILE, at the 6th word of what follows its header.
at=$(awk '$3 == "note" { n = $1 } END { print n + 20 }' fields)
cp core files
patch files "$at" '\377\377\377\377\377\377\377\177'
snap got files
like "NT_FILE lies about its count" "$(get got '.missing | tostring')" \
    'NT_FILE counts'

# --- not a core at all

for what in empty zeros random text; do
	case $what in
	empty)	: >file ;;
	zeros)	head -c 100000 /dev/zero >file ;;
	random)	head -c 100000 /dev/urandom >file ;;
	text)	yes "$what" | head -c 100000 >file ;;
	esac
	ok_no "$what" 100 core-unwind file
	zstd -qf file -o file.zst
	ok_no "$what in a .zst" 100 core-unwind file.zst
	ok_no "$what on standard input" 100 sh -c 'core-unwind - <file'
done

# --- a bomb: 8 GiB of zeros are no memory, and no disk

{
	cat core
	head -c 1G /dev/zero
} | zstd -q -o bomb.zst
snap got bomb.zst
is "a gigabyte of zeros after the core" "$status" 0
head -c 64M /dev/urandom >noise
ok_no "more than may be spooled, and no core" 100 \
    sh -c 'cat noise | core-unwind --spool=1M -'
cat core noise | core-unwind --spool=1M --json - >got 2>err
is "more than may be spooled, after a core" "$?" 1
is "what was spooled is told" "$(trusts got)" "context cfi cfi"
like "and why no more" "$(get got '.missing | tostring')" 'no room to spool'
finish
