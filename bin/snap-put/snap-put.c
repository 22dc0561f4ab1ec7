/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "birth.h"
#include "deliver.h"
#include "cmdline.h"
#include "exits.h"
#include "io.h"
#include "jsonr.h"
#include "layout.h"
#include "like.h"
#include "record.h"
#include "store.h"
#include "text.h"
#include "xalloc.h"

#define ATTACH_LIMIT	((uint64_t)64 << 20)

struct job {
	const char *store;
	const char *user;
	const char *like;	/* a record whose fingerprint is this one's */
	const char **attach;
	size_t attach_n, attach_cap;
	const char **to;
	size_t to_n, to_cap;
	uint64_t attach_limit;
	json_t *attributes;
	mode_t mode;		/* of files; set when the store is open */
};

const char cmdline_synopsis[] =
"usage: snap-put [-hV] [-a file]... [-k key=value]... [-s store]\n"
"                [--attach-limit=size] [--like=id] [--timeout=seconds]\n"
"                [--to=url]... [--user=name] snapshot | directory ... | -\n";

/* Records in root's store are for the group and the owner's ACL to read. */
static int
open_store(struct job *job, const char *path)
{
	struct stat st;
	int fd = layout_open(path);

	if (fd == -1)
		exit(EXIT_REFUSED);
	if (fstat(fd, &st) == -1)
		err(EXIT_REFUSED, "stat store '%s'", text_show(path));
	job->mode = st.st_uid == 0 ? 0640 : 0600;
	umask(st.st_uid == 0 ? 0027 : 0077);
	return fd;
}

static void
drop_privilege(const struct job *job)
{
	if (job->user != NULL && birth_drop(job->user) == 0)
		warnx("no user '%s': using nobody's ids", text_show(job->user));
}

/* Everything above the store itself, which layout_open makes. */
static void
make_parents(const char *path)
{
	char *copy = xstrdup(path);

	for (char *p = copy + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(copy, 0700) == -1 && errno != EEXIST)
			err(EXIT_REFUSED, "create directory '%s'",
			    text_show(copy));
		*p = '/';
	}
	free(copy);
}

/* The default store of a user without rights to the machine's is their own. */
static char *
choose_store(void)
{
	const char *path = store_default();
	struct stat st;
	char *personal;

	if (geteuid() == 0)
		return xstrdup(path);
	if (stat(path, &st) == 0 ? st.st_uid == geteuid() :
	    errno == ENOENT && getenv("COREPIPE_STORE") != NULL)
		return xstrdup(path);
	personal = store_personal();
	if (personal == NULL)
		errx(EXIT_WRONG, "no store: no home directory, and '%s' is not "
		    "yours", text_show(path));
	make_parents(personal);
	return personal;
}

/* Attributes and attachments; what cannot be had costs no more than itself. */
static int
add_attachments(const struct job *job, int dirfd)
{
	int status = EXIT_SUCCESS;

	for (size_t i = 0; i < job->attach_n; i++)
		if (record_attach(dirfd, job->attach[i], job->attach_limit,
		    job->mode) == -1)
			status = EXIT_PARTIAL;
	return status;
}

static void
tell_newer(json_int_t version)
{
	if (version > JSONR_SNAPSHOT_VERSION)
		warnx("snapshot is of version %lld, newer than this program: "
		    "stored as it is", (long long)version);
}

/* Check snapshot.json of a record, and add the attributes to it. */
static int
check_snapshot(const struct job *job, int dirfd)
{
	char reason[JSONR_REASON], *text;
	json_int_t version;
	json_t *root;
	size_t len;
	int rc = EXIT_SUCCESS;

	text = io_slurp(dirfd, "snapshot.json", JSONR_SNAPSHOT_MAX, &len);
	if (text == NULL) {
		warn("read 'snapshot.json'");
		if (json_object_size(job->attributes) > 0)
			warnx("no snapshot to add attributes to");
		return EXIT_PARTIAL;
	}
	if (json_object_size(job->attributes) == 0)
		len = jsonr_skim(text, len);
	root = jsonr_parse(text, len, reason);
	free(text);
	version = root == NULL ? 0 : jsonr_version(root, reason);
	if (version == 0) {
		warnx("read 'snapshot.json': %s", reason);
		rc = EXIT_PARTIAL;
	} else if (json_object_size(job->attributes) > 0 &&
	    (record_set_attributes(root, job->attributes) == -1 ||
	    record_write_snapshot(dirfd, NULL, 0, root, job->mode) == -1))
		rc = EXIT_PARTIAL;
	else
		tell_newer(version);
	json_decref(root);
	return rc;
}

/*
 * STORE/STATE/ID: split PATH, which is absolute and without links, in place.
 * Returns the state, or -1.
 */
static int
split_record(char *path, const char **id)
{
	char *slash = strrchr(path, '/'), *state;

	if (slash == NULL || !uuid7_valid(slash + 1))
		return -1;
	*id = slash + 1;
	*slash = '\0';
	state = strrchr(path, '/');
	if (state == NULL || state == path)
		return -1;
	*state = '\0';
	return store_state_of(state + 1);
}

static int
same_directory(int fd, const char *path)
{
	struct stat a, b;

	if (fstat(fd, &a) == -1)
		err(EXIT_REFUSED, "stat store");
	if (stat(path, &b) == -1)
		err(exits_of_path(errno), "open store '%s'", text_show(path));
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/*
 * A record that could not be delivered everywhere waits in sending; one that
 * is archived stays there. What is routed nowhere never waits, not even for
 * the instant in which we might be killed: nobody would come for it.
 */
static int
publish(const struct job *job, int storefd, int dirfd, const char *id,
    int state)
{
	if (state == STORE_PENDING && job->to_n == 0)
		return layout_move(storefd, id, LAYOUT_PENDING, LAYOUT_ARCHIVE);
	if (state == STORE_PENDING) {
		if (layout_move(storefd, id, LAYOUT_PENDING,
		    LAYOUT_SENDING) == -1)
			return -1;
		state = STORE_SENDING;
	}
	for (size_t i = 0; i < job->to_n; i++)
		if (deliver_snapshot(dirfd, job->to[i]) == -1)
			return -1;
	if (state == STORE_SENDING)
		return layout_move(storefd, id, LAYOUT_SENDING, LAYOUT_ARCHIVE);
	return 0;
}

/* The snapshot that nobody has made. */
static int
add_like(const struct job *job, const struct like *like, int dirfd)
{
	json_t *root = like_snapshot(like, dirfd);
	int rc;

	if (root == NULL)
		return -1;
	rc = record_write_snapshot(dirfd, NULL, 0, root, job->mode);
	json_decref(root);
	return rc;
}

static int
put_record(const struct job *job, int storefd, const struct like *like,
    const char *id)
{
	enum store_state state;
	int dirfd = store_open_record(storefd, id, 0, &state);
	int status;

	if (dirfd == -1) {
		warn("open record '%s'", id);
		return EXIT_REFUSED;
	}
	/* Where it waited nobody has unwound it, nor does so without saying. */
	if (like != NULL && state != STORE_PENDING) {
		warnx("record '%s' is not in pending/", id);
		close(dirfd);
		return EXIT_WRONG;
	}
	status = like != NULL && add_like(job, like, dirfd) == -1 ?
	    EXIT_REFUSED : check_snapshot(job, dirfd);
	if (status != EXIT_REFUSED) {
		if (add_attachments(job, dirfd) != EXIT_SUCCESS)
			status = EXIT_PARTIAL;
		if (record_sync(dirfd) == -1 || publish(job, storefd,
		    dirfd, id, (int)state) == -1)
			status = EXIT_REFUSED;
		else
			puts(id);
	}
	close(dirfd);
	return status;
}

/*
 * The record whose directory OPERAND is: sets its id, and opens its store, which
 * is that of all. Returns a status; but for success RECORD is left as it is, and
 * it is said why.
 */
static int
resolve(struct job *job, const char *operand, int *storefd, char *record)
{
	char *path = realpath(operand, NULL);
	int status = EXIT_WRONG;
	const char *id;

	if (path == NULL) {
		status = exits_of_path(errno);
		warn("resolve '%s'", text_show(operand));
		return status;
	}
	switch (split_record(path, &id)) {
	case -1:
		warnx("'%s' is not the directory of a record",
		    text_show(operand));
		break;
	case STORE_NEW:
		warnx("record '%s' is still being captured", id);
		break;
	default:
		/* What was asked for is opened, not what a link leads to. */
		if (*storefd == -1)
			*storefd = open_store(job,
			    job->store != NULL ? job->store : path);
		if (same_directory(*storefd, path)) {
			memcpy(record, id, UUID7_LENGTH + 1);
			status = EXIT_SUCCESS;
		} else if (job->store != NULL)
			warnx("record '%s' is not in store '%s'", id,
			    text_show(job->store));
		else
			warnx("record '%s' is not in the store of the first "
			    "one", id);
	}
	free(path);
	return status;
}

/* The worst that came of any of them. They are found before privilege is gone. */
static int
put_directories(struct job *job, int n, char *const *operands)
{
	char (*id)[UUID7_LENGTH + 1] = xcalloc((size_t)n, sizeof *id);
	struct like *like = NULL;
	int storefd = -1, worst = EXIT_SUCCESS, status;

	for (int i = 0; i < n; i++) {
		status = resolve(job, operands[i], &storefd, id[i]);
		if (status > worst)
			worst = status;
	}
	if (storefd == -1)
		return worst;
	drop_privilege(job);
	if (job->like != NULL &&
	    (like = like_open(storefd, job->like)) == NULL)
		return EXIT_REFUSED;
	for (int i = 0; i < n; i++) {
		if (id[i][0] == '\0')
			continue;
		status = put_record(job, storefd, like, id[i]);
		if (status > worst)
			worst = status;
	}
	like_close(like);
	free(id);
	return worst;
}

/* Read all of FD, and a little more than may be. */
static char *
slurp_stream(int fd, size_t *len)
{
	size_t cap = 1 << 16, have = 0;
	char *text = xmalloc(cap);

	for (;;) {
		ssize_t n = io_read(fd, text + have, cap - have);

		if (n == -1)
			err(EXIT_REFUSED, "read snapshot");
		have += (size_t)n;
		if (have < cap)
			break;
		if (have > JSONR_SNAPSHOT_MAX)
			errx(EXIT_WRONG, "read snapshot: more than %zu MiB",
			    JSONR_SNAPSHOT_MAX >> 20);
		cap *= 2;
		text = xreallocarray(text, cap, 1);
	}
	*len = have;
	return text;
}

static char *
read_snapshot(const char *operand, size_t *len)
{
	int fd = STDIN_FILENO;
	char *text;

	if (strcmp(operand, "-") != 0)
		fd = open(operand, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		err(exits_of_path(errno), "open '%s'", text_show(operand));
	text = slurp_stream(fd, len);
	if (fd != STDIN_FILENO)
		close(fd);
	return text;
}

/*
 * Where a new record is put together: new/, or, once privilege is gone, under
 * a name in sending/ that no reader of the store takes for a record.
 */
struct stage {
	const char *state;
	char path[64];
	int dirfd;
	int is_hidden;
};

static int
stage_open(struct stage *stage, int storefd, const char *id, int is_dropped)
{
	stage->is_hidden = is_dropped;
	stage->state = is_dropped ? LAYOUT_SENDING : LAYOUT_NEW;
	snprintf(stage->path, sizeof stage->path, "%s/%s%s", stage->state,
	    is_dropped ? "." : "", id);
	if (!is_dropped) {
		stage->dirfd = layout_record(storefd, id);
		return stage->dirfd == -1 ? -1 : 0;
	}
	if (mkdirat(storefd, stage->path, 0770) == -1 ||
	    (stage->dirfd = openat(storefd, stage->path,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) == -1 ||
	    fchmod(stage->dirfd, 02770) == -1) {
		warn("create record '%s'", id);
		return -1;
	}
	return 0;
}

/* Sets *STATE to where the record is now, whole. */
static int
stage_publish(const struct stage *stage, int storefd, const char *id,
    int is_routed, enum store_state *state)
{
	const char *to = is_routed ? LAYOUT_SENDING : LAYOUT_ARCHIVE;
	char path[64];

	*state = is_routed ? STORE_SENDING : STORE_ARCHIVE;
	if (stage->is_hidden) {
		snprintf(path, sizeof path, "%s/%s", stage->state, id);
		if (renameat(storefd, stage->path, storefd, path) == -1) {
			warn("publish record '%s'", id);
			return -1;
		}
	}
	return strcmp(stage->state, to) == 0 ? io_sync_dir(storefd, to) :
	    layout_move(storefd, id, stage->state, to);
}

/* Nothing was promised yet: leave nothing behind. */
static void
stage_discard(const struct stage *stage, int storefd)
{
	unlinkat(stage->dirfd, "snapshot.json", 0);
	unlinkat(storefd, stage->path, AT_REMOVEDIR);
}

struct snapshot {
	char *text;		/* as it was read; NULL when ROOT is not that */
	size_t len;
	json_t *root;
	json_int_t version;
	char id[UUID7_LENGTH + 1];
};

/* Parse what was read: all of it, or enough to know what it is. */
static void
snapshot_parse(struct snapshot *snap, const char *operand, int all)
{
	char reason[JSONR_REASON], *copy = xmalloc(snap->len + 1);
	size_t len = snap->len;
	int saved;

	memcpy(copy, snap->text, len);
	if (!all)
		len = jsonr_skim(copy, len);
	json_decref(snap->root);
	snap->root = jsonr_parse(copy, len, reason);
	saved = errno;
	free(copy);
	errno = saved;
	snap->version = snap->root == NULL ? 0 :
	    jsonr_version(snap->root, reason);
	if (snap->version == 0)
		errx(errno == ENOMEM ? EXIT_REFUSED : EXIT_WRONG,
		    "read '%s': %s", text_show(operand), reason);
}

/* From now on the tree is the snapshot, not the text. */
static void
snapshot_change(struct snapshot *snap, const char *operand)
{
	if (snap->text == NULL)
		return;
	snapshot_parse(snap, operand, 1);
	free(snap->text);
	snap->text = NULL;
}

/* The id the snapshot has, if it can name a record, else a new one. */
static void
snapshot_choose_id(struct snapshot *snap, const char *operand, int storefd)
{
	const char *own =
	    json_string_value(json_object_get(snap->root, "id"));
	enum store_state state;

	if (own == NULL || !uuid7_valid(own)) {
		uuid7_make(snap->id);
		snapshot_change(snap, operand);
		if (json_object_set_new(snap->root, "id",
		    json_string(snap->id)) == -1)
			errx(EXIT_REFUSED, "set id: out of memory");
		return;
	}
	memcpy(snap->id, own, sizeof snap->id);
	if (store_open_record(storefd, snap->id, O_PATH, &state) != -1)
		errx(EXIT_WRONG, "record '%s' is in the store already: %s",
		    snap->id, store_state_name[state]);
}

static int
put_snapshot(struct job *job, const char *operand)
{
	char *path = job->store != NULL ? xstrdup(job->store) : choose_store();
	int is_dropped = job->user != NULL && geteuid() == 0;
	int storefd = open_store(job, path), status;
	struct snapshot snap = { .text = NULL };
	enum store_state state;
	struct stage stage;

	drop_privilege(job);
	snap.text = read_snapshot(operand, &snap.len);
	snapshot_parse(&snap, operand, 0);
	snapshot_choose_id(&snap, operand, storefd);
	if (json_object_size(job->attributes) > 0) {
		snapshot_change(&snap, operand);
		if (record_set_attributes(snap.root, job->attributes) == -1)
			return EXIT_REFUSED;
	}
	if (stage_open(&stage, storefd, snap.id, is_dropped) == -1)
		return EXIT_REFUSED;
	if (record_write_snapshot(stage.dirfd, snap.text, snap.len, snap.root,
	    job->mode) == -1) {
		stage_discard(&stage, storefd);
		return EXIT_REFUSED;
	}
	status = add_attachments(job, stage.dirfd);
	if (record_sync(stage.dirfd) == -1 ||
	    stage_publish(&stage, storefd, snap.id, job->to_n > 0,
	    &state) == -1)
		return EXIT_REFUSED;
	tell_newer(snap.version);
	puts(snap.id);
	free(path);
	if (publish(job, storefd, stage.dirfd, snap.id, (int)state) == -1)
		return EXIT_REFUSED;
	return status;
}

/* KEY=VALUE: a key that can be typed as a filter, any value. */
static void
add_attribute(struct job *job, const char *text)
{
	const char *equals = strchr(text, '=');
	char *key, *value;

	if (equals == NULL || equals == text)
		cmdline_wrong("-k takes key=value");
	key = xstrndup(text, (size_t)(equals - text));
	if (key[strspn(key, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")] != '\0' ||
	    strlen(key) > 128)
		cmdline_wrong("-k takes a key of letters, digits, '_', '.', "
		    "':', '-'");
	value = text_utf8(equals + 1, (size_t)-1);
	if (json_object_set_new(job->attributes, key,
	    json_string(value)) == -1)
		errx(EXIT_REFUSED, "set attribute: out of memory");
	free(key);
	free(value);
}

static void
parse_options(struct job *job, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "attach", required_argument, NULL, 'a' },
		{ "attach-limit", required_argument, NULL, 'L' },
		{ "help", no_argument, NULL, 'h' },
		{ "key", required_argument, NULL, 'k' },
		{ "like", required_argument, NULL, 'l' },
		{ "store", required_argument, NULL, 's' },
		{ "timeout", required_argument, NULL, 't' },
		{ "to", required_argument, NULL, 'T' },
		{ "user", required_argument, NULL, 'U' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int ch;

	while ((ch = getopt_long(argc, argv, "a:hk:s:V", options, NULL)) != -1)
		switch (ch) {
		case 'a':
			xgrow(&job->attach, &job->attach_cap, job->attach_n,
			    sizeof *job->attach);
			job->attach[job->attach_n++] = optarg;
			break;
		case 'h':
			cmdline_help();
		case 'k':
			add_attribute(job, optarg);
			break;
		case 'l':
			if (!uuid7_valid(optarg))
				cmdline_wrong("--like takes the id of a record");
			job->like = optarg;
			break;
		case 'L':
			job->attach_limit = cmdline_size("--attach-limit",
			    optarg);
			break;
		case 's':
			job->store = optarg;
			break;
		case 't':
			/* Its signal ends us: what was published stays so. */
			alarm((unsigned)cmdline_number("--timeout", optarg, 1,
			    1000000));
			break;
		case 'T':
			if (!deliver_knows(optarg))
				cmdline_wrong("--to takes a URL of http, https or "
				    "file");
			xgrow(&job->to, &job->to_cap, job->to_n,
			    sizeof *job->to);
			job->to[job->to_n++] = optarg;
			break;
		case 'U':
			job->user = optarg;
			break;
		case 'V':
			cmdline_version("snap-put");
		default:
			cmdline_wrong(NULL);
		}
	if (argc == optind)
		cmdline_wrong("no snapshot named");
	if (argc - optind > 1 && job->like == NULL)
		cmdline_wrong("one snapshot at a time");
}

/*
 * Run by the handler, as root with --user, and by anybody for a file of their
 * own. With --user the store is opened as root, and everything is read and
 * written as that user: the snapshot was made from hostile bytes.
 */
int
main(int argc, char *argv[])
{
	struct job job = {
		.attach_limit = ATTACH_LIMIT,
		.attributes = json_object()
	};
	const char *operand;
	struct stat st;
	int status;

	birth_stdio();
	birth_undumpable();
	if (job.attributes == NULL)
		errx(EXIT_REFUSED, "allocate memory");
	parse_options(&job, argc, argv);
	operand = argv[optind];
	if (job.like != NULL || (strcmp(operand, "-") != 0 &&
	    stat(operand, &st) == 0 && S_ISDIR(st.st_mode)))
		status = put_directories(&job, argc - optind, argv + optind);
	else
		status = put_snapshot(&job, operand);
	cmdline_flush();
	return status;
}
