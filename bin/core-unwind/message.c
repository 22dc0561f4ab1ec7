/* SPDX-License-Identifier: ISC */
#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "demangle.h"
#include "symbols.h"
#include "xalloc.h"

#define MESSAGE_MAX 4096
#define STACK_MAX ((size_t)64 << 10)	/* between abort and the throw */

/* The string at ADDRESS, at most MAX bytes of it; NULL when it is none. */
static char *
read_string(struct crash *c, uint64_t address, size_t max)
{
	char *text = xmalloc(max + 1);
	size_t n = modules_read(&c->modules, address, text, max);

	text[n] = '\0';
	if (n == 0 || text[0] == '\0') {
		free(text);
		return NULL;
	}
	return text;
}

/*
 * glibc: __abort_msg points at { unsigned size; char msg[]; }, set by assert,
 * malloc, the stack protector and fortify before they abort (assert/assert.c).
 */
static char *
abort_message(struct crash *c)
{
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];
		const char *base = strrchr(m->path, '/');
		uint64_t at, value;
		char *text;

		base = base == NULL ? m->path : base + 1;
		if (!m->is_main && strncmp(base, "libc.so", 7) != 0 &&
		    strncmp(base, "libc-", 5) != 0)
			continue;
		at = symbols_address(&c->modules, m, "__abort_msg", NULL);
		if (at == 0 || target_word(c->target, at, &value) == -1 ||
		    value == 0)
			continue;
		text = read_string(c, value + 4, MESSAGE_MAX);
		if (text == NULL)
			continue;
		/* It is a line: the newline at its end says nothing. */
		for (size_t n = strlen(text); n > 0 && text[n - 1] == '\n';)
			text[--n] = '\0';
		return text;
	}
	return NULL;
}

/* Does the stack of the crashed thread pass through a function so named? */
struct search {
	const char *part;
	int found;
};

static int
look_for(void *arg, size_t number, const struct shown_frame *f)
{
	struct search *s = arg;

	if (number > 30)
		return 1;
	s->found |= f->location->function != NULL &&
	    strstr(f->location->function, s->part) != NULL;
	return s->found;
}

static int
stack_has(struct crash *c, const char *part)
{
	struct search s = { part, 0 };

	crash_each_frame(c, 0, look_for, &s);
	return s.found;
}

/*
 * An exception in flight, seen from its _Unwind_Exception (Itanium C++ ABI,
 * exception handling, 2.2.1; libsupc++'s unwind-cxx.h): the type_info pointer
 * lies 0x50 bytes before it on 64-bit machines, the thrown object 0x20 after.
 */
static char *
describe_exception(struct crash *c, uint64_t header)
{
	uint64_t type, name, what;
	char *mangled, *clear, *text, *said = NULL;

	if (target_word(c->target, header - 0x50, &type) == -1)
		return NULL;
	/* type_info: vtable, then the mangled name. */
	if (modules_read(&c->modules, type + 8, &name, 8) != 8)
		return NULL;
	name = target_u64(c->target, &name);
	mangled = read_string(c, name, 1024);
	if (mangled == NULL)
		return NULL;
	/* "*" marks a type local to its file. */
	text = xasprintf("_ZTS%s", mangled + (mangled[0] == '*'));
	clear = demangle(text);
	free(text);
	free(mangled);
	/* Derived from runtime_error or logic_error: a pointer to the text
	   follows the vtable pointer. */
	if (target_word(c->target, header + 0x28, &what) == 0)
		said = read_string(c, what, MESSAGE_MAX);
	for (char *p = said; p != NULL && *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t') {
			free(said);
			said = NULL;
			break;
		}
	}
	text = strncmp(clear, "typeinfo name for ", 18) == 0 ? clear + 18 :
	    clear;
	text = said == NULL ?
	    xasprintf("uncaught C++ exception %s", text) :
	    xasprintf("uncaught C++ exception %s: %s", text, said);
	free(clear);
	free(said);
	return text;
}

static char *
exception_message(struct crash *c)
{
	static const char mark[7] = "++CCUNG";
	uint64_t at;
	unsigned char *words;
	size_t have;
	char *text = NULL;

	if (!c->target->is64 || c->target->nthreads == 0 ||
	    !stack_has(c, "terminate"))
		return NULL;
	at = c->stacks[0].frame[0].sp;
	words = xmalloc(STACK_MAX);
	have = target_read(c->target, at, words, STACK_MAX);
	for (size_t i = 0; i + 8 <= have && text == NULL; i += 8) {
		uint64_t p = target_u64(c->target, words + i);
		unsigned char class[8];

		/* The last byte is 0, or 1 for a rethrown one; in memory it
		   comes first on little-endian machines. */
		if (p < 4096 || p % 8 != 0 ||
		    target_read(c->target, p, class, 8) != 8 ||
		    memcmp(class + 1, mark, 7) != 0)
			continue;
		text = describe_exception(c, p);
	}
	free(words);
	return text;
}

char *
message_find(struct crash *c)
{
	char *text;

	if (c->target->nthreads == 0 || c->stacks[0].count == 0 ||
	    c->modules.options->no_files)
		return NULL;
	text = abort_message(c);
	if (text == NULL)
		text = exception_message(c);
	return text;
}
