/* SPDX-License-Identifier: ISC */
#include "crashkey.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "device.h"
#include "io.h"
#include "note.h"
#include "pages.h"
#include "xalloc.h"

#define STACK_MAX	8192u		/* bytes of it that are looked at */
#define OVERFLOW_MAX	(1u << 20)	/* that a stack may be too short by */
#define DEEP		(1u << 20)	/* nobody needs that but recursion */
#define CODE_MAX	4096u		/* executable mappings */
#define RETURNS_MAX	16u		/* return addresses that count */
#define LOOKS_MAX	256u		/* at the bytes before one */
#define NOTE_MAX	1024u
#define PHDRS_MAX	64u

/* Is what is not in memory asked for? */
enum asked {
	ASKED,				/* of a local disk */
	ASKED_OF_NOBODY,		/* when no userfaultfd handles that */
	NOT_ASKED
};

struct code {
	uint64_t start, end, offset;
	const char *name;		/* NULL: made at run time */
	size_t name_len;
	int readable;			/* in no danger of waiting for it */
	enum asked asked;
};

struct place {
	const struct process *p;
	struct pages pages;
	int word;			/* bytes of a pointer */
	uint64_t pc, sp;
	uint64_t stack, stack_end;	/* what there is of it above sp */
	struct code *code;
	size_t count, cap;
	enum asked stack_asked;
	unsigned major, minor;		/* of the device that was asked about */
	int safe;
	enum asked asked;
	uint64_t hash;
};

/* FNV-1a: whoever wants a collision may have it, of crashes of his own. */
static void
mix(struct place *pl, const void *bytes, size_t len)
{
	const unsigned char *c = bytes;

	while (len-- > 0)
		pl->hash = (pl->hash ^ *c++) * UINT64_C(0x100000001b3);
}

static void
mix_number(struct place *pl, uint64_t n)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(n >> 8 * i);
	mix(pl, bytes, sizeof bytes);
}

static void
ask_device(struct place *pl, const struct mapping *map)
{
	if (map->major == pl->major && map->minor == pl->minor)
		return;
	pl->major = map->major;
	pl->minor = map->minor;
	pl->asked = device_is_memory(map->major, map->minor) ||
	    !device_is_sure(pl->p, map->major, map->minor) ? NOT_ASKED :
	    device_is_tmpfs(pl->p, map->major, map->minor) ?
	    ASKED_OF_NOBODY : ASKED;
	pl->safe = device_is_memory(map->major, map->minor) ||
	    device_is_local(pl->p, map->major, map->minor);
}

/* A file that is not on a local disk may make us wait for its server. */
static int
is_safe(struct place *pl, const struct mapping *map)
{
	if (map->inode != 0)
		ask_device(pl, map);
	return map->inode == 0 || pl->safe;
}

static enum asked
asked_of(struct place *pl, const struct mapping *map)
{
	if (map->inode == 0)
		return NOT_ASKED;
	ask_device(pl, map);
	return pl->asked;
}

/*
 * Read LEN bytes at ADDRESS. Some only when they are there: who provides the
 * rest may be a userfaultfd of the very process that is held. Returns how many.
 */
static size_t
fetch(struct place *pl, uint64_t address, void *buf, size_t len,
    enum asked asked)
{
	uint64_t page = pl->pages.size, end, start, stop;
	uint64_t there = address - address % page;
	ssize_t n;

	if (address > UINT64_MAX - len - page)
		return 0;
	end = address + len;
	if (asked != ASKED) {
		pages_range(&pl->pages, there, (end + page - 1) / page * page);
		while (there < end && pages_next(&pl->pages, &start,
		    &stop) == 1 && start <= there &&
		    (!pl->pages.is_swapped ||
		    pages_userfault(&pl->pages, start) == 0))
			there = stop;
		if (there < end && asked == ASKED_OF_NOBODY &&
		    pages_userfault(&pl->pages, there) == 0)
			there = end;
		if (there <= address)
			return 0;
		if (there < end)
			len = (size_t)(there - address);
	}
	n = pages_read(&pl->pages, address, buf, len, 0);
	return n < 0 ? 0 : (size_t)n;
}

static void
add_code(struct place *pl, const struct mapping *map)
{
	struct code *code;
	const char *slash;

	xgrow(&pl->code, &pl->cap, pl->count, sizeof *pl->code);
	code = &pl->code[pl->count];
	*code = (struct code){ .start = map->start, .end = map->end,
	    .offset = map->offset };
	if (map->inode != 0 || (map->path_len > 0 && *map->path == '[' &&
	    memcmp(map->path, "[anon", map->path_len < 5 ? map->path_len :
	    5) != 0)) {
		slash = memrchr(map->path, '/', map->path_len);
		code->name = slash == NULL ? map->path : slash + 1;
		code->name_len = (size_t)(map->path + map->path_len -
		    code->name);
	}
	code->readable = map->readable && is_safe(pl, map);
	code->asked = asked_of(pl, map);
	pl->count++;
}

static void
read_maps(struct place *pl)
{
	const char *cursor = pl->p->file[PROC_MAPS].data;
	struct mapping map;

	while (cursor != NULL && mapping_next(&cursor, &map)) {
		if (map.executable && pl->count < CODE_MAX)
			add_code(pl, &map);
		if (pl->stack_end != 0 || map.end <= pl->sp)
			continue;
		/* The one that sp is in, or that it has run out of. */
		pl->stack = map.start > pl->sp ? map.start : pl->sp;
		pl->stack_end = map.end;
		/* What is not there of shared memory is not to be made. */
		pl->stack_asked = asked_of(pl, &map) == ASKED ? ASKED :
		    NOT_ASKED;
		if (pl->stack - pl->sp > OVERFLOW_MAX || !map.readable ||
		    !is_safe(pl, &map))
			pl->stack = map.end;
	}
}

static const struct code *
find_code(const struct place *pl, uint64_t address)
{
	size_t i = BISECT_NOT_ABOVE(pl->code, pl->count, end, address);

	return i < pl->count && pl->code[i].start <= address ?
	    &pl->code[i] : NULL;
}

/* Where in which module ADDRESS is: the same in each run. */
static void
mix_place(struct place *pl, const struct code *code, uint64_t address)
{
	if (code == NULL || code->name == NULL) {
		mix_number(pl, code == NULL ? 1 : 2);
		return;
	}
	mix(pl, code->name, code->name_len);
	mix_number(pl, address - code->start + code->offset);
}

static uint64_t
word_at(const unsigned char *bytes, int size)
{
	uint64_t of_64;
	uint32_t of_32;

	if (size == 4) {
		memcpy(&of_32, bytes, sizeof of_32);
		return of_32;
	}
	memcpy(&of_64, bytes, sizeof of_64);
	return of_64;
}

/* The value of TYPE in the auxiliary vector, read as of words of WORD bytes. */
static uint64_t
auxv_value(const struct process *p, int word, uint64_t type)
{
	const char *data = p->file[PROC_AUXV].data;
	size_t len = data == NULL ? 0 : p->file[PROC_AUXV].len;
	size_t entry = 2 * (size_t)word;

	for (size_t at = 0; len - at >= entry; at += entry) {
		const unsigned char *e = (const unsigned char *)data + at;

		if (word_at(e, word) == type)
			return word_at(e + word, word);
	}
	return 0;
}

/* The build id among the LEN bytes of notes at NOTE; 0 when it is not there. */
static int
mix_build_id(struct place *pl, const unsigned char *note, size_t len)
{
	size_t size;
	const unsigned char *id = note_find(note, len, "GNU", NT_GNU_BUILD_ID,
	    &size);

	if (id != NULL)
		mix(pl, id, size);
	return id != NULL;
}

/* Of a program header, whichever class it is of. */
static void
phdr_fields(const unsigned char *bytes, int word, uint32_t *type,
    uint64_t *address, uint64_t *size)
{
	Elf64_Phdr of_64;
	Elf32_Phdr of_32;

	if (word == 8) {
		memcpy(&of_64, bytes, sizeof of_64);
		*type = of_64.p_type;
		*address = of_64.p_vaddr;
		*size = of_64.p_filesz;
	} else {
		memcpy(&of_32, bytes, sizeof of_32);
		*type = of_32.p_type;
		*address = of_32.p_vaddr;
		*size = of_32.p_filesz;
	}
}

/* The build id, by way of the program headers that the kernel told of. */
static int
mix_notes(struct place *pl, uint64_t table, size_t count,
    enum asked asked)
{
	size_t entry = pl->word == 8 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	unsigned char phdr[PHDRS_MAX * sizeof(Elf64_Phdr)], note[NOTE_MAX];
	uint64_t address, size, bias = 0;
	uint32_t type;

	if (count > PHDRS_MAX || fetch(pl, table, phdr, count * entry,
	    asked) != count * entry)
		return 0;
	for (size_t i = 0; i < count; i++) {
		size_t n;

		phdr_fields(phdr + i * entry, pl->word, &type, &address, &size);
		if (type == PT_PHDR)	/* it comes before the others */
			bias = table - address;
		if (type != PT_NOTE)
			continue;
		n = fetch(pl, bias + address, note,
		    size < sizeof note ? (size_t)size : sizeof note, NOT_ASKED);
		if (n > 0 && mix_build_id(pl, note, n))
			return 1;
	}
	return 0;
}

/* Which executable: by its build id, else by the file that is mapped. */
static void
mix_executable(struct place *pl)
{
	uint64_t table = auxv_value(pl->p, pl->word, AT_PHDR);
	uint64_t count = auxv_value(pl->p, pl->word, AT_PHNUM);
	const char *cursor = pl->p->file[PROC_MAPS].data;
	struct mapping map;

	while (cursor != NULL && mapping_next(&cursor, &map)) {
		if (table < map.start || table >= map.end)
			continue;
		if (is_safe(pl, &map) && mix_notes(pl, table, count,
		    asked_of(pl, &map)))
			return;
		mix_number(pl, map.major);
		mix_number(pl, map.minor);
		mix_number(pl, map.inode);
		return;
	}
}

/* How long an indirect call (ff /2) with this ModRM byte and SIB is. */
static size_t
call_length(const unsigned char *modrm)
{
	unsigned mod = *modrm >> 6, rm = *modrm & 7;
	size_t len = 2;

	if ((*modrm & 0x38) != 0x10)
		return 0;
	if (mod != 3 && rm == 4) {
		len++;
		if (mod == 0 && (modrm[1] & 7) == 5)
			len += 4;
	}
	return len + (mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 5) ? 4 : 0);
}

/* Does an x86 call instruction end before ADDRESS? */
static int
follows_call(struct place *pl, const struct code *code, uint64_t address)
{
	unsigned char before[8] = { 0 };

	if (!code->readable || address - code->start < sizeof before ||
	    fetch(pl, address - 7, before, 7, code->asked) != 7)
		return 0;
	if (before[2] == 0xe8)
		return 1;
	for (size_t len = 2; len <= 7; len++)
		if (before[7 - len] == 0xff &&
		    call_length(before + 8 - len) == len)
			return 1;
	return 0;
}

static int
is_return(struct place *pl, const struct code *code, uint64_t address)
{
#if defined(__x86_64__) || defined(__i386__)
	return follows_call(pl, code, address);
#else
	(void)pl;
	return address > code->start;
#endif
}

/*
 * Has recursion used up the stack? Then it is chance where in the loop that
 * was, and which of its functions comes first.
 */
static int
is_deep(const struct place *pl)
{
	return pl->stack != pl->stack_end &&
	    (pl->stack != pl->sp || pl->stack_end - pl->sp > DEEP);
}

/* Into the hash, in the order found, unless there is none to it. */
static void
mix_return(struct place *pl, const struct code *code, uint64_t address)
{
	uint64_t before = pl->hash;

	if (!is_deep(pl)) {
		mix_place(pl, code, address);
		return;
	}
	pl->hash = 0;
	mix_place(pl, code, address);
	pl->hash += before;
}

/* What is there more than once counts once. */
static void
mix_returns(struct place *pl)
{
	unsigned char stack[STACK_MAX];
	uint64_t seen[RETURNS_MAX];
	size_t found = 0, looks = 0;
	uint64_t from = (pl->stack + (uint64_t)pl->word - 1) &
	    ~((uint64_t)pl->word - 1);
	uint64_t room = from < pl->stack_end ? pl->stack_end - from : 0;
	size_t word = (size_t)pl->word;
	size_t n = room == 0 ? 0 : fetch(pl, from, stack,
	    room < sizeof stack ? (size_t)room : sizeof stack,
	    pl->stack_asked);

	for (size_t at = 0; at + word <= n && found < RETURNS_MAX &&
	    looks < LOOKS_MAX; at += word) {
		uint64_t address = word_at(stack + at, pl->word);
		const struct code *code = find_code(pl, address);
		size_t i = 0;

		/* What was made at run time is elsewhere each time. */
		if (code == NULL || code->name == NULL)
			continue;
		while (i < found && seen[i] != address)
			i++;
		if (i < found)
			continue;
		looks++;
		if (!is_return(pl, code, address))
			continue;
		seen[found++] = address;
		mix_return(pl, code, address);
	}
}

/* Where the thread was: the kernel says it of one that is dumping core. */
static int
find_place(struct place *pl, int task)
{
	size_t len;
	char *text = io_slurp(task, "stat", 4096, &len);

	pl->sp = process_stat_field(text, 29);
	pl->pc = process_stat_field(text, 30);
	free(text);
	if (pl->sp == 0 && pl->pc == 0)
		return 0;
	pl->word = auxv_value(pl->p, 8, AT_PHENT) == sizeof(Elf64_Phdr) ?
	    8 : 4;
	return 1;
}

void
crashkey_make(char key[CRASHKEY_LENGTH + 1], const struct options *o,
    const struct process *p, uid_t owner)
{
	struct place pl = { .p = p, .pages = { .map = -1, .mem = -1 },
	    .hash = UINT64_C(0xcbf29ce484222325) };
	int64_t told = told_number(o, TOLD_TID);
	pid_t tid = told > 0 && told <= INT32_MAX ? (pid_t)told : o->pid;
	char path[32];
	int task;

	*key = '\0';
	if (p->dir == -1)
		return;
	snprintf(path, sizeof path, "task/%d", tid);
	task = openat(p->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (task == -1)
		return;
	if (pages_open(&pl.pages, task, tid) == 0 && find_place(&pl, task)) {
		read_maps(&pl);
		mix_number(&pl, (uint64_t)told_number(o, TOLD_UID));
		mix_number(&pl, owner);
		mix_number(&pl, (uint64_t)told_number(o, TOLD_SIGNAL));
		mix_executable(&pl);
		if (!is_deep(&pl))
			mix_place(&pl, find_code(&pl, pl.pc), pl.pc);
		mix_returns(&pl);
		snprintf(key, CRASHKEY_LENGTH + 1, "%016" PRIx64, pl.hash);
	}
	pages_close(&pl.pages);
	free(pl.code);
	close(task);
}
