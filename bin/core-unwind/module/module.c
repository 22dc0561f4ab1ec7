/* SPDX-License-Identifier: ISC */
#include "module/module.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "module/altlink.h"
#include "module/debugfile.h"
#include "module/fetch.h"
#include "module/inflate.h"
#include "module/linkmap.h"
#include "module/minidebug.h"
#include "module/section.h"
#include "target/arch.h"
#include "target/regular.h"
#include "text.h"
#include "xalloc.h"

#define DELETED " (deleted)"
#define IMAGE_MAX ((uint64_t)64 << 20)
#define IMAGES_MAX ((uint64_t)512 << 20)	/* of all modules */
#define NOTES_MAX ((uint64_t)1 << 16)
#define PAGE 4096
#define PHDRS_MAX 256

static int
ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && strcmp(s + n - t, tail) == 0;
}

/* The ELF header of what is mapped at ADDRESS, by hand: nothing is trusted. */
struct memory_elf {
	uint64_t phoff, entry;
	uint16_t type, machine, phnum, phentsize;
};

static int
read_memory_header(struct target *t, uint64_t address, struct memory_elf *h)
{
	unsigned char e[sizeof(Elf64_Ehdr)];
	size_t size = t->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);

	if (target_read(t, address, e, size) != size ||
	    memcmp(e, ELFMAG, SELFMAG) != 0 ||
	    e[EI_CLASS] != (t->is64 ? ELFCLASS64 : ELFCLASS32))
		return -1;
	h->type = target_u16(t, e + 16);
	h->machine = target_u16(t, e + 18);
	h->entry = target_uword(t, e + 24);
	h->phoff = target_uword(t, e + (t->is64 ? 32 : 28));
	h->phentsize = target_u16(t, e + (t->is64 ? 54 : 42));
	h->phnum = target_u16(t, e + (t->is64 ? 56 : 44));
	return h->phnum <= PHDRS_MAX && h->phentsize >=
	    (t->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) ? 0 : -1;
}

static int
read_memory_phdr(struct target *t, uint64_t address,
    const struct memory_elf *h, unsigned i, Elf64_Phdr *p)
{
	unsigned char b[sizeof(Elf64_Phdr)];
	size_t size = t->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (target_read(t, address + h->phoff + (uint64_t)i * h->phentsize, b,
	    size) != size)
		return -1;
	p->p_type = target_u32(t, b);
	p->p_offset = target_uword(t, b + (t->is64 ? 8 : 4));
	p->p_vaddr = target_uword(t, b + (t->is64 ? 16 : 8));
	p->p_filesz = target_uword(t, b + (t->is64 ? 32 : 16));
	p->p_memsz = target_uword(t, b + (t->is64 ? 40 : 20));
	return 0;
}

/* The NT_GNU_BUILD_ID note among the LEN bytes of notes at ADDRESS. */
static size_t
find_build_id(struct target *t, uint64_t address, uint64_t len,
    unsigned char *id)
{
	unsigned char *notes;
	size_t have, at = 0, found = 0;

	if (len > NOTES_MAX)
		len = NOTES_MAX;
	notes = xmalloc(len);
	have = target_read(t, address, notes, len);
	while (found == 0 && have - at >= 12) {
		uint64_t namesz = target_u32(t, notes + at);
		uint64_t descsz = target_u32(t, notes + at + 4);
		uint32_t type = target_u32(t, notes + at + 8);
		uint64_t desc = 12 + ((namesz + 3) & ~(uint64_t)3);
		uint64_t next = desc + ((descsz + 3) & ~(uint64_t)3);

		if (desc + descsz > have - at)
			break;
		if (type == NT_GNU_BUILD_ID && namesz == 4 &&
		    memcmp(notes + at + 12, "GNU", 4) == 0 &&
		    descsz > 0 && descsz <= BUILD_ID_MAX) {
			memcpy(id, notes + at + desc, descsz);
			found = descsz;
		}
		if (next > have - at)
			break;
		at += next;
	}
	free(notes);
	return found;
}

/* What the module's first page in memory tells: bias, entry, build-id. */
static void
read_identity(struct target *t, struct module *m)
{
	struct memory_elf h;
	Elf64_Phdr p;
	int has_bias = 0;

	if (read_memory_header(t, m->start, &h) == -1)
		return;
	m->is_elf = 1;
	for (unsigned i = 0; i < h.phnum; i++) {
		if (read_memory_phdr(t, m->start, &h, i, &p) == -1)
			return;
		if (p.p_type == PT_LOAD && !has_bias) {
			/* The first segment is the one at the start. */
			m->bias = m->start - (p.p_vaddr - p.p_offset);
			has_bias = 1;
		}
	}
	if (!has_bias)
		return;
	m->entry = h.entry + m->bias;
	for (unsigned i = 0; i < h.phnum && m->build_id_len == 0; i++) {
		if (read_memory_phdr(t, m->start, &h, i, &p) == 0 &&
		    p.p_type == PT_NOTE)
			m->build_id_len = find_build_id(t, m->bias + p.p_vaddr,
			    p.p_filesz, m->build_id);
	}
}

static struct module *
add_module(struct modules *ms, const char *path, uint64_t start, uint64_t end)
{
	struct module *m;

	xgrow(&ms->item, &ms->cap, ms->count, sizeof *ms->item);
	m = &ms->item[ms->count++];
	memset(m, 0, sizeof *m);
	m->path = xstrdup(path);
	m->start = start;
	m->end = end;
	m->bias = start;
	m->file_fd = m->debug_fd = -1;
	m->symbols = "none";
	m->is_deleted = ends_with(path, DELETED);
	return m;
}

static int
by_start(const void *a, const void *b)
{
	const struct module *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Where the program headers at START say the module's memory ends, or 0. */
static uint64_t
module_extent(struct target *t, uint64_t start)
{
	struct memory_elf h;
	uint64_t first = 0, end = 0;
	int has_first = 0;

	if (read_memory_header(t, start, &h) == -1)
		return 0;
	for (unsigned i = 0; i < h.phnum; i++) {
		Elf64_Phdr p;

		if (read_memory_phdr(t, start, &h, i, &p) == -1)
			return 0;
		if (p.p_type != PT_LOAD)
			continue;
		if (!has_first)
			first = p.p_vaddr - p.p_offset;
		has_first = 1;
		if (p.p_vaddr + p.p_memsz - first > end)
			end = p.p_vaddr + p.p_memsz - first;
	}
	return start + end;
}

/*
 * One module is a run of mappings of one file. It begins where the file's
 * first bytes are mapped, but for small executables: their data shares the
 * first page of the file with their text and maps it a second time. Mappings
 * of the file beyond what its program headers span are the program's own doing.
 */
static void
group_mappings(struct modules *ms)
{
	struct target *t = ms->target;
	struct module *m = NULL;
	uint64_t extent = 0;

	for (size_t i = 0; i < t->nmappings; i++) {
		const struct mapping *map = &t->mappings[i];

		if (m == NULL || strcmp(m->path, map->path) != 0 ||
		    (map->start >= extent &&
		    (map->offset == 0 || extent != 0))) {
			m = add_module(ms, map->path, map->start, map->end);
			m->first = i;
			extent = map->offset == 0 ?
			    module_extent(t, map->start) : 0;
		}
		m->end = map->end;
		m->count = i - m->first + 1;
	}
}

static void
add_vdso(struct modules *ms)
{
	const struct segment *s;

	if (ms->target->auxv_vdso == 0)
		return;
	s = target_segment(ms->target, ms->target->auxv_vdso);
	if (s != NULL && s->start == ms->target->auxv_vdso)
		add_module(ms, "[vdso]", s->start, s->end);
}

/* Modules are not in order yet. */
static int
is_taken(const struct modules *ms, uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < ms->count; i++)
		if (start < ms->item[i].end && end > ms->item[i].start)
			return 1;
	return 0;
}

/* A core without NT_FILE: every segment that begins with an ELF header. */
static void
guess_modules(struct modules *ms)
{
	struct target *t = ms->target;

	for (size_t i = 0; i < t->nsegments; i++) {
		const struct segment *s = t->segments;
		struct memory_elf h;
		size_t first = i;
		uint64_t extent;

		if (s[i].start == t->auxv_vdso ||
		    read_memory_header(t, s[i].start, &h) == -1)
			continue;
		extent = module_extent(t, s[i].start);
		while (i + 1 < t->nsegments && s[i + 1].start == s[i].end &&
		    (extent > s[first].start ? s[i + 1].start < extent :
		    read_memory_header(t, s[i + 1].start, &h) == -1))
			i++;
		add_module(ms, "", s[first].start, s[i].end);
	}
}

static void
find_main(struct modules *ms)
{
	struct target *t = ms->target;
	uint64_t inside = t->auxv_entry != 0 ? t->auxv_entry : t->auxv_phdr;
	struct module *m = modules_at(ms, inside);

	if (inside == 0 || m == NULL) {
		strings_add(&t->missing, "which module is the executable: the "
		    "auxiliary vector does not tell");
		m = NULL;
		/* A fixed-position executable lies below all others. */
		for (size_t i = 0; i < ms->count && m == NULL; i++)
			if (ms->item[i].build_id_len > 0)
				m = &ms->item[i];
		if (m == NULL)
			return;
	}
	m->is_main = 1;
	if (t->exe == NULL && m->path[0] != '\0')
		t->exe = xstrdup(m->path);
	if (m->path[0] == '\0' && ms->options->exe != NULL) {
		free(m->path);
		m->path = xstrdup(ms->options->exe);
	}
}

void
modules_find(struct modules *ms, struct target *t,
    const struct module_options *options)
{
	memset(ms, 0, sizeof *ms);
	ms->may_fetch = fetch_is_on();
	ms->target = t;
	ms->options = options;
	group_mappings(ms);
	if (ms->count == 0) {
		linkmap_find(ms);
		guess_modules(ms);
	}
	add_vdso(ms);
	if (ms->count == 0) {
		strings_add(&t->missing, "no list of mapped files (NT_FILE)");
		return;
	}
	qsort(ms->item, ms->count, sizeof *ms->item, by_start);
	for (size_t i = 0; i < ms->count; i++)
		if (!ms->item[i].is_opened)
			read_identity(t, &ms->item[i]);
	find_main(ms);
}

struct module *
modules_at(struct modules *ms, uint64_t address)
{
	return BISECT_WITHIN(ms->item, ms->count, start, end, address);
}

const char *
module_build_id(struct module *m)
{
	if (m->build_id_len == 0)
		return NULL;
	if (m->build_id_hex[0] == '\0')
		for (size_t i = 0; i < m->build_id_len; i++)
			snprintf(m->build_id_hex + 2 * i, 3, "%02x",
			    m->build_id[i]);
	return m->build_id_hex;
}

/*
 * May libdw see this file? It asserts on relocatable files (type ET_REL), and
 * one of another machine only confuses.
 */
static Elf *
begin_elf(const struct target *t, int fd, const char **why)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	GElf_Ehdr eh;

	*why = "is no ELF file";
	if (elf == NULL)
		return NULL;
	if (elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &eh) != NULL) {
		if (eh.e_type != ET_EXEC && eh.e_type != ET_DYN)
			*why = "is neither an executable nor a library";
		else if (eh.e_machine != t->arch->machine ||
		    (gelf_getclass(elf) == ELFCLASS64) != t->is64)
			*why = "is of another machine";
		else
			return elf;
	}
	elf_end(elf);
	return NULL;
}

static void
say_missing(struct module *m, char *reason)
{
	free(m->missing);
	m->missing = reason;
}

/* The header, what follows the program headers: where the first page has it. */
static int
is_same_page(const unsigned char *page, const unsigned char *other, size_t len,
    const GElf_Ehdr *eh, int is64)
{
	size_t phnum_at = is64 ? offsetof(Elf64_Ehdr, e_phnum) :
	    offsetof(Elf32_Ehdr, e_phnum);
	size_t rest = eh->e_phoff > PAGE ? PAGE : (size_t)eh->e_phoff +
	    (size_t)eh->e_phnum * eh->e_phentsize;

	/* strip(1) and its like change where the sections are. */
	return memcmp(page + EI_NIDENT, other + EI_NIDENT,
	    (is64 ? offsetof(Elf64_Ehdr, e_phoff) :
	    offsetof(Elf32_Ehdr, e_phoff)) - EI_NIDENT) == 0 &&
	    memcmp(page + phnum_at, other + phnum_at, 2) == 0 &&
	    (rest >= len || memcmp(page + rest, other + rest, len - rest) == 0);
}

/*
 * Without a build-id: is its first page what the process has there? Nobody
 * knows where it was not kept, or may have been written.
 */
static int
is_other_page(struct modules *ms, const struct module *m, Elf *elf, int fd)
{
	const struct target *t = ms->target;
	const struct segment *s = target_segment(t, m->start);
	unsigned char mapped[PAGE], page[PAGE];
	size_t len = PAGE, n;
	GElf_Ehdr eh;
	ssize_t got;

	if (m->count == 0 || t->mappings[m->first].offset != 0 || s == NULL ||
	    (s->flags & PF_W) != 0 || gelf_getehdr(elf, &eh) == NULL ||
	    elf_getphdrnum(elf, &n) == -1 || n > PHDRS_MAX ||
	    target_read(ms->target, m->start, mapped, PAGE) != PAGE)
		return 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(elf, (int)i, &p) != NULL &&
		    p.p_type == PT_LOAD && p.p_offset == 0 &&
		    p.p_filesz < len)
			len = (size_t)p.p_filesz;
	}
	got = pread(fd, page, PAGE, 0);
	return got < (ssize_t)sizeof(Elf32_Ehdr) ||
	    !is_same_page(mapped, page, (size_t)got < len ? (size_t)got : len,
	    &eh, t->is64);
}

/*
 * Take the file FD for M if it is the one that was mapped. FD is closed when
 * it is not.
 */
static int
accept_file(struct modules *ms, struct module *m, int fd, const char *path)
{
	const void *id;
	const char *why;
	ssize_t len;
	Elf *elf = begin_elf(ms->target, fd, &why);

	if (elf == NULL) {
		say_missing(m, xasprintf("%s %s", path, why));
		close(fd);
		return -1;
	}
	len = dwelf_elf_gnu_build_id(elf, &id);
	if (m->build_id_len > 0 && ((size_t)len != m->build_id_len ||
	    len < 0 || memcmp(id, m->build_id, m->build_id_len) != 0)) {
		say_missing(m, xasprintf("%s is not the file that was mapped: "
		    "its build-id differs (replaced or upgraded since)", path));
		elf_end(elf);
		close(fd);
		return -1;
	}
	if (m->build_id_len == 0 && m->is_deleted) {
		say_missing(m, xasprintf("the mapped file was deleted, and "
		    "without a build-id %s cannot be told from it", path));
		elf_end(elf);
		close(fd);
		return -1;
	}
	if (m->build_id_len == 0 && is_other_page(ms, m, elf, fd)) {
		say_missing(m, xasprintf("%s is not the file that was mapped: "
		    "it begins otherwise (replaced or upgraded since)", path));
		elf_end(elf);
		close(fd);
		return -1;
	}
	if (m->build_id_len == 0 && len > 0 && len <= BUILD_ID_MAX) {
		memcpy(m->build_id, id, (size_t)len);
		m->build_id_len = (size_t)len;
	}
	say_missing(m, NULL);
	m->is_elf = 1;
	m->elf = elf;
	m->file_fd = fd;
	m->file_path = xstrdup(path);
	return 0;
}

static int
try_path(struct modules *ms, struct module *m, const char *path)
{
	int fd = regular_open(path);

	if (fd == -1 && errno == EINVAL)
		say_missing(m, xasprintf("%s is not a regular file", path));
	else if (fd == -1 && (m->missing == NULL || errno != ENOENT))
		say_missing(m, xasprintf("%s: %s", path, strerror(errno)));
	return fd == -1 ? -1 : accept_file(ms, m, fd, path);
}

static int
try_opened(struct modules *ms, struct module *m)
{
	const struct module_options *o = ms->options;

	for (size_t i = 0; i < o->nopened; i++) {
		const struct opened *f = &o->opened[i];
		int fd;

		if (f->start != 0 ? f->start != m->start :
		    strcmp(f->path, m->path) != 0)
			continue;
		fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 3);
		if (fd != -1 && accept_file(ms, m, fd, m->path) == 0)
			return 0;
	}
	return -1;
}

static int
try_fetched(struct modules *ms, struct module *m)
{
	char *path = !ms->may_fetch ? NULL : fetch_file(FETCH_EXECUTABLE,
	    m->build_id, m->build_id_len);
	char *reason = m->missing;
	int rc = -1;

	if (path == NULL)
		return -1;
	m->missing = NULL;
	rc = try_path(ms, m, path);
	free(path);
	if (rc == -1)
		say_missing(m, reason);
	else
		free(reason);
	return rc;
}

/* Another file may do: that the one which was named did not is said. */
static int
try_named(struct modules *ms, struct module *m)
{
	const struct module_options *o = ms->options;
	int fd = fcntl(o->exe_fd, F_DUPFD_CLOEXEC, 3);

	if (fd == -1)
		return -1;
	if (accept_file(ms, m, fd, o->exe) == 0)
		return 0;
	if (strcmp(o->exe, m->path) != 0)
		strings_add(&ms->target->missing, "%s", m->missing);
	return -1;
}

static int
open_file(struct modules *ms, struct module *m)
{
	const struct module_options *o = ms->options;
	char *path;
	int rc = -1;

	if (o->no_files) {
		say_missing(m, xstrdup("no file was opened"));
		return -1;
	}
	if (m->is_main && o->exe_fd != -1 && try_named(ms, m) == 0)
		return 0;
	if (try_opened(ms, m) == 0)
		return 0;
	if (m->path[0] != '/')
		return -1;
	path = xstrdup(m->path);
	if (m->is_deleted)
		path[strlen(path) - strlen(DELETED)] = '\0';
	if (o->sysroot != NULL) {
		char *below = xasprintf("%s%s", o->sysroot, path);

		rc = try_path(ms, m, below);
		free(below);
	}
	/* Without a build-id to compare, a sysroot is the last word. */
	if (rc == -1 && (o->sysroot == NULL || m->build_id_len > 0))
		rc = try_path(ms, m, path);
	free(path);
	return rc == -1 ? try_fetched(ms, m) : rc;
}

/*
 * The file's image put together from what of it lies in memory. Section
 * headers are not mapped as a rule: libelf must not look for them, but in the
 * vdso, which is whole.
 */
static int
open_memory(struct modules *ms, struct module *m)
{
	struct target *t = ms->target;
	uint64_t size = m->end - m->start;
	int is_vdso = m->count == 0 && m->start == t->auxv_vdso;
	size_t have = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct mapping *map = &t->mappings[m->first + i];

		if (map->offset <= IMAGE_MAX &&
		    map->end - map->start <= IMAGE_MAX &&
		    map->offset + (map->end - map->start) > size)
			size = map->offset + (map->end - map->start);
	}
	if (size > IMAGE_MAX)
		size = IMAGE_MAX;
	if (size < sizeof(Elf64_Ehdr))
		return -1;
	if (size > IMAGES_MAX - ms->images) {
		say_missing(m, xasprintf("%s: the images of other modules in "
		    "memory take all that is granted", m->path));
		return -1;
	}
	ms->images += size;
	m->image = xcalloc(1, size);
	if (m->count == 0)
		have = target_read_sparse(t, m->start, m->image, size);
	for (size_t i = 0; i < m->count; i++) {
		const struct mapping *map = &t->mappings[m->first + i];
		uint64_t len = map->end - map->start;

		if (map->offset >= size)
			continue;
		if (len > size - map->offset)
			len = size - map->offset;
		have += target_read_sparse(t, map->start,
		    m->image + map->offset, len);
	}
	if (have < sizeof(Elf64_Ehdr) || memcmp(m->image, ELFMAG, SELFMAG) != 0)
		return -1;
	if (!is_vdso && t->is64) {
		memset(m->image + 40, 0, 8);	/* e_shoff */
		memset(m->image + 60, 0, 4);	/* e_shnum, e_shstrndx */
	} else if (!is_vdso) {
		memset(m->image + 32, 0, 4);
		memset(m->image + 48, 0, 4);
	}
	m->elf = elf_memory((char *)m->image, size);
	return m->elf == NULL ? -1 : 0;
}

/* Where the file's p_vaddr were put, by the mapping that holds a segment. */
static void
set_bias(struct modules *ms, struct module *m)
{
	const struct target *t = ms->target;
	const struct mapping *map;
	size_t n;

	if (m->count == 0 || elf_getphdrnum(m->elf, &n) == -1 ||
	    n > PHDRS_MAX)
		return;
	map = &t->mappings[m->first];
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_LOAD || map->offset + 4095 < p.p_offset ||
		    map->offset >= p.p_offset + p.p_filesz)
			continue;
		m->bias = map->start - map->offset + p.p_offset - p.p_vaddr;
		return;
	}
}

static const char *
best_symbols(Elf *elf)
{
	const char *best = "none";
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		GElf_Shdr sh;

		if (gelf_getshdr(scn, &sh) == NULL)
			continue;
		if (sh.sh_type == SHT_SYMTAB && sh.sh_size > 0)
			return "symtab";
		if (sh.sh_type == SHT_DYNSYM && sh.sh_size > 0)
			best = "dynsym";
	}
	return best;
}

int
module_open(struct modules *ms, struct module *m)
{
	GElf_Ehdr eh;

	if (m->is_opened)
		return m->elf == NULL ? -1 : 0;
	m->is_opened = 1;
	if ((m->count > 0 || m->path[0] != '\0') && m->path[0] != '[' &&
	    open_file(ms, m) == 0)
		set_bias(ms, m);
	else if (ms->options->no_files || open_memory(ms, m) == -1) {
		if (m->image != NULL)
			free(m->image);
		m->image = NULL;
		m->elf = NULL;
		return -1;
	}
	if (m->image != NULL) {
		const char *why;

		/* What accept_file() checked of a file. */
		if (gelf_getehdr(m->elf, &eh) == NULL ||
		    (eh.e_type != ET_EXEC && eh.e_type != ET_DYN) ||
		    eh.e_machine != ms->target->arch->machine) {
			why = "its image in memory is no executable";
			say_missing(m, xstrdup(why));
			elf_end(m->elf);
			m->elf = NULL;
			return -1;
		}
	}
	if (gelf_getehdr(m->elf, &eh) != NULL && eh.e_entry != 0)
		m->entry = eh.e_entry + m->bias;
	m->symbols = best_symbols(m->elf);
	return 0;
}

/* From the first to the last byte that the program headers load. */
static int
loaded_span(Elf *elf, uint64_t *first, uint64_t *last)
{
	size_t n;

	*first = UINT64_MAX;
	*last = 0;
	if (elf_getphdrnum(elf, &n) == -1 || n > PHDRS_MAX)
		return -1;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(elf, (int)i, &p) == NULL ||
		    p.p_type != PT_LOAD)
			continue;
		if (p.p_vaddr < *first)
			*first = p.p_vaddr & ~(uint64_t)4095;
		if (p.p_vaddr + p.p_memsz > *last)
			*last = p.p_vaddr + p.p_memsz;
	}
	return *first < *last ? 0 : -1;
}

/*
 * Of what the kernel told the process of its executable, does all fit this
 * file: whole pages between the two, and the program headers at their place?
 */
static int
fits_auxv(const struct target *t, Elf *elf, const GElf_Ehdr *eh, uint64_t bias)
{
	size_t n;

	if (t->auxv_phdr == 0 || t->auxv_entry == 0 ||
	    elf_getphdrnum(elf, &n) == -1 || n > PHDRS_MAX)
		return 1;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(elf, (int)i, &p) != NULL &&
		    p.p_type == PT_LOAD && eh->e_phoff - p.p_offset <
		    p.p_filesz)
			return bias % 4096 == 0 && t->auxv_phdr ==
			    bias + p.p_vaddr + (eh->e_phoff - p.p_offset);
	}
	return 1;
}

struct module *
modules_place(struct modules *ms, const char *path, uint64_t bias, int is_main)
{
	struct module *m = add_module(ms, path, 0, 0);
	uint64_t first, last;
	GElf_Ehdr eh;

	m->is_main = is_main;
	if (open_file(ms, m) == -1 || loaded_span(m->elf, &first, &last) == -1 ||
	    gelf_getehdr(m->elf, &eh) == NULL) {
		strings_add(&ms->target->missing, "%s: %s", path,
		    m->missing != NULL ? m->missing : "not placed");
		ms->count--;
		return NULL;
	}
	/* The executable is placed by where it was entered. */
	if (is_main)
		bias = ms->target->auxv_entry != 0 ?
		    ms->target->auxv_entry - eh.e_entry : 0;
	ms->count--;
	if (is_main && !fits_auxv(ms->target, m->elf, &eh, bias)) {
		strings_add(&ms->target->missing, "%s is not the program that "
		    "ran: its entry point and its program headers are not "
		    "where the core has them", path);
		return NULL;
	}
	if (is_taken(ms, bias + first, bias + last))
		return NULL;
	ms->count++;
	m->bias = bias;
	m->start = bias + first;
	m->end = bias + last;
	m->entry = eh.e_entry == 0 ? 0 : eh.e_entry + bias;
	m->is_opened = 1;
	m->symbols = best_symbols(m->elf);
	return m;
}

struct module *
modules_place_exe(struct modules *ms)
{
	return modules_place(ms, ms->options->exe, 0, 1);
}

void
module_begin_debug_once(struct modules *ms, struct module *m)
{
	if (m->elf == NULL || m->debug_begun)
		return;
	m->debug_begun = 1;
	if (debugfile_has_dwarf(m->elf))
		m->dwarf_elf = m->elf;
	else if (!ms->options->no_files) {
		debugfile_find(ms, m);
		if (m->debug_elf != NULL &&
		    debugfile_has_dwarf(m->debug_elf))
			m->dwarf_elf = m->debug_elf;
	}
	if (m->dwarf_elf != NULL)
		m->inflation = inflate_begin(m->dwarf_elf);
}

/* Without DWARF data. */
static const char *
symbols_of_files(const struct module *m)
{
	return m->debug_elf != NULL &&
	    strcmp(best_symbols(m->debug_elf), "symtab") == 0 ? "symtab" :
	    best_symbols(m->elf);
}

void
module_open_debug_once(struct modules *ms, struct module *m)
{
	if (m->elf == NULL || m->debug_tried)
		return;
	m->debug_tried = 1;
	module_begin_debug_once(ms, m);
	m->symbols = symbols_of_files(m);
	/* What is not inflated yet may never be needed whole. */
	if (m->dwarf_elf != NULL && (m->inflation == NULL ||
	    section_find(m->dwarf_elf, ".gnu_debugaltlink") != NULL) &&
	    module_dwarf(m) != NULL && !ms->options->no_files)
		altlink_set(ms, m);
	if (m->dwarf_elf != NULL)
		m->symbols = "debug";
	else if (strcmp(m->symbols, "symtab") != 0 &&
	    (m->mini_elf = minidebug_open(m->elf)) != NULL &&
	    strcmp(best_symbols(m->mini_elf), "symtab") == 0)
		m->symbols = "symtab";
}

Dwarf *
module_dwarf(struct module *m)
{
	if (m->dwarf != NULL || m->dwarf_elf == NULL)
		return m->dwarf;
	m->dwarf = debugfile_dwarf(m->dwarf_elf, m->inflation);
	m->inflation = NULL;
	if (m->dwarf == NULL) {
		m->dwarf_elf = NULL;
		m->symbols = symbols_of_files(m);
	}
	return m->dwarf;
}

/* The file's bytes for ADDRESS, through the program headers. */
static size_t
read_file(struct module *m, uint64_t address, void *buf, size_t len)
{
	size_t n, size = 0;
	const char *raw;
	uint64_t vaddr = address - m->bias;

	if (m->elf == NULL || m->image != NULL ||
	    elf_getphdrnum(m->elf, &n) == -1 || n > PHDRS_MAX)
		return 0;
	raw = elf_rawfile(m->elf, &size);
	for (size_t i = 0; raw != NULL && i < n; i++) {
		GElf_Phdr p;
		uint64_t into, left;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_LOAD || vaddr < p.p_vaddr ||
		    (p.p_flags & PF_W) != 0)
			continue;
		into = vaddr - p.p_vaddr;
		if (into >= p.p_filesz || p.p_offset >= size ||
		    into >= size - p.p_offset)
			continue;
		left = p.p_filesz - into;
		if (left > size - p.p_offset - into)
			left = size - p.p_offset - into;
		if (left < len)
			len = (size_t)left;
		memcpy(buf, raw + p.p_offset + into, len);
		return len;
	}
	return 0;
}

size_t
modules_read(struct modules *ms, uint64_t address, void *buf, size_t len)
{
	size_t done = target_read(ms->target, address, buf, len);
	struct module *m;

	if (done == len)
		return done;
	m = modules_at(ms, address + done);
	if (m == NULL || module_open(ms, m) == -1)
		return done;
	return done + read_file(m, address + done, (char *)buf + done,
	    len - done);
}

int
modules_executable(struct modules *ms, uint64_t address)
{
	const struct segment **recent = &ms->recent[address / 4096 % RECENT];
	const struct segment *s = *recent;
	struct module *m;
	size_t n;

	if (s == NULL || address < s->start || address >= s->end)
		*recent = s = target_segment(ms->target, address);
	if (s != NULL)
		return (s->flags & PF_X) != 0;
	/* Cores of other makers leave text out: ask the file. */
	m = modules_at(ms, address);
	if (m == NULL || module_open(ms, m) == -1 ||
	    elf_getphdrnum(m->elf, &n) == -1 || n > PHDRS_MAX)
		return 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(m->elf, (int)i, &p) != NULL &&
		    p.p_type == PT_LOAD && (p.p_flags & PF_X) != 0 &&
		    address - m->bias - p.p_vaddr < p.p_memsz)
			return 1;
	}
	return 0;
}
