/* SPDX-License-Identifier: ISC */
#include "after.h"

#include <sys/syscall.h>

#include <linux/futex.h>
#include <linux/kcmp.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "device.h"
#include "io.h"
#include "spare.h"
#include "xalloc.h"

/* A page or two each: of more of them too much would be copied after all. */
#define THREADS_MAX	4096

/* Mutexes that its threads may have left locked. */
#define ROBUST_MAX	4096

/*
 * How far from a thread's list of mutexes its own number may be, which the
 * kernel makes 0 (set_tid_address(2)): C libraries have them side by side.
 */
#define NEAR		256

static int
path_begins(const struct mapping *map, const char *text)
{
	return map->path_len >= strlen(text) &&
	    memcmp(map->path, text, strlen(text)) == 0;
}

int
after_may(const struct mapping *map)
{
	if (map->inode != 0 || map->shared)
		return 0;
	return !path_begins(map, "[") || path_begins(map, "[heap]") ||
	    path_begins(map, "[stack]") || path_begins(map, "[anon:");
}

/* Whoever is started in the place of this process may want this very memory. */
static int
must_not(const struct mapping *map)
{
	if (map->inode == 0)
		return 0;
	return device_is_huge(map->major, map->minor) ||
	    path_begins(map, "/SYSV") || (path_begins(map, "/dev/") &&
	    !path_begins(map, "/dev/shm/") && !path_begins(map, "/dev/zero"));
}

/* What lies elsewhere is not touched: who knows whose memory it is. */
static int
is_plain(const struct after *a, uint64_t address)
{
	size_t i = BISECT_NOT_ABOVE(a->map, a->map_count, end, address);

	return i < a->map_count && a->map[i].start <= address &&
	    after_may(&a->map[i]);
}

/* The page of ADDRESS is copied while the process is held. */
static void
copy_page(struct after *a, uint64_t address)
{
	xgrow(&a->page, &a->cap, a->count, sizeof *a->page);
	a->page[a->count++] = address - address % a->pages->size;
}

/* LEN bytes of words, at most a few. */
static int
look(struct after *a, uint64_t address, void *words, size_t len)
{
	return is_plain(a, address) && is_plain(a, address + len - 1) ?
	    pages_fetch(a->pages, address, words, len) : -1;
}

/* The words that the kernel writes when thread TID ends. */
static void
see_thread(struct after *a, pid_t tid)
{
	struct robust_list_head *list, head;
	uint64_t at, next;
	size_t len;

	if (syscall(SYS_get_robust_list, tid, &list, &len) == -1 ||
	    list == NULL)
		return;
	at = (uintptr_t)list;
	copy_page(a, at - NEAR);
	copy_page(a, at + NEAR);
	if (look(a, at, &head, sizeof head) == -1)
		return;
	/* The lowest bit is a kind of mutex, of no interest here. */
	next = (uintptr_t)head.list_op_pending & ~UINT64_C(1);
	copy_page(a, next + (uint64_t)head.futex_offset);
	next = (uintptr_t)head.list.next & ~UINT64_C(1);
	while (next != at && ++a->mutexes <= ROBUST_MAX) {
		uintptr_t word;

		copy_page(a, next + (uint64_t)head.futex_offset);
		if (look(a, next, &word, sizeof word) == -1)
			return;
		next = word & ~UINT64_C(1);
	}
}

static int
compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static int
see_threads(struct after *a, const struct process *p)
{
	int fd = openat(p->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *entry;
	size_t threads = 0;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL && ++threads <= THREADS_MAX)
		if (entry->d_name[0] != '.')
			see_thread(a, (pid_t)strtol(entry->d_name, NULL, 10));
	closedir(dir);
	if (a->count > 0)
		qsort(a->page, a->count, sizeof *a->page, compare);
	return threads > THREADS_MAX || a->mutexes > ROBUST_MAX ? -1 : 0;
}

/* A child of vfork(2): its parent goes on in the same memory. */
static int
has_parent_within(const struct process *p, pid_t tid)
{
	pid_t parent = (pid_t)process_stat(p, 4);
	long rc = syscall(SYS_kcmp, parent, tid, KCMP_VM, 0, 0);

	return parent > 0 && (rc == 0 || (rc == -1 && errno != ESRCH));
}

/* Short of memory, the kernel cannot see that it is ours to give back. */
static void
offer_ourselves(void)
{
	static const char first[] = "1000\n";
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	(void)io_write(fd, first, sizeof first - 1);
	close(fd);
}

void
after_begin(struct after *a, const struct process *p, uint64_t first,
    uint64_t total, struct ram *ram)
{
	uint64_t spare;

	a->ahead = total;
	a->most = ram_now(ram);
	/* Whoever is started in its place has to fit in beside it. */
	spare = spare_of(p->file[PROC_CGROUP].data);
	if (a->most > spare)
		a->most = spare;
	for (size_t i = 0; i < a->map_count; i++)
		if (must_not(&a->map[i]))
			return;
	if (total == 0 || a->most == 0 || has_parent_within(p, a->pages->tid))
		return;
	a->pin = pin_new(a->pages->mem, first);
	if (a->pin == NULL)
		return;
	if (see_threads(a, p) == -1) {
		after_end(a);
		return;
	}
	ram_use(ram, total < a->most ? total : a->most);
	offer_ourselves();
}

/* The first page at START or after it that is copied now, or END. */
static uint64_t
next_page(const struct after *a, uint64_t start, uint64_t end)
{
	size_t i = bisect_below(a->page, a->count, sizeof *a->page, 0,
	    start - start % a->pages->size);

	return i < a->count && a->page[i] < end ? a->page[i] : end;
}

uint64_t
after_until(struct after *a, uint64_t start, uint64_t end, int *later)
{
	uint64_t stop = end, page;

	*later = 0;
	if (a->pin == NULL)
		return end;
	page = next_page(a, start, end);
	if (a->ahead > a->most) {
		if (stop - start > a->ahead - a->most)
			stop = start + a->ahead - a->most;
		stop += (a->pages->size - stop % a->pages->size) %
		    a->pages->size;
		if (stop > end)
			stop = end;
	} else if (page <= start) {
		stop = page + a->pages->size < end ? page + a->pages->size :
		    end;
	} else {
		*later = 1;
		stop = page;
	}
	a->ahead -= stop - start < a->ahead ? stop - start : a->ahead;
	return stop;
}

void
after_end(struct after *a)
{
	if (a->pin != NULL)
		pin_free(a->pin);
	a->pin = NULL;
	free(a->page);
	a->page = NULL;
	a->count = a->cap = 0;
}
