/* SPDX-License-Identifier: ISC */
#include "meta.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "jsonw.h"
#include "num.h"
#include "xalloc.h"

#define CMDLINE_MAX (128u << 10)	/* of it in meta.json */
#define DELETED " (deleted)"

/* A number that the kernel told, or else the word NAMED in status says. */
static void
put_number(struct jsonw *w, const char *key, const struct meta *meta,
    enum told told, const char *status, int last)
{
	const char *text = status == NULL ? NULL :
	    process_status(meta->process, status);
	int64_t n = told_number(meta->options, told);

	if (n == -1 && text != NULL) {
		const char *end = text + strcspn(text, "\n");

		/* NSpid: one a namespace, the innermost last. */
		while (last && end > text && end[-1] != '\t')
			end--;
		n = strtoll(last ? end : text, NULL, 10);
	}
	if (n == -1)
		jsonw_null(w, key);
	else
		jsonw_int(w, key, n);
}

static void
put_time(struct jsonw *w, const struct meta *meta)
{
	int64_t told = told_number(meta->options, TOLD_TIME);
	time_t second = told == -1 ? meta->began.tv_sec : (time_t)told;
	/* The kernel tells no more than the second. */
	long micro = second == meta->began.tv_sec ?
	    meta->began.tv_nsec / 1000 : 0;
	char day[40], text[64];
	struct tm tm;

	if (gmtime_r(&second, &tm) == NULL) {
		jsonw_null(w, "time");
		return;
	}
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof text, "%s.%06ldZ", day, micro);
	jsonw_string(w, "time", text);
}

/* Is it in a UTS namespace of its own, with a name that is not the machine's? */
static int
has_own_name(const struct meta *meta)
{
	struct stat st;

	return meta->process->ns[NS_UTS] != 0 &&
	    stat("/proc/self/ns/uts", &st) == 0 &&
	    st.st_ino != meta->process->ns[NS_UTS];
}

static void
put_host(struct jsonw *w, const struct meta *meta)
{
	const char *told = meta->options->told[TOLD_HOST];
	int is_own = has_own_name(meta);
	char name[256] = "", *boot;
	size_t len;

	if (told != NULL && !is_own)
		jsonw_string(w, "host", told);
	else if (gethostname(name, sizeof name - 1) == 0)
		jsonw_string(w, "host", name);
	else
		jsonw_null(w, "host");
	jsonw_string(w, "hostname", told != NULL ? told :
	    is_own || name[0] == '\0' ? NULL : name);
	boot = io_slurp(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 256, &len);
	if (boot != NULL)
		boot[strcspn(boot, "\n")] = '\0';
	jsonw_string(w, "boot_id", boot);
	free(boot);
}

static void
put_ids(struct jsonw *w, const struct meta *meta)
{
	const char *limit = meta->options->told[TOLD_RLIMIT];
	uint64_t any;

	if (meta->options->pid == 0)
		jsonw_null(w, "pid");
	else
		jsonw_int(w, "pid", meta->options->pid);
	put_number(w, "tid", meta, TOLD_TID, NULL, 0);
	put_number(w, "ns_pid", meta, TOLD_NS_PID, "NSpid", 1);
	put_number(w, "ns_tid", meta, TOLD_NS_TID, NULL, 0);
	put_number(w, "uid", meta, TOLD_UID, "Uid", 0);
	put_number(w, "gid", meta, TOLD_GID, "Gid", 0);
	put_number(w, "dumpable", meta, TOLD_DUMPABLE, NULL, 0);
	jsonw_uint(w, "owner", meta->owner);
	put_number(w, "signal", meta, TOLD_SIGNAL, NULL, 0);
	put_number(w, "cpu", meta, TOLD_CPU, NULL, 0);
	jsonw_string(w, "rlimit_core", limit != NULL &&
	    num_parse(limit, UINT64_MAX, &any) == 0 ? limit : NULL);
}

static void
put_exe(struct jsonw *w, const struct meta *meta)
{
	const char *path = meta->process->file[PROC_EXE].data;
	const char *told = meta->options->told[TOLD_EXE];
	const size_t deleted = sizeof DELETED - 1;
	char *exe = NULL;
	int gone = 0;

	if (path != NULL) {
		size_t len = strlen(path);

		gone = len > deleted &&
		    strcmp(path + len - deleted, DELETED) == 0;
		exe = xstrndup(path, gone ? len - deleted : len);
	} else if (told != NULL) {
		exe = xstrdup(told);
		/* %E has "!" for each "/"; which was which is not told. */
		for (char *c = exe; *exe == '!' && *c != '\0'; c++)
			if (*c == '!' && c != exe)
				*c = '/';
		if (*exe == '!')
			*exe = '/';
	}
	jsonw_string(w, "exe", exe);
	if (path == NULL)
		jsonw_null(w, "exe_deleted");
	else
		jsonw_bool(w, "exe_deleted", gone);
	free(exe);
}

static void
put_names(struct jsonw *w, const struct meta *meta)
{
	const struct process *p = meta->process;
	const char *comm = meta->options->told[TOLD_COMM];
	char *own = NULL;
	size_t len = p->file[PROC_CMDLINE].len;
	const char *arg = p->file[PROC_CMDLINE].data;
	const char *end;

	if (comm == NULL && p->file[PROC_COMM].data != NULL) {
		size_t comm_len = p->file[PROC_COMM].len;

		comm = own = xstrndup(p->file[PROC_COMM].data,
		    comm_len > 0 ? comm_len - 1 : 0);
	}
	jsonw_string(w, "comm", comm);
	free(own);
	put_exe(w, meta);
	if (arg == NULL)
		jsonw_null(w, "cmdline");
	else {
		jsonw_begin_array(w, "cmdline");
		end = arg + (len > CMDLINE_MAX ? CMDLINE_MAX : len);
		while (arg < end) {
			char *text = xstrndup(arg, (size_t)(end - arg));

			jsonw_string(w, NULL, text);
			arg += strlen(text) + 1;
			free(text);
		}
		jsonw_end_array(w);
	}
	jsonw_string(w, "cwd", p->file[PROC_CWD].data);
}

/* The path in the line of "cgroup" that begins with what CONTROLLER says. */
static char *
cgroup_path(const struct process *p, const char *controller)
{
	const char *line = p->file[PROC_CGROUP].data;

	while (line != NULL && *line != '\0') {
		const char *end = strchrnul(line, '\n');
		const char *colon = strchr(line, ':');
		size_t len = strlen(controller);

		if (colon != NULL && colon < end &&
		    strncmp(colon, controller, len) == 0)
			return xstrndup(colon + len,
			    (size_t)(end - colon) - len);
		line = end + (*end == '\n');
	}
	return NULL;
}

static int
ends_with(const char *text, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && memcmp(text + len - n, suffix, n) == 0;
}

/*
 * The first part of PATH that is a unit and no slice: of foo.service in
 * /user.slice/user@0.service/foo.service systemd says it is user@0's.
 */
static char *
unit_of(const char *path)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";

	while (*path != '\0') {
		size_t len = strcspn(path, "/");

		if ((ends_with(path, len, ".service") ||
		    ends_with(path, len, ".scope") ||
		    ends_with(path, len, ".mount") ||
		    ends_with(path, len, ".socket") ||
		    ends_with(path, len, ".swap")) &&
		    strspn(path, letters) >= len)
			return xstrndup(path, len);
		path += len + (path[len] == '/');
	}
	return NULL;
}

/* Terminals put each shell into a scope of its own, named by a UUID. */
static int
ends_with_uuid(const char *text, size_t len)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	const size_t n = sizeof form - 1;

	if (len < n)
		return 0;
	text += len - n;
	for (size_t i = 0; i < n; i++)
		if (form[i] == '-' ? text[i] != '-' : text[i] == '-')
			return 0;
	return 1;
}

/*
 * The last part of PATH that names a container as docker, podman, cri-o and
 * containerd do: ID, KIND-ID.scope or SLICE:KIND:ID, where ID is nothing but
 * 12 to 64 hexadecimal digits. Whoever names a cgroup chooses this text.
 */
static char *
container_of(const char *path)
{
	char *found = NULL;

	while (*path != '\0') {
		size_t len = strcspn(path, "/"), n = len, digits = 0;

		if (ends_with(path, n, ".scope"))
			n -= strlen(".scope");
		while (digits < n && path[n - digits - 1] != '\0' &&
		    strchr("0123456789abcdef", path[n - digits - 1]) != NULL)
			digits++;
		if (digits >= 12 && digits <= 64 && (digits == n ||
		    strchr("-:", path[n - digits - 1]) != NULL) &&
		    !ends_with_uuid(path, n)) {
			free(found);
			found = xstrndup(path + n - digits, digits);
		}
		path += len + (path[len] == '/');
	}
	return found;
}

static void
put_cgroup(struct jsonw *w, const struct meta *meta)
{
	char *v1 = cgroup_path(meta->process, ":name=systemd:");
	char *v2 = cgroup_path(meta->process, "::");
	/* A hybrid machine has both, and one of them may be bare. */
	const char *path = v2 != NULL && (v1 == NULL || strcmp(v2, "/") != 0) ?
	    v2 : v1;
	char *unit = path == NULL ? NULL : unit_of(path);
	char *container = path == NULL ? NULL : container_of(path);

	jsonw_string(w, "cgroup", path);
	jsonw_string(w, "unit", unit);
	jsonw_string(w, "container", container);
	free(container);
	free(unit);
	free(v1);
	free(v2);
}

/* supersede.c puts what "stacks" says in the place of all of it. */
static void
put_core(struct jsonw *w, const struct meta *meta)
{
	const char *way = meta->live ? "live" : "pipe";

	jsonw_begin_object(w, "core");
	jsonw_string(w, "file", meta->file);
	jsonw_string(w, "kind", meta->file == NULL ? "none" : meta->kind);
	jsonw_uint(w, "bytes", meta->bytes);
	jsonw_uint(w, "stored", meta->stored);
	jsonw_bool(w, "complete", meta->reason == NULL);
	jsonw_string(w, "reason", meta->reason);
	jsonw_string(w, "way", meta->file == NULL ? "none" : way);
	jsonw_string(w, "why", meta->file == NULL ? NULL : meta->why);
	if (meta->stacks_stored != 0) {
		jsonw_begin_object(w, "stacks");
		jsonw_string(w, "file", "stacks.zst");
		jsonw_string(w, "kind", "stacks");
		jsonw_uint(w, "bytes", meta->stacks_bytes);
		jsonw_uint(w, "stored", meta->stacks_stored);
		jsonw_bool(w, "complete", 0);
		jsonw_string(w, "reason", NULL);
		jsonw_string(w, "way", way);
		jsonw_string(w, "why", meta->why);
		jsonw_end_object(w);
	}
	jsonw_end_object(w);
}

static void
put_os(struct jsonw *w, const struct osrelease *os)
{
	if (os->id == NULL && os->version_id == NULL &&
	    os->pretty_name == NULL) {
		jsonw_null(w, "os_release");
		return;
	}
	jsonw_begin_object(w, "os_release");
	jsonw_string(w, "id", os->id);
	jsonw_string(w, "version_id", os->version_id);
	jsonw_string(w, "pretty_name", os->pretty_name);
	jsonw_end_object(w);
}

static void
put_sender(struct jsonw *w, const struct sender *s)
{
	if (!s->is_known) {
		jsonw_null(w, "sender");
		return;
	}
	jsonw_begin_object(w, "sender");
	jsonw_int(w, "pid", s->pid);
	jsonw_int(w, "ns_pid", s->ns_pid);
	jsonw_uint(w, "uid", s->uid);
	jsonw_string(w, "comm", s->comm);
	jsonw_string(w, "exe", s->exe);
	jsonw_end_object(w);
}

void
meta_write(FILE *out, const struct meta *meta)
{
	struct jsonw w;

	jsonw_init(&w, out);
	jsonw_begin_object(&w, NULL);
	jsonw_int(&w, "version", 1);
	jsonw_string(&w, "id", meta->id);
	put_time(&w, meta);
	put_host(&w, meta);
	put_ids(&w, meta);
	put_names(&w, meta);
	put_sender(&w, &meta->sender);
	put_cgroup(&w, meta);
	put_os(&w, &meta->os);
	jsonw_begin_object(&w, "namespaces");
	for (int i = 0; i < NS_COUNT; i++)
		if (meta->process->ns[i] != 0)
			jsonw_uint(&w, ns_name[i], meta->process->ns[i]);
		else
			jsonw_null(&w, ns_name[i]);
	jsonw_end_object(&w);
	jsonw_string(&w, "crash_key", meta->crash_key != NULL &&
	    *meta->crash_key != '\0' ? meta->crash_key : NULL);
	jsonw_uint(&w, "core_time_ms", meta->core_time_ms);
	put_core(&w, meta);
	jsonw_begin_array(&w, "missing");
	for (size_t i = 0; i < meta->missing->count; i++)
		jsonw_string(&w, NULL, meta->missing->line[i]);
	jsonw_end_array(&w);
	jsonw_begin_object(&w, "tool");
	jsonw_string(&w, "name", "core-save");
	jsonw_string(&w, "version", VERSION);
	jsonw_end_object(&w);
	jsonw_end_object(&w);
	putc('\n', out);
}

void
meta_missing(const struct options *o, const struct process *p,
    struct missing *m)
{
	static const struct { enum told told; const char *name, *status; }
	    values[] = {
		{ TOLD_TID, "tid", NULL }, { TOLD_NS_PID, "ns_pid", "NSpid" },
		{ TOLD_NS_TID, "ns_tid", NULL }, { TOLD_UID, "uid", "Uid" },
		{ TOLD_GID, "gid", "Gid" }, { TOLD_DUMPABLE, "dumpable", NULL },
		{ TOLD_SIGNAL, "signal", NULL },
		{ TOLD_RLIMIT, "rlimit_core", NULL },
	};
	uint64_t any;

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		const char *told = o->told[values[i].told];

		if (values[i].status != NULL &&
		    process_status(p, values[i].status) != NULL)
			continue;
		if (told == NULL)
			missing_note(m, "%s: not told", values[i].name);
		else if (num_parse(told, UINT64_MAX, &any) == -1)
			missing_note(m, "%s: told as no number",
			    values[i].name);
	}
	if (o->pid == 0)
		missing_note(m, "pid: not told");
	if (o->told[TOLD_COMM] == NULL && p->file[PROC_COMM].data == NULL)
		missing_note(m, "comm: not told");
	if (p->file[PROC_EXE].data == NULL)
		missing_note(m, o->told[TOLD_EXE] == NULL ? "exe: not told" :
		    "exe: from the kernel's name for it, where ! is /");
	if (p->file[PROC_CMDLINE].len > CMDLINE_MAX)
		missing_note(m, "cmdline: cut at %u bytes", CMDLINE_MAX);
}
