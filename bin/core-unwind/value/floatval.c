/* SPDX-License-Identifier: ISC */
#include "value/floatval.h"

#include <elf.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "target/arch.h"

/* A binary format: where its parts are in a number of 128 bits. */
struct format {
	unsigned exponent, fraction;	/* bits; the sign is above both */
	int has_integer_bit;		/* its leading 1 is written */
	int digits;
};

static const struct format half = { 5, 10, 0, 5 };
static const struct format brain = { 8, 7, 0, 4 };
static const struct format single = { 8, 23, 0, 9 };
static const struct format twice = { 11, 52, 0, 17 };
static const struct format x87 = { 15, 63, 1, 21 };
static const struct format quad = { 15, 112, 0, 36 };

static const struct format *
format_of(const struct target *t, const char *name, size_t size)
{
	int is_x86 = t->arch->machine == EM_X86_64 ||
	    t->arch->machine == EM_386;

	switch (size) {
	case 2:
		return strstr(name, "bf16") != NULL ||
		    strstr(name, "bfloat") != NULL ? &brain : &half;
	case 4:
		return &single;
	case 8:
		return &twice;
	case 10: case 12:
		return &x87;
	case 16:
		return is_x86 && strstr(name, "128") == NULL ? &x87 : &quad;
	default:
		return NULL;
	}
}

struct bits {
	uint64_t high, low;
};

static struct bits
shift_right(struct bits v, unsigned n)
{
	if (n >= 64)
		return (struct bits){ 0, n >= 128 ? 0 : v.high >> (n - 64) };
	if (n == 0)
		return v;
	return (struct bits){ v.high >> n, v.low >> n | v.high << (64 - n) };
}

static struct bits
low_bits(struct bits v, unsigned n)
{
	if (n < 64) {
		v.high = 0;
		v.low &= ((uint64_t)1 << n) - 1;
	} else if (n < 128)
		v.high &= ((uint64_t)1 << (n - 64)) - 1;
	return v;
}

#if defined(__GLIBC__) && defined(__SIZEOF_FLOAT128__) && \
    defined(__HAVE_FLOAT128) && __HAVE_FLOAT128
#define EXACT_QUAD
__extension__ typedef _Float128 wide;

/* Q times 2 to the power of N: exact, one step after the other. */
static wide
scaled(wide q, int n)
{
	for (; n < 0; n += n < -1000 ? 1000 : -n)
		q *= (wide)ldexp(1, n < -1000 ? -1000 : n);
	for (; n > 0; n -= n > 1000 ? 1000 : n)
		q *= (wide)ldexp(1, n > 1000 ? 1000 : n);
	return q;
}
#endif

/* What is neither infinite nor no number. */
static void
put_finite(struct textbuf *out, const struct format *f, int is_negative,
    int exponent, struct bits fraction)
{
	int bias = (1 << (f->exponent - 1)) - 1;
	int scale = (exponent == 0 ? 1 : exponent) - bias - (int)f->fraction;
	char text[96], how[16];

	/* A leading 1, which most formats leave out. */
	if (!f->has_integer_bit && exponent != 0) {
		if (f->fraction < 64)
			fraction.low |= (uint64_t)1 << f->fraction;
		else
			fraction.high |= (uint64_t)1 << (f->fraction - 64);
	}
#ifdef EXACT_QUAD
	if (f == &quad) {
		wide q = scaled((wide)fraction.high * 0x1p64 +
		    (wide)fraction.low, scale);

		snprintf(how, sizeof how, "%%.%dg", f->digits);
		strfromf128(text, sizeof text, how, is_negative ? -q : q);
		textbuf_add(out, "%s", text);
		return;
	}
#endif
	(void)how;
	snprintf(text, sizeof text, "%.*Lg", f->digits,
	    (is_negative ? -1 : 1) * ldexpl((long double)fraction.high *
	    0x1p64L + (long double)fraction.low, scale));
	textbuf_add(out, "%s", text);
}

void
floatval_put(struct textbuf *out, const struct target *t, const char *name,
    const unsigned char *bytes, size_t size)
{
	const struct format *f = format_of(t, name, size);
	int little = target_is_little(t);
	struct bits v = { 0, 0 }, fraction;
	unsigned width, exponent;
	int is_negative;

	if (f == NULL) {
		textbuf_add(out, "<a floating point number of %zu bytes>",
		    size);
		return;
	}
	for (size_t i = 0; i < size; i++) {
		uint64_t b = bytes[little ? i : size - 1 - i];

		if (i < 8)
			v.low |= b << 8 * i;
		else
			v.high |= b << 8 * (i - 8);
	}
	width = f->fraction + (unsigned)f->has_integer_bit;
	fraction = low_bits(v, width);
	exponent = (unsigned)low_bits(shift_right(v, width), f->exponent).low;
	is_negative = shift_right(v, width + f->exponent).low & 1;
	if (exponent != (1U << f->exponent) - 1) {
		put_finite(out, f, is_negative, (int)exponent, fraction);
		return;
	}
	textbuf_add(out, "%s", is_negative ? "-" : "");
	if (low_bits(fraction, f->fraction).high == 0 &&
	    low_bits(fraction, f->fraction).low == 0)
		textbuf_add(out, "inf");
	else if (fraction.high != 0)
		textbuf_add(out, "nan(0x%" PRIx64 "%016" PRIx64 ")",
		    fraction.high, fraction.low);
	else
		textbuf_add(out, "nan(0x%" PRIx64 ")", fraction.low);
}
