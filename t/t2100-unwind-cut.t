#!/bin/sh
# SPDX-License-Identifier: ISC
# A core that was cut anywhere, as it is and compressed: a status that is ours, a
# word why, and no more memory than a whole one takes.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command zstd jq

minicore >core
zstd -q core -o plain.zst
core-save -o core.zst <core
snap got core
is "the smallest core is read" "$status" 0
is "it has three frames" "$(trusts got)" "context cfi cfi"
is "and a cause" "$(get got .cause)" \
    'null pointer dereference: write of 4 bytes to 0x10 (rax=0x0 + 0x10)'
head -c 1600 core >shorter
snap got shorter
is "one that lost its end is a partial result" "$status" 1
is "with the frames that are left" "$(trusts got | cut -d ' ' -f 1)" context
like "and it is said" "$(cat got.err)" 'cut short'
for file in shorter "$SRC/LICENSE" /dev/null; do
	core-unwind "$file" >/dev/null 2>err
	like "$file: one line says why" "$(cat err)" \
	    '^core-unwind: (read core|note: the core)'
done

size=$(wc -c <core)
hammered "every length" "$size" prefixes core core-unwind @
hammered "every length, on standard input" "$size" \
    prefixes core core-unwind --json '<'
hammered "every length of a .zst" 300 prefixes plain.zst core-unwind --json @
hammered "every length of a seekable one" 300 \
    prefixes core.zst core-unwind --json @
finish
