/* SPDX-License-Identifier: ISC */
#define KEEP __attribute__((noinline))

extern volatile int sink;

KEEP int
leaf(int *p, int n)
{
	*p = n;
	return sink + n;
}

KEEP int
third(int *p, int n)
{
	sink++;
	return leaf(p, n + 3);
}

static KEEP int
bottom(int *p, int n)
{
	*p = n;
	return sink + n;
}

static KEEP int
middle(int *p, int n)
{
	sink++;
	return bottom(p, n + 1);
}

/* Called through a PLT, and then it jumps. */
KEEP int
enter(int *p, int n)
{
	sink++;
	return middle(p, n + 1);
}

/* The program has one too. */
KEEP int
over(int *p, int n)
{
	sink++;
	return leaf(p, n + 4);
}

KEEP int
enter_over(int *p, int n)
{
	sink++;
	return over(p, n + 1);
}
