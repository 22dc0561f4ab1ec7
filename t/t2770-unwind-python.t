#!/bin/sh
# SPDX-License-Identifier: ISC
# Python functions beside the C function that interprets them: as Python itself
# tells them (faulthandler), for every Python that is here.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command python3

cat >shelf.py <<'EOP'
import faulthandler, os, sys

class Shelf:
    def fall(self, n):
        if n > 0:
            return self.fall(n - 1)
        x = (1,
             2)
        faulthandler.dump_traceback() if how == "tell" else os.abort()

def by_key(x):
    Shelf().fall(2)
    return x

def ordered(items):
    # A C function in between.
    return sorted(items,
                  key=by_key)

def naïve():
    return list(ordered([i]) for i in [3, 1])

how = sys.argv[1]
try:
    naïve()
finally:
    pass
EOP

# Innermost first: function and line.
told()
{
	"$1" shelf.py tell 2>&1 >/dev/null | sed -n '
	/^Stack/,$ s/.*, line \([0-9]*\) in \(.*\)/\2 \1/p
	/^Current/,$ s/.*, line \([0-9]*\) in \(.*\)/\2 \1/p' |
	awk '!seen[NR, $0]++' | head -n 8
}

read_out()
{
	jq -r '.threads[] | select(.crashed) | .frames[] | .python // empty
	    | ., .callers[]? | "\(.function | split(".")[-1]) \(.line)"' "$1" |
	    sed 's/ï/\\xef/g'
}

seen=
for python in python3 /usr/bin/python3 python3.8 python3.9 python3.10 \
    python3.11 python3.12; do
	exe=$("$python" -c 'import sys; print(sys.executable)' 2>/dev/null) ||
	    continue
	version=$("$exe" -c 'import sys; print("3.%d" % sys.version_info[1],
	    sys.version_info[2], sys.version_info[0] == 3)')
	case $version in
	3.[89]\ *True | 3.1[012]\ *True) ;;
	*) continue ;;
	esac
	case $seen in
	*"|$version|"*) continue ;;
	esac
	seen="$seen|$version|"
	told "$exe" >want
	core_of core "$exe" shelf.py die || continue
	snap got core
	read_out got >have
	is "Python ${version%% *}: as it tells itself" "$(cat have)" \
	    "$(cat want)"
	ok "${version%% *}: all of it" test "$(wc -l <have)" -ge 8
	is "${version%% *}: the file" "$(get got '[.threads[0].frames[]
	    | .python // empty][0].file' | sed 's|.*/||')" shelf.py
	like "${version%% *}: names as they are" "$(core-unwind core)" \
	    'python: na.*ve at .*shelf.py:21'
	is "${version%% *}: beside the frames that interpret" \
	    "$(get got '[.threads[0].frames[] | select(.python)
	    | .function | startswith("_PyEval_EvalFrameDefault")] | unique
	    | tostring')" '[true]'
	ok "${version%% *}: by the schema" sh -c 'test -z "$(jq -r \
	    --slurpfile schema "$1/share/snapshot.schema.json" \
	    -f "$1/t/helper/schema.jq" got)"' sh "$SRC"
done
test "$test_count" -gt 0 || skip_all "no Python from 3.8 to 3.12 here"
core_of core wreck null
snap got core
is "other programs have none" "$(get got '[.threads[].frames[]
    | select(has("python"))] | length')" 0
finish
