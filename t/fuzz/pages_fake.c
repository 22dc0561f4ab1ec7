/* SPDX-License-Identifier: ISC */
#include "pages_fake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

#define RUNS_MAX	64

static struct run {
	uint64_t start, end;
	const uint8_t *bytes;
	size_t len;
} run[RUNS_MAX];
static size_t runs;
static unsigned left;
static int is_bounded;

void
pages_fake_begin(unsigned calls)
{
	runs = 0;
	left = calls;
	is_bounded = calls > 0;
}

void
pages_fake_add(uint64_t start, uint64_t end, const uint8_t *bytes, size_t len)
{
	if (runs == RUNS_MAX)
		abort();
	if (len > end - start)
		len = (size_t)(end - start);
	run[runs++] = (struct run){ start, end, bytes, len };
}

int
pages_fake_refused(void)
{
	return is_bounded && left == 0;
}

static int
refuse(void)
{
	if (!is_bounded || left-- > 1)
		return 0;
	left = 0;
	errno = ESRCH;
	return 1;
}

int
pages_open(struct pages *p, int task, pid_t tid)
{
	*p = (struct pages){ .task = task, .tid = tid, .map = -1, .mem = -1,
	    .size = FAKE_PAGE };
	return 0;
}

void
pages_close(struct pages *p)
{
	(void)p;
}

/* Nobody makes marks here, nor handles faults: what is left out then could not
   be compared. */
enum mark
pages_mark(struct pages *p, uint64_t start, uint64_t *end)
{
	(void)p;
	(void)start;
	(void)end;
	return MARK_OTHER;
}

int
pages_userfault(struct pages *p, uint64_t address)
{
	(void)p;
	(void)address;
	return 0;
}

int
pages_all_present(int task, uint64_t start, uint64_t end)
{
	(void)task;
	(void)start;
	(void)end;
	return 1;
}

void
pages_range(struct pages *p, uint64_t start, uint64_t end)
{
	p->scanned = start;
	p->end = end;
}

/* As the kernel has it: within what was asked for. */
int
pages_next(struct pages *p, uint64_t *start, uint64_t *end)
{
	if (refuse())
		return -1;
	for (size_t i = 0; i < runs && p->scanned < p->end; i++) {
		uint64_t there = (run[i].len + FAKE_PAGE - 1) / FAKE_PAGE *
		    FAKE_PAGE;
		uint64_t stop = run[i].start + there;

		if (stop <= p->scanned || run[i].start >= p->end)
			continue;
		*start = run[i].start > p->scanned ? run[i].start : p->scanned;
		*end = stop < p->end ? stop : p->end;
		p->scanned = *end;
		p->is_swapped = *start / FAKE_PAGE % 2 != 0;
		return 1;
	}
	return 0;
}

/* As much of it as is in one run. */
static size_t
get(uint64_t address, void *buf, size_t len)
{
	size_t i = 0, at, n;

	while (i < runs && address - run[i].start >=
	    run[i].end - run[i].start)
		i++;
	if (i == runs)
		return 0;
	at = (size_t)(address - run[i].start);
	if (len > run[i].end - address)
		len = (size_t)(run[i].end - address);
	memset(buf, 0, len);
	if (at < run[i].len) {
		n = run[i].len - at < len ? run[i].len - at : len;
		memcpy(buf, run[i].bytes + at, n);
	}
	return len;
}

ssize_t
pages_readv(struct pages *p, const struct iovec *to, const struct iovec *from,
    size_t count)
{
	ssize_t sum = 0;

	(void)p;
	if (refuse())
		return -1;
	for (size_t i = 0; i < count; i++) {
		size_t done = 0, n;

		while (done < from[i].iov_len && (n = get(
		    (uintptr_t)from[i].iov_base + done, (char *)to[i].iov_base +
		    done, from[i].iov_len - done)) > 0)
			done += n;
		sum += (ssize_t)done;
		if (done < from[i].iov_len)
			break;
	}
	return sum;
}

ssize_t
pages_read(struct pages *p, uint64_t address, void *buf, size_t len, int force)
{
	struct iovec to = { buf, len };
	struct iovec from = { (void *)(uintptr_t)address, len };

	(void)force;
	return pages_readv(p, &to, &from, 1);
}

int
pages_fetch(const struct pages *p, uint64_t address, void *buf, size_t len)
{
	(void)p;
	memset(buf, 0, len);
	get(address, buf, len);
	return 0;
}
