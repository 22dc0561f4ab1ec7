/* SPDX-License-Identifier: ISC */
#include "module/package.h"

#include <gelf.h>
#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "module/dpkg.h"
#include "module/module.h"
#include "textbuf.h"
#include "xalloc.h"

/* ELF package metadata (systemd, "Package Metadata for Executable Files"). */
#define NT_PACKAGE 0xcafe1a7e
#define PHDRS_MAX 256
#define NAME_LETTERS 128
#define ASKED_MAX 17			/* modules: wanted ones, and the executable */
#define COMMAND_BYTES 4096

/* How each package manager installs debug data. */
static const struct manager {
	const char *type, *command, *suffix;
} managers[] = {
	{ "deb", "apt install", "-dbgsym" },
	{ "rpm", "dnf debuginfo-install", "" },
};

static const struct manager *
manager_of(const struct package *p)
{
	for (size_t i = 0; p->type != NULL &&
	    i < sizeof managers / sizeof managers[0]; i++)
		if (strcmp(p->type, managers[i].type) == 0)
			return &managers[i];
	return NULL;
}

/* People will copy it to a command line. */
static int
is_safe(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+._:-";
	size_t len = strlen(name);

	return len > 0 && len <= NAME_LETTERS && name[0] != '-' &&
	    name[0] != '.' && strspn(name, letters) == len;
}

/* What holds its debug data: what comes behind the name, before any ":i386". */
static char *
debug_package(const struct package *p)
{
	const struct manager *manager = manager_of(p);
	size_t len;

	if (manager == NULL || p->name == NULL || !is_safe(p->name))
		return NULL;
	len = strcspn(p->name, ":");
	/* The one that is older than the rule, and in every process. */
	if (strcmp(p->type, "deb") == 0 && len == strlen("libc6") &&
	    memcmp(p->name, "libc6", len) == 0)
		return xasprintf("libc6-dbg%s", p->name + len);
	return xasprintf("%.*s%s%s", (int)len, p->name, manager->suffix,
	    p->name + len);
}

/* A member of the note's object, when it is a string. */
static char *
member(const json_t *o, const char *key)
{
	const char *value = json_string_value(json_object_get(o, key));

	return value == NULL ? NULL : xstrdup(value);
}

static struct package
read_note(const char *text, size_t len)
{
	json_t *o = json_loadb(text, strnlen(text, len), 0, NULL);
	struct package p = {
		.name = member(o, "name"), .version = member(o, "version"),
		.type = member(o, "type")
	};

	json_decref(o);
	if (p.name != NULL && p.version != NULL) {
		p.debug = debug_package(&p);
		return p;
	}
	free(p.name);
	free(p.version);
	free(p.type);
	return (struct package){ .name = NULL };
}

struct package
package_note(Elf *elf)
{
	const struct package none = { .name = NULL };
	size_t n;

	if (elf_getphdrnum(elf, &n) == -1 || n > PHDRS_MAX)
		return none;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;
		GElf_Nhdr note;
		size_t at = 0, name, desc;
		Elf_Data *data;

		if (gelf_getphdr(elf, (int)i, &p) == NULL ||
		    p.p_type != PT_NOTE || (data = elf_getdata_rawchunk(elf,
		    (int64_t)p.p_offset, p.p_filesz, p.p_align == 8 ?
		    ELF_T_NHDR8 : ELF_T_NHDR)) == NULL)
			continue;
		while ((at = gelf_getnote(data, at, &note, &name, &desc)) > 0)
			if (note.n_type == NT_PACKAGE && note.n_namesz == 4 &&
			    memcmp((char *)data->d_buf + name, "FDO", 4) == 0)
				return read_note((char *)data->d_buf + desc,
				    note.n_descsz);
	}
	return none;
}

static int
begins_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

/*
 * Is it where packages install (FHS 3.0)? Of what one has built oneself each
 * list would be read, to be told that it is of none.
 */
static int
is_packaged(const char *path)
{
	static const char *const places[] = {
		"/usr/", "/lib", "/bin/", "/sbin/", "/opt/", "/etc/", "/var/"
	};

	if (begins_with(path, "/usr/local/") || begins_with(path, "/var/tmp/"))
		return 0;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (begins_with(path, places[i]))
			return 1;
	return 0;
}

/*
 * The path by which the database below ROOT may know M, or NULL. A copy that
 * was made of it, as of a container's files, is none of this machine's; nor is
 * what no package may install.
 */
static const char *
database_path(const struct modules *ms, const struct module *m,
    const char *root)
{
	const struct module_options *o = ms->options;

	if (m->elf == NULL || m->image != NULL || m->file_path == NULL ||
	    !is_packaged(m->path))
		return NULL;
	if (!begins_with(m->file_path, root) ||
	    strcmp(m->file_path + strlen(root), m->path) != 0)
		return NULL;
	for (size_t i = 0; i < o->nopened; i++)
		if (o->opened[i].start != 0 && o->opened[i].start == m->start)
			return NULL;
	return m->path;
}

/* What notes do not tell. */
static void
ask_dpkg(struct modules *ms, const volatile int *expired)
{
	const char *root = ms->options->sysroot;
	struct dpkg_query query[ASKED_MAX];
	struct package *to[ASKED_MAX];
	size_t n = 0;

	if (root == NULL)
		root = "";
	for (size_t i = 0; i < ms->count && n < ASKED_MAX; i++) {
		struct module *m = &ms->item[i];
		const char *path = (m->is_main || m->wants_debug) &&
		    m->package.name == NULL ? database_path(ms, m, root) : NULL;

		if (path == NULL)
			continue;
		to[n] = &m->package;
		query[n++] = (struct dpkg_query){ .path = path };
	}
	if (n > 0)
		dpkg_find(root, query, n, expired);
	for (size_t i = 0; i < n; i++) {
		to[i]->name = query[i].package;
		to[i]->version = query[i].version;
		if (to[i]->name == NULL)
			continue;
		to[i]->type = xstrdup("deb");
		to[i]->debug = debug_package(to[i]);
	}
}

void
packages_find(struct modules *ms, const volatile int *expired)
{
	for (size_t i = 0; i < ms->count; i++) {
		struct module *m = &ms->item[i];

		if (m->is_elf && (m->is_main || m->wants_debug) &&
		    module_open(ms, m) == 0)
			m->package = package_note(m->elf);
	}
	ask_dpkg(ms, expired);
}

/* Is it the first one with that debug package? */
static int
is_first(const struct modules *ms, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		const struct module *m = &ms->item[i];

		if (m->wants_debug && m->package.debug != NULL &&
		    strcmp(m->package.debug, ms->item[at].package.debug) == 0)
			return 0;
	}
	return 1;
}

char *
packages_command(const struct modules *ms)
{
	struct textbuf command = { .max = COMMAND_BYTES };
	const struct manager *manager = NULL;

	for (size_t i = 0; i < ms->count; i++) {
		const struct package *p = &ms->item[i].package;

		if (!ms->item[i].wants_debug || p->debug == NULL ||
		    !is_first(ms, i))
			continue;
		if (manager == NULL) {
			manager = manager_of(p);
			textbuf_add(&command, "%s", manager->command);
		}
		if (manager == manager_of(p))
			textbuf_add(&command, " %s", p->debug);
	}
	return manager == NULL ? NULL : textbuf_take(&command);
}
