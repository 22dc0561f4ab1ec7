/* SPDX-License-Identifier: ISC */
#include "report/framesjson.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "memfile.h"
#include "report/localsout.h"
#include "xalloc.h"

/* Primes. */
#define FRAMES_KEPT 1021
#define STACKS_KEPT 61
#define STACK_MAX 256			/* frames of one that is kept */

/* Lines and columns count from 1: what is less is not known. */
static void
put_count(struct jsonw *w, const char *key, int value)
{
	if (value > 0)
		jsonw_int(w, key, value);
	else
		jsonw_null(w, key);
}

static void
put_call(struct jsonw *w, const struct python_call *call)
{
	jsonw_string(w, "function", call->function);
	jsonw_string(w, "file", call->file);
	put_count(w, "line", call->line);
}

static void
put_python(struct jsonw *w, const struct python_call *call)
{
	jsonw_begin_object(w, "python");
	put_call(w, call);
	if (call->caller != NULL) {
		jsonw_begin_array(w, "callers");
		for (call = call->caller; call != NULL; call = call->caller) {
			jsonw_begin_object(w, NULL);
			put_call(w, call);
			jsonw_end_object(w);
		}
		jsonw_end_array(w);
	}
	jsonw_end_object(w);
}

static void
put_frame(struct jsonw *w, const struct shown_frame *f)
{
	const struct location *l = f->location;
	char offset[24];

	jsonw_begin_object(w, NULL);
	jsonw_address(w, "pc", f->frame->pc);
	jsonw_string(w, "function", l->function);
	if (f->symbol != NULL && f->symbol->function_start != 0 &&
	    !f->is_inline && f->frame->pc >= f->symbol->function_start) {
		snprintf(offset, sizeof offset, "0x%" PRIx64,
		    f->frame->pc - f->symbol->function_start);
		jsonw_string(w, "offset", offset);
	} else
		jsonw_null(w, "offset");
	if (f->module != NULL) {
		jsonw_string(w, "module", f->module->path);
		jsonw_address(w, "module_offset",
		    f->frame->pc - f->module->bias);
		jsonw_string(w, "build_id", module_build_id(f->module));
	} else {
		jsonw_null(w, "module");
		jsonw_null(w, "module_offset");
		jsonw_null(w, "build_id");
	}
	jsonw_string(w, "file", l->file);
	put_count(w, "line", l->line);
	put_count(w, "column", l->column);
	jsonw_bool(w, "inline", f->is_inline);
	jsonw_string(w, "trust", trust_name(f->frame->trust));
	if (f->frame->is_trampoline)
		jsonw_bool(w, "signal_frame", 1);
	if (f->frame->is_tail_call)
		jsonw_bool(w, "tail_call", 1);
	if (f->python != NULL)
		put_python(w, f->python);
	if (f->variables != NULL)
		localsout_json(w, f->variables);
	jsonw_end_object(w);
}

/* A frame in words: what it was is compared, what is not there is anew. */
struct rendered_frame {
	const struct location *location;
	uint64_t pc;
	uint8_t trust, is_trampoline, is_tail_call;
	struct memfile words;
};

/* All frames of a thread, with the commas between them. */
struct rendered_stack {
	const struct stack *stack;
	struct memfile words;
};

struct framesjson {
	struct jsonw *json;
	struct rendered_frame frame[FRAMES_KEPT];
	struct rendered_stack stack[STACKS_KEPT];
};

struct framesjson *
framesjson_new(void)
{
	return xcalloc(1, sizeof(struct framesjson));
}

void
framesjson_free(struct framesjson *out)
{
	for (size_t i = 0; i < FRAMES_KEPT; i++)
		free(out->frame[i].words.text);
	for (size_t i = 0; i < STACKS_KEPT; i++)
		free(out->stack[i].words.text);
	free(out);
}

static void
begin_words(struct memfile *words, struct jsonw *w)
{
	free(words->text);
	xmemfile_open(words);
	jsonw_init(w, words->file);
}

static int
put_rendered(void *arg, size_t number, const struct shown_frame *f)
{
	struct framesjson *out = arg;
	struct rendered_frame *r;

	(void)number;
	/* Other variables in each, and other lines of the interpreter's. */
	if (f->python != NULL || f->variables != NULL) {
		put_frame(out->json, f);
		return 0;
	}
	r = &out->frame[(f->frame->pc ^ (uintptr_t)f->location >> 4) %
	    FRAMES_KEPT];
	if (r->words.text == NULL || r->location != f->location ||
	    r->pc != f->frame->pc || r->trust != f->frame->trust ||
	    r->is_trampoline != f->frame->is_trampoline ||
	    r->is_tail_call != f->frame->is_tail_call) {
		struct jsonw w;

		begin_words(&r->words, &w);
		put_frame(&w, f);
		xmemfile_close(&r->words);
		r->location = f->location;
		r->pc = f->frame->pc;
		r->trust = f->frame->trust;
		r->is_trampoline = f->frame->is_trampoline;
		r->is_tail_call = f->frame->is_tail_call;
	}
	jsonw_raw(out->json, r->words.text, r->words.len);
	return 0;
}

static int
is_same(const struct stack *a, const struct stack *b)
{
	if (a->count != b->count)
		return 0;
	for (size_t i = 0; i < a->count; i++) {
		const struct frame *x = &a->frame[i], *y = &b->frame[i];

		if (x->pc != y->pc || x->lookup != y->lookup ||
		    x->trust != y->trust ||
		    x->is_trampoline != y->is_trampoline ||
		    x->is_tail_call != y->is_tail_call)
			return 0;
	}
	return 1;
}

static size_t
slot_of(const struct stack *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum = sum * 31 + s->frame[i].pc;
	return (size_t)(sum % STACKS_KEPT);
}

void
framesjson_thread(struct framesjson *out, const struct crash *c, size_t i,
    struct jsonw *w)
{
	const struct stack *s = &c->stacks[i];
	struct rendered_stack *r;

	if (s->count == 0 || s->count > STACK_MAX || c->python != NULL ||
	    c->locals != NULL) {
		out->json = w;
		crash_each_frame(c, i, put_rendered, out);
		return;
	}
	r = &out->stack[slot_of(s)];
	if (r->stack == NULL || !is_same(r->stack, s)) {
		struct jsonw words;

		begin_words(&r->words, &words);
		out->json = &words;
		crash_each_frame(c, i, put_rendered, out);
		xmemfile_close(&r->words);
		r->stack = s;
	}
	jsonw_raw(w, r->words.text, r->words.len);
}
