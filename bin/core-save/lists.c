/* SPDX-License-Identifier: ISC */
#include "lists.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>

#include "save.h"

/* Of so many a thread would take longer to begin than they take to be read. */
#define FEW_FDS		64
#define FEW_THREADS	16

/* The size of fd is the number of what is in it since Linux 6.2, and was 0. */
static int
are_few(const struct process *p)
{
	const char *threads = process_status(p, "Threads");
	struct stat fds;

	return threads != NULL && strtoul(threads, NULL, 10) <= FEW_THREADS &&
	    fstatat(p->dir, "fd", &fds, 0) == 0 && fds.st_size > 0 &&
	    fds.st_size <= FEW_FDS;
}

static void *
gather(void *arg)
{
	struct lists *l = arg;

	process_gather_lists(l->process, &l->found);
	return NULL;
}

void
lists_start(struct lists *l, struct process *p, struct missing *m)
{
	*l = (struct lists){ .process = p, .missing = m,
	    .lock = PTHREAD_MUTEX_INITIALIZER };
	if (p->dir == -1)
		return;
	if (are_few(p)) {
		process_gather_lists(p, m);
		return;
	}
	l->is_running = save_thread(&l->thread, gather, l) == 0;
	if (!l->is_running)
		process_gather_lists(p, m);
}

void
lists_wait(struct lists *l)
{
	pthread_mutex_lock(&l->lock);
	if (l->is_running) {
		pthread_join(l->thread, NULL);
		for (size_t i = 0; i < l->found.count; i++) {
			missing_note(l->missing, "%s", l->found.line[i]);
			free(l->found.line[i]);
		}
		free(l->found.line);
	}
	l->is_running = 0;
	pthread_mutex_unlock(&l->lock);
}
