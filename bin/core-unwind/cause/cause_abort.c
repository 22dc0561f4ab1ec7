/* SPDX-License-Identifier: ISC */
#include "cause/cause_abort.h"

#include <stddef.h>
#include <fnmatch.h>
#include <string.h>

#include "cause/message.h"
#include "crash.h"
#include "xalloc.h"

#define LOOK_AT 40			/* frames */

static const struct { const char *pattern; size_t flag; } functions[] = {
	{ "abort", offsetof(struct seen, abort) },
	{ "__GI_abort", offsetof(struct seen, abort) },
	{ "std::terminate*", offsetof(struct seen, terminate) },
	{ "__cxa_throw", offsetof(struct seen, thrown) },
	{ "__cxa_rethrow", offsetof(struct seen, thrown) },
	{ "__gxx_personality_v0", offsetof(struct seen, personality) },
	{ "__cxa_call_terminate", offsetof(struct seen, personality) },
	{ "__clang_call_terminate", offsetof(struct seen, personality) },
	{ "__cxa_pure_virtual", offsetof(struct seen, pure_virtual) },
	{ "std::thread::~thread*",
	    offsetof(struct seen, thread_destructor) },
	{ "std::thread::operator=*",
	    offsetof(struct seen, thread_destructor) },
	{ "operator new*", offsetof(struct seen, out_of_memory) },
	{ "*handle_alloc_error*", offsetof(struct seen, out_of_memory) },
	{ "*rust_oom*", offsetof(struct seen, out_of_memory) },
	{ "*rust_panic*", offsetof(struct seen, rust_panic) },
	{ "core::panicking::*", offsetof(struct seen, rust_panic) },
	/* What calls main is std::panicking::catch_unwind. */
	{ "std::panicking::begin_panic*", offsetof(struct seen, rust_panic) },
	{ "std::panicking::panic_*", offsetof(struct seen, rust_panic) },
	{ "std::process::abort", offsetof(struct seen, rust_abort) },
	{ "runtime.gopanic", offsetof(struct seen, go_panic) },
	{ "runtime.throw", offsetof(struct seen, go_throw) },
	{ "runtime.fatalthrow", offsetof(struct seen, go_throw) },
	{ "__stack_chk_fail*", offsetof(struct seen, stack_check) },
	{ "__chk_fail", offsetof(struct seen, fortify) }
};

static int
look(void *arg, size_t number, const struct shown_frame *f)
{
	struct seen *seen = arg;
	const char *name = f->location->function;

	if (f->frame->is_trampoline)
		return 1;
	for (size_t i = 0; name != NULL &&
	    i < sizeof functions / sizeof functions[0]; i++)
		if (fnmatch(functions[i].pattern, name, 0) == 0)
			*(int *)(void *)((char *)seen + functions[i].flag) = 1;
	return number > LOOK_AT;
}

void
cause_look(const struct crash *c, struct seen *seen)
{
	memset(seen, 0, sizeof *seen);
	crash_each_frame(c, 0, look, seen);
}

/*
 * "prog: file:line: function: Assertion `EXPRESSION' failed." (assert.c). The
 * function may have blanks and colons of its own.
 */
static char *
assertion_cause(const char *message)
{
	const char *mark = strstr(message, "Assertion `");
	const char *from = mark + 11, *to = NULL, *colon, *place = NULL;
	int colons = 0;

	for (const char *p = from; (p = strstr(p, "' failed")) != NULL; p++)
		to = p;
	if (to == NULL)
		return xstrdup("assertion failed");
	/* The place is what lies before ": FUNCTION: Assertion". */
	for (const char *p = message; p < mark; p++)
		if (p[0] == ':' && p[1] == ' ' && colons++ == 0)
			place = p + 2;
	colon = place == NULL ? NULL : strstr(place, ": ");
	if (colon == NULL || colon >= mark)
		return xasprintf("assertion failed: %.*s", (int)(to - from),
		    from);
	/* "function: " ends where the assertion begins. */
	if (mark - colon > 4)
		return xasprintf("assertion failed: %.*s, in %.*s at %.*s",
		    (int)(to - from), from, (int)(mark - colon - 4),
		    colon + 2, (int)(colon - place), place);
	return xasprintf("assertion failed: %.*s at %.*s", (int)(to - from),
	    from, (int)(colon - place), place);
}

/* What glibc says before it aborts sorts by how it begins. */
static const struct { const char *part, *cause; } kinds[] = {
	{ "stack smashing detected", "stack smashing detected: a buffer on "
	    "the stack was overrun" },
	{ "buffer overflow detected", "buffer overflow detected by a "
	    "fortified function" },
	{ "longjmp causes uninitialized", "longjmp() to a frame that is not "
	    "there any more" },
	{ "%n in writable segment", "%n in a format string that can be "
	    "written to" },
	{ "invalid %N$ use", "a format string with %N$ that leaves arguments "
	    "out" },
	{ "bit out of range", "a descriptor too large for FD_SET()" },
	{ "double free", "heap corruption: double free" },
	{ "free(): ", "heap corruption, found by free()" },
	{ "munmap_chunk(): ", "heap corruption, found by free()" },
	{ "realloc(): ", "heap corruption, found by realloc()" },
	{ "mremap_chunk(): ", "heap corruption, found by realloc()" },
	{ "malloc_check_get_size", "heap corruption" },
	{ "malloc", "heap corruption, found by malloc()" },
	{ "corrupted size", "heap corruption" },
	{ "corrupted double-linked", "heap corruption" },
	{ "break adjusted to free", "heap corruption, found by malloc()" },
	{ "tcache", "heap corruption" },
	{ "invalid stdio handle", "invalid stdio handle" },
	{ "stack overflow", "stack overflow, found by the C library" }
};

/* "heap corruption, found by malloc(): malloc(): corrupted top size" */
static char *
library_cause(const char *message)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strstr(message, kinds[i].part) == NULL)
			continue;
		if (strncmp(kinds[i].cause, "heap corruption", 15) != 0)
			return xstrdup(kinds[i].cause);
		return xasprintf("%s: %.*s", kinds[i].cause,
		    (int)strcspn(message, "\n"), message);
	}
	return NULL;
}

/* Nothing is in flight, or something that no handler was looked for. */
static const char *
terminate_cause(const struct seen *seen)
{
	if (seen->pure_virtual)
		return "a pure virtual function was called";
	if (seen->thread_destructor)
		return "std::terminate() was called: a std::thread that was "
		    "neither joined nor detached was destroyed";
	if (seen->personality)
		return "std::terminate() was called: an exception left a "
		    "function that is noexcept";
	return "std::terminate() was called";
}

static char *
spoken_cause(const struct crash *c, const struct seen *seen)
{
	size_t line = strcspn(c->message, "\n");
	char *cause;

	if (strncmp(c->message, MESSAGE_EXCEPTION,
	    sizeof MESSAGE_EXCEPTION - 1) == 0) {
		if (strstr(c->message, " std::bad_alloc") != NULL)
			return xasprintf("%.*s: out of memory", (int)line,
			    c->message);
		return seen->personality ? xasprintf("%.*s, which left a "
		    "function that is noexcept", (int)line, c->message) :
		    xstrndup(c->message, line);
	}
	if (strncmp(c->message, "panicked", 8) == 0)
		return xasprintf("Rust code %.*s", (int)line, c->message);
	if (seen->go_panic || seen->go_throw)
		return xasprintf("Go %.*s", (int)line, c->message);
	if (strstr(c->message, "Assertion `") != NULL)
		return assertion_cause(c->message);
	cause = library_cause(c->message);
	return cause != NULL ? cause : xasprintf("abort() was called: %.*s",
	    (int)line, c->message);
}

char *
cause_of_abort(const struct crash *c, const struct seen *seen)
{
	if (c->message != NULL)
		return spoken_cause(c, seen);
	if (seen->pure_virtual || seen->terminate || seen->personality)
		return xstrdup(terminate_cause(seen));
	if (seen->out_of_memory)
		return xstrdup("out of memory: an allocation that must not "
		    "fail did");
	if (seen->rust_panic)
		return xstrdup("Rust panic");
	if (seen->rust_abort)
		return xstrdup("std::process::abort() was called");
	if (seen->go_panic || seen->go_throw)
		return xstrdup(seen->go_panic ? "Go panic" :
		    "Go fatal error");
	if (seen->stack_check)
		return xstrdup(kinds[0].cause);
	if (seen->fortify)
		return xstrdup(kinds[1].cause);
	return xstrdup("abort() was called");
}
