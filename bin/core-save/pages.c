/* SPDX-License-Identifier: ISC */
#include "pages.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

/* From linux/fs.h of Linux 6.7, which is younger than many a machine. */
struct scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages,
	    category_inverted, category_mask, category_anyof_mask,
	    return_mask;
};
#define SCAN		_IOWR('f', 16, struct scan_arg)
#define IS_PRESENT	(1u << 3)
#define IS_SWAPPED	(1u << 4)
#define IS_PFNZERO	(1u << 5)

/* Bits of an entry of pagemap, which every kernel has. */
#define PM_PRESENT	(UINT64_C(1) << 63)
#define PM_SWAPPED	(UINT64_C(1) << 62)

/* And of those that can make such marks. */
#define PM_GUARD	(UINT64_C(1) << 58)
#define PM_PROTECTED	(UINT64_C(1) << 57)

int
pages_open(struct pages *p, int task, pid_t tid)
{
	*p = (struct pages){ .task = task, .tid = tid, .map = -1, .mem = -1,
	    .size = (size_t)sysconf(_SC_PAGESIZE) };
	p->mem = openat(task, "mem", O_RDONLY | O_CLOEXEC);
	if (p->mem != -1)
		p->map = openat(task, "pagemap", O_RDONLY | O_CLOEXEC);
	return p->map == -1 ? -1 : 0;
}

void
pages_close(struct pages *p)
{
	if (p->map != -1)
		close(p->map);
	if (p->mem != -1)
		close(p->mem);
	userfault_free(&p->userfault);
}

int
pages_userfault(struct pages *p, uint64_t address)
{
	int kinds = userfault_kinds(&p->userfault, p->task, address,
	    address + 1);

	return kinds != -1 ? kinds : USERFAULT_MISSING | USERFAULT_MINOR;
}

int
pages_all_present(int task, uint64_t start, uint64_t end)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	int map = openat(task, "pagemap", O_RDONLY | O_CLOEXEC), all = 1;
	uint64_t entry;

	for (start -= start % page; start < end && all; start += page)
		all = io_pread(map, &entry, sizeof entry,
		    (off_t)(start / page * sizeof entry)) == sizeof entry &&
		    (entry & PM_PRESENT) != 0;
	if (map != -1)
		close(map);
	return all;
}

void
pages_range(struct pages *p, uint64_t start, uint64_t end)
{
	p->count = p->next = 0;
	p->scanned = start;
	p->end = end;
}

static int
scan(struct pages *p)
{
	struct scan_arg arg = { .size = sizeof arg, .start = p->scanned,
	    .end = p->end, .vec = (uintptr_t)p->region, .vec_len = REGIONS,
	    .category_inverted = IS_PFNZERO, .category_mask = IS_PFNZERO,
	    .category_anyof_mask = IS_PRESENT | IS_SWAPPED,
	    .return_mask = IS_PRESENT | IS_SWAPPED };
	int n = ioctl(p->map, SCAN, &arg);

	if (n == -1)
		return -1;
	p->count = (size_t)n;
	p->next = 0;
	/*
	 * Not walk_end: it is half-way when the kernel has emptied a buffer of
	 * its own on the way. Less than was room for is all that there is.
	 */
	p->scanned = n < REGIONS ? p->end : p->region[n - 1].end;
	return 0;
}

/* The same from the entries of pagemap. The page of zeros is not told apart. */
static int
look(struct pages *p)
{
	uint64_t entry[4096];
	size_t want = (size_t)((p->end - p->scanned) / p->size);
	struct page_region *last = NULL;
	ssize_t n;

	if (want > sizeof entry / sizeof entry[0])
		want = sizeof entry / sizeof entry[0];
	n = pread(p->map, entry, want * sizeof entry[0],
	    (off_t)(p->scanned / p->size * sizeof entry[0]));
	if (n <= 0) {
		if (n == 0)
			errno = ESRCH;
		return -1;
	}
	p->count = p->next = 0;
	for (size_t i = 0; i < (size_t)n / sizeof entry[0]; i++) {
		uint64_t at = p->scanned;
		uint64_t categories =
		    (entry[i] & PM_PRESENT) != 0 ? IS_PRESENT :
		    (entry[i] & PM_SWAPPED) != 0 ? IS_SWAPPED : 0;

		if (categories != 0) {
			if (last == NULL || last->end != at ||
			    last->categories != categories) {
				if (p->count == REGIONS)
					break;
				last = &p->region[p->count++];
				last->start = at;
				last->categories = categories;
			}
			last->end = at + p->size;
		}
		p->scanned += p->size;
	}
	return 0;
}

int
pages_next(struct pages *p, uint64_t *start, uint64_t *end)
{
	while (p->next == p->count) {
		if (p->scanned >= p->end)
			return 0;
		if (!p->no_scan && scan(p) == -1) {
			if (errno != ENOTTY && errno != EINVAL)
				return -1;
			p->no_scan = 1;
		}
		if (p->no_scan && look(p) == -1)
			return -1;
	}
	*start = p->region[p->next].start;
	*end = p->region[p->next].end;
	p->is_swapped = (p->region[p->next].categories & IS_SWAPPED) != 0;
	p->next++;
	return 1;
}

static enum mark
mark_of(uint64_t entry)
{
	return (entry & PM_GUARD) != 0 ? MARK_GUARD :
	    (entry & PM_PROTECTED) != 0 ? MARK_PROTECTED : MARK_OTHER;
}

enum mark
pages_mark(struct pages *p, uint64_t start, uint64_t *end)
{
	uint64_t entry[512], stop = start + p->size;
	size_t want = (size_t)((*end - start) / p->size);
	ssize_t n;

	if (want > sizeof entry / sizeof entry[0])
		want = sizeof entry / sizeof entry[0];
	n = pread(p->map, entry, want * sizeof entry[0],
	    (off_t)(start / p->size * sizeof entry[0]));
	if (n < (ssize_t)sizeof entry[0])
		return MARK_OTHER;
	for (size_t i = 1; i < (size_t)n / sizeof entry[0] &&
	    mark_of(entry[i]) == mark_of(entry[0]); i++)
		stop += p->size;
	if (stop < *end) {
		p->region[--p->next].start = stop;
		*end = stop;
	}
	return mark_of(entry[0]);
}

static ssize_t
read_mem(const struct pages *p, uint64_t address, void *buf, size_t len)
{
	ssize_t n = pread(p->mem, buf, len, (off_t)address);

	if (n == 0)			/* nobody has that memory any more */
		errno = ESRCH;
	if (n == -1 && errno == EIO)
		return 0;
	return n == 0 ? -1 : n;
}

ssize_t
pages_readv(struct pages *p, const struct iovec *to, const struct iovec *from,
    size_t count)
{
	uint64_t address = (uintptr_t)from->iov_base;
	struct stat st;
	ssize_t n;

	if (p->no_readv)
		return read_mem(p, address, to->iov_base, to->iov_len);
	if (count > IOV_MAX)
		count = IOV_MAX;
	n = process_vm_readv(p->tid, to, count, from, count, 0);
	if (n == -1 && (errno == EPERM || errno == ENOSYS)) {
		p->no_readv = 1;
		return read_mem(p, address, to->iov_base, to->iov_len);
	}
	if (n == -1 && errno != EFAULT)
		return -1;
	/* The number is that thread's for as long as its directory is there. */
	if (fstatat(p->task, "stat", &st, 0) == -1) {
		errno = ESRCH;
		return -1;
	}
	return n == -1 ? 0 : n;
}

ssize_t
pages_read(struct pages *p, uint64_t address, void *buf, size_t len,
    int force)
{
	struct iovec to = { buf, len };
	struct iovec from = { (void *)(uintptr_t)address, len };

	return force ? read_mem(p, address, buf, len) :
	    pages_readv(p, &to, &from, 1);
}

int
pages_fetch(const struct pages *p, uint64_t address, void *buf, size_t len)
{
	unsigned char *to = buf;

	while (len > 0) {
		ssize_t n = read_mem(p, address, to, len);

		if (n == -1)
			return -1;
		if (n == 0) {
			size_t rest = p->size - address % p->size;

			n = (ssize_t)(rest < len ? rest : len);
			memset(to, 0, (size_t)n);
		}
		address += (uint64_t)n;
		to += n;
		len -= (size_t)n;
	}
	return 0;
}
