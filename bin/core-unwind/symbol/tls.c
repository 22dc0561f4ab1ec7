/* SPDX-License-Identifier: ISC */
#include "symbol/tls.h"

#include <elf.h>
#include <gelf.h>
#include <string.h>

#include "module/linkmap.h"
#include "symbol/symbols.h"
#include "target/arch.h"

#define MODULES_MAX ((uint64_t)1 << 20)
#define STATIC_MAX ((uint64_t)1 << 24)	/* bytes below the thread pointer */

uint64_t
tls_pointer(const struct target *t, const struct thread *thread)
{
	for (size_t i = 0; i < t->arch->nraw; i++)
		if (strcmp(t->arch->raw[i].name, "fs_base") == 0)
			return thread->raw[i];
	return 0;
}

/*
 * Variant II of Drepper's "ELF handling for thread-local storage": the block
 * of the executable ends at the thread pointer.
 */
static int
of_executable(struct module *m, uint64_t pointer, uint64_t *address)
{
	uint64_t align, first;
	size_t n;

	if (elf_getphdrnum(m->elf, &n) == -1)
		return -1;
	for (size_t i = 0; i < n && i < 65536; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_TLS)
			continue;
		align = p.p_align == 0 ? 1 : p.p_align;
		if ((align & (align - 1)) != 0)
			return -1;
		/* The block keeps the place in its alignment that it has in
		   the file. */
		first = (0 - p.p_vaddr) & (align - 1);
		*address = pointer - first - ((p.p_memsz - first + align - 1) &
		    ~(align - 1));
		return 0;
	}
	return -1;
}

/*
 * glibc tells debuggers where its tables have what (nptl_db/structs.def): of
 * each field its size in bits, how many there are, and its offset.
 */
struct field {
	uint32_t bits, count, offset;
};

static int
read_field(struct modules *ms, struct module *libc, const char *name,
    struct field *f)
{
	uint64_t at = symbols_address(ms, libc, name, NULL);
	unsigned char bytes[12];

	if (at == 0 || modules_read(ms, at, bytes, sizeof bytes) !=
	    sizeof bytes)
		return -1;
	f->bits = target_u32(ms->target, bytes);
	f->count = target_u32(ms->target, bytes + 4);
	f->offset = target_u32(ms->target, bytes + 8);
	return 0;
}

struct fields {
	struct field id, offset, vector, slot, value;
};

/* The library that has those: libpthread before glibc 2.34. */
static int
find_fields(struct modules *ms, struct fields *f)
{
	for (size_t i = 0; i < ms->count; i++) {
		struct module *m = &ms->item[i];

		if ((strstr(m->path, "/libc.so.") == NULL &&
		    strstr(m->path, "/libc-2.") == NULL &&
		    strstr(m->path, "/libpthread") == NULL) || read_field(ms,
		    m, "_thread_db_link_map_l_tls_modid", &f->id) == -1)
			continue;
		return read_field(ms, m, "_thread_db_link_map_l_tls_offset",
		    &f->offset) == 0 && read_field(ms, m,
		    "_thread_db_pthread_dtvp", &f->vector) == 0 &&
		    read_field(ms, m, "_thread_db_dtv_dtv", &f->slot) == 0 &&
		    read_field(ms, m, "_thread_db_dtv_t_pointer_val",
		    &f->value) == 0 ? 0 : -1;
	}
	return -1;
}

/*
 * A library's block: the dynamic linker has a number for the library, and each
 * thread a vector of blocks by number. A place that it gave the library beside
 * the executable's may not be in that yet.
 */
static int
of_library(struct modules *ms, struct module *m, uint64_t pointer,
    uint64_t *address)
{
	struct target *t = ms->target;
	uint64_t map = linkmap_entry(ms, m), number, dtv;
	struct fields f;

	if (map == 0 || find_fields(ms, &f) == -1 ||
	    target_word(t, map + f.id.offset, &number) == -1 || number == 0 ||
	    number > MODULES_MAX ||
	    target_word(t, pointer + f.vector.offset, &dtv) == -1 ||
	    target_word(t, dtv + f.slot.offset + number * (f.slot.bits / 8) +
	    f.value.offset, address) == -1)
		return -1;
	if (*address != 0 && (*address & 1) == 0)
		return 0;
	if (target_word(t, map + f.offset.offset, &number) == -1 ||
	    number == 0 || number > STATIC_MAX)
		return -1;
	*address = pointer - number;
	return 0;
}

int
tls_address(struct modules *ms, struct module *m, const struct thread *thread,
    uint64_t offset, uint64_t *address)
{
	uint64_t pointer = tls_pointer(ms->target, thread);

	if (pointer == 0 || (m->is_main ?
	    of_executable(m, pointer, address) :
	    of_library(ms, m, pointer, address)) == -1)
		return -1;
	*address += offset;
	return 0;
}
