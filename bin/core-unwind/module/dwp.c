/* SPDX-License-Identifier: ISC */
#include "module/dwp.h"

#include <libelf.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/module.h"
#include "module/section.h"
#include "target/regular.h"
#include "xalloc.h"

#define DEBUG_DIR "/usr/lib/debug"
#define DEBUG_SUFFIX ".debug"
#define PLACES 5

struct dwp {
	char *path;
	Elf *elf;
	const Elf_Data *index;
	const Elf_Data *types;		/* the index of type units, or NULL */
	struct dwp *next;
};

/* By their number, of index version 2 and 5. */
static const char *const names[][DWP_SECTIONS] = {
	{
		[DWP_INFO] = ".debug_info.dwo",
		[DWP_TYPES] = ".debug_types.dwo",
		[DWP_ABBREV] = ".debug_abbrev.dwo",
		[DWP_LOCATIONS] = ".debug_loc.dwo",
		[DWP_STR_OFFSETS] = ".debug_str_offsets.dwo"
	}, {
		[DWP_INFO] = ".debug_info.dwo",
		[DWP_ABBREV] = ".debug_abbrev.dwo",
		[DWP_LOCATIONS] = ".debug_loclists.dwo",
		[DWP_STR_OFFSETS] = ".debug_str_offsets.dwo",
		[DWP_RNGLISTS] = ".debug_rnglists.dwo"
	}
};

static struct dwp *
open_one(const char *path)
{
	struct dwp *d;
	Elf *elf;
	int fd = regular_open(path);

	if (fd == -1)
		return NULL;
	d = xcalloc(1, sizeof *d);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	/* Headers are read as they are: of this host's byte order. */
	if (section_is_native(elf)) {
		d->index = section_data(elf, ".debug_cu_index");
		d->types = section_data(elf, ".debug_tu_index");
	}
	if (d->index == NULL) {
		elf_end(elf);
		close(fd);
		free(d);
		return NULL;
	}
	d->elf = elf;
	d->path = xstrdup(path);
	return d;
}

/* The Ith place where a package of M may lie; NULL when there is no such. */
static char *
place(const struct modules *ms, const struct module *m, int i)
{
	const char *root = ms->options->sysroot;
	size_t len = m->debug_path == NULL ? 0 : strlen(m->debug_path);
	size_t suffix = strlen(DEBUG_SUFFIX);

	if (root == NULL)
		root = "";
	switch (i) {
	case 0:
		return m->file_path == NULL ? NULL :
		    xasprintf("%s.dwp", m->file_path);
	case 1:
		return xasprintf("%s%s.dwp", root, m->path);
	case 2:
		return len == 0 ? NULL : xasprintf("%s.dwp", m->debug_path);
	case 3:
		return len <= suffix || strcmp(m->debug_path + len - suffix,
		    DEBUG_SUFFIX) != 0 ? NULL : xasprintf("%.*s.dwp",
		    (int)(len - suffix), m->debug_path);
	default:
		return xasprintf("%s" DEBUG_DIR "%s.dwp", root, m->path);
	}
}

struct dwp *
dwp_open(const struct modules *ms, const struct module *m)
{
	char *path[PLACES];
	struct dwp *first = NULL, **last = &first;

	if (ms->options->no_files)
		return NULL;
	for (int i = 0; i < PLACES; i++) {
		int again = 0;

		path[i] = place(ms, m, i);
		for (int n = 0; path[i] != NULL && n < i; n++)
			if (path[n] != NULL && strcmp(path[n], path[i]) == 0)
				again = 1;
		if (path[i] == NULL || again)
			continue;
		*last = open_one(path[i]);
		if (*last != NULL)
			last = &(*last)->next;
	}
	for (int i = 0; i < PLACES; i++)
		free(path[i]);
	return first;
}

/* What stands in the index is what the file says: all of it may lie. */
static int
take_parts(Elf *elf, const struct dwp_part *part, struct dwp_half *half)
{
	const Elf_Data *data;

	for (size_t i = 0; i < DWP_SECTIONS; i++) {
		const char *name = names[half->version == 5][i];

		if (part[i].size == 0 || name == NULL)
			continue;
		data = section_data(elf, name);
		if (data == NULL || part[i].offset > data->d_size ||
		    part[i].size > data->d_size - part[i].offset)
			return -1;
		half->section[i].data = (const unsigned char *)data->d_buf +
		    part[i].offset;
		half->section[i].size = part[i].size;
	}
	data = section_data(elf, ".debug_str.dwo");
	if (data != NULL) {
		half->strings.data = data->d_buf;
		half->strings.size = data->d_size;
	}
	return 0;
}

/* The parts that INDEX of the package D has of ID. */
static int
find_parts(const struct dwp *d, const Elf_Data *index, uint64_t id,
    struct dwp_half *half)
{
	struct dwp_part part[DWP_SECTIONS];

	memset(half, 0, sizeof *half);
	half->version = dwpindex_find(index->d_buf, index->d_size, id, part);
	return half->version > 0 ? take_parts(d->elf, part, half) : -1;
}

int
dwp_find(const struct dwp *d, uint64_t id, struct dwp_half *half)
{
	for (; d != NULL; d = d->next)
		if (find_parts(d, d->index, id, half) == 0)
			return 0;
	return -1;
}

int
dwp_type(const struct dwp *d, uint64_t signature, struct dwp_half *half)
{
	for (; d != NULL; d = d->next)
		if (d->types != NULL &&
		    find_parts(d, d->types, signature, half) == 0)
			return 0;
	return -1;
}

const char *
dwp_path(const struct dwp *d)
{
	return d->path;
}
