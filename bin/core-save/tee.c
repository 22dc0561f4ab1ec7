/* SPDX-License-Identifier: ISC */
#include "tee.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "xalloc.h"
#include "zseek.h"

/* Headers and notes are less, but for thousands of threads. */
#define ASIDE_MAX	(16u << 20)

/* A stdout that does not block is waited for all the same. */
static void
wait_for_room(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	(void)poll(&out, 1, -1);
}

static void
put(struct tee *t, const unsigned char *bytes, size_t len)
{
	while (len > 0 && t->error == 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (n == -1 && errno == EAGAIN)
			wait_for_room();
		else if (n == 0 || errno != EINTR)
			t->error = n == 0 ? ENOSPC : errno;
	}
}

void
tee_add(struct tee *t, const void *bytes, size_t len)
{
	if (!t->on)
		return;
	if (t->aside && len > ASIDE_MAX - t->len)
		tee_catch_up(t);
	if (!t->aside) {
		put(t, bytes, len);
		return;
	}
	while (t->cap - t->len < len) {
		t->cap += ZSEEK_BLOCK;
		t->head = xrealloc(t->head, t->cap);
	}
	memcpy(t->head + t->len, bytes, len);
	t->len += len;
}

void
tee_catch_up(struct tee *t)
{
	t->aside = 0;
	if (t->len > 0)
		put(t, t->head, t->len);
	free(t->head);
	t->head = NULL;
	t->len = t->cap = 0;
}

/* Up to the end of stdin, or an error. 0 when splice(2) is not for these. */
static int
splice_rest(struct tee *t, const volatile int *stopped)
{
	ssize_t n;

	while (t->error == 0 && !*stopped) {
		n = splice(STDIN_FILENO, NULL, STDOUT_FILENO, NULL,
		    ZSEEK_BLOCK, 0);
		if (n == 0)
			return 1;
		if (n == -1 && errno == EAGAIN)
			wait_for_room();
		else if (n == -1 && errno == EINVAL)
			return 0;
		else if (n == -1 && errno != EINTR)
			t->error = errno;
	}
	return 1;
}

void
tee_rest(struct tee *t, const volatile int *stopped)
{
	static unsigned char some[65536];
	ssize_t n;

	tee_catch_up(t);
	if (!t->on || splice_rest(t, stopped))
		return;
	while (t->error == 0 && !*stopped) {
		n = io_read(STDIN_FILENO, some, sizeof some);
		if (n == -1)
			t->error = errno;
		if (n <= 0)
			return;
		put(t, some, (size_t)n);
	}
}
