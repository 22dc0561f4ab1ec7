#!/bin/sh
# SPDX-License-Identifier: ISC
# Executables that nobody will find by their path later are copied; what could
# make us wait is left alone.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_root
need_command zstd jq unshare
mkcore >core

# started COMMAND...: runs it until the test ends, as $pid.
started()
{
	"$@" &
	pid=$!
	at_exit "kill $pid 2>/dev/null"
	wait_for 10 sh -c "readlink /proc/$pid/exe | grep -q '/gone\|memfd\|/x y'"
}

# copy_of WHAT: sets $name, that of the copy in modules/ that begins so.
copy_of()
{
	name=$(cd "$record/modules" 2>/dev/null && echo "$1"*)
}

sleep=$(readlink -f "$(command -v sleep)")
cp "$sleep" gone
started ./gone 1000
rm gone
save -P "$pid" -d store <core
record_of_save
is "a deleted executable: status" "$status" 0
is "a deleted executable: is said to be" "$(meta '"\(.exe) \(.exe_deleted)"')" \
    "$TRASH/gone true"
copy_of gone
like "a deleted executable: its copy" "$name" '^gone\.[0-9a-f]+$'
ok "a deleted executable: the same bytes" cmp "$record/modules/$name" "$sleep"
is "a deleted executable: and nothing else" \
    "$(names "$record/modules")" "$name list "
start=$(awk '/gone/ { print $1; exit }' "/proc/$pid/maps")
like "a deleted executable: where it was" "$(head -n 1 "$record/modules/list")" \
    "^$(echo "$start" | sed 's/^0*//; s/-0*/-/') 0 $name $TRASH/gone \(deleted\)$"
is "a deleted executable: each mapping" "$(wc -l <"$record/modules/list")" \
    "$(grep -c gone "/proc/$pid/maps")"

newline='
'
cp "$sleep" "x y${newline}\$(touch pwned)"
started "./x y${newline}\$(touch pwned)" 1000
rm ./x*
save -P "$pid" -d store <core
record_of_save
is "a hostile name: status" "$status" 0
is "a hostile name: is made harmless" \
    "$(names "$record/modules" | sed 's/[0-9a-f]* $//')" "list x_y_012__touch_pwned_."
is "a hostile name: a line is a mapping" "$(wc -l <"$record/modules/list")" \
    "$(grep -c 'x y' "/proc/$pid/maps")"

cat >memfd.py <<END
import os, sys
fd = os.memfd_create("hidden")
os.write(fd, open("$sleep", "rb").read())
os.execve(fd, ["sleep", "1000"], os.environ)
END
started python3 memfd.py
save -P "$pid" -d store <core
record_of_save
copy_of memfd
ok "an executable that never had a name" cmp "$record/modules/$name" "$sleep"

mkdir newroot
if unshare -m sh -c "mount -t tmpfs x newroot && cp $sleep newroot/gone" 2>/dev/null
then
	started unshare -m sh -c \
	    "mount -t tmpfs x newroot && cp $sleep newroot/gone && exec newroot/gone 1000"
	save -P "$pid" -d store <core
	record_of_save
	copy_of gone
	ok "an executable in a mount namespace" \
	    cmp "$record/modules/$name" "$sleep"
	copy_of libc
	ok "and its libraries" test -s "$record/modules/$name"
else
	skip 2 "no mount namespace here"
fi

# Nothing is to be read that the process has put a file under.
cat >trap.py <<END
import ctypes, mmap, os, time
f = open("under", "w+b"); f.write(b"x" * 8192); f.flush()
fields = open("/proc/self/stat").read().rpartition(")")[2].split()
# The first whole page of the arguments: before it is the stack in use.
page = int(fields[45]) + 4095 & ~4095	# arg_start
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap(ctypes.c_void_p(page), ctypes.c_size_t(4096), 3, 0x12, f.fileno(), ctypes.c_long(0))
open("ready", "w").close()
time.sleep(1000)
END
if env -i "$(command -v python3)" -c pass 2>/dev/null; then
	python3 trap.py "$(head -c 12000 /dev/zero | tr '\0' x)" &
	pid=$!
	at_exit "kill $pid 2>/dev/null"
	wait_for 10 test -e ready
	save -P "$pid" -d store <core
	record_of_save
	is "a file under the arguments: status" "$status" 0
	ok "a file under the arguments: they are not read" \
	    test ! -e "$record/proc/cmdline"
	like "a file under the arguments: it is said" \
	    "$(meta '.missing | join(",")')" 'cmdline: it is not in plain memory'
else
	skip 3 "no python3"
fi

finish
