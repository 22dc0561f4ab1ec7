/* SPDX-License-Identifier: ISC */
#include "module/linkmap.h"

#include <gelf.h>

#include <string.h>

#include "module/module.h"
#include "target/target.h"

#define ENTRIES_MAX 4096
#define NAME_MAX_BYTES 4096
#define DYNAMIC_MAX 1024

/* The address of struct r_debug, which ld.so puts into DT_DEBUG; or 0. */
static uint64_t
find_r_debug(struct modules *ms, const struct module *m)
{
	struct target *t = ms->target;
	size_t word = t->is64 ? 8 : 4, n;

	if (elf_getphdrnum(m->elf, &n) == -1)
		return 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;
		uint64_t at;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL)
			return 0;
		if (p.p_type != PT_DYNAMIC)
			continue;
		at = m->bias + p.p_vaddr;
		for (int k = 0; k < DYNAMIC_MAX; k++, at += 2 * word) {
			uint64_t tag, value;

			if (target_word(t, at, &tag) == -1 || tag == DT_NULL ||
			    target_word(t, at + word, &value) == -1)
				return 0;
			if (tag == DT_DEBUG)
				return value;
		}
	}
	return 0;
}

/* l_addr, l_name, l_ld, l_next: four words that no ABI may move. */
static void
follow(struct modules *ms, uint64_t entry)
{
	struct target *t = ms->target;
	size_t word = t->is64 ? 8 : 4;

	for (int i = 0; i < ENTRIES_MAX && entry != 0; i++) {
		uint64_t bias, name, next;
		char path[NAME_MAX_BYTES + 1];
		size_t n;

		if (target_word(t, entry, &bias) == -1 ||
		    target_word(t, entry + word, &name) == -1 ||
		    target_word(t, entry + 3 * word, &next) == -1)
			return;
		n = target_read(t, name, path, NAME_MAX_BYTES);
		path[n] = '\0';
		if (path[0] == '/')
			modules_place(ms, path, bias, 0);
		entry = next;
	}
}

/* struct r_debug: int r_version, struct link_map *r_map. */
static int
first_entry(struct modules *ms, const struct module *exe, uint64_t *entry)
{
	uint64_t debug = find_r_debug(ms, exe);

	return debug == 0 ? -1 : target_word(ms->target,
	    debug + (ms->target->is64 ? 8 : 4), entry);
}

uint64_t
linkmap_entry(struct modules *ms, const struct module *m)
{
	struct target *t = ms->target;
	uint64_t entry = 0, bias;

	for (size_t i = 0; i < ms->count; i++)
		if (ms->item[i].is_main && module_open(ms, &ms->item[i]) == 0 &&
		    first_entry(ms, &ms->item[i], &entry) == -1)
			return 0;
	for (int i = 0; i < ENTRIES_MAX && entry != 0; i++) {
		if (target_word(t, entry, &bias) == -1)
			return 0;
		if (bias == m->bias)
			return entry;
		if (target_word(t, entry + 3 * (t->is64 ? 8 : 4), &entry) == -1)
			return 0;
	}
	return 0;
}

void
linkmap_find(struct modules *ms)
{
	const struct module *exe;
	uint64_t map;

	if (ms->options->exe_fd == -1)
		return;
	exe = modules_place_exe(ms);
	if (exe != NULL && first_entry(ms, exe, &map) == 0)
		follow(ms, map);
}
