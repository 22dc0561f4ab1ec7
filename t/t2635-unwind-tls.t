#!/bin/sh
# SPDX-License-Identifier: ISC
# Thread-local variables of shared libraries: each thread's own.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc
test "$(uname -m)" = x86_64 || skip_all "the thread pointer is not in a core"

cat >lib.c <<'EOC'
static __thread int before[100] = { 1 };
int use(int *p, int n)
{
	static __thread int calls = 40;
	static __thread char name[16] = "lib";

	calls += n + before[0];
	name[0] = 'L';
	*p = calls;
	return calls;
}
EOC
cat >prog.c <<'EOC'
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
static int (*use)(int *, int);
static int x;
static void *run(void *a)
{
	use(&x, 1);
	use(a, 1);
	return NULL;
}
int main(int argc, char **argv)
{
	pthread_t t;

	use = (int (*)(int *, int))dlsym(argc > 2 ? dlopen(argv[2],
	    RTLD_NOW) : RTLD_DEFAULT, "use");
	use(&x, 7);
	if (argv[1][0] == 'm')
		use(NULL, 1);
	pthread_create(&t, NULL, run, NULL);
	pthread_join(t, NULL);
}
EOC

# What the crashed thread has, of the name.
value()
{
	jq -r --arg n "$1" '[.threads[] | select(.crashed) | .frames[] |
	    .locals[]? | select(.name == $n) | .value][0]' got
}

# of WHAT ARGUMENTS...: in another thread, and in the first.
of()
{
	local what="$1"
	shift
	core_of core ./prog t "$@"
	snap got --locals core
	is "$what: another thread's" "$(value calls)" 44
	like "$what: an array" "$(value name)" '^"Lib"'
	core_of core ./prog m "$@"
	snap got --locals core
	is "$what: the first one's" "$(value calls)" 50
}

for flags in '' -ftls-model=local-dynamic -mtls-dialect=gnu2; do
	# shellcheck disable=SC2086
	cc -g -O0 -shared -fPIC $flags -o lib.so lib.c
	cc -g -O0 -o prog prog.c -ldl -lpthread
	of "loaded by dlopen, $flags" ./lib.so
	cc -g -O0 -o prog prog.c -Wl,--no-as-needed ./lib.so -ldl -lpthread
	of "linked, $flags"
done
cc -g -O0 -shared -fPIC -ftls-model=initial-exec -o lib.so lib.c
of "linked, initial-exec"

# What ld.so and the C library wrote may be anything.
python3 - core <<'EOC'
import struct, sys
d = open(sys.argv[1], 'rb').read()
n = struct.unpack_from('<H', d, 56)[0]
for i in range(n):
    kind, flags, off, va, pa, size = struct.unpack_from('<IIQQQQ', d, 64 + 56 * i)
    if kind == 1 and flags & 2:
        for k, junk in enumerate((b'\xff', b'\x41', b'\x01')):
            with open('junk%d.%d' % (i, k), 'wb') as f:
                f.write(d[:off] + junk * size + d[off + size:])
EOC
bad=
for f in junk*; do
	core-unwind --json --locals "$f" >got 2>err
	test $? -le 1 || bad="$bad $f"
done
is "no junk in its memory is too much" "$bad" ""
finish
