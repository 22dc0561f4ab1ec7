#!/bin/sh
# SPDX-License-Identifier: ISC
# What the shell reads of strangers: the kernel's arguments, whose values a
# crashed program chose in part, and corepipe.conf by a hand that slips. Lines
# are made of awkward pieces at random, from a seed: FUZZ_SEED and FUZZ_RUNS
# change it. Nothing runs, a record is made each time, and it is root's unless
# the first d= is the literal 1.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"
need_root
need_command jq python3
copy_build
mkcore -s 16 >core
stand_in core-unwind <<'END'
exit 0
END
at_rest=idle

# awk's generator is not the same everywhere: this is.
cat >make.py <<'END'
import random, sys
r = random.Random(int(sys.argv[1]))
touch = sys.argv[2] + "/pwned"
pieces = ["$(touch %s)" % touch, "`touch %s`" % touch, ";touch %s;" % touch,
    "|touch %s" % touch, "&touch %s&" % touch, ">%s" % touch, "\n", "\t", " ",
    "'", '"', "\\", "*", "?", "[a-z]", "~", "$HOME", "${IFS}", "-rf", "--",
    "-d", "=", "d=1", "u=0", "08", "-1", "99999999999999999999", "0x10", "1",
    "11", "64011", "full", "none", "/", "../../etc", "\033]0;x\007", "\377",
    "%s%n", "!", "#", "a" * 300, "", "(", ")", "$((1/0))", "x[$(touch %s)]" %
    touch]
keys = "PIpiugdstcCFheE"
def word(n):
    return "".join(r.choice(pieces) for _ in range(r.randrange(n)))
if sys.argv[3] == "args":
    n = r.randrange(1, 14)
    for _ in range(n):
        kind = r.random()
        if kind < .7:
            a = r.choice(keys) + "=" + word(4)
        elif kind < .85:
            a = r.choice(keys) + "=" + r.choice(["1", "2", "11", "64011", "3"])
        else:
            a = word(4)
        sys.stdout.buffer.write(a.encode("latin-1") + b"\0")
else:
    names = ["keep", "limit", "ram", "level", "core_timeout", "trace", "chain",
        "chain_timeout", "unwind_timeout", "reports", "put_timeout", "user",
        "log", "nice", "store ", "PATH", "IFS", "conf", "dir", "bin", "id"]
    for _ in range(r.randrange(1, 9)):
        name = r.choice(names)
        value = word(4)
        if name == "chain" or name == "trace":
            value = "none" if name == "trace" else ""
        sys.stdout.buffer.write((r.choice(["", " ", "\t"]) + name +
            r.choice(["=", " = ", "==", ""]) + value + "\n").encode("latin-1"))
END

first_d()
{
	tr '\n\0' '?\n' <given | sed -n 's/^d=//p' | head -n 1
}

broken=
seed=${FUZZ_SEED:-1}
last=$((seed + ${FUZZ_RUNS:-40}))
runs=0
while test "$seed" -lt "$last"; do
	python3 make.py "$seed" "$TRASH" args >given
	{
		python3 make.py "$seed" "$TRASH" conf | grep -av store
		echo "store=$STORE"
		echo log=none
		echo core_timeout=60
	} >corepipe.conf
	rm -rf "$STORE"
	mkdir -p "$STORE/new"
	# xargs may have opened a descriptor for itself.
	# shellcheck disable=SC2016 # for the shell inside
	as_kernel "$TRASH/corepipe.conf" xargs -0 -a "$TRASH/given" \
	    sh -c 'exec sh "$0" "$@" >&- 2>&-' "$COPY/libexec/handler.sh" <core
	settle
	seed=$((seed + 1))
	runs=$((runs + 1))
	records=$(find "$STORE" -mindepth 2 -maxdepth 2 -type d \
	    -name '????????-????-7???-????-????????????' | wc -l)
	test "$records" -eq 1 || broken="$broken $((seed - 1)):records=$records"
	meta=$(find "$STORE" -name meta.json)
	owner=$(jq .owner "$meta" 2>&1)
	test "$owner" = 0 || test "$(first_d)" = 1 ||
	    broken="$broken $((seed - 1)):owner=$owner"
	test ! -e pwned || broken="$broken $((seed - 1)):ran"
	rm -f pwned
done
is "each of $runs seeds: one record, root's unless d=1, and nothing ran" \
    "$broken" ""

is "nothing was made elsewhere" "$(find / -maxdepth 1 -newer make.py \
    -name '*pwned*')" ""
finish
