/* SPDX-License-Identifier: ISC */
#include "birth.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "exits.h"

#define NOBODY 65534

void
birth_stdio(void)
{
	/* What goes to a stdout that is not there must not seem to arrive. */
	static const int how[] = { O_RDWR, O_RDONLY, O_RDWR };

	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		/* Not O_CLOEXEC: these are the standard descriptors. */
		if (fcntl(i, F_GETFD) == -1 && open("/dev/null", how[i]) != i)
			_exit(EXIT_REFUSED);
}

void
birth_undumpable(void)
{
	const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		err(EXIT_REFUSED, "set dumpable");
	if (setrlimit(RLIMIT_CORE, &none) == -1)
		err(EXIT_REFUSED, "set core limit");
}

static void
become(uid_t uid, gid_t gid)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	/* Groups, then gid, then uid: after the last nothing else is allowed. */
	if (setgroups(0, NULL) == -1)
		err(EXIT_REFUSED, "drop groups");
	if (setresgid(gid, gid, gid) == -1)
		err(EXIT_REFUSED, "drop gid");
	if (setresuid(uid, uid, uid) == -1)
		err(EXIT_REFUSED, "drop uid");

	if (getresgid(&rgid, &egid, &sgid) == -1 ||
	    getresuid(&ruid, &euid, &suid) == -1 ||
	    rgid != gid || egid != gid || sgid != gid ||
	    ruid != uid || euid != uid || suid != uid ||
	    getgroups(0, NULL) != 0)
		errx(EXIT_REFUSED, "drop privilege: ids did not change");
	if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0)
		errx(EXIT_REFUSED, "drop privilege: root is still reachable");
	/* A change of uid puts dumpable back to suid_dumpable. */
	birth_undumpable();
}

static int
drop(const char *name, int with_group)
{
	const struct passwd *pw;
	uid_t uid = NOBODY;
	gid_t gid = NOBODY;

	if (geteuid() != 0)
		return 1;
	pw = getpwnam(name);
	if (pw != NULL) {
		uid = pw->pw_uid;
		if (with_group)
			gid = pw->pw_gid;
	}
	if (uid == 0 || gid == 0)
		errx(EXIT_WRONG, "drop privilege: '%s' is root", name);
	become(uid, gid);
	return pw != NULL;
}

int
birth_drop(const char *name)
{
	return drop(name, 1);
}

int
birth_drop_alone(const char *name)
{
	return drop(name, 0);
}
