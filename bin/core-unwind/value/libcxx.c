/* SPDX-License-Identifier: ISC */
#include "value/libcxx.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/members.h"
#include "value/stdnodes.h"
#include "value/stdwords.h"

static int
begins(Dwarf_Die *type, const char *prefix)
{
	Dwarf_Die peeled = *type;

	return dwtype_peel(&peeled) != 0 &&
	    strncmp(dwtype_name(&peeled), prefix, strlen(prefix)) == 0;
}

int
libcxx_first(const struct object *o, const char *name, const char *alone,
    struct object *in, Dwarf_Die *type)
{
	struct object pair, element;
	Dwarf_Die a, b;

	if (object_inner(o, name, &pair, &a) == 0 &&
	    begins(&a, "__compressed_pair<"))
		return object_base(&pair, "__compressed_pair_elem<", &element,
		    &b) == 0 ? object_inner(&element, "__value_", in, type) :
		    -1;
	return object_inner(o, alone, in, type);
}

int
libcxx_first_number(const struct object *o, const char *name,
    const char *alone, uint64_t *value, Dwarf_Die *type)
{
	struct object in;
	Dwarf_Die unused;

	if (type == NULL)
		type = &unused;
	return libcxx_first(o, name, alone, &in, type) == -1 ? -1 :
	    object_value(&in, value);
}

/* Text that is in the object itself: COUNT letters, of which the array at AT
   has room for those of its bytes. */
static int
put_short(const struct object *o, Dwarf_Die *array, size_t at, uint64_t count)
{
	Dwarf_Die letter, peeled = *array;
	uint64_t room = print_size(o->p, array), width;

	if (dwtype_peel(&peeled) != DW_TAG_array_type ||
	    dwtype_of(&peeled, &letter) == -1 ||
	    (width = print_size(o->p, &letter)) == 0 || count > room / width)
		return 0;
	print_letters(o->p, &letter, o->v, at, count);
	return 1;
}

/*
 * A short string's length and the bit that says that it is long share a byte,
 * the first one or, with _LIBCPP_ABI_ALTERNATE_STRING_LAYOUT, the last. The bit
 * is the one that a long string's capacity can do without: the least
 * significant of the first byte in a little-endian process, of the last one in
 * a big-endian. Since libc++ 15 DWARF has both as bit-fields.
 */
static int
short_length(const struct object *o, const struct object *is_short,
    const struct object *data, uint64_t *length, int *is_long)
{
	const struct target *t = o->p->scene->modules->target;
	uint64_t size, flag;

	if (object_number(is_short, "__size_", &size, NULL) == -1)
		return -1;
	if (object_number(is_short, "__is_long_", &flag, NULL) == 0) {
		*is_long = flag != 0;
		*length = size;
	} else if (target_is_little(t) == (data->offset > is_short->offset)) {
		*is_long = size & 1;
		*length = size >> 1;
	} else {
		*is_long = (size & 0x80) != 0;
		*length = size;
	}
	return 0;
}

int
libcxx_string(const struct object *o)
{
	struct object rep, is_short, data, far;
	Dwarf_Die a, b, c, d, pointer, letter;
	uint64_t address, length;
	int is_long;

	if (libcxx_first(o, "__r_", "__rep_", &rep, &a) == -1 ||
	    object_inner(&rep, "__s", &is_short, &b) == -1 ||
	    object_inner(&is_short, "__data_", &data, &c) == -1 ||
	    short_length(o, &is_short, &data, &length, &is_long) == -1)
		return 0;
	if (!is_long)
		return put_short(o, &c, data.offset, length);
	if (object_inner(&rep, "__l", &far, &d) == -1 ||
	    object_number(&far, "__data_", &address, &pointer) == -1 ||
	    object_number(&far, "__size_", &length, NULL) == -1 ||
	    object_target(&pointer, &letter) == -1)
		return 0;
	print_text(o->p, &letter, address, length);
	return 1;
}

int
libcxx_string_view(const struct object *o)
{
	Dwarf_Die type, letter;
	uint64_t address, length;

	/* Until libc++ 14 without the _ at the end. */
	if ((object_number(o, "__data_", &address, &type) == -1 &&
	    object_number(o, "__data", &address, &type) == -1) ||
	    (object_number(o, "__size_", &length, NULL) == -1 &&
	    object_number(o, "__size", &length, NULL) == -1) ||
	    object_target(&type, &letter) == -1)
		return 0;
	print_text(o->p, &letter, address, length);
	return 1;
}

static int
print_bit_vector(const struct object *o)
{
	uint64_t first, count, words, width = stdnodes_word(o) * 8;

	if (object_number(o, "__begin_", &first, NULL) == -1 ||
	    object_number(o, "__size_", &count, NULL) == -1 ||
	    libcxx_first_number(o, "__cap_alloc_", "__cap_", &words,
	    NULL) == -1 || words > UINT64_MAX / width || count > words * width)
		return 0;
	stdwords_bits(o, first, count, words * width);
	return 1;
}

int
libcxx_vector(const struct object *o)
{
	Dwarf_Die pointer;
	uint64_t first, last, end;

	if (stdwords_is_bits(o))
		return print_bit_vector(o);
	if (object_number(o, "__begin_", &first, &pointer) == -1 ||
	    object_number(o, "__end_", &last, NULL) == -1 ||
	    libcxx_first_number(o, "__end_cap_", "__cap_", &end, NULL) == -1)
		return 0;
	return stdwords_vector(o, &pointer, first, last, end);
}

int
libcxx_unique(const struct object *o)
{
	struct object pointer;
	Dwarf_Die type;

	if (libcxx_first(o, "__ptr_", "__ptr_", &pointer, &type) == -1)
		return 0;
	stdwords_instance(o, "unique_ptr");
	stdwords_get(o, &type, pointer.offset);
	return 1;
}

/*
 * A control block begins with the pointer to its virtual table and the two
 * counts, both less one; those who share are one weak owner together. Its type
 * is the library's own: most programs' DWARF only declares it.
 */
static int
print_counted(const struct object *o, const char *template)
{
	Dwarf_Die pointer;
	uint64_t block, word = stdnodes_word(o), counts[2] = { 0, 0 };
	int64_t uses, weak;
	size_t at = o->offset;

	if (members_find(o->p, o->type, o->v, &at, "__ptr_", &pointer) == -1 ||
	    object_number(o, "__cntrl_", &block, NULL) == -1)
		return 0;
	if (block != 0 && (stdnodes_read(o, block + word, &counts[0]) == -1 ||
	    stdnodes_read(o, block + 2 * word, &counts[1]) == -1))
		return 0;
	uses = word == 8 ? (int64_t)counts[0] : (int32_t)counts[0];
	weak = word == 8 ? (int64_t)counts[1] : (int32_t)counts[1];
	uses = uses == INT64_MAX ? uses : uses + 1;
	stdwords_counted(o, template, block == 0, uses,
	    uses == 0 && weak < INT64_MAX ? weak + 1 : weak, &pointer, at);
	return 1;
}

int
libcxx_shared(const struct object *o)
{
	return print_counted(o, "shared_ptr");
}

int
libcxx_weak(const struct object *o)
{
	return print_counted(o, "weak_ptr");
}

int
libcxx_optional(const struct object *o)
{
	Dwarf_Die type;
	uint64_t engaged;
	size_t at = o->offset;

	if (object_number(o, "__engaged_", &engaged, NULL) == -1 ||
	    members_find(o->p, o->type, o->v, &at, "__val_", &type) == -1)
		return 0;
	stdwords_optional(o, engaged ? &type : NULL, at);
	return 1;
}

int
libcxx_atomic(const struct object *o)
{
	struct object inner, value;
	Dwarf_Die a, type;

	if (o->p->is_summary || object_inner(o, "__a_", &inner, &a) == -1 ||
	    object_inner(&inner, "__a_value", &value, &type) == -1)
		return 0;
	stdwords_atomic(o, &type, value.offset);
	return 1;
}
