/* SPDX-License-Identifier: ISC */
#include "live.h"

#include <sys/stat.h>

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "device.h"
#include "io.h"
#include "pkey.h"
#include "stacks.h"
#include "stream.h"
#include "text.h"
#include "xalloc.h"

/* A kernel allows 65,530 mappings; an administrator a few times that. */
#define MAPS_MAX	(256u << 20)
#define STATUS_MAX	65536u

/* Of one file in memory: with more, all of it is read from the file. */
#define GAPS_MAX	64
#define SOON_COPIED	(UINT64_C(1) << 20)

static int __attribute__((__format__(__printf__, 2, 3)))
refuse(struct live *l, const char *format, ...)
{
	va_list ap;

	free(l->why);
	va_start(ap, format);
	if (vasprintf(&l->why, format, ap) == -1)
		l->why = NULL;
	va_end(ap);
	return 0;
}

/* Is the thread dumping core, and nobody about to end it? */
int
live_is_held(const struct live *l)
{
	static const char *const pending[] = { "\nSigPnd:", "\nShdPnd:" };
	size_t len;
	char *text = io_slurp(l->task, "status", STATUS_MAX, &len);
	const char *line = text == NULL ? NULL :
	    strstr(text, "\nCoreDumping:");
	int dumping = line != NULL && strtol(line + 13, NULL, 10) == 1;

	for (size_t i = 0; i < 2 && dumping; i++) {
		line = strstr(text, pending[i]);
		/* SIGKILL: bit 8 of what is written in hexadecimal. */
		dumping = line != NULL &&
		    (strtoull(line + 8, NULL, 16) >> 8 & 1) == 0;
	}
	free(text);
	return dumping;
}

static int
read_maps(struct live *l)
{
	struct mapping map;
	const char *cursor = process_maps(l->process);
	size_t len;

	/* Not again what is here already, unless it was cut or gone. */
	if (cursor == NULL)
		cursor = l->maps = io_slurp(l->task, "maps", MAPS_MAX, &len);
	if (cursor == NULL)
		return refuse(l, "read maps: %s", strerror(errno));
	while (mapping_next(&cursor, &map)) {
		xgrow(&l->map, &l->map_cap, l->map_count, sizeof *l->map);
		l->map[l->map_count++] = map;
	}
	return *cursor == '\0' ? 1 : refuse(l, "read maps: not understood");
}

void
live_open(struct live *l, const struct options *o, const struct process *p)
{
	int64_t told = told_number(o, TOLD_TID);
	pid_t tid = told > 0 && told <= INT32_MAX ? (pid_t)told : o->pid;
	char path[32];
	struct stat st;

	*l = (struct live){ .process = p, .task = -1, .file.fd = -1 };
	l->pages.map = l->pages.mem = -1;
	if (o->pid == 0)
		refuse(l, "no process was named");
	else if (p->dir == -1)
		refuse(l, "the process is gone, or not known for sure");
	else if (fstat(STDIN_FILENO, &st) == -1 || !S_ISFIFO(st.st_mode))
		refuse(l, "stdin is no pipe");
	if (l->why != NULL)
		return;
	/* The thread that crashed: the first one may have ended long ago. */
	snprintf(path, sizeof path, "task/%d", tid);
	l->task = openat(p->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->task == -1)
		refuse(l, "open '%s': %s", path, strerror(errno));
	else if (!live_is_held(l))
		refuse(l, "the process is not dumping core");
	else if (pages_open(&l->pages, l->task, tid) == -1)
		refuse(l, "open '%s' of the process: %s",
		    l->pages.mem == -1 ? "mem" : "pagemap", strerror(errno));
	else
		read_maps(l);
}

static void
see_segment(void *arg, const struct segment *segment)
{
	struct live *l = arg;

	xgrow(&l->segment, &l->segment_cap, l->segment_count,
	    sizeof *l->segment);
	l->segment[l->segment_count++] = *segment;
}

/* The mapping of just these addresses. */
static const struct mapping *
find_map(const struct live *l, uint64_t start, uint64_t end)
{
	size_t i = BISECT_BELOW(l->map, l->map_count, start, start);

	return i < l->map_count && l->map[i].start == start &&
	    l->map[i].end == end ? &l->map[i] : NULL;
}

const struct mapping *
live_map(const struct live *l, uint64_t address)
{
	size_t i = BISECT_NOT_ABOVE(l->map, l->map_count, end, address);

	return i < l->map_count && l->map[i].start <= address ?
	    &l->map[i] : NULL;
}

static size_t
section_size(const struct elfscan *scan)
{
	return scan->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

/*
 * The headers must be as the kernel makes them, the notes first and then each
 * mapping right after the one before, and must fit the mappings there are.
 * Returns where memory begins, or 0.
 */
static uint64_t
check_layout(struct live *l, const struct elfscan *scan)
{
	uint64_t at, begin;

	if (l->segment_count < 2 || l->segment[0].type != PT_NOTE)
		return refuse(l, "the headers are not the kernel's");
	begin = at = l->segment[1].offset;
	for (size_t i = 1; i < l->segment_count; i++) {
		const struct segment *s = &l->segment[i];

		if (s->type != PT_LOAD || s->offset != at ||
		    s->file_size > s->memory_size ||
		    s->file_size > UINT64_MAX / 2 - at ||
		    s->file_size % GRANULE != 0)
			return refuse(l, "the headers are not the kernel's");
		if (find_map(l, s->address, s->address + s->memory_size) ==
		    NULL)
			return refuse(l, "no mapping is at %" PRIx64
			    ", where the headers have one", s->address);
		at += s->file_size;
	}
	if (l->segment_count >= PN_XNUM)
		at += section_size(scan);
	if (begin % GRANULE != 0 || begin < scan->table_end ||
	    l->segment[0].offset + l->segment[0].file_size > begin ||
	    at != scan->end)
		return refuse(l, "the headers are not the kernel's");
	return begin;
}

static enum absent
absent_of_device(struct live *l, const struct mapping *map)
{
	size_t i = (map->major * 7 + map->minor) % 8;

	if (!l->device[i].known || l->device[i].major != map->major ||
	    l->device[i].minor != map->minor) {
		l->device[i].known = 1;
		l->device[i].major = map->major;
		l->device[i].minor = map->minor;
		l->device[i].absent =
		    device_is_tmpfs(l->process, map->major, map->minor) ?
		    ABSENT_FILE :
		    device_is_sure(l->process, map->major, map->minor) ?
		    ABSENT_FETCH : ABSENT_DOUBT;
	}
	return l->device[i].absent;
}

static int
path_is(const struct mapping *map, const char *text)
{
	return map->path_len == strlen(text) &&
	    memcmp(map->path, text, map->path_len) == 0;
}

/* Does the path begin with TEXT? */
static int
path_begins(const struct mapping *map, const char *text)
{
	return map->path_len >= strlen(text) &&
	    memcmp(map->path, text, strlen(text)) == 0;
}

/* The kernel's own: [vdso], [vvar], [vsyscall] and what will come. */
static int
is_special(const struct mapping *map)
{
	return map->inode == 0 && path_begins(map, "[") &&
	    !path_is(map, "[heap]") && !path_is(map, "[stack]") &&
	    !path_begins(map, "[anon:");
}

enum absent
live_absent(struct live *l, const struct mapping *map)
{
	/* What is special and not to be read is a [vsyscall] without memory. */
	if (map->inode == 0)
		return is_special(map) && map->readable ? ABSENT_FETCH :
		    ABSENT_ZERO;
	if (device_is_huge(map->major, map->minor))
		return !map->shared && path_is(map,
		    "/anon_hugepage (deleted)") ? ABSENT_ZERO : ABSENT_FILE;
	return absent_of_device(l, map);
}

/* Memory from START to END, of which all is there, or may be fetched. */
static int
copy(struct live *l, struct stream *s, const struct mapping *map,
    uint64_t start, uint64_t end)
{
	/* What reads without force is refused only what the kernel is too. */
	int force = !map->readable;

	while (start < end && stream_wanted(s)) {
		size_t room, len, page = l->pages.size;
		unsigned char *to = fill_room(&s->fill, &room);
		ssize_t n;

		len = end - start < room ? (size_t)(end - start) : room;
		n = pages_read(&l->pages, start, to, len, force);
		if (n == -1)
			return refuse(l, "read memory at %" PRIx64 ": %s",
			    start, strerror(errno));
		n -= n % (ssize_t)GRANULE;
		if (n > 0)
			stream_add(s, (size_t)n);
		else if (force)
			return refuse(l, "read memory at %" PRIx64
			    ": refused", start);
		else {
			n = (ssize_t)(page - start % page);
			if ((uint64_t)n > end - start)
				n = (ssize_t)(end - start);
			stream_zeros(s, (uint64_t)n);
		}
		start += (uint64_t)n;
	}
	return 1;
}

/* Of private anonymous memory, from START to END, which is all there. */
static int
take(struct live *l, struct stream *s, const struct mapping *map,
    uint64_t start, uint64_t end)
{
	while (start < end && stream_wanted(s)) {
		int later;
		uint64_t stop = after_until(&l->after, start, end, &later);

		if (later)
			stream_later(s, start, stop - start);
		else if (!copy(l, s, map, start, stop))
			return 0;
		start = stop;
	}
	return 1;
}

static int
refuse_map(struct live *l, const struct mapping *map, const char *what)
{
	char *path = text_printable(map->path, map->path_len);

	refuse(l, "'%s' %s", path, what);
	free(path);
	return 0;
}

/* From START to END nothing is mapped of what is a file in memory. */
static int
fetch_file(struct live *l, struct stream *s, const struct mapping *map,
    uint64_t start, uint64_t end)
{
	if (l->file.map != map)
		(void)shmem_open(&l->file, l->process, map);
	if (l->file.fd != -1)
		return shmem_copy(&l->file, s, &l->pages, start, end) == 0 ?
		    1 : refuse_map(l, map, "cannot be read");
	if (pages_userfault(&l->pages, start) != 0)
		return refuse_map(l, map, "is not all in memory, and a "
		    "userfaultfd handles its faults");
	/* Fetching would take one of few huge pages. */
	if (device_is_huge(map->major, map->minor))
		return refuse_map(l, map, "is not all in memory");
	return copy(l, s, map, start, end);
}

static int
skip_absent(struct live *l, struct stream *s, const struct mapping *map,
    enum absent absent, uint64_t start, uint64_t end)
{
	if (start == end)
		return 1;
	switch (absent) {
	case ABSENT_ZERO:
		stream_zeros(s, end - start);
		return 1;
	case ABSENT_FILE:
		return fetch_file(l, s, map, start, end);
	default:
		return refuse_map(l, map, "is not all in memory, nor on a "
		    "local file system");
	}
}

/*
 * The next run of MAP that is to be read from memory. What looks like a page in
 * swap may be a mark where there is none: with shared memory it always is, and
 * what it hides is the file's, but where the kernel gets no page either.
 */
static int
next_run(struct live *l, const struct mapping *map, enum absent absent,
    uint64_t *start, uint64_t *stop)
{
	int of_file = absent == ABSENT_FILE && map->shared, rc;

	while ((rc = pages_next(&l->pages, start, stop)) == 1 &&
	    l->pages.is_swapped) {
		enum mark mark = of_file ?
		    pages_mark(&l->pages, *start, stop) : MARK_OTHER;

		if (mark == MARK_GUARD)
			return 1;
		if (mark == MARK_PROTECTED)
			continue;
		if (pages_userfault(&l->pages, *start) == 0) {
			if (of_file)
				continue;
			return 1;
		}
		refuse(l, "a userfaultfd handles faults at %" PRIx64, *start);
		return -1;
	}
	if (rc == -1)
		refuse(l, "scan memory at %" PRIx64 ": %s", map->start,
		    strerror(errno));
	return rc;
}

/* Has a page of the last run, from START, or after it, up to END a guard? */
static int
guard_follows(struct live *l, uint64_t start, uint64_t end)
{
	uint64_t from = start, stop;
	int found = 0;

	pages_range(&l->pages, start, end);
	while (!found && pages_next(&l->pages, &from, &stop) == 1)
		found = l->pages.is_swapped &&
		    pages_mark(&l->pages, from, &stop) == MARK_GUARD;
	pages_range(&l->pages, start, end);
	return found;
}

/* Might as well be read from its file, rather than page by page? */
static int
is_scattered(struct live *l, const struct mapping *map, enum absent absent,
    unsigned gaps)
{
	return gaps == GAPS_MAX && absent == ABSENT_FILE && map->shared &&
	    pages_userfault(&l->pages, map->start) == 0;
}

static int
read_segment(struct live *l, struct stream *s, const struct segment *segment)
{
	const struct mapping *map = find_map(l, segment->address,
	    segment->address + segment->memory_size);
	uint64_t at = segment->address, start, stop;
	uint64_t end = at + segment->file_size;
	enum absent absent;
	unsigned gaps = 0;
	int rc = 1;

	if (at == end)
		return 1;
	absent = live_absent(l, map);
	if (absent == ABSENT_FETCH)
		return copy(l, s, map, at, end);
	if (is_special(map))
		return skip_absent(l, s, map, absent, at, end);
	if (pkey_hides(map))
		return skip_absent(l, s, map, ABSENT_ZERO, at, end);
	pages_range(&l->pages, at, end);
	while (rc == 1 && stream_wanted(s)) {
		rc = next_run(l, map, absent, &start, &stop);
		if (rc < 0)
			return 0;
		gaps += rc == 1 && start > at;
		if (rc == 1 && is_scattered(l, map, absent, gaps)) {
			gaps++;
			if (guard_follows(l, start, end))
				continue;
			rc = 0;
		}
		if (rc == 0)
			start = stop = end;
		if (start < at || stop > end)
			return refuse(l, "scan memory at %" PRIx64
			    ": more than was asked for", at);
		if (!skip_absent(l, s, map, absent, at, start) ||
		    !(after_may(map) ? take : copy)(l, s, map, start, stop))
			return 0;
		at = stop;
	}
	return 1;
}

/* With more segments than e_phnum can count, a section header says it. */
static void
add_count(struct live *l, struct stream *s)
{
	union {
		Elf64_Shdr of_64;
		Elf32_Shdr of_32;
	} header;
	size_t room, len = section_size(&s->scan);
	unsigned char *to;

	memset(&header, 0, sizeof header);
	if (s->scan.is_64) {
		header.of_64.sh_size = 1;
		header.of_64.sh_info = (uint32_t)l->segment_count;
	} else {
		header.of_32.sh_size = 1;
		header.of_32.sh_info = (uint32_t)l->segment_count;
	}
	/* Segments end at a granule: it is not cut in two. */
	to = fill_room(&s->fill, &room);
	memcpy(to, &header, len);
	stream_add(s, len);
}

static int
read_memory(struct live *l, struct stream *s)
{
	for (size_t i = 1; i < l->segment_count && stream_wanted(s); i++)
		if (!read_segment(l, s, &l->segment[i]))
			return 0;
	if (l->segment_count >= PN_XNUM && stream_wanted(s))
		add_count(l, s);
	if (stream_stopped() != 0)
		return refuse(l, "stopped");
	/* Memory that was taken away under our hands looks as if never used. */
	return live_is_held(l) ? 1 : refuse(l, "the process is gone");
}

/* Is so little its own that leaving it for later costs more than copying it? */
static int
is_soon_copied(const struct process *p)
{
	return process_status(p, "RssAnon") != NULL &&
	    process_bytes(p, "RssAnon") + process_bytes(p, "VmSwap") <
	    SOON_COPIED;
}

/* How much can be left for later? A failure is met again where it matters. */
static void
look_ahead(struct live *l, struct stream *s)
{
	uint64_t first = 0, total = 0, start, stop;

	/* What the kernel writes at the end was asked for in native words. */
	if (s->scan.is_64 != (sizeof(void *) == sizeof(uint64_t)) ||
	    is_soon_copied(l->process))
		return;
	for (size_t i = 1; i < l->segment_count; i++) {
		const struct segment *g = &l->segment[i];
		const struct mapping *map = find_map(l, g->address,
		    g->address + g->memory_size);

		if (g->file_size == 0 || !after_may(map))
			continue;
		pages_range(&l->pages, g->address, g->address + g->file_size);
		while (pages_next(&l->pages, &start, &stop) == 1) {
			first = total == 0 ? start : first;
			total += stop - start;
		}
	}
	l->after.pages = &l->pages;
	l->after.map = l->map;
	l->after.map_count = l->map_count;
	after_begin(&l->after, l->process, first, total,
	    s->fill.hold->slots.ram);
}

/* At most so much of the core is no zeros; no more than about MAX is looked at. */
static uint64_t
populated(struct live *l, struct stream *s, uint64_t max)
{
	uint64_t bytes = s->scan.seen, start, stop;

	for (size_t i = 1; i < l->segment_count && bytes <= max; i++) {
		const struct segment *g = &l->segment[i];
		const struct mapping *map = find_map(l, g->address,
		    g->address + g->memory_size);

		if (g->file_size == 0)
			continue;
		if (is_special(map) || live_absent(l, map) != ABSENT_ZERO) {
			bytes += g->file_size;
			continue;
		}
		pages_range(&l->pages, g->address, g->address + g->file_size);
		while (bytes <= max &&
		    pages_next(&l->pages, &start, &stop) == 1)
			bytes += stop - start;
	}
	return bytes;
}

/* Is all of the core no larger than the stacks of it, which have been read? */
static int
is_small(struct live *l, struct stream *s)
{
	uint64_t size = stacks_size(s->stacks);

	return s->or_whole && s->scan.end <= s->limit &&
	    populated(l, s, size) <= size;
}

int
live_fetch(void *arg, uint64_t address, void *to, size_t len)
{
	struct live *l = arg;

	return pages_fetch(&l->pages, address, to, len);
}

int
live_read(struct live *l, struct stream *s, uint64_t *skip)
{
	const int big = BYTE_ORDER == BIG_ENDIAN;
	uint64_t begin;

	*skip = 0;
	if (l->why != NULL)
		return 0;
	s->scan.see = see_segment;
	s->scan.see_arg = l;
	if (!stream_take(s, sizeof(Elf64_Ehdr)) || !s->scan.is_core ||
	    s->scan.lies || s->scan.is_big != big ||
	    s->scan.table_end < s->scan.seen)
		return refuse(l, "the headers are not the kernel's");
	/* Its end moves when there are too many to be counted. */
	while (s->scan.seen < s->scan.table_end)
		if (!stream_take(s, s->scan.table_end - s->scan.seen))
			return refuse(l, "the headers are cut");
	begin = check_layout(l, &s->scan);
	if (begin == 0)
		return 0;
	s->notes.is_64 = s->scan.is_64;
	s->is_in_notes = 1;
	if (!stream_take(s, begin - s->scan.seen))
		return refuse(l, "the notes are cut");
	s->is_in_notes = 0;
	if (s->has_stacks && stacks_read(s->stacks, l) == -1 &&
	    s->stacks_only)
		return refuse(l, "read memory: %s", strerror(errno));
	s->is_small = s->has_stacks && is_small(l, s) &&
	    (!s->stacks_only || stream_keep_whole(s));
	if (s->stacks_only && !s->is_small)
		return 1;
	look_ahead(l, s);
	if (read_memory(l, s))
		return 1;
	*skip = s->fill.taken - begin;
	return 0;
}

void
live_release(struct live *l)
{
	after_end(&l->after);
	shmem_close(&l->file);
	pages_close(&l->pages);
	if (l->task != -1)
		close(l->task);
	free(l->maps);
	free(l->map);
	free(l->segment);
	free(l->why);
}
