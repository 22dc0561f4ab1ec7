/* SPDX-License-Identifier: ISC */
#include "module/debugfile.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/fetch.h"
#include "module/inflate.h"
#include "module/module.h"
#include "module/section.h"
#include "target/regular.h"
#include "xalloc.h"

#define DEBUG_DIR "/usr/lib/debug"

int
debugfile_has_dwarf(Elf *elf)
{
	return section_find(elf, ".debug_info") != NULL ||
	    section_find(elf, ".zdebug_info") != NULL;
}

Dwarf *
debugfile_dwarf(Elf *elf, struct inflation *begun)
{
	Elf *inflated = inflate_end(begun);

	return dwarf_begin_elf(inflated != NULL ? inflated : elf, DWARF_C_READ,
	    NULL);
}

/* CRC-32 of a whole file, as .gnu_debuglink has it (the one of zlib, gzip). */
static uint32_t
crc32_file(const unsigned char *p, size_t len)
{
	uint32_t table[256], crc = 0xffffffff;

	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = (c & 1) != 0 ? 0xedb88320 ^ c >> 1 : c >> 1;
		table[i] = c;
	}
	for (size_t i = 0; i < len; i++)
		crc = table[(crc ^ p[i]) & 0xff] ^ crc >> 8;
	return ~crc;
}

/* Open PATH as a debug file of M: same build-id, or CRC when WANT_CRC. */
static int
try_debug(struct module *m, const char *path, int want_crc, uint32_t crc)
{
	const void *id;
	const char *raw;
	size_t size;
	ssize_t len;
	GElf_Ehdr eh;
	Elf *elf;
	int fd, fits = 0;

	fd = regular_open(path);
	if (fd == -1)
		return -1;
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf != NULL && elf_kind(elf) == ELF_K_ELF &&
	    gelf_getehdr(elf, &eh) != NULL &&
	    (eh.e_type == ET_EXEC || eh.e_type == ET_DYN)) {
		len = dwelf_elf_gnu_build_id(elf, &id);
		if (m->build_id_len > 0 && len > 0)
			fits = (size_t)len == m->build_id_len &&
			    memcmp(id, m->build_id, m->build_id_len) == 0;
		else if (want_crc && (raw = elf_rawfile(elf, &size)) != NULL)
			fits = crc32_file((const unsigned char *)raw,
			    size) == crc;
	}
	if (!fits) {
		elf_end(elf);
		close(fd);
		return -1;
	}
	m->debug_elf = elf;
	m->debug_fd = fd;
	m->debug_path = xstrdup(path);
	return 0;
}

char *
debugfile_by_build_id(const struct modules *ms, int i, const unsigned char *id,
    size_t len)
{
	const char *root = ms->options->sysroot;
	char hex[2 * BUILD_ID_MAX + 1];

	if (root == NULL)
		root = "";
	else if (i > 0) {
		root = "";
		i--;
	}
	if (i > 0 || len < 2 || len > BUILD_ID_MAX)
		return NULL;
	for (size_t n = 0; n < len; n++)
		snprintf(hex + 2 * n, 3, "%02x", id[n]);
	return xasprintf("%s" DEBUG_DIR "/.build-id/%.2s/%s.debug", root, hex,
	    hex + 2);
}

static int
by_build_id(struct modules *ms, struct module *m)
{
	char *path;
	int rc = -1;

	for (int i = 0; rc == -1 && (path = debugfile_by_build_id(ms, i,
	    m->build_id, m->build_id_len)) != NULL; i++) {
		rc = try_debug(m, path, 0, 0);
		free(path);
	}
	return rc;
}

static int
by_link(struct modules *ms, struct module *m)
{
	/* Around the file's directory: PREFIX dir MIDDLE name. */
	static const struct { const char *prefix, *middle; } places[] = {
		{ "", "/" }, { "", "/.debug/" }, { DEBUG_DIR, "/" }
	};
	const char *root = ms->options->sysroot, *name, *slash, *from;
	size_t nroot = root == NULL ? 0 : strlen(root);
	GElf_Word crc;
	int rc = -1;

	name = dwelf_elf_gnu_debuglink(m->elf, &crc);
	if (name == NULL || name[0] == '\0' || strchr(name, '/') != NULL ||
	    m->file_path == NULL)
		return -1;
	from = m->file_path;
	slash = strrchr(from, '/');
	if (slash == NULL) {
		from = ".";
		slash = from + 1;
	}
	/* A sysroot has a /usr/lib/debug of its own. */
	if (nroot == 0 || strncmp(from, root, nroot) != 0 ||
	    from + nroot > slash)
		nroot = 0;
	for (size_t i = 0; rc == -1 && i < sizeof places / sizeof places[0];
	    i++) {
		char *path = xasprintf("%.*s%s%.*s%s%s", (int)nroot, from,
		    places[i].prefix, (int)(slash - from - (ptrdiff_t)nroot),
		    from + nroot, places[i].middle, name);

		rc = try_debug(m, path, 1, crc);
		free(path);
	}
	return rc;
}

void
debugfile_find(struct modules *ms, struct module *m)
{
	char *path;

	if (by_build_id(ms, m) == 0 || by_link(ms, m) == 0 || !ms->may_fetch)
		return;
	path = fetch_file(FETCH_DEBUGINFO, m->build_id, m->build_id_len);
	if (path != NULL)
		try_debug(m, path, 0, 0);
	free(path);
}
