/* SPDX-License-Identifier: ISC */
#include "target/live.h"

#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <dirent.h>
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "io.h"
#include "num.h"
#include "target/arch.h"
#include "target/target.h"
#include "text.h"
#include "xalloc.h"

#define STACK_MAX ((size_t)1 << 20)	/* copied of each thread */
#define STACKS_MAX ((size_t)256 << 20)	/* and of all */
#define RED_ZONE 128			/* below sp, x86-64 psABI 3.2.2 */
#define MAPS_MAX ((size_t)256 << 20)
#define PATIENCE 5			/* seconds, for all to stop */
#define ROUNDS_MAX 100			/* threads may be born meanwhile */

static uint64_t
microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int
open_proc(uint32_t pid)
{
	char path[32];
	int dir;

	snprintf(path, sizeof path, "/proc/%" PRIu32, pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1 && errno == ENOENT)
		errx(EXIT_WRONG, "trace process %" PRIu32
		    ": no such process", pid);
	if (dir == -1)
		err(EXIT_REFUSED, "open %s", path);
	return dir;
}

/* What the line NAME of its status says, cut off STATUS; NULL: there is none. */
static char *
field_of(char *status, const char *name)
{
	char *at = status == NULL ? NULL : strstr(status, name);

	if (at == NULL)
		return NULL;
	at += strlen(name);
	at[strcspn(at, "\n")] = '\0';
	return at;
}

/* What of it lets nobody trace it? NULL: nothing that is known. */
static char *
say_state(int dir)
{
	size_t len;
	char *status = io_slurp(dir, "status", 65536, &len);
	int has_memory = status != NULL && strstr(status, "\nVmSize:") != NULL;
	const char *tracer = field_of(status, "\nTracerPid:\t");
	char *text = NULL;

	if (tracer != NULL && strcmp(tracer, "0") != 0)
		text = xasprintf("process %s is tracing it already (a "
		    "debugger?)", text_show(tracer));
	else if (status != NULL && strstr(status, "\nState:\tZ") != NULL)
		text = xstrdup("it has ended, and its parent has not asked "
		    "how (a zombie)");
	else if (status != NULL && !has_memory)
		text = xstrdup("it is a thread of the kernel");
	free(status);
	return text;
}

static void
refuse(int dir, uint32_t pid, int why)
{
	const char *state = say_state(dir);
	struct stat st;

	if (state != NULL)
		errx(EXIT_WRONG, "trace process %" PRIu32 ": %s", pid, state);
	if (why == EPERM && fstat(dir, &st) == 0 && st.st_uid != geteuid())
		errx(EXIT_WRONG, "trace process %" PRIu32 ": it belongs to "
		    "user %u, or has more rights than you: try as root", pid,
		    (unsigned)st.st_uid);
	if (why == EPERM)
		errx(EXIT_WRONG, "trace process %" PRIu32 ": not permitted "
		    "(see kernel.yama.ptrace_scope)", pid);
	errno = why;
	err(EXIT_WRONG, "trace process %" PRIu32, pid);
}

static int
is_known(const struct target *t, uint32_t tid)
{
	for (size_t i = 0; i < t->nthreads; i++)
		if (t->threads[i].tid == tid)
			return 1;
	return 0;
}

/* A signal that a thread was about to get when it was stopped, or 0: it gets
   it when it is let go. One for each of t->threads. */
static int *held;
static size_t held_cap;

/* Seize and stop one thread. Returns 0, or -1 when it is gone. */
static int
stop_thread(struct target *t, int dir, uint32_t pid, uint32_t tid)
{
	struct thread *th;
	int status;

	if (ptrace(PTRACE_SEIZE, (pid_t)tid, NULL, NULL) == -1) {
		if (tid == pid)
			refuse(dir, pid, errno);
		return -1;
	}
	if (ptrace(PTRACE_INTERRUPT, (pid_t)tid, NULL, NULL) == -1)
		return -1;
	if (waitpid((pid_t)tid, &status, __WALL) == -1) {
		if (errno == EINTR)
			errx(EXIT_REFUSED, "trace process %" PRIu32 ": thread %"
			    PRIu32 " does not stop (it waits for a device, or "
			    "for a child of vfork)", pid, tid);
		return -1;
	}
	if (!WIFSTOPPED(status))
		return -1;
	xgrow(&held, &held_cap, t->nthreads, sizeof *held);
	held[t->nthreads] = status >> 16 == 0 ? WSTOPSIG(status) : 0;
	xgrow(&t->threads, &t->threads_cap, t->nthreads, sizeof *t->threads);
	th = &t->threads[t->nthreads++];
	memset(th, 0, sizeof *th);
	th->tid = tid;
	return 0;
}

static int
stop_new_threads(struct target *t, int dir, uint32_t pid)
{
	int fd = openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *tasks = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *e;
	int found = 0;

	if (tasks == NULL)
		err(EXIT_REFUSED, "list threads of process %" PRIu32, pid);
	while ((e = readdir(tasks)) != NULL) {
		uint64_t tid;

		if (num_parse(e->d_name, INT32_MAX, &tid) == -1 ||
		    is_known(t, (uint32_t)tid))
			continue;
		found |= stop_thread(t, dir, pid, (uint32_t)tid) == 0;
	}
	closedir(tasks);
	return found;
}

static void
read_registers(struct target *t, struct thread *th)
{
	uint64_t regs[MAX_REGISTERS];
	struct iovec io = { regs, sizeof regs };

	th->raw = xcalloc(t->arch->nraw, sizeof *th->raw);
	if (ptrace(PTRACE_GETREGSET, (pid_t)th->tid, NT_PRSTATUS, &io) == -1) {
		strings_add(&t->missing, "registers of thread %" PRIu32 ": %s",
		    th->tid, strerror(errno));
		return;
	}
	for (size_t i = 0; i < t->arch->nraw &&
	    (i + 1) * t->arch->word <= io.iov_len; i++)
		th->raw[i] = t->arch->word == 8 ? regs[i] :
		    ((uint32_t *)(void *)regs)[i];
	arch_registers(t->arch, th->raw, &th->registers);
}

static void
copy_stack(struct target *t, const struct thread *th, size_t *total)
{
	uint64_t sp = th->registers.value[t->arch->sp] - RED_ZONE;
	const struct segment *s = target_segment(t, sp);
	struct chunk *c;
	size_t len;
	ssize_t n;

	if (s == NULL || *total >= STACKS_MAX)
		return;
	len = s->end - sp < STACK_MAX ? (size_t)(s->end - sp) : STACK_MAX;
	c = &t->chunks[t->nchunks];
	c->start = sp;
	c->bytes = xmalloc(len);
	n = io_pread(t->memory_fd, c->bytes, len, (off_t)sp);
	if (n <= 0) {
		free(c->bytes);
		return;
	}
	c->len = (size_t)n;
	*total += (size_t)n;
	t->nchunks++;
}

/* The kernel writes a newline as \012, and nothing else so (proc(5)). */
static char *
unescape(const char *path)
{
	char *plain = xstrdup(path), *to = plain;

	for (const char *s = path; *s != '\0'; s++) {
		int is_newline = strncmp(s, "\\012", 4) == 0;

		*to++ = is_newline ? '\n' : *s;
		s += is_newline ? 3 : 0;
	}
	*to = '\0';
	return plain;
}

static void
read_maps(struct target *t, int dir)
{
	size_t len, cap = 0;
	char *text = io_slurp(dir, "maps", MAPS_MAX, &len), *rest = text, *line;

	if (text == NULL)
		err(EXIT_REFUSED, "read its mappings");
	while ((line = strsep(&rest, "\n")) != NULL) {
		unsigned long long start, end, offset;
		char perms[5];
		int at = 0;
		struct segment *s;

		if (sscanf(line, "%llx-%llx %4s %llx %*x:%*x %*u %n", &start,
		    &end, perms, &offset, &at) != 4 || at == 0)
			continue;
		xgrow(&t->segments, &cap, t->nsegments, sizeof *t->segments);
		s = &t->segments[t->nsegments++];
		s->start = start;
		s->end = end;
		s->file_offset = s->file_size = 0;
		s->flags = (perms[0] == 'r' ? PF_R : 0) |
		    (perms[1] == 'w' ? PF_W : 0) | (perms[2] == 'x' ? PF_X : 0);
		if (strcmp(line + at, "[vdso]") == 0)
			t->auxv_vdso = start;
		if (line[at] != '/')
			continue;
		xgrow(&t->mappings, &t->mappings_cap, t->nmappings,
		    sizeof *t->mappings);
		t->mappings[t->nmappings].start = start;
		t->mappings[t->nmappings].end = end;
		t->mappings[t->nmappings].offset = offset;
		t->mappings[t->nmappings++].path = unescape(line + at);
	}
	free(text);
}

static char *
read_small(int dir, const char *path)
{
	size_t len;
	char *text = io_slurp(dir, path, 65536, &len);

	if (text != NULL)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* Names, ids and the entry point; the process may run on meanwhile. */
static void
read_identity(struct target *t, int dir, uint32_t pid)
{
	unsigned char *auxv;
	size_t len, word = t->is64 ? 8 : 4;
	struct stat st;
	char exe[4096];
	ssize_t n;

	t->pid = pid;
	if (fstat(dir, &st) == 0) {
		t->uid = st.st_uid;
		t->gid = st.st_gid;
		t->has_ids = 1;
	}
	t->comm = read_small(dir, "comm");
	t->args = io_slurp(dir, "cmdline", 65536, &len);
	for (size_t i = 0; t->args != NULL && i + 1 < len; i++)
		if (t->args[i] == '\0')
			t->args[i] = ' ';
	n = readlinkat(dir, "exe", exe, sizeof exe);
	if (n > 0)
		t->exe = xstrndup(exe, (size_t)n);
	auxv = (unsigned char *)io_slurp(dir, "auxv", 65536, &len);
	for (size_t i = 0; auxv != NULL && i + 2 * word <= len; i += 2 * word)
		if (target_uword(t, auxv + i) == AT_ENTRY)
			t->auxv_entry = target_uword(t, auxv + i + word);
	free(auxv);
	for (size_t i = 0; i < t->nthreads; i++) {
		char path[48];

		snprintf(path, sizeof path, "task/%" PRIu32 "/comm",
		    t->threads[i].tid);
		t->threads[i].name = read_small(dir, path);
	}
}

/* Which machine is it? Its registers' size tells 32 bits from 64. */
static void
find_arch(struct target *t, uint32_t pid)
{
	uint64_t regs[MAX_REGISTERS];
	struct iovec io = { regs, sizeof regs };
	static const struct { uint16_t machine; int is64; } ours[] = {
#if defined(__x86_64__)
		{ EM_X86_64, 1 }, { EM_386, 0 },
#elif defined(__aarch64__)
		{ EM_AARCH64, 1 }, { EM_ARM, 0 },
#elif defined(__riscv)
		{ EM_RISCV, sizeof(long) == 8 },
#elif defined(__powerpc64__)
		{ EM_PPC64, 1 },
#elif defined(__s390x__)
		{ EM_S390, 1 },
#elif defined(__i386__)
		{ EM_386, 0 },
#else
		{ EM_ARM, 0 },
#endif
	};

	if (ptrace(PTRACE_GETREGSET, (pid_t)pid, NT_PRSTATUS, &io) == -1)
		err(EXIT_REFUSED, "read registers of process %" PRIu32, pid);
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		const struct arch *a = arch_find(ours[i].machine,
		    ours[i].is64);

		if (a == NULL || (size_t)a->nraw * a->word != io.iov_len)
			continue;
		t->arch = a;
		t->address_mask = a->address_mask;
		t->is64 = ours[i].is64;
		return;
	}
	errx(EXIT_WRONG, "trace process %" PRIu32 ": its machine is not one "
	    "of ours", pid);
}

static int
by_start(const void *a, const void *b)
{
	const struct chunk *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static void
on_alarm(int sig)
{
	(void)sig;			/* it is there to interrupt waitpid */
}

void
live_read(struct target *t, uint32_t pid)
{
	int dir = open_proc(pid);
	/* Again and again: it could come between two waits. */
	const struct itimerval patience = {
		.it_value.tv_sec = PATIENCE, .it_interval.tv_usec = 10000
	}, never = { .it_value.tv_sec = 0 };
	struct sigaction sa = { .sa_handler = on_alarm };
	uint64_t started;
	size_t total = 0;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &patience, NULL);
	started = microseconds();
	if (stop_thread(t, dir, pid, pid) == -1)
		errx(EXIT_WRONG, "trace process %" PRIu32 ": it did not stop",
		    pid);
	for (int i = 0; i < ROUNDS_MAX && stop_new_threads(t, dir, pid); i++)
		continue;
	find_arch(t, pid);
	t->memory_fd = openat(dir, "mem", O_RDONLY | O_CLOEXEC);
	if (t->memory_fd == -1)
		err(EXIT_REFUSED, "read memory of process %" PRIu32, pid);
	read_maps(t, dir);
	t->chunks = xcalloc(t->nthreads, sizeof *t->chunks);
	for (size_t i = 0; i < t->nthreads; i++) {
		read_registers(t, &t->threads[i]);
		copy_stack(t, &t->threads[i], &total);
	}
	for (size_t i = 0; i < t->nthreads; i++)
		ptrace(PTRACE_DETACH, (pid_t)t->threads[i].tid, NULL,
		    (void *)(intptr_t)held[i]);
	setitimer(ITIMER_REAL, &never, NULL);
	t->stopped_us = microseconds() - started;
	if (t->nchunks > 0)
		qsort(t->chunks, t->nchunks, sizeof *t->chunks, by_start);
	read_identity(t, dir, pid);
	close(dir);
}
