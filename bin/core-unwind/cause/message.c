/* SPDX-License-Identifier: ISC */
#include "cause/message.h"

#include <stdlib.h>
#include <string.h>

#include "cause/panic.h"
#include "crash.h"
#include "path.h"
#include "symbol/demangle.h"
#include "symbol/symbols.h"
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
		const char *base = path_base(m->path);
		uint64_t at, value;
		char *text;

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

/* The demangled name of the type whose type_info is at TYPE, or NULL. */
static char *
type_name(struct crash *c, uint64_t type)
{
	unsigned char word[8];
	char *mangled, *name, *clear;

	/* type_info: vtable, then the mangled name. */
	if (modules_read(&c->modules, type + 8, word, 8) != 8)
		return NULL;
	mangled = read_string(c, target_u64(c->target, word), 1024);
	if (mangled == NULL)
		return NULL;
	/* "*" marks a type local to its file. */
	name = xasprintf("_ZTS%s", mangled + (mangled[0] == '*'));
	clear = demangle(name);
	free(name);
	free(mangled);
	if (strncmp(clear, "typeinfo name for ", 18) == 0)
		memmove(clear, clear + 18, strlen(clear + 18) + 1);
	return clear;
}

/*
 * Is the type one of the two that hold a text, or derived from one? The base
 * follows the name, of a class with one; with several the first is at 24.
 */
static int
has_text(struct crash *c, uint64_t type, int depth)
{
	static const uint64_t bases[] = { 16, 24 };
	char *name = depth > 8 ? NULL : type_name(c, type);
	unsigned char word[8];
	int yes;

	if (name == NULL)
		return 0;
	yes = strcmp(name, "std::runtime_error") == 0 ||
	    strcmp(name, "std::logic_error") == 0;
	free(name);
	for (size_t i = 0; !yes && i < 2; i++)
		yes = modules_read(&c->modules, type + bases[i], word, 8) ==
		    8 && has_text(c, target_u64(c->target, word), depth + 1);
	return yes;
}

/* What a string, or a number, that was thrown says; or a what(). */
static char *
thrown_text(struct crash *c, uint64_t type, const char *name, uint64_t object)
{
	uint64_t at, number;

	/* Here is an object that begins with a pointer to its characters. */
	if (strcmp(name, "char const*") == 0 ||
	    strcmp(name, "char*") == 0 || strncmp(name,
	    "std::__cxx11::basic_string<char", 31) == 0)
		return target_word(c->target, object, &at) == -1 ? NULL :
		    read_string(c, at, MESSAGE_MAX);
	if (strcmp(name, "int") == 0)
		return target_word(c->target, object, &number) == -1 ? NULL :
		    xasprintf("%d", (int)(int32_t)(uint32_t)number);
	/* The text of the two follows the pointer to the vtable. */
	if (!has_text(c, type, 0) ||
	    target_word(c->target, object + 8, &at) == -1)
		return NULL;
	return read_string(c, at, MESSAGE_MAX);
}

/*
 * An exception in flight, seen from its _Unwind_Exception (Itanium C++ ABI,
 * exception handling, 2.2.1; libsupc++'s unwind-cxx.h, libc++abi's
 * cxa_exception.h): the type_info pointer lies 0x50 bytes before it on 64-bit
 * machines, the thrown object 0x20 after. Of one that std::rethrow_exception()
 * threw, where that pointer is libsupc++ has the object; libc++abi has it just
 * before.
 */
static char *
describe_exception(struct crash *c, uint64_t header, uint64_t class)
{
	uint64_t type, object = header + 0x20;
	int is_gnu = class >> 32 == 0x474e5543;		/* "GNUC" */
	char *name, *said, *text;

	if ((class & 1) != 0) {
		if (target_word(c->target, header - (is_gnu ? 0x50 : 0x58),
		    &object) == -1)
			return NULL;
		header = object - 0x20;
	}
	if (target_word(c->target, header - 0x50, &type) == -1)
		return NULL;
	name = type_name(c, type);
	if (name == NULL)
		return NULL;
	said = thrown_text(c, type, name, object);
	text = said == NULL ? xasprintf(MESSAGE_EXCEPTION " %s", name) :
	    xasprintf(MESSAGE_EXCEPTION " %s: %s", name, said);
	free(name);
	free(said);
	return text;
}

static char *
exception_message(struct crash *c)
{
	uint64_t at;
	unsigned char *words;
	size_t have;
	char *text = NULL;

	if (!c->target->is64 || c->target->nthreads == 0 ||
	    (!stack_has(c, "terminate") && !stack_has(c, "__cxa_throw") &&
	    !stack_has(c, "__gxx_personality")))
		return NULL;
	at = c->stacks[0].frame[0].sp;
	words = xmalloc(STACK_MAX);
	have = target_read(c->target, at, words, STACK_MAX);
	for (size_t i = 0; i + 8 <= have && text == NULL; i += 8) {
		uint64_t p = target_u64(c->target, words + i), class;

		/* "GNUCC++", "CLNGC++", and whether it is a rethrown one. */
		if (p < 4096 || p % 8 != 0 ||
		    target_word(c->target, p, &class) == -1 ||
		    (class >> 8 != 0x474e5543432b2b &&
		    class >> 8 != 0x434c4e47432b2b) || (class & 0xff) > 1)
			continue;
		text = describe_exception(c, p, class);
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
	if (text == NULL)
		text = panic_message(c);
	return text;
}
