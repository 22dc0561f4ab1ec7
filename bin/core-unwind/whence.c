/* SPDX-License-Identifier: ISC */
#include "whence.h"

#include <gelf.h>
#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "xalloc.h"

/* ELF package metadata (systemd, "Package Metadata for Executable Files"). */
#define NT_PACKAGE 0xcafe1a7e
#define PHDRS_MAX 256

/* "bash 5.2-1 (rpm)" out of the note's JSON; NULL when it is none. */
static char *
read_package(const char *text, size_t len)
{
	json_t *o = json_loadb(text, strnlen(text, len), 0, NULL);
	const char *name = json_string_value(json_object_get(o, "name"));
	const char *version = json_string_value(json_object_get(o, "version"));
	const char *type = json_string_value(json_object_get(o, "type"));
	char *package = name == NULL || version == NULL ? NULL :
	    xasprintf("%s %s (%s)", name, version, type == NULL ? "?" : type);

	json_decref(o);
	return package;
}

static char *
find_package(Elf *elf)
{
	size_t n;

	if (elf_getphdrnum(elf, &n) == -1 || n > PHDRS_MAX)
		return NULL;
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
				return read_package((char *)data->d_buf + desc,
				    note.n_descsz);
	}
	return NULL;
}

void
whence_say(struct module *m)
{
	const char *id = module_build_id(m), *what = "executable";
	char *package, *said = m->missing;

	if (m->elf != NULL && m->image == NULL) {
		/* The file is there: is it its debug data that is not? */
		if (said != NULL || !m->debug_tried || m->dwarf != NULL)
			return;
		what = "debuginfo";
		said = xasprintf("%s: no debug data", m->path);
	} else if (said == NULL)
		return;
	package = m->elf == NULL ? NULL : find_package(m->elf);
	if (id != NULL)
		m->missing = xasprintf("%s%s%s (debuginfod-find %s %s)", said,
		    package == NULL ? "" : ", of package ",
		    package == NULL ? "" : package, what, id);
	else
		m->missing = xstrdup(said);
	free(said);
	free(package);
}
