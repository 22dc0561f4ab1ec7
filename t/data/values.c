/* SPDX-License-Identifier: ISC */
/* One variable of each kind that C has, and a crash in the middle of them. */
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

enum color { RED, GREEN = 5, BLUE };
enum flags { F_A = 1, F_B = 2, F_C = 4 };
enum masks { M_NONE, M_A = 1, M_B = 2, M_ALL = 3 };
enum negative { N_MINUS = -1, N_BIG = 70000 };
enum __attribute__((packed)) small { SM_LOW = 3, SM_HIGH = 5 };
enum wide { W_TOP = 0x80000001U, W_LOW = 3 };

struct point { int x, y; };
struct bits {
	unsigned a : 3;
	int b : 5;
	unsigned long long c : 40;
	bool d : 1;
	enum color e : 4;
	int : 3;
	signed char f : 2;
	enum negative g : 4;
};
struct __attribute__((packed)) packed { char c; long l; short s : 9; };
union any { int i; float f; char c[4]; };
struct empty { };
struct open { int n; char data[]; };
struct nest {
	struct point p[2];
	union any u;
	const char *name;
	struct nest *next;
	struct {
		int plain;
		union { int q; float w; };
	};
};
struct undefined;
typedef struct point point_t;
typedef int (*function)(int);

int global = 3;
static int local_global;
int global_array[20];

static int
add_one(int x)
{
	return x + 1;
}

__attribute__((noinline)) static int
crash(int a, unsigned char b, const char *s, struct point p, double d, int *ip,
    enum color e, bool is, struct point *pp, int array[3], float f, ...)
{
	static int counter = 7;
	char c = 'A', nul = 0, newline = '\n', quote = '\'', dquote = '"',
	    escape = 27, del = 127;
	signed char sc = -61;
	unsigned char uc = 200;
	short sh = -5;
	unsigned short us = 65535;
	long l = -1;
	unsigned long ul = (unsigned long)-1;
	long long ll = 1LL << 40;
	float fl = 0.1f;
	double db = 1.0 / 3, inf = 1e308 * 10, not = __builtin_nan("");
	double one = 1, big = 1e100, minus = -0.0, tiny = 4.9e-324;
	long double ld = 1.0L / 3, ldn = -__builtin_nanl("0x12");
	double complex cd = 1 + 2 * I;
	float complex cf = 3 - 4 * I;
	bool yes = true, no = false, odd[3] = { 1, 0, 1 };
	enum color e1 = BLUE, e2 = 77;
	enum flags f1 = F_A | F_C, f2 = 0, f3 = 8 | F_A, f4 = 8;
	enum masks m1 = 3, m2 = 0, m3 = 4, m4 = 1;
	enum negative n1 = N_MINUS, n2 = N_BIG, n3 = -7;
	enum small sm1 = 200, sm2 = SM_LOW;
	enum wide w1 = 0xfffffffe, w2 = W_TOP;
	struct point pt = { 1, 2 }, same[12];
	point_t pts[3] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
	struct bits bits = { 5, -3, 1234567890123, 1, GREEN, -2,
	    N_MINUS };
	struct packed packed = { 'p', -2, -3 };
	union any un = { .i = 0x41424344 };
	struct nest ne = { .name = "nest", .next = &ne, .plain = 1, .q = 3 };
	int ten[10] = { 0 }, eleven[11] = { 0 }, runs[30], many[300];
	int grid[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
	char buffer[20] = "hello", small[8] = "hi", full[4] = "abcd";
	char xs[300], odds[] = "a\001\0012\n\t\"\\z\377\303\251";
	char zeros[16] = { 0 }, rep[] = "aaaaaaaaaaaaaaaaaaaaaaab";
	/* More than are shown, and the last of these are a run of two, of three. */
	char run2[208] = { 0 }, run3[260] = { 0 };
	char mixed[64] = "ab\0cd\0\0\0\0\0\0\0\0\0\0\0\0\0ef";
	unsigned char bytes[4] = { 1, 2, 3, 4 };
	int8_t i8 = 65;
	uint8_t u8[3] = { 1, 2, 0 };
	wchar_t wc = L'x', wide[] = L"wide";
	const wchar_t *wp = L"wp";
	char16_t c16 = u'a', s16[] = u"s16";
	char32_t c32 = U'b';
	const char *text = "text", *none = 0, *bad = (char *)0x1234;
	const char *utf = "h\303\251llo \342\202\254", *empty_text = "";
	char *longer = malloc(400), *mid = malloc(400);
	void *vp = &global, *vs = &local_global, *vf = (void *)add_one;
	void *vm = global_array + 3, *heap = longer;
	function fp = add_one, fps[2] = { add_one, 0 };
	int *ipn = &global, **ipp = &ipn;
	struct empty em;
	struct open *op = calloc(1, 20), opv = { .n = 1 };
	const volatile int cv = 5;
	int *restrict rp = &global;
	_Atomic int at = 6;
	int n = a + 3, vla[n];
	char cvla[n];
	struct undefined *und = (void *)&pt;
	const char *texts[] = { "one", "two", 0 };
	double ds[3] = { 1, 2.5, 3 };
	float vector __attribute__((vector_size(16))) = { 1, 2, 3, 4 };
	struct point *ppt = &pt;
	va_list ap;

	/* Whole in memory, whatever the optimizer knows of it. */
	__asm__ volatile("" : : "r"(mixed) : "memory");
	va_start(ap, f);
	memset(same, 0, sizeof same);
	for (int i = 0; i < 300; i++)
		many[i] = i;
	for (int i = 0; i < 30; i++)
		runs[i] = i / 15;
	memset(xs, 'x', sizeof xs);
	for (int i = 0; i < 208; i++)
		run2[i] = i < 199 ? "ab"[i % 2] : i < 201 ? '_' : 'c';
	for (int i = 0; i < 260; i++)
		run3[i] = i < 198 ? "ab"[i % 2] : i < 201 ? '_' : "cd"[i % 2];
	memset(longer, 'y', 399);
	longer[399] = 0;
	for (int i = 0; i < 399; i++)
		mid[i] = (char)('a' + i % 20);
	mid[200] = 0;
	for (int i = 0; i < n; i++)
		vla[i] = i;
	strcpy(cvla, "vl");
	cvla[3] = 1;
	{
		int inner = 9;

		{
			int inner = 10;

			*(volatile int *)0 = inner;
		}
	}
	va_end(ap);
	return a + b;
}

int
main(int argc, char **argv)
{
	struct point p = { 3, 4 };
	int array[3] = { 1, 2, 3 };

	return crash(1, 'b', "str", p, 2.5, &global, GREEN, true, &p, array,
	    1.5f, 2);
}
