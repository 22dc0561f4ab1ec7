/* SPDX-License-Identifier: ISC */
#include "value/array.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/letters.h"

#define REPEATS_SHOWN 10

/* How many elements the subrange DIE has. Returns 0, or -1: not said. */
static int
range_count(struct printer *p, Dwarf_Die *die, uint64_t *count)
{
	uint64_t upper, lower = (uint64_t)dwtype_first_index(die);

	if (location_number(p->scene, die, DW_AT_count, p->array, count) == 0)
		return 0;
	if (location_number(p->scene, die, DW_AT_upper_bound, p->array,
	    &upper) == -1)
		return -1;
	location_number(p->scene, die, DW_AT_lower_bound, p->array, &lower);
	/* int a[0] has an upper bound of -1, of any size. */
	if ((lower == 0 && upper == UINT32_MAX) ||
	    (int64_t)upper < (int64_t)lower) {
		*count = 0;
		return 0;
	}
	*count = upper - lower + 1;
	return 0;
}

void
array_dimensions(struct printer *p, Dwarf_Die *array, struct dimensions *d)
{
	Dwarf_Die die;

	memset(d, 0, sizeof *d);
	if (dwarf_child(array, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);

		if (tag != DW_TAG_subrange_type && tag != DW_TAG_generic_subrange)
			continue;
		if (range_count(p, &die, &d->count[d->n]) == -1) {
			d->count[d->n] = 0;
			d->is_open |= d->n == 0;
		}
		d->n++;
	} while (d->n < DIMENSIONS_MAX && dwarf_siblingof(&die, &die) == 0);
	for (int i = 0; dwtype_is_column_major(array) && i < d->n / 2; i++) {
		uint64_t last = d->count[d->n - 1 - i];

		d->count[d->n - 1 - i] = d->count[i];
		d->count[i] = last;
	}
}

static int
same_element(const struct value *v, size_t a, size_t b, size_t size)
{
	if (b + size > v->len)
		return 0;
	return memcmp(v->bytes + a, v->bytes + b, size) == 0 &&
	    (v->state == NULL || memcmp(v->state + a, v->state + b, size) == 0);
}

void
array_elements(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset, uint64_t count, size_t size)
{
	uint64_t i = 0, things = 0;
	int is_listed = p->is_listed;

	p->is_listed = 0;
	while (i < count && things < ELEMENTS_MAX && !p->out->is_full &&
	    !*p->expired) {
		size_t at = offset + i * size;
		uint64_t n = 1;

		if (at + size > v->len)
			break;
		while (!is_listed && i + n < count && same_element(v, at, at + n * size, size))
			n++;
		if (i > 0)
			textbuf_add(p->out, ", ");
		print_value(p, type, v, at);
		if (n > REPEATS_SHOWN) {
			textbuf_add(p->out, " <repeats %" PRIu64 " times>", n);
			things += REPEATS_SHOWN;
			i += n;
		} else {
			things++;
			i++;
		}
	}
	if (i < count)
		textbuf_add(p->out, "...");
}

/* What an array of the dimensions from FIRST on begins with. */
static void
print_dimension(struct printer *p, Dwarf_Die *element, const struct value *v,
    size_t offset, const struct dimensions *d, int first, size_t element_size)
{
	size_t size = element_size, width;
	uint64_t count = d->n == 0 ? 0 : d->count[first], i;
	const char *prefix;

	if (first + 1 >= d->n && letters_of(element, &width, &prefix) &&
	    width == element_size) {
		uint64_t shown = (v->len - offset) / width;

		if (shown > count)
			shown = count;
		if (print_unknown(v, offset, shown * width) == NULL) {
			letters_string(p->out, p->scene->modules->target,
			    v->bytes + offset, shown, width, prefix,
			    shown < count);
			return;
		}
	}
	textbuf_add(p->out, "{");
	if (first + 1 >= d->n) {
		array_elements(p, element, v, offset, count, size);
		textbuf_add(p->out, "}");
		return;
	}
	for (int n = first + 1; n < d->n; n++)
		size *= d->count[n];
	for (i = 0; i < count && i < ELEMENTS_MAX && !p->out->is_full &&
	    offset + i * size < v->len; i++) {
		textbuf_add(p->out, "%s", i > 0 ? ", " : "");
		print_dimension(p, element, v, offset + i * size, d, first + 1,
		    element_size);
	}
	textbuf_add(p->out, i < count ? "...}" : "}");
}

/* The elements of an array, which are D in all its dimensions. */
static void
put_array(struct printer *p, Dwarf_Die *element, const struct value *v,
    size_t offset, const struct dimensions *d)
{
	uint64_t size = print_size(p, element), total = 1;

	for (int i = 0; i < d->n; i++)
		total = __builtin_mul_overflow(total, d->count[i], &total) ?
		    UINT64_MAX : total;
	/* Without a bound it is a pointer to what comes there, if anything. */
	if (d->n == 0 || total == 0 || size == 0) {
		if (v->has_address)
			print_pointer(p, element, v->address + offset);
		else
			textbuf_add(p->out, "{}");
		return;
	}
	if (size > VALUE_MAX || offset > v->len) {
		textbuf_add(p->out, "{...}");
		return;
	}
	print_dimension(p, element, v, offset, d, 0, size);
}

/* Do the elements of an array, of SIZE each, follow one another? */
static int
is_contiguous(struct printer *p, Dwarf_Die *array, uint64_t size)
{
	Dwarf_Die die;
	uint64_t stride, count;
	int n = 0;

	if (dwarf_child(array, &die) != 0)
		return 0;
	do {
		if (n++ > DIMENSIONS_MAX)
			return 0;
		if (dwarf_tag(&die) != DW_TAG_subrange_type)
			continue;
		if ((location_number(p->scene, &die, DW_AT_byte_stride,
		    p->array, &stride) == 0 && stride != size) ||
		    range_count(p, &die, &count) == -1 ||
		    __builtin_mul_overflow(size, count, &size))
			return 0;
	} while (dwarf_siblingof(&die, &die) == 0);
	return 1;
}

/* The elements that what is at OBJECT describes. */
static void
put_described(struct printer *p, Dwarf_Die *peeled, Dwarf_Die *element,
    uint64_t object)
{
	const uint64_t *outer = p->array;
	uint64_t at, size = print_size(p, element), all;
	struct dimensions d;
	struct value data;
	int is_known;

	p->array = &object;
	array_dimensions(p, peeled, &d);
	all = print_size(p, peeled);
	is_known = location_number(p->scene, peeled, DW_AT_data_location,
	    &object, &at) == 0 && is_contiguous(p, peeled, size);
	/* An element may have its own. */
	p->array = outer;
	if (!is_known) {
		textbuf_add(p->out, "{...}");
		return;
	}
	value_at(p->scene, at, all > VALUE_MAX ? VALUE_MAX : (size_t)all,
	    &data);
	if (data.is_unreadable)
		print_whole(p, peeled, &data);
	else
		put_array(p, element, &data, 0, &d);
	value_release(&data);
}

/* Is an array that is elsewhere there? */
static int
is_there(struct printer *p, Dwarf_Die *peeled, uint64_t object)
{
	static const unsigned attribute[] = {
		DW_AT_allocated, DW_AT_associated
	};
	uint64_t is;

	for (int i = 0; i < 2; i++) {
		if (location_number(p->scene, peeled, attribute[i], &object,
		    &is) == -1 || is != 0)
			continue;
		textbuf_add(p->out, i == 0 ? "<not allocated>" :
		    "<not associated>");
		return 0;
	}
	return 1;
}

void
array_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	Dwarf_Die element;
	struct dimensions d;

	if (dwtype_of(peeled, &element) == -1) {
		textbuf_add(p->out, "<an array of nothing>");
		return;
	}
	if (!dwarf_hasattr(peeled, DW_AT_data_location)) {
		array_dimensions(p, peeled, &d);
		put_array(p, &element, v, offset, &d);
	} else if (!v->has_address)
		textbuf_add(p->out, "<optimized out>");
	else if (is_there(p, peeled, v->address + offset))
		put_described(p, peeled, &element, v->address + offset);
}
