/* SPDX-License-Identifier: ISC */
#include "memfile.h"

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"

static ssize_t
add(void *cookie, const char *bytes, size_t n)
{
	struct memfile *m = cookie;

	if (n >= m->cap - m->len) {
		size_t cap = m->cap * 2;
		char *bigger;

		while (cap < SIZE_MAX / 2 && n >= cap - m->len)
			cap *= 2;
		bigger = realloc(m->text, cap);
		if (bigger == NULL)
			return 0;
		m->text = bigger;
		m->cap = cap;
	}
	memcpy(m->text + m->len, bytes, n);
	m->len += n;
	return (ssize_t)n;
}

/* For ftello alone. */
static int
tell(void *cookie, off64_t *offset, int whence)
{
	struct memfile *m = cookie;

	if (*offset != 0 || whence == SEEK_SET)
		return -1;
	*offset = (off64_t)m->len;
	return 0;
}

int
memfile_open(struct memfile *m)
{
	*m = (struct memfile){ .cap = 1024 };
	m->text = malloc(m->cap);
	if (m->text == NULL)
		return -1;
	m->file = fopencookie(m, "w", (cookie_io_functions_t){ .write = add,
	    .seek = tell });
	if (m->file != NULL)
		return 0;
	free(m->text);
	errno = ENOMEM;
	return -1;
}

int
memfile_close(struct memfile *m)
{
	int bad = ferror(m->file);

	if (fclose(m->file) == EOF || bad) {
		free(m->text);
		m->text = NULL;
		m->len = 0;
		errno = ENOMEM;
		return -1;
	}
	m->text[m->len] = '\0';
	return 0;
}

void
xmemfile_open(struct memfile *m)
{
	if (memfile_open(m) == -1)
		err(EXIT_REFUSED, "allocate memory");
}

void
xmemfile_close(struct memfile *m)
{
	if (memfile_close(m) == -1)
		err(EXIT_REFUSED, "allocate memory");
}
