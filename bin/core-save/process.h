/* SPDX-License-Identifier: ISC */
/*
 * What /proc says of the crashed process, read while it is held: bounded, and
 * nothing that the process could make us wait for. Kept in memory until there
 * is time to write it down, and until it is certain whose it is.
 */
#ifndef CORE_SAVE_PROCESS_H
#define CORE_SAVE_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "save.h"

enum proc_file {
	PROC_STATUS, PROC_STAT, PROC_MAPS, PROC_LIMITS, PROC_CGROUP,
	PROC_MOUNTINFO, PROC_AUXV, PROC_COMM, PROC_CMDLINE, PROC_EXE, PROC_CWD,
	PROC_ROOT, PROC_FDS, PROC_TASKS, PROC_FILES
};

enum proc_ns { NS_PID, NS_MNT, NS_USER, NS_NET, NS_UTS, NS_IPC, NS_CGROUP,
	NS_COUNT };

extern const char *const proc_name[PROC_FILES];
extern const char *const ns_name[NS_COUNT];

struct process {
	int dir;			/* /proc/PID, or -1 */
	int mismatch;			/* it was, or is by now, another */
	struct {
		char *data;		/* NULL: not had; a NUL follows it */
		size_t len;
	} file[PROC_FILES];
	uint64_t ns[NS_COUNT];		/* inode numbers; 0: not had */
};

/*
 * Read everything but the lists. With no PID asked for, or of another process than the one
 * that crashed, there is nothing in it, and *M says why.
 */
void process_gather(struct process *p, const struct options *o,
    struct missing *m);

/*
 * The text after NAME and a colon on its line of "status", up to the end of
 * the line, or NULL. The kernel escapes newlines in the only name there, so a
 * line is a line.
 */
const char *process_status(const struct process *p, const char *name);

/* What is told there in kB, in bytes, or 0. */
uint64_t process_bytes(const struct process *p, const char *name);

/* Field NUMBER (3 is the first after the name) of "stat", or 0. */
uint64_t process_stat(const struct process *p, unsigned number);

/* The same of a "stat" that was read elsewhere; TEXT may be NULL. */
uint64_t process_stat_field(const char *text, unsigned number);

/* All of "maps", or NULL when it was not had, or cut. */
const char *process_maps(const struct process *p);

/* One line of /proc/PID/maps. */
struct mapping {
	uint64_t start, end, offset, inode;
	unsigned major, minor;
	int readable, writable, executable, shared;
	const char *path;		/* to the end of the line */
	size_t path_len;
};

/* Parse the line at *CURSOR and pass on to the next. 0 when there is none. */
int mapping_next(const char **cursor, struct mapping *map);

/*
 * And the lists, of descriptors and threads, which may be long. P was gathered,
 * and its directory is there.
 */
void process_gather_lists(struct process *p, struct missing *m);

void process_release(struct process *p);

#endif
