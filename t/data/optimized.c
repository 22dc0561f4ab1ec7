/* SPDX-License-Identifier: ISC */
/* What an optimizer does to variables: pieces, constants, entry values, lost
   ones, inlined functions, calls back out of a library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP __attribute__((noinline))

struct node {
	int key;
	const char *name;
	struct node *left, *right;
	double weight;
};
struct pair { long a, b; };
struct big { int v[6]; };

static volatile int sink;
static struct node *root;
__thread int count = 42;

static inline __attribute__((always_inline)) int
inlined(int x, const char *tag, struct pair pr)
{
	static int calls;
	static __thread int seen = 9;
	int y = x * 3, dead;

	calls++;
	sink = y + (int)pr.a;
	dead = y + 77;
	if (x > 100) {
		int z = y ^ x;
		char buf[16];

		sink = z;
		snprintf(buf, sizeof buf, "%s-%d", tag, z);
		puts(buf);
	}
	seen++;
	*(volatile int *)(long)(x - 7) = y;
	return y;
}

KEEP static int
leaf(int a, int b, struct node *n, struct pair p, double d, float f,
    struct big bg, unsigned char c, const char *s)
{
	int sum = a + b, unused = sum * 2, r;
	double dd = d * 2;
	struct pair q = { p.b, p.a };
	struct big *pb = &bg;
	long lg = sum;

	for (int i = 0; i < n->key; i++) {
		sum += i;
		dd += f;
	}
	sink = sum;
	sink = (int)dd;
	sink = (int)q.a + c;
	r = inlined(a + 6, s, q);
	sink = r + (int)dd + sum + (int)lg + pb->v[2];
	return r + sum + (int)q.b + (int)q.a;
}

KEEP static int
middle(int a, struct node *n, char **argv, int times)
{
	int local = a * 2, x, array[4] = { a, local, 3, 4 };
	const char *name = n->name;
	struct big bg = { { 1, 2, 3, 4, 5, 6 } };
	struct pair p = { 11, 22 };

	sink = array[a & 3];
	x = leaf(a, local, n, p, n->weight, 0.5f, bg, 'q', name);
	printf("%d %s %d\n", x, name, times);
	return x + local + array[1];
}

KEEP static int
tailed(int a, struct node *n)
{
	return middle(a, n, 0, 5);
}

KEEP static int
recurse(int depth, struct node *n)
{
	int k;

	if (depth == 0)
		return tailed(1, n);
	k = recurse(depth - 1, n);
	sink = k;
	return k + depth;
}

static int
compare(const void *a, const void *b)
{
	const int *x = a, *y = b;

	if (*x == 3 || *y == 3)
		recurse(2, root);
	return *x - *y;
}

int
main(int argc, char **argv)
{
	struct node n = { 4, "root", 0, 0, 2.5 };
	int v[3] = { 2, 3, 1 };
	long total = argc;

	n.left = &n;
	root = &n;
	count++;
	qsort(v, 3, sizeof *v, compare);
	total += v[0];
	printf("%ld %d\n", total, count);
	return recurse(2, &n);
}
