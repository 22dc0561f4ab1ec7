/* SPDX-License-Identifier: ISC */
#include "fuzz.h"

#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xalloc.h"

void __real_free(void *p);
void __wrap_free(void *p);
int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
void __wrap_warn(const char *format, ...);
void __wrap_warnx(const char *format, ...);

/* All live blocks, in an open hash table of their addresses. */
static void **slot;
static size_t slots, used;

static size_t
place(const void *p)
{
	size_t i = ((uintptr_t)p * UINT64_C(0x9e3779b97f4a7c15) >> 16) &
	    (slots - 1);

	while (slot[i] != NULL && slot[i] != p)
		i = (i + 1) & (slots - 1);
	return i;
}

static void *
remember(void *p)
{
	void **old = slot;
	size_t n = slots;

	if (p == NULL)
		abort();
	if (2 * used >= slots) {
		slots = slots == 0 ? 4096 : 2 * slots;
		slot = calloc(slots, sizeof *slot);
		if (slot == NULL)
			abort();
		for (size_t i = 0; i < n; i++)
			if (old[i] != NULL)
				slot[place(old[i])] = old[i];
		__real_free(old);
	}
	slot[place(p)] = p;
	used++;
	return p;
}

/* Of an open table whose run goes on, the rest must be put in anew. */
static void
forget(void *p)
{
	size_t i;

	if (slots == 0 || slot[i = place(p)] == NULL)
		return;
	slot[i] = NULL;
	used--;
	for (i = (i + 1) & (slots - 1); slot[i] != NULL;
	    i = (i + 1) & (slots - 1)) {
		void *moved = slot[i];

		slot[i] = NULL;
		slot[place(moved)] = moved;
	}
}

void
__wrap_free(void *p)
{
	if (p != NULL)
		forget(p);
	__real_free(p);
}

void
fuzz_forget(void)
{
	for (size_t i = 0; i < slots; i++)
		__real_free(slot[i]);
	__real_free(slot);
	slot = NULL;
	slots = used = 0;
}

static char dir_name[PATH_MAX];
static int next_fd = -1;

int
__wrap_open(const char *path, int flags, ...)
{
	int fd = next_fd;

	next_fd = -1;
	if (fd != -1)
		return fd;
	if (dir_name[0] != '\0' &&
	    strncmp(path, dir_name, strlen(dir_name)) == 0)
		return __real_open(path, flags, 0600);
	errno = ENOENT;
	return -1;
}

int
__wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

void
__wrap_warn(const char *format, ...)
{
	(void)format;
}

void
__wrap_warnx(const char *format, ...)
{
	(void)format;
}

void
fuzz_next_open(int fd)
{
	next_fd = fd;
}

const char *
fuzz_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	if (dir_name[0] != '\0')
		return dir_name;
	snprintf(dir_name, sizeof dir_name, "%s/fuzz.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(dir_name) == NULL)
		abort();
	return dir_name;
}

void
fuzz_file_in(int dir, const char *name, const uint8_t *data, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);

	if (fd == -1 || (size > 0 && write(fd, data, size) != (ssize_t)size))
		abort();
	close(fd);
}

size_t
fuzz_split(const uint8_t **data, size_t *size, const uint8_t **rest)
{
	const uint8_t *at = memmem(*data, *size, "\n--\n", 4);
	size_t first = at == NULL ? *size : (size_t)(at - *data);

	*rest = at == NULL ? *data + *size : at + 4;
	*size -= (size_t)(*rest - *data);
	return first;
}

char *
fuzz_part(const uint8_t **data, size_t *size, size_t *len)
{
	const uint8_t *rest;
	char *text;

	*len = fuzz_split(data, size, &rest);
	text = xmalloc(*len + 1);
	memcpy(text, *data, *len);
	text[*len] = '\0';
	*data = rest;
	return text;
}

void *
fuzz_exact(const uint8_t *data, size_t size)
{
	void *exact = xmalloc(size);

	if (size > 0)
		memcpy(exact, data, size);
	return exact;
}

int
fuzz_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd == -1 || (size > 0 && write(fd, data, size) != (ssize_t)size) ||
	    lseek(fd, 0, SEEK_SET) == -1)
		abort();
	return fd;
}

char *
fuzz_string(const uint8_t *data, size_t size)
{
	return xstrndup((const char *)data, size);
}

/* lib/xalloc.h, with a memory. */
void *
xmalloc(size_t size)
{
	return remember(malloc(size == 0 ? 1 : size));
}

void *
xcalloc(size_t count, size_t size)
{
	return remember(calloc(count == 0 ? 1 : count, size == 0 ? 1 : size));
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	if (old != NULL)
		forget(old);
	return remember(reallocarray(old, count == 0 ? 1 : count,
	    size == 0 ? 1 : size));
}

void *
xrealloc(void *old, size_t size)
{
	return xreallocarray(old, size, 1);
}

char *
xstrdup(const char *text)
{
	return remember(strdup(text));
}

char *
xstrndup(const char *text, size_t len)
{
	char *copy = xmalloc(len + 1);
	size_t n = strnlen(text, len);

	memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

char *
xasprintf(const char *format, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, format);
	n = vasprintf(&text, format, ap);
	va_end(ap);
	return remember(n == -1 ? NULL : text);
}

void
xgrow(void *array, size_t *cap, size_t count, size_t size)
{
	void **p = array;

	if (count < *cap)
		return;
	*cap += *cap / 2 + 16;
	*p = xreallocarray(*p, *cap, size);
}
