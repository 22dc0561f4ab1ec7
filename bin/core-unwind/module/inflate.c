/* SPDX-License-Identifier: ISC */
#include "module/inflate.h"

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "module/worker.h"
#include "xalloc.h"

#if __has_include(<libdeflate.h>) && defined(HAVE_LIBDEFLATE)
#include <libdeflate.h>
#define HAVE_ZLIB 1
#else
#define HAVE_ZLIB 0
#endif

/* Later than the headers this may be compiled with. */
#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

#define SECTIONS_MAX 64
#define LARGE_PAGE ((size_t)2 << 20)
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
	    ((ch->ch_type == ELFCOMPRESS_ZLIB && HAVE_ZLIB) ||
	    ch->ch_type == ELFCOMPRESS_ZSTD) ? (int64_t)ch->ch_size : -1;
}

static int
add_section(struct plan *p, Elf_Scn *scn, const Elf64_Shdr *sh)
{
	int64_t size = inflated_size(scn, sh);
	Elf64_Shdr *to = &p->section[p->count];

	if (size == -1 || p->count >= SECTIONS_MAX ||
	    p->size + (uint64_t)size > TOTAL_MAX)
		return -1;
	*to = *sh;
	to->sh_flags &= ~(Elf64_Xword)SHF_COMPRESSED;
	to->sh_link = to->sh_info = 0;
	to->sh_offset = p->size;
	to->sh_size = (Elf64_Xword)size;
	to->sh_addralign = 8;
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
	p->size = sizeof *eh;
	p->count = 1;
	if (elf64_getshdr(scn) == NULL ||
	    add_section(p, scn, elf64_getshdr(scn)) == -1)
		return -1;
	for (scn = NULL; (scn = elf_nextscn(elf, scn)) != NULL;) {
		const Elf64_Shdr *sh = elf64_getshdr(scn);
		const char *name = sh == NULL || sh->sh_type == SHT_NOBITS ?
		    NULL : elf_strptr(elf, names, sh->sh_name);

		if (name == NULL || !is_wanted(name))
			continue;
		compressed |= (sh->sh_flags & SHF_COMPRESSED) != 0;
		if (add_section(p, scn, sh) == -1)
			return -1;
	}
	return compressed ? 0 : -1;
}

/* A section on its way: what the worker may touch, and nothing of libelf. */
struct piece {
	struct job job;			/* first, so that one is the other */
	const unsigned char *in;
	size_t nin;
	unsigned char *out;
	size_t nout;
	uint32_t type;			/* 0: not compressed */
	int failed;
};

struct inflation {
	unsigned char *image;
	size_t size, count;
	struct piece piece[SECTIONS_MAX];
};

#if HAVE_ZLIB
static int
inflate_zlib(const struct piece *p)
{
	struct libdeflate_decompressor *z = libdeflate_alloc_decompressor();
	int failed = z == NULL || libdeflate_zlib_decompress(z, p->in, p->nin,
	    p->out, p->nout, NULL) != LIBDEFLATE_SUCCESS;

	libdeflate_free_decompressor(z);
	return failed;
}
#else
static int
inflate_zlib(const struct piece *p)
{
	(void)p;
	return 1;
}
#endif

static void
run_piece(struct job *job)
{
	struct piece *p = (struct piece *)job;

	if (p->type == 0)
		memcpy(p->out, p->in, p->nout);
	else if (p->type == ELFCOMPRESS_ZLIB)
		p->failed = inflate_zlib(p);
	else
		p->failed = ZSTD_decompress(p->out, p->nout, p->in,
		    p->nin) != p->nout;
}

static int
make_piece(struct piece *p, Elf_Scn *scn, const Elf64_Shdr *to,
    unsigned char *image)
{
	const Elf64_Shdr *sh = elf64_getshdr(scn);
	const Elf_Data *data = elf_rawdata(scn, NULL);
	const Elf64_Chdr *ch;

	p->job.run = run_piece;
	p->in = data == NULL ? NULL : data->d_buf;
	p->out = image + to->sh_offset;
	p->nout = (size_t)to->sh_size;
	if (p->in == NULL || data->d_size != sh->sh_size)
		return to->sh_size == 0 ? 0 : -1;
	p->nin = data->d_size;
	if ((sh->sh_flags & SHF_COMPRESSED) == 0)
		return 0;
	ch = elf64_getchdr(scn);
	if (ch == NULL || p->nin < sizeof *ch)
		return -1;
	p->type = ch->ch_type;
	p->in += sizeof *ch;
	p->nin -= sizeof *ch;
	return 0;
}

/* Fresh memory costs more than inflating into it: by large pages, if it may. */
static unsigned char *
make_room(size_t size)
{
	size_t whole = (size + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	unsigned char *room = size < LARGE_PAGE ? NULL :
	    aligned_alloc(LARGE_PAGE, whole);

	if (room == NULL)
		return xmalloc(size);
	madvise(room, whole, MADV_HUGEPAGE);
	return room;
}

struct inflation *
inflate_begin(Elf *elf)
{
	const char *ident = elf_getident(elf, NULL);
	const uint16_t one = 1;
	struct inflation *f;
	struct plan p;
	int rc = 0;

	memset(&p, 0, sizeof p);
	/* Headers are read and written as they are: of this host's kind. */
	if (ident == NULL || ident[EI_CLASS] != ELFCLASS64 ||
	    (ident[EI_DATA] == ELFDATA2LSB) != (*(const char *)&one == 1) ||
	    make_plan(&p, elf) == -1)
		return NULL;
	p.header.e_phoff = 0;
	p.header.e_phnum = p.header.e_phentsize = 0;
	p.header.e_shoff = p.size;
	p.header.e_shnum = (Elf64_Half)p.count;
	p.header.e_shstrndx = 1;
	f = xcalloc(1, sizeof *f);
	f->size = p.size + p.count * sizeof(Elf64_Shdr);
	f->image = make_room(f->size);
	memcpy(f->image, &p.header, sizeof p.header);
	memcpy(f->image + p.size, p.section, p.count * sizeof(Elf64_Shdr));
	for (size_t i = 1; rc == 0 && i < p.count; i++)
		rc = make_piece(&f->piece[f->count++], p.from[i],
		    &p.section[i], f->image);
	if (rc == -1) {
		free(f->image);
		free(f);
		return NULL;
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->piece[i].in != NULL)
			worker_add(&f->piece[i].job);
	return f;
}

Elf *
inflate_end(struct inflation *f)
{
	Elf *elf = NULL;
	int failed = 0;

	if (f == NULL)
		return NULL;
	/* From behind: the worker has begun with the first. */
	for (size_t i = f->count; i-- > 0;)
		if (f->piece[i].in != NULL) {
			worker_finish(&f->piece[i].job);
			failed |= f->piece[i].failed;
		}
	if (failed)
		free(f->image);
	else
		elf = elf_memory((char *)f->image, f->size);
	free(f);
	return elf;
}
