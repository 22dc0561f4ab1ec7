#!/bin/sh
# SPDX-License-Identifier: ISC
# A core read from the process itself is to the byte the one that the kernel
# writes: one crash is saved both ways, in either order.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp od
arm_saver

# both WHAT COMMAND...; the zoo's file goes with it.
orders='live_first pipe_first'
both()
{
	local what="$1"
	shift
	for order in $orders; do
		eval "saver \"\$$order\""
		head -c 100000 /dev/urandom >zoo.file
		crash "$@"
		is "$what, $order: the same, and live" "$verdict $way $why" \
		    "same live null"
		test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
	done
}

filtered()
{
	echo "$1" >/proc/self/coredump_filter
	shift
	exec "$@"
}

both "a plain program" wreck abort
both "threads" wreck thread
both "an overflown stack" wreck stack
both "memory" mapper 20M 15M
both "a large reservation, with a few pages" mapper 1G 300 reserved
both "mappings of every kind" mapper zoo
both "mappings of files" mapper zoo zoo.file
both "all that coredump_filter can name" filtered 0x7f mapper zoo zoo.file
both "nothing but anonymous memory" filtered 0x1 mapper zoo zoo.file
both "20,000 mappings" mapper many 20000
both "1,000 threads" mapper threads 1000
both "a program whose first thread has ended" mapper orphan
both "a program of another language" python3 -c 'import os; os.abort()'
# Where memory begins in the file is found in the headers of a 64-bit one.
orders=pipe_first
if test -x "$BUILD/t/wreck-32"; then
	both "32-bit" wreck-32 abort
else
	skip 1 "no 32-bit programs on this machine"
fi
orders='live_first pipe_first'

# Where huge pages are put aside.
had=$(cat /proc/sys/vm/nr_hugepages)
if test "$had" -ge 8; then
	both "huge pages" mapper zoo
else
	skip 2 "no huge pages are put aside on this machine"
fi

# The layout may be the kernel's own choice too: the smallest mapping first.
if test -w /proc/sys/kernel/core_sort_vma; then
	sorted=$(cat /proc/sys/kernel/core_sort_vma)
	at_exit "echo $sorted >/proc/sys/kernel/core_sort_vma"
	echo 1 >/proc/sys/kernel/core_sort_vma
	both "sorted by size" mapper zoo
	echo "$sorted" >/proc/sys/kernel/core_sort_vma
else
	skip 2 "the kernel does not sort mappings"
fi

# Where stacks alone are to be kept, but all of it is no larger.
saver "$(printf %s "$pipe_first" |
    sed 's/save_live/& --keep=auto --keep-free=100/')"
crash wreck null
is "all of a tiny one, instead of its stacks: the same" \
    "$verdict $way $(meta .core.kind) $(meta '.missing[]' |
    grep -c 'instead, for it is no larger')" "same live full 1"

# And by other means, where the best ones are refused.
denied()
{
	saver "PATH=\$ARMED/denied:\$PATH
$live_first"
	mkdir -p "$ARMED/denied"
	printf '#!/bin/sh\nexec deny %s %s/bin/core-save "$@"\n' "$1" "$BUILD" \
	    >"$ARMED/denied/core-save"
	chmod 755 "$ARMED/denied/core-save"
	crash mapper zoo
}
denied scan
is "a kernel without PAGEMAP_SCAN" "$verdict $way $why" "same live null"
denied readv
is "process_vm_readv(2) refused" "$verdict $way $why" "same live null"
denied scan,readv
is "both of them" "$verdict $way $why" "same live null"
finish
