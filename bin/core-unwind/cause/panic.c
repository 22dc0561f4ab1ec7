/* SPDX-License-Identifier: ISC */
#include "cause/panic.h"

#include <elf.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "xalloc.h"

#define TEXT_MAX 4096
#define STACK_MAX 16384			/* bytes that are searched */
#define LOOK_AT 40			/* frames */

/* Between these two stack pointers lie the frames that panicked. */
struct range {
	uint64_t low, high;
	int is_open;
};

/* LEN bytes at ADDRESS, if they are text; or NULL. The caller frees. */
static char *
read_text(struct crash *c, uint64_t address, uint64_t len)
{
	char *text;

	if (len == 0 || len > TEXT_MAX)
		return NULL;
	text = xmalloc(len + 1);
	text[len] = '\0';
	if (modules_read(&c->modules, address, text, len) == len) {
		size_t i = 0;

		while (i < len && ((unsigned char)text[i] >= 0x20 ||
		    text[i] == '\n' || text[i] == '\t') && text[i] != 0x7f)
			i++;
		if (i == len)
			return text;
	}
	free(text);
	return NULL;
}

static int
matches(const char *const *patterns, const char *name)
{
	for (; name != NULL && *patterns != NULL; patterns++)
		if (fnmatch(*patterns, name, 0) == 0)
			return 1;
	return 0;
}

/* --- Rust */

static int
find_rust(void *arg, size_t number, const struct shown_frame *f)
{
	static const char *const first[] = {
		"*rust_panic*", "*panic_with_hook*", NULL
	};
	static const char *const inside[] = {
		"core::*", "std::*", "alloc::*", "*rust_*", NULL
	};
	struct range *range = arg;
	const char *name = f->location->function;

	if (!range->is_open && matches(first, name)) {
		range->low = f->frame->sp;
		range->is_open = 1;
	} else if (range->is_open && !matches(inside, name)) {
		range->high = f->frame->sp;
		return 1;
	}
	return number > LOOK_AT;
}

/* core::panic::Location: the file's name, its length, line and column. */
static char *
rust_location(struct crash *c, uint64_t at)
{
	unsigned char b[24];
	uint64_t len;
	uint32_t line, column;
	char *file, *text;

	if (at < 4096 || modules_read(&c->modules, at, b, 24) != 24)
		return NULL;
	len = target_u64(c->target, b + 8);
	line = target_u32(c->target, b + 16);
	column = target_u32(c->target, b + 20);
	if (line == 0 || line > 1000000 || column == 0 || column > 100000)
		return NULL;
	file = read_text(c, target_u64(c->target, b), len);
	if (file == NULL || len < 4 || strcmp(file + len - 3, ".rs") != 0) {
		free(file);
		return NULL;
	}
	text = xasprintf("%s:%" PRIu32 ":%" PRIu32, file, line, column);
	free(file);
	return text;
}

/* A String's text is never there; what a word points to there is anything. */
static int
is_on_stack(const struct crash *c, uint64_t address)
{
	const struct stack *s = &c->stacks[0];

	return address >= s->frame[0].sp - STACK_MAX &&
	    address < s->frame[s->count - 1].sp + STACK_MAX;
}

/*
 * A panic with values to show has made a String of them, which has room for
 * its length or more; one without has the literal, which is not to be written.
 */
static char *
rust_text(struct crash *c, const unsigned char *words)
{
	uint64_t room = target_u64(c->target, words);
	uint64_t at = target_u64(c->target, words + 8);
	uint64_t len = target_u64(c->target, words + 16);
	const struct segment *s = target_segment(c->target, at);

	if (at < 4096 || len < 2 || len > TEXT_MAX || is_on_stack(c, at))
		return NULL;
	if (s != NULL && (s->flags & PF_W) != 0 &&
	    (room < len || room > (uint64_t)1 << 20))
		return NULL;
	return read_text(c, at, len);
}

static char *
rust_message(struct crash *c)
{
	struct range range = { 0 };
	unsigned char *words;
	char *place = NULL, *said = NULL, *text = NULL;
	size_t have;

	crash_each_frame(c, 0, find_rust, &range);
	if (range.low == 0 || range.high <= range.low)
		return NULL;
	if (range.high - range.low > STACK_MAX)
		range.high = range.low + STACK_MAX;
	words = xmalloc(STACK_MAX);
	have = target_read(c->target, range.low, words,
	    range.high - range.low);
	for (size_t i = 0; i + 24 <= have; i += 8) {
		if (place == NULL)
			place = rust_location(c,
			    target_u64(c->target, words + i));
		if (said == NULL)
			said = rust_text(c, words + i);
	}
	if (place != NULL || said != NULL)
		text = xasprintf("panicked%s%s%s%s", place == NULL ? "" :
		    " at ", place == NULL ? "" : place, said == NULL ? "" :
		    ": ", said == NULL ? "" : said);
	free(words);
	free(place);
	free(said);
	return text;
}

/* --- Go */

static int
find_go(void *arg, size_t number, const struct shown_frame *f)
{
	static const char *const panics[] = { "runtime.gopanic", NULL };
	struct range *range = arg;

	if (range->is_open) {
		range->high = f->frame->sp;
		return 1;
	}
	if (matches(panics, f->location->function)) {
		range->low = f->frame->sp;
		range->is_open = 1;
	}
	return number > LOOK_AT;
}

static int
find_go_throw(void *arg, size_t number, const struct shown_frame *f)
{
	static const char *const throws[] = {
		"runtime.throw", "runtime.fatal", NULL
	};
	struct range *range = arg;

	if (range->is_open) {
		range->high = f->frame->sp + 32;	/* its arguments */
		return 1;
	}
	if (matches(throws, f->location->function)) {
		range->low = f->frame->sp;
		range->is_open = 1;
	}
	return number > LOOK_AT;
}

/* A string is a pointer and a length. */
static char *
go_string(struct crash *c, uint64_t at)
{
	unsigned char b[16];

	/* Of a literal it is in the executable, and not in every core. */
	if (modules_read(&c->modules, at, b, sizeof b) != sizeof b)
		return NULL;
	return read_text(c, target_u64(c->target, b),
	    target_u64(c->target, b + 8));
}

/* Of SIZE bytes at AT. */
static char *
go_integer(struct crash *c, uint64_t at, uint64_t size, int is_signed)
{
	unsigned char b[8] = { 0 };
	unsigned unused = 64 - 8 * (unsigned)size;
	uint64_t value;

	if (size == 0 || size > sizeof b ||
	    modules_read(&c->modules, at, b, size) != size)
		return NULL;
	value = target_u64(c->target, b) << unused;
	return is_signed ? xasprintf("%" PRId64, (int64_t)value >> unused) :
	    xasprintf("%" PRIu64, value >> unused);
}

/* runtime.boundsError: what an index or a slice was, and what it had to be. */
static char *
go_bounds(struct crash *c, uint64_t at)
{
	unsigned char b[18];
	int64_t x, y;

	if (target_read(c->target, at, b, sizeof b) != sizeof b || b[17] > 8)
		return NULL;
	x = (int64_t)target_u64(c->target, b);
	y = (int64_t)target_u64(c->target, b + 8);
	if (b[17] == 0)
		return xasprintf("runtime error: index out of range [%" PRId64
		    "] with length %" PRId64, x, y);
	return xasprintf("runtime error: slice bounds out of range: %" PRId64
	    " with %" PRId64, x, y);
}

/*
 * An interface is a type and a value. Of the type (abi.Type) the size is first
 * and the kind is the byte at 23; what is told is a string, a whole number,
 * something whose first field is a string, as errors have it, and an index out
 * of range.
 */
static char *
go_value(struct crash *c, uint64_t type, uint64_t value)
{
	enum { KIND_INT = 2, KIND_INT64 = 6, KIND_UINTPTR = 12, KIND_PTR = 22,
	    KIND_STRING = 24, KIND_STRUCT = 25 };
	unsigned char b[24];
	uint64_t size;
	char *text;

	if (type < 4096 || value < 4096 || type % 8 != 0 ||
	    modules_read(&c->modules, type, b, sizeof b) != sizeof b)
		return NULL;
	size = target_u64(c->target, b);
	if ((b[23] & 31) >= KIND_INT && (b[23] & 31) <= KIND_UINTPTR)
		return go_integer(c, value, size, (b[23] & 31) <= KIND_INT64);
	if ((b[23] & 31) == KIND_STRING && size == 16) {
		text = go_string(c, value);
		/* runtime.errorString is one, and says its prefix itself. */
		return text;
	}
	if ((b[23] & 31) == KIND_PTR && size == 8)
		return go_string(c, value);
	if ((b[23] & 31) == KIND_STRUCT && size == 24)
		return go_bounds(c, value);
	return NULL;
}

static char *
go_message(struct crash *c)
{
	struct range range = { 0 };
	int is_panic = 1;
	char *said = NULL, *text;

	crash_each_frame(c, 0, find_go, &range);
	if (range.low == 0) {
		is_panic = 0;
		crash_each_frame(c, 0, find_go_throw, &range);
	}
	if (range.low == 0 || range.high <= range.low ||
	    range.high - range.low > STACK_MAX)
		return NULL;
	for (uint64_t at = range.low; at + 16 <= range.high && said == NULL;
	    at += 8) {
		uint64_t type, value;

		if (!is_panic)
			said = go_string(c, at);
		else if (target_word(c->target, at, &type) == 0 &&
		    target_word(c->target, at + 8, &value) == 0)
			said = go_value(c, type, value);
	}
	if (said == NULL)
		return NULL;
	text = xasprintf("%s%s", is_panic ? "panic: " : "fatal error: ", said);
	free(said);
	return text;
}

char *
panic_message(struct crash *c)
{
	char *text;

	if (!c->target->is64)
		return NULL;
	text = rust_message(c);
	return text != NULL ? text : go_message(c);
}
