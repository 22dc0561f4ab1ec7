/* SPDX-License-Identifier: ISC */
#include "target/corefile.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "target/arch.h"
#include "target/siginfo.h"
#include "target/source.h"
#include "target/target.h"
#include "xalloc.h"

#ifndef NT_ARM_PAC_MASK
#define NT_ARM_PAC_MASK 0x406
#endif
#ifndef EF_MIPS_ABI2
#define EF_MIPS_ABI2 0x20
#endif

#define MAX_SEGMENTS ((uint64_t)1 << 22)
#define MAX_THREADS ((size_t)1 << 20)
#define MAX_MAPPINGS ((size_t)1 << 20)
#define MAX_NOTE_SEGMENTS 16			/* the kernel writes one */
#define MAX_FILE_NOTE ((uint64_t)64 << 20)	/* kernel: 4 MiB, at most 16 */

/* Where the fields of the two ELF classes are (elf.h). */
struct header {
	uint64_t phoff, shoff;
	uint32_t flags;
	uint16_t type, machine, phentsize, phnum, shentsize;
};

static int
read_header(struct target *t, struct header *h, const char **why)
{
	unsigned char e[sizeof(Elf64_Ehdr)];
	size_t have = source_read(t->source, 0, e, sizeof e);
	const uint16_t one = 1;
	int little = *(const unsigned char *)&one == 1;

	if (have == 0) {
		*why = source_damage(t->source) != NULL ?
		    source_damage(t->source) : "it is empty";
		return -1;
	}
	if (have < SELFMAG || memcmp(e, ELFMAG, SELFMAG) != 0) {
		*why = "it is no ELF file";
		return -1;
	}
	if (have < EI_NIDENT || (e[EI_CLASS] != ELFCLASS32 &&
	    e[EI_CLASS] != ELFCLASS64) || (e[EI_DATA] != ELFDATA2LSB &&
	    e[EI_DATA] != ELFDATA2MSB)) {
		*why = "its ELF class or byte order is unknown";
		return -1;
	}
	t->is64 = e[EI_CLASS] == ELFCLASS64;
	t->swapped = (e[EI_DATA] == ELFDATA2LSB) != little;
	if (have < (t->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))) {
		*why = "it ends in its ELF header";
		return -1;
	}
	h->type = target_u16(t, e + 16);
	h->machine = target_u16(t, e + 18);
	if (t->is64) {
		h->phoff = target_u64(t, e + 32);
		h->shoff = target_u64(t, e + 40);
	} else {
		h->phoff = target_u32(t, e + 28);
		h->shoff = target_u32(t, e + 32);
	}
	h->flags = target_u32(t, e + (t->is64 ? 48 : 36));
	/* e_phentsize, e_phnum, e_shentsize: the last 16-bit fields but two. */
	h->phentsize = target_u16(t, e + (t->is64 ? 54 : 42));
	h->phnum = target_u16(t, e + (t->is64 ? 56 : 44));
	h->shentsize = target_u16(t, e + (t->is64 ? 58 : 46));
	return 0;
}

static int
read_phdr(struct target *t, const struct header *h, uint64_t i, Elf64_Phdr *p)
{
	unsigned char b[sizeof(Elf64_Phdr)];
	size_t size = t->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t at;

	if (__builtin_mul_overflow(i, h->phentsize, &at) ||
	    __builtin_add_overflow(at, h->phoff, &at) ||
	    source_read(t->source, at, b, size) != size)
		return -1;
	p->p_type = target_u32(t, b);
	if (t->is64) {
		p->p_flags = target_u32(t, b + 4);
		p->p_offset = target_u64(t, b + 8);
		p->p_vaddr = target_u64(t, b + 16);
		p->p_filesz = target_u64(t, b + 32);
		p->p_memsz = target_u64(t, b + 40);
	} else {
		p->p_offset = target_u32(t, b + 4);
		p->p_vaddr = target_u32(t, b + 8);
		p->p_filesz = target_u32(t, b + 16);
		p->p_memsz = target_u32(t, b + 20);
		p->p_flags = target_u32(t, b + 24);
	}
	return 0;
}

/*
 * With 65,535 or more segments the count is in the section header at the end
 * of the file, which a truncated core has lost; but the notes, the first
 * segment, begin right after the program headers.
 */
static uint64_t
count_phdrs(struct target *t, const struct header *h)
{
	unsigned char b[sizeof(Elf64_Shdr)];
	size_t info = t->is64 ? 44 : 28;
	Elf64_Phdr first;

	if (h->phnum != PN_XNUM)
		return h->phnum;
	if (h->shoff != 0 && h->shentsize >= info + 4 &&
	    source_read(t->source, h->shoff, b, info + 4) == info + 4)
		return target_u32(t, b + info);
	if (read_phdr(t, h, 0, &first) == -1 || first.p_type != PT_NOTE ||
	    first.p_offset <= h->phoff)
		return 0;
	return (first.p_offset - h->phoff) / h->phentsize;
}

static void
add_cut(struct target *t, const char *what)
{
	strings_add(&t->missing, "%s", what);
	t->is_cut = 1;
}

static void
add_segment(struct target *t, size_t *cap, const Elf64_Phdr *p)
{
	struct segment *s;
	uint64_t end;

	if (p->p_memsz == 0)
		return;
	if (__builtin_add_overflow(p->p_vaddr, p->p_memsz, &end)) {
		/* [vsyscall] ends at the last byte but one there is. */
		strings_add(&t->missing, "a segment at 0x%" PRIx64
		    " runs past the end of memory: left out", p->p_vaddr);
		t->is_cut = 1;
		return;
	}
	xgrow(&t->segments, cap, t->nsegments, sizeof *t->segments);
	s = &t->segments[t->nsegments++];
	s->start = p->p_vaddr;
	s->end = end;
	s->file_offset = p->p_offset;
	s->file_size = p->p_filesz < p->p_memsz ? p->p_filesz : p->p_memsz;
	s->flags = p->p_flags;
}

static int
by_start(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/*
 * A core of parts of the memory has a mapping as several segments, each with a
 * gap at its end.
 */
static int
goes_on(const struct target *t, size_t i)
{
	const struct segment *a = &t->segments[i - 1], *b = &t->segments[i];

	return a->end == b->start && a->flags == b->flags &&
	    a->file_size < a->end - a->start && b->file_size > 0 &&
	    target_mapping(t, a->start) == target_mapping(t, b->start);
}

/* Binary search needs them in order and apart. */
static void
order_segments(struct target *t)
{
	size_t kept = 0;
	uint64_t size = source_size(t->source), beyond = 0;

	if (t->nsegments == 0)
		return;
	qsort(t->segments, t->nsegments, sizeof *t->segments, by_start);
	for (size_t i = 0; i < t->nsegments; i++) {
		struct segment s = t->segments[i];

		if (kept > 0 && s.start < t->segments[kept - 1].end) {
			strings_add(&t->missing, "segments overlap at 0x%"
			    PRIx64 ": the second was left out", s.start);
			continue;
		}
		if (s.file_size > 0 && (s.file_offset >= size ||
		    s.file_size > size - s.file_offset)) {
			beyond += s.file_size -
			    (s.file_offset >= size ? 0 : size - s.file_offset);
			s.file_size = s.file_offset >= size ? 0 :
			    size - s.file_offset;
		}
		t->segments[kept++] = s;
	}
	t->nsegments = kept;
	for (size_t i = 1; i < kept; i++)
		t->segments[i].continues = goes_on(t, i);
	if (beyond == 0)
		return;
	strings_add(&t->missing, "the core is cut short: %" PRIu64
	    " bytes of memory are missing", beyond);
	t->is_cut = 1;
}

/*
 * Of which ABI, or of which machine at all, the registers are, is told by
 * their number only.
 */
static void
refine_arch(struct target *t, size_t at, size_t len)
{
	const struct arch *wide = arch_wide(t->arch);
	size_t tail = t->is64 ? 8 : 4;	/* pr_fpvalid */

	if (t->nthreads > 0)
		return;
	if (t->arch->pc_raw == NO_PC)
		t->arch = arch_unknown(t->arch->machine, t->is64,
		    len < at + tail ? 0 : (len - at - tail) / t->arch->word);
	else if (len >= at + wide->nraw * (size_t)wide->word)
		t->arch = wide;
}

static void
add_thread(struct target *t, const unsigned char *d, size_t len)
{
	/* struct elf_prstatus: where pr_reg is, and pr_pid. */
	size_t at = t->arch->is_packed ? 70 : t->is64 ? 112 : 72;
	size_t tid = t->arch->is_packed ? 22 : t->is64 ? 32 : 24;
	const struct arch *a;
	struct thread *th;
	size_t word;

	refine_arch(t, at, len);
	a = t->arch;
	word = a->word;
	if (len < at + a->nraw * word) {
		strings_add(&t->missing,
		    "a thread's NT_PRSTATUS is too short: left out");
		return;
	}
	if (t->nthreads >= MAX_THREADS) {
		strings_add(&t->missing, "more than %zu threads: the rest "
		    "were left out", MAX_THREADS);
		return;
	}
	xgrow(&t->threads, &t->threads_cap, t->nthreads, sizeof *t->threads);
	th = &t->threads[t->nthreads++];
	memset(th, 0, sizeof *th);
	th->signal = (uint16_t)arch_signal(a, target_u16(t, d + 12));
	th->tid = target_u32(t, d + tid);
	th->raw = xcalloc(a->nraw, sizeof *th->raw);
	for (size_t i = 0; i < a->nraw; i++)
		th->raw[i] = word == 8 ? target_u64(t, d + at + i * 8) :
		    target_u32(t, d + at + i * 4);
	arch_registers(a, th->raw, &th->registers);
	/* The kernel writes the thread that crashed first. */
	th->crashed = t->nthreads == 1;
}

static void
read_psinfo(struct target *t, const unsigned char *d, size_t len)
{
	/* 124: 32 bits with 16-bit ids; 128: 32 bits; 136: 64 bits. */
	size_t ids, pid, name;

	if (len >= 136 && t->is64) {
		ids = 16;
		pid = 24;
		name = 40;
	} else if (len >= 124 && !t->is64) {
		ids = 8;
		pid = len >= 128 ? 16 : 12;
		name = len >= 128 ? 32 : 28;
	} else {
		strings_add(&t->missing, "NT_PRPSINFO is too short");
		return;
	}
	if (pid - ids == 4) {
		t->uid = target_u16(t, d + ids);
		t->gid = target_u16(t, d + ids + 2);
	} else {
		t->uid = target_u32(t, d + ids);
		t->gid = target_u32(t, d + ids + 4);
	}
	t->has_ids = 1;
	t->pid = target_u32(t, d + pid);
	t->comm = xstrndup((const char *)d + name, 16);
	t->args = xstrndup((const char *)d + name + 16, 80);
	/* The kernel makes a space of each argument's NUL, the last one's too. */
	for (size_t n = strlen(t->args); n > 0 && t->args[n - 1] == ' ';)
		t->args[--n] = '\0';
}

/* gdb writes one for every thread: the others have the SIGSTOP it sent them. */
static void
read_siginfo(struct target *t, const unsigned char *d, size_t len)
{
	if (t->siginfo.present)
		return;
	if (siginfo_read(t, d, len, &t->siginfo) == -1)
		strings_add(&t->missing, "NT_SIGINFO is too short");
}

static void
read_auxv(struct target *t, const unsigned char *d, size_t len)
{
	size_t word = t->is64 ? 8 : 4;

	for (; len >= 2 * word; d += 2 * word, len -= 2 * word) {
		uint64_t type = target_uword(t, d);
		uint64_t value = target_uword(t, d + word);

		if (type == AT_NULL)
			break;
		else if (type == AT_ENTRY)
			t->auxv_entry = value;
		else if (type == AT_PHDR)
			t->auxv_phdr = value;
		else if (type == AT_SYSINFO_EHDR)
			t->auxv_vdso = value;
	}
}

static int
mapping_by_start(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* NT_FILE: count, page size, count times (start, end, pages), the names. */
static void
read_files(struct target *t, const unsigned char *d, size_t len)
{
	size_t word = t->is64 ? 8 : 4, row = 3 * word, kept = 0;
	const unsigned char *names, *end = d + len;
	uint64_t count, page;

	if (len < 2 * word)
		return;
	count = target_uword(t, d);
	page = target_uword(t, d + word);
	d += 2 * word;
	if (count > (size_t)(end - d) / row || count > MAX_MAPPINGS) {
		strings_add(&t->missing, "NT_FILE counts %" PRIu64 " mappings "
		    "but has no room for them", count);
		return;
	}
	names = d + count * row;
	for (uint64_t i = 0; i < count; i++, d += row) {
		const unsigned char *nul = memchr(names, '\0',
		    (size_t)(end - names));
		struct mapping *m;

		if (nul == NULL) {
			strings_add(&t->missing, "NT_FILE ends in a name");
			break;
		}
		xgrow(&t->mappings, &t->mappings_cap, t->nmappings,
		    sizeof *t->mappings);
		m = &t->mappings[t->nmappings];
		m->start = target_uword(t, d);
		m->end = target_uword(t, d + word);
		if (__builtin_mul_overflow(target_uword(t, d + 2 * word),
		    page, &m->offset))
			m->offset = UINT64_MAX;
		if (m->start < m->end) {
			m->path = xstrdup((const char *)names);
			t->nmappings++;
		}
		names = nul + 1;
	}
	if (t->nmappings == 0)
		return;
	qsort(t->mappings, t->nmappings, sizeof *t->mappings,
	    mapping_by_start);
	for (size_t i = 0; i < t->nmappings; i++) {
		if (kept > 0 &&
		    t->mappings[i].start < t->mappings[kept - 1].end)
			free(t->mappings[i].path);
		else
			t->mappings[kept++] = t->mappings[i];
	}
	t->nmappings = kept;
}

/* Bits that sign a pointer: of data, of code. Bit 55 is no user address's. */
static void
read_pac_mask(struct target *t, const unsigned char *d, size_t len)
{
	if (t->arch->machine == EM_AARCH64 && len >= 16)
		t->address_mask = ~target_u64(t, d + 8) &
		    (((uint64_t)1 << 55) - 1);
}

static void
read_note(struct target *t, uint32_t type, uint64_t at, uint32_t len)
{
	static void (*const readers[])(struct target *,
	    const unsigned char *, size_t) = {
		add_thread, read_psinfo, read_siginfo, read_auxv, read_files,
		read_pac_mask
	};
	static const struct { uint32_t type; uint32_t max; } kinds[] = {
		{ NT_PRSTATUS, 16384 }, { NT_PRPSINFO, 4096 },
		{ NT_SIGINFO, 4096 }, { NT_AUXV, 65536 },
		{ NT_FILE, MAX_FILE_NOTE }, { NT_ARM_PAC_MASK, 4096 }
	};

	/* It follows its thread's NT_PRSTATUS; it is read when it is needed. */
	if (type == NT_FPREGSET && t->nthreads > 0) {
		t->threads[t->nthreads - 1].vectors = at;
		t->threads[t->nthreads - 1].vectors_size = len;
		return;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		unsigned char *d;

		if (kinds[i].type != type)
			continue;
		if (len > kinds[i].max) {
			strings_add(&t->missing, "a note of type 0x%" PRIx32
			    " is %" PRIu32 " bytes long: left out", type, len);
			return;
		}
		d = xmalloc(len);
		if (source_read(t->source, at, d, len) == len)
			readers[i](t, d, len);
		else
			add_cut(t, "a note is cut short");
		free(d);
		return;
	}
}

/* Notes of cores are aligned to 4 bytes in both classes. */
static void
read_notes(struct target *t, uint64_t at, uint64_t size)
{
	uint64_t end = at + size;

	while (size >= 12 && end - at >= 12) {
		unsigned char head[12], name[8] = "";
		uint32_t namesz, descsz, type;
		uint64_t desc, next;

		if (source_read(t->source, at, head, 12) != 12) {
			add_cut(t, "the notes are cut short");
			return;
		}
		namesz = target_u32(t, head);
		descsz = target_u32(t, head + 4);
		type = target_u32(t, head + 8);
		desc = at + 12 + (((uint64_t)namesz + 3) & ~(uint64_t)3);
		next = desc + (((uint64_t)descsz + 3) & ~(uint64_t)3);
		if (desc > end || next > end + 3) {
			strings_add(&t->missing,
			    "a note runs past the end of the notes");
			return;
		}
		if (namesz <= sizeof name)
			source_read(t->source, at + 12, name, namesz);
		if (memcmp(name, "CORE", 5) == 0 || namesz <= 1 ||
		    (type == NT_ARM_PAC_MASK && memcmp(name, "LINUX", 6) == 0))
			read_note(t, type, desc, descsz);
		if (next >= end)
			return;
		at = next;
	}
}

int
corefile_read(struct target *t, struct source *src, const char **why)
{
	struct header h;
	uint64_t count;
	size_t cap = 0;
	int has_notes = 0;

	t->source = src;
	t->memory_fd = -1;
	if (read_header(t, &h, why) == -1)
		return -1;
	t->arch = arch_find(h.machine, t->is64);
	if (t->arch == NULL && (h.machine == EM_NONE || h.machine >= EM_NUM)) {
		*why = "its machine is none that has a name";
		return -1;
	}
	if (t->arch == NULL) {
		t->arch = arch_unknown(h.machine, t->is64, 0);
		strings_add(&t->missing, "its machine, number %u, is not one "
		    "of ours: its registers have numbers for names, and no "
		    "stack is unwound", h.machine);
	} else if (h.machine == EM_MIPS && (h.flags & EF_MIPS_ABI2) != 0)
		t->arch = arch_wide(t->arch);
	t->address_mask = t->arch->address_mask;
	if (h.phentsize < (t->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr))) {
		*why = "it has no program headers: no core";
		return -1;
	}
	count = count_phdrs(t, &h);
	for (uint64_t i = 0; i < count && i < MAX_SEGMENTS; i++) {
		Elf64_Phdr p;

		if (read_phdr(t, &h, i, &p) == -1) {
			strings_add(&t->missing, "program headers from %"
			    PRIu64 " of %" PRIu64 " on are cut off", i, count);
			t->is_cut = 1;
			break;
		}
		if (p.p_type == PT_LOAD)
			add_segment(t, &cap, &p);
		else if (p.p_type == PT_NOTE && p.p_offset <
		    source_size(src) && p.p_filesz <= INT64_MAX) {
			if (has_notes++ < MAX_NOTE_SEGMENTS)
				read_notes(t, p.p_offset, p.p_filesz);
		}
	}
	/* A core that lies about its type is a core if threads are in it. */
	if (h.type != ET_CORE && t->nthreads == 0) {
		*why = "it is an ELF file, but no core";
		return -1;
	}
	order_segments(t);
	if (!has_notes)
		strings_add(&t->missing, "no notes: no threads, no registers");
	else if (t->nthreads == 0)
		strings_add(&t->missing, "no NT_PRSTATUS: no threads");
	if (source_damage(src) != NULL)
		strings_add(&t->missing, "the core file is damaged: %s",
		    source_damage(src));
	return 0;
}
