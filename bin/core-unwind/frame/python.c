/* SPDX-License-Identifier: ISC */
#include "frame/python.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "frame/pytext.h"
#include "path.h"
#include "symbol/tls.h"
#include "target/arch.h"
#include "xalloc.h"

#define THREADS_MAX 4096		/* of an interpreter, and of them all */
#define CALLS_MAX 4000			/* Python calls of a thread */

/* Offsets from the headers of each version (Include/cpython, internal). */
static const struct python_layout layouts[] = {
	{ .minor = 8, .head = 32, .threads = 8, .thread_id = 176,
	  .frame = 24, .previous = 24, .code = 32, .lasti = 104,
	  .file = 104, .name = 112, .first_line = 40, .lines = 120,
	  .unicode = 48, .unicode_wide = 72 },
	{ .minor = 9, .head = 32, .threads = 8, .thread_id = 176,
	  .frame = 24, .previous = 24, .code = 32, .lasti = 104,
	  .file = 104, .name = 112, .first_line = 40, .lines = 120,
	  .unicode = 48, .unicode_wide = 72 },
	{ .minor = 10, .head = 32, .threads = 8, .thread_id = 176,
	  .frame = 24, .previous = 24, .code = 32, .lasti = 96,
	  .file = 104, .name = 112, .first_line = 40, .lines = 120,
	  .unicode = 48, .unicode_wide = 72 },
	{ .minor = 11, .head = 40, .threads = 16, .thread_id = 152,
	  .frame = 56, .current = 8, .previous = 48, .code = 32,
	  .instruction = 56, .entry = 68, .owner = 69, .text = 184,
	  .file = 112, .name = 128, .first_line = 72, .lines = 136,
	  .unicode = 48, .unicode_wide = 72 },
	{ .minor = 12, .head = 40, .threads = 72, .thread_id = 136,
	  .frame = 56, .current = 0, .previous = 8, .code = 0,
	  .instruction = 56, .owner = 70, .text = 192,
	  .file = 112, .name = 128, .first_line = 68, .lines = 136,
	  .unicode = 40, .unicode_wide = 56 }
};

enum { NEXT_THREAD = 8, NEXT_INTERPRETER = 0, OBJECT_TYPE = 8,
	OWNED_BY_C_STACK = 3 };

struct interpreter {
	struct pytext text;
	uint64_t runtime, code_type;
};

static int
word(struct interpreter *py, uint64_t at, uint64_t *value)
{
	return pytext_word(&py->text, at, value);
}

/* "3.11" in libpython3.11.so.1.0, python3.11, python3.11-dbg. */
static const struct python_layout *
find_layout(const struct module *m)
{
	const char *at = strstr(path_base(m->path), "python3.");
	unsigned long minor = at == NULL ? 0 : strtoul(at + 8, NULL, 10);

	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
		if (layouts[i].minor == minor)
			return &layouts[i];
	return NULL;
}

/* The module that interprets: it, and no other, has _PyRuntime. */
static int
find_interpreter(struct crash *c, struct interpreter *py)
{
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];
		const struct python_layout *layout = find_layout(m);

		if (layout == NULL)
			continue;
		py->runtime = symbols_address(&c->modules, m, "_PyRuntime",
		    NULL);
		py->code_type = symbols_address(&c->modules, m,
		    "PyCode_Type", NULL);
		py->text.modules = &c->modules;
		py->text.layout = layout;
		if (py->runtime != 0 && py->code_type != 0)
			return 0;
	}
	return -1;
}

/* The PyThreadState of a thread; the only one where there is one. */
static uint64_t
find_state(struct interpreter *py, uint64_t self)
{
	const struct python_layout *l = py->text.layout;
	uint64_t interpreter, state, id, first = 0;
	int seen = 0;

	if (word(py, py->runtime + l->head, &interpreter) == -1)
		return 0;
	/* A list without an end may be one of interpreters without threads. */
	for (int i = 0; interpreter != 0 && i < THREADS_MAX; i++) {
		if (word(py, interpreter + l->threads, &state) == -1)
			break;
		for (; state != 0 && seen < THREADS_MAX; seen++) {
			if (word(py, state + l->thread_id, &id) == -1)
				break;
			if (id == self && self != 0)
				return state;
			first = state;
			if (word(py, state + NEXT_THREAD, &state) == -1)
				break;
		}
		if (word(py, interpreter + NEXT_INTERPRETER, &interpreter) ==
		    -1)
			break;
	}
	return seen == 1 && self == 0 ? first : 0;
}

static uint64_t
first_frame(struct interpreter *py, uint64_t state)
{
	const struct python_layout *l = py->text.layout;
	uint64_t frame;

	if (word(py, state + l->frame, &frame) == -1 || frame == 0)
		return 0;
	if (l->minor < 11)
		return frame;
	return word(py, frame + l->current, &frame) == -1 ? 0 : frame;
}

/* Bytes into the code at which FRAME stands; -1 not begun. */
static int64_t
instruction(struct interpreter *py, uint64_t frame, uint64_t code)
{
	const struct python_layout *l = py->text.layout;
	uint64_t at;

	if (l->minor < 11) {
		if (word(py, frame + l->lasti, &at) == -1)
			return -1;
		at &= UINT32_MAX;
		/* From 3.10 on it counts instructions of two bytes. */
		return l->minor >= 10 ? 2 * (int64_t)(int32_t)(uint32_t)at :
		    (int64_t)(int32_t)(uint32_t)at;
	}
	if (word(py, frame + l->instruction, &at) == -1)
		return -1;
	return (int64_t)(at - (code + l->text));
}

static struct python_call *
read_call(struct interpreter *py, uint64_t frame)
{
	const struct python_layout *l = py->text.layout;
	struct python_call *call;
	uint64_t code, type, name, file;

	if (word(py, frame + l->code, &code) == -1 ||
	    word(py, code + OBJECT_TYPE, &type) == -1 ||
	    type != py->code_type ||
	    word(py, code + l->name, &name) == -1 ||
	    word(py, code + l->file, &file) == -1)
		return NULL;
	call = xcalloc(1, sizeof *call);
	call->function = pytext_string(&py->text, name);
	call->file = pytext_string(&py->text, file);
	call->line = pytext_line(&py->text, code,
	    instruction(py, frame, code));
	return call;
}

static uint8_t
byte(struct interpreter *py, uint64_t at)
{
	uint8_t b = 0;

	modules_read(py->text.modules, at, &b, 1);
	return b;
}

/*
 * The calls that one C frame interprets, from *FRAME on, which is left at the
 * first of the next one. 3.11 marks the last of them; in 3.12 one that stands
 * for the C frame follows.
 */
static struct python_call *
take_calls(struct interpreter *py, uint64_t *frame, size_t *left)
{
	const struct python_layout *l = py->text.layout;
	struct python_call *first = NULL, **end = &first;

	while (*frame != 0 && *left > 0) {
		uint64_t here = *frame;
		struct python_call *call;

		(*left)--;
		if (word(py, here + l->previous, frame) == -1)
			*frame = 0;
		if (l->minor == 12 &&
		    byte(py, here + l->owner) == OWNED_BY_C_STACK)
			return first;
		call = read_call(py, here);
		if (call == NULL) {
			*frame = 0;
			return first;
		}
		*end = call;
		end = &call->caller;
		if (l->minor < 11 ||
		    (l->minor == 11 && byte(py, here + l->entry) != 0))
			return first;
	}
	return first;
}

static int
interprets(const struct crash *c, const struct frame *f)
{
	static const char name[] = "_PyEval_EvalFrameDefault";
	const struct symbol *s = symbols_get(c->symbols, f->lookup);
	const char *function = s == NULL || s->count == 0 ? NULL :
	    s->location[s->count - 1].function;

	return function != NULL &&
	    strncmp(function, name, sizeof name - 1) == 0;
}

static void
read_thread(struct crash *c, size_t i, struct interpreter *py)
{
	const struct stack *s = &c->stacks[i];
	size_t known = s->omitted > 0 ? s->omitted_after : s->count;
	size_t left = CALLS_MAX;
	struct python_thread *to = &c->python[i];
	uint64_t state = find_state(py, tls_pointer(c->target,
	    &c->target->threads[i]));
	uint64_t frame = state == 0 ? 0 : first_frame(py, state);

	for (size_t n = 0; n < known && frame != 0; n++) {
		if (!interprets(c, &s->frame[n]))
			continue;
		if (to->call == NULL) {
			to->call = xcalloc(s->count, sizeof *to->call);
			to->count = s->count;
		}
		to->call[n] = take_calls(py, &frame, &left);
	}
}

void
python_read(struct crash *c)
{
	const struct target *t = c->target;
	struct interpreter py = { .runtime = 0 };

	if (!t->is64 || c->modules.options->no_files ||
	    find_interpreter(c, &py) == -1)
		return;
	c->python = xcalloc(t->nthreads, sizeof *c->python);
	for (size_t i = 0; i < t->nthreads; i++)
		if (c->stacks[i].count > 0)
			read_thread(c, i, &py);
}

const struct python_call *
python_at(const struct crash *c, size_t i, size_t n)
{
	const struct python_thread *th = c->python == NULL ? NULL :
	    &c->python[i];

	return th == NULL || n >= th->count ? NULL : th->call[n];
}
