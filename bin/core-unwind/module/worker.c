/* SPDX-License-Identifier: ISC */
#include "module/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#define STACK_SIZE ((size_t)256 << 10)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct job *waiting;
static int is_ready;

static void
forget(const struct job *job)
{
	struct job **at = &waiting;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
}

/* With the lock held, which is given away meanwhile. */
static void
do_job(struct job *job)
{
	forget(job);
	job->state = JOB_RUNS;
	pthread_mutex_unlock(&lock);
	job->run(job);
	pthread_mutex_lock(&lock);
	job->state = JOB_DONE;
	pthread_cond_broadcast(&changed);
}

static void *
work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	is_ready = 1;
	pthread_cond_broadcast(&changed);
	for (;;) {
		while (waiting == NULL)
			pthread_cond_wait(&changed, &lock);
		do_job(waiting);
	}
	return NULL;
}

void
worker_start(void)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2 ||
	    pthread_attr_init(&attr) != 0)
		return;
	/* The clock that stops the work is for the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_attr_setstacksize(&attr, STACK_SIZE) == 0 &&
	    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0 &&
	    pthread_create(&thread, &attr, work, NULL) == 0) {
		/* What a thread asks of the kernel at its start is behind it. */
		pthread_mutex_lock(&lock);
		while (!is_ready)
			pthread_cond_wait(&changed, &lock);
		pthread_mutex_unlock(&lock);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
}

void
worker_add(struct job *job)
{
	struct job **end = &waiting;

	pthread_mutex_lock(&lock);
	job->state = JOB_WAITS;
	job->next = NULL;
	while (*end != NULL)
		end = &(*end)->next;
	*end = job;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void
worker_finish(struct job *job)
{
	pthread_mutex_lock(&lock);
	if (job->state == JOB_WAITS)
		do_job(job);
	while (job->state != JOB_DONE)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}
