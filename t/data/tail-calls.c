/* SPDX-License-Identifier: ISC */
/* Functions that end in jumps, some of them into the library of
   tail-calls-library.c; the last one crashes. Its argument says which way. */
#include <stddef.h>

#define KEEP __attribute__((noinline))

volatile int sink;
int (*volatile pointer)(int *, int);

int leaf(int *p, int n);
int third(int *p, int n);
int enter(int *p, int n);
int enter_over(int *p, int n);

KEEP int
second(int *p, int n)
{
	sink++;
	return third(p, n + 2);
}

KEEP int
first(int *p, int n)
{
	sink++;
	return second(p, n + 1);
}

KEEP int
left(int *p, int n)
{
	sink++;
	return leaf(p, n + 5);
}

KEEP int
right(int *p, int n)
{
	sink++;
	return leaf(p, n + 6);
}

KEEP int
either(int *p, int n)
{
	sink++;
	return n > 3 ? left(p, n) : right(p, n);
}

KEEP int
around(int *p, int n)
{
	sink++;
	return either(p, n + 1);
}

KEEP int
hidden(int *p, int n)
{
	sink++;
	return n > 9 ? pointer(p, n) : leaf(p, n);
}

KEEP int
detour(int *p, int n)
{
	sink++;
	return leaf(p, n + 7);
}

/* In place of the library's. */
KEEP int
over(int *p, int n)
{
	sink++;
	return detour(p, n + 1);
}

int
main(int argc, char **argv)
{
	int n = argc;

	pointer = second;
	switch (argv[1][0]) {
	case 'c':
		n += first(NULL, 10);
		break;
	case 'e':
		n += enter(NULL, 3);
		break;
	case 'o':
		n += enter_over(NULL, 3);
		break;
	case 'a':
		n += around(NULL, 7);
		break;
	case 'l':
		n += leaf(NULL, 3);
		break;
	case 'h':
		n += hidden(NULL, 3);
		break;
	}
	return n;
}
