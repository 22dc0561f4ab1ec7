/* SPDX-License-Identifier: ISC */
/*
 * LD_PRELOAD: memory that is not to be had; which of it is said by the
 * environment, see hit.h. With AddressSanitizer its allocator has the rest.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include <stddef.h>
#include <stdlib.h>

#include "hit.h"

/* dlsym(3) would want memory itself. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

/* Those of AddressSanitizer, where the program has it. */
#define WEAK __attribute__((weak))
WEAK void *__interceptor_malloc(size_t);
WEAK void *__interceptor_calloc(size_t, size_t);
WEAK void *__interceptor_realloc(void *, size_t);

void *
malloc(size_t size)
{
	if (hit("memory", "malloc", -1, NULL) == FAIL)
		return NULL;
	return __interceptor_malloc != NULL ? __interceptor_malloc(size) :
	    __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	if (hit("memory", "calloc", -1, NULL) == FAIL)
		return NULL;
	return __interceptor_calloc != NULL ?
	    __interceptor_calloc(count, size) : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	if (hit("memory", "realloc", -1, NULL) == FAIL)
		return NULL;
	return __interceptor_realloc != NULL ?
	    __interceptor_realloc(old, size) : __libc_realloc(old, size);
}

void *
mmap64(void *at, size_t size, int prot, int flags, int fd, off64_t offset)
{
	static void *(*real)(void *, size_t, int, int, int, off64_t);

	if (hit("memory", "mmap", -1, NULL) == FAIL)
		return MAP_FAILED;
	if (real == NULL)
		*(void **)&real = next("mmap64");
	return real(at, size, prot, flags, fd, offset);
}
