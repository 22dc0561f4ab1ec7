/* SPDX-License-Identifier: ISC */
#include "report/surroundings.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "report/disasm.h"
#include "target/arch.h"
#include "text.h"
#include "xalloc.h"

#define LINE 16
#define CODE_BEFORE 16			/* bytes shown before the pc */
#define CODE_BYTES 48
#define NEAR_BEFORE 16			/* and before where a register points */
#define NEAR_BYTES 64
#define NEAR_MAX 8			/* registers that are shown */
#define MAP_ALL 24			/* mappings: so many are all shown */
#define MAP_AROUND 6			/* else on each side of a fault */

static void
put_line(FILE *out, uint64_t address, const unsigned char *b, size_t n,
    const char *mark, int with_text)
{
	fprintf(out, "%s %012" PRIx64, mark, address);
	for (size_t i = 0; i < LINE; i++)
		if (i < n)
			fprintf(out, " %02x", b[i]);
		else
			fputs("   ", out);
	if (with_text) {
		putc(' ', out);
		for (size_t i = 0; i < n; i++)
			putc(b[i] >= 0x20 && b[i] < 0x7f ? b[i] : '.', out);
	}
	putc('\n', out);
}

void
surroundings_code(struct crash *c, FILE *out)
{
	uint64_t pc = c->target->threads[0].registers.pc;
	uint64_t at = pc - CODE_BEFORE;
	unsigned char b[CODE_BYTES];
	size_t n;

	if (disasm_write(c, out) > 0)
		return;
	n = modules_read(&c->modules, at, b, sizeof b);
	if (n < CODE_BEFORE)
		n = modules_read(&c->modules, at = pc, b,
		    CODE_BYTES - CODE_BEFORE);
	if (n == 0)
		return;
	fprintf(out, "\nCode at pc\n");
	for (size_t i = 0; i < n; i += LINE)
		put_line(out, at + i, b + i, n - i < LINE ? n - i : LINE,
		    at + i == pc ? "->" : "  ", 0);
}

/* "[stack]", the mapped file's name, or "anonymous memory". */
static void
put_what(const struct crash *c, const struct segment *s, FILE *out)
{
	const struct target *t = c->target;
	const struct mapping *m = target_mapping(t, s->start);
	uint64_t sp = t->threads[0].registers.value[t->arch->sp];
	char *path;

	if (m != NULL) {
		path = text_printable(m->path, (size_t)-1);
		fprintf(out, "%s", path);
		free(path);
	} else
		fputs(sp >= s->start && sp < s->end ? "the stack" :
		    "anonymous memory", out);
}

/*
 * Where the words end that the kernel put above the first frame of the main
 * thread, and its arguments and environment begin: secrets live there.
 */
static uint64_t
environment_start(const struct crash *c)
{
	const struct target *t = c->target;

	for (size_t i = 0; i < t->nthreads; i++) {
		const struct stack *s = &c->stacks[i];

		if (t->threads[i].tid == t->pid)
			return s->count > 0 ? s->frame[s->count - 1].sp :
			    t->threads[i].registers.value[t->arch->sp];
	}
	return 0;
}

/* How many bytes at AT may be shown: none of the environment's. */
static size_t
showable(const struct crash *c, uint64_t at, size_t n)
{
	uint64_t start = environment_start(c);
	const struct segment *s = target_segment(c->target, start);

	if (start == 0 || s == NULL || at + n <= start || at >= s->end)
		return n;
	return at >= start ? 0 : (size_t)(start - at);
}

/* Memory that is shown: of the registers that point into it. */
struct near {
	uint64_t at;
	size_t n;
	size_t reg[NEAR_MAX], nregs;
};

struct nears {
	struct near item[NEAR_MAX];
	size_t count;
};

/* Is what register REG points to among what is shown? Then it is told so. */
static int
is_shown(struct nears *shown, size_t reg, uint64_t v)
{
	for (size_t i = 0; i < shown->count; i++) {
		struct near *near = &shown->item[i];

		if (v < near->at || v - near->at >= near->n)
			continue;
		if (near->nregs < NEAR_MAX)
			near->reg[near->nregs++] = reg;
		return 1;
	}
	return 0;
}

static void
choose_near(struct crash *c, size_t reg, int anonymous, struct nears *shown)
{
	struct target *t = c->target;
	uint64_t v = t->threads[0].raw[reg];
	const struct segment *s = target_segment(t, v);
	struct near near = {
		.at = (v & ~(uint64_t)(LINE - 1)) - NEAR_BEFORE,
		.reg = { reg }, .nregs = 1
	};
	unsigned char b[NEAR_BYTES];

	if (s == NULL || (s->flags & PF_X) != 0 ||
	    t->arch->raw[reg].dwarf == NOT_DWARF ||
	    (target_mapping(t, v) == NULL) != anonymous ||
	    is_shown(shown, reg, v) || shown->count >= NEAR_MAX)
		return;
	if (near.at < s->start || near.at > v)
		near.at = s->start;
	near.n = showable(c, near.at, target_read(t, near.at, b, sizeof b));
	if (near.n > 0 && v - near.at < near.n)
		shown->item[shown->count++] = near;
}

static void
put_near(struct crash *c, const struct near *near, FILE *out)
{
	struct target *t = c->target;
	unsigned char b[NEAR_BYTES];
	size_t n = target_read(t, near->at, b, near->n);

	fputs("Memory near ", out);
	for (size_t i = 0; i < near->nregs; i++)
		fprintf(out, "%s%s", i == 0 ? "" :
		    i == near->nregs - 1 ? " and " : ", ",
		    t->arch->raw[near->reg[i]].name);
	fputs(", in ", out);
	put_what(c, target_segment(t, near->at), out);
	putc('\n', out);
	for (size_t k = 0; k < n; k += LINE) {
		const char *mark = "  ";

		for (size_t i = 0; i < near->nregs; i++)
			if (t->threads[0].raw[near->reg[i]] - near->at - k <
			    LINE)
				mark = "->";
		put_line(out, near->at + k, b + k, n - k < LINE ? n - k : LINE,
		    mark, 1);
	}
}

/* Stacks and heaps first: a library's data is the same in every crash. */
void
surroundings_memory(struct crash *c, FILE *out)
{
	struct nears shown = { .count = 0 };

	for (int anonymous = 1; anonymous >= 0; anonymous--)
		for (size_t i = 0; i < c->target->arch->nraw; i++)
			choose_near(c, i, anonymous, &shown);
	for (size_t i = 0; i < shown.count; i++) {
		if (i == 0)
			putc('\n', out);
		put_near(c, &shown.item[i], out);
	}
}

static void
put_mapping(const struct crash *c, const struct segment *s, const char *mark,
    FILE *out)
{
	fprintf(out, "%s %012" PRIx64 "-%012" PRIx64 " %c%c%c  ", mark,
	    s->start, s->end, (s->flags & PF_R) != 0 ? 'r' : '-',
	    (s->flags & PF_W) != 0 ? 'w' : '-',
	    (s->flags & PF_X) != 0 ? 'x' : '-');
	put_what(c, s, out);
	putc('\n', out);
}

/*
 * What was mapped, *COUNT of them, which the caller frees: the parts of a
 * mapping of which not all is in the core are one.
 */
static struct segment *
whole_mappings(const struct target *t, size_t *count)
{
	struct segment *map = xcalloc(t->nsegments, sizeof *map);

	*count = 0;
	for (size_t i = 0; i < t->nsegments; i++) {
		if (i > 0 && t->segments[i].continues)
			map[*count - 1].end = t->segments[i].end;
		else
			map[(*count)++] = t->segments[i];
	}
	return map;
}

/* Which of COUNT are shown: all, or those next to AT. */
static void
choose_mappings(size_t count, size_t at, size_t *first, size_t *last)
{
	*first = 0;
	*last = count;
	if (count <= MAP_ALL)
		return;
	if (at > MAP_AROUND)
		*first = at - MAP_AROUND;
	if (*last - at > MAP_AROUND)
		*last = at + MAP_AROUND;
}

void
surroundings_map(struct crash *c, FILE *out)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;
	uint64_t address = si->address;
	int has_address = si->present &&
	    signal_has_address(c->signal, si->code);
	size_t at = 0, first, last, count;
	struct segment *map;

	if (t->nsegments == 0)
		return;
	map = whole_mappings(t, &count);
	if (!has_address && count > MAP_ALL) {
		free(map);
		return;
	}
	while (has_address && at < count &&
	    map[at].end <= address)
		at++;
	choose_mappings(count, at, &first, &last);
	if (!has_address)
		fprintf(out, "\nMemory map (%zu)\n", count);
	else if (last - first == count)
		fprintf(out, "\nMemory map (%zu, 0x%" PRIx64 " is marked)\n",
		    count, address);
	else
		fprintf(out, "\nMemory map (next to 0x%" PRIx64 ", of %zu)\n",
		    address, count);
	for (size_t i = first; i < last; i++) {
		int inside = has_address && i == at &&
		    address >= map[i].start;

		if (has_address && i == at && !inside)
			fprintf(out, "-> 0x%" PRIx64 " is %s\n", address,
			    at == 0 ? "below all of them" : "between them");
		put_mapping(c, &map[i], inside ? "->" : "  ", out);
	}
	if (has_address && at == count)
		fprintf(out, "-> 0x%" PRIx64 " is above all of them\n",
		    address);
	free(map);
}
