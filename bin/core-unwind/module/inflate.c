/* SPDX-License-Identifier: ISC */
#include "module/inflate.h"

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>

#include "module/piece.h"
#include "xalloc.h"

#define SECTIONS_MAX 64
#define LARGE_PAGE ((size_t)2 << 20)
#define ROOM_MIN ((size_t)64 << 10)
#define ROOM_MAX ((size_t)16 << 20)
#define TOTAL_MAX ((uint64_t)1 << 30)

/* At the end: location lists, which only values of variables take. */
#define NLOCATIONS 2
static int with_locations;

/* What dwarf_getscopes() and dwarf_getsrc_die() read. */
static const char *const wanted[] = {
	".debug_info", ".debug_abbrev", ".debug_line", ".debug_line_str",
	".debug_str", ".debug_str_offsets", ".debug_addr", ".debug_aranges",
	".debug_ranges", ".debug_rnglists", ".debug_types", ".debug_frame",
	".gnu_debugaltlink", ".debug_loc", ".debug_loclists"
};

void
inflate_with_locations(void)
{
	with_locations = 1;
}

struct plan {
	Elf64_Ehdr header;
	Elf64_Shdr section[SECTIONS_MAX];	/* of the image; 0 is the null
						   one, 1 the names */
	Elf_Scn *from[SECTIONS_MAX];
	const char *name[SECTIONS_MAX];
	size_t count;
	uint64_t size;				/* of the image */
};

static int
is_wanted(const char *name)
{
	size_t n = sizeof wanted / sizeof wanted[0];

	if (!with_locations)
		n -= NLOCATIONS;
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, wanted[i]) == 0)
			return 1;
	return 0;
}

/* The section's size once inflated, or -1. */
static int64_t
inflated_size(Elf_Scn *scn, const Elf64_Shdr *sh)
{
	const Elf64_Chdr *ch;

	if ((sh->sh_flags & SHF_COMPRESSED) == 0)
		return sh->sh_size < TOTAL_MAX ? (int64_t)sh->sh_size : -1;
	ch = elf64_getchdr(scn);
	return ch != NULL && ch->ch_size < TOTAL_MAX &&
	    piece_can_be(ch->ch_type) ? (int64_t)ch->ch_size : -1;
}

/* Its number, or 0. */
static size_t
section_called(const struct plan *p, const char *name)
{
	for (size_t i = 1; i < p->count; i++)
		if (strcmp(p->name[i], name) == 0)
			return i;
	return 0;
}

static int
add_section(struct plan *p, Elf_Scn *scn, const Elf64_Shdr *sh,
    const char *name)
{
	int64_t size = inflated_size(scn, sh);
	Elf64_Shdr *to = &p->section[p->count];

	if (size == -1 || p->count >= SECTIONS_MAX ||
	    p->size + (uint64_t)size > TOTAL_MAX ||
	    section_called(p, name) != 0)
		return -1;
	*to = *sh;
	to->sh_flags &= ~(Elf64_Xword)SHF_COMPRESSED;
	to->sh_link = to->sh_info = 0;
	to->sh_offset = p->size;
	to->sh_size = (Elf64_Xword)size;
	to->sh_addralign = 8;
	p->name[p->count] = name;
	p->from[p->count++] = scn;
	p->size += ((uint64_t)size + 7) & ~(uint64_t)7;
	return 0;
}

static int
make_plan(struct plan *p, Elf *elf)
{
	const Elf64_Ehdr *eh = elf64_getehdr(elf);
	Elf_Scn *scn = NULL;
	int compressed = 0;
	size_t names;

	if (eh == NULL || elf_getshdrstrndx(elf, &names) == -1 ||
	    (scn = elf_getscn(elf, names)) == NULL)
		return -1;
	p->header = *eh;
	p->count = 1;
	if (elf64_getshdr(scn) == NULL ||
	    add_section(p, scn, elf64_getshdr(scn), "") == -1)
		return -1;
	for (scn = NULL; (scn = elf_nextscn(elf, scn)) != NULL;) {
		const Elf64_Shdr *sh = elf64_getshdr(scn);
		const char *name = sh == NULL || sh->sh_type == SHT_NOBITS ?
		    NULL : elf_strptr(elf, names, sh->sh_name);

		if (name == NULL || !is_wanted(name))
			continue;
		compressed |= (sh->sh_flags & SHF_COMPRESSED) != 0;
		if (add_section(p, scn, sh, name) == -1)
			return -1;
	}
	return compressed ? 0 : -1;
}

/*
 * The image is the sections' bytes. It lies behind the room, where the headers
 * of files are made that have their sections in it, and what stands for some:
 * offsets of an ELF file count upwards. What is not used of the room is never
 * touched.
 */
struct inflation {
	unsigned char *room, *image;
	size_t used;			/* of the room */
	struct plan plan;
	struct piece piece[SECTIONS_MAX];	/* as the plan has them */
};

static int
make_piece(struct piece *p, Elf_Scn *scn, const Elf64_Shdr *to,
    unsigned char *image)
{
	const Elf64_Shdr *sh = elf64_getshdr(scn);
	const Elf_Data *data = elf_rawdata(scn, NULL);
	const Elf64_Chdr *ch;

	if (data == NULL || data->d_buf == NULL || data->d_size != sh->sh_size)
		return to->sh_size == 0 ? 0 : -1;
	p->in = data->d_buf;
	p->nin = data->d_size;
	p->out = image + to->sh_offset;
	p->nout = (size_t)to->sh_size;
	if ((sh->sh_flags & SHF_COMPRESSED) != 0) {
		ch = elf64_getchdr(scn);
		if (ch == NULL || p->nin < sizeof *ch)
			return -1;
		p->type = ch->ch_type;
		p->in += sizeof *ch;
		p->nin -= sizeof *ch;
	}
	return piece_prepare(p);
}

static size_t
headers_size(const struct inflation *f)
{
	return sizeof(Elf64_Ehdr) + f->plan.count * sizeof(Elf64_Shdr);
}

/* Fresh memory costs more than inflating into it: by large pages, if it may. */
static unsigned char *
make_memory(size_t size)
{
	size_t whole = (size + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	unsigned char *memory = size < LARGE_PAGE ? NULL :
	    aligned_alloc(LARGE_PAGE, whole);

	if (memory == NULL)
		return xmalloc(size);
	madvise(memory, whole, MADV_HUGEPAGE);
	return memory;
}

struct inflation *
inflate_begin(Elf *elf)
{
	const char *ident = elf_getident(elf, NULL);
	const uint16_t one = 1;
	struct inflation *f;
	struct plan p;
	size_t room;

	memset(&p, 0, sizeof p);
	/* Headers are read and written as they are: of this host's kind. */
	if (ident == NULL || ident[EI_CLASS] != ELFCLASS64 ||
	    (ident[EI_DATA] == ELFDATA2LSB) != (*(const char *)&one == 1) ||
	    make_plan(&p, elf) == -1)
		return NULL;
	f = xcalloc(1, sizeof *f);
	f->plan = p;
	room = ROOM_MIN + (size_t)p.size / 4 / 8 * 8;
	if (room > ROOM_MAX)
		room = ROOM_MAX;
	f->room = make_memory(room + (size_t)p.size);
	f->image = f->room + room;
	for (size_t i = 1; i < p.count; i++)
		if (make_piece(&f->piece[i], p.from[i], &p.section[i],
		    f->image) == -1) {
			free(f->room);
			free(f);
			return NULL;
		}
	for (size_t i = 1; i < p.count; i++)
		piece_begin(&f->piece[i]);
	return f;
}

void
inflate_no_more(struct inflation *f, const char *name, size_t upto)
{
	f->piece[section_called(&f->plan, name)].enough = upto;
}

const unsigned char *
inflate_section(struct inflation *f, const char *name, size_t upto,
    size_t *size)
{
	struct piece *p = &f->piece[section_called(&f->plan, name)];

	if (p->in == NULL || piece_finish(p, upto) == -1)
		return NULL;
	*size = p->done;
	return p->out;
}

unsigned char *
inflate_room(struct inflation *f, size_t size)
{
	size_t left = (size_t)(f->image - f->room) - f->used;
	size_t headers = headers_size(f);

	/* inflate_end() makes headers too. */
	return left < 2 * headers || left - 2 * headers < size + 7 ? NULL :
	    f->room + f->used + headers;
}

static const struct stand_in *
stand_in_for(const char *name, const struct stand_in *in, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(in[i].name, name) == 0)
			return &in[i];
	return NULL;
}

int
inflate_others(struct inflation *f, const struct stand_in *in, size_t count)
{
	int rc = 0;

	/* From behind: the worker has begun with the first. */
	for (size_t i = f->plan.count; i-- > 1;)
		if (stand_in_for(f->plan.name[i], in, count) == NULL &&
		    piece_finish(&f->piece[i], SIZE_MAX) == -1)
			rc = -1;
	return rc;
}

Elf *
inflate_with(struct inflation *f, const struct stand_in *in, size_t count)
{
	unsigned char *base = f->room + f->used;
	Elf64_Ehdr header = f->plan.header;
	Elf64_Shdr *section = (Elf64_Shdr *)(void *)(base + sizeof header);
	size_t used = headers_size(f);

	if (inflate_others(f, in, count) == -1)
		return NULL;
	header.e_phoff = 0;
	header.e_phnum = header.e_phentsize = 0;
	header.e_shoff = sizeof header;
	header.e_shnum = (Elf64_Half)f->plan.count;
	header.e_shstrndx = 1;
	memcpy(base, &header, sizeof header);
	memcpy(section, f->plan.section, f->plan.count * sizeof *section);
	for (size_t i = 1; i < f->plan.count; i++) {
		const struct stand_in *other =
		    stand_in_for(f->plan.name[i], in, count);

		if (other == NULL) {
			section[i].sh_offset += (size_t)(f->image - base);
			continue;
		}
		section[i].sh_offset = headers_size(f) + other->at;
		section[i].sh_size = other->size;
		used += other->size;
	}
	f->used += (used + 7) & ~(size_t)7;
	return elf_memory((char *)base,
	    (size_t)(f->image - base) + (size_t)f->plan.size);
}

Elf *
inflate_end(struct inflation *f)
{
	Elf *elf;

	if (f == NULL)
		return NULL;
	elf = inflate_with(f, NULL, 0);
	free(f);
	return elf;
}
