/* SPDX-License-Identifier: ISC */
#include "module/altlink.h"

#include <elfutils/libdwelf.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/debugfile.h"
#include "module/fetch.h"
#include "module/image.h"
#include "module/inflate.h"
#include "module/module.h"
#include "module/section.h"
#include "target/regular.h"
#include "xalloc.h"

#define STRINGS_MAX ((size_t)1 << 30)

/*
 * Debug data with nothing in it but the LEN bytes STRINGS: all that programs
 * of little in common share. Any other reference into it is out of bounds.
 */
static Dwarf *
only_strings(const void *strings, size_t len)
{
	static const char info[8];	/* libdw wants one */
	const struct image_section section[] = {
		{ ".debug_info", info, sizeof info },
		{ ".debug_str", strings, len }
	};

	return image_dwarf(section, 2);
}

static Dwarf *
strings_of(Elf *elf)
{
	const Elf_Data *data = section_data(elf, ".debug_str");

	return data == NULL || data->d_size > STRINGS_MAX ? NULL :
	    only_strings(data->d_buf, data->d_size);
}

static Dwarf *
try_file(const char *path, const void *want, size_t len)
{
	const void *id;
	Dwarf *dw = NULL;
	Elf *elf;
	int fd = regular_open(path);

	if (fd == -1)
		return NULL;
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf != NULL && elf_kind(elf) == ELF_K_ELF &&
	    dwelf_elf_gnu_build_id(elf, &id) == (ssize_t)len &&
	    memcmp(id, want, len) == 0) {
		dw = !debugfile_has_dwarf(elf) ? NULL :
		    debugfile_dwarf(elf, inflate_begin(elf));
		if (dw == NULL)
			dw = strings_of(elf);
	}
	if (dw == NULL) {
		elf_end(elf);
		close(fd);
	}
	return dw;
}

static Dwarf *
try_name(struct modules *ms, struct module *m, const char *name,
    const void *id, size_t len)
{
	const char *from = m->debug_path != NULL ? m->debug_path : m->file_path;
	const char *root = ms->options->sysroot;
	const char *slash = from == NULL ? NULL : strrchr(from, '/');
	char *path;
	Dwarf *dw;

	if (name[0] != '/') {
		path = slash == NULL ? xstrdup(name) : xasprintf("%.*s/%s",
		    (int)(slash - from), from, name);
		dw = try_file(path, id, len);
		free(path);
		return dw;
	}
	path = xasprintf("%s%s", root == NULL ? "" : root, name);
	dw = try_file(path, id, len);
	free(path);
	return dw == NULL && root != NULL ? try_file(name, id, len) : dw;
}

void
altlink_set(struct modules *ms, struct module *m)
{
	const char *name;
	const void *id;
	ssize_t len = dwelf_dwarf_gnu_debugaltlink(m->dwarf, &name, &id);
	Dwarf *dw;
	char *path;

	if (len <= 0)
		return;
	dw = try_name(ms, m, name, id, (size_t)len);
	for (int i = 0; dw == NULL && (path = debugfile_by_build_id(ms, i, id,
	    (size_t)len)) != NULL; i++) {
		dw = try_file(path, id, (size_t)len);
		free(path);
	}
	if (dw == NULL && ms->may_fetch && (path = fetch_file(FETCH_DEBUGINFO,
	    id, (size_t)len)) != NULL) {
		dw = try_file(path, id, (size_t)len);
		free(path);
	}
	if (dw == NULL) {
		if (m->missing == NULL)
			m->missing = xasprintf("%s: a part of its debug data "
			    "is in %s, which is not there or of another build",
			    m->path, name);
		dw = only_strings(NULL, 0);
	}
	dwarf_setalt(m->dwarf, dw);
}
