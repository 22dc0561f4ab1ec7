#!/bin/sh
# SPDX-License-Identifier: ISC
# What core-unwind's time grows with: a line each for threads, frames, modules
# and mappings, of 1, 10 and 100 times as many. The time of a core with next to
# nothing in it is taken off, so that in a linear world each number is ten times
# the one before.
. "$(dirname "$0")/lib.sh"
need_root
rounds=${ROUNDS:-7}

cat >deep.c <<'EOT'
#include <stdlib.h>
static __attribute__((noinline)) int
deeper(int n, volatile int *p)
{
	volatile int r = n == 0 ? *p : deeper(n - 1, p);
	return r + 1;
}
int
main(int argc, char **argv)
{
	(void)argc;
	return deeper(atoi(argv[1]), NULL);
}
EOT
# Each module calls the one that was loaded after it.
cat >module.c <<'EOT'
int
enter(void **next, int n, volatile int *p)
{
	int (*call)(void **, int, volatile int *) =
	    (int (*)(void **, int, volatile int *))next[0];
	volatile int r = n == 0 ? *p : call(next + 1, n - 1, p);
	return r + 1;
}
EOT
cat >modules.c <<'EOT'
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
int
main(int argc, char **argv)
{
	int n = atoi(argv[1]);
	void **enter = calloc((size_t)n + 1, sizeof *enter);
	char name[64];
	(void)argc;
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "./modules.d/module%d.so", i);
		enter[i] = dlsym(dlopen(name, RTLD_NOW), "enter");
	}
	return ((int (*)(void **, int, volatile int *))enter[0])(enter + 1,
	    n - 1, NULL);
}
EOT
cc -g -O0 -o deep deep.c && cc -g -O0 -o modules modules.c &&
    cc -g -O0 -fPIC -c module.c || exit
mkdir modules.d
n=0
while test "$n" -lt 1000; do
	cc -shared -nostdlib -Wl,--build-id=sha1 -Wl,-soname="module$n.so" \
	    -o "modules.d/module$n.so" module.o || exit
	n=$((n + 1))
done

arm_file
# core NAME COMMAND...: the kernel's own core of its crash, as core.NAME.
core()
{
	name=$1
	shift
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	(ulimit -c unlimited && ulimit -s unlimited && exec "$@") \
	    >/dev/null 2>&1
	mv "$ARMED"/core.* "core.$name"
}
core none ./deep 1
for n in 10 100 1000; do
	core "threads.$n" "$BUILD/t/manythreads" "$n" 25 64
	core "modules.$n" ./modules "$n"
done
for n in 1000 10000 100000; do
	core "frames.$n" ./deep "$n"
done
for n in 600 6000 60000; do
	core "mappings.$n" "$BUILD/t/mapper" many "$n"
done
give_back

unwind()
{
	core-unwind --frames=200000 --json "core.$1" >/dev/null 2>&1
}

n=0
while test "$n" -lt "$rounds"; do
	for c in core.*; do
		milliseconds unwind "${c#core.}"
		echo "$ms" >>"ms.${c#core.}"
	done
	n=$((n + 1))
done
line()
{
	what=$1
	shift
	text=
	for n; do
		text="$text $n $(median "ms.$what.$n")"
	done
	echo "$what $(median ms.none)$text" | awk '{
		printf "core-unwind, %s:", $1
		for (i = 3; i < NF; i += 2)
			printf "%s %d in %.1f ms", (i > 3 ? "," : ""), $i, \
			    $(i + 1) - $2
		print ""
	}'
}
line threads 10 100 1000
line frames 1000 10000 100000
line modules 10 100 1000
line mappings 600 6000 60000
