// SPDX-License-Identifier: ISC
// References to what an optimizer keeps in no place, or in none that is known.
struct Point {
	int x, y;
};

static volatile int sink;

__attribute__((noinline)) void
boom()
{
	*(volatile int *)1 = 1;
}

static inline __attribute__((always_inline)) int
use(const int &r, const Point &p, int &&rr, const long &far, Point *pp,
    const int (&array)[2], const Point &constant)
{
	int s = r + p.x + constant.y;

	boom();
	sink = s;
	return s;
}

int
main(int argc, char **)
{
	int a = argc + 3, array[2] = {argc, 2};
	Point p = {argc, 7}, constant = {8, 9};
	const int &ra = a;
	Point &rp = p, *q = &p, &rc = constant;
	int *ip = &p.y, &ry = p.y, &rcy = constant.y;
	const Point &cp = p;
	long l = 5;

	sink = argc;
	return use(a, p, a + 1, l, &p, array, constant) + ra + rp.x + q->y +
	    *ip + cp.x + ry + rc.x + rcy;
}
