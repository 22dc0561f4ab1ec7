#!/bin/sh
# SPDX-License-Identifier: ISC
# What a broken parser could learn of other people's crashes: nothing. The
# sandbox has no store in it, and the user that the child becomes is in no
# group, whatever is the matter with Landlock.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command cc jq
test -z "${SAN-}" || skip_all "sanitizers need what the sandbox refuses"

cat >poke.c <<'EOC'
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "birth.h"
#include "sandbox.h"
/* poke USER|- CLOSED|- FILE...: which of the files can be read inside. */
int main(int argc, char **argv)
{
	const char *closed[] = { argv[2], NULL };
	struct strings missing = { 0 };
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");

	if (strcmp(argv[1], "-") != 0)
		birth_drop_alone(argv[1]);
	/* Opened before: the sandbox has no /proc. */
	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (strncmp(line, "Uid:", 4) == 0 ||
		    strncmp(line, "Gid:", 4) == 0 ||
		    strncmp(line, "Groups:", 7) == 0 ||
		    strncmp(line, "CapPrm:", 7) == 0 ||
		    strncmp(line, "CapEff:", 7) == 0)
			fputs(line, stdout);
	fflush(stdout);
	sandbox_enter(256 << 20, strcmp(argv[2], "-") == 0 ? NULL : closed,
	    &missing);
	for (size_t i = 0; i < missing.count; i++)
		printf("missing %s\n", missing.item[i]);
	for (int i = 3; i < argc; i++)
		printf("%s %s\n", argv[i], open(argv[i], O_RDONLY) == -1 ?
		    "refused" : "read");
	return 0;
}
EOC
build_inside poke -D_GNU_SOURCE
chmod 755 "$TRASH"
mkdir -p store/pending/one store/archive/two store.other
for file in store/pending/one/snapshot.json store/archive/two/report.txt \
    store/index.db store.other/x beside; do
	echo SECRET >"$file"
done
at=$(pwd -P)

poke()
{
	./poke "$@" >out 2>&1
}
verdict()
{
	sed -n "s|^$at/$1 ||p" out
}

poke - "$at/store" "$at/store/pending/one/snapshot.json" \
    "$at/store/archive/two/report.txt" "$at/store/index.db" "$at/store" \
    "$at/store.other/x" "$at/beside" /etc/passwd /proc/self/maps /proc \
    /proc/1/status /sys/kernel
if grep -q '^missing sandbox: no Landlock' out; then
	skip 10 "no Landlock here"
else
	for file in store/pending/one/snapshot.json \
	    store/archive/two/report.txt store/index.db store; do
		is "Landlock: $file" "$(verdict "$file")" refused
	done
	for file in store.other/x beside; do
		is "Landlock: $file, beside it" "$(verdict "$file")" read
	done
	like "Landlock: the rest of the machine" "$(cat out)" '^/etc/passwd read$'
	is "Landlock: /proc and /sys" \
	    "$(grep -cE '^/(proc|sys).* refused$' out)" 4
	poke - - "$at/beside" /etc/passwd / /lib "$at/store/index.db"
	is "Landlock: for the second child, nothing" \
	    "$(grep -c ' refused$' out)" 5
	# A store that is a name for another place, and one that is nowhere.
	poke - "$at/nowhere/at/all" "$at/beside" "$at/store/index.db"
	is "Landlock: without a store, all is read" "$(grep -c ' read$' out)" 2
fi

# The same of the real one: a program that lies in another record.
if need=$(command -v gdb) && test -n "$need"; then
	cp "$BUILD/t/wreck" store/archive/two/program
	core_of core store/archive/two/program abort
	mkdir -p elsewhere/one
	snap got --record="$at/elsewhere/one" core
	like "(elsewhere its functions have names)" "$(names got)" 'die_abort|die'
	snap got --record="$at/store/pending/one" core
	unlike "core-unwind: a file of another record is not opened" \
	    "$(names got)" 'die_abort'
	like "core-unwind: and it is said" "$(get got '.modules[] |
	    select(.path | test("/program$")).missing' 2>&1)" \
	    'Permission denied'
else
	skip 3 "no gdb"
fi

if test "$(id -u)" -ne 0; then
	skip 8 "a change of user needs root"
	finish
	exit
fi
# A known user, and a group of his that could read.
user=daemon
id "$user" >/dev/null 2>&1 || skip_all "no user $user here"
chgrp "$user" store/index.db && chmod 640 store/index.db
chown "$user:root" beside && chmod 640 beside
setpriv --reuid=0 --groups="$(id -g "$user"),0" \
    ./poke "$user" "$at/nowhere" "$at/store/index.db" "$at/beside" \
    /etc/shadow "$at/store.other/x" >out
is "the child: its uids are $user's" "$(sed -n 's/^Uid:	//p' out | tr '\t' '\n' |
    sort -u)" "$(id -u "$user")"
is "the child: its gids are nobody's" "$(sed -n 's/^Gid:	//p' out | tr '\t' '\n' |
    sort -u)" 65534
is "CVE-2020-11936: the child: it has no groups" \
    "$(sed -n 's/^Groups:[	 ]*//p' out)" ""
is "the child: and no capabilities" "$(sed -n 's/^Cap.*:	//p' out | sort -u)" \
    0000000000000000
is "the child: what is for its user's group" "$(verdict store/index.db)" refused
is "the child: what is its user's own" "$(verdict beside)" read
like "the child: /etc/shadow" "$(cat out)" '^/etc/shadow refused$'
like "the child: an unknown user is nobody" \
    "$(./poke no-such-user /nowhere | sed -n 's/^Uid:	//p')" '^65534	65534	65534'
finish
