/* SPDX-License-Identifier: ISC */
/*
 * Binary search in an array that is in the order of an unsigned 64-bit number
 * of its elements: bsearch(3) finds equals only, and calls a function for each
 * comparison.
 *
 * The macros take the size of an element from the type of ARRAY, and a MEMBER
 * (START, END) other than a uint64_t does not compile. Each argument is
 * evaluated once. ARRAY may be NULL when COUNT is 0. Of plain numbers one asks
 * the functions, with their size for STEP and 0 for OFFSET.
 *
 * Out of order, as the ranges of a forged core can be, an array has an answer
 * all the same, and always that one: no element beyond COUNT is looked at.
 */
#ifndef COREPIPE_BISECT_H
#define COREPIPE_BISECT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * How many elements have a MEMBER < KEY: the index of the first that has not,
 * or COUNT (std::lower_bound).
 */
#define BISECT_BELOW(array, count, member, key) \
	bisect_below((array), (count), sizeof *(array), \
	    BISECT_OFFSET(array, member), (key))

/*
 * How many have a MEMBER <= KEY: the index of the first that is above it, or
 * COUNT (std::upper_bound). Of ranges with MEMBER as their exclusive end, that
 * is the one around KEY, or the next one when none is.
 */
#define BISECT_NOT_ABOVE(array, count, member, key) \
	bisect_not_above((array), (count), sizeof *(array), \
	    BISECT_OFFSET(array, member), (key))

/*
 * An element whose range from START to END, exclusive, has ADDRESS in it, or
 * NULL: where ranges overlap, the one that the halving meets first. As with
 * bsearch(3), what is const in ARRAY remains so, whatever the result's type.
 */
#define BISECT_WITHIN(array, count, start, end, address) \
	bisect_within((array), (count), sizeof *(array), \
	    BISECT_OFFSET(array, start), BISECT_OFFSET(array, end), (address))

#define BISECT_OFFSET(array, member) \
	_Generic((array)->member, \
	    uint64_t: offsetof(__typeof__(*(array)), member))

/* Inline: STEP and OFFSET are to be constants where it is hot. */
static inline uint64_t
bisect_number(const unsigned char *element, size_t offset)
{
	uint64_t number;

	memcpy(&number, element + offset, sizeof number);
	return number;
}

static inline size_t
bisect_below(const void *array, size_t count, size_t step, size_t offset,
    uint64_t key)
{
	const unsigned char *first = array;
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bisect_number(first + middle * step, offset) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline size_t
bisect_not_above(const void *array, size_t count, size_t step, size_t offset,
    uint64_t key)
{
	return key == UINT64_MAX ? count :
	    bisect_below(array, count, step, offset, key + 1);
}

static inline void *
bisect_within(const void *array, size_t count, size_t step, size_t start,
    size_t end, uint64_t address)
{
	const unsigned char *first = array;
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const unsigned char *element = first + middle * step;

		if (address < bisect_number(element, start))
			high = middle;
		else if (address >= bisect_number(element, end))
			low = middle + 1;
		else
			return (void *)element;
	}
	return NULL;
}

#endif
