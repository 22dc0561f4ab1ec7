/* SPDX-License-Identifier: ISC */
/*
 * The memory of another process: which pages of it are there, and what is in
 * them. Nothing is had for a page that is not there.
 */
#ifndef CORE_SAVE_PAGES_H
#define CORE_SAVE_PAGES_H

#include <sys/types.h>
#include <sys/uio.h>

#include <stddef.h>
#include <stdint.h>

#include "userfault.h"

#define REGIONS	512

struct page_region {		/* as linux/fs.h has it */
	uint64_t start, end, categories;
};

struct pages {
	int task;		/* its directory in /proc */
	pid_t tid;
	int map, mem;		/* pagemap and mem in it */
	int no_scan;		/* the kernel lacks PAGEMAP_SCAN */
	int no_readv;		/* or process_vm_readv(2) is refused */
	size_t size;		/* of a page */
	struct userfault userfault;
	struct page_region region[REGIONS];
	size_t count, next;
	uint64_t scanned;	/* regions are known up to here, */
	uint64_t end;		/* of so much that is asked for */
	int is_swapped;		/* the last run: it is not in memory */
};

enum mark {
	MARK_GUARD,		/* of madvise(2): who reads there gets a fault */
	MARK_PROTECTED,		/* against writing, by a userfaultfd(2) */
	MARK_OTHER		/* what it is cannot be told */
};

/* Of thread TID, whose directory in /proc is TASK. 0, or -1 with errno. */
int pages_open(struct pages *p, int task, pid_t tid);
void pages_close(struct pages *p);

/* Is each page from START up to END in memory? Of a few pages. */
int pages_all_present(int task, uint64_t start, uint64_t end);

/* From now on pages_next is about START up to END. */
void pages_range(struct pages *p, uint64_t start, uint64_t end);

/*
 * The next run of pages that are there, in memory or in swap, and are not the
 * page of zeros. Returns 1, 0 when there are no more, or -1 with errno. What
 * looks as if it were in swap may also be a mark that userfaultfd(2) has made
 * where there is no page.
 */
int pages_next(struct pages *p, uint64_t *start, uint64_t *end);

/*
 * What is there instead of pages from START on, of the last run, which looks as
 * if it were in swap? *END, its end, becomes that of those of the same kind; the
 * others are the next run.
 */
enum mark pages_mark(struct pages *p, uint64_t start, uint64_t *end);

/*
 * Who reads a page at ADDRESS that is not there, which faults of his may be
 * handled by a userfaultfd? USERFAULT_* bits, all of them when that cannot be
 * known.
 */
int pages_userfault(struct pages *p, uint64_t address);

/*
 * Read LEN bytes at ADDRESS. FORCE: even where the process itself may not.
 * Returns how many could be read; less when the page after them cannot be, or
 * -1 with errno when it is not for the page. Of the process that was opened,
 * or of nobody: its number may be another's by now.
 */
ssize_t pages_read(struct pages *p, uint64_t address, void *buf, size_t len,
    int force);

/*
 * The same for many places at once, COUNT of them, of the same lengths on both
 * sides, without force: what it returns is the sum, of the first so many.
 */
ssize_t pages_readv(struct pages *p, const struct iovec *to,
    const struct iovec *from, size_t count);

/*
 * All LEN bytes at ADDRESS; zeros where there is none to be read. 0, or -1 with
 * errno when that memory is nobody's any more. By more than one thread at once.
 */
int pages_fetch(const struct pages *p, uint64_t address, void *buf,
    size_t len);

#endif
