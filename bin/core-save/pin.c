/* SPDX-License-Identifier: ISC */
#include "pin.h"

#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <linux/userfaultfd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "save.h"
#include "xalloc.h"

/* The page that is read to is missed at once, or there is something wrong. */
#define PATIENCE_MS	1000

struct pin {
	int mem;
	int fault;		/* userfaultfd */
	int ended;		/* eventfd: the read has */
	uint64_t address;
	unsigned char *page;
	size_t size;
	int started;
	pthread_t thread;
};

static void *
read_forever(void *arg)
{
	const struct pin *p = arg;
	const struct sched_param any = { 0 };

	/* A signal that stops us all keeps it busy until we go on. */
	(void)sched_setscheduler(0, SCHED_IDLE, &any);
	/* What is read is of no use to anybody. */
	if (pread(p->mem, p->page, 1, (off_t)p->address) <= 1)
		eventfd_write(p->ended, 1);
	return NULL;
}

/* A page that a thread which touches it waits for. */
static int
make_page(struct pin *p)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	p->page = mmap(NULL, p->size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p->ended = eventfd(0, EFD_CLOEXEC);
	p->fault = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	area.range.start = (uintptr_t)p->page;
	area.range.len = p->size;
	return p->page == MAP_FAILED || p->ended == -1 || p->fault == -1 ||
	    ioctl(p->fault, UFFDIO_API, &api) == -1 ||
	    ioctl(p->fault, UFFDIO_REGISTER, &area) == -1 ? -1 : 0;
}

struct pin *
pin_new(int mem, uint64_t address)
{
	struct pin *p = xcalloc(1, sizeof *p);
	struct pollfd ready[2];

	p->mem = mem;
	p->address = address;
	p->size = (size_t)sysconf(_SC_PAGESIZE);
	p->started = make_page(p) == 0 &&
	    save_thread(&p->thread, read_forever, p) == 0;
	if (p->started) {
		ready[0] = (struct pollfd){ .fd = p->fault, .events = POLLIN };
		ready[1] = (struct pollfd){ .fd = p->ended, .events = POLLIN };
		if (poll(ready, 2, PATIENCE_MS) > 0 && ready[1].revents == 0)
			return p;
		errno = ESRCH;
	}
	pin_free(p);
	return NULL;
}

void
pin_free(struct pin *p)
{
	int saved = errno;

	/* Then the page is like any other, and the read comes to its end. */
	if (p->fault != -1)
		close(p->fault);
	if (p->started)
		pthread_join(p->thread, NULL);
	if (p->ended != -1)
		close(p->ended);
	if (p->page != MAP_FAILED)
		munmap(p->page, p->size);
	free(p);
	errno = saved;
}
